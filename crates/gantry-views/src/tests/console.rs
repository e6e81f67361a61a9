//! What the web crate's console names is there: texts in every language, icons in the sprite.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::Views;

/// The sources in which pages of the console are built, with their paths.
fn sources() -> Vec<(String, String)> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    let mut folders = vec![crates.join("gantry-web/src"), crates.join("gantry-views/src/console")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((path.display().to_string(), fs::read_to_string(path).unwrap()));
            }
        }
    }
    found
}

/// What stands between the brackets that follow each `call`.
fn calls<'a>(source: &'a str, call: &str) -> Vec<&'a str> {
    let inside = |(at, _)| {
        let rest = source.get(at + call.len()..).unwrap_or_default();
        let mut depth = 1;
        let end = rest.find(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth == 0
        });
        end.and_then(|end| rest.get(..end)).unwrap_or(rest)
    };
    // `essay(` is no call of `say(`.
    let whole = |at: &usize| !source.get(..*at).unwrap_or_default().ends_with(|c: char| c.is_alphanumeric() || c == '_');
    source.match_indices(call).filter(|(at, _)| whole(at)).map(inside).collect()
}

fn literals(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2)
}

fn is_key(text: &str) -> bool {
    text.contains('-') && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Every key that is given literally, with where.
fn keys() -> BTreeSet<(String, String)> {
    let mut keys = BTreeSet::new();
    for (path, source) in sources() {
        for call in ["say(", "badge("] {
            // The first argument; what follows it are arguments of the text.
            let first = calls(&source, call).into_iter().flat_map(|inside| {
                let chosen = inside.trim_start().starts_with("match ") || inside.trim_start().starts_with("if ");
                literals(inside).take(if chosen { usize::MAX } else { 1 }).filter(|text| is_key(text))
            });
            keys.extend(first.map(|key| (key.to_owned(), path.clone())));
        }
        for inside in calls(&source, "done(") {
            let last = inside.rsplit(',').next().into_iter().flat_map(literals).next();
            keys.extend(last.filter(|text| is_key(text)).map(|what| (format!("did-{what}"), path.clone())));
        }
    }
    keys
}

#[test]
fn every_text_of_the_console_is_there_in_every_language() {
    let keys = keys();
    assert!(keys.len() > 10, "{keys:?}");
    for (tag, texts) in crate::texts::Texts::load().unwrap() {
        let missing: Vec<_> = keys.iter().filter(|(key, _)| !texts.has(key)).collect();
        assert!(missing.is_empty(), "{tag}: {missing:#?}");
    }
}

#[test]
fn every_icon_of_the_console_is_in_its_sprite() {
    let views = Views::new().unwrap();
    let sprite = views.static_file(views.asset("img/console.svg").unwrap().trim_start_matches("/static/")).unwrap().0;
    let sprite = String::from_utf8(sprite.into_owned()).unwrap();
    let mut icons = 0;
    for (path, source) in sources() {
        let built = calls(&source, "icon(").into_iter().map(|inside| literals(inside).next());
        let named = source.split("icon: ").skip(1).map(|rest| rest.lines().next().and_then(|line| literals(line).next()));
        for icon in built.chain(named).flatten() {
            icons += 1;
            assert!(sprite.contains(&format!("<symbol id=\"{icon}\"")), "{icon} in {path}");
        }
    }
    assert!(icons > 3);
}

#[test]
fn calls_are_read_as_they_are_written() {
    let source = r#"say("a-b").with("n", essay("no-no")) + say(match x { A => "c-d", B => "e-f" }); done(path("x", &[]), "g-h")"#;
    assert_eq!(calls(source, "say("), [r#""a-b""#, r#"match x { A => "c-d", B => "e-f" }"#]);
    assert_eq!(calls(source, "done(").len(), 1);
    assert_eq!(literals(r#"x("a", "b")"#).collect::<Vec<_>>(), ["a", "b"]);
}
