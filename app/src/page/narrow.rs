//! What figures and lists are narrowed to: a chip for each, which takes it away, and a form that chooses others. Works as
//! links and a plain form, too.

use leptos::ev::Event;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use relay::model::explore::Narrowing;
use relay::model::id::{AccountId, KeyId};
use relay::model::outcome::Outcome;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;

use crate::api::usage::Names;
use crate::part::icon::Icon;
use crate::preference::use_text;

/// What is narrowed, and where another choice leads.
#[derive(Clone, Copy)]
pub(crate) struct Narrowed {
    pub(crate) only: Memo<Narrowing>,
    pub(crate) href: Callback<Narrowing, String>,
    /// Also by owners and tags of keys.
    pub(crate) with_owners: bool,
}

/// A dimension that can be narrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Key,
    Model,
    Account,
    Outcome,
    Owner,
    Tag,
}

impl By {
    const ALL: [Self; 6] = [Self::Key, Self::Model, Self::Account, Self::Outcome, Self::Owner, Self::Tag];

    fn field(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Model => "model",
            Self::Account => "account",
            Self::Outcome => "outcome",
            Self::Owner => "owner",
            Self::Tag => "tag",
        }
    }

    fn word(self) -> &'static str {
        let text = use_text();
        match self {
            Self::Key => text.dashboard.key,
            Self::Model => text.dashboard.model,
            Self::Account => text.dashboard.account,
            Self::Outcome => text.dashboard.outcome,
            Self::Owner => text.usage.owner,
            Self::Tag => text.usage.tag,
        }
    }

    fn of(self, only: &Narrowing) -> Option<String> {
        match self {
            Self::Key => only.key.as_ref().map(KeyId::to_string),
            Self::Model => only.model.clone(),
            Self::Account => only.account.as_ref().map(AccountId::to_string),
            Self::Outcome => only.outcome.map(|outcome| outcome.name().to_owned()),
            Self::Owner => only.owner.clone(),
            Self::Tag => only.tag.clone(),
        }
    }

    /// The same narrowed to this, or no more by this.
    fn with(self, only: &Narrowing, value: Option<&str>) -> Narrowing {
        let text = value.map(str::to_owned);
        let only = only.clone();
        match self {
            Self::Key => Narrowing { key: value.map(KeyId::new), ..only },
            Self::Model => Narrowing { model: text, ..only },
            Self::Account => Narrowing { account: value.map(AccountId::new), ..only },
            Self::Outcome => Narrowing { outcome: value.and_then(Outcome::from_name), ..only },
            Self::Owner => Narrowing { owner: text, ..only },
            Self::Tag => Narrowing { tag: text, ..only },
        }
    }

    fn choices(self, names: &Names) -> Vec<(String, String)> {
        let text = use_text();
        let outcome =
            |outcome: Outcome| (outcome.name().to_owned(), (text.state.outcome)(outcome).to_owned());
        match self {
            Self::Key => names.keys.clone(),
            Self::Model => names.models.clone(),
            Self::Account => names.accounts.clone(),
            Self::Outcome => Outcome::ALL.map(outcome).to_vec(),
            Self::Owner => names.owners.clone(),
            Self::Tag => names.tags.clone(),
        }
    }
}

/// What a value is called.
fn name_of(by: By, value: &str, names: &Names) -> String {
    let known = by.choices(names).into_iter().find(|(id, _)| id == value).map(|(_, name)| name);
    match known.filter(|name| !name.is_empty()) {
        Some(name) => name,
        None if value.is_empty() => use_text().dashboard.none.to_owned(),
        None => value.chars().take(8).collect(),
    }
}

/// A chip for each thing that the list is narrowed to.
#[component]
pub(crate) fn Chips(narrowed: Narrowed, names: StoredValue<Names>) -> impl IntoView {
    let text = use_text();
    let chip = move |by: By| {
        let only = narrowed.only;
        move || {
            let value = only.with(|only| by.of(only))?;
            let name = names.with_value(|names| name_of(by, &value, names));
            let href = narrowed.href.run(only.with(|only| by.with(only, None)));
            let label = format!("{}: {name}", by.word());
            let away = (text.usage.without)(&label);
            Some(view! {
                <a class="chip on" href=href aria-label=away.clone() title=away>
                    {label.clone()}
                    <Icon name="close"/>
                </a>
            })
        }
    };
    view! { {By::ALL.map(chip).into_iter().collect_view()} }
}

/// Chooses what to narrow to. With WASM each choice leads on at once; without, the button does.
#[component]
pub(crate) fn NarrowForm(
    narrowed: Narrowed,
    names: StoredValue<Names>,
    /// Where the form leads.
    action: &'static str,
    /// What else the address holds.
    kept: Signal<Vec<(&'static str, String)>>,
) -> impl IntoView {
    let text = use_text();
    let navigate = use_navigate();
    let choose = move |by: By, event: &Event| {
        let select = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
        let Some(value) = select.map(|select| select.value()) else { return };
        let value = Some(value.as_str()).filter(|value| !value.is_empty());
        let only = narrowed.only.with_untracked(|only| by.with(only, value));
        navigate(&narrowed.href.run(only), NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    let field = move |by: By| {
        let choices = names.with_value(|names| by.choices(names));
        let is_offered = !choices.is_empty() && (narrowed.with_owners || !matches!(by, By::Owner | By::Tag));
        let choose = choose.clone();
        is_offered.then(|| {
            let option = move |(value, name): (String, String)| {
                let own = value.clone();
                let chosen = move || narrowed.only.with(|only| by.of(only).as_deref() == Some(own.as_str()));
                view! { <option value=value selected=chosen>{name}</option> }
            };
            let id = format!("by-{}", by.field());
            view! {
                <div class="field">
                    <label for=id.clone()>{by.word()}</label>
                    <select class="select" id=id name=by.field() on:change=move |event| choose(by, &event)>
                        <option value="">{text.usage.any}</option>
                        {choices.into_iter().map(option).collect_view()}
                    </select>
                </div>
            }
        })
    };
    let kept = move || {
        let hidden = |(name, value): (&'static str, String)| {
            view! { <input type="hidden" name=name value=value/> }
        };
        kept.get().into_iter().filter(|(_, value)| !value.is_empty()).map(hidden).collect_view()
    };
    view! {
        <details class="narrow" name="narrow">
            <summary class="button bare"><Icon name="filter"/>{text.usage.filter}</summary>
            <form action=action method="get">
                {By::ALL.map(field).into_iter().collect_view()}
                {kept}
                <button class="button" type="submit">{text.usage.apply}</button>
            </form>
        </details>
    }
}

/// Two buttons that give what is shown as files.
#[component]
pub(crate) fn Downloads(
    /// Where a format (`csv`, `json`) is had.
    href: Callback<&'static str, String>,
) -> impl IntoView {
    let words = &use_text().usage;
    let button = |format: &'static str, word: &'static str| {
        let label = (words.download)(word);
        view! {
            <a class="button" href=move || href.run(format) rel="external" download="" aria-label=label>
                <Icon name="download"/>
                {word}
            </a>
        }
    };
    view! { <div class="buttons end">{button("csv", "CSV")}{button("json", "JSON")}</div> }
}
