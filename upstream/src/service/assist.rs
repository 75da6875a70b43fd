//! Owns what Code Assist makes of a request: wrapped messages, counts, onboarding, quota.

use std::borrow::Cow;

use http::StatusCode;
use serde_json::json;

use crate::account::Operation;
use crate::account::google::GoogleAccount;
use crate::answer::Instead;
use crate::endpoint::Route;
use crate::gemini::request::{self, Setup, Wrapper};
use crate::refusal::Refusal;
use crate::service::gemini::form;
use crate::service::{Hub, Received, Understood};

impl Hub {
    pub(super) fn assist<'a>(
        &self,
        route: &Route,
        body: &[u8],
        received: &Received<'_>,
    ) -> Result<Understood<'a>, Refusal> {
        let form = form(&route.verb, received.parts.uri.query());
        let Wrapper { model, project, request } = request::read(body).map_err(Refusal::bad_request)?;
        received.entry.asks(model.as_deref(), form != crate::gemini::Form::Whole);
        received.entry.names_project(project.as_deref());
        if let Some(account) = self.google_account(received) {
            account.check_project(project.as_deref())?;
        }
        let model = model.ok_or_else(|| Refusal::bad_request("model is required"))?;
        if request.is_none_or(|request| request.contents.is_none()) {
            return Err(Refusal::bad_request("request.contents is required"));
        }
        Ok(Understood { model: Cow::Owned(model), form, ..Understood::default() })
    }

    pub(super) fn assist_count<'a>(
        &self,
        body: &[u8],
        received: &Received<'_>,
    ) -> Result<Understood<'a>, Refusal> {
        let wrapper: Wrapper = request::read(body).map_err(Refusal::bad_request)?;
        let inner = wrapper.request.ok_or_else(|| Refusal::bad_request("request is required"))?;
        received.entry.asks(inner.model.as_deref(), false);
        let count = json!({"totalTokens": body.len().div_ceil(4).max(1)});
        Ok(Understood::instead(Instead::json(count.to_string())))
    }

    pub(super) fn load_code_assist<'a>(
        &self,
        body: &[u8],
        received: &Received<'_>,
    ) -> Result<Understood<'a>, Refusal> {
        let setup: Setup = request::read(body).map_err(Refusal::bad_request)?;
        let project = setup.cloudaicompanion_project.as_deref();
        received.entry.names_project(project);
        let reply = self.google_account_or_usual(received).load(project);
        Ok(Understood::instead(Instead::json(reply.to_string())))
    }

    /// Begins an onboarding, or looks at one.
    pub(super) fn onboard<'a>(
        &self,
        route: &Route,
        body: &[u8],
        received: &Received<'_>,
    ) -> Result<Understood<'a>, Refusal> {
        let account = self.google_account_or_usual(received);
        let reply = if let Some(name) = &route.subject {
            self.accounts.operation(name, &account.name)
        } else {
            let setup: Setup = request::read(body).map_err(Refusal::bad_request)?;
            let project = setup.cloudaicompanion_project;
            received.entry.names_project(project.as_deref());
            account.check_onboarding(setup.tier_id.as_deref(), project.as_deref())?;
            self.accounts.onboard(Operation {
                name: format!("operations/{}", self.mint.text()),
                account: account.name,
                tier: setup.tier_id.unwrap_or_default(),
                project,
                polls_left: account.polls,
                finished: false,
            })
        };
        let reply = reply.ok_or_else(|| Refusal::usual(StatusCode::NOT_FOUND))?;
        Ok(Understood::instead(Instead::json(reply.to_string())))
    }

    pub(super) fn assist_quota<'a>(
        &self,
        body: &[u8],
        received: &Received<'_>,
    ) -> Result<Understood<'a>, Refusal> {
        let wrapper: Wrapper = request::read(body).map_err(Refusal::bad_request)?;
        received.entry.names_project(wrapper.project.as_deref());
        let account = self.google_account_or_usual(received);
        account.check_project(wrapper.project.as_deref())?;
        Ok(Understood::instead(Instead::json(json!({"buckets": account.quota}).to_string())))
    }

    /// The caller's account; none where an unknown token is served.
    fn google_account(&self, received: &Received<'_>) -> Option<GoogleAccount> {
        self.accounts.google(received.caller.account.as_deref()?)
    }

    /// The caller's account, or for an unknown token that is served the one that signs in.
    fn google_account_or_usual(&self, received: &Received<'_>) -> GoogleAccount {
        let usual = || self.accounts.google(&self.accounts.google_signs_in());
        let account = self.google_account(received).or_else(usual);
        account.unwrap_or_else(|| GoogleAccount::new("google"))
    }
}
