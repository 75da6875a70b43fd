//! Owns what the Gemini API makes of a request: messages, counts, models, embeddings.

use std::borrow::Cow;
use std::sync::Arc;

use http::StatusCode;
use serde_json::json;

use crate::answer::Instead;
use crate::endpoint::Route;
use crate::gemini::fault::Fault;
use crate::gemini::request::check_contents;
use crate::gemini::{Form, embed, models};
use crate::refusal::Refusal;
use crate::service::{Hub, Received, Understood};

impl Hub {
    pub(super) fn generate<'a>(
        &self,
        route: &'a Route,
        body: &[u8],
        received: &Received<'_>,
    ) -> Result<Understood<'a>, Refusal> {
        let form = form(&route.verb, received.parts.uri.query());
        let model = route.subject.as_deref().unwrap_or_default();
        received.entry.asks(Some(model), form != Form::Whole);
        check_contents(body).map_err(Refusal::bad_request)?;
        Ok(Understood { model: Cow::Borrowed(model), form, ..Understood::default() })
    }

    pub(super) fn gemini_count<'a>(
        &self,
        route: &Route,
        body: &[u8],
        received: &Received<'_>,
    ) -> Result<Understood<'a>, Refusal> {
        received.entry.asks(route.subject.as_deref(), false);
        check_contents(body).map_err(Refusal::bad_request)?;
        let tokens = body.len().div_ceil(4).max(1);
        let details = json!([{"modality": "TEXT", "tokenCount": tokens}]);
        let count = json!({"totalTokens": tokens, "promptTokensDetails": details});
        Ok(Understood::instead(Instead::json(count.to_string())))
    }

    /// The list of models, or one of them.
    pub(super) fn gemini_models<'a>(
        &self,
        id: Option<&str>,
        received: &Received<'_>,
    ) -> Result<Understood<'a>, Refusal> {
        let usual = || models::USUAL.map(str::to_owned).into();
        let ids: Arc<[String]> = self.scripts.listed_models(received.caller.token).unwrap_or_else(usual);
        let json = match id {
            Some(id) => {
                let missing = || {
                    let message = format!("models/{id} is not found for API version v1beta");
                    Refusal::usual(StatusCode::NOT_FOUND).message(message)
                };
                models::one(&ids, id).ok_or_else(missing)?
            }
            None => {
                let query = received.parts.uri.query().unwrap_or_default();
                models::page(&ids, query).map_err(Refusal::bad_request)?
            }
        };
        Ok(Understood::instead(Instead::json(json.to_string())))
    }

    pub(super) fn embed<'a>(
        &self,
        route: &Route,
        body: &[u8],
        received: &Received<'_>,
    ) -> Result<Understood<'a>, Refusal> {
        received.entry.asks(route.subject.as_deref(), false);
        let reply = if route.verb == "embedContent" { embed::one(body) } else { embed::many(body) };
        let reply = reply.map_err(Refusal::bad_request)?;
        Ok(Understood::instead(Instead::json(reply.to_string())))
    }

    /// Why a credential that nobody knows gets nothing from Google.
    pub(super) fn unknown_to_google(&self, received: &Received<'_>) -> Refusal {
        let headers = &received.parts.headers;
        let fault = match received.caller.token {
            None => Fault::Unregistered,
            Some(_) if headers.contains_key("x-goog-api-key") => Fault::KeyInvalid,
            Some(_) => Fault::TokenInvalid,
        };
        Refusal::fault(fault).why("unknown credential")
    }
}

/// How the answer to a method is written.
pub(super) fn form(verb: &str, query: Option<&str>) -> Form {
    let mut pairs = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    match verb {
        "streamGenerateContent" if pairs.any(|(name, value)| name == "alt" && value == "sse") => Form::Events,
        "streamGenerateContent" => Form::Array,
        _ => Form::Whole,
    }
}
