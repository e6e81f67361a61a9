//! How statements run: each on its handle's connection, each failure named after its table.

use std::sync::atomic::{AtomicBool, Ordering};

use gantry_core::failure::Fault;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    DatabaseExecutor, DbErr, DeleteMany, EntityTrait, Insert, IntoActiveModel, PaginatorTrait, Select, SelectThree, TryGetableMany,
    UpdateMany,
};

use crate::database::fault;

/// Runs statements.
pub(crate) struct Statements<'d> {
    executor: DatabaseExecutor<'d>,
    failed: Option<&'d AtomicBool>,
}

impl<'d> Statements<'d> {
    /// On a connection of its own.
    pub(crate) fn on(executor: impl Into<DatabaseExecutor<'d>>) -> Self {
        Self { executor: executor.into(), failed: None }
    }

    /// In a transaction, which must not be committed once `failed` is set.
    pub(crate) fn within(executor: impl Into<DatabaseExecutor<'d>>, failed: &'d AtomicBool) -> Self {
        Self { executor: executor.into(), failed: Some(failed) }
    }

    /// The row, if there is one.
    pub(crate) async fn one<E: EntityTrait>(&self, select: Select<E>) -> Result<Option<E::Model>, Fault> {
        select.one(&self.executor).await.map_err(|error| self.failure::<E>("read", error))
    }

    /// The row with the two that it refers to, as far as they are there.
    pub(crate) async fn one_of_three<E, F, G>(
        &self,
        select: SelectThree<E, F, G, sea_orm::query::TopologyStar>,
    ) -> Result<Option<(E::Model, Option<F::Model>, Option<G::Model>)>, Fault>
    where
        E: EntityTrait,
        F: EntityTrait,
        G: EntityTrait,
    {
        select.one(&self.executor).await.map_err(|error| self.failure::<E>("read", error))
    }

    /// The rows.
    pub(crate) async fn all<E: EntityTrait>(&self, select: Select<E>) -> Result<Vec<E::Model>, Fault> {
        select.all(&self.executor).await.map_err(|error| self.failure::<E>("read", error))
    }

    /// How many rows there are: for a page that says what a removal takes along, never for a list.
    pub(crate) async fn count<E>(&self, select: Select<E>) -> Result<u64, Fault>
    where
        E: EntityTrait,
        E::Model: Send + Sync,
    {
        select.count(&self.executor).await.map_err(|error| self.failure::<E>("count", error))
    }

    /// Some columns of the rows, or what is reckoned from them.
    pub(crate) async fn tuples<E: EntityTrait, T: TryGetableMany>(&self, select: Select<E>) -> Result<Vec<T>, Fault> {
        select.into_tuple::<T>().all(&self.executor).await.map_err(|error| self.failure::<E>("read", error))
    }

    /// Writes a row that cannot be there yet.
    pub(crate) async fn insert<E>(&self, row: E::Model) -> Result<(), Fault>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let insert = Insert::one(row.into_active_model());
        insert.exec_without_returning(&self.executor).await.map(|_| ()).map_err(|error| self.failure::<E>("write", error))
    }

    /// Writes a row unless one with the same key or unique columns is there. `false`: one is.
    pub(crate) async fn insert_new<E>(&self, row: E::Model) -> Result<bool, Fault>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let insert = Insert::one(row.into_active_model()).on_conflict(OnConflict::new().do_nothing().to_owned());
        match insert.exec_without_returning(&self.executor).await {
            Ok(rows) => Ok(rows > 0),
            Err(DbErr::RecordNotInserted) => Ok(false),
            Err(error) => Err(self.failure::<E>("write", error)),
        }
    }

    /// Writes many rows in one statement; none at all is fine.
    pub(crate) async fn insert_all<E>(&self, rows: Vec<E::Model>) -> Result<(), Fault>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        if rows.is_empty() {
            return Ok(());
        }
        let insert = Insert::many(rows.into_iter().map(IntoActiveModel::into_active_model));
        insert.exec_without_returning(&self.executor).await.map(|_| ()).map_err(|error| self.failure::<E>("write", error))
    }

    /// Writes a row over the one with the same values in `key`, in its columns `over`.
    pub(crate) async fn put<E>(&self, row: E::Model, key: &[E::Column], over: &[E::Column]) -> Result<(), Fault>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let conflict = OnConflict::columns(key.iter().copied()).update_columns(over.iter().copied()).to_owned();
        let insert = Insert::one(row.into_active_model()).on_conflict(conflict);
        insert.exec_without_returning(&self.executor).await.map(|_| ()).map_err(|error| self.failure::<E>("write", error))
    }

    /// Changes rows; returns how many.
    pub(crate) async fn update<E: EntityTrait>(&self, update: UpdateMany<E>) -> Result<u64, Fault> {
        update.exec(&self.executor).await.map(|done| done.rows_affected).map_err(|error| self.failure::<E>("change", error))
    }

    /// Changes rows and returns them.
    pub(crate) async fn update_returning<E: EntityTrait>(&self, update: UpdateMany<E>) -> Result<Vec<E::Model>, Fault> {
        update.exec_with_returning(&self.executor).await.map_err(|error| self.failure::<E>("change", error))
    }

    /// Removes rows; returns how many.
    pub(crate) async fn delete<E: EntityTrait>(&self, delete: DeleteMany<E>) -> Result<u64, Fault> {
        delete.exec(&self.executor).await.map(|done| done.rows_affected).map_err(|error| self.failure::<E>("remove", error))
    }

    /// Removes rows and returns them.
    pub(crate) async fn delete_returning<E: EntityTrait>(&self, delete: DeleteMany<E>) -> Result<Vec<E::Model>, Fault> {
        delete.exec_with_returning(&self.executor).await.map_err(|error| self.failure::<E>("remove", error))
    }

    /// On Postgres a failed statement spoils its transaction, and the commit that follows would be a
    /// rollback that reports success. So the handle remembers.
    fn failure<E: EntityTrait>(&self, doing: &str, error: DbErr) -> Fault {
        if let Some(failed) = self.failed {
            failed.store(true, Ordering::Relaxed);
        }
        fault(&format!("{doing} the table `{}`", E::default().table_name()), error)
    }
}
