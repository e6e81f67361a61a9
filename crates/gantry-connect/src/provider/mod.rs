//! The engines and the vendors: one file for each way in which a conversation with a provider goes.

pub(crate) mod apple;
pub(crate) mod github;
pub(crate) mod google;
pub mod microsoft;
pub(crate) mod oauth2;
pub(crate) mod oidc;

use gantry_core::connector_kind::ConnectorKind;

use crate::connector::Failed;

/// What a vendor's refusal means, where the vendor says more than the protocol's error code does.
pub(crate) fn explain(kind: ConnectorKind, error: &str, description: Option<&str>) -> Option<Failed> {
    let (problem, detail) = if kind == ConnectorKind::Microsoft {
        microsoft::explain(error, description)?
    } else if kind == ConnectorKind::Github {
        github::explain(error)?
    } else {
        return None;
    };
    Some(Failed::new(problem, detail))
}
