//! Writes the lines of the audit trail that the hot path leaves behind.

use std::time::Duration;

use gantry_store::Store;
use gantry_store::audit_sink::AuditQueue;

/// How long a batch that could not be written waits.
const REST: Duration = Duration::from_millis(250);

/// Writes until every sink is gone and everything is written. No stop signal ends it earlier: a
/// line that was handed in is owed.
pub async fn audit_batch(store: Store, mut queue: AuditQueue) {
    loop {
        match queue.drain(&store).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(fault) => {
                metrics::counter!("gantry_job_faults_total", "job" => "audit_batch").increment(1);
                tracing::error!(%fault, "the audit trail cannot be written and will be tried again");
                tokio::time::sleep(REST).await;
            }
        }
    }
}
