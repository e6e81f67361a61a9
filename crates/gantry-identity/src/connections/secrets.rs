//! What a connection proves itself with: how it is replaced, and when it is void.

use gantry_connect::credential::{Certificate, CredentialProblem, check_credential, credential_expiry};
use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::connection::{Connection, ConnectionSecrets, ConnectionSettings};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::ConnectionId;
use gantry_core::secret::Secret;
use gantry_store::RealmTx;
use serde_json::json;

use super::{invalid, no_connection, permit};
use crate::permission::{self, Action, TenantAction};
use crate::users::check_roles;

/// The longest client secret; providers give out a few dozen characters.
const LONGEST_SECRET: usize = 2048;

/// New secrets; what is left out is not changed.
#[derive(Debug, Clone, Default)]
pub struct GivenSecrets {
    /// The client secret.
    pub client_secret: Option<Secret>,
    /// A private key as PEM (PKCS#8).
    pub private_key: Option<Secret>,
    /// The certificate of that key as PEM.
    pub certificate: Option<String>,
}

impl GivenSecrets {
    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.client_secret.is_none() && self.private_key.is_none() && self.certificate.is_none()
    }

    /// What is wrong with their form, each with its field.
    pub fn check(&self, kind: ConnectorKind) -> Vec<(&'static str, &'static str)> {
        let mut wrong = Vec::new();
        if !kind.is_upstream() && !self.is_empty() {
            wrong.push(("client_secret", "must be left out: passwords need none"));
        }
        if self.client_secret.as_ref().is_some_and(|secret| !is_secret(secret.expose())) {
            wrong.push(("client_secret", "must be at most 2048 visible ASCII characters"));
        }
        let shown = ConnectionSecrets { client_secret: None, private_key: self.private_key.clone(), certificate: self.certificate.clone() };
        match check_credential(&shown) {
            // The key of a certificate that comes alone may be the one that is there already.
            Ok(()) | Err(CredentialProblem::NoKey) => {}
            Err(CredentialProblem::KeyForm | CredentialProblem::KeyKind) => wrong.push((
                "private_key",
                "must be PEM that begins with `-----BEGIN PRIVATE KEY-----` (PKCS#8): RSA with 2048 bits or more, P-256 or Ed25519",
            )),
            Err(CredentialProblem::CertificateForm) => {
                wrong.push(("certificate", "must be PEM that begins with `-----BEGIN CERTIFICATE-----`"));
            }
            Err(CredentialProblem::NotTogether) => wrong.push(("certificate", "must be that of the `private_key`")),
        }
        if kind == ConnectorKind::Apple && (self.client_secret.is_some() || self.certificate.is_some()) {
            wrong.push(("client_secret", "must be left out: Apple knows Gantry by its `private_key` alone"));
        }
        wrong
    }
}

/// What a connection proves itself with, as far as anybody may read it: that it is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    /// Whether there is a client secret.
    pub client_secret: bool,
    /// Whether there is a private key.
    pub private_key: bool,
    /// The certificate: its end, and the value by which the provider knows it.
    pub certificate: Option<(Timestamp, String)>,
}

/// Which secrets a connection has: for whoever may replace them.
pub async fn held(tx: &RealmTx, actor: Actor, id: ConnectionId) -> Result<Held, Failure> {
    let connection = tx.connections().find(id).await?.ok_or_else(no_connection)?;
    permit(actor, tx.realm_id(), connection.owner)?;
    let secrets = tx.connections().secrets(id).await?;
    let certificate = secrets.certificate.as_deref().and_then(|pem| Certificate::parse(pem).ok());
    Ok(Held {
        client_secret: secrets.client_secret.is_some(),
        private_key: secrets.private_key.is_some(),
        certificate: certificate.map(|certificate| (certificate.ends_at, certificate.thumbprint())),
    })
}

/// Gives a connection other secrets and leaves all else as it is: for a rotation.
pub async fn set_secrets(
    tx: &RealmTx,
    actor: Actor,
    id: ConnectionId,
    given: GivenSecrets,
    client_secret_expires_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<Connection, Failure> {
    let before = tx.connections().find(id).await?.ok_or_else(no_connection)?;
    permit(actor, tx.realm_id(), before.owner)?;
    let mut connection = before.clone();
    let secrets = replaced(&connection, tx.connections().secrets(id).await?, given)?;
    connection.credential_expires_at = expiry(&secrets, client_secret_expires_at);
    tx.connections().update(&connection).await?;
    tx.connections().set_secrets(id, &secrets).await?;
    let line = AuditEntry::new(tx.realm_id(), now, AuditEvent::Updated).by(actor).target(&id).of_tenant(connection.owner);
    tx.audit().insert(&line.detail(json!({ "secrets": "set" })).changes(&before, &connection)).await?;
    Ok(connection)
}

/// Whether a change of settings would send a stored secret elsewhere, or as somebody else (attack catalogue §0.17).
pub fn moves_secrets(before: &ConnectionSettings, after: &ConnectionSettings) -> bool {
    let audience = |settings: &ConnectionSettings| settings.microsoft.as_ref().map(|microsoft| microsoft.audience.clone());
    before.issuer != after.issuer
        || before.endpoints != after.endpoints
        || before.client_id != after.client_id
        || audience(before) != audience(after)
}

/// Whoever decides where a connection's word comes from can have it say that they are anybody who is linked there, or who
/// joins by it: nobody does so to somebody whose roles they could not give. A tenant's own connection makes nobody
/// greater than its tenant (see [`crate::roles`]).
pub(super) async fn check_reach(tx: &RealmTx, actor: Actor, before: &Connection, after: &ConnectionSettings) -> Result<(), Failure> {
    let told_by = |settings: &ConnectionSettings| (settings.claims.clone(), settings.google.clone());
    if !moves_secrets(&before.settings, after) && told_by(&before.settings) == told_by(after) {
        return Ok(());
    }
    let realm = tx.realm_id();
    if let Some(owner) = before.owner {
        return Ok(permission::check_tenant(actor, TenantAction::ManageMembers, realm, owner)?);
    }
    if tx.attachments().count_of_connection(before.id).await? > 0 {
        permission::check(actor, Action::ManageTenants, realm)?;
    }
    for user in tx.users().list_with_roles_at(before.id).await? {
        check_roles(tx, actor, &user.roles, &[]).await?;
    }
    Ok(())
}

/// What was kept, with what is new in its place. A key that comes alone is not the one of the certificate that was there.
pub(super) fn replaced(connection: &Connection, kept: ConnectionSecrets, given: GivenSecrets) -> Result<ConnectionSecrets, Refusal> {
    if let Some((field, problem)) = given.check(connection.kind).first() {
        return Err(invalid("A secret cannot be taken so").detail(format!("`{field}` {problem}")));
    }
    let certificate = if given.private_key.is_some() { given.certificate } else { given.certificate.or(kept.certificate) };
    let secrets = ConnectionSecrets {
        client_secret: given.client_secret.or(kept.client_secret),
        private_key: given.private_key.or(kept.private_key),
        certificate,
    };
    check_credential(&secrets).map_err(|problem| invalid("A secret cannot be taken so").detail(problem.to_string()))?;
    Ok(secrets)
}

/// When what it proves itself with ends: the certificate says so itself, of a secret only the provider does. What
/// ends first counts.
pub(super) fn expiry(secrets: &ConnectionSecrets, told: Option<Timestamp>) -> Option<Timestamp> {
    [credential_expiry(secrets), told].into_iter().flatten().min()
}

fn is_secret(text: &str) -> bool {
    (1..=LONGEST_SECRET).contains(&text.len()) && text.bytes().all(|byte| (0x20..=0x7e).contains(&byte))
}
