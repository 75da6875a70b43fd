//! The first start: who holds the one-time link makes the first administrator.

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};
use relay::model::session::SetupProgress;

use crate::api::error::{ApiError, problems_of};
use crate::api::setup::{SetUp, get_setup};
use crate::part::badge::Tone;
use crate::part::field::{Field, FormProblem};
use crate::part::gate::{Gate, YardLine};
use crate::part::notice::{Failure, Notice};
use crate::part::password::PasswordField;
use crate::part::strength::StrengthMeter;
use crate::preference::use_text;
use crate::room;

/// The route of the first start; its code is a chunk of its own.
#[derive(Debug)]
pub(crate) struct SetupRoute;

#[lazy_route]
impl LazyRoute for SetupRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <SetupPage/> }.into_any()
    }
}

#[component]
fn SetupPage() -> impl IntoView {
    let text = use_text();
    let progress = Resource::new(|| (), |()| get_setup());
    let ready = move |read: Result<SetupProgress, ApiError>| match read {
        Ok(SetupProgress::Open) => view! { <Administrator/> }.into_any(),
        Ok(SetupProgress::OtherToken) => view! { <LinkMissing/> }.into_any(),
        Ok(SetupProgress::Done) => view! { <Done/> }.into_any(),
        Err(error) => {
            let retry = Callback::new(move |()| progress.refetch());
            view! { <Failure error retry/> }.into_any()
        }
    };
    view! {
        <Gate title=text.gate.first_start class="wide setup" note=text.gate.first_start>
            <Suspense>{move || Suspend::new(async move { ready(progress.await) })}</Suspense>
        </Gate>
    }
}

#[component]
fn Administrator() -> impl IntoView {
    let text = use_text();
    let action = ServerAction::<SetUp>::new();
    let problems = Signal::derive(move || action.value().with(problems_of));
    let (name, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    view! {
        <div class="form">
            <YardLine first=true/>
            <div class="group">
                <h1>{text.gate.who_runs}</h1>
                <p class="small quiet">{text.gate.link_left}</p>
            </div>
            <ActionForm action attr:class="group">
                <FormProblem problems/>
                <Field
                    name="username"
                    label=text.gate.name
                    autocomplete="username"
                    maxlength="64"
                    required=true
                    autofocus=true
                    typed=name
                    problems
                />
                <PasswordField
                    name="password"
                    label=text.gate.password
                    autocomplete="new-password"
                    required=true
                    typed=password
                    problems
                >
                    <StrengthMeter password name/>
                </PasswordField>
                <p class="small quiet">{text.gate.no_other_rule}</p>
                <button class="button main" type="submit" aria-busy=move || action.pending().get().to_string()>
                    {text.gate.create_admin}
                </button>
            </ActionForm>
            <Notice tone=Tone::Warn title=text.gate.keep_key said=text.gate.keep_key_why/>
        </div>
    }
}

#[component]
fn LinkMissing() -> impl IntoView {
    let text = use_text();
    view! {
        <div class="form">
            <YardLine first=true/>
            <h1>{text.gate.link_missing}</h1>
            <p>{text.gate.link_missing_why}</p>
            <p>{text.gate.link_missing_next}</p>
            <div class="code"><pre><code>"cat data/setup-link"</code></pre></div>
        </div>
    }
}

#[component]
fn Done() -> impl IntoView {
    let text = use_text();
    view! {
        <div class="form">
            <YardLine first=true/>
            <h1>{text.gate.setup_done}</h1>
            <p>{text.gate.setup_done_why}</p>
            <a class="button main" href=room::SIGN_IN>{text.gate.sign_in}</a>
        </div>
    }
}
