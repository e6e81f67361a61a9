//! The table `client`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "client")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) realm_id: String,
    pub(crate) client_id: String,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) publisher_id: Option<String>,
    pub(crate) website: Option<String>,
    pub(crate) redirect_uris: String,
    pub(crate) post_logout_redirect_uris: String,
    pub(crate) grant_types: String,
    pub(crate) scopes: String,
    pub(crate) default_resource: Option<String>,
    pub(crate) auth_method: Option<String>,
    pub(crate) jwks: Option<String>,
    pub(crate) jwks_uri: Option<String>,
    pub(crate) introspects: Option<String>,
    pub(crate) policy: String,
    pub(crate) built_in: bool,
    pub(crate) consent_version: i64,
    pub(crate) version: i64,
    pub(crate) not_before: Option<i64>,
    pub(crate) disabled_at: Option<i64>,
    pub(crate) created_at: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
