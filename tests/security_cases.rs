//! Keeps `docs/security-cases.md` true: every case of the threat catalogue stands there once, with a test that exists, the
//! piece of work that it waits for, or the set-up that it needs; and every test named by a case stands there.

use std::collections::{BTreeMap, BTreeSet};

use crate::named_tests::{all as test_functions, root};

/// The cases: area and numbers. Numbers that are missing were never given.
const CASES: &[(&str, &[u32])] = &[
    ("RED", &[1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20]),
    ("COD", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 18, 19]),
    ("RTK", &[1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20]),
    ("CLI", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16]),
    ("PAR", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 18, 19]),
    ("JWT", &[1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 18]),
    ("SES", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14]),
    ("CON", &[1, 2, 3, 4, 5, 7, 8, 9, 10, 11]),
    ("FED", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 25, 26]),
    ("ENT", &[1, 2, 3, 4, 5, 6, 8, 9, 10, 11]),
    ("SAM", &[1, 2, 3, 4, 5, 6, 7, 8, 10]),
    ("PRE", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 18, 20]),
    ("BRU", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 14, 15, 16]),
    ("DEV", &[1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 16]),
    ("SSR", &[1, 3, 4, 5, 6, 7, 8, 10, 11]),
    ("DCR", &[1, 2, 3, 4, 5, 6, 7, 8, 10, 11]),
    ("TEN", &[1, 2, 3, 4, 5, 6, 7, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]),
    ("WEB", &[1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 13, 14, 15]),
    ("LGO", &[1, 2, 3, 4, 5, 7, 8]),
    ("SCI", &[1, 2, 3, 4, 5, 6, 7, 8]),
    ("INP", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13]),
    ("RES", &[1, 2, 3, 4, 6, 8]),
    ("DAT", &[1, 3, 5, 6]),
];

/// What a row may say instead of naming a test: a piece of later work, or a set-up that no single machine has.
const WAITING: &[&str] = &["later: ", "{D}: "];

/// Case id to what its row says.
fn rows() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(root().join("docs/security-cases.md")).unwrap();
    let mut rows = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with("| ") && line.contains('-')) {
        let mut cells = line.trim_matches('|').split('|').map(str::trim);
        let (Some(id), Some(says)) = (cells.next(), cells.next()) else { continue };
        if id.len() < 6 || !id.as_bytes().iter().take(3).all(u8::is_ascii_uppercase) {
            continue;
        }
        assert!(rows.insert(id.to_owned(), says.to_owned()).is_none(), "{id} stands there twice");
    }
    rows
}

fn case_of(test: &str) -> Option<String> {
    let mut parts = test.split('_');
    let (area, number) = (parts.next()?.to_uppercase(), parts.next()?);
    let known = CASES.iter().any(|(name, _)| *name == area);
    (known && number.len() == 2 && number.bytes().all(|b| b.is_ascii_digit())).then(|| format!("{area}-{number}"))
}

#[test]
fn every_case_is_accounted_for() {
    let (rows, tests) = (rows(), test_functions());
    let expected: BTreeSet<String> =
        CASES.iter().flat_map(|(area, numbers)| numbers.iter().map(move |n| format!("{area}-{n:02}"))).collect();
    let mut wrong: Vec<String> = expected.iter().filter(|id| !rows.contains_key(*id)).map(|id| format!("{id} is missing")).collect();
    for (id, says) in &rows {
        if !expected.contains(id) {
            wrong.push(format!("{id} is no case"));
        }
        let named: Vec<&str> = says.split('`').skip(1).step_by(2).collect();
        if named.is_empty() && !WAITING.iter().any(|word| says.starts_with(word)) {
            wrong.push(format!("{id} names neither a test nor what it waits for"));
        }
        wrong.extend(named.iter().filter(|name| !tests.contains(**name)).map(|name| format!("{id}: there is no test `{name}`")));
    }
    assert!(wrong.is_empty(), "docs/security-cases.md:\n{}", wrong.join("\n"));
}

#[test]
fn every_test_named_by_a_case_is_listed() {
    let rows = rows();
    let unlisted: Vec<String> = test_functions()
        .into_iter()
        .filter(|test| case_of(test).is_some_and(|id| !rows.get(&id).is_some_and(|says| says.contains(&format!("`{test}`")))))
        .collect();
    assert!(unlisted.is_empty(), "tests that docs/security-cases.md does not list:\n{}", unlisted.join("\n"));
}
