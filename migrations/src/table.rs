//! The vocabulary of tables: the few column kinds that mean the same on SQLite and on Postgres.
//!
//! Owns how a table is spelt on each. Never a native uuid, timestamp, enum, array, JSON or decimal:
//! identifiers and digests are text, instants are milliseconds, JSON is text that no query looks into.

use sea_orm::DbBackend;
use sea_orm::sea_query::{
    ColumnDef, ConditionalStatement as _, Expr, ExprTrait as _, ForeignKey, ForeignKeyAction, Index, IndexCreateStatement, Table,
    TableAlterStatement, TableCreateStatement,
};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Flag,
    Bytes,
    Sequence,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    name: &'static str,
    kind: Kind,
    optional: bool,
}

impl Column {
    const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, optional: false }
    }

    fn build(self, backend: DbBackend) -> ColumnDef {
        let mut column = ColumnDef::new(self.name);
        match self.kind {
            Kind::Text => {
                column.text();
                // Byte order, as SQLite has it: paging must not depend on the server's locale.
                if backend == DbBackend::Postgres {
                    column.extra("COLLATE \"C\"");
                }
            }
            Kind::Number => {
                column.big_integer();
            }
            Kind::Flag => {
                column.boolean();
            }
            Kind::Bytes => {
                column.blob();
            }
            Kind::Sequence => {
                column.big_integer().auto_increment().primary_key();
            }
        }
        if self.optional {
            column.null()
        } else {
            column.not_null()
        };
        column
    }
}

/// A typed identifier.
pub(crate) const fn id(name: &'static str) -> Column {
    Column::new(name, Kind::Text)
}

/// Text.
pub(crate) const fn text(name: &'static str) -> Column {
    Column::new(name, Kind::Text)
}

/// JSON, as text.
pub(crate) const fn json(name: &'static str) -> Column {
    Column::new(name, Kind::Text)
}

/// An instant, in milliseconds.
pub(crate) const fn time(name: &'static str) -> Column {
    Column::new(name, Kind::Number)
}

/// A whole number.
pub(crate) const fn number(name: &'static str) -> Column {
    Column::new(name, Kind::Number)
}

/// True or false.
pub(crate) const fn flag(name: &'static str) -> Column {
    Column::new(name, Kind::Flag)
}

/// Bytes, such as a sealed secret.
pub(crate) const fn bytes(name: &'static str) -> Column {
    Column::new(name, Kind::Bytes)
}

/// A key that the database counts on, never giving a number twice.
pub(crate) const fn sequence(name: &'static str) -> Column {
    Column::new(name, Kind::Sequence)
}

/// The same column, which may be empty.
pub(crate) const fn optional(column: Column) -> Column {
    Column { optional: true, ..column }
}

/// The rows that a partial index holds.
#[derive(Debug, Clone, Copy)]
enum Rows {
    All,
    Set(&'static str),
    Unset(&'static str),
    Equal(&'static str, &'static str),
}

#[derive(Debug, Clone, Copy)]
struct NewIndex {
    columns: &'static [&'static str],
    unique: bool,
    rows: Rows,
}

#[derive(Debug, Clone, Copy)]
struct Reference {
    column: &'static str,
    table: &'static str,
    owned: bool,
}

/// A table to be made, with its keys and indexes; or one that is there, with further indexes.
#[derive(Debug)]
pub(crate) struct NewTable {
    name: &'static str,
    columns: Vec<Column>,
    key: &'static [&'static str],
    references: Vec<Reference>,
    indexes: Vec<NewIndex>,
    existing: bool,
}

impl NewTable {
    /// A table with these columns; the key is empty where a [`sequence`] is it.
    pub(crate) fn new(name: &'static str, key: &'static [&'static str], columns: &[Column]) -> Self {
        Self { name, columns: columns.to_vec(), key, references: Vec::new(), indexes: Vec::new(), existing: false }
    }

    /// What a table that is there already gets: optional columns, and indexes.
    pub(crate) fn grown(name: &'static str, columns: &[Column]) -> Self {
        Self { existing: true, ..Self::new(name, &[], columns) }
    }

    /// A table that an earlier step made, to be given further indexes.
    pub(crate) const fn existing(name: &'static str) -> Self {
        Self { name, columns: Vec::new(), key: &[], references: Vec::new(), indexes: Vec::new(), existing: true }
    }

    /// Whether the step makes it; else an earlier one did.
    pub(crate) const fn is_new(&self) -> bool {
        !self.existing
    }

    /// The name.
    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }

    /// The column names a row of another table, which cannot go while it is named.
    pub(crate) fn refers(mut self, column: &'static str, table: &'static str) -> Self {
        self.references.push(Reference { column, table, owned: false });
        self
    }

    /// The column names a row of another table, and this row goes with it.
    pub(crate) fn belongs(mut self, column: &'static str, table: &'static str) -> Self {
        self.references.push(Reference { column, table, owned: true });
        self
    }

    /// An index for a query path.
    pub(crate) fn index(self, columns: &'static [&'static str]) -> Self {
        self.with_index(columns, false, Rows::All)
    }

    /// An index over the rows where the column is set.
    pub(crate) fn index_where_set(self, columns: &'static [&'static str], set: &'static str) -> Self {
        self.with_index(columns, false, Rows::Set(set))
    }

    /// An index over the rows where the column is not set.
    pub(crate) fn index_where_unset(self, columns: &'static [&'static str], unset: &'static str) -> Self {
        self.with_index(columns, false, Rows::Unset(unset))
    }

    /// No two rows agree in these columns.
    pub(crate) fn unique(self, columns: &'static [&'static str]) -> Self {
        self.with_index(columns, true, Rows::All)
    }

    /// No two rows where `set` is set agree in these columns.
    pub(crate) fn unique_where_set(self, columns: &'static [&'static str], set: &'static str) -> Self {
        self.with_index(columns, true, Rows::Set(set))
    }

    /// No two rows where the column has the value agree in these columns.
    pub(crate) fn unique_where(self, columns: &'static [&'static str], column: &'static str, value: &'static str) -> Self {
        self.with_index(columns, true, Rows::Equal(column, value))
    }

    fn with_index(mut self, columns: &'static [&'static str], unique: bool, rows: Rows) -> Self {
        self.indexes.push(NewIndex { columns, unique, rows });
        self
    }

    /// The statement that makes the table.
    pub(crate) fn create(&self, backend: DbBackend) -> TableCreateStatement {
        let mut table = Table::create();
        table.table(self.name);
        for column in &self.columns {
            table.col(column.build(backend));
        }
        if !self.key.is_empty() {
            let mut key = Index::create();
            for column in self.key {
                key.col(*column);
            }
            table.primary_key(key.name(format!("{}_pkey", self.name)));
        }
        for reference in &self.references {
            let action = if reference.owned { ForeignKeyAction::Cascade } else { ForeignKeyAction::NoAction };
            table.foreign_key(
                ForeignKey::create()
                    .name(format!("{}_{}_fkey", self.name, reference.column))
                    .from(self.name, reference.column)
                    .to(reference.table, "id")
                    .on_delete(action),
            );
        }
        table
    }

    /// The statements that add the columns, one each: SQLite takes no more at once.
    pub(crate) fn add_columns(&self, backend: DbBackend) -> Vec<TableAlterStatement> {
        let add = |column: &Column| Table::alter().table(self.name).add_column(column.build(backend)).to_owned();
        self.columns.iter().map(add).collect()
    }

    /// The statements that take them away again.
    pub(crate) fn drop_columns(&self) -> Vec<TableAlterStatement> {
        self.columns.iter().rev().map(|column| Table::alter().table(self.name).drop_column(column.name).to_owned()).collect()
    }

    /// The names of its indexes.
    pub(crate) fn index_names(&self) -> Vec<String> {
        self.indexes.iter().map(|index| self.index_name(index)).collect()
    }

    /// The statements that make its indexes.
    pub(crate) fn create_indexes(&self) -> Vec<IndexCreateStatement> {
        self.indexes.iter().map(|index| self.create_index(index)).collect()
    }

    fn index_name(&self, index: &NewIndex) -> String {
        let ending = match index.rows {
            Rows::All => String::new(),
            Rows::Set(column) => format!("_{column}_set"),
            Rows::Unset(column) => format!("_{column}_unset"),
            Rows::Equal(_, value) => format!("_{value}"),
        };
        let kind = if index.unique { "key" } else { "idx" };
        format!("{}_{}{ending}_{kind}", self.name, index.columns.join("_"))
    }

    fn create_index(&self, index: &NewIndex) -> IndexCreateStatement {
        let mut create = Index::create();
        create.name(self.index_name(index)).table(self.name);
        for column in index.columns {
            create.col(*column);
        }
        if index.unique {
            create.unique();
        }
        match index.rows {
            Rows::All => {}
            Rows::Set(column) => {
                create.and_where(Expr::col(column).is_not_null());
            }
            Rows::Unset(column) => {
                create.and_where(Expr::col(column).is_null());
            }
            Rows::Equal(column, value) => {
                create.and_where(Expr::col(column).eq(value));
            }
        }
        create
    }
}
