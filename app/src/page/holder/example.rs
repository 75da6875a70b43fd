//! How to use the key: what is shown has it cut short, what is copied has it whole.

use leptos::prelude::*;
use relay::model::account::Service;
use relay::model::holder::HeldKey;

use super::snippet::Program;
use crate::part::copy::Copy;
use crate::part::secret::painted;
use crate::part::sheet::Sheet;
use crate::preference::use_text;

const CLAUDE_MODEL: &str = "claude-haiku-4-5";
const GEMINI_MODEL: &str = "gemini-3.6-flash";
/// What stands for a key that is not in memory.
const ANY_KEY: &str = "cr_…";

/// The panel.
#[component]
pub(super) fn Examples(
    text: RwSignal<Option<String>>,
    held: Memo<Option<HeldKey>>,
    address: String,
) -> impl IntoView {
    let words = use_text();
    let allows = |service| {
        held.with_untracked(|held| held.as_ref().is_none_or(|held| held.limits.allows_service(service)))
    };
    let (claude, gemini) = (allows(Service::Claude), allows(Service::Gemini));
    let model = held.with_untracked(|held| held.as_ref().map(|held| model(held, claude)).unwrap_or_default());
    let programs = Program::of(claude, gemini);
    let tab = |(place, program): (usize, &Program)| {
        view! {
            <label>
                <input type="radio" name="program" value=(place + 1).to_string() checked=place == 0/>
                {program.name()}
            </label>
        }
    };
    let tabs = programs.iter().enumerate().map(tab).collect_view();
    let code = move |(place, program): (usize, Program)| {
        let say = {
            let (address, model) = (address.clone(), model.clone());
            move |key: &str| program.text(&address, key, &model, !claude)
        };
        let whole = say.clone();
        let content = Signal::derive(move || whole(text.get().as_deref().map_or(ANY_KEY, str::trim)));
        let shown = move || {
            let short =
                text.get().as_deref().and_then(|key| key.trim().get(..9)).map(|cut| format!("{cut}…"));
            painted(&say(short.as_deref().unwrap_or(ANY_KEY))).into_any()
        };
        view! {
            <div class=format!("is-{} code", place + 1)>
                <pre><code>{shown}</code></pre>
                <Copy content bare=true/>
            </div>
        }
    };
    view! {
        <Sheet id="examples" title=words.holder.use_it>
            <div class="snippets">
                <fieldset class="tabs">
                    <legend class="unseen">{words.key.program}</legend>
                    {tabs}
                </fieldset>
                {programs.into_iter().enumerate().map(code).collect_view()}
            </div>
        </Sheet>
    }
}

/// The model that the key is used for most, else a usual one that it may use.
fn model(held: &HeldKey, claude: bool) -> String {
    let prefix = if claude { "claude" } else { "gemini" };
    let usual = if claude { CLAUDE_MODEL } else { GEMINI_MODEL };
    let used = held.week.iter().find(|share| share.totals.is_used() && share.id.starts_with(prefix));
    used.map_or_else(|| usual.to_owned(), |share| share.id.clone())
}
