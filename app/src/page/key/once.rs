//! The one time that a key's text is shown, or those of many.

use leptos::prelude::*;
use relay::model::key::{CreatedKey, csv};

use crate::address::Address;
use crate::api::key::MadeKeys;
use crate::page::welcome::first_model;
use crate::part::copy::Copy;
use crate::part::icon::Icon;
use crate::part::secret::{SecretLine, Snippets};
use crate::preference::use_text;

/// What is shown in the panel.
#[component]
pub(super) fn Once(
    made: MadeKeys,
    /// Above the text of a single one.
    title: fn(&str) -> String,
    leave: Signal<String>,
) -> impl IntoView {
    let text = use_text();
    let MadeKeys { key, more, sandbox, address } = made;
    let content = if more.is_empty() {
        view! {
            <div class="group">
                <h3>{title(&key.name)}</h3>
                <SecretLine secret=key.key.clone()/>
                <p class="small quiet">{text.key.copy_now}</p>
            </div>
            <div class="group">
                <h3>{text.key.use_it}</h3>
                <Snippets name="program" address key=key.key model=first_model(sandbox)/>
            </div>
        }
        .into_any()
    } else {
        view! { <Many keys=std::iter::once(key).chain(more).collect()/> }.into_any()
    };
    view! {
        <div class="body">{content}</div>
        <div class="acts"><a class="button main" href=leave>{text.key.copied_it}</a></div>
    }
}

/// As a table for spreadsheets, to keep as a file or to copy.
#[component]
fn Many(keys: Vec<CreatedKey>) -> impl IntoView {
    let text = use_text();
    let table = csv(&keys);
    let file = format!("data:text/csv;charset=utf-8,{}", Address::encoded(&table));
    view! {
        <div class="group">
            <h3>{(text.key.made_many)(keys.len())}</h3>
            <p class="small quiet">{text.key.copy_all_now}</p>
            <div class="buttons">
                <a class="button" href=file download="keys.csv"><Icon name="download"/>{text.key.download}</a>
            </div>
            <details>
                <summary>{text.key.show_keys}</summary>
                <div class="code" tabindex="0" role="group" aria-label=text.key.show_keys>
                    <pre><code>{table.replace('\r', "")}</code></pre>
                    <Copy content=table bare=true/>
                </div>
            </details>
        </div>
    }
}
