//! What the sandbox says: the blocks of one answer and their usage.

use memchr::memmem;
use serde_json::Value;

use super::request::{Call, Thinking};
use super::tool;
use super::wire::{Block, CacheCreation, Message, OutputDetails, Usage};
use super::word::Words;

const SIGNATURE: &str = "U3dpdGNoeWFyZCBzYW5kYm94OiB0aGlzIHRoaW5raW5nIHdhcyBtYWRlIHVwLg==";
const LONG_LINES: u32 = 300;
const ECHO_CHARS: usize = 120;

/// One answer.
#[derive(Debug)]
pub(super) struct Turn {
    pub(super) id: String,
    pub(super) model: String,
    pub(super) parts: Vec<Part>,
    pub(super) stop_reason: &'static str,
    pub(super) stop_sequence: Option<String>,
    pub(super) usage: Usage,
}

/// One content block.
#[derive(Debug)]
pub(super) enum Part {
    Thinking(String),
    Text(String),
    Tool { id: String, name: String, input: Value },
}

impl Part {
    pub(super) fn block(&self) -> Block<'_> {
        match self {
            Self::Thinking(text) => Block::Thinking { thinking: text, signature: SIGNATURE },
            Self::Text(text) => Block::Text { text },
            Self::Tool { id, name, input } => Block::ToolUse { id, name, input },
        }
    }
}

impl Turn {
    /// The whole answer.
    pub(super) fn message(&self) -> Message<'_> {
        Message {
            content: self.parts.iter().map(Part::block).collect(),
            stop_reason: Some(self.stop_reason),
            stop_sequence: self.stop_sequence.as_deref(),
            usage: self.usage.clone(),
            ..self.begun()
        }
    }

    /// The answer as a stream begins it: no content yet, one token of output.
    pub(super) fn begun(&self) -> Message<'_> {
        let mut usage = self.usage.clone();
        usage.output_tokens = usage.output_tokens.min(1);
        usage.output_tokens_details = None;
        Message {
            id: &self.id,
            kind: "message",
            role: "assistant",
            model: &self.model,
            content: Vec::new(),
            stop_reason: None,
            stop_sequence: None,
            usage,
        }
    }

    /// The same turn, with one text in the place of all that it says.
    pub(super) fn saying(mut self, text: String) -> Self {
        let thinking = self.usage.output_tokens_details.as_ref().map_or(0, |details| details.thinking_tokens);
        self.usage.output_tokens = thinking + tokens(&text);
        self.parts.retain(|part| matches!(part, Part::Thinking(_)));
        self.parts.push(Part::Text(text));
        Self { stop_reason: "end_turn", stop_sequence: None, ..self }
    }

    /// The signature of a thinking block.
    pub(super) fn signature() -> &'static str {
        SIGNATURE
    }
}

/// Composes the answer to a call within its `max_tokens`.
pub(super) fn compose(call: &Call, words: &Words, body: &[u8], mark: &str) -> Turn {
    let mut draft = Draft { left: call.max_tokens, parts: Vec::new(), thinking: 0, full: false };
    if let Some(thinking) = call.thinking {
        draft.think(thinking);
    }
    let mut stop_sequence = None;
    if call.tool.as_ref().is_none_or(|tool| !tool.forced) {
        let text = text(call, words);
        let stop = earliest_stop(&text, &call.stop_sequences);
        draft.say(stop.map_or(&text[..], |(at, _)| &text[..at]));
        stop_sequence = stop.filter(|_| !draft.full).map(|(_, sequence)| sequence.to_owned());
    }
    let called = match &call.tool {
        Some(tool) if stop_sequence.is_none() => draft.call(&tool.name, tool::arguments(&tool.schema), mark),
        _ => false,
    };
    let stop_reason = match (draft.full, &stop_sequence, called) {
        (true, ..) => "max_tokens",
        (_, Some(_), _) => "stop_sequence",
        (.., true) => "tool_use",
        _ => "end_turn",
    };
    let message = whole(call, body, mark);
    message.with(draft, call.max_tokens, stop_reason, stop_sequence)
}

/// A turn that says nothing yet.
fn whole(call: &Call, body: &[u8], mark: &str) -> Turn {
    Turn {
        id: format!("msg_sandbox{mark}"),
        model: call.model.clone(),
        parts: Vec::new(),
        stop_reason: "end_turn",
        stop_sequence: None,
        usage: prompt_usage(body, call.goes_on),
    }
}

impl Turn {
    fn with(
        mut self,
        draft: Draft,
        max_tokens: u64,
        stop_reason: &'static str,
        stop_sequence: Option<String>,
    ) -> Self {
        self.usage.output_tokens = max_tokens - draft.left;
        let details = OutputDetails { thinking_tokens: draft.thinking };
        self.usage.output_tokens_details = (draft.thinking > 0).then_some(details);
        Self { parts: draft.parts, stop_reason, stop_sequence, ..self }
    }
}

/// Blocks so far, and what `max_tokens` leaves.
struct Draft {
    left: u64,
    parts: Vec<Part>,
    thinking: u64,
    full: bool,
}

impl Draft {
    fn think(&mut self, thinking: Thinking) {
        let text = "The sandbox does not think. It writes this block so that a client can show where thinking would be.";
        let before = self.left;
        let fitting = self.take(text).to_owned();
        self.thinking = before - self.left;
        self.parts.push(Part::Thinking(if thinking == Thinking::Shown { fitting } else { String::new() }));
    }

    fn say(&mut self, text: &str) {
        let fitting = self.take(text).to_owned();
        if !fitting.is_empty() {
            self.parts.push(Part::Text(fitting));
        }
    }

    /// A call that does not fit is left out: half of its JSON would be of no use.
    fn call(&mut self, name: &str, input: Value, mark: &str) -> bool {
        let cost = tokens(name) + tokens(&input.to_string());
        let Some(left) = self.left.checked_sub(cost).filter(|_| !self.full) else {
            self.full = true;
            return false;
        };
        self.left = left;
        self.parts.push(Part::Tool { id: format!("toolu_sandbox{mark}"), name: name.to_owned(), input });
        true
    }

    /// As much of the text as fits.
    fn take<'a>(&mut self, text: &'a str) -> &'a str {
        let fitting = if tokens(text) <= self.left { text } else { head(text, self.left) };
        self.full |= fitting.len() < text.len();
        self.left -= tokens(fitting).min(self.left);
        fitting
    }
}

/// The longest start of a text that has at most so many tokens.
fn head(text: &str, most: u64) -> &str {
    let mut quarters = 0;
    let end = text.char_indices().find(|(_, c)| {
        quarters += quarter_tokens(*c);
        quarters > most.saturating_mul(4)
    });
    end.map_or(text, |(at, _)| &text[..at])
}

/// The usual rule of thumb: four letters of a Latin script a token, one for any other character.
fn tokens(text: &str) -> u64 {
    text.chars().map(quarter_tokens).sum::<u64>().div_ceil(4)
}

fn quarter_tokens(c: char) -> u64 {
    if c.is_ascii() { 1 } else { 4 }
}

fn text(call: &Call, words: &Words) -> String {
    let mut text = match (&call.asked.tool_result, &call.tool) {
        (Some(result), _) => format!(
            "Switchyard's sandbox here: the tool's result arrived ({}). With a real account the model would go on from it.",
            echo(result)
        ),
        (None, Some(tool)) => {
            format!(
                "Switchyard's sandbox here. You wrote {}. I call your tool {} now.",
                echo(&call.asked.text),
                tool.name
            )
        }
        (None, None) => format!(
            "Hello from Switchyard's sandbox. You wrote {}. No model was asked and nothing was billed: this answer to \
             {} is made up inside the relay, with the events, the pace and the usage of a real one. Add an account and \
             bind the key to it, or make a key without a binding, to get real answers.",
            echo(&call.asked.text),
            call.model
        ),
    };
    if !words.unknown.is_empty() {
        let unknown =
            words.unknown.iter().map(|word| format!("sandbox:{word}")).collect::<Vec<_>>().join(", ");
        text.push_str(&format!(" I do not know {unknown}. After \"sandbox:\" I know: {}.", Words::all()));
    }
    if words.long {
        for line in 1..=LONG_LINES {
            text.push_str(&format!(
                "\nLine {line} of {LONG_LINES}: the points are set, the track is clear, go on."
            ));
        }
    }
    text
}

/// The end of a text in quotation marks, on one line.
fn echo(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let count = line.chars().count();
    match count {
        0 => "nothing".to_owned(),
        1..=ECHO_CHARS => format!("\"{line}\""),
        _ => format!("\"…{}\"", line.chars().skip(count - ECHO_CHARS).collect::<String>()),
    }
}

fn earliest_stop<'a>(text: &str, sequences: &'a [String]) -> Option<(usize, &'a str)> {
    let found =
        sequences.iter().filter_map(|sequence| Some((text.find(sequence.as_str())?, sequence.as_str())));
    found.min_by_key(|(at, _)| *at)
}

/// Tokens of a prompt, by the length of its body.
pub(super) fn prompt_tokens(body: &[u8]) -> u64 {
    (body.len() as u64).div_ceil(4)
}

/// A prompt with cache marks is written to the cache at first, and mostly read from it when the conversation goes on.
fn prompt_usage(body: &[u8], goes_on: bool) -> Usage {
    let all = prompt_tokens(body);
    let marked = memmem::find(body, b"\"cache_control\"").is_some();
    let for_an_hour =
        [&b"\"ttl\":\"1h\""[..], b"\"ttl\": \"1h\""].iter().any(|ttl| memmem::find(body, ttl).is_some());
    let (read, written) = match (marked, goes_on) {
        (false, _) => (0, 0),
        (true, false) => (0, all * 3 / 4),
        (true, true) => (all * 3 / 4, all / 8),
    };
    let (for_minutes, for_an_hour) = if for_an_hour { (0, written) } else { (written, 0) };
    Usage {
        input_tokens: all - read - written,
        cache_creation_input_tokens: written,
        cache_read_input_tokens: read,
        cache_creation: CacheCreation {
            ephemeral_5m_input_tokens: for_minutes,
            ephemeral_1h_input_tokens: for_an_hour,
        },
        output_tokens: 0,
        output_tokens_details: None,
        service_tier: "standard",
    }
}
