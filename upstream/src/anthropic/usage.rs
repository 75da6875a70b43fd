//! Owns how usage is written on the wire, in its usual form and in odd ones.

use crate::books::Usage;

/// Ways in which the usage of an answer can be odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OddUsage {
    /// No usage anywhere.
    Missing,
    /// `message_delta` has only `output_tokens` (the form of 2024 and early 2025).
    OutputOnly,
    /// The same final usage in two `message_delta` events: not to be added.
    Repeated,
    /// Two `message_delta` events, the first with half of the output: cumulative.
    Growing,
    /// Two `message_delta` events, the second with less output than the first: the last one counts.
    Decreasing,
    /// A negative output count in the final usage.
    Negative,
    /// An output count past 2^64 in the final usage.
    Overflowing,
    /// Every count in `message_delta` is null.
    Null,
    /// With Gemini: `usageMetadata` in the last chunk alone.
    LastOnly,
    /// With Gemini: thoughts are counted among the candidates' tokens as well as by themselves.
    ThoughtsInside,
}

/// The usage of a whole message, or of `message_start`.
pub(crate) fn whole(usage: Usage) -> String {
    let Usage { input, output, cache_write_5m, cache_write_1h, cache_read, searches } = usage;
    let written = cache_write_5m.saturating_add(cache_write_1h);
    let server_tools = if searches > 0 {
        format!(r#","server_tool_use":{{"web_search_requests":{searches}}}"#)
    } else {
        String::new()
    };
    format!(
        r#"{{"input_tokens":{input},"cache_creation_input_tokens":{written},"cache_read_input_tokens":{cache_read},"cache_creation":{{"ephemeral_5m_input_tokens":{cache_write_5m},"ephemeral_1h_input_tokens":{cache_write_1h}}},"output_tokens":{output}{server_tools},"service_tier":"standard"}}"#
    )
}

/// The usage of a `message_delta`: cumulative, without the split of cache writes.
pub(crate) fn delta(usage: Usage) -> String {
    let Usage { input, output, cache_write_5m, cache_write_1h, cache_read, searches } = usage;
    let written = cache_write_5m.saturating_add(cache_write_1h);
    let server_tools = if searches > 0 {
        format!(r#","server_tool_use":{{"web_search_requests":{searches}}}"#)
    } else {
        String::new()
    };
    format!(
        r#"{{"input_tokens":{input},"cache_creation_input_tokens":{written},"cache_read_input_tokens":{cache_read},"output_tokens":{output}{server_tools}}}"#
    )
}

/// The usage in each `message_delta` (`None`: left out), and what it announces to a reader.
pub(crate) fn finals(usage: Usage, odd: Option<OddUsage>) -> Vec<(Option<String>, Option<Usage>)> {
    let usual = |usage: Usage| (Some(delta(usage)), Some(usage));
    let Some(odd) = odd else { return vec![usual(usage)] };
    let with_output = |output: u64| Usage { output, ..usage };
    match odd {
        OddUsage::Missing => vec![(None, None)],
        OddUsage::OutputOnly => vec![(Some(format!(r#"{{"output_tokens":{}}}"#, usage.output)), Some(usage))],
        OddUsage::LastOnly | OddUsage::ThoughtsInside => vec![usual(usage)],
        OddUsage::Repeated => vec![usual(usage), usual(usage)],
        OddUsage::Growing => vec![usual(with_output(usage.output / 2)), usual(usage)],
        OddUsage::Decreasing => vec![usual(with_output(usage.output.saturating_mul(2))), usual(usage)],
        OddUsage::Negative | OddUsage::Overflowing | OddUsage::Null => vec![(Some(odd_output(odd)), None)],
    }
}

/// The usage of a whole message in an odd form.
pub(crate) fn odd_whole(usage: Usage, odd: OddUsage) -> (Option<String>, Option<Usage>) {
    match odd {
        OddUsage::Missing => (None, None),
        OddUsage::Negative | OddUsage::Overflowing | OddUsage::Null => (Some(odd_output(odd)), None),
        _ => (Some(whole(usage)), Some(usage)),
    }
}

fn odd_output(odd: OddUsage) -> String {
    match odd {
        OddUsage::Negative => r#"{"input_tokens":-3,"output_tokens":-5}"#,
        OddUsage::Overflowing => r#"{"input_tokens":99999999999999999999,"output_tokens":1e400}"#,
        _ => r#"{"input_tokens":null,"cache_creation_input_tokens":null,"cache_read_input_tokens":null,"output_tokens":null}"#,
    }
    .to_owned()
}
