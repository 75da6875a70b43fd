//! Sending a call on one account, by the account's kind.

use super::call::Call;
use crate::model::account::AccountKind;
use crate::provider::anthropic::{self, Outgoing, headers};
use crate::provider::reply::{Reply, SendError};
use crate::provider::sandbox::{self, SandboxPath, SandboxRequest};
use crate::schedule::pool::Account;
use crate::state::Shared;
use crate::store::attempt::Endpoint;

pub(super) async fn send(relay: &Shared, call: &Call, account: &Account) -> Result<Reply, SendError> {
    match (account.kind, account.credential()) {
        (AccountKind::ClaudeApiKey, Some(credential)) => {
            let via = relay.via(&account.base_url);
            let outgoing = Outgoing {
                method: http::Method::POST,
                base_url: &account.base_url,
                path: call.road.path,
                query: call.query.as_deref(),
                headers: headers::request(&call.headers, credential, call.facts.stream, via),
                body: call.bytes(),
            };
            anthropic::send(&relay.outbound, outgoing, relay.config.relay.idle).await
        }
        (AccountKind::ClaudeApiKey, None) => {
            Err(SendError::Connect("the account's secret cannot be sent in a header".to_owned()))
        }
        (AccountKind::Sandbox, _) => {
            let path = match call.road.endpoint {
                Endpoint::Messages => SandboxPath::Messages,
                Endpoint::CountTokens => SandboxPath::CountTokens,
            };
            let request = SandboxRequest { path, body: &call.body.bytes, now_ms: relay.clock.now_ms() };
            Ok(sandbox::answer(&request).into())
        }
    }
}
