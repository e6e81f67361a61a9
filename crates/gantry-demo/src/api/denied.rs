//! Why the sample API refuses, and the shapes in which its platforms say so.
//!
//! Owns the challenges (RFC 6750 §3). Never decides.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE};
use serde_json::json;

use crate::signed::Distrust;

/// How a platform writes errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Errors {
    /// `{"error": "…", "error_description": "…"}`
    Flat,
    /// `{"error": {"code": "…", "message": "…"}}`
    Nested,
}

/// Why a request is refused.
#[derive(Debug)]
pub(super) enum Denied {
    /// No token at all.
    NoToken,
    /// A token that does not hold, or that nobody can check.
    Untrusted(Distrust),
    /// A token without this scope.
    Lacks(&'static str),
    /// A token that is for no organization.
    NoOrganization,
    /// No App Key, or one that is not good for this.
    BadKey(&'static str),
}

/// A refusal as it goes out.
struct Words {
    status: StatusCode,
    challenge: Option<String>,
    code: &'static str,
    message: String,
}

impl Denied {
    /// The answer of the platform with this name.
    pub(super) fn answer(&self, platform: &str, errors: Errors) -> HttpResponse {
        let words = self.words(platform);
        let mut response = HttpResponse::build(words.status);
        response.insert_header((CACHE_CONTROL, "no-store"));
        if let Some(challenge) = words.challenge {
            response.insert_header((WWW_AUTHENTICATE, challenge));
        }
        if words.status == StatusCode::SERVICE_UNAVAILABLE {
            response.insert_header((RETRY_AFTER, "5"));
        }
        response.json(match errors {
            Errors::Flat => json!({ "error": words.code, "error_description": words.message }),
            Errors::Nested => json!({ "error": { "code": words.code, "message": words.message } }),
        })
    }

    fn words(&self, platform: &str) -> Words {
        let realm = format!(r#"realm="{platform} API""#);
        match self {
            // RFC 6750 §3.1: who has shown nothing is told of no error.
            Self::NoToken => Words {
                status: StatusCode::UNAUTHORIZED,
                challenge: Some(format!("Bearer {realm}")),
                code: "unauthorized",
                message: "Send an access token: `Authorization: Bearer …`.".to_owned(),
            },
            Self::Untrusted(Distrust::Invalid(reason)) => {
                let message = format!("The token {reason}.");
                Words {
                    status: StatusCode::UNAUTHORIZED,
                    challenge: Some(format!(r#"Bearer {realm}, error="invalid_token", error_description="{message}""#)),
                    code: "invalid_token",
                    message,
                }
            }
            Self::Untrusted(Distrust::Unknown(silent)) => {
                tracing::warn!(%silent, platform, "the sample API cannot check what it was shown");
                Words {
                    status: StatusCode::SERVICE_UNAVAILABLE,
                    challenge: None,
                    code: "temporarily_unavailable",
                    message: format!("The issuer of the token {silent}."),
                }
            }
            Self::Lacks(scope) => Words {
                status: StatusCode::FORBIDDEN,
                challenge: Some(format!(r#"Bearer {realm}, error="insufficient_scope", scope="{scope}""#)),
                code: "insufficient_scope",
                message: format!("The token lacks the scope `{scope}`."),
            },
            Self::NoOrganization => Words {
                status: StatusCode::FORBIDDEN,
                challenge: None,
                code: "no_organization",
                message: "The token is for no organization, so there are no orders to show.".to_owned(),
            },
            Self::BadKey(reason) => Words {
                status: StatusCode::UNAUTHORIZED,
                challenge: Some(format!("AppKey {realm}")),
                code: "invalid_app_key",
                message: (*reason).to_owned(),
            },
        }
    }
}
