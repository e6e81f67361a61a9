//! What wants a look, as a list: each with what to do and where.

use gantry_core::clock::Timestamp;
use gantry_identity::overview::Concern;
use gantry_views::console::{Empty, Panel, Row, Table, Text, Tone, Value, said, say};
use gantry_views::moment::{Day, Moment};

use crate::console::context::Console;
use crate::paths::console as at;

/// The list; none where all is well.
pub(super) fn panel(console: &Console, found: Vec<Concern>, now: Timestamp) -> Option<Panel> {
    let (over, soon): (Vec<_>, Vec<_>) = found.into_iter().partition(|concern| is_bad(concern, now));
    let rows: Vec<Row> = over.iter().chain(&soon).enumerate().map(|(index, concern)| row(console, concern, index, now)).collect();
    if rows.is_empty() {
        return None;
    }
    let columns = vec![say("home-concern"), say("home-concern-state"), say("home-concern-when")];
    // A list with rows never shows this.
    let empty = Empty { icon: "circle-check", title: say("home-concerns"), text: say("home-concerns-text"), action: None };
    let mut table = Table::new("concerns", columns, empty);
    table.title = Some(say("home-concerns"));
    table.lead = Some(say("home-concerns-text"));
    table.rows = rows;
    Some(table.into())
}

fn is_bad(concern: &Concern, now: Timestamp) -> bool {
    match concern {
        Concern::Domain { failing_since, .. } => failing_since.is_some(),
        Concern::Mail { given_up, .. } => *given_up,
        Concern::Connection { .. } | Concern::ClientSecret { .. } | Concern::AppKey { .. } => concern.at().is_some_and(|at| at <= now),
    }
}

fn row(console: &Console, concern: &Concern, index: usize, now: Timestamp) -> Row {
    let (name, what, href) = words(console, concern);
    let state = match (concern, is_bad(concern, now)) {
        (Concern::Domain { .. }, true) => Value::badge("home-state-lost", Tone::Bad),
        (Concern::Domain { .. }, false) => Value::badge("home-state-unproved", Tone::Warn),
        (Concern::Mail { .. }, true) => Value::badge("home-state-given-up", Tone::Bad),
        (Concern::Mail { .. }, false) => Value::badge("home-state-failing", Tone::Warn),
        (_, true) => Value::badge("home-state-ended", Tone::Bad),
        (_, false) => Value::badge("home-state-ends", Tone::Warn),
    };
    let when = match (concern.at(), concern) {
        (Some(at), _) if at > now => Value::Day(Day::of(at)),
        (Some(at), _) => Value::Moment(Moment::seen(at, now)),
        (None, Concern::Domain { failing_since: Some(since), .. }) => Value::Moment(Moment::seen(*since, now)),
        (None, _) => Value::Nothing,
    };
    Row::to(index.to_string(), href, vec![Value::Two(name, what), state, when])
}

/// What it is called, what to do about it, and where.
fn words(console: &Console, concern: &Concern) -> (Text, Text, String) {
    match concern {
        Concern::Connection { id, name, owner, .. } => {
            let id = id.to_string();
            let path = if console.tenant.is_some() { at::TENANT_CONNECTION_SECRETS } else { at::CONNECTION_SECRETS };
            let what =
                if owner.is_some() && console.tenant.is_none() { say("home-fix-tenants-connection") } else { say("home-fix-connection") };
            (said(name), what, console.path(path, &[("connection", &id)]))
        }
        Concern::ClientSecret { client, name, last_four, .. } => {
            let href = console.path(at::CLIENT_CREDENTIALS, &[("client", &client.to_string())]);
            (said(name), say("home-fix-secret").with("last", last_four.as_str()), href)
        }
        Concern::AppKey { client, name, key, .. } => {
            let href = console.path(at::CLIENT_CREDENTIALS, &[("client", &client.to_string())]);
            (said(name), say("home-fix-app-key").with("key", key.as_str()), href)
        }
        Concern::Domain { org_id, tenant, domain, failing_since } => {
            let what = if failing_since.is_some() { say("home-fix-lost-domain") } else { say("home-fix-domain") };
            (said(domain), what.with("tenant", tenant.as_str()), console.path(at::TENANT_DOMAINS, &[("tenant", org_id)]))
        }
        Concern::Mail { given_up, count } => {
            let what = if *given_up { say("home-fix-mail-given-up") } else { say("home-fix-mail-failing") };
            (say("home-mail").with("count", *count), what, console.path(at::MAIL, &[]))
        }
    }
}
