//! Owns a message of Gemini's: as one JSON object, as events, as an array, bare or in Code Assist's wrapper.
//! Promises one piece per chunk, each with the figures that it adds to the books.

use http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

use crate::anthropic::message::{Call, Message, Twist};
use crate::anthropic::text::{self, Part as Text};
use crate::books::Usage;
use crate::gemini::Form;
use crate::gemini::bill::Bill;
use crate::gemini::chunk::{Candidate, Chunk, Content, Metadata, Part};
use crate::gemini::fault::{self, Words};
use crate::piece::Piece;

/// Chunks of text in a stream when nothing says how many.
const USUAL_CHUNKS: usize = 6;

/// The heading of a summary of thoughts.
const THOUGHT: &str = "**Weighing the words**\n\nThe answer should be short.";

/// How messages are written for one endpoint.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Writing {
    pub(crate) form: Form,
    /// Whether it is in Code Assist's wrapper.
    pub(crate) wrapped: bool,
}

/// A chunk, or an error in the place of one, with what it adds to the books.
struct Made {
    value: MadeValue,
    generated: u64,
    announces: Option<Usage>,
}

enum MadeValue {
    Chunk(Chunk),
    Error(Value),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wrapped<'a> {
    response: &'a Chunk,
    trace_id: &'a str,
}

/// The pieces of a message.
pub(crate) fn pieces(message: &Message, call: &Call<'_>, writing: Writing) -> Vec<Piece> {
    let mut made = match writing.form {
        Form::Whole => vec![whole(message, call, writing)],
        Form::Events | Form::Array => chunks(message, call, writing),
    };
    let mut comments = 0;
    for twist in message.twists.iter().filter(|_| writing.form != Form::Whole) {
        apply(twist, &mut made, call);
        if let Twist::Comments(lines) = twist {
            comments += lines;
        }
    }
    let split = message.twists.iter().any(|twist| matches!(twist, Twist::SplitData));
    let closed = !message.twists.iter().any(|twist| matches!(twist, Twist::Unterminated));
    let mut pieces = Vec::with_capacity(made.len() + 1);
    for (index, made) in made.iter().enumerate() {
        let json = text_of(made, call, writing, split);
        let bytes = match writing.form {
            Form::Whole => json,
            Form::Events => event(&json, writing, split),
            Form::Array if index == 0 => format!("[{json}"),
            Form::Array => format!("\r\n,\r\n{json}"),
        };
        pieces.push(Piece { bytes: bytes.into(), generated: made.generated, announces: made.announces });
        if index == 0 && comments > 0 && writing.form == Form::Events {
            pieces.push(Piece::plain(": a comment\n\n".repeat(comments)));
        }
    }
    if writing.form == Form::Array && closed {
        pieces.push(Piece::plain("\r\n]\r\n"));
    }
    pieces
}

fn event(json: &str, writing: Writing, split: bool) -> String {
    let end = if writing.wrapped { "\n" } else { "\r\n" };
    let lines: Vec<_> = if split { json.lines().collect() } else { vec![json] };
    let lines: String = lines.iter().map(|line| format!("data: {line}{end}")).collect();
    lines + end
}

/// The JSON of a chunk. An array and a whole answer are pretty-printed, and so is a payload that is to be split.
fn text_of(made: &Made, call: &Call<'_>, writing: Writing, split: bool) -> String {
    let pretty = writing.form != Form::Events || split;
    // Structs and values of JSON always serialise.
    match &made.value {
        MadeValue::Chunk(chunk) if writing.wrapped => {
            write(&Wrapped { response: chunk, trace_id: call.request_id }, pretty)
        }
        MadeValue::Chunk(chunk) => write(chunk, pretty),
        MadeValue::Error(error) => write(error, pretty),
    }
}

fn write<T: Serialize>(value: &T, pretty: bool) -> String {
    let json = if pretty { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) };
    json.unwrap_or_default()
}

fn whole(message: &Message, call: &Call<'_>, writing: Writing) -> Made {
    let texts = parts(message);
    let bill = Bill::of(message, call, &texts);
    if let Some(reason) = blocked(message) {
        return refusal(reason, &bill, call);
    }
    let mut text: String = texts.iter().map(|part| part.text).collect();
    text.extend(
        message
            .twists
            .iter()
            .map(|twist| if let Twist::Huge(bytes) = twist { "x".repeat(*bytes) } else { String::new() }),
    );
    let mut content = if bill.thoughts > 0 { vec![Part::thought(THOUGHT)] } else { Vec::new() };
    content.push(Part::text(text));
    finish(message, &mut content);
    let (usage_metadata, announces) = bill.last(message.odd, writing);
    let candidates = vec![candidate(content, Some(finish_reason(message)))];
    let chunk = Chunk { candidates, usage_metadata, ..bare(call) };
    Made { value: MadeValue::Chunk(chunk), generated: bill.usage.output, announces }
}

fn chunks(message: &Message, call: &Call<'_>, writing: Writing) -> Vec<Made> {
    let texts = parts(message);
    let bill = Bill::of(message, call, &texts);
    if let Some(reason) = blocked(message) {
        return vec![refusal(reason, &bill, call)];
    }
    let mut made = Vec::with_capacity(texts.len() + 1);
    if bill.thoughts > 0 {
        let (usage_metadata, announces) = bill.early(0, message.odd, writing);
        let candidates = vec![candidate(vec![Part::thought(THOUGHT)], None)];
        let value = MadeValue::Chunk(Chunk { candidates, usage_metadata, ..bare(call) });
        made.push(Made { value, generated: bill.thoughts, announces });
    }
    let count = texts.len() as u64;
    let mut before = 0;
    for (index, part) in (1_u64..).zip(&texts) {
        let visible = share(bill.visible(), index, count);
        let is_last = index == count;
        let (usage_metadata, announces) =
            if is_last { bill.last(message.odd, writing) } else { bill.early(visible, message.odd, writing) };
        let mut content = vec![Part::text(part.text)];
        if is_last {
            finish(message, &mut content);
        }
        let candidates = vec![candidate(content, is_last.then(|| finish_reason(message)))];
        let value = MadeValue::Chunk(Chunk { candidates, usage_metadata, ..bare(call) });
        made.push(Made { value, generated: visible - before, announces });
        before = visible;
    }
    made
}

fn apply(twist: &Twist, made: &mut Vec<Made>, call: &Call<'_>) {
    let text = |text: String| {
        let chunk = Chunk { candidates: vec![candidate(vec![Part::text(text)], None)], ..bare(call) };
        Made { value: MadeValue::Chunk(chunk), generated: 0, announces: None }
    };
    match twist {
        Twist::Huge(bytes) => made.insert(made.len() / 2, text("x".repeat(*bytes))),
        Twist::TextAfterStop => made.push(text("one more thing".to_owned())),
        Twist::Unterminated => {
            made.pop();
        }
        Twist::Error { events, kind } => {
            made.truncate(*events);
            let status = fault::of_event(kind);
            let words =
                Words { fault: None, kind: Some(kind), message: None, model: call.model, now_seconds: 0 };
            let value = MadeValue::Error(fault::error(status, &words));
            made.push(Made { value, generated: 0, announces: None });
        }
        Twist::Comments(_) | Twist::SplitData | Twist::Blocked(_) | Twist::Finish(_) | Twist::ToolCall => {}
    }
}

/// The answer to a prompt that is blocked: no candidates, and the prompt alone is counted.
fn refusal(reason: &str, bill: &Bill, call: &Call<'_>) -> Made {
    let bill = bill.of_prompt();
    let usage_metadata = Some(Metadata::Counts(bill.counts(0, false)));
    let prompt_feedback = Some(json!({"blockReason": reason}));
    let chunk = Chunk { prompt_feedback, usage_metadata, ..bare(call) };
    Made { value: MadeValue::Chunk(chunk), generated: 0, announces: Some(bill.usage) }
}

fn bare(call: &Call<'_>) -> Chunk {
    let (model_version, response_id) = (call.model.to_owned(), call.message_id.to_owned());
    Chunk { model_version, response_id, ..Chunk::default() }
}

fn candidate(parts: Vec<Part>, finish_reason: Option<String>) -> Candidate {
    Candidate { content: Content { parts, role: "model" }, finish_reason, index: 0 }
}

fn blocked(message: &Message) -> Option<&str> {
    message
        .twists
        .iter()
        .find_map(|twist| if let Twist::Blocked(reason) = twist { Some(reason.as_str()) } else { None })
}

/// Ends the last chunk's content: a call of a tool beside the text, or nothing at all where it ends for another reason.
fn finish(message: &Message, content: &mut Vec<Part>) {
    if message.twists.iter().any(|twist| matches!(twist, Twist::ToolCall)) {
        content.push(Part::call());
    }
    if finish_reason(message) != "STOP" {
        content.clear();
    }
}

fn finish_reason(message: &Message) -> String {
    let given = message
        .twists
        .iter()
        .find_map(|twist| if let Twist::Finish(reason) = twist { Some(reason.clone()) } else { None });
    given.unwrap_or_else(|| "STOP".to_owned())
}

/// The text in as many parts as there are chunks of it.
fn parts(message: &Message) -> Vec<Text<'_>> {
    let thoughts = usize::from(message.thoughts > 0);
    let count = message.events.map(|events| events.saturating_sub(thoughts).max(1));
    match &message.text {
        None => text::usual(count.unwrap_or(USUAL_CHUNKS)),
        Some(text) => text::divide(text, count),
    }
}

/// The share of `total` that the first `index` of `count` parts have.
fn share(total: u64, index: u64, count: u64) -> u64 {
    let share = u128::from(total) * u128::from(index) / u128::from(count.max(1));
    u64::try_from(share).unwrap_or(total)
}

/// An error as the body of an answer: of a stream as an array, an array of one.
pub(crate) fn error_body(status: StatusCode, words: &Words<'_>, array: bool) -> String {
    let error = fault::error(status, words);
    let body = if array { json!([error]) } else { error };
    write(&body, true)
}
