//! Owns the proxies that a program outside has asked for: `/_proxies`.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::control::{Answered, json_of, read};
use crate::proxy::{Proxy, ProxyFault, ProxyKind, ProxyOptions};

/// The proxies of one upstream, by number from 1.
#[derive(Default)]
pub(crate) struct Proxies {
    running: Mutex<BTreeMap<u64, Proxy>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    kind: ProxyKind,
    #[serde(default)]
    port: u16,
    user: Option<String>,
    password: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Change {
    fault: Option<ProxyFault>,
    /// 0 takes the limit away.
    die_after: Option<u64>,
    cut: bool,
}

impl Proxies {
    /// Answers a request to `/_proxies`; `rest` is what follows. `None` if there is no such endpoint.
    pub(super) fn answer(&self, method: &Method, rest: &str, body: &[u8]) -> Option<Answered> {
        let number = rest.strip_prefix('/').and_then(|number| number.parse().ok());
        Some(match (method, number) {
            (&Method::GET, None) if rest.is_empty() => json_of(&self.list()),
            (&Method::POST, None) if rest.is_empty() => self.start(body),
            (&Method::GET, Some(number)) => self.with(number, |proxy| json_of(&told(number, proxy))),
            (&Method::POST, Some(number)) => {
                read(body).and_then(|change| self.with(number, |proxy| apply(&change, number, proxy)))
            }
            (&Method::DELETE, Some(number)) => {
                self.lock().remove(&number).map(|_| None).ok_or_else(|| unknown(number))
            }
            _ => return None,
        })
    }

    /// Stops all of them.
    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn start(&self, body: &[u8]) -> Answered {
        let New { kind, port, user, password } = read(body)?;
        let mut options = ProxyOptions::new(kind).port(port);
        if let Some(user) = user {
            options = options.password(&user, &password.unwrap_or_default());
        }
        let proxy = Proxy::open(options).map_err(|error| error.to_string())?;
        let mut running = self.lock();
        let number = running.keys().max().map_or(1, |number| number + 1);
        let answered = json_of(&told(number, &proxy));
        running.insert(number, proxy);
        answered
    }

    fn list(&self) -> Vec<Value> {
        self.lock().iter().map(|(number, proxy)| told(*number, proxy)).collect()
    }

    fn with(&self, number: u64, act: impl FnOnce(&Proxy) -> Answered) -> Answered {
        let running = self.lock();
        act(running.get(&number).ok_or_else(|| unknown(number))?)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Proxy>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn apply(change: &Change, number: u64, proxy: &Proxy) -> Answered {
    if let Some(fault) = change.fault {
        proxy.fault(fault);
    }
    if let Some(bytes) = change.die_after {
        proxy.die_after(Some(bytes).filter(|bytes| *bytes > 0));
    }
    if change.cut {
        proxy.cut();
    }
    json_of(&told(number, proxy))
}

fn told(number: u64, proxy: &Proxy) -> Value {
    json!({
        "id": number,
        "kind": proxy.kind(),
        "url": proxy.url(),
        "ca_pem": proxy.ca_pem(),
        "books": proxy.books(),
    })
}

fn unknown(number: u64) -> String {
    format!("there is no proxy {number}")
}
