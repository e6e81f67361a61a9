//! A record as an excerpt of the realm file and as a call of the admin API.
//!
//! Both speak the realm file's words, so that a page, a file and a program say the same.

use gantry_core::failure::Fault;
use gantry_realm_file::excerpt;
use gantry_views::console::AsCode;
use serde::Serialize;

use super::context::Console;
use crate::respond::data;
use crate::settings::WebSettings;

/// A record of a section, by its id; without one: a new record.
pub(super) fn of(console: &Console, section: &str, id: Option<&str>, entry: &impl Serialize) -> Result<AsCode, Fault> {
    let public = &data::<WebSettings>(console.request())?.public_url;
    let url = format!("{}/api/admin/v1/realms/{}/{section}", public.as_str().trim_end_matches('/'), console.realm.realm.slug);
    let curl = if let Some(id) = id {
        format!("curl -H \"Authorization: Bearer $GANTRY_KEY\" \\\n  {url}/{id}")
    } else {
        let json = serde_json::to_string(entry).map_err(|error| Fault::caused("an entry cannot be written", error))?;
        let quoted = json.replace('\'', "'\\''");
        format!(
            "curl -X POST -H \"Authorization: Bearer $GANTRY_KEY\" \\\n  -H 'Content-Type: application/json' \\\n  -d '{quoted}' \\\n  {url}"
        )
    };
    Ok(AsCode { realm_file: Some(excerpt(section, entry)?), curl: Some(curl) })
}
