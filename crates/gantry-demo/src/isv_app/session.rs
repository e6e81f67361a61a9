//! The app's own sessions: which browser asked what, and whom it is connected as.
//!
//! Owns the memory of the app; it is lost with the process. Never shows a token.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::clock::Timestamp;
use gantry_core::secret::{Digest, Secret, constant_time_eq, random_bytes};

/// The most browsers that are remembered; the one unseen for the longest makes room.
const MAX_VISITORS: usize = 1000;
/// The most questions that a browser can have open: one for each of its tabs.
const MAX_ATTEMPTS: usize = 8;
/// A question is forgotten after this.
const PATIENCE: Duration = Duration::from_mins(10);

/// A question that was sent to the platform through a browser.
#[derive(Debug, Clone)]
pub(super) struct Attempt {
    pub(super) state: Secret,
    pub(super) verifier: Secret,
    pub(super) nonce: Secret,
    asked_at: Timestamp,
}

impl Attempt {
    pub(super) fn new(now: Timestamp) -> Self {
        Self { state: random_text(), verifier: random_text(), nonce: random_text(), asked_at: now }
    }
}

/// Who said yes, as the platform tells.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) subject: String,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
}

/// What the platform gave.
#[derive(Debug, Clone)]
pub(super) struct Tokens {
    pub(super) access: Secret,
    pub(super) refresh: Option<Secret>,
    pub(super) scope: String,
    pub(super) issued_at: Timestamp,
    pub(super) expires_at: Timestamp,
}

/// A connection to the platform in somebody's name.
#[derive(Debug, Clone)]
pub(super) struct Connection {
    pub(super) person: Person,
    pub(super) tokens: Tokens,
}

#[derive(Debug)]
struct Visitor {
    attempts: Vec<Attempt>,
    connection: Option<Connection>,
    seen_at: Timestamp,
}

/// All sessions, by the digest of their cookie's value.
#[derive(Debug, Default)]
pub(super) struct Sessions(Mutex<HashMap<Digest, Visitor>>);

impl Sessions {
    /// Notes a question; returns the session's key, a new one where there was none.
    pub(super) fn ask(&self, key: Option<&Secret>, attempt: Attempt) -> Secret {
        let now = attempt.asked_at;
        let mut visitors = self.visitors();
        let key = key.filter(|key| visitors.contains_key(&key.digest())).cloned().unwrap_or_else(random_text);
        make_room(&mut visitors);
        let visitor = visitors.entry(key.digest()).or_insert_with(|| Visitor { attempts: Vec::new(), connection: None, seen_at: now });
        visitor.seen_at = now;
        if visitor.attempts.len() == MAX_ATTEMPTS {
            visitor.attempts.remove(0);
        }
        visitor.attempts.push(attempt);
        key
    }

    /// The question with this state, which is thereby answered: once, and by the browser that asked it.
    pub(super) fn answered(&self, key: &Secret, state: &str, now: Timestamp) -> Option<Attempt> {
        let mut visitors = self.visitors();
        let attempts = &mut visitors.get_mut(&key.digest())?.attempts;
        let position = attempts.iter().position(|attempt| constant_time_eq(attempt.state.expose().as_bytes(), state.as_bytes()))?;
        let attempt = attempts.remove(position);
        (now.since(attempt.asked_at) < PATIENCE).then_some(attempt)
    }

    /// Keeps a new connection, under a new key: whoever knew the old one is not let in.
    pub(super) fn connect(&self, old: &Secret, connection: Connection) -> Secret {
        let mut visitors = self.visitors();
        let attempts = visitors.remove(&old.digest()).map(|visitor| visitor.attempts).unwrap_or_default();
        let key = random_text();
        let seen_at = connection.tokens.issued_at;
        visitors.insert(key.digest(), Visitor { attempts, connection: Some(connection), seen_at });
        key
    }

    /// The connection of a session.
    pub(super) fn connection(&self, key: &Secret, now: Timestamp) -> Option<Connection> {
        let mut visitors = self.visitors();
        let visitor = visitors.get_mut(&key.digest())?;
        visitor.seen_at = now;
        visitor.connection.clone()
    }

    /// Keeps newer tokens, if the session still has a connection.
    pub(super) fn renew(&self, key: &Secret, tokens: Tokens) {
        if let Some(connection) = self.visitors().get_mut(&key.digest()).and_then(|visitor| visitor.connection.as_mut()) {
            connection.tokens = tokens;
        }
    }

    /// Forgets a session.
    pub(super) fn forget(&self, key: &Secret) {
        self.visitors().remove(&key.digest());
    }

    fn visitors(&self) -> MutexGuard<'_, HashMap<Digest, Visitor>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn make_room(visitors: &mut HashMap<Digest, Visitor>) {
    if visitors.len() < MAX_VISITORS {
        return;
    }
    let oldest = visitors.iter().min_by_key(|(_, visitor)| visitor.seen_at).map(|(key, _)| *key);
    if let Some(oldest) = oldest {
        visitors.remove(&oldest);
    }
}

fn random_text() -> Secret {
    Secret::new(URL_SAFE_NO_PAD.encode(random_bytes::<32>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    fn connection() -> Connection {
        let tokens = Tokens { access: Secret::new("a"), refresh: None, scope: "read".to_owned(), issued_at: at(0), expires_at: at(300) };
        Connection { person: Person { subject: "usr_mae".to_owned(), name: None, email: None }, tokens }
    }

    #[test]
    fn a_question_is_answered_once_in_time_and_by_who_asked() {
        let sessions = Sessions::default();
        let (first, second) = (Attempt::new(at(0)), Attempt::new(at(0)));
        let key = sessions.ask(None, first.clone());
        assert_eq!(sessions.ask(Some(&key), second.clone()).expose(), key.expose());
        let stranger = sessions.ask(None, Attempt::new(at(0)));
        let state = first.state.expose();
        assert!(sessions.answered(&stranger, state, at(1)).is_none());
        assert_eq!(sessions.answered(&key, state, at(1)).unwrap().verifier.expose(), first.verifier.expose());
        assert!(sessions.answered(&key, state, at(1)).is_none());
        assert!(sessions.answered(&key, second.state.expose(), at(601)).is_none());
    }

    #[test]
    fn connecting_changes_the_key() {
        let sessions = Sessions::default();
        let key = sessions.ask(None, Attempt::new(at(0)));
        let new = sessions.connect(&key, connection());
        assert!(sessions.connection(&key, at(1)).is_none());
        assert_eq!(sessions.connection(&new, at(1)).unwrap().person.subject, "usr_mae");
        sessions.forget(&new);
        assert!(sessions.connection(&new, at(1)).is_none());
    }

    #[test]
    fn memory_is_bounded() {
        let sessions = Sessions::default();
        let first = sessions.ask(None, Attempt::new(at(0)));
        for second in 0..MAX_VISITORS {
            sessions.ask(None, Attempt::new(at(1 + i64::try_from(second).unwrap())));
        }
        assert_eq!(sessions.visitors().len(), MAX_VISITORS);
        assert!(!sessions.visitors().contains_key(&first.digest()));
        for _ in 0..20 {
            sessions.ask(Some(&first), Attempt::new(at(5000)));
        }
        assert!(sessions.visitors().values().all(|visitor| visitor.attempts.len() <= MAX_ATTEMPTS));
    }
}
