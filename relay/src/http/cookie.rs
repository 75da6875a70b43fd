//! The console's cookies: HttpOnly, for this site only; `__Host-` and Secure when the console is served over https.

use http::HeaderMap;
use http::header::{COOKIE, HeaderValue};

use crate::admin::session::Opened;
use crate::secret::Secret;
use crate::state::Switchyard;

/// The cookies that matter for permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// The session's token.
    Session,
    /// The set-up token, from the moment its link was opened until the administrator exists.
    Setup,
    /// The mark of a browser that signed in before.
    Device,
}

const SETUP_S: i64 = 24 * 3600;
const DEVICE_S: i64 = 365 * 24 * 3600;

impl Cookie {
    fn name(self) -> &'static str {
        match self {
            Self::Session => "switchyard_session",
            Self::Setup => "switchyard_setup",
            Self::Device => "switchyard_device",
        }
    }

    /// Strict, but for the set-up link: it may be opened from another page, and must work all the same.
    fn same_site(self) -> &'static str {
        if self == Self::Setup { "Lax" } else { "Strict" }
    }
}

/// What the browser sent in this cookie.
pub fn find(shared: &Switchyard, headers: &HeaderMap, cookie: Cookie) -> Option<Secret> {
    let name = full_name(shared, cookie);
    let pairs = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = pairs.flat_map(|pairs| pairs.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, value)| *found == name && !value.is_empty()).map(|(_, value)| Secret::new(value))
}

/// Whether the browser sent any of them: then the request speaks with the browser's permission.
pub fn any(shared: &Switchyard, headers: &HeaderMap) -> bool {
    [Cookie::Session, Cookie::Setup].into_iter().any(|cookie| find(shared, headers, cookie).is_some())
}

/// `set-cookie` values for a session just begun.
pub fn opened(shared: &Switchyard, opened: &Opened) -> Vec<HeaderValue> {
    let stay_s = (opened.longest_ms - shared.clock.now_ms()).div_euclid(1000).max(0);
    let session = set(shared, Cookie::Session, opened.token.reveal(), stay_s);
    let device = set(shared, Cookie::Device, opened.device.reveal(), DEVICE_S);
    [session, device].into_iter().flatten().collect()
}

/// The `set-cookie` value that keeps the set-up token.
pub fn setup(shared: &Switchyard, token: &Secret) -> Option<HeaderValue> {
    set(shared, Cookie::Setup, token.reveal(), SETUP_S)
}

/// The `set-cookie` value that removes one.
pub fn remove(shared: &Switchyard, cookie: Cookie) -> Option<HeaderValue> {
    set(shared, cookie, "", 0)
}

fn set(shared: &Switchyard, cookie: Cookie, value: &str, max_age_s: i64) -> Option<HeaderValue> {
    let (name, site) = (full_name(shared, cookie), cookie.same_site());
    let secure = if is_https(shared) { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite={site}{secure}");
    let mut value = HeaderValue::try_from(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn full_name(shared: &Switchyard, cookie: Cookie) -> String {
    let prefix = if is_https(shared) { "__Host-" } else { "" };
    format!("{prefix}{}", cookie.name())
}

fn is_https(shared: &Switchyard) -> bool {
    shared.config.server.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
}
