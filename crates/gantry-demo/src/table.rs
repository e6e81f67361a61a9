//! What people read when the demo has started: one link and one sign-in, then everything.
//!
//! Owns the words and the layout. Never prints; the command line does.
