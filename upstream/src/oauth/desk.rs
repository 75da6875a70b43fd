//! Owns the codes and tokens that one provider has given out, and which of them are still good.
//! Promises that a code works once, and that a refresh token that was replaced kills its whole family when it is
//! used again.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::mint::{Mint, challenge};

/// What the texts of one provider start with.
#[derive(Clone, Copy)]
pub(crate) struct Prefixes {
    pub(crate) code: &'static str,
    pub(crate) access: &'static str,
    pub(crate) refresh: &'static str,
}

/// A code that waits to be exchanged.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    pub(crate) account: String,
    pub(crate) redirect_uri: String,
    pub(crate) scope: String,
    /// S256; `None` where the client sent none.
    pub(crate) challenge: Option<String>,
    pub(crate) state: String,
    /// Whether a refresh token comes with the access token.
    pub(crate) refreshable: bool,
    pub(crate) expires_ms: i64,
}

/// What a client shows for a code.
#[derive(Debug, Default)]
pub(crate) struct Proof<'a> {
    pub(crate) code: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) verifier: Option<&'a str>,
    /// `None` where the provider does not want it.
    pub(crate) state: Option<&'a str>,
}

/// Why a code or a refresh token is worth nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Worthless {
    #[error("the code is unknown")]
    UnknownCode,
    #[error("the code was used before")]
    UsedCode,
    #[error("the code has expired")]
    ExpiredCode,
    #[error("the redirect_uri is not the one of the code")]
    OtherRedirect,
    #[error("the state is not the one of the code")]
    OtherState,
    #[error("the code_verifier does not prove the code_challenge")]
    WrongVerifier,
    #[error("the refresh token is unknown")]
    UnknownToken,
    #[error("the refresh token was replaced before; its family is revoked")]
    Reused,
    #[error("the refresh token is revoked")]
    Revoked,
}

/// Tokens just made.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) access: String,
    pub(crate) refresh: Option<String>,
    pub(crate) scope: String,
}

/// What a refresh does to the refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Renewal {
    /// It stays, and no other is given.
    Keep,
    /// Another is given, and it dies.
    Replace,
    /// Another is given, and it stays good.
    Add,
}

/// How long tokens are good.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lives {
    pub(crate) now_ms: i64,
    pub(crate) access_seconds: u64,
}

impl Lives {
    fn until_ms(self) -> i64 {
        let life = i64::try_from(self.access_seconds.saturating_mul(1000)).unwrap_or(i64::MAX);
        self.now_ms.saturating_add(life)
    }
}

/// Whether an access token is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Good,
    Expired,
    Revoked,
}

/// Whose an access token is.
#[derive(Clone, Debug)]
pub(crate) struct Bearer {
    pub(crate) account: String,
    pub(crate) scope: String,
    pub(crate) standing: Standing,
}

/// The codes and tokens of one provider.
pub(crate) struct Desk {
    prefixes: Prefixes,
    mint: Mint,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// With whether it was used.
    codes: HashMap<String, (Code, bool)>,
    access: HashMap<String, Access>,
    refresh: HashMap<String, Refresh>,
    families: Vec<Family>,
}

struct Access {
    family: usize,
    scope: String,
    expires_ms: i64,
}

struct Refresh {
    family: usize,
    scope: String,
    replaced: bool,
}

/// All tokens that come from one sign-in.
struct Family {
    account: String,
    revoked: bool,
}

impl Desk {
    pub(crate) fn new(prefixes: Prefixes) -> Self {
        Self { prefixes, mint: Mint::new(), state: Mutex::new(State::default()) }
    }

    pub(crate) fn reset(&self) {
        *self.lock() = State::default();
    }

    /// A new code.
    pub(crate) fn code(&self, code: Code) -> String {
        let text = format!("{}{}", self.prefixes.code, self.mint.text());
        self.lock().codes.insert(text.clone(), (code, false));
        text
    }

    /// A code that was given out, used or not.
    pub(crate) fn look_up(&self, code: &str) -> Option<Code> {
        self.lock().codes.get(code).map(|(code, _)| code.clone())
    }

    /// Whose a refresh token is, good or not.
    pub(crate) fn owner_of(&self, refresh: &str) -> Option<String> {
        let state = self.lock();
        let family = state.refresh.get(refresh)?.family;
        state.families.get(family).map(|family| family.account.clone())
    }

    /// Whether an account has signed in before.
    pub(crate) fn knows(&self, account: &str) -> bool {
        self.lock().families.iter().any(|family| family.account == account)
    }

    /// Tokens for a code, which is then used up.
    pub(crate) fn exchange(&self, proof: &Proof<'_>, lives: Lives) -> Result<Pair, Worthless> {
        let mut state = self.lock();
        let (code, used) = state.codes.get_mut(proof.code).ok_or(Worthless::UnknownCode)?;
        check(code, *used, proof, lives.now_ms)?;
        *used = true;
        let (account, scope, refreshable) = (code.account.clone(), code.scope.clone(), code.refreshable);
        let pair = self.grant(&mut state, &account, scope, lives);
        Ok(Pair { refresh: pair.refresh.filter(|_| refreshable), ..pair })
    }

    /// Tokens for an account, as after a sign-in.
    pub(crate) fn issue(&self, account: &str, scope: &str, lives: Lives) -> Pair {
        self.grant(&mut self.lock(), account, scope.to_owned(), lives)
    }

    /// A new access token and, as the renewal says, a new refresh token.
    pub(crate) fn refresh(&self, token: &str, renewal: Renewal, lives: Lives) -> Result<Pair, Worthless> {
        let mut state = self.lock();
        let refresh = state.refresh.get_mut(token).ok_or(Worthless::UnknownToken)?;
        let (family, scope, replaced) = (refresh.family, refresh.scope.clone(), refresh.replaced);
        let owner = state.families.get_mut(family).ok_or(Worthless::UnknownToken)?;
        if replaced {
            owner.revoked = true;
            return Err(Worthless::Reused);
        }
        if owner.revoked {
            return Err(Worthless::Revoked);
        }
        if renewal == Renewal::Replace
            && let Some(refresh) = state.refresh.get_mut(token)
        {
            refresh.replaced = true;
        }
        let renews = renewal != Renewal::Keep;
        let refresh = renews.then(|| self.new_refresh(&mut state, family, scope.clone()));
        let access = self.new_access(&mut state, family, scope.clone(), lives);
        Ok(Pair { access, refresh, scope })
    }

    /// Whose an access token is, if it was given out here.
    pub(crate) fn bearer(&self, access: &str, now_ms: i64) -> Option<Bearer> {
        let state = self.lock();
        let token = state.access.get(access)?;
        let family = state.families.get(token.family)?;
        let standing = if family.revoked {
            Standing::Revoked
        } else if token.expires_ms <= now_ms {
            Standing::Expired
        } else {
            Standing::Good
        };
        Some(Bearer { account: family.account.clone(), scope: token.scope.clone(), standing })
    }

    /// Ends the life of all access tokens of an account now; refresh tokens stay good.
    pub(crate) fn expire(&self, account: &str) {
        let State { access, families, .. } = &mut *self.lock();
        for token in access.values_mut() {
            if families.get(token.family).is_some_and(|family| family.account == account) {
                token.expires_ms = i64::MIN;
            }
        }
    }

    /// Kills all tokens of an account.
    pub(crate) fn revoke(&self, account: &str) {
        for family in self.lock().families.iter_mut().filter(|family| family.account == account) {
            family.revoked = true;
        }
    }

    fn grant(&self, state: &mut State, account: &str, scope: String, lives: Lives) -> Pair {
        let family = state.families.len();
        state.families.push(Family { account: account.to_owned(), revoked: false });
        let refresh = self.new_refresh(state, family, scope.clone());
        let access = self.new_access(state, family, scope.clone(), lives);
        Pair { access, refresh: Some(refresh), scope }
    }

    fn new_access(&self, state: &mut State, family: usize, scope: String, lives: Lives) -> String {
        let text = format!("{}{}", self.prefixes.access, self.mint.text());
        state.access.insert(text.clone(), Access { family, scope, expires_ms: lives.until_ms() });
        text
    }

    fn new_refresh(&self, state: &mut State, family: usize, scope: String) -> String {
        let text = format!("{}{}", self.prefixes.refresh, self.mint.text());
        state.refresh.insert(text.clone(), Refresh { family, scope, replaced: false });
        text
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn check(code: &Code, used: bool, proof: &Proof<'_>, now_ms: i64) -> Result<(), Worthless> {
    if used {
        return Err(Worthless::UsedCode);
    }
    if code.expires_ms <= now_ms {
        return Err(Worthless::ExpiredCode);
    }
    if code.redirect_uri != proof.redirect_uri {
        return Err(Worthless::OtherRedirect);
    }
    if proof.state.is_some_and(|state| state != code.state) {
        return Err(Worthless::OtherState);
    }
    let proven = match (&code.challenge, proof.verifier) {
        (Some(expected), Some(verifier)) => *expected == challenge(verifier),
        (None, None) => true,
        _ => false,
    };
    if proven { Ok(()) } else { Err(Worthless::WrongVerifier) }
}
