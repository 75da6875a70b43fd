//! The sandbox's own list of models: `GET /v1/models` in the provider's shape, with its paging.

use serde::Serialize;

#[derive(Clone, Copy, Debug, Serialize)]
struct Model {
    #[serde(rename = "type")]
    kind: &'static str,
    id: &'static str,
    display_name: &'static str,
    created_at: &'static str,
}

const fn model(id: &'static str, display_name: &'static str) -> Model {
    Model { kind: "model", id, display_name, created_at: "2026-01-01T00:00:00Z" }
}

/// Names under which the sandbox presents itself; it answers to every other name too.
const MODELS: [Model; 3] = [
    model("claude-sandbox-1", "Switchyard Sandbox 1"),
    model("claude-sandbox-1-mini", "Switchyard Sandbox 1 mini"),
    model("claude-sandbox-0", "Switchyard Sandbox 0"),
];

/// The provider's own default and bounds.
const LIMIT: usize = 20;
const MOST: usize = 1000;

/// One page of the list.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    data: Vec<Model>,
    has_more: bool,
    first_id: Option<&'static str>,
    last_id: Option<&'static str>,
}

/// The page that a query (`limit`, `after_id`, `before_id`) asks for.
pub(super) fn list(query: &str) -> Page {
    let value = |name: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(key, _)| *key == name).map(|(_, value)| value).next()
    };
    let place = |id: &str| MODELS.iter().position(|model| model.id == id);
    let limit = value("limit").and_then(|text| text.parse().ok()).unwrap_or(LIMIT).clamp(1, MOST);
    let start = value("after_id").and_then(place).map_or(0, |at| at + 1);
    let end = value("before_id").and_then(place).unwrap_or(MODELS.len());
    let between = MODELS.get(start..end).unwrap_or_default();
    let backwards = value("before_id").is_some() && value("after_id").is_none();
    let skip = if backwards { between.len().saturating_sub(limit) } else { 0 };
    let data: Vec<_> = between.iter().skip(skip).take(limit).copied().collect();
    Page {
        has_more: data.len() < between.len(),
        first_id: data.first().map(|model| model.id),
        last_id: data.last().map(|model| model.id),
        data,
    }
}
