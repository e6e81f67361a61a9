//! Web addresses that pages show as links: a client's or publisher's home page.
//!
//! Owns which may be stored. Never fetches one.

use url::Url;

/// What is wrong with a home page, worded to follow the field's name. Anything but https would be
/// a link that can be forged on the way, or one that a browser runs (attack catalogue RED-06).
pub(crate) fn check(text: &str) -> Result<(), &'static str> {
    let expected = Err("must be an `https://` address without a user name");
    if text.len() > 2048 || !text.starts_with("https://") || !text.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b)) {
        return expected;
    }
    match Url::parse(text) {
        Ok(url) if url.host().is_some() && url.username().is_empty() && url.password().is_none() => Ok(()),
        _ => expected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn red_06_only_https_links_are_stored() {
        assert!(check("https://isv.example/about?x=1#team").is_ok());
        for wrong in [
            "",
            "isv.example",
            "http://isv.example",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "blob:https://a.example/x",
            "file:///etc/passwd",
            "about:blank",
            "https://",
            "https://user@isv.example",
            "https://isv.example/\"onload=",
            "https://isv.example/ x",
        ] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }
}
