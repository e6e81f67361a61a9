//! The metadata documents (OpenID Connect Discovery 1.0 §4, RFC 8414 §3).

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_oauth::client_request::ServedRealm;
use gantry_oauth::discovery::Documents;

use super::document;
use crate::extract::{RealmContext, unknown_realm};
use crate::paths::{OAUTH_METADATA, OPENID_CONFIGURATION};
use crate::respond::OAuthFailure;

pub(super) async fn show(request: HttpRequest, documents: web::Data<Documents>) -> Result<HttpResponse, OAuthFailure> {
    let context = RealmContext::of(&request).await?;
    if !is_of_issuer(request.path(), context.address.issuer_path()) {
        return Err(unknown_realm().into());
    }
    let realm = ServedRealm { snapshot: &context.snapshot, address: &context.address };
    Ok(document(&documents.metadata(realm)?))
}

/// Whether a path is where this issuer's metadata is: behind it, or with RFC 8414 §3.1 before its
/// path. A document found anywhere else would name an issuer that is not the one asked for.
fn is_of_issuer(path: &str, issuer_path: &str) -> bool {
    let behind = [OPENID_CONFIGURATION, OAUTH_METADATA].iter().any(|document| path.strip_suffix(document) == Some(issuer_path));
    behind || path.strip_prefix(OAUTH_METADATA) == Some(issuer_path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_where_its_issuer_is_and_nowhere_else() {
        for (issuer, document, elsewhere) in [
            ("", "/.well-known/openid-configuration", "/realms/default/.well-known/openid-configuration"),
            ("/realms/a", "/realms/a/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"),
            ("/realms/a", "/.well-known/oauth-authorization-server/realms/a", "/auth/realms/a/.well-known/openid-configuration"),
            ("/auth/realms/a", "/auth/realms/a/.well-known/openid-configuration", "/realms/a/.well-known/openid-configuration"),
            ("/auth/realms/a", "/.well-known/oauth-authorization-server/auth/realms/a", "/.well-known/oauth-authorization-server"),
        ] {
            assert!(is_of_issuer(document, issuer), "{document}");
            assert!(!is_of_issuer(elsewhere, issuer), "{elsewhere}");
        }
    }
}
