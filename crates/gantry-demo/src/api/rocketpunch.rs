//! Rocketpunch's API: a person's own profile by access token, public data by App Key.
//!
//! Owns a small job market. What it knows of a person it learns from the issuer, with the token
//! that it was shown: no more than the person allowed.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use super::denied::Denied;
use super::dice::Dice;
use super::door::bearer;
use super::{Api, answer_with};
use crate::signed::Distrust;

const PROFILE: &str = "profile:read";
const EMAIL: &str = "profile:email";
const JOBS: &str = "jobs:read";

const HEADLINES: [&str; 5] = [
    "Keeps things in orbit",
    "Builds bridges, some of them real",
    "Designs instruments for quiet rooms",
    "Teaches machines to wait their turn",
    "Counts what others forget",
];
const SKILLS: [&str; 8] =
    ["trajectories", "patience", "bookkeeping", "soldering", "Rust", "long-distance calls", "kite building", "reading aloud"];
/// Title, company, city.
const MARKET: [(&str, &str, &str); 4] = [
    ("Night-shift astronomer", "Halfway Station", "Low orbit"),
    ("Backend engineer, quiet team", "Perigee Labs", "Seoul"),
    ("Lighthouse keeper, remote", "Northern Signals", "Tromsø"),
    ("Piano tuner for a travelling orchestra", "Plover & Sons", "Busan"),
];

/// What the issuer tells of the person.
#[derive(Debug, Deserialize)]
struct Person {
    sub: String,
    name: Option<String>,
    website: Option<String>,
    email: Option<String>,
}

#[derive(Debug, Serialize)]
struct Profile {
    id: String,
    name: Option<String>,
    headline: &'static str,
    skills: [&'static str; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    website: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

#[derive(Debug, Serialize)]
struct Job {
    title: &'static str,
    company: &'static str,
    city: &'static str,
}

#[derive(Debug, Serialize)]
struct Jobs {
    jobs: Vec<Job>,
}

/// `GET /api/v1/profiles/me`
pub(super) async fn profile(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    match own_profile(&request, &api).await {
        Ok(profile) => answer_with(&profile),
        Err(denied) => api.rocketpunch.refuse(&denied),
    }
}

async fn own_profile(request: &HttpRequest, api: &Api) -> Result<Profile, Denied> {
    let door = &api.rocketpunch;
    let holder = door.holder(request, Some(PROFILE)).await?;
    let token = bearer(request).ok_or(Denied::NoToken)?;
    let person: Person = door.issuer.userinfo(token).await.map_err(|silent| Denied::Untrusted(silent.into()))?;
    // OpenID Connect Core §5.3.2: claims of somebody else are worth nothing.
    if person.sub != holder.sub {
        return Err(Denied::Untrusted(Distrust::Invalid("speaks of somebody else")));
    }
    let mut dice = Dice::of(&person.sub);
    let headline = dice.pick(&HEADLINES);
    let first = dice.pick(&SKILLS);
    let others: Vec<&'static str> = SKILLS.into_iter().filter(|skill| *skill != first).collect();
    Ok(Profile {
        headline,
        skills: [first, dice.pick(&others)],
        name: person.name,
        website: person.website,
        email: person.email.filter(|_| holder.may(EMAIL)),
        id: person.sub,
    })
}

/// `GET /api/v1/jobs`
pub(super) async fn jobs(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    match with_app_key(&request, &api).await {
        Ok(()) => answer_with(&Jobs { jobs: MARKET.iter().map(|(title, company, city)| Job { title, company, city }).collect() }),
        Err(denied) => api.rocketpunch.refuse(&denied),
    }
}

async fn with_app_key(request: &HttpRequest, api: &Api) -> Result<(), Denied> {
    let mut sent = request.headers().get_all(api.app_key_header.as_str());
    let key = sent.next().ok_or(Denied::BadKey("Send your App Key in the header that the guide names."))?;
    let key = key.to_str().ok().filter(|_| sent.next().is_none()).ok_or(Denied::BadKey("This is no App Key."))?;
    match api.rocketpunch.stands_for(key, "app_key", JOBS).await {
        Ok(_) => Ok(()),
        Err(Denied::Untrusted(Distrust::Invalid(_))) => Err(Denied::BadKey("The App Key is unknown, expired or revoked.")),
        Err(denied) => Err(denied),
    }
}
