//! Puts the sample realms into the store, as often as one likes.
//!
//! Owns the order in which they come. Never touches a store that holds something else.
