//! The table `access_grant`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "access_grant")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) realm_id: String,
    pub(crate) person_id: String,
    pub(crate) client_id: String,
    pub(crate) connection_id: Option<String>,
    pub(crate) session_id: String,
    pub(crate) session_bound: bool,
    pub(crate) scopes: String,
    pub(crate) audiences: String,
    pub(crate) tenants: String,
    pub(crate) default_tenant: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) requested_claims: Option<String>,
    pub(crate) authenticated_at: i64,
    pub(crate) acr: String,
    pub(crate) amr: String,
    pub(crate) created_at: i64,
    pub(crate) last_used_at: i64,
    pub(crate) revoked_at: Option<i64>,
    pub(crate) purge_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {
    #[sea_orm(belongs_to = "super::person::Entity", from = "Column::PersonId", to = "super::person::Column::Id")]
    Person,
    #[sea_orm(belongs_to = "super::session::Entity", from = "Column::SessionId", to = "super::session::Column::Id")]
    Session,
}

impl Related<super::person::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Person.def()
    }
}

impl Related<super::session::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Session.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
