//! Addresses within the console: made with their parts encoded, and checked before anyone is led to one.

pub(crate) mod account;
pub(crate) mod key;
pub(crate) mod request;
pub(crate) mod usage;

use std::fmt::Write as _;

/// An address under `/web` with what its view holds.
pub(crate) struct Address {
    text: String,
    has_query: bool,
}

impl Address {
    /// Without a query.
    pub(crate) fn new(path: &str) -> Self {
        Self { text: path.to_owned(), has_query: false }
    }

    /// Adds a value; an empty one is left out.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        if value.is_empty() {
            return self;
        }
        self.text.push(if self.has_query { '&' } else { '?' });
        self.has_query = true;
        self.text.push_str(name);
        self.text.push('=');
        self.text.push_str(&Self::encoded(value));
        self
    }

    /// A value as it stands in an address.
    pub(crate) fn encoded(value: &str) -> String {
        let mut text = String::with_capacity(value.len());
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                text.push(char::from(byte));
            } else {
                // Writing into a String cannot fail.
                let _ = write!(text, "%{byte:02X}");
            }
        }
        text
    }

    pub(crate) fn text(self) -> String {
        self.text
    }
}

/// The address if it is one of the console's own, else nothing: what a form brought may be anybody's.
#[cfg(any(feature = "ssr", test))]
pub(crate) fn own(address: &str) -> Option<&str> {
    let rest = address.strip_prefix("/web")?;
    let ends_word = rest.is_empty() || rest.starts_with(['/', '?', '#']);
    let is_plain = rest.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (ends_word && is_plain && !rest.contains("//")).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_encoded_and_empty_ones_left_out() {
        let address = Address::new("/web/keys").with("q", "a&b ü").with("state", "").with("key", "1");

        assert_eq!(address.text(), "/web/keys?q=a%26b%20%C3%BC&key=1");
    }

    #[test]
    fn only_the_consoles_own_addresses_are_taken() {
        for own_address in ["/web", "/web/keys?q=a", "/web?range=week", "/web/accounts#1"] {
            assert_eq!(own(own_address), Some(own_address));
        }
        for other in [
            "",
            "/",
            "//evil",
            "/webx",
            "/web//evil",
            "https://evil",
            "/web/\\evil",
            "/web/a b",
            "/web/\r\nx",
        ] {
            assert_eq!(own(other), None, "{other}");
        }
    }
}
