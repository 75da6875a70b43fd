//! Reusable components: they take data and callbacks, and never fetch. Each has its CSS in `style/part/`.

pub(crate) mod area;
pub(crate) mod badge;
pub(crate) mod chart;
pub(crate) mod choice;
pub(crate) mod copy;
pub(crate) mod dialog;
pub(crate) mod empty;
pub(crate) mod field;
pub(crate) mod figure;
pub(crate) mod fold;
pub(crate) mod gate;
pub(crate) mod icon;
pub(crate) mod notice;
pub(crate) mod page;
pub(crate) mod password;
pub(crate) mod quantity;
pub(crate) mod secret;
pub(crate) mod segment;
pub(crate) mod share;
pub(crate) mod sheet;
pub(crate) mod skeleton;
pub(crate) mod spark;
pub(crate) mod state;
pub(crate) mod stop;
pub(crate) mod strength;
pub(crate) mod time;
