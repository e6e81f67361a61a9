//! What has changed when, by a count of this process: tells whether something remembered is still good.
//!
//! A load notes the count before it asks the database; a change counts on and marks its subject
//! with the new count. So a value is good if nothing that it rests on was marked after its load
//! began, even where the change came in the middle of the load.

use std::sync::atomic::{AtomicU64, Ordering};

use gantry_core::change::Change;
use gantry_core::id::{ClientId, RealmId};

/// Subjects share marks by the last bits of their ids: what is marked for another is merely loaded
/// once more, and the memory stays the same however many subjects there are.
const STRIPES: usize = 4096;

/// What a value can rest on.
#[derive(Debug, Clone, Copy)]
pub(super) enum Subject {
    /// A realm and what its snapshot holds.
    Realm(RealmId),
    /// Which realms there are, and under which names.
    AllRealms,
    /// A client.
    Client(ClientId),
    /// Which clients a realm has.
    ClientsOf(RealmId),
}

impl Subject {
    fn stripe(self) -> usize {
        let (bits, salt) = match self {
            Self::Realm(id) => (id.uuid().as_u128(), 0),
            Self::AllRealms => (0, 1),
            Self::Client(id) => (id.uuid().as_u128(), 2),
            Self::ClientsOf(id) => (id.uuid().as_u128(), 3),
        };
        // The last bits of a version 7 UUID are random.
        let last = u16::try_from(bits & 0x3ff).unwrap_or_default();
        usize::from(last) * 4 + salt
    }
}

#[derive(Debug)]
pub(super) struct Marks {
    count: AtomicU64,
    /// Everything from before this count is bad.
    floor: AtomicU64,
    stripes: Vec<AtomicU64>,
}

impl Marks {
    pub(super) fn new() -> Self {
        Self { count: AtomicU64::new(0), floor: AtomicU64::new(0), stripes: (0..STRIPES).map(|_| AtomicU64::new(0)).collect() }
    }

    /// The count to note before a load.
    pub(super) fn count(&self) -> u64 {
        self.count.load(Ordering::SeqCst)
    }

    /// Whether the subject is unchanged since a load that began at this count.
    pub(super) fn unchanged(&self, subject: Subject, since: u64) -> bool {
        let marked = self.stripes.get(subject.stripe()).map_or(u64::MAX, |mark| mark.load(Ordering::SeqCst));
        marked <= since && self.floor.load(Ordering::SeqCst) <= since
    }

    /// Marks what a change touches.
    pub(super) fn note(&self, change: Change) {
        match change {
            Change::Realm(realm) => {
                self.mark(Subject::Realm(realm));
                self.mark(Subject::AllRealms);
            }
            Change::Client(realm, client) => {
                self.mark(Subject::Client(client));
                self.mark(Subject::ClientsOf(realm));
            }
        }
    }

    /// Marks everything.
    pub(super) fn note_everything(&self) {
        let count = self.count.fetch_add(1, Ordering::SeqCst) + 1;
        self.floor.fetch_max(count, Ordering::SeqCst);
    }

    fn mark(&self, subject: Subject) {
        let count = self.count.fetch_add(1, Ordering::SeqCst) + 1;
        if let Some(mark) = self.stripes.get(subject.stripe()) {
            mark.fetch_max(count, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_spoils_what_was_loaded_or_being_loaded_and_nothing_later() {
        let (marks, realm, client) = (Marks::new(), RealmId::new(), ClientId::new());
        let before = marks.count();
        assert!(marks.unchanged(Subject::Client(client), before));
        marks.note(Change::Client(realm, client));
        assert!(!marks.unchanged(Subject::Client(client), before));
        assert!(!marks.unchanged(Subject::ClientsOf(realm), before));
        assert!(marks.unchanged(Subject::Realm(realm), before));
        assert!(marks.unchanged(Subject::Client(client), marks.count()));
        marks.note(Change::Realm(realm));
        assert!(!marks.unchanged(Subject::Realm(realm), before));
        assert!(!marks.unchanged(Subject::AllRealms, before));
        let later = marks.count();
        marks.note_everything();
        assert!(!marks.unchanged(Subject::Client(ClientId::new()), later));
        assert!(marks.unchanged(Subject::Client(client), marks.count()));
    }
}
