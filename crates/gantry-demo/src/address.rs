//! Where the demo listens: every port, counted from one base.
//!
//! Owns the offsets. Never opens a port.
