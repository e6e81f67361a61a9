//! Has every refusal of the console noted, in the one place that all its answers pass (attack catalogue TEN-21).

use actix_web::HttpRequest;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use gantry_core::failure::Failure;
use gantry_identity::Identity;
use gantry_identity::refusals::{self, RefusedAct};
use gantry_store::Store;

use super::seat::Seat;
use crate::extract::origin_of;
use crate::respond::{data, log_failure};

/// Lets a request through and looks at its answer. That a line could not be written changes nothing of it.
pub(super) async fn noted<B: MessageBody>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, actix_web::Error> {
    let answer = next.call(request).await?;
    let reason = match answer.status() {
        StatusCode::FORBIDDEN => "forbidden",
        StatusCode::NOT_FOUND => "not_found",
        _ => return Ok(answer),
    };
    if let Err(failure) = note(answer.request(), reason).await {
        log_failure(&failure);
    }
    Ok(answer)
}

async fn note(request: &HttpRequest, reason: &str) -> Result<(), Failure> {
    let Some(seat) = Seat::of(request).await? else { return Ok(()) };
    let pattern = request.match_pattern();
    let act = RefusedAct { address: pattern.as_deref(), method: request.method().as_str(), reason };
    let now = data::<Identity>(request)?.now();
    refusals::note(data::<Store>(request)?, (&seat.user, &seat.administers), act, &origin_of(request), now).await
}
