//! Owns which behaviour a credential gets: scripts given by tests, and words in the credential itself.
//! Promises that a sequence counts each call once. Never looks at a request's body.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::behaviour::Behaviour;
use crate::endpoint::Endpoint;

/// Credentials that start like this say in words what to answer: `sk-fake-429-60`.
const SPOKEN: &str = "sk-fake-";

/// The credentials that every upstream knows.
const GOOD: [&str; 2] = ["sk-ant-api03-good", "goog-good"];

/// In place of a credential: whoever has no script of their own.
const ANYBODY: &str = "*";

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

/// The scripts of one upstream.
pub(crate) struct Scripts {
    credentials: Mutex<HashMap<String, Credential>>,
    usual: Arc<Behaviour>,
    lenient: bool,
}

#[derive(Default)]
struct Credential {
    running: HashMap<Endpoint, Running>,
    /// The ids of the models that it lists, if not the usual ones.
    listed: Option<Arc<[String]>>,
}

/// Whose script answers a request.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Actor<'a> {
    pub(crate) token: Option<&'a str>,
    /// The account that the token belongs to.
    pub(crate) account: Option<&'a str>,
    /// Whether it is served without a script of its own.
    pub(crate) known: bool,
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
    fn next(&mut self, endpoint: Endpoint) -> Option<Arc<Behaviour>> {
        if let Some(running) = self.running.get_mut(&endpoint) {
            return Some(running.next());
        }
        // A credential that is refused is refused everywhere it is shown.
        let refused = self.running.get(&Endpoint::Messages).map(Running::current);
        let refused = refused.filter(|it| it.is_credential_refusal() && !endpoint.is_token());
        refused.map(Arc::clone)
    }
}

impl Scripts {
    pub(crate) fn new(usual: Behaviour, lenient: bool) -> Self {
        Self { credentials: Mutex::new(known()), usual: Arc::new(usual), lenient }
    }

    pub(crate) fn set(&self, endpoint: Endpoint, token: &str, script: Script) {
        let mut credentials = self.lock();
        let credential = credentials.entry(token.to_owned()).or_default();
        credential.running.insert(endpoint, Running { script, calls: 0 });
    }

    /// The same for all endpoints where models write.
    pub(crate) fn set_inference(&self, token: &str, script: &Script) {
        for endpoint in Endpoint::INFERENCE {
            self.set(endpoint, token, script.clone());
        }
    }

    pub(crate) fn list_models(&self, token: &str, ids: Arc<[String]>) {
        self.lock().entry(token.to_owned()).or_default().listed = Some(ids);
    }

    pub(crate) fn listed_models(&self, token: Option<&str>) -> Option<Arc<[String]>> {
        self.lock().get(token?)?.listed.clone()
    }

    /// What calls get that no script is for.
    pub(crate) fn usual(&self) -> Arc<Behaviour> {
        Arc::clone(&self.usual)
    }

    /// Forgets every script.
    pub(crate) fn reset(&self) {
        *self.lock() = known();
    }

    /// What this call gets; `None` if the credential is unknown.
    pub(crate) fn next(&self, endpoint: Endpoint, actor: Actor<'_>) -> Option<Arc<Behaviour>> {
        let mut credentials = self.lock();
        let mut known = actor.known || self.lenient;
        for name in [actor.token, actor.account].into_iter().flatten() {
            if !credentials.contains_key(name)
                && let Some(script) = spoken(name)
            {
                let running = |endpoint| (endpoint, Running { script: script.clone(), calls: 0 });
                let running = Endpoint::INFERENCE.map(running).into_iter().collect();
                credentials.insert(name.to_owned(), Credential { running, listed: None });
            }
            let Some(credential) = credentials.get_mut(name) else { continue };
            known = true;
            if let Some(behaviour) = credential.next(endpoint) {
                return Some(behaviour);
            }
        }
        if let Some(behaviour) = credentials.get_mut(ANYBODY).and_then(|anybody| anybody.next(endpoint)) {
            return Some(behaviour);
        }
        known.then(|| Arc::clone(&self.usual))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Credential>> {
        self.credentials.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn known() -> HashMap<String, Credential> {
    GOOD.map(|token| (token.to_owned(), Credential::default())).into_iter().collect()
}

/// The script in a credential's own words; what follows a colon only makes it unique.
fn spoken(token: &str) -> Option<Script> {
    let words = token.strip_prefix(SPOKEN)?;
    words.split(':').next()?.parse().ok()
}
