//! Addresses of calls' pages.

use relay::model::id::CallId;

use super::Address;

/// The part of the address after `/web`.
pub(crate) const SEGMENT: &str = "requests";

/// The page of one call.
pub(crate) fn one(id: &CallId) -> String {
    format!("/web/{SEGMENT}/{}", Address::encoded(id.as_str()))
}
