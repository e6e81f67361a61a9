//! What the server costs when nobody asks: time to its first answer, memory at rest, size of the binary.

use std::thread;
use std::time::Duration;

use super::plan::Plan;
use super::sample::median;
use super::server::{Backend, Stores, binary_mib};
use super::table::Row;
use crate::trouble::Trouble;

/// After this long the work of a start is done.
const REST: Duration = Duration::from_secs(3);

pub(super) fn measure(plan: &Plan<'_>) -> Result<Vec<Row>, Trouble> {
    let (Some(binary), true) = (&plan.server, plan.wants("footprint")) else { return Ok(Vec::new()) };
    let Some(stores) = Stores::prepare(plan, Backend::Embedded, "")? else { return Ok(Vec::new()) };
    let (mut starts, mut resident) = (Vec::new(), Vec::new());
    // The first start warms the files and is not counted.
    for turn in 0..=plan.samples {
        plan.interrupt.check()?;
        let server = stores.start(plan)?;
        if turn > 0 {
            starts.push(server.first_answer.as_secs_f64() * 1000.0);
            thread::sleep(REST);
            resident.push(server.resident_mib()?);
        }
    }
    let figure = |work: &str, value: f64, unit, most| Row::Figure { work: format!("footprint: {work}"), value, unit, most };
    Ok(vec![
        figure("start to first 200, warm files", median(starts).unwrap_or(f64::NAN), "ms", 200.0),
        figure("idle memory (VmRSS)", median(resident).unwrap_or(f64::NAN), "MiB", 40.0),
        figure("release binary", binary_mib(binary)?, "MiB", 40.0),
    ])
}
