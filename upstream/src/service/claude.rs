//! Owns what Anthropic's API makes of a request: messages, counts, models.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{HeaderMap, RETRY_AFTER};
use http::{HeaderName, HeaderValue, StatusCode};

use crate::answer::Instead;
use crate::anthropic::models;
use crate::anthropic::request::Asked;
use crate::behaviour::Behaviour;
use crate::gemini::Form;
use crate::refusal::Refusal;
use crate::service::caller::Caller;
use crate::service::{Hub, Received, Understood};

impl Hub {
    pub(super) fn message<'a>(
        &self,
        behaviour: &Behaviour,
        body: &'a [u8],
        received: &mut Received<'_>,
    ) -> Result<Understood<'a>, Refusal> {
        let asked = self.asked(body, received)?;
        let model = asked.model.unwrap_or_default();
        let headers = self.spend(behaviour, received.caller, &model)?;
        let form = if asked.stream { Form::Events } else { Form::Whole };
        Ok(Understood { model, form, headers, instead: None })
    }

    pub(super) fn count_tokens<'a>(
        &self,
        body: &'a [u8],
        received: &mut Received<'_>,
    ) -> Result<Understood<'a>, Refusal> {
        self.asked(body, received)?;
        let count = format!(r#"{{"input_tokens":{}}}"#, body.len().div_ceil(4).max(1));
        Ok(Understood::instead(Instead::json(count)))
    }

    /// The list of models, or one of them.
    pub(super) fn models<'a>(
        &self,
        id: Option<&str>,
        received: &Received<'_>,
    ) -> Result<Understood<'a>, Refusal> {
        self.check_headers(received)?;
        let usual = || models::USUAL.map(str::to_owned).into();
        let listed = self.scripts.listed_models(received.caller.token);
        let ids: Arc<[String]> = listed.unwrap_or_else(usual);
        let json: Bytes = match id {
            Some(id) => models::one(&ids, id).ok_or_else(|| Refusal::usual(StatusCode::NOT_FOUND))?.into(),
            None => {
                let query = received.parts.uri.query().unwrap_or_default();
                models::page(&ids, query).map_err(Refusal::bad_request)?.into()
            }
        };
        Ok(Understood::instead(Instead::json(json)))
    }

    /// The headers for a caller's account, else those that go with any error.
    pub(super) fn headers_of(&self, caller: &Caller<'_>, limits: &[(String, String)]) -> HeaderMap {
        let account = caller.account.as_deref().and_then(|name| self.accounts.claude(name));
        match account {
            Some(account) => self.headers.of_organization(&account.organization_uuid, limits),
            None => self.headers.bare(),
        }
    }

    fn asked<'a>(&self, body: &'a [u8], received: &Received<'_>) -> Result<Asked<'a>, Refusal> {
        self.check_headers(received)?;
        let asked = Asked::read(body).map_err(Refusal::bad_request)?;
        received.entry.asks(asked.model.as_deref(), asked.stream);
        if asked.model.is_none() {
            return Err(Refusal::bad_request("model: Field required"));
        }
        Ok(asked)
    }

    /// What the provider asks of every request's headers, unless this upstream is lenient.
    fn check_headers(&self, received: &Received<'_>) -> Result<(), Refusal> {
        if self.lenient {
            return Ok(());
        }
        if !received.parts.headers.contains_key("anthropic-version") {
            return Err(Refusal::bad_request("anthropic-version: header is required"));
        }
        if received.caller.token.is_some_and(|token| token.starts_with("sk-ant-oat")) {
            self.check_oauth_flag(received.parts)?;
        }
        Ok(())
    }

    /// Counts a message that will be answered into the windows of the caller's account.
    fn spend(
        &self,
        behaviour: &Behaviour,
        caller: &Caller<'_>,
        model: &str,
    ) -> Result<Option<HeaderMap>, Refusal> {
        let Some(account) = caller.account.as_deref().filter(|_| behaviour.has_effect()) else {
            return Ok(None);
        };
        let Some(verdict) = self.accounts.spend(account, model, self.clock.now_seconds()) else {
            return Ok(None);
        };
        let mut headers = self.headers_of(caller, &verdict.headers);
        let Some(seconds) = verdict.refused_for else { return Ok(Some(headers)) };
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        let headers: Vec<(HeaderName, HeaderValue)> =
            headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let refusal = Refusal::usual(StatusCode::TOO_MANY_REQUESTS).why("a window is spent");
        Err(Refusal { headers, ..refusal })
    }
}
