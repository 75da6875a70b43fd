//! The overview in English.

use relay::model::figure::Range;

use crate::page::dashboard::view::Measure;
use crate::text::shape::Dashboard;

pub(super) const DASHBOARD: Dashboard = Dashboard {
    accounts_able: |able, all| match all {
        1 => format!("{able} of 1 account able"),
        _ => format!("{able} of {all} accounts able"),
    },
    cooling: |accounts| format!("{accounts} cooling"),
    parked: |accounts| match accounts {
        1 => "1 needs you".to_owned(),
        _ => format!("{accounts} need you"),
    },
    paused: |accounts| format!("{accounts} paused"),
    no_account: "No account yet: nothing can be served.",
    add_account: "Add an account",
    now: "Now",
    last_30_minutes: "last 30 minutes",
    requests: "Requests",
    tokens: "Tokens",
    cost: "Cost",
    per_minute: "/min",
    peak: |number, time| format!("peak {number} at {time}"),
    from_cache: |percent| format!("{percent} read from cache"),
    streams_open: "Streams open",
    oldest: |span| format!("oldest {span}"),
    no_stream: "none under way",
    refused_or_failed: "Refused or failed",
    of_requests: |failed, all| format!("{failed} of {all} requests"),
    first_byte: "First byte",
    first_byte_p50: "First byte, p50",
    p95: |span| format!("p95 {span}"),
    no_answer: "no answer yet",
    range: "Range",
    range_name: |range| match range {
        Range::Hour => "1 h",
        Range::Today => "Today",
        Range::Week => "7 d",
        Range::Month => "30 d",
    },
    split_by: "Split by",
    model: "Model",
    key: "Key",
    account: "Account",
    measure: "Measure",
    usage_title: |measure, range| {
        let measure = match measure {
            Measure::Cost => "Cost",
            Measure::Tokens => "Tokens",
            Measure::Requests => "Requests",
        };
        let step = match range {
            Range::Hour => "minute",
            Range::Today => "hour",
            Range::Week | Range::Month => "day",
        };
        format!("{measure} per {step}")
    },
    usage_label: |title, sum| format!("{title}, {sum} in all"),
    nothing_used: "No calls in this range.",
    nothing_priced: "Nothing in this range had a price.",
    others: "others",
    when: "When",
    today: "Today",
    against_yesterday: |time| format!("until {time}, against yesterday {time}"),
    list_price: "Cost, at list price",
    from_before: |before| format!("from {before}"),
    unpriced: |calls| match calls {
        "1" => "1 call to a model without a price is not in it".to_owned(),
        calls => format!("{calls} calls to models without a price are not in it"),
    },
    cache_read: "Cache read",
    input: "Input",
    cache_write_5m: "Cache write 5\u{202f}m",
    cache_write_1h: "Cache write 1\u{202f}h",
    output: "Output",
    all_tokens: "All tokens",
    state: "State",
    streams: "Streams",
    today_count: |accounts| match accounts {
        1 => "1 account, today".to_owned(),
        _ => format!("{accounts} accounts, today"),
    },
    all_accounts: "All accounts",
    top_keys: "Top keys",
    top_models: "Top models",
    all_keys: "All keys",
    recent: "Recent requests",
    newest_first: "newest first",
    held_back: |requests| format!("{requests} new"),
    time: "Time",
    outcome: "Outcome",
    total: "Total",
    none: "none",
    estimated: "Some of this is an estimate.",
    no_request: "No request yet",
    no_request_next: "Make a key, give it to a program, and its requests arrive here as they happen.",
    make_key: "Go to keys",
    trouble: "Trouble today",
    trouble_sum: |times, recovered| {
        let times = if times == "1" { "once".to_owned() } else { format!("{times} times") };
        format!("{times}, {recovered} recovered by a switch before the first byte")
    },
    no_trouble: "Nothing was refused and nothing failed today.",
    cause: "Cause",
    times: "Times",
    recovered: "Recovered",
    reached: "Reached the client",
    recovered_short: "recovered",
    reached_short: "reached",
    last: "Last",
    stale: |time| format!("These figures are as of {time}; the newest could not be read."),
};
