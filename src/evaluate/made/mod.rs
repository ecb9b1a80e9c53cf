//! Figures that are made: standardised rates and life expectancies from counts by age band, slope indices from the figures
//! of groups. A figure that is given, by a partner or a publisher, stands before one that is made.

mod counted;
mod figure;
pub(super) mod from_age_bands;
pub(super) mod from_groups;
mod index;
mod make;
mod means;

pub(super) use figure::MadeFigure;
pub use figure::NotMade;
pub(super) use index::MadeFigureIndex;
pub(super) use make::make_figures;
