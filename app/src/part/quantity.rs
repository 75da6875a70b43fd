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
        <data value=move || exact(amount.get()) title=move || format!("${}", exact(amount.get()))>
            {move || format::money(amount.get())}
        </data>
    }
}

/// All nine digits, without a float.
fn exact(amount: Nanodollars) -> String {
    let nanos = amount.0.unsigned_abs();
    let sign = if amount.0 < 0 { "-" } else { "" };
    let text = format!("{sign}{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000);
    let cut = text.trim_end_matches('0').len().max(text.len() - 7);
    text[..cut].to_owned()
}

#[cfg(test)]
mod tests {
    use relay::model::money::Nanodollars;

    use super::exact;

    #[test]
    fn exact_money_keeps_cents_and_drops_empty_digits() {
        assert_eq!(exact(Nanodollars(86_020_000_000)), "86.02");
        assert_eq!(exact(Nanodollars(21_500)), "0.0000215");
        assert_eq!(exact(Nanodollars(0)), "0.00");
    }
}
