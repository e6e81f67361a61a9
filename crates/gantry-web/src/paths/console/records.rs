//! What is kept of what happened: audit trail, mail, traces of sign-ins.

addresses! {
    /// What happened, by whom.
    AUDIT = "/console/realms/{realm}/audit", [Get], Realm;
    /// The same as a file.
    AUDIT_EXPORT = "/console/realms/{realm}/audit/export", [Post], Realm;
    /// One thing that happened.
    AUDIT_ENTRY = "/console/realms/{realm}/audit/{entry}", [Get], Realm;
    /// Mail that waits to leave.
    MAIL = "/console/realms/{realm}/mail", [Get], Realm;
    /// The mails that the realm can word itself.
    MAIL_TEXTS = "/console/realms/{realm}/mail/texts", [Get], Realm;
    /// How one of them is worded.
    MAIL_TEXT = "/console/realms/{realm}/mail/text", [Get, Post], Realm;
    /// Gives it its own words back.
    MAIL_TEXT_RESET = "/console/realms/{realm}/mail/text/reset", [Post], Realm;
    /// One of them as it would look, for the frame on the page before.
    MAIL_PREVIEW = "/console/realms/{realm}/mail/text/preview", [Get], Realm;
    /// Sends it to whoever asks.
    MAIL_SAMPLE = "/console/realms/{realm}/mail/text/sample", [Post], Realm;
    /// Has a mail tried at once.
    MAIL_RETRY = "/console/realms/{realm}/mail/{mail}/retry", [Post], Realm;
    /// Ends the trying of a mail.
    MAIL_GIVE_UP = "/console/realms/{realm}/mail/{mail}/give-up", [Post], Realm;
    /// Sign-ins with providers, step by step.
    TRACES = "/console/realms/{realm}/traces", [Get], Realm;
    /// One of them.
    TRACE = "/console/realms/{realm}/traces/{trace}", [Get], Realm;
    /// Makes a link that shows it.
    TRACE_SHARE = "/console/realms/{realm}/traces/{trace}/share", [Post], Realm;
}
