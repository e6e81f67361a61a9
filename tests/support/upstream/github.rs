//! What looks like GitHub: plain OAuth 2.0, the numeric id at `/user`, the addresses in a list of their own.
//!
//! By "Authorizing OAuth apps", "Get the authenticated user" and "List email addresses for the authenticated user" in GitHub's
//! REST documentation. The account's subject is the id; its claims `login`, `name`, `email` (of the profile) and `emails`.

use actix_web::HttpResponse;
use serde_json::{Value, json};

use super::{Account, Seen, Shared};

/// The answer of the token endpoint: a form, unless JSON is asked for.
pub(super) fn token(seen: &Seen, access_token: &str) -> HttpResponse {
    if seen.accept.contains("json") {
        return HttpResponse::Ok().json(json!({ "access_token": access_token, "token_type": "bearer", "scope": "read:user,user:email" }));
    }
    let form = format!("access_token={access_token}&scope=read%3Auser%2Cuser%3Aemail&token_type=bearer");
    HttpResponse::Ok().content_type("application/x-www-form-urlencoded").body(form)
}

pub(super) fn user(shared: &Shared, seen: &Seen) -> HttpResponse {
    let Some(account) = account(shared, seen) else { return HttpResponse::Unauthorized().finish() };
    let mut user = account.claims;
    user.remove("emails");
    let id: Value = account.subject.parse::<u64>().map_or_else(|_| json!(account.subject), |id| json!(id));
    user.insert("id".to_owned(), id);
    user.entry("login").or_insert_with(|| json!(format!("login-{}", account.subject)));
    HttpResponse::Ok().json(user)
}

pub(super) fn emails(shared: &Shared, seen: &Seen) -> HttpResponse {
    let Some(account) = account(shared, seen) else { return HttpResponse::Unauthorized().finish() };
    HttpResponse::Ok().json(account.claims.get("emails").cloned().unwrap_or_else(|| json!([])))
}

fn account(shared: &Shared, seen: &Seen) -> Option<Account> {
    shared.state().tokens.get(seen.bearer()?).cloned()
}
