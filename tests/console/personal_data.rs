//! What is held about a person: all of it can be taken out, and none of it is left when they are erased. Held against every table
//! that there is, so that a new one cannot be forgotten.

use gantry_core::actor::Actor;
use gantry_core::clock::{Clock as _, Timestamp};
use gantry_core::email_address::EmailAddress;
use gantry_core::external_identity::UserIdentity;
use gantry_core::id::{ConnectionId, IdentityId, PersonalTokenId, TraceId};
use gantry_core::invitation::InvitedRole;
use gantry_core::personal_token::PersonalToken;
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::SecretKind;
use gantry_core::sign_in_trace::{Hop, HopKind, SignInTrace, TraceOutcome};
use gantry_core::user::User;
use gantry_identity::invitations::{self, NewInvitation};
use serde_json::{Value, json};

use crate::support::{Browser, Console, Gantry, Person};

/// Tables that say something of a person, and where the export has it.
const EXPORTED: &[(&str, &str)] = &[
    ("person", "/account/email"),
    ("password", "/password/set_at"),
    ("identity", "/linked_accounts/0/subject"),
    ("membership", "/memberships/0/org_id"),
    ("session", "/sessions/0/ip"),
    ("access_grant", "/grants/0/scopes"),
    ("consent", "/apps/0/client_id"),
    ("personal_token", "/personal_tokens/0/last_four"),
    ("invitation", "/invitations/0/role"),
    ("sign_in_trace", "/sign_ins_with_providers/0/outcome"),
    ("trace_hop", "/sign_ins_with_providers/0/steps/0/kind"),
    ("audit", "/events/0/event"),
];

/// Tables that name a person and are in no export, and why.
const LEFT_OUT: &[(&str, &str)] = &[
    ("search_term", "the words of the account once more, by which lists find it"),
    ("action_link", "a mailed link: a digest, and void within the hour"),
    ("outbox", "mail to the person, gone when it has left; they have it"),
    ("pending_link", "a sign-in that waits for a proof, sealed, for minutes"),
    ("authorization_request", "a request that is being answered, for minutes"),
    ("authorization_code", "a code, for a minute; what it stands for is the grant"),
    ("sign_in_attempt", "a sign-in that is under way, for minutes"),
    ("removal", "that the rows of an id wait to be swept away"),
];

/// Tables that name an erased person still, and why. None of them holds the address.
const AFTER: &[(&str, &str)] = &[("audit", "that something happened, under an id that names nobody any more")];

/// Tables with the address of an erased person, and why.
const ADDRESS_AFTER: &[(&str, &str)] = &[("outbox", "mail that is on its way is sent")];

fn known(list: &[(&str, &str)], table: &str) -> bool {
    list.iter().any(|(name, _)| *name == table)
}

fn token(user: &User, now: Timestamp) -> PersonalToken {
    let key = SecretKind::PersonalToken.generate();
    PersonalToken {
        id: PersonalTokenId::new(),
        realm_id: user.realm_id,
        user_id: user.id,
        tenant_id: None,
        name: "script".to_owned(),
        scopes: ScopeSet::from_names(["openid"]),
        digest: key.digest(),
        last_four: key.last_four(),
        last_used_at: None,
        expires_at: now.plus(std::time::Duration::from_hours(24)),
        created_at: now,
    }
}

fn identity(user: &User, connection: ConnectionId, issuer: &str, now: Timestamp) -> UserIdentity {
    UserIdentity {
        id: IdentityId::new(),
        realm_id: user.realm_id,
        connection_id: connection,
        issuer: issuer.to_owned(),
        subject: "dora-there".to_owned(),
        user_id: user.id,
        email: Some(user.email.to_string()),
        directory: None,
        groups: vec!["staff".to_owned()],
        groups_stale_since: None,
        created_at: now,
        last_used_at: now,
    }
}

fn trace(user: &User, connection: ConnectionId, now: Timestamp) -> SignInTrace {
    SignInTrace {
        id: TraceId::new(),
        realm_id: user.realm_id,
        connection_id: Some(connection),
        tenant_id: None,
        client_id: None,
        publisher_id: None,
        user_id: Some(user.id),
        outcome: TraceOutcome::SignedIn,
        problem: None,
        started_at: now,
        expires_at: now.plus(std::time::Duration::from_hours(24)),
    }
}

/// A person with everything that somebody can have: signed in, with an app, a token, an account elsewhere, a reset on its way
/// and an invitation.
async fn lived(gantry: &Gantry, console: &Console<'_>, person: Person) {
    let browser = Browser::new();
    gantry.client("ledger").authorize().tokens(&browser, person).await;
    gantry.make_tenant_admin(person, "org_elm").await;
    let (user, now) = (gantry.user(person).await, gantry.clock.now());
    let tenant = gantry.tenant("org_oak").await;
    let upstream = gantry.upstream();
    let connection = gantry.connection(&upstream, "acme", |_| ()).await;
    let token = token(&user, now);
    let identity = identity(&user, connection.id, &upstream.origin, now);
    let trace = trace(&user, connection.id, now);
    let hop = Hop::new(now, HopKind::Mapping, json!({ "before": { "email": person.email }, "person": user.id }));
    let invited = NewInvitation {
        tenant: Some(tenant),
        email: EmailAddress::parse(person.email).unwrap(),
        role: InvitedRole::Member,
        locale: "en".to_owned(),
    };
    let work = async |tx: &gantry_store::RealmTx| {
        assert!(tx.personal_tokens().insert(&token).await?);
        assert!(tx.identities().insert(&identity).await?);
        tx.sign_in_traces().insert(&trace).await?;
        tx.sign_in_traces().append(trace.id, std::slice::from_ref(&hop)).await?;
        invitations::invite(tx, Actor::CommandLine, invited.clone(), "https://gantry.test/invitation?token=", now).await
    };
    gantry.store.transact(user.realm_id, work).await.unwrap();
    let page = console.get(&format!("/console/realms/default/people/{}", user.id)).await;
    let form = page.form_to("/reset");
    let done = console.browser.post(&form.action, &form.fields, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await;
    assert_eq!(done.status, 200, "{}", done.html);
    gantry.settle().await;
}

#[tokio::test]
async fn an_export_has_every_table_that_says_something_of_a_person_and_an_erasure_leaves_none() {
    let gantry = Gantry::start().await;
    let console = gantry.realm_admin().await;
    // Of this realm alone, so that every row with the address is about this person.
    let person = gantry.newcomer("dora@held.example").await;
    let id = gantry.user(person).await.id.to_string();
    lived(&gantry, &console, person).await;

    let mut wrong = Vec::new();
    for (name, table) in gantry.tables().await {
        let names_people =
            table.columns.iter().any(|column| column.contains("person") || matches!(column.as_str(), "accepted_by" | "invited_by"));
        let listed = known(EXPORTED, &name) || known(LEFT_OUT, &name);
        if !listed && (names_people || table.holds(&id) || table.holds(person.email)) {
            wrong.push(format!("`{name}` says something of a person and is neither in the export nor left out of it for a reason"));
        }
        if known(EXPORTED, &name) && !(table.holds(&id) || table.holds(person.email) || name == "trace_hop") {
            wrong.push(format!("nothing of this test's person is in `{name}`"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    let page = console.page(&format!("/console/realms/default/people/{id}/data")).await;
    let file = console.submit(&page, "export", &[]).await;
    let document: Value = serde_json::from_str(&file.html).unwrap();
    for (table, place) in EXPORTED {
        assert!(document.pointer(place).is_some_and(|value| !value.is_null()), "`{table}` is not at {place}: {document:#}");
    }

    let page = console.page(&format!("/console/realms/default/people/{id}/data/erase")).await;
    let done = console.submit(&page, "erase", &[("confirm", person.email)]).await;
    assert_eq!(done.status, 200, "{}", done.html);
    gantry.purge().await;
    for (name, table) in gantry.tables().await {
        if table.holds(&id) && !known(AFTER, &name) {
            wrong.push(format!("`{name}` names who was erased"));
        }
        if table.holds(person.email) && !known(ADDRESS_AFTER, &name) {
            wrong.push(format!("`{name}` has the address of who was erased"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
