//! How usage is split, what is measured, over which days, narrowed to what; and the same as a file.

use leptos::ev::SubmitEvent;
use leptos::html::Details;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use relay::model::explore::{Measure, Question, Span, SplitBy};

use crate::address::usage::{download, explorer, narrowing_pairs, span_pairs};
use crate::api::usage::Names;
use crate::moment::{self, use_clock};
use crate::page::narrow::{Chips, Downloads, NarrowForm, Narrowed};
use crate::part::icon::Icon;
use crate::part::segment::{Choice, Segment};
use crate::preference::{use_preference, use_text};
use crate::room::USAGE;

const DAY_MS: i64 = 86_400_000;

/// Above the figures.
#[component]
pub(super) fn Tools(question: Memo<Question>, names: StoredValue<Names>) -> impl IntoView {
    let words = &use_text().usage;
    let split = |by: SplitBy| Choice {
        word: (words.split_name)(by),
        href: Signal::derive(move || explorer(&Question { by, ..question.get() })),
        chosen: Signal::derive(move || question.with(|question| question.by == by)),
    };
    let measure = |measure: Measure| Choice {
        word: (words.measure_name)(measure),
        href: Signal::derive(move || explorer(&Question { measure, ..question.get() })),
        chosen: Signal::derive(move || question.with(|question| question.measure == measure)),
    };
    let narrowed = Narrowed {
        only: Memo::new(move |_| question.with(|question| question.only.clone())),
        href: Callback::new(move |only| explorer(&Question { only, ..question.get_untracked() })),
        with_owners: true,
    };
    let kept = Signal::derive(move || {
        question.with(|question| [span_pairs(&question.span), shape(question)].concat())
    });
    view! {
        <div class="filters">
            <Segment class="many" label=words.split_by choices=SplitBy::ALL.map(split).to_vec()/>
            <DaysForm question/>
            <NarrowForm narrowed names action=USAGE.path kept/>
            <Downloads href=Callback::new(move |format| download("usage", format, &question.get()))/>
            <Segment class="many" label=words.measure choices=Measure::ALL.map(measure).to_vec()/>
        </div>
        <div class="chips"><Chips narrowed names/></div>
    }
}

/// How it is split and measured, as an address has it.
fn shape(question: &Question) -> Vec<(&'static str, String)> {
    vec![("by", question.by.name().to_owned()), ("measure", question.measure.name().to_owned())]
}

/// Any days, from one to another.
#[component]
fn DaysForm(question: Memo<Question>) -> impl IntoView {
    let words = &use_text().usage;
    let zone = use_preference().zone;
    let now_ms = use_clock().now_ms_untracked();
    let navigate = use_navigate();
    let shown = Memo::new(move |_| match question.with(|question| question.span.clone()) {
        Span::Days { from, to } => (from, to),
        _ => (moment::day_name(now_ms - 6 * DAY_MS, &zone), moment::day_name(now_ms, &zone)),
    });
    let days = RwSignal::new(shown.get_untracked());
    Effect::watch(move || shown.get(), move |shown, _, _| days.set(shown.clone()), false);
    let panel = NodeRef::<Details>::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (from, to) = days.get_untracked();
        // Whichever way round they were given.
        let (from, to) = if from <= to { (from, to) } else { (to, from) };
        let span = Span::Days { from, to };
        let href = explorer(&Question { span, ..question.get_untracked() });
        if let Some(panel) = panel.get_untracked() {
            panel.set_open(false);
        }
        navigate(&href, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    let is_custom =
        move || question.with(|question| matches!(question.span, Span::Days { .. } | Span::Instants { .. }));
    let kept = move || {
        let pairs = question.with(|question| [shape(question), narrowing_pairs(&question.only)].concat());
        let hidden = |(name, value): (&'static str, String)| {
            view! { <input type="hidden" name=name value=value/> }
        };
        pairs.into_iter().filter(|(_, value)| !value.is_empty()).map(hidden).collect_view()
    };
    let day = move |name: &'static str, word: &'static str, is_first: bool| {
        let value = move || days.with(|(from, to)| if is_first { from.clone() } else { to.clone() });
        let set = move |value: String| {
            days.update(|(from, to)| if is_first { *from = value } else { *to = value });
        };
        view! {
            <div class="field">
                <label for=format!("days-{name}")>{word}</label>
                <input
                    class="input"
                    id=format!("days-{name}")
                    name=name
                    type="date"
                    required=true
                    value=value
                    prop:value=value
                    on:input:target=move |event| set(event.target().value())
                />
            </div>
        }
    };
    view! {
        <details node_ref=panel class="narrow" name="narrow">
            <summary class=move || if is_custom() { "button on" } else { "button bare" }>
                <Icon name="calendar"/>
                {words.custom}
            </summary>
            <form class="days" action=USAGE.path method="get" on:submit=submit>
                {day("from", words.from, true)}
                {day("to", words.to, false)}
                {kept}
                <button class="button main" type="submit">{words.apply}</button>
            </form>
        </details>
    }
}
