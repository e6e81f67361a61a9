//! Connections, attachments and domains as entries of a realm file.

use gantry_connect::credential::credential_expiry;
use gantry_core::clock::Timestamp;
use gantry_core::connection::{Attachment, Connection, ConnectionSecrets, ConnectionSettings};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::tenant_domain::{DomainProof, TenantDomain};
use gantry_identity::connections::AttachmentSettings;

use crate::document::{self, ProofAsked};

/// A connection as an entry. The end of its certificate is no end of its secret.
pub(crate) fn connection(connection: &Connection, owner: Option<String>, secrets: &ConnectionSecrets) -> document::Connection {
    let told = connection.credential_expires_at.filter(|end| credential_expiry(secrets) != Some(*end));
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

pub(crate) fn attachment(slug: &str, attachment: &Attachment) -> document::Attachment {
    document::Attachment {
        connection: slug.to_owned(),
        join: attachment.join,
        default_role: attachment.default_role,
        roles: attachment.roles.clone(),
        directories: attachment.directories.clone(),
    }
}

pub(crate) fn attachment_settings(entry: &document::Attachment) -> AttachmentSettings {
    AttachmentSettings {
        join: entry.join,
        default_role: entry.default_role,
        roles: entry.roles.clone(),
        directories: entry.directories.clone(),
    }
}

/// A domain as an entry: what is only claimed has its proof before it.
pub(crate) fn domain(domain: &TenantDomain) -> document::Domain {
    let proof = match domain.proof {
        Some(DomainProof::Vouched) => ProofAsked::Vouched,
        Some(DomainProof::Dns) | None => ProofAsked::Dns,
    };
    document::Domain { domain: domain.domain.clone(), proof }
}
