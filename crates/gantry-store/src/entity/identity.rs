//! The table `identity`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identity")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) realm_id: String,
    pub(crate) connection_id: String,
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) person_id: String,
    pub(crate) email: Option<String>,
    pub(crate) directory: Option<String>,
    pub(crate) groups: String,
    pub(crate) groups_stale_since: Option<i64>,
    pub(crate) created_at: i64,
    pub(crate) last_used_at: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
