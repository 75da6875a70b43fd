//! A request's JSON, field by field. Scripts leave out, send null, or send numbers as texts; unknown fields, of which
//! the original has many, are passed over.

use axum::RequestExt;
use axum::body::Bytes;
use axum::extract::Request;
use axum::extract::rejection::BytesRejection;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use super::reply::Refused;
use crate::secret::Secret;

/// The fields of an object.
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// Reads a body; none at all is an object without fields.
    pub(super) async fn read(request: Request) -> Result<Self, Refused> {
        let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_json = content_type.is_some_and(|kind| kind.trim_start().starts_with("application/json"));
        let refuse = |status, message| Refused::with(status, "bad_request", message);
        let body: Result<Bytes, BytesRejection> = request.extract().await;
        let body = body.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => refuse(rejection.status(), "the body is too large"),
            _ => refuse(StatusCode::BAD_REQUEST, "the body did not arrive whole"),
        })?;
        if body.is_empty() {
            return Ok(Self(Map::new()));
        }
        if !is_json {
            return Err(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content-type must be application/json"));
        }
        let fields = serde_json::from_slice(&body);
        fields.map(Self).map_err(|_| refuse(StatusCode::BAD_REQUEST, "the body must be a JSON object"))
    }

    /// Whether a field was sent, be it null.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A field as it came.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A text; a number counts as one.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Refused> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(Refused::field(name, "a text")),
        }
    }

    /// A text that is to be seen by nobody; an empty one is none.
    pub(super) fn secret(&self, name: &str) -> Result<Option<Secret>, Refused> {
        Ok(self.text(name)?.filter(|text| !text.trim().is_empty()).map(Secret::new))
    }

    /// A whole number, or a text of digits; an empty text is none.
    pub(super) fn number(&self, name: &str) -> Result<Option<i64>, Refused> {
        let wrong = || Refused::field(name, "a whole number");
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Number(number)) => number.as_i64().map(Some).ok_or_else(wrong),
            Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
            Some(Value::String(text)) => text.trim().parse().map(Some).map_err(|_| wrong()),
            Some(_) => Err(wrong()),
        }
    }

    /// True or false, also as a text.
    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, Refused> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(Value::String(text)) if text == "true" => Ok(Some(true)),
            Some(Value::String(text)) if text == "false" => Ok(Some(false)),
            Some(_) => Err(Refused::field(name, "true or false")),
        }
    }

    /// An object, also as the text of one; an empty text is none.
    pub(super) fn object(&self, name: &str) -> Result<Option<Self>, Refused> {
        let wrong = || Refused::field(name, "an object");
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(fields)) => Ok(Some(Self(fields.clone()))),
            Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
            Some(Value::String(text)) => {
                serde_json::from_str(text).map(|fields| Some(Self(fields))).map_err(|_| wrong())
            }
            Some(_) => Err(wrong()),
        }
    }

    /// A list of texts.
    pub(super) fn texts(&self, name: &str) -> Result<Option<Vec<String>>, Refused> {
        let wrong = || Refused::field(name, "a list of texts");
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(list)) => {
                let text = |value: &Value| value.as_str().map(str::to_owned).ok_or_else(wrong);
                list.iter().map(text).collect::<Result<_, _>>().map(Some)
            }
            Some(_) => Err(wrong()),
        }
    }

    /// The object as a text.
    pub(super) fn to_secret(&self) -> Secret {
        Secret::new(Value::Object(self.0.clone()).to_string())
    }
}
