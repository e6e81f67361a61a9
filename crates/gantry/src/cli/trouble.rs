//! Why a command was not done, in words for whoever typed it.

use gantry_core::failure::{Failure, Fault};

use crate::config::InvalidSettings;

/// Why a command was not done.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// The settings are wrong.
    #[error("the settings are wrong\n  {}", .0.0.join("\n  "))]
    Settings(#[from] InvalidSettings),
    /// The options make no sense together.
    #[error("{0}")]
    Usage(String),
    /// It is not possible as things are.
    #[error("{0}")]
    Refused(String),
    /// Something broke.
    #[error("{0}")]
    Broken(#[from] Fault),
}

impl Trouble {
    /// What the process ends with.
    pub(super) const fn exit_code(&self) -> u8 {
        match self {
            Self::Settings(_) | Self::Usage(_) => 2,
            Self::Refused(_) | Self::Broken(_) => 1,
        }
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Broken(fault) => Self::Broken(fault),
            // The detail is for whoever can fix it, and at the command line that is the reader.
            Failure::Refused(refusal) => Self::Refused(match refusal.detail {
                Some(detail) => format!("{}: {detail}", refusal.description),
                None => refusal.description.to_owned(),
            }),
        }
    }
}
