//! One act upon the people that were ticked in the list, and one upon the sessions: asked once more, then done to all.

use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::user::User;
use gantry_identity::people::sessions::{self, LiveSession};
use gantry_identity::people::several::{self, Act};
use gantry_identity::tenants;
use gantry_views::console::{Field, Form, Sheet, Text, Value, said, say};
use gantry_views::moment::Moment;

use super::super::bulk::{Ticked, things};
use super::super::context::{Answer, Console};
use super::super::form::ConsoleForm;
use super::frame;
use crate::paths::console as at;

/// What can be done to several people, as the bar of their list offers it.
pub(super) fn acts() -> Vec<(&'static str, Text, bool)> {
    vec![
        ("lock", say("people-bulk-lock"), true),
        ("unlock", say("people-bulk-unlock"), false),
        ("sign-out", say("people-bulk-sign-out"), true),
        ("join", say("people-bulk-join"), false),
    ]
}

/// What somebody wants done to them; into which tenant is asked on the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Lock,
    Unlock,
    SignOut,
    Join,
}

impl Wanted {
    fn of(ticked: &Ticked) -> Result<Self, Refusal> {
        match ticked.act() {
            "lock" => Ok(Self::Lock),
            "unlock" => Ok(Self::Unlock),
            "sign-out" => Ok(Self::SignOut),
            "join" => Ok(Self::Join),
            _ => Err(Refusal::new(ErrorCode::InvalidRequest, "the form asks for nothing that is done here")),
        }
    }

    /// What the page that asks is called, with the number of people.
    const fn title(self) -> Text {
        match self {
            Self::Lock => say("people-bulk-lock-title"),
            Self::Unlock => say("people-bulk-unlock-title"),
            Self::SignOut => say("people-bulk-sign-out-title"),
            Self::Join => say("people-bulk-join-title"),
        }
    }

    const fn lead(self) -> Text {
        match self {
            Self::Lock => say("people-bulk-lock-lead"),
            Self::Unlock => say("people-bulk-unlock-lead"),
            Self::SignOut => say("people-bulk-sign-out-lead"),
            Self::Join => say("people-bulk-join-lead"),
        }
    }

    const fn done(self) -> &'static str {
        match self {
            Self::Lock => "people-bulk-locked",
            Self::Unlock => "people-bulk-unlocked",
            Self::SignOut => "people-bulk-signed-out",
            Self::Join => "people-bulk-joined",
        }
    }
}

/// Asks whether it shall be done to these people, and does it.
pub(super) async fn people(console: Console, sent: ConsoleForm) -> Answer {
    let ticked = Ticked::of(&console, sent, at::PEOPLE);
    let wanted = Wanted::of(&ticked)?;
    // As the pages of one person demand: what opens or shuts an account, or lets somebody in anywhere.
    if wanted != Wanted::SignOut {
        console.fresh(&ticked.list)?;
    }
    let found = match several::find(&console.read()?, console.actor, ticked.ids()?).await {
        Ok(found) => found,
        Err(failure) => return ticked.refused(&console, say("people-title"), failure),
    };
    if !ticked.sure() {
        return console.show(asked(&console, &ticked, wanted, &found, None));
    }
    let Some(act) = meant(&console, &ticked, wanted).await? else {
        return console.show_wrong(asked(&console, &ticked, wanted, &found, Some("names no organization of this realm")));
    };
    let (actor, now, ids) = (console.actor, console.now()?, ticked.ids()?);
    match console.transact_whole(async |tx| several::carry_out(tx, actor, ids, act, now).await).await {
        Ok(_) => console.done(ticked.list, wanted.done()),
        Err(failure) => ticked.refused(&console, say("people-title"), failure),
    }
}

/// The act with what was typed for it.
async fn meant(console: &Console, ticked: &Ticked, wanted: Wanted) -> Result<Option<Act>, Failure> {
    Ok(match wanted {
        Wanted::Lock => Some(Act::Lock),
        Wanted::Unlock => Some(Act::Unlock),
        Wanted::SignOut => Some(Act::SignOut),
        Wanted::Join => match tenants::find_by_org_id(&console.read()?, console.actor, ticked.line("org_id")).await {
            Ok(tenant) => Some(Act::Join(tenant.id)),
            Err(Failure::Refused(refusal)) if refusal.code == ErrorCode::NotFound => None,
            Err(other) => return Err(other),
        },
    })
}

fn asked(console: &Console, ticked: &Ticked, wanted: Wanted, found: &[User], problem: Option<&str>) -> Sheet {
    let row = |user: &User| {
        let name = Value::Two(said(user.display_name()), said(user.email.as_str()));
        (user.id.to_string(), vec![name, Value::Badge(frame::state(user))])
    };
    let table = things(vec![say("people-name"), say("people-state")], found.iter().map(row));
    let title = wanted.title().with("count", count(found.len()));
    let mut form = ticked.form(console, title.clone());
    if wanted == Wanted::Join {
        let field = Field::line("org_id", say("people-bulk-org-id"), ticked.line("org_id")).hint(say("people-bulk-org-id-hint")).required();
        form = Form { danger: false, ..form.field(field) };
        if let Some(problem) = problem {
            form = form.with_problems(Some(say("people-wrong")), &[("org_id".to_owned(), problem.to_owned())]);
        }
    }
    ticked.sheet((title, wanted.lead()), say("people-title"), table).panel(form)
}

/// Asks whether these sessions shall end, and ends them.
pub(super) async fn sessions(console: Console, sent: ConsoleForm) -> Answer {
    let ticked = Ticked::of(&console, sent, at::SESSIONS);
    let (actor, now) = (console.actor, console.now()?);
    let live = match sessions::several(&console.read()?, actor, ticked.ids()?, now).await {
        Ok(live) => live,
        Err(failure) => return ticked.refused(&console, say("people-sessions-title"), failure),
    };
    if ticked.sure() {
        let ids = ticked.ids()?;
        return match console.transact_whole(async |tx| sessions::end_several(tx, actor, ids, now).await).await {
            Ok(_) => console.done(ticked.list, "people-bulk-ended"),
            Err(failure) => ticked.refused(&console, say("people-sessions-title"), failure),
        };
    }
    let row = |live: &LiveSession| {
        let name = Value::Two(said(live.user.display_name()), said(live.user.email.as_str()));
        let device = Value::Two(said(frame::device(&live.session.user_agent)), said(&live.session.ip));
        (live.session.id.to_string(), vec![name, device, Value::Moment(Moment::seen(live.session.last_used_at, now))])
    };
    let table = things(vec![say("people-name"), say("people-device"), say("people-last-used")], live.iter().map(row));
    let title = say("people-bulk-end-title").with("count", count(live.len()));
    let form = ticked.form(&console, title.clone());
    console.show(ticked.sheet((title, say("people-bulk-end-lead")), say("people-sessions-title"), table).panel(form))
}

fn count(things: usize) -> u64 {
    u64::try_from(things).unwrap_or(u64::MAX)
}
