//! The stops of the welcome: passed, present, ahead.

use leptos::prelude::*;

use super::Way;
use crate::address::Address;
use crate::room::WELCOME;

/// How far one has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum At {
    Account,
    Key,
    Call,
    Arrived,
}

impl At {
    /// The stop that the address asks for.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        [Self::Account, Self::Key, Self::Call].into_iter().find(|stop| stop.name() == name)
    }

    pub(super) fn href(self) -> String {
        Address::new(WELCOME).with("at", self.name()).text()
    }

    fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Key => "key",
            Self::Call | Self::Arrived => "call",
        }
    }
}

/// One stop.
#[component]
pub(super) fn Stop(
    title: &'static str,
    note: Signal<String>,
    way: Way,
    /// Which one this is.
    stop: At,
    /// Beside the title once it is passed.
    #[prop(optional)]
    beside: Option<ViewFn>,
    children: Children,
) -> impl IntoView {
    let at = way.at;
    let class = move || match at.get() {
        now if now > stop => "done",
        now if now < stop => "ahead",
        _ => "",
    };
    view! {
        <li class=class aria-current=move || (at.get() == stop).then_some("step")>
            <header>
                <h2>{title}</h2>
                <span class="small quiet">{note}</span>
                {beside.map(|beside| view! { <Show when=move || { at.get() > stop }>{beside.run()}</Show> })}
            </header>
            {children()}
        </li>
    }
}
