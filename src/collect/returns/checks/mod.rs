//! Whether figures that can be read can also be believed: held against each other and against what was given before.
//!
//! Each check is a function of what was read and gives what it found; nothing here changes a figure. What is certainly
//! or very likely wrong is an error and the figure is left out; what may be right is a question.

mod actions;
mod against;
mod age_bands;
mod alone;
mod change;
mod doubt;
mod past;
mod revised;
mod sums;

pub(super) use against::Against;
pub use alone::standing_alone;
pub(super) use doubt::named;
pub(super) use past::PastFigures;
pub use past::{Expected, LastProgress};
