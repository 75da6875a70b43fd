//! Addresses of the pages about accounts: one account, and the steps to a new one.

use relay::model::account::AccountKind;
use relay::model::id::AccountId;
use serde::{Deserialize, Serialize};

use super::Address;
use crate::room::ACCOUNTS;

/// The page of one account.
pub(crate) fn one(id: &AccountId) -> String {
    format!("{}/{}", ACCOUNTS.path, Address::encoded(id.as_str()))
}

/// The last part of the wizard's path.
pub(crate) const NEW: &str = "new";

/// A step of the wizard. All that a reload needs is in its address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Step {
    /// Which kind.
    #[default]
    Kind,
    /// How an account of that kind is to be set.
    Settings(AccountKind),
    /// The same, in the middle of a sign-in.
    Change(String),
    /// The sign-in of that id waits for its code.
    Authorise(String),
    /// The account is there.
    Done(AccountId),
}

impl Step {
    pub(crate) fn href(&self) -> String {
        let page = Address::new(&format!("{}/{NEW}", ACCOUNTS.path));
        let page = match self {
            Self::Kind => page,
            Self::Settings(kind) => page.with("kind", kind.name()),
            Self::Change(id) => page.with("sign-in", id).with("at", "settings"),
            Self::Authorise(id) => page.with("sign-in", id),
            Self::Done(id) => page.with("done", id.as_str()),
        };
        page.text()
    }

    /// What an address asks for, by the values in it. What it does not name, or names wrongly, is the first step.
    pub(crate) fn from_query<'a>(get: impl Fn(&'static str) -> &'a str) -> Self {
        match (get("done"), get("sign-in"), get("at"), AccountKind::from_name(get("kind"))) {
            ("", "", _, Some(kind)) => Self::Settings(kind),
            ("", "", _, None) => Self::Kind,
            ("", id, "settings", _) => Self::Change(id.to_owned()),
            ("", id, ..) => Self::Authorise(id.to_owned()),
            (id, ..) => Self::Done(AccountId::new(id)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_is_found_again_by_its_address() {
        for (step, address) in [
            (Step::Kind, "/web/accounts/new"),
            (Step::Settings(AccountKind::ClaudeOauth), "/web/accounts/new?kind=claude_oauth"),
            (Step::Change("7f".to_owned()), "/web/accounts/new?sign-in=7f&at=settings"),
            (Step::Authorise("7f".to_owned()), "/web/accounts/new?sign-in=7f"),
            (Step::Done(AccountId::new("a")), "/web/accounts/new?done=a"),
        ] {
            let get = |name: &str| {
                let (_, query) = address.split_once('?').unwrap_or_default();
                let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
                pairs.find(|(found, _)| *found == name).map_or("", |(_, value)| value)
            };

            assert_eq!(step.href(), address);
            assert_eq!(Step::from_query(get), step);
        }
    }

    #[test]
    fn an_id_is_one_part_of_a_path() {
        assert_eq!(one(&AccountId::new("a/../b")), "/web/accounts/a%2F..%2Fb");
    }
}
