//! Owns the pieces that an answer's body is sent in, and how they are joined, coded and split.
//! Promises that the books' figures stay with the byte that completes them, however it is split.

use std::io::Write;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::books::Usage;

/// How an answer's body is divided into writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Split {
    /// As it is made: a stream by events, another body whole.
    #[default]
    AsMade,
    /// All in one write.
    Joined,
    /// One write for each event: up to and with each blank line.
    Events,
    /// So many bytes a write.
    Every(usize),
    /// Writes of these sizes in turn; what is left over goes into a last one.
    Sizes(Vec<usize>),
}

/// One write of an answer's body, with what it adds to the books.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) bytes: Bytes,
    /// Output tokens whose text it carries.
    pub(crate) generated: u64,
    /// The usage that it announces, cumulative.
    pub(crate) announces: Option<Usage>,
}

impl Piece {
    pub(crate) fn plain(bytes: impl Into<Bytes>) -> Self {
        Self { bytes: bytes.into(), generated: 0, announces: None }
    }

    pub(crate) fn announcing(bytes: impl Into<Bytes>, usage: Usage) -> Self {
        Self { bytes: bytes.into(), generated: 0, announces: Some(usage) }
    }

    pub(crate) fn carrying(bytes: impl Into<Bytes>, generated: u64) -> Self {
        Self { bytes: bytes.into(), generated, announces: None }
    }
}

/// Codes the pieces with gzip, each flushed so that its text can be read when it has arrived.
pub(crate) fn gzip(pieces: &mut [Piece]) -> std::io::Result<()> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let count = pieces.len();
    for (index, piece) in pieces.iter_mut().enumerate() {
        encoder.write_all(&piece.bytes)?;
        if index + 1 == count {
            encoder.try_finish()?;
        } else {
            encoder.flush()?;
        }
        piece.bytes = Bytes::from(std::mem::take(encoder.get_mut()));
    }
    Ok(())
}

/// Divides the pieces anew.
pub(crate) fn split(pieces: Vec<Piece>, split: &Split) -> Vec<Piece> {
    if *split == Split::AsMade {
        return pieces;
    }
    let whole: Bytes = pieces.iter().flat_map(|piece| piece.bytes.iter().copied()).collect();
    let mut fragments: Vec<Piece> = Vec::new();
    let mut start = 0;
    for end in ends(&whole, split) {
        fragments.push(Piece::plain(whole.slice(start..end)));
        start = end;
    }
    let mut ends = fragments.iter().scan(0, |end, fragment| {
        *end += fragment.bytes.len();
        Some(*end)
    });
    let (mut at, mut fragment, mut fragment_end) = (0, 0, ends.next().unwrap_or_default());
    let mut marks = Vec::new();
    for piece in &pieces {
        at += piece.bytes.len();
        while fragment_end < at {
            fragment += 1;
            fragment_end = ends.next().unwrap_or(usize::MAX);
        }
        marks.push((fragment, piece.generated, piece.announces));
    }
    for (fragment, generated, announces) in marks {
        let Some(fragment) = fragments.get_mut(fragment) else { continue };
        fragment.generated += generated;
        fragment.announces = announces.or(fragment.announces);
    }
    fragments
}

/// Keeps the first `length` bytes.
pub(crate) fn truncate(pieces: &mut Vec<Piece>, length: usize) {
    let mut left = length;
    let mut kept = 0;
    for piece in pieces.iter_mut() {
        if left == 0 {
            break;
        }
        if piece.bytes.len() > left {
            *piece = Piece::plain(piece.bytes.slice(..left));
        }
        left -= piece.bytes.len();
        kept += 1;
    }
    pieces.truncate(kept);
}

/// Where each write ends.
fn ends(whole: &[u8], split: &Split) -> Vec<usize> {
    let mut ends: Vec<usize> = match split {
        Split::AsMade | Split::Joined => Vec::new(),
        Split::Every(size) => {
            (1..).map(|n| n * (*size).max(1)).take_while(|end| *end < whole.len()).collect()
        }
        Split::Sizes(sizes) => sizes
            .iter()
            .filter(|size| **size > 0)
            .scan(0, |end, size| {
                *end += size;
                Some(*end)
            })
            .take_while(|end| *end < whole.len())
            .collect(),
        Split::Events => event_ends(whole),
    };
    if !whole.is_empty() && ends.last() != Some(&whole.len()) {
        ends.push(whole.len());
    }
    ends
}

fn event_ends(whole: &[u8]) -> Vec<usize> {
    let ends_event = |end: usize| {
        let upto = whole.get(..end).unwrap_or_default();
        upto.ends_with(b"\n\n") || upto.ends_with(b"\r\n\r\n")
    };
    (1..=whole.len()).filter(|end| ends_event(*end)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces() -> Vec<Piece> {
        vec![
            Piece::announcing("ab\n\n", Usage::new(1, 1)),
            Piece::carrying("cdefgh\n\n", 3),
            Piece::announcing("i\n\n", Usage::new(1, 5)),
        ]
    }

    fn texts(pieces: &[Piece]) -> Vec<&[u8]> {
        pieces.iter().map(|piece| piece.bytes.as_ref()).collect()
    }

    #[test]
    fn every_split_keeps_the_bytes_and_the_figures() {
        let splits =
            [Split::Joined, Split::Events, Split::Every(1), Split::Every(4), Split::Sizes(vec![3, 0, 2])];
        for how in splits {
            let split = split(pieces(), &how);

            assert_eq!(texts(&split).concat(), b"ab\n\ncdefgh\n\ni\n\n", "{how:?}");
            assert_eq!(split.iter().map(|piece| piece.generated).sum::<u64>(), 3);
            assert_eq!(split.iter().rev().find_map(|piece| piece.announces), Some(Usage::new(1, 5)));
        }
    }

    #[test]
    fn a_figure_belongs_to_the_write_that_completes_it() {
        let split = split(pieces(), &Split::Sizes(vec![3, 2]));

        assert_eq!(texts(&split), [b"ab\n".as_slice(), b"\nc", b"defgh\n\ni\n\n"]);
        assert_eq!(
            split.iter().map(|piece| piece.announces.is_some()).collect::<Vec<_>>(),
            [false, true, true]
        );
    }

    #[test]
    fn events_end_at_blank_lines_of_either_kind() {
        let crlf = vec![Piece::plain("a\r\n\r\nb\n\nc")];

        assert_eq!(texts(&split(crlf, &Split::Events)), [b"a\r\n\r\n".as_slice(), b"b\n\n", b"c"]);
    }

    #[test]
    fn truncating_drops_figures_that_are_no_longer_complete() {
        let mut pieces = pieces();
        truncate(&mut pieces, 7);

        assert_eq!(texts(&pieces), [b"ab\n\n".as_slice(), b"cde"]);
        assert_eq!(pieces.iter().map(|piece| piece.generated).sum::<u64>(), 0);
    }
}
