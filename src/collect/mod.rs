//! Bringing figures in: partner workbooks and public indicators, each figure with where it came from.

mod action_report;
mod ambition_comment;
mod checks;
mod collection;
mod decode;
mod distribution;
pub(crate) mod entry;
mod finding;
mod indicator_receipt;
mod indicators;
pub mod mapping;
pub(crate) mod own_words;
mod persons;
mod places;
mod return_receipt;
mod returns;
mod scope;
mod signs;
mod value_markers;
pub mod workbook;

pub use action_report::{ActionReport, Progress, Returned};
pub use ambition_comment::AmbitionComment;
pub(crate) use ambition_comment::too_long;
pub use collection::{Collection, NothingToReport};
pub use distribution::Distribution;
pub use finding::{Finding, Grade, MeantFigure};
pub use indicator_receipt::{IndicatorOutcome, IndicatorReceipt};
pub(crate) use indicators::Recording;
pub use indicators::{
    Changed, Description, FetchSetup, Files, FoundIndicator, FoundIndicators, Indicators, VintageChange, check_answers,
    check_pointers, check_sources, collect_indicators, search_indicators,
};
pub use persons::{Allowed, Withheld, identifier, identifying, personal, withhold, without_withheld};
pub use places::merged;
pub use return_receipt::{ReturnOutcome, ReturnReceipt};
pub use returns::{
    ActionLine, Arrival, ChangedLine, CommentLine, Differing, DifferingLine, Elsewhere, Expected, FigureLine, FindingLine,
    GivenLine, Intake, Lacking, LastProgress, OwedItem, PartnerReturn, PastDeadline, PriorReturns, ReturnVersion, Returns,
    ValidationReport, VersionContents, VersionStanding, check_inbox, check_return, collect_returns, says_that_it_came_later,
    standing_alone,
};
pub use scope::RunScope;
pub use signs::Prints;
