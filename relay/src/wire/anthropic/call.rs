//! What is asked: the few fields of a request body that routing and metering need.
//!
//! The body itself goes upstream as it came; this reads over it once, borrows, and judges nothing but what the
//! relay must know. Whatever else is odd in it is for the provider to refuse.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::opening::Opening;
use crate::wire::lenient::{KeySeed, Skipped, boolean, count, members, text};

/// The longest model name that is taken, in bytes. It goes into every record of the books.
pub const LONGEST_MODEL: usize = 256;

/// What the relay reads of a request body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallFields<'a> {
    /// The model asked for; never empty.
    pub model: Cow<'a, str>,
    /// A stream was asked for. What is no boolean counts as no; the reply's type decides in the end.
    pub stream: bool,
    /// The bound on the output, if it is a sensible number.
    pub max_tokens: Option<u64>,
    /// `metadata.user_id`: opaque, and for some clients the home of the session's id.
    pub user_id: Option<Cow<'a, str>>,
    /// Where the conversation's beginning stands.
    pub opening: Opening<'a>,
}

/// Why a request body cannot be relayed. The texts are for the client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// No body at all.
    #[error("the request has no body")]
    Empty,
    /// JSON is UTF-8.
    #[error("the request body is not valid UTF-8 (first fault at byte {at})")]
    NotUtf8 {
        /// Offset of the first byte that is wrong.
        at: usize,
    },
    /// Strict parsers, such as the providers', refuse it.
    #[error("the request body begins with a byte-order mark, which JSON does not allow")]
    ByteOrderMark,
    /// A fault of syntax.
    #[error("the request body is not valid JSON: {0}")]
    NotJson(String),
    /// JSON, but an array, a string, …
    #[error("the request body must be a JSON object")]
    NotAnObject,
    /// Which of them counts is up to each parser: the one billed could differ from the one served.
    #[error("{0}: given more than once")]
    Repeated(&'static str),
    /// Nothing to route by.
    #[error("model: Field required")]
    NoModel,
    /// A number, null, an object, …
    #[error("model: Input should be a valid string")]
    ModelNotText,
    /// `""`
    #[error("model: must not be empty")]
    ModelEmpty,
    /// No model has a name like that.
    #[error("model: at most {LONGEST_MODEL} bytes")]
    ModelTooLong,
}

impl<'a> CallFields<'a> {
    /// Reads the fields from a request body.
    ///
    /// # Errors
    /// The body is not one JSON object, repeats `model` or `stream`, or has no usable `model`.
    pub fn read(body: &'a [u8]) -> Result<Self, CallError> {
        let found = Found::read(body)?;
        let model = text(found.model.ok_or(CallError::NoModel)?).ok_or(CallError::ModelNotText)?;
        if model.is_empty() {
            return Err(CallError::ModelEmpty);
        }
        if model.len() > LONGEST_MODEL {
            return Err(CallError::ModelTooLong);
        }
        Ok(Self {
            model,
            stream: found.stream.and_then(boolean).unwrap_or(false),
            max_tokens: found.max_tokens.and_then(count),
            user_id: found.metadata.and_then(user_id),
            opening: found.opening,
        })
    }
}

fn user_id(metadata: &str) -> Option<Cow<'_, str>> {
    let mut user_id = None;
    members(metadata, |name, value| {
        if name == b"user_id" {
            user_id = text(value);
        }
    });
    user_id
}

/// The fields as JSON text, not yet judged.
#[derive(Default)]
struct Found<'a> {
    model: Option<&'a str>,
    stream: Option<&'a str>,
    max_tokens: Option<&'a str>,
    metadata: Option<&'a str>,
    opening: Opening<'a>,
    repeated: Option<&'static str>,
}

impl<'a> Found<'a> {
    fn read(body: &'a [u8]) -> Result<Self, CallError> {
        let json = json_text(body)?;
        let mut parser = serde_json::Deserializer::from_str(json);
        let found = parser.deserialize_map(FieldVisitor).map_err(not_json)?;
        parser.end().map_err(not_json)?;
        match found.repeated {
            Some(field) => Err(CallError::Repeated(field)),
            None => Ok(found),
        }
    }
}

/// A body as text that may be JSON.
pub(crate) fn json_text(body: &[u8]) -> Result<&str, CallError> {
    let json = std::str::from_utf8(body).map_err(|error| CallError::NotUtf8 { at: error.valid_up_to() })?;
    if json.starts_with('\u{feff}') {
        return Err(CallError::ByteOrderMark);
    }
    if json.trim_ascii().is_empty() {
        return Err(CallError::Empty);
    }
    Ok(json)
}

fn not_json(error: serde_json::Error) -> CallError {
    if error.is_data() { CallError::NotAnObject } else { CallError::NotJson(error.to_string()) }
}

struct FieldVisitor;

impl<'a> Visitor<'a> for FieldVisitor {
    type Value = Found<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Found<'a>, A::Error> {
        let mut found = Found::default();
        while let Some(name) = map.next_key_seed(KeySeed)? {
            let (field, unique) = match &*name {
                b"model" => (&mut found.model, Some("model")),
                b"stream" => (&mut found.stream, Some("stream")),
                b"max_tokens" => (&mut found.max_tokens, None),
                b"metadata" => (&mut found.metadata, None),
                b"tools" => (&mut found.opening.tools, None),
                b"system" => (&mut found.opening.system, None),
                b"messages" => (&mut found.opening.messages, None),
                _ => {
                    map.next_value::<Skipped>()?;
                    continue;
                }
            };
            if field.is_some() && unique.is_some() {
                found.repeated = unique;
            }
            *field = Some(map.next_value::<&'a RawValue>()?.get());
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(body: &[u8]) -> CallError {
        CallFields::read(body).expect_err("must be refused")
    }

    #[test]
    fn the_fields_are_read_wherever_they_stand() {
        let body = br#"{"messages":[{"role":"user","content":"\ud800 \"model\": 1"}],"stream":true,
            "metadata":{"other":[],"user_id":"user_1"},"max_tokens":32000,"mod\u0065l":"claude-opus-4-5","top_k":1e400}"#;

        let fields = CallFields::read(body);

        assert_eq!(
            fields,
            Ok(CallFields {
                model: "claude-opus-4-5".into(),
                stream: true,
                max_tokens: Some(32_000),
                user_id: Some("user_1".into()),
                opening: Opening {
                    messages: Some(r#"[{"role":"user","content":"\ud800 \"model\": 1"}]"#),
                    ..Opening::default()
                },
            })
        );
    }

    #[test]
    fn fields_of_the_wrong_type_are_for_the_provider_to_refuse() {
        let fields =
            CallFields::read(br#"{"model":"m","stream":"true","max_tokens":-1,"metadata":{"user_id":5}}"#);

        assert_eq!(
            fields,
            Ok(CallFields {
                model: "m".into(),
                stream: false,
                max_tokens: None,
                user_id: None,
                opening: Opening::default()
            })
        );
    }

    #[test]
    fn depth_and_numbers_of_any_size_pass() {
        let deep = format!("{}{}", r#"{"a":["#.repeat(10_000), "]}".repeat(10_000));
        let body =
            format!(r#"{{"x":{deep},"metadata":{deep},"n":[1e400,-0,18446744073709551616],"model":"m"}}"#);

        assert_eq!(CallFields::read(body.as_bytes()).map(|fields| fields.model), Ok("m".into()));
    }

    #[test]
    fn a_model_given_twice_is_refused_however_it_is_spelled() {
        assert_eq!(refusal(br#"{"model":"a","model":"b"}"#), CallError::Repeated("model"));
        assert_eq!(refusal(br#"{"model":"a","m\u006fdel":"a"}"#), CallError::Repeated("model"));
        assert_eq!(refusal(br#"{"stream":true,"stream":false,"model":"a"}"#), CallError::Repeated("stream"));
    }

    #[test]
    fn without_a_usable_model_there_is_nothing_to_route() {
        assert_eq!(refusal(b"{}"), CallError::NoModel);
        assert_eq!(refusal(br#"{"model":null}"#), CallError::ModelNotText);
        assert_eq!(refusal(br#"{"model":["m"]}"#), CallError::ModelNotText);
        assert_eq!(refusal(br#"{"model":"\ud800"}"#), CallError::ModelNotText);
        assert_eq!(refusal(br#"{"model":""}"#), CallError::ModelEmpty);
        assert_eq!(
            refusal(format!(r#"{{"model":"{}"}}"#, "m".repeat(257)).as_bytes()),
            CallError::ModelTooLong
        );
    }

    #[test]
    fn what_is_not_one_json_object_is_refused_with_the_reason() {
        assert_eq!(refusal(b" \n"), CallError::Empty);
        assert_eq!(refusal(b"[]"), CallError::NotAnObject);
        assert_eq!(refusal(b"\"model\""), CallError::NotAnObject);
        assert_eq!(refusal(b"\xef\xbb\xbf{}"), CallError::ByteOrderMark);
        assert_eq!(refusal(b"{\"model\":\"\xff\"}"), CallError::NotUtf8 { at: 10 });
        for body in
            ["{", "{} {}", r#"{"model":NaN}"#, r#"{"model":"m",}"#, "nonsense", r#"{"model":"m" "x":1}"#]
        {
            assert!(matches!(refusal(body.as_bytes()), CallError::NotJson(_)), "{body}");
        }
    }
}
