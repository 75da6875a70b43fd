//! Who signed in to a provider, and what they have there. For people to tell accounts apart; no credential.

use serde::{Deserialize, Serialize};

/// What a provider says about an account's owner. Everything may be unknown: long-lived tokens tell nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Identity {
    /// The person's id at the provider.
    pub account_id: Option<String>,
    /// The person's address.
    pub email: Option<String>,
    /// The organisation whose limits the account shares; a new sign-in must be of the same one.
    pub organization_id: Option<String>,
    /// The organisation's name.
    pub organization_name: Option<String>,
    /// What is paid for: `max`, `pro`, `team`, `enterprise`, or what else the provider calls it.
    pub plan: Option<String>,
    /// The plan's size: `5x` or `20x` at Claude, a tier such as `free-tier` at Google.
    pub tier: Option<String>,
    /// The project that Code Assist found for it.
    pub project: Option<String>,
}

impl Identity {
    /// With what is unknown here filled in from `other`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            account_id: self.account_id.or(other.account_id),
            email: self.email.or(other.email),
            organization_id: self.organization_id.or(other.organization_id),
            organization_name: self.organization_name.or(other.organization_name),
            plan: self.plan.or(other.plan),
            tier: self.tier.or(other.tier),
            project: self.project.or(other.project),
        }
    }

    /// Whether both may be the same sign-in: nothing that both know tells them apart.
    pub fn may_be(&self, other: &Self) -> bool {
        let agree = |own: &Option<String>, others: &Option<String>| match (own, others) {
            (Some(own), Some(others)) => own == others,
            _ => true,
        };
        match (&self.organization_id, &other.organization_id) {
            (Some(own), Some(others)) => own == others,
            _ => agree(&self.account_id, &other.account_id) && agree(&self.email, &other.email),
        }
    }

    /// The plan for people: `Max 20x`, `Pro`, `free-tier`; empty if nothing is known.
    pub fn plan_label(&self) -> String {
        let plan = self.plan.as_deref().map(capital).unwrap_or_default();
        let tier = self.tier.as_deref().unwrap_or_default();
        [plan.as_str(), tier].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(organization: Option<&str>, account: Option<&str>) -> Identity {
        Identity {
            organization_id: organization.map(str::to_owned),
            account_id: account.map(str::to_owned),
            ..Identity::default()
        }
    }

    #[test]
    fn the_organisation_decides_where_both_know_theirs() {
        assert!(of(Some("o"), Some("a")).may_be(&of(Some("o"), Some("b"))));
        assert!(!of(Some("o"), Some("a")).may_be(&of(Some("p"), Some("a"))));
        assert!(!of(None, Some("a")).may_be(&of(Some("o"), Some("b"))));
        assert!(of(None, None).may_be(&of(Some("o"), Some("b"))));
    }

    #[test]
    fn the_plan_reads_like_the_providers_own_words() {
        let max = Identity { plan: Some("max".into()), tier: Some("20x".into()), ..Identity::default() };
        let free = Identity { tier: Some("free-tier".into()), ..Identity::default() };

        assert_eq!(max.plan_label(), "Max 20x");
        assert_eq!(free.plan_label(), "free-tier");
        assert_eq!(Identity::default().plan_label(), "");
    }
}
