//! A secret that is shown once, and how to use it.

use leptos::prelude::*;

use super::copy::Copy;
use crate::preference::use_text;

/// The text in full, with its copy button.
#[component]
pub(crate) fn SecretLine(#[prop(into)] secret: String) -> impl IntoView {
    let content = secret.clone();
    view! {
        <div class="secret">
            <span>{secret}</span>
            <Copy content/>
        </div>
    }
}

/// Ready-made calls with a key: what is shown has the key cut short, what is copied has it whole.
#[component]
pub(crate) fn Snippets(
    /// Names the group of tabs on its page.
    name: &'static str,
    /// The address that clients use.
    #[prop(into)]
    address: String,
    /// The key, or what stands for it.
    #[prop(into)]
    key: String,
    /// A model that the account has.
    model: &'static str,
) -> impl IntoView {
    let text = use_text();
    let short = if key.len() > 16 { format!("{}…", &key[..9]) } else { key.clone() };
    let tab = |value: &'static str, word: &'static str, checked: bool| {
        view! { <label><input type="radio" name=name value=value checked=checked/>{word}</label> }
    };
    view! {
        <div class="snippets">
            <fieldset class="tabs">
                <legend class="unseen">{text.key.program}</legend>
                {tab("1", "curl", true)}
                {tab("2", "Claude Code", false)}
            </fieldset>
            <div class="is-1 code">
                <pre><code>{painted(&curl(&address, &short, model))}</code></pre>
                <Copy content=curl(&address, &key, model) bare=true/>
            </div>
            <div class="is-2 code">
                <pre><code>{painted(&claude_code(&address, &short))}</code></pre>
                <Copy content=claude_code(&address, &key) bare=true/>
            </div>
        </div>
    }
}

/// Command words and values, told apart by colour.
pub(crate) fn painted(script: &str) -> impl IntoView + use<> {
    let mut spans = Vec::new();
    for (place, part) in script.split('\'').enumerate() {
        if place % 2 == 1 {
            spans.push(("v", format!("'{part}'")));
            continue;
        }
        spans.extend(part.split_inclusive([' ', '\n']).map(|word| {
            let class = match word.trim() {
                "curl" | "export" | "claude" | "gemini" | "import" | "from" | "const" | "await" => "k",
                word if word.contains("://") || word.contains('=') => "v",
                _ => "",
            };
            (class, word.to_owned())
        }));
    }
    spans.into_iter().map(|(class, word)| view! { <span class=class>{word}</span> }).collect_view()
}

/// Streams an answer when pasted into a shell.
fn curl(address: &str, key: &str, model: &str) -> String {
    format!(
        "curl -N {address}/api/v1/messages \\\n  -H 'x-api-key: {key}' \\\n  -H 'anthropic-version: 2023-06-01' \\\n  \
         -H 'content-type: application/json' \\\n  \
         -d '{{\"model\":\"{model}\",\"max_tokens\":64,\"stream\":true,\"messages\":[{{\"role\":\"user\",\"content\":\"Say hello\"}}]}}'"
    )
}

fn claude_code(address: &str, key: &str) -> String {
    format!("export ANTHROPIC_BASE_URL={address}/api\nexport ANTHROPIC_AUTH_TOKEN={key}\nclaude")
}
