//! The parts of the checks, in the order in which they run: what is quick and often wrong first.

use clap::ValueEnum;

use super::context::Context;
use super::{browser, compose, guests, rust, supply_chain};
use crate::trouble::Trouble;

/// One part.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Part {
    /// The sources are formatted.
    Format,
    /// Clippy over all targets, warnings as errors.
    Lints,
    /// The documentation builds without a warning.
    Docs,
    /// Unit tests and the suite on SQLite and the in-process cache.
    Sqlite,
    /// The suite and the store's tests on Postgres and Redis.
    Postgres,
    /// The flows that a person walks, in a real browser.
    Browser,
    /// The samples of four platforms' guides, as a reader pastes them.
    Seeds,
    /// Client libraries from `npm` and `PyPI`, unmodified.
    Interop,
    /// Licences, banned crates, sources, advisories.
    SupplyChain,
    /// The container files name what exists, and their settings start a server.
    Compose,
}

impl Part {
    /// All parts, in order.
    pub(crate) const ALL: &[Self] = &[
        Self::Format,
        Self::Lints,
        Self::Docs,
        Self::Sqlite,
        Self::Postgres,
        Self::Browser,
        Self::Seeds,
        Self::Interop,
        Self::SupplyChain,
        Self::Compose,
    ];

    /// The name on the command line and in log files.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Lints => "lints",
            Self::Docs => "docs",
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Browser => "browser",
            Self::Seeds => "seeds",
            Self::Interop => "interop",
            Self::SupplyChain => "supply-chain",
            Self::Compose => "compose",
        }
    }

    /// Runs the part; what it returns goes beside its verdict in the table.
    pub(super) fn run(self, context: &Context<'_>) -> Result<String, Trouble> {
        match self {
            Self::Format => rust::format(context),
            Self::Lints => rust::lints(context),
            Self::Docs => rust::docs(context),
            Self::Sqlite => rust::suite_on_sqlite(context),
            Self::Postgres => rust::suite_on_postgres(context),
            Self::Browser => browser::walk(context),
            Self::Seeds => guests::seeds(context),
            Self::Interop => guests::interop(context),
            Self::SupplyChain => supply_chain::check(context),
            Self::Compose => compose::check(context),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_names_every_part_as_the_command_line_does() {
        let listed: Vec<&str> = Part::ALL.iter().map(|part| part.name()).collect();
        let known: Vec<String> =
            Part::value_variants().iter().filter_map(|part| part.to_possible_value().map(|value| value.get_name().to_owned())).collect();
        assert_eq!(listed, known);
    }
}
