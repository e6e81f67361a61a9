//! What a browser calls itself, in two words: "Firefox on Linux".
//!
//! Good enough to tell one's own devices apart. Never used to decide anything.

use serde::Serialize;

/// A browser and the system it runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Device {
    /// The browser, if it is a common one.
    pub browser: Option<&'static str>,
    /// The system, if it is a common one.
    pub system: Option<&'static str>,
    /// Whether it is held in the hand.
    pub mobile: bool,
}

/// Order matters: most browsers also name the ones they descend from.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
];

/// Order matters: Android names Linux, and iPads name the Mac.
const SYSTEMS: &[(&str, &str)] = &[
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

impl Device {
    /// Reads a `User-Agent`.
    pub fn of(user_agent: &str) -> Self {
        let find = |table: &'static [(&str, &str)]| table.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name);
        let mobile = ["iPhone", "iPad", "Android"].iter().any(|mark| user_agent.contains(mark));
        Self { browser: find(BROWSERS), system: find(SYSTEMS), mobile }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descendants_are_told_from_their_ancestors() {
        let edge = Device::of("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0");
        assert_eq!((edge.browser, edge.system, edge.mobile), (Some("Edge"), Some("Windows"), false));
        let phone = Device::of("Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/141.0.0.0 Mobile Safari/537.36");
        assert_eq!((phone.browser, phone.system, phone.mobile), (Some("Chrome"), Some("Android"), true));
        assert_eq!(Device::of("curl/8.14.1").browser, None);
    }
}
