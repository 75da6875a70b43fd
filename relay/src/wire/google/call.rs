//! What is asked. A call of the Gemini API names its model in the path, so its body need only be an object; a call of
//! Code Assist has everything in the body.

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::wire::anthropic::call::{CallError, LONGEST_MODEL, json_text};
use crate::wire::lenient::{members, text};

/// Checks that a body is one JSON object.
///
/// # Errors
/// It is not.
pub fn object(body: &[u8]) -> Result<&str, CallError> {
    let json = json_text(body)?;
    let value: &RawValue =
        serde_json::from_str(json).map_err(|error| CallError::NotJson(error.to_string()))?;
    if value.get().starts_with('{') { Ok(value.get()) } else { Err(CallError::NotAnObject) }
}

/// A model's name without `models/` in front, checked.
///
/// # Errors
/// It is empty or too long.
pub fn model_name(name: &str) -> Result<&str, CallError> {
    let name = name.strip_prefix("models/").unwrap_or(name);
    match name.len() {
        0 => Err(CallError::ModelEmpty),
        length if length > LONGEST_MODEL => Err(CallError::ModelTooLong),
        _ => Ok(name),
    }
}

/// What the relay reads of a call of Code Assist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrapped<'a> {
    /// The model asked for, as it is written.
    pub model: Cow<'a, str>,
    /// `request.session_id`: the same for all calls of one conversation.
    pub session: Option<Cow<'a, str>>,
    /// `request`, as JSON text.
    pub request: Option<&'a str>,
}

impl<'a> Wrapped<'a> {
    /// Reads the wrapper. To count tokens, the model is inside of `request`.
    ///
    /// # Errors
    /// The body is not one JSON object, repeats `model` or `request`, or has no usable `model`.
    pub fn read(body: &'a [u8]) -> Result<Self, CallError> {
        let (mut model, mut request, mut repeated) = (None, None, None);
        members(object(body)?, |name, value| {
            let (field, name) = match name {
                b"model" => (&mut model, "model"),
                b"request" => (&mut request, "request"),
                _ => return,
            };
            if field.replace(value).is_some() {
                repeated = Some(name);
            }
        });
        let (mut inner, mut session) = (None, None);
        members(request.unwrap_or_default(), |name, value| match name {
            b"model" => inner = Some(value),
            b"session_id" | b"sessionId" => session = text(value),
            _ => {}
        });
        if let Some(name) = repeated {
            return Err(CallError::Repeated(name));
        }
        let model = text(model.or(inner).ok_or(CallError::NoModel)?).ok_or(CallError::ModelNotText)?;
        model_name(&model)?;
        Ok(Self { model, session, request })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_object_is_a_body() {
        assert!(object(br#" {"contents":[]} "#).is_ok());
        for (body, error) in [
            (&b""[..], CallError::Empty),
            (b"[]", CallError::NotAnObject),
            (b"\xff", CallError::NotUtf8 { at: 0 }),
        ] {
            assert_eq!(object(body), Err(error));
        }
        assert!(matches!(object(b"{} {}"), Err(CallError::NotJson(_))));
        assert!(matches!(object(b"{\"a\":"), Err(CallError::NotJson(_))));
    }

    #[test]
    fn a_wrapper_names_model_and_session() {
        let call = Wrapped::read(br#"{"model":"gemini-2.5-pro","request":{"session_id":"s"}}"#).unwrap();
        let count = Wrapped::read(br#"{"request":{"model":"models/gemini-2.5-pro"}}"#).unwrap();

        assert_eq!((&*call.model, call.session.as_deref()), ("gemini-2.5-pro", Some("s")));
        assert_eq!(&*count.model, "models/gemini-2.5-pro");
    }

    #[test]
    fn a_wrapper_without_a_usable_model_is_refused() {
        for (body, error) in [
            (&br#"{"request":{}}"#[..], CallError::NoModel),
            (br#"{"model":5}"#, CallError::ModelNotText),
            (br#"{"model":""}"#, CallError::ModelEmpty),
            (br#"{"model":"models/"}"#, CallError::ModelEmpty),
            (br#"{"model":"a","model":"b"}"#, CallError::Repeated("model")),
        ] {
            assert_eq!(Wrapped::read(body), Err(error));
        }
    }
}
