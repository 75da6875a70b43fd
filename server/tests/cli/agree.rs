//! The same totals, whichever way they are asked for.

use serde_json::Value;

use crate::office::Office;

/// Requests, tokens of prompt and output, cache reads and writes, and nano-dollars.
type Totals = [u64; 6];

fn totals(from: &Value, names: [&str; 6]) -> Totals {
    names.map(|name| from.pointer(&format!("/{name}")).and_then(Value::as_u64).expect(name))
}

fn added(all: impl IntoIterator<Item = Totals>) -> Totals {
    let mut sum = Totals::default();
    for one in all {
        sum.iter_mut().zip(one).for_each(|(sum, one)| *sum += one);
    }
    sum
}

fn body(answer: &str) -> &str {
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    answer.split_once("\r\n\r\n").expect("a body").1
}

/// Chunks put together again.
fn whole(answer: &str) -> String {
    let body = body(answer);
    if !answer.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        return body.to_owned();
    }
    let (mut whole, mut rest) = (String::new(), body);
    while let Some((length, more)) = rest.split_once("\r\n") {
        let length = usize::from_str_radix(length, 16).expect("a length");
        whole.push_str(&more[..length]);
        rest = more[length..].trim_start_matches("\r\n");
    }
    whole
}

fn json(answer: &str) -> Value {
    serde_json::from_str(&whole(answer)).expect("JSON")
}

struct Asking<'a> {
    office: &'a Office,
    token: String,
}

impl Asking<'_> {
    fn get(&self, path: &str) -> String {
        let head = format!("GET {path} HTTP/1.1\r\nauthorization: Bearer {}", self.token);
        self.office.server.request(&head, "")
    }

    /// What each key's own holder is told.
    fn by_api(&self) -> Totals {
        let of = |key: &String| {
            let head = format!("GET /api/v1/usage HTTP/1.1\r\nx-api-key: {key}");
            let usage = json(&self.office.server.request(&head, ""));
            let names = ["requests", "inputTokens", "outputTokens", "cacheReadTokens", "cacheCreateTokens"];
            let [a, b, c, d, e] = names.map(|name| usage["usage"]["total"][name].as_u64().expect(name));
            [a, b, c, d, e, usage["usage"]["total"]["costNanodollars"].as_u64().expect("cost")]
        };
        added(self.office.keys.iter().map(of))
    }

    fn by_rest(&self) -> Totals {
        let costs = json(&self.get("/admin/usage-costs?period=all"));
        let names = [
            "requests",
            "inputTokens",
            "outputTokens",
            "cacheReadTokens",
            "cacheCreateTokens",
            "costs/totalNanodollars",
        ];
        let models = costs["data"]["modelCosts"].as_array().expect("models").iter();
        let sum = added(models.map(|model| totals(model, names)));
        assert_eq!(costs["data"]["totalCosts"]["totalNanodollars"], sum[5]);
        sum
    }

    fn by_page(&self) -> Totals {
        let head = format!(
            "POST /web/fn/dashboard HTTP/1.1\r\nauthorization: Bearer {}\r\naccept: application/json\r\n\
             content-type: application/x-www-form-urlencoded",
            self.token
        );
        let dashboard = json(&self.office.server.request(&head, "range=today&group=model"));
        let today = own(&dashboard["today"]);
        assert_eq!(added(shares(&dashboard["shares"])), today);
        assert_eq!(added(shares(&dashboard["top_keys"])), today);
        today
    }

    fn by_command_line(&self, by: &str) -> Totals {
        let answer = self.office.ask(&format!("usage --since today --by {by}"));
        assert_eq!(added(shares(&answer["parts"])), own(&answer["total"]), "{by}");
        own(&answer["total"])
    }

    /// Call by call.
    fn by_file(&self) -> Totals {
        let calls = json(&self.get("/web/download/requests.json?since=today"));
        let names = ["attempts", "tokens/input", "tokens/output", "tokens/cache_read"];
        added(calls.as_array().expect("calls").iter().map(|call| {
            let [requests, input, output, read] =
                names.map(|name| call.pointer(&format!("/{name}")).and_then(Value::as_u64).expect(name));
            let written = |class: &str| call["tokens"][class].as_u64().expect("a class");
            let writes = written("cache_write_5m") + written("cache_write_1h");
            [requests, input, output, read, writes, call["cost"].as_u64().expect("a cost")]
        }))
    }
}

fn own(sum: &Value) -> Totals {
    let [requests, input, output, read, five, hour] =
        totals(sum, ["requests", "input", "output", "cache_read", "cache_write_5m", "cache_write_1h"]);
    [requests, input, output, read, five + hour, sum["cost"].as_u64().expect("cost")]
}

fn shares(parts: &Value) -> Vec<Totals> {
    parts.as_array().expect("parts").iter().map(|part| own(&part["totals"])).collect()
}

#[test]
fn the_api_rest_the_command_line_a_page_and_a_file_say_the_same() {
    let office = Office::open();
    for (key, model) in [
        (0, "claude-sonnet-4-5"),
        (0, "claude-opus-4-5"),
        (1, "claude-haiku-4-5"),
        (1, "claude-sonnet-4-5"),
        (0, "claude-sonnet-4-5"),
    ] {
        office.call(key, model);
    }
    let home = &office.home;
    home.run_with("admin create --username joan --password-stdin", "correct horse battery\n").ok();
    let head = "POST /web/auth/login HTTP/1.1\r\ncontent-type: application/json";
    let login =
        json(&office.server.request(head, r#"{"username":"joan","password":"correct horse battery"}"#));
    let token = login["token"].as_str().expect("a token").to_owned();
    let asking = Asking { office: &office, token };

    let by_api = asking.by_api();

    assert_eq!(by_api[0], 5);
    assert!(by_api[5] > 0);
    assert_eq!(asking.by_rest(), by_api);
    assert_eq!(asking.by_page(), by_api);
    assert_eq!(asking.by_file(), by_api);
    for by in ["model", "key", "account", "day"] {
        assert_eq!(asking.by_command_line(by), by_api, "{by}");
    }
}
