//! Which colour a name has: the one that it got first, on every page, as long as the console is open.

use std::collections::BTreeMap;

use leptos::prelude::*;
use relay::model::explore::SplitBy;
use relay::model::figure::GroupBy;

/// There are so many colours that can be told apart.
const COLOURS: usize = 8;

/// Colours of models, keys and accounts.
#[derive(Clone, Copy)]
pub(crate) struct Palette {
    known: StoredValue<BTreeMap<(u8, String), u8>>,
}

impl Palette {
    pub(crate) fn new() -> Self {
        Self { known: StoredValue::new(BTreeMap::new()) }
    }

    /// For everything below.
    pub(crate) fn provide() {
        provide_context(Self::new());
    }

    /// 1 to 8; 0 (grey) when all are taken, and for what has no name.
    pub(crate) fn colour(self, by: SplitBy, id: &str) -> u8 {
        let mut colour = 0;
        if !id.is_empty() {
            self.known.update_value(|known| colour = assign(known, by as u8, id));
        }
        colour
    }
}

/// The colours of this console.
pub(crate) fn use_palette() -> Palette {
    expect_context::<Palette>()
}

/// What a group of the overview is to the explorer.
pub(crate) fn split_of(group: GroupBy) -> SplitBy {
    match group {
        GroupBy::Model => SplitBy::Model,
        GroupBy::Key => SplitBy::Key,
        GroupBy::Account => SplitBy::Account,
    }
}

fn assign(known: &mut BTreeMap<(u8, String), u8>, group: u8, id: &str) -> u8 {
    if let Some(colour) = known.get(&(group, id.to_owned())) {
        return *colour;
    }
    let taken = known.keys().filter(|(known, _)| *known == group).count();
    let colour = if taken < COLOURS { u8::try_from(taken + 1).unwrap_or_default() } else { 0 };
    known.insert((group, id.to_owned()), colour);
    colour
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_colour_and_the_ninth_is_grey() {
        let mut known = BTreeMap::new();
        let first: Vec<u8> = (0..9).map(|name| assign(&mut known, 0, &name.to_string())).collect();

        assert_eq!(first, [1, 2, 3, 4, 5, 6, 7, 8, 0]);
        assert_eq!(assign(&mut known, 0, "3"), 4);
        assert_eq!(assign(&mut known, 1, "3"), 1);
    }
}
