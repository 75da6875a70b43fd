//! The Messages API's JSON: what is asked ([`call`]), what is answered ([`event`]) and what it used ([`usage`]).

pub mod call;
pub mod event;
pub mod usage;
