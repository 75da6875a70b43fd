//! The rooms of the console: one table that navigation, router and keyboard share.

use crate::text::Text;

/// A page with a place in the navigation.
pub(crate) struct Room {
    /// The part of the address after `/web`.
    pub(crate) segment: &'static str,
    /// The whole address.
    pub(crate) path: &'static str,
    /// Its symbol in `public/icon.svg`.
    pub(crate) icon: &'static str,
    /// The key that leads here after `g`.
    pub(crate) key: &'static str,
    /// What it is called.
    pub(crate) name: fn(&Text) -> &'static str,
}

pub(crate) const OVERVIEW: Room =
    Room { segment: "", path: "/web", icon: "overview", key: "o", name: |text| text.frame.overview };
pub(crate) const REQUESTS: Room = Room {
    segment: "requests",
    path: "/web/requests",
    icon: "requests",
    key: "r",
    name: |text| text.frame.requests,
};
pub(crate) const USAGE: Room =
    Room { segment: "usage", path: "/web/usage", icon: "usage", key: "u", name: |text| text.frame.usage };
pub(crate) const KEYS: Room =
    Room { segment: "keys", path: "/web/keys", icon: "keys", key: "k", name: |text| text.frame.keys };
pub(crate) const ACCOUNTS: Room = Room {
    segment: "accounts",
    path: "/web/accounts",
    icon: "accounts",
    key: "a",
    name: |text| text.frame.accounts,
};

/// The rooms that exist, in the order of the navigation.
pub(crate) const ROOMS: [&Room; 5] = [&OVERVIEW, &REQUESTS, &USAGE, &KEYS, &ACCOUNTS];

/// The page of whoever holds a key, outside of the console.
pub(crate) const HOLDER: &str = "/key";

/// Where one signs in, outside of the rooms.
pub(crate) const SIGN_IN: &str = "/web/sign-in";

/// The stops after the first start.
pub(crate) const WELCOME: &str = "/web/welcome";
