//! The key holder's page in English.

use relay::model::limit::{Measure, Per};

use crate::text::shape::holder::Holder;

pub(super) const HOLDER: Holder = Holder {
    title: "Your key",
    key: "Key",
    hint: "It stays in this tab’s memory only, and goes when you leave.",
    show: "Show what is left",
    operator: "You run this switchyard?",
    sign_in: "Sign in",
    holder: "You have a key?",
    look: "See what is left of it",
    forget: "Forget the key",
    active: "Active",
    former_until: |time| format!("This key has been replaced; it is taken until {time}."),
    days_from_first_use: |days| match days {
        1 => "for a day from its first use".to_owned(),
        _ => format!("for {days} days from its first use"),
    },
    in_memory: "The key stays in this tab’s memory only.",
    left: |measure, per| {
        let what = match measure {
            Measure::Requests => "Requests left",
            Measure::Tokens => "Tokens left",
            Measure::Cost => "Left",
        };
        format!("{what} {}", when(per))
    },
    of: |amount| format!("of {amount}"),
    cost_today: "Used today",
    list_price: "at list price",
    requests_today: "Requests today",
    last_one: |ago| format!("last one {ago}"),
    none_in_week: "none in seven days",
    tokens_today: "Tokens today",
    limits: "Limits",
    used: "used",
    reserved: "reserved by calls under way",
    no_limit: "This key has no limit. Its use is counted all the same.",
    limit_name: |measure, per| {
        let what = match measure {
            Measure::Requests => "Requests",
            Measure::Tokens => "Tokens",
            Measure::Cost => "Cost",
        };
        format!("{what} {}", when(per))
    },
    left_over: |left| format!("{left} left"),
    left_and_reserved: |left, reserved| format!("{left} left, {reserved} reserved"),
    resets: |time, span| format!("resets at {time}, in {span}"),
    slides: |time| format!("sliding window, more from {time}"),
    near: "nearly used up",
    full: "used up",
    at_once: "Calls at once",
    more_may: |more, waiting| match waiting {
        0 => format!("{more} more may begin"),
        _ => format!("{more} more may begin, {waiting} wait"),
    },
    free: |minutes| format!("Token counts and model lists in {minutes}\u{202f}min"),
    services: "Services",
    allowed: "Models",
    blocked: "Not allowed",
    week: "Seven days",
    week_sum: |cost| format!("{cost} at list price"),
    nothing_priced: "Nothing in these days had a price.",
    by_model: "Today by model",
    use_it: "Use it",
};

fn when(per: Per) -> String {
    match per {
        Per::Minutes(minutes) => format!("in {minutes}\u{202f}min"),
        Per::Day => "today".to_owned(),
        Per::Month => "this month".to_owned(),
        Per::Total => "in all".to_owned(),
    }
}
