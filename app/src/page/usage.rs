//! The explorer: usage of any stretch, split, measured and narrowed as the address says, as a chart and as a table whose
//! parts add up.

pub(crate) mod chart;
mod figures;
mod table;
mod tools;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::{LazyRoute, lazy_route};
use relay::model::explore::{Exploration, Question, Span};

use crate::address::usage::{explorer, question_of};
use crate::api::error::ApiError;
use crate::api::usage::{explore, get_names};
use crate::live::use_live;
use crate::part::empty::Empty;
use crate::part::notice::Failure;
use crate::part::page::Page;
use crate::part::segment::{Choice, Segment};
use crate::part::skeleton::{Shape, Skeleton};
use crate::preference::use_text;
use chart::UsageChart;
use figures::Figures;
use table::Parts;
use tools::Tools;

/// The route of the explorer; its code is a chunk of its own.
#[derive(Debug)]
pub(crate) struct UsageRoute;

#[lazy_route]
impl LazyRoute for UsageRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <UsagePage/> }.into_any()
    }
}

/// A question and its answer: they are drawn together.
type Answered = (Question, Result<Exploration, ApiError>);

#[component]
fn UsagePage() -> impl IntoView {
    let text = use_text();
    let query = use_query_map();
    let question =
        Memo::new(move |_| query.with(|query| question_of(|name| query.get_str(name).unwrap_or_default())));
    let read = Resource::new(
        move || question.get(),
        |question| async move {
            let answer = explore(question.clone()).await;
            (question, answer)
        },
    );
    let names = Resource::new(|| (), |()| get_names());
    let live = use_live();
    // What was missed while the feed was lost is read when it is there again.
    Effect::watch(move || live.keys.get(), move |_, _, _| read.refetch(), false);
    let ready = move |(question, answer): Answered| match answer {
        Ok(answer) => view! { <Answer question answer/> }.into_any(),
        Err(error) => {
            let retry = Callback::new(move |()| read.refetch());
            view! { <Failure error retry/> }.into_any()
        }
    };
    view! {
        <Page title=text.frame.usage tools=ViewFn::from(move || view! { <SpanSwitch question/> })>
            <Suspense fallback=|| view! { <Skeleton shape=Shape::Rows(1)/> }>
                {move || Suspend::new(async move {
                    // Without names everything but the choice of them works.
                    let names = names.await.unwrap_or_default();
                    view! { <Tools question names=StoredValue::new(names)/> }
                })}
            </Suspense>
            <Transition fallback=|| view! { <Skeleton shape=Shape::Overview/> }>
                {move || Suspend::new(async move { ready(read.await) })}
            </Transition>
        </Page>
    }
}

#[component]
fn SpanSwitch(question: Memo<Question>) -> impl IntoView {
    let text = use_text();
    let choice = |span: Span| {
        let chosen = span.clone();
        Choice {
            word: (text.usage.span_name)(&span),
            href: Signal::derive(move || explorer(&Question { span: span.clone(), ..question.get() })),
            chosen: Signal::derive(move || question.with(|question| question.span == chosen)),
        }
    };
    let spans = [Span::Hours24, Span::Days7, Span::Days30, Span::All];
    view! { <Segment class="range" label=text.dashboard.range choices=spans.map(choice).to_vec()/> }
}

#[component]
fn Answer(question: Question, answer: Exploration) -> impl IntoView {
    let words = &use_text().usage;
    if answer.parts.iter().all(|part| !part.totals.is_used() && part.totals.failed == 0) {
        let all = explorer(&Question { span: Span::All, ..Question::default() });
        return view! {
            <Empty title=words.nothing said=words.nothing_next>
                <a class="button" href=all>{use_text().calls.show_all}</a>
            </Empty>
        }
        .into_any();
    }
    let (question, answer) = (StoredValue::new(question), StoredValue::new(answer));
    view! {
        <Figures question answer/>
        <UsageChart question answer/>
        <Parts question answer/>
    }
    .into_any()
}
