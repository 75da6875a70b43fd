//! Every account in a line: can it serve, what has it served today.

use leptos::prelude::*;
use relay::model::account::{AccountRow, AccountState};

use super::board::Figures;
use crate::address::account::one;
use crate::format;
use crate::moment::use_clock;
use crate::part::badge::Badge;
use crate::part::fold::Fold;
use crate::part::quantity::{Money, Tokens};
use crate::part::sheet::Sheet;
use crate::part::state::{account_detail, account_state, kind_name};
use crate::preference::{use_preference, use_text};
use crate::room::ACCOUNTS;

/// The panel.
#[component]
pub(super) fn AccountPanel(figures: Figures) -> impl IntoView {
    let text = use_text();
    let accounts = Memo::new(move |_| figures.shown.with(|shown| shown.accounts.clone()));
    let note = Signal::derive(move || (text.dashboard.today_count)(accounts.with(Vec::len)));
    let link = ViewFn::from(move || {
        view! { <a class="small" href=ACCOUNTS.path>{text.dashboard.all_accounts}</a> }
    });
    let head = |word: &'static str| view! { <th scope="col" class="n">{word}</th> };
    let table = move || {
        let rows = accounts.get().into_iter().map(|account| view! { <Line account/> }).collect_view();
        view! {
            <table class="table free stack accounts-today">
                <thead>
                    <tr>
                        <th scope="col">{text.dashboard.account}</th>
                        <th scope="col">{text.dashboard.state}</th>
                        {head(text.dashboard.requests)}
                        {head(text.dashboard.tokens)}
                        {head(text.dashboard.cost)}
                        {head(text.dashboard.streams)}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
    };
    view! {
        <Sheet id="accounts" title=text.frame.accounts note tools=link>
            <Show
                when=move || accounts.with(|accounts| !accounts.is_empty())
                fallback=move || view! { <p class="none">{text.dashboard.no_account}</p> }
            >
                {table}
                <Fold rows=Signal::derive(move || accounts.with(Vec::len))/>
            </Show>
        </Sheet>
    }
}

#[component]
fn Line(account: AccountRow) -> impl IntoView {
    let text = use_text();
    let (clock, zone) = (use_clock(), use_preference().zone);
    let kind = kind_name(account.kind, text);
    let (tone, word) = account_state(&account.state, text);
    let cause = match &account.state {
        AccountState::Cooling { cause, .. }
        | AccountState::Parked { cause, .. }
        | AccountState::NeedsSignIn { cause, .. } => cause.clone(),
        AccountState::Able | AccountState::Paused { .. } => String::new(),
    };
    let state = account.state.clone();
    let detail = move || account_detail(&state, clock.now_ms(), &zone, text);
    let href = one(&account.id);
    let streams = if account.in_flight == 0 { "–".to_owned() } else { account.in_flight.to_string() };
    let label = &text.dashboard;
    view! {
        <tr>
            <th scope="row" class="half">
                <span class="name"><a href=href>{account.name}</a><small>{kind}</small></span>
            </th>
            <td class="half" title=cause>
                <span class="name"><Badge tone word=word/><small>{detail}</small></span>
            </td>
            <td class="n" data-label=label.requests>{format::grouped(account.today.requests)}</td>
            <td class="n" data-label=label.tokens><Tokens count=account.today.tokens.all()/></td>
            <td class="n" data-label=label.cost><Money amount=account.today.cost/></td>
            <td class="n" data-label=label.streams>{streams}</td>
        </tr>
    }
}
