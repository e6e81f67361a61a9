//! The words of every language, in Fluent's format, part of the binary.
//!
//! A missing key or argument is a fault, never a page with a key on it; the tests render every
//! page in every language.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use gantry_core::failure::Fault;
use unic_langid::LanguageIdentifier;

/// The words of one language.
pub(crate) struct Texts {
    bundle: FluentBundle<Arc<FluentResource>>,
}

impl Texts {
    /// All languages, by tag.
    pub(crate) fn load() -> Result<BTreeMap<String, Arc<Self>>, Fault> {
        let mut bundles: BTreeMap<String, FluentBundle<Arc<FluentResource>>> = BTreeMap::new();
        for (tag, _, source) in files() {
            let language: LanguageIdentifier = tag.parse().map_err(|cause| Fault::caused(format!("{tag} is no language tag"), cause))?;
            let resource = FluentResource::try_new(source).map_err(|(_, errors)| Fault::new(format!("texts of {tag}: {errors:?}")))?;
            let bundle = bundles.entry(tag.clone()).or_insert_with(|| {
                let mut bundle = FluentBundle::new_concurrent(vec![language]);
                // Names are isolated by markup, where that matters; marks inside the text would
                // be copied along with it.
                bundle.set_use_isolating(false);
                bundle
            });
            bundle.add_resource(Arc::new(resource)).map_err(|errors| Fault::new(format!("texts of {tag}: {errors:?}")))?;
        }
        Ok(bundles.into_iter().map(|(tag, bundle)| (tag, Arc::new(Self { bundle }))).collect())
    }

    /// Whether there is a text of this key.
    #[cfg(test)]
    pub(crate) fn has(&self, key: &str) -> bool {
        self.bundle.get_message(key).is_some_and(|message| message.value().is_some())
    }

    /// The text of a key with its arguments put in.
    pub(crate) fn text(&self, key: &str, arguments: &FluentArgs<'_>) -> Result<String, Fault> {
        let message = self.bundle.get_message(key).and_then(|message| message.value());
        let pattern = message.ok_or_else(|| Fault::new(format!("no text for `{key}`")))?;
        let mut errors = Vec::new();
        let text: Cow<'_, str> = self.bundle.format_pattern(pattern, Some(arguments), &mut errors);
        if errors.is_empty() { Ok(text.into_owned()) } else { Err(Fault::new(format!("text of `{key}`: {errors:?}"))) }
    }
}

/// The files: language, file name, content. They lie in `locales/<language>/<area>.ftl`.
fn files() -> Vec<(String, String, String)> {
    let split = |(path, content): (String, String)| {
        let (tag, name) = path.strip_prefix("locales/")?.split_once('/')?;
        Some((tag.to_owned(), name.to_owned(), content))
    };
    crate::assets::sources(&["ftl"]).into_iter().filter_map(split).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(tag: &str) -> BTreeSet<String> {
        let lines = files().into_iter().filter(|(of, ..)| of == tag).flat_map(|(_, name, content)| {
            let key = |line: &str| line.split_once(" =").map(|(key, _)| key.to_owned()).filter(|key| !key.starts_with([' ', '#', '.']));
            content.lines().filter_map(key).map(|key| format!("{name}: {key}")).collect::<Vec<_>>()
        });
        lines.collect()
    }

    #[test]
    fn every_language_has_the_same_keys_in_the_same_files() {
        let english = keys("en");
        assert!(english.len() > 100);
        for tag in Texts::load().unwrap().keys() {
            assert_eq!(keys(tag), english, "{tag}");
        }
    }

    #[test]
    fn texts_hold_no_markup_and_no_word_of_administrators() {
        for (tag, name, content) in files() {
            for line in content.lines().filter(|line| !line.starts_with('#')) {
                assert!(!line.replace("->", "").contains(['<', '>']), "{tag}/{name}: {line}");
                // Only administrators read the console, and all of its texts are escaped: `rich` has no part in it.
                if name.starts_with("console_") {
                    continue;
                }
                assert!(!line.contains('&'), "{tag}/{name}: {line}");
                let text = line.split_once('=').map_or(line, |(_, text)| text).to_lowercase();
                for word in ["tenant", "realm", "mandant", "redirect uri"] {
                    assert!(!text.contains(word), "{tag}/{name}: {line}");
                }
            }
        }
    }
}
