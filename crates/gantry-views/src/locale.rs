//! Which language a page speaks, and in which direction that is read.

/// The first of the languages asked for that is offered.
///
/// `ui_locales` (OpenID Connect Core §3.1.2.1) goes before `Accept-Language` (RFC 9110 §12.5.4):
/// the app knows what the person chose there, the browser only how it was set up. Unknown and
/// malformed tags are passed over.
pub(crate) fn negotiate<'a>(ui_locales: Option<&str>, accept_language: Option<&str>, offered: &'a [String]) -> Option<&'a str> {
    let asked = ui_locales.into_iter().flat_map(str::split_whitespace).map(str::to_owned);
    let accepted = accept_language.map(by_quality).unwrap_or_default();
    asked.chain(accepted).find_map(|tag| best(&tag, offered))
}

/// The offered language that serves a tag: the same, or that of its primary language
/// (RFC 4647 §3.4).
pub(crate) fn best<'a>(tag: &str, offered: &'a [String]) -> Option<&'a str> {
    let primary = tag.split('-').next().unwrap_or(tag);
    let same = |wanted: &str| offered.iter().find(|locale| locale.eq_ignore_ascii_case(wanted)).map(String::as_str);
    same(tag).or_else(|| same(primary))
}

fn by_quality(header: &str) -> Vec<String> {
    let mut tags: Vec<(u16, String)> = header
        .split(',')
        .take(32)
        .filter_map(|part| {
            let mut pieces = part.split(';').map(str::trim);
            let tag = pieces.next().filter(|tag| !tag.is_empty())?;
            let quality = pieces.find_map(|piece| piece.strip_prefix("q=")).map_or(1000, thousandths);
            (quality > 0).then(|| (quality, tag.to_owned()))
        })
        .collect();
    // The sort is stable: equal qualities keep the header's order.
    tags.sort_by_key(|(quality, _)| std::cmp::Reverse(*quality));
    tags.into_iter().map(|(_, tag)| tag).collect()
}

/// A quality value (RFC 9110 §12.4.2) in thousandths; what is malformed counts as zero.
fn thousandths(text: &str) -> u16 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{fraction:0<3}");
    match (whole, digits.get(..3).and_then(|digits| digits.parse::<u16>().ok())) {
        ("0", Some(thousandths)) => thousandths,
        ("1", Some(0)) => 1000,
        _ => 0,
    }
}

/// In which direction a language is read: the `dir` of the page.
pub(crate) fn direction(locale: &str) -> &'static str {
    match locale.split('-').next() {
        Some("ar" | "dv" | "fa" | "he" | "ks" | "ku" | "ps" | "sd" | "ug" | "ur" | "yi") => "rtl",
        _ => "ltr",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered() -> Vec<String> {
        ["en", "de"].map(str::to_owned).to_vec()
    }

    #[test]
    fn the_app_goes_before_the_browser() {
        assert_eq!(negotiate(Some("fr-CA de-AT"), Some("en"), &offered()), Some("de"));
        assert_eq!(negotiate(Some("fr"), Some("en;q=0.5, DE-ch;q=0.9"), &offered()), Some("de"));
    }

    #[test]
    fn what_is_unknown_or_malformed_is_passed_over() {
        assert_eq!(negotiate(Some("<script> xx"), Some("de;q=0, en;q=7, ;;,"), &offered()), None);
        assert_eq!(negotiate(None, None, &offered()), None);
    }

    #[test]
    fn direction_follows_the_primary_language() {
        assert_eq!((direction("ar-EG"), direction("de")), ("rtl", "ltr"));
    }
}
