//! Finding records: the words by which each is known, and the orders in which an admin pages through what flows wrote.

use crate::step::Step;
use crate::table::{NewTable, id, text};

/// This step.
pub(crate) const STEP: Step = Step {
    name: "m20261121_000007_search",
    does: "makes the table of search terms, and indexes by which admins page through sessions and sign-ins",
    tables,
};

fn tables() -> Vec<NewTable> {
    vec![
        // No foreign key: it would lock the realm's row whenever somebody's name changes.
        NewTable::new("search_term", &["realm_id", "kind", "term", "id"], &[id("realm_id"), text("kind"), text("term"), id("id")])
            // From a record to its terms. The realm comes first, and the kind before the term: SQLite, which keeps no figures of
            // its own, would otherwise go through all terms of a realm, or of a kind, to find those of one record.
            .index(&["realm_id", "id", "kind", "term"]),
        NewTable::existing("session").index_where_unset(&["realm_id", "id"], "ended_at"),
        NewTable::existing("sign_in_trace").index_where_set(&["person_id", "id"], "person_id"),
    ]
}
