//! Keeps `docs/guides/coming-from-your-guide.md` true: each promise of the four guides stands there once, with a test that
//! exists or the piece of work that it waits for. That its realm files hold is for `realm_file`.

use std::collections::{BTreeMap, BTreeSet};

use crate::named_tests;

/// The sections of the table, and how many promises each has.
const PROMISES: &[(u32, u32)] = &[(1, 5), (2, 7), (3, 3), (4, 15), (5, 4), (6, 6), (7, 6), (8, 4), (9, 7)];

/// What a row may say instead of naming a test.
const WAITING: &str = "later: ";

fn guide() -> String {
    std::fs::read_to_string(named_tests::root().join("docs/guides/coming-from-your-guide.md")).unwrap()
}

/// Number of a promise to its wording and what shows it.
fn rows() -> BTreeMap<String, (String, String)> {
    let mut rows = BTreeMap::new();
    for line in guide().lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [number, wording, shown_by] = cells.as_slice() else { continue };
        if number.split('.').count() == 2 && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
            let row = ((*wording).to_owned(), (*shown_by).to_owned());
            assert!(rows.insert((*number).to_owned(), row).is_none(), "{number} stands there twice");
        }
    }
    rows
}

#[test]
fn every_promise_is_shown_by_a_test() {
    let (rows, tests) = (rows(), named_tests::all());
    let expected: BTreeSet<String> =
        PROMISES.iter().flat_map(|(section, count)| (1..=*count).map(move |row| format!("{section}.{row}"))).collect();
    let mut wrong: Vec<String> = expected.iter().filter(|number| !rows.contains_key(*number)).map(|n| format!("{n} is missing")).collect();
    for (number, (wording, shown_by)) in &rows {
        if !expected.contains(number) {
            wrong.push(format!("{number} is no promise"));
        }
        if wording.is_empty() {
            wrong.push(format!("{number} has no words"));
        }
        let named: Vec<&str> = shown_by.split('`').skip(1).step_by(2).collect();
        if named.is_empty() && !shown_by.starts_with(WAITING) {
            wrong.push(format!("{number} names neither a test nor what it waits for"));
        }
        wrong.extend(named.iter().filter(|name| !tests.contains(**name)).map(|name| format!("{number}: there is no test `{name}`")));
    }
    assert!(wrong.is_empty(), "docs/guides/coming-from-your-guide.md:\n{}", wrong.join("\n"));
}
