//! The app's pages: what each says, put into its template.
//!
//! Owns every word that depends on what happened. Never asks anybody anything.

use gantry_core::clock::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::IsvApp;
use super::html::Html;
use super::session::{Connection, Tokens};
use super::trouble::Trouble;
use crate::issuer::Silent;

const SHELL: &str = include_str!("../../assets/isv_app/shell.html");
const HOME: &str = include_str!("../../assets/isv_app/home.html");
const HINT: &str = include_str!("../../assets/isv_app/hint.html");
const NOTE: &str = include_str!("../../assets/isv_app/note.html");
const BOARD_LINK: &str = include_str!("../../assets/isv_app/board_link.html");
const BOARD: &str = include_str!("../../assets/isv_app/board.html");
const ANSWER: &str = include_str!("../../assets/isv_app/answer.html");
const LAUNCH: &str = include_str!("../../assets/isv_app/launch.html");
const NO_ANSWER: &str = include_str!("../../assets/isv_app/no_answer.html");
const CHIP: &str = include_str!("../../assets/isv_app/chip.html");
const TROUBLE: &str = include_str!("../../assets/isv_app/trouble.html");
const SAID: &str = include_str!("../../assets/isv_app/said.html");
const NOT_FOUND: &str = include_str!("../../assets/isv_app/not_found.html");

/// What the API answers.
#[derive(Debug, Deserialize)]
struct Launches {
    fleet: String,
    launches: Vec<Launch>,
}

#[derive(Debug, Deserialize)]
struct Launch {
    rocket: String,
    at: String,
    from: String,
    to: String,
    cargo: String,
    status: String,
}

/// What came of asking the API.
pub(super) enum Asked {
    Answered(Value),
    Silent(Silent),
    /// It does not take the token, a fresh one included.
    NotTaken,
}

fn page(title: &str, content: Html) -> String {
    Html::fill(SHELL, &[("title", Html::text(title)), ("content", content)]).into_text()
}

/// The first page.
pub(super) fn home(app: &IsvApp, connection: Option<&Connection>, disconnected: bool) -> String {
    let platform = Html::text(&app.platform);
    let said = format!("Perigee has given its access to {} back.", app.platform);
    let note = if disconnected { Html::fill(NOTE, &[("text", Html::text(&said))]) } else { Html::default() };
    let hint = app.hint.as_ref().map(|hint| {
        let values = [("email", Html::text(&hint.email)), ("password", Html::text(&hint.password))];
        Html::fill(HINT, &values)
    });
    let board = connection.map(|connection| Html::fill(BOARD_LINK, &[("who", Html::text(name(connection)))]));
    let connect = if connection.is_some() { "Connect again" } else { &format!("Connect to {}", app.platform) };
    let values = [
        ("note", note),
        ("platform", platform),
        ("connect", Html::text(connect)),
        ("board", board.unwrap_or_default()),
        ("hint", hint.unwrap_or_default()),
        ("issuer", Html::text(app.client.issuer())),
        ("api", Html::text(&app.api)),
    ];
    page("Your fleet’s day", Html::fill(HOME, &values))
}

/// The page of somebody who is connected.
pub(super) fn board(app: &IsvApp, connection: &Connection, asked: &Asked, now: Timestamp) -> String {
    let tokens = &connection.tokens;
    let scopes = tokens.scope.split(' ').map(|scope| Html::fill(CHIP, &[("text", Html::text(scope))]));
    let refresh = if tokens.refresh.is_some() { "There is one, so Perigee can stay connected." } else { "There is none." };
    let values = [
        ("initials", Html::text(&initials(name(connection)))),
        ("name", Html::text(name(connection))),
        ("email", Html::text(connection.person.email.as_deref().unwrap_or("No e-mail address was shared"))),
        ("answer", answer(app, connection, asked, now)),
        ("platform", Html::text(&app.platform)),
        ("issuer", Html::text(app.client.issuer())),
        ("api", Html::text(&app.api)),
        ("scopes", Html::join(scopes)),
        ("expiry", Html::text(&expiry(tokens, now))),
        ("refresh", Html::text(refresh)),
        ("subject", Html::text(&connection.person.subject)),
    ];
    page("Today’s board", Html::fill(BOARD, &values))
}

fn answer(app: &IsvApp, connection: &Connection, asked: &Asked, now: Timestamp) -> Html {
    let why = match asked {
        Asked::Answered(json) => match Launches::deserialize(json) {
            Ok(answer) => return launches(app, connection, &answer, json, now),
            Err(_) => format!("{}’s API answered with something that cannot be read.", app.platform),
        },
        Asked::Silent(silent) => format!("{}’s API {silent}.", app.platform),
        Asked::NotTaken => format!("{}’s API does not take the access token.", app.platform),
    };
    Html::fill(NO_ANSWER, &[("why", Html::text(&why))])
}

fn launches(app: &IsvApp, connection: &Connection, answer: &Launches, json: &Value, now: Timestamp) -> Html {
    let launches = answer.launches.iter().map(|launch| {
        let values = [
            ("at", Html::text(&launch.at)),
            ("rocket", Html::text(&launch.rocket)),
            ("class", Html::text(class(&launch.status))),
            ("status", Html::text(&launch.status)),
            ("from", Html::text(&launch.from)),
            ("to", Html::text(&launch.to)),
            ("cargo", Html::text(&launch.cargo)),
        ];
        Html::fill(LAUNCH, &values)
    });
    let values = [
        ("fleet", Html::text(&answer.fleet)),
        ("platform", Html::text(&app.platform)),
        ("who", Html::text(connection.person.email.as_deref().unwrap_or(&connection.person.subject))),
        ("time", Html::text(&time_of_day(now))),
        ("launches", Html::join(launches)),
        ("json", Html::text(&serde_json::to_string_pretty(json).unwrap_or_default())),
    ];
    Html::fill(ANSWER, &values)
}

fn class(status: &str) -> &'static str {
    match status {
        "counting down" | "fuelling" | "in flight" => "busy",
        "arrived" => "done",
        _ => "",
    }
}

/// The page of what went wrong.
pub(super) fn trouble(app: &IsvApp, trouble: &Trouble) -> String {
    let platform = &app.platform;
    let (title, words) = match trouble {
        Trouble::Refused { code, .. } if code == "access_denied" => (
            "You did not allow it".to_owned(),
            format!("{platform} gave Perigee nothing: no name, no launches, no token. You can change your mind at any time."),
        ),
        Trouble::Refused { .. } if trouble.is_the_end() => (
            "The connection has ended".to_owned(),
            format!(
                "{platform} no longer accepts what it gave to Perigee: the access was removed, or it was too old. Connect again to go on."
            ),
        ),
        Trouble::Refused { .. } => (
            format!("{platform} said no"),
            "Perigee’s developers have to look into this: the request was not one that the platform accepts from them.".to_owned(),
        ),
        Trouble::Distrusted(reason) => (
            "This answer was not believed".to_owned(),
            format!("{reason} It may come from an old tab or from somebody else, so Perigee did nothing with it."),
        ),
        Trouble::Silent(silent) => {
            (format!("{platform} does not answer"), format!("{platform} {silent}. Perigee did nothing; try again in a moment."))
        }
    };
    let again = if matches!(trouble, Trouble::Silent(_)) { "Try again" } else { "Connect again" };
    let values =
        [("title", Html::text(&title)), ("words", Html::text(&words)), ("said", said(platform, trouble)), ("again", Html::text(again))];
    page(&title, Html::fill(TROUBLE, &values))
}

/// The platform's own words: at most as many as somebody might read, since anybody can send them here.
fn said(platform: &str, trouble: &Trouble) -> Html {
    let Trouble::Refused { code, description } = trouble else { return Html::default() };
    let short = |text: &str| Html::text(&text.chars().take(200).collect::<String>());
    let description = description.as_deref().map(short).unwrap_or_default();
    let values = [("platform", Html::text(platform)), ("code", short(code)), ("description", description)];
    Html::fill(SAID, &values)
}

/// The page of an address that leads nowhere.
pub(super) fn not_found() -> String {
    page("Nothing here", Html::fill(NOT_FOUND, &[]))
}

fn name(connection: &Connection) -> &str {
    let person = &connection.person;
    person.name.as_deref().or(person.email.as_deref()).unwrap_or(&person.subject)
}

fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let ends = [words.next(), words.next_back()];
    ends.into_iter().flatten().filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect()
}

fn expiry(tokens: &Tokens, now: Timestamp) -> String {
    let minutes = tokens.expires_at.since(now).as_secs().div_ceil(60);
    let at = time_of_day(tokens.expires_at);
    match minutes {
        0 => format!("Expired at {at} UTC"),
        1 => format!("Expires within a minute, at {at} UTC"),
        _ => format!("Expires in {minutes} minutes, at {at} UTC"),
    }
}

fn time_of_day(at: Timestamp) -> String {
    let seconds = at.seconds().rem_euclid(86_400);
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_initials() {
        for (name, expected) in [("Mae Carter", "MC"), ("mae", "M"), ("Ana María de Souza", "AS"), ("", "")] {
            assert_eq!(initials(name), expected);
        }
    }

    #[test]
    fn the_rest_of_a_tokens_life_is_told_in_minutes() {
        let secret = || gantry_core::secret::Secret::new("x");
        let at = Timestamp::from_seconds;
        let tokens = Tokens { access: secret(), refresh: None, scope: String::new(), issued_at: at(0), expires_at: at(3600) };
        assert_eq!(expiry(&tokens, at(0)), "Expires in 60 minutes, at 01:00:00 UTC");
        assert_eq!(expiry(&tokens, at(3550)), "Expires within a minute, at 01:00:00 UTC");
        assert_eq!(expiry(&tokens, at(4000)), "Expired at 01:00:00 UTC");
    }

    #[test]
    fn every_place_of_a_template_has_its_end() {
        for template in [SHELL, HOME, HINT, NOTE, BOARD_LINK, BOARD, ANSWER, LAUNCH, NO_ANSWER, CHIP, TROUBLE, SAID, NOT_FOUND] {
            assert_eq!(template.matches("{{").count(), template.matches("}}").count(), "{template}");
            for forbidden in ["<script", "<style", " style=", " onclick="] {
                assert!(!template.contains(forbidden), "{forbidden} in {template}");
            }
        }
    }
}
