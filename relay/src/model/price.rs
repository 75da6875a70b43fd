//! Prices as an operator sees and sets them, and how a call's cost came about.

use serde::{Deserialize, Serialize};

use super::money::Nanodollars;

/// Prices by class. Nano-dollars per million tokens, of searches per thousand; what is absent is not set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassPrices {
    /// Prompt tokens neither read from nor written to a cache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<u64>,
    /// Of these, audio, where it has a price of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_audio: Option<u64>,
    /// Output, thinking included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<u64>,
    /// Prompt tokens written to the cache for five minutes, or for the provider's only lifetime.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write_5m: Option<u64>,
    /// Prompt tokens written to the cache for an hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write_1h: Option<u64>,
    /// Prompt tokens read from the cache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_read: Option<u64>,
    /// Web searches, or requests that searched where the provider counts so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub web_search: Option<u64>,
}

impl ClassPrices {
    /// Nothing is set: from here on the list's prices hold.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Prices of the operator's own for one model, from an instant on and until the next of them. A class that is not set
/// keeps the list's price; one that is set has this price whatever the prompt's length and the service tier. Fast mode,
/// inference in the US and batches multiply it as they do the list's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceOverride {
    /// The model, by its id in the list; another name where the list has none.
    pub model: String,
    /// The first instant at which it holds, milliseconds since 1970.
    pub from_ms: i64,
    /// The prices; none at all ends an earlier override.
    #[serde(flatten)]
    pub prices: ClassPrices,
}

/// A change to the operator's own prices, as it is given: dollars per million tokens (of searches per thousand), as
/// decimal texts, so that none is rounded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewOverride {
    /// The model, by any of its names.
    pub model: String,
    /// From when on, milliseconds since 1970; nothing means from now on.
    #[serde(default)]
    pub from_ms: Option<i64>,
    /// Dollars; see [`ClassPrices`].
    #[serde(default)]
    pub input: Option<String>,
    /// Dollars.
    #[serde(default)]
    pub input_audio: Option<String>,
    /// Dollars.
    #[serde(default)]
    pub output: Option<String>,
    /// Dollars.
    #[serde(default)]
    pub cache_write_5m: Option<String>,
    /// Dollars.
    #[serde(default)]
    pub cache_write_1h: Option<String>,
    /// Dollars.
    #[serde(default)]
    pub cache_read: Option<String>,
    /// Dollars per thousand.
    #[serde(default)]
    pub web_search: Option<String>,
}

/// Prices for prompts of more tokens than `above`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierPrices {
    /// Tokens.
    pub above: u64,
    /// For the whole request.
    #[serde(flatten)]
    pub prices: ClassPrices,
}

/// One model's prices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceRow {
    /// The name it is listed by.
    pub model: String,
    /// Other names of it.
    pub aliases: Vec<String>,
    /// In force now, for a short prompt in the standard tier, overrides included.
    pub now: ClassPrices,
    /// For long prompts, smallest first.
    pub tiers: Vec<TierPrices>,
    /// From an instant on (milliseconds since 1970), where a change is announced.
    pub next: Option<(i64, ClassPrices)>,
    /// The operator's own, earliest first.
    pub overrides: Vec<PriceOverride>,
}

/// The whole price table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceList {
    /// Names the prices in force: records keep it.
    pub version: String,
    /// When it was read, milliseconds since 1970.
    pub at_ms: i64,
    /// By name.
    pub rows: Vec<PriceRow>,
}

/// A class of what is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CostClass {
    /// Prompt tokens neither read from nor written to a cache.
    Input,
    /// Audio in the prompt.
    InputAudio,
    /// Output.
    Output,
    /// Written to the cache for five minutes.
    #[serde(rename = "cache_write_5m")]
    CacheWrite5m,
    /// Written to the cache for an hour.
    #[serde(rename = "cache_write_1h")]
    CacheWrite1h,
    /// Read from the cache.
    CacheRead,
    /// Web searches.
    WebSearch,
}

/// One class of a call's cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostLine {
    /// The class.
    pub class: CostClass,
    /// Tokens, or searches that are charged.
    pub count: u64,
    /// Nano-dollars per million tokens, or per thousand searches, before factors.
    pub rate: u64,
    /// Its share of the cost. The shares' sum is the cost, to the nano-dollar.
    pub amount: Nanodollars,
}

/// What multiplies the prices of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorKind {
    /// Fast mode.
    Fast,
    /// Inference stayed in the US.
    Us,
    /// A batch.
    Batch,
}

/// How a call's cost came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breakdown {
    /// The entry of the list that priced it.
    pub entry: String,
    /// Only the beginning of the model's name is listed: the price is the likely one.
    pub is_guess: bool,
    /// Prices of the operator's own are in it.
    pub is_own: bool,
    /// The prompt had more tokens than this, and the prices for long prompts were taken.
    pub tier: Option<u64>,
    /// The price class that the answer named, if not the standard one.
    pub service_tier: Option<String>,
    /// Factors on the prices of tokens, in millionths.
    pub factors: Vec<(FactorKind, u64)>,
    /// Classes that were used.
    pub lines: Vec<CostLine>,
    /// The cost.
    pub total: Nanodollars,
}

/// What pricing a stretch of the past anew came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repriced {
    /// The version of the prices that its records have now.
    pub version: String,
    /// Its beginning, milliseconds since 1970.
    pub since_ms: i64,
    /// Its end, which is not in it.
    pub until_ms: i64,
    /// Charged records in it.
    pub records: u64,
    /// Records whose cost changed.
    pub changed: u64,
    /// What they cost before.
    pub before: Nanodollars,
    /// What they cost now.
    pub after: Nanodollars,
}
