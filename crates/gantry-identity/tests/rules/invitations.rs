//! Invitations: who may send them, what their link is worth, and to whom.

use gantry_core::actor::Actor;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Failure;
use gantry_core::id::InvitationId;
use gantry_core::invitation::{Invitation, InvitationState, InvitedRole};
use gantry_core::outbox::MailKind;
use gantry_core::paging::Find;
use gantry_core::secret::Secret;
use gantry_core::tenant::{Tenant, TenantRole};
use gantry_core::user::{RealmRole, User};
use gantry_identity::invitations::{self, Accepted, NewInvitation};
use gantry_identity::members::{self, MemberSettings};
use gantry_identity::sign_in::password::SignIn;
use gantry_identity::sign_up::NewAccount;
use gantry_identity::tenants;

use crate::tenants::refusal;
use crate::world::{Browser, PASSWORD, World, address};

const LINK: &str = "https://x/invitation?token=";

impl World {
    async fn invite(&self, actor: Actor, tenant: Option<&Tenant>, email: &str, role: InvitedRole) -> Result<Invitation, Failure> {
        let (now, tenant) = (self.now(), tenant.map(|tenant| tenant.id));
        let new = NewInvitation { tenant, email: address(email), role, locale: "en".to_owned() };
        self.store.transact(self.realm.id, async |tx| invitations::invite(tx, actor, new.clone(), LINK, now).await).await
    }

    async fn resend(&self, actor: Actor, id: InvitationId) -> Result<Invitation, Failure> {
        let now = self.now();
        self.store.transact(self.realm.id, async |tx| invitations::resend(tx, actor, id, LINK, now).await).await
    }

    async fn take_back(&self, actor: Actor, id: InvitationId) -> Result<(), Failure> {
        let now = self.now();
        self.store.transact(self.realm.id, async |tx| invitations::revoke(tx, actor, id, now).await).await
    }

    /// The link of the invitation that was mailed last.
    async fn invited(&self) -> Secret {
        let mails = self.mails().await;
        let link = mails.iter().rev().find_map(|mail| {
            let MailKind::Invitation { link, .. } = &mail.kind else { return None };
            link.strip_prefix(LINK).map(str::to_owned)
        });
        Secret::new(link.unwrap())
    }

    async fn anew(&self, token: &Secret, email: &str) -> Accepted {
        let account = NewAccount::check(&self.realm, email, "Nia", &Secret::new(PASSWORD)).unwrap();
        self.identity.accept_invitation_anew(&self.realm, token, account, &Browser::new().visit()).await.unwrap()
    }

    async fn accept(&self, token: &Secret, user: &User) -> Accepted {
        self.identity.accept_invitation(&self.realm, token, user.id, &Browser::new().visit()).await.unwrap()
    }

    async fn role_in(&self, tenant: &Tenant, user: &User) -> Option<TenantRole> {
        self.store.read(self.realm.id).memberships().find(tenant.id, user.id).await.unwrap().map(|place| place.role)
    }
}

/// A tenant with an admin.
async fn scene() -> (World, Tenant, User, Actor) {
    let world = World::new().await;
    let (alder, ada) = (world.customer("alder").await, world.person("ada@alder.example").await);
    world.place(&alder, &ada, TenantRole::TenantAdmin).await;
    let admin = world.admin_of(&alder, &ada);
    (world, alder, ada, admin)
}

const fn over(accepted: &Accepted) -> Option<InvitationState> {
    if let Accepted::Over(state) = accepted { *state } else { None }
}

#[tokio::test]
async fn an_invitation_makes_an_account_with_just_that_address() {
    let (world, alder, _, admin) = scene().await;
    let sent = world.invite(admin, Some(&alder), "nia@new.example", InvitedRole::TenantAdmin).await.unwrap();
    assert_eq!(sent.state(world.now()), InvitationState::Pending);
    let token = world.invited().await;
    let seen = world.identity.pending_invitation(&world.realm, &token).await.unwrap().unwrap();
    assert_eq!((seen.state, seen.has_account), (InvitationState::Pending, false));
    assert_eq!(seen.tenant.as_ref().map(|tenant| tenant.id), Some(alder.id));
    assert!(matches!(world.anew(&token, "someone@else.example").await, Accepted::NotTheirs));
    let Accepted::Done { opened: Some(opened), .. } = world.anew(&token, "nia@new.example").await else { panic!("not accepted") };
    assert!(opened.user.email_verified_at.is_some());
    assert_eq!(world.role_in(&alder, &opened.user).await, Some(TenantRole::TenantAdmin));
    assert!(matches!(world.try_sign_in(&Browser::new(), "nia@new.example", PASSWORD).await, SignIn::Done(_)));
    // Once, whoever comes.
    assert_eq!(over(&world.anew(&token, "nia@new.example").await), Some(InvitationState::Accepted));
    assert_eq!(over(&world.accept(&token, &opened.user).await), Some(InvitationState::Accepted));
}

#[tokio::test]
async fn an_account_that_is_there_takes_it_by_signing_in() {
    let (world, alder, _, admin) = scene().await;
    let (ben, eve) = (world.person("ben@alder.example").await, world.person("eve@alder.example").await);
    world.invite(admin, Some(&alder), "ben@alder.example", InvitedRole::Member).await.unwrap();
    let token = world.invited().await;
    assert!(matches!(world.anew(&token, "ben@alder.example").await, Accepted::HasAccount));
    assert!(matches!(world.accept(&token, &eve).await, Accepted::NotTheirs));
    assert!(matches!(world.accept(&token, &ben).await, Accepted::Done { opened: None, .. }));
    assert_eq!((world.role_in(&alder, &ben).await, world.role_in(&alder, &eve).await), (Some(TenantRole::Member), None));
    // A member can be asked to administer; an admin to nothing less.
    let again = refusal(world.invite(admin, Some(&alder), "ben@alder.example", InvitedRole::Member).await);
    assert_eq!(again.code, ErrorCode::Conflict);
    world.advance(2);
    world.invite(admin, Some(&alder), "ben@alder.example", InvitedRole::TenantAdmin).await.unwrap();
    assert!(matches!(world.accept(&world.invited().await, &ben).await, Accepted::Done { .. }));
    assert_eq!(world.role_in(&alder, &ben).await, Some(TenantRole::TenantAdmin));
}

#[tokio::test]
async fn pre_20_a_new_link_voids_the_old_one_and_mail_comes_once_a_minute() {
    let (world, alder, _, admin) = scene().await;
    let sent = world.invite(admin, Some(&alder), "nia@new.example", InvitedRole::Member).await.unwrap();
    let first = world.invited().await;
    for outcome in [world.resend(admin, sent.id).await, world.invite(admin, Some(&alder), "nia@new.example", InvitedRole::Member).await] {
        assert_eq!(refusal(outcome).code, ErrorCode::TooManyRequests);
    }
    world.advance(2);
    world.resend(admin, sent.id).await.unwrap();
    let second = world.invited().await;
    assert!(world.identity.pending_invitation(&world.realm, &first).await.unwrap().is_none());
    world.advance(2);
    let replaced = world.invite(admin, Some(&alder), "nia@new.example", InvitedRole::TenantAdmin).await.unwrap();
    assert_eq!(over(&world.anew(&second, "nia@new.example").await), Some(InvitationState::Revoked));
    world.take_back(admin, replaced.id).await.unwrap();
    assert_eq!(over(&world.anew(&world.invited().await, "nia@new.example").await), Some(InvitationState::Revoked));
    assert_eq!(refusal(world.take_back(admin, replaced.id).await).code, ErrorCode::Conflict);
    assert_eq!(refusal(world.resend(admin, replaced.id).await).code, ErrorCode::TooManyRequests);
    world.advance(2);
    assert_eq!(refusal(world.resend(admin, replaced.id).await).code, ErrorCode::Conflict);
}

#[tokio::test]
async fn an_invitation_ends_after_a_week() {
    let (world, alder, _, admin) = scene().await;
    world.invite(admin, Some(&alder), "nia@new.example", InvitedRole::Member).await.unwrap();
    let token = world.invited().await;
    world.advance(7 * 24 * 60);
    assert_eq!(over(&world.anew(&token, "nia@new.example").await), Some(InvitationState::Expired));
}

#[tokio::test]
async fn ten_15_what_an_admin_sent_falls_with_their_role() {
    let (world, alder, ada, admin) = scene().await;
    let ben = world.person("ben@alder.example").await;
    world.place(&alder, &ben, TenantRole::TenantAdmin).await;
    let sent = world.invite(admin, Some(&alder), "nia@new.example", InvitedRole::TenantAdmin).await.unwrap();
    let token = world.invited().await;
    let now = world.now();
    let demote = async |tx: &_| members::put(tx, Actor::System, alder.id, ada.id, MemberSettings::with(TenantRole::Member), now).await;
    world.store.transact(world.realm.id, demote).await.unwrap();
    assert_eq!(over(&world.anew(&token, "nia@new.example").await), Some(InvitationState::Revoked));
    let rows = world.store.read(world.realm.id);
    let listed = invitations::find(&rows, Actor::System, sent.id).await.unwrap();
    assert_eq!(listed.state(now), InvitationState::Revoked);
    // A realm admin's role may go in many ways: what they sent is judged when somebody takes it.
    let boss = world.person("boss@platform.example").await;
    let chief = User { roles: vec![RealmRole::RealmAdmin], ..boss.clone() };
    world.store.transact(world.realm.id, async |tx| Ok(tx.users().update(&chief).await?)).await.unwrap();
    world
        .invite(Actor::RealmAdmin { user: boss.id, realm: world.realm.id }, None, "new@platform.example", InvitedRole::RealmAdmin)
        .await
        .unwrap();
    let token = world.invited().await;
    world.store.transact(world.realm.id, async |tx| Ok(tx.users().update(&boss).await?)).await.unwrap();
    assert_eq!(over(&world.anew(&token, "new@platform.example").await), Some(InvitationState::Revoked));
    world.store.transact(world.realm.id, async |tx| Ok(tx.users().update(&chief).await?)).await.unwrap();
    let Accepted::Done { opened: Some(opened), .. } = world.anew(&token, "new@platform.example").await else { panic!("not accepted") };
    assert_eq!(opened.user.roles, [RealmRole::RealmAdmin]);
}

#[tokio::test]
async fn ten_03_nobody_gives_by_mail_what_they_could_not_give() {
    let (world, alder, _, admin) = scene().await;
    let birch = world.customer("birch").await;
    for (tenant, role, refused) in [
        (None, InvitedRole::RealmAdmin, ErrorCode::NotFound),
        (None, InvitedRole::Operator, ErrorCode::NotFound),
        (Some(&alder), InvitedRole::RealmAdmin, ErrorCode::Forbidden),
        (Some(&alder), InvitedRole::Operator, ErrorCode::Forbidden),
        (Some(&birch), InvitedRole::Member, ErrorCode::NotFound),
    ] {
        assert_eq!(refusal(world.invite(admin, tenant, "x@new.example", role).await).code, refused, "{role}");
    }
    let boss = Actor::RealmAdmin { user: world.person("boss@platform.example").await.id, realm: world.realm.id };
    assert_eq!(refusal(world.invite(boss, None, "x@new.example", InvitedRole::Operator).await).code, ErrorCode::Forbidden);
    assert_eq!(refusal(world.invite(Actor::System, None, "x@new.example", InvitedRole::Operator).await).code, ErrorCode::InvalidRequest);
    let theirs = world.invite(boss, Some(&birch), "x@new.example", InvitedRole::Member).await.unwrap();
    let unknown = refusal(world.take_back(admin, InvitationId::new()).await);
    let refused = refusal(world.take_back(admin, theirs.id).await);
    assert_eq!((refused.code, refused.description), (unknown.code, unknown.description));
    let rows = world.store.read(world.realm.id);
    assert_eq!(refusal(invitations::list(&rows, admin, Some(birch.id), &Find::default()).await).code, ErrorCode::NotFound);
    assert_eq!(refusal(invitations::list(&rows, admin, None, &Find::default()).await).code, ErrorCode::NotFound);
    assert!(invitations::list(&rows, admin, Some(alder.id), &Find::default()).await.unwrap().items.is_empty());
}

#[tokio::test]
async fn nobody_joins_a_suspended_tenant() {
    let (world, alder, _, admin) = scene().await;
    world.invite(admin, Some(&alder), "nia@new.example", InvitedRole::Member).await.unwrap();
    let (token, now) = (world.invited().await, world.now());
    let suspend = async |suspended| {
        world.store.transact(world.realm.id, async |tx| tenants::suspend(tx, Actor::System, alder.id, suspended, now).await).await.unwrap()
    };
    suspend(true).await;
    assert_eq!(over(&world.anew(&token, "nia@new.example").await), Some(InvitationState::Revoked));
    assert_eq!(refusal(world.invite(admin, Some(&alder), "x@new.example", InvitedRole::Member).await).code, ErrorCode::Conflict);
    suspend(false).await;
    assert!(matches!(world.anew(&token, "nia@new.example").await, Accepted::Done { .. }));
}

#[tokio::test]
async fn an_invitation_is_accepted_once_however_many_hurry() {
    let (world, alder, _, admin) = scene().await;
    let ben = world.person("ben@alder.example").await;
    world.invite(admin, Some(&alder), "ben@alder.example", InvitedRole::Member).await.unwrap();
    let token = world.invited().await;
    let (one, two, three) = tokio::join!(world.accept(&token, &ben), world.accept(&token, &ben), world.accept(&token, &ben));
    let done = [one, two, three].iter().filter(|accepted| matches!(accepted, Accepted::Done { .. })).count();
    assert_eq!(done, 1);
}
