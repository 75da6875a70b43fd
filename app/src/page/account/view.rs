//! What of the page of accounts the address holds: search and state.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use relay::model::account::{AccountRow, AccountState};

use crate::address::Address;
use crate::room::ACCOUNTS;

/// Which accounts are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Filter {
    #[default]
    All,
    Able,
    Cooling,
    NeedsSignIn,
    Parked,
    Paused,
}

impl Filter {
    pub(super) const ALL: [Self; 6] =
        [Self::All, Self::Able, Self::Cooling, Self::NeedsSignIn, Self::Parked, Self::Paused];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Able => "able",
            Self::Cooling => "cooling",
            Self::NeedsSignIn => "needs-sign-in",
            Self::Parked => "parked",
            Self::Paused => "paused",
        }
    }

    pub(super) fn takes(self, account: &AccountRow) -> bool {
        match (self, &account.state) {
            (Self::All, _)
            | (Self::Able, AccountState::Able)
            | (Self::Cooling, AccountState::Cooling { .. })
            | (Self::NeedsSignIn, AccountState::NeedsSignIn { .. })
            | (Self::Parked, AccountState::Parked { .. })
            | (Self::Paused, AccountState::Paused { .. }) => true,
            (Self::Able | Self::Cooling | Self::NeedsSignIn | Self::Parked | Self::Paused, _) => false,
        }
    }
}

/// The choices in the address. What it does not name, or names wrongly, is as by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct View {
    pub(super) find: String,
    pub(super) filter: Filter,
}

impl View {
    pub(super) fn href(&self) -> String {
        Address::new(ACCOUNTS.path).with("q", &self.find).with("state", self.filter.name()).text()
    }

    /// Whether the list holds this account.
    pub(super) fn takes(&self, account: &AccountRow) -> bool {
        let find = self.find.trim().to_lowercase();
        let proxy = account.proxy.as_ref().map(ToString::to_string).unwrap_or_default();
        let email = account.identity.email.clone().unwrap_or_default();
        let found = [&account.name, &account.base_url, &proxy, &email, &account.note]
            .into_iter()
            .any(|text| text.to_lowercase().contains(&find));
        found && self.filter.takes(account)
    }

    fn from_names(find: &str, filter: &str) -> Self {
        let filter = Filter::ALL.into_iter().find(|known| known.name() == filter).unwrap_or_default();
        Self { find: find.to_owned(), filter }
    }
}

/// The view that the address asks for.
pub(super) fn use_view() -> Memo<View> {
    let query = use_query_map();
    Memo::new(move |_| {
        query.with(|query| {
            let get = |name| query.get_str(name).unwrap_or_default();
            View::from_names(get("q"), get("state"))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_what_is_listed() {
        let view = View { find: "api".to_owned(), filter: Filter::NeedsSignIn };

        assert_eq!(view.href(), "/web/accounts?q=api&state=needs-sign-in");
        assert_eq!(View::from_names("api", "needs-sign-in"), view);
        assert_eq!(View::from_names("", "nowhere"), View::default());
        assert_eq!(View::default().href(), "/web/accounts");
    }
}
