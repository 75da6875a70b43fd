//! Signed tokens: HS256 and nothing else, one audience each, times checked against our own clock.
//!
//! A session's token names a random session id; whether that session is still open is the store's to say.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::secret::Secret;

/// What a token is for; none passes as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    /// A session.
    Session,
    /// A browser that signed in before.
    Device,
}

impl Audience {
    fn name(self) -> &'static str {
        match self {
            Self::Session => "switchyard-session",
            Self::Device => "switchyard-device",
        }
    }
}

/// What a token says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Claims {
    aud: String,
    /// The administrator's identity.
    pub(super) sub: String,
    /// Random.
    pub(super) jti: String,
    iat: i64,
    exp: i64,
}

/// Signs a token that ends at `expires_ms`.
pub(super) fn sign(
    secret: &Secret,
    audience: Audience,
    admin_id: &str,
    id: &Secret,
    (now_ms, expires_ms): (i64, i64),
) -> Secret {
    let claims = Claims {
        aud: audience.name().to_owned(),
        sub: admin_id.to_owned(),
        jti: id.reveal().to_owned(),
        iat: now_ms.div_euclid(1000),
        exp: expires_ms.div_euclid(1000),
    };
    let key = EncodingKey::from_secret(secret.reveal().as_bytes());
    #[expect(clippy::expect_used, reason = "HS256 with a key of bytes signs whatever serialises")]
    let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key).expect("plain claims");
    Secret::new(token)
}

/// Reads a token that we signed, for that audience, and that has not ended. `None` for everything else.
pub(super) fn read(secret: &Secret, audience: Audience, token: &str, now_ms: i64) -> Option<Claims> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&[audience.name()]);
    validation.set_required_spec_claims(&["aud", "exp", "sub"]);
    // The library reads the system's clock; ours is a value.
    validation.validate_exp = false;
    let key = DecodingKey::from_secret(secret.reveal().as_bytes());
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation).ok()?.claims;
    (now_ms < claims.exp.saturating_mul(1000)).then_some(claims)
}
