//! Bringing figures in: partner workbooks and public indicators, each figure with where it came from.

mod action_report;
mod checks;
mod collection;
mod decode;
mod distribution;
pub(crate) mod entry;
mod finding;
mod indicator_receipt;
mod indicators;
pub mod mapping;
mod persons;
mod places;
mod return_receipt;
mod returns;
mod scope;
mod signs;
mod value_markers;
pub mod workbook;

pub use action_report::{ActionReport, Progress, Returned};
pub use collection::{Collection, NothingToReport};
pub use distribution::Distribution;
pub use finding::{Finding, Grade};
pub use indicator_receipt::{IndicatorOutcome, IndicatorReceipt};
pub(crate) use indicators::Recording;
pub use indicators::{
    Change, Changed, Description, Files, FoundIndicator, FoundIndicators, Indicators, Means, check_answers, check_pointers,
    check_sources, collect_indicators, search_indicators,
};
pub use persons::{Allowed, Withheld, withhold};
pub use places::merged;
pub use return_receipt::{ReturnOutcome, ReturnReceipt};
pub use returns::{
    Account, ActionLine, Arrival, ChangedLine, Contents, Differing, DifferingLine, Elsewhere, Expected, FigureLine, Found,
    GivenLine, Intake, Known, Lacking, LastProgress, Owed, PartnerReturn, PastDeadline, ReturnVersion, Returns, Standing,
    check_inbox, check_return, collect_returns, standing_alone,
};
pub use scope::Wanted;
pub use signs::Prints;
