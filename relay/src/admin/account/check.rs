//! What may be set of an account, field by field.

use crate::admin::{Error, name};
use crate::model::account::{AccountKind, AccountSettings};
use crate::model::problem::Problem;
use crate::model::proxy::ProxyAddress;
use crate::secret::Secret;

const SECRET_MAX: usize = 16 << 10;
const NOTE_MAX: usize = 500;
const CONCURRENCY_MAX: u32 = 10_000;
const HOST_MAX: usize = 253;

/// The settings as they are kept.
pub(super) fn settings(kind: AccountKind, given: &AccountSettings) -> Result<AccountSettings, Error> {
    let is_sandbox = kind == AccountKind::Sandbox;
    Ok(AccountSettings {
        note: name::note("note", &given.note, NOTE_MAX)?,
        base_url: if kind.is_api_key() { base_url(&given.base_url)? } else { String::new() },
        priority: within("priority", given.priority)?,
        weight: within("weight", given.weight)?,
        concurrency: given.concurrency.map(concurrency).transpose()?,
        proxy: given.proxy.as_ref().filter(|_| !is_sandbox).map(proxy).transpose()?,
        project: if kind == AccountKind::GeminiOauth { project(&given.project)? } else { String::new() },
    })
}

/// A secret that fits a header, without space around it.
pub(super) fn secret(field: &str, given: Option<&Secret>) -> Result<Secret, Error> {
    let secret =
        given.map(|secret| Secret::new(secret.reveal().trim())).filter(|secret| !secret.reveal().is_empty());
    let Some(secret) = secret else { return Err(Error::field(field, Problem::Required)) };
    let text = secret.reveal();
    if text.len() > SECRET_MAX {
        return Err(Error::field(field, Problem::TooLong { max: 16_384 }));
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::field(field, Problem::BadCharacters));
    }
    Ok(secret)
}

/// The last four characters; of a short secret they would tell too much.
pub(super) fn hint(secret: &Secret) -> String {
    let text = secret.reveal();
    if text.len() >= 16 { text[text.len() - 4..].to_owned() } else { String::new() }
}

fn base_url(given: &str) -> Result<String, Error> {
    let text = given.trim().trim_end_matches('/');
    if text.is_empty() {
        return Ok(String::new());
    }
    let bad = || Error::field("base_url", Problem::BadUrl);
    let url = reqwest::Url::parse(text).map_err(|_| bad())?;
    let is_plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
        && url.has_host();
    // Clients give the address with or without the version; the relay adds it itself.
    let text =
        ["/v1", "/v1beta", "/v1alpha"].iter().find_map(|version| text.strip_suffix(version)).unwrap_or(text);
    if is_plain && matches!(url.scheme(), "http" | "https") { Ok(text.to_owned()) } else { Err(bad()) }
}

fn within(field: &str, given: u8) -> Result<u8, Error> {
    if (1..=100).contains(&given) {
        Ok(given)
    } else {
        Err(Error::field(field, Problem::OutOfRange { min: 1, max: 100 }))
    }
}

fn concurrency(given: u32) -> Result<u32, Error> {
    if (1..=CONCURRENCY_MAX).contains(&given) {
        Ok(given)
    } else {
        Err(Error::field("concurrency", Problem::OutOfRange { min: 1, max: i64::from(CONCURRENCY_MAX) }))
    }
}

/// A proxy's address as it is kept.
pub(in crate::admin) fn proxy(given: &ProxyAddress) -> Result<ProxyAddress, Error> {
    let host = given.host.trim().trim_start_matches('[').trim_end_matches(']');
    if host.is_empty() {
        return Err(Error::field("proxy_host", Problem::Required));
    }
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._:%".contains(c);
    if host.len() > HOST_MAX || !host.chars().all(fits) {
        return Err(Error::field("proxy_host", Problem::BadCharacters));
    }
    if given.port == 0 {
        return Err(Error::field("proxy_port", Problem::OutOfRange { min: 1, max: 65_535 }));
    }
    let username = given.username.trim();
    if username.len() > 255 {
        return Err(Error::field("proxy_username", Problem::TooLong { max: 255 }));
    }
    if username.chars().any(char::is_control) {
        return Err(Error::field("proxy_username", Problem::BadCharacters));
    }
    Ok(ProxyAddress {
        kind: given.kind,
        host: host.to_owned(),
        port: given.port,
        username: username.to_owned(),
    })
}

/// A project's string id (reference: gemini, 7.2: not its number).
pub(in crate::admin) fn project(given: &str) -> Result<String, Error> {
    let text = given.trim();
    let fits = |c: char| c.is_ascii_alphanumeric() || "-:.".contains(c);
    if text.is_empty() {
        return Ok(String::new());
    }
    let is_number = text.chars().all(|c| c.is_ascii_digit());
    if text.len() > 100 || is_number || !text.chars().all(fits) {
        return Err(Error::field("project", Problem::BadCharacters));
    }
    Ok(text.to_owned())
}
