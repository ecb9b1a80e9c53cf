//! Keeping: whether what was archived is still as it was, and letting go of what need not be kept longer.

mod purge;
mod verify;

pub use purge::{Over, Purge};
pub use verify::{Verified, verify};
