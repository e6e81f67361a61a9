//! Typed pieces of a request. Each is read once and refuses by itself.

mod arrival;
mod browser;
mod client_form;
mod forms;
mod origin;
mod realm;
mod session;
mod visitor;

pub use arrival::Arrival;
pub use browser::Browser;
pub use client_form::{ClientForm, authorization_of};
pub(crate) use forms::BODY_TIMEOUT;
pub use forms::{CheckedForm, FlowForm, FormParameters, FormText, QueryParameters};
pub(crate) use forms::{check_origin, parse as parse_query, read_form, readable};
pub use origin::{RequestId, origin_of};
pub use realm::RealmContext;
pub(crate) use realm::{Below, authority, host_of, unknown_realm};
pub use session::{CurrentSession, SignedIn};
pub use visitor::Visitor;
