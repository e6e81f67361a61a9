//! The audit trail as a file: CSV for people with a spreadsheet, JSON lines for programs.

use gantry_core::audit::AuditEntry;
use serde_json::json;

/// The first row of a CSV file.
pub const CSV_HEADER: &str =
    "\"id\",\"at\",\"event\",\"actor\",\"person\",\"tenant\",\"client\",\"target\",\"reason\",\"ip\",\"request_id\",\"detail\"\r\n";

/// A line as a row of a CSV file (RFC 4180), every field quoted.
pub fn csv_row(entry: &AuditEntry) -> String {
    let text = |value: Option<String>| value.unwrap_or_default();
    let fields = [
        entry.id.to_string(),
        entry.at.to_rfc3339(),
        entry.event.to_string(),
        entry.actor.clone(),
        text(entry.user_id.map(|id| id.to_string())),
        text(entry.tenant_id.map(|id| id.to_string())),
        text(entry.client_id.map(|id| id.to_string())),
        text(entry.target.clone()),
        text(entry.reason.clone()),
        text(entry.ip.clone()),
        text(entry.request_id.clone()),
        text(entry.detail.as_ref().map(ToString::to_string)),
    ];
    let mut row = fields.iter().map(|field| csv_field(field)).collect::<Vec<_>>().join(",");
    row.push_str("\r\n");
    row
}

/// A field that no spreadsheet takes for a formula: what begins like one, in full width as well, is put behind an
/// apostrophe, as OWASP says of CSV injection.
fn csv_field(text: &str) -> String {
    let guard =
        if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

/// A line as JSON, with its line feed.
pub fn json_line(entry: &AuditEntry) -> String {
    let mut line = json!({
        "id": entry.id,
        "at": entry.at.to_rfc3339(),
        "event": entry.event,
        "actor": entry.actor,
        "person": entry.user_id,
        "tenant": entry.tenant_id,
        "client": entry.client_id,
        "target": entry.target,
        "reason": entry.reason,
        "ip": entry.ip,
        "request_id": entry.request_id,
        "detail": entry.detail,
    });
    if let Some(fields) = line.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    format!("{line}\n")
}

#[cfg(test)]
mod tests {
    use gantry_core::audit::AuditEvent;
    use gantry_core::clock::Timestamp;
    use gantry_core::id::RealmId;

    use super::*;

    #[test]
    fn no_field_is_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\u{ff1d}1"] {
            assert!(csv_field(formula).starts_with("\"'"), "{formula:?}");
        }
        assert_eq!(csv_field("say \"=1\", twice\r\n"), "\"say \"\"=1\"\", twice\r\n\"");
    }

    #[test]
    fn both_forms_tell_the_same() {
        let entry = AuditEntry::new(RealmId::new(), Timestamp::from_millis(0), AuditEvent::TokenRefused)
            .reason("=cmd|' /C calc'!A0")
            .detail(json!({ "why": "a \"quoted\" word" }));
        let row = csv_row(&entry);
        assert_eq!(row.matches("\",\"").count(), CSV_HEADER.matches("\",\"").count());
        assert!(row.contains("\"'=cmd|' /C calc'!A0\"") && row.contains(r#""{""why"":""a \""quoted\"" word""}""#), "{row}");
        let line: serde_json::Value = serde_json::from_str(&json_line(&entry)).unwrap();
        assert_eq!((line["reason"].as_str(), line.get("ip")), (Some("=cmd|' /C calc'!A0"), None));
    }
}
