//! What the fields of a key may hold.

use crate::admin::{Error, name};
use crate::model::key::{Binding, KeyAbout};
use crate::model::limit::KeyLimits;
use crate::model::problem::Problem;
use crate::state::Shared;

const LONGEST_NOTE: usize = 500;
const LONGEST_OWNER: u32 = 100;
const LONGEST_TAG: u32 = 40;
const MOST_TAGS: i64 = 20;

pub(super) fn about(given: &KeyAbout) -> Result<KeyAbout, Error> {
    Ok(KeyAbout { note: note(&given.note)?, owner: owner(&given.owner)?, tags: tags("tags", &given.tags)? })
}

pub(super) fn note(given: &str) -> Result<String, Error> {
    name::note("note", given, LONGEST_NOTE)
}

pub(super) fn owner(given: &str) -> Result<String, Error> {
    line("owner", given, LONGEST_OWNER)
}

/// Without space around them, in lower case, in order, each once.
pub(super) fn tags(field: &str, given: &[String]) -> Result<Vec<String>, Error> {
    let mut tags = Vec::with_capacity(given.len());
    for tag in given {
        let tag = line(field, &tag.to_lowercase(), LONGEST_TAG)?;
        if tag.contains(',') {
            return Err(Error::field(field, Problem::BadCharacters));
        }
        if !tag.is_empty() {
            tags.push(tag);
        }
    }
    tags.sort_unstable();
    tags.dedup();
    bounded(field, &tags)?;
    Ok(tags)
}

/// No key has more tags than it may.
pub(super) fn bounded(field: &str, tags: &[String]) -> Result<(), Error> {
    let is_bounded = i64::try_from(tags.len()).is_ok_and(|count| count <= MOST_TAGS);
    if is_bounded { Ok(()) } else { Err(Error::field(field, Problem::OutOfRange { min: 0, max: MOST_TAGS })) }
}

fn line(field: &str, given: &str, max: u32) -> Result<String, Error> {
    let line = given.trim();
    if line.chars().count() > max as usize {
        return Err(Error::field(field, Problem::TooLong { max }));
    }
    if line.chars().any(char::is_control) {
        return Err(Error::field(field, Problem::BadCharacters));
    }
    Ok(line.to_owned())
}

pub(super) fn limits(given: KeyLimits) -> Result<KeyLimits, Error> {
    given.check()?;
    Ok(given)
}

/// What a key is bound to must be there.
pub(super) fn binding(shared: &Shared, binding: Binding) -> Result<Binding, Error> {
    let is_there = match &binding {
        Binding::Any => true,
        Binding::Account(id) => shared.accounts.find(id).is_some(),
        Binding::Group(id) => shared.accounts.group(id).is_some(),
    };
    if is_there { Ok(binding) } else { Err(Error::field("account", Problem::NotFound)) }
}
