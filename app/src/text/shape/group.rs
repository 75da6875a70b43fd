//! Words of groups of accounts.

/// Groups of accounts.
pub(crate) struct Group {
    pub(crate) title: &'static str,
    pub(crate) why: &'static str,
    pub(crate) none: &'static str,
    pub(crate) new: &'static str,
    pub(crate) name: &'static str,
    pub(crate) accounts: &'static str,
    pub(crate) keys: &'static str,
    pub(crate) nobody: &'static str,
    pub(crate) gone: &'static str,
    pub(crate) cancel: &'static str,
    pub(crate) save: &'static str,
    pub(crate) delete: fn(&str) -> String,
    pub(crate) delete_why: &'static str,
    pub(crate) delete_bound: fn(u32) -> String,
    /// In a list of what a key can be bound to.
    pub(crate) of_name: fn(&str) -> String,
}
