//! Signing in and out. A session is a record in the store, found by the hash of a random id that only its token holds;
//! so whatever ends the record ends the token.
//!
//! Wrong names and wrong passwords cost the same work and give the same answer.

mod password;

use std::net::IpAddr;
use std::time::Duration;

pub(super) use password::make;
pub use password::{ChangePassword, change_password, create_admin, reset_password};

use super::token::{self, Audience};
use super::{Admin, Error, OpenSession};
use crate::gate::throttle::Bucket;
use crate::model::problem::Problem;
use crate::model::session::SignedIn;
use crate::secret::password::Lane;
use crate::secret::vault::digest;
use crate::secret::{Secret, random_hex};
use crate::state::Shared;
use crate::store;
use crate::store::session::StoredSession;

const DEVICE_MS: i64 = 365 * 24 * 3600 * 1000;
const TOUCH_MS: i64 = 60 * 1000;

/// Who knocks: where from, and with which mark of an earlier sign-in, if any.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The peer's address.
    pub address: IpAddr,
    /// The mark that an earlier sign-in left in this browser.
    pub device: Option<Secret>,
}

/// A session just begun.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Its token, for the cookie or an `Authorization: Bearer` header.
    pub token: Secret,
    /// The mark for this browser.
    pub device: Secret,
    /// Who signed in, and until when if nothing is done.
    pub signed_in: SignedIn,
    /// Until when at the longest, milliseconds since 1970.
    pub longest_ms: i64,
}

/// Begins a session for whoever knows the password.
///
/// # Errors
/// [`Problem::WrongCredentials`], without telling which half; [`Problem::SlowDown`] after several wrong ones.
pub async fn sign_in(
    shared: &Shared,
    name: &str,
    password: Secret,
    visitor: &Visitor,
) -> Result<Opened, Error> {
    let name = name.trim();
    let admin = store::admin::by_name(&shared.store, name).await?;
    let buckets = buckets(shared, name, admin.as_ref().map(|admin| admin.id.as_str()), visitor);
    admit(shared, &buckets)?;
    let kept = admin.as_ref().map(|admin| admin.password.clone());
    let lane = if buckets.iter().any(|bucket| bucket.is_device()) { Lane::Known } else { Lane::Stranger };
    let fits = shared.door.passwords.verify(lane, password, kept).await?;
    match admin {
        Some(admin) if fits => {
            shared.door.throttle.forgive(&buckets);
            tracing::info!(admin = admin.username, from = %visitor.address, "signed in");
            open(shared, &admin.id, &admin.username).await
        }
        _ => {
            tracing::warn!(from = %visitor.address, "a sign-in failed: wrong name or password");
            Err(Error::whole(Problem::WrongCredentials))
        }
    }
}

/// Whose session a token is, if it is one of ours and still open.
///
/// # Errors
/// [`Problem::SignedOut`] for everything else: forged, ended, unsigned, of another kind.
pub async fn authenticate(shared: &Shared, token: &str) -> Result<Admin, Error> {
    let signed_out = || Error::whole(Problem::SignedOut);
    let now_ms = shared.clock.now_ms();
    let claims = token::read(&shared.jwt_secret, Audience::Session, token, now_ms).ok_or_else(signed_out)?;
    let hash = digest(claims.jti.as_bytes());
    let (session, username) = store::session::find(&shared.store, hash).await?.ok_or_else(signed_out)?;
    if session.admin_id != claims.sub || ends_ms(shared, &session) <= now_ms {
        return Err(signed_out());
    }
    if now_ms - session.used_ms >= TOUCH_MS {
        store::session::touch(&shared.store, hash, now_ms).await?;
    }
    let StoredSession { admin_id, created_ms, used_ms, expires_ms, .. } = session;
    let session = OpenSession { hash, admin_id, created_ms, used_ms: used_ms.max(now_ms), expires_ms };
    Ok(Admin { name: username, session: Some(session) })
}

/// Whether the session that this administrator came with is still open. Does not count as using it.
///
/// # Errors
/// If the store fails.
pub async fn is_open(shared: &Shared, admin: &Admin) -> Result<bool, Error> {
    let Some(session) = &admin.session else { return Ok(true) };
    let found = store::session::find(&shared.store, session.hash).await?;
    Ok(found.is_some_and(|(session, _)| ends_ms(shared, &session) > shared.clock.now_ms()))
}

/// Who is signed in and until when; `None` for the machine's own operator.
pub fn signed_in(shared: &Shared, admin: &Admin) -> Option<SignedIn> {
    let session = admin.session.as_ref()?;
    let idle_ms = millis(shared.config.session.idle);
    Some(SignedIn {
        username: admin.name.clone(),
        signed_in_ms: session.created_ms,
        expires_ms: session.expires_ms.min(session.used_ms.saturating_add(idle_ms)),
    })
}

/// When the session was last used, milliseconds since 1970.
pub fn last_used_ms(admin: &Admin) -> Option<i64> {
    admin.session.as_ref().map(|session| session.used_ms)
}

/// Ends the session that this administrator came with.
///
/// # Errors
/// If the store fails.
pub async fn sign_out(shared: &Shared, admin: &Admin) -> Result<(), Error> {
    if let Some(session) = &admin.session {
        store::session::end(&shared.store, session.hash).await?;
        shared.door.session_ended();
    }
    Ok(())
}

/// Ends all sessions of this administrator but the one he came with. Says how many.
///
/// # Errors
/// If the store fails.
pub async fn sign_out_others(shared: &Shared, admin: &Admin) -> Result<usize, Error> {
    let Some(session) = &admin.session else { return Ok(0) };
    let ended = store::session::end_others(&shared.store, session.admin_id.clone(), session.hash).await?;
    shared.door.session_ended();
    Ok(ended)
}

/// Puts a new token in the place of the one that this administrator came with. The longest stay is not lengthened.
///
/// # Errors
/// [`Problem::SignedOut`] if the session ended meanwhile, or there is none.
pub async fn refresh(shared: &Shared, admin: &Admin) -> Result<Opened, Error> {
    let signed_out = || Error::whole(Problem::SignedOut);
    let old = admin.session.as_ref().ok_or_else(signed_out)?;
    let (id, session) = new_session(shared, &old.admin_id);
    let session = StoredSession { created_ms: old.created_ms, expires_ms: old.expires_ms, ..session };
    if !store::session::replace(&shared.store, old.hash, session.clone()).await? {
        return Err(signed_out());
    }
    shared.door.session_ended();
    Ok(opened(shared, &id, &session, &admin.name))
}

/// Begins a session for an administrator who has proved to be the one.
pub(super) async fn open(shared: &Shared, admin_id: &str, username: &str) -> Result<Opened, Error> {
    let (id, session) = new_session(shared, admin_id);
    store::session::insert(&shared.store, session.clone()).await?;
    Ok(opened(shared, &id, &session, username))
}

/// Lets a try through, or says how long to wait.
fn admit(shared: &Shared, buckets: &[Bucket]) -> Result<(), Error> {
    let admitted = shared.door.throttle.admit(buckets, shared.clock.now_ms());
    admitted.map_err(|retry_after_s| Error::whole(Problem::SlowDown { retry_after_s }))
}

/// A browser that this administrator signed in with before is counted by itself, a stranger by address and name.
fn buckets(shared: &Shared, name: &str, admin_id: Option<&str>, visitor: &Visitor) -> Vec<Bucket> {
    let mark = visitor.device.as_ref().and_then(|device| {
        token::read(&shared.jwt_secret, Audience::Device, device.reveal(), shared.clock.now_ms())
    });
    match mark {
        Some(mark) if Some(mark.sub.as_str()) == admin_id => vec![Bucket::device(&mark.jti)],
        _ => vec![Bucket::address(visitor.address), Bucket::name(name)],
    }
}

fn new_session(shared: &Shared, admin_id: &str) -> (Secret, StoredSession) {
    let id = Secret::new(random_hex::<32>());
    let now_ms = shared.clock.now_ms();
    let session = StoredSession {
        hash: digest(id.reveal().as_bytes()),
        admin_id: admin_id.to_owned(),
        created_ms: now_ms,
        used_ms: now_ms,
        expires_ms: now_ms.saturating_add(millis(shared.config.session.max)),
    };
    (id, session)
}

fn opened(shared: &Shared, id: &Secret, session: &StoredSession, username: &str) -> Opened {
    let now_ms = shared.clock.now_ms();
    let sign = |audience, id: &Secret, expires_ms| {
        token::sign(&shared.jwt_secret, audience, &session.admin_id, id, (now_ms, expires_ms))
    };
    Opened {
        token: sign(Audience::Session, id, session.expires_ms),
        device: sign(Audience::Device, &Secret::new(random_hex::<16>()), now_ms + DEVICE_MS),
        signed_in: SignedIn {
            username: username.to_owned(),
            signed_in_ms: session.created_ms,
            expires_ms: ends_ms(shared, session),
        },
        longest_ms: session.expires_ms,
    }
}

fn ends_ms(shared: &Shared, session: &StoredSession) -> i64 {
    session.expires_ms.min(session.used_ms.saturating_add(millis(shared.config.session.idle)))
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
