//! What Google's models can be asked to do.

use crate::store::attempt::Endpoint;

/// What is asked of a model: the word behind the colon in a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Answer at once.
    Generate,
    /// Answer piece by piece.
    Stream,
    /// Count a prompt's tokens.
    Count,
    /// Embed one text.
    Embed,
    /// Embed several.
    EmbedBatch,
}

impl Verb {
    /// Every verb.
    pub const ALL: [Self; 5] = [Self::Generate, Self::Stream, Self::Count, Self::Embed, Self::EmbedBatch];

    /// As it stands in a path.
    pub fn name(self) -> &'static str {
        match self {
            Self::Generate => "generateContent",
            Self::Stream => "streamGenerateContent",
            Self::Count => "countTokens",
            Self::Embed => "embedContent",
            Self::EmbedBatch => "batchEmbedContents",
        }
    }

    /// The verb of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.name() == name)
    }

    /// Whether Code Assist has it.
    pub fn is_in_code_assist(self) -> bool {
        matches!(self, Self::Generate | Self::Stream | Self::Count)
    }

    /// What the books call it.
    pub fn endpoint(self) -> Endpoint {
        match self {
            Self::Generate | Self::Stream => Endpoint::Messages,
            Self::Count => Endpoint::CountTokens,
            Self::Embed | Self::EmbedBatch => Endpoint::Embeddings,
        }
    }
}
