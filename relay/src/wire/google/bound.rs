//! What bounds a call of the Gemini API (reference: Gemini, section 3). Names come in camel and in snake case.

use crate::wire::bound::{Bound, Unbounded};
use crate::wire::lenient::{count, elements, find, members, text};

/// Reads a body that is one JSON object.
///
/// # Errors
/// What in it has no bound.
pub fn read(body: &[u8]) -> Result<Bound, Unbounded> {
    of(std::str::from_utf8(body).unwrap_or_default())
}

/// The same in the wrapper of Code Assist.
///
/// # Errors
/// What in it has no bound.
pub fn read_wrapped(body: &[u8]) -> Result<Bound, Unbounded> {
    of(find(std::str::from_utf8(body).unwrap_or_default(), &["request"]).unwrap_or_default())
}

/// The bound on the output that a body gives.
pub fn max_output(body: &[u8], is_wrapped: bool) -> Option<u64> {
    let json = std::str::from_utf8(body).unwrap_or_default();
    let request = if is_wrapped { find(json, &["request"])? } else { json };
    let mut most = None;
    members(request, |name, value| {
        if matches!(name, b"generationConfig" | b"generation_config") {
            members(value, |name, value| {
                if matches!(name, b"maxOutputTokens" | b"max_output_tokens") {
                    most = count(value);
                }
            });
        }
    });
    most
}

fn of(request: &str) -> Result<Bound, Unbounded> {
    let mut bound = Bound::default();
    let mut fault = None;
    members(request, |name, value| {
        if fault.is_none() {
            fault = member(&mut bound, name, value).err();
        }
    });
    fault.map_or(Ok(bound), Err)
}

fn member(bound: &mut Bound, name: &[u8], value: &str) -> Result<(), Unbounded> {
    match name {
        b"cachedContent" | b"cached_content" if is_said(value) => Err(Unbounded::Elsewhere("cached content")),
        b"serviceTier" | b"service_tier" => {
            bound.priority |= text(value).is_none_or(|tier| !tier.eq_ignore_ascii_case("standard"));
            Ok(())
        }
        b"generationConfig" | b"generation_config" => config(bound, value),
        b"tools" => each(value, |tool| each_member(tool, tool_is_the_clients)),
        b"contents" => each(value, |content| parts_of(bound, content)),
        b"content" | b"systemInstruction" | b"system_instruction" => parts_of(bound, value),
        // Of embeddings.
        b"requests" => each(value, |request| of(request).map(|inner| bound.images += inner.images)),
        _ => Ok(()),
    }
}

fn config(bound: &mut Bound, config: &str) -> Result<(), Unbounded> {
    each_member(config, |name, value| {
        match name {
            b"maxOutputTokens" | b"max_output_tokens" => {
                bound.max_output = bound.max_output.max(count(value))
            }
            b"candidateCount" | b"candidate_count" => {
                bound.answers = bound.answers.max(count(value).unwrap_or(1));
            }
            b"responseModalities" | b"response_modalities" => {
                let mut is_text = true;
                elements(value, |kind| {
                    is_text &= text(kind).is_some_and(|kind| kind.eq_ignore_ascii_case("text"))
                });
                if !is_text {
                    return Err(Unbounded::NotText);
                }
            }
            _ => {}
        }
        Ok(())
    })
}

fn tool_is_the_clients(name: &[u8], value: &str) -> Result<(), Unbounded> {
    match name {
        b"functionDeclarations" | b"function_declarations" => Ok(()),
        _ if !is_said(value) => Ok(()),
        name => {
            let name = String::from_utf8_lossy(name);
            Err(Unbounded::ServerTool(name.chars().filter(|c| !c.is_control()).take(60).collect()))
        }
    }
}

fn parts_of(bound: &mut Bound, content: &str) -> Result<(), Unbounded> {
    each_member(content, |name, parts| match name {
        b"parts" => each(parts, |part| each_member(part, |name, value| part_member(bound, name, value))),
        _ => Ok(()),
    })
}

fn part_member(bound: &mut Bound, name: &[u8], value: &str) -> Result<(), Unbounded> {
    match name {
        b"fileData" | b"file_data" => Err(Unbounded::Elsewhere("a file")),
        b"inlineData" | b"inline_data" => {
            let media = find(value, &["mimeType"]).or_else(|| find(value, &["mime_type"])).and_then(text);
            if !media.is_some_and(|media| media.starts_with("image/")) {
                return Err(Unbounded::Opaque("data that is neither text nor an image"));
            }
            bound.images += 1;
            Ok(())
        }
        b"functionResponse" | b"function_response" => parts_of(bound, value),
        _ => Ok(()),
    }
}

fn is_said(value: &str) -> bool {
    !matches!(value, "null" | "\"\"" | "[]")
}

fn each<'a>(list: &'a str, mut work: impl FnMut(&'a str) -> Result<(), Unbounded>) -> Result<(), Unbounded> {
    let mut result = Ok(());
    let mut work = |element| {
        if result.is_ok() {
            result = work(element);
        }
    };
    // One in the place of a list of one is taken as well.
    if list.starts_with('[') {
        elements(list, work);
    } else {
        work(list);
    }
    result
}

fn each_member<'a>(
    object: &'a str,
    mut work: impl FnMut(&[u8], &'a str) -> Result<(), Unbounded>,
) -> Result<(), Unbounded> {
    let mut result = Ok(());
    members(object, |name, value| {
        if result.is_ok() {
            result = work(name, value);
        }
    });
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_images_and_functions_are_bounded() {
        let body = r#"{"contents":[{"role":"user","parts":[{"text":"hi"},{"inlineData":{"mimeType":"image/png","data":""}}]}],
            "system_instruction":{"parts":{"text":"x"}},"tools":[{"function_declarations":[]},{"googleSearch":null}],
            "generation_config":{"max_output_tokens":100,"candidateCount":2,"responseModalities":["TEXT"]}}"#;
        let wrapped = format!(r#"{{"model":"m","request":{body}}}"#);
        let bound = Ok(Bound { max_output: Some(100), answers: 2, images: 1, ..Bound::default() });

        assert_eq!(read(body.as_bytes()), bound);
        assert_eq!(read_wrapped(wrapped.as_bytes()), bound);
        assert_eq!(max_output(body.as_bytes(), false), Some(100));
        assert_eq!(max_output(wrapped.as_bytes(), true), Some(100));
    }

    #[test]
    fn what_the_provider_adds_has_no_bound() {
        for (body, fault) in [
            (r#"{"tools":[{"googleSearch":{}}]}"#, Unbounded::ServerTool("googleSearch".to_owned())),
            (r#"{"tools":{"url_context":{}}}"#, Unbounded::ServerTool("url_context".to_owned())),
            (r#"{"cachedContent":"cachedContents/a"}"#, Unbounded::Elsewhere("cached content")),
            (r#"{"contents":[{"parts":[{"file_data":{}}]}]}"#, Unbounded::Elsewhere("a file")),
            (
                r#"{"contents":{"parts":[{"inline_data":{"mime_type":"audio/flac"}}]}}"#,
                Unbounded::Opaque("data that is neither text nor an image"),
            ),
            (r#"{"generationConfig":{"responseModalities":["AUDIO"]}}"#, Unbounded::NotText),
        ] {
            assert_eq!(read(body.as_bytes()), Err(fault), "{body}");
        }
    }
}
