//! One line: how many accounts can serve, and what needs a person.

use leptos::prelude::*;
use relay::model::account::AccountState;

use super::board::Figures;
use crate::address::account::Step;
use crate::part::badge::{Badge, Tone};
use crate::part::icon::Icon;
use crate::preference::use_text;
use crate::room::ACCOUNTS;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    all: usize,
    able: usize,
    cooling: usize,
    parked: usize,
    paused: usize,
}

/// The health line.
#[component]
pub(super) fn Health(figures: Figures) -> impl IntoView {
    let text = &use_text().dashboard;
    let counts = Memo::new(move |_| {
        figures.shown.with(|shown| {
            let mut counts = Counts { all: shown.accounts.len(), ..Counts::default() };
            for account in &shown.accounts {
                match account.state {
                    AccountState::Able => counts.able += 1,
                    AccountState::Cooling { .. } => counts.cooling += 1,
                    AccountState::Parked { .. } | AccountState::NeedsSignIn { .. } => counts.parked += 1,
                    AccountState::Paused { .. } => counts.paused += 1,
                }
            }
            counts
        })
    });
    let line = move || {
        let Counts { all, able, cooling, parked, paused } = counts.get();
        if all == 0 {
            return vec![(Tone::Warn, text.no_account.to_owned())];
        }
        let able_tone = if able == 0 { Tone::Bad } else { Tone::Ok };
        let mut line = vec![(able_tone, (text.accounts_able)(able, all))];
        let others = [
            (Tone::Notice, cooling, text.cooling),
            (Tone::Bad, parked, text.parked),
            (Tone::Paused, paused, text.paused),
        ];
        line.extend(
            others.into_iter().filter(|other| other.1 > 0).map(|(tone, count, say)| (tone, say(count))),
        );
        line
    };
    let badge = |(tone, word): (Tone, String)| view! { <a href=ACCOUNTS.path><Badge tone word/></a> };
    let add = move || {
        (counts.get().all == 0).then(|| {
            view! { <a class="button main end" href=Step::Kind.href()><Icon name="plus"/>{text.add_account}</a> }
        })
    };
    view! {
        <div class="health" role="status">{move || line().into_iter().map(badge).collect_view()} {add}</div>
    }
}
