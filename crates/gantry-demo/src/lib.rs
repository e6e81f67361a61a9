//! Fills an empty server with sample realms and runs the sample app and API beside it.
//!
//! Owns `demo/`, the addresses of the demo and the facts that it prints. Its samples speak to the
//! server over HTTP alone, as anybody would: nothing in here looks into the store except `seed`.

pub mod address;
mod api;
pub mod directory;
pub mod facts;
pub mod guide;
mod issuer;
mod isv_app;
pub mod realm;
pub mod samples;
pub mod secrets;
pub mod seed;
mod signed;
pub mod table;
pub mod upstream;
