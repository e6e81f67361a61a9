//! Discovery and JWKS, against a bare handler that answers with bytes of the same size.

use super::baseline;
use super::oha::{self, Request};
use super::plan::Plan;
use super::server::{Backend, Stores};
use super::table::Row;
use crate::trouble::Trouble;

/// The work, its path, and how many bytes stand for it in a run without a server.
const DOCUMENTS: &[(&str, &str, usize)] = &[("discovery", "/.well-known/openid-configuration", 2_500), ("JWKS", "/oauth/jwks", 2_000)];

/// The share of the yardstick that is the goal.
const GOAL_PERCENT: f64 = 85.0;

pub(super) fn measure(plan: &Plan<'_>) -> Result<Vec<Row>, Trouble> {
    let wanted: Vec<_> = DOCUMENTS.iter().filter(|(work, _, _)| plan.wants(work)).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let stores = Stores::prepare(plan, Backend::Embedded, "")?;
    let server = stores.as_ref().map(|stores| stores.start(plan)).transpose()?;
    let folder = tempfile::tempdir().map_err(Trouble::during("making a folder for the answers"))?;
    let mut rows = Vec::new();
    for (work, path, usual_size) in wanted {
        let body = match &server {
            Some(server) => server.get(path)?,
            None => vec![b' '; *usual_size],
        };
        let file = folder.path().join(work);
        std::fs::write(&file, body).map_err(Trouble::during(work))?;
        let yardstick = baseline::answering(plan, &file)?;
        let bare = Request { url: yardstick.url.clone(), form: None };
        let bare = || oha::measure(plan, &bare);
        rows.push(match &server {
            Some(server) => {
                let own = Request { url: server.url(path), form: None };
                plan.compare(work, GOAL_PERCENT, Some(&|| oha::measure(plan, &own)), &bare)?
            }
            None => plan.compare(work, GOAL_PERCENT, None, &bare)?,
        });
    }
    Ok(rows)
}
