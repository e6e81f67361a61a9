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
    /// The style sheets that name other files, with the hashed names of those.
    linked: BTreeMap<String, Vec<u8>>,
}

impl Assets {
    pub(crate) fn load() -> Self {
        let mut assets = Self { hashed: BTreeMap::new(), plain: BTreeMap::new(), linked: BTreeMap::new() };
        let (styles, others): (Vec<_>, Vec<_>) = Static::iter().partition(|name| name.ends_with(".css"));
        for name in others.into_iter().chain(styles) {
            let Some(file) = Static::get(&name) else { continue };
            let mut hash = file.metadata.sha256_hash();
            let linked = name.ends_with(".css").then(|| assets.link(&file.data, &mut hash)).flatten();
            let hashed = hashed_name(&name, &hash);
            assets.linked.extend(linked.map(|content| (hashed.clone(), content)));
            assets.hashed.insert(name.to_string(), format!("{ROOT}{hashed}"));
            assets.plain.insert(hashed, name.into_owned());
        }
        assets
    }

    /// A style sheet with the hashed names of the files that it names, if it names any. Their hashes flow into its own, so
    /// that its name changes with theirs.
    fn link(&self, content: &[u8], hash: &mut [u8]) -> Option<Vec<u8>> {
        let mut text = String::from_utf8(content.to_vec()).ok()?;
        let mut any = false;
        for (plain, url) in &self.hashed {
            let reference = format!("url(\"../{plain}\")");
            if text.contains(&reference) {
                text = text.replace(&reference, &format!("url(\"{url}\")"));
                url.bytes().zip((0..hash.len().min(8)).cycle()).for_each(|(byte, at)| {
                    if let Some(digest) = hash.get_mut(at) {
                        *digest = digest.rotate_left(1) ^ byte;
                    }
                });
                any = true;
            }
        }
        any.then(|| text.into_bytes())
    }

    /// Where the file with this plain name is served.
    pub(crate) fn url(&self, name: &str) -> Option<&str> {
        self.hashed.get(name).map(String::as_str)
    }

    /// The file with this hashed name, and its media type.
    pub(crate) fn file(&self, hashed: &str) -> Option<(Cow<'static, [u8]>, &'static str)> {
        if let Some(content) = self.linked.get(hashed) {
            return Some((Cow::Owned(content.clone()), media_type(hashed)));
        }
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

    #[test]
    fn a_style_sheet_names_files_by_their_hashed_names() {
        let assets = Assets::load();
        let style = assets.url("css/console.css").unwrap().strip_prefix(ROOT).unwrap();
        let text = String::from_utf8(assets.file(style).unwrap().0.into_owned()).unwrap();
        let font = assets.url("font/inter-latin.woff2").unwrap();
        assert!(text.contains(&format!("url(\"{font}\")")) && !text.contains("url(\"../"));
        assert_eq!(assets.file(font.strip_prefix(ROOT).unwrap()).unwrap().1, "font/woff2");
    }
}
