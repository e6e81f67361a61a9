//! What holds for every page and every mail.

mod mails;
mod pages;
