//! Owns the accounts at a provider, as tests set them up, and what their use has cost them.
//! Promises that a change from outside keeps what it does not name. Never knows a token.

pub(crate) mod claude;
pub(crate) mod window;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::account::claude::ClaudeAccount;
use crate::account::window::{Verdict, Window};

/// The account that every upstream has at first.
const FIRST_CLAUDE: &str = "claude";

/// All accounts of one upstream.
pub(crate) struct Accounts {
    state: Mutex<State>,
}

struct State {
    claude: BTreeMap<String, ClaudeAccount>,
    /// The windows of each organisation: its accounts share them.
    windows: HashMap<String, Vec<Window>>,
    /// Who signs in when a page is opened that does not say.
    signs_in: String,
}

impl Default for State {
    fn default() -> Self {
        let mut state =
            Self { claude: BTreeMap::new(), windows: HashMap::new(), signs_in: FIRST_CLAUDE.to_owned() };
        state.set_claude(ClaudeAccount::new(FIRST_CLAUDE));
        state
    }
}

impl State {
    fn set_claude(&mut self, account: ClaudeAccount) {
        self.windows.insert(account.organization_uuid.clone(), account.windows.clone());
        self.claude.insert(account.name.clone(), account);
    }

    fn claude(&self, name: &str) -> Option<ClaudeAccount> {
        let mut account = self.claude.get(name)?.clone();
        account.windows.clone_from(self.windows.get(&account.organization_uuid)?);
        Some(account)
    }
}

impl Accounts {
    pub(crate) fn new() -> Self {
        Self { state: Mutex::new(State::default()) }
    }

    /// Back to the first account alone.
    pub(crate) fn reset(&self) {
        *self.lock() = State::default();
    }

    pub(crate) fn set_claude(&self, account: ClaudeAccount) {
        self.lock().set_claude(account);
    }

    /// The account as it is now.
    pub(crate) fn claude(&self, name: &str) -> Option<ClaudeAccount> {
        self.lock().claude(name)
    }

    pub(crate) fn claudes(&self) -> Vec<ClaudeAccount> {
        let state = self.lock();
        state.claude.keys().filter_map(|name| state.claude(name)).collect()
    }

    /// Changes what `change` names, in an account that is there or in a new one.
    pub(crate) fn change_claude(&self, name: &str, change: &Value) -> Result<ClaudeAccount, String> {
        let mut state = self.lock();
        let account = state.claude(name).unwrap_or_else(|| ClaudeAccount::new(name));
        let account: ClaudeAccount = merged(&account, change)?;
        state.set_claude(account.clone());
        Ok(account)
    }

    /// Who signs in.
    pub(crate) fn signs_in(&self) -> String {
        self.lock().signs_in.clone()
    }

    pub(crate) fn sign_in_as(&self, name: &str) {
        name.clone_into(&mut self.lock().signs_in);
    }

    /// Counts a message on a model into the account's windows, unless one of them is spent.
    pub(crate) fn spend(&self, name: &str, model: &str, now_seconds: i64) -> Option<Verdict> {
        let mut state = self.lock();
        let organization = state.claude.get(name)?.organization_uuid.clone();
        Some(window::spend(state.windows.get_mut(&organization)?, model, now_seconds))
    }

    /// The account's windows, rolled on to the present.
    pub(crate) fn windows(&self, name: &str, now_seconds: i64) -> Vec<Window> {
        let mut state = self.lock();
        let Some(account) = state.claude.get(name) else { return Vec::new() };
        let organization = account.organization_uuid.clone();
        let Some(windows) = state.windows.get_mut(&organization) else { return Vec::new() };
        window::roll(windows, now_seconds);
        windows.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A value with the fields that `change` names replaced.
fn merged<T: Serialize + DeserializeOwned>(value: &T, change: &Value) -> Result<T, String> {
    let mut json = serde_json::to_value(value).map_err(|error| error.to_string())?;
    let (Some(fields), Some(changes)) = (json.as_object_mut(), change.as_object()) else {
        return Err("an account is an object".to_owned());
    };
    fields.extend(changes.iter().map(|(name, value)| (name.clone(), value.clone())));
    serde_json::from_value(json).map_err(|error| error.to_string())
}
