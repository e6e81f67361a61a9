//! What a script needs to know about a running demo: `demo.json`.
//!
//! Owns its shape. Never knows more than the realm files and the secrets say.
