//! How an account is to be set, in part: what is not named stays as it is.

use relay::model::account::AccountSettings;
use relay::model::proxy::ProxyAddress;
use relay::secret::Secret;
use serde::{Deserialize, Serialize};

/// Changes of an account's settings.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct SettingChanges {
    pub(crate) note: Option<String>,
    pub(crate) base_url: Option<String>,
    pub(crate) priority: Option<u8>,
    pub(crate) weight: Option<u8>,
    /// 0 for any number.
    pub(crate) concurrency: Option<u32>,
    pub(crate) project: Option<String>,
    pub(crate) proxy: Option<ProxyChange>,
    pub(crate) proxy_password: Option<String>,
}

/// Through what an account is to reach its provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ProxyChange {
    Direct,
    Through(ProxyAddress),
}

impl SettingChanges {
    /// Those of a new account.
    pub(super) fn fresh(self) -> AccountSettings {
        self.over(AccountSettings::default())
    }

    /// Those of an account that has some.
    pub(super) fn over(self, base: AccountSettings) -> AccountSettings {
        AccountSettings {
            note: self.note.unwrap_or(base.note),
            base_url: self.base_url.unwrap_or(base.base_url),
            priority: self.priority.unwrap_or(base.priority),
            weight: self.weight.unwrap_or(base.weight),
            concurrency: match self.concurrency {
                None => base.concurrency,
                Some(0) => None,
                most => most,
            },
            project: self.project.unwrap_or(base.project),
            proxy: match self.proxy {
                None => base.proxy,
                Some(ProxyChange::Direct) => None,
                Some(ProxyChange::Through(address)) => Some(address),
            },
        }
    }

    pub(super) fn proxy_password(&self) -> Option<Secret> {
        self.proxy_password.clone().map(Secret::new)
    }
}
