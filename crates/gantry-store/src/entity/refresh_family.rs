//! The table `refresh_family`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_family")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) realm_id: String,
    pub(crate) grant_id: String,
    pub(crate) client_id: String,
    pub(crate) secret: Vec<u8>,
    pub(crate) generation: i64,
    pub(crate) rotated_at: i64,
    pub(crate) idle_expires_at: i64,
    pub(crate) absolute_expires_at: i64,
    pub(crate) revoked_at: Option<i64>,
    pub(crate) created_at: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
