//! The form in which an account is set: what its fields hold, as typed, and what that means.

use std::fmt;

use leptos::prelude::use_context;
use relay::model::account::AccountSettings;
#[cfg(feature = "ssr")]
use relay::model::{
    account::{DEFAULT_PRIORITY, DEFAULT_WEIGHT},
    problem::{FieldProblem, Problem},
    proxy::{ProxyAddress, ProxyKind},
};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::api::typed::Form;
use crate::part::field::Typed;

/// What the fields hold, by their names. Whoever leaves one out leaves it empty.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountForm {
    /// What the account is called; empty to call it after its kind.
    pub name: String,
    /// For people.
    pub note: String,
    /// An API key; empty to keep the one there is.
    pub secret: String,
    /// Where it sends; empty for the provider's own address.
    pub base_url: String,
    /// A Google Cloud project; empty for the one that is found.
    pub project: String,
    /// How its proxy is spoken to; empty for none.
    pub proxy_kind: String,
    /// Where the proxy is.
    pub proxy_host: String,
    /// Its port.
    pub proxy_port: String,
    /// Who the proxy is told to let through.
    pub proxy_username: String,
    /// Its password; empty to keep the one there is.
    pub proxy_password: String,
    /// 1 to 100; empty for the usual one.
    pub priority: String,
    /// 1 to 100; empty for the usual one.
    pub weight: String,
    /// Most calls under way; empty for any number.
    pub concurrency: String,
}

impl From<&AccountSettings> for AccountForm {
    fn from(settings: &AccountSettings) -> Self {
        let proxy = settings.proxy.clone();
        Self {
            note: settings.note.clone(),
            base_url: settings.base_url.clone(),
            project: settings.project.clone(),
            proxy_kind: proxy.as_ref().map(|proxy| proxy.kind.name().to_owned()).unwrap_or_default(),
            proxy_port: proxy.as_ref().map(|proxy| proxy.port.to_string()).unwrap_or_default(),
            proxy_username: proxy.as_ref().map(|proxy| proxy.username.clone()).unwrap_or_default(),
            proxy_host: proxy.map(|proxy| proxy.host).unwrap_or_default(),
            priority: settings.priority.to_string(),
            weight: settings.weight.to_string(),
            concurrency: settings.concurrency.map(|most| most.to_string()).unwrap_or_default(),
            ..Self::default()
        }
    }
}

impl AccountForm {
    /// What was typed before the browser posted the form itself to have a proxy tried. Only the server knows.
    pub(crate) fn typed_before(self) -> Self {
        let Some(Typed(fields)) = use_context() else { return self };
        let fields = fields.into_iter().map(|(name, value)| (name, value.into())).collect();
        serde_json::from_value(serde_json::Value::Object(fields)).unwrap_or(self)
    }
}

#[cfg(feature = "ssr")]
impl AccountForm {
    /// What the fields mean. Whether it can be had is the relay's to say.
    pub(crate) fn settings(&self) -> Result<AccountSettings, FieldProblem> {
        Ok(AccountSettings {
            note: self.note.clone(),
            base_url: self.base_url.clone(),
            project: self.project.clone(),
            proxy: self.proxy()?,
            priority: number("priority", &self.priority, 100)?.unwrap_or(DEFAULT_PRIORITY),
            weight: number("weight", &self.weight, 100)?.unwrap_or(DEFAULT_WEIGHT),
            concurrency: number("concurrency", &self.concurrency, 10_000)?,
        })
    }

    /// The proxy, if one is chosen.
    pub(crate) fn proxy(&self) -> Result<Option<ProxyAddress>, FieldProblem> {
        let Some(kind) = ProxyKind::from_name(&self.proxy_kind) else { return Ok(None) };
        if self.proxy_host.trim().is_empty() {
            return Err(FieldProblem::at("proxy_host", Problem::Required));
        }
        let port = number("proxy_port", &self.proxy_port, 65_535)?;
        let port = port.ok_or_else(|| FieldProblem::at("proxy_port", Problem::Required))?;
        let (host, username) = (self.proxy_host.clone(), self.proxy_username.clone());
        Ok(Some(ProxyAddress { kind, host, port, username }))
    }

    /// The key, as the secret that the relay takes.
    pub(crate) fn secret<T: From<String>>(&self) -> Option<T> {
        given(&self.secret)
    }

    /// The proxy's password, in the same way.
    pub(crate) fn proxy_password<T: From<String>>(&self) -> Option<T> {
        given(&self.proxy_password)
    }

    /// What may be given back on the next page: no secret, nor where one may have been typed by mistake.
    pub(crate) fn typed(&self, kind: &str) -> Form {
        let plain = |value: &'_ str| if value.contains('@') { String::new() } else { value.to_owned() };
        let (base_url, host) = (plain(&self.base_url), plain(&self.proxy_host));
        Form::typed(&[
            ("kind", kind),
            ("name", &self.name),
            ("note", &self.note),
            ("base_url", &base_url),
            ("project", &self.project),
            ("proxy_kind", &self.proxy_kind),
            ("proxy_host", &host),
            ("proxy_port", &self.proxy_port),
            ("proxy_username", &self.proxy_username),
            ("priority", &self.priority),
            ("weight", &self.weight),
            ("concurrency", &self.concurrency),
        ])
    }
}

#[cfg(feature = "ssr")]
fn given<T: From<String>>(secret: &str) -> Option<T> {
    (!secret.is_empty()).then(|| secret.to_owned().into())
}

/// A number of 1 to `max`; nothing for an empty field.
#[cfg(feature = "ssr")]
fn number<T: std::str::FromStr>(field: &str, typed: &str, max: i64) -> Result<Option<T>, FieldProblem> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let out = || FieldProblem::at(field, Problem::OutOfRange { min: 1, max });
    typed.parse().map(Some).map_err(|_| out())
}

impl fmt::Debug for AccountForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountForm").field("name", &self.name).finish_non_exhaustive()
    }
}
