//! Why this account, in words and as a table.

use relay::model::decision::{Reason, Ruling};
use relay::model::explanation::{Candidate, Explanation, Outlook};

use super::{table, word};

/// What would happen to a call, and what is said of each account.
pub(super) fn text(explanation: &Explanation) -> String {
    let mut text = outlook(explanation);
    if !explanation.accounts.is_empty() {
        let head = ["account", "finding", "priority", "weight", "under way", "spent", "id"];
        text.push('\n');
        text.push_str(&table::render(
            &head,
            explanation.accounts.iter().map(|account| row(account, explanation)),
        ));
    }
    text
}

fn outlook(explanation: &Explanation) -> String {
    let model = &explanation.model;
    match (&explanation.outlook, explanation.accounts.first()) {
        (Outlook::Goes, Some(first)) => {
            format!("A call for {model} would go to {}: {}.\n", first.name, reason(explanation.reason))
        }
        (Outlook::Refused { status, message, cause, .. }, _) => {
            format!("A call for {model} would be refused with {status}: {message}.\nCause: {cause}.\n")
        }
        _ => {
            format!("A call for {model} would wait for a place: every account that could serve it is busy.\n")
        }
    }
}

fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Only => "no other can serve",
        Reason::Place => "it is the first with a free place",
        Reason::Session => "it has served the conversation before",
        Reason::Priority => "its priority",
        Reason::Health => "others failed a moment ago",
        Reason::Try => "one call shall try whether its limit still holds",
        Reason::Room => "it has the most room in its windows",
        Reason::Load => "it has the fewest calls under way for its weight",
        Reason::Draw => "all are alike, and it was drawn",
        Reason::None => "none can serve",
    }
}

fn row(account: &Candidate, explanation: &Explanation) -> Vec<String> {
    let most = account.concurrency.map_or_else(String::new, |most| format!(" of {most}"));
    let is_own = explanation.session_account.as_ref() == Some(&account.id);
    let own = if is_own { "; has served the conversation" } else { "" };
    vec![
        account.name.clone(),
        format!("{}{own}", ruling(account)),
        account.priority.to_string(),
        account.weight.to_string(),
        format!("{}{most}", account.in_flight),
        account.spent.map_or_else(|| "unknown".to_owned(), |points| format!("{} %", points / 100)),
        account.id.to_string(),
    ]
}

fn ruling(account: &Candidate) -> String {
    let words = || account.words.as_deref().unwrap_or_default();
    match account.ruling {
        Ruling::Able => "able to serve".to_owned(),
        Ruling::Troubled { strikes: 1 } => "failed a moment ago".to_owned(),
        Ruling::Troubled { strikes } => format!("failed {strikes} times in a row"),
        Ruling::Tried => "has failed this call".to_owned(),
        Ruling::Trying => format!("limited, but due for a try: {}", words()),
        Ruling::Busy => "busy".to_owned(),
        Ruling::Limited { until_ms } => format!("limited until {}: {}", word::instant(until_ms), words()),
        Ruling::Overloaded { until_ms } => {
            format!("overloaded until {}: {}", word::instant(until_ms), words())
        }
        Ruling::NoModel => "does not offer the model".to_owned(),
        Ruling::Parked => "waits for you".to_owned(),
        Ruling::NeedsSignIn => "needs a new sign-in".to_owned(),
        Ruling::Stale => "its token has ended and cannot be renewed".to_owned(),
        Ruling::Paused => "paused".to_owned(),
    }
}
