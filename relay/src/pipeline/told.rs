//! What a client is told of an answer that ends too early, in its own dialect.

use bytes::Bytes;

use crate::model::dialect::Dialect;

/// An error in the middle of an answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    /// Anthropic's type of it.
    kind: &'static str,
    /// Google's code and canonical name of it.
    code: u16,
    status: &'static str,
    /// For people.
    pub(super) message: &'static str,
}

pub(super) const BROKE_OFF: Told = Told {
    kind: "api_error",
    code: 502,
    status: "UNAVAILABLE",
    message: "upstream broke off in the middle of its answer",
};
pub(super) const SILENT: Told = Told {
    kind: "timeout_error",
    code: 504,
    status: "DEADLINE_EXCEEDED",
    message: "upstream fell silent in the middle of its answer",
};
pub(super) const NO_RECORD: Told = Told {
    kind: "api_error",
    code: 503,
    status: "UNAVAILABLE",
    message: "the relay could not record this answer's usage",
};
pub(super) const REVOKED: Told = Told {
    kind: "authentication_error",
    code: 401,
    status: "UNAUTHENTICATED",
    message: "this key was revoked while the call was under way",
};

impl Told {
    /// As an event behind a stream that may have broken off in mid-event.
    pub(super) fn event(self, dialect: Dialect) -> Bytes {
        let Self { kind, code, status, message } = self;
        Bytes::from(match dialect {
            Dialect::Anthropic => format!(
                "\n\nevent: error\ndata: {{\"type\":\"error\",\"error\":{{\"type\":\"{kind}\",\"message\":\"{message}\"}}}}\n\n"
            ),
            Dialect::Gemini | Dialect::CodeAssist => format!(
                "\r\n\r\ndata: {{\"error\":{{\"code\":{code},\"message\":\"{message}\",\"status\":\"{status}\"}}}}\r\n\r\n"
            ),
        })
    }
}
