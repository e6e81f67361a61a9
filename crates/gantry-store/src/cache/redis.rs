//! Redis: the connection that cache, rate limits and change notices share.

/// A connection to Redis. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Redis {}
