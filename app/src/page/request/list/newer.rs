//! Calls that ended since the list was read: counted, and shown when asked for.

use leptos::prelude::*;
use relay::model::request::{RequestRow, RequestSort};

use crate::address::request::Calls;
use crate::api::call::ListedCalls;
use crate::live::use_live;
use crate::moment::Civil;
use crate::part::icon::Icon;
use crate::preference::{use_preference, use_text};

/// The line above the list; nothing while there are none.
#[component]
pub(super) fn Newer(
    found: StoredValue<ListedCalls>,
    list: StoredValue<Calls>,
    /// Reads the list again.
    again: Callback<()>,
) -> impl IntoView {
    let text = use_text();
    let live = use_live();
    let since = found.with_value(|found| Civil::at(found.at_ms, &use_preference().zone).clock_with_seconds());
    let is_first = list.with_value(|list| list.after.is_empty() && list.sort == RequestSort::Newest);
    let count = Memo::new(move |_| {
        let is_new = |row: &&RequestRow| {
            list.with_value(|list| fits(row, list))
                && found.with_value(|found| found.page.rows.iter().all(|known| known.id != row.id))
        };
        if is_first { live.requests.with(|requests| requests.iter().filter(is_new).count()) } else { 0 }
    });
    move || {
        let count = count.get();
        let since = (text.calls.since)(&since);
        (count > 0).then(|| {
            view! {
                <div class="newer" role="status">
                    <button class="button tiny" type="button" on:click=move |_| again.run(())>
                        <Icon name="rise"/>
                        {(text.calls.newer)(count)}
                    </button>
                    <span>{since}</span>
                </div>
            }
        })
    }
}

/// As far as a row alone can tell.
fn fits(row: &RequestRow, list: &Calls) -> bool {
    let only = &list.only;
    let find = list.find.trim().to_lowercase();
    let holds = |text: &str| text.to_lowercase().contains(&find);
    let is_found = find.is_empty()
        || holds(&row.key_name)
        || holds(&row.model)
        || row.account_name.as_deref().is_some_and(holds)
        || row.cause.as_deref().is_some_and(holds);
    is_found
        && only.key.as_ref().is_none_or(|key| *key == row.key)
        && only.model.as_ref().is_none_or(|model| *model == row.model)
        && only.account.as_ref().is_none_or(|account| Some(account) == row.account.as_ref())
        && only.outcome.is_none_or(|outcome| outcome == row.outcome)
}
