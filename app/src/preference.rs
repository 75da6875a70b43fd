//! What a person chose: language, light or dark; and the time zone that the server is set to.
//!
//! The server reads cookies before the first byte, so that nothing flashes; the browser reads the attributes
//! that the server wrote on the document. Never asks the store.

use std::sync::Arc;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::text::{Language, Text};

/// The cookie that holds the language.
#[cfg(feature = "ssr")]
pub(crate) const LANGUAGE_COOKIE: &str = "lang";
/// The cookie that holds the theme.
#[cfg(feature = "ssr")]
pub(crate) const THEME_COOKIE: &str = "theme";

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub(crate) fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.name() == name).unwrap_or_default()
    }
}

/// The choices of this page view. A change of language loads the page anew.
#[derive(Clone, Debug)]
pub(crate) struct Preference {
    pub(crate) language: Language,
    pub(crate) theme: RwSignal<Theme>,
    /// The IANA name of the server's time zone, in which days start and times are shown.
    pub(crate) zone: Arc<str>,
}

impl Preference {
    /// From the request's cookies and headers.
    #[cfg(feature = "ssr")]
    pub(crate) fn current() -> Self {
        use crate::api::request;

        let cookie = |name| request::cookie(name).unwrap_or_default();
        Self {
            language: Language::choose(&cookie(LANGUAGE_COOKIE), &request::header("accept-language")),
            theme: RwSignal::new(Theme::from_name(&cookie(THEME_COOKIE))),
            zone: crate::api::relay::time_zone().into(),
        }
    }

    /// From the document's attributes.
    #[cfg(not(feature = "ssr"))]
    pub(crate) fn current() -> Self {
        let attribute = |name: &str| {
            document().document_element().and_then(|root| root.get_attribute(name)).unwrap_or_default()
        };
        Self {
            language: Language::from_tag(&attribute("lang")).unwrap_or_default(),
            theme: RwSignal::new(Theme::from_name(&attribute("data-theme"))),
            zone: attribute("data-zone").into(),
        }
    }
}

/// The choices of this page view.
pub(crate) fn use_preference() -> Preference {
    expect_context::<Preference>()
}

/// The words in the chosen language.
pub(crate) fn use_text() -> &'static Text {
    use_preference().language.text()
}
