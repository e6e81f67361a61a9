//! A record as an excerpt of the realm file and as calls of the admin API.
//!
//! Both speak the realm file's words, so that a page, a file and a program say the same. A change names the version that
//! the page shows: the API refuses it where somebody else was faster, as the page's own form does.

use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_realm_file::excerpt;
use gantry_views::console::AsCode;
use serde::Serialize;
use serde_json::Value as Json;

use super::context::Console;
use crate::api;
use crate::respond::data;
use crate::settings::WebSettings;

const KEY: &str = "-H \"Authorization: Bearer $GANTRY_KEY\"";

/// A record as the admin API has it.
pub(super) struct Record<'r, E> {
    /// Its address below the realm's; empty for the realm.
    pub(super) path: String,
    /// Its id.
    pub(super) id: String,
    /// When it was made.
    pub(super) created_at: Timestamp,
    /// What is decided about it.
    pub(super) entry: &'r E,
}

/// Something that is not there yet: as it would be, and how it would be made.
pub(super) fn of_new(console: &Console, section: &str, entry: &impl Serialize) -> Result<AsCode, Fault> {
    let make = call(console, section, Some(("POST", &json(entry)?)))?;
    Ok(AsCode { realm_file: Some(excerpt(section, entry)?), curl: Some(make), change: None })
}

/// A record of a section by its id: as it is, how it is read, and how it is changed.
pub(super) fn of<E: Serialize>(
    console: &Console,
    section: &str,
    (id, created_at): (&impl ToString, Timestamp),
    entry: &E,
) -> Result<AsCode, Fault> {
    let record = Record { path: format!("{section}/{}", id.to_string()), id: id.to_string(), created_at, entry };
    with(console, Some(excerpt(section, entry)?), &record, None)
}

/// The same of a record whose excerpt says more or less than the API does. `part` is what of it the page decides.
pub(super) fn with<E: Serialize>(
    console: &Console,
    excerpt: Option<String>,
    record: &Record<'_, E>,
    part: Option<Json>,
) -> Result<AsCode, Fault> {
    let tag = api::version(&record.id, record.created_at, record.entry)?;
    let body = match part {
        Some(part) => part,
        None => json(record.entry)?,
    };
    let read = call(console, &record.path, None)?;
    let change = format!("curl -X PATCH {KEY} \\\n  -H 'If-Match: {tag}' \\\n  {} \\\n  {}", sends(&body), url(console, &record.path)?);
    Ok(AsCode { realm_file: excerpt, curl: Some(read), change: Some(change) })
}

/// A call of what is at a path below the realm's; without a method and a body it reads.
pub(super) fn call(console: &Console, path: &str, sent: Option<(&str, &Json)>) -> Result<String, Fault> {
    let url = url(console, path)?;
    Ok(match sent {
        None => format!("curl {KEY} \\\n  {url}"),
        Some((method, body)) => format!("curl -X {method} {KEY} \\\n  {} \\\n  {url}", sends(body)),
    })
}

fn url(console: &Console, path: &str) -> Result<String, Fault> {
    let public = &data::<WebSettings>(console.request())?.public_url;
    let realm = format!("{}/api/admin/v1/realms/{}", public.as_str().trim_end_matches('/'), console.realm.realm.slug);
    Ok(if path.is_empty() { realm } else { format!("{realm}/{path}") })
}

/// The arguments that send a document, quoted for a shell.
fn sends(document: &Json) -> String {
    format!("-H 'Content-Type: application/json' \\\n  -d '{}'", document.to_string().replace('\'', "'\\''"))
}

fn json(entry: &impl Serialize) -> Result<Json, Fault> {
    serde_json::to_value(entry).map_err(|error| Fault::caused("an entry cannot be written", error))
}

/// An entry that is written by a POST to a list of another name, whether or not it is there.
pub(super) fn posted(console: &Console, (section, list): (&str, &str), entry: &impl Serialize) -> Result<AsCode, Fault> {
    let AsCode { curl, change, .. } = of_new(console, list, entry)?;
    Ok(AsCode { realm_file: Some(excerpt(section, entry)?), curl, change })
}
