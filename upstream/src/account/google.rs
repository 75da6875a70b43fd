//! Owns what there is to know about an account of Google's: person, project, standing with Code Assist.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::mint::uuid_of;

/// An account of Google's that signs in, as Google knows it.
///
/// ```
/// use upstream::{CodeAssist, GoogleAccount};
///
/// let fresh = GoogleAccount {
///     assist: CodeAssist::NeedsOnboarding,
///     polls: 3,
///     ..GoogleAccount::new("fresh")
/// };
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoogleAccount {
    /// What it is called here: in scripts, in the books, on the page.
    pub name: String,
    /// The person's id: digits.
    pub id: String,
    /// The person's address.
    pub email: String,
    /// The person's name.
    pub full_name: String,
    /// How long an access token lives, in seconds.
    pub token_life_seconds: u64,
    /// How long a code can be exchanged, in seconds.
    pub code_life_seconds: u64,
    /// Whether a refresh gives a new refresh token as well; the old one stays good.
    pub gives_new_refresh_token: bool,
    /// The project that Code Assist gives it, and that its calls must name. Nothing means that it needs none.
    pub project: Option<String>,
    /// How it stands with Code Assist.
    pub assist: CodeAssist,
    /// How often an onboarding is looked at before it is done.
    pub polls: usize,
    /// The id of its tier once it has one.
    pub tier: String,
    /// The id of the tier that it pays for.
    pub paid_tier: Option<String>,
    /// Why it is ineligible: `UNSUPPORTED_LOCATION`, …
    pub ineligible_reason: String,
    /// Where the person must go first, when they must.
    pub validation_url: String,
    /// The buckets that `retrieveUserQuota` tells.
    pub quota: Value,
}

/// How an account stands with Code Assist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeAssist {
    /// It has a tier and a project.
    Ready,
    /// It has no tier yet: `onboardUser` gives it one, after so many polls.
    NeedsOnboarding,
    /// The same, but the operation ends in an error.
    OnboardingFails,
    /// The same, but the operation ends without a project.
    OnboardsWithoutProject,
    /// It has no tier: the person must visit an address first.
    ValidationRequired,
    /// It has no tier and gets none.
    Ineligible,
    /// It has a tier, and needs a project of its own.
    NeedsOwnProject,
}

impl GoogleAccount {
    /// A person with Code Assist's free tier, a project, and tokens of an hour.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let id: String = uuid_of("google", name).chars().filter(char::is_ascii_digit).collect();
        let project = format!("silken-oven-{}", uuid_of("project", name).get(..5).unwrap_or_default());
        Self {
            name: name.to_owned(),
            id,
            email: format!("{name}@example.com"),
            full_name: format!("Person {name}"),
            token_life_seconds: 3599,
            code_life_seconds: 600,
            gives_new_refresh_token: false,
            project: Some(project),
            assist: CodeAssist::Ready,
            polls: 1,
            tier: "free-tier".to_owned(),
            paid_tier: None,
            ineligible_reason: "UNSUPPORTED_LOCATION".to_owned(),
            validation_url: "https://accounts.example.com/validate".to_owned(),
            quota: json!([{
                "modelId": "gemini-2.5-pro",
                "tokenType": "REQUESTS",
                "remainingAmount": "900",
                "remainingFraction": 0.9,
                "resetTime": "2030-01-01T08:00:00Z",
            }]),
        }
    }
}
