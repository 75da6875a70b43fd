//! What bounds a call of the Messages API (reference: Anthropic, sections 3 and 5).

use crate::wire::bound::{Bound, Unbounded};
use crate::wire::lenient::{count, elements, members, text};

/// Tools that the provider knows by type and the client runs.
const CLIENT_TOOLS: [&str; 4] = ["bash_", "text_editor_", "computer_", "memory_"];

/// Reads a body that is one JSON object.
///
/// # Errors
/// What in it has no bound.
pub fn read(body: &[u8]) -> Result<Bound, Unbounded> {
    let mut reader = Reader::default();
    members(std::str::from_utf8(body).unwrap_or_default(), |name, value| {
        if reader.fault.is_none() {
            reader.fault = reader.member(name, value).err();
        }
    });
    reader.fault.map_or(Ok(reader.bound), Err)
}

#[derive(Default)]
struct Reader {
    bound: Bound,
    fault: Option<Unbounded>,
}

impl Reader {
    fn member(&mut self, name: &[u8], value: &str) -> Result<(), Unbounded> {
        let bound = &mut self.bound;
        match name {
            // Of several, any may be the one that counts.
            b"max_tokens" => bound.max_output = bound.max_output.max(count(value)),
            b"speed" => bound.fast |= is_other(value, "standard"),
            b"service_tier" => bound.priority |= is_other(value, "standard_only"),
            b"mcp_servers" if is_filled(value) => return Err(Unbounded::Mcp),
            b"fallbacks" if is_filled(value) => return Err(Unbounded::Fallbacks),
            b"container" if is_filled(value) => return Err(Unbounded::Elsewhere("a container")),
            b"context_management" if is_filled(value) => return edits(value),
            b"tools" => return each(value, |tool| self.tool(tool)),
            b"system" => return self.content(value),
            b"messages" => {
                return each(value, |message| {
                    each_named(message, "content", |content| self.content(content))
                });
            }
            _ => {}
        }
        Ok(())
    }

    fn tool(&mut self, tool: &str) -> Result<(), Unbounded> {
        let kind = member(tool, "type").and_then(text);
        match kind.as_deref() {
            None | Some("custom") => Ok(()),
            Some(kind) if CLIENT_TOOLS.iter().any(|known| kind.starts_with(known)) => {
                self.bound.typed_tools += 1;
                Ok(())
            }
            Some(kind) => Err(Unbounded::ServerTool(shown(kind))),
        }
    }

    /// A text, a list of blocks, or one block.
    fn content(&mut self, content: &str) -> Result<(), Unbounded> {
        match content.as_bytes().first() {
            Some(b'[') => each(content, |block| self.block(block)),
            Some(b'{') => self.block(content),
            _ => Ok(()),
        }
    }

    fn block(&mut self, block: &str) -> Result<(), Unbounded> {
        if member(block, "type").and_then(text).as_deref() == Some("container_upload") {
            return Err(Unbounded::Elsewhere("a file"));
        }
        each_named(block, "source", |source| self.source(source))?;
        each_named(block, "content", |content| self.content(content))
    }

    /// A source may also be the plain text that a search result is from.
    fn source(&mut self, source: &str) -> Result<(), Unbounded> {
        if !source.starts_with('{') {
            return Ok(());
        }
        match member(source, "type").and_then(text).as_deref() {
            Some("text") => Ok(()),
            Some("content") => each_named(source, "content", |content| self.content(content)),
            Some("url") => Err(Unbounded::Elsewhere("a URL")),
            Some("base64") => {
                let media = member(source, "media_type").and_then(text);
                if !media.is_some_and(|media| media.starts_with("image/")) {
                    return Err(Unbounded::Opaque("a document that is not plain text"));
                }
                self.bound.images += 1;
                Ok(())
            }
            _ => Err(Unbounded::Elsewhere("a file")),
        }
    }
}

/// Edits that take something out of the prompt bound nothing away; others may cost a call of their own.
fn edits(management: &str) -> Result<(), Unbounded> {
    each_named(management, "edits", |edits| {
        each(edits, |edit| {
            let kind = member(edit, "type").and_then(text);
            let clears = kind.is_some_and(|kind| kind.starts_with("clear_"));
            if clears { Ok(()) } else { Err(Unbounded::Compaction) }
        })
    })
}

/// Whether something else than the usual is said.
fn is_other(value: &str, usual: &str) -> bool {
    value != "null" && text(value).as_deref() != Some(usual)
}

/// Whether there is something: neither null nor an empty list or object.
fn is_filled(value: &str) -> bool {
    let inner = value.trim_start_matches(['[', '{']).trim_end_matches([']', '}']).trim();
    value != "null" && !inner.is_empty()
}

fn each<'a>(list: &'a str, mut work: impl FnMut(&'a str) -> Result<(), Unbounded>) -> Result<(), Unbounded> {
    let mut result = Ok(());
    elements(list, |element| {
        if result.is_ok() {
            result = work(element);
        }
    });
    result
}

/// Every member of that name: of several, any may be the one that counts.
fn each_named<'a>(
    object: &'a str,
    wanted: &str,
    mut work: impl FnMut(&'a str) -> Result<(), Unbounded>,
) -> Result<(), Unbounded> {
    let mut result = Ok(());
    members(object, |name, value| {
        if result.is_ok() && name == wanted.as_bytes() {
            result = work(value);
        }
    });
    result
}

/// The last member of that name, as most parsers take it.
fn member<'a>(object: &'a str, wanted: &str) -> Option<&'a str> {
    crate::wire::lenient::find(object, &[wanted])
}

fn shown(kind: &str) -> String {
    kind.chars().filter(|c| !c.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_claude_code_sends_is_bounded() {
        let body = r#"{"model":"m","max_tokens":128000,"stream":true,"thinking":{"type":"adaptive"},
            "context_management":{"edits":[{"type":"clear_thinking_20251015","keep":"all"}]},
            "system":[{"type":"text","text":"You are","cache_control":{"type":"ephemeral"}}],
            "tools":[{"name":"Bash","input_schema":{"type":"object"}},{"type":"bash_20250124","name":"bash"}],
            "messages":[{"role":"user","content":[{"type":"text","text":"hi"},
              {"type":"image","source":{"type":"base64","media_type":"image/png","data":"aaaa"}},
              {"type":"tool_result","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":""}}]},
              {"type":"tool_use","input":{"source":{"type":"url"}}}]}],"mcp_servers":[],"fallbacks":null}"#;

        let bound = read(body.as_bytes());

        assert_eq!(
            bound,
            Ok(Bound { max_output: Some(128_000), typed_tools: 1, images: 2, ..Bound::default() })
        );
    }

    #[test]
    fn what_the_provider_adds_has_no_bound() {
        let fetched = |block: &str| format!(r#"{{"messages":[{{"role":"user","content":[{block}]}}]}}"#);
        for (body, fault) in [
            (
                r#"{"tools":[{"type":"web_search_20250305"}]}"#.to_owned(),
                Unbounded::ServerTool("web_search_20250305".to_owned()),
            ),
            (r#"{"mcp_servers":[{"type":"url"}]}"#.to_owned(), Unbounded::Mcp),
            (r#"{"fallbacks":[{"model":"x"}]}"#.to_owned(), Unbounded::Fallbacks),
            (r#"{"container":{"skills":[]}}"#.to_owned(), Unbounded::Elsewhere("a container")),
            (
                r#"{"context_management":{"edits":[{"type":"compact_20260112"}]}}"#.to_owned(),
                Unbounded::Compaction,
            ),
            (fetched(r#"{"type":"image","source":{"type":"url","url":"x"}}"#), Unbounded::Elsewhere("a URL")),
            (
                fetched(r#"{"type":"document","source":{"type":"file","file_id":"x"}}"#),
                Unbounded::Elsewhere("a file"),
            ),
            (
                fetched(
                    r#"{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":""}}"#,
                ),
                Unbounded::Opaque("a document that is not plain text"),
            ),
            (
                fetched(r#"{"type":"tool_result","content":[{"type":"image","source":{"type":"url"}}]}"#),
                Unbounded::Elsewhere("a URL"),
            ),
        ] {
            assert_eq!(read(body.as_bytes()), Err(fault), "{body}");
        }
    }

    #[test]
    fn of_repeated_members_the_worst_counts() {
        let body = r#"{"max_tokens":1,"max_tokens":900,"max_tokens":5,"speed":"standard","speed":"fast"}"#;

        assert_eq!(
            read(body.as_bytes()),
            Ok(Bound { max_output: Some(900), fast: true, ..Bound::default() })
        );
    }
}
