//! What of the page of keys the address holds: search, state, and what is open beside the list.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use relay::model::id::{AccountId, KeyId};
use relay::model::key::KeyRow;

use crate::address::Address;
use crate::room::KEYS;

/// Which keys are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Filter {
    #[default]
    All,
    Enabled,
    Disabled,
}

impl Filter {
    pub(super) const ALL: [Self; 3] = [Self::All, Self::Enabled, Self::Disabled];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Enabled => "on",
            Self::Disabled => "off",
        }
    }

    pub(super) fn takes(self, key: &KeyRow) -> bool {
        match self {
            Self::All => true,
            Self::Enabled => key.enabled,
            Self::Disabled => !key.enabled,
        }
    }
}

/// What is open beside the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Open {
    #[default]
    Nothing,
    /// A form for a new key, bound to that account at first; to any if the id is empty.
    New(AccountId),
    /// The key that a form posted without WASM made.
    Made,
    /// One key.
    One(KeyId),
    /// The question whether to delete it.
    Delete(KeyId),
}

/// The choices in the address. What it does not name, or names wrongly, is as by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct View {
    pub(super) find: String,
    pub(super) filter: Filter,
    pub(super) open: Open,
}

impl View {
    /// The same list with something else open beside it.
    pub(super) fn with(&self, open: Open) -> Self {
        Self { open, ..self.clone() }
    }

    pub(super) fn href(&self) -> String {
        let list = Address::new(KEYS.path).with("q", &self.find).with("state", self.filter.name());
        let list = match &self.open {
            Open::Nothing => list,
            Open::New(account) => list.with("panel", "new").with("for", account.as_str()),
            Open::Made => list.with("panel", "made"),
            Open::One(id) => list.with("key", id.as_str()),
            Open::Delete(id) => list.with("delete", id.as_str()),
        };
        list.text()
    }

    /// Whether the list holds this key.
    pub(super) fn takes(&self, key: &KeyRow) -> bool {
        let find = self.find.trim().to_lowercase();
        self.filter.takes(key) && (key.name.to_lowercase().contains(&find) || key.prefix.contains(&find))
    }

    fn from_names<'a>(get: impl Fn(&'static str) -> &'a str) -> Self {
        let (find, filter, panel) = (get("q"), get("state"), get("panel"));
        let (key, delete, account) = (get("key"), get("delete"), get("for"));
        let open = match (panel, key, delete) {
            (_, _, id) if !id.is_empty() => Open::Delete(KeyId::new(id)),
            (_, id, _) if !id.is_empty() => Open::One(KeyId::new(id)),
            ("new", ..) => Open::New(AccountId::new(account)),
            ("made", ..) => Open::Made,
            _ => Open::Nothing,
        };
        let filter = Filter::ALL.into_iter().find(|known| known.name() == filter).unwrap_or_default();
        Self { find: find.to_owned(), filter, open }
    }
}

/// The view that the address asks for.
pub(super) fn use_view() -> Memo<View> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| View::from_names(|name| query.get_str(name).unwrap_or_default())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(address: &str) -> View {
        let (_, query) = address.split_once('?').unwrap_or_default();
        View::from_names(|name| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(found, _)| *found == name).map_or("", |(_, value)| value)
        })
    }

    #[test]
    fn an_address_holds_the_list_and_what_is_open() {
        let open = Open::New(AccountId::new("a1"));
        let view = View { find: "laptop".to_owned(), filter: Filter::Disabled, open };

        assert_eq!(view.href(), "/web/keys?q=laptop&state=off&panel=new&for=a1");
        assert_eq!(of(&view.href()), view);
        let one = view.with(Open::One(KeyId::new("7")));
        assert_eq!(one.href(), "/web/keys?q=laptop&state=off&key=7");
        assert_eq!(of(&one.href()), one);
        assert_eq!(View::default().href(), "/web/keys");
    }

    #[test]
    fn unknown_names_are_taken_as_the_default() {
        assert_eq!(of("/web/keys?state=nowhere&panel=what"), View::default());
    }
}
