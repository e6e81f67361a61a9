//! Who makes a personal token, how often, and what two who ask at once get.

use std::time::Duration;

use gantry_core::clock::Clock as _;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Failure;
use gantry_core::personal_token::{MAX_PERSONAL_TOKENS, PersonalToken};
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::SecretKind;
use gantry_core::session::Session;
use gantry_oauth::personal_tokens::{NewPersonalToken, Unfit};
use gantry_store::RealmTx;

use super::{ask_for_token, ask_in, personal_token, personal_tokens};
use crate::support::{Gantry, Person};

fn called(name: &str) -> NewPersonalToken {
    NewPersonalToken { name: name.to_owned(), scopes: ScopeSet::from_names(["orders:read"]), days: 30, tenant: None }
}

async fn count(gantry: &Gantry, person: Person) -> usize {
    personal_tokens(gantry).list(&gantry.user(person).await).await.unwrap().len()
}

async fn refused(gantry: &Gantry, session: &Session, why: Unfit) {
    let before = (count(gantry, Person::ALICE).await, gantry.audited("created").await);
    assert_eq!(ask_in(gantry, session, called("Late")).await.unwrap().unwrap_err(), [why]);
    assert_eq!((count(gantry, Person::ALICE).await, gantry.audited("created").await), before, "nothing is written");
}

#[tokio::test]
async fn an_ended_session_makes_no_token() {
    let gantry = Gantry::start().await;
    let now = gantry.clock.now();
    let ended = gantry.session(Person::ALICE).await;
    let end = async |tx: &RealmTx| Ok(tx.sessions().end(ended.id, now).await?);
    assert!(gantry.store.transact(ended.realm_id, end).await.unwrap());
    refused(&gantry, &ended, Unfit::SignedOut).await;
    assert!(ended.ended_at.is_none(), "as the request found it, which no longer holds");

    let session = gantry.session(Person::ALICE).await;
    gantry.clock.advance(Duration::from_hours(1));
    refused(&gantry, &session, Unfit::SignedOut).await;

    let session = gantry.session(Person::ALICE).await;
    ask_in(&gantry, &session, called("In time")).await.unwrap().unwrap();
    gantry.disable(Person::ALICE).await;
    refused(&gantry, &session, Unfit::SignedOut).await;
}

#[tokio::test]
async fn two_who_ask_at_once_for_one_name_get_one_token() {
    let gantry = Gantry::start().await;
    let (here, there) = (gantry.session(Person::ALICE).await, gantry.session(Person::ALICE).await);
    let ask = async |session| ask_in(&gantry, session, called("Backup")).await.unwrap();
    let all = tokio::join!(ask(&here), ask(&there), ask(&here), ask(&there));
    let made = [all.0, all.1, all.2, all.3];
    assert_eq!(made.iter().filter(|one| one.is_ok()).count(), 1);
    assert!(made.iter().filter_map(|one| one.as_ref().err()).all(|unfit| *unfit == [Unfit::NameTaken]));
    assert_eq!(count(&gantry, Person::ALICE).await, 1);
}

#[tokio::test]
async fn a_person_has_so_many_tokens_and_no_more() {
    let gantry = Gantry::start().await;
    let (first, _) = personal_token(&gantry, Person::ALICE, "orders:read").await;
    let fill = async |tx: &RealmTx| {
        for _ in 1..MAX_PERSONAL_TOKENS {
            let secret = SecretKind::PersonalToken.generate();
            let id = gantry_core::id::PersonalTokenId::new();
            let token = PersonalToken { id, name: format!("Script {id}"), digest: secret.digest(), ..first.clone() };
            tx.personal_tokens().insert(&token).await?;
        }
        Ok::<_, Failure>(())
    };
    gantry.store.transact(first.realm_id, fill).await.unwrap();
    let session = gantry.session(Person::ALICE).await;
    refused(&gantry, &session, Unfit::TooMany).await;
}

#[tokio::test]
async fn a_person_asks_so_often_and_no_more() {
    let gantry = Gantry::start().await;
    let session = gantry.session(Person::ALICE).await;
    for count in 0..10 {
        ask_in(&gantry, &session, called(&format!("Script {count}"))).await.unwrap().unwrap();
    }
    let limited = ask_in(&gantry, &session, called("One more")).await.unwrap_err();
    assert!(matches!(&limited, Failure::Refused(refusal) if refusal.code == ErrorCode::TooManyRequests), "{limited:?}");
    assert_eq!(count(&gantry, Person::ALICE).await, 10);
    ask_for_token(&gantry, Person::BOB, "orders:read", None).await.expect("another's limit is their own");
}
