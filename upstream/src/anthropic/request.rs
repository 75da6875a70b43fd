//! Owns what the upstream reads of a request's body: as little as decides the answer.
//! Promises that a repeated field counts as its last value, as in the provider's own parser.

use std::borrow::Cow;
use std::fmt;

use serde::Deserializer;
use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};

/// The fields that decide an answer.
#[derive(Debug, Default)]
pub(crate) struct Asked<'a> {
    pub(crate) model: Option<Cow<'a, str>>,
    pub(crate) stream: bool,
}

impl<'a> Asked<'a> {
    /// Reads a body; the error is the provider's message.
    pub(crate) fn read(body: &'a [u8]) -> Result<Self, String> {
        let mut reader = serde_json::Deserializer::from_slice(body);
        let asked = reader.deserialize_map(AskedVisitor).map_err(|error| not_json(&error))?;
        reader.end().map_err(|error| not_json(&error))?;
        Ok(asked)
    }
}

fn not_json(error: &serde_json::Error) -> String {
    format!("The request body is not valid JSON: {error}")
}

struct AskedVisitor;

impl<'a> Visitor<'a> for AskedVisitor {
    type Value = Asked<'a>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<Asked<'a>, M::Error> {
        let mut asked = Asked::default();
        while let Some(field) = map.next_key::<Field>()? {
            match field {
                Field::Model => asked.model = Some(map.next_value::<Text<'a>>()?.0),
                Field::Stream => asked.stream = map.next_value::<Option<bool>>()?.unwrap_or_default(),
                Field::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(asked)
    }
}

enum Field {
    Model,
    Stream,
    Other,
}

impl<'a> serde::Deserialize<'a> for Field {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        struct FieldVisitor;
        impl Visitor<'_> for FieldVisitor {
            type Value = Field;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a field name")
            }

            fn visit_bytes<E: serde::de::Error>(self, name: &[u8]) -> Result<Field, E> {
                Ok(match name {
                    b"model" => Field::Model,
                    b"stream" => Field::Stream,
                    _ => Field::Other,
                })
            }

            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Field, E> {
                self.visit_bytes(name.as_bytes())
            }
        }
        // As bytes: a name that is not Unicode is just another one.
        deserializer.deserialize_bytes(FieldVisitor)
    }
}

struct Text<'a>(Cow<'a, str>);

impl<'a> serde::Deserialize<'a> for Text<'a> {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'a> Visitor<'a> for TextVisitor {
            type Value = Text<'a>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a string")
            }

            fn visit_borrowed_str<E: serde::de::Error>(self, text: &'a str) -> Result<Text<'a>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Text<'a>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }

            fn visit_unit<E: serde::de::Error>(self) -> Result<Text<'a>, E> {
                Err(E::custom("model: Input should be a valid string"))
            }
        }
        deserializer.deserialize_str(TextVisitor).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_repeated_fields_counts() {
        let asked = Asked::read(br#"{"model":"a","x":[{}],"stream":true,"model":"b"}"#).expect("a body");

        assert_eq!(asked.model.as_deref(), Some("b"));
        assert!(asked.stream);
    }

    #[test]
    fn deep_and_odd_values_elsewhere_do_not_matter() {
        let deep = format!(
            r#"{{"model":"a","x":{}1{},"y":"\ud800","z":1e400}}"#,
            "[".repeat(10_000),
            "]".repeat(10_000)
        );

        assert_eq!(Asked::read(deep.as_bytes()).expect("a body").model.as_deref(), Some("a"));
    }

    #[test]
    fn what_is_not_an_object_is_refused() {
        for body in ["", "[]", "{", "{\"model\":1}", "{} x", "NaN"] {
            assert!(Asked::read(body.as_bytes()).is_err(), "{body}");
        }
    }
}
