//! The table `outbox`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) realm_id: String,
    pub(crate) mail: Vec<u8>,
    pub(crate) attempts: i64,
    pub(crate) due_at: Option<i64>,
    pub(crate) created_at: i64,
    pub(crate) last_error: Option<String>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
