//! A token request, parsed: which grant type, with which values. Nothing of it has been checked.

use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::grant_type::GrantType;
use gantry_core::parameters::Parameters;
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::Secret;

use crate::org_id;

/// What is asked for, one variant for each grant type.
#[derive(Debug)]
pub(super) enum TokenRequest {
    /// RFC 6749 §4.1.3.
    AuthorizationCode {
        /// The code.
        code: Secret,
        /// Where the code was sent.
        redirect_uri: String,
        /// PKCE.
        verifier: Option<Secret>,
        /// APIs (RFC 8707 §2.2).
        resources: Vec<String>,
    },
    /// RFC 6749 §6.
    RefreshToken {
        /// The token.
        token: Secret,
        /// A narrower scope.
        scope: Option<ScopeSet>,
        /// APIs.
        resources: Vec<String>,
        /// The tenant that this one access token is for; the grant's default if unset.
        org_id: Option<String>,
    },
    /// RFC 6749 §4.4.
    ClientCredentials {
        /// The scope.
        scope: Option<ScopeSet>,
        /// APIs.
        resources: Vec<String>,
        /// The tenant that the app acts for.
        org_id: Option<String>,
    },
}

impl TokenRequest {
    /// Reads a form. What belongs to another grant type makes it ambiguous, and then nothing is
    /// consumed (attack catalogue COD-19).
    pub(super) fn parse(parameters: &Parameters) -> Result<Self, Refusal> {
        let named = parameters.get("grant_type").ok_or_else(|| invalid("`grant_type` is missing"))?;
        let grant_type = GrantType::parse(named)
            .ok_or_else(|| Refusal::new(ErrorCode::UnsupportedGrantType, "this grant type is not offered").detail(named))?;
        if parameters.has("code") && parameters.has("refresh_token") {
            return Err(invalid("`code` and `refresh_token` exclude each other"));
        }
        let resources = resources(parameters)?;
        match grant_type {
            GrantType::AuthorizationCode => Ok(Self::AuthorizationCode {
                code: parameters.secret("code").ok_or_else(|| invalid("`code` is missing"))?,
                redirect_uri: parameters.get("redirect_uri").ok_or_else(|| invalid("`redirect_uri` is missing"))?.to_owned(),
                verifier: parameters.secret("code_verifier"),
                resources,
            }),
            GrantType::RefreshToken => Ok(Self::RefreshToken {
                token: parameters.secret("refresh_token").ok_or_else(|| invalid("`refresh_token` is missing"))?,
                scope: scope(parameters)?,
                resources,
                org_id: org_id::named(parameters)?,
            }),
            GrantType::ClientCredentials => {
                Ok(Self::ClientCredentials { scope: scope(parameters)?, resources, org_id: org_id::named(parameters)? })
            }
        }
    }

    /// Which grant type it is.
    pub(super) const fn grant_type(&self) -> GrantType {
        match self {
            Self::AuthorizationCode { .. } => GrantType::AuthorizationCode,
            Self::RefreshToken { .. } => GrantType::RefreshToken,
            Self::ClientCredentials { .. } => GrantType::ClientCredentials,
        }
    }
}

fn invalid(description: &'static str) -> Refusal {
    Refusal::new(ErrorCode::InvalidRequest, description)
}

fn scope(parameters: &Parameters) -> Result<Option<ScopeSet>, Refusal> {
    let Some(text) = parameters.get("scope") else { return Ok(None) };
    let scope = ScopeSet::parse(text).or(Err(Refusal::new(ErrorCode::InvalidScope, "`scope` is not a list of scope names")))?;
    Ok((!scope.is_empty()).then_some(scope))
}

/// `resource`, and `audience`, which some platforms' guides call it.
fn resources(parameters: &Parameters) -> Result<Vec<String>, Refusal> {
    let mut named: Vec<String> = parameters.all("resource").map(ToOwned::to_owned).collect();
    if let Some(alias) = parameters.get("audience") {
        if !named.is_empty() && !named.iter().any(|resource| resource == alias) {
            return Err(Refusal::new(ErrorCode::InvalidTarget, "`resource` and `audience` name different APIs"));
        }
        if named.is_empty() {
            named.push(alias.to_owned());
        }
    }
    Ok(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_of(form: &str) -> &'static str {
        match TokenRequest::parse(&Parameters::parse(form).unwrap()) {
            Ok(_) => "ok",
            Err(refusal) => refusal.code.wire_name(),
        }
    }

    #[test]
    fn each_grant_type_has_its_parameters() {
        for (form, expected) in [
            ("", "invalid_request"),
            ("grant_type=", "invalid_request"),
            ("grant_type=password&username=a&password=b", "unsupported_grant_type"),
            ("grant_type=AUTHORIZATION_CODE", "unsupported_grant_type"),
            ("grant_type=authorization_code", "invalid_request"),
            ("grant_type=authorization_code&code=x", "invalid_request"),
            ("grant_type=authorization_code&code=x&redirect_uri=y", "ok"),
            ("grant_type=refresh_token", "invalid_request"),
            ("grant_type=refresh_token&refresh_token=x", "ok"),
            ("grant_type=refresh_token&refresh_token=x&org_id=unknown", "ok"),
            ("grant_type=refresh_token&refresh_token=x&org_id=one&organization=other", "invalid_request"),
            ("grant_type=client_credentials&organization_id=acme", "ok"),
            ("grant_type=refresh_token&refresh_token=x&scope=a%22b", "invalid_scope"),
            ("grant_type=client_credentials", "ok"),
            ("grant_type=client_credentials&resource=a&resource=b", "ok"),
            ("grant_type=client_credentials&resource=a&audience=a", "ok"),
            ("grant_type=client_credentials&resource=a&audience=b", "invalid_target"),
        ] {
            assert_eq!(code_of(form), expected, "{form}");
        }
    }

    #[test]
    fn cod_19_an_ambiguous_request_is_refused() {
        for grant_type in ["authorization_code", "refresh_token"] {
            let form = format!("grant_type={grant_type}&code=x&redirect_uri=y&refresh_token=z");
            assert_eq!(code_of(&form), "invalid_request");
        }
    }
}
