//! Owns the HTML of the authorize pages: plain, with an id on each thing that a test reads.

use std::fmt::Write;

use crate::oauth::authorize::Authorized;

/// The page with a code: `#account`, `#code`, `#address`, `#deny`, and a link in `#accounts` for each other account.
pub(crate) fn authorized(authorized: &Authorized, query: &str, accounts: &[String]) -> String {
    let Authorized { account, shown, address, .. } = authorized;
    let mut others = String::new();
    for name in accounts.iter().filter(|name| *name != account) {
        let link = with(query, "account", name);
        // Writing to a string cannot fail.
        let _ = write!(others, "<li><a href=\"?{}\">{}</a></li>", escaped(&link), escaped(name));
    }
    let body = format!(
        "<h1>Signed in</h1>\n<p>Account: <b id=\"account\">{}</b></p>\n\
         <p>Code: <code id=\"code\">{}</code></p>\n<p>Address: <code id=\"address\">{}</code></p>\n\
         <p>Somebody else:</p>\n<ul id=\"accounts\">{others}</ul>\n\
         <p><a id=\"deny\" href=\"?{}\">Refuse</a></p>",
        escaped(account),
        escaped(shown),
        escaped(address),
        escaped(&with(query, "deny", "1")),
    );
    page(&body)
}

/// The page that says why there is no code: `#error`.
pub(crate) fn refused(message: &str) -> String {
    page(&format!("<h1>Invalid request</h1>\n<p id=\"error\">{}</p>", escaped(message)))
}

/// The page after a refusal: `#address`.
pub(crate) fn denied(address: &str) -> String {
    page(&format!("<h1>Refused</h1>\n<p>Address: <code id=\"address\">{}</code></p>", escaped(address)))
}

fn page(body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Fake provider</title></head>\n\
         <body>\n{body}\n</body>\n</html>\n"
    )
}

/// A query with one pair more, in place of any of that name.
fn with(query: &str, name: &str, value: &str) -> String {
    let kept = url::form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key != name);
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(kept).append_pair(name, value).finish()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
