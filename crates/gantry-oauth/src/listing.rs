//! Pages of the short lists of a realm: those of which all fits into memory, as it does for every request.
//!
//! Owns how words find an entry there. Never reads a table.

use gantry_core::paging::{Cursor, Find, MAX_LIMIT, Page};

/// Whether each of the words that are looked for begins one of an entry's words.
pub(crate) fn fits(text: &str, known_by: &[&str]) -> bool {
    let wanted = text.to_lowercase();
    let known = known_by.join(" ").to_lowercase();
    let words: Vec<&str> = known.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    wanted
        .split_whitespace()
        .all(|wanted| known.split_whitespace().any(|part| part.starts_with(wanted)) || words.iter().any(|word| word.starts_with(wanted)))
}

/// A page of all entries that fit, newest first. `id` tells an entry's key, `known_by` the words that it is found by.
pub(crate) fn page<T>(all: Vec<T>, find: &Find, id: impl Fn(&T) -> String, known_by: impl for<'e> Fn(&'e T) -> Vec<&'e str>) -> Page<T> {
    let before = find.after.as_ref().map(|cursor| cursor.place().to_owned());
    let mut keyed: Vec<(String, T)> = all.into_iter().map(|entry| (id(&entry), entry)).collect();
    keyed.retain(|(key, entry)| before.as_ref().is_none_or(|before| key < before) && fits(&find.text, &known_by(entry)));
    keyed.sort_by(|(one, _), (other, _)| other.cmp(one));
    let limit = usize::try_from(find.limit.clamp(1, MAX_LIMIT)).unwrap_or(1);
    let more = keyed.len() > limit;
    keyed.truncate(limit);
    let next = if more { keyed.last().map(|(key, _)| Cursor::at(key.clone())) } else { None };
    Page { items: keyed.into_iter().map(|(_, entry)| entry).collect(), next }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_find_by_their_beginnings() {
        assert!(fits("", &["Load Board"]));
        assert!(fits("BOA lo", &["Load Board"]));
        assert!(fits("loads:re", &["loads:read"]));
        assert!(fits("read", &["loads:read"]));
        assert!(!fits("oard", &["Load Board"]));
    }

    #[test]
    fn a_page_ends_where_the_next_begins() {
        let all: Vec<u32> = (1..=5).collect();
        let mut find = Find { limit: 2, ..Find::default() };
        let mut seen = Vec::new();
        loop {
            let found = page(all.clone(), &find, ToString::to_string, |_| vec![]);
            seen.extend(found.items);
            find.after = found.next;
            if find.after.is_none() {
                break;
            }
        }
        assert_eq!(seen, [5, 4, 3, 2, 1]);
    }
}
