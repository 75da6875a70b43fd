//! Frames: length, checksum, kind, JSON. Whole frames count; the first one that is not ends the reading.

use std::io;

use serde::Serialize;

use super::Opened;
use crate::store::attempt::Attempt;

/// Longest frame. Texts that clients choose are cut long before it.
pub(super) const FRAME_MAX: u64 = 4 << 10;

const HEADER: usize = 8;

/// What a frame holds.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Opened = b'O' as isize,
    Settled = b'S' as isize,
}

pub(super) enum Entry {
    Opened(Opened),
    Settled(Attempt),
}

/// Writes one frame into `into`, which is cleared first.
pub(super) fn encode<T: Serialize>(kind: Kind, record: &T, into: &mut Vec<u8>) -> io::Result<()> {
    into.clear();
    into.extend_from_slice(&[0; HEADER]);
    into.push(kind as u8);
    serde_json::to_writer(&mut *into, record)?;
    let length = u32::try_from(into.len() - HEADER).map_err(io::Error::other)?;
    let checksum = crc32fast::hash(&into[HEADER..]);
    into[..4].copy_from_slice(&length.to_le_bytes());
    into[4..HEADER].copy_from_slice(&checksum.to_le_bytes());
    Ok(())
}

/// Takes the first whole frame off `bytes`. `None` at the end, at a torn frame and at a damaged one.
pub(super) fn next(bytes: &mut &[u8]) -> Option<Entry> {
    let (header, rest) = bytes.split_first_chunk::<HEADER>()?;
    let length = u32::from_le_bytes([header[0], header[1], header[2], header[3]]);
    let checksum = u32::from_le_bytes([header[4], header[5], header[6], header[7]]);
    let payload = rest.get(..usize::try_from(length).ok()?)?;
    if payload.is_empty() || crc32fast::hash(payload) != checksum {
        return None;
    }
    let entry = match payload[0] {
        b'O' => Entry::Opened(serde_json::from_slice(&payload[1..]).ok()?),
        b'S' => Entry::Settled(serde_json::from_slice(&payload[1..]).ok()?),
        _ => return None,
    };
    *bytes = &rest[payload.len()..];
    Some(entry)
}
