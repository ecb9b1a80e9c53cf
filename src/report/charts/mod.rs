//! Charts as pure geometry: figures in, shapes out. Text is set by the caller's own setter, so that a
//! chart has the document's fonts and its words are real text.

mod areas;
mod axis;
mod chances;
mod chart;
mod control;
mod dumbbell;
mod ends;
mod funnel;
mod inequality;
mod lines;
mod map;
mod marks;
mod of_100;
#[cfg(test)]
mod parts_tests;
mod plot;
mod series;
mod small_multiples;
mod spine;
mod status_bar;
mod target;
#[cfg(test)]
mod tests;
mod time;

pub use areas::{AreaChart, AreaRow};
pub use chances::{ChanceRow, ChancesChart};
pub use chart::Chart;
pub use control::ControlChart;
pub use dumbbell::{DumbbellChart, DumbbellRow};
pub use funnel::{FunnelBand, FunnelBeyond, FunnelChart, FunnelDot};
pub use inequality::InequalityChart;
pub use lines::{LineChart, ProjectionLine};
pub use map::{MapArea, MapChart};
pub use of_100::{Of100Chart, Of100Row};
pub use series::{ChartPoint, ChartSeries};
pub use small_multiples::{Panel, SmallMultiplesChart};
pub use spine::{SpineChart, SpineFigures, SpineKey, SpineMark, SpineRow};
pub use status_bar::{StatusBar, StatusPart};
pub use target::TargetLine;
