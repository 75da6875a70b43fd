//! Recent requests, as they end. While someone is in the list nothing moves under them: new ones are counted above
//! and come when asked for, or when they leave.

use std::cmp::Reverse;

use leptos::prelude::*;
use relay::model::request::RequestRow;

use super::board::Figures;
use crate::live::use_live;
use crate::page::request::row::{CallHeads, CallRow};
use crate::part::empty::Empty;
use crate::part::fold::Fold;
use crate::part::icon::Icon;
use crate::part::palette::Palette;
use crate::part::sheet::Sheet;
use crate::preference::use_text;
use crate::room::{KEYS, REQUESTS};

/// So many are shown.
const ROWS: usize = 12;

#[derive(Clone, Copy)]
struct List {
    rows: RwSignal<Vec<RequestRow>>,
    /// Came while someone was in the list, newest first.
    held: RwSignal<Vec<RequestRow>>,
    /// Someone is in the list.
    busy: RwSignal<bool>,
}

impl List {
    /// Takes requests, newest first, that are not in the list yet.
    fn take(self, requests: &[RequestRow]) {
        let known = |request: &RequestRow| {
            let is_same = |row: &RequestRow| row.id == request.id;
            self.rows.with_untracked(|rows| rows.iter().any(is_same))
                || self.held.with_untracked(|held| held.iter().any(is_same))
        };
        let new: Vec<_> = requests.iter().take(ROWS).filter(|request| !known(request)).cloned().collect();
        if new.is_empty() {
            return;
        }
        self.held.update(|held| {
            held.splice(0..0, new);
        });
        if !self.busy.get_untracked() {
            self.release();
        }
    }

    /// Puts what was held back into the list.
    fn release(self) {
        let held = self.held.with_untracked(Clone::clone);
        if held.is_empty() {
            return;
        }
        self.held.set(Vec::new());
        self.rows.update(|rows| {
            rows.splice(0..0, held);
            // They arrive as they end; the list is by the time they came.
            rows.sort_by_key(|row| Reverse(row.at_ms));
            rows.truncate(ROWS);
        });
    }

    fn set_busy(self, busy: bool) {
        self.busy.set(busy);
        if !busy {
            self.release();
        }
    }
}

/// The panel.
#[component]
pub(super) fn RecentPanel(figures: Figures, palette: Palette) -> impl IntoView {
    let text = use_text();
    let live = use_live();
    let first = figures.shown.with_untracked(|shown| shown.recent.iter().take(ROWS).cloned().collect());
    let list = List { rows: RwSignal::new(first), held: RwSignal::default(), busy: RwSignal::new(false) };
    Effect::new(move || live.requests.with(|requests| list.take(requests)));
    Effect::new(move || figures.shown.with(|shown| list.take(&shown.recent)));
    let newer = move || {
        let count = list.held.try_with(Vec::len).unwrap_or(0);
        (count > 0).then(|| {
            view! {
                <button class="button tiny" type="button" on:click=move |_| list.release()>
                    <Icon name="rise"/>
                    {(text.dashboard.held_back)(count)}
                </button>
            }
        })
    };
    let is_empty = Memo::new(move |_| list.rows.try_with(Vec::is_empty).unwrap_or(true));
    view! {
        <Sheet
            id="recent"
            title=text.dashboard.recent
            note=text.dashboard.newest_first
            tools=ViewFn::from(move || view! { {newer}<a class="small" href=REQUESTS.path>{text.frame.requests}</a> })
        >
            {move || {
                if is_empty.get() {
                    view! {
                        <Empty title=text.dashboard.no_request said=text.dashboard.no_request_next>
                            <a class="button" href=KEYS.path>{text.dashboard.make_key}</a>
                        </Empty>
                    }
                        .into_any()
                } else {
                    view! { <Calls list palette/> }.into_any()
                }
            }}
        </Sheet>
    }
}

#[component]
fn Calls(list: List, palette: Palette) -> impl IntoView {
    let row = move |request: RequestRow| view! { <CallRow request palette/> };
    // A table that is taken away loses pointer and focus after its values: nothing may move in it any more then.
    let here = StoredValue::new(list);
    let set_busy = move |busy| {
        if let Some(list) = here.try_get_value() {
            list.set_busy(busy);
        }
    };
    view! {
        <table
            class="table tight free stack calls"
            on:pointerenter=move |_| set_busy(true)
            on:pointerleave=move |_| set_busy(false)
            on:focusin=move |_| set_busy(true)
            on:focusout=move |_| set_busy(false)
        >
            <thead>
                <tr><CallHeads/></tr>
            </thead>
            <tbody>
                <For each=move || list.rows.try_get().unwrap_or_default() key=|request| request.id.clone() children=row/>
            </tbody>
        </table>
        <Fold rows=Signal::derive(move || list.rows.try_with(Vec::len).unwrap_or(0))/>
    }
}
