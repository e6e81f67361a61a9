//! The API of `RocketSkip`: today's launches of somebody's fleet.
//!
//! Owns a small world that is the same for a person all day long. Nothing in it is stored.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use gantry_core::clock::Timestamp;
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::{Iso8601, Rfc3339};

use super::dice::{Dice, pick};
use super::{Api, answer_with};

/// The scope without which nothing is told.
const SCOPE: &str = "read";

const FLEETS: [&str; 8] = ["Magpie", "Heron", "Swift", "Petrel", "Kestrel", "Plover", "Osprey", "Wren"];
const PADS: [&str; 4] = ["Pad 1", "Pad 2", "Pad 3", "Sea pad"];
const DESTINATIONS: [&str; 8] = [
    "Low orbit",
    "Polar orbit",
    "Tycho Depot, Moon",
    "Shackleton Greenhouse, Moon",
    "Halfway Station",
    "Phobos Yard",
    "Sunrise orbit",
    "Graveyard orbit",
];
const CARGO: [&str; 12] = [
    "seven crates of lemons",
    "one grand piano, untuned",
    "weather satellites, a dozen",
    "bees",
    "letters from home",
    "a spare mirror",
    "seedlings, basil and thyme",
    "a trumpet player, and the trumpet",
    "coffee, two hundred kilograms",
    "a telescope the size of a loaf",
    "bicycle parts",
    "nothing, and it is in a hurry",
];
/// A fleet flies so many times a day.
const LAUNCHES: u8 = 4;
const MINUTES_OF_DAY: i64 = 24 * 60;

/// `GET /resource`
pub(super) async fn launches(request: HttpRequest, api: Data<Api>) -> HttpResponse {
    let door = &api.rocketskip;
    match door.holder(&request, Some(SCOPE)).await {
        Ok(claims) => {
            let asked_by = AskedBy { sub: claims.sub, client_id: claims.client_id, scope: claims.scope.unwrap_or_default() };
            answer_with(&answer(&asked_by, api.clock.now()))
        }
        Err(denied) => door.refuse(&denied),
    }
}

/// Whom the answer is for, as the token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct AskedBy {
    sub: String,
    client_id: String,
    scope: String,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Answer<'a> {
    fleet: &'static str,
    date: String,
    answered_at: String,
    asked_by: &'a AskedBy,
    launches: Vec<Launch>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Launch {
    rocket: String,
    at: String,
    from: &'static str,
    to: &'static str,
    cargo: &'static str,
    status: &'static str,
}

/// Today's launches of the fleet that belongs to whom the token is for.
fn answer(asked_by: &AskedBy, now: Timestamp) -> Answer<'_> {
    let moment = OffsetDateTime::from_unix_timestamp(now.seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let date = moment.date().format(&Iso8601::DATE).unwrap_or_default();
    let fleet = pick(&FLEETS, Dice::of(&asked_by.sub).roll());
    let minute = now.seconds().rem_euclid(86_400) / 60;
    let mut dice = Dice::of(&format!("{} {date}", asked_by.sub));
    let first_cargo = dice.roll();
    // Steps of five lead through all twelve, so that nothing flies twice on one day.
    let launches = (0..LAUNCHES).map(|turn| launch(fleet, turn, pick(&CARGO, (first_cargo % 12) + turn * 5), minute, &mut dice)).collect();
    Answer { fleet, date, answered_at: moment.format(&Rfc3339).unwrap_or_default(), asked_by, launches }
}

/// One launch in each part of the day, so that they come in order.
fn launch(fleet: &str, turn: u8, cargo: &'static str, now: i64, dice: &mut Dice) -> Launch {
    let part = MINUTES_OF_DAY / i64::from(LAUNCHES);
    let at = part * i64::from(turn) + i64::from(dice.roll()) % part / 5 * 5;
    Launch {
        rocket: format!("{fleet} {}", turn + 1),
        at: format!("{:02}:{:02}", at / 60, at % 60),
        from: pick(&PADS, dice.roll()),
        to: pick(&DESTINATIONS, dice.roll()),
        cargo,
        status: status(at - now, dice.roll()),
    }
}

/// What is going on so many minutes before the launch.
const fn status(minutes: i64, roll: u8) -> &'static str {
    match minutes {
        ..=-30 => "arrived",
        -29..=0 => "in flight",
        1..=20 => "counting down",
        21..=90 => "fuelling",
        _ if roll < 40 => "waiting for the weather",
        _ => "on the pad",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked_by(sub: &str) -> AskedBy {
        AskedBy { sub: sub.to_owned(), client_id: "perigee".to_owned(), scope: "read".to_owned() }
    }

    #[test]
    fn the_launches_of_a_day_stay_and_come_in_order() {
        let mae = asked_by("usr_mae");
        let morning = answer(&mae, Timestamp::from_seconds(1_800_000_000));
        let later = answer(&mae, Timestamp::from_seconds(1_800_000_060));
        let times = |answer: &Answer<'_>| answer.launches.iter().map(|launch| (launch.at.clone(), launch.cargo)).collect::<Vec<_>>();
        assert_eq!(times(&morning), times(&later));
        assert!(times(&morning).is_sorted_by_key(|(at, _)| at.clone()));
        assert_eq!(morning.date, "2027-01-15");
        assert_ne!(times(&morning), times(&answer(&asked_by("usr_yuri"), Timestamp::from_seconds(1_800_000_000))));
    }
}
