//! The app's pages: what each says, put into its template.
//!
//! Owns every word that depends on what happened. Never asks anybody anything.

mod answer;
mod platform;
mod trouble;

use gantry_core::clock::Timestamp;

use super::IsvApp;
use super::html::Html;
use super::platform::Platform;
use super::session::{Place, Tokens};

pub(super) use answer::Told;
pub(super) use platform::platform;
pub(super) use trouble::trouble;

const SHELL: &str = include_str!("../../../assets/isv_app/shell.html");
const HOME: &str = include_str!("../../../assets/isv_app/home.html");
const CARD: &str = include_str!("../../../assets/isv_app/card.html");
const CARD_CONNECT: &str = include_str!("../../../assets/isv_app/card_connect.html");
const CARD_OPEN: &str = include_str!("../../../assets/isv_app/card_open.html");
const HINT: &str = include_str!("../../../assets/isv_app/hint.html");
const CHIP: &str = include_str!("../../../assets/isv_app/chip.html");
const NOT_FOUND: &str = include_str!("../../../assets/isv_app/not_found.html");

fn page(title: &str, content: Html) -> String {
    Html::fill(SHELL, &[("title", Html::text(title)), ("content", content)]).into_text()
}

/// The first page: all platforms on one board.
pub(super) fn home(app: &IsvApp, places: &[(&Platform, Place)]) -> String {
    let cards = places.iter().map(|(platform, place)| card(platform, place.tokens.as_ref(), app.now()));
    page("All your rockets on one board", Html::fill(HOME, &[("hint", hint(app)), ("cards", Html::join(cards))]))
}

fn card(platform: &Platform, tokens: Option<&Tokens>, now: Timestamp) -> Html {
    let own = [("word", Html::text(platform.guide.word)), ("platform", Html::text(platform.name()))];
    let (state, foot) = match tokens {
        None => (Html::default(), Html::fill(CARD_CONNECT, &own)),
        Some(tokens) => (Html::text(&expiry(tokens, now)), Html::fill(CARD_OPEN, &own)),
    };
    let [word, name] = own;
    let values = [
        word,
        name,
        ("initials", Html::text(&initials(platform.name()))),
        ("about", Html::text(platform.guide.about)),
        ("scopes", scopes(platform.guide.scope)),
        ("state", state),
        ("foot", foot),
    ];
    Html::fill(CARD, &values)
}

fn hint(app: &IsvApp) -> Html {
    let filled = app.hint.as_ref().map(|hint| {
        let values = [("email", Html::text(&hint.email)), ("password", Html::text(&hint.password))];
        Html::fill(HINT, &values)
    });
    filled.unwrap_or_default()
}

/// The page of an address that leads nowhere.
pub(super) fn not_found() -> String {
    page("Nothing here", Html::fill(NOT_FOUND, &[]))
}

fn scopes(scope: &str) -> Html {
    Html::join(scope.split(' ').map(|scope| Html::fill(CHIP, &[("text", Html::text(scope))])))
}

/// The first letters of a name's words and of the words inside them.
fn initials(name: &str) -> String {
    let capitals: String = name.chars().filter(char::is_ascii_uppercase).take(2).collect();
    if capitals.len() == 2 { capitals } else { name.chars().take(2).collect() }
}

fn expiry(tokens: &Tokens, now: Timestamp) -> String {
    let minutes = tokens.expires_at.since(now).as_secs().div_ceil(60);
    match minutes {
        0 => "Token expired; Perigee will refresh it".to_owned(),
        1 => "Token expires within a minute".to_owned(),
        _ => format!("Token expires in {minutes} minutes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_core::secret::Secret;

    #[test]
    fn a_name_becomes_initials() {
        for (name, expected) in [("RocketSkip", "RS"), ("Rose Rocket", "RR"), ("Rocketpunch", "Ro"), ("", "")] {
            assert_eq!(initials(name), expected);
        }
    }

    #[test]
    fn the_rest_of_a_tokens_life_is_told_in_minutes() {
        let at = Timestamp::from_seconds;
        let tokens =
            Tokens { access: Secret::new("x"), refresh: None, scope: String::new(), expires_at: at(3600), response: String::new() };
        assert_eq!(expiry(&tokens, at(0)), "Token expires in 60 minutes");
        assert_eq!(expiry(&tokens, at(3550)), "Token expires within a minute");
        assert_eq!(expiry(&tokens, at(4000)), "Token expired; Perigee will refresh it");
    }

    #[test]
    fn every_place_of_a_template_has_its_end() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/isv_app");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        for path in files.filter(|path| path.extension().is_some_and(|extension| extension == "html")) {
            let template = std::fs::read_to_string(&path).unwrap();
            assert_eq!(template.matches("{{").count(), template.matches("}}").count(), "{}", path.display());
            for forbidden in ["<script", "<style", " style=", " onclick="] {
                assert!(!template.contains(forbidden), "{forbidden} in {}", path.display());
            }
        }
    }
}
