//! The page of whoever holds a key: what is left of its limits, what it was used for, how to use it.
//!
//! The key is in this tab's memory, for as long as the page is open: in no address, cookie or storage.

mod board;
mod door;
mod draw;
mod example;
mod limit;
mod snippet;

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};
use relay::model::problem::{FieldProblem, Problem};

use crate::api::error::{Answer, ApiError, problems_of};
use crate::api::holder::{Held, look_up_key, posted};
use crate::part::gate::Gate;
use crate::part::icon::Icon;
use crate::preference::use_text;
use crate::room::HOLDER;
use board::Board;
use door::Door;

/// Figures are read again this often while somebody looks.
const REFRESH_EVERY: Duration = Duration::from_secs(15);

/// The route of the key holder's page; its code is a chunk of its own.
#[derive(Debug)]
pub(crate) struct HolderRoute;

#[lazy_route]
impl LazyRoute for HolderRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <HolderPage/> }.into_any()
    }
}

/// What looking a key up came to.
type Looked = Result<Answer<Held>, ApiError>;

/// The key and what is known of it.
#[derive(Clone, Copy)]
struct Hold {
    /// Its text; nothing where the browser posted the form by itself.
    text: RwSignal<Option<String>>,
    shown: RwSignal<Option<Held>>,
    problems: RwSignal<Vec<FieldProblem>>,
    pending: RwSignal<bool>,
    /// The newest figures could not be read.
    failed: RwSignal<bool>,
}

impl Hold {
    fn new(first: Option<Looked>) -> Self {
        let hold = Self {
            text: RwSignal::new(None),
            shown: RwSignal::new(None),
            problems: RwSignal::new(problems_of(&first)),
            pending: RwSignal::new(false),
            failed: RwSignal::new(false),
        };
        if let Some(Ok(Ok(held))) = first {
            hold.shown.set(Some(held));
        }
        hold
    }

    /// Looks a key up that was pasted.
    fn open(self, text: String) {
        self.pending.set(true);
        leptos::task::spawn_local(async move {
            let looked = Some(look_up_key(text.clone()).await);
            self.pending.try_set(false);
            self.problems.try_set(problems_of(&looked));
            if let Some(Ok(Ok(held))) = looked {
                self.failed.try_set(false);
                self.text.try_set(Some(text));
                self.shown.try_set(Some(held));
            }
        });
    }

    /// Reads the figures again. A key that is refused by now is shown no longer.
    fn refresh(self) {
        let Some(text) = self.text.get_untracked() else { return };
        leptos::task::spawn_local(async move {
            let looked = look_up_key(text.clone()).await;
            // Forgotten, or another one by now.
            if self.text.try_get_untracked().flatten() != Some(text) {
                return;
            }
            match looked {
                Ok(Ok(held)) => {
                    self.failed.set(false);
                    self.shown.set(Some(held));
                }
                Ok(Err(problems)) if !is_passing(&problems) => {
                    self.forget();
                    self.problems.set(problems);
                }
                Ok(Err(_)) | Err(_) => self.failed.set(true),
            }
        });
    }

    fn forget(self) {
        self.text.set(None);
        self.shown.set(None);
        self.problems.set(Vec::new());
        self.failed.set(false);
    }
}

/// It says nothing about the key.
fn is_passing(problems: &[FieldProblem]) -> bool {
    problems.iter().any(|found| matches!(found.problem, Problem::SlowDown { .. } | Problem::Internal))
}

#[component]
fn HolderPage() -> impl IntoView {
    let first = Resource::new(|| (), |()| posted());
    view! {
        <Suspense>
            {move || Suspend::new(async move { view! { <Holder first=first.await/> } })}
        </Suspense>
    }
}

#[component]
fn Holder(first: Option<Looked>) -> impl IntoView {
    let text = use_text();
    let hold = Hold::new(first);
    Effect::new(move || {
        let refresh = move || {
            if !document().hidden() {
                hold.refresh();
            }
        };
        if let Ok(timer) = set_interval_with_handle(refresh, REFRESH_EVERY) {
            on_cleanup(move || timer.clear());
        }
    });
    let is_open = Memo::new(move |_| hold.shown.with(Option::is_some));
    // Without WASM the link alone forgets: it opens the page anew.
    let forget = move || {
        view! {
            <a class="button" href=HOLDER on:click=move |_| hold.forget() aria-label=text.holder.forget>
                <Icon name="leave"/>
                <span class="hide-phone">{text.holder.forget}</span>
            </a>
        }
    };
    move || {
        if is_open.get() {
            view! {
                <Gate title=text.holder.title class="wide" tools=ViewFn::from(forget)>
                    <Board hold/>
                </Gate>
            }
            .into_any()
        } else {
            view! { <Gate title=text.holder.title><Door hold/></Gate> }.into_any()
        }
    }
}
