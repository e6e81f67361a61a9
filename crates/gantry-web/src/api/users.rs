//! People.

use gantry_core::admin_scope::AdminScope::{PeopleRead, PeopleWrite};
use gantry_core::email_address::EmailAddress;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::user::{Profile, User};
use gantry_identity::users::{self, NewUser, UserChange};
use gantry_realm_file::{document, entry};
use serde_json::json;

use super::call::{Call, Listed};
use super::operation::Operation;
use super::reply::Reply;
use super::stored::{Stored, refuse_change};

const ALL: &str = "/realms/{realm}/users";
const ONE: &str = "/realms/{realm}/users/{user}";

pub(super) type Person = Stored<document::User>;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post(ALL, "createUser", PeopleWrite)
            .says(
                "Make a person",
                "The caller vouches for the address. Nobody sets another person's password: they get one by a reset mail. Roles are not \
                 a program's to give.",
            )
            .takes::<document::User>(json!({ "email": "dana@example.net", "name": "Dana Example", "profile": { "locale": "en" } }))
            .answers::<Person>()
            .captures_as(&[("user", "/id")])
            .does(|call| Box::pin(create(call))),
        Operation::get(ALL, "listUsers", PeopleRead)
            .says("List people, or look for some", "Newest first; with `q` those that fit best.")
            .paged()
            .narrowed_by("q", "Beginnings of words of the name or the address.")
            .narrowed_by("is", "`enabled`, `disabled`, `verified` or `unverified`.")
            .asks("q=dana")
            .answers::<Listed<Person>>()
            .does(|call| Box::pin(list(call))),
        Operation::get(ONE, "getUser", PeopleRead).says("Get a person", "").answers::<Person>().does(|call| Box::pin(get(call))),
        Operation::patch(ONE, "updateUser", PeopleWrite)
            .says("Change a person", "Switches them off and on too, by `enabled`: off, their sessions and all that they allowed end.")
            .takes::<document::User>(json!({ "name": "Dana E. Example" }))
            .answers::<Person>()
            .does(|call| Box::pin(update(call))),
    ]
}

pub(super) fn write(user: &User) -> Person {
    Stored::new(&user.id, user.created_at, entry::user(user))
}

fn refuse_passwords(body: &document::User) -> Result<(), Failure> {
    refuse_change("password", body.password.is_some(), "is nobody's to set but the person's: send a reset mail")?;
    refuse_change("password_hash", body.password_hash.is_some(), "is nobody's to set but the person's: send a reset mail")
}

fn address(body: &document::User) -> Result<EmailAddress, Failure> {
    let wrong = |invalid: gantry_core::email_address::InvalidEmailAddress| {
        Refusal::new(ErrorCode::InvalidRequest, "The person cannot be written so").field("email", invalid.to_string())
    };
    Ok(EmailAddress::parse(&body.email).map_err(wrong)?)
}

fn profile(body: &document::User) -> Result<Profile, Failure> {
    let both = body.name.is_some() && body.profile.name.is_some();
    refuse_change("profile.name", both, "must be left out where `name` is given")?;
    Ok(Profile { name: body.name.clone().or_else(|| body.profile.name.clone()), ..body.profile.clone() })
}

async fn create(call: &Call) -> Result<Reply, Failure> {
    let body: document::User = call.body()?;
    refuse_passwords(&body)?;
    let new = NewUser { email: address(&body)?, email_verified: true, profile: profile(&body)?, roles: body.roles.clone(), password: None };
    call.transact(async |tx| {
        let mut made = users::create(tx, call.actor, new, call.now).await?;
        if !body.enabled {
            let off = UserChange { disabled: Some(true), ..UserChange::default() };
            made = users::update(tx, call.actor, made.id, off, call.now).await?;
        }
        Ok(Reply::created(call.below(&made.id), &write(&made))?)
    })
    .await
}

async fn list(call: &Call) -> Result<Reply, Failure> {
    let page = users::list(&call.read()?, call.actor, &call.find(&["is"])?).await?;
    Ok(Reply::of(&Listed::of(page, |user| write(&user)))?)
}

async fn get(call: &Call) -> Result<Reply, Failure> {
    Ok(Reply::of(&write(&users::find(&call.read()?, call.actor, call.id("user")?).await?))?)
}

async fn update(call: &Call) -> Result<Reply, Failure> {
    let id = call.id("user")?;
    call.transact(async |tx| {
        let before = users::find(tx, call.actor, id).await?;
        call.check_match(&write(&before))?;
        let body: document::User = call.patched(&entry::user(&before))?;
        refuse_passwords(&body)?;
        let email = address(&body)?;
        let change = UserChange {
            // Whoever gives another address vouches for it, as a realm file does.
            email_verified: (email != before.email).then_some(true),
            email: Some(email),
            profile: Some(profile(&body)?),
            roles: Some(body.roles.clone()),
            disabled: Some(!body.enabled),
        };
        let changed = users::update(tx, call.actor, id, change, call.now).await?;
        Ok(Reply::of(&write(&changed))?)
    })
    .await
}
