//! The first start: the first administrator, and what the welcome shows.

use leptos::prelude::*;
use relay::model::account::AccountRow;
use relay::model::key::CreatedKey;
use relay::model::session::SetupProgress;
use serde::{Deserialize, Serialize};

use super::error::{Answer, ApiError};

/// What the welcome goes by.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stops {
    /// Every account.
    pub accounts: Vec<AccountRow>,
    /// How many keys there are.
    pub keys: usize,
    /// The address that clients use, without a slash at the end.
    pub address: String,
    /// A key just made without WASM.
    pub made: Option<CreatedKey>,
}

/// How far the set-up is for this browser. Public: the set-up cookie is the permission.
#[server(prefix = "/web/fn", endpoint = "setup")]
pub async fn get_setup() -> Result<SetupProgress, ApiError> {
    use relay::admin::setup;

    let shared = super::relay::shared()?;
    let progress = setup::progress(&shared, super::door::setup_token(&shared).as_ref()).await;
    super::relay::read(progress)
}

/// Makes the first administrator, signs him in, and leads to the welcome. Public: the set-up cookie is the permission.
#[server(prefix = "/web/fn", endpoint = "set_up")]
pub async fn set_up(username: String, password: String) -> Result<Answer<()>, ApiError> {
    use relay::admin::setup;

    let shared = super::relay::shared()?;
    let token = super::door::setup_token(&shared);
    let opened = setup::set_up(&shared, token.as_ref(), &username, password.into()).await;
    let form = super::typed::Form::typed(&[("username", &username)]);
    let opened = match form.answer(opened)? {
        Ok(opened) => opened,
        Err(problems) => return Ok(Err(problems)),
    };
    super::door::keep(&shared, &opened);
    leptos_axum::redirect(crate::room::WELCOME);
    Ok(Ok(()))
}

/// What the welcome goes by.
#[server(prefix = "/web/fn", endpoint = "stops")]
pub async fn get_stops() -> Result<Stops, ApiError> {
    use relay::admin::{account, flash, key};

    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    Ok(Stops {
        accounts: super::relay::read(account::list(&shared, &admin).await)?,
        keys: super::relay::read(key::list(&shared, &admin).await)?.len(),
        address: super::door::address(&shared),
        made: flash::take_keys(&shared, &admin).and_then(|keys| keys.into_iter().next()),
    })
}
