//! What the hot path leaves to be written after its answer: audit lines of requests that touch no
//! row, and notes of which credential was used.
//!
//! Bounded: when the database lags, askers wait rather than lines being dropped. A line is lost
//! only if the process is killed within the moment of gathering (architecture §14.12). Everything
//! that has a row behind it is audited in its own transaction and never comes here.

use std::collections::BTreeMap;
use std::time::Duration;

use gantry_core::audit::AuditEntry;
use gantry_core::clock::Timestamp;
use gantry_core::failure::{Failure, Fault};
use gantry_core::id::{AppKeyId, ClientSecretId, PersonalTokenId, RealmId};
use tokio::sync::mpsc;

use crate::Store;

/// How long lines are gathered before they are written together.
const GATHER: Duration = Duration::from_millis(50);
/// The most lines written together.
const BATCH: usize = 500;

/// How long an asker waits for room.
const PATIENCE: Duration = Duration::from_secs(2);

/// A credential whose last use people are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UsedCredential {
    /// One of a client's secrets.
    ClientSecret(ClientSecretId),
    /// One of a client's keys.
    AppKey(AppKeyId),
    /// One of a person's tokens.
    PersonalToken(PersonalTokenId),
}

/// One thing to be written later.
#[derive(Debug)]
enum Deferred {
    Line(Box<AuditEntry>),
    Used { realm: RealmId, credential: UsedCredential, at: Timestamp },
}

impl Deferred {
    const fn realm(&self) -> RealmId {
        match self {
            Self::Line(entry) => entry.realm_id,
            Self::Used { realm, .. } => *realm,
        }
    }
}

/// Takes lines. Cheap to clone.
#[derive(Debug, Clone)]
pub struct AuditSink(mpsc::Sender<Deferred>);

/// Where the lines wait; the job that drains it is the only owner.
#[derive(Debug)]
pub struct AuditQueue {
    receiver: mpsc::Receiver<Deferred>,
    gathered: Vec<Deferred>,
}

impl AuditSink {
    /// A sink for at most `capacity` waiting lines, and the queue to drain.
    pub fn bounded(capacity: usize) -> (Self, AuditQueue) {
        let (sender, receiver) = mpsc::channel(capacity.max(1));
        (Self(sender), AuditQueue { receiver, gathered: Vec::new() })
    }

    /// Hands in a line; waits only while the queue is full.
    pub async fn record(&self, entry: AuditEntry) -> Result<(), Fault> {
        let line = Deferred::Line(Box::new(entry));
        // Full for that long: the database is gone. Then nothing is issued that could not be audited.
        self.0.send_timeout(line, PATIENCE).await.or(Err(Fault::new("the audit queue is full or closed").unavailable()))
    }

    /// Hands in that a credential was used. Waits for nothing: while the queue is full the note is dropped.
    pub fn used(&self, realm: RealmId, credential: UsedCredential, at: Timestamp) {
        drop(self.0.try_send(Deferred::Used { realm, credential, at }));
    }
}

impl AuditQueue {
    /// Waits for lines, gathers for a moment and writes them. `false`: every sink is gone and all is written.
    ///
    /// After a fault nothing is lost: the next call writes the same lines again.
    pub async fn drain(&mut self, store: &Store) -> Result<bool, Fault> {
        if self.gathered.is_empty() {
            if self.receiver.recv_many(&mut self.gathered, BATCH).await == 0 {
                return Ok(false);
            }
            self.gather().await;
        }
        let mut realms: BTreeMap<RealmId, Vec<&Deferred>> = BTreeMap::new();
        for deferred in &self.gathered {
            realms.entry(deferred.realm()).or_default().push(deferred);
        }
        let mut written = Ok(());
        let mut done = Vec::new();
        for (realm, batch) in realms {
            match write(store, realm, &batch).await {
                Ok(()) => done.push(realm),
                Err(fault) => written = Err(fault),
            }
        }
        self.gathered.retain(|deferred| !done.contains(&deferred.realm()));
        written.map(|()| true)
    }

    async fn gather(&mut self) {
        let deadline = tokio::time::sleep(GATHER);
        tokio::pin!(deadline);
        while self.gathered.len() < BATCH {
            let missing = BATCH - self.gathered.len();
            tokio::select! {
                () = &mut deadline => return,
                more = self.receiver.recv_many(&mut self.gathered, missing) => if more == 0 { return },
            }
        }
    }
}

async fn write(store: &Store, realm: RealmId, batch: &[&Deferred]) -> Result<(), Fault> {
    let mut lines = Vec::new();
    let mut uses = BTreeMap::new();
    for deferred in batch {
        match deferred {
            Deferred::Line(entry) => lines.push(AuditEntry::clone(entry)),
            Deferred::Used { credential, at, .. } => {
                uses.insert(*credential, *at);
            }
        }
    }
    let work = async |tx: &crate::RealmTx| -> Result<(), Failure> {
        if !lines.is_empty() {
            tx.audit().insert_all(&lines).await?;
        }
        for (credential, at) in &uses {
            match credential {
                UsedCredential::ClientSecret(id) => tx.client_secrets().touch(*id, *at).await?,
                UsedCredential::AppKey(id) => tx.app_keys().touch(*id, *at).await?,
                UsedCredential::PersonalToken(id) => tx.personal_tokens().touch(*id, *at).await?,
            }
        }
        Ok(())
    };
    match store.transact(realm, work).await {
        Ok(()) => Ok(()),
        Err(Failure::Broken(fault)) => Err(fault),
        Err(Failure::Refused(refusal)) => Err(Fault::new(format!("writing the audit trail was refused: {refusal}"))),
    }
}
