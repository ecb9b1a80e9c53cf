//! Partner returns: every workbook of a folder read, checked and receipted, without one stopping another.
//!
//! `inbox` says which files there are and `quarter` of which quarter each is; `submission` reads one, with the readers of its
//! sheets or with a mapping, and has it checked; `together` puts what came in one look together, and `versions` lays it over
//! what the partner sent before; `owed` says what is lacking then, `receive` gives each version its receipt, `tally` says what came
//! of each partner's return, and `validation_report` tells a version in words.

mod about;
mod actions;
mod age_bands;
mod amounts;
mod amounts_in_words;
mod arrival;
mod bounded_file;
mod by_age_band;
mod checks;
mod collect;
mod comments;
mod components;
mod counted_in;
mod dates;
mod figure_line;
mod figures;
mod inbox;
mod intake;
mod known;
mod layout;
mod mapped_return;
mod outcome;
mod owed;
mod quarter;
mod receive;
mod received;
mod return_file;
mod returned_figure;
mod subject;
mod submission;
mod tally;
mod together;
mod validation_report;
mod version;
mod versions;
mod workbook;

pub use arrival::Arrival;
pub use checks::{Expected, LastProgress, standing_alone};
pub use collect::{check_return, collect_returns, says_that_it_came_later};
pub use figure_line::FigureLine;
pub use inbox::check_inbox;
pub use intake::Intake;
pub use known::PriorReturns;
pub use owed::OwedItem;
pub use received::{Elsewhere, Returns};
pub use subject::Differing;
pub use tally::{PartnerReturn, PastDeadline};
pub use validation_report::{
    ActionLine, ChangedLine, CommentLine, DifferingLine, FindingLine, GivenLine, Lacking, ValidationReport,
};
pub use version::{ReturnVersion, VersionContents, VersionStanding};
