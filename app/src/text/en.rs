//! English.

mod account;
mod dashboard;
mod detail;
mod gate;
mod group;
mod holder;
mod key;
mod limit;
mod problem;
mod request;
mod usage;
mod wizard;

use relay::model::outcome::Outcome;

use super::Language;
use super::shape::{Frame, Live, Part, State, Text, Time};

pub(super) static TEXT: Text = Text {
    language: Language::En,
    frame: Frame {
        skip: "Skip to content",
        navigation: "Main",
        overview: "Overview",
        requests: "Requests",
        usage: "Usage",
        keys: "Keys",
        accounts: "Accounts",
        more: "More",
        sign_out: "Sign out",
        version: |version| format!("Version {version}"),
        language: "Language",
        theme: "Theme",
        system: "System",
        light: "Light",
        dark: "Dark",
        not_found: "Nothing here",
        not_found_why: "This address leads nowhere. The page may have moved, or the link was mistyped.",
        shortcuts: "Keyboard",
        go_to: |room| format!("go to {room}"),
        find: "search this page",
        show_shortcuts: "show this list",
    },
    live: Live {
        live: "Live",
        as_of: |time| format!("as of {time}"),
        behind: |seconds| format!("{seconds} s behind"),
        retry_in: |seconds| format!("Disconnected, retry in {seconds} s"),
        reconnecting: "Reconnecting",
        why: "Figures move by themselves while this says Live.",
    },
    part: Part {
        close: "Close",
        copy: "Copy",
        copied: "Copied",
        copy_failed: "Select and copy by hand",
        again: "Try again",
        loading: "Loading",
        not_read: "This could not be read.",
        unreachable: "The server did not answer. What is shown is as it was.",
        internal: "Something failed on the server; its log has the cause.",
        as_table: "View as table",
        read_out: "Arrow keys read out the columns.",
        all: "All",
        show_all: |rows| format!("Show all {rows}"),
        show_five: "Show five",
        exact_tokens: |number| format!("{number} tokens"),
    },
    time: Time {
        date: |at| {
            format!("{} {} {}, {}", at.day, MONTHS[usize::from(at.month - 1) % 12], at.year, at.clock())
        },
        day: |at| format!("{} {}", at.day, MONTHS[usize::from(at.month - 1) % 12]),
        now: "just now",
        ago: |span| format!("{span} ago"),
        days: |days| format!("{days}\u{202f}d"),
        hours: |hours| format!("{hours}\u{202f}h"),
        minutes: |minutes| format!("{minutes}\u{202f}min"),
        minutes_seconds: |minutes, seconds| format!("{minutes}\u{202f}min {seconds}\u{202f}s"),
        seconds: |seconds| format!("{seconds}\u{202f}s"),
        milliseconds: |milliseconds| format!("{milliseconds}\u{202f}ms"),
    },
    state: State {
        able: "Able",
        cooling: "Cooling",
        parked: "Needs you",
        paused: "Paused",
        until: |time| format!("until {time}"),
        since: |time| format!("since {time}"),
        claude_oauth: "Claude sign-in",
        claude_api_key: "Claude API key",
        gemini_oauth: "Google sign-in",
        gemini_api_key: "Gemini API key",
        needs_sign_in: "Needs sign-in",
        sandbox: "Sandbox",
        sandbox_why: "Answers are made up inside the relay and cost nothing.",
        outcome: |outcome| match outcome {
            Outcome::Ok => "Delivered",
            Outcome::ClientGone => "Client gone",
            Outcome::UpstreamCut => "Cut",
            Outcome::UpstreamError => "Failed",
            Outcome::Rejected => "Refused",
            Outcome::Abandoned => "Abandoned",
        },
        switches: |times| if times == 1 { "1 switch".to_owned() } else { format!("{times} switches") },
    },
    dashboard: dashboard::DASHBOARD,
    gate: gate::GATE,
    welcome: gate::WELCOME,
    key: key::KEY,
    limit: limit::LIMIT,
    account: account::ACCOUNT,
    detail: detail::DETAIL,
    group: group::GROUP,
    request: request::REQUEST,
    calls: usage::CALLS,
    usage: usage::USAGE,
    holder: holder::HOLDER,
    fields: wizard::FIELDS,
    wizard: wizard::WIZARD,
    problem: problem::problem,
};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
