//! Owns what a message of Gemini's costs, and how much of it each chunk tells.

use serde_json::value::RawValue;

use crate::anthropic::message::{Call, Message};
use crate::anthropic::text::Part as Text;
use crate::anthropic::usage::OddUsage;
use crate::books::Usage;
use crate::gemini::chunk::{Counts, Metadata, by_modality};
use crate::gemini::message::Writing;

/// What a message costs.
#[derive(Clone, Copy)]
pub(super) struct Bill {
    pub(super) usage: Usage,
    pub(super) thoughts: u64,
    tool: u64,
    /// Thoughts are counted among the candidates' tokens too.
    inside: bool,
}

impl Bill {
    pub(super) fn of(message: &Message, call: &Call<'_>, texts: &[Text<'_>]) -> Self {
        let usage = message.usage(call, texts);
        let inside = message.odd == Some(OddUsage::ThoughtsInside);
        let (thoughts, tool) = (message.thoughts.min(usage.output), message.tool.min(usage.input));
        Self { usage, thoughts, tool, inside }
    }

    /// The same for the prompt alone.
    pub(super) fn of_prompt(self) -> Self {
        Self { usage: Usage { output: 0, ..self.usage }, thoughts: 0, ..self }
    }

    /// Tokens of output that are no thoughts.
    pub(super) fn visible(&self) -> u64 {
        self.usage.output - self.thoughts
    }

    /// The counts when so many tokens have been made visible; tools are told at the end alone.
    pub(super) fn counts(&self, visible: u64, with_tool: bool) -> Counts {
        let tool = if with_tool { self.tool } else { 0 };
        let prompt = (self.usage.input - self.tool).saturating_add(self.usage.cache_read);
        let total = prompt.saturating_add(tool).saturating_add(visible).saturating_add(self.thoughts);
        Counts {
            prompt_token_count: prompt,
            candidates_token_count: if self.inside { visible + self.thoughts } else { visible },
            total_token_count: total,
            cached_content_token_count: self.usage.cache_read,
            thoughts_token_count: self.thoughts,
            tool_use_prompt_token_count: tool,
            prompt_tokens_details: by_modality(prompt),
            cache_tokens_details: by_modality(self.usage.cache_read),
            traffic_type: None,
        }
    }

    /// What a chunk tells before the last one, and what it adds to the books.
    pub(super) fn early(
        &self,
        visible: u64,
        odd: Option<OddUsage>,
        writing: Writing,
    ) -> (Option<Metadata>, Option<Usage>) {
        match odd {
            Some(OddUsage::Missing) => (None, None),
            Some(OddUsage::LastOnly) => (None, None),
            _ if writing.wrapped => {
                let traffic_type = Some("PROVISIONED_THROUGHPUT");
                (Some(Metadata::Counts(Counts { traffic_type, ..Counts::default() })), None)
            }
            _ => {
                let (input, output) = (self.usage.input - self.tool, visible + self.thoughts);
                let announced = Usage { input, output, ..self.usage };
                (Some(Metadata::Counts(self.counts(visible, false))), Some(announced))
            }
        }
    }

    /// What the last chunk tells, and what it adds to the books.
    pub(super) fn last(&self, odd: Option<OddUsage>, writing: Writing) -> (Option<Metadata>, Option<Usage>) {
        let odd_counts = match odd {
            Some(OddUsage::Missing) => return (None, None),
            Some(OddUsage::Negative) => Some(r#"{"promptTokenCount":-3,"candidatesTokenCount":-5}"#),
            Some(OddUsage::Overflowing) => {
                Some(r#"{"promptTokenCount":99999999999999999999,"candidatesTokenCount":1e400}"#)
            }
            Some(OddUsage::Null) => Some(r#"{"promptTokenCount":null,"candidatesTokenCount":null}"#),
            _ => None,
        };
        if let Some(counts) = odd_counts {
            return (RawValue::from_string(counts.to_owned()).ok().map(Metadata::Odd), None);
        }
        let traffic_type = writing.wrapped.then_some("PROVISIONED_THROUGHPUT");
        let counts = Counts { traffic_type, ..self.counts(self.visible(), true) };
        (Some(Metadata::Counts(counts)), Some(self.usage))
    }
}
