//! Signing in: name and password. Says that it failed, never which half.

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::{LazyRoute, lazy_route};

use crate::api::error::problems_of;
use crate::api::session::SignIn;
use crate::part::field::{Field, FormProblem};
use crate::part::gate::{Gate, YardLine};
use crate::part::password::PasswordField;
use crate::preference::use_text;
use crate::room::HOLDER;

/// The route of the sign-in; its code is a chunk of its own.
#[derive(Debug)]
pub(crate) struct SignInRoute;

#[lazy_route]
impl LazyRoute for SignInRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <SignInPage/> }.into_any()
    }
}

#[component]
fn SignInPage() -> impl IntoView {
    let text = use_text();
    let action = ServerAction::<SignIn>::new();
    let problems = Signal::derive(move || action.value().with(problems_of));
    let query = use_query_map();
    let next = move || query.with(|query| query.get_str("next").unwrap_or_default().to_owned());
    view! {
        <Gate title=text.gate.sign_in>
            <div class="form">
                <YardLine/>
                <h1>{text.gate.sign_in}</h1>
                <ActionForm action attr:class="group">
                    <FormProblem problems/>
                    <Field name="username" label=text.gate.name autocomplete="username" required=true autofocus=true problems/>
                    <PasswordField
                        name="password"
                        label=text.gate.password
                        autocomplete="current-password"
                        required=true
                        problems
                    />
                    <input type="hidden" name="next" value=next/>
                    <button class="button main" type="submit" aria-busy=move || action.pending().get().to_string()>
                        {text.gate.sign_in}
                    </button>
                </ActionForm>
                <p class="small quiet">{text.holder.holder} " " <a href=HOLDER>{text.holder.look}</a></p>
                <p class="small quiet">{text.gate.forgot} " " <code>"switchyard admin reset-password"</code></p>
            </div>
        </Gate>
    }
}
