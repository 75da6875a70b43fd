//! Background work, a file each. All are started in one table, in `start`, and end with `state::Tasks::stop`.

pub mod fold;
pub mod pulse;
pub mod quota;
pub mod refresh;
pub mod reprice;
pub mod sweep;
