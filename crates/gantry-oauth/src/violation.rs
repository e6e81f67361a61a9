//! What is wrong with a record that somebody wants written, field by field.
//!
//! Owns the list that forms, the API and the realm file point at, and its form as a refusal. Never
//! decides what is wrong; the rules of each record do.

use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{FieldProblem, Refusal};

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The wire code of RFC 7591 §3.2.2.
    pub code: ErrorCode,
    /// The field, by its name in realm files and in the API.
    pub field: &'static str,
    /// Which entry of the field, where it is a list.
    pub index: Option<usize>,
    /// What is wrong, worded to follow the field's name. Never a secret.
    pub problem: String,
}

impl Violation {
    /// A field that does not hold.
    pub fn new(field: &'static str, problem: impl Into<String>) -> Self {
        Self { code: ErrorCode::InvalidClientMetadata, field, index: None, problem: problem.into() }
    }

    /// Names the entry of a list.
    #[must_use]
    pub const fn at(mut self, index: usize) -> Self {
        self.index = Some(index);
        self
    }

    /// Gives the wire code.
    #[must_use]
    pub const fn code(mut self, code: ErrorCode) -> Self {
        self.code = code;
        self
    }
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.index {
            Some(index) => write!(f, "`{}[{index}]` {}", self.field, self.problem),
            None => write!(f, "`{}` {}", self.field, self.problem),
        }
    }
}

/// Violations as a refusal; its detail names all of them.
pub fn refusal(violations: &[Violation]) -> Refusal {
    let code = violations.first().map_or(ErrorCode::InvalidClientMetadata, |first| first.code);
    let description =
        if code == ErrorCode::InvalidRedirectUri { "a redirect URI cannot be registered" } else { "the record cannot be written so" };
    let detail: Vec<String> = violations.iter().map(ToString::to_string).collect();
    let field = |one: &Violation| FieldProblem { field: one.field.to_owned(), index: one.index, problem: one.problem.clone() };
    let mut refusal = Refusal::new(code, description).detail(detail.join("; "));
    refusal.fields = violations.iter().map(field).collect();
    refusal
}
