//! What a person pastes after allowing access: the code alone, `CODE#STATE`, or the whole address of the page that
//! the browser was sent to, with blanks and line breaks wherever a terminal or a mail put them.

use subtle::ConstantTimeEq;

use crate::secret::Secret;

/// No address with a code is nearly as long.
const LONGEST: usize = 16 << 10;
const LONGEST_WORDS: usize = 200;

/// A code, and the state if it came along.
#[derive(Clone, Debug)]
pub struct Pasted {
    /// To be redeemed once, soon.
    pub code: Secret,
    /// Must equal the one that was sent.
    pub state: Option<String>,
}

/// Why a pasted text gives no code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasteError {
    /// Nothing but blanks.
    #[error("nothing was pasted")]
    Empty,
    /// The person said no, or may not say yes (`access_denied`).
    #[error("access was not allowed on the provider's page")]
    Denied,
    /// Another error in the address.
    #[error("the provider's page reports an error: {0}")]
    Provider(String),
    /// The address of the page on which access is allowed, not of the one that comes after.
    #[error("this is the address to open, not the one that comes after allowing access")]
    Unopened,
    /// An address without a code in it.
    #[error("there is no code in this address")]
    NoCode,
    /// Neither a code nor an address.
    #[error("this does not look like a code")]
    Unusable,
}

impl Pasted {
    /// Reads any of the forms. Codes in an address are decoded once.
    ///
    /// # Errors
    /// See [`PasteError`].
    pub fn parse(text: &str) -> Result<Self, PasteError> {
        let text = tidy(text);
        match text.as_str() {
            "" => Err(PasteError::Empty),
            text if text.len() > LONGEST => Err(PasteError::Unusable),
            text => match parameters(text) {
                Some(parameters) => Self::of_address(&parameters),
                None => Self::of_code(text, None),
            },
        }
    }

    /// Whether it may belong to the sign-in with that state: where none came along nothing speaks against it.
    pub fn is_for(&self, state: &str) -> bool {
        self.state.as_ref().is_none_or(|own| own.as_bytes().ct_eq(state.as_bytes()).into())
    }

    fn of_address(parameters: &[(&str, String)]) -> Result<Self, PasteError> {
        let get = |name| parameters.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str());
        if let Some(error) = get("error") {
            return Err(reported(error, get("error_description").unwrap_or_default()));
        }
        if get("code_challenge").is_some() || get("response_type").is_some() {
            return Err(PasteError::Unopened);
        }
        let code = get("code").filter(|code| !code.is_empty()).ok_or(PasteError::NoCode)?;
        Self::of_code(code, get("state"))
    }

    /// `CODE` or `CODE#STATE`; a state from the address counts before one behind the code.
    fn of_code(text: &str, state: Option<&str>) -> Result<Self, PasteError> {
        let (code, behind) = text.split_once('#').map_or((text, None), |(code, state)| (code, Some(state)));
        let code = decode(code);
        let state = state.or(behind).map(decode).filter(|state| !state.is_empty());
        let is_code = !code.is_empty()
            && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/+=".contains(&byte));
        if is_code { Ok(Self { code: Secret::new(code), state }) } else { Err(PasteError::Unusable) }
    }
}

/// Without blanks, line breaks, invisible characters, and quotes or brackets around it.
fn tidy(text: &str) -> String {
    let is_invisible = |letter: char| {
        letter.is_whitespace()
            || letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
    };
    let text: String = text.chars().filter(|letter| !is_invisible(*letter)).collect();
    text.trim_matches(['"', '\'', '`', '<', '>', '“', '”', '‘', '’']).to_owned()
}

/// The parameters in the query and the fragment of an address, values decoded; nothing if it is no address.
fn parameters(text: &str) -> Option<Vec<(&str, String)>> {
    let is_address = text.contains("://") || text.contains('?');
    let is_bare =
        ["code=", "state=", "error="].iter().any(|name| text.trim_start_matches('#').starts_with(name));
    if !is_address && !is_bare {
        return None;
    }
    let query = if is_bare { text } else { text.split_once(['?', '#']).map_or("", |(_, query)| query) };
    let pairs = query.split(['?', '&', '#']).filter_map(|pair| pair.split_once('='));
    let mut parameters: Vec<_> = pairs.map(|(name, value)| (name, decode(value))).collect();
    // `…?code=CODE#STATE`: the fragment is the state by itself.
    let fragment = query.rsplit_once('#').map(|(_, fragment)| fragment);
    if let Some(state) = fragment.filter(|fragment| !fragment.is_empty() && !fragment.contains(['=', '&'])) {
        parameters.push(("state", decode(state)));
    }
    Some(parameters)
}

fn reported(error: &str, words: &str) -> PasteError {
    if error == "access_denied" {
        return PasteError::Denied;
    }
    let text =
        if words.is_empty() { error.to_owned() } else { format!("{error}: {}", words.replace('+', " ")) };
    PasteError::Provider(text.chars().filter(|letter| !letter.is_control()).take(LONGEST_WORDS).collect())
}

/// Percent-encoding taken off once; what is not well formed stays as it is. A plus stays a plus: no code has blanks.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                decoded.extend(u8::try_from(high * 16 + low));
                at += 3;
            }
            _ => {
                decoded.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn read(text: &str) -> (String, Option<String>) {
        let pasted = Pasted::parse(text).unwrap();
        (pasted.code.reveal().to_owned(), pasted.state)
    }

    #[rstest]
    #[case("CODE-1_x", None)]
    #[case("  CODE-1_x \r\n", None)]
    #[case("\"CODE-1_x\"", None)]
    #[case("CODE-1_x#STATE", Some("STATE"))]
    #[case("CODE-\n1_x#ST\nATE\n", Some("STATE"))]
    #[case("\u{feff}CODE-1_x\u{200b}#STATE", Some("STATE"))]
    #[case("https://platform.claude.com/oauth/code/callback?code=CODE-1_x&state=STATE", Some("STATE"))]
    #[case("https://platform.claude.com/oauth/code/callback#code=CODE-1_x&state=STATE", Some("STATE"))]
    #[case("https://platform.claude.com/oauth/code/callback?code=CODE-1_x#STATE", Some("STATE"))]
    #[case("https://platform.claude.com/oauth/code/callback?code=CODE-1_x%23STATE", Some("STATE"))]
    #[case("https://platform.claude.com/oauth/code/callback?code=CODE-1_x&state=STATE#", Some("STATE"))]
    #[case("http://localhost:45462/?state=STATE&code=CODE-1_x&scope=a%20b+c", Some("STATE"))]
    #[case("localhost:45462/?state=STATE&code=CODE-1_x", Some("STATE"))]
    #[case("<http://127.0.0.1:9/oauth2callback?code=CODE-\r\n1_x&state=STATE>", Some("STATE"))]
    #[case("code=CODE-1_x&state=STATE", Some("STATE"))]
    #[case("?code=CODE-1_x", None)]
    fn every_form_is_read(#[case] text: &str, #[case] state: Option<&str>) {
        assert_eq!(read(text), ("CODE-1_x".into(), state.map(str::to_owned)));
    }

    #[rstest]
    #[case("4/0AX4Xf-q_w")]
    #[case("4%2F0AX4Xf-q_w")]
    #[case("http://localhost:45462/?code=4/0AX4Xf-q_w&scope=x")]
    #[case(
        "http://localhost:45462/?code=4%2F0AX4Xf-q_w&scope=https://www.googleapis.com/auth/cloud-platform"
    )]
    fn codes_of_googles_are_decoded_once(#[case] text: &str) {
        assert_eq!(read(text).0, "4/0AX4Xf-q_w");
    }

    #[rstest]
    #[case(" \n\t", PasteError::Empty)]
    #[case("http://localhost:45462/?error=access_denied&state=S", PasteError::Denied)]
    #[case("https://x/cb#error=access_denied", PasteError::Denied)]
    #[case("https://x/cb?error=server_error&error_description=try+again%0a", PasteError::Provider("server_error: try again".into()))]
    #[case(
        "https://claude.ai/oauth/authorize?code=true&client_id=x&response_type=code",
        PasteError::Unopened
    )]
    #[case("https://platform.claude.com/oauth/code/callback", PasteError::NoCode)]
    #[case("https://platform.claude.com/oauth/code/callback?code=&state=S", PasteError::NoCode)]
    #[case("{\"access_token\":\"x\"}", PasteError::Unusable)]
    #[case("#STATE", PasteError::Unusable)]
    fn what_has_no_code_says_why(#[case] text: &str, #[case] error: PasteError) {
        assert_eq!(Pasted::parse(text).unwrap_err(), error);
    }

    #[test]
    fn a_state_must_be_the_one_that_was_sent() {
        assert!(Pasted::parse("C").unwrap().is_for("S"));
        assert!(Pasted::parse("C#S").unwrap().is_for("S"));
        assert!(!Pasted::parse("C#T").unwrap().is_for("S"));
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in any::<String>()) {
            _ = Pasted::parse(&text);
        }

        #[test]
        fn nothing_like_an_address_makes_it_panic(text in "(https?://)?[a-z:/]{0,9}[?#&=%+]{0,3}(code|state|error)?=?[0-9a-f%#&=?é\\s]{0,40}") {
            _ = Pasted::parse(&text);
        }

        #[test]
        fn code_and_state_come_back_from_every_form(code in "[A-Za-z0-9/_-]{1,80}", state in "[A-Za-z0-9_-]{1,64}") {
            let encoded = code.replace('/', "%2F");
            for text in [
                format!("{code}#{state}"),
                format!("https://host.example/cb?code={encoded}&state={state}"),
                format!("http://localhost:1/cb?state={state}&code={code}&scope=x"),
                format!("https://host.example/cb#code={encoded}&state={state}"),
            ] {
                prop_assert_eq!(read(&text), (code.clone(), Some(state.clone())), "{}", text);
            }
        }
    }
}
