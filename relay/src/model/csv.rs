//! Figures as CSV (RFC 4180): a head, and lines that end in CR and LF. Money is in dollars with all nine decimals.

use super::explore::Exploration;
use super::money::Nanodollars;
use super::request::RequestRow;

/// The head of a list of usage.
pub const USAGE: &str = "id,name,requests,failed,input_tokens,output_tokens,cache_write_5m_tokens,\
                         cache_write_1h_tokens,cache_read_tokens,all_tokens,web_searches,unpriced,cost\r\n";

/// The head of a list of calls.
pub const REQUESTS: &str = "id,time_ms,key,key_name,account,account_name,model,stream,outcome,status,cause,attempts,\
                            input_tokens,output_tokens,cache_write_5m_tokens,cache_write_1h_tokens,cache_read_tokens,\
                            all_tokens,estimated,cost,sandbox,first_byte_ms,total_ms\r\n";

/// The parts of an answer.
pub fn usage(exploration: &Exploration) -> String {
    let mut csv = USAGE.to_owned();
    for part in &exploration.parts {
        let (totals, tokens) = (&part.totals, &part.totals.tokens);
        let counts = [
            totals.requests,
            totals.failed,
            tokens.input,
            tokens.output,
            tokens.cache_write_5m,
            tokens.cache_write_1h,
            tokens.cache_read,
            tokens.all(),
            totals.web_searches,
            totals.unpriced,
        ];
        let cells = [text(&part.id), text(&part.name)].into_iter();
        let cells = cells.chain(counts.map(|count| count.to_string())).chain([dollars(totals.cost)]);
        line(&mut csv, cells);
    }
    csv
}

/// One call; what is unknown is empty.
pub fn request(csv: &mut String, row: &RequestRow) {
    let tokens = &row.tokens;
    let counts = [
        tokens.input,
        tokens.output,
        tokens.cache_write_5m,
        tokens.cache_write_1h,
        tokens.cache_read,
        tokens.all(),
    ];
    let cells = [
        row.id.to_string(),
        row.at_ms.to_string(),
        text(row.key.as_str()),
        text(&row.key_name),
        text(row.account.as_ref().map_or("", |account| account.as_str())),
        text(row.account_name.as_deref().unwrap_or_default()),
        text(&row.model),
        row.stream.to_string(),
        row.outcome.name().to_owned(),
        row.status.to_string(),
        text(row.cause.as_deref().unwrap_or_default()),
        row.attempts.to_string(),
    ];
    let rest = [
        row.estimated.to_string(),
        row.cost.map_or_else(String::new, dollars),
        row.sandbox.to_string(),
        row.first_byte_ms.map_or_else(String::new, |ms| ms.to_string()),
        row.total_ms.to_string(),
    ];
    line(csv, cells.into_iter().chain(counts.map(|count| count.to_string())).chain(rest));
}

fn line(csv: &mut String, cells: impl Iterator<Item = String>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            csv.push(',');
        }
        csv.push_str(&cell);
    }
    csv.push_str("\r\n");
}

/// All nine decimals, so that nothing is lost.
fn dollars(amount: Nanodollars) -> String {
    let sign = if amount.0 < 0 { "-" } else { "" };
    let amount = amount.0.unsigned_abs();
    format!("{sign}{}.{:09}", amount / 1_000_000_000, amount % 1_000_000_000)
}

/// In quotes where need be. A client chooses what a refused call's model is called: what a spreadsheet would take for a
/// formula gets an apostrophe, which makes it a text.
fn text(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_break_a_line_or_run_as_a_formula_is_a_text() {
        for (given, written) in [
            ("plain", "plain"),
            ("a, \"b\"", "\"a, \"\"b\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "'=1+1"),
            ("@x,y", "\"'@x,y\""),
        ] {
            assert_eq!(text(given), written, "{given}");
        }
    }

    #[test]
    fn money_keeps_every_nano_dollar() {
        assert_eq!(dollars(Nanodollars(1)), "0.000000001");
        assert_eq!(dollars(Nanodollars(-1_500_000_000)), "-1.500000000");
    }
}
