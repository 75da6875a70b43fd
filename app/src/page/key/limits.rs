//! The fields of a key's limits. Empty is no limit.

use leptos::prelude::*;
use relay::model::problem::FieldProblem;

use crate::api::key::form::KeyForm;
use crate::part::area::Area;
use crate::part::field::{Field, SelectField};
use crate::preference::use_text;

/// All of them.
#[component]
pub(super) fn LimitFields(first: KeyForm, problems: Signal<Vec<FieldProblem>>) -> impl IntoView {
    let text = use_text();
    let words = &text.limit;
    let budgets = [
        (String::new(), words.budget_default.to_owned()),
        ("normal".to_owned(), words.budget_normal.to_owned()),
        ("strict".to_owned(), words.budget_strict.to_owned()),
    ];
    let (others, budget) = (first.others.clone(), first.budget.clone());
    view! {
        <fieldset class="group">
            <legend>{words.limits}</legend>
            <Budgets first=first.clone() problems/>
            <Windows first problems/>
            <Area name="others" label=words.others hint=words.others_hint value=others rows="2" code=true problems/>
            <SelectField
                name="budget"
                label=words.budget
                hint=words.budget_hint
                choices=budgets.to_vec()
                chosen=budget
                problems
            />
        </fieldset>
    }
}

/// By day, by month, and for good.
#[component]
fn Budgets(first: KeyForm, problems: Signal<Vec<FieldProblem>>) -> impl IntoView {
    let words = &use_text().limit;
    let field = move |name: &'static str, label: &'static str, value: String| {
        view! { <Field name label value placeholder=words.no_limit inputmode="decimal" maxlength="24" problems/> }
    };
    view! {
        <div class="pair">
            {field("cost_day", words.cost_day, first.cost_day)}
            {field("tokens_day", words.tokens_day, first.tokens_day)}
            {field("cost_month", words.cost_month, first.cost_month)}
            {field("tokens_month", words.tokens_month, first.tokens_month)}
            {field("cost_total", words.cost_total, first.cost_total)}
            {field("tokens_total", words.tokens_total, first.tokens_total)}
        </div>
    }
}

/// In any so many minutes, and at once.
#[component]
fn Windows(first: KeyForm, problems: Signal<Vec<FieldProblem>>) -> impl IntoView {
    let words = &use_text().limit;
    let most = move |name: &'static str, label: &'static str, value: String| {
        view! { <Field name label value placeholder=words.no_limit inputmode="numeric" maxlength="24" problems/> }
    };
    let minutes = move |name: &'static str, of: &str, value: String| {
        let label = format!("{of}, {}", words.in_minutes);
        view! { <Field name label value inputmode="numeric" maxlength="5" problems/> }
    };
    view! {
        <div class="pair">
            {most("requests", words.requests, first.requests)}
            {minutes("requests_minutes", words.requests, first.requests_minutes)}
            {most("tokens", words.tokens, first.tokens)}
            {minutes("tokens_minutes", words.tokens, first.tokens_minutes)}
            {most("concurrency", words.concurrency, first.concurrency)}
            <Field name="wait" label=words.wait value=first.wait inputmode="numeric" maxlength="3" problems/>
            <Field
                name="free"
                label=words.free
                hint=words.free_hint
                value=first.free
                placeholder=words.no_limit
                inputmode="numeric"
                maxlength="24"
                problems
            />
            {minutes("free_minutes", words.free, first.free_minutes)}
        </div>
    }
}
