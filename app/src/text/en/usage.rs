//! The list of calls and the explorer in English.

use relay::model::explore::{Measure, Span, SplitBy, Step};

use crate::text::shape::usage::{Calls, Usage};

pub(super) const CALLS: Calls = Calls {
    find: "Find a request",
    find_by: "Id, key, model, cause",
    all: "All",
    whole: "All requests of this list",
    on_page: |rows| match rows {
        1 => "1 request on this page".to_owned(),
        _ => format!("{rows} requests on this page"),
    },
    newer: |count| format!("{count} new"),
    since: |time| format!("since {time}; the list stands still until you ask for them."),
    none: "No request fits",
    none_next: "Nothing in the books is like this. Take a filter away, or choose a longer range.",
    show_all: "Show all",
    rows: "Rows",
    first: "Newest",
    next: "Next",
};

pub(super) const USAGE: Usage = Usage {
    span_name: |span| match span {
        Span::Hours24 => "24 h",
        Span::Today => "Today",
        Span::Days7 => "7 d",
        Span::Days30 => "30 d",
        Span::Month => "Month",
        Span::All => "All",
        Span::Days { .. } | Span::Instants { .. } => "Custom",
    },
    owner: "Owner",
    tag: "Tag",
    filter: "Filter",
    any: "Any",
    apply: "Apply",
    without: |filter| format!("Remove the filter {filter}"),
    custom: "Custom",
    from: "From",
    to: "To",
    split_by: "Split by",
    split_name: |by| match by {
        SplitBy::Model => "Model",
        SplitBy::Key => "Key",
        SplitBy::Account => "Account",
        SplitBy::Owner => "Owner",
        SplitBy::Tag => "Tag",
        SplitBy::Outcome => "Outcome",
        SplitBy::Day => "Day",
        SplitBy::Hour => "Hour",
    },
    measure: "Measure",
    measure_name: measure,
    title: |what, step| match step {
        Step::Hour => format!("{} per hour", measure(what)),
        Step::Day => format!("{} per day", measure(what)),
    },
    from_to: |from, to| format!("{from} to {to}"),
    by: |by| {
        match by {
            SplitBy::Model => "By model",
            SplitBy::Key => "By key",
            SplitBy::Account => "By account",
            SplitBy::Owner => "By owner",
            SplitBy::Tag => "By tag",
            SplitBy::Outcome => "By outcome",
            SplitBy::Day => "By day",
            SplitBy::Hour => "By hour",
        }
        .to_owned()
    },
    all_of: |by| {
        match by {
            SplitBy::Model => "All models",
            SplitBy::Key => "All keys",
            SplitBy::Account => "All accounts",
            SplitBy::Owner => "All owners",
            SplitBy::Tag => "All requests",
            SplitBy::Outcome => "All outcomes",
            SplitBy::Day => "All days",
            SplitBy::Hour => "All hours",
        }
        .to_owned()
    },
    overlaps: "A key with several tags is in each of them: the parts add up to more than the whole.",
    cache_write: "Cache write",
    share: "Share",
    per_request: "Per request",
    tokens_each: |tokens| format!("{tokens} tokens"),
    first_byte: "First byte",
    in_the_mean: "in the mean",
    whole_answer: |span| format!("whole answer {span}"),
    failed: |count| format!("{count} refused or failed"),
    none: "None",
    nothing: "Nothing used",
    nothing_next: "There is no usage in this range with these filters. Choose a longer range, or take a filter away.",
    more_rows: |rows| format!("{rows} more are in the downloads."),
    download: |format| format!("Download as {format}"),
};

fn measure(measure: Measure) -> &'static str {
    match measure {
        Measure::Cost => "Cost",
        Measure::Requests => "Requests",
        Measure::Failed => "Refused or failed",
        Measure::Tokens => "Tokens",
        Measure::Input => "Input",
        Measure::Output => "Output",
        Measure::CacheWrite => "Cache write",
        Measure::CacheRead => "Cache read",
        Measure::FirstByte => "First byte",
        Measure::Duration => "Whole answer",
    }
}
