//! Tables for people.

use comfy_table::{ContentArrangement, LineStyle, Table, TableStyle, presets};
use relay::config::Effective;
use relay::model::account::{AccountRow, RefreshRow, TestResult, TestStage};
use relay::model::key::KeyRow;

use super::word;
use crate::command::{Count, Grouped, Shown, Status, Tested};

/// A line below the head, and nothing else.
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// All keys.
pub(super) fn keys(keys: &[KeyRow]) -> String {
    if keys.is_empty() {
        return "No keys yet: `switchyard keys create --name NAME` makes one.\n".to_owned();
    }
    let row = |key: &KeyRow| {
        vec![
            key.name.clone(),
            format!("{}…", key.prefix),
            word::enabled(key.enabled).to_owned(),
            key.bound.as_ref().map_or_else(|| "any".to_owned(), |account| account.name.clone()),
            key.today.requests.to_string(),
            key.today.tokens.all().to_string(),
            word::dollars(key.today.cost),
            key.last_used_ms.map_or_else(|| "never".to_owned(), word::instant),
            key.id.to_string(),
        ]
    };
    let head = [
        "name",
        "key",
        "state",
        "account",
        "requests today",
        "tokens today",
        "cost today",
        "last used",
        "id",
    ];
    render(&head, keys.iter().map(row))
}

/// All accounts.
pub(super) fn accounts(accounts: &[AccountRow]) -> String {
    if accounts.is_empty() {
        return "No accounts yet: `switchyard accounts add --kind claude-api-key --name NAME` adds one.\n"
            .to_owned();
    }
    let row = |account: &AccountRow| {
        vec![
            account.name.clone(),
            account.kind.name().replace('_', "-"),
            word::state(&account.state),
            account.priority.to_string(),
            account.base_url.clone(),
            account.bound_keys.to_string(),
            account.today.requests.to_string(),
            word::dollars(account.today.cost),
            account.last_used_ms.map_or_else(|| "never".to_owned(), word::instant),
            account.id.to_string(),
        ]
    };
    let head = [
        "name",
        "kind",
        "state",
        "priority",
        "address",
        "keys",
        "requests today",
        "cost today",
        "last used",
        "id",
    ];
    render(&head, accounts.iter().map(row))
}

/// All groups.
pub(super) fn groups(groups: &[Grouped]) -> String {
    if groups.is_empty() {
        return "No groups yet: `switchyard groups create --name NAME --account ACCOUNT` makes one.\n"
            .to_owned();
    }
    let row = |Grouped { group, names }: &Grouped| {
        vec![group.name.clone(), names.join(", "), group.bound_keys.to_string(), group.id.to_string()]
    };
    render(&["name", "accounts", "keys", "id"], groups.iter().map(row))
}

/// One account, with its latest refreshes.
pub(super) fn shown(shown: &Shown) -> String {
    let account = &shown.account;
    let identity = &account.identity;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let instant = |at_ms: Option<i64>| at_ms.map(word::instant).unwrap_or_default();
    let concurrency = account.concurrency.map(|most| format!(" of {most}")).unwrap_or_default();
    let project = Some(account.project.clone()).filter(|own| !own.is_empty());
    let rows = [
        ("name", account.name.clone()),
        ("id", account.id.to_string()),
        ("kind", account.kind.name().replace('_', "-")),
        ("state", word::state(&account.state)),
        ("note", account.note.clone()),
        ("address", account.base_url.clone()),
        ("proxy", account.proxy.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("signed in", text(&identity.email)),
        ("organisation", text(&identity.organization_name)),
        ("plan", identity.plan_label()),
        ("project", text(&project.or_else(|| identity.project.clone()))),
        ("token issued", instant(account.token_issued_ms)),
        ("token ends", instant(account.token_ends_ms)),
        ("priority", account.priority.to_string()),
        ("weight", account.weight.to_string()),
        ("under way", format!("{}{concurrency}", account.in_flight)),
        ("keys", account.bound_keys.to_string()),
        ("requests today", account.today.requests.to_string()),
        ("cost today", word::dollars(account.today.cost)),
        ("last used", instant(account.last_used_ms)),
    ];
    let facts = pairs(rows.into_iter().filter(|(_, value)| !value.is_empty()));
    if shown.refreshes.is_empty() {
        return facts;
    }
    let row = |refresh: &RefreshRow| {
        let result = if refresh.renewed { "renewed".to_owned() } else { refresh.cause.clone() };
        vec![word::instant(refresh.at_ms), result]
    };
    format!("{facts}\n{}", render(&["refreshed", "result"], shown.refreshes.iter().map(row)))
}

/// How a test went, step by step.
pub(super) fn test(tested: &Tested) -> String {
    let row = |step: &relay::model::account::TestStep| {
        let stage = match step.step {
            TestStage::Proxy => "proxy",
            TestStage::Connect => "reach the provider",
            TestStage::Credential => "credential is taken",
            TestStage::Answer => "a message comes back",
        };
        let (result, took) = match &step.result {
            TestResult::Passed { took_ms } => ("passed".to_owned(), format!("{took_ms} ms")),
            TestResult::Failed { took_ms, cause } => (format!("failed: {cause}"), format!("{took_ms} ms")),
            TestResult::NotRun => ("not run".to_owned(), String::new()),
        };
        vec![stage.to_owned(), result, took]
    };
    render(&["step", "result", "took"], tested.steps.iter().map(row))
}

/// The settings in force.
pub(super) fn settings(settings: &[Effective]) -> String {
    let row = |effective: &Effective| {
        let value = if effective.shown.is_empty() { "(unset)" } else { &effective.shown };
        vec![
            effective.setting.name.to_owned(),
            value.to_owned(),
            effective.origin.to_owned(),
            effective.setting.env.to_owned(),
        ]
    };
    render(&["setting", "value", "from", "environment"], settings.iter().map(row))
}

/// How it is.
pub(super) fn status(status: &Status) -> String {
    let count = |count: &Count, usable: &str| format!("{}, {} {usable}", count.total, count.usable);
    let state = match status.uptime_s {
        Some(seconds) => format!("running for {}", word::duration(seconds)),
        None => "not running".to_owned(),
    };
    let mut rows = vec![("state", state), ("version", status.version.clone())];
    rows.extend(status.address.clone().map(|address| ("address", address)));
    rows.extend(status.pid.map(|pid| ("process", pid.to_string())));
    rows.extend([
        ("data", status.data.clone()),
        ("accounts", count(&status.accounts, "able to serve")),
        ("keys", count(&status.keys, "enabled")),
        ("streams open", status.streams_open.to_string()),
        (
            "journal",
            format!(
                "{} bytes to fold, {} attempts open",
                status.journal.lag_bytes, status.journal.open_attempts
            ),
        ),
    ]);
    pairs(rows.into_iter())
}

pub(super) fn pairs(rows: impl Iterator<Item = (&'static str, String)>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    for (name, value) in rows {
        table.add_row([name.to_owned(), value]);
    }
    finish(&table)
}

/// Rows below a head.
pub(super) fn render(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(STYLE).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(head);
    for row in rows {
        table.add_row(row);
    }
    finish(&table)
}

/// Without the blanks that the layout leaves at the ends of lines.
fn finish(table: &Table) -> String {
    table.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}
