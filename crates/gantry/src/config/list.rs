//! A setting that may be one value or several: a TOML array, or text with commas between.

use serde::{Deserialize, Deserializer};

/// The values, trimmed; empty ones dropped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct List(pub(super) Vec<String>);

impl<'de> Deserialize<'de> for List {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "text, or a list of texts")]
        enum Written {
            Many(Vec<String>),
            One(String),
        }
        let values = match Written::deserialize(deserializer)? {
            Written::Many(values) => values,
            Written::One(text) => text.split(',').map(str::to_owned).collect(),
        };
        Ok(Self(values.into_iter().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect()))
    }
}
