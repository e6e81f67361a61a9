//! The trace of a sign-in: every hop with its time, what was decided and why, and what to do.
//!
//! For admins and for a customer's IT. What the reader may not see never gets here.

use gantry_core::sign_in_trace::{HopKind, SignInProblem, TraceOutcome};
use serde::Serialize;
use serde_json::{Map, Value};

use super::Page;
use super::account::ShownOnce;
use crate::moment::{Day, Moment};

/// One trace.
#[derive(Debug, Clone, Serialize)]
pub struct Trace {
    /// The id that people quote.
    pub trace_id: String,
    /// How it went; has its words as `trace-outcome-<name>`.
    pub outcome: Said,
    /// Why it was refused; what to do about it is said as `trace-fix-<name>`.
    pub problem: Option<SignInProblem>,
    /// What the provider is called.
    pub provider: String,
    /// When it began.
    pub since: Moment,
    /// The last day on which it can be read.
    pub until: Day,
    /// What it is about.
    pub about: Vec<Fact>,
    /// What happened, in order.
    pub hops: Vec<HopLine>,
    /// Posts `csrf`: makes a link for somebody without an account here; `None` where the reader may not.
    pub share: Option<String>,
    /// The link that was just made.
    pub link: Option<SharedLink>,
}

/// A link that was just made, shown this once.
#[derive(Debug, Clone, Serialize)]
pub struct SharedLink {
    /// The link itself.
    pub value: ShownOnce,
    /// Its last day.
    pub until: Day,
}

/// One hop. Has its words as `hop-<kind>` and `hop-<kind>-text`.
#[derive(Debug, Clone, Serialize)]
pub struct HopLine {
    /// What.
    pub kind: HopKind,
    /// How long after the beginning, in seconds.
    pub offset: String,
    /// When, as RFC 3339.
    pub iso: String,
    /// What is known of it.
    pub facts: Vec<Fact>,
    /// The provider's claims beside what was kept of them.
    pub claims: Vec<Claim>,
}

/// Something that is known.
#[derive(Debug, Clone, Serialize)]
pub struct Fact {
    /// What; words as `trace-fact-<key>` where there is a key.
    pub label: Said,
    /// How it is; words as `trace-word-<key>` where there is a key.
    pub value: Said,
}

/// A word of a closed list, or text as it came.
#[derive(Debug, Clone, Serialize)]
pub struct Said {
    /// The word, if it is on the list.
    pub key: Option<&'static str>,
    /// The text.
    pub said: String,
}

/// A claim before and after mapping.
#[derive(Debug, Clone, Serialize)]
pub struct Claim {
    /// Its name.
    pub claim: String,
    /// What the provider sent.
    pub before: Option<String>,
    /// What is kept here.
    pub after: Option<String>,
}

/// Facts that have a label in words.
const FACTS: &[&str] = &[
    "acr",
    "acr_values",
    "address",
    "answer",
    "app",
    "audiences",
    "because",
    "client_id",
    "connection",
    "decision",
    "detail",
    "directory",
    "domain",
    "email",
    "error",
    "groups",
    "host",
    "issuer",
    "joined",
    "linked",
    "methods",
    "org_id",
    "organization",
    "person",
    "problem",
    "prompt",
    "reason",
    "redirect_uri",
    "role",
    "rule",
    "scope",
    "state",
    "subject",
    "tenants",
    "verified",
];

/// Words that stand for a decision or its reason.
const WORDS: &[&str] = &[
    "address",
    "allowed",
    "allowed_earlier",
    "button",
    "choice",
    "code",
    "created",
    "denied",
    "domain",
    "domain_hint",
    "error",
    "hint",
    "known",
    "linked",
    "login_hint",
    "mailbox_proved",
    "only_one",
    "password",
    "pending",
    "provider_vouches",
    "refused",
    "remembered",
    "tenant",
    "unverified",
    "xms_edov",
];

/// The facts whose value may be one of [`WORDS`].
const WORDED: &[&str] = &["answer", "because", "decision", "rule"];

impl Said {
    /// Text as it came.
    pub fn text(text: impl Into<String>) -> Self {
        Self { key: None, said: text.into() }
    }

    /// How a sign-in went.
    pub fn outcome(outcome: TraceOutcome) -> Self {
        Self { key: Some(outcome.as_str()), said: outcome.to_string() }
    }

    fn of(list: &'static [&'static str], text: String) -> Self {
        Self { key: list.iter().find(|word| **word == text).copied(), said: text }
    }
}

impl Fact {
    /// A fact by its name.
    pub fn named(name: &str, value: impl Into<String>) -> Self {
        let value = value.into();
        let value = if WORDED.contains(&name) { Said::of(WORDS, value) } else { Said::text(value) };
        Self { label: Said::of(FACTS, name.to_owned()), value }
    }

    /// The facts of a hop, in order; nothing is said of what is not known.
    pub fn all_of(detail: &Map<String, Value>) -> Vec<Self> {
        let said = detail.iter().filter(|(name, value)| !value.is_null() && !CLAIMS.contains(&name.as_str()));
        said.map(|(name, value)| Self::named(name, in_text(value))).filter(|fact| !fact.value.said.is_empty()).collect()
    }
}

/// The facts that are tables of claims.
const CLAIMS: &[&str] = &["before", "after"];

impl Claim {
    /// The claims of a hop before and after mapping, by name.
    pub fn all_of(detail: &Map<String, Value>) -> Vec<Self> {
        let side = |name: &str| detail.get(name).and_then(Value::as_object);
        let (before, after) = (side("before"), side("after"));
        let mut names: Vec<&String> = before.into_iter().chain(after).flat_map(Map::keys).collect();
        names.sort_unstable();
        names.dedup();
        let value = |side: Option<&Map<String, Value>>, name: &str| side.and_then(|side| side.get(name)).map(in_text);
        names.into_iter().map(|name| Self { claim: name.clone(), before: value(before, name), after: value(after, name) }).collect()
    }
}

/// A value as people read it: lists without brackets, the rest as it is.
fn in_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(in_text).collect::<Vec<_>>().join(", "),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

impl Page for Trace {
    const TEMPLATE: &'static str = "trace.html";

    fn samples() -> Vec<Self> {
        samples::all()
    }
}

mod samples {
    use gantry_core::clock::Timestamp;
    use gantry_core::secret::Secret;
    use serde_json::json;

    use super::{Claim, Day, Fact, HopKind, HopLine, Moment, Said, SharedLink, ShownOnce, SignInProblem, Trace, TraceOutcome, Value};

    const START: Timestamp = Timestamp::from_millis(1_792_000_000_000);

    fn hop(kind: HopKind, offset: &str, detail: &Value) -> HopLine {
        let detail = detail.as_object().cloned().unwrap_or_default();
        let (facts, claims) = (Fact::all_of(&detail), Claim::all_of(&detail));
        HopLine { kind, offset: offset.to_owned(), iso: START.to_rfc3339(), facts, claims }
    }

    fn trace(outcome: TraceOutcome, hops: Vec<HopLine>) -> Trace {
        let about = [
            ("organization", "Bluebird Freight (org_bluebird)"),
            ("connection", "Bluebird staff (bluebird)"),
            ("app", "Ledger Sync"),
            ("person", "ada.lovelace@bluebird.example"),
        ];
        Trace {
            trace_id: "trc_0192b3c4d5e67890a1b2c3d4e5f60718".to_owned(),
            outcome: Said::outcome(outcome),
            problem: None,
            provider: "Bluebird staff".to_owned(),
            since: Moment::seen(START, Timestamp::from_millis(START.millis() + 180_000)),
            until: Day::of(Timestamp::from_millis(START.millis() + 1_209_600_000)),
            about: about.map(|(name, value)| Fact::named(name, value)).to_vec(),
            hops,
            share: Some("/traces/trc_0192b3c4d5e67890a1b2c3d4e5f60718/share".to_owned()),
            link: None,
        }
    }

    pub(super) fn all() -> Vec<Trace> {
        let claims = json!({
            "before": { "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ", "oid": "5b4f7a3e-1c3d-4f6a-9d27-5f5f35b0c9aa", "tid": "f1f2b1de-9a3e-4f58-8a5e-1b1b64a5f0d1", "preferred_username": "Ada.Lovelace@bluebird.example", "email": "Ada.Lovelace@bluebird.example", "groups": ["3d2c6d3e-9c1b-4c40-9a86-aaf7a6a7b6a0"] },
            "after": { "sub": "f1f2b1de-9a3e-4f58-8a5e-1b1b64a5f0d1/5b4f7a3e-1c3d-4f6a-9d27-5f5f35b0c9aa", "email": "ada.lovelace@bluebird.example", "email_verified": true },
        });
        let hops = vec![
            hop(
                HopKind::Request,
                "0.000",
                &json!({ "client_id": "cli_0192b3c4d5e67890", "scope": "openid email shipments.read", "org_id": "org_bluebird", "prompt": [] }),
            ),
            hop(HopKind::Route, "0.002", &json!({ "rule": "tenant", "because": "only_one" })),
            hop(HopKind::Metadata, "0.140", &json!({ "issuer": "https://login.bluebird.example/v2.0", "state": "fresh" })),
            hop(HopKind::Redirect, "0.141", &json!({ "host": "login.bluebird.example" })),
            hop(HopKind::Callback, "8.902", &json!({ "issuer": "https://login.bluebird.example/v2.0" })),
            hop(HopKind::Token, "9.120", &json!({ "status": 200, "scope": "openid profile email" })),
            hop(HopKind::IdToken, "9.122", &json!({ "kid": "2026-11", "alg": "RS256" })),
            hop(HopKind::Mapping, "9.123", &claims),
            hop(HopKind::Account, "9.131", &json!({ "decision": "linked", "because": "domain", "domain": "bluebird.example" })),
            hop(HopKind::Join, "9.133", &json!({ "organization": "org_bluebird", "role": "member", "because": "domain" })),
            hop(HopKind::Session, "9.135", &json!({ "methods": ["fed", "mfa"] })),
            hop(HopKind::Consent, "14.702", &json!({ "decision": "allowed", "scope": "openid email", "tenants": ["org_bluebird"] })),
            hop(HopKind::Answer, "14.702", &json!({ "answer": "code", "org_id": "org_bluebird" })),
            hop(HopKind::TokensIssued, "14.993", &json!({ "client_id": "cli_0192b3c4d5e67890", "org_id": "org_bluebird" })),
        ];
        let refused = |problem: SignInProblem| {
            let hops =
                HopKind::ALL.iter().map(|kind| hop(*kind, "0.100", &json!({ "because": "provider_vouches", "unheard_of": "as it came" })));
            Trace { problem: Some(problem), about: Vec::new(), share: None, ..trace(TraceOutcome::Refused, hops.collect()) }
        };
        let mut made = trace(TraceOutcome::SignedIn, hops.clone());
        let value = ShownOnce(Secret::new("https://id.example.com/traces/shared/gts_0123456789012345678901234567890123456789012abcdef"));
        made.link = Some(SharedLink { value, until: Day::of(START) });
        let mut all = vec![trace(TraceOutcome::SignedIn, hops), made];
        let worded = super::WORDED.iter().flat_map(|name| super::WORDS.iter().map(|word| Fact::named(name, *word)));
        let labels = super::FACTS.iter().map(|name| Fact::named(name, "x"));
        all.push(Trace { about: worded.chain(labels).collect(), ..trace(TraceOutcome::Open, Vec::new()) });
        all.extend(TraceOutcome::ALL.iter().map(|outcome| trace(*outcome, Vec::new())));
        all.extend(SignInProblem::ALL.iter().map(|problem| refused(*problem)));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_said_in_words_where_there_are_any() {
        let detail =
            serde_json::json!({ "because": "domain", "tenants": ["a", "b"], "none": null, "odd": { "x": 1 }, "before": { "sub": "1" } });
        let facts = Fact::all_of(detail.as_object().unwrap());
        let read: Vec<_> = facts.iter().map(|fact| (fact.label.key, fact.value.key, fact.value.said.as_str())).collect();
        assert_eq!(read, [(Some("because"), Some("domain"), "domain"), (None, None, "{\"x\":1}"), (Some("tenants"), None, "a, b")]);
    }

    #[test]
    fn claims_stand_side_by_side() {
        let detail =
            serde_json::json!({ "before": { "mail": "A@x.example", "sub": "1" }, "after": { "sub": "1", "email": "a@x.example" } });
        let claims = Claim::all_of(detail.as_object().unwrap());
        let read: Vec<_> = claims.iter().map(|one| (one.claim.as_str(), one.before.as_deref(), one.after.as_deref())).collect();
        assert_eq!(read, [("email", None, Some("a@x.example")), ("mail", Some("A@x.example"), None), ("sub", Some("1"), Some("1"))]);
    }
}
