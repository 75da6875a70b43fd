//! Tokens by class, as the provider bills them.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// Tokens in the five disjoint billing classes. The prompt's total is all but `output`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// Prompt tokens neither read from nor written to the cache.
    pub input: u64,
    /// All output, thinking included.
    pub output: u64,
    /// Prompt tokens written to the cache for five minutes.
    pub cache_write_5m: u64,
    /// Prompt tokens written to the cache for an hour.
    pub cache_write_1h: u64,
    /// Prompt tokens read from the cache.
    pub cache_read: u64,
}

impl Tokens {
    /// All cache writes.
    pub fn cache_write(&self) -> u64 {
        self.cache_write_5m.saturating_add(self.cache_write_1h)
    }

    /// The whole prompt: what decides on a long-context tier.
    pub fn prompt(&self) -> u64 {
        self.input.saturating_add(self.cache_write()).saturating_add(self.cache_read)
    }

    /// Every token of the call.
    pub fn all(&self) -> u64 {
        self.prompt().saturating_add(self.output)
    }
}

impl AddAssign for Tokens {
    fn add_assign(&mut self, other: Self) {
        self.input = self.input.saturating_add(other.input);
        self.output = self.output.saturating_add(other.output);
        self.cache_write_5m = self.cache_write_5m.saturating_add(other.cache_write_5m);
        self.cache_write_1h = self.cache_write_1h.saturating_add(other.cache_write_1h);
        self.cache_read = self.cache_read.saturating_add(other.cache_read);
    }
}

/// What one attempt used, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens by class.
    pub tokens: Tokens,
    /// The part of the output that was thinking, for display: it is not added.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub thinking: u64,
    /// The part of the uncached prompt that was audio, where it has a price of its own: it is not added.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub audio: u64,
    /// Web searches, billed by the piece.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub web_searches: u64,
    /// The price class that the answer named, if not the standard one (`priority`, `batch`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_tier: Option<String>,
    /// The answer said `speed: "fast"`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fast: bool,
    /// The answer said that inference stayed in the US.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub us_only: bool,
    /// The prompt's classes are an estimate (nothing came from upstream).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub input_estimated: bool,
    /// The output is an estimate from what was streamed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub output_estimated: bool,
}

impl Usage {
    /// Some of the tokens are estimates.
    pub fn is_estimated(&self) -> bool {
        self.input_estimated || self.output_estimated
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(n: &u64) -> bool {
    *n == 0
}
