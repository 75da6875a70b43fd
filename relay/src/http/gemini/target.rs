//! What a path below `/gemini` leads to. It is decoded once; what could mean two things to two readers leads nowhere.

use crate::gate::query::hex_byte;
use crate::pipeline::{Road, Verb};

const VERSIONS: [&str; 3] = ["v1", "v1beta", "v1alpha"];
const CODE_ASSIST: &str = "v1internal";

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A model's work.
    Call(Road),
    /// The list of models.
    Models,
    /// One of them, without `models/`.
    Model(String),
    /// A method of Code Assist's beside the models' work.
    Assist(String),
    /// An operation of Code Assist's.
    Operation,
}

/// Reads a path that begins with `/gemini`, as it came.
pub(super) fn target(path: &str) -> Option<Target> {
    let path = decoded(path)?;
    let rest = path.strip_prefix("/gemini")?.trim_start_matches('/').trim_end_matches('/');
    if let Some(rest) = rest.strip_prefix(CODE_ASSIST) {
        return assist(rest);
    }
    let (version, rest) = rest.split_once('/')?;
    let version = VERSIONS.into_iter().find(|known| *known == version)?;
    let rest = rest.trim_start_matches('/');
    if rest == "models" {
        return Some(Target::Models);
    }
    let model = rest.strip_prefix("models/");
    let name = model.or_else(|| rest.starts_with("tunedModels/").then_some(rest))?;
    match name.rsplit_once(':') {
        Some((name, verb)) => {
            let verb = Verb::from_name(verb)?;
            Some(Target::Call(Road::Gemini { version, model: named(name)?, verb }))
        }
        None => Some(Target::Model(named(model?)?)),
    }
}

fn assist(rest: &str) -> Option<Target> {
    let Some(method) = rest.strip_prefix(':') else {
        return rest.starts_with("/operations/").then_some(Target::Operation);
    };
    match Verb::from_name(method) {
        Some(verb) if verb.is_in_code_assist() => Some(Target::Call(Road::CodeAssist(verb))),
        Some(_) => None,
        None => Some(Target::Assist(method.to_owned())),
    }
}

/// A model's name that means the same in every path.
fn named(name: &str) -> Option<String> {
    let part = name.strip_prefix("tunedModels/").unwrap_or(name);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._@".contains(&byte);
    let is_name = !part.is_empty() && part.len() <= 200 && part.bytes().all(is_plain);
    (is_name && !part.contains("..") && part != ".").then(|| name.to_owned())
}

fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    loop {
        match rest {
            [] => break,
            [b'%', high, low, after @ ..] => {
                bytes.push(hex_byte(*high, *low)?);
                rest = after;
            }
            [byte, after @ ..] => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(version: &'static str, model: &str, verb: Verb) -> Option<Target> {
        Some(Target::Call(Road::Gemini { version, model: model.to_owned(), verb }))
    }

    #[test]
    fn every_form_of_a_path_leads_to_its_call() {
        for path in [
            "/gemini/v1beta/models/gemini-2.5-pro:generateContent",
            "/gemini//v1beta/models/gemini-2.5-pro:generateContent",
            "/gemini/v1beta/models/gemini-2.5-pro%3AgenerateContent",
            "/gemini/v1beta/models%2Fgemini-2.5-pro:generateContent",
            "/gemini/v1beta/models%2fgemini-2.5-pro%3agenerateContent",
        ] {
            assert_eq!(target(path), call("v1beta", "gemini-2.5-pro", Verb::Generate), "{path}");
        }
        assert_eq!(
            target("/gemini/v1/models/gemini-embedding-001:batchEmbedContents"),
            call("v1", "gemini-embedding-001", Verb::EmbedBatch)
        );
        assert_eq!(
            target("/gemini/v1alpha/tunedModels/mine-1:streamGenerateContent"),
            call("v1alpha", "tunedModels/mine-1", Verb::Stream)
        );
        assert_eq!(
            target("/gemini/v1internal:countTokens"),
            Some(Target::Call(Road::CodeAssist(Verb::Count)))
        );
    }

    #[test]
    fn what_is_no_call_is_told_apart() {
        for (path, expected) in [
            ("/gemini/v1beta/models", Target::Models),
            ("/gemini/v1/models/", Target::Models),
            ("/gemini/v1/models/gemini-2.5-pro", Target::Model("gemini-2.5-pro".into())),
            ("/gemini/v1internal:loadCodeAssist", Target::Assist("loadCodeAssist".into())),
            ("/gemini/v1internal/operations/abc", Target::Operation),
        ] {
            assert_eq!(target(path), Some(expected), "{path}");
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_leads_nowhere() {
        for path in [
            "/gemini",
            "/gemini/v2/models/m:generateContent",
            "/gemini/v1beta/models/m:predict",
            "/gemini/v1beta/models/:generateContent",
            "/gemini/v1beta/models/..:generateContent",
            "/gemini/v1beta/models/../x:generateContent",
            "/gemini/v1beta/models/a%2Fb:generateContent",
            "/gemini/v1beta/models/a%3Fb:generateContent",
            "/gemini/v1beta/models/a%00b:generateContent",
            "/gemini/v1beta/models/%ff:generateContent",
            "/gemini/v1beta/models/é:generateContent",
            "/gemini/v1beta/tunedModels/a/b:generateContent",
            "/gemini/v1beta/tunedModels/a",
            "/gemini/v1internal:embedContent",
            "/gemini/v1internalx",
            "/gemini/v1beta/cachedContents",
        ] {
            assert_eq!(target(path), None, "{path}");
        }
    }
}
