//! Notices through Redis that something changed: they only hasten the polls, and losing one costs a
//! quarter of a second.

use std::time::Duration;

use futures_util::StreamExt as _;
use redis::RedisResult;

use super::Snapshots;
use crate::cache::redis::{Lost, Redis};

const CHANNEL: &str = "changes";
const PAUSE: Duration = Duration::from_secs(1);

impl Snapshots {
    /// Polls whenever another node says that it changed something. Goes on for ever; without Redis
    /// it has nothing to do.
    pub async fn listen(&self) {
        let Some(redis) = &self.redis else { return std::future::pending().await };
        loop {
            if let Err(error) = self.listen_once(redis).await {
                tracing::debug!(%error, "no notices from other nodes");
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn listen_once(&self, redis: &Redis) -> RedisResult<()> {
        let mut notices = redis.client().get_async_pubsub().await?;
        notices.subscribe(redis.key(CHANNEL)).await?;
        let mut notices = notices.into_on_message();
        while notices.next().await.is_some() {
            if let Err(fault) = self.poll().await {
                tracing::warn!(%fault, "could not read what other nodes changed");
            }
        }
        Ok(())
    }

    /// Tells the other nodes.
    pub(super) async fn announce(&self) {
        let Some(redis) = &self.redis else { return };
        let command = redis::Cmd::publish(redis.key(CHANNEL), "");
        // The others poll anyway.
        let (Ok(()) | Err(Lost)) = redis.run(async |connection| command.query_async::<()>(connection).await).await;
    }
}
