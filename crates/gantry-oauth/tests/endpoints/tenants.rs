//! Tenants in tokens.

use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::id::MembershipId;
use gantry_core::installation::InstallationStanding::{self, Approved, Blocked, Installed, Removed};
use gantry_core::realm::TenantDemand::{self, None as NoTenants, Optional, Required};
use gantry_core::realm::TokenFormat;
use gantry_core::scope::ScopeTier;
use gantry_core::tenant::{AppPolicy, Membership, SignInRule, Tenant, TenantRole};
use gantry_identity::members::{self, MemberSettings};
use gantry_identity::tenants::TenantSettings;
use gantry_identity::{installations, tenants};
use serde_json::{Value, json};

use crate::records;
use crate::world::{API, AUTHORIZE_URL, App, CALLBACK, World, claims, text};

/// Two tenants that the person belongs to, and an app with tokens for both; `one` is the default.
struct Place {
    world: World,
    app: App,
    one: Tenant,
    two: Tenant,
}

impl Place {
    async fn with(demand: TenantDemand) -> Self {
        let world = World::with(|settings| settings.tenants = demand).await;
        let app = world.web_app().await;
        let [one, two] = ["one", "two"].map(|org_id| records::tenant(world.realm_id(), org_id, world.now()));
        let user_id = world.user.id;
        let write = async |tx: &gantry_store::RealmTx| {
            for tenant in [&one, &two] {
                tx.tenants().insert(tenant).await?;
                let (id, role) = (MembershipId::new(), TenantRole::Member);
                tx.memberships()
                    .put(&Membership {
                        id,
                        tenant_id: tenant.id,
                        user_id,
                        role,
                        break_glass: false,
                        connection_id: None,
                        created_at: tenant.created_at,
                    })
                    .await?;
            }
            Ok(())
        };
        world.store.transact(world.realm_id(), write).await.unwrap();
        world.clock.advance(Duration::from_secs(1));
        Self { world, app, one, two }
    }

    async fn new() -> Self {
        Self::with(Required).await
    }

    async fn tokens(&self) -> Value {
        let code = self.world.code(&self.app, |grant, _| {
            grant.tenants = vec![self.one.id, self.two.id];
            grant.default_tenant = Some(self.one.id);
        });
        self.world.redeem(&self.app, &code.await).await.unwrap()
    }

    async fn refresh(&self, token: &str, more: &[(&str, &str)]) -> Value {
        self.world.refresh(&self.app, token, more).await.unwrap()
    }

    async fn refused(&self, token: &str, more: &[(&str, &str)]) -> (&'static str, Option<&'static str>) {
        let mut parameters = vec![("grant_type", "refresh_token"), ("refresh_token", token)];
        parameters.extend_from_slice(more);
        self.world.refusal(&self.app.form(&parameters)).await
    }

    /// Where a refused refresh for `two` sends the person.
    async fn authorization_uri(&self, token: &str) -> String {
        let form = self.app.form(&[("grant_type", "refresh_token"), ("refresh_token", token), ("org_id", "two")]);
        self.world.refused(&form).await.authorization_uri.unwrap()
    }

    async fn set(&self, change: impl FnOnce(&mut TenantSettings)) {
        let now = self.world.now();
        let mut settings = TenantSettings {
            name: "Two".to_owned(),
            app_policy: AppPolicy::All,
            max_sign_in_age: None,
            password_min_length: None,
            sign_in: SignInRule::Any,
            branding: gantry_core::tenant::TenantBranding::default(),
            suspended: Some(false),
        };
        change(&mut settings);
        let work = async |tx: &gantry_store::RealmTx| tenants::update(tx, Actor::System, self.two.id, settings, now).await;
        self.world.store.transact(self.world.realm_id(), work).await.unwrap();
    }

    async fn decide(&self, standing: InstallationStanding) {
        let (now, client) = (self.world.now(), self.app.client.id);
        let work = async |tx: &gantry_store::RealmTx| installations::decide(tx, Actor::System, self.two.id, client, standing, now).await;
        self.world.store.transact(self.world.realm_id(), work).await.unwrap();
    }

    async fn leave(&self) {
        let work =
            async |tx: &gantry_store::RealmTx| members::remove(tx, Actor::System, self.two.id, self.world.user.id, self.world.now()).await;
        self.world.store.transact(self.world.realm_id(), work).await.unwrap();
    }

    async fn join(&self) {
        let work = async |tx: &gantry_store::RealmTx| {
            members::put(tx, Actor::System, self.two.id, self.world.user.id, MemberSettings::with(TenantRole::Member), self.world.now())
                .await
        };
        self.world.store.transact(self.world.realm_id(), work).await.unwrap();
    }

    async fn is_active(&self, token: &str) -> bool {
        self.world.is_active(&self.app, token).await
    }

    async fn machine(&self, more: &[(&str, &str)]) -> Result<Value, (&'static str, Option<&'static str>)> {
        let mut parameters = vec![("grant_type", "client_credentials")];
        parameters.extend_from_slice(more);
        let form = self.app.form(&parameters);
        match self.world.token(&form).await {
            Ok(answer) => Ok(claims(text(&answer, "access_token"))),
            Err(_) => Err(self.world.refusal(&form).await),
        }
    }
}

fn org_id(answer: &Value) -> Value {
    claims(text(answer, "access_token"))["org_id"].clone()
}

#[tokio::test]
async fn org_id_on_refresh_is_for_that_access_token_alone() {
    let place = Place::new().await;
    let first = place.tokens().await;
    assert_eq!((org_id(&first), claims(text(&first, "id_token"))["org_id"].clone()), (json!("one"), json!("one")));
    for name in ["org_id", "organization", "organization_id"] {
        let token = text(&first, "refresh_token");
        let other = place.refresh(token, &[(name, "two")]).await;
        assert_eq!((org_id(&other), claims(text(&other, "id_token"))["org_id"].clone()), (json!("two"), json!("two")), "{name}");
    }
    let next = place.refresh(text(&first, "refresh_token"), &[]).await;
    assert_eq!(org_id(&next), json!("one"));
    let token = text(&place.refresh(text(&next, "refresh_token"), &[("org_id", "two")]).await, "access_token").to_owned();
    assert_eq!(place.world.userinfo(&token).await.unwrap()["org_id"], "two");
    let said = place.world.introspect(&place.app.form(&[("token", &token)])).await.unwrap();
    assert_eq!((&said["active"], &said["org_id"]), (&json!(true), &json!("two")));
}

#[tokio::test]
async fn each_retry_gets_its_own_tenant_and_the_same_successor() {
    let place = Place::new().await;
    let first = text(&place.tokens().await, "refresh_token").to_owned();
    let answers = [
        place.refresh(&first, &[("org_id", "two")]).await,
        place.refresh(&first, &[]).await,
        place.refresh(&first, &[("org_id", "two")]).await,
    ];
    assert_eq!(answers.each_ref().map(org_id), [json!("two"), json!("one"), json!("two")]);
    assert!(answers.iter().all(|answer| answer["refresh_token"] == answers[0]["refresh_token"]));
}

#[tokio::test]
async fn rtk_10_what_is_lost_is_refused_and_harms_no_token() {
    const LOST: &str = "invalid_grant";
    let place = Place::new().await;
    let mut token = text(&place.tokens().await, "refresh_token").to_owned();
    let two: &[(&str, &str)] = &[("org_id", "two")];
    assert_eq!(place.refused(&token, &[("org_id", "three")]).await, ("access_denied", Some("tenant_not_granted")));

    place.set(|settings| settings.max_sign_in_age = Some(60)).await;
    place.world.clock.advance(Duration::from_secs(90));
    assert_eq!(place.refused(&token, two).await, ("interaction_required", Some("sign_in_too_old")));
    let uri = place.authorization_uri(&token).await;
    let (endpoint, query) = uri.split_once('?').unwrap();
    assert_eq!(endpoint, AUTHORIZE_URL);
    let asked: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let expected = [
        ("response_type", "code"),
        ("client_id", "app"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid email read write"),
        ("resource", API),
        ("org_id", "two"),
    ];
    assert_eq!(asked, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    place.set(|settings| settings.app_policy = AppPolicy::Approved).await;
    assert_eq!(place.refused(&token, two).await, (LOST, Some("app_not_allowed")));
    place.decide(Approved).await;
    token = text(&place.refresh(&token, two).await, "refresh_token").to_owned();
    place.decide(Removed).await;
    assert_eq!(place.refused(&token, two).await, (LOST, Some("app_removed")));
    place.set(|settings| settings.suspended = Some(true)).await;
    assert_eq!(place.refused(&token, two).await, (LOST, Some("tenant_suspended")));
    place.leave().await;
    assert_eq!(place.refused(&token, two).await, (LOST, Some("not_a_member")));
    // None of it stands in the way of the tenant that is left.
    assert_eq!(org_id(&place.refresh(&token, &[]).await), json!("one"));
}

#[tokio::test]
async fn ten_11_an_end_is_not_undone_by_a_return() {
    let ends: [(&str, &str); 3] = [("suspended", "tenant_suspended"), ("removed", "app_removed"), ("left", "not_a_member")];
    for (end, reason) in ends {
        let place = Place::new().await;
        let first = place.tokens().await;
        let second = place.refresh(text(&first, "refresh_token"), &[("org_id", "two")]).await;
        assert!(place.is_active(text(&second, "access_token")).await);
        place.decide(Installed).await;
        place.world.clock.advance(Duration::from_secs(1));
        match end {
            "suspended" => place.set(|settings| settings.suspended = Some(true)).await,
            "removed" => place.decide(Removed).await,
            _ => place.leave().await,
        }
        for answer in [&first, &second] {
            let is_other = org_id(answer) == json!("one");
            assert_eq!(place.is_active(text(answer, "access_token")).await, is_other, "{end}");
        }
        assert_eq!(place.world.userinfo(text(&second, "access_token")).await, Err("invalid_token"), "{end}");
        place.world.clock.advance(Duration::from_secs(1));
        match end {
            "suspended" => place.set(|_| {}).await,
            "removed" => place.decide(Installed).await,
            _ => place.join().await,
        }
        assert!(!place.is_active(text(&second, "access_token")).await, "{end}");
        let refused = place.refused(text(&second, "refresh_token"), &[("org_id", "two")]).await;
        assert_eq!(refused, ("invalid_grant", Some(reason)), "{end}");
        place.world.clock.advance(Duration::from_secs(1));
        let anew = place.tokens().await;
        assert_eq!(org_id(&place.refresh(text(&anew, "refresh_token"), &[("org_id", "two")]).await), json!("two"), "{end}");
    }
}

#[tokio::test]
async fn realms_differ_in_what_they_demand() {
    for (demand, asked, expected) in [
        (NoTenants, Some("one"), ("invalid_request", Some("tenants_not_used"))),
        (Required, None, ("invalid_grant", Some("no_tenant"))),
        (Optional, Some("one"), ("access_denied", Some("tenant_not_granted"))),
    ] {
        let place = Place::with(Optional).await;
        let token = text(&place.world.tokens(&place.app).await, "refresh_token").to_owned();
        let mut realm = place.world.snapshot().await.realm.clone();
        realm.settings.tenants = demand;
        place.world.store.transact(realm.id, async |tx| Ok(tx.realms().update(&realm).await?)).await.unwrap();
        place.world.store.snapshots().poll().await.unwrap();
        let more: Vec<(&str, &str)> = asked.map(|org_id| ("org_id", org_id)).into_iter().collect();
        assert_eq!(place.refused(&token, &more).await, expected);
    }
    let place = Place::with(Optional).await;
    assert_eq!(org_id(&place.world.tokens(&place.app).await), Value::Null);
}

#[tokio::test]
async fn an_app_acts_for_a_tenant_that_uses_it() {
    let two: &[(&str, &str)] = &[("org_id", "two")];
    let denied = |reason| Err(("access_denied", Some(reason)));
    let said = async |place: &Place| place.machine(two).await.map(|claims| claims["org_id"] == "two");
    let place = Place::new().await;
    assert_eq!(place.machine(&[]).await.unwrap().get("org_id"), None);
    assert_eq!(said(&place).await, denied("app_not_installed"));
    let unknown = place.machine(&[("org_id", "three")]).await.map(|_| true);
    assert_eq!(unknown, denied("app_not_installed"));
    for (policy, standing, expected) in [
        (AppPolicy::All, Installed, Ok(true)),
        (AppPolicy::All, Blocked, denied("app_not_installed")),
        (AppPolicy::Approved, Installed, denied("app_not_allowed")),
        (AppPolicy::Approved, Approved, Ok(true)),
        (AppPolicy::BlockList, Approved, Ok(true)),
        (AppPolicy::BlockList, Removed, denied("app_not_installed")),
    ] {
        place.set(|settings| settings.app_policy = policy).await;
        place.decide(standing).await;
        assert_eq!(said(&place).await, expected, "{policy} {standing}");
    }
    place.decide(Approved).await;
    place.set(|settings| settings.suspended = Some(true)).await;
    assert_eq!(said(&place).await, denied("tenant_suspended"));
    let elsewhere = Place::with(NoTenants).await;
    assert_eq!(said(&elsewhere).await, Err(("invalid_request", Some("tenants_not_used"))));
}

#[tokio::test]
async fn ten_11_an_app_that_was_never_heard_of_can_be_blocked_for_good() {
    let place = Place::new().await;
    place.set(|settings| settings.app_policy = AppPolicy::BlockList).await;
    let token = text(&place.tokens().await, "refresh_token").to_owned();
    let two: &[(&str, &str)] = &[("org_id", "two")];
    place.world.clock.advance(Duration::from_secs(1));
    place.decide(Blocked).await;
    assert_eq!(place.refused(&token, two).await, ("invalid_grant", Some("app_removed")));
    for standing in [Installed, Removed, Blocked, Approved] {
        place.decide(standing).await;
        assert_eq!(place.refused(&token, two).await, ("invalid_grant", Some("app_removed")), "{standing}");
    }
    // A grant from while it was blocked, where the policy let it through, does not outlive the return.
    place.set(|_| {}).await;
    place.decide(Blocked).await;
    place.world.clock.advance(Duration::from_secs(2));
    let between = text(&place.tokens().await, "refresh_token").to_owned();
    assert_eq!(org_id(&place.refresh(&between, two).await), json!("two"));
    place.world.clock.advance(Duration::from_secs(7));
    let between = text(&place.tokens().await, "refresh_token").to_owned();
    place.world.clock.advance(Duration::from_secs(2));
    place.decide(Approved).await;
    assert_eq!(place.refused(&between, two).await, ("invalid_grant", Some("app_removed")));
}

#[tokio::test]
async fn ten_11_a_machines_token_ends_with_its_installation() {
    let place = Place::new().await;
    place.decide(Installed).await;
    place.world.clock.advance(Duration::from_secs(1));
    let form = place.app.form(&[("grant_type", "client_credentials"), ("org_id", "two")]);
    let token = text(&place.world.token(&form).await.unwrap(), "access_token").to_owned();
    assert!(place.is_active(&token).await);
    place.world.clock.advance(Duration::from_secs(1));
    place.decide(Removed).await;
    assert!(!place.is_active(&token).await);
    place.decide(Approved).await;
    assert!(!place.is_active(&token).await);
}

#[tokio::test]
async fn scopes_of_a_tenants_admins_need_their_approval() {
    let place = Place::new().await;
    let mut write = place.world.snapshot().await.scopes.iter().find(|scope| scope.name == "write").unwrap().clone();
    write.tier = ScopeTier::TenantAdmin;
    place.world.store.transact(place.world.realm_id(), async |tx| Ok(tx.scopes().update(&write).await?)).await.unwrap();
    place.world.store.snapshots().poll().await.unwrap();
    place.decide(Installed).await;
    let scope = |claims: Value| claims["scope"].clone();
    let two: &[(&str, &str)] = &[("org_id", "two")];
    assert_eq!(scope(place.machine(&[]).await.unwrap()), "read");
    assert_eq!(scope(place.machine(two).await.unwrap()), "read");
    let first = place.tokens().await;
    assert_eq!(first["scope"], "openid email read");
    place.decide(Approved).await;
    assert_eq!(scope(place.machine(two).await.unwrap()), "read write");
    let second = place.refresh(text(&first, "refresh_token"), two).await;
    assert_eq!(second["scope"], "openid email read write");
    // What is taken back is gone from tokens that are out, too.
    let seen =
        async || place.world.introspect(&place.app.form(&[("token", text(&second, "access_token"))])).await.unwrap()["scope"].clone();
    assert_eq!(seen().await, "openid email read write");
    place.decide(Installed).await;
    assert_eq!(seen().await, "openid email read");
    assert_eq!(place.machine(&[("scope", "write")]).await, Err(("invalid_scope", None)));
}

#[tokio::test]
async fn an_opaque_token_knows_its_tenant() {
    let place = Place::new().await;
    let mut api = place.world.snapshot().await.resources.iter().find(|resource| resource.audience == API).unwrap().clone();
    api.token_format = TokenFormat::Opaque;
    place.world.store.transact(place.world.realm_id(), async |tx| Ok(tx.resources().update(&api).await?)).await.unwrap();
    place.world.store.snapshots().poll().await.unwrap();
    let token = text(&place.tokens().await, "access_token").to_owned();
    let said = place.world.introspect(&place.app.form(&[("token", &token)])).await.unwrap();
    assert_eq!((&said["active"], &said["org_id"]), (&json!(true), &json!("one")));
}

#[tokio::test]
async fn a_code_ends_with_the_place_that_it_was_for() {
    let place = Place::new().await;
    let code = place
        .world
        .code(&place.app, |grant, _| {
            grant.tenants = vec![place.two.id];
            grant.default_tenant = Some(place.two.id);
        })
        .await;
    place.leave().await;
    let form = place.app.form(&[("grant_type", "authorization_code"), ("code", code.expose()), ("redirect_uri", CALLBACK)]);
    assert_eq!(place.world.refusal(&form).await, ("invalid_grant", Some("not_a_member")));
    assert_eq!(place.world.refusal(&form).await, ("invalid_grant", None), "it is burnt");
}
