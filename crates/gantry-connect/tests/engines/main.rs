//! The engines against a provider that lies on command: each lie is one case of the threat catalogue, and each is
//! told twice, once with the truth beside it, so that no test passes because nothing works.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![expect(unreachable_pub, reason = "what the modules of one test share")]

mod mock;
mod world;

mod callback;
mod faults;
mod id_token;
mod jose;
mod logout;
mod oauth2;
mod requests;
mod userinfo;
