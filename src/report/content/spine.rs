//! The figures of the area that a pack is about, beside the comparator's and those of all areas of its kind.

use super::{area_lines, figures};
use crate::area::AreaCode;
use crate::evaluate::{Assessment, Comparison, Status};
use crate::framework::{Measure, PartsAre};
use crate::report::PackInputs;
use crate::report::charts::SpineFigures;
use crate::value::{Unit, format_number};

/// A measure's figure, for the area itself or for one of those that it consists of.
#[derive(Debug, Clone)]
pub struct SpineFigure {
    /// Whose it is, where it is not the area's own; else empty.
    pub area: String,
    pub period: String,
    /// The count in it; empty where none is given.
    pub count: String,
    /// Without the unit, as are all figures here.
    pub value: String,
    pub limits: String,
    pub comparator: String,
    pub baseline: String,
    /// Empty where there is no baseline.
    pub baseline_period: String,
    /// The figure with its unit.
    pub spoken: String,
    pub status: Status,
    pub comparison: Comparison,
    /// Significantly on the wrong side, as one of the areas that a status is made from.
    pub is_adverse: bool,
    /// Why there is no figure to judge by, in a few words; empty where there is one.
    pub no_figure: String,
    /// Of all areas of its kind the lowest and the highest figure, and the quartiles; empty where they are not known.
    pub all: String,
    pub middle_half: String,
    /// The mean of the nearest neighbours; empty where it is not known.
    pub neighbours: String,
    pub illustrative: bool,
    /// Older than it should be.
    pub old: bool,
    /// As numbers; none without a comparator's figure.
    pub drawn: Option<SpineFigures>,
}

/// The figures of one measure: that of the area, or else of those that it consists of. Organisations are no areas.
pub(super) fn spine(pack: &PackInputs<'_>, measure: &Measure, head: &Assessment, areas: &[Assessment]) -> Vec<SpineFigure> {
    if measure.parts_are != PartsAre::Areas {
        return Vec::new();
    }
    let own = figure(measure, head, head).map(|figure| vec![figure]);
    let mut all = own.unwrap_or_else(|| {
        let name = |code: &AreaCode| measure.name_of(code, pack.areas).to_owned();
        areas.iter().filter_map(|of| Some(SpineFigure { area: name(&of.area), ..figure(measure, head, of)? })).collect()
    });
    // The rows of one measure have one scale.
    let reach = SpineFigures::reach(all.iter().filter_map(|figure| figure.drawn.as_ref()).filter(|of| of.spread.is_none()));
    all.iter_mut().filter_map(|figure| figure.drawn.as_mut()).for_each(|of| of.reach = reach);
    all
}

/// None without a number.
fn figure(measure: &Measure, head: &Assessment, of: &Assessment) -> Option<SpineFigure> {
    let latest = of.latest.as_ref()?;
    let value = latest.value.number().filter(|value| value.is_finite())?;
    let spread = of.among_like.as_ref().and_then(|like| like.spread.filter(|_| like.period == latest.period));
    let near = of.neighbours.as_ref().and_then(|near| Some((near.mean?, near.of.saturating_sub(1))));
    let plain = |value: f64| figures::plain(measure, value);
    let between = |low: f64, high: f64| format!("{} to {}", plain(low), plain(high));
    // Of a count the figure is the count.
    let baseline = of.baseline.as_ref();
    let count = latest.numerator.filter(|_| !matches!(measure.unit, Unit::Count));
    Some(SpineFigure {
        area: String::new(),
        period: figures::period(latest.period),
        count: count.filter(|count| count.fract() == 0.0).map_or(String::new(), |count| format_number(count, 0)),
        value: plain(value),
        limits: figures::limits(measure, latest.limits),
        comparator: latest.comparator.map_or(figures::NONE.to_owned(), plain),
        baseline: baseline.map_or(figures::NONE.to_owned(), |point| figures::bare(measure, point.value)),
        baseline_period: baseline.map_or(String::new(), |point| figures::period(point.period)),
        spoken: figures::number(measure, value),
        status: of.status,
        comparison: of.comparison,
        is_adverse: head.is_adverse_in(&of.area),
        no_figure: area_lines::no_figure(of),
        all: spread.map_or(String::new(), |spread| between(spread.lowest, spread.highest)),
        middle_half: spread.map_or(String::new(), |spread| between(spread.lower_quartile, spread.upper_quartile)),
        neighbours: near.map_or(String::new(), |(mean, of)| format!("{} (of {of})", plain(mean))),
        illustrative: latest.illustrative,
        old: of.is_too_old() || of.flags.iter().any(|flag| flag.is_of_age()),
        drawn: latest.comparator.filter(|comparator| comparator.is_finite()).map(|comparator| SpineFigures {
            value,
            limits: latest.limits,
            comparator,
            spread: spread.map(|spread| spread.each()),
            reach: 0.0,
            neighbours: near.map(|(mean, _)| mean),
            lower_is_better: measure.polarity.sign().is_some_and(|sign| sign < 0.0),
        }),
    })
}
