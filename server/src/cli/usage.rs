//! What can be written about usage.

use clap::{Args, Subcommand};
use relay::model::explore::{Measure, SplitBy};
use relay::model::outcome::Outcome;

use crate::command::Command;
use crate::command::usage::{Only, UsageCommand};

/// A question, or an act on the books.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct UsageArguments {
    #[command(subcommand)]
    action: Option<UsageAction>,
    #[command(flatten)]
    question: Question,
}

/// What else to do with usage.
#[derive(Debug, Subcommand)]
enum UsageAction {
    /// Count every sum anew from the records, with code of its own, and tell what differs
    Verify,
}

/// What is asked.
#[derive(Debug, Args)]
struct Question {
    /// model, key, account, owner, tag, outcome, day or hour
    #[arg(long, value_parser = split_by, default_value = "model")]
    by: SplitBy,
    /// 24h, today, 7d, 30d, month, all, any number of hours or days, a day (2026-11-24) or an instant; 7d if nothing is
    /// said
    #[arg(long)]
    since: Option<String>,
    /// A day, which is in it, or an instant, which is not
    #[arg(long)]
    until: Option<String>,
    /// Largest first by this: cost, requests, failed, tokens, input, output, cache_write, cache_read, first_byte or
    /// duration
    #[arg(long, value_parser = measure, default_value = "cost")]
    order: Measure,
    /// Of this key alone, by id or name
    #[arg(long)]
    key: Option<String>,
    /// Of this model alone
    #[arg(long)]
    model: Option<String>,
    /// Of this account alone, by id or name
    #[arg(long)]
    account: Option<String>,
    /// Of the keys of this owner alone
    #[arg(long)]
    owner: Option<String>,
    /// Of the keys with this tag alone
    #[arg(long)]
    tag: Option<String>,
    /// Of attempts that ended so: ok, client_gone, upstream_cut, upstream_error, rejected or abandoned
    #[arg(long, value_parser = outcome)]
    outcome: Option<Outcome>,
    /// Print CSV for spreadsheets
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

impl UsageArguments {
    pub(crate) fn command(self) -> Command {
        let question = self.question;
        Command::Usage(match self.action {
            Some(UsageAction::Verify) => UsageCommand::Verify,
            None => UsageCommand::Ask {
                by: question.by,
                since: question.since,
                until: question.until,
                measure: question.order,
                only: Box::new(Only {
                    key: question.key,
                    model: question.model,
                    account: question.account,
                    owner: question.owner,
                    tag: question.tag,
                    outcome: question.outcome,
                }),
                csv: question.csv,
            },
        })
    }
}

fn split_by(text: &str) -> Result<SplitBy, String> {
    SplitBy::from_name(text).ok_or_else(|| one_of(&SplitBy::ALL.map(SplitBy::name)))
}

fn measure(text: &str) -> Result<Measure, String> {
    Measure::from_name(text).ok_or_else(|| one_of(&Measure::ALL.map(Measure::name)))
}

fn outcome(text: &str) -> Result<Outcome, String> {
    Outcome::from_name(text).ok_or_else(|| one_of(&Outcome::ALL.map(Outcome::name)))
}

fn one_of(names: &[&str]) -> String {
    format!("one of: {}", names.join(", "))
}
