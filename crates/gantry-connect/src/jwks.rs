//! Key sets of other parties, fetched from where they publish them.
//!
//! Owns how long a set is believed and how often it may be asked for again: an unknown `kid` sent
//! a thousand times costs one fetch a minute (attack catalogue CLI-09). Never judges a key.

use std::sync::Arc;
use std::time::Duration;

use gantry_core::clock::Timestamp;
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::outbound::{FetchFailed, Outbound};

/// A set is taken from memory for this long.
const FRESH: Duration = Duration::from_mins(10);
/// Between two fetches of one set lies at least this.
const REST: Duration = Duration::from_mins(1);
/// The most sets in memory.
const MAX_SETS: u64 = 10_000;

/// Whose sets they are: that decides how long one is believed that cannot be fetched again.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// So long is a set believed that cannot be fetched again.
    stale: Duration,
    /// So long nothing is fetched after a failure, if there is no set at all.
    rest_without: Duration,
    /// Which sets are remembered, in the place of what was known.
    is_good: fn(&FetchedJwks) -> bool,
}

impl Patience {
    /// With clients: a set that they empty is empty.
    pub const CLIENTS: Self = Self { stale: Duration::from_hours(1), rest_without: REST, is_good: |_| true };

    /// With providers: a set without one usable key is a fault of theirs and replaces none (attack catalogue F-22).
    pub const fn providers(is_usable: fn(&FetchedJwks) -> bool) -> Self {
        Self { stale: Duration::from_hours(24), rest_without: Duration::from_secs(2), is_good: is_usable }
    }
}

/// A key set as it was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedJwks {
    /// The document, JSON.
    pub document: String,
    kids: Vec<String>,
}

impl FetchedJwks {
    fn parse(bytes: Vec<u8>) -> Result<Self, FetchFailed> {
        #[derive(Deserialize)]
        struct Kids {
            keys: Vec<Kid>,
        }
        #[derive(Deserialize)]
        struct Kid {
            kid: Option<String>,
        }
        let document = String::from_utf8(bytes).or(Err(FetchFailed::Unreadable("JWK set")))?;
        let parsed: Kids = serde_json::from_str(&document).or(Err(FetchFailed::Unreadable("JWK set")))?;
        Ok(Self { document, kids: parsed.keys.into_iter().filter_map(|key| key.kid).collect() })
    }

    /// Whether it has a key of this name; any will do for none.
    pub fn has(&self, kid: Option<&str>) -> bool {
        kid.is_none_or(|kid| self.kids.iter().any(|known| known == kid))
    }
}

/// What is remembered of one address.
#[derive(Debug, Default)]
struct Slot {
    set: Option<(Arc<FetchedJwks>, Timestamp)>,
    asked_at: Option<Timestamp>,
}

/// The key sets in memory. Cheap to clone.
#[derive(Debug, Clone)]
pub struct RemoteJwks {
    outbound: Outbound,
    patience: Patience,
    slots: moka::sync::Cache<(String, String), Arc<Mutex<Slot>>>,
}

impl RemoteJwks {
    /// An empty memory over this client.
    pub fn new(outbound: Outbound) -> Self {
        Self::with_patience(outbound, Patience::CLIENTS)
    }

    /// The same with other people's sets.
    pub fn with_patience(outbound: Outbound, patience: Patience) -> Self {
        Self { outbound, patience, slots: moka::sync::Cache::new(MAX_SETS) }
    }

    /// The set that `owner` publishes at `url`. It is fetched if it is not in memory, too old, or
    /// lacks the `kid`; never more often than once a minute, and once however many ask.
    pub async fn find(&self, owner: &str, url: &str, kid: Option<&str>, now: Timestamp) -> Result<Arc<FetchedJwks>, FetchFailed> {
        self.find_by((owner, url), |set| set.has(kid), now, self.outbound.get(url)).await
    }

    /// The same where the caller says which set will do and how one is fetched; `fetch` is left alone if none is.
    pub async fn find_by<E: From<FetchFailed>>(
        &self,
        (owner, url): (&str, &str),
        will_do: impl Fn(&FetchedJwks) -> bool,
        now: Timestamp,
        fetch: impl Future<Output = Result<Vec<u8>, E>>,
    ) -> Result<Arc<FetchedJwks>, E> {
        let slot = self.slots.get_with((owner.to_owned(), url.to_owned()), Arc::default);
        let mut slot = slot.lock().await;
        let known = slot.set.as_ref().map(|(set, at)| (Arc::clone(set), now.since(*at)));
        if let Some((set, age)) = &known
            && *age < FRESH
            && will_do(set)
        {
            return Ok(Arc::clone(set));
        }
        let rest = if known.is_some() { REST } else { self.patience.rest_without };
        let resting = slot.asked_at.is_some_and(|at| now.since(at) < rest);
        let fetched = if resting {
            Err(FetchFailed::Resting.into())
        } else {
            slot.asked_at = Some(now);
            fetch.await.and_then(|bytes| Ok(FetchedJwks::parse(bytes)?))
        };
        match (fetched, known) {
            (Ok(set), _) if (self.patience.is_good)(&set) => {
                let set = Arc::new(set);
                slot.set = Some((Arc::clone(&set), now));
                Ok(set)
            }
            (_, Some((set, age))) if age < self.patience.stale => Ok(set),
            (Err(error), _) => Err(error),
            (Ok(_), _) => Err(FetchFailed::Unreadable("JWK set with usable keys").into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbound::Reach;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    /// A server that answers every request with this and counts them.
    async fn server(answer: String) -> (String, Arc<AtomicUsize>) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/jwks", listener.local_addr().unwrap());
        let count = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&count);
        #[expect(clippy::disallowed_methods, reason = "a server beside the test")]
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                let mut buffer = [0; 4096];
                let _ = socket.read(&mut buffer).await;
                let _ = socket.write_all(answer.as_bytes()).await;
            }
        });
        (url, count)
    }

    fn ok(body: &str) -> String {
        format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
    }

    #[tokio::test]
    async fn cli_09_an_unknown_kid_costs_one_fetch_a_minute() {
        let (url, count) = server(ok(r#"{"keys":[{"kty":"RSA","kid":"a"}]}"#)).await;
        let jwks = RemoteJwks::new(Outbound::new(Reach::LoopbackToo));
        let start = Timestamp::from_seconds(1000);
        for _ in 0..50 {
            jwks.find("c", &url, Some("a"), start).await.unwrap();
            jwks.find("c", &url, Some("nope"), start).await.unwrap();
        }
        assert_eq!(count.load(Ordering::SeqCst), 1);
        jwks.find("c", &url, Some("nope"), start.plus(REST)).await.unwrap();
        jwks.find("c", &url, Some("nope"), start.plus(REST)).await.unwrap();
        assert_eq!(count.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn ssr_03_a_redirect_is_a_failure_and_not_asked_for_again_at_once() {
        let (url, count) =
            server("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned())
                .await;
        let jwks = RemoteJwks::new(Outbound::new(Reach::LoopbackToo));
        let now = Timestamp::from_seconds(1000);
        assert!(matches!(jwks.find("c", &url, None, now).await, Err(FetchFailed::Status(302))));
        assert!(matches!(jwks.find("c", &url, None, now).await, Err(FetchFailed::Resting)));
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn ssr_10_an_endless_or_odd_answer_is_cut() {
        let (url, _) = server(ok(&"x".repeat(300_000))).await;
        let outbound = Outbound::new(Reach::LoopbackToo);
        assert!(matches!(outbound.get(&url).await, Err(FetchFailed::TooLong)));
        let (url, _) = server(ok("[]")).await;
        let jwks = RemoteJwks::new(outbound);
        assert!(matches!(jwks.find("c", &url, None, Timestamp::from_seconds(0)).await, Err(FetchFailed::Unreadable(_))));
    }

    #[tokio::test]
    async fn many_askers_make_one_fetch() {
        let (url, count) = server(ok(r#"{"keys":[]}"#)).await;
        let jwks = RemoteJwks::new(Outbound::new(Reach::LoopbackToo));
        let now = Timestamp::from_seconds(0);
        let all = futures_util::future::join_all((0..20).map(|_| jwks.find("c", &url, None, now))).await;
        assert!(all.iter().all(Result::is_ok));
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }
}
