//! `connection`, `idp_hint` and `domain_hint`: where a person is to sign in. Hints, so never an error; whether
//! one is followed is decided where people are routed.

use gantry_core::parameters::Parameters;

/// The longest name that a connection can have, and the longest domain.
const LONGEST: usize = 253;

/// The connection named: by our own word, or by that of Keycloak and its kin.
pub(super) fn read(parameters: &Parameters) -> Option<String> {
    ["connection", "idp_hint", "kc_idp_hint"].into_iter().find_map(|name| plain(parameters, name))
}

/// The domain named.
pub(super) fn read_domain(parameters: &Parameters) -> Option<String> {
    plain(parameters, "domain_hint").map(|domain| domain.to_ascii_lowercase())
}

fn plain(parameters: &Parameters, name: &str) -> Option<String> {
    let usable = |hint: &&str| (1..=LONGEST).contains(&hint.len()) && hint.bytes().all(|byte| byte.is_ascii_graphic());
    parameters.get(name).filter(usable).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorize::samples::parameters;

    #[test]
    fn our_own_word_comes_first() {
        assert_eq!(read(&parameters("idp_hint=a&connection=b")).as_deref(), Some("b"));
        assert_eq!(read(&parameters("kc_idp_hint=a")).as_deref(), Some("a"));
        assert_eq!(read_domain(&parameters("domain_hint=Corp.Example")).as_deref(), Some("corp.example"));
    }

    #[test]
    fn what_no_connection_is_called_is_no_hint() {
        for asked in ["connection=", "connection=a%0d%0ab", "connection=a%20b", &format!("connection={}", "x".repeat(300))] {
            assert_eq!(read(&parameters(asked)), None, "{asked}");
        }
    }
}
