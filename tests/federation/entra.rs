//! Microsoft Entra ID's quirks through the whole flow: whose directory, which key, whose address, which groups.

use gantry_core::connection::{Connection, JoinRule, LinkingPolicy, MicrosoftAudience, MicrosoftSettings, RoleRule};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::sign_in_trace::SignInProblem as Problem;
use gantry_core::tenant::TenantRole;
use serde_json::{Value, json};

use super::Stand;
use crate::support::upstream::{Account, CONSUMERS, Fault, Place};
use crate::support::{Browser, Page, Person};

const HOME: &str = "11111111-2222-3333-4444-555555555555";
const STRANGE: &str = "99999999-8888-7777-6666-555555555555";
const CAROL: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const OTHER: &str = "aaaaaaaa-0000-4000-8000-000000000002";
const ADMINS: &str = "bbbbbbbb-0000-4000-8000-000000000001";

/// A connection to the look-alike, for the directory `HOME` among all.
async fn stand(change: impl FnOnce(&mut MicrosoftSettings)) -> Stand {
    let mut microsoft = MicrosoftSettings {
        audience: MicrosoftAudience::Organizations,
        directories: vec![HOME.to_owned()],
        ..MicrosoftSettings::default()
    };
    change(&mut microsoft);
    Stand::with(|connection: &mut Connection| {
        let origin = connection.settings.issuer.clone().unwrap();
        connection.kind = ConnectorKind::Microsoft;
        connection.settings.email_trust = None;
        connection.settings.endpoints.graph = Some(format!("{origin}/graph"));
        connection.settings.microsoft = Some(microsoft);
    })
    .await
}

/// Somebody of a directory. The subject is pairwise and says nothing.
fn person(directory: &str, object: &str, email: &str) -> Account {
    Account::person(&format!("pairwise-{object}"), email)
        .with("tid", directory)
        .with("oid", object)
        .with("preferred_username", email)
        .with("xms_edov", true)
}

fn carol() -> Account {
    person(HOME, CAROL, "carol@acme.example")
}

async fn refused(stand: &Stand, account: &Account, problem: Problem) {
    let browser = Browser::new();
    let page = stand.arrive(&browser, account).await;
    stand.gantry.refused(&browser, &page, problem).await;
    assert!(stand.gantry.account("carol@acme.example").await.is_none(), "{account:?}");
}

async fn comes_in(stand: &Stand, account: &Account) -> Browser {
    let browser = Browser::new();
    let page = stand.arrive(&browser, account).await;
    assert!(page.has("#consent-allow"), "{}", page.html);
    browser
}

#[track_caller]
fn has_to_prove(page: &Page) {
    assert!(page.has("#address-submit, #prove-submit, #prove-mail"), "{}", page.html);
}

#[tokio::test]
async fn ent_01_an_address_that_a_strange_directory_typed_is_nobodys() {
    let stand = stand(|microsoft| microsoft.directories.push(STRANGE.to_owned())).await;
    stand.gantry.change_connection(&stand.connection, |connection| connection.settings.linking = LinkingPolicy::TrustedDomain).await;
    let tenant = stand.gantry.tenant("org_home").await;
    stand.gantry.attach(&stand.connection, tenant, |attachment| attachment.directories = vec![HOME.to_owned()]).await;
    for edov in [Value::Null, json!(false)] {
        let browser = Browser::new();
        let page = stand.arrive(&browser, &person(STRANGE, OTHER, Person::ALICE.email).with("xms_edov", edov)).await;
        has_to_prove(&page);
        assert!(!browser.is_signed_in(&stand.gantry).await);
    }
    assert!(stand.gantry.identities_of(stand.gantry.user(Person::ALICE).await.id).await.is_empty());
}

#[tokio::test]
async fn ent_02_issuer_key_and_directory_have_to_fit_each_other_and_be_allowed() {
    let stand = stand(|_| ()).await;
    let origin = stand.upstream.origin.clone();
    // Another directory's issuer; the template itself; another cloud's.
    for issuer in
        [format!("{origin}/{STRANGE}/v2.0"), format!("{origin}/{{tenantid}}/v2.0"), format!("https://login.example.test/{HOME}/v2.0")]
    {
        refused(&stand, &carol().with("iss", issuer), Problem::TokenIssuer).await;
    }
    // `tid` of an allowed directory in a token of another one.
    refused(&stand, &person(HOME, CAROL, "carol@acme.example").with("iss", format!("{origin}/{STRANGE}/v2.0")), Problem::TokenIssuer).await;
    for tid in [json!(null), json!(7), json!("organizations"), json!([HOME])] {
        let account = carol().with("iss", format!("{origin}/{HOME}/v2.0")).with("tid", tid);
        refused(&stand, &account, Problem::TokenIssuer).await;
    }
    // Right in itself, and nobody let it in.
    refused(&stand, &person(STRANGE, CAROL, "carol@acme.example"), Problem::DirectoryNotAllowed).await;
    comes_in(&stand, &carol()).await;
}

#[tokio::test]
async fn ent_02_a_key_signs_for_the_issuer_that_it_is_published_for() {
    let stand = stand(|_| ()).await;
    let origin = stand.upstream.origin.clone();
    stand.upstream.keys_of(&format!("{origin}/{CONSUMERS}/v2.0"));
    refused(&stand, &carol(), Problem::TokenSignature).await;
    // What is published rightly later is fetched again.
    stand.upstream.keys_of(&format!("{origin}/{{tenantid}}/v2.0"));
    stand.gantry.clock.advance(std::time::Duration::from_mins(11));
    comes_in(&stand, &carol()).await;
}

#[tokio::test]
async fn ent_03_personal_accounts_are_no_organizations() {
    let stand = stand(|microsoft| microsoft.directories.push(CONSUMERS.to_owned())).await;
    refused(&stand, &person(CONSUMERS, CAROL, "carol@acme.example"), Problem::DirectoryNotAllowed).await;
}

#[tokio::test]
async fn ent_04_the_key_is_directory_and_object_and_nothing_else() {
    let stand = stand(|_| ()).await;
    let gantry = &stand.gantry;
    comes_in(&stand, &carol()).await;
    let carols = gantry.account("carol@acme.example").await.unwrap();
    // Another name, address and pairwise subject: the same person.
    let renamed = Account::person("pairwise-new", "married@acme.example").with("tid", HOME).with("oid", CAROL).with("xms_edov", true);
    let before = gantry.identities_of(carols.id).await;
    comes_in(&stand, &renamed).await;
    assert_eq!(gantry.identities_of(carols.id).await.len(), before.len());
    assert!(gantry.account("married@acme.example").await.is_none_or(|user| user.id == carols.id));
    // The same name and address on another object: a stranger, who gets nothing of hers without a proof.
    let browser = Browser::new();
    let page = stand.arrive(&browser, &person(HOME, OTHER, "carol@acme.example")).await;
    has_to_prove(&page);
    assert!(!browser.is_signed_in(gantry).await);
    for oid in [json!(null), json!(""), json!("carol"), json!(CAROL.to_uppercase())] {
        let browser = Browser::new();
        let page = stand.arrive(&browser, &carol().with("oid", oid)).await;
        gantry.refused(&browser, &page, Problem::BadSubject).await;
    }
}

/// 201 groups, which no token carries, the last of which makes an admin.
fn many_groups() -> Vec<String> {
    let mut groups: Vec<String> = (0..200).map(|n| format!("cccccccc-0000-4000-8000-{n:012}")).collect();
    groups.push(ADMINS.to_owned());
    groups
}

#[tokio::test]
async fn ent_05_groups_that_do_not_fit_are_asked_of_graph_and_kept_when_it_fails() {
    let stand = stand(|microsoft| microsoft.resolve_groups = true).await;
    let gantry = &stand.gantry;
    let tenant = gantry.tenant("org_home").await;
    let admins = RoleRule { group: ADMINS.to_owned(), role: TenantRole::TenantAdmin };
    gantry
        .attach(&stand.connection, tenant, |attachment| {
            (attachment.join, attachment.roles, attachment.directories) = (JoinRule::Everyone, vec![admins], vec![HOME.to_owned()]);
        })
        .await;
    let carol = carol().with("groups", json!(many_groups()));
    comes_in(&stand, &carol).await;
    let user = gantry.account("carol@acme.example").await.unwrap();
    let role = async || gantry.membership(tenant, user.id).await.map(|membership| membership.role);
    assert_eq!(role().await, Some(TenantRole::TenantAdmin));
    let asked = stand.upstream.seen(Place::Graph);
    assert_eq!(asked.iter().map(|seen| seen.path.as_str()).collect::<Vec<_>>(), ["/graph/v1.0/me/getMemberObjects"]);

    // Graph is away: what was known last counts, marked as old. It is not "no groups".
    for fault in [Fault::Broken, Fault::Html, Fault::Truncated, Fault::Redirecting] {
        stand.upstream.fail(Place::Graph, fault);
        gantry.wait();
        comes_in(&stand, &carol).await;
        assert_eq!(role().await, Some(TenantRole::TenantAdmin), "{fault:?}");
        let link = gantry.identities_of(user.id).await.remove(0);
        assert!(link.groups_stale_since.is_some() && link.groups.contains(&ADMINS.to_owned()), "{fault:?}");
    }
    stand.upstream.mend();
    // And a group that is gone is gone.
    comes_in(&stand, &carol.clone().with("groups", json!(["dddddddd-0000-4000-8000-000000000001"]))).await;
    assert_eq!(role().await, Some(TenantRole::Member));
    assert_eq!(gantry.identities_of(user.id).await.remove(0).groups_stale_since, None);
    assert!(stand.upstream.seen(Place::Graph).iter().all(|seen| seen.path.starts_with("/graph/v1.0/")));
}

#[tokio::test]
async fn ent_05_nobody_joins_by_groups_that_are_not_known() {
    let stand = stand(|microsoft| microsoft.resolve_groups = true).await;
    let gantry = &stand.gantry;
    let tenant = gantry.tenant("org_home").await;
    let admins = RoleRule { group: ADMINS.to_owned(), role: TenantRole::TenantAdmin };
    gantry.attach(&stand.connection, tenant, |attachment| attachment.roles = vec![admins]).await;
    stand.upstream.fail(Place::Graph, Fault::Broken);
    let browser = Browser::new();
    stand.arrive(&browser, &carol().with("groups", json!(many_groups()))).await;
    let role = match gantry.account("carol@acme.example").await {
        Some(user) => gantry.membership(tenant, user.id).await.map(|membership| membership.role),
        None => None,
    };
    assert_ne!(role, Some(TenantRole::TenantAdmin));
    assert_ne!(role, Some(TenantRole::Member), "unknown groups were read as none");
}

#[tokio::test]
async fn ent_06_xms_edov_counts_in_its_documented_form_alone() {
    let stand = stand(|_| ()).await;
    for edov in [json!("true"), json!("1"), json!(2), json!(null), json!([true]), json!(1.5)] {
        let browser = Browser::new();
        let page = stand.arrive(&browser, &carol().with("xms_edov", edov.clone())).await;
        has_to_prove(&page);
        assert!(!browser.is_signed_in(&stand.gantry).await, "{edov}");
    }
    let browser = Browser::new();
    has_to_prove(&stand.arrive(&browser, &carol().without("email")).await);
    assert!(stand.gantry.account("carol@acme.example").await.is_none());
    comes_in(&stand, &carol().with("xms_edov", 1)).await;
}

#[tokio::test]
async fn guests_of_a_directory_are_turned_away_and_where_they_may_come_in_join_nothing() {
    let stand = stand(|_| ()).await;
    let guest = carol().with("acct", 1);
    refused(&stand, &guest, Problem::GuestNotAllowed).await;
    refused(&stand, &carol().with("idp", format!("https://sts.windows.net/{STRANGE}/")), Problem::GuestNotAllowed).await;
    let tenant = stand.gantry.tenant("org_home").await;
    stand.gantry.attach(&stand.connection, tenant, |_| ()).await;
    let allow = |connection: &mut Connection| connection.settings.microsoft.as_mut().unwrap().guests = true;
    stand.gantry.change_connection(&stand.connection, allow).await;
    comes_in(&stand, &guest).await;
    let user = stand.gantry.account("carol@acme.example").await.unwrap();
    assert_eq!(stand.gantry.membership(tenant, user.id).await, None);
}

#[tokio::test]
async fn one_directory_takes_its_own_people_and_tokens_of_either_version() {
    let stand = stand(|microsoft| microsoft.audience = MicrosoftAudience::Directory(HOME.to_owned())).await;
    refused(&stand, &person(STRANGE, CAROL, "carol@acme.example"), Problem::DirectoryNotAllowed).await;
    comes_in(&stand, &carol()).await;
    let before = stand.gantry.account("carol@acme.example").await.unwrap();
    let first = stand.gantry.identities_of(before.id).await;
    stand.upstream.keys_of(&format!("https://sts.windows.net/{HOME}/"));
    stand.gantry.clock.advance(std::time::Duration::from_mins(11));
    comes_in(&stand, &carol().with("ver", "1.0").with("iss", format!("https://sts.windows.net/{HOME}/"))).await;
    assert_eq!(stand.gantry.identities_of(before.id).await.len(), first.len(), "a token of another version is of the same person");
}
