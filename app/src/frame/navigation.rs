//! The way between rooms: a column, a rail of icons, a bar at the foot, by width alone.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use server_fn::ServerFn;

use super::switch::{LanguageSwitch, ThemeSwitch};
use crate::api::session::{SignOut, get_session};
use crate::part::icon::Icon;
use crate::preference::{use_preference, use_text};
use crate::room::{OVERVIEW, ROOMS, Room};

/// Rooms, who is signed in, and what has no place of its own on a rail or a phone.
#[component]
pub(super) fn Navigation() -> impl IntoView {
    let text = use_text();
    let path = use_location().pathname;
    let stop = move |room: &'static Room| {
        let current = move || is_in(room, &path.get()).then_some("page");
        let title = format!("{} (g {})", (room.name)(text), room.key);
        view! {
            <li>
                <a href=room.path aria-current=current title=title>
                    <Icon name=room.icon/>
                    <span>{(room.name)(text)}</span>
                </a>
            </li>
        }
    };
    view! {
        <nav class="nav" aria-label=text.frame.navigation>
            <div>
                <a class="brand" href=OVERVIEW.path>
                    <Icon name="mark"/>
                    <span>"Switchyard"</span>
                </a>
                <ul>{ROOMS.into_iter().map(stop).collect_view()}</ul>
                <ul class="more">
                    <li>
                        <button type="button" popovertarget="more">
                            <Icon name="more"/>
                            <span>{text.frame.more}</span>
                        </button>
                    </li>
                </ul>
                <div class="foot">
                    <Build/>
                    <Who/>
                </div>
            </div>
        </nav>
        <div id="more" class="menu" popover="auto">
            <div><span>{text.frame.language}</span><LanguageSwitch/></div>
            <div><span>{text.frame.theme}</span><ThemeSwitch/></div>
            <hr/>
            <div class="small quiet"><Build/></div>
            <form action=SignOut::PATH method="post">
                <button class="button bare" type="submit"><Icon name="leave"/>{text.frame.sign_out}</button>
            </form>
        </div>
    }
}

fn is_in(room: &Room, path: &str) -> bool {
    let path = path.trim_end_matches('/');
    let below = path.strip_prefix(room.path).is_some_and(|rest| rest.starts_with('/'));
    path == room.path || (below && !room.segment.is_empty())
}

/// Time zone and version.
#[component]
fn Build() -> impl IntoView {
    let version = (use_text().frame.version)(env!("CARGO_PKG_VERSION"));
    view! { <span>{use_preference().zone.to_string()}<br/>{version}</span> }
}

/// The administrator's name and the way out.
#[component]
fn Who() -> impl IntoView {
    let text = use_text();
    let signed_in = Resource::new(|| (), |()| get_session());
    let name =
        move || Suspend::new(async move { signed_in.await.map(|who| who.username).unwrap_or_default() });
    view! {
        <form class="who" action=SignOut::PATH method="post">
            <b><Suspense>{name}</Suspense></b>
            <button
                class="button bare tiny square"
                type="submit"
                title=text.frame.sign_out
                aria-label=text.frame.sign_out
            >
                <Icon name="leave"/>
            </button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::is_in;
    use crate::room::{KEYS, OVERVIEW};

    #[test]
    fn a_room_is_current_on_its_own_pages_only() {
        assert!(is_in(&OVERVIEW, "/web"));
        assert!(is_in(&OVERVIEW, "/web/"));
        assert!(is_in(&KEYS, "/web/keys/0190"));
        assert!(!is_in(&OVERVIEW, "/web/keys"));
        assert!(!is_in(&KEYS, "/web/keysmith"));
    }
}
