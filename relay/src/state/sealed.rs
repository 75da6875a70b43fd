//! What of an account is sealed at rest, and the way from there to the road.

use super::Switchyard;
use crate::config::Config;
use crate::model::account::AccountKind;
use crate::model::id::AccountId;
use crate::provider::credential::{Credential, Tokens};
use crate::provider::proxy::Proxy;
use crate::schedule::account::{Account, Opened};
use crate::secret::Secret;
use crate::secret::vault::{Place, Vault, VaultError};
use crate::store::account::StoredAccount;
use crate::store::token::StoredToken;

/// The fields that are sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// An API key.
    Secret,
    /// The proxy's password.
    ProxyPassword,
    /// An access token.
    Access,
    /// A refresh token.
    Refresh,
}

impl Field {
    fn place(self, id: &AccountId) -> Place<'_> {
        let field = match self {
            Self::Secret => "secret",
            Self::ProxyPassword => "proxy_password",
            Self::Access => "access",
            Self::Refresh => "refresh",
        };
        Place { kind: "account", id: id.as_str(), field }
    }
}

/// Seals a field of an account; nothing stays nothing.
pub(crate) fn seal(vault: &Vault, id: &AccountId, field: Field, secret: Option<&Secret>) -> String {
    secret.map_or_else(String::new, |secret| vault.seal(field.place(id), secret))
}

/// Opens a field of an account.
///
/// # Errors
/// It was sealed elsewhere, or changed.
pub(crate) fn unseal(
    vault: &Vault,
    id: &AccountId,
    field: Field,
    sealed: &str,
) -> Result<Option<Secret>, VaultError> {
    if sealed.is_empty() { Ok(None) } else { vault.open(field.place(id), sealed).map(Some) }
}

/// An account ready for the road: its address resolved, its secrets opened.
///
/// # Errors
/// One of them does not open.
pub(crate) fn open(
    shared: &Switchyard,
    stored: &StoredAccount,
    token: Option<&StoredToken>,
) -> Result<Account, VaultError> {
    Ok(Account::new(stored, opened(shared, stored, token)?, &shared.accounts))
}

/// What [`open`] opens.
///
/// # Errors
/// As there.
pub(crate) fn opened(
    shared: &Switchyard,
    stored: &StoredAccount,
    token: Option<&StoredToken>,
) -> Result<Opened, VaultError> {
    let (vault, id) = (&shared.vault, &stored.id);
    let credential = match (stored.kind, token) {
        (kind, _) if kind.is_api_key() => {
            let secret = unseal(vault, id, Field::Secret, &stored.secret)?;
            secret.as_ref().and_then(Credential::api_key).unwrap_or_default()
        }
        (kind, Some(token)) if kind.is_oauth() => Credential::Tokens(tokens(vault, id, token)?),
        _ => Credential::None,
    };
    let password = unseal(vault, id, Field::ProxyPassword, &stored.proxy_password)?;
    let proxy = stored.settings.proxy.clone().map(|address| Proxy::new(address, password));
    Ok(Opened { base_url: base_url(shared, stored), credential, proxy })
}

/// An account's tokens, opened.
///
/// # Errors
/// They do not open, or are no tokens.
pub(crate) fn tokens(vault: &Vault, id: &AccountId, token: &StoredToken) -> Result<Tokens, VaultError> {
    let access = unseal(vault, id, Field::Access, &token.access)?.ok_or(VaultError::Damaged)?;
    Ok(Tokens {
        bearer: Tokens::bearer(&access).ok_or(VaultError::Damaged)?,
        refresh: unseal(vault, id, Field::Refresh, &token.refresh)?,
        access,
        ends_ms: token.ends_ms,
        issued_ms: token.issued_ms,
        version: token.version,
    })
}

/// Tokens as they are kept.
pub(crate) fn seal_tokens(vault: &Vault, id: &AccountId, tokens: &Tokens) -> StoredToken {
    StoredToken {
        version: tokens.version,
        access: seal(vault, id, Field::Access, Some(&tokens.access)),
        refresh: seal(vault, id, Field::Refresh, tokens.refresh.as_ref()),
        issued_ms: tokens.issued_ms,
        ends_ms: tokens.ends_ms,
    }
}

fn base_url(shared: &Switchyard, stored: &StoredAccount) -> String {
    match stored.settings.base_url.as_str() {
        "" => provider_url(&shared.config, stored.kind).to_owned(),
        own => own.to_owned(),
    }
}

/// Where accounts of a kind send that have no address of their own; empty for a sandbox.
pub(crate) fn provider_url(config: &Config, kind: AccountKind) -> &str {
    match kind {
        AccountKind::Sandbox => "",
        AccountKind::ClaudeOauth | AccountKind::ClaudeApiKey => &config.anthropic.api_url,
        AccountKind::GeminiApiKey => &config.google.api_url,
        AccountKind::GeminiOauth => &config.google.code_assist_url,
    }
}
