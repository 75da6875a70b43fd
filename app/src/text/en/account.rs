//! The page of accounts in English.

use relay::model::account::TestStage;

use crate::text::shape::account::Account;

pub(super) const ACCOUNT: Account = Account {
    find: "Find an account",
    find_by: "Name, address or proxy",
    all: |accounts| format!("All {accounts}"),
    able: |accounts| format!("Able {accounts}"),
    cooling: |accounts| format!("Cooling {accounts}"),
    needs_sign_in: |accounts| format!("Needs sign-in {accounts}"),
    parked: |accounts| format!("Needs you {accounts}"),
    paused: |accounts| format!("Paused {accounts}"),
    add: "Add account",
    claude: "Claude",
    gemini: "Gemini",
    sum: |accounts, requests, cost| {
        let accounts = if accounts == 1 { "1 account".to_owned() } else { format!("{accounts} accounts") };
        format!("{accounts}, {requests} requests and {cost} today")
    },
    sandboxes: "Sandbox",
    sandboxes_why: "made-up answers, free, for keys bound to it alone",
    per_token: "Paid per token, no window",
    made_up: "Answers are made up inside the relay",
    last_answer: |ago| format!("last used {ago}"),
    never_used: "not used yet",
    no_calls: "gets no calls",
    streams: "Streams",
    requests_today: "Requests today",
    cost_today: "Cost today",
    bound_keys: "Keys bound to it",
    proxy_is: |host| format!("proxy {host}"),
    share_is: |priority, weight| format!("priority {priority}, weight {weight}"),
    streams_of: |streams, most| format!("{streams} of {most}"),
    answered_today: "Answered today",
    not_there_why: "It was deleted, or the address is not right.",
    test: "Test",
    testing: "Testing",
    stage: |stage| match stage {
        TestStage::Proxy => "Proxy",
        TestStage::Connect => "Connection, TLS",
        TestStage::Credential => "Credential accepted",
        TestStage::Answer => "Answer",
    },
    not_run: "not tried",
    test_passed: "Test passed",
    test_failed: "Test failed",
    more_of: |name| format!("More for {name}"),
    none: "No account yet",
    none_next: "An account is where answers come from: a sign-in with a plan, an API key, or the sandbox to try things out.",
    none_found: "No account fits",
    none_found_next: "No name or address contains this, in this state.",
    show_all: "Show all accounts",
    list_price: "Costs are at list price.",
    kind: "Kind of account",
    not_there: "This account does not exist any more.",
    added: "Added",
    test_why: "Sends a real message of one token and shows each step.",
    pause: "Pause",
    pause_why: "It gets no new calls. Calls under way go on.",
    resume: "Resume",
    resume_why: "It gets calls again; whatever kept it out is forgotten.",
    delete: "Delete…",
    delete_why: "For good, its sealed key too. What it served stays in the books.",
    delete_bound: |keys| {
        let keys = if keys == 1 { "1 key is".to_owned() } else { format!("{keys} keys are") };
        format!("{keys} bound to it. Delete them first, then this.")
    },
    delete_ask: |name| format!("Delete {name}?"),
    delete_then: |name| {
        format!("{name} gets no more calls and its sealed key is erased. What it served stays in the books.")
    },
    delete_it: |name| format!("Delete {name}"),
    keep_it: "Keep it",
};
