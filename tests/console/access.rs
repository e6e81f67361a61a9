//! Access that people gave, taken back one by one: on the person's page, and on the client's for one tenant.

use gantry_core::clock::Clock as _;
use gantry_core::consent::Consent;
use gantry_core::grant::Grant;
use gantry_core::id::{ClientId, ConsentId, GrantId, TenantId};
use gantry_core::scope_set::ScopeSet;
use gantry_core::session::Acr;

use crate::support::{Console, Gantry, Page, Person};

/// Two tenants, and what Bob let an app do: for one, for both, and for himself.
struct Stand {
    gantry: Gantry,
    client: ClientId,
    tenants: [TenantId; 2],
    /// For the first tenant; for the second by default and the first; for no tenant.
    grants: [GrantId; 3],
}

impl Stand {
    async fn new() -> Self {
        let gantry = Gantry::start().await;
        let tenants = [gantry.tenant("alder").await, gantry.tenant("birch").await];
        let (bob, session) = (gantry.user(Person::BOB).await, gantry.session(Person::BOB).await);
        let client = gantry.store.read(bob.realm_id).clients().find_by_client_id("ledger").await.unwrap().unwrap();
        let now = gantry.clock.now();
        let grant = |tenants: Vec<TenantId>, default_tenant| Grant {
            id: GrantId::new(),
            realm_id: bob.realm_id,
            user_id: bob.id,
            client_id: client.id,
            session_id: session.id,
            connection_id: None,
            session_bound: false,
            scopes: ScopeSet::from_names(["openid"]),
            audiences: Vec::new(),
            tenants,
            default_tenant,
            nonce: None,
            requested_claims: None,
            authenticated_at: now,
            acr: Acr::One,
            amr: vec!["pwd".to_owned()],
            created_at: now,
            last_used_at: now,
            revoked_at: None,
        };
        let consent = |tenant_id| Consent {
            id: ConsentId::new(),
            realm_id: bob.realm_id,
            user_id: bob.id,
            client_id: client.id,
            client_version: client.consent_version,
            tenant_id,
            scopes: ScopeSet::from_names(["openid"]),
            audiences: Vec::new(),
            decided_at: now,
        };
        let [first, second] = tenants;
        let grants = [grant(vec![first], Some(first)), grant(vec![second, first], Some(second)), grant(Vec::new(), None)];
        let consents = [consent(Some(first)), consent(Some(second)), consent(None)];
        let work = async |tx: &gantry_store::RealmTx| {
            for grant in &grants {
                tx.grants().insert(grant).await?;
            }
            for consent in &consents {
                tx.consents().put(consent).await?;
            }
            Ok(())
        };
        gantry.store.transact(bob.realm_id, work).await.unwrap();
        let grants = grants.each_ref().map(|grant| grant.id);
        Self { gantry, client: client.id, tenants, grants }
    }

    /// Which of the grants hold, and for which tenants decisions are remembered.
    async fn standing(&self) -> ([bool; 3], Vec<Option<TenantId>>) {
        let bob = self.gantry.user(Person::BOB).await;
        let rows = self.gantry.store.read(bob.realm_id);
        let mut live = [false; 3];
        for (at, id) in self.grants.iter().enumerate() {
            live[at] = rows.grants().find(*id).await.unwrap().unwrap().revoked_at.is_none();
        }
        let mut consents: Vec<_> =
            rows.consents().list_for_client(bob.id, self.client).await.unwrap().iter().map(|consent| consent.tenant_id).collect();
        consents.sort_unstable();
        (live, consents)
    }
}

async fn press(console: &Console<'_>, page: &Page, path: &str) -> Page {
    let form = page.form_to(path);
    console.browser.post(&form.action, &form.fields, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await
}

#[tokio::test]
async fn con_11_one_grant_ends_and_the_others_of_the_same_app_go_on() {
    let stand = Stand::new().await;
    let console = stand.gantry.realm_admin().await;
    let bob = stand.gantry.user(Person::BOB).await;
    let path = format!("/console/realms/default/people/{}/access", bob.id);
    let page = console.page(&path).await;
    assert_eq!(page.html.matches("/grants/").count(), 3, "{}", page.html);
    let [_, second] = stand.tenants;
    let done = press(&console, &page, &format!("/grants/{}/revoke", stand.grants[0])).await;
    assert_eq!((done.status, done.url.path()), (200, path.as_str()), "{}", done.html);
    assert_eq!(stand.standing().await, ([false, true, true], vec![None, Some(second)]));
    let done = press(&console, &page, &format!("/grants/{}/revoke", stand.grants[2])).await;
    assert_eq!(done.status, 200);
    assert_eq!(stand.standing().await, ([false, true, false], vec![Some(second)]));
    assert_eq!(stand.gantry.audited("revoked").await, 2);
    // Once is enough, and another person's page ends nothing of his.
    assert_eq!(press(&console, &page, &format!("/grants/{}/revoke", stand.grants[0])).await.status, 404);
    let alice = stand.gantry.user(Person::ALICE).await.id;
    let form = page.form_to(&format!("/grants/{}/revoke", stand.grants[1]));
    let elsewhere = form.action.as_str().replace(&bob.id.to_string(), &alice.to_string()).parse().unwrap();
    let headers = [("sec-fetch-site", "same-origin"), ("origin", "null")];
    assert_eq!(console.browser.post(&elsewhere, &form.fields, &headers).await.status, 404);
    assert_eq!(stand.standing().await, ([false, true, false], vec![Some(second)]));
}

#[tokio::test]
async fn con_11_on_the_clients_page_access_ends_for_one_tenant() {
    let stand = Stand::new().await;
    let console = stand.gantry.realm_admin().await;
    let (bob, [first, second]) = (stand.gantry.user(Person::BOB).await, stand.tenants);
    let path = format!("/console/realms/default/clients/{}/access", stand.client);
    let page = console.page(&path).await;
    let mut form = page.form_to(&format!("/access/{}", bob.id));
    form.fields.retain(|(name, _)| name != "tenant");
    let mut fields = form.fields.clone();
    fields.push(("tenant".to_owned(), first.to_string()));
    let headers = [("sec-fetch-site", "same-origin"), ("origin", "null")];
    let done = console.browser.post(&form.action, &fields, &headers).await;
    assert_eq!((done.status, done.url.path()), (200, path.as_str()), "{}", done.html);
    // What works in the other tenant by default goes on there alone.
    assert_eq!(stand.standing().await, ([false, true, true], vec![None, Some(second)]));
    let rows = stand.gantry.store.read(bob.realm_id);
    assert_eq!(rows.grants().find(stand.grants[1]).await.unwrap().unwrap().tenants, [second]);
    assert_eq!(console.browser.post(&form.action, &fields, &headers).await.status, 404);
    // Without a tenant all of it ends.
    assert_eq!(console.browser.post(&form.action, &form.fields, &headers).await.status, 200);
    assert_eq!(stand.standing().await, ([false, false, false], Vec::new()));
}
