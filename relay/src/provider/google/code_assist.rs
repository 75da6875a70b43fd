//! Setting an account up for Code Assist: its project, found or made, and what is left of its allowance
//! (reference/gemini.md, section 7.2).

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::config::Google;
use crate::model::window::{WindowName, WindowReading};
use crate::provider::probe::{ProbeError, send, text};
use crate::secret::Secret;
use crate::wire::code_assist::{Bucket, Ineligible, Loaded, Operation};
use crate::wire::fault::reasons;

/// Between two looks at an account that is being set up.
const PAUSE: Duration = Duration::from_secs(5);
/// Looks in two minutes.
const LOOKS: u32 = 24;

const FREE: &str = "free-tier";
const LEGACY: &str = "legacy-tier";
const STANDARD: &str = "standard-tier";

/// What calls of an account need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Goes into every call; some accounts need none.
    pub id: Option<String>,
    /// The tier's id, opaque.
    pub tier: Option<String>,
}

/// Why there is no project.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DiscoverError {
    /// A person must prove themselves to Google first.
    #[error("Google wants this account verified first, at {link}: {words}")]
    Validation {
        /// Where.
        link: String,
        /// Google's words.
        words: String,
    },
    /// The account needs a project of the operator's own; with what Google says against others.
    #[error("this account needs a project id of its own{}", said(.0))]
    NeedsProject(String),
    /// A project's number where its id belongs.
    #[error("a project's id is needed, not its number")]
    ProjectNumber,
    /// Google refuses to set the account up.
    #[error("Google does not set this account up: {0}")]
    Refused(String),
    /// Setting up had not ended after two minutes; it may be asked for again.
    #[error("setting up the account has not ended within two minutes")]
    Unfinished,
    /// A question was not answered.
    #[error(transparent)]
    Probe(#[from] ProbeError),
}

impl DiscoverError {
    /// The same, known to have happened behind a proxy.
    #[must_use]
    pub fn behind(self, proxy: &str) -> Self {
        match self {
            Self::Probe(error) => Self::Probe(error.behind(proxy)),
            other => other,
        }
    }
}

fn said(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!(": {words}") }
}

/// Finds the account's project, setting the account up where it is new. Takes up to some two minutes.
///
/// # Errors
/// See [`DiscoverError`].
pub async fn discover(
    client: &reqwest::Client,
    config: &Google,
    access: &Secret,
    configured_project: Option<&str>,
) -> Result<Project, DiscoverError> {
    discover_with(client, config, access, configured_project, tokio::time::sleep).await
}

/// As [`discover`], with the waiting given.
///
/// # Errors
/// See [`DiscoverError`].
pub async fn discover_with<P: Future<Output = ()>>(
    client: &reqwest::Client,
    config: &Google,
    access: &Secret,
    configured_project: Option<&str>,
    pause: impl Fn(Duration) -> P,
) -> Result<Project, DiscoverError> {
    let own = configured_project.map(str::trim).filter(|project| !project.is_empty());
    if own.is_some_and(|project| project.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(DiscoverError::ProjectNumber);
    }
    let service = Service { client, config, access };
    let loaded = service.load(own).await?;
    if let Some(error) = validation(&loaded) {
        return Err(error);
    }
    let project = |found: Option<String>| found.or_else(|| own.map(str::to_owned));
    if let Some(current) = &loaded.current_tier {
        let tier = loaded.paid_tier.clone().unwrap_or_else(|| match current.as_str() {
            "" => STANDARD.to_owned(),
            current => current.to_owned(),
        });
        let id = project(loaded.project.clone()).ok_or_else(|| needs_project(&loaded.ineligible))?;
        return Ok(Project { id: Some(id), tier: Some(tier) });
    }
    let tier = loaded.default_tier.as_deref().unwrap_or(LEGACY);
    let made = service.onboard(tier, own, pause).await?;
    let id = project(made).ok_or_else(|| needs_project(&loaded.ineligible))?;
    Ok(Project { id: Some(id), tier: Some(tier.to_owned()) })
}

/// What is left of each model's allowance, as far as Google shows it: a refusal can come while this reports plenty.
///
/// # Errors
/// See [`ProbeError`].
pub async fn quota(
    client: &reqwest::Client,
    config: &Google,
    access: &Secret,
    project: Option<&str>,
) -> Result<Vec<WindowReading>, ProbeError> {
    let body = project.map_or_else(|| json!({}), |project| json!({ "project": project }));
    let service = Service { client, config, access };
    let json = text(service.post("retrieveUserQuota", &body), access).await?;
    Ok(Bucket::read(&json).iter().map(reading).collect())
}

fn reading(bucket: &Bucket) -> WindowReading {
    let name = match bucket.kind.as_str() {
        "" | "REQUESTS" => bucket.model.clone(),
        kind => format!("{}/{}", bucket.model, kind.to_ascii_lowercase()),
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 to 10 000")]
    let used = |left: f64| ((1.0 - left) * 10_000.0).round().clamp(0.0, 10_000.0) as u32;
    let resets = bucket.resets.as_deref().and_then(|text| text.parse::<Timestamp>().ok());
    WindowReading {
        window: WindowName::from_name(&name),
        used: bucket.remaining.map(used),
        resets_ms: resets.map(Timestamp::as_millisecond),
        status: None,
    }
}

/// An account that is not set up, and first has to be verified.
fn validation(loaded: &Loaded) -> Option<DiscoverError> {
    let wanted = loaded.ineligible.iter().find(|tier| tier.reason == "VALIDATION_REQUIRED");
    let tier = wanted.filter(|_| loaded.current_tier.is_none())?;
    let link = tier.link.clone()?;
    Some(DiscoverError::Validation { link, words: tier.words.clone() })
}

fn needs_project(ineligible: &[Ineligible]) -> DiscoverError {
    let words: Vec<_> =
        ineligible.iter().map(|tier| tier.words.as_str()).filter(|words| !words.is_empty()).collect();
    DiscoverError::NeedsProject(words.join("; "))
}

struct Service<'a> {
    client: &'a reqwest::Client,
    config: &'a Google,
    access: &'a Secret,
}

impl Service<'_> {
    fn address(&self) -> String {
        format!("{}/v1internal", self.config.code_assist_url)
    }

    fn post(&self, method: &str, body: &Value) -> reqwest::RequestBuilder {
        self.client.post(format!("{}:{method}", self.address())).json(body)
    }

    async fn load(&self, own: Option<&str>) -> Result<Loaded, ProbeError> {
        let request = self.post("loadCodeAssist", &body(own));
        let answer = send(request, self.access).await?;
        let text = answer.whole().filter(|_| !answer.is_html());
        match text {
            Some(text) if answer.status.is_success() => Ok(Loaded::read(text)),
            // Behind VPC service controls accounts are set up already.
            Some(text)
                if answer.status == 403
                    && reasons(text).iter().any(|reason| reason == "SECURITY_POLICY_VIOLATED") =>
            {
                Ok(Loaded { current_tier: Some(STANDARD.to_owned()), ..Loaded::default() })
            }
            _ => Err(ProbeError::of(&answer, &[self.access])),
        }
    }

    /// The project that setting up made, if it says so.
    async fn onboard<P: Future<Output = ()>>(
        &self,
        tier: &str,
        own: Option<&str>,
        pause: impl Fn(Duration) -> P,
    ) -> Result<Option<String>, DiscoverError> {
        // For the free tier Google makes the project, and refuses one that is named.
        let mut body = body(own.filter(|_| tier != FREE));
        body["tierId"] = tier.into();
        let first = text(self.post("onboardUser", &body), self.access).await?;
        let mut operation = Operation::read(&first);
        let name = operation.name.clone();
        for _ in 0..LOOKS {
            if operation.is_done {
                break;
            }
            let name = name.as_deref().filter(|name| is_operation(name));
            let name = name.ok_or(ProbeError::Unreadable("the operation has no name"))?;
            pause(PAUSE).await;
            match text(self.client.get(format!("{}/{name}", self.address())), self.access).await {
                Ok(json) => operation = Operation::read(&json),
                Err(error) if error.is_passing() => {}
                Err(error) => return Err(error.into()),
            }
        }
        match operation.failure {
            _ if !operation.is_done => Err(DiscoverError::Unfinished),
            Some(words) => Err(DiscoverError::Refused(words)),
            None => Ok(operation.project),
        }
    }
}

/// Both fields for the project are left out where none is set.
fn body(project: Option<&str>) -> Value {
    let mut body = json!({
        "metadata": {
            "ideType": "IDE_UNSPECIFIED",
            "platform": "PLATFORM_UNSPECIFIED",
            "pluginType": "GEMINI",
        },
    });
    if let Some(project) = project {
        body["cloudaicompanionProject"] = project.into();
        body["metadata"]["duetProject"] = project.into();
    }
    body
}

/// A name that leads nowhere but to an operation.
fn is_operation(name: &str) -> bool {
    !name.contains("..") && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./~".contains(&byte))
}
