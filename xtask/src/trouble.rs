//! Why a task did not get to its end. Owns no recovery: a trouble is shown, never mended.

use std::fmt;
use std::io;

/// What stopped a task.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// This machine lacks something; the text says what to install. The part is NOT RUN, which is never a pass.
    Missing(String),
    /// Something ran and went wrong.
    Failed(String),
    /// Somebody pressed Ctrl-C or sent a signal.
    Interrupted,
}

impl Trouble {
    /// A failure, in a sentence.
    pub(crate) fn failed(what: impl Into<String>) -> Self {
        Self::Failed(what.into())
    }

    /// Says what was being done when an operating-system error came.
    pub(crate) fn during(what: &str) -> impl FnOnce(io::Error) -> Self {
        let what = what.to_owned();
        move |error| Self::Failed(format!("{what}: {error}"))
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(what) => write!(formatter, "not on this machine: {what}"),
            Self::Failed(what) => formatter.write_str(what),
            Self::Interrupted => formatter.write_str("interrupted"),
        }
    }
}

impl std::error::Error for Trouble {}
