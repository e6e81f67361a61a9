//! What holds for every page and every mail.

mod console;
mod mails;
mod pages;
