//! The shape of a database, told the same way whichever it is: a line for each column, index and
//! foreign key, in order.

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};

/// The lines.
pub(crate) async fn of(database: &DatabaseConnection) -> Vec<String> {
    let queries = if database.get_database_backend() == DbBackend::Postgres { POSTGRES } else { SQLITE };
    let mut lines = Vec::new();
    for query in queries {
        let rows = database.query_all_raw(Statement::from_string(database.get_database_backend(), *query)).await.unwrap();
        lines.extend(rows.iter().map(|row| row.try_get::<String>("", "line").unwrap()));
    }
    lines.retain(|line| !line.contains("seaql_migrations"));
    lines.sort();
    lines
}

const SQLITE: &[&str] = &[
    "SELECT 'column ' || t.name || '.' || c.name || ' ' ||
        CASE lower(c.type) WHEN 'text' THEN 'text' WHEN 'integer' THEN 'number' WHEN 'boolean' THEN 'flag' WHEN 'blob' THEN 'bytes'
            ELSE c.type END || CASE WHEN c.\"notnull\" = 1 OR c.pk = 1 THEN '' ELSE ' optional' END AS line
        FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'",
    "SELECT 'index ' || t.name || '(' || (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) || ')' ||
        CASE i.\"unique\" WHEN 1 THEN ' unique' ELSE '' END || CASE i.partial WHEN 1 THEN ' partial' ELSE '' END AS line
        FROM sqlite_master t JOIN pragma_index_list(t.name) i WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'",
    "SELECT 'reference ' || t.name || '.' || f.\"from\" || ' to ' || f.\"table\" || ' ' || lower(f.on_delete) AS line
        FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'",
];

const POSTGRES: &[&str] = &[
    "SELECT 'column ' || table_name || '.' || column_name || ' ' ||
        CASE data_type WHEN 'text' THEN 'text' WHEN 'bigint' THEN 'number' WHEN 'boolean' THEN 'flag' WHEN 'bytea' THEN 'bytes'
            ELSE data_type END || CASE is_nullable WHEN 'NO' THEN '' ELSE ' optional' END AS line
        FROM information_schema.columns WHERE table_schema = 'public'",
    // The key of a counted number is no index of its own on SQLite.
    "SELECT 'index ' || t.relname || '(' || (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(x.indkey) WITH ORDINALITY AS k(number, n)
            JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number) || ')' ||
        CASE WHEN x.indisunique THEN ' unique' ELSE '' END || CASE WHEN x.indpred IS NULL THEN '' ELSE ' partial' END AS line
        FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace s ON s.oid = t.relnamespace
        WHERE s.nspname = 'public' AND NOT (x.indisprimary AND t.relname = 'change')",
    "SELECT 'reference ' || t.relname || '.' || a.attname || ' to ' || p.relname || ' ' ||
        CASE c.confdeltype WHEN 'c' THEN 'cascade' WHEN 'a' THEN 'no action' ELSE c.confdeltype::text END AS line
        FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class p ON p.oid = c.confrelid
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1] WHERE c.contype = 'f'",
];
