//! Which conversation a call belongs to, as a number: by the id that its client gives it, else by how it begins. The
//! key is part of it, so that two users who begin alike are two sessions.

use std::hash::{DefaultHasher, Hash, Hasher};

use uuid::Uuid;

use crate::model::id::{AccountId, KeyId};
use crate::wire::anthropic::opening::session_of_user_id;

/// A session's number. The same after a restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionId(u64);

/// A session, as far as a call tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its number.
    pub id: SessionId,
    /// There is something to keep: its client named the session, or it has a turn behind it. Else this may be its
    /// first call as well as another conversation that begins alike, and any account is as good.
    pub is_kept: bool,
}

impl Session {
    /// By the id that a client gave it: the one in `metadata.user_id`, else the header's.
    pub fn named(key: &KeyId, user_id: Option<&str>, header: Option<&str>) -> Option<Self> {
        let of_header = header.map(str::trim).filter(|id| !id.is_empty());
        let of_user = user_id.and_then(session_of_user_id);
        let name = of_user.as_deref().or(of_header)?;
        Some(Self { id: SessionId::of(key, &("named", name)), is_kept: true })
    }

    /// By how it begins: its tools, its system prompt and its first message. `read` gives these, piece by piece, and says
    /// whether a turn is behind it. `None` if that cannot be read.
    pub fn begun(key: &KeyId, read: impl FnOnce(&mut dyn FnMut(&str)) -> Option<bool>) -> Option<Self> {
        let mut hasher = DefaultHasher::new();
        ("begun", key.as_str()).hash(&mut hasher);
        let is_kept = read(&mut |piece| piece.hash(&mut hasher))?;
        Some(Self { id: SessionId(hasher.finish()), is_kept })
    }
}

impl From<Uuid> for SessionId {
    /// A call without a conversation is one of its own.
    fn from(call: Uuid) -> Self {
        let mut hasher = DefaultHasher::new();
        call.hash(&mut hasher);
        Self(hasher.finish())
    }
}

impl SessionId {
    /// The number of whatever tells a key's sessions apart.
    pub fn of(key: &KeyId, what: &impl Hash) -> Self {
        let mut hasher = DefaultHasher::new();
        (key.as_str(), what).hash(&mut hasher);
        Self(hasher.finish())
    }

    /// How well an account suits the session: of all accounts the one with the highest number is its own, and while it
    /// is there no other one's coming or going changes that. In proportion to the weights.
    #[allow(clippy::cast_precision_loss)]
    pub fn suits(self, account: &AccountId, weight: u8) -> f64 {
        let mut hasher = DefaultHasher::new();
        (self.0, account.as_str()).hash(&mut hasher);
        // 53 bits are exact in a float; never 0, whose logarithm is not finite.
        let chance = ((hasher.finish() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
        -f64::from(weight.max(1)) / chance.ln()
    }
}
