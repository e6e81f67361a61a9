//! One act upon the members or the invitations that were ticked in a list: asked once more, then done to all.

use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::invitation::Invitation;
use gantry_core::tenant::TenantRole;
use gantry_identity::invitations::several::{self as invitations, Chosen};
use gantry_identity::members::Member;
use gantry_identity::members::several::{self as members, Act};
use gantry_views::console::{Form, Text, Value, said, say};

use super::super::bulk::{Ticked, things};
use super::super::context::{Answer, Console};
use super::super::form::ConsoleForm;
use super::invitations as one_invitation;
use super::members as one_member;
use crate::paths::console as at;

/// What can be done to several members, as the bar of their list offers it.
pub(super) fn of_members() -> Vec<(&'static str, Text, bool)> {
    vec![
        ("member", say("tenants-bulk-member"), false),
        ("admin", say("tenants-bulk-admin"), false),
        ("remove", say("tenants-bulk-remove"), true),
    ]
}

/// What can be done to several invitations.
pub(super) fn of_invitations() -> Vec<(&'static str, Text, bool)> {
    vec![("resend", say("tenants-bulk-resend"), false), ("revoke", say("tenants-bulk-revoke"), true)]
}

/// Asks whether it shall be done to these members, and does it. What gives and takes rights wants a fresh sign-in, as for one.
pub(super) async fn members(console: Console, sent: ConsoleForm) -> Answer {
    let ticked = Ticked::of(&console, sent, at::TENANT_MEMBERS);
    console.fresh(&ticked.list)?;
    let (act, title, lead, done) = match ticked.act() {
        "member" => {
            let texts = (say("tenants-bulk-member-title"), say("tenants-bulk-member-lead"));
            (Act::Role(TenantRole::Member), texts.0, texts.1, "tenants-bulk-roles")
        }
        "admin" => {
            let texts = (say("tenants-bulk-admin-title"), say("tenants-bulk-admin-lead"));
            (Act::Role(TenantRole::TenantAdmin), texts.0, texts.1, "tenants-bulk-roles")
        }
        "remove" => (Act::Remove, say("tenants-bulk-remove-title"), say("tenants-remove-member-lead"), "tenants-bulk-removed"),
        _ => return Err(nothing_here().into()),
    };
    let (tenant, actor, now) = (console.tenant()?.id, console.actor, console.now()?);
    let found = match members::find_several(&console.read()?, actor, tenant, ticked.ids()?).await {
        Ok(found) => found,
        Err(failure) => return ticked.refused(&console, say("tenants-members"), failure),
    };
    if ticked.sure() {
        let ids = ticked.ids()?;
        return match console.transact_whole(async |tx| members::carry_out(tx, actor, tenant, ids, act, now).await).await {
            Ok(_) => console.done(ticked.list, done),
            Err(failure) => ticked.refused(&console, say("tenants-members"), failure),
        };
    }
    let row = |member: &Member| {
        let name = Value::Two(said(member.user.display_name()), said(member.user.email.as_str()));
        (member.user.id.to_string(), vec![name, one_member::badge(member.membership.role)])
    };
    let table = things(vec![say("tenants-person"), say("tenants-role")], found.iter().map(row));
    let title = title.with("count", count(found.len()));
    let form = Form { danger: act == Act::Remove, ..ticked.form(&console, title.clone()) };
    console.show(ticked.sheet((title, lead), say("tenants-members"), table).panel(form))
}

/// Asks whether these invitations shall be sent again, or taken back, and does it.
pub(super) async fn invitations(console: Console, sent: ConsoleForm) -> Answer {
    let tenant = console.tenant.as_ref().map(|tenant| tenant.id);
    let (list, above) =
        if tenant.is_some() { (at::TENANT_MEMBERS, say("tenants-members")) } else { (at::INVITATIONS, say("tenants-invitations-realm")) };
    let ticked = Ticked::of(&console, sent, list);
    let resends = match ticked.act() {
        "resend" => true,
        "revoke" => false,
        _ => return Err(nothing_here().into()),
    };
    if resends {
        console.fresh(&ticked.list)?;
    }
    let (chosen, actor, now) = (Chosen { tenant, ids: ticked.ids()? }, console.actor, console.now()?);
    let found = match invitations::find_several(&console.read()?, actor, chosen.clone()).await {
        Ok(found) => found,
        Err(failure) => return ticked.refused(&console, above, failure),
    };
    if ticked.sure() {
        let link = one_invitation::link_to(&console);
        let done = console
            .transact_whole(async |tx| {
                if resends {
                    invitations::resend_several(tx, actor, chosen, &link, now).await
                } else {
                    invitations::revoke_several(tx, actor, chosen, now).await
                }
            })
            .await;
        return match done {
            Ok(_) => console.done(ticked.list, if resends { "tenants-bulk-resent" } else { "tenants-bulk-revoked" }),
            Err(failure) => ticked.refused(&console, above, failure),
        };
    }
    let row = |invitation: &Invitation| {
        let cells = vec![Value::said(invitation.email.as_str()), one_invitation::state(invitation.state(now))];
        (invitation.id.to_string(), cells)
    };
    let table = things(vec![say("tenants-address"), say("tenants-state")], found.iter().map(row));
    let (title, lead) = if resends {
        (say("tenants-bulk-resend-title"), say("tenants-bulk-resend-lead"))
    } else {
        (say("tenants-bulk-revoke-title"), say("tenants-bulk-revoke-lead"))
    };
    let title = title.with("count", count(found.len()));
    let form = Form { danger: !resends, ..ticked.form(&console, title.clone()) };
    console.show(ticked.sheet((title, lead), above, table).panel(form))
}

const fn nothing_here() -> Refusal {
    Refusal::new(ErrorCode::InvalidRequest, "the form asks for nothing that is done here")
}

fn count(things: usize) -> u64 {
    u64::try_from(things).unwrap_or(u64::MAX)
}
