//! Publishers: the developer teams that own apps.

use gantry_core::admin_scope::AdminScope::{ClientsRead, ClientsWrite};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Failure;
use gantry_core::publisher::Publisher;
use gantry_oauth::publishers::{self, NewPublisher};
use gantry_realm_file::{document, entry};
use serde_json::json;

use super::call::{Call, Listed};
use super::operation::Operation;
use super::reply::Reply;
use super::stored::{Stored, refuse_change};

const ALL: &str = "/realms/{realm}/publishers";
const ONE: &str = "/realms/{realm}/publishers/{publisher}";

type Team = Stored<document::Publisher>;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post(ALL, "createPublisher", ClientsWrite)
            .says("Make a publisher", "The `slug` is how clients refer to it; it never changes.")
            .takes::<document::Publisher>(json!({ "slug": "example-team", "name": "Example Team", "website": "https://team.example" }))
            .answers::<Team>()
            .captures_as(&[("publisher", "/id")])
            .does(|call| Box::pin(create(call))),
        Operation::get(ALL, "listPublishers", ClientsRead)
            .says("List publishers", "Newest first.")
            .paged()
            .narrowed_by("q", "Beginnings of words of the name or the slug.")
            .asks("q=example")
            .answers::<Listed<Team>>()
            .does(|call| Box::pin(list(call))),
        Operation::get(ONE, "getPublisher", ClientsRead).says("Get a publisher", "").answers::<Team>().does(|call| Box::pin(get(call))),
        Operation::patch(ONE, "updatePublisher", ClientsWrite)
            .says("Change a publisher", "People who use its apps are asked for consent again where its name changes.")
            .takes::<document::Publisher>(json!({ "name": "Example Team, Inc.", "verified": true }))
            .answers::<Team>()
            .does(|call| Box::pin(update(call))),
        Operation::delete(ONE, "deletePublisher", ClientsWrite)
            .says("Remove a publisher", "One that still owns an app stays.")
            .can(&[ErrorCode::Conflict])
            .does(|call| Box::pin(remove(call))),
    ]
}

fn write(publisher: &Publisher) -> Team {
    Stored::new(&publisher.id, publisher.created_at, entry::publisher(publisher))
}

async fn create(call: &Call) -> Result<Reply, Failure> {
    let body: document::Publisher = call.body()?;
    let new = NewPublisher { slug: body.slug.clone(), settings: entry::publisher_settings(&body) };
    call.transact(async |tx| {
        let made = publishers::register(tx, call.actor, new, call.now).await?;
        Ok(Reply::created(call.below(&made.id), &write(&made))?)
    })
    .await
}

async fn list(call: &Call) -> Result<Reply, Failure> {
    let page = publishers::list(&call.read()?, call.actor, &call.find(&[])?).await?;
    Ok(Reply::of(&Listed::of(page, |publisher| write(&publisher)))?)
}

async fn get(call: &Call) -> Result<Reply, Failure> {
    let found = publishers::find(&call.read()?, call.actor, call.id("publisher")?).await?;
    Ok(Reply::of(&write(&found))?)
}

async fn update(call: &Call) -> Result<Reply, Failure> {
    let id = call.id("publisher")?;
    call.transact(async |tx| {
        let before = publishers::find(tx, call.actor, id).await?;
        call.check_match(&write(&before))?;
        let body: document::Publisher = call.patched(&entry::publisher(&before))?;
        refuse_change("slug", body.slug != before.slug, "never changes")?;
        let changed = publishers::update(tx, call.actor, id, entry::publisher_settings(&body), call.now).await?;
        Ok(Reply::of(&write(&changed))?)
    })
    .await
}

async fn remove(call: &Call) -> Result<Reply, Failure> {
    let id = call.id("publisher")?;
    call.transact(async |tx| {
        if call.has_match() {
            call.check_match(&write(&publishers::find(tx, call.actor, id).await?))?;
        }
        publishers::remove(tx, call.actor, id, call.now).await?;
        Ok(Reply::nothing())
    })
    .await
}
