//! Usage: answers to questions, and what can be asked for.

use leptos::prelude::*;
use relay::model::explore::{Exploration, Question};
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

use super::error::ApiError;

/// Names that figures can be narrowed to, those used most first: an id and what to show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// Client keys.
    pub keys: Vec<(String, String)>,
    /// Upstream accounts.
    pub accounts: Vec<(String, String)>,
    /// Models that answered.
    pub models: Vec<(String, String)>,
    /// Owners of keys.
    pub owners: Vec<(String, String)>,
    /// Tags of keys.
    pub tags: Vec<(String, String)>,
}

/// The answer to a question.
#[server(prefix = "/web/fn", endpoint = "explore", input = Json)]
pub async fn explore(question: Question) -> Result<Exploration, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    super::relay::read(relay::admin::usage::explore(&shared, &admin, &question).await)
}

/// Names of all that was ever used, bounded.
#[server(prefix = "/web/fn", endpoint = "used_names")]
pub async fn get_names() -> Result<Names, ApiError> {
    use relay::model::explore::SplitBy;

    Ok(Names {
        keys: names(SplitBy::Key).await?,
        accounts: names(SplitBy::Account).await?,
        models: names(SplitBy::Model).await?,
        owners: names(SplitBy::Owner).await?,
        tags: names(SplitBy::Tag).await?,
    })
}

#[cfg(feature = "ssr")]
async fn names(by: relay::model::explore::SplitBy) -> Result<Vec<(String, String)>, ApiError> {
    use relay::model::explore::Span;

    /// More help nobody to choose.
    const MOST: usize = 200;

    let read = explore(Question { span: Span::All, by, ..Question::default() }).await?;
    let named = read.parts.into_iter().filter(|share| !share.id.is_empty());
    Ok(named.take(MOST).map(|share| (share.id, share.name)).collect())
}
