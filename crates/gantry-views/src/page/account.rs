//! A person's own pages.

mod merge;
mod overview;
mod tokens;

pub use merge::{Merge, MovedLine};
pub use overview::{
    AppLine, AppScope, Connections, FirstPassword, LinkedLine, OfferedLine, Overview, PasswordForm, ProfileForm, SessionLine,
};
pub use tokens::{DaysChoice, MadeToken, Organization, OrganizationChoice, ScopeChoice, ShownOnce, TokenForm, TokenLine, Tokens};
