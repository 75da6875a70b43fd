//! A state: a shape and a word, never colour alone.

use leptos::prelude::*;

use super::icon::Shape;

/// How a state is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Able, delivered.
    Ok,
    /// The relay deals with it.
    Notice,
    /// It will go wrong, or went wrong in part.
    Warn,
    /// A person must act, or a client saw it.
    Bad,
    /// Off, of no account.
    Off,
    /// Stopped by a person.
    Paused,
    /// Made up.
    Sandbox,
}

impl Tone {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Notice => "notice",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Off | Self::Paused | Self::Sandbox => "off",
        }
    }

    pub(crate) fn shape(self) -> &'static str {
        match self {
            Self::Ok => "s-ok",
            Self::Notice => "s-notice",
            Self::Warn => "s-warn",
            Self::Bad => "s-bad",
            Self::Off => "s-off",
            Self::Paused => "s-pause",
            Self::Sandbox => "s-test",
        }
    }
}

/// A state with its word on a ground of its own, for the head of a page.
#[component]
pub(crate) fn Ground(#[prop(into)] tone: Signal<Tone>, #[prop(into)] word: Signal<String>) -> impl IntoView {
    view! {
        <span class=move || format!("badge ground {}", tone.get().class())>
            <Shape name=Signal::derive(move || tone.get().shape())/>
            {word}
        </span>
    }
}

/// A state with its word.
#[component]
pub(crate) fn Badge(
    #[prop(into)] tone: Signal<Tone>,
    #[prop(into)] word: Signal<String>,
    /// More, on hover.
    #[prop(into, optional)]
    title: Option<String>,
) -> impl IntoView {
    view! {
        <span class=move || format!("badge {}", tone.get().class()) title=title>
            <Shape name=Signal::derive(move || tone.get().shape())/>
            {word}
        </span>
    }
}
