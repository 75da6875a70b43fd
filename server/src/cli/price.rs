//! What can be written about prices.

use clap::{Args, Subcommand};
use relay::model::price::NewOverride;

use crate::command::Command;
use crate::command::price::PriceCommand;

/// What to do with prices.
#[derive(Debug, Subcommand)]
pub(crate) enum PriceAction {
    /// List every model with its prices, those of your own included
    List {
        /// Only models in whose name or other names this is
        #[arg(long)]
        model: Option<String>,
    },
    /// Set prices of your own for a model; it holds for the next answer, and the books stay as they are
    Override(Box<Override>),
    /// Remove prices of your own of a model
    Remove {
        /// The model, by any of its names
        model: String,
        /// Only those that begin then
        #[arg(long)]
        from: Option<String>,
    },
    /// Price a stretch of the past anew with the prices in force, each call at its own instant
    Reprice {
        /// From when on: 7d, month, all, a day or an instant, as for `usage`
        #[arg(long)]
        since: String,
        /// Until when; now if nothing is said
        #[arg(long)]
        until: Option<String>,
    },
}

/// Prices of your own.
#[derive(Debug, Args)]
pub(crate) struct Override {
    /// The model, by any of its names
    model: String,
    /// From when on: a day or an instant, also in the past; now if nothing is said
    #[arg(long)]
    from: Option<String>,
    /// Dollars per million prompt tokens; what is not given keeps the list's price
    #[arg(long)]
    input: Option<String>,
    /// Dollars per million of them that are audio
    #[arg(long)]
    input_audio: Option<String>,
    /// Dollars per million output tokens
    #[arg(long)]
    output: Option<String>,
    /// Dollars per million tokens written to the cache for five minutes
    #[arg(long = "cache-write-5m")]
    cache_write_5m: Option<String>,
    /// Dollars per million tokens written to the cache for an hour
    #[arg(long = "cache-write-1h")]
    cache_write_1h: Option<String>,
    /// Dollars per million tokens read from the cache
    #[arg(long)]
    cache_read: Option<String>,
    /// Dollars per thousand web searches
    #[arg(long)]
    web_search: Option<String>,
}

impl PriceAction {
    pub(crate) fn command(self) -> Command {
        Command::Price(match self {
            Self::List { model } => PriceCommand::List { model },
            Self::Override(given) => given.command(),
            Self::Remove { model, from } => PriceCommand::Remove { model, from },
            Self::Reprice { since, until } => PriceCommand::Reprice { since, until },
        })
    }
}

impl Override {
    fn command(self) -> PriceCommand {
        let given = NewOverride {
            model: self.model,
            from_ms: None,
            input: self.input,
            input_audio: self.input_audio,
            output: self.output,
            cache_write_5m: self.cache_write_5m,
            cache_write_1h: self.cache_write_1h,
            cache_read: self.cache_read,
            web_search: self.web_search,
        };
        PriceCommand::Override { given: Box::new(given), from: self.from }
    }
}
