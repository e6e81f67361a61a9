//! The token endpoint: codes and refresh tokens go in, tokens come out.

use std::time::Duration;

use gantry_core::connector_kind::ConnectorKind;
use gantry_core::external_identity::UpstreamTokens;
use gantry_core::jose::strict::StrictObject;
use gantry_core::secret::Secret;
use gantry_core::sign_in_trace::{HopKind, SignInProblem};
use serde_json::json;

use crate::callback::said;
use crate::client_auth::{Proof, prove};
use crate::connector::{Expected, Failed, Hops};
use crate::line::Line;
use crate::outbound::{Answer, Call};
use crate::plain::cut;
use crate::provider::explain;

/// The longest token that is kept.
const MAX_TOKEN: usize = 32 * 1024;
/// The longest life of an access token that is believed, in seconds: ten years.
const MAX_EXPIRES_IN: i64 = 315_360_000;

/// What a token endpoint gave.
#[derive(Debug, Clone)]
pub(crate) struct TokenAnswer {
    pub(crate) tokens: UpstreamTokens,
}

impl TokenAnswer {
    /// The ID token, where there has to be one.
    pub(crate) fn id_token(&self) -> Result<&Secret, Failed> {
        self.tokens.id_token.as_ref().ok_or_else(|| Failed::new(SignInProblem::NoIdToken, "the token answer has no ID token"))
    }
}

/// Redeems a code. `issuer` is what a client assertion is made out to.
pub(crate) async fn redeem(
    line: &Line<'_>,
    endpoint: &str,
    issuer: Option<&str>,
    (code, expected): (&Secret, &Expected),
    hops: &mut Hops,
) -> Result<TokenAnswer, Failed> {
    let proof = prove(line, endpoint, issuer)?;
    let mut fields = vec![
        ("grant_type", Secret::new("authorization_code")),
        ("code", code.clone()),
        ("redirect_uri", Secret::new(line.registration.callback.as_str())),
    ];
    if line.defaults.pkce {
        fields.push(("code_verifier", expected.verifier.clone()));
    }
    ask(line, endpoint, fields, proof, Some(hops)).await
}

/// New tokens for a refresh token. What the provider leaves out stays as it was (RFC 6749 §6).
pub(crate) async fn refresh(line: &Line<'_>, endpoint: &str, proof: Proof, tokens: &UpstreamTokens) -> Result<TokenAnswer, Failed> {
    let lacking = || Failed::new(SignInProblem::Misconfigured, "no refresh token of the provider is kept");
    let refresh_token = tokens.refresh_token.clone().ok_or_else(lacking)?;
    let fields = vec![("grant_type", Secret::new("refresh_token")), ("refresh_token", refresh_token)];
    let mut answer = ask(line, endpoint, fields, proof, None).await?;
    answer.tokens.refresh_token = answer.tokens.refresh_token.or_else(|| tokens.refresh_token.clone());
    answer.tokens.scope = answer.tokens.scope.or_else(|| tokens.scope.clone());
    Ok(answer)
}

async fn ask(
    line: &Line<'_>,
    endpoint: &str,
    mut fields: Vec<(&'static str, Secret)>,
    proof: Proof,
    hops: Option<&mut Hops>,
) -> Result<TokenAnswer, Failed> {
    fields.extend(proof.fields);
    let answer = line.send(Call::post(endpoint, fields).authorization(proof.authorization)).await?;
    let status = answer.status;
    let object = read(&answer);
    if let Some(hops) = hops {
        let members = object.as_ref().map(|object| object.names().map(cut).collect::<Vec<_>>()).unwrap_or_default();
        hops.add(HopKind::Token, json!({ "endpoint": endpoint, "status": status, "members": members }));
    }
    let object = object?;
    // Some say `error` with the status 200.
    if let Ok(Some(error)) = object.text("error") {
        return Err(token_error(line.connection().kind, error, object.text("error_description").ok().flatten()));
    }
    if status != 200 || object.get("error").is_some() {
        return Err(Failed::new(SignInProblem::BadAnswer, format!("the token answer came with the status {status} and no error code")));
    }
    Ok(TokenAnswer { tokens: tokens(line, &object)? })
}

fn read(answer: &Answer) -> Result<StrictObject, Failed> {
    let bad = |detail: String| Failed::new(SignInProblem::BadAnswer, detail);
    if !answer.is_json {
        return Err(bad(format!("the token answer, of the status {}, is not JSON by its content type", answer.status)));
    }
    serde_json::from_slice(&answer.body).or(Err(bad(format!("the token answer, of the status {}, is not one JSON object", answer.status))))
}

/// RFC 6749 §5.1, strictly: a member of the wrong type is not an absent one.
fn tokens(line: &Line<'_>, object: &StrictObject) -> Result<UpstreamTokens, Failed> {
    let bad = |name: &str| Failed::new(SignInProblem::BadAnswer, format!("`{name}` of the token answer is not what belongs there"));
    let text = |name: &str| match object.text(name) {
        Ok(found) if found.is_none_or(|text| text.len() <= MAX_TOKEN) => Ok(found.filter(|text| !text.is_empty())),
        Ok(_) | Err(_) => Err(bad(name)),
    };
    let access_token = text("access_token")?.ok_or_else(|| bad("access_token"))?;
    if !text("token_type")?.is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")) {
        return Err(bad("token_type"));
    }
    let lifetime = object.integer("expires_in").or(Err(bad("expires_in")))?;
    let expires_at = match lifetime {
        None => None,
        Some(seconds @ 0..=MAX_EXPIRES_IN) => Some(line.now().plus(Duration::from_secs(seconds.unsigned_abs()))),
        Some(_) => return Err(bad("expires_in")),
    };
    Ok(UpstreamTokens {
        access_token: Some(Secret::new(access_token)),
        refresh_token: text("refresh_token")?.map(Secret::new),
        id_token: text("id_token")?.map(Secret::new),
        expires_at,
        scope: text("scope")?.map(ToOwned::to_owned),
    })
}

/// What a token endpoint's error means (RFC 6749 §5.2).
fn token_error(kind: ConnectorKind, error: &str, description: Option<&str>) -> Failed {
    if let Some(failed) = explain(kind, error, description) {
        return failed;
    }
    let problem = match error {
        "invalid_client" | "unauthorized_client" | "incorrect_client_credentials" => SignInProblem::ClientRejected,
        "invalid_grant" | "bad_verification_code" | "invalid_code" => SignInProblem::CodeRejected,
        "interaction_required" | "login_required" | "consent_required" => SignInProblem::InteractionUpstream,
        "temporarily_unavailable" | "server_error" => SignInProblem::Unreachable,
        _ => SignInProblem::ErrorUpstream,
    };
    Failed::new(problem, said(error, description))
}
