//! Frames: length, checksum, kind, JSON. What is not a whole frame with the right checksum is damage: it can be
//! stepped over to the next frame that is whole.

use std::io;

use serde::Serialize;

use super::Opened;
use crate::store::attempt::Attempt;

/// Room that is set aside for a frame. Texts that clients and upstreams choose are cut long before it.
pub(super) const FRAME_MAX: u64 = 4 << 10;

/// A length beyond this is no frame's.
pub(super) const LONGEST: usize = 64 << 10;

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
    /// A whole frame that another version of the relay may understand.
    Unknown,
}

/// Appends one frame to `into`.
pub(super) fn encode<T: Serialize>(kind: Kind, record: &T, into: &mut Vec<u8>) -> io::Result<()> {
    let start = into.len();
    into.extend_from_slice(&[0; HEADER]);
    into.push(kind as u8);
    if let Err(error) = serde_json::to_writer(&mut *into, record) {
        into.truncate(start);
        return Err(error.into());
    }
    let (header, payload) = into[start..].split_at_mut(HEADER);
    let length = u32::try_from(payload.len()).map_err(io::Error::other)?;
    header[..4].copy_from_slice(&length.to_le_bytes());
    header[4..].copy_from_slice(&crc32fast::hash(payload).to_le_bytes());
    Ok(())
}

/// Takes the first frame off `bytes`. `None` at the end, and where no whole frame begins.
pub(super) fn next(bytes: &mut &[u8]) -> Option<Entry> {
    let payload = whole(bytes)?;
    let record = &payload[1..];
    let entry = match payload[0] {
        b'O' => serde_json::from_slice(record).map(Entry::Opened),
        b'S' => serde_json::from_slice(record).map(Entry::Settled),
        _ => Ok(Entry::Unknown),
    };
    *bytes = &bytes[HEADER + payload.len()..];
    Some(entry.unwrap_or(Entry::Unknown))
}

/// How many bytes of damage come before the next whole frame, if there is one.
pub(super) fn damage(bytes: &[u8]) -> Option<usize> {
    (1..bytes.len()).find(|start| whole(&bytes[*start..]).is_some())
}

/// The payload of the frame that begins here.
fn whole(bytes: &[u8]) -> Option<&[u8]> {
    let (header, rest) = bytes.split_first_chunk::<HEADER>()?;
    let length = u32::from_le_bytes([header[0], header[1], header[2], header[3]]);
    let length = usize::try_from(length).ok().filter(|length| (1..=LONGEST).contains(length))?;
    let checksum = u32::from_le_bytes([header[4], header[5], header[6], header[7]]);
    rest.get(..length).filter(|payload| crc32fast::hash(payload) == checksum)
}
