//! The authorization request: where the browser is sent, with what.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::prompt::Prompt;
use gantry_core::secret::{Digest, Secret};
use gantry_core::sign_in_trace::{HopKind, SignInProblem};
use serde_json::{Map, Value, json};
use url::Url;

use crate::connector::{Ask, Failed, Hops};
use crate::line::Line;
use crate::outbound::check_url;
use crate::plain::cut;

/// Parameters that Gantry sets itself; a connection's own ones are never among them.
pub const PROTOCOL_PARAMETERS: &[&str] = &[
    "response_type",
    "response_mode",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "max_age",
    "login_hint",
    "domain_hint",
    "ui_locales",
    "acr_values",
    "request",
    "request_uri",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "code_verifier",
    "id_token_hint",
    "registration",
];

/// Parameters whose values are nobody's business but the browser's and the provider's.
const UNSHOWN: &[&str] = &["state", "nonce", "code_challenge"];

/// The address, each value encoded as one value (attack catalogue FED-25), with state, nonce and a PKCE challenge
/// (FED-26).
pub(crate) fn authorization_url(line: &Line<'_>, endpoint: &str, ask: &Ask, hops: &mut Hops) -> Result<Url, Failed> {
    authorization_url_with(line, endpoint, ask, &[], hops)
}

/// The same with parameters that the vendor knows.
pub(crate) fn authorization_url_with(
    line: &Line<'_>,
    endpoint: &str,
    ask: &Ask,
    of_vendor: &[(&str, &str)],
    hops: &mut Hops,
) -> Result<Url, Failed> {
    let misconfigured = |detail: &str| Failed::new(SignInProblem::Misconfigured, detail);
    let mut url = check_url(endpoint, line.reach()).or(Err(misconfigured("the authorization endpoint is no address that may be asked")))?;
    url.set_fragment(None);
    let mut parameters = protocol(line, ask)?;
    if line.defaults.takes_hints {
        parameters.extend(hints(ask));
    }
    parameters.extend(of_vendor.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    for (name, value) in &line.settings().parameters {
        if !PROTOCOL_PARAMETERS.contains(&name.as_str()) && !parameters.iter().any(|(known, _)| known == name) {
            parameters.push((name.clone(), value.clone()));
        }
    }
    if url.query_pairs().any(|(name, _)| parameters.iter().any(|(known, _)| *known == name)) {
        return Err(misconfigured("the authorization endpoint's own query has a parameter of the request"));
    }
    url.query_pairs_mut().extend_pairs(&parameters);
    let shown: Map<String, Value> = parameters.into_iter().map(|(name, value)| shown(name, &value)).collect();
    hops.add(HopKind::Redirect, json!({ "endpoint": endpoint, "parameters": shown }));
    Ok(url)
}

fn shown(name: String, value: &str) -> (String, Value) {
    let value = if UNSHOWN.contains(&name.as_str()) { "[set]".to_owned() } else { cut(value) };
    (name, Value::String(value))
}

fn protocol(line: &Line<'_>, ask: &Ask) -> Result<Vec<(String, String)>, Failed> {
    let mut parameters = vec![
        ("response_type", "code".to_owned()),
        ("client_id", line.client_id()?.to_owned()),
        ("redirect_uri", line.registration.callback.clone()),
        ("state", ask.state.expose().to_owned()),
        ("nonce", ask.nonce.clone()),
    ];
    let scopes = line.scopes();
    if !scopes.is_empty() {
        parameters.push(("scope", scopes.join(" ")));
    }
    if line.defaults.pkce {
        parameters.push(("code_challenge", challenge(&ask.verifier)));
        parameters.push(("code_challenge_method", "S256".to_owned()));
    }
    Ok(parameters.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// What the app asked for and a provider may heed.
fn hints(ask: &Ask) -> Vec<(String, String)> {
    let prompts = ask.prompts.iter().filter(|prompt| **prompt != Prompt::Create).map(|prompt| prompt.as_str()).collect::<Vec<_>>();
    let hints = [
        ("prompt", Some(prompts.join(" "))),
        ("max_age", ask.max_age.map(|age| age.to_string())),
        ("login_hint", ask.login_hint.clone()),
        ("domain_hint", ask.domain_hint.clone()),
        ("ui_locales", Some(ask.ui_locales.join(" "))),
        ("acr_values", Some(ask.acr_values.join(" "))),
    ];
    let given = hints.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.filter(|value| !value.is_empty())?)));
    given.collect()
}

fn challenge(verifier: &Secret) -> String {
    URL_SAFE_NO_PAD.encode(Digest::of(verifier.expose().as_bytes()).as_bytes())
}
