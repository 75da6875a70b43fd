//! What was typed into a form that the browser posted itself and that was refused: the page that says why gives it back.
//! It goes with the browser, in a cookie for that one page. Secrets are never given to it.

use ::relay::admin;
use leptos::prelude::*;
use percent_encoding::percent_decode_str;

use super::error::{Answer, ApiError};
use super::request;
use crate::address::Address;
use crate::part::field::Typed;

const COOKIE: &str = "typed";
const LASTS_S: u32 = 120;
/// Browsers keep no cookie beyond 4 KiB; what is longer is not given back.
const LONGEST: usize = 3 << 10;

/// The fields of a form that may be given back, encoded.
pub(crate) struct Form(String);

impl Form {
    /// Of these names and values, none of them a secret.
    pub(crate) fn typed(fields: &[(&str, &str)]) -> Self {
        let address = fields.iter().fold(Address::new(""), |all, (name, value)| all.with(name, value));
        Self(address.text().trim_start_matches('?').to_owned())
    }

    /// As [`super::relay::answer`]; what was typed is kept if the answer is a refusal and the browser leads to a page of it.
    pub(crate) fn answer<T>(&self, result: Result<T, admin::Error>) -> Result<Answer<T>, ApiError> {
        if result.is_err() {
            self.keep();
        }
        super::relay::answer(result)
    }

    /// Keeps what was typed for the page that the browser leads to, if it posted the form itself.
    pub(crate) fn keep(&self) {
        if request::is_form_without_wasm() && self.0.len() <= LONGEST {
            set(&self.0, LASTS_S);
        }
    }
}

/// Gives the fields of this page what was typed before, once.
pub(crate) fn give_back() {
    let Some(kept) = request::cookie(COOKIE) else { return };
    set("", 0);
    provide_context(Typed(decoded(&kept)));
}

fn set(value: &str, age_s: u32) {
    request::set_cookie(&format!("{COOKIE}={value}; Path=/web; Max-Age={age_s}; HttpOnly; SameSite=Strict"));
}

fn decoded(kept: &str) -> Vec<(String, String)> {
    let pairs = kept.split('&').filter_map(|pair| pair.split_once('='));
    let text = |value: &str| percent_decode_str(value).decode_utf8_lossy().into_owned();
    pairs.map(|(name, value)| (name.to_owned(), text(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_comes_back_as_it_was() {
        let Form(kept) = Form::typed(&[("name", "a&b=c; ü\r\n%"), ("base_url", ""), ("kind", "sandbox")]);

        assert!(kept.bytes().all(|byte| byte.is_ascii_graphic() && byte != b';'), "{kept}");
        let typed = decoded(&kept);
        assert_eq!(
            typed,
            [("name", "a&b=c; ü\r\n%"), ("kind", "sandbox")].map(|(n, v)| (n.into(), v.into()))
        );
    }
}
