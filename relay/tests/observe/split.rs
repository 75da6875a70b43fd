//! Wherever an answer is split, it says the same.

use proptest::prelude::*;
use relay::stream::observe::{End, JSON_LIMIT, Observer};

use crate::fixture::all;

/// Cuts bytes at the given places, which are taken modulo their length.
pub(crate) fn pieces<'a>(body: &'a [u8], cuts: &[proptest::sample::Index]) -> Vec<&'a [u8]> {
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(body.len() + 1)).collect();
    cuts.sort_unstable();
    let mut begin = 0;
    let mut pieces = Vec::new();
    for cut in cuts.into_iter().chain([body.len()]) {
        pieces.push(&body[begin..cut]);
        begin = cut;
    }
    pieces
}

#[test]
fn pieces_of_any_size_read_the_same() {
    for fixture in all() {
        for size in [1, 2, 3, 7, 64, 1024, usize::MAX] {
            let (reading, _) = fixture.read(fixture.body.chunks(size));

            assert_eq!(reading, fixture.expected, "{} by {size}", fixture.name);
        }
    }
}

proptest! {
    #[test]
    fn random_splits_read_the_same(cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..40)) {
        for fixture in all() {
            let whole = fixture.read([&fixture.body[..]]);

            let split = fixture.read(pieces(&fixture.body, &cuts));

            prop_assert_eq!(&split.0, &fixture.expected, "{}", fixture.name);
            prop_assert_eq!(split, whole, "{}", fixture.name);
        }
    }

    #[test]
    fn an_answer_cut_anywhere_reads_the_same_however_it_was_split(
        end in any::<proptest::sample::Index>(),
        cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..10),
    ) {
        for fixture in all() {
            let body = &fixture.body[..end.index(fixture.body.len())];

            prop_assert_eq!(fixture.read(pieces(body, &cuts)), fixture.read([body]), "{}", fixture.name);
        }
    }

    #[test]
    fn garbage_is_survived(
        garbage in proptest::collection::vec(any::<u8>(), 0..2000),
        at in any::<proptest::sample::Index>(),
        limit in prop_oneof![Just(JSON_LIMIT), 0_usize..3000],
    ) {
        for fixture in all() {
            let mut body = fixture.body.clone();
            let at = at.index(body.len());
            body.splice(at..at, garbage.iter().copied());

            let google = [Observer::google_stream(), Observer::google_json(limit)];
            for mut observer in [Observer::stream(), Observer::json(limit)].into_iter().chain(google) {
                for piece in body.chunks(97) {
                    observer.feed(piece);
                }
                observer.finish(End::Cut);
            }
        }
    }

    #[test]
    fn a_flipped_byte_is_survived(at in any::<proptest::sample::Index>(), byte in any::<u8>()) {
        for fixture in all() {
            let mut body = fixture.body.clone();
            let at = at.index(body.len());
            body[at] = byte;

            fixture.read([&body[..]]);
        }
    }
}
