//! The line of steps above each of them.

use leptos::prelude::*;
use relay::model::account::{AccountKind, AccountSettings};

use crate::part::state::kind_name;
use crate::part::stop::{Stop, Stops};
use crate::preference::use_text;

/// Where on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    Kind,
    Settings,
    Authorise,
    Done,
}

/// The steps for a kind, with what was chosen in those that are done.
#[component]
pub(super) fn Line(
    at: At,
    /// Nothing as long as it is not chosen.
    #[prop(optional_no_strip)]
    kind: Option<AccountKind>,
    /// Name and proxy, once they are known.
    #[prop(into, optional)]
    settings: String,
    /// How long the sign-in waits.
    #[prop(into, optional)]
    left: Signal<String>,
) -> impl IntoView {
    let text = use_text();
    let chosen = kind.map(|kind| kind_name(kind, text).to_owned()).unwrap_or_default();
    let stop = |word: &'static str, note: Signal<String>| Stop { word, note };
    let mut stops = vec![
        (At::Kind, stop(text.wizard.kind, Signal::stored(chosen))),
        (At::Settings, stop(text.wizard.settings, Signal::stored(settings))),
    ];
    if kind.is_none_or(AccountKind::is_oauth) {
        stops.push((At::Authorise, stop(text.wizard.authorise, left)));
    }
    stops.push((At::Done, stop(text.wizard.done, Signal::stored(String::new()))));
    let place = stops.iter().position(|(stop, _)| *stop == at).unwrap_or_default();
    let stops = stops.into_iter().map(|(_, stop)| stop).collect();
    view! { <Stops label=text.wizard.stops stops at=place/> }
}

/// Name and proxy in a few words.
pub(super) fn in_short(name: &str, settings: &AccountSettings) -> String {
    let proxy = settings.proxy.as_ref().map(|proxy| proxy.host.as_str());
    [Some(name), proxy].into_iter().flatten().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ")
}
