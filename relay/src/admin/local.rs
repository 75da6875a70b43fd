//! The machine's own operator: whoever runs commands as the user that owns the data folder.

use super::Admin;
use crate::folder::FolderLock;

/// Takes the peer of the local socket for an administrator, if it runs as this process's user or as root.
pub fn by_peer(peer_uid: u32) -> Option<Admin> {
    let own = rustix::process::geteuid().as_raw();
    (peer_uid == own || peer_uid == 0).then(operator)
}

/// Holding the data folder's lock proves that no server runs and that the folder's files can be read anyway.
pub fn by_lock(_lock: &FolderLock) -> Admin {
    operator()
}

fn operator() -> Admin {
    Admin { name: "local".to_owned(), session: None }
}
