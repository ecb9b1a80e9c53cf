//! What is collected.

use crate::framework::{Framework, Partner};
use crate::period::Period;
use jiff::civil::Date;

/// What a run asks for.
#[derive(Debug, Clone, Copy)]
pub struct RunScope<'a> {
    pub framework: &'a Framework,
    pub partners: &'a [Partner],
    /// The quarter of the pack.
    pub period: Period,
    /// What "today" is.
    pub as_at: Date,
}
