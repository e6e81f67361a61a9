//! The admin API: every operation as its example has it, who may call it, and what all of them hold to.

mod access;
mod beside_the_console;
mod conditions;
mod conventions;
mod document;
mod examples;
mod guide;
mod hostile;
mod running;
mod trail;
