//! The page that carries an authorization response by POST (OAuth 2.0 Form Post Response Mode).

use serde::Serialize;

use super::Page;

/// Sends the answer to the app: by script where there is one, else by its button. Its form is the
/// app's and carries no token of ours.
#[derive(Debug, Clone, Serialize)]
pub struct FormPost {
    /// The app's redirect URI.
    pub action: String,
    /// The app's name.
    pub app: String,
    /// What is sent.
    pub fields: Vec<HiddenField>,
}

/// A parameter of the answer.
#[derive(Debug, Clone, Serialize)]
pub struct HiddenField {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl Page for FormPost {
    const TEMPLATE: &'static str = "form_post.html";

    fn samples() -> Vec<Self> {
        let field = |name: &str, value: &str| HiddenField { name: name.to_owned(), value: value.to_owned() };
        vec![Self {
            action: "https://ledger.example.com/oauth/callback".to_owned(),
            app: "Ledger Sync".to_owned(),
            fields: vec![field("code", "cod_example"), field("state", "af0ifjsldkj"), field("iss", "https://id.example.com")],
        }]
    }
}
