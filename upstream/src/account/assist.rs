//! Owns what Code Assist knows of an account: eligibility, tiers, onboarding, project.
//! (Source: the published client's own flow.)

use http::StatusCode;
use serde_json::{Value, json};

use crate::account::google::{CodeAssist, GoogleAccount};
use crate::refusal::Refusal;

const FREE: &str = "free-tier";

impl GoogleAccount {
    /// The reply of `loadCodeAssist` to a client that is configured with this project, if with any.
    pub(crate) fn load(&self, configured: Option<&str>) -> Value {
        let mut reply = json!({"allowedTiers": [
            {
                "id": FREE,
                "name": "Gemini Code Assist for individuals",
                "isDefault": true,
                "userDefinedCloudaicompanionProject": false,
            },
            {"id": "standard-tier", "name": "Gemini Code Assist", "userDefinedCloudaicompanionProject": true},
        ]});
        match self.assist {
            CodeAssist::Ready => {
                self.tell_tier(&mut reply);
                if let Some(project) = &self.project {
                    reply["cloudaicompanionProject"] = json!(project);
                }
            }
            CodeAssist::NeedsOwnProject => {
                self.tell_tier(&mut reply);
                reply["allowedTiers"] = json!([]);
                reply["ineligibleTiers"] = json!([self.ineligible("DASHER_USER")]);
                if let Some(project) = configured {
                    reply["cloudaicompanionProject"] = json!(project);
                }
            }
            CodeAssist::ValidationRequired => {
                let mut tier = self.ineligible("VALIDATION_REQUIRED");
                tier["validationUrl"] = json!(self.validation_url);
                reply["ineligibleTiers"] = json!([tier]);
                reply["allowedTiers"] = json!([]);
            }
            CodeAssist::Ineligible => {
                reply["ineligibleTiers"] = json!([self.ineligible(&self.ineligible_reason)]);
                reply["allowedTiers"] = json!([]);
            }
            CodeAssist::NeedsOnboarding
            | CodeAssist::OnboardingFails
            | CodeAssist::OnboardsWithoutProject => {}
        }
        reply
    }

    fn tell_tier(&self, reply: &mut Value) {
        reply["currentTier"] = json!({"id": self.tier, "name": "Gemini Code Assist"});
        if let Some(paid) = &self.paid_tier {
            reply["paidTier"] = json!({"id": paid, "name": paid, "availableCredits": [
                {"creditType": "GOOGLE_ONE_AI", "creditAmount": "1000"},
            ]});
        }
    }

    fn ineligible(&self, reason: &str) -> Value {
        let message = format!("{} cannot have this tier: {reason}", self.email);
        json!({"reasonCode": reason, "reasonMessage": message, "tierId": FREE, "tierName": FREE})
    }

    /// Whether the account may be onboarded to a tier with a project.
    pub(crate) fn check_onboarding(&self, tier: Option<&str>, project: Option<&str>) -> Result<(), Refusal> {
        let precondition = |message: &str| {
            Err(Refusal::usual(StatusCode::BAD_REQUEST).kind("FAILED_PRECONDITION").message(message))
        };
        match (tier, project) {
            (None, _) => Err(Refusal::bad_request("tierId is required")),
            (Some(FREE), Some(_)) => precondition("The free tier does not take a project."),
            (Some(FREE), None) => match self.assist {
                CodeAssist::ValidationRequired | CodeAssist::Ineligible | CodeAssist::NeedsOwnProject => {
                    precondition("The account is not eligible for this tier.")
                }
                _ => Ok(()),
            },
            (Some(_), None) => precondition("This tier needs a project of your own."),
            (Some(_), Some(_)) => Ok(()),
        }
    }

    /// The state of an onboarding that is looked at; when it is done, the account has what it gives.
    pub(crate) fn onboarded(&mut self, operation: &Operation) -> Value {
        if operation.polls_left > 0 {
            return json!({"name": operation.name, "done": false});
        }
        if self.assist == CodeAssist::OnboardingFails {
            let error = json!({"code": 13, "message": "Onboarding failed.", "status": "INTERNAL"});
            return json!({"name": operation.name, "done": true, "error": error});
        }
        let type_url = "type.googleapis.com/google.internal.cloud.code.v1internal.OnboardUserResponse";
        let mut response = json!({"@type": type_url});
        if self.assist != CodeAssist::OnboardsWithoutProject {
            let project = operation.project.clone().or_else(|| self.project.clone());
            if let Some(project) = &project {
                response["cloudaicompanionProject"] = json!({"id": project, "name": project});
            }
            self.project = project;
            self.assist = CodeAssist::Ready;
            self.tier.clone_from(&operation.tier);
        }
        json!({"name": operation.name, "done": true, "response": response})
    }

    /// Whether a call may name this project.
    pub(crate) fn check_project(&self, named: Option<&str>) -> Result<(), Refusal> {
        match (self.project.as_deref(), named) {
            (Some(own), Some(named)) if own == named => Ok(()),
            (None, None) => Ok(()),
            (Some(own), None) => {
                Err(Refusal::bad_request("project is required").why(format!("no project, and not {own}")))
            }
            (own, Some(named)) => {
                let message = format!("Permission denied on resource project {named}.");
                let why = format!("project {named} is not the account's {}", own.unwrap_or("(none)"));
                Err(Refusal::usual(StatusCode::FORBIDDEN).message(message).why(why))
            }
        }
    }
}

/// An onboarding under way.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) name: String,
    pub(crate) account: String,
    pub(crate) tier: String,
    pub(crate) project: Option<String>,
    pub(crate) polls_left: usize,
    pub(crate) finished: bool,
}
