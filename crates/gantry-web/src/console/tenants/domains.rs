//! A tenant's domains: claiming one, proving it, giving it back.

use gantry_connect::dns::TxtRecords;
use gantry_core::id::DomainId;
use gantry_core::tenant_domain::{DomainProof, TenantDomain};
use gantry_identity::domains::{self, check};
use gantry_realm_file::{document, entry};
use gantry_views::console::{Act, Code, Empty, Facts, Field, Form, Link, Row, Sheet, Table, Text, Tone, Value, said, say};
use gantry_views::moment::Moment;
use serde_json::json;

use super::super::context::{Answer, Console};
use super::super::form::{ConsoleForm, problems, wrong};
use super::code::{self, Call};
use super::summary;
use crate::paths::console as at;
use crate::respond::{PageFailure, data};

/// Who is asked for the records.
pub(crate) type Records = std::sync::Arc<dyn TxtRecords>;

pub(super) async fn list(console: Console) -> Answer {
    let sheet = overview(&console, claiming(&console, "")).await?;
    console.show(sheet)
}

pub(super) async fn claim(console: Console, sent: ConsoleForm) -> Answer {
    let typed = sent.line("domain").to_owned();
    let (tenant, actor, now) = (console.tenant()?.id, console.actor, console.now()?);
    match console.transact(async |tx| domains::claim(tx, actor, tenant, &typed, now).await).await {
        Ok(domain) => console.done(at_domain(&console, at::TENANT_DOMAIN, &domain), "domain-claimed"),
        Err(failure) => {
            let refusal = wrong(failure)?;
            let form = claiming(&console, sent.line("domain")).with_problems(Some(summary(&refusal)), &problems(&refusal));
            console.show_wrong(overview(&console, form).await?)
        }
    }
}

pub(super) async fn show(console: Console) -> Answer {
    let domain = named(&console).await?;
    console.show(page(&console, &domain)?)
}

pub(super) async fn verify(console: Console, _sent: ConsoleForm) -> Answer {
    let domain = named(&console).await?;
    let (dns, now) = (data::<Records>(console.request())?, console.now()?);
    let looked = check::verify(console.store()?, &****dns, console.actor, (&console.realm.realm, domain.id), now).await;
    let did = match looked {
        Ok((_, check::Verdict::Proved | check::Verdict::Stands)) => "domain-proved",
        Ok((_, check::Verdict::NotYet | check::Verdict::Failing | check::Verdict::Lost)) => "domain-not-proved",
        Err(failure) => {
            wrong(failure)?;
            "domain-not-proved"
        }
    };
    console.done(at_domain(&console, at::TENANT_DOMAIN, &domain), did)
}

pub(super) async fn vouch(console: Console, _sent: ConsoleForm) -> Answer {
    let domain = named(&console).await?;
    let (actor, now) = (console.actor, console.now()?);
    match console.transact(async |tx| domains::vouch(tx, actor, domain.id, now).await).await {
        Ok(_) => console.done(at_domain(&console, at::TENANT_DOMAIN, &domain), "domain-proved"),
        Err(failure) => {
            let problem = summary(&wrong(failure)?);
            let form = Form::new("vouch", at_domain(&console, at::TENANT_DOMAIN_VOUCH, &domain), say("tenants-domain-vouch"));
            console.show_wrong(page(&console, &domain)?.panel(form.with_problems(Some(problem), &[])))
        }
    }
}

pub(super) async fn ask(console: Console) -> Answer {
    let domain = named(&console).await?;
    console.show(page(&console, &domain)?.panel(removal(&console, &domain)))
}

pub(super) async fn remove(console: Console, sent: ConsoleForm) -> Answer {
    let domain = named(&console).await?;
    if !sent.confirms(&domain.domain) {
        let form = removal(&console, &domain).with_problems(Some(say("tenants-unconfirmed")), &[]);
        return console.show_wrong(page(&console, &domain)?.panel(form));
    }
    let (actor, now) = (console.actor, console.now()?);
    console.transact(async |tx| domains::remove(tx, actor, domain.id, now).await).await?;
    console.done(console.path(at::TENANT_DOMAINS, &[]), "domain-removed")
}

/// The domain of the address, if it is this tenant's: of another it is like one that nobody claimed (attack catalogue TEN-02).
async fn named(console: &Console) -> Result<TenantDomain, PageFailure> {
    let id: DomainId = console.id("domain")?;
    let domain = domains::find(&console.read()?, console.actor, id).await?;
    if domain.tenant_id == console.tenant()?.id { Ok(domain) } else { Err(crate::extract::unknown_realm().into()) }
}

async fn overview(console: &Console, form: Form) -> Result<Sheet, PageFailure> {
    let tenant = console.tenant()?;
    let now = console.now()?;
    let listed = domains::list(&console.read()?, console.actor, tenant.id).await?;
    let row = |domain: &TenantDomain| {
        let checked = domain.checked_at.map_or(Value::Nothing, |at| Value::Moment(Moment::seen(at, now)));
        let cells = vec![Value::said(&domain.domain), state(domain), checked];
        Row::to(domain.id.to_string(), at_domain(console, at::TENANT_DOMAIN, domain), cells)
    };
    let empty = Empty { icon: "globe", title: say("tenants-domains-empty"), text: say("tenants-domains-empty-text"), action: None };
    let mut table = Table::new("domains", vec![say("tenants-domain"), say("tenants-state"), say("tenants-checked")], empty);
    table.rows = listed.iter().map(row).collect();
    let mut sheet = super::sheet(console, tenant, say("tenants-domains")).lead(say("tenants-domains-lead")).panel(table).panel(form);
    let shown = |entry: &mut document::Tenant| entry.domains = Some(listed.iter().map(entry::domain).collect());
    let call = Call::Send("POST", "/domains", json!({ "domain": "example.com", "proof": "dns" }));
    sheet.as_code = code::of(console, tenant, shown, &call)?;
    Ok(sheet)
}

fn claiming(console: &Console, typed: &str) -> Form {
    Form::new("claim", console.path(at::TENANT_DOMAINS, &[]), say("tenants-domain-claim"))
        .title(say("tenants-domain-claim"))
        .field(Field::line("domain", say("tenants-domain"), typed).hint(say("tenants-domain-hint")).required())
}

fn page(console: &Console, domain: &TenantDomain) -> Result<Sheet, PageFailure> {
    let mut facts = Facts::new("domain").fact(say("tenants-state"), state(domain));
    let act = |text: Text, path| Act::new(text, at_domain(console, path, domain));
    facts.acts.push(act(say("tenants-domain-verify"), at::TENANT_DOMAIN_VERIFY));
    if console.actor.tenant().is_none() && domain.proof != Some(DomainProof::Vouched) {
        facts.acts.push(act(say("tenants-domain-vouch"), at::TENANT_DOMAIN_VOUCH));
    }
    facts.actions.push(Link::to(say("tenants-domain-remove"), at_domain(console, at::TENANT_DOMAIN_REMOVE, domain)));
    let crumb = Link::to(say("tenants-domains"), console.path(at::TENANT_DOMAINS, &[]));
    let name = Code {
        id: "record",
        title: Some(say("tenants-domain-record")),
        lead: Some(say("tenants-domain-record-lead")),
        text: domains::record_name(&domain.domain),
    };
    let value = Code { id: "value", title: Some(say("tenants-domain-value")), lead: None, text: domain.challenge.clone() };
    let tenant = console.tenant()?;
    let mut sheet = super::sheet(console, tenant, said(&domain.domain)).crumb(crumb).panel(facts).panel(name).panel(value);
    let shown = |entry: &mut document::Tenant| entry.domains = Some(vec![entry::domain(domain)]);
    sheet.as_code = code::of(console, tenant, shown, &Call::Get(&format!("/domains/{}", domain.id)))?;
    Ok(sheet)
}

fn removal(console: &Console, domain: &TenantDomain) -> Form {
    Form::new("remove", at_domain(console, at::TENANT_DOMAIN_REMOVE, domain), say("tenants-domain-remove"))
        .lead(say("tenants-domain-remove-lead"))
        .danger(Some(domain.domain.clone()))
}

fn at_domain(console: &Console, pattern: &str, domain: &TenantDomain) -> String {
    console.path(pattern, &[("domain", &domain.id.to_string())])
}

const fn state(domain: &TenantDomain) -> Value {
    match (domain.proof, domain.failing_since) {
        (Some(_), Some(_)) => Value::badge("tenants-domain-failing", Tone::Warn),
        (Some(DomainProof::Dns), None) => Value::badge("tenants-domain-proved", Tone::Good),
        (Some(DomainProof::Vouched), None) => Value::badge("tenants-domain-vouched", Tone::Good),
        (None, _) => Value::badge("tenants-domain-waiting", Tone::Plain),
    }
}
