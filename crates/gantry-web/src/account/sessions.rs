//! Ending a session, or all others.

use actix_web::{HttpResponse, web};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::id::SessionId;
use gantry_identity::Identity;
use gantry_views::chrome::Notice;

use crate::extract::{CheckedForm, CurrentSession, RealmContext, Visitor};
use crate::respond::PageFailure;
use crate::sign_in::sign_out;

pub(super) async fn end(
    realm: RealmContext,
    form: CheckedForm,
    current: CurrentSession,
    visitor: Visitor,
    identity: web::Data<Identity>,
) -> Result<HttpResponse, PageFailure> {
    let Some(person) = current.signed_in() else { return Ok(super::to_sign_in(&realm)) };
    let Some(named) = form.get("session") else {
        identity.end_other_sessions(&person.user, person.session.id, visitor.origin()).await?;
        return Ok(super::done(&realm, Notice::OtherSessionsEnded));
    };
    let session: SessionId = named.parse().or(Err(Refusal::new(ErrorCode::NotFound, "there is no such session")))?;
    identity.end_session(&person.user, session, visitor.origin()).await?;
    if session == person.session.id {
        return sign_out::leave(&realm);
    }
    Ok(super::done(&realm, Notice::SessionEnded))
}
