//! The second step: name, secret, proxy, share of the calls. For a kind without a sign-in it is the last.

use leptos::form::ActionForm;
use leptos::prelude::*;
use relay::model::account::{AccountKind, AccountSettings};
use relay::model::sign_in::SignIn;

use super::Tested;
use super::line::{At, Line, in_short};
use crate::address::account::Step;
use crate::api::account::form::AccountForm;
use crate::api::account::{Deed, SetUpAccount};
use crate::api::error::problems_of;
use crate::page::account::fields::{NameFields, ProxyFields, ShareFields};
use crate::page::account::proxy::ProxyTest;
use crate::part::field::FormProblem;
use crate::part::icon::Icon;
use crate::preference::use_text;

/// The form. What was typed stays where a field is wrong, and comes back with a sign-in under way.
#[component]
pub(super) fn SettingsStep(
    kind: AccountKind,
    /// The one under way that is being changed.
    #[prop(optional)]
    sign_in: Option<SignIn>,
    /// How the test of its proxy went.
    proxy_tested: Tested,
) -> impl IntoView {
    let text = use_text();
    let action = ServerAction::<SetUpAccount>::new();
    let problems = Signal::derive(move || action.value().with(problems_of));
    let mut first = begun_with(sign_in.as_ref());
    if proxy_tested.is_some() {
        first = first.typed_before();
    }
    let tested = proxy_tested.unwrap_or_default();
    let id = sign_in.as_ref().map(|sign_in| sign_in.id.clone()).unwrap_or_default();
    let is_change = sign_in.is_some();
    let (word, back) = match (&sign_in, kind.is_oauth()) {
        (Some(sign_in), _) => (text.wizard.back_to_sign_in, Step::Authorise(sign_in.id.clone())),
        (None, true) => (text.wizard.to_sign_in, Step::Kind),
        (None, false) => (text.wizard.add, Step::Kind),
    };
    let pressed = move |deed: Deed| {
        let is_it = move |sent: &Option<SetUpAccount>| sent.as_ref().is_some_and(|sent| sent.deed == deed);
        action.pending().get() && action.input().with(is_it)
    };
    let short = sign_in.as_ref().map(|sign_in| in_short(&sign_in.name, &sign_in.settings));
    let is_real = kind != AccountKind::Sandbox;
    let proxy = is_real.then(|| {
        let steps = Signal::derive(move || match action.value().get() {
            Some(Ok(Ok(steps))) => steps,
            Some(_) => Vec::new(),
            None => tested.clone(),
        });
        let busy = Signal::derive(move || pressed(Deed::TestProxy));
        view! {
            <fieldset class="group proxy">
                <legend>{text.fields.proxy}</legend>
                <ProxyFields first=first.clone() keeps_password=is_change problems/>
                <ProxyTest steps busy/>
            </fieldset>
            <fieldset class="group">
                <legend>{text.fields.share}</legend>
                <ShareFields first=first.clone() problems/>
            </fieldset>
        }
    });
    view! {
        <div class="wizard">
            <Line at=At::Settings kind=Some(kind) settings=short.unwrap_or_default()/>
            <section class="sheet" aria-labelledby="settings-title">
                <header>
                    <h2 id="settings-title">{text.wizard.settings_title}</h2>
                    <span class="small quiet">{text.wizard.settings_why}</span>
                </header>
                <ActionForm action attr:class="settings">
                    // The Enter key presses the first button there is.
                    <button type="submit" name="deed" value="go_on" hidden></button>
                    <input type="hidden" name="kind" value=kind.name()/>
                    <input type="hidden" name="sign_in" value=id/>
                    <FormProblem problems/>
                    <div class="group"><NameFields kind first=first.clone() autofocus=!is_change problems/></div>
                    {proxy}
                    <div class="buttons">
                        <button
                            class="button main"
                            type="submit"
                            name="deed"
                            value="go_on"
                            aria-busy=move || pressed(Deed::GoOn).to_string()
                        >
                            {word}
                        </button>
                        <a class="button bare" href=back.href()><Icon name="left"/>{text.wizard.back}</a>
                    </div>
                </ActionForm>
            </section>
        </div>
    }
}

/// What the fields hold at first: what the sign-in has, else what is usual.
fn begun_with(sign_in: Option<&SignIn>) -> AccountForm {
    match sign_in {
        Some(sign_in) => AccountForm { name: sign_in.name.clone(), ..AccountForm::from(&sign_in.settings) },
        None => AccountForm::from(&AccountSettings::default()),
    }
}
