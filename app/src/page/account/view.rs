//! What of the page of accounts the address holds: search, state, and what is open beside the list.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use relay::model::account::{AccountRow, AccountState};
use relay::model::id::AccountId;

use crate::address::Address;
use crate::room::ACCOUNTS;

/// Which accounts are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Filter {
    #[default]
    All,
    Able,
    Cooling,
    Parked,
    Paused,
}

impl Filter {
    pub(super) const ALL: [Self; 5] = [Self::All, Self::Able, Self::Cooling, Self::Parked, Self::Paused];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Able => "able",
            Self::Cooling => "cooling",
            Self::Parked => "parked",
            Self::Paused => "paused",
        }
    }

    pub(super) fn takes(self, account: &AccountRow) -> bool {
        match (self, &account.state) {
            (Self::All, _)
            | (Self::Able, AccountState::Able)
            | (Self::Cooling, AccountState::Cooling { .. })
            | (Self::Parked, AccountState::Parked { .. } | AccountState::NeedsSignIn { .. })
            | (Self::Paused, AccountState::Paused { .. }) => true,
            (Self::Able | Self::Cooling | Self::Parked | Self::Paused, _) => false,
        }
    }
}

/// What is open beside the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Open {
    #[default]
    Nothing,
    /// A form for a new account.
    New,
    /// One account.
    One(AccountId),
    /// The question whether to delete it.
    Delete(AccountId),
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
        let list = Address::new(ACCOUNTS.path).with("q", &self.find).with("state", self.filter.name());
        let list = match &self.open {
            Open::Nothing => list,
            Open::New => list.with("panel", "new"),
            Open::One(id) => list.with("account", id.as_str()),
            Open::Delete(id) => list.with("delete", id.as_str()),
        };
        list.text()
    }

    /// Whether the list holds this account.
    pub(super) fn takes(&self, account: &AccountRow) -> bool {
        let find = self.find.trim().to_lowercase();
        let found =
            [&account.name, &account.base_url].into_iter().any(|text| text.to_lowercase().contains(&find));
        found && self.filter.takes(account)
    }

    fn from_names(find: &str, filter: &str, panel: &str, account: &str, delete: &str) -> Self {
        let open = match (panel, account, delete) {
            (_, _, id) if !id.is_empty() => Open::Delete(AccountId::new(id)),
            (_, id, _) if !id.is_empty() => Open::One(AccountId::new(id)),
            ("new", ..) => Open::New,
            _ => Open::Nothing,
        };
        let filter = Filter::ALL.into_iter().find(|known| known.name() == filter).unwrap_or_default();
        Self { find: find.to_owned(), filter, open }
    }
}

/// The view that the address asks for.
pub(super) fn use_view() -> Memo<View> {
    let query = use_query_map();
    Memo::new(move |_| {
        query.with(|query| {
            let get = |name| query.get_str(name).unwrap_or_default();
            View::from_names(get("q"), get("state"), get("panel"), get("account"), get("delete"))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_the_list_and_what_is_open() {
        let view = View { find: "api".to_owned(), filter: Filter::Parked, open: Open::New };

        assert_eq!(view.href(), "/web/accounts?q=api&state=parked&panel=new");
        assert_eq!(View::from_names("api", "parked", "new", "", ""), view);
        assert_eq!(View::default().href(), "/web/accounts");
    }
}
