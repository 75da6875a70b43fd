//! Words of a call's own page.

use relay::model::decision::{Reason, Ruling};

/// A call's own page.
pub(crate) struct Request {
    pub(crate) title: &'static str,
    pub(crate) gone: &'static str,
    pub(crate) gone_why: &'static str,
    pub(crate) cost: &'static str,
    pub(crate) tokens: &'static str,
    pub(crate) first_byte: &'static str,
    pub(crate) total: &'static str,
    pub(crate) call: &'static str,
    pub(crate) when: &'static str,
    pub(crate) key: &'static str,
    pub(crate) asked: &'static str,
    pub(crate) answered: &'static str,
    pub(crate) how: &'static str,
    pub(crate) streamed: &'static str,
    pub(crate) whole: &'static str,
    pub(crate) attempts: &'static str,
    pub(crate) attempts_sum: fn(usize) -> String,
    pub(crate) account: &'static str,
    pub(crate) no_account: &'static str,
    pub(crate) gone_account: &'static str,
    pub(crate) until: &'static str,
    pub(crate) why: &'static str,
    pub(crate) no_decision: &'static str,
    pub(crate) refused: &'static str,
    pub(crate) reason: fn(Reason) -> &'static str,
    pub(crate) waited: fn(&str) -> String,
    pub(crate) found: &'static str,
    /// What an account was found to be; a limit's end is given as a time.
    pub(crate) ruling: fn(&Ruling, &str) -> String,
    pub(crate) more: fn(u32) -> String,
}
