//! Prices: the list with the operator's own on top, and the past priced anew.

mod reprice;

use std::collections::HashMap;

use super::{Admin, Error};
use crate::model::price::{ClassPrices, NewOverride, PriceList, PriceOverride, PriceRow};
use crate::model::problem::Problem;
use crate::price::{Entry, Rate};
use crate::state::Shared;
use crate::store::price;

pub(crate) use reprice::finish;
pub use reprice::reprice;

const LONGEST_MODEL: usize = 200;

/// Every model with its prices, by name, those of the operator's own included.
///
/// # Errors
/// If the store fails.
pub async fn list(shared: &Shared, _admin: &Admin) -> Result<PriceList, Error> {
    let at_ms = shared.clock.now_ms();
    let mut own: HashMap<String, Vec<PriceOverride>> = HashMap::new();
    for given in price::overrides(&shared.store).await? {
        own.entry(given.model.clone()).or_default().push(given);
    }
    let table = shared.ledger.prices.load();
    let row = |entry: &Entry| PriceRow {
        model: entry.id.clone(),
        aliases: entry.aliases.clone(),
        now: ClassPrices {
            web_search: Some(entry.searches(1, at_ms).1.0).filter(|rate| *rate > 0),
            ..entry.rates(0, None, at_ms).prices()
        },
        tiers: entry.tiers(),
        next: entry.next(),
        overrides: own.remove(&entry.id).unwrap_or_default(),
    };
    // Of two entries with one id the later one counts: a file's lies over the list's.
    let mut rows: Vec<_> = table.entries().iter().rev().map(row).collect();
    rows.sort_by(|one, other| one.model.cmp(&other.model));
    rows.dedup_by(|later, first| later.model == first.model);
    Ok(PriceList { version: table.version().to_owned(), at_ms, rows })
}

/// Sets prices of the operator's own for a model, from an instant on; one that begins at the same instant is replaced.
/// It holds for the next answer. What is in the books stays as it is until [`reprice`].
///
/// # Errors
/// A problem with a field, or the store fails.
pub async fn set(shared: &Shared, admin: &Admin, given: NewOverride) -> Result<PriceOverride, Error> {
    let prices = prices(&given)?;
    let table = shared.ledger.prices.load();
    let model = model(&given.model).map(|model| table.own_name(model))?;
    let is_listed = table.find(&model).is_some_and(|found| found.entry.is_listed());
    if !is_listed && !prices.is_empty() && (prices.input.is_none() || prices.output.is_none()) {
        let missing = if prices.input.is_none() { "input" } else { "output" };
        return Err(Error::field(missing, Problem::Required));
    }
    let from_ms = given.from_ms.unwrap_or_else(|| shared.clock.now_ms());
    let own = PriceOverride { model, from_ms, prices };
    price::put(&shared.store, shared.ledger.prices.clone(), own.clone(), shared.clock.now_ms()).await?;
    tracing::info!(by = admin.name(), model = %own.model, "price set");
    Ok(own)
}

/// Removes the operator's own prices of a model: those that begin at an instant, or all.
///
/// # Errors
/// There are none, or the store fails.
pub async fn unset(shared: &Shared, admin: &Admin, model: &str, from_ms: Option<i64>) -> Result<(), Error> {
    let prices = shared.ledger.prices.clone();
    let model = prices.load().own_name(model);
    if price::remove(&shared.store, prices, model.clone(), from_ms).await? == 0 {
        return Err(Error::field("model", Problem::NotFound));
    }
    tracing::info!(by = admin.name(), %model, "price unset");
    Ok(())
}

fn model(given: &str) -> Result<&str, Error> {
    let model = given.trim();
    match model.chars().count() {
        0 => Err(Error::field("model", Problem::Required)),
        n if n > LONGEST_MODEL => Err(Error::field("model", Problem::TooLong { max: 200 })),
        _ if model.chars().any(char::is_control) => Err(Error::field("model", Problem::BadCharacters)),
        _ => Ok(model),
    }
}

fn prices(given: &NewOverride) -> Result<ClassPrices, Error> {
    let rate = |field: &str, dollars: &Option<String>| match dollars.as_deref().map(str::trim) {
        None | Some("") => Ok(None),
        Some(dollars) => match Rate::read(dollars) {
            Some(rate) => Ok(Some(rate.0)),
            None => Err(Error::field(field, Problem::NotAPrice)),
        },
    };
    Ok(ClassPrices {
        input: rate("input", &given.input)?,
        input_audio: rate("input_audio", &given.input_audio)?,
        output: rate("output", &given.output)?,
        cache_write_5m: rate("cache_write_5m", &given.cache_write_5m)?,
        cache_write_1h: rate("cache_write_1h", &given.cache_write_1h)?,
        cache_read: rate("cache_read", &given.cache_read)?,
        web_search: rate("web_search", &given.web_search)?,
    })
}
