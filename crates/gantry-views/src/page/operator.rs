//! The first operator.

mod first;

pub use first::First;
