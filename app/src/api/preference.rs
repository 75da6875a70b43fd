//! Theme and language: kept in cookies for a year. Public, because the sign-in page has them too.

use leptos::prelude::*;

use super::error::ApiError;
#[cfg(feature = "ssr")]
use super::request;
use crate::preference::Theme;
use crate::text::Language;

/// Keeps the theme. The page has changed already where WASM runs; without it the browser comes back to the page.
#[server(prefix = "/web/fn", endpoint = "set_theme")]
pub async fn set_theme(theme: Theme) -> Result<(), ApiError> {
    keep(crate::preference::THEME_COOKIE, theme.name());
    Ok(())
}

/// Keeps the language. Posted by the browser itself, which then loads the page anew.
#[server(prefix = "/web/fn", endpoint = "set_language")]
pub async fn set_language(language: Language) -> Result<(), ApiError> {
    keep(crate::preference::LANGUAGE_COOKIE, language.tag());
    Ok(())
}

#[cfg(feature = "ssr")]
fn keep(name: &str, value: &str) {
    request::set_cookie(&format!("{name}={value}; Path=/web; Max-Age=31536000; SameSite=Lax"));
    if request::is_form_without_wasm()
        && let Some(page) = request::came_from()
    {
        leptos_axum::redirect(&page);
    }
}
