//! Owns what is read of requests to Google: as little as decides the answer.

use serde::Deserialize;
use serde::de::IgnoredAny;

/// A body of the Gemini API.
#[derive(Debug, Deserialize)]
struct Body {
    contents: Option<IgnoredAny>,
    #[serde(rename = "generateContentRequest", alias = "generate_content_request")]
    request: Option<IgnoredAny>,
}

/// A body of Code Assist.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wrapper {
    pub(crate) model: Option<String>,
    pub(crate) project: Option<String>,
    pub(crate) request: Option<Inner>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Inner {
    pub(crate) model: Option<String>,
    pub(crate) contents: Option<IgnoredAny>,
}

/// A body that sets up Code Assist.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Setup {
    pub(crate) tier_id: Option<String>,
    pub(crate) cloudaicompanion_project: Option<String>,
}

/// Whether a body has contents; the error is the provider's message.
pub(crate) fn check_contents(body: &[u8]) -> Result<(), String> {
    let body: Body = read(body)?;
    if body.contents.is_some() || body.request.is_some() {
        return Ok(());
    }
    Err("* GenerateContentRequest.contents: contents is not specified".to_owned())
}

/// Reads a body; the error is the provider's message.
pub(crate) fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| format!("Invalid JSON payload received. {error}"))
}
