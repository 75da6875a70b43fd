//! Owns Google's list of models: entries, paging and lookup by id.

use serde_json::{Value, json};

/// The models that a credential lists when no test says otherwise.
pub(crate) const USUAL: [&str; 5] = [
    "gemini-2.5-flash",
    "gemini-2.5-flash-lite",
    "gemini-2.5-pro",
    "gemini-3-pro-preview",
    "gemini-embedding-001",
];

/// Entries of a page when the request does not say.
const USUAL_SIZE: usize = 50;

/// A page of the list. A page's token is the place of its first entry.
pub(crate) fn page(ids: &[impl AsRef<str>], query: &str) -> Result<Value, &'static str> {
    let (mut size, mut start) = (USUAL_SIZE, 0);
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "pageSize" => size = value.parse().map_err(|_| "pageSize is no number")?,
            "pageToken" => start = value.parse().map_err(|_| "pageToken is not one of ours")?,
            _ => {}
        }
    }
    let rest = ids.get(start..).ok_or("pageToken is not one of ours")?;
    let size = size.clamp(1, 1000);
    let shown = rest.get(..size).unwrap_or(rest);
    let models: Vec<_> = shown.iter().map(|id| entry(id.as_ref())).collect();
    let mut page = json!({"models": models});
    if shown.len() < rest.len() {
        page["nextPageToken"] = json!((start + shown.len()).to_string());
    }
    Ok(page)
}

/// One entry, if it is listed.
pub(crate) fn one(ids: &[impl AsRef<str>], id: &str) -> Option<Value> {
    ids.iter().any(|known| known.as_ref() == id).then(|| entry(id))
}

fn entry(id: &str) -> Value {
    let embeds = id.contains("embedding");
    let methods =
        if embeds { ["embedContent", "countTextTokens"] } else { ["generateContent", "countTokens"] };
    json!({
        "name": format!("models/{id}"),
        "version": "2.5",
        "displayName": id,
        "description": format!("The model {id}"),
        "inputTokenLimit": 1_048_576,
        "outputTokenLimit": 65_536,
        "supportedGenerationMethods": methods,
        "temperature": 1,
        "topP": 0.95,
        "topK": 64,
        "maxTemperature": 2,
        "thinking": !embeds,
    })
}
