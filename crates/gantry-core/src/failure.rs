//! How things fail: a refusal is an answer, a fault is a breakage.
//!
//! Owns the types that every rule returns. Never decides a status or a wording for people; the
//! renderers in the web crate do, from the [`ErrorCode`].

use std::error::Error;
use std::fmt;

use crate::error_code::ErrorCode;
use crate::reason::Reason;

/// One field of a record that somebody wants written, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field, by its name in realm files and in the API; the fields of a mapping follow a dot.
    pub field: String,
    /// Which entry of the field, where it is a list.
    pub index: Option<usize>,
    /// What is wrong, worded to follow the field's name. Never a secret.
    pub problem: String,
}

/// A request was understood and refused. What the refusal learned (a burnt code, a revoked
/// family) is committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The wire code, which decides status and headers.
    pub code: ErrorCode,
    /// What goes on the wire as `error_description`: fixed text, never input. Printable ASCII but
    /// for quotes and backslashes (RFC 6749 §5.2).
    pub description: &'static str,
    /// What goes to the log and to the person who can fix it. Never a secret.
    pub detail: Option<String>,
    /// A stable sub-code for programs, sent as the extra member `reason`.
    pub reason: Option<Reason>,
    /// Where the app can send the person to mend it, sent as the extra member `authorization_uri`.
    pub authorization_uri: Option<String>,
    /// What is wrong with which field, for forms and the admin API. Never part of an OAuth answer.
    pub fields: Vec<FieldProblem>,
}

impl Refusal {
    /// A refusal with the text for the wire.
    pub const fn new(code: ErrorCode, description: &'static str) -> Self {
        debug_assert!(is_wire_text(description), "RFC 6749 §5.2 has no place for this character");
        Self { code, description, detail: None, reason: None, authorization_uri: None, fields: Vec::new() }
    }

    /// Adds what the log should say beyond the wire's text.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds the stable sub-code.
    #[must_use]
    pub const fn reason(mut self, reason: Reason) -> Self {
        self.reason = Some(reason);
        self
    }

    /// Names one field that is wrong.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>, problem: impl Into<String>) -> Self {
        self.fields.push(FieldProblem { field: field.into(), index: None, problem: problem.into() });
        self
    }

    /// Adds where the app can send the person to mend it.
    #[must_use]
    pub fn authorization_uri(mut self, uri: impl Into<String>) -> Self {
        self.authorization_uri = Some(uri.into());
        self
    }
}

/// Whether RFC 6749 §5.2 allows a text as `error_description`.
const fn is_wire_text(text: &str) -> bool {
    let mut bytes = text.as_bytes();
    while let [first, rest @ ..] = bytes {
        if !matches!(*first, b' '..=b'!' | b'#'..=b'[' | b']'..=b'~') {
            return false;
        }
        bytes = rest;
    }
    true
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.wire_name(), self.description)
    }
}

/// Something broke. The transaction rolls back, the edge logs it once, the wire sees
/// `server_error` and a request id.
#[derive(Debug)]
pub struct Fault {
    context: String,
    unavailable: bool,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Fault {
    /// A breakage without a deeper cause.
    pub fn new(context: impl Into<String>) -> Self {
        Self { context: context.into(), unavailable: false, source: None }
    }

    /// A breakage with its cause.
    pub fn caused(context: impl Into<String>, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { context: context.into(), unavailable: false, source: Some(source.into()) }
    }

    /// Marks this as passing: the wire answers 503 with `Retry-After` instead of 500.
    #[must_use]
    pub const fn unavailable(mut self) -> Self {
        self.unavailable = true;
        self
    }

    /// Whether trying again later may help.
    pub const fn is_unavailable(&self) -> bool {
        self.unavailable
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.context)?;
        let mut source = self.source.as_deref().map(|source| source as &dyn Error);
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

impl Error for Fault {}

/// The two ways in which a rule can fail.
#[derive(Debug)]
pub enum Failure {
    /// The answer is no.
    Refused(Refusal),
    /// There is no answer.
    Broken(Fault),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Broken(fault)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => fmt::Display::fmt(refusal, f),
            Self::Broken(fault) => fmt::Display::fmt(fault, f),
        }
    }
}

impl Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_on_the_wire_is_plain() {
        assert!(is_wire_text("the organization does not allow this app; leave `org_id` out"));
        for wrong in ["say \"no\"", "back\\slash", "two\nlines", "caf\u{e9}", "tab\t"] {
            assert!(!is_wire_text(wrong), "{wrong}");
        }
    }
}
