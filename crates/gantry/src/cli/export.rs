//! `gantry export`: writes a realm as a file that `gantry apply` reads, the schema of such files, or the document of the admin API.

use clap::Args;

use super::{RealmOption, Trouble, clock, console};
use crate::config::Settings;
use crate::database;
use crate::master_key::IfNew;

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    realm: RealmOption,
    /// Write the JSON Schema of realm files instead
    #[arg(long)]
    schema: bool,
    /// Write the OpenAPI document of the admin API instead
    #[arg(long, conflicts_with = "schema")]
    openapi: bool,
}

pub(super) async fn run(settings: &Settings, options: &Options) -> Result<(), Trouble> {
    if options.schema {
        console::say(gantry_realm_file::schema_text().trim_end());
        return Ok(());
    }
    if options.openapi {
        console::say(gantry_web::api::openapi_text().trim_end());
        return Ok(());
    }
    let clock = clock();
    let store = database::open(settings, clock.clone(), IfNew::Refuse).await?;
    let slug = &options.realm.realm;
    let text = gantry_realm_file::export(&store, slug, clock.now()).await?;
    console::say(text.ok_or_else(|| Trouble::Refused(format!("there is no realm `{slug}`")))?.trim_end());
    Ok(())
}
