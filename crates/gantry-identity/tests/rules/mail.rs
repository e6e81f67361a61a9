//! What admins do about mail, and what they never see of it.

use gantry_core::actor::Actor;
use gantry_core::audit::AuditEvent;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Failure;
use gantry_core::id::{OutboxId, UserId};
use gantry_core::mail_text::MailForm;
use gantry_core::outbox::{Mail, MailKind, OutboxState};
use gantry_core::paging::Find;
use gantry_identity::mail;
use gantry_store::RealmTx;

use crate::world::{World, address};

fn code<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> ErrorCode {
    match outcome {
        Err(Failure::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

fn form() -> &'static MailForm {
    MailForm::parse("reset_password").unwrap()
}

async fn word(world: &World, actor: Actor, locale: &str, subject: &str, paragraphs: &[&str]) -> Result<(), Failure> {
    let paragraphs: Vec<String> = paragraphs.iter().map(|text| (*text).to_owned()).collect();
    let now = world.now();
    let put = async |tx: &RealmTx| mail::put_text(tx, actor, (form(), locale), subject, &paragraphs, now).await.map(drop);
    world.store.transact(world.realm.id, put).await
}

#[tokio::test]
async fn words_are_checked_kept_in_their_one_form_and_given_back() {
    let world = World::new().await;
    let (realm, now, rows) = (world.realm.id, world.now(), world.store.read(world.realm.id));
    word(&world, Actor::System, "de", "  Neues Passwort  ", &["Hier entlang.", "", "{link}"]).await.unwrap();
    let text = mail::text(&rows, Actor::System, form(), "de").await.unwrap().unwrap();
    assert_eq!((text.subject.as_str(), text.paragraphs.len()), ("Neues Passwort", 2));
    for (locale, paragraphs) in
        [("de", &["No link"][..]), ("de", &["{link}", "{nothing}"]), ("de", &["{link}", "<b>x</b>"]), ("e!", &["{link}"])]
    {
        assert_eq!(code(word(&world, Actor::System, locale, "Subject", paragraphs).await), ErrorCode::InvalidRequest, "{paragraphs:?}");
    }
    assert_eq!(mail::text(&rows, Actor::System, form(), "de").await.unwrap().unwrap(), text);
    let reset = async || world.store.transact(realm, async |tx| mail::reset_text(tx, Actor::System, form(), "de", now).await).await;
    reset().await.unwrap();
    assert!(mail::texts(&rows, Actor::System).await.unwrap().is_empty());
    // There is nothing left to take back, and so nothing to write down.
    reset().await.unwrap();
    let lines = rows.audit().list(None, 100).await.unwrap();
    let details: Vec<_> = lines.iter().filter(|line| line.event == AuditEvent::Updated).map(|line| line.detail.clone().unwrap()).collect();
    assert_eq!(details.len(), 2);
    assert_eq!(details[0]["before"]["subject"], "Neues Passwort");
    assert_eq!(details[1]["after"]["subject"], "Neues Passwort");
}

#[tokio::test]
async fn a_mail_is_given_up_once_and_tried_again_and_nobody_reads_it() {
    let world = World::new().await;
    let (realm, now, rows) = (world.realm.id, world.now(), world.store.read(world.realm.id));
    let kind = MailKind::ResetPassword { link: "https://x/reset?token=canary".to_owned() };
    let waiting = Mail { to: address("ada@example.com"), locale: "en".to_owned(), kind };
    world.store.transact(realm, async |tx| Ok(tx.outbox().insert(&waiting, now).await?)).await.unwrap();
    let listed =
        async |is: &str| mail::list(&rows, Actor::System, &Find { facets: vec![is.to_owned()], ..Find::default() }).await.unwrap().items;
    let id = listed("is:waiting").await[0].id;
    assert!(!format!("{:?}", listed("is:waiting").await).contains("canary"));
    let give_up = async |id| world.store.transact(realm, async |tx| mail::give_up(tx, Actor::System, id, now).await).await;
    give_up(id).await.unwrap();
    assert_eq!(code(give_up(id).await), ErrorCode::Conflict);
    assert_eq!(code(give_up(OutboxId::new()).await), ErrorCode::NotFound);
    assert_eq!((listed("is:given_up").await[0].state, listed("is:waiting").await.len()), (OutboxState::GivenUp, 0));
    world.store.transact(realm, async |tx| mail::retry(tx, Actor::System, id, now).await).await.unwrap();
    assert_eq!(world.mails().await.len(), 1);
    assert!(listed("is:nonsense").await.is_empty());
}

#[tokio::test]
async fn mail_is_for_the_realms_admins_and_samples_for_oneself() {
    let world = World::new().await;
    let (realm, now, rows) = (world.realm.id, world.now(), world.store.read(world.realm.id));
    let (ada, bob) = (world.person("ada@example.com").await, world.person("bob@example.com").await);
    let user = Actor::User { user: ada.id, realm };
    assert_eq!(code(mail::list(&rows, user, &Find::default()).await), ErrorCode::Forbidden);
    assert_eq!(code(word(&world, user, "en", "Subject", &["{link}"]).await), ErrorCode::Forbidden);
    let elsewhere = Actor::RealmAdmin { user: UserId::new(), realm: world.other_realm().await.id };
    assert_eq!(code(mail::texts(&rows, elsewhere).await), ErrorCode::NotFound);
    let admin = Actor::RealmAdmin { user: ada.id, realm };
    let sample = async |to: &gantry_core::user::User| {
        world.store.transact(realm, async |tx| mail::send_sample(tx, admin, to, (form(), "en"), "https://x", now).await).await
    };
    assert_eq!(code(sample(&bob).await), ErrorCode::Forbidden);
    sample(&ada).await.unwrap();
    assert_eq!(world.mails().await[0].to, ada.email);
    for _ in 0..10 {
        mail::check_samples(&world.store, admin, realm, &ada).await.unwrap();
    }
    assert_eq!(code(mail::check_samples(&world.store, admin, realm, &ada).await), ErrorCode::TooManyRequests);
    mail::check_samples(&world.store, Actor::RealmAdmin { user: bob.id, realm }, realm, &bob).await.unwrap();
}
