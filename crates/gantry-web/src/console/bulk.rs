//! One act upon many rows of a list: the bar above it, what was ticked, and the page that asks once more.
//!
//! The list is one form, so all of it works without script. Which act it is and what it does is each area's own; an id that
//! is none here is like one of another realm, for all that were ticked (attack catalogue TEN-02).

use std::str::FromStr;

use gantry_core::failure::{Failure, Refusal};
use gantry_views::console::{Bulk, Empty, Form, Link, Note, Row, Sheet, Table, Text, Tone, Value, said, say};

use super::context::{Answer, Console};
use super::flow;
use super::form::{ConsoleForm, wrong};
use crate::extract::unknown_realm;

/// The bar above a list: an address that takes what is ticked, and the acts.
pub(super) fn bar(console: &Console, pattern: &str, acts: Vec<(&'static str, Text, bool)>) -> Result<Bulk, Failure> {
    Ok(Bulk {
        action: console.path(pattern, &[]),
        hidden: vec![("list", console.without_query("tick"))],
        acts,
        every: console.with_query("tick", "all"),
        ticked: console.query()?.get("tick") == Some("all"),
    })
}

/// What somebody ticked in a list, and what they want done to it.
pub(super) struct Ticked {
    sent: ConsoleForm,
    /// The list as they saw it.
    pub(super) list: String,
}

impl Ticked {
    /// Reads the form of the list at that address, or of the page that asks.
    pub(super) fn of(console: &Console, sent: ConsoleForm, list: &str) -> Self {
        let list = console.path(list, &[]);
        let seen = sent.get("list").and_then(flow::back).filter(|seen| seen.split('?').next() == Some(list.as_str()));
        Self { list: seen.unwrap_or(list), sent }
    }

    /// What is to be done.
    pub(super) fn act(&self) -> &str {
        self.sent.line("act")
    }

    /// Whether they were asked already, and want it.
    pub(super) fn sure(&self) -> bool {
        self.sent.get("sure") == Some("yes")
    }

    /// What was ticked.
    pub(super) fn ids<T: FromStr>(&self) -> Result<Vec<T>, Refusal> {
        self.sent.all("id").map(|id| id.parse().or(Err(unknown_realm()))).collect()
    }

    /// Something that the page that asks wants to know besides.
    pub(super) fn line(&self, name: &str) -> &str {
        self.sent.line(name)
    }

    /// The form that says yes.
    pub(super) fn form(&self, console: &Console, submit: Text) -> Form {
        let form = Form::new("bulk", console.request().path(), submit).hidden("act", self.act()).hidden("list", &self.list);
        self.sent.all("id").fold(form.hidden("sure", "yes"), |form, id| form.hidden("id", id)).danger(None)
    }

    /// The page that asks: what would be done to what.
    pub(super) fn sheet(&self, (title, lead): (Text, Text), above: Text, things: Table) -> Sheet {
        Sheet::new(title).lead(lead).crumb(Link::to(above, &self.list)).panel(things)
    }

    /// Says why nothing was done to any.
    pub(super) fn refused(&self, console: &Console, above: Text, failure: Failure) -> Answer {
        let text = said(wrong(failure)?.description);
        let back = Link::to(say("shell-bulk-back"), &self.list);
        let sheet = Sheet::new(say("shell-bulk-refused")).crumb(Link::to(above, &self.list));
        console.show_wrong(sheet.panel(Note { tone: Tone::Bad, text, action: Some(back) }))
    }
}

/// The ticked things on the page that asks.
pub(super) fn things(columns: Vec<Text>, rows: impl Iterator<Item = (String, Vec<Value>)>) -> Table {
    let empty = Empty { icon: "list-checks", title: say("shell-bulk-gone"), text: say("shell-bulk-gone-text"), action: None };
    let mut table = Table::new("chosen", columns, empty);
    table.rows = rows.map(|(id, cells)| Row::plain(id, cells)).collect();
    table
}
