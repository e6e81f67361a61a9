//! What is looked for is found: by beginnings of words, by properties, page by page, in its realm alone.

use std::collections::BTreeSet;

use gantry_core::failure::Fault;
use gantry_core::id::{ClientId, MembershipId, RealmId};
use gantry_core::paging::{Cursor, Find, Page};
use gantry_core::search::SearchKind;
use gantry_core::tenant::{Membership, Tenant, TenantRole};
use gantry_core::user::{Profile, User};
use gantry_store::RealmTx;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use crate::database::TestStore;
use crate::sample;

on_each_database! {
    a_person_is_found_by_the_beginnings_of_their_words,
    words_come_in_any_order_and_spelling,
    all_words_and_properties_are_met,
    a_tenant_finds_its_members_alone,
    a_change_is_found_and_what_was_is_not,
    what_is_removed_is_found_no_more,
    pages_follow_each_other_without_a_gap,
    a_list_without_words_is_newest_first,
    a_page_looks_at_so_many_and_goes_on,
    every_kind_is_found,
    a_realm_finds_its_own,
    hostile_questions_find_nothing_and_break_nothing,
    a_question_goes_along_the_key,
}

fn text(text: &str) -> Find {
    Find { text: text.to_owned(), ..Find::default() }
}

fn faceted(text: &str, facets: &[&str]) -> Find {
    Find { text: text.to_owned(), facets: facets.iter().map(|&facet| facet.to_owned()).collect(), ..Find::default() }
}

async fn person(store: &TestStore, realm: RealmId, email: &str, name: &str) -> User {
    let profile = Profile { name: Some(name.to_owned()), ..Profile::default() };
    let user = User { profile, ..sample::user(realm, email, store.now()) };
    assert!(store.transact(realm, async |tx| Ok(tx.users().insert(&user).await?)).await.unwrap());
    user
}

async fn names(store: &TestStore, realm: RealmId, find: &Find) -> Vec<String> {
    let page = store.read(realm).users().search(find).await.unwrap();
    assert_eq!(page.next, None);
    page.items.into_iter().map(|user| user.profile.name.unwrap()).collect()
}

async fn a_person_is_found_by_the_beginnings_of_their_words(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let ada = person(store, realm, "ada.lovelace@example.com", "Zo\u{eb} Lovelace").await;
    person(store, realm, "grace@navy.test", "Grace Hopper").await;
    for asked in [
        "ada",
        "LOVE",
        "zoe",
        "Zo\u{eb}",
        "ada.love",
        "ada.lovelace@example.com",
        "example.co",
        "zoe love",
        "love ada.",
        &ada.id.to_string(),
    ] {
        assert_eq!(names(store, realm, &text(asked)).await, ["Zo\u{eb} Lovelace"], "{asked}");
    }
    for asked in ["lace", "zoe hopper", "adam"] {
        assert_eq!(names(store, realm, &text(asked)).await, Vec::<String>::new(), "{asked}");
    }
}

async fn words_come_in_any_order_and_spelling(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let name = "J\u{fc}rgen M\u{fc}ller-L\u{fc}denscheidt";
    person(store, realm, "j.mueller+post@firma-nord.test", name).await;
    person(store, realm, "eve@firma-nord.test", "\u{141}ucja \u{130}nce").await;
    for asked in [
        "m\u{fc}ller j\u{fc}rgen",
        "J\u{dc}RGEN M\u{dc}LLER",
        "muller jurg",
        // The umlaut as two characters, as some keyboards send it, and in full width.
        "mu\u{308}ller",
        "\u{ff2d}uller",
        "l\u{fc}den",
        "m\u{fc}ller-l\u{fc}d j",
        "firma j.mue",
        "nord j\u{fc}r post",
        "j.mueller+post@firma-nord.test",
        "test m\u{fc}ller firma-nord",
    ] {
        assert_eq!(names(store, realm, &text(asked)).await, [name], "{asked}");
    }
    for asked in ["scheidt", "m\u{fc}ller eve", "mueller j\u{fc}rgen eve", "m_ller", "m%ller"] {
        assert_eq!(names(store, realm, &text(asked)).await, Vec::<String>::new(), "{asked}");
    }
    assert_eq!(names(store, realm, &text("ince eve")).await.len(), 1);
}

async fn all_words_and_properties_are_met(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let admin = User { email_verified_at: None, ..sample::admin(realm, "root@example.com", store.now()) };
    assert!(store.transact(realm, async |tx| Ok(tx.users().insert(&admin).await?)).await.unwrap());
    person(store, realm, "ada@example.com", "is:disabled =role:realm_admin").await;
    let found = async |find: &Find| store.read(realm).users().search(find).await.unwrap().items;
    for facets in [&["is:disabled"][..], &["role:realm_admin"], &["is:unverified", "is:disabled"], &["IS:Disabled"]] {
        assert_eq!(found(&faceted("", facets)).await, std::slice::from_ref(&admin), "{facets:?}");
        assert_eq!(found(&faceted("root exam", facets)).await, std::slice::from_ref(&admin), "{facets:?}");
        assert_eq!(found(&faceted("grace", facets)).await, [], "{facets:?}");
    }
    assert_eq!(found(&faceted("", &["is:disabled", "is:verified"])).await, []);
    assert_eq!(found(&faceted("", &["is:nothing"])).await, []);
}

async fn a_tenant_finds_its_members_alone(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let (alder, birch) = (sample::tenant(realm, store.now()), sample::tenant(realm, store.now()));
    let mut ada = person(store, realm, "ada@example.com", "Ada Byron").await;
    let adam = person(store, realm, "adam@example.com", "Adam Smith").await;
    person(store, realm, "adele@example.com", "Adele Stranger").await;
    let place = |tenant: &Tenant, user: &User, role| Membership {
        id: MembershipId::new(),
        tenant_id: tenant.id,
        user_id: user.id,
        role,
        break_glass: false,
        connection_id: None,
        created_at: store.now(),
    };
    store
        .transact(realm, async |tx| {
            assert!(tx.tenants().insert(&alder).await? && tx.tenants().insert(&birch).await?);
            tx.memberships().put(&place(&alder, &ada, TenantRole::Member)).await?;
            tx.memberships().put(&place(&alder, &ada, TenantRole::TenantAdmin)).await?;
            assert!(tx.memberships().join(&place(&alder, &adam, TenantRole::Member)).await?);
            Ok(tx.memberships().put(&place(&birch, &ada, TenantRole::Member)).await?)
        })
        .await
        .unwrap();
    let found = async |tenant: &Tenant, role, asked: &str| {
        let page = store.read(realm).memberships().search(tenant.id, role, &text(asked)).await.unwrap();
        page.items.into_iter().map(|place| place.user_id).collect::<Vec<_>>()
    };
    assert_eq!(found(&alder, None, "ad").await, [ada.id, adam.id]);
    assert_eq!(found(&birch, None, "ad example.com").await, [ada.id]);
    assert_eq!(found(&alder, Some(TenantRole::TenantAdmin), "ad").await, [ada.id]);
    assert_eq!(found(&alder, Some(TenantRole::Member), "ad").await, [adam.id]);
    assert_eq!(found(&alder, None, "smith stranger").await, []);
    assert_eq!(found(&alder, None, "%").await, []);
    // A change of the person leaves their places; the end of a place is seen.
    ada.profile.name = Some("Ada King".to_owned());
    assert!(store.transact(realm, async |tx| Ok(tx.users().update(&ada).await?)).await.unwrap());
    assert_eq!((found(&alder, None, "king").await, found(&alder, None, "byron").await), (vec![ada.id], vec![]));
    assert!(store.transact(realm, async |tx| Ok(tx.memberships().remove(alder.id, ada.id).await?)).await.unwrap());
    assert_eq!((found(&alder, None, "king").await, found(&birch, None, "king").await), (vec![], vec![ada.id]));
}

async fn a_change_is_found_and_what_was_is_not(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let mut user = person(store, realm, "ada@example.com", "Ada Byron").await;
    user.profile.name = Some("Ada King".to_owned());
    user.disabled_at = Some(store.now());
    assert!(store.transact(realm, async |tx| Ok(tx.users().update(&user).await?)).await.unwrap());
    assert_eq!(names(store, realm, &text("king")).await, ["Ada King"]);
    assert_eq!(names(store, realm, &faceted("ada", &["is:disabled"])).await, ["Ada King"]);
    assert_eq!(names(store, realm, &text("byron")).await, Vec::<String>::new());
    // A change that a rival's proof prevented leaves the words as they are.
    person(store, realm, "taken@example.com", "Rival").await;
    let refused = User { email: "taken@example.com".parse_address(), ..user.clone() };
    assert!(!store.transact(realm, async |tx| Ok(tx.users().update(&refused).await?)).await.unwrap());
    assert_eq!(names(store, realm, &text("taken")).await, ["Rival"]);
}

trait ParseAddress {
    fn parse_address(self) -> gantry_core::email_address::EmailAddress;
}

impl ParseAddress for &str {
    fn parse_address(self) -> gantry_core::email_address::EmailAddress {
        gantry_core::email_address::EmailAddress::parse(self).unwrap()
    }
}

async fn what_is_removed_is_found_no_more(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let (user, client) = (person(store, realm, "ada@example.com", "Ada").await, sample::a_client(store, realm).await);
    let anywhere = async || store.read(realm).search().anywhere(SearchKind::ALL, "ada", 5).await.unwrap().len();
    assert_eq!((anywhere().await, store.read(realm).clients().search(&text("rocket")).await.unwrap().items.len()), (1, 1));
    store
        .transact(realm, async |tx| {
            tx.users().remove(user.id).await?;
            Ok(tx.clients().remove(client.id).await?)
        })
        .await
        .unwrap();
    assert_eq!((anywhere().await, store.read(realm).clients().search(&text("rocket")).await.unwrap().items.len()), (0, 0));
    let left = "SELECT count(*) AS rows FROM search_term WHERE id IN ";
    let sql = format!("{left} ('{}', '{}')", user.id, client.id);
    let raw = store.raw().await;
    let row = raw.query_one_raw(Statement::from_string(raw.get_database_backend(), sql)).await.unwrap().unwrap();
    assert_eq!(row.try_get::<i64>("", "rows").unwrap(), 0);
}

/// Reads all pages of two entries each.
async fn all_pages<T>(find: &Find, read: impl AsyncFn(&Find) -> Result<Page<T>, Fault>) -> Vec<T> {
    let (mut all, mut find) = (Vec::new(), Find { limit: 2, ..find.clone() });
    loop {
        let page = read(&find).await.unwrap();
        assert!(page.items.len() <= 2);
        all.extend(page.items);
        let Some(next) = page.next else { return all };
        find.after = Some(Cursor::parse(&next.to_text()).unwrap());
    }
}

async fn pages_follow_each_other_without_a_gap(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let mut everyone = Vec::new();
    for number in 0..9 {
        // Each of them has several words that begin with `ad`.
        everyone.push(person(store, realm, &format!("ada{number}@adatum.example"), &format!("Ada Adams{}", number % 3)).await.id);
    }
    let read = store.read(realm);
    for find in [text("ad"), text("ada adams"), text("adatum.example"), faceted("", &["is:verified"]), faceted("ad", &["is:verified"])] {
        let found = all_pages(&find, async |find| read.users().search(find).await).await;
        let ids: BTreeSet<_> = found.iter().map(|user| user.id).collect();
        assert_eq!((found.len(), ids), (9, everyone.iter().copied().collect()), "{find:?}");
    }
    let newest: Vec<_> = all_pages(&faceted("", &["is:verified"]), async |find| read.users().search(find).await).await;
    assert!(newest.iter().rev().map(|user| user.id).eq(everyone));
}

async fn a_list_without_words_is_newest_first(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let now = store.now();
    let mut tenants: Vec<Tenant> = Vec::new();
    for number in 0..5 {
        tenants.push(Tenant { org_id: format!("org-{number}"), ..sample::tenant(realm, now) });
    }
    let insert = async |tx: &RealmTx| {
        for tenant in &tenants {
            assert!(tx.tenants().insert(tenant).await?);
        }
        Ok(())
    };
    store.transact(realm, insert).await.unwrap();
    let read = store.read(realm);
    let listed = all_pages(&text("  "), async |find| read.tenants().search(find).await).await;
    assert!(listed.iter().eq(tenants.iter().rev()));
    let foreign = Find { after: Some(Cursor::at(ClientId::new().to_string())), ..Find::default() };
    assert_eq!(read.tenants().search(&foreign).await.unwrap().items, []);
}

async fn a_page_looks_at_so_many_and_goes_on(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let raw = store.raw().await;
    // Six thousand with the same first word and none of the second, then one that has both. Both words have many, so
    // that neither can lead cheaply.
    for (term, id) in [("common", "usr_a"), ("second", "usr_b")] {
        for batch in 0..12 {
            let rows: Vec<String> = (0..500).map(|n| format!("('{realm}', 'user', '{term}', '{id}{:05}')", batch * 500 + n)).collect();
            raw.execute_unprepared(&format!("INSERT INTO search_term (realm_id, kind, term, id) VALUES {}", rows.join(", ")))
                .await
                .unwrap();
        }
    }
    let both = "('common', 'usr_z'), ('second', 'usr_z')".replace("('", &format!("('{realm}', 'user', '"));
    raw.execute_unprepared(&format!("INSERT INTO search_term (realm_id, kind, term, id) VALUES {both}")).await.unwrap();
    let (mut pages, mut find) = (0, text("common second"));
    let found = loop {
        let page = store.read(realm).search().find(SearchKind::User, &find).await.unwrap();
        pages += 1;
        match page.next {
            Some(next) if page.items.is_empty() => find.after = Some(next),
            _ => break page.items,
        }
    };
    assert_eq!(found, ["usr_z"]);
    assert!(pages >= 3, "{pages}");
}

async fn every_kind_is_found(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    let now = store.now();
    let (publisher, resource, connection) = (sample::publisher(realm, now), sample::resource(realm, now), sample::connection(realm, now));
    let (scope, tenant) =
        (sample::scope(realm, Some(resource.id), now), Tenant { name: "Rockets Ltd".to_owned(), ..sample::tenant(realm, now) });
    store
        .transact(realm, async |tx| {
            assert!(tx.connections().insert(&connection).await? && tx.publishers().insert(&publisher).await?);
            assert!(tx.resources().insert(&resource).await? && tx.scopes().insert(&scope).await? && tx.tenants().insert(&tenant).await?);
            Ok(())
        })
        .await
        .unwrap();
    let client = sample::a_client(store, realm).await;
    let read = store.read(realm);
    let found = async |asked: &str| -> Vec<String> {
        read.search().anywhere(SearchKind::ALL, asked, 3).await.unwrap().into_iter().map(|hit| hit.id).collect()
    };
    assert_eq!(found("rocket").await, [client.id.to_string(), tenant.id.to_string(), scope.id.to_string()]);
    assert_eq!(found("passw").await, [connection.id.to_string()]);
    assert_eq!(found("acme").await, [publisher.id.to_string()]);
    assert_eq!(found("api.example").await, [resource.id.to_string()]);
    assert_eq!(found(&client.id.to_string()).await, [client.id.to_string()]);
    assert_eq!(read.clients().search(&faceted("board", &["kind:confidential"])).await.unwrap().items, [client]);
    assert_eq!(read.connections().search(&faceted("", &["kind:password"])).await.unwrap().items, [connection]);
    assert_eq!(read.publishers().search(&faceted("", &["is:verified"])).await.unwrap().items, [publisher]);
}

async fn a_realm_finds_its_own(store: &TestStore) {
    let (one, other) = (sample::a_realm(store).await.id, sample::a_realm(store).await.id);
    let user = person(store, one, "ada@example.com", "Ada").await;
    for asked in ["ada", "example", &user.id.to_string()] {
        assert_eq!(store.read(other).search().anywhere(SearchKind::ALL, asked, 9).await.unwrap(), []);
        assert_eq!(store.read(other).users().search(&text(asked)).await.unwrap().items, []);
    }
    assert_eq!(store.read(other).users().search(&faceted("", &["is:verified"])).await.unwrap().items, []);
    // A change by the wrong handle writes no words.
    let stolen = User { profile: Profile { name: Some("Stolen".to_owned()), ..Profile::default() }, ..user.clone() };
    let _ = store.transact(other, async |tx| Ok(tx.users().update(&stolen).await?)).await;
    let _ = store.transact(other, async |tx| Ok(tx.users().remove(user.id).await?)).await;
    assert_eq!(store.read(one).search().anywhere(SearchKind::ALL, "stolen", 9).await.unwrap(), []);
    assert_eq!(store.read(other).search().anywhere(SearchKind::ALL, "stolen", 9).await.unwrap(), []);
    assert_eq!(names(store, one, &text("ada")).await, ["Ada"]);
}

async fn hostile_questions_find_nothing_and_break_nothing(store: &TestStore) {
    let realm = sample::a_realm(store).await.id;
    person(store, realm, "ada@example.com", "Ada \u{1f680}").await;
    assert_eq!(names(store, realm, &text("\u{1f680}")).await, ["Ada \u{1f680}"]);
    let long = "a".repeat(100_000);
    let many = "word ".repeat(1000);
    for asked in
        ["%", "_", "a%a", "a_a", "\0", "%\0", "' OR 1=1 --", "\u{10ffff}", "\u{202e}", "=is:verified", "\\", long.as_str(), many.as_str()]
    {
        assert_eq!(names(store, realm, &text(asked)).await, Vec::<String>::new(), "{asked:.20}");
        assert_eq!(names(store, realm, &faceted("ada", &[asked])).await, Vec::<String>::new(), "{asked:.20}");
    }
    for place in ["", "x", "0\0\0", "9\0a\0b", "0\0a\0b\0c", "99999999999999999999\0a\0b", "0\0\u{10ffff}\0\u{10ffff}"] {
        let find = Find { after: Some(Cursor::at(place)), ..text("ada") };
        assert!(store.read(realm).users().search(&find).await.unwrap().items.len() <= 1, "{place:?}");
        let find = Find { after: Some(Cursor::at(place)), ..Find::default() };
        assert_eq!(store.read(realm).users().search(&find).await.unwrap().items, [], "{place:?}");
    }
    for limit in [0, u32::MAX] {
        assert_eq!(names(store, realm, &Find { limit, ..text("ada") }).await.len(), 1);
    }
}

async fn a_question_goes_along_the_key(store: &TestStore) {
    let raw = store.raw().await;
    let backend = raw.get_database_backend();
    let leading = "SELECT term, id FROM search_term WHERE realm_id = 'r' AND kind = 'user' AND term >= 'ad' AND term < 'ae' AND \
                   (term, id) > ('ada', 'usr_1') ORDER BY term, id LIMIT 250";
    // What the other words of a question say of those that the first one led to.
    let others = "SELECT term, id FROM search_term WHERE realm_id = 'r' AND id IN ('usr_1', 'usr_2') AND \
                  ((term >= 'ad' AND term < 'ae') OR (term >= 'lo' AND term < 'lp'))";
    // What a record is known by, whenever it is written.
    let own = "SELECT term FROM search_term WHERE realm_id = 'r' AND id = 'usr_1'";
    let of_kind = "SELECT term FROM search_term WHERE realm_id = 'r' AND id = 'usr_1' AND kind = 'user'";
    let (settings, explain, signs) = match backend {
        // An empty table would be read as it lies, whatever its keys.
        DbBackend::Postgres => ("SET enable_seqscan = off", "EXPLAIN", ["Index"; 4]),
        // By the record, and not through all terms of its realm or of its kind.
        DbBackend::MySql | DbBackend::Sqlite | _ => {
            ("", "EXPLAIN QUERY PLAN", ["USING COVERING INDEX", "realm_id=? AND id=?", "realm_id=? AND id=?", "realm_id=? AND id=?"])
        }
    };
    if !settings.is_empty() {
        raw.execute_unprepared(settings).await.unwrap();
    }
    for (question, sign) in [leading, others, own, of_kind].into_iter().zip(signs) {
        let rows = raw.query_all_raw(Statement::from_string(backend, format!("{explain} {question}"))).await.unwrap();
        let plan: Vec<String> =
            rows.iter().map(|row| row.try_get("", "detail").or_else(|_| row.try_get("", "QUERY PLAN")).unwrap()).collect();
        let plan = plan.join("\n");
        assert!(
            plan.contains(sign) && !plan.contains("SCAN search_term") && !plan.to_lowercase().contains("sort") && !plan.contains("TEMP"),
            "{plan}"
        );
    }
}
