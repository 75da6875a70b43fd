//! How a key stands: whether it is taken, and how near it is to a limit.

use relay::model::key::KeyRow;
use relay::model::limit::LimitUse;

use crate::part::badge::Tone;
use crate::part::limit::{NEAR, amount, share};
use crate::text::Text;

/// How a key stands, worst first where several are true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Disabled,
    Expired,
    /// A limit for all models is used up.
    Refusing,
    /// A limit is nearly used up.
    Near,
    Active,
}

impl Status {
    pub(super) fn of(key: &KeyRow, now_ms: i64) -> Self {
        let part = |usage: &LimitUse| share(usage.used, usage);
        if !key.enabled {
            Self::Disabled
        } else if key.expires_ms.is_some_and(|ends_ms| ends_ms <= now_ms) {
            Self::Expired
        } else if key.usage.limits.iter().any(|usage| usage.limit.models.is_none() && part(usage) >= 1.0) {
            Self::Refusing
        } else if key.usage.limits.iter().any(|usage| part(usage) >= NEAR) {
            Self::Near
        } else {
            Self::Active
        }
    }

    pub(super) fn tone(self) -> Tone {
        match self {
            Self::Disabled | Self::Expired => Tone::Off,
            Self::Refusing => Tone::Bad,
            Self::Near => Tone::Warn,
            Self::Active => Tone::Ok,
        }
    }

    pub(super) fn word(self, text: &Text) -> &'static str {
        match self {
            Self::Disabled => text.key.disabled,
            Self::Expired => text.key.expired,
            Self::Refusing => text.key.refusing,
            Self::Near => text.key.near,
            Self::Active => text.key.active,
        }
    }

    /// It is refused whatever its limits are.
    pub(super) fn is_off(self) -> bool {
        matches!(self, Self::Disabled | Self::Expired)
    }
}

/// The limit that a key is nearest to, as a row of the list shows it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Nearest {
    /// 0 to 1.
    pub(super) part: f64,
    pub(super) reserved: f64,
    pub(super) used: String,
    /// Of how much, for which models.
    pub(super) of: String,
}

impl Nearest {
    pub(super) fn of(key: &KeyRow, text: &'static Text) -> Option<Self> {
        let usage = nearest(key)?;
        let limit = &usage.limit;
        let say = |count| amount(limit.measure, count, text.language);
        let models = limit.models.as_ref().map(|models| format!(" · {models}")).unwrap_or_default();
        Some(Self {
            part: share(usage.used, usage),
            reserved: share(usage.reserved, usage),
            used: say(usage.used),
            of: format!("{}{models}", (text.key.of_limit)(&say(limit.most), limit.per)),
        })
    }
}

/// How far the nearest limit is used, 0 to 1; less than 0 without one.
pub(super) fn nearest_part(key: &KeyRow) -> f64 {
    nearest(key).map_or(-1.0, whole)
}

fn nearest(key: &KeyRow) -> Option<&LimitUse> {
    key.usage.limits.iter().max_by(|one, other| whole(one).total_cmp(&whole(other)))
}

fn whole(usage: &LimitUse) -> f64 {
    share(usage.used.saturating_add(usage.reserved), usage)
}
