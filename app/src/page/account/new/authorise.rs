//! The third step: the provider's page is opened, and what it shows at the end is pasted here.

use leptos::form::ActionForm;
use leptos::prelude::*;
use relay::model::account::AccountKind;
use relay::model::problem::{FieldProblem, Problem};
use relay::model::sign_in::SignIn;

use super::line::{At, Line, in_short};
use super::other::OtherWays;
use super::over::Over;
use crate::address::account::{Step, one};
use crate::api::error::problems_of;
use crate::api::sign_in::{CompleteSignIn, SignInAgain, Standing, get_sign_in};
use crate::fresh::Fresh;
use crate::moment::{self, use_clock};
use crate::part::area::Area;
use crate::part::badge::Tone;
use crate::part::copy::Copy;
use crate::part::field::Field;
use crate::part::icon::Icon;
use crate::part::notice::Notice;
use crate::part::sheet::Sheet;
use crate::part::state::kind_name;
use crate::preference::{use_preference, use_text};

/// The sign-in as long as it waits, and what to do once it is over.
#[component]
pub(super) fn AuthoriseStep(id: String, standing: Standing) -> impl IntoView {
    let clock = use_clock();
    let asked = id.clone();
    let standing = Fresh::new(standing, move || get_sign_in(asked.clone()));
    // By the browser's own clock, which may differ from the server's.
    let ends_ms = clock.now_ms_untracked()
        + standing.shown.with_untracked(|standing| match standing {
            Standing::Open { left_ms, .. } => *left_ms,
            Standing::Over(_) => 0,
        });
    let left_ms = Signal::derive(move || ends_ms - clock.now_ms());
    let is_over = Memo::new(move |_| {
        left_ms.get() <= 0 || standing.shown.with(|standing| matches!(standing, Standing::Over(_)))
    });
    // Its name, its settings and its link stay what they were: the page is drawn once.
    let known = standing.shown.with_untracked(|standing| standing.sign_in().cloned());
    move || match (is_over.get(), known.clone()) {
        (false, Some(sign_in)) => view! { <Open sign_in standing left_ms/> }.into_any(),
        (_, known) => view! { <Over id=id.clone() known/> }.into_any(),
    }
}

#[component]
fn Open(sign_in: SignIn, standing: Fresh<Standing>, left_ms: Signal<i64>) -> impl IntoView {
    let text = use_text();
    let left = Signal::derive(move || (text.wizard.left)(&in_minutes(left_ms.get(), text)));
    view! {
        <div class="columns">
            <div class="wizard major">
                <Line
                    at=At::Authorise
                    kind=Some(sign_in.kind)
                    settings=in_short(&sign_in.name, &sign_in.settings)
                    left
                />
                <section class="sheet" aria-labelledby="authorise-title">
                    <header><h2 id="authorise-title">{text.wizard.authorise_title}</h2></header>
                    <Ways sign_in=sign_in.clone() standing/>
                </section>
            </div>
            <SoFar sign_in/>
        </div>
    }
}

#[component]
fn Ways(sign_in: SignIn, standing: Fresh<Standing>) -> impl IntoView {
    let text = &use_text().wizard;
    let (id, url) = (sign_in.id.clone(), sign_in.url.clone());
    let again = ServerAction::<SignInAgain>::new();
    let flow = serde_json::to_value(sign_in.flow).ok();
    let flow = flow.as_ref().and_then(|flow| flow.as_str()).unwrap_or_default().to_owned();
    view! {
        <ol class="numbered">
            <li>
                <div>
                    <p>{(text.open_why)(&sign_in.name)}</p>
                    <div class="buttons">
                        <a class="button" href=url.clone() target="_blank" rel="noopener noreferrer">
                            <Icon name="open"/>
                            {text.open}
                        </a>
                        <Copy content=url word=text.copy_link/>
                    </div>
                    <p class="small quiet">{text.open_note}</p>
                </div>
            </li>
            <li><div><CodeForm sign_in=sign_in.clone() standing/></div></li>
        </ol>
        <ActionForm action=again attr:id="anew">
            <input type="hidden" name="id" value=id/>
            <input type="hidden" name="flow" value=flow/>
        </ActionForm>
        <OtherWays sign_in/>
    }
}

/// What is pasted, and what came of it.
#[component]
fn CodeForm(sign_in: SignIn, standing: Fresh<Standing>) -> impl IntoView {
    let text = use_text();
    let action = ServerAction::<CompleteSignIn>::new();
    let problems = Signal::derive(move || action.value().with(problems_of));
    // A failure may have come after the code was taken.
    standing.follow(action.version());
    let is_granted = Memo::new(move |_| {
        standing
            .shown
            .with(|standing| matches!(standing, Standing::Open { sign_in, .. } if sign_in.is_granted))
    });
    let wants_project = Memo::new(move |_| {
        let is_said = problems.with(|problems| problems.iter().any(|problem| problem.field == "project"));
        is_said || (is_granted.get() && sign_in.kind == AccountKind::GeminiOauth)
    });
    let project = sign_in.settings.project.clone();
    let project = move || {
        let value = project.clone();
        view! {
            <Field name="project" label=text.fields.project hint=text.fields.project_hint value problems/>
        }
    };
    let code = move || match is_granted.get() {
        true => view! { <Notice tone=Tone::Ok title=text.wizard.granted said=text.wizard.granted_why/> }
            .into_any(),
        false => view! {
            <Area name="code" label=text.wizard.paste hint=text.wizard.paste_hint code=true problems/>
        }
        .into_any(),
    };
    let word = move || if is_granted.get() { text.wizard.try_again } else { text.wizard.check };
    let change = match &sign_in.account {
        Some(account) => one(account),
        None => Step::Change(sign_in.id.clone()).href(),
    };
    view! {
        <ActionForm action attr:class="group">
            <input type="hidden" name="id" value=sign_in.id/>
            <Trouble problems change/>
            {code}
            <Show when=move || wants_project.get()>{project.clone()}</Show>
            <div class="buttons">
                <button
                    class="button main"
                    type="submit"
                    aria-busy=move || action.pending().get().to_string()
                    disabled=move || action.pending().get()
                >
                    {word}
                </button>
                <button class="button" type="submit" form="anew">
                    <Icon name="refresh"/>
                    {text.wizard.anew}
                </button>
            </div>
        </ActionForm>
    }
}

/// What is wrong beyond the fields of this step, and what can be done about it.
#[component]
pub(super) fn Trouble(problems: Signal<Vec<FieldProblem>>, change: String) -> impl IntoView {
    let text = use_text();
    move || {
        let is_ours =
            |problem: &&FieldProblem| !["code", "project", "tokens"].contains(&problem.field.as_str());
        let found =
            problems.with(|problems| problems.iter().find(is_ours).map(|found| found.problem.clone()))?;
        let title = (text.problem)(&found);
        let deed = match found {
            Problem::NeedsVerification { link, .. } if link.starts_with("https://") => {
                let rel = "noopener noreferrer";
                Some(view! { <a class="button tiny" href=link target="_blank" rel=rel>{text.wizard.verify}</a> }.into_any())
            }
            Problem::ProxyFailed { .. } | Problem::Taken => Some(
                view! { <a class="button tiny" href=change.clone()>{text.wizard.change_settings}</a> }
                    .into_any(),
            ),
            _ => None,
        };
        Some(view! { <Notice tone=Tone::Bad title>{deed}</Notice> })
    }
}

/// What was set, beside the form.
#[component]
fn SoFar(sign_in: SignIn) -> impl IntoView {
    let text = use_text();
    let (clock, zone) = (use_clock(), use_preference().zone);
    let ends_ms = sign_in.ends_ms;
    let ends = move || (text.wizard.ends)(&moment::brief(ends_ms, clock.now_ms(), &zone, text));
    let change = match sign_in.account {
        Some(_) => None,
        None => Some(Step::Change(sign_in.id.clone()).href()),
    };
    let tools = ViewFn::from(move || {
        change.clone().map(|href| view! { <a class="small" href=href>{text.wizard.change}</a> })
    });
    let fact = |word: &'static str, value: String| {
        (!value.is_empty()).then(|| view! { <dt>{word}</dt><dd>{value}</dd> })
    };
    let settings = sign_in.settings;
    let proxy = settings.proxy.map_or_else(|| text.fields.no_proxy.to_owned(), |proxy| proxy.to_string());
    let existing = sign_in.account.map(|_| text.wizard.existing.to_owned()).unwrap_or_default();
    view! {
        <Sheet id="so-far" title=text.wizard.so_far class="minor" tools>
            <dl class="facts">
                {fact(text.wizard.kind, kind_name(sign_in.kind, text).to_owned())}
                {fact(text.fields.name, sign_in.name)}
                {fact(text.fields.note, settings.note)}
                {fact(text.wizard.account, existing)}
                {fact(text.fields.proxy, proxy)}
                {fact(text.fields.project, settings.project)}
            </dl>
            <p class="small quiet">{ends}</p>
        </Sheet>
    }
}

/// Whole minutes, and in the last one seconds.
fn in_minutes(left_ms: i64, text: &crate::text::Text) -> String {
    let seconds = (left_ms / 1000).max(0);
    match seconds {
        60.. => (text.time.minutes)((seconds + 59) / 60),
        _ => (text.time.seconds)(&seconds.to_string()),
    }
}
