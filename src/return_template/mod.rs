//! Asking: the workbook that a partner fills in, blank or with answers, as [`crate::collect`] reads it back.
//!
//! It holds that partner's measures and key actions and nobody else's. What is to be filled in is open and checked by
//! Excel itself; the rest is locked, without a password. The same request gives the same bytes.

mod about;
mod actions;
mod age_bands;
mod answers;
mod baselines;
mod checks;
mod comments;
mod due;
mod earlier;
mod figures;
mod given_before;
mod guidance;
mod request;
mod rows;
mod style;
mod workbook;

pub use about::TEMPLATE_VERSION;
pub use actions::WHOLE;
pub use answers::{ActionAnswer, Answers, CommentAnswer, FigureAnswer, STATUSES};
pub use checks::{LONGEST_COMMENT, LONGEST_COMMENTARY, LONGEST_NOTE, LONGEST_SPEAKER};
pub use due::{period_like, periods_due};
pub use earlier::{PartnerHistory, PriorComment, PriorCounts, PriorFigure, ReportedAction, add_past};
pub use request::{RequestedFigure, ReturnRequest};
