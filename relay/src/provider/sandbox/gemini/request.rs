//! What a client of Google's asks, read into the sandbox's own terms. Both spellings of names are taken, as there.

use serde_json::{Value, json};

use super::GeminiAsk;
use crate::provider::google::verb::Verb;
use crate::provider::sandbox::request::{Asked, Call, Refusal, Thinking, Tool};

/// What an answer may have where nothing is said.
const USUAL_MOST: u64 = 8_192;

/// The request as an object, out of its wrapper.
pub(super) fn object(body: &[u8], wrapped: bool) -> Result<Value, Refusal> {
    let mut request: Value = serde_json::from_slice(body)
        .map_err(|error| Refusal(format!("Invalid JSON payload received. {error}")))?;
    if wrapped {
        request = request["request"].take();
    }
    if request.is_object() { Ok(request) } else { Err(Refusal("Invalid JSON payload received.".to_owned())) }
}

/// Reads a request for an answer.
pub(super) fn message(request: &Value, ask: GeminiAsk<'_>) -> Result<Call, Refusal> {
    let contents = request["contents"].as_array().filter(|contents| !contents.is_empty());
    let Some(contents) = contents else {
        return Err(Refusal("* GenerateContentRequest.contents: contents is not specified\n".to_owned()));
    };
    let config = either(request, "generationConfig", "generation_config");
    let asked = asked(contents);
    Ok(Call {
        model: ask.model.to_owned(),
        max_tokens: either(config, "maxOutputTokens", "max_output_tokens")
            .as_u64()
            .unwrap_or(USUAL_MOST)
            .max(1),
        stream: ask.verb == Verb::Stream,
        thinking: thinks(config).then_some(Thinking::Shown),
        tool: if asked.tool_result.is_none() { tool(request) } else { None },
        asked,
        stop_sequences: strings(either(config, "stopSequences", "stop_sequences")),
        goes_on: contents.iter().any(|content| content["role"] == "model"),
    })
}

/// The schema of the JSON that the answer must be, if it must be JSON.
pub(super) fn json_schema(request: &Value) -> Option<Value> {
    let config = either(request, "generationConfig", "generation_config");
    if either(config, "responseMimeType", "response_mime_type") != "application/json" {
        return None;
    }
    let schemas = ["responseJsonSchema", "responseSchema", "response_json_schema", "response_schema"];
    let given = schemas.iter().map(|name| &config[*name]).find(|schema| schema.is_object());
    Some(given.map_or_else(|| json!({ "type": "object" }), |schema| lowered(schema.clone())))
}

fn either<'a>(value: &'a Value, camel: &str, snake: &str) -> &'a Value {
    if value[camel].is_null() { &value[snake] } else { &value[camel] }
}

fn thinks(config: &Value) -> bool {
    let thinking = either(config, "thinkingConfig", "thinking_config");
    either(thinking, "includeThoughts", "include_thoughts").as_bool().unwrap_or(false)
}

fn asked(contents: &[Value]) -> Asked {
    let Some(last) = contents.iter().rfind(|content| content["role"] != "model") else {
        return Asked::default();
    };
    let parts = last["parts"].as_array().map_or(&[][..], Vec::as_slice);
    let texts: Vec<_> = parts.iter().filter_map(|part| part["text"].as_str()).collect();
    let result = parts.iter().rev().find_map(|part| {
        let result = either(part, "functionResponse", "function_response");
        result.is_object().then(|| result["response"].to_string())
    });
    Asked { text: texts.join("\n"), tool_result: result }
}

/// The function that may be called, else the first; a mode of `ANY` demands a call.
fn tool(request: &Value) -> Option<Tool> {
    let config = either(request, "toolConfig", "tool_config");
    let calling = either(config, "functionCallingConfig", "function_calling_config");
    let mode = calling["mode"].as_str().unwrap_or("AUTO");
    let allowed = strings(either(calling, "allowedFunctionNames", "allowed_function_names"));
    let declared = request["tools"].as_array()?.iter().flat_map(|tool| {
        either(tool, "functionDeclarations", "function_declarations").as_array().into_iter().flatten()
    });
    let may_be = |function: &&Value| {
        allowed.is_empty() || allowed.iter().any(|name| function["name"] == name.as_str())
    };
    let function = declared.into_iter().find(may_be).filter(|_| mode != "NONE")?;
    let schema = ["parameters", "parametersJsonSchema", "parameters_json_schema"];
    let schema = schema.iter().map(|name| &function[*name]).find(|schema| schema.is_object());
    Some(Tool {
        name: function["name"].as_str()?.to_owned(),
        schema: schema.map_or(Value::Null, |schema| lowered(schema.clone())),
        forced: mode == "ANY",
    })
}

/// Google writes the types of a schema in capitals.
fn lowered(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(members) => {
            for (name, value) in members.iter_mut() {
                *value = match value.take() {
                    Value::String(kind) if name == "type" => kind.to_lowercase().into(),
                    other => lowered(other),
                };
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = lowered(item.take())),
        _ => {}
    }
    schema
}

fn strings(list: &Value) -> Vec<String> {
    let texts = list.as_array().into_iter().flatten().filter_map(Value::as_str);
    texts.filter(|text| !text.is_empty()).map(str::to_owned).collect()
}
