//! Connections, attachments and domains as entries of a realm file.

use gantry_core::clock::Timestamp;
use gantry_core::connection::{Attachment, Connection, ConnectionSettings};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::tenant_domain::{DomainProof, TenantDomain};
use gantry_identity::connections::AttachmentSettings;

use crate::document::{self, ProofAsked};

/// A connection as an entry; `owner` is an `org_id`. The end of its certificate is no end of its secret.
pub fn connection(connection: &Connection, owner: Option<String>, of_certificate: Option<Timestamp>) -> document::Connection {
    let told = connection.credential_expires_at.filter(|end| of_certificate != Some(*end));
    document::Connection {
        slug: connection.slug.clone(),
        name: connection.name.clone(),
        kind: connection.kind,
        owner,
        enabled: connection.disabled_at.is_none(),
        client_secret: None,
        client_secret_expires_at: told.map(Timestamp::to_rfc3339),
        private_key: None,
        certificate: None,
        settings: connection.settings.clone(),
    }
}

/// The connection that a new realm is made with.
pub(crate) fn password_connection() -> document::Connection {
    document::Connection {
        slug: "password".to_owned(),
        name: "Password".to_owned(),
        kind: ConnectorKind::Password,
        owner: None,
        enabled: true,
        client_secret: None,
        client_secret_expires_at: None,
        private_key: None,
        certificate: None,
        settings: ConnectionSettings::default(),
    }
}

/// A connection's place at a tenant as an entry.
pub fn attachment(slug: &str, attachment: &Attachment) -> document::Attachment {
    document::Attachment {
        connection: slug.to_owned(),
        join: attachment.join,
        default_role: attachment.default_role,
        roles: attachment.roles.clone(),
        directories: attachment.directories.clone(),
    }
}

/// An entry as the settings of a place.
pub fn attachment_settings(entry: &document::Attachment) -> AttachmentSettings {
    AttachmentSettings {
        join: entry.join,
        default_role: entry.default_role,
        roles: entry.roles.clone(),
        directories: entry.directories.clone(),
    }
}

/// A domain as an entry: what is only claimed has its proof before it.
pub fn domain(domain: &TenantDomain) -> document::Domain {
    let proof = match domain.proof {
        Some(DomainProof::Vouched) => ProofAsked::Vouched,
        Some(DomainProof::Dns) | None => ProofAsked::Dns,
    };
    document::Domain { domain: domain.domain.clone(), proof }
}
