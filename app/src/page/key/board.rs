//! The keys and how they are kept up to date; the other files only draw.

use std::collections::BTreeSet;

use leptos::prelude::*;
use relay::model::id::{AccountId, KeyId};
use relay::model::key::KeyRow;

use super::new::{MadePanel, NewPanel};
use super::table::KeyTable;
use super::tools::Tools;
use super::view::{Open, View};
use super::{First, Targets};
use crate::api::key::get_keys;
use crate::fresh::Fresh;
use crate::live::use_live;
use crate::moment::use_clock;
use crate::part::badge::Tone;
use crate::part::empty::Empty;
use crate::part::icon::Icon;
use crate::part::notice::Notice;
use crate::preference::use_text;

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub(super) struct Keys {
    pub(super) list: Fresh<Vec<KeyRow>>,
    pub(super) targets: StoredValue<Targets>,
    pub(super) view: Memo<View>,
    /// The keys of the list in its order, of all pages.
    pub(super) listed: Memo<Vec<KeyId>>,
    /// Those that are ticked; they are on the page that is shown.
    pub(super) ticked: RwSignal<BTreeSet<KeyId>>,
}

/// List and panels.
#[component]
pub(super) fn Board(first: First, view: Memo<View>) -> impl IntoView {
    let text = use_text();
    let live = use_live();
    let clock = use_clock();
    let First { keys, targets, made } = first;
    let list = Fresh::new(keys, get_keys);
    list.follow(live.keys);
    Effect::watch(move || live.requests.track(), move |(), _, _| list.reload_soon(), false);
    let listed = Memo::new(move |_| {
        let now_ms = clock.now_ms_untracked();
        let id = |key: &KeyRow| key.id.clone();
        view.with(|view| {
            list.shown.with(|keys| view.listed(keys, now_ms).into_iter().map(id).collect::<Vec<_>>())
        })
    });
    let ticked = RwSignal::new(BTreeSet::new());
    let keys = Keys { list, targets: StoredValue::new(targets), view, listed, ticked };
    // What is not shown cannot be ticked.
    let shown = Memo::new(move |_| view.with(|view| view.with(Open::Nothing)));
    Effect::watch(move || shown.track(), move |(), _, _| ticked.update(BTreeSet::clear), false);
    let has_none = Memo::new(move |_| list.shown.with(Vec::is_empty));
    let content = move || match has_none.get() {
        true => view! {
            <Empty title=text.key.none said=text.key.none_next>
                <a class="button main" href=View::default().with(Open::New(AccountId::default())).href()>
                    <Icon name="plus"/>
                    {text.key.new}
                </a>
            </Empty>
        }
        .into_any(),
        false => view! { <Tools keys/> <KeyTable keys/> }.into_any(),
    };
    view! {
        {move || list.failed.get().then(|| view! { <Notice tone=Tone::Warn title=text.part.unreachable/> })}
        <h2 class="unseen">{text.frame.keys}</h2>
        {content}
        <NewPanel keys/>
        <MadePanel keys made/>
    }
}
