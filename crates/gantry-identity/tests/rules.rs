//! What the identity rules promise, asked of a real store in a file of its own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "rules/account.rs"]
mod account;
#[path = "rules/admin.rs"]
mod admin;
#[path = "rules/audit.rs"]
mod audit;
#[path = "rules/bootstrap.rs"]
mod bootstrap;
#[path = "rules/connections.rs"]
mod connections;
#[path = "rules/credential_expiry.rs"]
mod credential_expiry;
#[path = "rules/figures.rs"]
mod figures;
#[path = "rules/invitations.rs"]
mod invitations;
#[path = "rules/joining.rs"]
mod joining;
#[path = "rules/linked.rs"]
mod linked;
#[path = "rules/mail.rs"]
mod mail;
#[path = "rules/own_connections.rs"]
mod own_connections;
#[path = "rules/people.rs"]
mod people;
#[path = "rules/provider.rs"]
mod provider;
#[path = "rules/proving.rs"]
mod proving;
#[path = "rules/recovery.rs"]
mod recovery;
#[path = "rules/routing.rs"]
mod routing;
#[path = "rules/service_accounts.rs"]
mod service_accounts;
#[path = "rules/session.rs"]
mod session;
#[path = "rules/sign_in.rs"]
mod sign_in;
#[path = "rules/sign_up.rs"]
mod sign_up;
#[path = "rules/tenant_rule.rs"]
mod tenant_rule;
#[path = "rules/tenants.rs"]
mod tenants;
#[path = "rules/traces.rs"]
mod traces;
#[path = "rules/upstream.rs"]
mod upstream;
#[path = "rules/upstream_session.rs"]
mod upstream_session;
#[path = "rules/world.rs"]
mod world;
