//! Groups of accounts: the list, and a panel for a new one or for one of them. Keys can be bound to a group.

use leptos::form::ActionForm;
use leptos::prelude::*;
use relay::model::account::{AccountKind, AccountRow};
use relay::model::group::GroupRow;
use relay::model::id::GroupId;

use super::board::Accounts;
use super::view::Open;
use crate::api::error::problems_of;
use crate::api::group::{DeleteGroup, PutGroup};
use crate::part::dialog::Panel;
use crate::part::field::{Field, FormProblem};
use crate::part::icon::Icon;
use crate::part::sheet::Sheet;
use crate::part::state::kind_name;
use crate::preference::use_text;

/// The list.
#[component]
pub(super) fn Groups(accounts: Accounts) -> impl IntoView {
    let text = &use_text().group;
    let has_none = Memo::new(move |_| accounts.groups.shown.with(Vec::is_empty));
    let add = ViewFn::from(move || {
        let href = move || accounts.view.with(|view| view.with(Open::NewGroup).href());
        view! { <a class="button tiny" href=href><Icon name="plus"/>{text.new}</a> }
    });
    let table = move || {
        if has_none.get() {
            return view! { <p class="none">{text.none}</p> }.into_any();
        }
        view! {
            <table class="table free stack">
                <thead>
                    <tr>
                        <th scope="col">{text.name}</th>
                        <th scope="col">{text.accounts}</th>
                        <th scope="col" class="n">{text.keys}</th>
                    </tr>
                </thead>
                <tbody>
                    <For
                        each=move || accounts.groups.shown.get()
                        key=GroupRow::clone
                        children=move |group| view! { <Line group accounts/> }
                    />
                </tbody>
            </table>
        }
        .into_any()
    };
    view! { <Sheet id="groups" title=text.title note=text.why tools=add>{table}</Sheet> }
}

#[component]
fn Line(group: GroupRow, accounts: Accounts) -> impl IntoView {
    let text = &use_text().group;
    let GroupRow { id, name, accounts: members, bound_keys } = group;
    let href = move || accounts.view.with(|view| view.with(Open::Group(id.clone())).href());
    let names = move || {
        let names: Vec<_> = accounts.list.shown.with(|list| {
            list.iter().filter(|row| members.contains(&row.id)).map(|row| row.name.clone()).collect()
        });
        if names.is_empty() { text.nobody.to_owned() } else { names.join(", ") }
    };
    view! {
        <tr>
            <th scope="row"><span class="name"><a href=href>{name}</a></span></th>
            <td class="full quiet">{names}</td>
            <td class="n" data-label=text.keys>{bound_keys}</td>
        </tr>
    }
}

/// The form.
#[component]
pub(super) fn GroupPanel(accounts: Accounts) -> impl IntoView {
    let text = &use_text().group;
    let open = Memo::new(move |_| accounts.view.with(|view| view.open.clone()));
    let is_open = Memo::new(move |_| open.with(|open| *open != Open::Nothing));
    let leave = Signal::derive(move || accounts.view.with(|view| view.with(Open::Nothing).href()));
    let found = move |id: &GroupId| {
        accounts.groups.shown.with(|groups| groups.iter().find(|group| group.id == *id).cloned())
    };
    let title = Signal::derive(move || match open.get() {
        Open::Group(id) => found(&id).map(|group| group.name).unwrap_or_default(),
        Open::Nothing | Open::NewGroup => text.new.to_owned(),
    });
    let content = move || match open.get() {
        Open::Nothing => ().into_any(),
        Open::NewGroup => view! { <Form accounts leave group=None/> }.into_any(),
        Open::Group(id) => match accounts
            .groups
            .shown
            .with_untracked(|groups| groups.iter().find(|group| group.id == id).cloned())
        {
            Some(group) => view! { <Form accounts leave group=Some(group)/> }.into_any(),
            None => view! { <div class="body"><p>{text.gone}</p></div> }.into_any(),
        },
    };
    view! { <Panel title open=is_open leave>{content}</Panel> }
}

#[component]
fn Form(accounts: Accounts, leave: Signal<String>, group: Option<GroupRow>) -> impl IntoView {
    let whole = use_text();
    let text = &whole.group;
    let action = ServerAction::<PutGroup>::new();
    accounts.groups.follow(action.version());
    accounts.list.follow(action.version());
    let problems = Signal::derive(move || action.value().with(problems_of));
    let (id, name, members) = match &group {
        Some(group) => (group.id.to_string(), group.name.clone(), group.accounts.clone()),
        None => Default::default(),
    };
    // A sandbox stands in for nobody.
    let is_real = |row: &&AccountRow| row.kind != AccountKind::Sandbox;
    let real: Vec<_> =
        accounts.list.shown.with_untracked(|list| list.iter().filter(is_real).cloned().collect());
    let check = move |row: AccountRow| {
        let checked = members.contains(&row.id);
        view! {
            <label>
                <span class="check">
                    <input type="checkbox" name="accounts[]" value=row.id.to_string() checked=checked/>
                </span>
                <span class="name"><b>{row.name}</b><small>{kind_name(row.kind, whole)}</small></span>
            </label>
        }
    };
    let delete = group.map(|group| view! { <Delete accounts group/> });
    view! {
        <div class="body">
            <ActionForm action attr:id="group" attr:class="group">
                <FormProblem problems/>
                <input type="hidden" name="id" value=id/>
                <Field name="name" label=text.name value=name maxlength="100" autofocus=true problems/>
                <fieldset class="choices">
                    <legend>{text.accounts}</legend>
                    {real.into_iter().map(check).collect_view()}
                </fieldset>
            </ActionForm>
            {delete}
        </div>
        <div class="acts">
            <a class="button end" href=leave>{text.cancel}</a>
            <button class="button main" type="submit" form="group" aria-busy=move || action.pending().get().to_string()>
                {text.save}
            </button>
        </div>
    }
}

#[component]
fn Delete(accounts: Accounts, group: GroupRow) -> impl IntoView {
    let text = &use_text().group;
    let action = ServerAction::<DeleteGroup>::new();
    accounts.groups.follow(action.version());
    accounts.list.follow(action.version());
    let problems = Signal::derive(move || action.value().with(problems_of));
    let consequence = match group.bound_keys {
        0 => text.delete_why.to_owned(),
        keys => (text.delete_bound)(keys),
    };
    let word = (text.delete)(&group.name);
    let title = word.clone();
    let button = (group.bound_keys == 0).then(|| {
        view! {
            <ActionForm action>
                <input type="hidden" name="id" value=group.id.to_string()/>
                <button class="button bad" type="submit">{word}</button>
            </ActionForm>
        }
    });
    view! {
        <FormProblem problems/>
        <ul class="deeds">
            <li><div><b>{title}</b><p>{consequence}</p></div>{button}</li>
        </ul>
    }
}
