//! Figures with their units: short, with the exact on hover.

use leptos::prelude::*;
use relay::model::money::Nanodollars;

use crate::format;
use crate::preference::use_text;

/// Tokens to three digits, the exact number on hover.
#[component]
pub(crate) fn Tokens(#[prop(into)] count: Signal<u64>) -> impl IntoView {
    let text = use_text();
    let short = Memo::new(move |_| format::tokens(count.get(), text.language));
    let unit = move || match short.with(|short| short.unit) {
        "" => String::new(),
        unit => format!("\u{202f}{unit}"),
    };
    view! {
        <data
            value=move || count.get().to_string()
            title=move || (text.part.exact_tokens)(&format::grouped(count.get()))
        >
            {move || short.with(|short| short.number.clone())}
            <small class="unit">{unit}</small>
        </data>
    }
}

/// A sum of money, exact to the nano-dollar on hover.
#[component]
pub(crate) fn Money(#[prop(into)] amount: Signal<Nanodollars>) -> impl IntoView {
    view! {
        <data value=move || format::exact_money(amount.get()) title=move || format!("${}", format::exact_money(amount.get()))>
            {move || format::money(amount.get())}
        </data>
    }
}
