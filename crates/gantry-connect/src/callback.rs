//! The browser is back: what the callback says, before anything is done with it.

use gantry_core::secret::Secret;
use gantry_core::sign_in_trace::{HopKind, SignInProblem};
use serde_json::json;

use crate::connector::{Failed, Hops, Returned};
use crate::line::Line;
use crate::plain::cut;
use crate::provider::explain;

/// The longest code.
const MAX_CODE: usize = 8 * 1024;

/// The code of a callback. `issuer` is whose callback it has to be, where that is known; `must_name` says whether
/// it has to say so (RFC 9207 §2.4, attack catalogue FED-01).
pub(crate) fn code(line: &Line<'_>, returned: &Returned, issuer: Option<&str>, must_name: bool, hops: &mut Hops) -> Result<Secret, Failed> {
    let parameters = &returned.parameters;
    let words = |name: &str| parameters.get(name).map(cut);
    hops.add(
        HopKind::Callback,
        json!({
            "parameters": parameters.iter().map(|(name, _)| cut(name)).collect::<Vec<_>>(),
            "iss": words("iss"),
            "error": words("error"),
            "error_description": words("error_description"),
        }),
    );
    let named = parameters.raw("iss");
    let is_wrong = match (issuer, named) {
        (Some(issuer), Some(named)) => named != issuer,
        (_, None) => must_name,
        (None, Some(_)) => false,
    };
    if is_wrong {
        let named = named.map_or_else(|| "does not name its issuer".to_owned(), |named| format!("is from `{}`", cut(named)));
        return Err(Failed::new(SignInProblem::WrongResponseIssuer, format!("the callback {named}")));
    }
    if let Some(error) = parameters.get("error") {
        let description = parameters.get("error_description");
        let of_vendor = explain(line.connection().kind, error, description);
        return Err(of_vendor.unwrap_or_else(|| upstream_error(error, description)));
    }
    let code = parameters.get("code").filter(|code| code.len() <= MAX_CODE);
    code.map(Secret::new).ok_or_else(|| Failed::new(SignInProblem::ErrorUpstream, "the callback has neither a code nor an error"))
}

/// What an authorization endpoint's error means (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6).
pub(crate) fn upstream_error(error: &str, description: Option<&str>) -> Failed {
    let problem = match error {
        "access_denied" | "user_denied" | "user_cancelled_login" | "user_cancelled_authorize" => SignInProblem::DeniedUpstream,
        "login_required" | "interaction_required" | "account_selection_required" | "consent_required" => SignInProblem::InteractionUpstream,
        "unauthorized_client" | "invalid_client" => SignInProblem::ClientRejected,
        _ => SignInProblem::ErrorUpstream,
    };
    Failed::new(problem, said(error, description))
}

/// A provider's own words about an error, as data.
pub(crate) fn said(error: &str, description: Option<&str>) -> String {
    let description = description.map(|text| format!(": {}", cut(text))).unwrap_or_default();
    format!("the provider said `{}`{description}", cut(error))
}
