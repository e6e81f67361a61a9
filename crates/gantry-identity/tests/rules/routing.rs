//! Domains, from the claim to the loss, and where they lead people meanwhile.

use std::collections::HashMap;
use std::sync::Mutex;

use async_trait::async_trait;
use gantry_connect::dns::{NoAnswer, TxtRecords};
use gantry_core::actor::Actor;
use gantry_core::audit::AuditEvent;
use gantry_core::connection::{Attachment, Connection, ConnectionSettings, JoinRule};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::email_address::EmailAddress;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Failure;
use gantry_core::id::{ConnectionId, DomainId, TenantId, UserId};
use gantry_core::outbox::MailKind;
use gantry_core::sign_in_trace::SignInProblem;
use gantry_core::tenant::{AppPolicy, SignInRule, Tenant, TenantRole};
use gantry_core::tenant_domain::TenantDomain;
use gantry_identity::domains::check::{Verdict, recheck, verify};
use gantry_identity::domains::{claim, remove, vouch};
use gantry_identity::members::{self, MemberSettings};
use gantry_identity::routing::{Hints, Route, WantedTenant};
use gantry_identity::tenants::{self, NewTenant, TenantSettings};
use gantry_store::RealmTx;

use crate::world::World;

/// The DNS as these tests say it is; `None` for a name that nobody answers for.
#[derive(Debug, Default)]
struct Zone(Mutex<HashMap<String, Option<String>>>);

impl Zone {
    fn set(&self, domain: &str, text: Option<&str>) {
        self.0.lock().unwrap().insert(format!("_gantry-challenge.{domain}"), text.map(str::to_owned));
    }

    fn clear(&self) {
        self.0.lock().unwrap().clear();
    }
}

#[async_trait]
impl TxtRecords for Zone {
    async fn txt(&self, name: &str) -> Result<Vec<String>, NoAnswer> {
        match self.0.lock().unwrap().get(name) {
            None => Ok(vec!["v=spf1 -all".to_owned()]),
            Some(Some(text)) => Ok(vec!["something else".to_owned(), format!(" {text} ")]),
            Some(None) => Err(NoAnswer::new("away")),
        }
    }
}

/// A realm with two tenants, each with a connection attached, and one of the realm's own.
struct Place {
    world: World,
    zone: Zone,
    alder: Tenant,
    birch: Tenant,
}

impl Place {
    async fn new() -> Self {
        let world = World::new().await;
        let (alder, birch) = (tenant(&world, "alder").await, tenant(&world, "birch").await);
        let place = Self { world, zone: Zone::default(), alder, birch };
        place.connect("entra", Some(&place.alder)).await;
        place.connect("okta", Some(&place.birch)).await;
        place.connect("google", None).await;
        place
    }

    async fn write<T>(&self, work: impl AsyncFnOnce(&RealmTx) -> Result<T, Failure>) -> Result<T, ErrorCode> {
        self.world.store.transact(self.world.realm.id, work).await.map_err(code)
    }

    async fn connect(&self, slug: &str, tenant: Option<&Tenant>) {
        let connection = Connection {
            id: ConnectionId::new(),
            realm_id: self.world.realm.id,
            slug: slug.to_owned(),
            name: slug.to_owned(),
            kind: ConnectorKind::Oidc,
            owner: None,
            settings: ConnectionSettings { hidden: tenant.is_some(), ..ConnectionSettings::default() },
            credential_expires_at: None,
            not_before: None,
            disabled_at: None,
            created_at: self.world.now(),
        };
        let attach = async |tx: &RealmTx| {
            assert!(tx.connections().insert(&connection).await?);
            let Some(tenant) = tenant else { return Ok(()) };
            let attachment = Attachment {
                realm_id: tx.realm_id(),
                connection_id: connection.id,
                tenant_id: tenant.id,
                join: JoinRule::Invited,
                default_role: TenantRole::Member,
                roles: Vec::new(),
                directories: Vec::new(),
                created_at: connection.created_at,
            };
            Ok(tx.attachments().put(&attachment).await?)
        };
        self.write(attach).await.unwrap();
    }

    async fn claim(&self, tenant: &Tenant, domain: &str) -> Result<TenantDomain, ErrorCode> {
        let now = self.world.now();
        self.write(async |tx| claim(tx, Actor::CommandLine, tenant.id, domain, now).await).await
    }

    async fn verify(&self, domain: &TenantDomain) -> Result<Verdict, ErrorCode> {
        let what = (&self.world.realm, domain.id);
        let verified = verify(&self.world.store, &self.zone, Actor::CommandLine, what, self.world.now()).await;
        verified.map(|(_, verdict)| verdict).map_err(code)
    }

    /// What the job does with this domain, some hours later.
    async fn later(&self, domain: &TenantDomain, hours: u64) -> Verdict {
        self.world.advance(hours * 60);
        recheck(&self.world.store, &self.zone, domain, self.world.now()).await.unwrap()
    }

    async fn prove(&self, tenant: &Tenant, domain: &str) -> TenantDomain {
        let claimed = self.claim(tenant, domain).await.unwrap();
        self.zone.set(domain, Some(&claimed.challenge));
        assert_eq!(self.verify(&claimed).await, Ok(Verdict::Proved));
        claimed
    }

    /// Where these hints lead: a connection, or nowhere without a page.
    async fn leads(&self, hints: Hints) -> Option<String> {
        match self.world.identity.route(&self.world.realm, &hints).await.unwrap().route {
            Route::Upstream(way) => Some(way.slug),
            Route::Page(_) | Route::Refuse => None,
        }
    }

    async fn login_leads(&self, address: &str) -> Option<String> {
        self.leads(Hints { login: Some(address.to_owned()), ..Hints::default() }).await
    }

    async fn audited(&self, event: AuditEvent) -> usize {
        let lines = self.world.store.read(self.world.realm.id).audit().list(None, 1000).await.unwrap();
        lines.iter().filter(|line| line.event == event).count()
    }
}

async fn tenant(world: &World, org_id: &str) -> Tenant {
    let settings = TenantSettings {
        name: org_id.to_owned(),
        app_policy: AppPolicy::All,
        max_sign_in_age: None,
        password_min_length: None,
        sign_in: SignInRule::Any,
        branding: gantry_core::tenant::TenantBranding::default(),
        suspended: Some(false),
    };
    let new = NewTenant { org_id: Some(org_id.to_owned()), settings };
    let now = world.now();
    world.store.transact(world.realm.id, async |tx| tenants::create(tx, Actor::System, new, now).await).await.unwrap()
}

fn code(failure: Failure) -> ErrorCode {
    match failure {
        Failure::Refused(refusal) => refusal.code,
        Failure::Broken(fault) => panic!("{fault}"),
    }
}

#[tokio::test]
async fn fed_20_a_claim_leads_nobody_before_its_proof_and_after_its_loss() {
    let place = Place::new().await;
    let domain = place.claim(&place.alder, "Victim.Example").await.unwrap();
    assert_eq!(domain.domain, "victim.example");
    assert!(domain.challenge.len() >= 22 + 14, "128 bits and more: {}", domain.challenge);
    assert_eq!(place.login_leads("ada@victim.example").await, None);
    assert_eq!(place.verify(&domain).await, Ok(Verdict::NotYet));
    place.zone.set("victim.example", Some("gantry-domain=guessed"));
    assert_eq!(place.verify(&domain).await, Ok(Verdict::NotYet));
    assert_eq!(place.login_leads("ada@victim.example").await, None);

    place.zone.set("victim.example", Some(&domain.challenge));
    assert_eq!(place.verify(&domain).await, Ok(Verdict::Proved));
    for address in ["ada@victim.example", "Ada@VICTIM.example", "nobody@victim.example"] {
        assert_eq!(place.login_leads(address).await.as_deref(), Some("entra"), "{address}");
    }
    // FED-21: what is no address leads nowhere, and no other domain is this one.
    for trick in [
        "ada@victim.example@evil.example",
        "\"ada@victim.example\"@evil.example",
        "ada@victim.example.",
        "ada@sub.victim.example",
        "ada@v\u{131}ctim.example",
        "ada@victim.example (x)",
        "victim.example",
    ] {
        assert_eq!(place.login_leads(trick).await, None, "{trick}");
    }
    let hinting = async |text: &str| place.leads(Hints { domain: Some(text.to_owned()), ..Hints::default() }).await;
    assert_eq!(hinting("victim.example").await.as_deref(), Some("entra"));
    for trick in ["victim.example.", "https://victim.example", "a@victim.example", "victim.example\r\n"] {
        assert_eq!(hinting(trick).await, None, "{trick:?}");
    }

    let admin = place.world.person("it@alder.example").await;
    let settings = MemberSettings::with(TenantRole::TenantAdmin);
    let now = place.world.now();
    place.write(async |tx| members::put(tx, Actor::System, place.alder.id, admin.id, settings, now).await).await.unwrap();
    place.zone.set("victim.example", None);
    assert_eq!(place.later(&domain, 24 * 30).await, Verdict::Stands, "silence is no loss");
    place.zone.clear();
    assert_eq!(place.later(&domain, 24).await, Verdict::Failing);
    assert_eq!(place.login_leads("ada@victim.example").await.as_deref(), Some("entra"));
    assert_eq!(place.later(&domain, 72).await, Verdict::Lost);
    assert_eq!(place.login_leads("ada@victim.example").await, None);
    assert_eq!((place.audited(AuditEvent::DomainProved).await, place.audited(AuditEvent::DomainLost).await), (1, 1));
    let mails = place.world.mails().await;
    let [mail] = &*mails else { panic!("{mails:?}") };
    assert_eq!(mail.to, admin.email);
    assert!(
        matches!(&mail.kind, MailKind::DomainLost { domain, value, .. } if domain == "victim.example" && value.starts_with("gantry-domain="))
    );
}

#[tokio::test]
async fn a_domain_is_proved_for_one_tenant_and_can_change_hands() {
    let place = Place::new().await;
    let of_alder = place.prove(&place.alder, "corp.example").await;
    // Claiming it tells nothing; proving it does not take it away.
    let of_birch = place.claim(&place.birch, "corp.example").await.unwrap();
    assert_ne!(of_alder.challenge, of_birch.challenge);
    place.zone.set("corp.example", Some(&of_birch.challenge));
    assert_eq!(place.verify(&of_birch).await, Err(ErrorCode::Conflict));
    let now = place.world.now();
    assert_eq!(place.write(async |tx| vouch(tx, Actor::CommandLine, of_birch.id, now).await).await.unwrap_err(), ErrorCode::Conflict);
    assert_eq!(place.login_leads("ada@corp.example").await.as_deref(), Some("entra"));
    assert_eq!(place.later(&of_alder, 1).await, Verdict::Failing);
    assert_eq!(place.later(&of_alder, 72).await, Verdict::Lost);
    assert_eq!(place.verify(&of_birch).await, Ok(Verdict::Proved));
    assert_eq!(place.login_leads("ada@corp.example").await.as_deref(), Some("okta"));
    assert_eq!(place.claim(&place.birch, "CORP.example").await.unwrap_err(), ErrorCode::Conflict);
    place.write(async |tx| remove(tx, Actor::CommandLine, of_birch.id, now).await).await.unwrap();
    assert_eq!(place.login_leads("ada@corp.example").await, None);
}

#[tokio::test]
async fn who_may_claim_and_vouch() {
    let place = Place::new().await;
    for domain in ["gmail.com", "corp", "corp.example.", "corp.ex\u{e4}mple"] {
        assert_eq!(place.claim(&place.alder, domain).await.unwrap_err(), ErrorCode::InvalidRequest, "{domain}");
    }
    let domain = place.claim(&place.alder, "corp.example").await.unwrap();
    let (realm, now, user) = (place.world.realm.id, place.world.now(), UserId::new());
    let vouching = async |actor| place.write(async |tx| vouch(tx, actor, domain.id, now).await).await;
    assert_eq!(vouching(Actor::User { user, realm }).await.unwrap_err(), ErrorCode::Forbidden);
    let elsewhere = Actor::RealmAdmin { user, realm: place.world.other_realm().await.id };
    assert_eq!(vouching(elsewhere).await.unwrap_err(), ErrorCode::NotFound);
    assert!(vouching(Actor::RealmAdmin { user, realm }).await.unwrap().is_proved());
    assert_eq!(place.login_leads("ada@corp.example").await.as_deref(), Some("entra"));
    assert_eq!(place.later(&domain, 1000).await, Verdict::Stands, "nobody looks for a record that was never asked for");
    let gone = place.write(async |tx| remove(tx, Actor::CommandLine, DomainId::new(), now).await).await;
    assert_eq!(gone.unwrap_err(), ErrorCode::NotFound);
    let unknown = place.write(async |tx| claim(tx, Actor::CommandLine, TenantId::new(), "other.example", now).await).await;
    assert_eq!(unknown.unwrap_err(), ErrorCode::NotFound);
}

/// The class of zitadel/zitadel#8588, over the real rows.
#[tokio::test]
async fn no_hint_leads_out_of_what_the_tenant_takes() {
    let place = Place::new().await;
    place.prove(&place.birch, "birch.example").await;
    let now = place.world.now();
    let own = TenantSettings {
        name: "alder".to_owned(),
        app_policy: AppPolicy::All,
        max_sign_in_age: None,
        password_min_length: None,
        sign_in: SignInRule::OwnConnection,
        branding: gantry_core::tenant::TenantBranding::default(),
        suspended: Some(false),
    };
    place.write(async |tx| tenants::update(tx, Actor::System, place.alder.id, own.clone(), now).await).await.unwrap();
    for tenant in [WantedTenant::OrgId("alder".to_owned()), WantedTenant::Known(place.alder.id)] {
        let hints = Hints {
            tenant: Some(tenant),
            connection: Some("google".to_owned()),
            domain: Some("birch.example".to_owned()),
            login: Some("eve@birch.example".to_owned()),
            typed: Some(EmailAddress::parse("eve@birch.example").unwrap()),
            remembered: Some("okta".to_owned()),
        };
        assert_eq!(place.leads(hints).await.as_deref(), Some("entra"));
    }
    // A suspended tenant's domain leads nowhere.
    assert_eq!(place.login_leads("eve@birch.example").await.as_deref(), Some("okta"));
    let suspended = TenantSettings { name: "birch".to_owned(), sign_in: SignInRule::Any, suspended: Some(true), ..own };
    place.write(async |tx| tenants::update(tx, Actor::System, place.birch.id, suspended, now).await).await.unwrap();
    assert_eq!(place.login_leads("eve@birch.example").await, None);
}

/// Nobody learns from the way they are sent whether somebody has an account.
#[tokio::test]
async fn an_answer_is_the_same_for_people_and_for_nobody() {
    let place = Place::new().await;
    place.prove(&place.alder, "alder.example").await;
    place.world.person("ada@alder.example").await;
    for domain in ["alder.example", "elsewhere.example"] {
        let decide = async |local: &str| {
            let hints = Hints { typed: Some(EmailAddress::parse(&format!("{local}@{domain}")).unwrap()), ..Hints::default() };
            place.world.identity.route(&place.world.realm, &hints).await.unwrap()
        };
        assert_eq!(decide("ada").await, decide("nobody").await, "{domain}");
    }
}

#[tokio::test]
async fn one_network_starts_sixty_a_minute() {
    let world = World::new().await;
    let from = |ip: &str| gantry_core::audit::Origin { ip: ip.to_owned(), ..gantry_core::audit::Origin::default() };
    let start = async |realm, ip: &str| world.identity.count_start(realm, &from(ip)).await;
    for _ in 0..60 {
        start(world.realm.id, "192.0.2.7").await.unwrap();
    }
    assert_eq!(start(world.realm.id, "192.0.2.7").await, Err(SignInProblem::TooMany));
    start(world.realm.id, "192.0.2.8").await.unwrap();
    start(world.other_realm().await.id, "192.0.2.7").await.unwrap();
}
