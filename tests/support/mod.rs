//! The words in which the tests speak: a running Gantry, its people and apps, and a browser.

mod answer;
pub mod api;
mod authorization;
mod browser;
mod client;
mod console;
pub mod database;
mod federation;
pub mod gantry;
mod mailbox;
pub mod node;
mod rows;
mod second_node;
mod tenants;
pub mod upstream;

pub use answer::{Answer, claims_of};
pub use authorization::Authorization;
pub use browser::{Browser, Form, Page};
pub use client::{App, ClientAuth};
pub use console::Console;
pub use gantry::{CLIENT_SECRET, Gantry, Person, sign};
