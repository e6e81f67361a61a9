//! The folder of the demo, and how it is told from any other.
//!
//! Owns the marker file. Never removes a folder without it.
