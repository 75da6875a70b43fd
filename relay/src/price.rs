//! List prices: which model costs what, since when.
//!
//! The table is a file of the repository, put into the binary; a file of the operator's can be laid over it. Prices
//! are exact: decimal text becomes integers, and no float is ever in between. A model that the table does not have
//! has no price; it is never free by default.

mod current;
mod decimal;
mod entry;
mod name;
mod own;
mod rates;

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

pub use current::Prices;
pub use decimal::{Factor, Rate};
pub use entry::{Entry, EntryProblem};
pub use rates::Rates;

const EMBEDDED: &str = include_str!("../prices.json");

/// The largest file that is taken for a price table, in bytes.
const LARGEST_FILE: u64 = 16 << 20;

/// The price table. Immutable: a new one takes its place.
#[derive(Clone, Debug)]
pub struct Table {
    entries: Vec<Entry>,
    names: HashMap<String, usize>,
    prefixes: HashMap<String, usize>,
    /// What it was made of, lowest first.
    layers: Vec<Cow<'static, str>>,
    /// The operator's own prices on top, as text; empty without any.
    own: String,
    version: String,
}

/// What was found for a model's name.
#[derive(Clone, Copy, Debug)]
pub struct Match<'a> {
    /// The prices.
    pub entry: &'a Entry,
    /// The name is not listed; only its beginning is. The price is the likely one and should be marked.
    pub is_guess: bool,
}

/// Why a file is no price table. The table in use stays what it was.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The file cannot be read.
    #[error("the price table {} cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        #[source]
        source: std::io::Error,
    },
    /// Beyond any sensible size.
    #[error("the price table {} is larger than 16 MiB", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// Not a JSON array.
    #[error("a price table must be a JSON array of entries")]
    NotAnArray(#[source] serde_json::Error),
    /// An array without entries would leave every model without a price.
    #[error("the price table has no entries")]
    Empty,
    /// One entry is wrong; none is taken then.
    #[error("entry {number} of the price table ({id}): {problem}")]
    Entry {
        /// Counted from 1.
        number: usize,
        /// Its id, as far as it can be told.
        id: String,
        /// What is wrong.
        problem: EntryProblem,
    },
    /// The operator's own prices, kept as text, are not what they were.
    #[error("the operator's own prices cannot be read")]
    Own(#[source] serde_json::Error),
    /// Two entries claim the same name, alias or prefix.
    #[error("the price table has two entries for {0}")]
    Ambiguous(String),
}

impl Table {
    /// The table that the binary came with.
    #[expect(clippy::expect_used, reason = "the file is part of the build and a test reads it")]
    pub fn embedded() -> Self {
        Self::of(vec![EMBEDDED.into()]).expect("the embedded price table is valid")
    }

    /// The embedded table with the entries of a file laid over it: they replace what has the same id, and what
    /// they name is theirs.
    ///
    /// # Errors
    /// The file cannot be read, or anything in it is not as it must be.
    pub fn with_file(path: &Path) -> Result<Self, TableError> {
        let unreadable = |source| TableError::Unreadable { path: path.to_owned(), source };
        if std::fs::metadata(path).map_err(unreadable)?.len() > LARGEST_FILE {
            return Err(TableError::TooLarge { path: path.to_owned() });
        }
        Self::with_json(&std::fs::read_to_string(path).map_err(unreadable)?)
    }

    /// Like [`Table::with_file`], from the file's text.
    ///
    /// # Errors
    /// Anything in it is not as it must be.
    pub fn with_json(json: &str) -> Result<Self, TableError> {
        Self::of(vec![EMBEDDED.into(), json.to_owned().into()])
    }

    /// A table as it was, from [`Table::layers`] and [`Table::own`].
    ///
    /// # Errors
    /// Anything in the layers is not as it must be.
    pub fn restored(layers: Vec<String>, own: &str) -> Result<Self, TableError> {
        let table = Self::of(layers.into_iter().map(Cow::from).collect())?;
        let own = if own.is_empty() { Vec::new() } else { own::read(own)? };
        Ok(table.with_overrides(&own))
    }

    /// The tables laid over each other, the last one on top.
    fn of(layers: Vec<Cow<'static, str>>) -> Result<Self, TableError> {
        let mut table = Self {
            entries: Vec::new(),
            names: HashMap::new(),
            prefixes: HashMap::new(),
            layers: Vec::new(),
            own: String::new(),
            version: String::new(),
        };
        for layer in &layers {
            let first = table.entries.len();
            for entry in entry::read_all(layer)? {
                table.add(entry, first)?;
            }
        }
        table.layers = layers;
        table.version = table.hash();
        Ok(table)
    }

    fn hash(&self) -> String {
        let mut hash = Sha256::new();
        for layer in &self.layers {
            hash.update(layer.as_bytes());
        }
        hash.update(&self.own);
        hex::encode(&hash.finalize()[..6])
    }

    /// Adds an entry of the layer whose entries begin at `first`.
    fn add(&mut self, entry: Entry, first: usize) -> Result<(), TableError> {
        let index = self.entries.len();
        let names = [&entry.id].into_iter().chain(&entry.aliases);
        claim(&mut self.names, names, index, first)?;
        claim(&mut self.prefixes, &entry.prefixes, index, first)?;
        self.entries.push(entry);
        Ok(())
    }

    /// A short hash of the table's contents: records keep it to name the prices they were computed with.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The texts that it was made of, lowest first, without the operator's own prices.
    pub fn layers(&self) -> impl Iterator<Item = &str> {
        self.layers.iter().map(AsRef::as_ref)
    }

    /// The operator's own prices in it, as text; empty without any.
    pub fn own(&self) -> &str {
        &self.own
    }

    /// Every entry, in the order of the list.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The prices of a model, by the name that the answer gave.
    ///
    /// Exact names come first, then the longest listed beginning that ends where a part of the name ends. If what
    /// follows begins with a digit and is no date, it is another model (`claude-opus-4-9` is not `claude-opus-4`),
    /// and nothing is found.
    pub fn find(&self, model: &str) -> Option<Match<'_>> {
        let (index, is_guess) = self.index(&name::normalised(model))?;
        Some(Match { entry: &self.entries[index], is_guess })
    }

    /// Where a normalised name's entry is, and whether that is a guess.
    fn index(&self, model: &str) -> Option<(usize, bool)> {
        if let Some(index) = self.names.get(model) {
            return Some((*index, false));
        }
        let (index, rest) = name::beginnings(model)
            .find_map(|(beginning, rest)| self.prefixes.get(beginning).map(|index| (*index, rest)))?;
        match name::Rest::of(rest) {
            name::Rest::Version => Some((index, false)),
            name::Rest::Variant => Some((index, true)),
            name::Rest::OtherModel => None,
        }
    }
}

/// Notes names for an entry. A name of a lower layer is taken over, one of the same layer is not.
fn claim<'a>(
    names: &mut HashMap<String, usize>,
    claimed: impl IntoIterator<Item = &'a String>,
    index: usize,
    first: usize,
) -> Result<(), TableError> {
    for name in claimed {
        match names.insert(name.clone(), index) {
            Some(other) if other >= first && other != index => {
                return Err(TableError::Ambiguous(name.clone()));
            }
            _ => {}
        }
    }
    Ok(())
}
