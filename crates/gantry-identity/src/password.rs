//! Passwords: the rule for new ones, their hashes, and the bounded pool that computes those.
//!
//! Owns argon2id and its cost. Never knows who may try how often; see `lockout`.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use gantry_core::failure::Fault;
use gantry_core::id::RealmId;
use gantry_core::secret::Secret;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;

use crate::password_rule::AcceptedPassword;

/// The most characters of a password. None is ever cut: a longer one is refused.
pub const MAX_PASSWORD: usize = 1024;

/// What an imported hash may cost, so that a realm file cannot make sign-in a weapon.
const MAX_IMPORTED_MEMORY_KIB: u32 = 64 * 1024;
const MAX_IMPORTED_PASSES: u32 = 8;
const MAX_IMPORTED_LANES: u32 = 4;

/// The share of the queue, in per cent, that one realm may fill (attack catalogue §0.19).
const REALM_SHARE: usize = 75;

/// The hash of a password, in PHC form.
#[derive(Clone)]
pub struct HashedPassword(String);

impl std::fmt::Debug for HashedPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[password hash]")
    }
}

/// The text is no password hash that Gantry takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an argon2id hash in PHC form with at most 64 MiB, 8 passes and 4 lanes")]
pub struct InvalidHash;

impl HashedPassword {
    /// Takes over a hash that another system made.
    pub fn import(phc: &str) -> Result<Self, InvalidHash> {
        let hash = PasswordHash::new(phc).or(Err(InvalidHash))?;
        let params = Params::try_from(&hash).or(Err(InvalidHash))?;
        let bounded = params.m_cost() <= MAX_IMPORTED_MEMORY_KIB
            && params.t_cost() <= MAX_IMPORTED_PASSES
            && params.p_cost() <= MAX_IMPORTED_LANES
            && hash.hash.is_some();
        (hash.algorithm == Algorithm::Argon2id.ident() && bounded).then(|| Self(phc.to_owned())).ok_or(InvalidHash)
    }

    /// The text that the store keeps.
    pub(crate) fn into_phc(self) -> String {
        self.0
    }
}

/// Hashes and checks passwords, as many at once as the machine has cores, the rest in a queue with an
/// end. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Passwords(Arc<Pool>);

#[derive(Debug)]
struct Pool {
    workers: Arc<Semaphore>,
    queue: usize,
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    total: usize,
    by_realm: HashMap<RealmId, usize>,
}

/// A place in the queue, given back when dropped.
struct Place<'p> {
    pool: &'p Pool,
    realm: RealmId,
}

impl Passwords {
    /// A pool that computes `workers` hashes at once, each of 19 MiB, and lets `queue` callers wait.
    pub fn new(workers: usize, queue: usize) -> Self {
        let workers = Arc::new(Semaphore::new(workers.max(1)));
        Self(Arc::new(Pool { workers, queue: queue.max(1), waiting: Mutex::default() }))
    }

    /// Hashes a password that the rule accepted.
    pub async fn hash(&self, realm: RealmId, password: AcceptedPassword) -> Result<HashedPassword, Fault> {
        self.run(realm, move || hash_now(password.as_bytes())).await?.map(HashedPassword)
    }

    /// Whether the password is the one that was hashed. Without a hash the same work is done for
    /// nothing, so that time tells nothing about the account (attack catalogue PRE-11).
    pub async fn verify(&self, realm: RealmId, password: &Secret, hash: Option<&str>) -> Result<bool, Fault> {
        let known = hash.is_some() && password.expose().chars().count() <= MAX_PASSWORD;
        let hash = if known { hash.map(str::to_owned) } else { None };
        let typed = if known { normalise(password) } else { Secret::new("") };
        let matches = self.run(realm, move || verify_now(typed.expose().as_bytes(), hash.as_deref())).await??;
        Ok(matches && known)
    }

    async fn run<T: Send + 'static>(&self, realm: RealmId, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
        let place = self.0.enter(realm)?;
        let permit = Arc::clone(&self.0.workers).acquire_owned().await.map_err(|closed| Fault::caused("password pool", closed))?;
        drop(place);
        // The permit goes along: a caller who hangs up must not free the core that still works for them.
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        task.await.map_err(|ended| Fault::caused("password pool", ended))
    }
}

impl Pool {
    fn enter(&self, realm: RealmId) -> Result<Place<'_>, Fault> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let of_realm = waiting.by_realm.get(&realm).copied().unwrap_or(0);
        if waiting.total >= self.queue || of_realm * 100 >= self.queue * REALM_SHARE {
            return Err(Fault::new("too many passwords wait to be hashed").unavailable());
        }
        waiting.total += 1;
        waiting.by_realm.insert(realm, of_realm + 1);
        Ok(Place { pool: self, realm })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut waiting = self.pool.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.total = waiting.total.saturating_sub(1);
        if let Some(count) = waiting.by_realm.get_mut(&self.realm) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                waiting.by_realm.remove(&self.realm);
            }
        }
    }
}

/// NFC, so that the same keys typed on two systems give the same password.
pub(crate) fn normalise(password: &Secret) -> Secret {
    Secret::new(password.expose().nfc().collect::<String>())
}

/// m = 19 MiB, t = 2, p = 1: OWASP's first choice.
fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

fn hash_now(password: &[u8]) -> Result<String, Fault> {
    let hash = argon2().hash_password(password).map_err(|error| Fault::caused("hashing a password", error))?;
    Ok(hash.to_string())
}

/// The hash that stands in where there is none.
static DUMMY: LazyLock<Option<String>> = LazyLock::new(|| hash_now(Secret::new("").expose().as_bytes()).ok());

fn verify_now(password: &[u8], hash: Option<&str>) -> Result<bool, Fault> {
    let phc = hash.or(DUMMY.as_deref()).ok_or_else(|| Fault::new("no password can be hashed"))?;
    let parsed = PasswordHash::new(phc).map_err(|error| Fault::caused("a stored password hash", error))?;
    match argon2().verify_password(password, &parsed) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(Fault::caused("checking a password", error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::password_rule::PasswordRule;

    fn accepted(text: &str) -> AcceptedPassword {
        PasswordRule::new(8).accept(&Secret::new(text)).unwrap()
    }

    async fn matches(passwords: &Passwords, hash: &HashedPassword, typed: &str) -> bool {
        passwords.verify(RealmId::new(), &Secret::new(typed), Some(&hash.0)).await.unwrap()
    }

    #[tokio::test]
    async fn bru_11_passwords_are_exact() {
        let passwords = Passwords::new(2, 16);
        for length in [64, 72, 128, 1024] {
            let text: String = ('a'..='z').cycle().zip(('0'..='9').cycle()).flat_map(|(a, b)| [a, b, '~']).take(length).collect();
            let hash = passwords.hash(RealmId::new(), accepted(&text)).await.unwrap();
            assert!(matches(&passwords, &hash, &text).await);
            let cut: String = text.chars().take(length - 1).collect();
            assert!(!matches(&passwords, &hash, &cut).await, "{length}");
            assert!(!matches(&passwords, &hash, &format!("{text}~")).await, "{length}");
            if length > 73 {
                let changed: String = text.chars().enumerate().map(|(n, c)| if n == 72 { 'X' } else { c }).collect();
                assert!(!matches(&passwords, &hash, &changed).await, "{length}");
            }
        }
    }

    #[tokio::test]
    async fn bru_11_both_normal_forms_are_one_password() {
        let passwords = Passwords::new(1, 16);
        let hash = passwords.hash(RealmId::new(), accepted("cafe\u{301} 🚀 société")).await.unwrap();
        assert!(matches(&passwords, &hash, "caf\u{e9} 🚀 socie\u{301}te\u{301}").await);
        assert!(!matches(&passwords, &hash, "cafe 🚀 societe").await);
        assert!(!matches(&passwords, &hash, " caf\u{e9} 🚀 société").await);
    }

    #[tokio::test]
    async fn without_a_hash_nothing_matches() {
        let passwords = Passwords::new(1, 16);
        for typed in ["", "anything at all"] {
            assert!(!passwords.verify(RealmId::new(), &Secret::new(typed), None).await.unwrap());
        }
        let long = Secret::new("x".repeat(MAX_PASSWORD + 1));
        assert!(!passwords.verify(RealmId::new(), &long, None).await.unwrap());
    }

    #[tokio::test]
    async fn a_full_queue_answers_that_it_is_full() {
        let pool = Passwords::new(1, 4);
        let (one, other) = (RealmId::new(), RealmId::new());
        let places: Vec<_> = (0..3).map(|_| pool.0.enter(one).unwrap()).collect();
        assert!(pool.0.enter(one).is_err_and(|fault| fault.is_unavailable()));
        let last = pool.0.enter(other).unwrap();
        assert!(pool.0.enter(RealmId::new()).is_err());
        drop((places, last));
        assert!(pool.0.waiting.lock().unwrap().by_realm.is_empty());
    }

    #[test]
    fn only_affordable_argon2id_is_imported() {
        let good = hash_now(b"x").unwrap();
        assert!(HashedPassword::import(&good).is_ok());
        for bad in [
            good.replace("argon2id", "argon2i"),
            good.replace("m=19456", "m=1048576"),
            good.replace("t=2", "t=100"),
            "$2b$12$abcdefghijklmnopqrstuu5aW1nTTYcGlnMHu1IG7q0qkUQUXuYU6".to_owned(),
            "plain".to_owned(),
        ] {
            assert!(HashedPassword::import(&bad).is_err(), "{bad}");
        }
    }
}
