//! What Gantry knows about each kind of provider beforehand: a table, no code.
//!
//! A provider that speaks plain OpenID Connect or OAuth 2.0 is a row here and nothing else. Settings of a
//! connection come before the row.

use gantry_core::connection::UpstreamAuth;
use gantry_core::connector_kind::ConnectorKind;

/// Which code holds the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// OpenID Connect: an ID token says who it is.
    Oidc,
    /// OAuth 2.0: an endpoint says who it is.
    Oauth2,
}

/// Where in the claims of a kind things are; the same words as a connection's own mapping.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "each field is what it finds")]
pub struct Places {
    pub subject: &'static str,
    pub email: &'static str,
    pub email_verified: &'static str,
    pub name: &'static str,
    pub given_name: &'static str,
    pub family_name: &'static str,
    pub preferred_username: &'static str,
    pub picture: &'static str,
    pub locale: &'static str,
    pub zoneinfo: &'static str,
}

/// A row: what a kind is known to have.
#[derive(Debug, Clone, Copy)]
pub struct Defaults {
    /// The kind.
    pub kind: ConnectorKind,
    /// Its name as people know it.
    pub name: &'static str,
    /// Which code holds the conversation.
    pub engine: Engine,
    /// Its issuer, if all connections of the kind have the same one. With OAuth 2.0: what stands for one.
    pub issuer: Option<&'static str>,
    /// Where browsers are sent, where that is not discovered.
    pub authorization: Option<&'static str>,
    /// Where codes are redeemed, where that is not discovered.
    pub token: Option<&'static str>,
    /// Where it says who somebody is, where that is not discovered.
    pub userinfo: Option<&'static str>,
    /// The scopes asked for.
    pub scopes: &'static [&'static str],
    /// Where things are in its claims.
    pub claims: Places,
    /// Whether its subjects are whole numbers rather than texts.
    pub numeric_subject: bool,
    /// How Gantry proves itself, where the kind knows one way only.
    pub client_auth: Option<UpstreamAuth>,
    /// Whether it is told of `prompt`, `max_age`, `login_hint` and their like.
    pub takes_hints: bool,
    /// Whether it takes part in PKCE. Only a provider that refuses codes with a verifier has to do without.
    pub pkce: bool,
}

/// The standard claims (OpenID Connect Core §5.1).
const STANDARD: Places = Places {
    subject: "sub",
    email: "email",
    email_verified: "email_verified",
    name: "name",
    given_name: "given_name",
    family_name: "family_name",
    preferred_username: "preferred_username",
    picture: "picture",
    locale: "locale",
    zoneinfo: "zoneinfo",
};

const OPENID: &[&str] = &["openid", "profile", "email"];

/// Any OpenID Connect provider: everything is discovered.
const OIDC: Defaults = Defaults {
    kind: ConnectorKind::Oidc,
    name: "OpenID Connect",
    engine: Engine::Oidc,
    issuer: None,
    authorization: None,
    token: None,
    userinfo: None,
    scopes: OPENID,
    claims: STANDARD,
    numeric_subject: false,
    client_auth: None,
    takes_hints: true,
    pkce: true,
};

/// Any OAuth 2.0 server: everything is configured.
const OAUTH2: Defaults = Defaults { kind: ConnectorKind::Oauth2, name: "OAuth 2.0", engine: Engine::Oauth2, scopes: &[], ..OIDC };

/// The rows. Kinds with code of their own have one too, for what their settings may leave out.
const ROWS: &[Defaults] = &[
    OIDC,
    OAUTH2,
    // https://learn.microsoft.com/en-us/entra/identity-platform/v2-protocols-oidc
    Defaults { kind: ConnectorKind::Microsoft, name: "Microsoft", ..OIDC },
    // https://developers.google.com/identity/openid-connect/openid-connect
    Defaults { kind: ConnectorKind::Google, name: "Google", issuer: Some("https://accounts.google.com"), ..OIDC },
    // https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
    Defaults {
        kind: ConnectorKind::Github,
        name: "GitHub",
        issuer: Some("https://github.com"),
        authorization: Some("https://github.com/login/oauth/authorize"),
        token: Some("https://github.com/login/oauth/access_token"),
        userinfo: Some("https://api.github.com/user"),
        scopes: &["read:user", "user:email"],
        claims: Places { subject: "id", preferred_username: "login", picture: "avatar_url", ..STANDARD },
        numeric_subject: true,
        client_auth: Some(UpstreamAuth::ClientSecretPost),
        takes_hints: false,
        ..OAUTH2
    },
    // https://developer.apple.com/documentation/signinwithapple
    Defaults {
        kind: ConnectorKind::Apple,
        name: "Apple",
        issuer: Some("https://appleid.apple.com"),
        scopes: &["openid", "email", "name"],
        takes_hints: false,
        ..OIDC
    },
    // https://docs.gitlab.com/integration/openid_connect_provider/ ; servers of one's own by `issuer`.
    Defaults {
        kind: ConnectorKind::Gitlab,
        name: "GitLab",
        issuer: Some("https://gitlab.com"),
        claims: Places { preferred_username: "nickname", ..STANDARD },
        ..OIDC
    },
    // https://learn.microsoft.com/en-us/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2
    // Its ID tokens repeat no nonce, so that the userinfo endpoint is what counts; and it refuses secret and
    // verifier together (nextauthjs/next-auth#8831, directus/directus#23645).
    Defaults {
        kind: ConnectorKind::Linkedin,
        name: "LinkedIn",
        issuer: Some("https://www.linkedin.com/oauth"),
        authorization: Some("https://www.linkedin.com/oauth/v2/authorization"),
        token: Some("https://www.linkedin.com/oauth/v2/accessToken"),
        userinfo: Some("https://api.linkedin.com/v2/userinfo"),
        scopes: OPENID,
        client_auth: Some(UpstreamAuth::ClientSecretPost),
        takes_hints: false,
        pkce: false,
        ..OAUTH2
    },
    // https://docs.slack.dev/authentication/sign-in-with-slack/
    Defaults {
        kind: ConnectorKind::Slack,
        name: "Slack",
        issuer: Some("https://slack.com"),
        client_auth: Some(UpstreamAuth::ClientSecretPost),
        ..OIDC
    },
    // https://docs.discord.com/developers/topics/oauth2 ; ids are texts of digits.
    Defaults {
        kind: ConnectorKind::Discord,
        name: "Discord",
        issuer: Some("https://discord.com"),
        authorization: Some("https://discord.com/oauth2/authorize"),
        token: Some("https://discord.com/api/oauth2/token"),
        userinfo: Some("https://discord.com/api/users/@me"),
        scopes: &["identify", "email"],
        claims: Places { subject: "id", email_verified: "verified", name: "global_name", preferred_username: "username", ..STANDARD },
        numeric_subject: true,
        takes_hints: false,
        ..OAUTH2
    },
    // https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow ; it says of no address
    // whether it is verified.
    Defaults {
        kind: ConnectorKind::Facebook,
        name: "Facebook",
        issuer: Some("https://www.facebook.com"),
        authorization: Some("https://www.facebook.com/v23.0/dialog/oauth"),
        token: Some("https://graph.facebook.com/v23.0/oauth/access_token"),
        userinfo: Some("https://graph.facebook.com/v23.0/me?fields=id,name,first_name,last_name,email,picture"),
        scopes: &["public_profile", "email"],
        claims: Places {
            subject: "id",
            email_verified: "email_verified",
            given_name: "first_name",
            family_name: "last_name",
            picture: "picture.data.url",
            ..STANDARD
        },
        client_auth: Some(UpstreamAuth::ClientSecretPost),
        takes_hints: false,
        ..OAUTH2
    },
];

/// What is known about a kind.
pub fn defaults(kind: ConnectorKind) -> &'static Defaults {
    // A kind without a row could only be the password database, which no connector serves.
    ROWS.iter().find(|row| row.kind == kind).unwrap_or(&OIDC)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbound::{Reach, check_url};

    #[test]
    fn every_kind_of_provider_has_one_row() {
        for kind in ConnectorKind::ALL.iter().filter(|kind| kind.is_upstream()) {
            assert_eq!(ROWS.iter().filter(|row| row.kind == *kind).count(), 1, "{kind}");
        }
        assert_eq!(ROWS.len(), ConnectorKind::ALL.len() - 1);
    }

    #[test]
    fn every_address_of_the_table_may_be_asked() {
        for row in ROWS {
            for url in [row.issuer, row.authorization, row.token, row.userinfo].into_iter().flatten() {
                assert!(check_url(url, Reach::Public).is_ok(), "{url}");
            }
            if row.engine == Engine::Oauth2 && row.issuer.is_some() {
                assert!(row.authorization.is_some() && row.token.is_some() && row.userinfo.is_some(), "{}", row.kind);
            }
        }
    }
}
