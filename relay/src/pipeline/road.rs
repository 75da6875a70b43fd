//! Roads: what a client asks for by its path, in which dialect.

use crate::model::account::{AccountKind, Service};
use crate::model::dialect::Dialect;
pub use crate::provider::google::verb::Verb;
use crate::schedule::Suits;
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
}

impl Suits for Road {
    /// Code Assist has neither embeddings nor tuned models, and its clients' bodies have what the Gemini API refuses.
    fn suits(&self, kind: AccountKind) -> bool {
        match (self, kind) {
            (Self::Gemini { verb, model, .. }, AccountKind::GeminiOauth) => {
                verb.is_in_code_assist() && !model.contains('/')
            }
            (Self::CodeAssist(_), AccountKind::GeminiApiKey) => false,
            _ => kind.serves(self.service()),
        }
    }
}
