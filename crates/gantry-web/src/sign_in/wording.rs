//! From what the rules say to what a form says.

use std::time::Duration;

use gantry_identity::password::MAX_PASSWORD;
use gantry_identity::password_rule::WeakPassword;
use gantry_views::field::{FieldError, FormProblem, PasswordField};

/// What is wrong with a new password.
pub(crate) fn weak(why: WeakPassword) -> PasswordField {
    PasswordField::wrong(match why {
        WeakPassword::TooShort { least } => FieldError::TooShort { count: least },
        WeakPassword::TooLong => FieldError::TooLong { count: u32::try_from(MAX_PASSWORD).unwrap_or(u32::MAX) },
        WeakPassword::Common | WeakPassword::Personal | WeakPassword::ControlCharacter => FieldError::PasswordWeak,
    })
}

/// What is wrong with text that is no address.
pub(crate) const fn no_address(typed: &str) -> FieldError {
    if typed.is_empty() { FieldError::Required } else { FieldError::EmailInvalid }
}

/// "Too many tries", with the wait in minutes.
pub(crate) fn too_many(wait: Duration) -> FormProblem {
    FormProblem::TooManyTries { count: u32::try_from(wait.as_secs().div_ceil(60)).unwrap_or(u32::MAX).max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_told_in_whole_minutes() {
        assert_eq!(too_many(Duration::from_secs(1)), FormProblem::TooManyTries { count: 1 });
        assert_eq!(too_many(Duration::from_secs(61)), FormProblem::TooManyTries { count: 2 });
        assert_eq!(too_many(Duration::from_mins(15)), FormProblem::TooManyTries { count: 15 });
    }
}
