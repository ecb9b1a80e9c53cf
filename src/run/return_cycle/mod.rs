//! A quarter's returns: partners are asked, looked out for, told what became of what they sent, and reminded.
//! It goes on apart from the packs, and a run of the pack does the looking and the telling too.

mod blanks;
mod cycle;
mod drafts;
mod look;
mod messages;
mod notice;
mod report;
mod run;
mod status;
mod task;

pub use blanks::Blank;
pub(super) use cycle::Round;
pub use drafts::Draft;
pub use notice::Told;
pub(super) use notice::shortfalls;
pub use report::Done;
pub use run::{outcome, round};
pub use status::{Coverage, Extended, MeasureStatus, PartnerStatus, Status, WithdrawnVersion};
pub use task::{Request, Task};
