//! What is done with prices.

use relay::admin::price;
use relay::admin::usage::bounds;
use relay::admin::{Admin, Error};
use relay::model::price::{NewOverride, PriceRow};
use relay::state::Shared;
use serde::{Deserialize, Serialize};

use super::Reply;

/// About prices.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PriceCommand {
    List { model: Option<String> },
    Override { given: Box<NewOverride>, from: Option<String> },
    Remove { model: String, from: Option<String> },
    Reprice { since: String, until: Option<String> },
}

/// A model that has the list's prices again.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Unset {
    pub(crate) model: String,
    pub(crate) removed: bool,
}

pub(super) async fn execute(shared: &Shared, admin: &Admin, command: PriceCommand) -> Result<Reply, Error> {
    let instant = |from: Option<String>| Ok::<_, Error>(bounds(&shared.clock, from.as_deref(), None)?.0);
    match command {
        PriceCommand::List { model } => {
            let mut list = price::list(shared, admin).await?;
            if let Some(model) = model {
                list.rows.retain(|row| is_named(row, &model.to_lowercase()));
            }
            Ok(Reply::Prices(Box::new(list)))
        }
        PriceCommand::Override { given, from } => {
            let given = NewOverride { from_ms: instant(from)?, ..*given };
            Ok(Reply::Price(Box::new(price::set(shared, admin, given).await?)))
        }
        PriceCommand::Remove { model, from } => {
            price::unset(shared, admin, &model, instant(from)?).await?;
            Ok(Reply::Unset(Unset { model, removed: true }))
        }
        PriceCommand::Reprice { since, until } => {
            let (since_ms, until_ms) = bounds(&shared.clock, Some(&since), until.as_deref())?;
            let until_ms = until_ms.unwrap_or_else(|| shared.clock.now_ms() + 1);
            let repriced = price::reprice(shared, admin, since_ms.unwrap_or(0), until_ms).await?;
            Ok(Reply::Repriced(Box::new(repriced)))
        }
    }
}

fn is_named(row: &PriceRow, text: &str) -> bool {
    let mut names = row.aliases.iter().chain([&row.model]);
    names.any(|name| name.to_lowercase().contains(text))
}
