//! What belongs to one realm or tenant is, anywhere else, exactly like a thing that nobody ever made: the same status, the same
//! bytes but for ids, nonces and dates. Every address is asked; one without its row fails.

mod request;
mod rows;
mod things;

use std::collections::BTreeSet;

use gantry_web::paths;

use self::rows::{ROWS, Row, by_browser};
use self::things::{Realm, Stand, Things};
use crate::support::{Answer, Gantry};

#[test]
fn every_address_has_its_row() {
    let rows: BTreeSet<&str> = ROWS.iter().map(|(path, _)| *path).collect();
    assert_eq!(rows.len(), ROWS.len(), "an address has two rows");
    let all: BTreeSet<&str> = paths::ALL.iter().copied().collect();
    let missing: Vec<&&str> = all.difference(&rows).collect();
    assert!(missing.is_empty(), "addresses without a row in tests/isolation/rows.rs: {missing:?}");
    assert!(rows.is_subset(&all));
}

/// Presents foreign things and unknown ones at each address of a realm, side by side.
async fn compare(gantry: &Gantry, here: &Realm<'_>, foreign_names: &[String; 3], foreign: &Things) -> Vec<String> {
    let unknown = foreign.unknown();
    let mut pair = (Stand::at(here).await, Stand::at(here).await);
    let mut told = Vec::new();
    for (path, row) in ROWS {
        if let Row::Ending(_) = row {
            pair = (Stand::at(here).await, Stand::at(here).await);
        }
        let requests = |stand: &Stand, things: &Things| {
            let mut all = by_browser(path, stand, foreign_names, things);
            if let Row::With(more) | Row::Ending(more) = row {
                all.extend(more(path, stand, things));
            }
            all
        };
        let both = requests(&pair.0, foreign).into_iter().zip(requests(&pair.1, &unknown));
        for (theirs, nobodys) in both {
            let (first, second): (Answer, Answer) = (theirs.send(gantry, &here.base).await, nobodys.send(gantry, &here.base).await);
            let (first, second) = (request::said(&first, foreign), request::said(&second, &unknown));
            if first != second {
                told.push(format!("{path} in {}: {}\n--- foreign\n{first}\n--- unknown\n{second}", here.slug, theirs.what));
            }
        }
        if let Row::Ending(_) = row {
            pair = (Stand::at(here).await, Stand::at(here).await);
        }
    }
    told
}

#[tokio::test]
async fn ten_01_what_is_of_another_realm_is_like_nothing_at_every_address() {
    let gantry = Gantry::start().await;
    let foreign = Realm::add(&gantry, "foreign", "endpoints: { profile: oauth }").await;
    let things = foreign.things().await;
    let names = ["browser", "session", "devices"].map(|kind| foreign.cookie(kind));
    for (slug, profile) in [("default", "oauth"), ("castle", "keycloak")] {
        let here = Realm::add(&gantry, slug, &format!("endpoints: {{ profile: {profile} }}")).await;
        let told = compare(&gantry, &here, &names, &things).await;
        assert!(
            told.is_empty(),
            "{} answers tell\n{}",
            told.len(),
            told.iter().map(|told| told.how.as_str()).collect::<Vec<_>>().join("\n\n")
        );
    }
    unharmed(&foreign, &things).await;
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
    for (api, token) in
        [("orders-api", "access_token"), ("orders-api", "app_key"), ("orders-api", "personal_token"), ("opaque-api", "opaque_token")]
    {
        assert!(home.app(api).is_active(things.get(token)).await, "{token}");
    }
    let signer = home.app("signer");
    let asserted = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", things.get("assertion")),
    ];
    signer.token(&asserted).await.ok();
    let cookies: Vec<(String, String)> =
        ["browser", "session", "devices"].map(|kind| (home.cookie(kind), things.get(kind).to_owned())).to_vec();
    for (path, name) in [("/account", None), ("/verify-email", Some("verify_token")), ("/reset/password", Some("reset_token"))] {
        let target = name.map_or(path.to_owned(), |name| format!("{path}?token={}", things.get(name)));
        let answer = request::Request::get("", target).cookies(&cookies).send(home.gantry, &home.base).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    }
}
