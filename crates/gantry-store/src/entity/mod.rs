//! The tables as the ORM sees them. Private: rows never leave the crate, core types do.

use sea_orm::EntityTrait;

pub(crate) mod access_grant;
pub(crate) mod access_token;
pub(crate) mod action_link;
pub(crate) mod app_key;
pub(crate) mod assertion;
pub(crate) mod attachment;
pub(crate) mod audit;
pub(crate) mod authorization_code;
pub(crate) mod authorization_request;
pub(crate) mod change;
pub(crate) mod client;
pub(crate) mod client_resource;
pub(crate) mod client_secret;
pub(crate) mod connection;
pub(crate) mod consent;
pub(crate) mod figure;
pub(crate) mod idempotency;
pub(crate) mod identity;
pub(crate) mod installation;
pub(crate) mod invitation;
pub(crate) mod mail_text;
pub(crate) mod membership;
pub(crate) mod outbox;
pub(crate) mod password;
pub(crate) mod pending_link;
pub(crate) mod person;
pub(crate) mod personal_token;
pub(crate) mod publisher;
pub(crate) mod pushed_request;
pub(crate) mod realm;
pub(crate) mod realm_host;
pub(crate) mod refresh_family;
pub(crate) mod removal;
pub(crate) mod resource;
pub(crate) mod revoked_jti;
pub(crate) mod scope;
pub(crate) mod search_term;
pub(crate) mod service_account;
pub(crate) mod service_key;
pub(crate) mod session;
pub(crate) mod sign_in_attempt;
pub(crate) mod sign_in_trace;
pub(crate) mod signing_key;
pub(crate) mod taken_name;
pub(crate) mod tenant;
pub(crate) mod tenant_domain;
pub(crate) mod trace_hop;
pub(crate) mod trace_share;
pub(crate) mod upstream_session;

/// A table whose rows belong to a realm. Statements begin from the handle, which adds the filter.
pub(crate) trait OfRealm: EntityTrait {
    /// The column that names the realm.
    const REALM: Self::Column;
}

macro_rules! of_realm {
    ($($table:ident,)*) => {$(
        impl OfRealm for $table::Entity {
            const REALM: $table::Column = $table::Column::RealmId;
        }
    )*};
}

of_realm! {
    access_grant,
    access_token,
    action_link,
    app_key,
    assertion,
    attachment,
    audit,
    authorization_code,
    authorization_request,
    client,
    client_secret,
    connection,
    consent,
    figure,
    identity,
    installation,
    mail_text,
    invitation,
    membership,
    outbox,
    password,
    pending_link,
    person,
    personal_token,
    publisher,
    pushed_request,
    realm_host,
    refresh_family,
    resource,
    revoked_jti,
    scope,
    service_account,
    service_key,
    search_term,
    session,
    sign_in_attempt,
    sign_in_trace,
    signing_key,
    taken_name,
    tenant,
    tenant_domain,
    trace_hop,
    trace_share,
    upstream_session,
}

impl OfRealm for realm::Entity {
    const REALM: realm::Column = realm::Column::Id;
}
