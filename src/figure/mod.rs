//! A figure as every stage speaks of it: which one is meant, what was given for it, and where that came from.

mod key;
mod observation;
mod provenance;

pub use key::{Category, FigureKey, SeriesKey};
pub use observation::Observation;
pub use provenance::{Provenance, cells_in_words};
