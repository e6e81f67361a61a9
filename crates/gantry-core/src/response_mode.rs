//! How the authorization answer travels to the client.

crate::closed_set::closed_set! {
    /// A response mode.
    ResponseMode {
        /// In the redirect URI's query.
        Query = "query",
        /// By a form that the browser posts (OAuth 2.0 Form Post Response Mode).
        FormPost = "form_post",
    }
}
