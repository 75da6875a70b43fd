//! Words of the list of calls and of the explorer.

use relay::model::explore::{Measure, Span, SplitBy, Step};

/// The list of calls.
pub(crate) struct Calls {
    pub(crate) find: &'static str,
    pub(crate) find_by: &'static str,
    pub(crate) all: &'static str,
    pub(crate) whole: &'static str,
    pub(crate) on_page: fn(usize) -> String,
    pub(crate) newer: fn(usize) -> String,
    pub(crate) since: fn(&str) -> String,
    pub(crate) none: &'static str,
    pub(crate) none_next: &'static str,
    pub(crate) show_all: &'static str,
    pub(crate) rows: &'static str,
    pub(crate) first: &'static str,
    pub(crate) next: &'static str,
}

/// The explorer, and what it shares with lists.
pub(crate) struct Usage {
    pub(crate) span_name: fn(&Span) -> &'static str,
    pub(crate) owner: &'static str,
    pub(crate) tag: &'static str,
    pub(crate) filter: &'static str,
    pub(crate) any: &'static str,
    pub(crate) apply: &'static str,
    pub(crate) without: fn(&str) -> String,
    pub(crate) custom: &'static str,
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    pub(crate) split_by: &'static str,
    pub(crate) split_name: fn(SplitBy) -> &'static str,
    pub(crate) measure: &'static str,
    pub(crate) measure_name: fn(Measure) -> &'static str,
    /// "Cost per day".
    pub(crate) title: fn(Measure, Step) -> String,
    pub(crate) from_to: fn(&str, &str) -> String,
    pub(crate) by: fn(SplitBy) -> String,
    pub(crate) all_of: fn(SplitBy) -> String,
    pub(crate) overlaps: &'static str,
    pub(crate) cache_write: &'static str,
    pub(crate) share: &'static str,
    pub(crate) per_request: &'static str,
    pub(crate) tokens_each: fn(&str) -> String,
    pub(crate) first_byte: &'static str,
    pub(crate) in_the_mean: &'static str,
    pub(crate) whole_answer: fn(&str) -> String,
    pub(crate) failed: fn(&str) -> String,
    pub(crate) none: &'static str,
    pub(crate) nothing: &'static str,
    pub(crate) nothing_next: &'static str,
    pub(crate) more_rows: fn(usize) -> String,
    pub(crate) download: fn(&str) -> String,
}
