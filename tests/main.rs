//! The whole suite, as one binary: it speaks to Gantry over real HTTP, in the user's verbs.
//!
//! Each area is a module that mirrors the URL tree or the layer it checks. Tests never branch on the backend:
//! `GANTRY_TEST_DATABASE_URL` and `GANTRY_TEST_REDIS_URL` alone decide where the same suite runs.

// The lints that spare tests look for this attribute; the support modules beside the tests are tests too.
#![cfg(test)]

mod account;
mod api;
mod architecture;
mod authorize;
mod canaries;
mod console;
mod crashes;
mod explanations;
mod faults;
mod federation;
mod isolation;
mod keys;
mod logout;
mod named_tests;
mod providers;
mod races;
mod realm_file;
mod security_cases;
mod seed_contract;
mod several_nodes;
mod shapes;
mod sign_in;
#[expect(unreachable_pub, reason = "the words are shared by all modules of this one binary")]
mod support;
mod token;
