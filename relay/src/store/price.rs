//! The operator's own prices at rest, and every version of the price table that a record may name.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sha2::{Digest, Sha256};

use super::{Store, StoreError};
use crate::model::price::PriceOverride;
use crate::price::{Prices, Table};

/// Every override, by model, earliest first.
///
/// # Errors
/// If the store fails.
pub async fn overrides(store: &Store) -> Result<Vec<PriceOverride>, StoreError> {
    store.read(read_overrides).await
}

/// Adds or replaces an override, and puts it in force.
///
/// # Errors
/// If the store fails.
pub async fn put(store: &Store, prices: Prices, given: PriceOverride, set_ms: i64) -> Result<(), StoreError> {
    let change = "INSERT OR REPLACE INTO price_override VALUES (?1, ?2, ?3, ?4)";
    let json = serde_json::to_string(&given.prices).map_err(|_| StoreError::Damaged("price"))?;
    change_and_set(store, prices, move |write| {
        write.execute(change, params![given.model, given.from_ms, json, set_ms])?;
        Ok(())
    })
    .await
}

/// Removes the override of a model that begins at that instant, or all of them. Returns how many there were.
///
/// # Errors
/// If the store fails.
pub async fn remove(
    store: &Store,
    prices: Prices,
    model: String,
    from_ms: Option<i64>,
) -> Result<usize, StoreError> {
    let change = "DELETE FROM price_override WHERE model = ?1 AND coalesce(?2, from_ms) = from_ms";
    change_and_set(store, prices, move |write| Ok(write.execute(change, params![model, from_ms])?)).await
}

/// Puts the overrides at rest in force, and keeps the version that comes of it: for the start.
///
/// # Errors
/// If the store fails.
pub async fn put_in_force(store: &Store, prices: Prices) -> Result<(), StoreError> {
    change_and_set(store, prices, |_| Ok(())).await
}

/// The table of a version, as it was when records were priced with it; nothing if it was never kept.
///
/// # Errors
/// If the store fails, or what it holds is no table.
pub async fn table(store: &Store, version: String) -> Result<Option<Table>, StoreError> {
    store.read(move |read| read_table(read, &version)).await
}

/// No record is priced with a version that is not kept: it is kept first, and put in force after. Both happen on the
/// writer's thread, so that of two changes the later one stays in force.
async fn change_and_set<T: Send + 'static>(
    store: &Store,
    prices: Prices,
    change: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let base = prices.clone();
    let changed = store
        .durable(move |write| {
            let changed = change(write)?;
            keep(write, &base.with(&read_overrides(write)?))?;
            Ok(changed)
        })
        .await?;
    store
        .lazy(move |write| {
            prices.set(prices.with(&read_overrides(write)?));
            Ok(())
        })
        .await?;
    Ok(changed)
}

fn read_overrides(read: &Connection) -> Result<Vec<PriceOverride>, StoreError> {
    let query = "SELECT model, from_ms, prices FROM price_override ORDER BY model, from_ms";
    let mut statement = read.prepare_cached(query)?;
    let mut rows = statement.query([])?;
    let mut overrides = Vec::new();
    while let Some(row) = rows.next()? {
        let json: String = row.get(2)?;
        let prices = serde_json::from_str(&json).map_err(|_| StoreError::Damaged("price"))?;
        overrides.push(PriceOverride { model: row.get(0)?, from_ms: row.get(1)?, prices });
    }
    Ok(overrides)
}

fn keep(write: &Transaction<'_>, table: &Table) -> Result<(), StoreError> {
    let mut hashes = Vec::new();
    for layer in table.layers() {
        let hash = hex::encode(&Sha256::digest(layer)[..12]);
        write.execute("INSERT OR IGNORE INTO price_layer VALUES (?1, ?2)", params![hash, layer])?;
        hashes.push(hash);
    }
    let change = "INSERT OR IGNORE INTO price_version VALUES (?1, ?2, ?3)";
    write.execute(change, params![table.version(), hashes.join(" "), table.own()])?;
    Ok(())
}

fn read_table(read: &Connection, version: &str) -> Result<Option<Table>, StoreError> {
    let query = "SELECT layers, own FROM price_version WHERE version = ?1";
    let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
    let Some((hashes, own)) = read.query_row(query, [version], row).optional()? else { return Ok(None) };
    let mut layers = Vec::new();
    for hash in hashes.split(' ') {
        let layer = read.query_row("SELECT text FROM price_layer WHERE hash = ?1", [hash], |row| row.get(0));
        layers.push(layer?);
    }
    Table::restored(layers, &own).map(Some).map_err(|_| StoreError::Damaged("price table"))
}
