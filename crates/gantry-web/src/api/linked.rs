//! A person's accounts elsewhere, and the tokens that they made for themself: which there are, and their end.

use gantry_core::admin_scope::AdminScope::{PeopleRead, PeopleWrite};
use gantry_core::clock::Timestamp;
use gantry_core::failure::Failure;
use gantry_core::personal_token::PersonalToken;
use gantry_identity::people::{self, Linked};
use gantry_identity::sign_in::upstream::Notice;
use gantry_identity::users;
use gantry_views::Views;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::{Call, Listed};
use super::operation::Operation;
use super::reply::Reply;
use crate::paths;

const IDENTITIES: &str = "/realms/{realm}/users/{user}/identities";
const IDENTITY: &str = "/realms/{realm}/users/{user}/identities/{identity}";
const TOKENS: &str = "/realms/{realm}/users/{user}/personal-tokens";
const TOKEN: &str = "/realms/{realm}/users/{user}/personal-tokens/{personal_token}";

/// An account elsewhere with which a person signs in.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "LinkedIdentity")]
struct Elsewhere {
    /// Its id here.
    id: String,
    /// When it was linked.
    created_at: String,
    /// The connection that they come through, by its slug.
    connection: String,
    /// The provider's issuer.
    issuer: String,
    /// The provider's own name for the person.
    subject: String,
    /// The address that the provider last named.
    email: Option<String>,
    /// When it was last used.
    last_used_at: String,
}

/// A token that a person made for themself.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PersonalToken")]
struct Own {
    /// Its id.
    id: String,
    /// When it was made.
    created_at: String,
    /// What they call it.
    name: String,
    /// How it ends, for people to tell it apart.
    last_four: String,
    /// What it may do.
    scopes: Vec<String>,
    /// When it stops working.
    expires_at: String,
    /// When it was last used, to the hour.
    last_used_at: Option<String>,
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get(IDENTITIES, "listIdentities", PeopleRead)
            .says("List a person's accounts elsewhere", "Oldest first.")
            .answers::<Listed<Elsewhere>>()
            .captures_as(&[("identity", "/items/0/id")])
            .does(|call| Box::pin(identities(call))),
        Operation::end(IDENTITY, "unlinkIdentity", PeopleWrite)
            .says(
                "Take an account elsewhere away from a person",
                "With what began with it; they are told by mail. It may be their last way to sign in: send them a reset mail. \
                 Takes `people:read` too.",
            )
            .does(|call| Box::pin(unlink(call))),
        Operation::get(TOKENS, "listPersonalTokens", PeopleRead)
            .says("List the tokens that a person made for themself", "Never with their values.")
            .answers::<Listed<Own>>()
            .captures_as(&[("personal_token", "/items/0/id")])
            .does(|call| Box::pin(tokens(call))),
        Operation::end(TOKEN, "revokePersonalToken", PeopleWrite)
            .says("End one of those", "What it opened is closed at once.")
            .does(|call| Box::pin(revoke(call))),
    ]
}

fn elsewhere(linked: &Linked) -> Elsewhere {
    let link = &linked.link;
    Elsewhere {
        id: link.id.to_string(),
        created_at: link.created_at.to_rfc3339(),
        connection: linked.connection.slug.clone(),
        issuer: link.issuer.clone(),
        subject: link.subject.clone(),
        email: link.email.clone(),
        last_used_at: link.last_used_at.to_rfc3339(),
    }
}

fn own(token: &PersonalToken) -> Own {
    Own {
        id: token.id.to_string(),
        created_at: token.created_at.to_rfc3339(),
        name: token.name.clone(),
        last_four: token.last_four.clone(),
        scopes: token.scopes.iter().map(str::to_owned).collect(),
        expires_at: token.expires_at.to_rfc3339(),
        last_used_at: token.last_used_at.map(Timestamp::to_rfc3339),
    }
}

async fn identities(call: &Call) -> Result<Reply, Failure> {
    let all = people::identities(&call.read()?, call.actor, call.id("user")?).await?;
    Ok(Reply::of(&Listed::whole(all.iter().map(elsewhere).collect()))?)
}

async fn unlink(call: &Call) -> Result<Reply, Failure> {
    let (user, identity) = (call.id("user")?, call.id("identity")?);
    let (settings, account) = (&call.realm()?.realm.settings, call.url(paths::ACCOUNT)?);
    let views = call.part::<Views>()?;
    call.transact(async |tx| {
        let person = users::find(tx, call.actor, user).await?;
        let default = settings.authorization.default_locale.as_deref();
        let locale = views.negotiate(person.profile.locale.as_deref(), None, &settings.branding.locales, default);
        let notice = Notice { locale, account: &account };
        people::unlink(tx, call.actor, user, identity, notice, call.now).await?;
        Ok(Reply::nothing())
    })
    .await
}

async fn tokens(call: &Call) -> Result<Reply, Failure> {
    let all = people::access::tokens(&call.read()?, call.actor, call.id("user")?).await?;
    Ok(Reply::of(&Listed::whole(all.iter().map(own).collect()))?)
}

async fn revoke(call: &Call) -> Result<Reply, Failure> {
    let (user, token) = (call.id("user")?, call.id("personal_token")?);
    call.transact(async |tx| {
        people::access::revoke_token(tx, call.actor, user, token, call.now).await?;
        Ok(Reply::nothing())
    })
    .await
}
