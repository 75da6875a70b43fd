//! Every sealed text at rest, in one table: what has to be sealed anew under another encryption key.

use rusqlite::{Transaction, params};

use super::{Store, StoreError};
use crate::secret::vault::{Place, VaultError};

/// A column with sealed texts, and the place that they were sealed for.
struct Column {
    table: &'static str,
    /// The column with the record's id.
    id: &'static str,
    column: &'static str,
    kind: &'static str,
    field: &'static str,
}

const COLUMNS: [Column; 5] = [
    Column { table: "account", id: "id", column: "secret", kind: "account", field: "secret" },
    Column { table: "account", id: "id", column: "proxy_password", kind: "account", field: "proxy_password" },
    Column { table: "token", id: "account_id", column: "access", kind: "account", field: "access" },
    Column { table: "token", id: "account_id", column: "refresh", kind: "account", field: "refresh" },
    Column { table: "meta", id: "name", column: "value", kind: "meta", field: "value" },
];

/// Seals every text anew and sets a value of the install's, all in one transaction. Says how many texts there were.
///
/// # Errors
/// If one of them does not open, or the store fails; nothing is changed then.
pub async fn reseal<F>(
    store: &Store,
    (name, value): (&'static str, String),
    reseal: F,
) -> Result<usize, StoreError>
where
    F: Fn(Place<'_>, &str) -> Result<String, VaultError> + Send + 'static,
{
    store
        .durable(move |write| {
            // Nothing that was sealed under the old key is to be found in the file any more.
            write.execute_batch("PRAGMA secure_delete = ON")?;
            let mut count = 0;
            for column in &COLUMNS {
                count += column.reseal(write, &reseal)?;
            }
            write.execute("UPDATE meta SET value = ?2 WHERE name = ?1", params![name, value])?;
            Ok(count)
        })
        .await
}

impl Column {
    fn reseal(
        &self,
        write: &Transaction<'_>,
        reseal: &impl Fn(Place<'_>, &str) -> Result<String, VaultError>,
    ) -> Result<usize, StoreError> {
        let Self { table, id, column, kind, field } = self;
        let query = format!("SELECT {id}, {column} FROM {table} WHERE {column} LIKE 'v1.%'");
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let texts: Vec<(String, String)> =
            write.prepare(&query)?.query_map([], row)?.collect::<Result<_, _>>()?;
        let change = format!("UPDATE {table} SET {column} = ?2 WHERE {id} = ?1");
        for (record, sealed) in &texts {
            let anew = reseal(Place { kind, id: record, field }, sealed);
            let anew =
                anew.map_err(|cause| StoreError::Sealed { place: format!("{field} of {record}"), cause })?;
            write.execute(&change, params![record, anew])?;
        }
        Ok(texts.len())
    }
}
