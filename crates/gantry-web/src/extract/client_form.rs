//! What a program posts to an endpoint where it proves who it is. Refusals are JSON.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use gantry_core::audit::Origin;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::parameters::Parameters;
use gantry_oauth::client_request::{ClientRequest, ServedRealm};

use super::{RealmContext, forms, origin_of};
use crate::respond::OAuthFailure;

/// A form with the headers that matter beside it.
#[derive(Debug)]
pub struct ClientForm {
    /// The realm it was posted to.
    pub realm: RealmContext,
    /// The form.
    pub parameters: Parameters,
    authorization: Vec<Vec<u8>>,
    origin: Origin,
}

impl ClientForm {
    /// What the endpoints take.
    pub const fn request(&self) -> ClientRequest<'_> {
        ClientRequest {
            realm: ServedRealm { snapshot: &self.realm.snapshot, address: &self.realm.address },
            authorization: self.authorization.as_slice(),
            parameters: &self.parameters,
            origin: &self.origin,
        }
    }

    async fn read(request: HttpRequest, payload: Payload) -> Result<Self, Failure> {
        let realm = RealmContext::of(&request).await?;
        // Queries end up in logs and histories, so nothing is read from them (RFC 9700 §4.3).
        if !request.query_string().is_empty() {
            return Err(Refusal::new(ErrorCode::InvalidRequest, "parameters belong into the body, not into the query").into());
        }
        let text = forms::read_form(request.clone(), payload).await.map_err(as_invalid_request)?;
        Ok(Self { realm, parameters: forms::parse(&text)?, authorization: authorization_of(&request), origin: origin_of(&request) })
    }
}

/// RFC 6749 §5.2 has one code for whatever is malformed.
fn as_invalid_request(failure: Failure) -> Failure {
    match failure {
        Failure::Refused(mut refusal) if refusal.code == ErrorCode::UnsupportedMediaType => {
            refusal.code = ErrorCode::InvalidRequest;
            refusal.into()
        }
        other @ (Failure::Refused(_) | Failure::Broken(_)) => other,
    }
}

/// All values of the `Authorization` header: more than one is for the endpoint to refuse.
pub fn authorization_of(request: &HttpRequest) -> Vec<Vec<u8>> {
    request.headers().get_all(header::AUTHORIZATION).map(|value| value.as_bytes().to_vec()).collect()
}

impl FromRequest for ClientForm {
    type Error = OAuthFailure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, OAuthFailure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move { Self::read(request, payload).await.map_err(OAuthFailure::from) })
    }
}
