//! What every request passes through.

mod edge;
mod host;
mod request_id;
mod security_headers;

pub(crate) use edge::edge;
