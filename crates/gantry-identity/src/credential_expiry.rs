//! Who is told before the secret or certificate of a connection ends, and when.
//!
//! Once for each threshold. The contacts that the connection names get a mail; nobody else's address is looked for.
//! Every end that comes near is in the audit trail and in the log, so that it is seen where there are no contacts.

use std::time::Duration;

use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::connection::Connection;
use gantry_core::email_address::EmailAddress;
use gantry_core::failure::Failure;
use gantry_core::outbox::{Mail, MailKind};
use gantry_store::Store;
use serde_json::json;

const DAY: Duration = Duration::from_hours(24);
/// How long before the end somebody is told, nearest first.
pub const THRESHOLDS: [Duration; 4] = [DAY, DAY.saturating_mul(7), DAY.saturating_mul(30), DAY.saturating_mul(60)];
/// The most contacts who get a mail.
const MAX_MAILS: usize = 20;

/// Tells of a connection whose credential ends within `ahead`. `false`: somebody was told of that already, or the
/// credential is another one now.
pub async fn tell(store: &Store, connection: &Connection, ahead: Duration, now: Timestamp) -> Result<bool, Failure> {
    let Some(end) = connection.credential_expires_at else { return Ok(false) };
    let days = u32::try_from(end.since(now).as_secs() / DAY.as_secs()).unwrap_or(u32::MAX);
    let snapshot = store.snapshots().realm(connection.realm_id).await?;
    let locale = snapshot.and_then(|snapshot| snapshot.realm.settings.authorization.default_locale.clone()).unwrap_or_default();
    let contacts: Vec<EmailAddress> =
        connection.settings.contacts.iter().filter_map(|text| EmailAddress::parse(text).ok()).take(MAX_MAILS).collect();
    let date = end.to_rfc3339().chars().take_while(|c| *c != 'T').collect::<String>();
    let kind = MailKind::CredentialExpires { connection: connection.name.clone(), date, days };
    let mut line = AuditEntry::new(connection.realm_id, now, AuditEvent::CredentialExpires).target(&connection.id);
    line = line.detail(json!({ "connection": connection.slug, "expires_at": end.to_rfc3339(), "contacts": contacts.len() }));
    let told = store
        .transact(connection.realm_id, async |tx| {
            if !tx.connections().warned(connection, end.minus(ahead), now).await? {
                return Ok(false);
            }
            for to in &contacts {
                tx.outbox().insert(&Mail { to: to.clone(), locale: locale.clone(), kind: kind.clone() }, now).await?;
            }
            tx.audit().insert(&line).await?;
            Ok(true)
        })
        .await?;
    if told {
        tracing::warn!(connection = connection.slug, days, contacts = contacts.len(), "the credential of a connection ends soon");
    }
    Ok(told)
}
