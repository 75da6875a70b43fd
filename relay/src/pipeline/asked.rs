//! What is asked: the few fields of a body that routing and metering need, in each dialect.

use std::borrow::Cow;

use http::HeaderMap;

use super::road::{Road, Verb};
use crate::model::id::KeyId;
use crate::schedule::session::Session;
use crate::wire::anthropic::call::{CallError, CallFields};
use crate::wire::anthropic::opening::Opening;
use crate::wire::google::call as google;
use crate::wire::google::opening::Opening as GoogleOpening;

/// Names the conversation in calls of Claude Code.
const SESSION: &str = "x-claude-code-session-id";

/// What is asked.
pub(super) struct Asked<'a> {
    /// The model.
    pub(super) model: Cow<'a, str>,
    /// For a stream.
    pub(super) stream: bool,
    /// The bound on the output, where it is known without looking further.
    pub(super) max_output: Option<u64>,
    conversation: Conversation<'a>,
}

/// What tells a conversation from others.
enum Conversation<'a> {
    Claude { user_id: Option<Cow<'a, str>>, opening: Opening<'a> },
    Gemini { body: &'a str },
    CodeAssist { session: Option<Cow<'a, str>>, request: Option<&'a str> },
}

impl<'a> Asked<'a> {
    /// Reads the body.
    ///
    /// # Errors
    /// It cannot be relayed.
    pub(super) fn read(road: &'a Road, body: &'a [u8]) -> Result<Self, CallError> {
        match road {
            Road::Claude { .. } => CallFields::read(body).map(|fields| Self {
                model: fields.model,
                stream: fields.stream,
                max_output: fields.max_tokens,
                conversation: Conversation::Claude { user_id: fields.user_id, opening: fields.opening },
            }),
            Road::Gemini { model, verb, .. } => google::object(body).map(|body| Self {
                model: Cow::Borrowed(model.as_str()),
                stream: *verb == Verb::Stream,
                max_output: None,
                conversation: Conversation::Gemini { body },
            }),
            Road::CodeAssist(verb) => {
                let wrapped = google::Wrapped::read(body)?;
                let model = google::model_name(&wrapped.model)?.to_owned();
                let conversation =
                    Conversation::CodeAssist { session: wrapped.session, request: wrapped.request };
                let stream = *verb == Verb::Stream;
                Ok(Self { model: Cow::Owned(model), stream, max_output: None, conversation })
            }
        }
    }

    /// The conversation that the call belongs to, as far as that can be told.
    pub(super) fn session(&self, key: &KeyId, headers: &HeaderMap) -> Option<Session> {
        let header = headers.get(SESSION).and_then(|id| id.to_str().ok());
        match &self.conversation {
            Conversation::Claude { user_id, opening } => Session::named(key, user_id.as_deref(), header)
                .or_else(|| Session::begun(key, |each| opening.read(each))),
            Conversation::Gemini { body } => Session::begun(key, |each| GoogleOpening::find(body).read(each)),
            Conversation::CodeAssist { session, request } => Session::named(key, None, session.as_deref())
                .or_else(|| Session::begun(key, |each| GoogleOpening::find((*request)?).read(each))),
        }
    }
}
