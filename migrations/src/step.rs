//! A step that makes tables and indexes, as most do: what it is called, what it does, and how it is undone.

use sea_orm::ConnectionTrait as _;
use sea_orm_migration::prelude::{DbErr, Index, MigrationName, MigrationTrait, SchemaManager, Table};

use crate::table::NewTable;

/// A step of the schema's history. Never edited once released.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    /// Its name, which orders it.
    pub(crate) name: &'static str,
    /// What it does, as the rest of a sentence.
    pub(crate) does: &'static str,
    /// The tables it makes, parents first, and those it gives further columns and indexes.
    pub(crate) tables: fn() -> Vec<NewTable>,
}

impl MigrationName for Step {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_connection().get_database_backend();
        for table in (self.tables)() {
            if table.is_new() {
                manager.create_table(table.create(backend)).await?;
            } else {
                for column in table.add_columns(backend) {
                    manager.alter_table(column).await?;
                }
            }
            for index in table.create_indexes() {
                manager.create_index(index).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in (self.tables)().iter().rev() {
            if table.is_new() {
                manager.drop_table(Table::drop().table(table.name()).to_owned()).await?;
                continue;
            }
            // SQLite drops no column that an index holds.
            for name in table.index_names() {
                manager.drop_index(Index::drop().name(name).table(table.name()).to_owned()).await?;
            }
            for column in table.drop_columns() {
                manager.alter_table(column).await?;
            }
        }
        Ok(())
    }

    // SQLite's schema statements are transactional too; the default wraps them on Postgres only.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
