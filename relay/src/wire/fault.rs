//! What a provider says is wrong, in any of the shapes: OAuth's (`error` is a word), Anthropic's and Google's
//! (`error` is an object), or Google's array of one.

use super::lenient::{elements, find, text};

/// The provider's word and words; empty where it gave none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fault {
    /// `invalid_grant`, `rate_limit_error`, `RESOURCE_EXHAUSTED`.
    pub kind: String,
    /// Its text for people.
    pub words: String,
}

impl Fault {
    /// Reads what is there.
    pub fn read(json: &str) -> Self {
        let mut first = None;
        if json.trim_start().starts_with('[') {
            elements(json, |element| _ = first.get_or_insert(element));
        }
        let json = first.unwrap_or(json);
        let at = |path: &[&str]| find(json, path).and_then(text).map(std::borrow::Cow::into_owned);
        match at(&["error"]) {
            Some(kind) => Self { kind, words: at(&["error_description"]).unwrap_or_default() },
            None => Self {
                kind: at(&["error", "type"]).or_else(|| at(&["error", "status"])).unwrap_or_default(),
                words: at(&["error", "message"]).or_else(|| at(&["message"])).unwrap_or_default(),
            },
        }
    }
}

/// The reasons in a Google error's details (`SECURITY_POLICY_VIOLATED`).
pub fn reasons(json: &str) -> Vec<String> {
    let mut reasons = Vec::new();
    if let Some(details) = find(json, &["error", "details"]) {
        elements(details, |detail| {
            let reason = find(detail, &["reason"]).and_then(text);
            reasons.extend(reason.map(std::borrow::Cow::into_owned));
        });
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_is_read() {
        for (json, kind, words) in [
            (r#"{"error":"invalid_grant","error_description":"gone"}"#, "invalid_grant", "gone"),
            (r#"{"error":"invalid_client"}"#, "invalid_client", ""),
            (r#"{"type":"error","error":{"type":"a","message":"b"}}"#, "a", "b"),
            (
                r#"{"error":{"code":403,"status":"PERMISSION_DENIED","message":"no"}}"#,
                "PERMISSION_DENIED",
                "no",
            ),
            (r#"[{"error":{"status":"X","message":"y"}}]"#, "X", "y"),
            (r#"{"message":"only words"}"#, "", "only words"),
            (r#"{"error":null}"#, "", ""),
            ("<html>", "", ""),
            ("", "", ""),
        ] {
            assert_eq!(Fault::read(json), Fault { kind: kind.into(), words: words.into() }, "{json}");
        }
    }

    #[test]
    fn reasons_are_found_among_details() {
        let json = r#"{"error":{"details":[{"@type":"x"},{"reason":"SECURITY_POLICY_VIOLATED"},7]}}"#;

        assert_eq!(reasons(json), ["SECURITY_POLICY_VIOLATED"]);
    }
}
