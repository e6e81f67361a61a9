//! A person's own pages.

mod overview;
mod tokens;

pub use overview::{AppLine, AppScope, Connections, FirstPassword, LinkedLine, Overview, PasswordForm, ProfileForm, SessionLine};
pub use tokens::{DaysChoice, MadeToken, Organization, OrganizationChoice, ScopeChoice, ShownOnce, TokenForm, TokenLine, Tokens};
