//! Making a quarter's packs and sending them: the stages in order, each recorded as it ends.

pub(super) mod addressees;
mod collect;
pub(super) mod delivery_report;
mod evaluate;
mod job;
mod left_out;
pub(super) mod pack_run;
pub(super) mod readers;
mod render;
mod run;
mod run_request;
pub(super) mod summary;

pub use delivery_report::DeliveryReport;
pub use job::PackJob;
pub use readers::PackReaders;
pub use summary::Summary;
