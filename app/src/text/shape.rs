//! Which words there are, by place. A function takes what its sentence is about.

pub(crate) mod account;
pub(crate) mod detail;
pub(crate) mod gate;
pub(crate) mod group;
pub(crate) mod holder;
pub(crate) mod key;
pub(crate) mod limit;
pub(crate) mod request;
pub(crate) mod usage;
pub(crate) mod wizard;

use relay::model::figure::Range;
use relay::model::outcome::Outcome;
use relay::model::problem::Problem;

use super::Language;
use crate::moment::Civil;
use crate::page::dashboard::view::Measure;

/// Every word of the console in one language.
pub(crate) struct Text {
    pub(crate) language: Language,
    pub(crate) frame: Frame,
    pub(crate) live: Live,
    pub(crate) part: Part,
    pub(crate) time: Time,
    pub(crate) state: State,
    pub(crate) dashboard: Dashboard,
    pub(crate) gate: gate::Gate,
    pub(crate) welcome: gate::Welcome,
    pub(crate) key: key::Key,
    pub(crate) limit: limit::Limit,
    pub(crate) account: account::Account,
    pub(crate) detail: detail::Detail,
    pub(crate) group: group::Group,
    pub(crate) request: request::Request,
    pub(crate) calls: usage::Calls,
    pub(crate) usage: usage::Usage,
    pub(crate) holder: holder::Holder,
    pub(crate) fields: wizard::Fields,
    pub(crate) wizard: wizard::Wizard,
    /// What is wrong with what a person gave.
    pub(crate) problem: fn(&Problem) -> String,
}

/// Around every page.
pub(crate) struct Frame {
    pub(crate) skip: &'static str,
    pub(crate) navigation: &'static str,
    pub(crate) overview: &'static str,
    pub(crate) requests: &'static str,
    pub(crate) usage: &'static str,
    pub(crate) keys: &'static str,
    pub(crate) accounts: &'static str,
    pub(crate) more: &'static str,
    pub(crate) sign_out: &'static str,
    pub(crate) version: fn(&str) -> String,
    pub(crate) language: &'static str,
    pub(crate) theme: &'static str,
    pub(crate) system: &'static str,
    pub(crate) light: &'static str,
    pub(crate) dark: &'static str,
    pub(crate) not_found: &'static str,
    pub(crate) not_found_why: &'static str,
    pub(crate) shortcuts: &'static str,
    pub(crate) go_to: fn(&str) -> String,
    pub(crate) find: &'static str,
    pub(crate) show_shortcuts: &'static str,
}

/// The mark of figures that move by themselves.
pub(crate) struct Live {
    pub(crate) live: &'static str,
    pub(crate) as_of: fn(&str) -> String,
    pub(crate) behind: fn(i64) -> String,
    pub(crate) retry_in: fn(i64) -> String,
    pub(crate) reconnecting: &'static str,
    pub(crate) why: &'static str,
}

/// Words that parts share.
pub(crate) struct Part {
    pub(crate) close: &'static str,
    pub(crate) copy: &'static str,
    pub(crate) copied: &'static str,
    pub(crate) copy_failed: &'static str,
    pub(crate) again: &'static str,
    pub(crate) loading: &'static str,
    pub(crate) not_read: &'static str,
    pub(crate) unreachable: &'static str,
    pub(crate) internal: &'static str,
    pub(crate) as_table: &'static str,
    pub(crate) read_out: &'static str,
    pub(crate) all: &'static str,
    pub(crate) show_all: fn(usize) -> String,
    pub(crate) show_five: &'static str,
    pub(crate) exact_tokens: fn(&str) -> String,
}

/// Dates and spans of time.
pub(crate) struct Time {
    pub(crate) date: fn(&Civil) -> String,
    pub(crate) day: fn(&Civil) -> String,
    pub(crate) now: &'static str,
    pub(crate) ago: fn(&str) -> String,
    pub(crate) days: fn(i64) -> String,
    pub(crate) hours: fn(i64) -> String,
    pub(crate) minutes: fn(i64) -> String,
    pub(crate) minutes_seconds: fn(i64, i64) -> String,
    pub(crate) seconds: fn(&str) -> String,
    pub(crate) milliseconds: fn(u64) -> String,
}

/// States and outcomes.
pub(crate) struct State {
    pub(crate) able: &'static str,
    pub(crate) cooling: &'static str,
    pub(crate) parked: &'static str,
    pub(crate) paused: &'static str,
    pub(crate) until: fn(&str) -> String,
    pub(crate) since: fn(&str) -> String,
    pub(crate) claude_oauth: &'static str,
    pub(crate) claude_api_key: &'static str,
    pub(crate) gemini_oauth: &'static str,
    pub(crate) gemini_api_key: &'static str,
    pub(crate) needs_sign_in: &'static str,
    pub(crate) sandbox: &'static str,
    pub(crate) sandbox_why: &'static str,
    pub(crate) outcome: fn(Outcome) -> &'static str,
    pub(crate) switches: fn(u8) -> String,
}

/// The overview.
pub(crate) struct Dashboard {
    pub(crate) accounts_able: fn(usize, usize) -> String,
    pub(crate) cooling: fn(usize) -> String,
    pub(crate) parked: fn(usize) -> String,
    pub(crate) paused: fn(usize) -> String,
    pub(crate) no_account: &'static str,
    pub(crate) add_account: &'static str,
    pub(crate) now: &'static str,
    pub(crate) last_30_minutes: &'static str,
    pub(crate) requests: &'static str,
    pub(crate) tokens: &'static str,
    pub(crate) cost: &'static str,
    pub(crate) per_minute: &'static str,
    pub(crate) peak: fn(&str, &str) -> String,
    pub(crate) from_cache: fn(&str) -> String,
    pub(crate) streams_open: &'static str,
    pub(crate) oldest: fn(&str) -> String,
    pub(crate) no_stream: &'static str,
    pub(crate) refused_or_failed: &'static str,
    pub(crate) of_requests: fn(&str, &str) -> String,
    pub(crate) first_byte: &'static str,
    pub(crate) first_byte_p50: &'static str,
    pub(crate) p95: fn(&str) -> String,
    pub(crate) no_answer: &'static str,
    pub(crate) range: &'static str,
    pub(crate) range_name: fn(Range) -> &'static str,
    pub(crate) split_by: &'static str,
    pub(crate) model: &'static str,
    pub(crate) key: &'static str,
    pub(crate) account: &'static str,
    pub(crate) measure: &'static str,
    /// "Cost per hour".
    pub(crate) usage_title: fn(Measure, Range) -> String,
    pub(crate) usage_label: fn(&str, &str) -> String,
    pub(crate) nothing_used: &'static str,
    pub(crate) nothing_priced: &'static str,
    pub(crate) others: &'static str,
    pub(crate) when: &'static str,
    pub(crate) today: &'static str,
    pub(crate) against_yesterday: fn(&str) -> String,
    pub(crate) list_price: &'static str,
    pub(crate) from_before: fn(&str) -> String,
    pub(crate) unpriced: fn(&str) -> String,
    pub(crate) cache_read: &'static str,
    pub(crate) input: &'static str,
    pub(crate) cache_write_5m: &'static str,
    pub(crate) cache_write_1h: &'static str,
    pub(crate) output: &'static str,
    pub(crate) all_tokens: &'static str,
    pub(crate) state: &'static str,
    pub(crate) streams: &'static str,
    pub(crate) today_count: fn(usize) -> String,
    pub(crate) all_accounts: &'static str,
    pub(crate) top_keys: &'static str,
    pub(crate) top_models: &'static str,
    pub(crate) all_keys: &'static str,
    pub(crate) recent: &'static str,
    pub(crate) newest_first: &'static str,
    pub(crate) held_back: fn(usize) -> String,
    pub(crate) time: &'static str,
    pub(crate) outcome: &'static str,
    pub(crate) total: &'static str,
    pub(crate) none: &'static str,
    pub(crate) estimated: &'static str,
    pub(crate) no_request: &'static str,
    pub(crate) no_request_next: &'static str,
    pub(crate) make_key: &'static str,
    pub(crate) trouble: &'static str,
    pub(crate) trouble_sum: fn(&str, &str) -> String,
    pub(crate) no_trouble: &'static str,
    pub(crate) cause: &'static str,
    pub(crate) times: &'static str,
    pub(crate) recovered: &'static str,
    pub(crate) reached: &'static str,
    pub(crate) recovered_short: &'static str,
    pub(crate) reached_short: &'static str,
    pub(crate) last: &'static str,
    pub(crate) stale: fn(&str) -> String,
}
