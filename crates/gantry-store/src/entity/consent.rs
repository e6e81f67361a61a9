//! The table `consent`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) realm_id: String,
    pub(crate) person_id: String,
    pub(crate) client_id: String,
    pub(crate) client_version: i64,
    pub(crate) tenant_id: String,
    pub(crate) scopes: String,
    pub(crate) audiences: String,
    pub(crate) decided_at: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
