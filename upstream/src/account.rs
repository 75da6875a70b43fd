//! Owns the accounts at the providers, as tests set them up, and what their use has cost them.
//! Promises that a change from outside keeps what it does not name. Never knows a token.

mod assist;
pub(crate) mod claude;
pub(crate) mod google;
pub(crate) mod window;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::account::claude::ClaudeAccount;
use crate::account::google::GoogleAccount;
use crate::account::window::{Verdict, Window};

pub(crate) use assist::Operation;

/// The accounts that every upstream has at first.
const FIRST_CLAUDE: &str = "claude";
const FIRST_GOOGLE: &str = "google";

/// All accounts of one upstream.
pub(crate) struct Accounts {
    state: Mutex<State>,
}

struct State {
    claude: BTreeMap<String, ClaudeAccount>,
    /// The windows of each organisation: its accounts share them.
    windows: HashMap<String, Vec<Window>>,
    google: BTreeMap<String, GoogleAccount>,
    /// Onboardings by the name of their operation.
    operations: BTreeMap<String, Operation>,
    /// Who signs in when a page is opened that does not say, at the provider that has this account.
    signs_in: Option<String>,
}

impl Default for State {
    fn default() -> Self {
        let mut state = Self {
            claude: BTreeMap::new(),
            windows: HashMap::new(),
            google: BTreeMap::from([(FIRST_GOOGLE.to_owned(), GoogleAccount::new(FIRST_GOOGLE))]),
            operations: BTreeMap::new(),
            signs_in: None,
        };
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

    /// Back to the first accounts alone.
    pub(crate) fn reset(&self) {
        *self.lock() = State::default();
    }

    pub(crate) fn set_claude(&self, account: ClaudeAccount) {
        self.lock().set_claude(account);
    }

    pub(crate) fn set_google(&self, account: GoogleAccount) {
        self.lock().google.insert(account.name.clone(), account);
    }

    /// The account as it is now.
    pub(crate) fn claude(&self, name: &str) -> Option<ClaudeAccount> {
        self.lock().claude(name)
    }

    /// The account as it is now.
    pub(crate) fn google(&self, name: &str) -> Option<GoogleAccount> {
        self.lock().google.get(name).cloned()
    }

    pub(crate) fn claudes(&self) -> Vec<ClaudeAccount> {
        let state = self.lock();
        state.claude.keys().filter_map(|name| state.claude(name)).collect()
    }

    pub(crate) fn googles(&self) -> Vec<GoogleAccount> {
        self.lock().google.values().cloned().collect()
    }

    /// Changes what `change` names, in an account that is there or in a new one.
    pub(crate) fn change_claude(&self, name: &str, change: &Value) -> Result<ClaudeAccount, String> {
        let mut state = self.lock();
        let account = state.claude(name).unwrap_or_else(|| ClaudeAccount::new(name));
        let account: ClaudeAccount = merged(&account, change)?;
        state.set_claude(account.clone());
        Ok(account)
    }

    /// The same with Google.
    pub(crate) fn change_google(&self, name: &str, change: &Value) -> Result<GoogleAccount, String> {
        let mut state = self.lock();
        let account = state.google.get(name).cloned().unwrap_or_else(|| GoogleAccount::new(name));
        let account: GoogleAccount = merged(&account, change)?;
        state.google.insert(account.name.clone(), account.clone());
        Ok(account)
    }

    /// Who signs in with Claude.
    pub(crate) fn claude_signs_in(&self) -> String {
        let state = self.lock();
        let chosen = state.signs_in.clone().filter(|name| state.claude.contains_key(name));
        chosen.unwrap_or_else(|| FIRST_CLAUDE.to_owned())
    }

    /// Who signs in with Google.
    pub(crate) fn google_signs_in(&self) -> String {
        let state = self.lock();
        let chosen = state.signs_in.clone().filter(|name| state.google.contains_key(name));
        chosen.unwrap_or_else(|| FIRST_GOOGLE.to_owned())
    }

    pub(crate) fn sign_in_as(&self, name: &str) {
        self.lock().signs_in = Some(name.to_owned());
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

    /// Looks at an onboarding, begun now if the account has none under way; the reply says how it stands.
    pub(crate) fn onboard(&self, begin: Operation) -> Option<Value> {
        let mut state = self.lock();
        let is_going = |operation: &&Operation| operation.account == begin.account && !operation.finished;
        let going = state.operations.values().find(is_going);
        let name = going.map_or_else(|| begin.name.clone(), |operation| operation.name.clone());
        state.operations.entry(name.clone()).or_insert(begin);
        state.look_at(&name)
    }

    /// Looks at an onboarding that an account has begun.
    pub(crate) fn operation(&self, name: &str, account: &str) -> Option<Value> {
        let mut state = self.lock();
        state.operations.get(name).filter(|operation| operation.account == account)?;
        state.look_at(name)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn look_at(&mut self, name: &str) -> Option<Value> {
        let operation = self.operations.get_mut(name)?;
        let account = self.google.get_mut(&operation.account)?;
        let reply = account.onboarded(operation);
        operation.polls_left = operation.polls_left.saturating_sub(1);
        operation.finished = reply["done"] == true;
        Some(reply)
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
