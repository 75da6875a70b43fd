//! What a request asks, and the checks that the provider makes too.

use serde_json::Value;

/// Why a request is refused, in the provider's wording.
#[derive(Debug)]
pub(super) struct Refusal(pub(super) String);

/// One request for a message.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) model: String,
    pub(super) max_tokens: u64,
    pub(super) stream: bool,
    pub(super) thinking: Option<Thinking>,
    pub(super) tool: Option<Tool>,
    pub(super) asked: Asked,
    pub(super) stop_sequences: Vec<String>,
    /// The conversation has had answers before.
    pub(super) goes_on: bool,
}

/// Thinking was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thinking {
    /// With its text.
    Shown,
    /// Only with its signature.
    Omitted,
}

/// The tool to call.
#[derive(Debug)]
pub(super) struct Tool {
    pub(super) name: String,
    pub(super) schema: Value,
    /// `tool_choice` demands a call: no words before it.
    pub(super) forced: bool,
}

/// The end of the conversation.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// The last user message's text.
    pub(super) text: String,
    /// The last tool's result, if the last message brings one.
    pub(super) tool_result: Option<String>,
}

const NOT_COUNTED: [&str; 3] = ["max_tokens", "stream", "metadata"];

/// Reads a request for a message.
pub(super) fn message(body: &[u8]) -> Result<Call, Refusal> {
    let request = object(body)?;
    let max_tokens = max_tokens(&request)?;
    let asked = asked(&request["messages"]);
    Ok(Call {
        model: request["model"].as_str().unwrap_or_default().to_owned(),
        max_tokens,
        stream: request["stream"].as_bool().unwrap_or(false),
        thinking: thinking(&request["thinking"], max_tokens)?,
        tool: asked.tool_result.is_none().then(|| tool(&request)).flatten(),
        asked,
        stop_sequences: strings(&request["stop_sequences"]),
        goes_on: messages(&request).iter().any(|message| message["role"] == "assistant"),
    })
}

/// Checks a request to count tokens.
pub(super) fn count(body: &[u8]) -> Result<(), Refusal> {
    let request = object(body)?;
    match NOT_COUNTED.iter().find(|name| request.get(**name).is_some()) {
        Some(name) => refuse(format!("{name}: Extra inputs are not permitted")),
        None => Ok(()),
    }
}

/// The body as an object with a model and messages.
fn object(body: &[u8]) -> Result<Value, Refusal> {
    let request: Value = serde_json::from_slice(body)
        .map_err(|error| Refusal(format!("The request body is not valid JSON: {error}")))?;
    if !request.is_object() {
        return refuse("Input should be an object");
    }
    match &request["model"] {
        Value::String(name) if !name.is_empty() => {}
        Value::Null => return refuse("model: Field required"),
        _ => return refuse("model: Input should be a valid string"),
    }
    match &request["messages"] {
        Value::Array(messages) if messages.is_empty() => refuse("messages: at least one message is required"),
        Value::Array(messages) => messages.iter().enumerate().try_for_each(check_message).map(|()| request),
        Value::Null => refuse("messages: Field required"),
        _ => refuse("messages: Input should be a valid list"),
    }
}

fn check_message((index, message): (usize, &Value)) -> Result<(), Refusal> {
    match message["role"].as_str() {
        Some("user" | "assistant" | "system") => {}
        Some(_) => return refuse(format!("messages.{index}.role: Input should be 'user' or 'assistant'")),
        None => return refuse(format!("messages.{index}.role: Field required")),
    }
    match &message["content"] {
        Value::String(_) | Value::Array(_) => Ok(()),
        Value::Null => refuse(format!("messages.{index}.content: Field required")),
        _ => refuse(format!("messages.{index}.content: Input should be a valid list")),
    }
}

fn max_tokens(request: &Value) -> Result<u64, Refusal> {
    match &request["max_tokens"] {
        Value::Null => refuse("max_tokens: Field required"),
        given => match given.as_u64() {
            Some(0) => refuse("max_tokens: Input should be greater than or equal to 1"),
            Some(number) => Ok(number),
            None => refuse("max_tokens: Input should be a valid integer"),
        },
    }
}

fn thinking(given: &Value, max_tokens: u64) -> Result<Option<Thinking>, Refusal> {
    let shown = if given["display"] == "omitted" { Thinking::Omitted } else { Thinking::Shown };
    match given["type"].as_str() {
        Some("adaptive") => Ok(Some(shown)),
        Some("enabled") => match given["budget_tokens"].as_u64() {
            None => refuse("thinking.enabled.budget_tokens: Field required"),
            Some(..1024) => {
                refuse("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")
            }
            Some(budget) if budget >= max_tokens => {
                refuse("`max_tokens` must be greater than `thinking.budget_tokens`.")
            }
            Some(_) => Ok(Some(shown)),
        },
        _ => Ok(None),
    }
}

/// The tool that `tool_choice` names, else the first; server tools have no `input_schema` and are not called.
fn tool(request: &Value) -> Option<Tool> {
    let choice = &request["tool_choice"];
    let kind = choice["type"].as_str().unwrap_or("auto");
    let wanted = |tool: &&Value| {
        tool["input_schema"].is_object() && (kind != "tool" || tool["name"] == choice["name"])
    };
    if kind == "none" {
        return None;
    }
    let tool = request["tools"].as_array()?.iter().find(wanted)?;
    Some(Tool {
        name: tool["name"].as_str()?.to_owned(),
        schema: tool["input_schema"].clone(),
        forced: matches!(kind, "any" | "tool"),
    })
}

fn asked(messages: &Value) -> Asked {
    let mut users = messages.as_array().into_iter().flatten().filter(|message| message["role"] == "user");
    let Some(last) = users.next_back() else { return Asked::default() };
    let blocks = last["content"].as_array().map_or(&[][..], Vec::as_slice);
    let result = blocks.iter().rfind(|block| block["type"] == "tool_result");
    Asked { text: text_of(&last["content"]), tool_result: result.map(|block| text_of(&block["content"])) }
}

/// Text content: a string, or the text blocks of a list.
fn text_of(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(blocks) => {
            blocks.iter().filter_map(|block| block["text"].as_str()).collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}

fn messages(request: &Value) -> &[Value] {
    request["messages"].as_array().map_or(&[], Vec::as_slice)
}

fn strings(list: &Value) -> Vec<String> {
    let texts = list.as_array().into_iter().flatten().filter_map(Value::as_str);
    texts.filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

fn refuse<T>(message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal(message.into()))
}
