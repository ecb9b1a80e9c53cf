//! A chart of whatever kind.

use super::areas::AreaChart;
use super::chances::ChancesChart;
use super::control::ControlChart;
use super::dumbbell::DumbbellChart;
use super::funnel::FunnelChart;
use super::inequality::InequalityChart;
use super::lines::LineChart;
use super::map::MapChart;
use super::of_100::Of100Chart;
use super::small_multiples::SmallMultiplesChart;
use super::spine::SpineChart;
use super::status_bar::StatusBar;
use tagged_document::drawing::{Draw, Drawing, Setter};
use tagged_document::look::Look;

#[derive(Debug, Clone, PartialEq)]
pub enum Chart {
    /// Values over time.
    Lines(LineChart),
    /// One value an area, with limits.
    Areas(AreaChart),
    /// Values over time with the limits of chance.
    Control(ControlChart),
    /// One value a group of deprivation.
    Inequality(InequalityChart),
    /// Baseline, latest and target of several measures.
    Dumbbell(DumbbellChart),
    /// How many stand where.
    Statuses(StatusBar),
    /// Shares as squares.
    Of100(Of100Chart),
    /// Areas where they lie.
    Map(MapChart),
    /// Figures of a place beside those of all areas of its kind.
    Spine(SpineChart),
    /// One value an area by its denominator, with the limits of chance.
    Funnel(FunnelChart),
    /// A small chart an area.
    SmallMultiples(SmallMultiplesChart),
    /// Chances as circles.
    Chances(ChancesChart),
}

/// Drawn 240 points wide or more.
impl Draw for Chart {
    fn draw(&self, width: f32, look: &Look, set: &mut Setter<'_>) -> Drawing {
        match self {
            Chart::Lines(chart) => chart.draw(width, look, set),
            Chart::Areas(chart) => chart.draw(width, look, set),
            Chart::Control(chart) => chart.draw(width, look, set),
            Chart::Inequality(chart) => chart.draw(width, look, set),
            Chart::Dumbbell(chart) => chart.draw(width, look, set),
            Chart::Statuses(chart) => chart.draw(width, look, set),
            Chart::Of100(chart) => chart.draw(width, look, set),
            Chart::Map(chart) => chart.draw(width, look, set),
            Chart::Spine(chart) => chart.draw(width, look, set),
            Chart::Funnel(chart) => chart.draw(width, look, set),
            Chart::SmallMultiples(chart) => chart.draw(width, look, set),
            Chart::Chances(chart) => chart.draw(width, look, set),
        }
    }
}

impl Chart {
    /// Where its value axis starts, where that is not zero.
    pub fn axis_start(&self) -> Option<f64> {
        let scale = match self {
            Chart::Lines(chart) => chart.scale(),
            Chart::Areas(chart) => chart.scale(),
            Chart::Control(chart) => chart.scale(),
            Chart::Inequality(chart) => chart.scale(),
            Chart::Funnel(chart) => chart.scale(),
            Chart::SmallMultiples(chart) => chart.scale(),
            Chart::Dumbbell(_) | Chart::Statuses(_) | Chart::Of100(_) | Chart::Map(_) | Chart::Spine(_) | Chart::Chances(_) => {
                return None;
            }
        };
        Some(scale.low).filter(|low| *low != 0.0)
    }
}
