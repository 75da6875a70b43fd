//! The Messages API's JSON: what is asked ([`call`]), how conversations begin ([`opening`]), what is answered ([`event`]) and what it used ([`usage`]).

pub mod bound;
pub mod call;
pub mod event;
pub mod opening;
pub mod usage;
