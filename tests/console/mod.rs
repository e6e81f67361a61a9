//! The admin console over HTTP, as its people use it and as others would like to.

mod addresses;
mod as_code;
mod audit;
mod clients;
mod connections;
mod home;
mod mail;
mod matrix;
mod once;
mod people;
mod problems;
mod publishers;
mod realms;
mod refusals;
mod reach;
mod resources;
mod scopes;
mod service_accounts;
mod settings;
mod sign_in;
mod stale;
mod tenants;
mod traces;
mod twice;
