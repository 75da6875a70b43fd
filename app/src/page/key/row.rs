//! One key in the list.

use leptos::prelude::*;
use relay::model::id::KeyId;
use relay::model::key::KeyRow;

use super::board::Keys;
use super::bulk::Tick;
use super::status::{Nearest, Status};
use crate::address::key::one;
use crate::format;
use crate::moment::use_clock;
use crate::part::badge::Badge;
use crate::part::limit::NEAR;
use crate::part::meter::Meter;
use crate::part::quantity::{Money, Tokens};
use crate::part::spark::Spark;
use crate::part::time::Ago;
use crate::preference::use_text;

/// The row.
#[component]
pub(super) fn Line(id: KeyId, keys: Keys) -> impl IntoView {
    let text = use_text();
    let label = &text.key;
    let clock = use_clock();
    let sought = id.clone();
    let row = Memo::new(move |last: Option<&Option<KeyRow>>| {
        let found = keys.list.shown.with(|list| list.iter().find(|key| key.id == sought).cloned());
        // Gone from the list: this row goes too, in a moment.
        found.or_else(|| last.cloned().flatten())
    });
    let today = move || row.with(|row| row.as_ref().map(|row| row.today).unwrap_or_default());
    let status = Memo::new(move |_| {
        let now_ms = clock.now_ms_untracked();
        row.with(|row| row.as_ref().map_or(Status::Disabled, |row| Status::of(row, now_ms)))
    });
    let href = one(&id);
    let name =
        Signal::derive(move || row.with(|row| row.as_ref().map(|row| row.name.clone()).unwrap_or_default()));
    let last_used = move || match row.with(|row| row.as_ref().and_then(|row| row.last_used_ms)) {
        Some(at_ms) => view! { <Ago at_ms/> }.into_any(),
        None => label.never.into_any(),
    };
    let is_ticked = {
        let id = id.clone();
        move || keys.ticked.with(|ticked| ticked.contains(&id)).then_some("true")
    };
    view! {
        <tr class=move || status.get().is_off().then_some("dim") aria-selected=is_ticked>
            <td class="tick"><Tick keys id name/></td>
            <th scope="row" class="half">
                <span class="name"><a href=href>{name}</a><About row/></span>
            </th>
            <td>
                <Badge
                    tone=Signal::derive(move || status.get().tone())
                    word=Signal::derive(move || status.get().word(text).to_owned())
                />
            </td>
            <td class="full"><NearestLimit row name/></td>
            <td class="n" data-label=label.requests_today>{move || format::grouped(today().requests)}</td>
            <td class="n mid" data-label=label.tokens_today>
                <Tokens count=Signal::derive(move || today().tokens.all())/>
            </td>
            <td class="n" data-label=label.cost_today>
                <b><Money amount=Signal::derive(move || today().cost)/></b>
            </td>
            <td class="wide"><Day row name/></td>
            <td class="n quiet wide">{last_used}</td>
        </tr>
    }
}

/// How it begins, whose it is, its tags, and what it is bound to.
#[component]
fn About(row: Memo<Option<KeyRow>>) -> impl IntoView {
    let said = move || {
        row.with(|row| {
            let Some(row) = row else { return String::new() };
            let owner = Some(row.about.owner.clone()).filter(|owner| !owner.is_empty());
            let tags = Some(row.about.tags.join(", ")).filter(|tags| !tags.is_empty());
            let bound = row.bound.as_ref().map(|bound| bound.name.clone()).filter(|name| !name.is_empty());
            [owner, tags, bound].into_iter().flatten().map(|said| format!(" · {said}")).collect()
        })
    };
    let prefix = move || row.with(|row| row.as_ref().map(|row| format!("{}…", row.prefix)));
    view! { <small><span class="mono">{prefix}</span>{said}</small> }
}

#[component]
fn NearestLimit(row: Memo<Option<KeyRow>>, name: Signal<String>) -> impl IntoView {
    let text = use_text();
    let nearest = Memo::new(move |_| row.with(|row| Nearest::of(row.as_ref()?, text)));
    let has_one = Memo::new(move |_| nearest.with(Option::is_some));
    let said =
        move |read: fn(&Nearest) -> String| nearest.with(|near| near.as_ref().map(read).unwrap_or_default());
    let part =
        move |read: fn(&Nearest) -> f64| nearest.with(|near| near.as_ref().map(read).unwrap_or_default());
    let tone = Memo::new(move |_| match part(|near| near.part) {
        full if full >= 1.0 => "full",
        near if near >= NEAR => "near",
        _ => "",
    });
    move || {
        match has_one.get() {
        false => view! { <span class="quiet">{text.key.no_limit}</span> }.into_any(),
        true => view! {
            <span class="limit compact">
                <span>{move || said(|near| near.used.clone())}</span>
                <span>{move || said(|near| near.of.clone())}</span>
                <Meter
                    label=Signal::derive(move || {
                        format!("{}: {} {}", name.get(), said(|near| near.used.clone()), said(|near| near.of.clone()))
                    })
                    used=Signal::derive(move || part(|near| near.part))
                    reserved=Signal::derive(move || part(|near| near.reserved))
                    tone
                />
            </span>
        }
        .into_any(),
    }
    }
}

#[component]
fn Day(row: Memo<Option<KeyRow>>, name: Signal<String>) -> impl IntoView {
    let text = &use_text().key;
    let hours =
        Signal::derive(move || row.with(|row| row.as_ref().map(|row| row.hours.clone()).unwrap_or_default()));
    let values = Signal::derive(move || {
        hours.with(|hours| hours.iter().map(|count| Some(f64::from(*count))).collect::<Vec<_>>())
    });
    let day = move || (text.day_of)(&name.get(), hours.with(|hours| hours.iter().sum()));
    view! { <span title=day><Spark values inline=true/></span> }
}
