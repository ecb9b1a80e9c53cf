//! What may be published. Applied once, at the edge: figures are judged as they were given, and a small count is
//! hidden only where a pack or an export is made.
//!
//! `count` tells the count of each figure, given or worked out, and `asked` which of those that are not given may come yet; `table` and `sums` put the counts of a period together with
//! the sums that tie them, `before_revisions` with what these were in earlier packs (`earlier`; by `count_marks` also of what they hid), `same` with the measures that have the same counts; `hide` chooses what is hidden beside the small ones, asking `audit` what a reader could still work out; and
//! `apply` takes what is hidden out of the assessments, with all that would tell it.

mod apply;
mod asked;
mod audit;
mod before_revisions;
mod count;
mod count_marks;
mod disclose;
mod earlier;
mod figures;
mod findings;
mod groups;
mod hide;
mod over_time;
mod record;
mod revisions;
mod rule;
mod same;
mod secret;
mod spreads;
mod status;
mod sums;
mod table;
mod terms;
#[cfg(test)]
mod tests;

pub use count_marks::CountMarks;
pub use disclose::{DisclosedEvaluation, disclose};
pub use earlier::{EarlierFigures, ShownMeasure};
pub use findings::{disclose_findings, disclose_receipts, is_question_of_hidden};
pub use record::{DisclosureAudit, MeasureAudit, RevealedCount, UnprotectedCounts};
pub use revisions::disclose_revisions;
pub use secret::Secret;
pub use terms::DisclosureTerms;
