//! The account's tokens: until when they are good, and how their refreshes went.

use leptos::form::ActionForm;
use leptos::prelude::*;
use relay::model::account::{AccountState, RefreshRow};

use super::One;
use crate::api::account::RefreshAccount;
use crate::api::error::problems_of;
use crate::moment::{self, use_clock};
use crate::part::badge::{Badge, Tone};
use crate::part::field::FormProblem;
use crate::part::fold::Fold;
use crate::part::icon::Icon;
use crate::part::sheet::Sheet;
use crate::part::time::Brief;
use crate::preference::{use_preference, use_text};

/// The sheet; nothing for an account that never signs in.
#[component]
pub(super) fn Token(one: One, is_oauth: bool) -> impl IntoView {
    let text = &use_text().detail;
    let action = ServerAction::<RefreshAccount>::new();
    one.fresh.follow(action.version());
    // Where nothing but a new sign-in helps, the state says so.
    let problems = Signal::derive(move || match one.state.get() {
        AccountState::NeedsSignIn { .. } => Vec::new(),
        _ => action.value().with(problems_of),
    });
    let is_refreshed = Memo::new(move |_| {
        one.fresh.shown.with(|detail| detail.as_ref().is_some_and(|detail| detail.is_refreshed))
    });
    let pending = action.pending();
    let word = move || if pending.get() { text.refreshing } else { text.refresh_now };
    let button = move || {
        is_refreshed.get().then(|| {
            view! {
                <ActionForm action>
                    <input type="hidden" name="id" value=one.id.get_value().to_string()/>
                    <button
                        class="button tiny"
                        type="submit"
                        aria-busy=move || pending.get().to_string()
                        disabled=move || pending.get()
                    >
                        <Icon name="refresh"/>
                        {word}
                    </button>
                </ActionForm>
            }
        })
    };
    let how = move || if is_refreshed.get() { text.ahead_of_time } else { text.not_refreshed };
    is_oauth.then(|| {
        view! {
            <Sheet id="token" title=text.token tools=ViewFn::from(move || view! { {button} })>
                <FormProblem problems/>
                <Good one/>
                <p class="small quiet">{how}</p>
                <History one/>
            </Sheet>
        }
    })
}

#[component]
fn Good(one: One) -> impl IntoView {
    let text = use_text();
    let (clock, zone) = (use_clock(), use_preference().zone);
    let ends_ms = Memo::new(move |_| one.row.with(|row| row.as_ref().and_then(|row| row.token_ends_ms)));
    let issued_ms = Memo::new(move |_| one.row.with(|row| row.as_ref().and_then(|row| row.token_issued_ms)));
    let good = move || {
        let now_ms = clock.now_ms();
        let Some(ends_ms) = ends_ms.get() else { return text.detail.good_open.to_owned() };
        let time = moment::brief(ends_ms, now_ms, &zone, text);
        match u64::try_from(ends_ms - now_ms) {
            Ok(left_ms) if left_ms > 0 => {
                (text.detail.good_until)(&time, &moment::span(left_ms.max(1000), text))
            }
            _ => (text.detail.ended)(&time),
        }
    };
    let issued = move || issued_ms.get().map(|at_ms| view! { <Brief at_ms/> });
    view! {
        <dl class="facts">
            <dt>{text.detail.access}</dt>
            <dd>{good}</dd>
            <dt>{text.detail.issued}</dt>
            <dd>{issued}</dd>
        </dl>
    }
}

#[component]
fn History(one: One) -> impl IntoView {
    let text = &use_text().detail;
    let rows = Memo::new(move |_| {
        one.fresh
            .shown
            .with(|detail| detail.as_ref().map(|detail| detail.refreshes.clone()).unwrap_or_default())
    });
    let line = |row: RefreshRow| {
        let (tone, word) = if row.renewed { (Tone::Ok, text.renewed) } else { (Tone::Bad, text.failed) };
        view! {
            <tr>
                <th scope="row" class="nowrap"><Brief at_ms=row.at_ms/></th>
                <td class="half"><Badge tone word/> " " <span class="small quiet">{row.cause}</span></td>
            </tr>
        }
    };
    move || {
        if rows.with(Vec::is_empty) {
            return view! { <p class="none">{text.no_refresh}</p> }.into_any();
        }
        view! {
            <table class="table tight free stack">
                <thead>
                    <tr>
                        <th scope="col">{text.when}</th>
                        <th scope="col">{text.result}</th>
                    </tr>
                </thead>
                <tbody>{rows.get().into_iter().map(line).collect_view()}</tbody>
            </table>
            <Fold rows=rows.with(Vec::len)/>
        }
        .into_any()
    }
}
