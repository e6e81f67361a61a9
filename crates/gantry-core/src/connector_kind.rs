//! The kinds of connection: which code or which row of the table of presets serves it.

crate::closed_set::closed_set! {
    /// What serves a connection.
    ConnectorKind {
        /// The realm's own password database.
        Password = "password",
        /// Any OpenID Connect provider.
        Oidc = "oidc",
        /// Any OAuth 2.0 server that says who a person is at an address of its own.
        Oauth2 = "oauth2",
        /// Microsoft Entra ID.
        Microsoft = "microsoft",
        /// Google and Google Workspace.
        Google = "google",
        /// GitHub.
        Github = "github",
        /// Sign in with Apple.
        Apple = "apple",
        /// GitLab.
        Gitlab = "gitlab",
        /// LinkedIn.
        Linkedin = "linkedin",
        /// Slack.
        Slack = "slack",
        /// Discord.
        Discord = "discord",
        /// Facebook.
        Facebook = "facebook",
    }
}

impl ConnectorKind {
    /// Whether somebody else says who the person is.
    pub const fn is_upstream(self) -> bool {
        !matches!(self, Self::Password)
    }
}
