//! Conversations with the vendors that have code of their own: Entra ID, Google, GitHub, Apple. Each is played by a
//! server in miniature that signs what a test tells it to, true or not.

#![cfg(test)]

mod mock;
mod setting;

mod apple;
mod github;
mod google;
mod microsoft;
mod renewal;
