//! The welcome after the first start: an account, a key, the first call, which is seen as it arrives.
//!
//! Which stop is next follows from what there is; the address can ask for another (`?at=key`).

mod call;
mod fields;
mod line;

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::{LazyRoute, lazy_route};
use relay::model::key::CreatedKey;
use relay::model::request::RequestRow;

use crate::address::account::Step;
use crate::api::account::CreateAccount;
use crate::api::error::{ApiError, problems_of};
use crate::api::key::CreateKey;
use crate::api::setup::{Stops, get_stops};
use crate::fresh::Fresh;
use crate::live::{Live, use_live};
use crate::page::key::fields::KeyFields;
use crate::part::field::FormProblem;
use crate::part::gate::Gate;
use crate::part::notice::Failure;
use crate::part::secret::SecretLine;
use crate::part::skeleton::{Shape, Skeleton};
use crate::preference::use_text;
use crate::room::{OVERVIEW, WELCOME};
pub(crate) use call::first_model;
use call::{Arrived, Call};
use fields::AccountFields;
use line::{At, Stop};

/// The route of the welcome; its code is a chunk of its own.
#[derive(Debug)]
pub(crate) struct WelcomeRoute;

#[lazy_route]
impl LazyRoute for WelcomeRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <WelcomePage/> }.into_any()
    }
}

/// What is known of the way to the first call.
#[derive(Clone, Copy)]
struct Way {
    stops: Fresh<Stops>,
    /// The key that was made here.
    made: RwSignal<Option<CreatedKey>>,
    /// The first call since the page was opened.
    arrived: Memo<Option<RequestRow>>,
    at: Memo<At>,
}

#[component]
fn WelcomePage() -> impl IntoView {
    let text = use_text();
    Live::provide();
    let first = Resource::new(|| (), |()| get_stops());
    let ready = move |read: Result<Stops, ApiError>| match read {
        Ok(stops) => view! { <Line stops/> }.into_any(),
        Err(error) => {
            let retry = Callback::new(move |()| first.refetch());
            view! { <Failure error retry/> }.into_any()
        }
    };
    view! {
        <Gate title=text.gate.first_start class="wide setup" note=text.gate.first_start>
            <Suspense fallback=|| view! { <Skeleton shape=Shape::Rows(5)/> }>
                {move || Suspend::new(async move { ready(first.await) })}
            </Suspense>
        </Gate>
    }
}

#[component]
fn Line(stops: Stops) -> impl IntoView {
    let text = &use_text().welcome;
    let made = RwSignal::new(stops.made.clone());
    let stops = Fresh::new(stops, get_stops);
    let live = use_live();
    stops.follow(live.accounts);
    let arrived = Memo::new(move |seen: Option<&Option<RequestRow>>| {
        let id = made.with(|made| made.as_ref().map(|made| made.id.clone()));
        let is_it = |request: &&RequestRow| id.as_ref().is_none_or(|id| request.key == *id);
        let newest = live.requests.with(|requests| requests.iter().find(is_it).cloned());
        newest.or_else(|| seen.cloned().flatten())
    });
    let query = use_query_map();
    let asked =
        Memo::new(move |_| query.with(|query| At::from_name(query.get_str("at").unwrap_or_default())));
    let at = Memo::new(move |_| {
        let has_account = stops.shown.with(|stops| !stops.accounts.is_empty());
        match asked.get() {
            _ if arrived.with(Option::is_some) => At::Arrived,
            Some(asked) => asked,
            None if made.with(Option::is_some) => At::Call,
            None if has_account => At::Key,
            None => At::Account,
        }
    });
    let way = Way { stops, made, arrived, at };
    let title = move || match at.get() {
        At::Account | At::Key => (text.title, text.title_why),
        At::Call => (text.last_title, text.last_why),
        At::Arrived => (text.done_title, text.done_why),
    };
    view! {
        <div class="group">
            <h1>{move || title().0}</h1>
            <p class="small quiet">{move || title().1}</p>
        </div>
        <ol class="line">
            <AccountStop way/>
            <KeyStop way/>
            <CallStop way/>
            <li class="stop" aria-hidden="true"></li>
        </ol>
    }
}

#[component]
fn AccountStop(way: Way) -> impl IntoView {
    let text = use_text();
    let action = ServerAction::<CreateAccount>::new();
    let problems = Signal::derive(move || action.value().with(problems_of));
    way.stops.follow(action.version());
    let note = Signal::derive(move || {
        if way.at.get() == At::Account {
            return text.welcome.account_why.to_owned();
        }
        way.stops.shown.with(|stops| match stops.accounts.split_first() {
            Some((first, more)) => (text.welcome.accounts)(more.len(), &first.name),
            None => text.welcome.no_account.to_owned(),
        })
    });
    let form = move || {
        view! {
            <ActionForm action attr:class="group account-form">
                <FormProblem problems/>
                <AccountFields problems/>
                <input type="hidden" name="back" value=WELCOME/>
                <div class="buttons">
                    <button class="button main" type="submit" aria-busy=move || action.pending().get().to_string()>
                        {text.welcome.add_account}
                    </button>
                    <a class="button bare" href=Step::Kind.href()>{text.welcome.sign_in}</a>
                    <a class="button bare" href=At::Key.href()>{text.welcome.skip}</a>
                </div>
            </ActionForm>
        }
    };
    let more = move || view! { <a class="small" href=At::Account.href()>{text.welcome.add_real}</a> };
    view! {
        <Stop title=text.welcome.account note way stop=At::Account beside=ViewFn::from(more)>
            {move || (way.at.get() == At::Account).then(form)}
        </Stop>
    }
}

#[component]
fn KeyStop(way: Way) -> impl IntoView {
    let text = use_text();
    let action = ServerAction::<CreateKey>::new();
    let problems = Signal::derive(move || action.value().with(problems_of));
    Effect::new(move || {
        if let Some(Ok(Ok(made))) = action.value().get() {
            way.made.set(Some(made.key));
        }
    });
    let note = Signal::derive(move || match way.made.get() {
        Some(made) => made.name,
        None if way.at.get() > At::Key => text.welcome.own_key.to_owned(),
        None => text.welcome.key_why.to_owned(),
    });
    let form = move || {
        let accounts = way.stops.shown.with_untracked(|stops| stops.accounts.clone());
        view! {
            <ActionForm action attr:class="group">
                <FormProblem problems/>
                <KeyFields name=text.welcome.first_key accounts problems/>
                <input type="hidden" name="back" value=WELCOME/>
                <div class="buttons">
                    <button class="button main" type="submit" aria-busy=move || action.pending().get().to_string()>
                        {text.welcome.make_key}
                    </button>
                    <a class="button bare" href=At::Call.href()>{text.welcome.have_key}</a>
                </div>
            </ActionForm>
        }
    };
    let shown = move || {
        way.made.get().map(|made| {
            view! {
                <SecretLine secret=made.key/>
                <p class="small quiet">{text.welcome.copy_now}</p>
            }
        })
    };
    view! {
        <Stop title=text.welcome.key note way stop=At::Key>
            {move || (way.at.get() == At::Key).then(form)}
            {shown}
        </Stop>
    }
}

#[component]
fn CallStop(way: Way) -> impl IntoView {
    let text = &use_text().welcome;
    let note = Signal::derive(move || text.call_why.to_owned());
    let content = move || match (way.at.get(), way.arrived.get()) {
        (At::Arrived, Some(request)) => view! { <Arrived request/> }.into_any(),
        (At::Call, _) => view! { <Call way/> }.into_any(),
        _ => ().into_any(),
    };
    let leave = move || match way.at.get() {
        At::Arrived => view! { <a class="button main" href=OVERVIEW.path>{text.overview}</a> }.into_any(),
        At::Call => view! { <a class="button" href=OVERVIEW.path>{text.go_on}</a> }.into_any(),
        At::Account | At::Key => ().into_any(),
    };
    view! {
        <Stop title=text.call note way stop=At::Call>
            {content}
            <div class="buttons">{leave}</div>
        </Stop>
    }
}
