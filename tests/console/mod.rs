//! The admin console over HTTP, as its people use it and as others would like to.

mod access;
mod addresses;
mod as_code;
mod audit;
mod bulk;
mod clients;
mod company_admin;
mod confusion;
mod connection_page;
mod connections;
mod headers;
mod home;
mod hostile;
mod lists;
mod mail;
mod matrix;
mod once;
mod people;
mod person_pages;
mod personal_data;
mod problems;
mod publishers;
mod reach;
mod realms;
mod refusals;
mod resources;
mod scopes;
mod secrets;
mod service_accounts;
mod settings;
mod sign_in;
mod stale;
mod tenants;
mod traces;
mod twice;
use self::matrix::things::Things;
use gantry_web::paths::console::{ALL, Address, Verb, fill};
/// An address with its parameters filled in.
fn filled(address: &Address, things: &Things) -> String {
    let values: Vec<(&str, &str)> = things.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fill(address.path, &values)
}
/// Every address of the table that shows something, with its parameters filled in.
fn shown(things: &Things) -> Vec<String> {
    ALL.iter().filter(|address| address.verbs.contains(&Verb::Get)).map(|address| filled(address, things)).collect()
}
