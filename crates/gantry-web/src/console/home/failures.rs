//! What fails most, with what to do about each reason in words.

use gantry_identity::figures::Series as Counts;
use gantry_views::console::{Empty, Panel, Row, Table, Text, Value, grouped, said, say};

use super::overview::ERRORS;
use crate::console::context::Console;
use crate::paths::console as at;

/// Reasons that are listed.
const MOST: usize = 8;

/// The list; none where nothing failed.
pub(super) fn panel(console: &Console, counts: &Counts) -> Option<Panel> {
    let reasons: Vec<(String, u64)> =
        counts.by_reason(ERRORS).into_iter().map(|(reason, counts)| (reason, counts.iter().sum())).take(MOST).collect();
    if reasons.is_empty() {
        return None;
    }
    let row = |(reason, count): &(String, u64)| {
        let cells = vec![Value::Two(name(reason), fix(reason)), Value::said(grouped(*count))];
        // The trail's page is the realm's; a tenant's admins have their own.
        let path = if console.tenant.is_some() { at::TENANT_AUDIT } else { at::AUDIT };
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("reason", reason).finish();
        let href = (!reason.is_empty()).then(|| format!("{}?{query}", console.path(path, &[])));
        Row { id: reason.clone(), href, cells, acts: Vec::new() }
    };
    // A list with rows never shows this.
    let empty = Empty { icon: "circle-check", title: say("home-failures"), text: say("home-failures-text"), action: None };
    let mut table = Table::new("failures", vec![say("home-failure"), say("home-failure-count")], empty);
    table.title = Some(say("home-failures"));
    table.lead = Some(say("home-failures-text"));
    table.rows = reasons.iter().map(row).collect();
    Some(table.into())
}

/// A reason in words; by its own name where there are none.
pub(super) fn name(reason: &str) -> Text {
    known(reason).map_or_else(|| if reason.is_empty() { say("home-reason-none") } else { said(reason.replace('_', " ")) }, |(name, _)| name)
}

fn fix(reason: &str) -> Text {
    known(reason).map_or_else(|| say("home-mend-other"), |(_, fix)| fix)
}

fn known(reason: &str) -> Option<(Text, Text)> {
    Some(match reason {
        "unknown_account" => (say("home-reason-unknown-account"), say("home-mend-unknown-account")),
        "wrong_password" => (say("home-reason-wrong-password"), say("home-mend-wrong-password")),
        "disabled" | "account_disabled" => (say("home-reason-disabled"), say("home-mend-disabled")),
        "invalid_client" => (say("home-reason-invalid-client"), say("home-mend-invalid-client")),
        "invalid_grant" => (say("home-reason-invalid-grant"), say("home-mend-invalid-grant")),
        "invalid_request" => (say("home-reason-invalid-request"), say("home-mend-invalid-request")),
        "invalid_scope" => (say("home-reason-invalid-scope"), say("home-mend-invalid-scope")),
        "invalid_target" => (say("home-reason-invalid-target"), say("home-mend-invalid-target")),
        "unauthorized_client" => (say("home-reason-unauthorized-client"), say("home-mend-unauthorized-client")),
        "access_denied" => (say("home-reason-access-denied"), say("home-mend-access-denied")),
        _ => return by_provider(reason),
    })
}

/// What goes wrong on the way by somebody else's sign-in.
fn by_provider(reason: &str) -> Option<(Text, Text)> {
    Some(match reason {
        "client_rejected" => (say("home-reason-client-rejected"), say("home-mend-client-rejected")),
        "admin_consent_needed" => (say("home-reason-admin-consent"), say("home-mend-admin-consent")),
        "denied_upstream" => (say("home-reason-denied-upstream"), say("home-mend-denied-upstream")),
        "unreachable" => (say("home-reason-unreachable"), say("home-mend-unreachable")),
        "directory_not_allowed" => (say("home-reason-directory"), say("home-mend-directory")),
        "unknown_person" => (say("home-reason-unknown-person"), say("home-mend-unknown-person")),
        "address_taken" => (say("home-reason-address-taken"), say("home-mend-address-taken")),
        "not_for_tenant" => (say("home-reason-not-for-tenant"), say("home-mend-not-for-tenant")),
        _ => return None,
    })
}
