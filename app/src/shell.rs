//! The HTML document around the console: head, theme and language before the first paint. Server only.

use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::App;
use crate::preference::Preference;

/// The document, for `leptos_axum`. Scripts carry the request's nonce; no style attributes anywhere.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let preference = Preference::current();
    let pkg = format!("/{}", options.site_pkg_dir);
    view! {
        <!DOCTYPE html>
        <html
            lang=preference.language.tag()
            data-theme=preference.theme.get_untracked().name()
            data-zone=preference.zone.to_string()
        >
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" type="image/svg+xml" href="/favicon.svg"/>
                <link rel="stylesheet" href=format!("{pkg}/{}.css", options.output_name)/>
                <HydrationScripts options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
