//! `ui_locales`: the languages for the pages, in order of preference. Never an error.

use gantry_core::parameters::Parameters;

/// The most languages that are looked at; so no cache sees an endless list (attack catalogue INP-09).
const MOST: usize = 8;

/// What looks like language tags (BCP 47); which of them are offered the pages know.
pub(super) fn read(parameters: &Parameters) -> Vec<String> {
    let tags = parameters.get("ui_locales").unwrap_or_default().split(' ');
    tags.filter(|tag| is_tag(tag)).take(MOST).map(str::to_owned).collect()
}

fn is_tag(text: &str) -> bool {
    text.len() <= 35 && text.split('-').all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorize::samples::parameters;

    #[test]
    fn what_is_no_tag_is_left_out() {
        assert_eq!(read(&parameters("ui_locales=de-CH+../x+se++fr")), ["de-CH", "se", "fr"]);
        assert_eq!(read(&parameters(&format!("ui_locales={}", "en+".repeat(100)))).len(), MOST);
    }
}
