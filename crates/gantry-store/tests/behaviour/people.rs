//! People, passwords, sessions, links, tenants, memberships, installations.

use gantry_core::action_link::Action;
use gantry_core::email_address::EmailAddress;
use gantry_core::id::{MembershipId, SessionId, UserId};
use gantry_core::installation::{Installation, InstallationStanding};
use gantry_core::personal_token::PersonalToken;
use gantry_core::tenant::{Membership, TenantRole};
use gantry_core::user::{PasswordCredential, RealmRole, User};
use tokio::task::JoinSet;

use crate::database::TestStore;
use crate::sample::{self, HOUR};

on_each_database! {
    a_person_is_found_by_a_proved_address_only,
    an_address_is_proved_by_one_person,
    one_of_32_proves_an_address,
    roles_are_found,
    people_come_in_pages,
    a_password_is_replaced,
    a_session_ends_once,
    a_link_is_used_once_by_32,
    links_are_made_void,
    an_org_id_is_never_reused,
    an_installation_is_of_one_app_and_tenant,
    a_membership_is_changed_in_place,
    a_removed_person_leaves_nothing_that_works,
    a_personal_token_is_its_owners_until_it_is_purged,
}

async fn a_person_is_found_by_a_proved_address_only(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let mut user = sample::admin(realm, "ada@example.com", store.now());
    user.email_verified_at = None;
    let read = store.read(realm);
    assert!(store.transact(realm, async |tx| Ok(tx.users().insert(&user).await?)).await.unwrap());
    assert_eq!(read.users().find(user.id).await.unwrap().as_ref(), Some(&user));
    assert_eq!(read.users().find_by_email(&user.email).await.unwrap(), None);
    assert_eq!(read.users().list_unverified(&user.email).await.unwrap(), [user.clone()]);
    user.email_verified_at = Some(store.now());
    user.profile.nickname = Some("A".to_owned());
    assert!(store.transact(realm, async |tx| Ok(tx.users().update(&user).await?)).await.unwrap());
    assert_eq!(read.users().find_by_email(&user.email).await.unwrap().as_ref(), Some(&user));
    assert_eq!(read.users().list_unverified(&user.email).await.unwrap(), []);
}

async fn an_address_is_proved_by_one_person(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let first = sample::user(realm, "ada@example.com", store.now());
    let second = sample::user(realm, "ada@example.com", store.now());
    let unproved = User { email_verified_at: None, ..second.clone() };
    let (inserted, refused, allowed, proved) = store
        .transact(realm, async |tx| {
            let users = tx.users();
            let first = users.insert(&first).await?;
            Ok((first, users.insert(&second).await?, users.insert(&unproved).await?, users.update(&second).await?))
        })
        .await
        .unwrap();
    assert_eq!((inserted, refused, allowed, proved), (true, false, true, false));
    assert_eq!(store.read(realm).users().find_by_email(&first.email).await.unwrap().unwrap().id, first.id);
    assert_eq!(store.read(realm).users().find(unproved.id).await.unwrap(), Some(unproved));
}

async fn one_of_32_proves_an_address(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let mut racers = JoinSet::new();
    for _ in 0..32 {
        let proved = sample::user(realm, "ada@example.com", store.now());
        let waiting = User { email_verified_at: None, ..proved.clone() };
        assert!(store.transact(realm, async |tx| Ok(tx.users().insert(&waiting).await?)).await.unwrap());
        let node = (**store).clone();
        racers.spawn(async move { node.transact(realm, async |tx| Ok(tx.users().update(&proved).await?)).await.unwrap() });
    }
    assert_eq!(racers.join_all().await.into_iter().filter(|won| *won).count(), 1);
}

async fn roles_are_found(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let user = sample::a_user(store, realm).await;
    assert!(!store.read(realm).users().any_with_role(RealmRole::RealmAdmin).await.unwrap());
    let admin = User { roles: vec![RealmRole::Operator, RealmRole::RealmAdmin], ..user };
    store.transact(realm, async |tx| Ok(tx.users().update(&admin).await?)).await.unwrap();
    assert!(store.read(realm).users().any_with_role(RealmRole::RealmAdmin).await.unwrap());
    assert_eq!(store.read(realm).users().find(admin.id).await.unwrap(), Some(admin));
}

async fn people_come_in_pages(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let mut all = Vec::new();
    for _ in 0..5 {
        all.push(sample::a_user(store, realm).await.id);
    }
    let page =
        async |after| -> Vec<UserId> { store.read(realm).users().list(after, 2).await.unwrap().iter().map(|user| user.id).collect() };
    assert_eq!(page(None).await, all[..2]);
    assert_eq!(page(Some(all[1])).await, all[2..4]);
    assert_eq!(page(Some(all[3])).await, all[4..]);
}

async fn a_password_is_replaced(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let user = sample::a_user(store, realm).await;
    let read = store.read(realm);
    assert_eq!(read.passwords().find(user.id).await.unwrap(), None);
    for hash in ["$argon2id$1", "$argon2id$2"] {
        let credential = PasswordCredential { user_id: user.id, hash: hash.to_owned(), changed_at: store.now() };
        store.transact(realm, async |tx| Ok(tx.passwords().put(&credential).await?)).await.unwrap();
        assert_eq!(read.passwords().find(user.id).await.unwrap(), Some(credential));
    }
}

async fn a_session_ends_once(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let user = sample::a_user(store, realm).await.id;
    let now = store.now();
    let sessions = [sample::session(realm, user, now), sample::session(realm, user, now), sample::session(realm, user, now)];
    store
        .transact(realm, async |tx| {
            for session in &sessions {
                tx.sessions().insert(session).await?;
            }
            Ok(tx.sessions().touch(sessions[1].id, now.plus(HOUR / 2)).await?)
        })
        .await
        .unwrap();
    let read = store.read(realm);
    assert_eq!(read.sessions().find(sessions[0].id).await.unwrap().as_ref(), Some(&sessions[0]));
    assert_eq!(read.sessions().find_by_digest(sessions[0].digest).await.unwrap().as_ref(), Some(&sessions[0]));
    let live =
        async |at| -> Vec<SessionId> { read.sessions().list_live(user, at).await.unwrap().iter().map(|session| session.id).collect() };
    assert_eq!(live(now).await[0], sessions[1].id, "the last used comes first");
    assert_eq!(live(now.plus(HOUR)).await, []);
    let (first, second, ended) = store
        .transact(realm, async |tx| {
            let first = tx.sessions().end(sessions[0].id, now).await?;
            let second = tx.sessions().end(sessions[0].id, now).await?;
            Ok((first, second, tx.sessions().end_all(user, Some(sessions[2].id), now).await?))
        })
        .await
        .unwrap();
    assert_eq!((first, second), (true, false));
    assert_eq!(ended, [sessions[1].id]);
    assert_eq!(live(now).await, [sessions[2].id]);
    assert_eq!(read.sessions().find(sessions[0].id).await.unwrap().unwrap().ended_at, Some(now));
}

fn verify() -> Action {
    Action::VerifyEmail { email: EmailAddress::parse("ada@example.com").unwrap(), browser: sample::digest().to_text() }
}

async fn a_link_is_used_once_by_32(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let user = sample::a_user(store, realm).await.id;
    let now = store.now();
    let link = sample::link(realm, Some(user), verify(), now);
    store.transact(realm, async |tx| Ok(tx.action_links().insert(&link).await?)).await.unwrap();
    let read = store.read(realm);
    assert_eq!(read.action_links().find_live(link.digest, now).await.unwrap().as_ref(), Some(&link));
    assert_eq!(read.action_links().find_live(link.digest, now.plus(HOUR)).await.unwrap(), None);
    let late = store.transact(realm, async |tx| Ok(tx.action_links().consume(link.digest, now.plus(HOUR)).await?)).await.unwrap();
    assert_eq!(late, None, "an expired link is not used up");
    let mut racers = JoinSet::new();
    for _ in 0..32 {
        let (node, digest) = ((**store).clone(), link.digest);
        racers.spawn(async move { node.transact(realm, async |tx| Ok(tx.action_links().consume(digest, now).await?)).await.unwrap() });
    }
    assert_eq!(racers.join_all().await.into_iter().flatten().count(), 1);
    assert_eq!(read.action_links().find_live(link.digest, now).await.unwrap(), None);
}

async fn links_are_made_void(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let user = sample::a_user(store, realm).await.id;
    let now = store.now();
    let reset = Action::ResetPassword { email: EmailAddress::parse("ada@example.com").unwrap() };
    let links = [
        sample::link(realm, Some(user), verify(), now),
        sample::link(realm, Some(user), reset, now),
        sample::link(realm, None, Action::FirstOperator, now),
    ];
    let live = async || -> Vec<bool> {
        let mut live = Vec::new();
        for link in &links {
            live.push(store.read(realm).action_links().find_live(link.digest, now).await.unwrap().is_some());
        }
        live
    };
    store
        .transact(realm, async |tx| {
            for link in &links {
                tx.action_links().insert(link).await?;
            }
            Ok(tx.action_links().void_for_user(user, Some("verify_email"), now).await?)
        })
        .await
        .unwrap();
    assert_eq!(live().await, [false, true, true]);
    store.transact(realm, async |tx| Ok(tx.action_links().void_for_user(user, None, now).await?)).await.unwrap();
    assert_eq!(live().await, [false, false, true]);
    store.transact(realm, async |tx| Ok(tx.action_links().void_unowned("first_operator", now).await?)).await.unwrap();
    assert_eq!(live().await, [false, false, false]);
}

async fn an_org_id_is_never_reused(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let mut tenant = sample::tenant(realm, store.now());
    let other = gantry_core::tenant::Tenant { org_id: tenant.org_id.clone(), ..sample::tenant(realm, store.now()) };
    let (first, second) =
        store.transact(realm, async |tx| Ok((tx.tenants().insert(&tenant).await?, tx.tenants().insert(&other).await?))).await.unwrap();
    assert_eq!((first, second), (true, false));
    tenant.name = "New name".to_owned();
    tenant.suspended_at = None;
    store.transact(realm, async |tx| Ok(tx.tenants().update(&tenant).await?)).await.unwrap();
    let read = store.read(realm);
    assert_eq!(read.tenants().find(tenant.id).await.unwrap().as_ref(), Some(&tenant));
    assert_eq!(read.tenants().find_by_org_id(&tenant.org_id).await.unwrap().as_ref(), Some(&tenant));
    assert_eq!(read.tenants().list(None, 10).await.unwrap(), [tenant.clone()]);
    assert_eq!(read.tenants().list(Some(tenant.id), 10).await.unwrap(), []);
}

async fn an_installation_is_of_one_app_and_tenant(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let (client, tenant) = (sample::a_client(store, realm).await, sample::tenant(realm, store.now()));
    let installed = Installation {
        realm_id: realm,
        tenant_id: tenant.id,
        client_id: client.id,
        standing: InstallationStanding::Installed,
        not_before: None,
        created_at: store.now(),
        updated_at: store.now(),
    };
    let removed = installed.clone().moved(InstallationStanding::Removed, store.now());
    let (first, second) = store
        .transact(realm, async |tx| {
            tx.tenants().insert(&tenant).await?;
            let first = tx.installations().insert(&installed).await?;
            tx.installations().put(&removed).await?;
            Ok((first, tx.installations().insert(&installed).await?))
        })
        .await
        .unwrap();
    assert_eq!((first, second), (true, false));
    let read = store.read(realm);
    assert_eq!(read.installations().find(tenant.id, client.id).await.unwrap().as_ref(), Some(&removed));
    assert_eq!(read.installations().list_for_client(client.id, &[tenant.id]).await.unwrap(), std::slice::from_ref(&removed));
    assert_eq!(read.installations().list_for_tenant(tenant.id).await.unwrap(), [removed]);
    assert_eq!(read.installations().list_for_client(client.id, &[]).await.unwrap(), []);
    let elsewhere = store.read(sample::a_realm(store).await.id);
    assert_eq!(elsewhere.installations().find(tenant.id, client.id).await.unwrap(), None);
}

async fn a_membership_is_changed_in_place(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let (user, tenant) = (sample::a_user(store, realm).await, sample::tenant(realm, store.now()));
    let member = Membership {
        id: MembershipId::new(),
        tenant_id: tenant.id,
        user_id: user.id,
        role: TenantRole::Member,
        break_glass: false,
        connection_id: None,
        created_at: store.now(),
    };
    let admin = Membership { id: MembershipId::new(), role: TenantRole::TenantAdmin, ..member.clone() };
    store
        .transact(realm, async |tx| {
            tx.tenants().insert(&tenant).await?;
            tx.memberships().put(&member).await?;
            Ok(tx.memberships().put(&admin).await?)
        })
        .await
        .unwrap();
    let expected = [Membership { role: TenantRole::TenantAdmin, ..member }];
    let read = store.read(realm);
    assert_eq!(read.memberships().list_for_user(user.id).await.unwrap(), expected);
    assert_eq!(read.memberships().list_for_tenant(tenant.id).await.unwrap(), expected);
    let (first, second) = store
        .transact(realm, async |tx| {
            Ok((tx.memberships().remove(tenant.id, user.id).await?, tx.memberships().remove(tenant.id, user.id).await?))
        })
        .await
        .unwrap();
    assert_eq!((first, second), (true, false));
}

async fn a_removed_person_leaves_nothing_that_works(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let (user, client, now) = (sample::a_user(store, realm).await, sample::a_client(store, realm).await, store.now());
    let (grant, session) = (sample::grant(realm, user.id, client.id, now), sample::session(realm, user.id, now));
    let (family, consent) = (sample::family(&grant, now), sample::consent(realm, user.id, client.id, None, now));
    let password = PasswordCredential { user_id: user.id, hash: "$argon2id$".to_owned(), changed_at: now };
    store
        .transact(realm, async |tx| {
            tx.passwords().put(&password).await?;
            tx.sessions().insert(&session).await?;
            tx.grants().insert(&grant).await?;
            tx.families().insert(&family).await?;
            tx.consents().put(&consent).await?;
            Ok(tx.users().remove(user.id).await?)
        })
        .await
        .unwrap();
    let read = store.read(realm);
    assert_eq!(read.users().find(user.id).await.unwrap(), None);
    assert_eq!(read.passwords().find(user.id).await.unwrap(), None);
    assert!(read.sessions().find(session.id).await.unwrap().unwrap().ended_at.is_some());
    assert!(read.grants().find(grant.id).await.unwrap().unwrap().revoked_at.is_some());
    assert!(read.families().find(family.id).await.unwrap().unwrap().revoked_at.is_some());
    while store.platform().purge_expired(now, 1).await.unwrap() > 0 {}
    assert_eq!(read.sessions().find(session.id).await.unwrap(), None);
    assert_eq!(read.grants().find(grant.id).await.unwrap(), None);
    assert!(read.families().find(family.id).await.unwrap().is_none());
    assert_eq!(read.consents().find(user.id, client.id, None).await.unwrap(), None);
}

async fn a_personal_token_is_its_owners_until_it_is_purged(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let (user, other) = (sample::a_user(store, realm).await.id, sample::a_user(store, realm).await.id);
    let now = store.now();
    let tenant = sample::tenant(realm, now);
    let token = PersonalToken { tenant_id: Some(tenant.id), ..sample::personal_token(realm, user, now) };
    let second = sample::personal_token(realm, user, now);
    store
        .transact(realm, async |tx| {
            tx.tenants().insert(&tenant).await?;
            assert!(tx.personal_tokens().insert(&token).await?);
            assert!(tx.personal_tokens().insert(&second).await?);
            let namesake = PersonalToken { name: token.name.clone(), ..sample::personal_token(realm, user, now) };
            assert!(!tx.personal_tokens().insert(&namesake).await?, "a person's tokens have each their name");
            let namesake = PersonalToken { name: token.name.clone(), ..sample::personal_token(realm, other, now) };
            assert!(tx.personal_tokens().insert(&namesake).await?, "which another's may have too");
            Ok(tx.personal_tokens().touch(token.id, now).await?)
        })
        .await
        .unwrap();
    let token = PersonalToken { last_used_at: Some(now), ..token };
    let listed = async |user| store.read(realm).personal_tokens().list(user).await.unwrap();
    assert_eq!(store.read(realm).personal_tokens().find(token.digest).await.unwrap().as_ref(), Some(&token));
    assert_eq!(listed(user).await, [second.clone(), token.clone()], "newest first");
    let remove = async |user| store.transact(realm, async |tx| Ok(tx.personal_tokens().remove(user, second.id).await?)).await.unwrap();
    assert!(!remove(other).await, "nobody removes another's");
    assert!(remove(user).await && !remove(user).await);
    let purge = async |at| while store.platform().purge_expired(at, 100).await.unwrap() > 0 {};
    purge(token.expires_at.plus(HOUR * 24 * 29)).await;
    assert_eq!(listed(user).await, std::slice::from_ref(&token), "an expired one is shown for a while");
    purge(token.expires_at.plus(HOUR * 24 * 31)).await;
    assert_eq!(listed(user).await, []);
    assert!(store.transact(realm, async |tx| Ok(tx.personal_tokens().insert(&token).await?)).await.unwrap());
    store.transact(realm, async |tx| Ok(tx.users().remove(user).await?)).await.unwrap();
    assert_eq!(store.read(realm).personal_tokens().find(token.digest).await.unwrap(), None);
}
