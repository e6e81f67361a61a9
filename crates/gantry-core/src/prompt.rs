//! `prompt` of OpenID Connect Core §3.1.2.1.

crate::closed_set::closed_set! {
    /// What the client wants the person to be asked.
    Prompt {
        /// Show no page at all.
        None = "none",
        /// Sign in again.
        Login = "login",
        /// Ask for consent again.
        Consent = "consent",
        /// Choose an account.
        SelectAccount = "select_account",
        /// Begin with the sign-up page (Initiating User Registration 1.0).
        Create = "create",
    }
}
