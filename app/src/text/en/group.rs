//! Groups of accounts in English.

use crate::text::shape::group::Group;

pub(super) const GROUP: Group = Group {
    title: "Groups",
    why: "a key bound to a group is served by its accounts alone",
    none: "No group yet. Make one to keep accounts for certain keys.",
    new: "New group",
    name: "Name",
    accounts: "Accounts",
    keys: "Keys bound to it",
    nobody: "no account",
    gone: "This group does not exist any more.",
    cancel: "Cancel",
    save: "Save",
    delete: |name| format!("Delete {name}"),
    delete_why: "Its accounts stay.",
    delete_bound: |keys| match keys {
        1 => "1 key is bound to it. Delete it first, then this.".to_owned(),
        keys => format!("{keys} keys are bound to it. Delete them first, then this."),
    },
    of_name: |name| format!("Group {name}"),
};
