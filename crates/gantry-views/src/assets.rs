//! The style sheets and scripts, under names that hold their content's hash.
//!
//! A name never changes its content, so that browsers may keep it for ever.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../static/"]
struct Static;

/// Templates and texts, which share a folder.
#[derive(RustEmbed)]
#[folder = "../../templates/"]
struct Templates;

/// The templates or texts with one of these extensions: their paths and their content.
pub(crate) fn sources(extensions: &[&str]) -> Vec<(String, String)> {
    Templates::iter()
        .filter(|path| path.rsplit('.').next().is_some_and(|extension| extensions.contains(&extension)))
        .filter_map(|path| Some((path.to_string(), String::from_utf8(Templates::get(&path)?.data.into_owned()).ok()?)))
        .collect()
}

/// Below this path the files are served.
pub(crate) const ROOT: &str = "/static/";

/// The files by their plain and by their hashed names.
pub(crate) struct Assets {
    hashed: BTreeMap<String, String>,
    plain: BTreeMap<String, String>,
}

impl Assets {
    pub(crate) fn load() -> Self {
        let mut assets = Self { hashed: BTreeMap::new(), plain: BTreeMap::new() };
        for name in Static::iter() {
            let Some(file) = Static::get(&name) else { continue };
            let hashed = hashed_name(&name, &file.metadata.sha256_hash());
            assets.hashed.insert(name.to_string(), format!("{ROOT}{hashed}"));
            assets.plain.insert(hashed, name.into_owned());
        }
        assets
    }

    /// Where the file with this plain name is served.
    pub(crate) fn url(&self, name: &str) -> Option<&str> {
        self.hashed.get(name).map(String::as_str)
    }

    /// The file with this hashed name, and its media type.
    pub(crate) fn file(&self, hashed: &str) -> Option<(Cow<'static, [u8]>, &'static str)> {
        let file = Static::get(self.plain.get(hashed)?)?;
        Some((file.data, media_type(hashed)))
    }
}

fn hashed_name(name: &str, hash: &[u8]) -> String {
    let digest = hash.iter().take(8).fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    });
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{digest}.{extension}"),
        None => format!("{name}.{digest}"),
    }
}

/// A closed list: what is not on it is served as bytes, never sniffed.
fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_found_by_its_hashed_name_only() {
        let assets = Assets::load();
        let url = assets.url("css/flow.css").unwrap().to_owned();
        let hashed = url.strip_prefix(ROOT).unwrap();
        assert!(hashed.strip_prefix("css/flow.").and_then(|rest| rest.strip_suffix(".css")).is_some_and(|hash| hash.len() == 16));
        assert_eq!(assets.file(hashed).unwrap().1, "text/css; charset=utf-8");
        assert!(assets.file("css/flow.css").is_none());
        assert!(assets.file("../Cargo.toml").is_none());
    }
}
