//! The way to a new account in English.

use relay::model::account::AccountKind;
use relay::model::proxy::ProxyKind;

use crate::text::shape::wizard::{Fields, Wizard};

pub(super) const FIELDS: Fields = Fields {
    name: "Name",
    name_hint: "Left empty, it is called after its kind.",
    note: "Note",
    note_hint: "For people: whose it is, who pays, where it is signed in.",
    secret: "API key",
    secret_hint: "Sealed before it is kept, and never shown again.",
    keep_secret: |hint| format!("Left empty, the one that ends in {hint} stays."),
    address: "Address",
    address_hint: |kind| match kind {
        AccountKind::GeminiApiKey => "Empty for Google’s own. Without /v1beta.",
        _ => "Empty for Anthropic’s own. Without /v1/messages.",
    },
    project: "Google Cloud project",
    project_hint: "Its id, such as my-project-123456. Left empty, Google’s own choice is found.",
    proxy: "Proxy",
    proxy_why: "With a proxy everything to the provider goes through it: sign-in, refresh, tests, calls. Never around it.",
    proxy_kind: "Type",
    no_proxy: "None, directly",
    proxy_kind_name: |kind| match kind {
        ProxyKind::Socks5 => "SOCKS5, names resolved there",
        ProxyKind::Http => "HTTP",
        ProxyKind::Https => "HTTPS",
    },
    proxy_host: "Host",
    proxy_port: "Port",
    proxy_username: "User",
    if_it_asks: "If it asks for one.",
    proxy_password: "Password",
    keep_password: "Left empty, the one there is stays.",
    test_proxy: "Test proxy",
    testing: "Testing",
    share: "Its share of the calls",
    share_why: "The lowest priority is tried first; among equals the one with most room in its windows, then the heavier.",
    priority: "Priority",
    weight: "Weight",
    concurrency: "Streams at once",
    any_number: "any number",
};

pub(super) const WIZARD: Wizard = Wizard {
    title: "Add an account",
    title_again: "Sign in again",
    stops: "Steps to a new account",
    kind: "Kind",
    settings: "Name and proxy",
    authorise: "Authorise",
    done: "Done",
    choose: "What kind of account?",
    kind_why: |kind| match kind {
        AccountKind::ClaudeOauth => {
            "Sign in with a Pro, Max, Team or Enterprise plan. Limited by its windows, not paid per token."
        }
        AccountKind::ClaudeApiKey => {
            "Paste a key of Anthropic’s API, or of anything compatible. Paid per token."
        }
        AccountKind::GeminiOauth => {
            "Sign in with a Google account, for Gemini Code Assist. Limited by its allowance, not paid per token."
        }
        AccountKind::GeminiApiKey => "Paste a key of the Gemini API. Paid per token beyond its free tier.",
        AccountKind::Sandbox => {
            "No account: made-up answers, free, for keys bound to it alone. It never stands in for a real account."
        }
    },
    try_out: "To try things out",
    terms: "Whether a subscription may be shared, and with whom, is governed by the provider’s terms.",
    settings_title: "What it is called, and how it is reached",
    settings_why: "All of it can be changed later.",
    to_sign_in: "Go on to sign-in",
    back_to_sign_in: "Back to sign-in",
    add: "Add the account",
    back: "Back",
    authorise_title: "Let Switchyard use this account",
    open_why: |name| {
        format!(
            "Open the provider’s page, sign in with the account that {name} stands for, and allow access."
        )
    },
    open: "Open sign-in page",
    copy_link: "Copy the link",
    open_note: "The page opens in your browser, so your own network sees it. Everything after it goes through the proxy, if there is one.",
    paste: "Paste what the page shows at the end",
    paste_hint: "The code alone, code#state, or the whole address: each will do.",
    check: "Check and save",
    anew: "Start a new attempt",
    granted: "The code was good.",
    granted_why: "What failed came after it; no other code is needed.",
    try_again: "Try again",
    change_settings: "Change name or proxy",
    verify: "Open Google’s page",
    so_far: "So far",
    change: "Change",
    account: "Account",
    existing: "existing, history is kept",
    ends: |time| format!("This attempt is yours alone and ends at {time}. Reloading the page loses nothing."),
    left: |span| format!("{span} left"),
    over: "This sign-in is over",
    over_why: "It took longer than ten minutes. What was set for it is kept: begin again, open the new link, and paste what it shows.",
    unknown_why: "It is done, was begun in another session, or is too long ago. Begin again.",
    begin_again: "Begin again",
    from_start: "From the start",
    other_ways: "Other ways",
    tokens: "Tokens that you have already",
    tokens_hint: |kind| match kind {
        AccountKind::GeminiOauth => "What is in Gemini CLI’s oauth_creds.json.",
        _ => "A long-lived token (sk-ant-oat…), or what is in Claude Code’s .credentials.json.",
    },
    use_tokens: "Use these tokens",
    long_lived: "One token for a year",
    long_lived_why: "It is never refreshed, and tells nothing of organisation, plan and windows.",
    long_lived_begin: "Begin with that",
    session: "A sign-in that is refreshed",
    session_why: "This attempt asks for one token for a year. The usual way renews itself and tells organisation, plan and windows.",
    session_begin: "Begin with that",
    done_title: |name| format!("{name} is ready"),
    done_why: "It serves from now on, by its priority and its room.",
    sandbox_why: "It answers keys that are bound to it, and no others.",
    make_key: "Make a key for it",
    make_key_why: "What programs identify themselves with.",
    see: "See the account",
    another: "Add another",
    gone: "This account does not exist any more.",
};
