//! Coded answers: the bytes pass as they are, a copy is decoded and read.

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use proptest::prelude::*;
use relay::stream::decode::{Coding, Decoder};
use relay::stream::observe::{End, Reading, Seen};
use relay::stream::tap::Tap;

use crate::fixture::{Fixture, all};

/// The value of a `content-encoding` header, and a function that codes a body so.
type Case = (&'static str, fn(&[u8]) -> Vec<u8>);

const CODINGS: [Case; 6] = [
    ("gzip", gzip),
    ("X-GZip, identity", gzip_of_two),
    ("deflate", zlib),
    ("deflate", deflate),
    ("br", brotli),
    ("zstd", zstd),
];

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

fn gzip_of_two(body: &[u8]) -> Vec<u8> {
    let (first, second) = body.split_at(body.len() / 2);
    [gzip(first), gzip(second)].concat()
}

fn zlib(body: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

fn deflate(body: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

fn brotli(body: &[u8]) -> Vec<u8> {
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
    encoder.write_all(body).expect("memory takes all");
    encoder.into_inner()
}

fn zstd(body: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(body, 3).expect("memory takes all")
}

fn tap(fixture: &Fixture, coding: &str) -> Tap {
    Tap::new(fixture.observer(), Coding::of(Some(coding)))
}

fn read<'a>(mut tap: Tap, pieces: impl IntoIterator<Item = &'a [u8]>) -> (Option<Reading>, Seen) {
    let mut seen = Seen::default();
    for piece in pieces {
        seen.merge(tap.feed(piece));
    }
    (tap.finish(End::Whole), seen)
}

#[test]
fn coded_answers_read_like_plain_ones_however_they_are_split() {
    for fixture in all() {
        let (expected, seen_plain) = fixture.read([&fixture.body[..]]);
        for (name, coded) in CODINGS {
            let body = coded(&fixture.body);
            for size in [1, 2, 3, 7, 64, 1024, body.len()] {
                let (reading, seen) = read(tap(&fixture, name), body.chunks(size));

                assert_eq!(reading.as_ref(), Some(&expected), "{} as {name} by {size}", fixture.name);
                assert_eq!(seen, seen_plain, "{} as {name} by {size}", fixture.name);
            }
        }
    }
}

#[test]
fn what_has_come_is_decoded_without_waiting_for_more() {
    let fixture = all().swap_remove(0);
    let begin =
        fixture.body.windows(18).position(|window| window == b"event: content_blo").expect("it is there");
    let begin = begin + 120;
    let flushed: [(&str, Vec<u8>); 3] = [
        ("gzip", {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder
                .write_all(&fixture.body[..begin])
                .and_then(|()| encoder.flush())
                .expect("memory takes all");
            encoder.get_ref().clone()
        }),
        ("br", {
            let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
            encoder
                .write_all(&fixture.body[..begin])
                .and_then(|()| encoder.flush())
                .expect("memory takes all");
            encoder.get_ref().clone()
        }),
        ("zstd", {
            let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).expect("it can be made");
            encoder
                .write_all(&fixture.body[..begin])
                .and_then(|()| encoder.flush())
                .expect("memory takes all");
            encoder.get_ref().clone()
        }),
    ];
    for (name, body) in flushed {
        let seen = tap(&fixture, name).feed(&body);

        assert!(seen.content, "{name}");
    }
}

#[test]
fn a_truncated_body_is_read_as_far_as_it_goes() {
    let fixture = all().swap_remove(0);
    for (name, coded) in CODINGS {
        let body = coded(&fixture.body);

        let (reading, _) = read(tap(&fixture, name), [&body[..body.len() - 12]]);

        let reading = reading.expect("its beginning can be read");
        assert!(!reading.complete || reading == fixture.expected, "{name}");
    }
}

#[test]
fn what_follows_the_coded_body_changes_nothing() {
    let fixture = all().swap_remove(0);
    for (name, coded) in [CODINGS[2], CODINGS[3], CODINGS[4]] {
        let body = [coded(&fixture.body), b"garbage".repeat(50)].concat();

        let (reading, _) = read(tap(&fixture, name), body.chunks(50));

        assert_eq!(reading.as_ref(), Some(&fixture.expected), "{name}");
    }
}

/// Counts what it is given.
#[derive(Default)]
struct Counter(u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_bomb_ends_the_decoding() {
    let zeros = vec![0; 8 << 20];
    for (name, coded) in CODINGS {
        let body = coded(&zeros);
        let mut decoder = Decoder::new(Coding::of(Some(name)), Counter::default());
        for piece in body.chunks(16 << 10) {
            decoder.push(piece);
        }

        assert!(decoder.has_failed(), "{name}");
        assert!(decoder.out().0 < 6 << 20, "{name}: {}", decoder.out().0);
    }
}

#[test]
fn a_window_beyond_the_bound_is_refused() {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).expect("it can be made");
    encoder
        .window_log(27)
        .and_then(|()| encoder.write_all(&[7; 1000]))
        .and_then(|()| encoder.flush())
        .expect("valid");
    let mut decoder = Decoder::new(Coding::Zstd, Counter::default());

    decoder.push(encoder.get_ref());

    assert!(decoder.has_failed());
}

#[test]
fn other_and_nested_codings_are_left_alone() {
    let fixture = all().swap_remove(0);
    for name in ["compress", "gzip, br", "gzip, gzip"] {
        assert_eq!(Coding::of(Some(name)), Coding::Opaque);

        let (reading, seen) = read(tap(&fixture, name), [&gzip(&fixture.body)[..]]);

        assert_eq!((reading, seen), (None, Seen::default()), "{name}");
    }
}

#[test]
fn an_answer_that_stops_being_decodable_is_read_up_to_there_and_marked() {
    let fixture = all().swap_remove(0);
    let half = fixture.body.len() / 2;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&fixture.body[..half]).and_then(|()| encoder.flush()).expect("memory takes all");
    let body = [encoder.get_ref(), &[0xff; 500][..]].concat();

    let (reading, _) = read(tap(&fixture, "gzip"), body.chunks(50));

    let reading = reading.expect("its beginning can be read");
    assert!(reading.input_seen && reading.usage.output_estimated && !reading.complete);
    assert_eq!(reading.usage.tokens.input, fixture.expected.usage.tokens.input);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn garbage_in_a_coded_body_is_survived(
        garbage in proptest::collection::vec(any::<u8>(), 0..200),
        at in any::<proptest::sample::Index>(),
        size in 1_usize..300,
    ) {
        for fixture in all() {
            for (name, coded) in CODINGS {
                let mut body = coded(&fixture.body);
                let at = at.index(body.len());
                body.splice(at..(at + garbage.len()).min(body.len()), garbage.iter().copied());

                read(tap(&fixture, name), body.chunks(size));
            }
        }
    }
}
