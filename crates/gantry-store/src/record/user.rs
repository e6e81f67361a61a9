//! People: row and core type, and the queries of that record.

use gantry_core::clock::Timestamp;
use gantry_core::email_address::EmailAddress;
use gantry_core::failure::Fault;
use gantry_core::id::{ConnectionId, UserId};
use gantry_core::paging::{Find, Page};
use gantry_core::search::SearchKind;
use gantry_core::user::RealmRole;
use gantry_core::user::User;
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use super::row::{Row, optional_millis, optional_time, to_json, to_words};
use super::search::{newest, terms};
use super::{removal, search};
use crate::RealmTx;
use crate::entity::{action_link, identity, person};

/// People, within one realm.
#[derive(Debug)]
pub struct Users<'t>(pub(crate) &'t RealmTx);

impl Users<'_> {
    /// The person with this id.
    pub async fn find(&self, id: UserId) -> Result<Option<User>, Fault> {
        let select = self.0.select::<person::Entity>().filter(person::Column::Id.eq(id.to_string()));
        self.0.run().one(select).await?.map(User::try_from).transpose()
    }

    /// The people with these ids, in order of id.
    pub async fn find_all(&self, ids: &[UserId]) -> Result<Vec<User>, Fault> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let keys = ids.iter().map(ToString::to_string);
        let select = self.0.select::<person::Entity>().filter(person::Column::Id.is_in(keys)).order_by_asc(person::Column::Id);
        self.0.run().all(select).await?.into_iter().map(User::try_from).collect()
    }

    /// The person who has proved this address. Unverified accounts are never found by address.
    pub async fn find_by_email(&self, email: &EmailAddress) -> Result<Option<User>, Fault> {
        let select = self
            .0
            .select::<person::Entity>()
            .filter(person::Column::Email.eq(email.as_str()))
            .filter(person::Column::EmailVerifiedAt.is_not_null());
        self.0.run().one(select).await?.map(User::try_from).transpose()
    }

    /// Accounts with this address that never proved it, oldest first.
    pub async fn list_unverified(&self, email: &EmailAddress) -> Result<Vec<User>, Fault> {
        let select = self
            .0
            .select::<person::Entity>()
            .filter(person::Column::Email.eq(email.as_str()))
            .filter(person::Column::EmailVerifiedAt.is_null())
            .order_by_asc(person::Column::Id);
        self.0.run().all(select).await?.into_iter().map(User::try_from).collect()
    }

    /// People in order of id after `after`, at most `limit`.
    pub async fn list(&self, after: Option<UserId>, limit: u64) -> Result<Vec<User>, Fault> {
        let mut select = self.0.select::<person::Entity>().order_by_asc(person::Column::Id).limit(limit);
        if let Some(after) = after {
            select = select.filter(person::Column::Id.gt(after.to_string()));
        }
        self.0.run().all(select).await?.into_iter().map(User::try_from).collect()
    }

    /// People who are looked for; without words and properties all of them, newest first.
    pub async fn search(&self, find: &Find) -> Result<Page<User>, Fault> {
        if search::is_narrowed(find) {
            let page = self.0.search().find(SearchKind::User, find).await?;
            let rows = self.0.run().all(self.0.select::<person::Entity>().filter(person::Column::Id.is_in(&page.items))).await?;
            return search::in_order(page, rows.into_iter().map(User::try_from), |user| user.id.to_string());
        }
        let Some(select) = newest::<person::Entity, UserId>(self.0, person::Column::Id, find) else { return Ok(Page::empty()) };
        search::page_of(self.0.run().all(select).await?.into_iter().map(User::try_from), find, |user| user.id.to_string())
    }

    /// Writes a new person. `false`: the address is already proved by another.
    pub async fn insert(&self, user: &User) -> Result<bool, Fault> {
        let inserted = self.0.run().insert_new::<person::Entity>(self.encode(user)?).await?;
        if inserted {
            self.0.search().write(SearchKind::User, &user.id.to_string(), terms::of_user(user)).await?;
        }
        Ok(inserted)
    }

    /// Writes a changed person. `false`: the address is already proved by another.
    pub async fn update(&self, user: &User) -> Result<bool, Fault> {
        let update = self.0.rewrite::<person::Entity>(self.encode(user)?).filter(person::Column::Id.eq(user.id.to_string()));
        let changed = self.0.update_unique(update).await?;
        if changed.is_some_and(|rows| rows > 0) {
            self.0.search().write(SearchKind::User, &user.id.to_string(), terms::of_user(user)).await?;
        }
        Ok(changed.is_some())
    }

    /// Removes a person and all that hangs on them. Their sessions and grants are dead at once; those
    /// rows and the rest go in batches with the purge, however many they are.
    pub async fn remove(&self, id: UserId) -> Result<(), Fault> {
        let now = self.0.database().clock.now();
        self.0.sessions().end_all(id, None, now).await?;
        self.0.grants().revoke_for_user(id, now).await?;
        self.0.run().delete(self.0.delete::<action_link::Entity>().filter(action_link::Column::PersonId.eq(id.to_string()))).await?;
        let delete = self.0.delete::<person::Entity>().filter(person::Column::Id.eq(id.to_string()));
        if self.0.run().delete(delete).await? > 0 {
            self.0.search().forget(&id.to_string()).await?;
            removal::insert(self.0, removal::Kind::Person, &id.to_string(), now).await?;
        }
        Ok(())
    }

    /// Whether anybody has this role.
    pub async fn any_with_role(&self, role: RealmRole) -> Result<bool, Fault> {
        let select = self.0.select::<person::Entity>().filter(person::Column::Roles.is_not_null());
        for row in self.0.run().all(select).await? {
            if User::try_from(row)?.roles.contains(&role) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Those with a role in the realm who have linked an account at this connection.
    pub async fn list_with_roles_at(&self, connection: ConnectionId) -> Result<Vec<User>, Fault> {
        let linked = Query::select()
            .column(identity::Column::PersonId)
            .from(identity::Entity)
            .and_where(identity::Column::ConnectionId.eq(connection.to_string()))
            .to_owned();
        let select =
            self.0.select::<person::Entity>().filter(person::Column::Roles.is_not_null()).filter(person::Column::Id.in_subquery(linked));
        self.0.run().all(select).await?.into_iter().map(User::try_from).collect()
    }

    fn encode(&self, user: &User) -> Result<person::Model, Fault> {
        Ok(person::Model {
            id: user.id.to_string(),
            realm_id: self.0.realm_id().to_string(),
            email: user.email.as_str().to_owned(),
            email_verified_at: optional_millis(user.email_verified_at),
            profile: to_json(&user.profile)?,
            roles: (!user.roles.is_empty()).then(|| to_words(&user.roles)),
            disabled_at: optional_millis(user.disabled_at),
            created_at: user.created_at.millis(),
            updated_at: user.updated_at.millis(),
        })
    }
}

impl TryFrom<person::Model> for User {
    type Error = Fault;

    fn try_from(model: person::Model) -> Result<Self, Fault> {
        let row = Row::new("person", &model.id);
        Ok(Self {
            id: row.id("id", &model.id)?,
            realm_id: row.id("realm_id", &model.realm_id)?,
            email: row.known("email", EmailAddress::parse(&model.email).ok())?,
            email_verified_at: optional_time(model.email_verified_at),
            profile: row.json("profile", &model.profile)?,
            roles: row.words("roles", model.roles.as_deref().unwrap_or_default(), RealmRole::parse)?,
            disabled_at: optional_time(model.disabled_at),
            created_at: Timestamp::from_millis(model.created_at),
            updated_at: Timestamp::from_millis(model.updated_at),
        })
    }
}
