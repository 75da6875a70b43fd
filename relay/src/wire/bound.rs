//! What bounds the use of a call, as far as its body says.

/// What a call can use at most, besides its body's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Tokens of output of one answer, if the body says.
    pub max_output: Option<u64>,
    /// Answers asked for.
    pub answers: u64,
    /// Tools that the provider knows by type and the client runs.
    pub typed_tools: u64,
    /// Images in the body.
    pub images: u64,
    /// The fast mode, which costs more, is asked for.
    pub fast: bool,
    /// A dearer class of service may be used.
    pub priority: bool,
}

impl Default for Bound {
    fn default() -> Self {
        Self { max_output: None, answers: 1, typed_tools: 0, images: 0, fast: false, priority: false }
    }
}

/// Why nobody can tell how much a call may use. The texts are for the client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unbounded {
    /// A tool that the provider runs: what it finds becomes prompt.
    #[error("the tool {0} runs at the provider")]
    ServerTool(String),
    /// Tools of a server that the provider calls.
    #[error("MCP servers are called by the provider")]
    Mcp,
    /// Something that the provider fetches or has.
    #[error("{0} is fetched by the provider")]
    Elsewhere(&'static str),
    /// Bytes that may be any number of tokens: a PDF, sound, film.
    #[error("{0} may be any number of tokens")]
    Opaque(&'static str),
    /// Another model may answer.
    #[error("fallbacks may be answered by another model")]
    Fallbacks,
    /// The provider may sum the conversation up, which costs tokens of its own.
    #[error("compaction costs tokens that the request does not bound")]
    Compaction,
    /// Answers that are no text have prices of their own.
    #[error("an answer that is not text has no known bound")]
    NotText,
    /// No bound on the output.
    #[error("the request has no max_tokens")]
    NoMaximum,
    /// The model has no price.
    #[error("the model {0} has no known price")]
    Unpriced(String),
}
