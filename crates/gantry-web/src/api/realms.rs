//! Realms: which there are, and what each decides about itself.

use gantry_core::admin_scope::AdminScope::{RealmRead, RealmWrite};
use gantry_core::failure::Failure;
use gantry_core::id::RealmId;
use gantry_core::realm::{Realm, RealmSettings};
use gantry_identity::permission::{self, Action};
use gantry_identity::realms::{self, NewRealm, RealmChange};
use gantry_oauth::catalogue::Catalogue;
use gantry_oauth::{keys, provision};
use gantry_realm_file::{document, entry};
use gantry_store::RealmTx;
use serde_json::json;

use super::call::{Call, Listed};
use super::operation::Operation;
use super::reply::Reply;
use super::stored::{Stored, refuse_change};
use crate::settings::WebSettings;

const ALL: &str = "/realms";
const ONE: &str = "/realms/{realm}";

type Platform = Stored<document::Realm>;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post(ALL, "createRealm", RealmWrite)
            .for_operators()
            .says("Make a realm", "With keys and a password connection, so that it works at once. For accounts of the realm `system`.")
            .takes::<document::Realm>(json!({ "slug": "example-platform", "name": "Example Platform" }))
            .answers::<Platform>()
            .does(|call| Box::pin(create(call))),
        Operation::get(ALL, "listRealms", RealmRead)
            .for_operators()
            .says("List realms", "In order of slug. For accounts of the realm `system`.")
            .paged()
            .narrowed_by("q", "Words of the name or the slug.")
            .narrowed_by("is", "`enabled` or `disabled`.")
            .asks("q=example-platform")
            .answers::<Listed<Platform>>()
            .does(|call| Box::pin(list(call))),
        Operation::get(ONE, "getRealm", RealmRead)
            .says("Get a realm", "With all that it decides about itself.")
            .answers::<Platform>()
            .does(|call| Box::pin(get(call))),
        Operation::patch(ONE, "updateRealm", RealmWrite)
            .says("Change a realm", "Hosts are for accounts of the realm `system` to change.")
            .takes::<document::Realm>(json!({ "sign_in": { "sign_up": true }, "tokens": { "access_lifetime": 600 } }))
            .answers::<Platform>()
            .does(|call| Box::pin(update(call))),
    ]
}

fn write(realm: &Realm) -> Platform {
    Stored::new(&realm.id, realm.created_at, entry::realm(realm))
}

fn settings(body: document::Realm) -> RealmSettings {
    RealmSettings {
        branding: body.branding.unwrap_or_default(),
        endpoints: body.endpoints.unwrap_or_default(),
        tokens: body.tokens.unwrap_or_default(),
        sign_in: body.sign_in.unwrap_or_default(),
        authorization: body.authorization.unwrap_or_default(),
        tenants: body.tenants.unwrap_or_default(),
        app_keys: body.app_keys.unwrap_or_default(),
        personal_tokens: body.personal_tokens.unwrap_or_default(),
    }
}

/// Names in the settings that have to lead somewhere.
fn check_names(settings: &RealmSettings, catalogue: &Catalogue) -> Result<(), Failure> {
    let audience = settings.authorization.default_resource.as_deref();
    let unknown = audience.is_some_and(|audience| catalogue.resource_by_audience(audience).is_none());
    refuse_change("authorization.default_resource", unknown, "names an unknown API")?;
    for name in settings.personal_tokens.scopes.iter() {
        let wrong = !catalogue.knows_scope(name) || !gantry_oauth::personal_tokens::may_carry(name);
        refuse_change("personal_tokens.scopes", wrong, "names a scope that is unknown or for sign-in at an app")?;
    }
    Ok(())
}

async fn create(call: &Call) -> Result<Reply, Failure> {
    let body: document::Realm = call.body()?;
    let id = RealmId::new();
    permission::check(call.actor, Action::CreateRealm, id)?;
    let name = body.name.clone().unwrap_or_else(|| body.slug.clone());
    let new = NewRealm { slug: body.slug.clone(), name, hosts: body.hosts.clone().unwrap_or_default(), settings: settings(body) };
    check_names(&new.settings, &Catalogue::default())?;
    call.part::<WebSettings>()?.check_hosts(&new.hosts)?;
    // Keys take their time, so they are made before the transaction.
    let pair = keys::generate_pair(id, new.settings.tokens.signing_algorithm, call.now).await?;
    call.transact_in(id, async |tx| {
        let made = realms::create(tx, call.actor, new, call.now).await?;
        keys::insert(tx, &pair).await?;
        Ok(Reply::created(call.below(&made.slug), &write(&made))?)
    })
    .await
}

async fn list(call: &Call) -> Result<Reply, Failure> {
    let page = realms::list(&call.store, call.actor, &call.find(&["is"])?).await?;
    Ok(Reply::of(&Listed::of(page, |realm| write(&realm)))?)
}

async fn get(call: &Call) -> Result<Reply, Failure> {
    Ok(Reply::of(&write(&realms::read(&call.read()?, call.actor).await?))?)
}

async fn wanted(tx: &RealmTx, call: &Call, before: &Realm) -> Result<RealmChange, Failure> {
    let body: document::Realm = call.patched(&entry::realm(before))?;
    refuse_change("slug", body.slug != before.slug, "never changes")?;
    let name = body.name.clone().unwrap_or_else(|| before.slug.clone());
    let hosts = body.hosts.clone().unwrap_or_default();
    if hosts != before.hosts {
        // Whoever may change none is told that first.
        permission::check(call.actor, Action::CreateRealm, tx.realm_id())?;
        call.part::<WebSettings>()?.check_hosts(&hosts)?;
    }
    let settings = realms::checked_settings(settings(body))?;
    check_names(&settings, &Catalogue::load(tx).await?)?;
    Ok(RealmChange { name, hosts, settings })
}

async fn update(call: &Call) -> Result<Reply, Failure> {
    let tx = call.read()?;
    let change = wanted(&tx, call, &realms::read(&tx, call.actor).await?).await?;
    permission::check(call.actor, Action::ManageRealm, call.realm_id()?)?;
    provision::ensure_keys(&call.store, call.realm_id()?, &[change.settings.tokens.signing_algorithm], call.now).await?;
    call.transact(async |tx| {
        let before = realms::read(tx, call.actor).await?;
        call.check_match(&write(&before))?;
        let change = wanted(tx, call, &before).await?;
        let changed = realms::update(tx, call.actor, before.version, change, call.now).await?;
        Ok(Reply::of(&write(&changed))?)
    })
    .await
}
