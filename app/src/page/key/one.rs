//! One key: how far its limits are used, what it did today, how to use it, and what can be done to it.

mod about;
mod deeds;
mod edit;
mod explored;
mod figures;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use leptos_router::{LazyRoute, lazy_route};
use relay::model::id::KeyId;
use relay::model::key::KeyRow;

use super::new::LeftPanel;
use super::{Targets, targets};
use crate::address::key::{EDIT, MADE, one as address_of};
use crate::api::error::ApiError;
use crate::api::key::{MadeKeys, RotateKey, get_key, take_made_keys};
use crate::fresh::Fresh;
use crate::live::use_live;
use crate::moment::use_clock;
use crate::part::badge::Tone;
use crate::part::dialog::Panel;
use crate::part::empty::Empty;
use crate::part::limit::{Limited, Limits, LimitsKey};
use crate::part::notice::{Failure, Notice};
use crate::part::page::Page;
use crate::part::sheet::Sheet;
use crate::part::skeleton::{Shape, Skeleton};
use crate::preference::use_text;
use crate::room::KEYS;
use about::{About, Usage};
use deeds::Deeds;
use edit::EditForm;
use explored::Explored;
use figures::{Figures, Head};

/// The route of one key; its code is a chunk of its own.
#[derive(Debug)]
pub(crate) struct OneKeyRoute;

#[lazy_route]
impl LazyRoute for OneKeyRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <OneKeyPage/> }.into_any()
    }
}

/// What the page's parts share.
#[derive(Clone, Copy)]
struct One {
    id: StoredValue<KeyId>,
    fresh: Fresh<Option<(KeyRow, String)>>,
    row: Memo<Option<KeyRow>>,
    /// What is open beside the page, or asked on it.
    panel: Memo<String>,
    /// Gives it another text.
    rotate: ServerAction<RotateKey>,
}

impl One {
    /// A part of it, as it is now.
    fn of<T: Default>(self, read: impl FnOnce(&KeyRow) -> T) -> T {
        self.row.with(|row| row.as_ref().map(read).unwrap_or_default())
    }
}

/// What the page begins with.
type First = (Option<(KeyRow, String)>, Targets, Option<MadeKeys>);

#[component]
fn OneKeyPage() -> impl IntoView {
    let text = use_text();
    let params = use_params_map();
    let query = use_query_map();
    let id = Memo::new(move |_| KeyId::new(params.with(|params| params.get("id").unwrap_or_default())));
    let panel = Memo::new(move |_| query.with(|query| query.get_str("panel").unwrap_or_default().to_owned()));
    let first = Resource::new(move || id.get(), move |id| read(id, panel.get_untracked() == MADE));
    let name = RwSignal::new(String::new());
    let ready = move |read: Result<First, ApiError>| match read {
        Ok((Some(key), targets, made)) => view! { <Board key targets made panel name/> }.into_any(),
        Ok((None, ..)) => view! {
            <Empty title=text.key.not_there said=text.key.none_next>
                <a class="button main" href=KEYS.path>{text.key.show_all}</a>
            </Empty>
        }
        .into_any(),
        Err(error) => {
            let retry = Callback::new(move |()| first.refetch());
            view! { <Failure error retry/> }.into_any()
        }
    };
    let content = move || {
        Suspend::new(async move {
            let read = first.await;
            if let Ok((Some((row, _)), ..)) = &read {
                name.set(row.name.clone());
            }
            ready(read)
        })
    };
    let title = Signal::derive(move || match name.get() {
        name if name.is_empty() => text.key.key.to_owned(),
        name => name,
    });
    view! {
        <Page title above=&KEYS>
            <Suspense fallback=|| view! { <Skeleton shape=Shape::Overview/> }>{content}</Suspense>
        </Page>
    }
}

async fn read(id: KeyId, made: bool) -> Result<First, ApiError> {
    let made = if made { take_made_keys().await? } else { None };
    Ok((get_key(id).await?, targets().await?, made))
}

#[component]
fn Board(
    key: (KeyRow, String),
    targets: Targets,
    made: Option<MadeKeys>,
    panel: Memo<String>,
    name: RwSignal<String>,
) -> impl IntoView {
    let text = use_text();
    let live = use_live();
    let clock = use_clock();
    let (id, address) = (key.0.id.clone(), key.1.clone());
    let asked = id.clone();
    let fresh = Fresh::new(Some(key), move || get_key(asked.clone()));
    fresh.follow(live.keys);
    Effect::watch(move || live.requests.track(), move |(), _, _| fresh.reload_soon(), false);
    let row = Memo::new(move |_| fresh.shown.with(|key| key.as_ref().map(|(row, _)| row.clone())));
    let rotate = ServerAction::<RotateKey>::new();
    let one = One { id: StoredValue::new(id), fresh, row, panel, rotate };
    Effect::new(move || {
        if let Some(row) = row.get() {
            name.set(row.name);
        }
    });
    let is_gone = Memo::new(move |_| row.with(Option::is_none));
    let limited = Memo::new(move |_| {
        row.with(|row| {
            let row = row.as_ref()?;
            let at_ms = clock.now_ms_untracked();
            Some(Limited { limits: row.limits.clone(), usage: row.usage.clone(), at_ms })
        })
    });
    view! {
        {move || fresh.failed.get().then(|| view! { <Notice tone=Tone::Warn title=text.part.unreachable/> })}
        {move || is_gone.get().then(|| view! { <Notice tone=Tone::Warn title=text.key.not_there/> })}
        <Head one/>
        <Figures one/>
        <div class="columns">
            <Sheet id="limits" title=text.limit.limits tools=ViewFn::from(|| view! { <LimitsKey/> })>
                <Limits limited/>
            </Sheet>
            <About one/>
        </div>
        <Explored one/>
        <Usage one address/>
        <Deeds one/>
        <Panels one targets made/>
    }
}

/// What opens beside the page: the form, and a new text.
#[component]
fn Panels(one: One, targets: Targets, made: Option<MadeKeys>) -> impl IntoView {
    let text = use_text();
    let leave = Signal::derive(move || address_of(&one.id.get_value()));
    let is_edited = Memo::new(move |_| one.panel.with(|panel| panel == EDIT));
    let is_left = Memo::new(move |_| one.panel.with(|panel| panel == MADE));
    let title = Signal::derive(move || text.key.edit.to_owned());
    let targets = StoredValue::new(targets);
    let form = move || view! { <EditForm one targets leave/> };
    view! {
        <Panel title open=is_edited leave>{form}</Panel>
        {match made {
            Some(made) => {
                view! { <LeftPanel title=text.key.rotate open=is_left leave made=Some(made) of=text.key.rotated/> }
                    .into_any()
            }
            None => view! { <deeds::Rotated one open=is_left leave/> }.into_any(),
        }}
    }
}
