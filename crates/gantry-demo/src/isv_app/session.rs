//! The app's own sessions: which browser asked what, and what it is connected to.
//!
//! Owns the memory of the app; it is lost with the process. Never shows a token.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::clock::Timestamp;
use gantry_core::secret::{Digest, Secret, constant_time_eq, random_bytes};

use super::exchange::Exchange;
use super::platform::Platform;
use super::trouble::Trouble;

/// The most browsers that are remembered; the one unseen for the longest makes room.
const MAX_VISITORS: usize = 1000;
/// The most questions that a browser can have open: one for each of its tabs.
const MAX_ATTEMPTS: usize = 8;
/// The most exchanges that are kept of a connection.
const MAX_EXCHANGES: usize = 8;
/// A question is forgotten after this.
const PATIENCE: Duration = Duration::from_mins(10);

/// A question that was sent to a platform through a browser.
#[derive(Debug, Clone)]
pub(super) struct Attempt {
    word: &'static str,
    /// Told apart by it, where the platform's guide has one.
    pub(super) state: Option<Secret>,
    asked_at: Timestamp,
    /// The question, to be shown.
    pub(super) exchange: Option<Exchange>,
}

impl Attempt {
    /// A new question to a platform.
    pub(super) fn new(platform: &Platform, now: Timestamp) -> Self {
        let state = platform.guide.sends_state().then(random_text);
        Self { word: platform.guide.word, state, asked_at: now, exchange: None }
    }

    fn is(&self, word: &str, state: Option<&str>) -> bool {
        let same = match (&self.state, state) {
            (Some(own), Some(state)) => constant_time_eq(own.expose().as_bytes(), state.as_bytes()),
            (None, None) => true,
            _ => false,
        };
        self.word == word && same
    }
}

/// What a platform gave.
#[derive(Debug, Clone)]
pub(super) struct Tokens {
    pub(super) access: Secret,
    pub(super) refresh: Option<Secret>,
    pub(super) scope: String,
    pub(super) expires_at: Timestamp,
    /// The answer that they came in, to be shown.
    pub(super) response: String,
}

/// What the app remembers of a browser and one platform.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    /// The tokens, while there is a connection.
    pub(super) tokens: Option<Tokens>,
    /// What went over the wire for this connection, the oldest first.
    pub(super) exchanges: Vec<Exchange>,
    /// What went wrong with the last refresh.
    pub(super) trouble: Option<Trouble>,
    /// What the buttons beside the connection brought.
    pub(super) tries: Vec<Exchange>,
}

impl Place {
    /// Adds what went over the wire; the oldest makes room.
    pub(super) fn note(&mut self, exchange: Exchange) {
        if self.exchanges.len() == MAX_EXCHANGES {
            self.exchanges.remove(0);
        }
        self.exchanges.push(exchange);
    }
}

#[derive(Debug, Default)]
struct Visitor {
    attempts: Vec<Attempt>,
    places: BTreeMap<&'static str, Place>,
    seen_at: Option<Timestamp>,
}

/// All sessions, by the digest of their cookie's value.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<HashMap<Digest, Visitor>>);

impl Sessions {
    /// The key of a session that is there: the given one, or a new one.
    pub(super) fn open(&self, key: Option<Secret>, now: Timestamp) -> Secret {
        let mut visitors = self.visitors();
        let key = key.filter(|key| visitors.contains_key(&key.digest())).unwrap_or_else(random_text);
        make_room(&mut visitors);
        visitors.entry(key.digest()).or_default().seen_at = Some(now);
        key
    }

    /// Notes a question.
    pub(super) fn ask(&self, key: &Secret, attempt: Attempt) {
        if let Some(visitor) = self.visitors().get_mut(&key.digest()) {
            if visitor.attempts.len() == MAX_ATTEMPTS {
                visitor.attempts.remove(0);
            }
            visitor.attempts.push(attempt);
        }
    }

    /// The question that an answer of this platform belongs to, which is thereby answered: once, and
    /// by the browser that asked it. Without a `state` the newest one counts.
    pub(super) fn answered(&self, key: &Secret, platform: &Platform, state: Option<&str>, now: Timestamp) -> Option<Attempt> {
        let mut visitors = self.visitors();
        let attempts = &mut visitors.get_mut(&key.digest())?.attempts;
        let position = attempts.iter().rposition(|attempt| attempt.is(platform.guide.word, state))?;
        let attempt = attempts.remove(position);
        (now.since(attempt.asked_at) < PATIENCE).then_some(attempt)
    }

    /// Keeps a new connection, under a new key: whoever knew the old one is not let in.
    pub(super) fn connect(&self, old: &Secret, platform: &Platform, place: Place) -> Secret {
        let mut visitors = self.visitors();
        let mut visitor = visitors.remove(&old.digest()).unwrap_or_default();
        visitor.places.insert(platform.guide.word, place);
        let key = random_text();
        visitors.insert(key.digest(), visitor);
        key
    }

    /// What is remembered of a browser and a platform.
    pub(super) fn place(&self, key: &Secret, platform: &Platform, now: Timestamp) -> Place {
        let mut visitors = self.visitors();
        let Some(visitor) = visitors.get_mut(&key.digest()) else { return Place::default() };
        visitor.seen_at = Some(now);
        visitor.places.get(platform.guide.word).cloned().unwrap_or_default()
    }

    /// Changes what is remembered.
    pub(super) fn change(&self, key: &Secret, platform: &Platform, change: impl FnOnce(&mut Place)) {
        if let Some(visitor) = self.visitors().get_mut(&key.digest()) {
            change(visitor.places.entry(platform.guide.word).or_default());
        }
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
    use crate::realm::tests::samples;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    fn platforms() -> Vec<Platform> {
        samples(20_000).iter().map(|realm| Platform::of(realm, "http://app/callback".to_owned(), "http://api".to_owned())).collect()
    }

    fn ask(sessions: &Sessions, key: &Secret, platform: &Platform) -> Attempt {
        let attempt = Attempt::new(platform, at(0));
        sessions.ask(key, attempt.clone());
        attempt
    }

    #[test]
    fn a_question_is_answered_once_in_time_by_who_asked_and_by_whom() {
        let (sessions, platforms) = (Sessions::default(), platforms());
        let (rocketskip, roserocket) = (&platforms[0], &platforms[1]);
        let (key, stranger) = (sessions.open(None, at(0)), sessions.open(None, at(0)));
        let (first, second) = (ask(&sessions, &key, rocketskip), ask(&sessions, &key, rocketskip));
        let state = |attempt: &Attempt| attempt.state.as_ref().unwrap().expose().to_owned();
        let answered = |key, platform, state: &str, now| sessions.answered(key, platform, Some(state), at(now)).is_some();
        assert!(!answered(&stranger, rocketskip, &state(&first), 1));
        assert!(!answered(&key, roserocket, &state(&first), 1));
        assert!(sessions.answered(&key, rocketskip, None, at(1)).is_none());
        assert!(answered(&key, rocketskip, &state(&first), 1));
        assert!(!answered(&key, rocketskip, &state(&first), 1));
        assert!(!answered(&key, rocketskip, &state(&second), 601));
    }

    #[test]
    fn without_state_only_who_asked_gets_an_answer() {
        let (sessions, platforms) = (Sessions::default(), platforms());
        let rocketpunch = &platforms[2];
        let (key, stranger) = (sessions.open(None, at(0)), sessions.open(None, at(0)));
        assert!(ask(&sessions, &key, rocketpunch).state.is_none());
        assert!(sessions.answered(&stranger, rocketpunch, None, at(1)).is_none());
        assert!(sessions.answered(&key, rocketpunch, None, at(1)).is_some());
        assert!(sessions.answered(&key, rocketpunch, None, at(1)).is_none());
    }

    #[test]
    fn connecting_changes_the_key_and_keeps_the_other_platforms() {
        let (sessions, platforms) = (Sessions::default(), platforms());
        let connected = || Place {
            tokens: Some(Tokens {
                access: Secret::new("a"),
                refresh: None,
                scope: "read".to_owned(),
                expires_at: at(300),
                response: String::new(),
            }),
            ..Place::default()
        };
        let old = sessions.open(None, at(0));
        let first = sessions.connect(&old, &platforms[0], connected());
        let second = sessions.connect(&first, &platforms[1], connected());
        assert!([&old, &first].iter().all(|key| sessions.place(key, &platforms[0], at(1)).tokens.is_none()));
        assert!(platforms[..2].iter().all(|platform| sessions.place(&second, platform, at(1)).tokens.is_some()));
        assert!(sessions.place(&second, &platforms[2], at(1)).tokens.is_none());
    }

    #[test]
    fn memory_is_bounded() {
        let (sessions, platforms) = (Sessions::default(), platforms());
        let first = sessions.open(None, at(0));
        for second in 0..MAX_VISITORS {
            sessions.open(None, at(1 + i64::try_from(second).unwrap()));
        }
        assert_eq!(sessions.visitors().len(), MAX_VISITORS);
        assert!(!sessions.visitors().contains_key(&first.digest()));
        let key = sessions.open(None, at(5000));
        (0..20).for_each(|_| drop(ask(&sessions, &key, &platforms[0])));
        assert!(sessions.visitors().values().all(|visitor| visitor.attempts.len() <= MAX_ATTEMPTS));
        let mut place = Place::default();
        (0..20).for_each(|_| place.note(Exchange::by_browser("x", "http://x", &[])));
        assert_eq!(place.exchanges.len(), MAX_EXCHANGES);
    }
}
