//! Dialects: the wire formats that clients speak.

use super::account::Service;

/// A wire format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// Anthropic's Messages API.
    Anthropic,
    /// Google's Gemini API.
    Gemini,
    /// The same messages in the wrapper of Google's Code Assist.
    CodeAssist,
}

impl Dialect {
    /// Whose models it asks for.
    pub fn service(self) -> Service {
        match self {
            Self::Anthropic => Service::Claude,
            Self::Gemini | Self::CodeAssist => Service::Gemini,
        }
    }
}
