//! Consent: whether the page is due, what it shows, and what a decision means.
//!
//! Owns the rules alone. Never writes: the answer of an authorization request does, in its one
//! transaction.

use gantry_core::authorization_request::AuthorizationParameters;
use gantry_core::client::Client;
use gantry_core::clock::Timestamp;
use gantry_core::consent::Consent;
use gantry_core::grant_type::GrantType;
use gantry_core::id::{ConsentId, UserId};
use gantry_core::prompt::Prompt;
use gantry_core::realm::RefreshIssuance;
use gantry_core::resource::Resource;
use gantry_core::scope::{OFFLINE_ACCESS, OPENID, STANDARD_SCOPES, ScopeTier};
use gantry_core::scope_set::ScopeSet;
use gantry_core::tenant::TenantBranding;
use gantry_core::user::User;
use gantry_store::snapshot::{ClientSnapshot, RealmSnapshot};

use crate::token::policy::{AccessPolicy, RefreshLifetimes};

/// What the person said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Yes, to these.
    Allow(Allowed),
    /// No.
    Deny,
}

/// What the person ticked on the page that they saw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed {
    /// The scopes.
    pub scopes: ScopeSet,
    /// The `org_id` of the tenant that the page said the app will work in, if it said one.
    pub shown_for: Option<String>,
    /// The `org_id`s of further tenants.
    pub org_ids: Vec<String>,
    /// Those that the page showed ticked, because the same was allowed there before.
    pub before: Vec<String>,
}

/// Whether the person has to be asked. A remembered decision answers for the same version of the
/// client and no more than it allowed (attack catalogue §0.14).
pub fn is_due(client: &Client, asked: &AuthorizationParameters, remembered: Option<&Consent>) -> bool {
    if asked.prompts.contains(&Prompt::Consent) {
        return true;
    }
    !is_covered(client, asked, remembered)
}

/// Whether the platform, or the person earlier, allowed what is asked for.
pub fn is_covered(client: &Client, asked: &AuthorizationParameters, remembered: Option<&Consent>) -> bool {
    client.policy.first_party || remembered.is_some_and(|consent| consent.covers(client.consent_version, &asked.scopes, &asked.audiences))
}

/// What is granted of what was asked, in its order: what the person ticked, and `openid`, which is
/// no choice of its own. `None` if nothing is left, which is a no.
pub fn granted(asked: &ScopeSet, ticked: &ScopeSet) -> Option<ScopeSet> {
    let mut kept = ticked.clone();
    kept.insert(OPENID);
    let granted = asked.intersection(&kept);
    let chosen_all_away = granted.iter().all(|name| name == OPENID) && asked.iter().any(|name| name != OPENID);
    (!chosen_all_away).then_some(granted)
}

/// The decision to remember: what was allowed now on top of what was allowed to the same version
/// of the client before, without what the person took back.
pub fn remembered(
    before: Option<Consent>,
    client: &Client,
    user: UserId,
    asked: &AuthorizationParameters,
    granted: &ScopeSet,
    now: Timestamp,
) -> Consent {
    let before = before.filter(|consent| consent.client_version == client.consent_version);
    let (id, scopes, audiences) = match before {
        Some(consent) => (consent.id, consent.scopes, consent.audiences),
        None => (ConsentId::new(), ScopeSet::default(), Vec::new()),
    };
    let mut scopes = scopes.without(&asked.scopes.without(granted));
    granted.iter().for_each(|name| scopes.insert(name));
    let new = asked.audiences.iter().filter(|audience| !audiences.contains(audience)).cloned().collect::<Vec<_>>();
    Consent {
        id,
        realm_id: client.realm_id,
        user_id: user,
        client_id: client.id,
        client_version: client.consent_version,
        tenant_id: None,
        scopes,
        audiences: audiences.into_iter().chain(new).collect(),
        decided_at: now,
    }
}

/// Whether an app keeps its access when the person has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// It does, whatever is asked for.
    Always,
    /// It does if the person allows `offline_access`.
    IfAllowed,
    /// It does not.
    Never,
}

/// Whether the client gets a refresh token that outlives the session, as far as policy decides it.
fn keeping(realm: &RealmSnapshot, client: &Client) -> Keeping {
    if !client.allows(GrantType::RefreshToken) {
        return Keeping::Never;
    }
    match client.policy.refresh_issuance.unwrap_or(realm.realm.settings.tokens.refresh_issuance) {
        RefreshIssuance::Always => Keeping::Always,
        RefreshIssuance::OfflineAccess => Keeping::IfAllowed,
        RefreshIssuance::Never => Keeping::Never,
    }
}

/// Whether the client will get a refresh token that outlives the session: then the page says so,
/// and sign-out leaves the grant alone (OpenID Connect Core §11).
pub fn keeps_access(realm: &RealmSnapshot, client: &Client, scopes: &ScopeSet) -> bool {
    match keeping(realm, client) {
        Keeping::Always => true,
        Keeping::IfAllowed => scopes.contains(OFFLINE_ACCESS),
        Keeping::Never => false,
    }
}

/// Everything that a person needs to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The form's value of `request`.
    pub request: String,
    /// The app's name.
    pub app: String,
    /// What it says about itself.
    pub description: String,
    /// The team behind it.
    pub publisher: Option<String>,
    /// Whether the platform made sure who that is.
    pub verified: bool,
    /// The app's name on the wire.
    pub client_id: String,
    /// The person's name.
    pub person: String,
    /// The account.
    pub email: String,
    /// Where the app will work; `None` in a realm without tenants.
    pub tenants: Option<TenantsAsked>,
    /// The names of the APIs that are asked for and have no scopes of their own: a token is enough there.
    pub apis: Vec<String>,
    /// What is asked for.
    pub scopes: Vec<ScopeAsked>,
    /// Whether the app keeps its access when the person has left. `IfAllowed` only where it asks.
    pub keeping: Keeping,
    /// The host that the browser goes to next; the scheme of an app on the device.
    pub destination: String,
    /// The whole address.
    pub redirect_uri: String,
    /// Seconds that an access token lives.
    pub access_lifetime: u32,
    /// Seconds after which unused access ends, where it is kept.
    pub refresh_idle_lifetime: u32,
    /// Seconds after which access ends, used or not, where it is kept.
    pub refresh_absolute_lifetime: u32,
}

/// Where the app will work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantsAsked {
    /// The tenant that was chosen; `None`: the person goes on for themself.
    pub chosen: Option<TenantAsked>,
    /// The person's others that the app may work in.
    pub others: Vec<TenantAsked>,
}

/// One tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantAsked {
    /// Its name.
    pub name: String,
    /// Its public id.
    pub org_id: String,
    /// How its pages look.
    pub branding: TenantBranding,
    /// Whether the person allowed the same there before.
    pub allowed: bool,
}

/// One scope that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeAsked {
    /// Its name.
    pub name: String,
    /// The sentence; for standard scopes in English, pages translate those by name.
    pub description: String,
    /// The API that it is for.
    pub api: Option<String>,
    /// The claims about the person that it releases.
    pub claims: Vec<String>,
    /// Whether it cannot be unticked.
    pub required: bool,
    /// Whether it counts only in tenants whose admins approved the app.
    pub of_admins: bool,
}

/// What the page shows, but for tenants.
pub fn question(realm: &RealmSnapshot, client: &ClientSnapshot, user: &User, asked: &AuthorizationParameters, request: String) -> Question {
    let ClientSnapshot { client, publisher, .. } = client;
    let lifetimes = RefreshLifetimes::of(&realm.realm.settings.tokens, client);
    let policy = keeping(realm, client);
    let unasked = policy == Keeping::IfAllowed && !asked.scopes.contains(OFFLINE_ACCESS);
    let keeping = if unasked { Keeping::Never } else { policy };
    // A choice is shown only where there is one.
    let is_shown = |name: &&str| *name != OFFLINE_ACCESS || keeping != Keeping::Never;
    let line = |name: &str| {
        let scope = scope_asked(realm, name);
        ScopeAsked { required: scope.required || (name == OFFLINE_ACCESS && keeping == Keeping::Always), ..scope }
    };
    Question {
        request,
        app: client.name.clone(),
        description: client.description.clone(),
        publisher: publisher.as_ref().map(|publisher| publisher.name.clone()),
        verified: publisher.as_ref().is_some_and(|publisher| publisher.verified_at.is_some()),
        client_id: client.client_id.clone(),
        person: user.display_name().to_owned(),
        email: user.email.to_string(),
        tenants: None,
        apis: apis_without_scopes(realm, asked),
        scopes: asked.scopes.iter().filter(is_shown).map(line).collect(),
        keeping,
        destination: destination(&asked.redirect_uri),
        redirect_uri: asked.redirect_uri.clone(),
        access_lifetime: AccessPolicy::of(realm, client, &asked.audiences).lifetime,
        refresh_idle_lifetime: lifetimes.idle,
        refresh_absolute_lifetime: lifetimes.absolute,
    }
}

fn apis_without_scopes(realm: &RealmSnapshot, asked: &AuthorizationParameters) -> Vec<String> {
    let bare = |resource: &&Resource| {
        asked.audiences.contains(&resource.audience) && !realm.scopes.iter().any(|scope| scope.resource_id == Some(resource.id))
    };
    realm.resources.iter().filter(bare).map(|resource| resource.name.clone()).collect()
}

fn scope_asked(realm: &RealmSnapshot, name: &str) -> ScopeAsked {
    let own = realm.scopes.iter().find(|scope| scope.name == name);
    let standard = STANDARD_SCOPES.iter().find(|scope| scope.name == name);
    let description = own.map(|scope| scope.description.clone()).or(standard.map(|scope| scope.description.to_owned()));
    let claims = match (own, standard) {
        (Some(scope), _) => scope.claims.clone(),
        (None, Some(scope)) => scope.claims.iter().map(|claim| (*claim).to_owned()).collect(),
        (None, None) => Vec::new(),
    };
    let api = own.and_then(|scope| scope.resource_id).and_then(|id| realm.resources.iter().find(|resource| resource.id == id));
    ScopeAsked {
        name: name.to_owned(),
        description: description.unwrap_or_default(),
        api: api.map(|resource| resource.name.clone()),
        claims,
        required: name == OPENID,
        of_admins: own.is_some_and(|scope| scope.tier == ScopeTier::TenantAdmin),
    }
}

/// Where the browser goes next, in the words of an address bar.
fn destination(redirect_uri: &str) -> String {
    let Ok(url) = url::Url::parse(redirect_uri) else { return String::new() };
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => url.scheme().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorize::samples::{self, API, NOW};

    fn scopes(text: &str) -> ScopeSet {
        ScopeSet::parse(text).unwrap()
    }

    #[test]
    fn a_remembered_decision_covers_the_same_or_less() {
        let realm = samples::realm();
        let client = samples::client(&realm);
        let asked = samples::asked(&client, "openid read");
        let consent = remembered(None, &client, UserId::new(), &asked, &asked.scopes, NOW);
        assert!(is_due(&client, &asked, None));
        assert!(!is_due(&client, &asked, Some(&consent)));
        assert!(!is_due(&client, &samples::asked(&client, "openid"), Some(&consent)));
        assert!(is_due(&client, &samples::asked(&client, "openid read profile"), Some(&consent)));
        let elsewhere = AuthorizationParameters { audiences: vec![samples::OTHER_API.to_owned()], ..asked.clone() };
        assert!(is_due(&client, &elsewhere, Some(&consent)));
        let changed = Client { consent_version: 2, ..client.clone() };
        assert!(is_due(&changed, &asked, Some(&consent)));
        let again = AuthorizationParameters { prompts: vec![Prompt::Consent], ..asked };
        assert!(is_due(&client, &again, Some(&consent)));
    }

    #[test]
    fn the_platforms_own_apps_are_asked_for_only_when_they_want_it() {
        let realm = samples::realm();
        let mut client = samples::client(&realm);
        client.policy.first_party = true;
        let asked = samples::asked(&client, "openid read");
        assert!(!is_due(&client, &asked, None));
        assert!(is_due(&client, &AuthorizationParameters { prompts: vec![Prompt::Consent], ..asked }, None));
    }

    #[test]
    fn con_05_what_is_unticked_is_not_granted() {
        let asked = scopes("openid profile read");
        assert_eq!(granted(&asked, &scopes("read")).unwrap().to_string(), "openid read");
        assert_eq!(granted(&asked, &scopes("read other admin")).unwrap().to_string(), "openid read");
        assert_eq!(granted(&asked, &ScopeSet::default()), None);
        assert_eq!(granted(&scopes("openid"), &ScopeSet::default()).unwrap().to_string(), "openid");
        assert_eq!(granted(&scopes("read"), &scopes("openid")), None);
    }

    #[test]
    fn decisions_add_up_for_one_version_of_the_client() {
        let realm = samples::realm();
        let client = samples::client(&realm);
        let user = UserId::new();
        let first = samples::asked(&client, "openid profile");
        let consent = remembered(None, &client, user, &first, &first.scopes, NOW);
        let second = samples::asked(&client, "profile read");
        let both = remembered(Some(consent.clone()), &client, user, &second, &scopes("read"), NOW);
        assert_eq!((both.id, both.scopes.to_string()), (consent.id, "openid read".to_owned()));
        let changed = Client { consent_version: 2, ..client };
        let fresh = remembered(Some(both), &changed, user, &second, &scopes("profile"), NOW);
        assert_eq!(fresh.scopes.to_string(), "profile");
    }

    #[test]
    fn access_is_kept_as_the_policy_says() {
        let mut realm = samples::realm();
        let client = samples::client(&realm);
        assert!(!keeps_access(&realm, &client, &scopes("openid")));
        assert!(keeps_access(&realm, &client, &scopes("offline_access")));
        realm.realm.settings.tokens.refresh_issuance = RefreshIssuance::Always;
        assert!(keeps_access(&realm, &client, &scopes("openid")));
        let mut never = client.clone();
        never.policy.refresh_issuance = Some(RefreshIssuance::Never);
        assert!(!keeps_access(&realm, &never, &scopes("offline_access")));
        let cannot = Client { grant_types: vec![GrantType::AuthorizationCode], ..client };
        assert!(!keeps_access(&realm, &cannot, &scopes("offline_access")));
    }

    #[test]
    fn keeping_access_is_a_choice_only_where_it_is_one() {
        let mut realm = samples::realm();
        let mut client = ClientSnapshot { client: samples::client(&realm), secrets: Vec::new(), publisher: None };
        let asked = |client: &ClientSnapshot, text: &str| samples::asked(&client.client, text);
        let shown = |realm: &RealmSnapshot, client: &ClientSnapshot, text: &str| {
            let question = question(realm, client, &samples::user(realm), &asked(client, text), "arq".to_owned());
            let line = question.scopes.iter().find(|scope| scope.name == OFFLINE_ACCESS).map(|scope| scope.required);
            (question.keeping, line)
        };
        assert_eq!(shown(&realm, &client, "read offline_access"), (Keeping::IfAllowed, Some(false)));
        assert_eq!(shown(&realm, &client, "read"), (Keeping::Never, None));
        realm.realm.settings.tokens.refresh_issuance = RefreshIssuance::Always;
        assert_eq!(shown(&realm, &client, "read offline_access"), (Keeping::Always, Some(true)));
        assert_eq!(shown(&realm, &client, "read"), (Keeping::Always, None));
        client.client.policy.refresh_issuance = Some(RefreshIssuance::Never);
        assert_eq!(shown(&realm, &client, "read offline_access"), (Keeping::Never, None));
    }

    #[test]
    fn an_api_that_no_scope_guards_is_named_by_itself() {
        let mut realm = samples::realm();
        realm.scopes.clear();
        let client = ClientSnapshot { client: samples::client(&realm), secrets: Vec::new(), publisher: None };
        let asked = samples::asked(&client.client, "openid email");
        assert_eq!(question(&realm, &client, &samples::user(&realm), &asked, "arq".to_owned()).apis, [API]);
    }

    #[test]
    fn the_page_names_apis_claims_and_the_host() {
        let realm = samples::realm();
        let client = ClientSnapshot { client: samples::client(&realm), secrets: Vec::new(), publisher: None };
        let asked = samples::asked(&client.client, "openid email read");
        let question = question(&realm, &client, &samples::user(&realm), &asked, "arq".to_owned());
        assert_eq!(question.destination, "app.example");
        assert_eq!(asked.audiences, [API]);
        assert!(question.scopes[0].required && !question.scopes[1].required);
        assert_eq!(question.scopes[1].claims, ["email", "email_verified"]);
        assert_eq!(question.scopes[2].api.as_deref(), Some(API));
        assert!(question.apis.is_empty());
        assert_eq!(destination("http://127.0.0.1:5123/cb"), "127.0.0.1:5123");
        assert_eq!(destination("com.example.app:/cb"), "com.example.app");
    }
}
