//! How a conversation with Gemini begins: what stays the same in all of its calls.

use crate::wire::lenient::{elements_while, members};

/// The members of a request in which a conversation's beginning stands, as JSON text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opening<'a> {
    tools: Option<&'a str>,
    system: Option<&'a str>,
    contents: Option<&'a str>,
}

impl<'a> Opening<'a> {
    /// Finds them in either spelling.
    pub fn find(request: &'a str) -> Self {
        let mut found = Self::default();
        members(request, |name, value| match name {
            b"tools" => found.tools = Some(value),
            b"systemInstruction" | b"system_instruction" => found.system = Some(value),
            b"contents" => found.contents = Some(value),
            _ => {}
        });
        found
    }

    /// Gives the pieces that the calls of a conversation have in common to `each`, in order. Returns whether the
    /// conversation has a turn behind it; `None` if there is no content.
    pub fn read(&self, each: &mut dyn FnMut(&str)) -> Option<bool> {
        for (name, piece) in [("tools", self.tools), ("system", self.system)] {
            if let Some(piece) = piece {
                each(name);
                each(piece);
            }
        }
        each("content");
        let mut count = 0;
        elements_while(self.contents?, |content| {
            count += 1;
            if count == 1 {
                each(content);
            }
            count < 2
        });
        (count > 0).then_some(count > 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(request: &str) -> (Vec<String>, Option<bool>) {
        let mut pieces = Vec::new();
        let goes_on = Opening::find(request).read(&mut |piece| pieces.push(piece.to_owned()));
        (pieces, goes_on)
    }

    #[test]
    fn the_calls_of_a_conversation_begin_alike() {
        let first =
            pieces(r#"{"contents":[{"role":"user","parts":[{"text":"hi"}]}],"systemInstruction":{"a":1}}"#);
        let later = pieces(
            r#"{"system_instruction":{"a":1},"contents":[{"role":"user","parts":[{"text":"hi"}]},{"role":"model"}]}"#,
        );

        assert_eq!(first.0, later.0);
        assert_eq!((first.1, later.1), (Some(false), Some(true)));
    }

    #[test]
    fn without_a_content_there_is_no_beginning() {
        for request in ["{}", r#"{"contents":[]}"#, r#"{"contents":5}"#] {
            assert_eq!(pieces(request).1, None, "{request}");
        }
    }
}
