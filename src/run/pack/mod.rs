//! Making a quarter's packs and sending them: the stages in order, each recorded as it ends.

pub(super) mod addressees;
mod collect;
pub(super) mod delivery_report;
mod evaluate;
mod render;
pub(super) mod request;
mod run;
mod run_request;
pub(super) mod stages;
pub(super) mod summary;

pub use delivery_report::DeliveryReport;
pub use request::{Request, To};
pub use run::{outcome, run};
pub use summary::Summary;
