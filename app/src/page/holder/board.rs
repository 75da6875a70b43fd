//! What is known of the key, from the name down.

use leptos::html::H1;
use leptos::prelude::*;
use relay::model::figure::Totals;
use relay::model::holder::HeldKey;

use super::Hold;
use super::draw;
use super::example::Examples;
use super::limit::{Limits, amount, tightest};
use crate::format;
use crate::moment::{self, Civil, use_clock};
use crate::part::badge::{Badge, Tone};
use crate::part::chart::OverTime;
use crate::part::figure::Figure;
use crate::part::palette::Palette;
use crate::part::quantity::{Money, Tokens};
use crate::part::share::{Swatch, series_class};
use crate::part::sheet::Sheet;
use crate::preference::{use_preference, use_text};

/// All panels.
#[component]
pub(super) fn Board(hold: Hold) -> impl IntoView {
    let palette = Palette::new();
    // What is drawn stays for the moment in which it is forgotten.
    let held = Memo::new(move |last: Option<&Option<HeldKey>>| {
        let shown = hold.shown.with(|held| held.as_ref().map(|held| held.key.clone()));
        shown.or_else(|| last.cloned().flatten())
    });
    let address = hold.shown.with_untracked(|held| held.as_ref().map(|held| held.address.clone()));
    let address = address.unwrap_or_default();
    view! {
        <Head hold held/>
        <Figures held/>
        <div class="columns">
            <Limits held/>
            <Week held palette/>
        </div>
        <div class="columns">
            <Models held palette/>
            <Examples text=hold.text held address/>
        </div>
    }
}

#[component]
fn Head(hold: Hold, held: Memo<Option<HeldKey>>) -> impl IntoView {
    let text = use_text();
    let zone = use_preference().zone;
    let heading = NodeRef::<H1>::new();
    Effect::new(move || {
        if let (Some(heading), Some(_)) = (heading.get(), hold.text.get_untracked()) {
            // Focus fails only on an element that is gone.
            let _ = heading.focus();
        }
    });
    let name = move || held.with(|held| held.as_ref().map(|held| held.name.clone()));
    let prefix = move || {
        hold.text
            .with(|text| text.as_deref().and_then(|text| text.trim().get(..9)).map(|cut| format!("{cut}…")))
    };
    let ends_zone = zone.clone();
    let ends = move || {
        held.with(|held| {
            let held = held.as_ref()?;
            let now_ms = held.at_ms;
            let brief = |at_ms| moment::brief(at_ms, now_ms, &ends_zone, text);
            match (held.ends_ms, held.days_from_first_use()) {
                (Some(at_ms), _) if held.is_former => Some((text.holder.former_until)(&brief(at_ms))),
                (Some(at_ms), _) => Some((text.state.until)(&brief(at_ms))),
                (None, Some(days)) => Some((text.holder.days_from_first_use)(days)),
                (None, None) => None,
            }
        })
    };
    let as_of = move || {
        let at_ms = held.with(|held| held.as_ref().map_or(0, |held| held.at_ms));
        (text.live.as_of)(&Civil::at(at_ms, &zone).clock_with_seconds())
    };
    let mark = move || match (hold.text.with(Option::is_some), hold.failed.get()) {
        (true, false) => view! { <span class="live">{text.live.live}</span> }.into_any(),
        (true, true) => view! { <span class="live stale">{as_of()}</span> }.into_any(),
        (false, _) => view! { <span class="live still">{as_of()}</span> }.into_any(),
    };
    view! {
        <div class="title">
            <div class="group">
                <h1 node_ref=heading tabindex="-1">{name}</h1>
                <div class="badges">
                    <Badge tone=Tone::Ok word=text.holder.active/>
                    <span class="mono quiet">{prefix}</span>
                    <span class="quiet">{ends}</span>
                    {mark}
                </div>
            </div>
            <p class="small quiet end">{text.holder.in_memory}</p>
        </div>
    }
}

#[component]
fn Figures(held: Memo<Option<HeldKey>>) -> impl IntoView {
    let text = use_text();
    let words = &text.holder;
    let clock = use_clock();
    let today =
        Memo::new(move |_| held.with(|held| held.as_ref().map(|held| held.today).unwrap_or_default()));
    let tight = Memo::new(move |_| held.with(|held| tightest(&held.as_ref()?.usage).cloned()));
    let left = move || {
        tight.get().map(|tight| {
            let limit = &tight.limit;
            let value = amount(limit.measure, tight.left(), text.language);
            let note = (words.of)(&amount(limit.measure, limit.most, text.language));
            let label = (words.left)(limit.measure, limit.per);
            view! {
                <div class="figure hero">
                    <dt>{label}</dt>
                    <dd class="value"><a href="#limits">{value}</a></dd>
                    <dd class="note">{note}</dd>
                </div>
            }
        })
    };
    let last = move || match held.with(|held| held.as_ref().and_then(|held| held.last_ms)) {
        Some(at_ms) => (words.last_one)(&moment::ago(at_ms, clock.now_ms(), text)),
        None => words.none_in_week.to_owned(),
    };
    let tokens = move || format::tokens(today.get().tokens.all(), text.language);
    #[allow(clippy::cast_precision_loss, reason = "for display")]
    let cached = move || {
        let tokens = today.get().tokens;
        let percent = format::percent(tokens.cache_read as f64, tokens.all() as f64);
        percent.map(|percent| (text.dashboard.from_cache)(&format!("{percent}\u{202f}%"))).unwrap_or_default()
    };
    view! {
        <dl class="figures level">
            {left}
            <Figure
                label=words.cost_today
                value=Signal::derive(move || format::money(today.get().cost))
                note=Signal::stored(words.list_price.to_owned())
                href="#models"
            />
            <Figure
                label=words.requests_today
                value=Signal::derive(move || format::grouped(today.get().requests))
                note=Signal::derive(last)
                href="#models"
            />
            <Figure
                label=words.tokens_today
                value=Signal::derive(move || tokens().number)
                unit=Signal::derive(move || tokens().unit.to_owned())
                note=Signal::derive(cached)
                href="#models"
            />
        </dl>
    }
}

#[component]
fn Week(held: Memo<Option<HeldKey>>, palette: Palette) -> impl IntoView {
    let text = use_text();
    let preference = use_preference();
    let chart = Memo::new(move |_| {
        held.with(|held| held.as_ref().map(|held| draw::week(held, palette, &preference)).unwrap_or_default())
    });
    let sum = Memo::new(move |_| {
        held.with(|held| {
            let mut sum = Totals::default();
            held.iter().flat_map(|held| &held.week).for_each(|share| sum += share.totals);
            sum
        })
    });
    let note = Signal::derive(move || (text.holder.week_sum)(&format::money(sum.get().cost)));
    view! {
        <Sheet id="week" title=text.holder.week note>
            <OverTime
                chart
                amount=Callback::new(|value| format::money(draw::dollars(value)))
                tick=Callback::new(|value: f64| format!("${}", format::trimmed(&format!("{value:.6}"))))
                empty=Signal::stored(text.holder.nothing_priced)
            />
        </Sheet>
    }
}

#[component]
fn Models(held: Memo<Option<HeldKey>>, palette: Palette) -> impl IntoView {
    let text = &use_text().dashboard;
    let models = Memo::new(move |_| {
        held.with(|held| held.as_ref().map(|held| held.models.clone()).unwrap_or_default())
    });
    let today = move || held.with(|held| held.as_ref().map(|held| held.today).unwrap_or_default());
    let cells = move |totals: Totals| {
        view! {
            <td class="n">{format::grouped(totals.requests)}</td>
            <td class="n"><Tokens count=totals.tokens.all()/></td>
            <td class="n"><Money amount=totals.cost/></td>
        }
    };
    let rows = move || {
        let used = models.get().into_iter().filter(|share| share.totals.is_used());
        let row = |share: relay::model::figure::Share| {
            let class = series_class(palette.colour(draw::MODEL, &share.id));
            let name = if share.name.is_empty() { text.none.to_owned() } else { share.name };
            view! { <tr><th scope="row"><Swatch class/>{name}</th>{cells(share.totals)}</tr> }
        };
        used.map(row).collect_view()
    };
    let number = |word: &'static str| view! { <th scope="col" class="n">{word}</th> };
    view! {
        <Sheet id="models" title=use_text().holder.by_model>
            <table class="table tight free">
                <thead>
                    <tr>
                        <th scope="col">{text.model}</th>
                        {number(text.requests)}
                        {number(text.tokens)}
                        {number(text.cost)}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot><tr><th scope="row">{text.today}</th>{move || cells(today())}</tr></tfoot>
            </table>
        </Sheet>
    }
}
