//! A line inside the panel that it concerns: what, why, what to do.

use leptos::prelude::*;

use super::badge::Tone;
use super::icon::{Icon, Shape};
use crate::api::error::ApiError;
use crate::preference::use_text;

/// A notice. Bad ones are read out at once.
#[component]
pub(crate) fn Notice(
    tone: Tone,
    #[prop(into)] title: String,
    #[prop(into, optional)] said: Option<String>,
    /// Buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let role = if tone == Tone::Bad { "alert" } else { "status" };
    view! {
        <div class=format!("note-line {}", tone.class()) role=role>
            <Shape name=tone.shape()/>
            <div><b>{title}</b>{said.map(|said| view! { <p>{said}</p> })}</div>
            {children.map(|children| children())}
        </div>
    }
}

/// What could not be read, why, and the button to try again.
#[component]
pub(crate) fn Failure(
    error: ApiError,
    /// Tries again.
    retry: Callback<()>,
) -> impl IntoView {
    let text = use_text();
    if error == ApiError::SignedOut {
        Effect::new(crate::live::leave);
    }
    let why = match error {
        ApiError::Unreachable { .. } => text.part.unreachable,
        ApiError::Internal | ApiError::SignedOut | ApiError::Refused { .. } => text.part.internal,
    };
    view! {
        <Notice tone=Tone::Bad title=text.part.not_read said=why>
            <button class="button tiny" type="button" on:click=move |_| retry.run(())>
                <Icon name="refresh"/>
                {text.part.again}
            </button>
        </Notice>
    }
}
