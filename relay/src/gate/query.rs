//! A client's key in a query: Google's clients may put it there. It is read, and never goes on.

/// The values of all parameters that are named `key`, as they are written.
pub fn keys(query: &str) -> impl Iterator<Item = &str> {
    query.split('&').filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        is_named_key(name).then_some(value)
    })
}

/// The query as it came, without a client's key in it.
pub fn without_key(query: Option<&str>) -> Option<String> {
    let query = query.filter(|query| !query.is_empty())?;
    let is_key = |pair: &&str| is_named_key(pair.split('=').next().unwrap_or_default());
    if !query.split('&').any(|pair| is_key(&pair)) {
        return Some(query.to_owned());
    }
    let kept: Vec<_> = query.split('&').filter(|pair| !is_key(pair)).collect();
    (!kept.is_empty()).then(|| kept.join("&"))
}

/// Whether a parameter has that value; neither needs to be percent-encoded.
pub fn says(query: Option<&str>, name: &str, value: &str) -> bool {
    let mut pairs = query.unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
    pairs.any(|(given, what)| given == name && what == value)
}

/// Whether a parameter's name reads `key`, percent-encoded or not.
fn is_named_key(name: &str) -> bool {
    let (mut rest, mut key) = (name.as_bytes(), b"key".iter());
    loop {
        let (byte, after) = match rest {
            [] => return key.next().is_none(),
            [b'%', high, low, after @ ..] => (hex_byte(*high, *low), after),
            [byte, after @ ..] => (Some(*byte), after),
        };
        if byte.is_none() || key.next().copied() != byte {
            return false;
        }
        rest = after;
    }
}

/// The byte that two hex digits name.
pub(crate) fn hex_byte(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_and_goes_no_further() {
        let query = "alt=sse&key=cr_1&%6bey=cr_2&keys=3&key";

        assert_eq!(keys(query).collect::<Vec<_>>(), ["cr_1", "cr_2"]);
        assert_eq!(without_key(Some(query)).as_deref(), Some("alt=sse&keys=3"));
        assert_eq!(without_key(Some("key=cr_1")), None);
        assert_eq!(without_key(Some("")), None);
    }

    #[test]
    fn only_the_asked_for_value_counts() {
        assert!(says(Some("a=b&alt=sse"), "alt", "sse"));
        assert!(!says(Some("alt=json"), "alt", "sse"));
        assert!(!says(None, "alt", "sse"));
    }
}
