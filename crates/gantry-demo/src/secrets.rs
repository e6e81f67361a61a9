//! The secrets of the sample apps: made once for each folder and kept in it.
//!
//! Owns the file. Never shows one but through `expose`.
