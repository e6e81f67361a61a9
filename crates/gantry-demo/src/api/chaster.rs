//! Chaster's API: what somebody has locked, by access token or by their own developer token.
//!
//! Owns a small world that is the same for a person. Nothing in it is stored.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use super::denied::Denied;
use super::dice::{Dice, pick};
use super::door::bearer;
use super::{Api, answer_with};

/// What an app asks for, and what a developer token is made for.
const SCOPE: &str = "profile";
const LOCKS_SCOPE: &str = "locks";

const LOCKED: [&str; 8] = [
    "the biscuit tin",
    "the telephone, in its drawer",
    "a diary",
    "the workshop, until the glue is dry",
    "a time capsule",
    "birthday presents",
    "the second monitor",
    "a cheese, ripening",
];
const LOCKS: u8 = 3;

/// What the issuer tells of the person.
#[derive(Debug, Default, Deserialize)]
struct Person {
    name: Option<String>,
}

#[derive(Debug, Serialize)]
struct Profile {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    known_by: &'static str,
    locks: Vec<Lock>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Lock {
    what: &'static str,
    opens_in_hours: u8,
}

/// `GET /api/profile`
pub(super) async fn profile(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    match own_profile(&request, &api).await {
        Ok(profile) => answer_with(&profile),
        Err(denied) => api.chaster.refuse(&denied),
    }
}

async fn own_profile(request: &HttpRequest, api: &Api) -> Result<Profile, Denied> {
    let door = &api.chaster;
    let token = bearer(request).ok_or(Denied::NoToken)?;
    // A developer token is no JWT: what cannot be read has to be asked about.
    if !token.contains('.') {
        let id = door.stands_for(token, "personal_token", LOCKS_SCOPE).await?;
        return Ok(Profile { name: None, known_by: "developer token", locks: locks_of(&id), id });
    }
    let holder = door.holder(request, Some(SCOPE)).await?;
    let person: Person = door.issuer.userinfo(token).await.map_err(|silent| Denied::Untrusted(silent.into()))?;
    Ok(Profile { name: person.name, known_by: "access token", locks: locks_of(&holder.sub), id: holder.sub })
}

fn locks_of(sub: &str) -> Vec<Lock> {
    let mut dice = Dice::of(sub);
    let first = dice.roll() % 8;
    // Steps of three lead through all eight.
    (0..LOCKS).map(|turn| Lock { what: pick(&LOCKED, first + turn * 3), opens_in_hours: dice.roll() % 72 + 1 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebodys_locks_stay_the_same() {
        assert_eq!(locks_of("usr_mae"), locks_of("usr_mae"));
        assert_ne!(locks_of("usr_mae"), locks_of("usr_kit"));
    }
}
