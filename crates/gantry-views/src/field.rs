//! The parts of a form that a page prints: what was typed, what is wrong with it.
//!
//! Never holds a password: a page that asks for one gets a [`PasswordField`], which has no value.

use serde::Serialize;

/// A text field: what the person typed, kept when the form comes back, and what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FormField {
    /// What was typed.
    pub value: String,
    /// What is wrong with it.
    pub error: Option<FieldError>,
}

impl FormField {
    /// A field with a value and nothing wrong.
    pub fn filled(value: impl Into<String>) -> Self {
        Self { value: value.into(), error: None }
    }

    /// A field with something wrong.
    pub fn wrong(value: impl Into<String>, error: FieldError) -> Self {
        Self { value: value.into(), error: Some(error) }
    }
}

/// A password field: never prints what was typed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct PasswordField {
    /// What is wrong with it.
    pub error: Option<FieldError>,
}

impl PasswordField {
    /// A field with something wrong.
    pub const fn wrong(error: FieldError) -> Self {
        Self { error: Some(error) }
    }
}

/// What is wrong with a field. Each has its text as `field-<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "key", rename_all = "kebab-case")]
pub enum FieldError {
    /// Nothing was typed.
    Required,
    /// Not an e-mail address.
    EmailInvalid,
    /// An address whose domain leads to no sign-in, where there are no passwords.
    AddressUnrouted,
    /// Shorter than allowed.
    TooShort {
        /// The fewest characters.
        count: u32,
    },
    /// Longer than allowed.
    TooLong {
        /// The most characters.
        count: u32,
    },
    /// A name with characters that no name has.
    NameInvalid,
    /// A password that is easily guessed.
    PasswordWeak,
    /// The present password was typed wrongly.
    PasswordWrong,
    /// The new password is the present one.
    PasswordSame,
    /// Another thing of the person's is called so.
    NameTaken,
}

impl FieldError {
    /// One of each, for tests.
    pub const SAMPLES: &'static [Self] = &[
        Self::Required,
        Self::EmailInvalid,
        Self::AddressUnrouted,
        Self::TooShort { count: 8 },
        Self::TooLong { count: 200 },
        Self::NameInvalid,
        Self::PasswordWeak,
        Self::PasswordWrong,
        Self::PasswordSame,
        Self::NameTaken,
    ];
}

/// What is wrong with a form as a whole. Each has its text as `problem-<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "key", rename_all = "kebab-case")]
pub enum FormProblem {
    /// E-mail address and password do not belong together; says nothing about which is wrong.
    WrongCredentials,
    /// Too many tries.
    TooManyTries {
        /// Wait this many minutes, at least 1.
        count: u32,
    },
    /// The form was open for too long, or opened in another browser; it was made anew.
    FormExpired,
    /// Something else changed what the form shows; it now shows the present state.
    FormStale,
    /// The server is too busy; nothing was changed.
    Busy,
    /// There are as many as there may be.
    Full {
        /// How many that is.
        count: u32,
    },
}

impl FormProblem {
    /// One of each, for tests.
    pub const SAMPLES: &'static [Self] = &[
        Self::WrongCredentials,
        Self::TooManyTries { count: 3 },
        Self::FormExpired,
        Self::FormStale,
        Self::Busy,
        Self::Full { count: 50 },
    ];
}
