//! Logout.
