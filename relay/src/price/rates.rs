//! Prices by class.

use super::decimal::Rate;
use super::entry::{EntryProblem, each_member, rate_of};
use crate::model::price::ClassPrices;

/// Prices by class. What a model has no price for is absent; see [`Rates::or`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// Prompt tokens neither read from nor written to a cache.
    pub input: Option<Rate>,
    /// Of the input, audio, where it has a price of its own.
    pub input_audio: Option<Rate>,
    /// Output, thinking included.
    pub output: Option<Rate>,
    /// Tokens written to the cache for five minutes, or for the provider's only lifetime.
    pub cache_write_5m: Option<Rate>,
    /// Tokens written to the cache for an hour.
    pub cache_write_1h: Option<Rate>,
    /// Tokens read from the cache.
    pub cache_read: Option<Rate>,
}

impl Rates {
    /// These, and the others' where these have none.
    #[must_use]
    pub fn or(self, others: Self) -> Self {
        self.zip(others, Option::or)
    }

    pub(super) fn higher(self, others: Self) -> Self {
        self.zip(others, Ord::max)
    }

    fn zip(self, others: Self, choose: impl Fn(Option<Rate>, Option<Rate>) -> Option<Rate>) -> Self {
        Self {
            input: choose(self.input, others.input),
            input_audio: choose(self.input_audio, others.input_audio),
            output: choose(self.output, others.output),
            cache_write_5m: choose(self.cache_write_5m, others.cache_write_5m),
            cache_write_1h: choose(self.cache_write_1h, others.cache_write_1h),
            cache_read: choose(self.cache_read, others.cache_read),
        }
    }

    /// As an operator sees them; they have no searches.
    pub fn prices(self) -> ClassPrices {
        let of = |rate: Option<Rate>| rate.map(|rate| rate.0);
        ClassPrices {
            input: of(self.input),
            input_audio: of(self.input_audio),
            output: of(self.output),
            cache_write_5m: of(self.cache_write_5m),
            cache_write_1h: of(self.cache_write_1h),
            cache_read: of(self.cache_read),
            web_search: None,
        }
    }

    /// Takes a member of the JSON if it is one of the prices.
    pub(super) fn member(&mut self, name: &[u8], value: &str) -> Result<bool, EntryProblem> {
        let rate = match name {
            b"input" => &mut self.input,
            b"input_audio" => &mut self.input_audio,
            b"output" => &mut self.output,
            b"cache_write_5m" | b"cache_write" => &mut self.cache_write_5m,
            b"cache_write_1h" => &mut self.cache_write_1h,
            b"cache_read" => &mut self.cache_read,
            _ => return Ok(false),
        };
        *rate = Some(rate_of(name, value)?);
        Ok(true)
    }

    pub(super) fn read(name: &[u8], json: &str) -> Result<Self, EntryProblem> {
        let mut rates = Self::default();
        each_member(name, json, |name, value| rates.member(name, value).map(drop))?;
        Ok(rates)
    }
}
