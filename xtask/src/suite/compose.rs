//! Checks the container files where no container engine is at hand.
//!
//! Reads them by their own rules, then starts the server with the very command, settings and health check they name, on
//! throw-away services. It builds no image.

mod context_filter;
mod dockerfile;
mod document;
mod rules;
mod trial;

use std::fs;

use super::context::Context;
use super::part::Part;
use crate::trouble::Trouble;
use dockerfile::Dockerfile;
use document::Compose;

pub(super) fn check(context: &Context<'_>) -> Result<String, Trouble> {
    let compose = Compose::parse(&read(context, "docker-compose.yml")?)?;
    let dockerfile = Dockerfile::parse(&read(context, "Dockerfile")?);
    let mut faults = rules::faults(&compose, &dockerfile);
    faults.extend(context_filter::faults(context.workspace, &read(context, ".dockerignore")?)?);
    if !faults.is_empty() {
        return Err(Trouble::failed(faults.join("\n")));
    }
    let log = context.fresh_log(Part::Compose);
    trial::run(context, &compose, &dockerfile, &log)?;
    Ok("the files are sound; their settings start a healthy server".to_owned())
}

fn read(context: &Context<'_>, name: &str) -> Result<String, Trouble> {
    fs::read_to_string(context.workspace.root().join(name)).map_err(Trouble::during(name))
}
