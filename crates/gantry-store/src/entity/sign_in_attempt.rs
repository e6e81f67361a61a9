//! The table `sign_in_attempt`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_attempt")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) realm_id: String,
    pub(crate) connection_id: String,
    pub(crate) state: String,
    pub(crate) browser: String,
    pub(crate) nonce: String,
    pub(crate) verifier: Vec<u8>,
    pub(crate) purpose: String,
    pub(crate) request_id: Option<String>,
    pub(crate) tenant_id: Option<String>,
    pub(crate) remember: bool,
    pub(crate) max_age: Option<i64>,
    pub(crate) trace_id: String,
    pub(crate) created_at: i64,
    pub(crate) expires_at: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
