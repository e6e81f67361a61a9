//! The rows of a test's database as they are, whatever the store makes of them: for what has to hold for every table there is.

use std::collections::BTreeMap;

use sqlx::Row as _;

use super::Gantry;

/// A table: its columns, and each row as one text.
#[derive(Debug, Default)]
pub struct Table {
    /// The names of its columns.
    pub columns: Vec<String>,
    /// Its rows.
    pub rows: Vec<String>,
}

impl Table {
    /// Whether any row holds this text.
    pub fn holds(&self, text: &str) -> bool {
        self.rows.iter().any(|row| row.contains(text))
    }
}

impl Gantry {
    /// Every table, by its name.
    pub async fn tables(&self) -> BTreeMap<String, Table> {
        use sqlx::Connection as _;
        let mut tables: BTreeMap<String, Table> = BTreeMap::new();
        if let Some(url) = &self.database.url {
            let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
            let columns = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'";
            for row in sqlx::query(columns).fetch_all(&mut connection).await.unwrap() {
                tables.entry(row.get(0)).or_default().columns.push(row.get(1));
            }
            for (name, table) in &mut tables {
                let statement = format!("SELECT t::text FROM \"{name}\" t");
                let rows = sqlx::query(sqlx::AssertSqlSafe(statement)).fetch_all(&mut connection).await.unwrap();
                table.rows = rows.iter().map(|row| row.get(0)).collect();
            }
            return tables;
        }
        let file = format!("sqlite://{}", self.database.path().join("gantry.db").display());
        let mut connection = sqlx::SqliteConnection::connect(&file).await.unwrap();
        let columns = "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'";
        for row in sqlx::query(columns).fetch_all(&mut connection).await.unwrap() {
            tables.entry(row.get(0)).or_default().columns.push(row.get(1));
        }
        for (name, table) in &mut tables {
            let cells: Vec<String> = table.columns.iter().map(|column| format!("coalesce(hex(\"{column}\"), '')")).collect();
            let statement = format!("SELECT {} FROM \"{name}\"", cells.join(" || '2C' || "));
            let rows = sqlx::query(sqlx::AssertSqlSafe(statement)).fetch_all(&mut connection).await.unwrap();
            table.rows = rows.iter().map(|row| from_hex(&row.get::<String, _>(0))).collect();
        }
        tables
    }
}

fn from_hex(text: &str) -> String {
    let bytes: Vec<u8> =
        text.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}
