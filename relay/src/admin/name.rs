//! What administrators' names and passwords may be.

use super::Error;
use crate::model::problem::Problem;
use crate::secret::Secret;

const LONGEST_NAME: usize = 64;
const SHORTEST_PASSWORD: usize = 10;
const LONGEST_PASSWORD: usize = 256;

/// A name without space around it.
pub(super) fn username(field: &str, given: &str) -> Result<String, Error> {
    let name = given.trim();
    match name.chars().count() {
        0 => Err(Error::field(field, Problem::Required)),
        n if n > LONGEST_NAME => Err(Error::field(field, Problem::TooLong { max: 64 })),
        _ if name.chars().any(char::is_control) => Err(Error::field(field, Problem::BadCharacters)),
        _ => Ok(name.to_owned()),
    }
}

/// Long enough, and not the name.
pub(super) fn password(field: &str, given: &Secret, username: &str) -> Result<(), Error> {
    let text = given.reveal();
    match text.chars().count() {
        0 => Err(Error::field(field, Problem::Required)),
        n if n < SHORTEST_PASSWORD => Err(Error::field(field, Problem::TooShort { min: 10 })),
        n if n > LONGEST_PASSWORD => Err(Error::field(field, Problem::TooLong { max: 256 })),
        _ if text.to_lowercase() == username.to_lowercase() => Err(Error::field(field, Problem::SameAsName)),
        _ => Ok(()),
    }
}

const LONGEST_TITLE: usize = 100;

/// The name of a key or an account, without space around it.
pub(super) fn title(field: &str, given: &str) -> Result<String, Error> {
    let name = given.trim();
    match name.chars().count() {
        0 => Err(Error::field(field, Problem::Required)),
        n if n > LONGEST_TITLE => Err(Error::field(field, Problem::TooLong { max: 100 })),
        _ if name.chars().any(char::is_control) => Err(Error::field(field, Problem::BadCharacters)),
        _ => Ok(name.to_owned()),
    }
}

/// A text of several lines for people, which may be empty.
pub(super) fn note(field: &str, given: &str, max: usize) -> Result<String, Error> {
    let note = given.trim();
    if note.chars().count() > max {
        return Err(Error::field(field, Problem::TooLong { max: u32::try_from(max).unwrap_or(u32::MAX) }));
    }
    if note.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Error::field(field, Problem::BadCharacters));
    }
    Ok(note.to_owned())
}
