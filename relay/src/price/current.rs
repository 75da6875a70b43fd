//! The prices in force: the table, and the operator's own on top, which change while the relay runs.

use std::sync::Arc;

use arc_swap::ArcSwap;

use super::Table;
use crate::model::price::PriceOverride;

/// The prices in force. Cheap to clone; all clones change together.
#[derive(Clone, Debug)]
pub struct Prices(Arc<Layers>);

#[derive(Debug)]
struct Layers {
    listed: Table,
    current: ArcSwap<Table>,
}

impl Prices {
    /// The list alone.
    pub fn new(listed: Table) -> Self {
        let current = ArcSwap::from_pointee(listed.clone());
        Self(Arc::new(Layers { listed, current }))
    }

    /// The table in force. It stays what it is in the hands of whoever took it.
    pub fn load(&self) -> Arc<Table> {
        self.0.current.load_full()
    }

    /// The table as it would be with these overrides.
    pub fn with(&self, overrides: &[PriceOverride]) -> Table {
        self.0.listed.with_overrides(overrides)
    }

    /// Puts a table from [`Prices::with`] in force.
    pub fn set(&self, table: Table) {
        self.0.current.store(Arc::new(table));
    }
}
