//! Composite indices: indicators put on one scale, averaged within domains and then over domains. OECD & JRC 2008, *Handbook on
//! Constructing Composite Indicators*; the scale and the averages are those of the Health Index for England (ONS 2020).
//!
//! A [`Standard`] turns a figure into a [`Score`]: 100 + 10 z, z being how far the transformed figure lies from the mean of a base
//! that is frozen, in its standard deviations, and positive where that is good. A [`Domain`] is a share of the index and holds
//! indicators with their shares of it. [`index()`] averages what there is by the rules of missing figures, [`change()`] compares two
//! years by the indicators that both have, and [`sensitivity()`] says how far the index hangs on choices that could have been others.

mod basket;
mod change;
mod sensitivity;
mod standard;
mod transform;

pub use basket::{DOMAIN_NEEDS, Domain, Index, Indicator, index, shares};
pub use change::{IndexChange, change};
pub use sensitivity::{Sensitivity, sensitivity};
pub use standard::{Base, Score, Standard, out_of_ten, whole};
pub use transform::Transform;
