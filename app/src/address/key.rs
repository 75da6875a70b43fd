//! Addresses of the pages of keys.

use relay::model::id::KeyId;

use super::Address;
use crate::room::KEYS;

/// The page of one key.
pub(crate) fn one(id: &KeyId) -> String {
    format!("{}/{}", KEYS.path, Address::encoded(id.as_str()))
}

/// The same with a panel open beside it.
pub(crate) fn with_panel(id: &KeyId, panel: &str) -> String {
    Address::new(&one(id)).with("panel", panel).text()
}

/// The panel in which a key is changed.
pub(crate) const EDIT: &str = "edit";
/// The panel that shows a key's text, once.
pub(crate) const MADE: &str = "made";
