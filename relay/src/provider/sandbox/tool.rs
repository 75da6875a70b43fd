//! Arguments for a tool, made to satisfy what its schema requires.

use serde_json::{Map, Value};

/// Deeper schemas than this get `null`: some refer to themselves.
const DEPTH: u8 = 8;

/// Arguments with every required field of the schema and no other.
pub(super) fn arguments(schema: &Value) -> Value {
    value(schema, schema, DEPTH)
}

fn value(schema: &Value, root: &Value, depth: u8) -> Value {
    let Some(depth) = depth.checked_sub(1) else { return Value::Null };
    if let Some(target) = schema["$ref"].as_str() {
        let pointed = target.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
        return pointed.map_or(Value::Null, |pointed| value(pointed, root, depth));
    }
    if let Some(given) = ["const", "default"].iter().find_map(|name| schema.get(*name)) {
        return given.clone();
    }
    if let Some(first) = ["enum", "examples"].iter().find_map(|name| schema[*name].get(0)) {
        return first.clone();
    }
    if let Some(choice) = ["anyOf", "oneOf", "allOf"].iter().find_map(|name| schema[*name].get(0)) {
        return value(choice, root, depth);
    }
    match kind(schema) {
        "object" => object(schema, root, depth),
        "array" => {
            let least = usize::try_from(schema["minItems"].as_u64().unwrap_or(0)).unwrap_or(0).min(16);
            Value::Array(vec![value(&schema["items"], root, depth); least])
        }
        "integer" => number(schema, 1).into(),
        "number" => schema["minimum"].as_f64().map_or_else(|| number(schema, 1).into(), Value::from),
        "boolean" => Value::Bool(true),
        "null" => Value::Null,
        _ => text(schema),
    }
}

/// The schema's type; the first that is not null where there are several, an object where it has properties.
fn kind(schema: &Value) -> &str {
    let guess = if schema["properties"].is_object() { "object" } else { "string" };
    match &schema["type"] {
        Value::String(name) => name,
        Value::Array(names) => {
            names.iter().filter_map(Value::as_str).find(|name| *name != "null").unwrap_or("null")
        }
        _ => guess,
    }
}

fn object(schema: &Value, root: &Value, depth: u8) -> Value {
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let fields = required.map(|name| (name.to_owned(), value(&schema["properties"][name], root, depth)));
    Value::Object(fields.collect::<Map<_, _>>())
}

fn number(schema: &Value, otherwise: i64) -> i64 {
    let least = schema["minimum"].as_i64().or_else(|| schema["exclusiveMinimum"].as_i64().map(|n| n + 1));
    let most = schema["maximum"].as_i64().or_else(|| schema["exclusiveMaximum"].as_i64().map(|n| n - 1));
    let number = otherwise.max(least.unwrap_or(i64::MIN));
    if least.is_none() { number.min(most.unwrap_or(i64::MAX)) } else { number }
}

fn text(schema: &Value) -> Value {
    let text = match schema["format"].as_str() {
        Some("date") => "2026-01-01",
        Some("date-time") => "2026-01-01T00:00:00Z",
        Some("uri" | "url") => "https://example.com/",
        Some("email") => "sandbox@example.com",
        Some("uuid") => "00000000-0000-4000-8000-000000000000",
        _ => "sandbox",
    };
    let least = usize::try_from(schema["minLength"].as_u64().unwrap_or(0)).unwrap_or(0).min(1024);
    let mut text = text.to_owned();
    while text.len() < least {
        text.push('.');
    }
    if let Some(most) = schema["maxLength"].as_u64().and_then(|most| usize::try_from(most).ok()) {
        text.truncate(most);
    }
    Value::String(text)
}
