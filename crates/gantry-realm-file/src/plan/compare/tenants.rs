//! Tenants, who belongs to them, and their domains.

use gantry_core::tenant_domain::TenantDomain;
use gantry_identity::members::MemberSettings;

use super::{Changes, differences};
use crate::current::{Current, Place};
use crate::document::{self, ProofAsked};
use crate::entry;
use crate::plan::{DomainChange, FieldChange, Item, Kind, MemberChange};
use crate::wanted::Wanted;

impl Changes {
    pub(super) fn tenants(&mut self, current: &Current, wanted: &Wanted, prune: bool) {
        for after in wanted.document.tenants.iter().flatten() {
            let known = current.tenants.get(&after.org_id);
            let (members, mut lines) = member_changes(known.map_or(&[], |known| &known.places), after, prune);
            let (domains, of_domains) = domain_changes(known.map_or(&[], |known| &known.domains), after, prune);
            lines.extend(of_domains);
            let fields = known.map(|known| {
                let bare = document::Tenant { domains: None, connections: None, members: None, ..after.clone() };
                let mut fields = differences(&entry::bare_tenant(&known.tenant), &bare);
                fields.extend(lines);
                fields
            });
            self.put(Kind::Tenant, &after.org_id, fields, Item::Tenant { tenant: Box::new(after.clone()), members, domains });
        }
    }
}

/// Who joins, changes and, where the file is the whole truth, leaves. Whom a connection made a member, the file only
/// knows if it names them: then they are so by its word.
fn member_changes(places: &[Place], after: &document::Tenant, prune: bool) -> (Vec<MemberChange>, Vec<FieldChange>) {
    let mut changes = Vec::new();
    let mut lines = Vec::new();
    let Some(members) = &after.members else { return (changes, lines) };
    let mut line = |from, to| lines.push(FieldChange { field: "members".to_owned(), from, to });
    for member in members {
        let before = places.iter().find(|place| place.email == member.user);
        let wanted = MemberSettings { role: member.role, break_glass: member.break_glass };
        let same = |place: &Place| !place.joined && place.role == wanted.role && place.break_glass == wanted.break_glass;
        if !before.is_some_and(same) {
            changes.push(MemberChange { email: member.user.clone(), place: Some(wanted) });
            line(before.map(place_text), Some(text(&member.user, wanted, false)));
        }
    }
    let left_out = |place: &&Place| prune && !place.joined && !members.iter().any(|member| member.user == place.email);
    for place in places.iter().filter(left_out) {
        changes.push(MemberChange { email: place.email.clone(), place: None });
        line(Some(place_text(place)), None);
    }
    (changes, lines)
}

fn place_text(place: &Place) -> String {
    text(&place.email, MemberSettings { role: place.role, break_glass: place.break_glass }, place.joined)
}

fn text(email: &str, place: MemberSettings, joined: bool) -> String {
    let glass = if place.break_glass { ", break glass" } else { "" };
    let by = if joined { ", by signing in" } else { "" };
    format!("{email} ({}{glass}{by})", place.role)
}

/// Which domains come, change their proof and, where the file is the whole truth, go.
fn domain_changes(known: &[TenantDomain], after: &document::Tenant, prune: bool) -> (Vec<DomainChange>, Vec<FieldChange>) {
    let mut changes = Vec::new();
    let mut lines = Vec::new();
    let Some(domains) = &after.domains else { return (changes, lines) };
    let mut line = |from, to| lines.push(FieldChange { field: "domains".to_owned(), from, to });
    let text = |entry: &document::Domain| {
        let proof = match entry.proof {
            ProofAsked::Dns => "dns",
            ProofAsked::Vouched => "vouched",
        };
        format!("{} ({proof})", entry.domain)
    };
    for entry in domains {
        let before = known.iter().find(|known| known.domain == entry.domain);
        let as_entry = before.map(entry::domain);
        if as_entry.as_ref() == Some(entry) {
            continue;
        }
        match (entry.proof, before) {
            (ProofAsked::Vouched, _) => changes.push(DomainChange::Vouch(entry.domain.clone())),
            // What nobody vouches for any more has to be proved from the beginning.
            (ProofAsked::Dns, Some(before)) => {
                changes.push(DomainChange::Remove(before.id));
                changes.push(DomainChange::Claim(entry.domain.clone()));
            }
            (ProofAsked::Dns, None) => changes.push(DomainChange::Claim(entry.domain.clone())),
        }
        line(as_entry.as_ref().map(text), Some(text(entry)));
    }
    let left_out = |known: &&TenantDomain| prune && !domains.iter().any(|entry| entry.domain == known.domain);
    for known in known.iter().filter(left_out) {
        changes.push(DomainChange::Remove(known.id));
        line(Some(text(&entry::domain(known))), None);
    }
    (changes, lines)
}
