//! The table `connection`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "connection")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) realm_id: String,
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) owner_id: Option<String>,
    pub(crate) settings: String,
    pub(crate) secrets: Option<Vec<u8>>,
    pub(crate) credential_expires_at: Option<i64>,
    pub(crate) warned_at: Option<i64>,
    pub(crate) not_before: Option<i64>,
    pub(crate) disabled_at: Option<i64>,
    pub(crate) created_at: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
