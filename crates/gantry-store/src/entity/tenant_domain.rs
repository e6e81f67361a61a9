//! The table `tenant_domain`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tenant_domain")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) realm_id: String,
    pub(crate) tenant_id: String,
    pub(crate) domain: String,
    pub(crate) challenge: String,
    pub(crate) proof: Option<String>,
    pub(crate) proved_at: Option<i64>,
    pub(crate) checked_at: Option<i64>,
    pub(crate) failing_since: Option<i64>,
    pub(crate) check_at: Option<i64>,
    pub(crate) created_at: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
