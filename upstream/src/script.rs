//! Owns which behaviour a credential gets: scripts given by tests, and words in the credential itself.
//! Promises that a sequence counts each call once. Never looks at a request's body.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::behaviour::Behaviour;

/// Credentials that start like this say in words what to answer: `sk-fake-429-60`.
const SPOKEN: &str = "sk-fake-";

/// The credential that every upstream knows.
const GOOD: &str = "sk-ant-api03-good";

/// What a credential gets, call after call: so many calls of this, then that.
///
/// Made from a [`Behaviour`], which then holds for all calls, or as
/// `Behaviour::overloaded().times(2).then(Behaviour::ok())`.
#[derive(Clone, Debug)]
pub struct Script {
    first: Vec<(usize, Arc<Behaviour>)>,
    last: Arc<Behaviour>,
}

impl Script {
    pub(crate) fn first(calls: usize, behaviour: Behaviour) -> Self {
        let behaviour = Arc::new(behaviour);
        Self { first: vec![(calls, Arc::clone(&behaviour))], last: behaviour }
    }

    /// What comes after, for all further calls or, with [`Behaviour::times`], for the next ones.
    #[must_use]
    pub fn then(mut self, next: impl Into<Self>) -> Self {
        let next = next.into();
        self.first.extend(next.first);
        self.last = next.last;
        self
    }

    fn at(&self, call: usize) -> &Arc<Behaviour> {
        let mut until = 0;
        for (calls, behaviour) in &self.first {
            until += calls;
            if call < until {
                return behaviour;
            }
        }
        &self.last
    }
}

impl From<Behaviour> for Script {
    fn from(behaviour: Behaviour) -> Self {
        Self { first: Vec::new(), last: Arc::new(behaviour) }
    }
}

/// The endpoints whose behaviour can be scripted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// `POST /v1/messages`.
    Messages,
    /// `POST /v1/messages/count_tokens`.
    CountTokens,
    /// `GET /v1/models` and `GET /v1/models/{id}`.
    Models,
}

/// The scripts of one upstream.
pub(crate) struct Scripts {
    credentials: Mutex<HashMap<String, Credential>>,
    usual: Arc<Behaviour>,
    lenient: bool,
}

#[derive(Default)]
struct Credential {
    messages: Option<Running>,
    count_tokens: Option<Running>,
    models: Option<Running>,
    /// The ids of the models that it lists, if not the usual ones.
    listed: Option<Arc<[String]>>,
}

struct Running {
    script: Script,
    calls: usize,
}

impl Running {
    fn next(&mut self) -> Arc<Behaviour> {
        let behaviour = Arc::clone(self.script.at(self.calls));
        self.calls += 1;
        behaviour
    }

    /// The behaviour that the next call will get, without counting a call.
    fn current(&self) -> &Arc<Behaviour> {
        self.script.at(self.calls)
    }
}

impl Credential {
    fn running(&mut self, endpoint: Endpoint) -> &mut Option<Running> {
        match endpoint {
            Endpoint::Messages => &mut self.messages,
            Endpoint::CountTokens => &mut self.count_tokens,
            Endpoint::Models => &mut self.models,
        }
    }

    fn next(&mut self, endpoint: Endpoint, usual: &Arc<Behaviour>) -> Arc<Behaviour> {
        if let Some(running) = self.running(endpoint) {
            return running.next();
        }
        // A credential that is refused is refused everywhere.
        let refused = self.messages.as_ref().map(Running::current).filter(|it| it.is_credential_refusal());
        Arc::clone(refused.unwrap_or(usual))
    }
}

impl Scripts {
    pub(crate) fn new(usual: Behaviour, lenient: bool) -> Self {
        let credentials = HashMap::from([(GOOD.to_owned(), Credential::default())]);
        Self { credentials: Mutex::new(credentials), usual: Arc::new(usual), lenient }
    }

    pub(crate) fn set(&self, endpoint: Endpoint, token: &str, script: Script) {
        let mut credentials = self.lock();
        let credential = credentials.entry(token.to_owned()).or_default();
        *credential.running(endpoint) = Some(Running { script, calls: 0 });
    }

    pub(crate) fn list_models(&self, token: &str, ids: Arc<[String]>) {
        self.lock().entry(token.to_owned()).or_default().listed = Some(ids);
    }

    pub(crate) fn listed_models(&self, token: Option<&str>) -> Option<Arc<[String]>> {
        self.lock().get(token?)?.listed.clone()
    }

    /// Forgets every script.
    pub(crate) fn reset(&self) {
        let mut credentials = self.lock();
        credentials.clear();
        credentials.insert(GOOD.to_owned(), Credential::default());
    }

    /// What this call gets; `None` if the credential is unknown.
    pub(crate) fn next(&self, endpoint: Endpoint, token: Option<&str>) -> Option<Arc<Behaviour>> {
        let usual = || self.lenient.then(|| Arc::clone(&self.usual));
        let Some(token) = token else { return usual() };
        let mut credentials = self.lock();
        if let Some(credential) = credentials.get_mut(token) {
            return Some(credential.next(endpoint, &self.usual));
        }
        let Some(script) = spoken(token) else { return usual() };
        let credential = credentials.entry(token.to_owned()).or_default();
        credential.messages = Some(Running { script, calls: 0 });
        Some(credential.next(endpoint, &self.usual))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Credential>> {
        self.credentials.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The script in a credential's own words; what follows a colon only makes it unique.
fn spoken(token: &str) -> Option<Script> {
    let words = token.strip_prefix(SPOKEN)?;
    words.split(':').next()?.parse().ok()
}
