//! The limits of one key while the process runs: what is used, what calls under way have reserved, and the one atomic
//! decision whether another call may pass. Nothing here waits for storage, and what is counted is what the books count.

pub mod before;
mod book;
pub mod estimate;
pub mod exceeded;
mod gauge;
pub mod habit;
pub mod header;
pub mod live;
mod period;
mod slot;
mod spent;
mod window;
pub mod worst;

pub use crate::model::limit::amount::Amount;
pub use book::{Ask, Past};
pub use live::Live;
pub use spent::Spent;
