//! Owns the words that shape a message: its text, its usage and what is odd about its events.

use crate::anthropic::message::{Message, Twist};
use crate::anthropic::usage::OddUsage;
use crate::behaviour::{Behaviour, Content};
use crate::books::Usage;

impl Behaviour {
    /// The text of the answer. Streamed, it goes in small deltas, never split inside a character.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        self.shape(|message| message.text = Some(text.to_owned()))
    }

    /// The number of events in the whole stream, `message_start` to `message_stop`; 7 at least.
    #[must_use]
    pub fn events(self, events: usize) -> Self {
        self.shape(|message| message.events = Some(events))
    }

    /// The usage to bill, instead of one derived from the lengths of body and text.
    #[must_use]
    pub fn usage(self, usage: Usage) -> Self {
        self.shape(|message| message.usage = Some(usage))
    }

    /// An odd usage.
    #[must_use]
    pub fn odd_usage(self, odd: OddUsage) -> Self {
        self.shape(|message| message.odd = Some(odd))
    }

    /// With Gemini: so many tokens of the output are thoughts, and a summary of them comes first.
    #[must_use]
    pub fn thoughts(self, tokens: u64) -> Self {
        self.shape(|message| message.thoughts = tokens)
    }

    /// With Gemini: so many tokens of the input come from tools.
    #[must_use]
    pub fn tool_tokens(self, tokens: u64) -> Self {
        self.shape(|message| message.tool = tokens)
    }

    /// With Gemini: a call of a tool, with its signature, beside the last text.
    #[must_use]
    pub fn tool_call(self) -> Self {
        self.twist(Twist::ToolCall)
    }

    /// With Gemini: no candidates, because the prompt is blocked (`SAFETY`, `PROHIBITED_CONTENT`, …).
    #[must_use]
    pub fn blocked(self, reason: &str) -> Self {
        self.twist(Twist::Blocked(reason.to_owned()))
    }

    /// With Gemini: it ends without content for this reason (`MAX_TOKENS`, …) instead of `STOP`.
    #[must_use]
    pub fn finish_reason(self, reason: &str) -> Self {
        self.twist(Twist::Finish(reason.to_owned()))
    }

    /// With Gemini: each event's payload is spread over several `data:` lines.
    #[must_use]
    pub fn split_data(self) -> Self {
        self.twist(Twist::SplitData)
    }

    /// An `error` event in place of `message_start`, in a 200, and the end.
    #[must_use]
    pub fn error_first(self, kind: &str) -> Self {
        self.error_after(0, kind)
    }

    /// An `error` event after so many events, and the end. (Two are before the first text.)
    #[must_use]
    pub fn error_after(self, events: usize, kind: &str) -> Self {
        self.twist(Twist::Error { events, kind: kind.to_owned() })
    }

    /// No `message_stop`: the body ends cleanly after `message_delta`.
    #[must_use]
    pub fn unterminated(self) -> Self {
        self.twist(Twist::Unterminated)
    }

    /// One more text delta after `message_stop`.
    #[must_use]
    pub fn text_after_stop(self) -> Self {
        self.twist(Twist::TextAfterStop)
    }

    /// One text delta of so many bytes of text in the middle of the stream.
    #[must_use]
    pub fn huge_event(self, bytes: usize) -> Self {
        self.twist(Twist::Huge(bytes))
    }

    /// So many comment lines after `message_start`.
    #[must_use]
    pub fn comments(self, lines: usize) -> Self {
        self.twist(Twist::Comments(lines))
    }

    fn twist(self, twist: Twist) -> Self {
        self.shape(|message| message.twists.push(twist))
    }

    fn shape(mut self, change: impl FnOnce(&mut Message)) -> Self {
        if let Content::Message(message) = &mut self.content {
            change(message);
        }
        self
    }
}
