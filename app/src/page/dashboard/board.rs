//! The figures of the overview and how they are kept up to date; panels only draw.

use std::time::Duration;

use leptos::prelude::*;
use relay::model::figure::Dashboard;

use super::account::AccountPanel;
use super::health::Health;
use super::now::NowPanel;
use super::recent::RecentPanel;
use super::today::TodayPanel;
use super::top::{TopKeys, TopModels};
use super::trouble::TroublePanel;
use super::usage::UsagePanel;
use super::view::View;
use crate::api::error::ApiError;
use crate::api::figure::get_dashboard;
use crate::live::{leave, use_live};
use crate::moment::Civil;
use crate::part::badge::Tone;
use crate::part::notice::Notice;
use crate::part::palette::use_palette;
use crate::preference::{use_preference, use_text};

/// So long after a request came, sums are fetched again: many requests make one fetch.
const REFRESH_AFTER: Duration = Duration::from_secs(3);
/// With no request at all, charts move on by themselves this often.
const REFRESH_EVERY: Duration = Duration::from_secs(60);

/// What panels draw from.
#[derive(Clone, Copy)]
pub(super) struct Figures {
    /// The newest that could be read.
    pub(super) shown: RwSignal<Dashboard>,
    /// The newest could not be read.
    failed: RwSignal<bool>,
    /// The view that the address asks for.
    pub(super) view: Memo<View>,
    /// The view that the figures were read for: behind the address while a fetch is under way.
    pub(super) drawn: RwSignal<View>,
    /// Grows with each fetch, so that an answer that was overtaken is dropped.
    fetches: StoredValue<u32>,
    due: StoredValue<bool>,
}

impl Figures {
    /// Fetches everything for the present view.
    fn fetch(self) {
        let view = self.view.get_untracked();
        let fetch = self.fetches.get_value() + 1;
        self.fetches.set_value(fetch);
        leptos::task::spawn_local(async move {
            let read = get_dashboard(view.range, view.group).await;
            // The page may be gone by now, or a later fetch under way.
            if self.fetches.try_get_value() != Some(fetch) {
                return;
            }
            match read {
                Ok(figures) => {
                    self.drawn.set(view);
                    self.shown.set(figures);
                    self.failed.set(false);
                }
                Err(ApiError::SignedOut) => leave(),
                Err(_) => self.failed.set(true),
            }
        });
    }

    fn fetch_soon(self) {
        if self.due.get_value() {
            return;
        }
        self.due.set_value(true);
        set_timeout(
            move || {
                if self.due.try_get_value().is_some() {
                    self.due.set_value(false);
                    self.fetch();
                }
            },
            REFRESH_AFTER,
        );
    }

    /// Follows address and feed, in the browser.
    fn follow(self) {
        let live = use_live();
        let view = self.view;
        Effect::watch(move || view.with(|view| (view.range, view.group)), move |_, _, _| self.fetch(), false);
        Effect::watch(move || live.accounts.get(), move |_, _, _| self.fetch(), false);
        Effect::watch(move || live.requests.track(), move |(), _, _| self.fetch_soon(), false);
        Effect::new(move || {
            let Some(pulse) = live.pulse.get() else { return };
            self.shown.update(|shown| {
                shown.now = pulse.now;
                shown.today = pulse.today;
                shown.at_ms = pulse.at_ms;
            });
        });
        Effect::new(move || {
            if let Ok(timer) = set_interval_with_handle(move || self.fetch(), REFRESH_EVERY) {
                on_cleanup(move || timer.clear());
            }
        });
    }
}

/// All panels.
#[component]
pub(super) fn Board(first: Dashboard, view: Memo<View>) -> impl IntoView {
    let figures = Figures {
        shown: RwSignal::new(first),
        failed: RwSignal::new(false),
        view,
        drawn: RwSignal::new(view.get_untracked()),
        fetches: StoredValue::new(0),
        due: StoredValue::new(false),
    };
    figures.follow();
    let palette = use_palette();
    view! {
        <Stale figures/>
        <Health figures/>
        <NowPanel figures/>
        <div class="columns">
            <UsagePanel figures palette/>
            <TodayPanel figures/>
        </div>
        <AccountPanel figures/>
        <div class="columns">
            <TopKeys figures/>
            <TopModels figures palette/>
        </div>
        <RecentPanel figures palette/>
        <TroublePanel figures/>
    }
}

/// Says that the newest figures could not be read, and of when those are that stand here.
#[component]
fn Stale(figures: Figures) -> impl IntoView {
    let text = use_text();
    let zone = use_preference().zone;
    let title = move || {
        let at_ms = figures.shown.with_untracked(|shown| shown.at_ms);
        (text.dashboard.stale)(&Civil::at(at_ms, &zone).clock_with_seconds())
    };
    view! { {move || figures.failed.get().then(|| view! { <Notice tone=Tone::Warn title=title()/> })} }
}
