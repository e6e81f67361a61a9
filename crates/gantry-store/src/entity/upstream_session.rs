//! The table `upstream_session`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "upstream_session")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) session_id: String,
    pub(crate) realm_id: String,
    pub(crate) connection_id: String,
    pub(crate) identity_id: String,
    pub(crate) upstream_sid: Option<String>,
    pub(crate) tokens: Option<Vec<u8>>,
    pub(crate) check_at: Option<i64>,
    pub(crate) created_at: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
