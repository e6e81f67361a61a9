//! The sample realms: their files, with ports and secrets filled in.
//!
//! Owns what the files in `demo/` leave open. Never writes to the store.
