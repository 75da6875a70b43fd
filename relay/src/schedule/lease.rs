//! A call under way on an account: its place there, and its leave to go.

use std::sync::Arc;

use super::account::Account;
use super::cooldown::{Fault, Pass};
use super::queue::Slot;

/// A call under way on an account; ends when dropped, whatever happens.
#[derive(Debug)]
#[must_use = "the call counts as under way until this is dropped"]
pub struct AccountLease {
    account: Arc<Account>,
    pass: Pass,
    _slot: Slot,
}

impl AccountLease {
    pub(super) fn new(account: Arc<Account>, pass: Pass, slot: Slot) -> Self {
        Self { account, pass, _slot: slot }
    }

    /// The account.
    pub fn account(&self) -> &Arc<Account> {
        &self.account
    }

    /// The account answered. True if a limit ended by this.
    pub fn answered(&self, family: &str, now_ms: i64) -> bool {
        self.pass.answered(family, now_ms)
    }

    /// The account failed. `chance` is a random number. True if what keeps calls away has changed by this.
    pub fn failed(&self, fault: Option<&Fault<'_>>, now_ms: i64, chance: u32) -> bool {
        self.pass.failed(fault, now_ms, chance)
    }
}
