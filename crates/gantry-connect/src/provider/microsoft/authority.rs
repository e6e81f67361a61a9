//! Where an Entra ID cloud is, and how its issuers are spelt.
//!
//! Owns the addresses that follow from a connection's audience, the one concrete issuer that a token of a directory
//! may have, and which of the published keys may speak for it. Never says which directories are let in:
//! `directory.rs` does.
//!
//! Sources: Microsoft identity platform, «OpenID Connect» (`v2-protocols-oidc`), «National clouds»
//! (`authentication-national-cloud`) and «Access tokens», section «Validate the signing key issuer».

use gantry_core::connection::{ConnectionSettings, MicrosoftAudience};
use gantry_core::sign_in_trace::SignInProblem;
use serde_json::{Map, Value};

use crate::connector::Failed;

/// The directory of all personal accounts.
pub const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
/// The public cloud.
const PUBLIC: &str = "https://login.microsoftonline.com";
/// Stands for the directory in the issuer that tenant-independent metadata names.
const PLACEHOLDER: &str = "{tenantid}";

/// The host of the issuers of v1.0 tokens.
const LEGACY: &str = "sts.windows.net";

/// A cloud of Microsoft's.
struct Cloud {
    base: &'static str,
    legacy: &'static str,
    /// The host of its Graph. Tokens of another authority are never sent there.
    graph: &'static str,
}

const CHINA: Cloud = Cloud {
    base: "https://login.partner.microsoftonline.cn",
    legacy: "sts.chinacloudapi.cn",
    graph: "https://microsoftgraph.chinacloudapi.cn",
};

const CLOUDS: [Cloud; 4] = [
    Cloud { base: PUBLIC, legacy: LEGACY, graph: "https://graph.microsoft.com" },
    Cloud { base: "https://login.microsoftonline.us", legacy: LEGACY, graph: "https://graph.microsoft.us" },
    CHINA,
    Cloud { base: "https://login.chinacloudapi.cn", ..CHINA },
];

/// An Entra ID cloud as one connection sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Authority {
    base: String,
    /// The directory's id or one of the three words.
    segment: String,
    graph: Option<String>,
}

impl Authority {
    /// The authority of a connection. Its `issuer` setting names another cloud, as
    /// `https://login.microsoftonline.us/{audience}/v2.0` or by the part before the audience alone.
    pub(crate) fn of(settings: &ConnectionSettings) -> Result<Self, Failed> {
        let base = match &settings.issuer {
            None => PUBLIC.to_owned(),
            Some(issuer) => base_of(issuer),
        };
        let audience = settings.microsoft.as_ref().map(|microsoft| microsoft.audience.clone()).unwrap_or_default();
        let segment = match audience {
            MicrosoftAudience::Organizations => "organizations".to_owned(),
            MicrosoftAudience::Common => "common".to_owned(),
            MicrosoftAudience::Consumers => "consumers".to_owned(),
            MicrosoftAudience::Directory(id) => {
                let id = id.to_ascii_lowercase();
                if !is_guid(&id) {
                    return Err(Failed::new(SignInProblem::Misconfigured, "the audience is neither a directory's id nor one of the words"));
                }
                id
            }
        };
        let known = CLOUDS.iter().find(|cloud| cloud.base == base).map(|cloud| cloud.graph.to_owned());
        let graph = settings.endpoints.graph.as_deref().map(|graph| graph.trim_end_matches('/').to_owned()).or(known);
        Ok(Self { base, segment, graph })
    }

    /// Where its metadata is.
    pub(crate) fn metadata_address(&self) -> String {
        format!("{}/{}/v2.0/.well-known/openid-configuration", self.base, self.segment)
    }

    /// The issuer that its metadata must name: a template where the audience is more than one directory.
    pub(crate) fn metadata_issuer(&self) -> String {
        match self.segment.as_str() {
            "organizations" | "common" => self.issuer(PLACEHOLDER),
            "consumers" => self.issuer(CONSUMERS),
            directory => self.issuer(directory),
        }
    }

    /// The issuer of a directory's v2.0 tokens; the one under which identities are kept, whatever the token's version.
    pub(crate) fn issuer(&self, directory: &str) -> String {
        format!("{}/{directory}/v2.0", self.base)
    }

    /// Whether this is an issuer that a callback may name where the metadata names a template: that of some directory here.
    pub(crate) fn fits_template(&self, text: &str) -> bool {
        if !matches!(self.segment.as_str(), "organizations" | "common") {
            return false;
        }
        let directory = text.strip_prefix(&format!("{}/", self.base)).and_then(|rest| rest.strip_suffix("/v2.0"));
        directory.is_some_and(is_guid)
    }

    /// The issuer of a directory's v1.0 tokens.
    pub(crate) fn legacy_issuer(&self, directory: &str) -> String {
        let cloud = CLOUDS.iter().find(|cloud| cloud.base == self.base);
        format!("https://{}/{directory}/", cloud.map_or(LEGACY, |cloud| cloud.legacy))
    }

    /// The one issuer that a token with these claims may have, which nobody has vouched for yet: its own `tid` filled
    /// into the template of its version. Whoever verifies the token compares this with `iss` (attack catalogue ENT-02).
    pub(crate) fn issuer_for(&self, claims: &Map<String, Value>) -> Result<String, Failed> {
        let directory = directory_of(claims)?;
        match claims.get("ver").and_then(Value::as_str) {
            Some("1.0") => Ok(self.legacy_issuer(directory)),
            Some("2.0") => Ok(self.issuer(directory)),
            Some(_) | None => Err(Failed::new(SignInProblem::TokenMalformed, "`ver` is neither 1.0 nor 2.0")),
        }
    }

    /// Whether a key that was published with this `issuer` member may have signed a token of the directory. A key without
    /// one may not: every key that Entra ID publishes has it, and without it a key for personal accounts could sign for
    /// a company.
    pub(crate) fn key_speaks_for(&self, key_issuer: Option<&str>, directory: &str) -> bool {
        let Some(key_issuer) = key_issuer else { return false };
        [PLACEHOLDER, directory].iter().any(|segment| key_issuer == self.issuer(segment) || key_issuer == self.legacy_issuer(segment))
    }

    /// Whether `idp` names this directory itself.
    pub(crate) fn is_home(&self, provider: &str, directory: &str) -> bool {
        let provider = provider.trim_end_matches('/');
        provider == self.issuer(directory)
            || provider == self.legacy_issuer(directory).trim_end_matches('/')
            || (directory == CONSUMERS && provider == "live.com")
    }

    /// The one host that may be asked for groups. None: this authority is no cloud of Microsoft's and nothing is configured.
    pub(crate) fn graph(&self) -> Option<&str> {
        self.graph.as_deref()
    }

    /// Where an administrator agrees for a whole directory, before the query. Personal accounts have no administrator,
    /// so `common` is asked as `organizations`, as Microsoft advises.
    pub(crate) fn admin_consent_address(&self) -> Option<String> {
        match self.segment.as_str() {
            "consumers" => None,
            "common" => Some(format!("{}/organizations/v2.0/adminconsent", self.base)),
            segment => Some(format!("{}/{segment}/v2.0/adminconsent", self.base)),
        }
    }
}

/// The directory that a token says it is from: `tid`, which must be a lower-case GUID.
pub(crate) fn directory_of(claims: &Map<String, Value>) -> Result<&str, Failed> {
    let directory = claims.get("tid").and_then(Value::as_str).filter(|tid| is_guid(tid));
    directory.ok_or_else(|| Failed::new(SignInProblem::TokenIssuer, "`tid` is not a directory's id"))
}

/// Whether this is a GUID in lower case, as Entra ID spells the ids of directories and people.
pub fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}

/// What stands before the audience: `…/{anything}/v2.0` loses its last two segments, other forms only the slash at their end.
fn base_of(issuer: &str) -> String {
    let issuer = issuer.trim_end_matches('/');
    let base = issuer.strip_suffix("/v2.0").and_then(|rest| rest.rsplit_once('/')).map_or(issuer, |(base, _)| base);
    base.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_core::connection::{MicrosoftSettings, UpstreamEndpoints};
    use serde_json::json;

    const TID: &str = "11111111-2222-3333-4444-555555555555";

    fn authority(audience: MicrosoftAudience, issuer: Option<&str>) -> Authority {
        let microsoft = MicrosoftSettings { audience, ..MicrosoftSettings::default() };
        let settings =
            ConnectionSettings { issuer: issuer.map(str::to_owned), microsoft: Some(microsoft), ..ConnectionSettings::default() };
        Authority::of(&settings).unwrap()
    }

    fn claims(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn addresses_follow_from_audience_and_cloud() {
        let all = authority(MicrosoftAudience::Organizations, None);
        assert_eq!(all.metadata_address(), "https://login.microsoftonline.com/organizations/v2.0/.well-known/openid-configuration");
        assert_eq!(all.metadata_issuer(), "https://login.microsoftonline.com/{tenantid}/v2.0");
        assert_eq!(all.graph(), Some("https://graph.microsoft.com"));
        let one = authority(MicrosoftAudience::Directory(TID.to_ascii_uppercase()), None);
        assert_eq!(one.metadata_issuer(), format!("https://login.microsoftonline.com/{TID}/v2.0"));
        let people = authority(MicrosoftAudience::Consumers, None);
        assert_eq!(people.metadata_issuer(), format!("https://login.microsoftonline.com/{CONSUMERS}/v2.0"));
        for spelling in [
            "https://login.microsoftonline.us",
            "https://login.microsoftonline.us/",
            "https://login.microsoftonline.us/{audience}/v2.0",
            "https://login.microsoftonline.us/common/v2.0/",
        ] {
            let government = authority(MicrosoftAudience::Common, Some(spelling));
            assert_eq!(government.metadata_address(), "https://login.microsoftonline.us/common/v2.0/.well-known/openid-configuration");
            assert_eq!(government.graph(), Some("https://graph.microsoft.us"));
        }
        let below = authority(MicrosoftAudience::Common, Some("http://127.0.0.1:9001/entra/{audience}/v2.0"));
        assert_eq!(below.issuer(TID), format!("http://127.0.0.1:9001/entra/{TID}/v2.0"));
    }

    #[test]
    fn ent_05_an_unknown_authority_has_no_graph_but_the_configured_one() {
        let issuer = "http://127.0.0.1:9001/{audience}/v2.0".to_owned();
        assert_eq!(authority(MicrosoftAudience::Common, Some(&issuer)).graph(), None);
        let endpoints = UpstreamEndpoints { graph: Some("http://127.0.0.1:9002/".to_owned()), ..UpstreamEndpoints::default() };
        let settings = ConnectionSettings { issuer: Some(issuer), endpoints, ..ConnectionSettings::default() };
        assert_eq!(Authority::of(&settings).unwrap().graph(), Some("http://127.0.0.1:9002"));
    }

    #[test]
    fn ent_02_a_token_has_one_issuer_that_of_its_own_directory() {
        let all = authority(MicrosoftAudience::Organizations, None);
        let v2 = all.issuer_for(&claims(&json!({ "tid": TID, "ver": "2.0" }))).unwrap();
        assert_eq!(v2, format!("https://login.microsoftonline.com/{TID}/v2.0"));
        let v1 = all.issuer_for(&claims(&json!({ "tid": TID, "ver": "1.0" }))).unwrap();
        assert_eq!(v1, format!("https://sts.windows.net/{TID}/"));
        for tid in [
            json!(null),
            json!(""),
            json!(7),
            json!("organizations"),
            json!("{tenantid}"),
            json!(TID.replace('1', "A")),
            json!(format!("{TID}/x")),
            json!(format!("{TID} ")),
            json!(TID.replace('-', "")),
            json!([TID]),
        ] {
            let failed = all.issuer_for(&claims(&json!({ "tid": tid, "ver": "2.0" }))).unwrap_err();
            assert_eq!(failed.problem, SignInProblem::TokenIssuer, "{tid}");
        }
        for ver in [json!(null), json!(2.0), json!("3.0")] {
            assert!(all.issuer_for(&claims(&json!({ "tid": TID, "ver": ver }))).is_err());
        }
    }

    #[test]
    fn ent_02_a_key_speaks_for_its_own_issuer_only() {
        let all = authority(MicrosoftAudience::Common, None);
        let personal = all.issuer(CONSUMERS);
        assert!(all.key_speaks_for(Some("https://login.microsoftonline.com/{tenantid}/v2.0"), TID));
        assert!(all.key_speaks_for(Some(&all.issuer(TID)), TID));
        assert!(all.key_speaks_for(Some(&all.legacy_issuer(TID)), TID));
        assert!(all.key_speaks_for(Some(&personal), CONSUMERS));
        for foreign in [
            None,
            Some(personal.as_str()),
            Some(""),
            Some("https://login.microsoftonline.us/{tenantid}/v2.0"),
            Some("https://login.microsoftonline.com/{tenantid}/v2.0/"),
            Some("https://evil.example/{tenantid}/v2.0"),
        ] {
            assert!(!all.key_speaks_for(foreign, TID), "{foreign:?}");
        }
    }

    #[test]
    fn an_audience_that_is_no_directory_is_refused() {
        for id in ["contoso.com", "", "../common", TID.trim_start_matches('1')] {
            let microsoft = MicrosoftSettings { audience: MicrosoftAudience::Directory(id.to_owned()), ..MicrosoftSettings::default() };
            let settings = ConnectionSettings { microsoft: Some(microsoft), ..ConnectionSettings::default() };
            assert_eq!(Authority::of(&settings).unwrap_err().problem, SignInProblem::Misconfigured, "{id}");
        }
    }
}
