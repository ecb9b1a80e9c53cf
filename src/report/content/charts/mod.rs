//! The charts of a measure, each with the words that stand for it: what it says first, then its figures.

mod by_area;
mod chances;
mod chart;
mod control;
mod drawn;
mod dumbbell;
mod finding;
mod funnel;
mod inequality;
mod map;
mod of_100;
mod over_time;
mod small_multiples;
mod spark;
mod spine;
mod statuses;
mod subject;
mod target_path;

pub use chances::chances;
pub use chart::chart;
pub use control::icons;
pub(super) use drawn::points;
pub use dumbbell::{DumbbellSource, dumbbell};
pub use funnel::funnel;
pub use inequality::inequalities;
pub use map::map;
pub use of_100::of_100;
pub use small_multiples::small_multiples;
pub use spark::spark;
pub use spine::spine;
pub use statuses::statuses;
pub use subject::ChartSubject;
