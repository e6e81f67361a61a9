//! Reads, compares, applies and writes a realm as one document.

pub mod document;
mod problem;
mod schema;
mod secret_reference;
mod source;

pub use problem::{Path, Position, Problem, Problems};
pub use secret_reference::{SecretReference, SecretResolver};
