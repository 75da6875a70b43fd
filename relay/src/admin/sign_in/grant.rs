//! From a code to tokens and whose they are, all on one account's way to its provider.

use super::claude_flow;
use crate::admin::Error;
use crate::admin::account::{missing, proxy};
use crate::gate::sign_ins::{Begun, Granted};
use crate::model::account::AccountKind;
use crate::model::id::AccountId;
use crate::model::identity::Identity;
use crate::model::problem::Problem;
use crate::model::proxy::ProxyAddress;
use crate::provider::anthropic::{oauth as claude, pasted as claude_pasted, profile};
use crate::provider::credential::Tokens;
use crate::provider::google::code_assist::DiscoverError;
use crate::provider::google::{code_assist, oauth as google, pasted as google_pasted};
use crate::provider::oauth::{Grant, GrantError, TokenPasteError};
use crate::provider::probe::ProbeError;
use crate::provider::proxy::Proxy;
use crate::secret::Secret;
use crate::state::Shared;

/// A kind of account and its way to the provider.
pub(super) struct Way<'a> {
    shared: &'a Shared,
    kind: AccountKind,
    proxy: Option<Proxy>,
}

impl<'a> Way<'a> {
    /// Of an account to be.
    pub(super) fn new(
        shared: &'a Shared,
        kind: AccountKind,
        address: Option<ProxyAddress>,
        password: Option<Secret>,
    ) -> Result<Self, Error> {
        let proxy = address.map(|address| proxy(&address, password)).transpose()?;
        Ok(Self { shared, kind, proxy })
    }

    /// Of an account that exists.
    pub(super) fn of(shared: &'a Shared, id: &AccountId) -> Result<Self, Error> {
        let account = shared.accounts.find(id).ok_or_else(missing)?;
        let proxy = account.proxy.as_deref().cloned();
        Ok(Self { shared, kind: account.kind, proxy })
    }

    /// Of the account that a sign-in is for.
    pub(super) fn of_sign_in(shared: &'a Shared, begun: &Begun) -> Result<Self, Error> {
        match &begun.shown.account {
            Some(id) => Self::of(shared, id),
            None => {
                let proxy = begun.shown.settings.proxy.clone();
                Self::new(shared, begun.shown.kind, proxy, begun.proxy_password.clone())
            }
        }
    }

    /// Redeems a code.
    pub(super) async fn exchange(&self, code: &Secret, begun: &Begun) -> Result<Granted, Error> {
        let lane = self.lane()?;
        let (client, config) = (lane.client(), &self.shared.config);
        let grant = match self.kind {
            AccountKind::ClaudeOauth => {
                let flow = claude_flow(begun.shown.flow);
                claude::exchange(client, &config.anthropic, code, &begun.state, &begun.pkce, flow).await
            }
            _ => google::exchange(client, &config.google, code, &begun.pkce).await,
        };
        self.granted(grant.map_err(|error| self.refused(error))?)
    }

    /// Reads tokens that a person had already, and asks whose they are.
    pub(super) async fn pasted(&self, pasted: &Secret, project: &str) -> Result<Granted, Error> {
        let granted = self.read(pasted).await.map_err(of_tokens)?;
        self.identified(granted, project).await.map_err(of_tokens)
    }

    async fn read(&self, pasted: &Secret) -> Result<Granted, Error> {
        let now_ms = self.shared.clock.now_ms();
        let grant = match self.kind {
            AccountKind::ClaudeOauth => claude_pasted::parse(pasted.reveal(), now_ms),
            AccountKind::GeminiOauth => google_pasted::parse(pasted.reveal(), now_ms),
            _ => return Err(Error::field("kind", Problem::NotFound)),
        };
        match grant {
            Ok(grant) => self.renewed(self.granted(grant)?).await,
            Err(TokenPasteError::RefreshAlone) => {
                let refresh: String = pasted.reveal().split_whitespace().collect();
                self.refreshed(&Secret::new(refresh)).await
            }
            Err(TokenPasteError::Empty) => Err(Error::field("tokens", Problem::Required)),
            Err(other) => Err(Error::field("tokens", Problem::NotPasted { why: other.to_string() })),
        }
    }

    /// Tokens from a file may have ended long ago: then the refresh token shows whether they are good for anything.
    async fn renewed(&self, granted: Granted) -> Result<Granted, Error> {
        let has_ended = granted.tokens.ends_ms.is_some_and(|ends_ms| ends_ms <= self.shared.clock.now_ms());
        let Some(refresh) = granted.tokens.refresh.clone().filter(|_| has_ended) else { return Ok(granted) };
        let renewed = self.refreshed(&refresh).await?;
        Ok(Granted { identity: renewed.identity.or(granted.identity), ..renewed })
    }

    /// Redeems a refresh token.
    async fn refreshed(&self, refresh: &Secret) -> Result<Granted, Error> {
        let lane = self.lane()?;
        let (client, config) = (lane.client(), &self.shared.config);
        let grant = match self.kind {
            AccountKind::ClaudeOauth => claude::refresh(client, &config.anthropic, refresh).await,
            _ => google::refresh(client, &config.google, refresh).await,
        };
        self.granted(grant.map_err(|error| self.refused(error))?)
    }

    /// Adds who it is. A token that may not ask is good all the same.
    pub(super) async fn whose(&self, granted: Granted) -> Result<Granted, Error> {
        let lane = self.lane()?;
        let (client, config) = (lane.client(), &self.shared.config);
        let access = &granted.tokens.access;
        let asked = match self.kind {
            AccountKind::ClaudeOauth => profile::profile(client, &config.anthropic, access).await,
            _ => google::userinfo(client, &config.google, access).await,
        };
        let known = match asked {
            Ok(identity) => identity,
            Err(ProbeError::Unauthorized(words)) => {
                return Err(Error::field("code", Problem::CodeRefused { words }));
            }
            Err(error) => {
                tracing::info!(%error, "who signed in is not known");
                Identity::default()
            }
        };
        let identity = known.or(granted.identity.clone());
        Ok(Granted { identity, ..granted })
    }

    /// Adds who it is, and for Code Assist the project.
    pub(super) async fn identified(&self, granted: Granted, project: &str) -> Result<Granted, Error> {
        let mut granted = self.whose(granted).await?;
        if self.kind == AccountKind::GeminiOauth {
            let lane = self.lane()?;
            let own = Some(project).filter(|project| !project.is_empty());
            let google = &self.shared.config.google;
            let found = code_assist::discover(lane.client(), google, &granted.tokens.access, own).await;
            let found = found.map_err(|error| self.undiscovered(error))?;
            granted.identity.project = found.id;
            granted.identity.tier = found.tier.or(granted.identity.tier);
        }
        Ok(granted)
    }

    fn granted(&self, grant: Grant) -> Result<Granted, Error> {
        let now_ms = self.shared.clock.now_ms();
        let why = || "the provider's token does not fit a header".to_owned();
        let bearer = Tokens::bearer(&grant.access)
            .ok_or_else(|| Error::field("code", Problem::NotPasted { why: why() }))?;
        let life_ms = grant.expires_in.map(|life| i64::try_from(life.as_millis()).unwrap_or(i64::MAX / 2));
        let tokens = Tokens {
            bearer,
            access: grant.access,
            refresh: grant.refresh,
            ends_ms: life_ms.map(|life_ms| now_ms + life_ms),
            issued_ms: now_ms,
            version: 1,
        };
        Ok(Granted { tokens, identity: grant.identity, scopes: grant.scopes })
    }

    fn lane(&self) -> Result<crate::provider::outbound::LaneLease, Error> {
        let lane = self.shared.outbound.lease(self.proxy.as_ref());
        lane.map_err(|cause| Error::whole(Problem::Misconfigured { cause }))
    }

    fn refused(&self, error: GrantError) -> Error {
        let error = match &self.proxy {
            Some(proxy) => error.behind(&proxy.to_string()),
            None => error,
        };
        let cause = error.to_string();
        match error {
            GrantError::Refused(words) => Error::field("code", Problem::CodeRefused { words }),
            GrantError::Declined { words, .. } => Error::field("code", Problem::CodeRefused { words }),
            GrantError::Misconfigured(_) => Error::whole(Problem::Misconfigured { cause }),
            GrantError::Unreachable(way) | GrantError::Lost(way) if way.is_proxy() => {
                Error::whole(Problem::ProxyFailed { cause })
            }
            _ => Error::whole(Problem::ProviderFailed { cause }),
        }
    }

    fn undiscovered(&self, error: DiscoverError) -> Error {
        let error = match &self.proxy {
            Some(proxy) => error.behind(&proxy.to_string()),
            None => error,
        };
        let cause = error.to_string();
        match error {
            DiscoverError::Validation { link, words } => {
                Error::whole(Problem::NeedsVerification { link, words })
            }
            DiscoverError::NeedsProject(words) => Error::field("project", Problem::NeedsProject { words }),
            DiscoverError::ProjectNumber => Error::field("project", Problem::NotPasted { why: cause }),
            DiscoverError::Probe(ProbeError::Unreachable(way)) if way.is_proxy() => {
                Error::whole(Problem::ProxyFailed { cause })
            }
            _ => Error::whole(Problem::ProviderFailed { cause }),
        }
    }
}

/// What is said of a code where there was none, but tokens.
fn of_tokens(error: Error) -> Error {
    match error.for_person().problem {
        Problem::CodeRefused { words } => {
            let why = format!("the provider does not take these tokens: {words}");
            Error::field("tokens", Problem::NotPasted { why })
        }
        _ => error,
    }
}

/// Whom an account belongs to, in a few words.
pub(super) fn owner_name(identity: &Identity) -> String {
    let organization = identity.organization_name.clone().or_else(|| identity.organization_id.clone());
    let parts = [organization, identity.email.clone()];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "somebody else".to_owned() } else { parts.join(", ") }
}
