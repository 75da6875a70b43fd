//! The test of a proxy, within the form that holds its fields.

use leptos::prelude::*;
use relay::model::account::TestStep;

use super::test::Steps;
use crate::part::icon::Icon;
use crate::preference::use_text;

/// The button, and how the latest test went.
#[component]
pub(super) fn ProxyTest(
    #[prop(into)] steps: Signal<Vec<TestStep>>,
    #[prop(into)] busy: Signal<bool>,
) -> impl IntoView {
    let text = &use_text().fields;
    let word = move || if busy.get() { text.testing } else { text.test_proxy };
    let result = move || {
        let steps = steps.get();
        (!steps.is_empty()).then(|| view! { <Steps steps/> })
    };
    view! {
        <div class="group only-proxy">
            <div class="buttons">
                <button
                    class="button"
                    type="submit"
                    name="deed"
                    value="test_proxy"
                    aria-busy=move || busy.get().to_string()
                    disabled=move || busy.get()
                >
                    <Icon name="pulse"/>
                    {word}
                </button>
            </div>
            <div class="tested" role="status">{result}</div>
        </div>
    }
}
