//! The parameters of an authorization request: their names and their greatest lengths.
//!
//! Owns the reading of queries and bodies. Never knows what a value means; `check/` does.

use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::parameters::{InvalidParameters, Parameters};

/// A parameter that the endpoint knows; others are ignored (RFC 6749 §3.1).
#[derive(Debug, Clone, Copy)]
pub struct Accepted {
    /// The name on the wire.
    pub name: &'static str,
    /// The most bytes of its decoded value.
    pub limit: usize,
}

const KIB: usize = 1024;

/// The most bytes of `state`, which has a check of its own.
pub const MAX_STATE: usize = 8 * KIB;

/// Every parameter with a meaning. `state`, `client_id` and `redirect_uri` are judged before any
/// other, since nothing can be redirected until they are known good.
pub const ACCEPTED: &[Accepted] = &[
    Accepted { name: "client_id", limit: 256 },
    Accepted { name: "redirect_uri", limit: 2 * KIB },
    Accepted { name: "state", limit: MAX_STATE },
    Accepted { name: "response_mode", limit: 64 },
    Accepted { name: "response_type", limit: 64 },
    Accepted { name: "scope", limit: 8 * KIB },
    Accepted { name: "resource", limit: 2 * KIB },
    Accepted { name: "audience", limit: 2 * KIB },
    Accepted { name: "code_challenge", limit: 128 },
    Accepted { name: "code_challenge_method", limit: 64 },
    Accepted { name: "nonce", limit: KIB },
    Accepted { name: "prompt", limit: 128 },
    Accepted { name: "max_age", limit: 20 },
    Accepted { name: "org_id", limit: 256 },
    Accepted { name: "organization", limit: 256 },
    Accepted { name: "organization_id", limit: 256 },
    Accepted { name: "login_hint", limit: KIB },
    Accepted { name: "acr_values", limit: KIB },
    Accepted { name: "ui_locales", limit: KIB },
    Accepted { name: "display", limit: 64 },
    Accepted { name: "claims", limit: 8 * KIB },
    Accepted { name: "id_token_hint", limit: 8 * KIB },
];

/// Names whose repetition is judged by their own check: `resource` may be repeated (RFC 8707 §2);
/// the others say how the answer travels and what the code is bound to, and the app learns of the
/// mistake by redirect. Any other repetition makes the request ambiguous about who asks and where
/// the answer goes, so it is a page (attack catalogue RED-11, RED-14, COD-08).
const JUDGED_LATER: &[&str] = &["resource", "response_mode", "code_challenge", "code_challenge_method"];

/// Reads the request's parameters. The refusal is a page.
pub fn read(text: &str) -> Result<Parameters, Refusal> {
    Parameters::parse_repeating(text, JUDGED_LATER).map_err(|invalid| {
        let description = match invalid {
            InvalidParameters::Repeated(_) => "a parameter is repeated",
            InvalidParameters::Encoding => "a parameter is not valid text",
            InvalidParameters::TooMany => "there are too many parameters",
        };
        Refusal::new(ErrorCode::InvalidRequest, description).detail(invalid.to_string())
    })
}

/// Whether a parameter is there more than once; empty ones count.
pub(super) fn is_repeated(parameters: &Parameters, name: &str) -> bool {
    parameters.iter().filter(|(known, _)| *known == name).count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetition_is_a_page_but_where_a_check_judges_it() {
        for Accepted { name, .. } in ACCEPTED {
            let read = read(&format!("{name}=a&{name}=b"));
            assert_eq!(read.is_ok(), JUDGED_LATER.contains(name), "{name}");
        }
    }
}
