//! What of the page of keys the address holds: search, filters, order, page, and what is open beside the list.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use relay::model::id::AccountId;
use relay::model::key::KeyRow;

use super::sort::Sort;
use super::status::Status;
use crate::address::Address;
use crate::room::KEYS;

/// More rows than this help nobody at once.
pub(super) const PER_PAGE: usize = 50;

/// Which keys are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Filter {
    #[default]
    All,
    Active,
    Near,
    Refusing,
    Off,
}

impl Filter {
    pub(super) const ALL: [Self; 5] = [Self::All, Self::Active, Self::Near, Self::Refusing, Self::Off];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Active => "on",
            Self::Near => "near",
            Self::Refusing => "refusing",
            Self::Off => "off",
        }
    }

    pub(super) fn takes(self, status: Status) -> bool {
        match self {
            Self::All => true,
            Self::Active => !status.is_off(),
            Self::Near => status == Status::Near,
            Self::Refusing => status == Status::Refusing,
            Self::Off => status.is_off(),
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
    /// The keys that a form posted without WASM made.
    Made,
}

/// The choices in the address. What it does not name, or names wrongly, is as by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct View {
    pub(super) find: String,
    pub(super) filter: Filter,
    pub(super) tag: String,
    pub(super) owner: String,
    pub(super) sort: Sort,
    /// From 0.
    pub(super) page: usize,
    pub(super) open: Open,
}

impl View {
    /// The same list with something else open beside it.
    pub(super) fn with(&self, open: Open) -> Self {
        Self { open, ..self.clone() }
    }

    /// The same list from its beginning, with nothing open.
    pub(super) fn again(&self) -> Self {
        Self { open: Open::Nothing, page: 0, ..self.clone() }
    }

    pub(super) fn href(&self) -> String {
        let page = if self.page == 0 { String::new() } else { (self.page + 1).to_string() };
        let list = Address::new(KEYS.path)
            .with("q", &self.find)
            .with("state", self.filter.name())
            .with("tag", &self.tag)
            .with("owner", &self.owner)
            .with("sort", &self.sort.name())
            .with("page", &page);
        let list = match &self.open {
            Open::Nothing => list,
            Open::New(account) => list.with("panel", "new").with("for", account.as_str()),
            Open::Made => list.with("panel", "made"),
        };
        list.text()
    }

    /// Whether the list holds this key.
    pub(super) fn takes(&self, key: &KeyRow, now_ms: i64) -> bool {
        let find = self.find.trim().to_lowercase();
        let has = |text: &String| text.to_lowercase().contains(&find);
        let is_found = [&key.name, &key.prefix, &key.about.owner, &key.about.note].into_iter().any(has)
            || key.about.tags.iter().any(has);
        is_found
            && self.filter.takes(Status::of(key, now_ms))
            && (self.tag.is_empty() || key.about.tags.contains(&self.tag))
            && (self.owner.is_empty() || key.about.owner == self.owner)
    }

    /// The keys that the list holds, in its order, of all pages.
    pub(super) fn listed<'a>(&self, keys: &'a [KeyRow], now_ms: i64) -> Vec<&'a KeyRow> {
        let mut listed: Vec<_> = keys.iter().filter(|key| self.takes(key, now_ms)).collect();
        self.sort.order(&mut listed);
        listed
    }

    fn from_names<'a>(get: impl Fn(&'static str) -> &'a str) -> Self {
        let open = match get("panel") {
            "new" => Open::New(AccountId::new(get("for"))),
            "made" => Open::Made,
            _ => Open::Nothing,
        };
        let filter = get("state");
        Self {
            find: get("q").to_owned(),
            filter: Filter::ALL.into_iter().find(|known| known.name() == filter).unwrap_or_default(),
            tag: get("tag").to_owned(),
            owner: get("owner").to_owned(),
            sort: Sort::from_name(get("sort")),
            page: get("page").parse::<usize>().unwrap_or(1).saturating_sub(1),
            open,
        }
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
        let view = View {
            find: "laptop".to_owned(),
            filter: Filter::Off,
            tag: "team".to_owned(),
            owner: "joan".to_owned(),
            sort: Sort::from_name("-cost"),
            page: 2,
            open: Open::New(AccountId::new("a1")),
        };

        let address = "/web/keys?q=laptop&state=off&tag=team&owner=joan&sort=-cost&page=3&panel=new&for=a1";
        assert_eq!(view.href(), address);
        assert_eq!(of(&view.href()), view);
        assert_eq!(View::default().href(), "/web/keys");
    }

    #[test]
    fn unknown_names_are_taken_as_the_default() {
        assert_eq!(of("/web/keys?state=nowhere&panel=what&sort=up&page=x"), View::default());
    }
}
