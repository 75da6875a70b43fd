//! What of a request changes on its way to Code Assist: the wrapper that a client of the Gemini API knows nothing of,
//! and the project of a client of Code Assist, which belongs to the account that its conversation began with.
//!
//! Only the named members are put in; every other byte of the client's stays what it was.

use bytes::{Bytes, BytesMut};

use super::splice::{Edits, inside, place, quoted};
use crate::wire::lenient::members;

/// A body of `generateContent` or `streamGenerateContent` in Code Assist's wrapper.
pub fn wrap(body: &Bytes, model: &str, project: Option<&str>) -> Bytes {
    let mut head = format!("{{\"model\":{}", quoted(model));
    if let Some(project) = project {
        head.push_str(",\"project\":");
        head.push_str(&quoted(project));
    }
    head.push_str(",\"request\":");
    enclosed(&head, body, "}")
}

/// A body of `countTokens` in Code Assist's wrapper, which has the model inside. A client may give its contents as they
/// are, or a whole `generateContentRequest`.
pub fn wrap_count(body: &Bytes, model: &str) -> Bytes {
    let json = String::from_utf8_lossy(body);
    let mut request = json.trim_ascii();
    members(&json, |name, value| {
        if name == b"generateContentRequest" {
            request = value;
        }
    });
    let mut has_model = false;
    members(request, |name, _| has_model |= name == b"model");
    let bytes = body.slice(place(&json, request));
    if has_model {
        return enclosed("{\"request\":", &bytes, "}");
    }
    let (brace, has_members) = inside(request, request);
    let comma = if has_members { "," } else { "" };
    let head = format!("{{\"request\":{{\"model\":{}{comma}", quoted(&format!("models/{model}")));
    enclosed(&head, &bytes.slice(brace..), "}")
}

fn enclosed(head: &str, body: &[u8], tail: &str) -> Bytes {
    let mut whole = BytesMut::with_capacity(head.len() + body.len() + tail.len());
    whole.extend_from_slice(head.as_bytes());
    whole.extend_from_slice(body);
    whole.extend_from_slice(tail.as_bytes());
    whole.freeze()
}

/// A body of Code Assist's with another project: the account's, or null where the account needs none. `may_add` says that
/// it gets one where it has none.
pub fn with_project(body: &Bytes, project: Option<&str>, may_add: bool) -> Bytes {
    let Ok(json) = std::str::from_utf8(body) else { return body.clone() };
    let text = project.map_or_else(|| "null".to_owned(), quoted);
    let mut edits = Edits::default();
    let mut has_project = false;
    members(json, |name, value| match name {
        b"project" | b"cloudaicompanionProject" => {
            has_project |= name == b"project";
            edits.put(place(json, value), &text);
        }
        b"metadata" => {
            members(value, |name, value| {
                if name == b"duetProject" {
                    edits.put(place(json, value), &text);
                }
            });
        }
        _ => {}
    });
    if may_add && !has_project && project.is_some() {
        let (brace, has_members) = inside(json, json);
        let comma = if has_members { "," } else { "" };
        edits.put(brace..brace, &format!("\"project\":{text}{comma}"));
    }
    edits.apply(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &Bytes) -> &str {
        std::str::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_client_s_bytes_stand_in_the_wrapper_as_they_came() {
        let body = Bytes::from_static(b" {\"contents\" : [1.50e+2, \"\\u00e9\"]}\n");

        let wrapped = wrap(&body, "gemini-2.5-pro", Some("a\"b"));

        assert_eq!(
            text(&wrapped),
            "{\"model\":\"gemini-2.5-pro\",\"project\":\"a\\\"b\",\"request\": {\"contents\" : [1.50e+2, \"\\u00e9\"]}\n}"
        );
        assert_eq!(text(&wrap(&body.slice(..0), "m", None)), "{\"model\":\"m\",\"request\":}");
    }

    #[test]
    fn counting_names_the_model_inside() {
        for (body, expected) in [
            (r#" {"contents":[]} "#, r#"{"request":{"model":"models/m","contents":[]}}"#),
            ("{ }", r#"{"request":{"model":"models/m" }}"#),
            (
                r#"{"generateContentRequest": {"model":"models/x","contents":[]} }"#,
                r#"{"request":{"model":"models/x","contents":[]}}"#,
            ),
            (
                r#"{"generateContentRequest":{"tools":[ ]}}"#,
                r#"{"request":{"model":"models/m","tools":[ ]}}"#,
            ),
        ] {
            assert_eq!(text(&wrap_count(&Bytes::from_static(body.as_bytes()), "m")), expected, "{body}");
        }
    }

    #[test]
    fn what_needs_no_project_gets_none() {
        let body = Bytes::from_static(br#"{"request":{"model":"models/m"}}"#);

        assert_eq!(with_project(&body, Some("p"), false), body);
    }

    #[test]
    fn only_the_project_is_replaced() {
        for (body, with, without) in [
            (
                r#"{"model":"m", "project" : "relay" , "request":{"project":"kept"}}"#,
                r#"{"model":"m", "project" : "p" , "request":{"project":"kept"}}"#,
                r#"{"model":"m", "project" : null , "request":{"project":"kept"}}"#,
            ),
            (r#"{"model":"m"}"#, r#"{"project":"p","model":"m"}"#, r#"{"model":"m"}"#),
            ("{}", r#"{"project":"p"}"#, "{}"),
            (r#"{"pro\u006aect":"relay"}"#, r#"{"pro\u006aect":"p"}"#, r#"{"pro\u006aect":null}"#),
            (
                r#"{"cloudaicompanionProject":"x","project":null,"metadata":{"duetProject":"x","ideType":"y"}}"#,
                r#"{"cloudaicompanionProject":"p","project":"p","metadata":{"duetProject":"p","ideType":"y"}}"#,
                r#"{"cloudaicompanionProject":null,"project":null,"metadata":{"duetProject":null,"ideType":"y"}}"#,
            ),
        ] {
            let bytes = Bytes::from_static(body.as_bytes());

            assert_eq!(text(&with_project(&bytes, Some("p"), true)), with, "{body}");
            assert_eq!(text(&with_project(&bytes, None, true)), without, "{body}");
        }
    }
}
