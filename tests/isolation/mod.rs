//! What belongs to one realm or tenant is, anywhere else, exactly like a thing that nobody ever made: the same status, the same
//! bytes but for ids, nonces and dates. Every address is asked; one without its row fails.

mod federation;
mod request;
mod rows;
mod tenant_races;
mod tenants;
mod things;

use std::collections::BTreeSet;

use futures_util::stream::{self, StreamExt as _};
use gantry_web::paths;

use self::rows::{ROWS, Row, by_browser};
use self::things::{Realm, Stand, Things};
use crate::support::Gantry;

#[test]
fn every_address_has_its_row() {
    let rows: BTreeSet<&str> = ROWS.iter().map(|(path, _)| *path).collect();
    assert_eq!(rows.len(), ROWS.len(), "an address has two rows");
    let all: BTreeSet<&str> = paths::ALL.iter().copied().collect();
    let missing: Vec<&&str> = all.difference(&rows).collect();
    assert!(missing.is_empty(), "addresses without a row in tests/isolation/rows.rs: {missing:?}");
    assert!(rows.is_subset(&all));
}

/// Presents things and unknown ones at an address of a realm, side by side. What the answers tell of the difference.
async fn compare(
    here: &Realm<'_>,
    (path, row): &(&'static str, Row),
    at: &[Stand; 2],
    names: &[String; 3],
    things: &Things,
) -> Vec<String> {
    let unknown = things.unknown();
    let requests = |stand: &Stand, things: &Things| {
        let mut all = by_browser(path, stand, names, things);
        if let Row::With(more) | Row::Ending(more) = row {
            all.extend(more(path, stand, things));
        }
        all
    };
    let mut told = Vec::new();
    for (theirs, nobodys) in requests(&at[0], things).into_iter().zip(requests(&at[1], &unknown)) {
        let first = request::said(&theirs.send(here.gantry, &here.base).await, &things.by_length());
        let second = request::said(&nobodys.send(here.gantry, &here.base).await, &unknown.by_length());
        if first != second {
            told.push(format!("{path} in {}: {}\n--- foreign\n{first}\n--- unknown\n{second}", here.slug, theirs.what));
        }
    }
    told
}

async fn stands(realm: &Realm<'_>) -> [Stand; 2] {
    [Stand::at(realm).await, Stand::at(realm).await]
}

#[tokio::test]
async fn ten_01_what_is_of_another_realm_is_like_nothing_at_every_address() {
    let gantry = Gantry::start().await;
    let foreign = Realm::add(&gantry, "foreign", "oauth").await;
    let (things, names) = (foreign.things().await, foreign.cookies());
    for (slug, profile) in [("default", "oauth"), ("castle", "keycloak")] {
        let here = Realm::add(&gantry, slug, profile).await;
        let mut at = stands(&here).await;
        let mut told = Vec::new();
        for row in ROWS {
            if let Row::Ending(_) = row.1 {
                at = stands(&here).await;
            }
            told.extend(compare(&here, row, &at, &names, &things).await);
        }
        assert!(told.is_empty(), "{} answers tell\n{}", told.len(), told.join("\n\n"));
    }
    unharmed(&foreign, &things).await;
}

/// What is this realm's own is told from what is unknown, at every address that takes more than cookies: each row presents what
/// it should, in the form in which it counts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_row_can_tell() {
    let gantry = Gantry::start().await;
    let keep = Realm::add(&gantry, "keep", "keycloak").await;
    let (at, things) = (stands(&keep).await, keep.things().await);
    let silent = stream::iter(ROWS.iter().enumerate().map(async |(index, row)| {
        let told = match row.1 {
            Row::Browser => return None,
            Row::With(_) => compare(&keep, row, &at, &keep.cookies(), &things).await,
            Row::Ending(_) => {
                // Its things are used up: they come from a realm that nobody needs afterwards.
                let slug: &'static str = Box::leak(format!("keep-{index}").into_boxed_str());
                let realm = Realm::add(&gantry, slug, "keycloak").await;
                let (at, things) = (stands(&realm).await, realm.things().await);
                compare(&realm, row, &at, &realm.cookies(), &things).await
            }
        };
        told.is_empty().then_some(row.0)
    }));
    let silent: Vec<&str> = silent.buffered(3).collect::<Vec<_>>().await.into_iter().flatten().collect();
    assert!(silent.is_empty(), "rows that would notice nothing: {silent:?}");
}

/// Nothing that was presented elsewhere was used up or ended there.
async fn unharmed(home: &Realm<'_>, things: &Things) {
    let app = home.app("ledger");
    let code = [
        ("grant_type", "authorization_code"),
        ("code", things.get("code")),
        ("redirect_uri", things.get("redirect_uri")),
        ("code_verifier", things.get("verifier")),
    ];
    app.token(&code).await.ok();
    app.refresh(things.get("refresh_token")).await.ok();
    let tokens =
        [("orders-api", "access_token"), ("orders-api", "app_key"), ("orders-api", "personal_token"), ("opaque-api", "opaque_token")];
    for (api, token) in tokens {
        assert!(home.app(api).is_active(things.get(token)).await, "{token}");
    }
    let asserted = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", things.get("assertion")),
    ];
    home.app("signer").token(&asserted).await.ok();
    let cookies: Vec<(String, String)> =
        ["browser", "session", "devices"].map(|kind| (home.cookie(kind), things.get(kind).to_owned())).to_vec();
    for (path, name) in [("/account", None), ("/verify-email", Some("verify_token")), ("/reset/password", Some("reset_token"))] {
        let target = name.map_or(path.to_owned(), |name| format!("{path}?token={}", things.get(name)));
        let answer = request::Request::get("", target).cookies(&cookies).send(home.gantry, &home.base).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    }
}
