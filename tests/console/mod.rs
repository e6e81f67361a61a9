//! The admin console over HTTP, as its people use it and as others would like to.

mod clients;
mod connections;
mod home;
mod audit;
mod mail;
mod matrix;
mod people;
mod publishers;
mod resources;
mod scopes;
mod service_accounts;
mod settings;
mod home;
mod sign_in;
mod traces;
