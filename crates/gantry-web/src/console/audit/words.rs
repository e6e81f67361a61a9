//! The words for what happened and for who did it.

use gantry_core::audit::AuditEvent as E;
use gantry_views::console::{Text, said, say};

/// What happened.
pub(super) fn event(event: E) -> Text {
    say(match event {
        E::SignedIn => "audit-event-signed-in",
        E::SignInRefused => "audit-event-sign-in-refused",
        E::SignInThrottled => "audit-event-sign-in-throttled",
        E::SignedOut => "audit-event-signed-out",
        E::SessionEnded => "audit-event-session-ended",
        E::SignedUp => "audit-event-signed-up",
        E::EmailVerified => "audit-event-email-verified",
        E::ResetRequested => "audit-event-reset-requested",
        E::PasswordChanged => "audit-event-password-changed",
        E::Consented => "audit-event-consented",
        E::Denied => "audit-event-denied",
        E::AuthorizationRefused => "audit-event-authorization-refused",
        E::CodeIssued => "audit-event-code-issued",
        E::CodeReplayed => "audit-event-code-replayed",
        E::TokensIssued => "audit-event-tokens-issued",
        E::TokenRefused => "audit-event-token-refused",
        E::RefreshReplayed => "audit-event-refresh-replayed",
        E::Revoked => "audit-event-revoked",
        E::ClientAuthFailed => "audit-event-client-auth-failed",
        E::ServiceKeyRefused => "audit-event-service-key-refused",
        E::AdminRefused => "audit-event-admin-refused",
        E::Created => "audit-event-created",
        E::Updated => "audit-event-updated",
        E::Removed => "audit-event-removed",
        E::IdentityLinked => "audit-event-identity-linked",
        E::IdentityUnlinked => "audit-event-identity-unlinked",
        E::AccountsMerged => "audit-event-accounts-merged",
        E::Joined => "audit-event-joined",
        E::RoleMapped => "audit-event-role-mapped",
        E::DomainProved => "audit-event-domain-proved",
        E::DomainLost => "audit-event-domain-lost",
        E::CredentialExpires => "audit-event-credential-expires",
        E::ConnectionTried => "audit-event-connection-tried",
        E::UpstreamTokensRead => "audit-event-upstream-tokens-read",
        E::TraceShared => "audit-event-trace-shared",
        E::PersonExported => "audit-event-person-exported",
        E::PersonErased => "audit-event-person-erased",
        E::KeysRotated => "audit-event-keys-rotated",
        E::MailFailed => "audit-event-mail-failed",
        E::AuditExported => "audit-event-audit-exported",
    })
}

/// The kind of whoever acted.
pub(super) fn actor(kind: &str) -> Text {
    match kind {
        "system" => say("audit-actor-system"),
        "command_line" => say("audit-actor-command-line"),
        "operator" => say("audit-actor-operator"),
        "realm_admin" => say("audit-actor-realm-admin"),
        "tenant_admin" => say("audit-actor-tenant-admin"),
        "service_account" => say("audit-actor-service"),
        "user" => say("audit-actor-user"),
        "client" => say("audit-actor-client"),
        other => said(other),
    }
}
