//! What the admins of a tenant may do for it, and what they cannot reach.

use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::{DomainId, TenantId};
use gantry_core::paging::Find;
use gantry_core::tenant::{AppPolicy, SignInRule, Tenant, TenantBranding, TenantRole};
use gantry_core::user::User;
use gantry_identity::members::{self, MemberSettings};
use gantry_identity::tenants::{self, NewTenant, TenantSettings};
use gantry_identity::{domains, installations};

use crate::world::World;

pub(crate) fn refusal<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> Refusal {
    match outcome {
        Err(Failure::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

fn code<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> ErrorCode {
    refusal(outcome).code
}

impl World {
    pub(crate) async fn customer(&self, org_id: &str) -> Tenant {
        let settings = TenantSettings {
            name: org_id.to_owned(),
            app_policy: AppPolicy::All,
            max_sign_in_age: None,
            password_min_length: None,
            sign_in: SignInRule::Any,
            branding: TenantBranding::default(),
            suspended: None,
        };
        let (new, now) = (NewTenant { org_id: Some(org_id.to_owned()), settings }, self.now());
        self.store.transact(self.realm.id, async |tx| tenants::create(tx, Actor::System, new.clone(), now).await).await.unwrap()
    }

    pub(crate) async fn place(&self, tenant: &Tenant, user: &User, role: TenantRole) {
        let now = self.now();
        let work = async |tx: &_| members::put(tx, Actor::System, tenant.id, user.id, MemberSettings::with(role), now).await;
        self.store.transact(self.realm.id, work).await.unwrap();
    }

    /// The admin of a tenant, as an actor.
    pub(crate) fn admin_of(&self, tenant: &Tenant, user: &User) -> Actor {
        Actor::TenantAdmin { user: user.id, realm: self.realm.id, tenant: tenant.id }
    }

    async fn change(&self, actor: Actor, id: TenantId, settings: TenantSettings) -> Result<Tenant, Failure> {
        let now = self.now();
        self.store.transact(self.realm.id, async |tx| tenants::update(tx, actor, id, settings.clone(), now).await).await
    }

    async fn set_role(&self, actor: Actor, tenant: &Tenant, user: &User, settings: MemberSettings) -> Result<(), Failure> {
        let now = self.now();
        let work = async |tx: &_| members::put(tx, actor, tenant.id, user.id, settings, now).await.map(drop);
        self.store.transact(self.realm.id, work).await
    }

    async fn take_out(&self, actor: Actor, tenant: &Tenant, user: &User) -> Result<(), Failure> {
        let now = self.now();
        self.store.transact(self.realm.id, async |tx| members::remove(tx, actor, tenant.id, user.id, now).await).await
    }
}

/// A tenant with an admin and a member, another tenant, and somebody of the realm who belongs to neither.
struct Scene {
    world: World,
    alder: Tenant,
    birch: Tenant,
    ada: User,
    ben: User,
    stranger: User,
    admin: Actor,
}

async fn scene() -> Scene {
    let world = World::new().await;
    let (alder, birch) = (world.customer("alder").await, world.customer("birch").await);
    let (ada, ben) = (world.person("ada@alder.example").await, world.person("ben@alder.example").await);
    let stranger = world.person("eve@birch.example").await;
    world.place(&alder, &ada, TenantRole::TenantAdmin).await;
    world.place(&alder, &ben, TenantRole::Member).await;
    world.place(&birch, &stranger, TenantRole::Member).await;
    let admin = world.admin_of(&alder, &ada);
    Scene { world, alder, birch, ada, ben, stranger, admin }
}

#[tokio::test]
async fn a_tenants_admin_changes_their_part_of_it() {
    let Scene { world, alder, admin, .. } = scene().await;
    let branding = TenantBranding { accent: Some("#1D4ED8".to_owned()), welcome: Some(" Hello,  Alder ".to_owned()) };
    let settings = TenantSettings {
        name: "Alder AG".to_owned(),
        app_policy: AppPolicy::Approved,
        max_sign_in_age: Some(3600),
        password_min_length: None,
        sign_in: SignInRule::Federated,
        branding,
        suspended: None,
    };
    let changed = world.change(admin, alder.id, settings.clone()).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.sign_in, changed.suspended_at), ("Alder AG", SignInRule::Federated, None));
    let look = (changed.branding.accent.as_deref(), changed.branding.welcome.as_deref());
    assert_eq!(look, (Some("#1d4ed8"), Some("Hello, Alder")));
    // The same again, as a form that says nothing new: no suspension moves.
    world.change(admin, alder.id, TenantSettings { suspended: Some(false), ..settings.clone() }).await.unwrap();
    let suspended = TenantSettings { suspended: Some(true), ..settings.clone() };
    assert_eq!(code(world.change(admin, alder.id, suspended).await), ErrorCode::Forbidden);
    let branding = TenantBranding { accent: Some("red;}".to_owned()), welcome: Some("x\u{202e}y".to_owned()) };
    let wrong = TenantSettings { name: String::new(), max_sign_in_age: Some(59), branding, ..settings };
    let fields: Vec<String> = refusal(world.change(admin, alder.id, wrong).await).fields.into_iter().map(|problem| problem.field).collect();
    assert_eq!(fields, ["name", "max_sign_in_age", "branding.accent", "branding.welcome"]);
}

#[tokio::test]
async fn ten_02_another_tenant_looks_like_none_to_a_tenants_admin() {
    let Scene { world, birch, admin, stranger, .. } = scene().await;
    let (id, now, unknown) = (world.realm.id, world.now(), TenantId::new());
    let claimed =
        world.store.transact(id, async |tx| domains::claim(tx, Actor::System, birch.id, "birch.example", now).await).await.unwrap();
    let rows = world.store.read(id);
    let as_unknown = |known: Refusal, unknown: Refusal| {
        assert_eq!((known.code, known.description), (ErrorCode::NotFound, unknown.description));
        assert_eq!(known.fields, unknown.fields);
    };
    let page = Find::default();
    as_unknown(refusal(tenants::find(&rows, admin, birch.id).await), refusal(tenants::find(&rows, admin, unknown).await));
    as_unknown(
        refusal(tenants::find_by_org_id(&rows, admin, "birch").await),
        refusal(tenants::find_by_org_id(&rows, admin, "nobody").await),
    );
    as_unknown(refusal(members::list(&rows, admin, birch.id, &page).await), refusal(members::list(&rows, admin, unknown, &page).await));
    as_unknown(refusal(domains::list(&rows, admin, birch.id).await), refusal(domains::list(&rows, admin, unknown).await));
    as_unknown(refusal(domains::find(&rows, admin, claimed.id).await), refusal(domains::find(&rows, admin, DomainId::new()).await));
    as_unknown(refusal(installations::list(&rows, admin, birch.id).await), refusal(installations::list(&rows, admin, unknown).await));
    let remove = async |domain| world.store.transact(id, async |tx| domains::remove(tx, admin, domain, now).await).await;
    as_unknown(refusal(remove(claimed.id).await), refusal(remove(DomainId::new()).await));
    let settings = TenantSettings::of(&birch);
    as_unknown(refusal(world.change(admin, birch.id, settings.clone()).await), refusal(world.change(admin, unknown, settings).await));
    as_unknown(
        refusal(world.take_out(admin, &birch, &stranger).await),
        refusal(world.take_out(admin, &Tenant { id: unknown, ..birch.clone() }, &stranger).await),
    );
    for refused in [refusal(tenants::list(&rows, admin, &page).await), refusal(domains::vouch(&rows, admin, claimed.id, now).await)] {
        assert_eq!(refused.code, ErrorCode::NotFound);
    }
}

#[tokio::test]
async fn ten_03_a_tenants_admin_brings_in_nobody_and_finds_nobody() {
    let Scene { world, alder, admin, ben, stranger, .. } = scene().await;
    // Somebody of the realm who is no member is nobody, like an id that was never given.
    let put = async |user: &User| world.set_role(admin, &alder, user, MemberSettings::with(TenantRole::Member)).await;
    let nobody = User { id: gantry_core::id::UserId::new(), ..stranger.clone() };
    let (known, unknown) = (refusal(put(&stranger).await), refusal(put(&nobody).await));
    assert_eq!((known.code, known.description), (ErrorCode::NotFound, unknown.description));
    put(&ben).await.unwrap();
    let glass = MemberSettings { role: TenantRole::Member, break_glass: true };
    assert_eq!(code(world.set_role(admin, &alder, &ben, glass).await), ErrorCode::Forbidden);
    let rows = world.store.read(world.realm.id);
    assert_eq!(code(members::find(&rows, admin, alder.id, stranger.id).await), ErrorCode::NotFound);
    let listed = members::list(&rows, admin, alder.id, &Find::default()).await.unwrap();
    let addresses: Vec<&str> = listed.items.iter().map(|member| member.user.email.as_str()).collect();
    assert_eq!(addresses, ["ben@alder.example", "ada@alder.example"]);
}

#[tokio::test]
async fn the_last_admin_of_a_tenant_stays_one_until_there_is_another() {
    let Scene { world, alder, admin, ada, ben, .. } = scene().await;
    let demote = async |actor| world.set_role(actor, &alder, &ada, MemberSettings::with(TenantRole::Member)).await;
    assert_eq!(code(demote(admin).await), ErrorCode::Conflict);
    assert_eq!(code(world.take_out(admin, &alder, &ada).await), ErrorCode::Conflict);
    world.set_role(admin, &alder, &ben, MemberSettings::with(TenantRole::TenantAdmin)).await.unwrap();
    demote(admin).await.unwrap();
    // An admin of the realm may leave it to nobody.
    world.take_out(Actor::System, &alder, &ben).await.unwrap();
}

#[tokio::test]
async fn a_change_does_not_end_a_suspension_that_it_did_not_know_of() {
    let Scene { world, alder, admin, .. } = scene().await;
    let seen = TenantSettings { name: "Alder AG".to_owned(), ..TenantSettings::of(&alder) };
    let (id, now) = (world.realm.id, world.now());
    world.store.transact(id, async |tx| tenants::suspend(tx, Actor::System, alder.id, true, now).await).await.unwrap();
    let changed = world.change(admin, alder.id, seen).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.suspended_at), ("Alder AG", Some(now)));
    let later = now.plus(Duration::from_mins(1));
    let resumed = world.store.transact(id, async |tx| tenants::suspend(tx, Actor::System, alder.id, false, later).await).await.unwrap();
    assert_eq!((resumed.suspended_at, resumed.not_before), (None, Some(later.before_second())));
    assert_eq!(
        code(world.store.transact(id, async |tx| tenants::suspend(tx, admin, alder.id, true, later).await).await),
        ErrorCode::NotFound
    );
}

#[tokio::test]
async fn lists_come_in_pages() {
    let world = World::new().await;
    for org_id in ["a", "b", "c"] {
        world.customer(org_id).await;
    }
    let (rows, now) = (world.store.read(world.realm.id), world.now());
    let mut find = Find { limit: 2, ..Find::default() };
    let first = tenants::list(&rows, Actor::System, &find).await.unwrap();
    let names = |page: &gantry_core::paging::Page<Tenant>| page.items.iter().map(|tenant| tenant.org_id.clone()).collect::<Vec<_>>();
    assert_eq!(names(&first), ["c", "b"]);
    find.after = first.next;
    let second = tenants::list(&rows, Actor::System, &find).await.unwrap();
    assert_eq!((names(&second), second.next), (vec!["a".to_owned()], None));
    let id = first.items.first().unwrap().id;
    world.store.transact(world.realm.id, async |tx| tenants::suspend(tx, Actor::System, id, true, now).await).await.unwrap();
    let find = Find { facets: vec!["is:suspended".to_owned()], ..Find::default() };
    assert_eq!(names(&tenants::list(&rows, Actor::System, &find).await.unwrap()), ["c"]);
}
