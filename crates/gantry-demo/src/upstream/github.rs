//! Like GitHub: OAuth 2.0, a number for a person, and addresses at an address of their own.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::pages::{self, Question};
use super::people::Provider;
use super::{Upstream, respond, token};

pub(super) async fn authorize(upstream: Data<Upstream>, request: HttpRequest) -> HttpResponse {
    match Question::read(&upstream, request.query_string()) {
        Ok(question) => pages::sign_in(Provider::Github, "Sign in like at GitHub", &question),
        Err(reason) => pages::trouble(reason),
    }
}

pub(super) async fn chosen(upstream: Data<Upstream>, form: String) -> HttpResponse {
    pages::chosen(&upstream, Provider::Github, &form)
}

pub(super) async fn token(upstream: Data<Upstream>, request: HttpRequest, form: String) -> HttpResponse {
    match token::redeem(&upstream, Provider::Github, &request, &form).await {
        Ok(agreed) => {
            let scope = agreed.scope.replace(' ', ",");
            let access_token = upstream.codes.token(agreed);
            respond::json(StatusCode::OK, &json!({ "access_token": access_token, "token_type": "bearer", "scope": scope }))
        }
        Err(refusal) => refusal,
    }
}

pub(super) async fn user(upstream: Data<Upstream>, request: HttpRequest) -> HttpResponse {
    let Some(agreed) = token::bearer(&upstream, &request).filter(|agreed| agreed.account.provider == Provider::Github) else {
        return unknown();
    };
    let account = agreed.account;
    let id: u64 = account.id.parse().unwrap_or_default();
    respond::json(StatusCode::OK, &json!({ "id": id, "login": account.word, "name": account.name, "email": null, "type": "User" }))
}

pub(super) async fn emails(upstream: Data<Upstream>, request: HttpRequest) -> HttpResponse {
    let Some(agreed) = token::bearer(&upstream, &request).filter(|agreed| agreed.account.provider == Provider::Github) else {
        return unknown();
    };
    let other = format!("{}@old.example", agreed.account.word);
    let list = json!([
        { "email": other, "primary": false, "verified": false, "visibility": null },
        { "email": agreed.account.email, "primary": true, "verified": agreed.account.verified, "visibility": "private" },
    ]);
    respond::json(StatusCode::OK, &list)
}

fn unknown() -> HttpResponse {
    respond::json(StatusCode::UNAUTHORIZED, &json!({ "message": "Bad credentials", "status": "401" }))
}
