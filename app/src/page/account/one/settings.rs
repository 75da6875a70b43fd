//! How the account is set: all of it can be changed, its secrets can only be written.

use leptos::form::ActionForm;
use leptos::prelude::*;
use relay::model::account::{AccountKind, AccountRow, AccountSettings, TestStep};

use super::One;
use crate::api::account::form::AccountForm;
use crate::api::account::{Deed, EditAccount};
use crate::api::error::problems_of;
use crate::page::account::fields::{NameFields, ProxyFields, ShareFields};
use crate::page::account::proxy::ProxyTest;
use crate::part::field::FormProblem;
use crate::part::sheet::Sheet;
use crate::preference::use_text;

/// The form.
#[component]
pub(super) fn Settings(
    one: One,
    first: AccountRow,
    /// How it is set, and whether its proxy has a password.
    settings: (AccountSettings, bool),
    /// How the test of a proxy went that a form posted without WASM asked for.
    proxy_tested: Option<Vec<TestStep>>,
) -> impl IntoView {
    let text = use_text();
    let action = ServerAction::<EditAccount>::new();
    one.fresh.follow(action.version());
    let problems = Signal::derive(move || action.value().with(problems_of));
    let (settings, keeps_password) = settings;
    let mut form = AccountForm { name: first.name.clone(), ..AccountForm::from(&settings) };
    if proxy_tested.is_some() {
        form = form.typed_before();
    }
    let tested = proxy_tested.unwrap_or_default();
    let steps = Signal::derive(move || match action.value().get() {
        Some(Ok(Ok(steps))) => steps,
        Some(_) => Vec::new(),
        None => tested.clone(),
    });
    let pressed = move |deed: Deed| {
        let is_it = move |sent: &Option<EditAccount>| sent.as_ref().is_some_and(|sent| sent.deed == deed);
        action.pending().get() && action.input().with(is_it)
    };
    let saved = move || {
        let is_saved = matches!(action.value().get(), Some(Ok(Ok(steps))) if steps.is_empty());
        is_saved.then_some(text.detail.saved)
    };
    let kind = first.kind;
    let proxy = (kind != AccountKind::Sandbox).then(|| {
        let busy = Signal::derive(move || pressed(Deed::TestProxy));
        view! {
            <fieldset class="group">
                <legend>{text.fields.share}</legend>
                <ShareFields first=form.clone() problems/>
            </fieldset>
            <fieldset class="group proxy">
                <legend>{text.fields.proxy}</legend>
                <ProxyFields first=form.clone() keeps_password problems/>
                <ProxyTest steps busy/>
            </fieldset>
        }
    });
    let hint = Some(first.secret_hint).filter(|hint| !hint.is_empty());
    let name = match hint {
        Some(kept_secret) => {
            view! { <NameFields kind first=form kept_secret is_named=true problems/> }.into_any()
        }
        None => view! { <NameFields kind first=form is_named=true problems/> }.into_any(),
    };
    view! {
        <Sheet id="settings" title=text.detail.settings>
            <ActionForm action attr:class="settings">
                // The Enter key presses the first button there is.
                <button type="submit" name="deed" value="go_on" hidden></button>
                <input type="hidden" name="id" value=first.id.to_string()/>
                <FormProblem problems/>
                <div class="group">{name}</div>
                {proxy}
                <div class="buttons">
                    <button
                        class="button"
                        type="submit"
                        name="deed"
                        value="go_on"
                        aria-busy=move || pressed(Deed::GoOn).to_string()
                    >
                        {text.detail.save}
                    </button>
                    <span class="small quiet" role="status">{saved}</span>
                </div>
            </ActionForm>
        </Sheet>
    }
}
