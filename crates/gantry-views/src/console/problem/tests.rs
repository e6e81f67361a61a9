//! Every sentence of the rules is known, and every known one is there in every language.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use fluent_bundle::FluentArgs;
use gantry_core::realm::RealmSettings;

use super::*;
use crate::texts::Texts;

/// Where rules word what is wrong with what an admin types.
const RULES: &[&str] = &[
    "gantry-core/src",
    "gantry-identity/src",
    "gantry-oauth/src",
    "gantry-realm-file/src/entry.rs",
    "gantry-realm-file/src/entry",
    "gantry-web/src/console",
];

/// How such a sentence begins: it follows the name of a field.
const BEGINNINGS: &[&str] = &["must ", "is ", "has ", "names ", "cannot ", "belongs ", "was ", "needs ", "are ", "have "];

fn sources(path: PathBuf) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path];
    }
    fs::read_dir(path).into_iter().flatten().flat_map(|entry| sources(entry.unwrap().path())).collect()
}

/// The literals of a source, without its comments and its tests.
fn literals(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let (mut found, mut rest) = (Vec::new(), lines.collect::<Vec<_>>().join("\n"));
    rest = rest.replace("'\"'", "");
    let mut letters = rest.chars();
    while let Some(letter) = letters.next() {
        if letter != '"' {
            continue;
        }
        let mut literal = String::new();
        while let Some(letter) = letters.next() {
            match letter {
                '"' => break,
                '\\' => literal.extend(letters.next()),
                other => literal.push(other),
            }
        }
        found.push(literal);
    }
    found
}

/// The sentence with something in each of its places.
fn filled(literal: &str) -> String {
    let mut text = literal.replace("{{", "\u{1}").replace("}}", "\u{2}");
    while let Some((before, rest)) = text.split_once('{') {
        let after = rest.split_once('}').map_or("", |(_, after)| after);
        text = format!("{before}7{after}");
    }
    text.replace('\u{1}', "{").replace('\u{2}', "}")
}

#[test]
fn every_sentence_of_the_rules_is_known() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut unknown = BTreeSet::new();
    let mut seen = 0;
    for path in RULES.iter().flat_map(|rules| sources(crates.join(rules))) {
        if path.extension().is_none_or(|extension| extension != "rs") || path.to_string_lossy().contains("test") {
            continue;
        }
        for literal in literals(&fs::read_to_string(&path).unwrap()) {
            // `must be {}` is made of the ranges of settings, which are looked at below.
            if !BEGINNINGS.iter().any(|beginning| literal.starts_with(beginning)) || literal == "must be {}" {
                continue;
            }
            seen += 1;
            if matches!(problem(&filled(&literal)), Text::Said { .. }) {
                unknown.insert(format!("{}: {literal}", path.display()));
            }
        }
    }
    assert!(seen > 100, "{seen}");
    assert!(unknown.is_empty(), "no text in `known.rs` and `console_problems.ftl` for: {unknown:#?}");
}

#[test]
fn every_range_of_a_setting_is_known() {
    let mut settings = RealmSettings::default();
    settings.tokens.access_lifetime = 1;
    settings.tokens.code_lifetime = 1;
    settings.tokens.refresh_retry_window = 61;
    settings.tokens.refresh_absolute_lifetime = 1;
    settings.tokens.key_overlap = 0;
    settings.sign_in.password_min_length = 1;
    settings.branding.accent = Some("red".to_owned());
    settings.app_keys.header = Some("cookie".to_owned());
    let wrong = settings.check();
    assert!(wrong.len() >= 8, "{wrong:?}");
    for one in wrong {
        let words = format!("must be {}", one.expected);
        assert!(matches!(problem(&words), Text::Key { .. }), "{words}");
    }
}

#[test]
fn every_known_sentence_is_there_in_every_language_with_its_places() {
    let mut keys = BTreeSet::new();
    for (key, pattern) in KNOWN {
        assert!(keys.insert(key), "{key} stands there twice");
        let Text::Key { key: found, args } = problem(&pattern.replace('{', "<").replace('}', ">")) else { panic!("{pattern}") };
        assert_eq!(found, *key, "`{pattern}` is taken for another");
        for (tag, texts) in Texts::load().unwrap() {
            let mut arguments = FluentArgs::new();
            for name in args.keys() {
                arguments.set(*name, format!("<{name}>"));
            }
            let text = texts.text(key, &arguments).unwrap();
            assert!(args.keys().all(|name| text.contains(&format!("<{name}>"))), "{tag}: {text}");
            if tag == "en" {
                let same = args.keys().fold(text, |text, name| text.replace(&format!("<{name}>"), &format!("{{{name}}}")));
                assert_eq!(same, *pattern, "pages and the API say the same");
            }
        }
    }
}

#[test]
fn what_stands_before_a_problem_is_kept() {
    let of = |words: &str| {
        let wrong = Wrong::read(words);
        (wrong.of, matches!(wrong.text, Text::Key { .. }))
    };
    assert_eq!(of("must not be empty"), (None, true));
    assert_eq!(of("[3] is there twice"), (Some("[3]".to_owned()), true));
    assert_eq!(of("prompt: must be left out: Gantry sets it itself"), (Some("prompt:".to_owned()), true));
    assert_eq!(of("das ist schon ein Text: ja"), (None, false));
    assert_eq!(Wrong::read("[3] is there twice").of("hosts").of.as_deref(), Some("hosts[3]"));
}
