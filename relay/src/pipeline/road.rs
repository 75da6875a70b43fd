//! Roads: what a client asks for by its path, in which dialect.

use crate::model::account::{AccountKind, Service};
use crate::model::dialect::Dialect;
use crate::store::attempt::Endpoint;

/// What a call is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Road {
    /// The Messages API.
    Claude {
        /// What is asked for.
        endpoint: Endpoint,
        /// The provider's path.
        path: &'static str,
    },
    /// The Gemini API, which has model and verb in the path.
    Gemini {
        /// `v1`, `v1beta` or `v1alpha`.
        version: &'static str,
        /// Without `models/`; a tuned one with `tunedModels/`.
        model: String,
        /// What is asked for.
        verb: Verb,
    },
    /// Code Assist, which has the model in the body.
    CodeAssist(Verb),
}

/// What Google's models do.
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

    fn endpoint(self) -> Endpoint {
        match self {
            Self::Generate | Self::Stream => Endpoint::Messages,
            Self::Count => Endpoint::CountTokens,
            Self::Embed | Self::EmbedBatch => Endpoint::Embeddings,
        }
    }
}

impl Road {
    /// `POST /v1/messages`.
    pub const MESSAGES: Self = Self::Claude { endpoint: Endpoint::Messages, path: "/v1/messages" };
    /// `POST /v1/messages/count_tokens`.
    pub const COUNT_TOKENS: Self =
        Self::Claude { endpoint: Endpoint::CountTokens, path: "/v1/messages/count_tokens" };

    /// What the client speaks.
    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Claude { .. } => Dialect::Anthropic,
            Self::Gemini { .. } => Dialect::Gemini,
            Self::CodeAssist(_) => Dialect::CodeAssist,
        }
    }

    /// Whose models it asks for.
    pub fn service(&self) -> Service {
        self.dialect().service()
    }

    /// What the books call it.
    pub fn endpoint(&self) -> Endpoint {
        match self {
            Self::Claude { endpoint, .. } => *endpoint,
            Self::Gemini { verb, .. } | Self::CodeAssist(verb) => verb.endpoint(),
        }
    }

    /// Whether accounts of a kind can serve it at all. Code Assist has neither embeddings nor tuned models, and its
    /// clients' bodies have what the Gemini API refuses.
    pub fn suits(&self, kind: AccountKind) -> bool {
        match (self, kind) {
            (Self::Gemini { verb, model, .. }, AccountKind::GeminiOauth) => {
                verb.is_in_code_assist() && !model.contains('/')
            }
            (Self::CodeAssist(_), AccountKind::GeminiApiKey) => false,
            _ => kind.serves(self.service()),
        }
    }
}
