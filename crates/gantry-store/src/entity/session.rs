//! The table `session`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) realm_id: String,
    pub(crate) person_id: String,
    pub(crate) digest: String,
    pub(crate) connection_id: Option<String>,
    pub(crate) methods: String,
    pub(crate) authenticated_at: i64,
    pub(crate) remembered: bool,
    pub(crate) user_agent: String,
    pub(crate) ip: String,
    pub(crate) last_used_at: i64,
    pub(crate) created_at: i64,
    pub(crate) expires_at: i64,
    pub(crate) ended_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
