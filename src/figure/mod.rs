//! A figure as every stage speaks of it: which one is meant, what was given for it, and where that came from; and which report
//! on a key action is meant.

mod key;
mod observation;
mod provenance;
mod report_key;

pub use key::{Category, FigureKey, SeriesKey};
pub use observation::Observation;
pub use provenance::{Provenance, cells_in_words};
pub use report_key::ReportKey;
