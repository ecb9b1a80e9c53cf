//! A quarter's returns: partners are asked, looked out for, told what became of what they sent, and reminded.
//! It goes on apart from the packs, and a run of the pack does the looking and the telling too.

mod blanks;
mod collect_returns;
mod drafts;
pub(super) mod look;
pub(super) mod messages;
pub(super) mod notice;
mod open_returns;
mod rehearsal;
mod remind_partners;
mod report;
mod status;

pub use blanks::BlankWorkbook;
pub use collect_returns::CollectReturns;
pub use drafts::NoticeDraft;
pub use notice::Notice;
pub use open_returns::OpenReturns;
pub use rehearsal::{Rehearse, ReturnsStatus, rehearse};
pub use remind_partners::RemindPartners;
pub use report::CycleReport;
pub use status::{Coverage, Extended, MeasureStatus, PartnerStatus, Status, WithdrawnVersion};
