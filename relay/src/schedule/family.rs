//! Model families: what a limit or a window of part of an account is about.

use crate::model::account::Service;

/// The family that a model belongs to.
pub fn of(service: Service, model: &str) -> &str {
    match service {
        Service::Claude => claude(model),
        Service::Gemini => gemini(model),
    }
}

/// The family that a Claude model belongs to: the word that names it, wherever it stands in the name. It is the first
/// one behind `claude` that is no number: `opus` of `claude-opus-4-5`, `haiku` of `claude-3-5-haiku-20241022`, `sonnet`
/// of `us.anthropic.claude-sonnet-4-5-v1:0`. Names of another form are families of their own.
pub fn claude(model: &str) -> &str {
    let Some((_, rest)) = model.split_once("claude-") else { return model };
    let is_word = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    rest.split(['-', '@', '[', ':']).find(is_word).unwrap_or(model)
}

/// Google's quotas are by model: each is a family of its own.
pub fn gemini(model: &str) -> &str {
    model.strip_prefix("models/").unwrap_or(model)
}
