//! Domains of tenants: what may be claimed, and how one is claimed, vouched for and given back.
//!
//! A domain counts for nothing until it is proved, and proved it is one tenant's in the realm. One text stands
//! for one domain: what a person types, what a hint says and what an address ends in go through one parser
//! (attack catalogue FED-20, FED-21). Proving or losing a domain changes no identity and no membership. How the
//! proof is looked for is in [`check`].

pub mod check;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gantry_core::actor::Actor;
use gantry_core::audit::{AuditEntry, AuditEvent};
use gantry_core::clock::Timestamp;
use gantry_core::email_address::EmailAddress;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::id::{DomainId, TenantId};
use gantry_core::secret::random_bytes;
use gantry_core::tenant_domain::{DomainProof, PROOF_NAME, TenantDomain};
use gantry_store::RealmTx;
use serde_json::json;

use crate::permission::{self, Action, TenantAction};
use crate::tenants::no_tenant;

/// Domains whose addresses anybody can have: nobody's organization. The best-known ones; no admin can vouch
/// for one of them either.
const PUBLIC_MAIL: &[&str] = &[
    "126.com",
    "163.com",
    "aol.com",
    "fastmail.com",
    "free.fr",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.de",
    "hotmail.fr",
    "icloud.com",
    "laposte.net",
    "libero.it",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "naver.com",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "rediffmail.com",
    "seznam.cz",
    "t-online.de",
    "tutanota.com",
    "wanadoo.fr",
    "web.de",
    "wp.pl",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.de",
    "yandex.ru",
    "ymail.com",
    "zoho.com",
];

/// The most domains of one tenant.
const MAX_DOMAINS: usize = 100;
/// What every challenge begins with, so that whoever finds the record knows what it is for.
const CHALLENGE: &str = "gantry-domain=";
/// When the proof of a new claim is looked for by itself.
const FIRST_LOOK: Duration = Duration::from_hours(1);

/// Why a text is no domain that a tenant can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDomain {
    /// It is not a domain's name.
    #[error("is not a domain such as `example.com`; letters outside of ASCII are written as `xn--…`")]
    Malformed,
    /// Everybody can have an address there.
    #[error("gives addresses to everybody, so it can be no organization's own")]
    PublicMail,
}

/// The canonical form of a domain: ASCII, lower case, at least two labels, no trailing dot.
pub fn parse(text: &str) -> Result<String, InvalidDomain> {
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'));
    let address = plain.then(|| EmailAddress::parse(&format!("x@{text}")).ok()).flatten().ok_or(InvalidDomain::Malformed)?;
    let domain = address.domain();
    if PUBLIC_MAIL.contains(&domain) { Err(InvalidDomain::PublicMail) } else { Ok(domain.to_owned()) }
}

/// The name of the TXT record that proves a domain.
pub fn record_name(domain: &str) -> String {
    format!("{PROOF_NAME}.{domain}")
}

/// Says that a domain is a tenant's. Tells nothing of whether it is another tenant's.
pub async fn claim(tx: &RealmTx, actor: Actor, tenant: TenantId, domain: &str, now: Timestamp) -> Result<TenantDomain, Failure> {
    permission::check_tenant(actor, TenantAction::ManageDomains, tx.realm_id(), tenant)?;
    let domain = checked(domain)?;
    tx.tenants().find(tenant).await?.ok_or_else(no_tenant)?;
    if tx.tenant_domains().list(tenant).await?.len() >= MAX_DOMAINS {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "An organization can claim 100 domains").into());
    }
    let claimed = TenantDomain {
        id: DomainId::new(),
        realm_id: tx.realm_id(),
        tenant_id: tenant,
        domain,
        challenge: format!("{CHALLENGE}{}", URL_SAFE_NO_PAD.encode(random_bytes::<24>())),
        proof: None,
        proved_at: None,
        checked_at: None,
        failing_since: None,
        check_at: Some(now.plus(FIRST_LOOK)),
        created_at: now,
    };
    if !tx.tenant_domains().insert(&claimed).await? {
        let known = Refusal::new(ErrorCode::Conflict, "The organization has claimed the domain already");
        return Err(known.field("domain", "is claimed already").detail(claimed.domain).into());
    }
    note(tx, actor, AuditEvent::Created, (None, Some(&claimed)), now).await?;
    Ok(claimed)
}

/// Takes an admin's word for a domain, in place of the proof.
pub async fn vouch(tx: &RealmTx, actor: Actor, id: DomainId, now: Timestamp) -> Result<TenantDomain, Failure> {
    permission::check(actor, Action::VouchForDomain, tx.realm_id())?;
    let before = tx.tenant_domains().find(id).await?.ok_or_else(no_domain)?;
    // What was claimed before the list knew it is no better for that.
    checked(&before.domain)?;
    let vouched = TenantDomain {
        proof: Some(DomainProof::Vouched),
        proved_at: before.proved_at.or(Some(now)),
        failing_since: None,
        check_at: None,
        ..before.clone()
    };
    if !tx.tenant_domains().update(&vouched).await? {
        return Err(taken(&vouched.domain));
    }
    note(tx, actor, AuditEvent::DomainProved, (Some(&before), Some(&vouched)), now).await?;
    Ok(vouched)
}

/// Gives a domain back: from now on it leads nobody anywhere. Who has joined by it stays.
pub async fn remove(tx: &RealmTx, actor: Actor, id: DomainId, now: Timestamp) -> Result<(), Failure> {
    let before = owned(tx, actor, TenantAction::ManageDomains, id).await?;
    tx.tenant_domains().remove(id, before.tenant_id).await?;
    note(tx, actor, AuditEvent::Removed, (Some(&before), None), now).await
}

/// The domains of a tenant, by name.
pub async fn list(tx: &RealmTx, actor: Actor, tenant: TenantId) -> Result<Vec<TenantDomain>, Failure> {
    permission::check_tenant(actor, TenantAction::Read, tx.realm_id(), tenant)?;
    Ok(tx.tenant_domains().list(tenant).await?)
}

/// The domain with this key.
pub async fn find(tx: &RealmTx, actor: Actor, id: DomainId) -> Result<TenantDomain, Failure> {
    owned(tx, actor, TenantAction::Read, id).await
}

/// The domain, if the actor may do this with it. To a tenant's admin another's looks like none at all (attack
/// catalogue §0.7).
async fn owned(tx: &RealmTx, actor: Actor, action: TenantAction, id: DomainId) -> Result<TenantDomain, Failure> {
    let theirs = |domain: &TenantDomain| actor.tenant().is_none_or(|own| own == domain.tenant_id);
    let domain = tx.tenant_domains().find(id).await?.filter(theirs).ok_or_else(no_domain)?;
    permission::check_tenant(actor, action, tx.realm_id(), domain.tenant_id)?;
    Ok(domain)
}

async fn note(
    tx: &RealmTx,
    actor: Actor,
    event: AuditEvent,
    (before, after): (Option<&TenantDomain>, Option<&TenantDomain>),
    now: Timestamp,
) -> Result<(), Failure> {
    let Some(domain) = after.or(before) else { return Ok(()) };
    let line = AuditEntry::new(tx.realm_id(), now, event).by(actor).target(&domain.id).tenant(domain.tenant_id);
    let detail = json!({ "domain": domain.domain, "tenant": domain.tenant_id, "proof": domain.proof.map(DomainProof::as_str) });
    Ok(tx.audit().insert(&line.detail(detail).changes(&before, &after)).await?)
}

fn checked(domain: &str) -> Result<String, Failure> {
    parse(domain).map_err(|why| {
        let text = match why {
            InvalidDomain::Malformed => "A domain is written as `example.com`, with `xn--` for letters outside of ASCII",
            InvalidDomain::PublicMail => "Everybody can have an address there, so it can be no organization's own",
        };
        Refusal::new(ErrorCode::InvalidRequest, text).field("domain", why.to_string()).detail(domain).into()
    })
}

fn no_domain() -> Failure {
    Refusal::new(ErrorCode::NotFound, "There is no such domain").into()
}

fn taken(domain: &str) -> Failure {
    Refusal::new(ErrorCode::Conflict, "The domain is proved for another organization").detail(domain).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fed_20_one_domain_has_one_text() {
        for spelling in ["corp.example", "Corp.Example", "CORP.EXAMPLE"] {
            assert_eq!(parse(spelling).unwrap(), "corp.example");
        }
        assert_eq!(parse("xn--bcher-kva.example").unwrap(), "xn--bcher-kva.example");
    }

    #[test]
    fn fed_21_tricks_are_no_domains() {
        let tricks = [
            "",
            "corp",
            ".corp.example",
            "corp.example.",
            "corp..example",
            "corp.example ",
            " corp.example",
            "-corp.example",
            "corp-.example",
            "corp.example:443",
            "https://corp.example",
            "a@corp.example",
            "corp.com@evil.com",
            "127.0.0.1",
            "[::1]",
            "*.corp.example",
            "corp.ex\u{e4}mple",
            "\u{ff43}orp.example",
            "corp\u{3002}example",
            "c\u{43e}rp.example",
            "corp.example\0",
            "corp_x.example",
            "corp.1",
        ];
        for trick in tricks {
            assert_eq!(parse(trick), Err(InvalidDomain::Malformed), "{trick:?}");
        }
        assert!(parse(&format!("{}.example", "x".repeat(64))).is_err());
    }

    #[test]
    fn what_everybody_has_is_nobodys() {
        for domain in ["gmail.com", "Outlook.com", "GMX.de"] {
            assert_eq!(parse(domain), Err(InvalidDomain::PublicMail), "{domain}");
        }
        assert!(PUBLIC_MAIL.is_sorted());
    }
}
