//! What of the page of accounts the address holds: search and state.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use relay::model::account::{AccountRow, AccountState};
use relay::model::id::GroupId;

use crate::address::Address;
use crate::address::account::NEW;
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

/// What is open beside the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Open {
    #[default]
    Nothing,
    /// A form for a new group.
    NewGroup,
    /// One group.
    Group(GroupId),
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
            Open::NewGroup => list.with("group", NEW),
            Open::Group(id) => list.with("group", id.as_str()),
        };
        list.text()
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

    fn from_names(find: &str, filter: &str, group: &str) -> Self {
        let open = match group {
            "" => Open::Nothing,
            NEW => Open::NewGroup,
            id => Open::Group(GroupId::new(id)),
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
            View::from_names(get("q"), get("state"), get("group"))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_what_is_listed() {
        let view = View { find: "api".to_owned(), filter: Filter::NeedsSignIn, open: Open::NewGroup };

        assert_eq!(view.href(), "/web/accounts?q=api&state=needs-sign-in&group=new");
        assert_eq!(View::from_names("api", "needs-sign-in", "new"), view);
        assert_eq!(View::from_names("", "", "g1").href(), "/web/accounts?group=g1");
        assert_eq!(View::from_names("", "nowhere", ""), View::default());
        assert_eq!(View::default().href(), "/web/accounts");
    }
}
