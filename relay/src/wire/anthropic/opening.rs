//! How a conversation begins: what stays the same in all of its calls. Cache marks move from turn to turn, and the
//! attribution line of the system prompt differs from call to call: they are left out.

use std::borrow::Cow;

use crate::wire::lenient::{elements, elements_while, members, string_body, text};

/// The client's line in front of its system prompt.
const ATTRIBUTION: &str = "x-anthropic-billing-header";
const CACHE_MARK: &[u8] = b"cache_control";

/// The members of a request body in which a conversation's beginning stands, as JSON text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opening<'a> {
    /// `tools`
    pub tools: Option<&'a str>,
    /// `system`
    pub system: Option<&'a str>,
    /// `messages`
    pub messages: Option<&'a str>,
}

/// The session's id in `metadata.user_id`, in either shape that Claude Code has given it.
pub fn session_of_user_id(user_id: &str) -> Option<Cow<'_, str>> {
    let mut session = None;
    if user_id.trim_start().starts_with('{') {
        members(user_id, |name, value| {
            if name == b"session_id" {
                session = text(value);
            }
        });
    } else if let Some((user, id)) = user_id.rsplit_once("_session_") {
        session = user.starts_with("user_").then_some(Cow::Borrowed(id));
    }
    session.filter(|id| !id.is_empty())
}

impl Opening<'_> {
    /// Gives the pieces that the calls of a conversation have in common to `each`, in order. Returns whether the
    /// conversation has a turn behind it; `None` if there is no message of a user's.
    pub fn read(&self, each: &mut dyn FnMut(&str)) -> Option<bool> {
        if let Some(tools) = self.tools {
            each("tools");
            elements(tools, |tool| without_mark(tool, each));
        }
        if let Some(system) = self.system {
            each("system");
            content(system, each);
        }
        each("message");
        let (mut count, mut is_found) = (0, false);
        elements_while(self.messages?, |message| {
            count += 1;
            is_found = is_found || first_message(message, each);
            !is_found || count < 2
        });
        is_found.then_some(count > 1)
    }
}

/// Gives the content of a user's message. False if it is another's.
fn first_message(message: &str, each: &mut dyn FnMut(&str)) -> bool {
    let (mut is_user, mut inner) = (false, None);
    members(message, |name, value| match name {
        b"role" => is_user = value == "\"user\"",
        b"content" => inner = Some(value),
        _ => {}
    });
    if let (true, Some(inner)) = (is_user, inner) {
        content(inner, each);
    }
    is_user
}

/// A text, or blocks: a text alone is the same as one block of it, because a mark makes the one into the other.
fn content(json: &str, each: &mut dyn FnMut(&str)) {
    match string_body(json) {
        Some(text) => each(text),
        None => drop(elements(json, |block| self::block(block, each))),
    }
}

fn block(json: &str, each: &mut dyn FnMut(&str)) {
    let mut text = None;
    members(json, |name, value| {
        if name == b"text" {
            text = string_body(value);
        }
    });
    match text {
        Some(text) if text.starts_with(ATTRIBUTION) => {}
        Some(text) => each(text),
        None => without_mark(json, each),
    }
}

/// An object less its cache mark.
fn without_mark(json: &str, each: &mut dyn FnMut(&str)) {
    members(json, |name, value| {
        if name != CACHE_MARK {
            each(value);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::anthropic::call::CallFields;

    fn pieces(body: &str) -> (Vec<String>, Option<bool>) {
        let fields = CallFields::read(body.as_bytes()).unwrap();
        let mut pieces = Vec::new();
        let goes_on = fields.opening.read(&mut |piece| pieces.push(piece.to_owned()));
        (pieces, goes_on)
    }

    const FIRST: &str = r#"{"model":"m","tools":[{"name":"a","input_schema":{}},{"name":"b","input_schema":{}}],
        "system":[{"type":"text","text":"x-anthropic-billing-header: cc_version=1; cch=aa;"},
                  {"type":"text","text":"You help.","cache_control":{"type":"ephemeral"}}],
        "messages":[{"role":"user","content":"h\u0065llo"}]}"#;

    /// The same conversation a turn later: marks have moved, and made texts into blocks.
    const LATER: &str = r#"{"model":"m","tools":[{"name":"a","input_schema":{}},
            {"name":"b","input_schema":{},"cache_control":{"type":"ephemeral","ttl":"1h"}}],
        "system":[{"type":"text","text":"x-anthropic-billing-header: cc_version=1; cch=bb;"},
                  {"type":"text","text":"You help."}],
        "messages":[{"role":"user","content":[{"type":"text","text":"h\u0065llo","cache_control":{"type":"ephemeral"}}]},
                    {"role":"assistant","content":"hi"},{"role":"user","content":"go on"}],"stream":true}"#;

    #[test]
    fn the_calls_of_a_conversation_begin_alike_whatever_marks_do() {
        let (first, later) = (pieces(FIRST), pieces(LATER));

        assert_eq!(first.0, later.0);
        assert_eq!((first.1, later.1), (Some(false), Some(true)));
    }

    #[test]
    fn another_tool_system_prompt_or_first_message_is_another_beginning() {
        let (first, _) = pieces(FIRST);

        for (part, other) in
            [(r#""name":"b""#, r#""name":"c""#), ("You help.", "You judge."), ("h\\u0065llo", "bye")]
        {
            assert!(FIRST.contains(part));
            assert_ne!(pieces(&FIRST.replace(part, other)).0, first, "{part}");
        }
    }

    #[test]
    fn without_a_message_of_a_user_s_there_is_no_beginning() {
        for body in [
            r#"{"model":"m"}"#,
            r#"{"model":"m","messages":[]}"#,
            r#"{"model":"m","messages":{"role":"user"}}"#,
        ] {
            assert_eq!(pieces(body).1, None, "{body}");
        }
    }

    #[test]
    fn both_shapes_of_a_user_s_id_name_the_session() {
        let uuid = "5f0c1f3e-0000-4000-8000-000000000001";
        let old = format!("user_{}_account__session_{uuid}", "a1".repeat(32));
        let new = format!(r#"{{"device_id":"d","account_uuid":"","session_id":"{uuid}"}}"#);

        assert_eq!(session_of_user_id(&old).as_deref(), Some(uuid));
        assert_eq!(session_of_user_id(&new).as_deref(), Some(uuid));
        for other in ["", "jane", "x_session_", "{}", r#"{"session_id":""}"#, r#"{"session_id":5}"#] {
            assert_eq!(session_of_user_id(other), None, "{other}");
        }
    }
}
