//! The table `tenant`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tenant")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) realm_id: String,
    pub(crate) org_id: String,
    pub(crate) name: String,
    pub(crate) app_policy: String,
    pub(crate) max_sign_in_age: Option<i64>,
    pub(crate) sign_in: String,
    pub(crate) suspended_at: Option<i64>,
    pub(crate) not_before: Option<i64>,
    pub(crate) created_at: i64,
    pub(crate) accent: Option<String>,
    pub(crate) welcome: Option<String>,
    pub(crate) password_min_length: Option<i64>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
