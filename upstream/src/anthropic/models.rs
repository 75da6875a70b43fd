//! Owns the list of models: entries, paging and lookup by id.

use serde::Serialize;

/// The models that a credential lists when no test says otherwise, newest first.
pub(crate) const USUAL: [&str; 5] = [
    "claude-opus-5-5",
    "claude-haiku-5-5",
    "claude-opus-4-5-20251101",
    "claude-haiku-4-5-20251001",
    "claude-sonnet-4-5-20250929",
];

/// Entries of a page when the request does not say.
const USUAL_LIMIT: usize = 20;

#[derive(Serialize)]
struct Model<'a> {
    r#type: &'static str,
    id: &'a str,
    display_name: &'a str,
    created_at: &'static str,
}

#[derive(Serialize)]
struct Page<'a> {
    data: Vec<Model<'a>>,
    has_more: bool,
    first_id: Option<&'a str>,
    last_id: Option<&'a str>,
}

/// What a request for the list asks.
#[derive(Debug, Default)]
struct Paging<'a> {
    limit: Option<&'a str>,
    after: Option<&'a str>,
    before: Option<&'a str>,
}

impl<'a> Paging<'a> {
    fn read(query: &'a str) -> Self {
        let mut paging = Self::default();
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            match name {
                "limit" => paging.limit = Some(value),
                "after_id" => paging.after = Some(value),
                "before_id" => paging.before = Some(value),
                _ => {}
            }
        }
        paging
    }
}

/// A page of the list as JSON; the error is the provider's message.
pub(crate) fn page(ids: &[impl AsRef<str>], query: &str) -> Result<Vec<u8>, String> {
    let paging = Paging::read(query);
    let limit = match paging.limit {
        None => USUAL_LIMIT,
        Some(limit) => limit
            .parse()
            .ok()
            .filter(|limit| (1..=1000).contains(limit))
            .ok_or("limit: Input should be between 1 and 1000")?,
    };
    let place = |name: &str, id: &str| {
        ids.iter().position(|known| known.as_ref() == id).ok_or_else(|| format!("{name}: unknown id"))
    };
    let start = paging.after.map_or(Ok(0), |id| place("after_id", id).map(|at| at + 1))?;
    let end = paging.before.map_or(Ok(ids.len()), |id| place("before_id", id))?;
    let window = ids.get(start..end).unwrap_or_default();
    let (shown, has_more) = if paging.before.is_some() {
        let from = window.len().saturating_sub(limit);
        (window.get(from..).unwrap_or_default(), from > 0)
    } else {
        (window.get(..limit).unwrap_or(window), window.len() > limit)
    };
    let page = Page {
        data: shown.iter().map(|id| entry(id.as_ref())).collect(),
        has_more,
        first_id: shown.first().map(AsRef::as_ref),
        last_id: shown.last().map(AsRef::as_ref),
    };
    Ok(serde_json::to_vec(&page).unwrap_or_default())
}

/// One entry as JSON, if it is listed.
pub(crate) fn one(ids: &[impl AsRef<str>], id: &str) -> Option<Vec<u8>> {
    ids.iter().any(|known| known.as_ref() == id).then(|| serde_json::to_vec(&entry(id)).unwrap_or_default())
}

fn entry(id: &str) -> Model<'_> {
    Model { r#type: "model", id, display_name: id, created_at: "2025-09-29T00:00:00Z" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(query: &str) -> (Vec<String>, bool) {
        let page = page(&["a", "b", "c", "d"], query).expect("a page");
        let page: serde_json::Value = serde_json::from_slice(&page).expect("JSON");
        let data = page["data"].as_array().expect("a list");
        let ids = data.iter().map(|entry| entry["id"].as_str().expect("an id").to_owned()).collect();
        (ids, page["has_more"].as_bool().expect("a boolean"))
    }

    #[test]
    fn pages_follow_each_other_in_both_directions() {
        assert_eq!(ids("limit=3"), (vec!["a".into(), "b".into(), "c".into()], true));
        assert_eq!(ids("limit=3&after_id=c"), (vec!["d".into()], false));
        assert_eq!(ids("limit=2&before_id=d"), (vec!["b".into(), "c".into()], true));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        assert!(page(&["a"], "limit=0").is_err());
        assert!(page(&["a"], "after_id=z").is_err());
    }
}
