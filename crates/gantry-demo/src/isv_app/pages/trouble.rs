//! What went wrong, in words: as a page of its own, or above what still works.
//!
//! Owns the words for every trouble. What a platform said is shown, but never more than somebody
//! might read, since anybody can send it here.

use super::page;
use crate::isv_app::html::Html;
use crate::isv_app::platform::Platform;
use crate::isv_app::trouble::{Refused, Trouble};

const TROUBLE: &str = include_str!("../../../assets/isv_app/trouble.html");
const NOTICE: &str = include_str!("../../../assets/isv_app/notice.html");
const NOTICE_LINK: &str = include_str!("../../../assets/isv_app/notice_link.html");
const SAID: &str = include_str!("../../../assets/isv_app/said.html");
const REASON: &str = include_str!("../../../assets/isv_app/reason.html");
const READ_MORE: &str = include_str!("../../../assets/isv_app/read_more.html");

/// The most characters of anything that is shown.
const LONGEST: usize = 200;

/// The page of what went wrong on the way to a connection.
pub(in crate::isv_app) fn trouble(platform: &Platform, trouble: &Trouble) -> String {
    let name = platform.name();
    let (title, words) = match trouble {
        Trouble::Refused(Refused { error, reason: None, .. }) if error == "access_denied" => (
            "You did not allow it".to_owned(),
            format!("{name} gave Perigee nothing: no name, no data, no token. You can change your mind at any time."),
        ),
        Trouble::Refused(Refused { error, .. }) if error == "access_denied" => (
            "There is no organization to work for".to_owned(),
            format!("{name} gives tokens for an organization alone, and none of yours lets Perigee in. Its admin can."),
        ),
        Trouble::Refused(_) | Trouble::Distrusted(_) | Trouble::Silent(_) => words(name, trouble),
    };
    let again = if matches!(trouble, Trouble::Silent(_)) { "Try again" } else { "Connect again" };
    let values = [
        ("title", Html::text(&title)),
        ("words", Html::text(&words)),
        ("said", said(platform, trouble)),
        ("word", Html::text(platform.guide.word)),
        ("again", Html::text(again)),
    ];
    page(&title, Html::fill(TROUBLE, &values))
}

/// What went wrong with a refresh, above what still works.
pub(super) fn notice(platform: &Platform, trouble: &Trouble) -> Html {
    let name = platform.name();
    let (title, words) = match trouble {
        Trouble::Refused(Refused { error, .. }) if error == "interaction_required" => (
            format!("{name} wants to see you first"),
            "For this organization your sign-in is too old. Nothing is lost: the other organizations work as before.".to_owned(),
        ),
        Trouble::Refused(Refused { reason: Some(_), .. }) => (
            "Not for this organization".to_owned(),
            "Nothing is lost: the refresh token is unharmed, and the other organizations work as before.".to_owned(),
        ),
        Trouble::Refused(_) | Trouble::Distrusted(_) | Trouble::Silent(_) => words(name, trouble),
    };
    let link = match trouble {
        Trouble::Refused(refused) => platform.own(refused.authorization_uri.as_deref()),
        Trouble::Distrusted(_) | Trouble::Silent(_) => None,
    };
    let link = link.map(|url| {
        let values = [("url", Html::text(url)), ("word", Html::text(platform.guide.word)), ("platform", Html::text(name))];
        Html::fill(NOTICE_LINK, &values)
    });
    let values = [
        ("title", Html::text(&title)),
        ("words", Html::text(&words)),
        ("said", said(platform, trouble)),
        ("link", link.unwrap_or_default()),
    ];
    Html::fill(NOTICE, &values)
}

fn words(name: &str, trouble: &Trouble) -> (String, String) {
    match trouble {
        Trouble::Refused(refused) if refused.is_the_end() => (
            "The connection has ended".to_owned(),
            format!("{name} no longer accepts what it gave to Perigee: the access was removed, or it was too old. Connect again to go on."),
        ),
        Trouble::Refused(_) => (
            format!("{name} said no"),
            "Perigee’s developers have to look into this: the request was not one that the platform accepts from them.".to_owned(),
        ),
        Trouble::Distrusted(reason) => (
            "This answer was not believed".to_owned(),
            format!("{reason} It may come from an old tab or from somebody else, so Perigee did nothing with it."),
        ),
        Trouble::Silent(silent) => {
            (format!("{name} does not answer"), format!("{name} {silent}. Perigee did nothing; try again in a moment."))
        }
    }
}

/// The platform's own words.
fn said(platform: &Platform, trouble: &Trouble) -> Html {
    let Trouble::Refused(refused) = trouble else { return Html::default() };
    let short = |text: &str| Html::text(&text.chars().take(LONGEST).collect::<String>());
    let reason = refused.reason.as_deref().map(|reason| Html::fill(REASON, &[("reason", short(reason))]));
    let more = platform.own(refused.error_uri.as_deref()).map(|url| Html::fill(READ_MORE, &[("url", Html::text(url))]));
    let values = [
        ("platform", Html::text(platform.name())),
        ("code", short(&refused.error)),
        ("description", refused.error_description.as_deref().map(short).unwrap_or_default()),
        ("reason", reason.unwrap_or_default()),
        ("more", more.unwrap_or_default()),
    ];
    Html::fill(SAID, &values)
}
