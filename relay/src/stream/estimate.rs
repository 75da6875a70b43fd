//! How many tokens an answer was, judged from its text, for answers whose own count never came.
//!
//! The provider counts; the relay can only guess, because today's tokenizers are not public. The guess goes by kinds
//! of character, with weights fitted to the provider's last public tokenizer (on prose, code, JSON and Chinese within
//! 15 % of its counts), and adds what each block of an answer costs besides its text.
//!
//! What no rule on the text can know, this one does not try to: tokens that the provider bills beyond what it
//! streamed (a short text billed at several times its length, further rounds of its server tools). Such answers are
//! underestimated. It does not learn from finished answers either: the error differs from answer to answer of the
//! same model, not from model to model. Every estimate is marked as one.

/// Thousandths of a token.
mod weight {
    pub(super) const LETTER: u64 = 270;
    pub(super) const DIGIT: u64 = 600;
    pub(super) const MARK: u64 = 750;
    pub(super) const BREAK: u64 = 600;
    pub(super) const FOREIGN: u64 = 550;
    pub(super) const SYLLABLE: u64 = 1_100;
    pub(super) const EMOJI: u64 = 4_000;
    /// What closes a block of text.
    pub(super) const TEXT_BLOCK: u64 = 3_000;
    /// What frames a tool call: its name and arguments are counted by their text.
    pub(super) const TOOL_BLOCK: u64 = 28_000;
    /// The least that a block of encrypted thinking stands for: some sentences.
    pub(super) const REDACTED_BLOCK: u64 = 100_000;
    /// Per character of base64: six bits, of thinking with about four bytes per token.
    pub(super) const ENCRYPTED: u64 = 1_000 * 6 / 8 / 4;
}

/// What has been streamed so far, by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Estimate {
    text: Characters,
    thinking: Characters,
    encrypted: u64,
    text_blocks: u64,
    tool_blocks: u64,
    redacted_blocks: u64,
}

impl Estimate {
    /// Counts a piece of the answer's text or of a tool's input, escaped as on the wire.
    pub fn text(&mut self, escaped: &[u8]) {
        self.text.count(escaped);
    }

    /// Counts a JSON text, such as the arguments of a call that comes whole.
    pub fn json(&mut self, json: &[u8]) {
        for between_quotes in json.split(|byte| *byte == b'"') {
            self.text.count(between_quotes);
        }
    }

    /// Counts a piece of thinking, escaped as on the wire.
    pub fn thinking(&mut self, escaped: &[u8]) {
        self.thinking.count(escaped);
    }

    /// Counts a piece of base64 that stands for thinking.
    pub fn encrypted(&mut self, escaped: &[u8]) {
        let length = memchr::memchr(b'"', escaped).unwrap_or(escaped.len());
        self.encrypted = self.encrypted.saturating_add(length as u64);
    }

    /// Counts the end of a block of text.
    pub fn text_block(&mut self) {
        self.text_blocks += 1;
    }

    /// Counts a tool call, its name escaped as on the wire.
    pub fn tool_block(&mut self, name: &[u8]) {
        self.tool_blocks += 1;
        self.text.count(name);
    }

    /// Counts a block of thinking of which only the encrypted form is streamed.
    pub fn redacted_block(&mut self, data: &[u8]) {
        self.redacted_blocks += 1;
        self.encrypted(data);
    }

    /// Whether nothing has been streamed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The tokens that this comes to, rounded.
    ///
    /// Thinking is billed in full and may be streamed as a summary or not at all; its encrypted form is of the
    /// full length, so whichever says more counts.
    pub fn tokens(&self) -> u64 {
        let blocks = weight::TEXT_BLOCK
            .saturating_mul(self.text_blocks)
            .saturating_add(weight::TOOL_BLOCK.saturating_mul(self.tool_blocks));
        let redacted = weight::REDACTED_BLOCK.saturating_mul(self.redacted_blocks);
        let encrypted = weight::ENCRYPTED.saturating_mul(self.encrypted);
        let thinking = self.thinking.thousandths().saturating_add(redacted).max(encrypted);
        let all = self.text.thousandths().saturating_add(blocks).saturating_add(thinking);
        all.saturating_add(500) / 1_000
    }
}

/// Characters by kind. Blanks count nothing: they belong to the word that follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Characters {
    of: [u64; Kind::COUNT],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Blank,
    Letter,
    Digit,
    Mark,
    Break,
    /// Letters beyond ASCII, and symbols.
    Foreign,
    /// Scripts in which a character is about a token.
    Syllable,
    Emoji,
}

impl Kind {
    const COUNT: usize = 8;

    /// In the order of the variants.
    const WEIGHTS: [u64; Self::COUNT] = [
        0,
        weight::LETTER,
        weight::DIGIT,
        weight::MARK,
        weight::BREAK,
        weight::FOREIGN,
        weight::SYLLABLE,
        weight::EMOJI,
    ];

    const ASCII: [Self; 128] = {
        let mut kinds = [Self::Mark; 128];
        let mut byte = 0;
        while byte < 128 {
            #[allow(clippy::cast_possible_truncation)]
            let kind = match byte as u8 {
                b'a'..=b'z' | b'A'..=b'Z' => Self::Letter,
                b'0'..=b'9' => Self::Digit,
                b' ' => Self::Blank,
                0..=31 | 127 => Self::Break,
                _ => Self::Mark,
            };
            kinds[byte] = kind;
            byte += 1;
        }
        kinds
    };

    fn of(character: char) -> Self {
        match u32::from(character) {
            code @ 0..=0x7f => Self::ASCII[code as usize],
            0x2600..=0x27bf | 0x1_f000..=0x1_faff => Self::Emoji,
            0x0590..=0x1cff
            | 0x2e80..=0xa4cf
            | 0xac00..=0xd7af
            | 0xf900..=0xfaff
            | 0xfe30..=0xfe4f
            | 0xff00..=0xffef => Self::Syllable,
            0x2_0000..=0x3_ffff => Self::Syllable,
            _ => Self::Foreign,
        }
    }
}

impl Characters {
    /// Counts the characters of a JSON string, up to its closing quote or the end of `escaped`.
    fn count(&mut self, escaped: &[u8]) {
        let mut rest = escaped;
        while let [first, after @ ..] = rest {
            let (kind, next) = match first {
                b'"' => return,
                b'\\' => unescaped(after),
                0..=127 => (Kind::ASCII[usize::from(*first)], after),
                _ => decoded(rest),
            };
            self.of[kind as usize] += 1;
            rest = next;
        }
    }

    fn thousandths(&self) -> u64 {
        let products = self.of.iter().zip(Kind::WEIGHTS).map(|(count, weight)| count.saturating_mul(weight));
        products.fold(0, u64::saturating_add)
    }
}

/// The kind of the character whose escape follows a backslash, and what comes after it.
fn unescaped(after: &[u8]) -> (Kind, &[u8]) {
    match after {
        [b'n' | b'r' | b't' | b'b' | b'f', rest @ ..] => (Kind::Break, rest),
        [b'u', rest @ ..] => unescaped_unit(rest),
        [_, rest @ ..] => (Kind::Mark, rest),
        [] => (Kind::Foreign, after),
    }
}

fn unescaped_unit(digits: &[u8]) -> (Kind, &[u8]) {
    let Some((unit, rest)) = hex_unit(digits) else {
        return (Kind::Foreign, digits);
    };
    if let (0xd800..=0xdbff, Some(low)) = (unit, rest.strip_prefix(b"\\u"))
        && let Some((low @ 0xdc00..=0xdfff, rest)) = hex_unit(low)
    {
        let code = 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        return (char::from_u32(code).map_or(Kind::Foreign, Kind::of), rest);
    }
    (char::from_u32(unit).map_or(Kind::Foreign, Kind::of), rest)
}

fn hex_unit(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (digits, rest) = bytes.split_at_checked(4)?;
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
    Some((u32::from_str_radix(digits, 16).ok()?, rest))
}

/// The kind of the character that begins with a byte beyond ASCII, and what comes after it.
fn decoded(bytes: &[u8]) -> (Kind, &[u8]) {
    let length = match bytes[0] {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    };
    let character = bytes.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok()?.chars().next());
    match character {
        Some(character) => (Kind::of(character), &bytes[length..]),
        None => (Kind::Foreign, &bytes[1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(escaped: &str) -> Characters {
        let mut characters = Characters::default();
        characters.count(escaped.as_bytes());
        characters
    }

    #[test]
    fn an_escape_counts_as_the_character_it_stands_for() {
        assert_eq!(text("世界 🌍é\u{1}"), text(r"\u4e16\u754c \ud83c\udf0d\u00e9\n"));
        assert_eq!(text(r#"say \"hi\""#), text("say 'hi'"));
    }

    #[test]
    fn counting_ends_at_the_closing_quote() {
        assert_eq!(text(r#"a\"b"}}"#), text(r#"a\"b"#));
    }

    #[test]
    fn broken_text_is_counted_without_complaint() {
        for broken in [
            &b"\\"[..],
            b"\\u",
            b"\\u12",
            b"\\ud83c",
            b"\\ud83c\\u0041",
            b"\xff\xc3",
            b"\xe4\xb8",
            b"\\u+123",
        ] {
            Characters::default().count(broken);
        }
    }

    #[test]
    fn tool_calls_cost_more_than_their_text() {
        let mut estimate = Estimate::default();
        estimate.tool_block(b"get_time");

        assert!((25..40).contains(&estimate.tokens()), "{}", estimate.tokens());
    }
}
