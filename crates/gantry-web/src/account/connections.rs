//! The ways to sign in with somebody else's server: linking one, and taking one away.

use actix_web::{HttpRequest, HttpResponse, web};
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Fault, Refusal};
use gantry_core::id::IdentityId;
use gantry_core::sign_in_attempt::AttemptPurpose;
use gantry_identity::Identity;
use gantry_identity::attempts::UpstreamSignIn;
use gantry_identity::linked::{LinkedIdentity, Unlinked, is_recent};
use gantry_identity::sign_in::upstream;
use gantry_views::chrome::Notice;
use gantry_views::moment::Moment;
use gantry_views::page::account::{Connections, LinkedLine, OfferedLine};
use gantry_views::page::provider::Provider;
use serde_json::json;

use crate::connections::{Trip, depart, mark};
use crate::extract::{CheckedForm, CurrentSession, RealmContext, SignedIn, Visitor};
use crate::paths;
use crate::respond::{PageFailure, locale_of};

/// What the overview shows of them; none where there is nothing to show.
pub(super) async fn section(
    realm: &RealmContext,
    person: &SignedIn,
    identity: &Identity,
    upstream: &UpstreamSignIn,
) -> Result<Option<Connections>, Fault> {
    let linked = identity.linked_identities(realm.realm(), &person.user).await?;
    let mut offered = upstream.linkable(realm.id()).await?;
    // One of each is enough for most; who has two accounts at a provider signs in with either, and merges.
    offered.retain(|connection| !linked.iter().any(|linked| linked.connection.id == connection.id));
    if linked.is_empty() && offered.is_empty() {
        return Ok(None);
    }
    let offer = |connection: gantry_core::connection::Connection| OfferedLine {
        provider: Provider::new(&connection.name, "").marked(mark(connection.kind)),
        id: connection.slug,
    };
    let now = identity.now();
    Ok(Some(Connections {
        linked: linked.iter().map(|linked| line(linked, now)).collect(),
        unlink: realm.path(paths::ACCOUNT_CONNECTIONS),
        offered: offered.into_iter().map(offer).collect(),
        link: realm.path(paths::ACCOUNT_CONNECTIONS_LINK),
    }))
}

fn line(linked: &LinkedIdentity, now: Timestamp) -> LinkedLine {
    let connection = &linked.connection;
    LinkedLine {
        id: linked.link.id.to_string(),
        provider: Provider::new(&connection.name, "").marked(mark(connection.kind)),
        email: linked.link.email.clone(),
        off: !connection.is_enabled(),
        removable: linked.removable,
        since: Moment::seen(linked.link.created_at, now),
        last_used: Moment::seen(linked.link.last_used_at, now),
    }
}

/// Sends the person to a provider to link what they have there. Bound to this session: another one's callback links
/// nothing. Who signed in too long ago does so once more first.
pub(super) async fn link(
    request: HttpRequest,
    realm: RealmContext,
    form: CheckedForm,
    current: CurrentSession,
    identity: web::Data<Identity>,
    upstream: web::Data<UpstreamSignIn>,
) -> Result<HttpResponse, PageFailure> {
    let recent = current.signed_in().filter(|person| is_recent(&person.session, identity.now()));
    let Some(person) = recent else { return Ok(super::to_sign_in(&realm)) };
    let named = form.get("connection").unwrap_or_default();
    let offered = upstream.linkable(realm.id()).await?;
    let found = offered.into_iter().find(|connection| connection.slug == named);
    let connection = found.ok_or_else(|| Refusal::new(ErrorCode::NotFound, "there is no such way to sign in"))?;
    let trip = Trip {
        connection,
        purpose: AttemptPurpose::Link { user: person.user.id, session: person.session.id },
        request: None,
        tenant: None,
        remember: false,
        typed: None,
        route: json!({ "rule": "link", "because": "the person links it on the account page" }),
        refused: None,
    };
    depart(&request, &realm, trip).await
}

/// Takes one away.
pub(super) async fn unlink(
    request: HttpRequest,
    realm: RealmContext,
    form: CheckedForm,
    current: CurrentSession,
    visitor: Visitor,
    identity: web::Data<Identity>,
) -> Result<HttpResponse, PageFailure> {
    let Some(person) = current.signed_in() else { return Ok(super::to_sign_in(&realm)) };
    let named = form.get("identity").unwrap_or_default();
    let unknown = || Refusal::new(ErrorCode::NotFound, "there is no such way to sign in");
    let id: IdentityId = named.parse().or(Err(unknown()))?;
    let account = realm.url(paths::ACCOUNT);
    let notice = upstream::Notice { locale: locale_of(&request, &realm, None)?, account: &account };
    match identity.unlink(realm.realm(), &person.user, id, notice, &visitor.visit()).await? {
        Unlinked::Done => Ok(super::done(&realm, Notice::ConnectionUnlinked)),
        // The page says so, and shows no button.
        Unlinked::LastWay => Ok(super::done(&realm, Notice::ConnectionNeeded)),
        Unlinked::Unknown => Err(unknown().into()),
    }
}
