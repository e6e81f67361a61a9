//! Turns typed pages and mails into text.
//!
//! Owns templates, words in every language, styles and scripts, all part of the binary. Never
//! reads a record, decides a status or knows an address: pages are given what they print.

mod assets;
mod engine;
mod locale;
mod texts;

pub mod branding;
pub mod chrome;
pub mod console;
pub mod device;
pub mod field;
pub mod mail;
pub mod moment;
pub mod page;

#[cfg(test)]
mod tests;

pub use chrome::Chrome;
pub use engine::Views;
pub use page::Page;
