//! A call of an operation: who calls, what for, and the words in which its handler reads and writes.
//!
//! Owns preconditions, paging and the keeping of an answer under an `Idempotency-Key`. Never decides whether the
//! caller may; the rules that handlers call do.

use std::str::FromStr;
use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web;
use gantry_core::actor::Actor;
use gantry_core::audit::Origin;
use gantry_core::clock::Timestamp;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::id::RealmId;
use gantry_core::paging::{Cursor, DEFAULT_LIMIT, Find, MAX_LIMIT, Page};
use gantry_core::parameters::Parameters;
use gantry_store::platform::Claim;
use gantry_store::snapshot::RealmSnapshot;
use gantry_store::{RealmTx, Store};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::body;
use super::operation::Shape;
use super::reply::{Reply, tag};
use crate::extract::origin_of;
use crate::settings::WebSettings;

/// A page of a list.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Listed<T> {
    /// The entries.
    pub(super) items: Vec<T>,
    /// What to send as `after` for the next page; null if there is none.
    pub(super) next: Option<String>,
}

impl<T> Listed<T> {
    /// A page, each entry as it is on the wire.
    pub(super) fn of<R>(page: Page<R>, write: impl FnMut(R) -> T) -> Self {
        let next = page.next.as_ref().map(Cursor::to_text);
        Self { items: page.items.into_iter().map(write).collect(), next }
    }

    /// A list that is short by its nature, as its only page.
    pub(super) const fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

/// A call.
pub(super) struct Call {
    pub(super) actor: Actor,
    pub(super) now: Timestamp,
    pub(super) request: HttpRequest,
    pub(super) realm: Option<Arc<RealmSnapshot>>,
    pub(super) query: Parameters,
    pub(super) body: Value,
    pub(super) shape: Option<&'static Shape>,
    pub(super) claim: Option<Claim>,
    pub(super) store: web::Data<Store>,
}

impl Call {
    /// Something that the server has one of.
    pub(super) fn part<T: 'static>(&self) -> Result<&web::Data<T>, Fault> {
        self.request.app_data::<web::Data<T>>().ok_or_else(|| Fault::new("a part that the API needs is not wired"))
    }

    /// The realm of the path.
    pub(super) fn realm(&self) -> Result<&Arc<RealmSnapshot>, Fault> {
        self.realm.as_ref().ok_or_else(|| Fault::new("an operation of a realm has no realm in its path"))
    }

    /// Its key.
    pub(super) fn realm_id(&self) -> Result<RealmId, Fault> {
        Ok(self.realm()?.realm.id)
    }

    /// The URL of a page of the realm, from configuration alone.
    pub(super) fn url(&self, path: &str) -> Result<String, Fault> {
        Ok(self.part::<WebSettings>()?.public_url.address_of(&self.realm()?.realm).url(path))
    }

    /// Where it comes from.
    pub(super) fn origin(&self) -> Origin {
        origin_of(&self.request)
    }

    /// A parameter of the path, as text.
    pub(super) fn parameter(&self, name: &str) -> &str {
        self.request.match_info().get(name).unwrap_or_default()
    }

    /// A parameter of the path. What cannot be an id is one of nothing.
    pub(super) fn id<T: FromStr>(&self, name: &str) -> Result<T, Failure> {
        self.parameter(name).parse().or(Err(nothing_here()))
    }

    /// What a list is narrowed by. `facets` are the parameters that become facets of that name.
    pub(super) fn find(&self, facets: &[&str]) -> Result<Find, Failure> {
        let limit = self.query.get("limit").map_or(Some(DEFAULT_LIMIT), |text| text.parse().ok().filter(|n| (1..=MAX_LIMIT).contains(n)));
        let limit = limit.ok_or_else(|| wrong_query("limit", "must be a whole number from 1 to 200"))?;
        let after = self.query.get("after").map(|text| Cursor::parse(text).ok_or_else(|| wrong_query("after", "is no place in this list")));
        let facet = |name: &&str| self.query.get(name).map(|value| format!("{name}:{value}"));
        Ok(Find {
            text: self.query.get("q").unwrap_or_default().to_owned(),
            facets: facets.iter().filter_map(facet).collect(),
            after: after.transpose()?,
            limit,
        })
    }

    /// The body.
    pub(super) fn body<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        self.typed(&self.body)
    }

    /// A record after the changes in the body (RFC 7396).
    pub(super) fn patched<T: DeserializeOwned>(&self, before: &impl Serialize) -> Result<T, Failure> {
        let before = serde_json::to_value(before).map_err(|error| Fault::caused("a record as JSON", error))?;
        self.typed(&body::merge(before, &self.body))
    }

    fn typed<T: DeserializeOwned>(&self, value: &Value) -> Result<T, Failure> {
        let shape = self.shape.ok_or_else(|| Fault::new("an operation reads a body that it does not declare"))?;
        body::check(&shape.root, value)?;
        // What fits the schema and still cannot be read is a value out of its type's range.
        serde_json::from_value(value.clone()).map_err(|error| {
            // A reader's words can repeat what was sent, so the caller is told less.
            tracing::info!(kind = ?error.classify(), "a body fits its schema and not its type");
            Refusal::new(ErrorCode::InvalidRequest, "A member of the body has a value that it cannot have").into()
        })
    }

    /// Refuses a call whose `If-Match` names another state than this one; called inside the transaction that writes.
    pub(super) fn check_match(&self, representation: &impl Serialize) -> Result<(), Failure> {
        let Some(wanted) = self.if_match() else { return Ok(()) };
        let now = tag(representation)?;
        // Strong comparison: a weak tag matches nothing (RFC 9110 §13.1.1).
        if wanted.split(',').map(str::trim).any(|one| one == "*" || one == now) {
            return Ok(());
        }
        Err(Refusal::new(ErrorCode::PreconditionFailed, "The record has changed since it was read; read it again").into())
    }

    /// Whether the call has such a condition.
    pub(super) fn has_match(&self) -> bool {
        self.request.headers().contains_key(header::IF_MATCH)
    }

    fn if_match(&self) -> Option<String> {
        let values: Vec<&str> =
            self.request.headers().get_all(header::IF_MATCH).map(|value| value.to_str().unwrap_or("unreadable")).collect();
        (!values.is_empty()).then(|| values.join(","))
    }

    /// A handle for reads.
    pub(super) fn read(&self) -> Result<RealmTx, Fault> {
        Ok(self.store.read(self.realm_id()?))
    }

    /// Does work in one transaction on the realm of the path.
    pub(super) async fn transact(&self, work: impl AsyncFnOnce(&RealmTx) -> Result<Reply, Failure>) -> Result<Reply, Failure> {
        self.transact_in(self.realm_id()?, work).await
    }

    /// The same on another realm. The answer is kept in that transaction if the call has a key, so that of calls
    /// with one key one acts, whatever breaks in between.
    pub(super) async fn transact_in(
        &self,
        realm: RealmId,
        work: impl AsyncFnOnce(&RealmTx) -> Result<Reply, Failure>,
    ) -> Result<Reply, Failure> {
        let all = async |tx: &RealmTx| {
            if self.if_match().is_some() {
                tx.realms().lock().await?;
            }
            let reply = work(tx).await?;
            if let Some(claim) = &self.claim {
                let kept = serde_json::to_vec(&reply).map_err(|error| Fault::caused("an answer as JSON", error))?;
                if !tx.finish_claim(claim, &kept).await? {
                    return Err(Fault::new("a call took so long that another one with its key began").unavailable().into());
                }
            }
            Ok(reply)
        };
        self.store.transact_from(realm, &self.origin(), all).await
    }

    /// Where something is that was made in a list: below the list.
    pub(super) fn below(&self, id: &impl std::fmt::Display) -> String {
        format!("{}/{id}", self.request.path())
    }
}

/// A parameter of the query that does not hold.
pub(super) fn wrong_query(name: &str, problem: &str) -> Failure {
    Refusal::new(ErrorCode::InvalidRequest, "The query does not fit this operation").field(name, problem).into()
}

/// What is said of all that is not there, or not the caller's to know of (attack catalogue §0.7).
pub(super) const fn nothing() -> Refusal {
    Refusal::new(ErrorCode::NotFound, "There is nothing here")
}

pub(super) fn nothing_here() -> Failure {
    nothing().into()
}
