//! A person's own page.

mod overview;

pub use overview::{AppLine, AppScope, Overview, PasswordForm, ProfileForm, SessionLine};
