//! Sign-in, first start and welcome in English.

use crate::strength::Strength;
use crate::text::shape::gate::{Gate, Welcome};

pub(super) const GATE: Gate = Gate {
    sign_in: "Sign in",
    name: "Name",
    password: "Password",
    show_password: "Show the password",
    hide_password: "Hide the password",
    forgot: "Forgot the password? On the server:",
    first_start: "First start",
    who_runs: "Who runs this switchyard?",
    link_left: "The one-time link brought you here and left the address bar. It ends the moment an administrator exists.",
    create_admin: "Create administrator",
    rule_length: |letters| format!("{letters} characters or more, any kind"),
    rule_name: "not the name",
    no_other_rule: "No other rule. Four plain words do well.",
    strength: |strength| match strength {
        Strength::Refused => "Not yet",
        Strength::Weak => "Weak",
        Strength::Fair => "Fair",
        Strength::Strong => "Strong",
        Strength::VeryStrong => "Very strong",
    },
    keep_key: "Keep the encryption key.",
    keep_key_why: "Unless you set ENCRYPTION_KEY, it was made in secrets.env in the data folder. Copy it to a safe \
                   place, apart from backups: without it no account can be read.",
    link_missing: "This needs the set-up link",
    link_missing_why: "There is no administrator yet, and this browser has no valid set-up link: it was mistyped, or \
                       the server has started anew since and printed another.",
    link_missing_next: "The newest link was printed when the server started. On the server it is also in:",
    setup_done: "Set-up is done",
    setup_done_why: "There is an administrator already; the set-up link is used up.",
};

pub(super) const WELCOME: Welcome = Welcome {
    title: "Three stops to the first call",
    title_why: "Takes two minutes with the sandbox. You can leave at any time.",
    last_title: "One stop to go",
    last_why: "The page hears of the call as it comes; nothing to reload.",
    done_title: "It runs",
    done_why: "Calls of your keys now show on the overview as they happen.",
    account: "Account",
    account_why: "where the answers come from",
    add_account: "Add the account",
    sign_in: "Sign in with a plan",
    skip: "Skip",
    no_account: "none yet",
    accounts: |more, first| match more {
        0 => first.to_owned(),
        _ => format!("{first} and {more} more"),
    },
    add_real: "Add another",
    key: "Key",
    key_why: "what your programs identify themselves with",
    first_key: "first-key",
    make_key: "Make the key",
    have_key: "I have a key",
    own_key: "one that you have",
    copy_now: "Copy it now: only its hash is kept, it cannot be shown again. While this page is open, the snippets \
               below copy it whole.",
    call: "First call",
    call_why: "copy, run, watch it arrive",
    waiting: "Waiting for your first call",
    since: |time| format!("since {time}"),
    without_wasm: "Run it, then look at the overview.",
    go_on: "Go on without it",
    arrived: |time| format!("arrived {time}"),
    by: |account| format!("by {account}"),
    overview: "Go to the overview",
};
