//! The words of traces: those that the pages outside the console have too.

use gantry_core::sign_in_trace::{HopKind, TraceOutcome};
use gantry_views::console::{Text, Tone, said, say};

/// How it went.
pub(super) fn outcome(outcome: TraceOutcome) -> Text {
    say(match outcome {
        TraceOutcome::Open => "trace-outcome-open",
        TraceOutcome::Waiting => "trace-outcome-waiting",
        TraceOutcome::SignedIn => "trace-outcome-signed_in",
        TraceOutcome::Linked => "trace-outcome-linked",
        TraceOutcome::Tried => "trace-outcome-tried",
        TraceOutcome::Refused => "trace-outcome-refused",
    })
}

/// How that stands.
pub(super) const fn tone(outcome: TraceOutcome) -> Tone {
    match outcome {
        TraceOutcome::SignedIn | TraceOutcome::Linked | TraceOutcome::Tried => Tone::Good,
        TraceOutcome::Refused => Tone::Bad,
        TraceOutcome::Open | TraceOutcome::Waiting => Tone::Plain,
    }
}

/// What happened at a hop.
pub(super) fn hop(kind: HopKind) -> Text {
    say(match kind {
        HopKind::Request => "hop-request",
        HopKind::Route => "hop-route",
        HopKind::Metadata => "hop-metadata",
        HopKind::Redirect => "hop-redirect",
        HopKind::Callback => "hop-callback",
        HopKind::Token => "hop-token",
        HopKind::IdToken => "hop-id_token",
        HopKind::Userinfo => "hop-userinfo",
        HopKind::Groups => "hop-groups",
        HopKind::Mapping => "hop-mapping",
        HopKind::Account => "hop-account",
        HopKind::Proof => "hop-proof",
        HopKind::Join => "hop-join",
        HopKind::Session => "hop-session",
        HopKind::Consent => "hop-consent",
        HopKind::Answer => "hop-answer",
        HopKind::TokensIssued => "hop-tokens_issued",
        HopKind::Refusal => "hop-refusal",
    })
}

/// What a fact is called.
pub(super) fn label(name: &str) -> Text {
    FACTS.iter().find(|(known, _)| *known == name).map_or_else(|| said(name), |(_, key)| say(key))
}

/// The words of a decision or its reason; other text as it came.
pub(super) fn value(name: &str, text: &str) -> Text {
    let worded = ["answer", "because", "decision", "rule"].contains(&name);
    let known = WORDS.iter().find(|(word, _)| worded && *word == text);
    known.map_or_else(|| said(text), |(_, key)| say(key))
}

const FACTS: &[(&str, &str)] = &[
    ("acr", "trace-fact-acr"),
    ("acr_values", "trace-fact-acr_values"),
    ("address", "trace-fact-address"),
    ("answer", "trace-fact-answer"),
    ("app", "trace-fact-app"),
    ("audiences", "trace-fact-audiences"),
    ("because", "trace-fact-because"),
    ("client_id", "trace-fact-client_id"),
    ("connection", "trace-fact-connection"),
    ("decision", "trace-fact-decision"),
    ("detail", "trace-fact-detail"),
    ("directory", "trace-fact-directory"),
    ("domain", "trace-fact-domain"),
    ("email", "trace-fact-email"),
    ("error", "trace-fact-error"),
    ("groups", "trace-fact-groups"),
    ("host", "trace-fact-host"),
    ("issuer", "trace-fact-issuer"),
    ("joined", "trace-fact-joined"),
    ("linked", "trace-fact-linked"),
    ("methods", "trace-fact-methods"),
    ("org_id", "trace-fact-org_id"),
    ("organization", "trace-fact-organization"),
    ("person", "trace-fact-person"),
    ("problem", "trace-fact-problem"),
    ("prompt", "trace-fact-prompt"),
    ("reason", "trace-fact-reason"),
    ("redirect_uri", "trace-fact-redirect_uri"),
    ("role", "trace-fact-role"),
    ("rule", "trace-fact-rule"),
    ("scope", "trace-fact-scope"),
    ("state", "trace-fact-state"),
    ("subject", "trace-fact-subject"),
    ("tenants", "trace-fact-tenants"),
    ("verified", "trace-fact-verified"),
];

const WORDS: &[(&str, &str)] = &[
    ("address", "trace-word-address"),
    ("allowed", "trace-word-allowed"),
    ("allowed_earlier", "trace-word-allowed_earlier"),
    ("button", "trace-word-button"),
    ("choice", "trace-word-choice"),
    ("code", "trace-word-code"),
    ("created", "trace-word-created"),
    ("denied", "trace-word-denied"),
    ("domain", "trace-word-domain"),
    ("domain_hint", "trace-word-domain_hint"),
    ("error", "trace-word-error"),
    ("hint", "trace-word-hint"),
    ("known", "trace-word-known"),
    ("linked", "trace-word-linked"),
    ("login_hint", "trace-word-login_hint"),
    ("mailbox_proved", "trace-word-mailbox_proved"),
    ("only_one", "trace-word-only_one"),
    ("password", "trace-word-password"),
    ("pending", "trace-word-pending"),
    ("provider_vouches", "trace-word-provider_vouches"),
    ("refused", "trace-word-refused"),
    ("remembered", "trace-word-remembered"),
    ("tenant", "trace-word-tenant"),
    ("unverified", "trace-word-unverified"),
    ("xms_edov", "trace-word-xms_edov"),
];
