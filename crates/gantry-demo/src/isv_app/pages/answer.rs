//! What a platform's API answered, for people.
//!
//! Owns a picture of each API's answer. What cannot be read is said to be so, and shown as it came.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::isv_app::html::Html;
use crate::isv_app::platform::Platform;

const ANSWER: &str = include_str!("../../../assets/isv_app/answer.html");
const ROW: &str = include_str!("../../../assets/isv_app/row.html");
const PERSON: &str = include_str!("../../../assets/isv_app/person.html");
const NO_ANSWER: &str = include_str!("../../../assets/isv_app/no_answer.html");

/// What came of asking the API.
pub(in crate::isv_app) enum Told {
    /// It answered.
    Answer { status: u16, body: Value },
    /// It did not; worded to follow "The API".
    Nothing(String),
}

/// What is shown of an answer.
struct Picture {
    title: String,
    lead: String,
    content: Html,
}

/// One line of a list: what stands before it, what it is, its state, and more about it.
struct Row<'r> {
    at: &'r str,
    what: &'r str,
    status: &'r str,
    more: &'r str,
}

#[derive(Deserialize)]
struct Launches {
    fleet: String,
    launches: Vec<Launch>,
}

#[derive(Deserialize)]
struct Launch {
    rocket: String,
    at: String,
    from: String,
    to: String,
    cargo: String,
    status: String,
}

#[derive(Deserialize)]
struct OfOrganization {
    org_id: String,
    organization: String,
    orders: Vec<Order>,
}

#[derive(Deserialize)]
struct Order {
    id: String,
    from: String,
    to: String,
    freight: String,
    status: String,
}

#[derive(Deserialize)]
struct Profile {
    name: Option<String>,
    headline: String,
    skills: Vec<String>,
    email: Option<String>,
}

#[derive(Deserialize)]
struct Locks {
    name: Option<String>,
    locks: Vec<Lock>,
}

#[derive(Deserialize)]
struct Lock {
    what: String,
    opens_in_hours: u32,
}

/// The panel with the answer.
pub(super) fn panel(platform: &Platform, told: &Told) -> Html {
    let (status, body) = match told {
        Told::Nothing(why) => return no_answer(platform, &format!("The API {why}.")),
        Told::Answer { status, body } => (*status, body),
    };
    let Some(picture) = picture(platform.guide.word, body).filter(|_| status == 200) else {
        let said = message(body).unwrap_or("It cannot be read.");
        return no_answer(platform, &format!("The API answered with the status {status}: {said}"));
    };
    let values = [
        ("title", Html::text(&picture.title)),
        ("lead", Html::text(&picture.lead)),
        ("content", picture.content),
        ("json", Html::text(&serde_json::to_string_pretty(body).unwrap_or_default())),
    ];
    Html::fill(ANSWER, &values)
}

/// The organization that an answer is about.
pub(super) fn organization(told: &Told) -> Option<&str> {
    match told {
        Told::Answer { status: 200, body } => body.get("org_id")?.as_str(),
        Told::Answer { .. } | Told::Nothing(_) => None,
    }
}

fn no_answer(platform: &Platform, why: &str) -> Html {
    let values = [("why", Html::text(why)), ("page", Html::text(&platform.page()))];
    Html::fill(NO_ANSWER, &values)
}

/// The words of an error, whichever shape it has.
fn message(body: &Value) -> Option<&str> {
    body.pointer("/error/message").or_else(|| body.get("error_description"))?.as_str()
}

fn picture(word: &str, body: &Value) -> Option<Picture> {
    match word {
        "rocketskip" => read(body).as_ref().map(launches),
        "roserocket" => read(body).as_ref().map(orders),
        "rocketpunch" => read(body).map(profile),
        _ => read(body).map(locks),
    }
}

fn read<T: DeserializeOwned>(body: &Value) -> Option<T> {
    T::deserialize(body).ok()
}

fn launches(answer: &Launches) -> Picture {
    let row = |launch: &Launch| {
        let (what, more) = (format!("{} · {} → {}", launch.rocket, launch.from, launch.to), format!("On board: {}", launch.cargo));
        Row { at: &launch.at, what: &what, status: &launch.status, more: &more }.html()
    };
    Picture {
        title: format!("Today’s launches of the {} fleet", answer.fleet),
        lead: "All times are UTC.".to_owned(),
        content: Html::join(answer.launches.iter().map(row)),
    }
}

fn orders(answer: &OfOrganization) -> Picture {
    let row = |order: &Order| {
        let what = format!("{} → {}", order.from, order.to);
        Row { at: &order.id, what: &what, status: &order.status, more: &order.freight }.html()
    };
    Picture {
        title: format!("Orders of {}", answer.organization),
        lead: format!("The token is for this organization alone: {}.", answer.org_id),
        content: Html::join(answer.orders.iter().map(row)),
    }
}

fn profile(answer: Profile) -> Picture {
    let values = [
        ("headline", Html::text(&answer.headline)),
        ("skills", Html::text(&answer.skills.join(", "))),
        ("email", Html::text(answer.email.as_deref().unwrap_or("Not shared: the token lacks profile:email."))),
    ];
    Picture {
        title: answer.name.unwrap_or_else(|| "Somebody without a name".to_owned()),
        lead: "Your profile, as far as you allowed.".to_owned(),
        content: Html::fill(PERSON, &values),
    }
}

fn locks(answer: Locks) -> Picture {
    let row = |lock: &Lock| {
        let at = format!("{} h", lock.opens_in_hours);
        Row { at: &at, what: &lock.what, status: "locked", more: "" }.html()
    };
    let whose = answer.name.map_or_else(|| "Your locks".to_owned(), |name| format!("{name}’s locks"));
    Picture { title: whose, lead: "And in how many hours they open.".to_owned(), content: Html::join(answer.locks.iter().map(row)) }
}

impl Row<'_> {
    fn html(&self) -> Html {
        let values = [
            ("at", Html::text(self.at)),
            ("what", Html::text(self.what)),
            ("class", Html::text(class(self.status))),
            ("status", Html::text(self.status)),
            ("more", Html::text(self.more)),
        ];
        Html::fill(ROW, &values)
    }
}

fn class(status: &str) -> &'static str {
    match status {
        "counting down" | "fuelling" | "in flight" | "loading" | "in transit" => "busy",
        "arrived" | "delivered" => "done",
        _ => "",
    }
}
