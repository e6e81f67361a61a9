//! Tokens that rest on a sign-in with somebody else's server: what the tenant takes, and what a connection's end ends.

use std::time::Duration;

use gantry_core::connection::{Attachment, Connection, ConnectionSettings, JoinRule};
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::id::{ConnectionId, MembershipId};
use gantry_core::realm::TenantDemand;
use gantry_core::tenant::{Membership, SignInRule, Tenant, TenantRole};
use gantry_store::RealmTx;
use serde_json::Value;

use crate::records;
use crate::world::{App, CALLBACK, World, claims, text};

/// A person who belongs to one tenant, and a connection.
struct Place {
    world: World,
    app: App,
    tenant: Tenant,
    connection: Connection,
}

/// The connection that a grant rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Through {
    Password,
    /// A connection that is not the tenant's.
    Foreign,
    /// One that is attached to it.
    Attached,
    /// One that it owns.
    Owned,
}

impl Place {
    async fn new() -> Self {
        let world = World::with(|settings| settings.tenants = TenantDemand::Optional).await;
        let app = world.web_app().await;
        let tenant = records::tenant(world.realm_id(), "alder", world.now());
        let connection = Connection {
            id: ConnectionId::new(),
            realm_id: world.realm_id(),
            slug: "entra".to_owned(),
            name: "Entra".to_owned(),
            kind: ConnectorKind::Oidc,
            owner: None,
            settings: ConnectionSettings::default(),
            credential_expires_at: None,
            not_before: None,
            disabled_at: None,
            created_at: world.now(),
        };
        let place = Self { world, app, tenant, connection };
        place
            .write(async |tx| {
                tx.tenants().insert(&place.tenant).await?;
                tx.connections().insert(&place.connection).await?;
                Ok(())
            })
            .await;
        place.member(false).await;
        place.world.clock.advance(Duration::from_secs(1));
        place
    }

    async fn write(&self, work: impl AsyncFn(&RealmTx) -> Result<(), gantry_core::failure::Failure>) {
        self.world.store.transact(self.world.realm_id(), work).await.unwrap();
        self.world.store.snapshots().poll().await.unwrap();
    }

    async fn member(&self, break_glass: bool) {
        let membership = Membership {
            id: MembershipId::new(),
            tenant_id: self.tenant.id,
            user_id: self.world.user.id,
            role: TenantRole::Member,
            break_glass,
            connection_id: None,
            created_at: self.tenant.created_at,
        };
        self.write(async |tx| Ok(tx.memberships().put(&membership).await?)).await;
    }

    async fn rule(&self, sign_in: SignInRule) {
        let tenant = Tenant { sign_in, ..self.tenant.clone() };
        self.write(async |tx| Ok(tx.tenants().update(&tenant).await?)).await;
    }

    /// Makes the connection what a case says; gives what its grant names.
    async fn through(&self, through: Through) -> Option<ConnectionId> {
        let attachment = Attachment {
            realm_id: self.world.realm_id(),
            connection_id: self.connection.id,
            tenant_id: self.tenant.id,
            join: JoinRule::Invited,
            default_role: TenantRole::Member,
            roles: Vec::new(),
            directories: Vec::new(),
            created_at: self.world.now(),
        };
        let owned = Connection {
            id: ConnectionId::new(),
            slug: format!("own-{}", ConnectionId::new()),
            owner: Some(self.tenant.id),
            ..self.connection.clone()
        };
        self.write(async |tx| {
            match through {
                Through::Attached => tx.attachments().put(&attachment).await?,
                Through::Owned => assert!(tx.connections().insert(&owned).await?),
                Through::Password | Through::Foreign => {
                    tx.attachments().remove(self.connection.id, self.tenant.id).await?;
                }
            }
            Ok(())
        })
        .await;
        match through {
            Through::Password => None,
            Through::Foreign | Through::Attached => Some(self.connection.id),
            Through::Owned => Some(owned.id),
        }
    }

    /// Tokens of a grant through a connection; for the tenant, whatever it takes just then.
    async fn tokens(&self, connection: Option<ConnectionId>, default: bool) -> Value {
        let code = self.world.code(&self.app, |grant, _| {
            grant.connection_id = connection;
            grant.tenants = vec![self.tenant.id];
            grant.default_tenant = default.then_some(self.tenant.id);
        });
        self.world.redeem(&self.app, &code.await).await.unwrap()
    }

    async fn refused(&self, tokens: &Value, more: &[(&str, &str)]) -> (&'static str, Option<&'static str>) {
        let mut parameters = vec![("grant_type", "refresh_token"), ("refresh_token", text(tokens, "refresh_token"))];
        parameters.extend_from_slice(more);
        self.world.refusal(&self.app.form(&parameters)).await
    }

    async fn is_active(&self, tokens: &Value, which: &str) -> bool {
        self.world.is_active(&self.app, text(tokens, which)).await
    }

    /// Whether nothing of a grant works any more, and a code on its way neither.
    async fn assert_dead(&self, tokens: &Value, why: &str) {
        assert_eq!(self.refused(tokens, &[]).await, ("invalid_grant", Some("connection_disabled")), "{why}");
        assert!(!self.is_active(tokens, "access_token").await && !self.is_active(tokens, "refresh_token").await, "{why}");
        assert_eq!(self.world.userinfo(text(tokens, "access_token")).await, Err("invalid_token"), "{why}");
    }
}

/// Rule × connection of the sign-in × break glass × whether the tenant is asked for or the grant's default.
#[tokio::test]
async fn a_tenants_tokens_rest_on_a_sign_in_that_it_takes() {
    let place = Box::pin(Place::new()).await;
    for through in [Through::Password, Through::Foreign, Through::Attached, Through::Owned] {
        let connection = place.through(through).await;
        for break_glass in [false, true] {
            place.member(break_glass).await;
            for rule in SignInRule::ALL.iter().copied() {
                for default in [false, true] {
                    let case = format!("{rule}, {through:?}, break glass {break_glass}, default {default}");
                    place.rule(SignInRule::Any).await;
                    let tokens = place.tokens(connection, default).await;
                    place.rule(rule).await;
                    let taken = break_glass
                        || match rule {
                            SignInRule::Any => true,
                            SignInRule::Federated => through != Through::Password,
                            SignInRule::OwnConnection => matches!(through, Through::Attached | Through::Owned),
                        };
                    let asked: &[(&str, &str)] = if default { &[] } else { &[("org_id", "alder")] };
                    if !taken {
                        assert_eq!(place.refused(&tokens, asked).await, ("interaction_required", Some("connection_required")), "{case}");
                    }
                    // The token of a default is for the tenant, and ends with what it rests on.
                    assert_eq!(place.is_active(&tokens, "access_token").await, taken || !default, "{case}");
                    // Nothing is used up by a refusal.
                    assert!(place.is_active(&tokens, "refresh_token").await, "{case}");
                    place.rule(if taken { rule } else { SignInRule::Any }).await;
                    let answer = place.world.refresh(&place.app, text(&tokens, "refresh_token"), asked).await.unwrap();
                    assert_eq!(claims(text(&answer, "access_token"))["org_id"], "alder", "{case}");
                }
            }
        }
    }
}

#[tokio::test]
async fn the_refusal_says_where_the_person_can_sign_in() {
    let place = Box::pin(Place::new()).await;
    let tokens = place.tokens(None, true).await;
    place.rule(SignInRule::OwnConnection).await;
    for asked in [&[("org_id", "alder")][..], &[]] {
        let mut parameters = vec![("grant_type", "refresh_token"), ("refresh_token", text(&tokens, "refresh_token"))];
        parameters.extend_from_slice(asked);
        let uri = place.world.refused(&place.app.form(&parameters)).await.authorization_uri.unwrap();
        assert!(uri.ends_with("&org_id=alder"), "{uri}");
    }
}

#[tokio::test]
async fn a_code_is_worth_what_its_tenant_takes_when_it_is_redeemed() {
    let place = Box::pin(Place::new()).await;
    let code = place.world.code(&place.app, |grant, _| {
        grant.tenants = vec![place.tenant.id];
        grant.default_tenant = Some(place.tenant.id);
    });
    let code = code.await;
    place.rule(SignInRule::Federated).await;
    let form = place.app.form(&[("grant_type", "authorization_code"), ("code", code.expose()), ("redirect_uri", CALLBACK)]);
    assert_eq!(place.world.refusal(&form).await, ("interaction_required", Some("connection_required")));
}

#[tokio::test]
async fn fed_15_what_rests_on_a_connection_ends_with_it() {
    let place = Box::pin(Place::new()).await;
    let through = place.through(Through::Foreign).await;
    let (before, of_password) = (place.tokens(through, false).await, place.tokens(None, false).await);
    assert!(place.is_active(&before, "access_token").await);
    let in_flight = place.world.code(&place.app, |grant, _| grant.connection_id = through).await;

    place.world.clock.advance(Duration::from_secs(1));
    let now = Some(place.world.now());
    let off = Connection { disabled_at: now, not_before: now, ..place.connection.clone() };
    place.write(async |tx| Ok(tx.connections().update(&off).await?)).await;
    place.assert_dead(&before, "switched off").await;
    let form = place.app.form(&[("grant_type", "authorization_code"), ("code", in_flight.expose()), ("redirect_uri", CALLBACK)]);
    assert_eq!(place.world.refusal(&form).await, ("invalid_grant", Some("connection_disabled")));
    assert!(place.is_active(&of_password, "access_token").await && place.is_active(&of_password, "refresh_token").await);

    let on = Connection { disabled_at: None, ..off };
    place.write(async |tx| Ok(tx.connections().update(&on).await?)).await;
    place.assert_dead(&before, "switched on again, which revives nothing").await;

    place.world.clock.advance(Duration::from_secs(1));
    let authenticated_at = place.world.now();
    let code = place.world.code(&place.app, |grant, _| (grant.connection_id, grant.authenticated_at) = (through, authenticated_at)).await;
    let after = place.world.redeem(&place.app, &code).await.unwrap();
    assert!(place.is_active(&after, "access_token").await);
    place.write(async |tx| Ok(tx.connections().remove(place.connection.id).await.map(|_| ())?)).await;
    place.assert_dead(&after, "removed").await;
}
