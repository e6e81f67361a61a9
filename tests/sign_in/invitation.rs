//! Invitations, from the mail to the place: with a new account, with one that is there, and with the company's own sign-in.

use std::time::Duration;

use gantry_core::actor::Actor;
use gantry_core::email_address::EmailAddress;
use gantry_core::id::{InvitationId, TenantId};
use gantry_core::invitation::InvitedRole;
use gantry_core::tenant::{SignInRule, TenantRole};
use gantry_identity::invitations::{self, NewInvitation};
use gantry_store::RealmTx;

use crate::support::{Browser, Gantry, Person};

const PASSWORD: &str = "a fine and long phrase";

async fn invite(gantry: &Gantry, tenant: Option<TenantId>, address: &str, role: InvitedRole) -> (InvitationId, String) {
    let new = NewInvitation { tenant, email: EmailAddress::parse(address).unwrap(), role, locale: "en".to_owned() };
    let (link_to, now) = (gantry.url("/invitation?token="), gantry_core::clock::Clock::now(&*gantry.clock));
    let before = gantry.mails(address);
    let work = async |tx: &RealmTx| invitations::invite(tx, Actor::CommandLine, new.clone(), &link_to, now).await;
    let invitation = gantry.store.transact(gantry.realm_id().await, work).await.unwrap();
    (invitation.id, gantry.mail(address, before + 1).await.link("/invitation?token="))
}

async fn role_of(gantry: &Gantry, tenant: TenantId, address: &str) -> Option<TenantRole> {
    let rows = gantry.store.read(gantry.realm_id().await);
    let user = rows.users().find_by_email(&EmailAddress::parse(address).unwrap()).await.unwrap()?;
    rows.memberships().find(tenant, user.id).await.unwrap().map(|place| place.role)
}

#[tokio::test]
async fn pre_15_an_invited_person_makes_an_account_once_and_looking_changes_nothing() {
    let gantry = Gantry::start().await;
    let tenant = gantry.tenant("alder").await;
    let (_, link) = invite(&gantry, Some(tenant), "nia@alder.example", InvitedRole::Member).await;
    // A mail scanner that opens links, twice.
    for _ in 0..2 {
        assert_eq!(Browser::new().open(&link).await.status, 200);
    }
    let browser = Browser::new();
    let page = browser.open(&link).await;
    assert!(page.text("main").contains("The alder") && page.text("main").contains("nia@alder.example"), "{}", page.html);
    assert_eq!(page.headers["referrer-policy"], "no-referrer");
    assert_eq!(role_of(&gantry, tenant, "nia@alder.example").await, None);
    let page = browser.submit(&page, "invitation-make", &[("name", "Nia"), ("password", "short")]).await;
    assert_eq!(page.status, 422);
    let page = browser.submit(&page, "invitation-make", &[("name", "Nia"), ("password", PASSWORD)]).await;
    assert_eq!((page.status, page.url.path()), (200, "/account"), "{}", page.html);
    assert!(page.text("main").contains("accepted the invitation"), "{}", page.text("main"));
    assert_eq!(role_of(&gantry, tenant, "nia@alder.example").await, Some(TenantRole::Member));
    let again = Browser::new().open(&link).await;
    assert_eq!(again.status, 410);
    assert!(again.text("main").contains("accepted already"), "{}", again.text("main"));
}

#[tokio::test]
async fn somebody_with_an_account_signs_in_and_comes_back() {
    let gantry = Gantry::start().await;
    let tenant = gantry.tenant("alder").await;
    let (_, link) = invite(&gantry, Some(tenant), Person::ALICE.email, InvitedRole::TenantAdmin).await;
    let browser = Browser::new();
    let page = browser.open(&link).await;
    assert!(!page.has("[name=password]"), "nobody sets a password for an account that is there");
    let page = browser.submit(&page, "invitation-sign-in", &[]).await;
    assert_eq!((page.url.path(), page.url.query()), ("/sign-in", None), "no address of the way carries the token");
    let page = Person::ALICE.sign_in(&browser, &page).await;
    assert_eq!((page.status, page.url.path(), page.url.query()), (200, "/invitation", None), "{}", page.html);
    assert_eq!(role_of(&gantry, tenant, Person::ALICE.email).await, None);
    let page = browser.submit(&page, "invitation-accept", &[]).await;
    assert!(page.url.path().starts_with("/console"), "{}", page.url);
    assert_eq!(role_of(&gantry, tenant, Person::ALICE.email).await, Some(TenantRole::TenantAdmin));
    let page = browser.open(gantry.url("/invitation")).await;
    assert_eq!(page.status, 410, "the browser forgot it");
}

#[tokio::test]
async fn pre_15_an_invitation_is_for_its_address_alone() {
    let gantry = Gantry::start().await;
    let tenant = gantry.tenant("alder").await;
    let (_, link) = invite(&gantry, Some(tenant), "nia@alder.example", InvitedRole::Member).await;
    let browser = Browser::new();
    let page = browser.open(gantry.url("/sign-in")).await;
    Person::ALICE.sign_in(&browser, &page).await;
    let page = browser.open(&link).await;
    assert!(page.has("#invitation-switch") && !page.has("#invitation-accept"), "{}", page.html);
    // A form that says otherwise changes nothing.
    let mut form = page.form("invitation-switch");
    form.fields.iter_mut().filter(|(name, _)| name == "what").for_each(|(_, value)| *value = "accept".to_owned());
    let page = browser.post(&form.action, &form.fields, &[]).await;
    assert!(page.has("#invitation-switch"), "{}", page.html);
    assert_eq!(role_of(&gantry, tenant, Person::ALICE.email).await, None);
}

#[tokio::test]
async fn pre_15_an_old_or_withdrawn_invitation_says_so() {
    let gantry = Gantry::start().await;
    let tenant = gantry.tenant("alder").await;
    let (id, link) = invite(&gantry, Some(tenant), "nia@alder.example", InvitedRole::Member).await;
    let browser = Browser::new();
    let open = browser.open(&link).await;
    let now = gantry_core::clock::Clock::now(&*gantry.clock);
    let revoke = async |tx: &RealmTx| invitations::revoke(tx, Actor::CommandLine, id, now).await;
    gantry.store.transact(gantry.realm_id().await, revoke).await.unwrap();
    let page = browser.submit(&open, "invitation-make", &[("name", "Nia"), ("password", PASSWORD)]).await;
    assert_eq!(page.status, 410);
    assert!(page.text("main").contains("taken back"), "{}", page.text("main"));
    let (_, late) = invite(&gantry, Some(tenant), "late@alder.example", InvitedRole::Member).await;
    gantry.clock.advance(Duration::from_secs(7 * 86_400 + 1));
    let german = Browser::new().with_header("accept-language", "de");
    let page = german.open(&late).await;
    assert_eq!(page.status, 410);
    assert!(page.text("main").contains("mehr als eine Woche"), "{}", page.text("main"));
    assert_eq!(Browser::new().open(gantry.url("/invitation?token=gal_nothing")).await.status, 410);
}

#[tokio::test]
async fn a_company_that_takes_its_own_sign_in_alone_gets_its_invited_people_through_it() {
    let gantry = Gantry::start().await;
    let upstream = gantry.upstream();
    let tenant = gantry.tenant("alder").await;
    let connection = gantry.connection(&upstream, "alder-sso", |_| {}).await;
    gantry.attach(&connection, tenant, |_| {}).await;
    gantry.change_tenant(tenant, |settings| settings.sign_in = SignInRule::OwnConnection).await;
    let (_, link) = invite(&gantry, Some(tenant), "nia@alder.example", InvitedRole::Member).await;
    let browser = Browser::new();
    let page = browser.open(&link).await;
    assert!(!page.has("[name=password]"), "a password would open nothing there");
    assert!(page.has("#provider-1"), "{}", page.html);
    // A form that makes a password nevertheless makes nothing.
    let mut form = page.form("provider-1");
    form.fields.push(("name".to_owned(), "Nia".to_owned()));
    form.fields.push(("password".to_owned(), PASSWORD.to_owned()));
    let refused = browser.post(&gantry.url("/invitation").parse().unwrap(), &form.fields, &[]).await;
    assert!(refused.has("#provider-1"), "{}", refused.html);
    assert_eq!(role_of(&gantry, tenant, "nia@alder.example").await, None);
}

/// Role, tenant and address are the invitation's; whatever a form says of them is not heard.
#[tokio::test]
async fn pre_15_an_invitation_gives_what_it_says_and_nothing_that_a_form_says() {
    let gantry = Gantry::start().await;
    let (alder, birch) = (gantry.tenant("alder").await, gantry.tenant("birch").await);
    let (_, link) = invite(&gantry, Some(alder), "nia@alder.example", InvitedRole::Member).await;
    let browser = Browser::new();
    let page = browser.open(&link).await;
    let fields = [
        ("name", "Nia"),
        ("password", PASSWORD),
        ("role", "tenant_admin"),
        ("roles", "realm_admin"),
        ("email", "other@birch.example"),
        ("username", "other@birch.example"),
        ("tenant", "birch"),
        ("org_id", "birch"),
    ];
    browser.submit(&page, "invitation-make", &fields).await;
    assert_eq!(role_of(&gantry, alder, "nia@alder.example").await, Some(TenantRole::Member));
    assert_eq!(role_of(&gantry, birch, "nia@alder.example").await, None);
    let user = gantry.account("nia@alder.example").await.expect("her account");
    assert!(user.roles.is_empty() && gantry.account("other@birch.example").await.is_none());
    // In another realm the link is nothing.
    let (_, link) = invite(&gantry, Some(alder), "noa@alder.example", InvitedRole::TenantAdmin).await;
    let elsewhere = link.replace(&gantry.base, &gantry.other_realm());
    assert_eq!(Browser::new().open(&elsewhere).await.status, 410);
}

/// An account whose address nobody has proved is not the invited one.
#[tokio::test]
async fn pre_15_an_unproved_account_of_the_address_takes_nothing_and_falls() {
    let gantry = Gantry::start().await;
    let tenant = gantry.tenant("alder").await;
    let squatter = Browser::new();
    let page = squatter.open(gantry.url("/sign-up")).await;
    squatter.submit(&page, "login-submit", &[("name", "A Squatter"), ("username", "nia@alder.example"), ("password", PASSWORD)]).await;
    gantry.mail("nia@alder.example", 1).await;
    let (_, link) = invite(&gantry, Some(tenant), "nia@alder.example", InvitedRole::TenantAdmin).await;
    let page = squatter.open(&link.replace("token=", "token=x")).await;
    assert_eq!(page.status, 410);
    let browser = Browser::new();
    let page = browser.open(&link).await;
    browser.submit(&page, "invitation-make", &[("name", "Nia"), ("password", "another fine and long phrase")]).await;
    assert_eq!(role_of(&gantry, tenant, "nia@alder.example").await, Some(TenantRole::TenantAdmin));
    let page = squatter.open(gantry.url("/sign-in")).await;
    let thief = Person { email: "nia@alder.example", password: PASSWORD };
    thief.sign_in(&squatter, &page).await;
    assert!(!squatter.is_signed_in(&gantry).await, "the squatter's password");
}

/// One link, many at once: one place.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pre_15_of_many_who_follow_a_link_at_once_one_makes_the_account() {
    let gantry = Gantry::start().await;
    let tenant = gantry.tenant("alder").await;
    let (_, link) = invite(&gantry, Some(tenant), "nia@alder.example", InvitedRole::Member).await;
    let mut all = Vec::new();
    for _ in 0..6 {
        let browser = Browser::new();
        let page = browser.open(&link).await;
        all.push((browser, page));
    }
    let tries = all.iter().map(|(browser, page)| browser.submit(page, "invitation-make", &[("name", "Nia"), ("password", PASSWORD)]));
    let pages = futures_util::future::join_all(tries).await;
    assert_eq!(pages.iter().filter(|page| page.status == 200 && page.url.path() == "/account").count(), 1);
    assert_eq!(gantry.audited("joined").await, 1);
}
