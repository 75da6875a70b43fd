//! Prices of the operator's own, laid over the list: one model each, from an instant on.

use super::entry::{Entry, Own};
use super::{Rate, Rates, Table, TableError, name};
use crate::model::price::{ClassPrices, PriceOverride};

impl Table {
    /// This table, which must be without overrides, with these on top. An override of a model that the list has prices
    /// it under all its names; one of another name prices that name and its versions alone.
    #[must_use]
    pub fn with_overrides(&self, overrides: &[PriceOverride]) -> Self {
        let mut table = self.clone();
        for given in overrides {
            let index = table.own_entry(&given.model);
            let own = Own {
                from_ms: given.from_ms,
                rates: rates(given.prices),
                searches: given.prices.web_search.map(Rate),
            };
            table.entries[index].put_own(own);
        }
        if !overrides.is_empty() {
            // Writing plain values to a text cannot fail.
            table.own = serde_json::to_string(overrides).unwrap_or_default();
            table.version = table.hash();
        }
        table
    }

    /// The name under which an override of this model is kept: the list's id, or the name itself.
    pub fn own_name(&self, model: &str) -> String {
        let model = name::normalised(model);
        match self.index(&model) {
            Some((index, false)) => self.entries[index].id.clone(),
            _ => model,
        }
    }

    /// The entry of a model, made if there is only a likely one or none.
    fn own_entry(&mut self, model: &str) -> usize {
        let model = name::normalised(model);
        let likely = match self.index(&model) {
            Some((index, false)) => return index,
            Some((index, true)) => self.entries[index].clone(),
            None => Entry::default(),
        };
        let index = self.entries.len();
        self.names.insert(model.clone(), index);
        self.prefixes.insert(model.clone(), index);
        self.entries.push(likely.named(model));
        index
    }
}

/// The overrides in a text of [`Table::own`].
pub(super) fn read(json: &str) -> Result<Vec<PriceOverride>, TableError> {
    serde_json::from_str(json).map_err(TableError::Own)
}

fn rates(prices: ClassPrices) -> Rates {
    let of = |rate: Option<u64>| rate.map(Rate);
    Rates {
        input: of(prices.input),
        input_audio: of(prices.input_audio),
        output: of(prices.output),
        cache_write_5m: of(prices.cache_write_5m),
        cache_write_1h: of(prices.cache_write_1h),
        cache_read: of(prices.cache_read),
    }
}
