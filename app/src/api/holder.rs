//! What the holder of a key sees of it. Public: the key is the proof. It comes in the body alone, never in an address.

use leptos::prelude::*;
use relay::model::holder::HeldKey;
use serde::{Deserialize, Serialize};

use super::error::{Answer, ApiError};

/// A key, and where it is used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// What it may do, and what it was used for.
    pub key: HeldKey,
    /// The address that clients use, without a slash at the end.
    pub address: String,
}

/// The key of that text.
#[server(prefix = "/web/fn", endpoint = "held_key")]
pub async fn look_up_key(key: String) -> Result<Answer<Held>, ApiError> {
    look(&key.into()).await
}

/// What a form brought that the browser posted to the page itself; nothing if the page was only opened.
#[cfg(feature = "ssr")]
pub(crate) async fn posted() -> Option<Result<Answer<Held>, ApiError>> {
    let PastedKey(key) = use_context::<http::request::Parts>()?.extensions.get::<PastedKey>().cloned()?;
    Some(look(&key).await)
}

/// In the browser there is none.
#[cfg(not(feature = "ssr"))]
pub(crate) async fn posted() -> Option<Result<Answer<Held>, ApiError>> {
    None
}

/// The key in a form that the browser posted to the page itself; the server puts it into the request.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug)]
pub struct PastedKey(pub relay::admin::holder::KeyText);

#[cfg(feature = "ssr")]
async fn look(key: &relay::admin::holder::KeyText) -> Result<Answer<Held>, ApiError> {
    let shared = super::relay::shared()?;
    let visitor = super::door::visitor(&shared)?;
    let found = relay::admin::holder::look(&shared, key, &visitor).await;
    let address = super::door::address(&shared);
    Ok(super::relay::answer(found)?.map(|key| Held { key, address }))
}
