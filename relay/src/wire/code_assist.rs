//! Code Assist's JSON beside inference: who may use it, with which project, and what is left.

use std::borrow::Cow;

use super::lenient::{boolean, elements, find, present, text};
use super::oauth::filled;

/// The reply to `loadCodeAssist`.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The tier in force; present, though perhaps without an id, once the account is set up.
    pub current_tier: Option<String>,
    /// The paid tier's id.
    pub paid_tier: Option<String>,
    /// The project that the account has.
    pub project: Option<String>,
    /// The id of the tier that a new account gets.
    pub default_tier: Option<String>,
    /// Tiers that the account may not have, and why.
    pub ineligible: Vec<Ineligible>,
}

/// A tier that an account may not have.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Ineligible {
    /// `UNSUPPORTED_LOCATION`.
    pub reason: String,
    /// Text for people.
    pub words: String,
    /// Where the person can prove themselves.
    pub link: Option<String>,
}

/// A long-running operation.
#[derive(Debug, Default)]
pub struct Operation {
    /// Where to ask on: `operations/…`.
    pub name: Option<String>,
    /// It has ended.
    pub is_done: bool,
    /// Why it failed.
    pub failure: Option<String>,
    /// The project that it made.
    pub project: Option<String>,
}

/// What is left of one model's allowance.
#[derive(Debug, Default)]
pub struct Bucket {
    /// The model.
    pub model: String,
    /// What is counted: `REQUESTS`.
    pub kind: String,
    /// The part that is left, 0 to 1.
    pub remaining: Option<f64>,
    /// When it is full again, RFC 3339.
    pub resets: Option<String>,
}

impl Loaded {
    /// Reads what is there.
    pub fn read(json: &str) -> Self {
        let current = find(json, &["currentTier"]).and_then(present);
        Self {
            current_tier: current.map(|tier| filled(tier, &["id"]).unwrap_or_default()),
            paid_tier: filled(json, &["paidTier", "id"]),
            project: project(json),
            default_tier: default_tier(json),
            ineligible: list(json, "ineligibleTiers", |tier| Ineligible {
                reason: filled(tier, &["reasonCode"]).unwrap_or_default(),
                words: filled(tier, &["reasonMessage"]).unwrap_or_default(),
                link: filled(tier, &["validationUrl"]),
            }),
        }
    }
}

impl Operation {
    /// Reads what is there.
    pub fn read(json: &str) -> Self {
        let failure = find(json, &["error"]).and_then(present);
        Self {
            name: filled(json, &["name"]),
            is_done: find(json, &["done"]).and_then(boolean).unwrap_or(false),
            failure: failure.map(|error| filled(error, &["message"]).unwrap_or_default()),
            project: find(json, &["response"]).and_then(project),
        }
    }
}

impl Bucket {
    /// All buckets that name a model.
    pub fn read(json: &str) -> Vec<Self> {
        let mut buckets = list(json, "buckets", |bucket| {
            let amount = filled(bucket, &["remainingAmount"]);
            let fraction = find(bucket, &["remainingFraction"]).and_then(|json| json.parse().ok());
            Self {
                model: filled(bucket, &["modelId"]).unwrap_or_default(),
                kind: filled(bucket, &["tokenType"]).unwrap_or_default(),
                // JSON of protobuf leaves zeroes out.
                remaining: fraction.or_else(|| (amount.as_deref() == Some("0")).then_some(0.0)),
                resets: filled(bucket, &["resetTime"]),
            }
        });
        buckets.retain(|bucket| !bucket.model.is_empty());
        buckets
    }
}

/// A text, or an object with an id.
fn project(json: &str) -> Option<String> {
    let value = find(json, &["cloudaicompanionProject"])?;
    let named = text(value).map(Cow::into_owned).filter(|name| !name.is_empty());
    named.or_else(|| filled(value, &["id"]))
}

fn default_tier(json: &str) -> Option<String> {
    let tiers = list(json, "allowedTiers", |tier| {
        let is_default = find(tier, &["isDefault"]).and_then(boolean).unwrap_or(false);
        filled(tier, &["id"]).filter(|_| is_default)
    });
    tiers.into_iter().flatten().next()
}

fn list<T>(json: &str, name: &str, read: impl Fn(&str) -> T) -> Vec<T> {
    let mut all = Vec::new();
    if let Some(array) = find(json, &[name]) {
        elements(array, |element| all.push(read(element)));
    }
    all
}
