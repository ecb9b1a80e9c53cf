//! How an area stands among others, and how far their figures lie apart, where that could tell a figure that is hidden.

use crate::area::{AreaCode, Areas};
use crate::evaluate::{Assessment, MeasureAssessment, SeriesPoint};
use crate::period::Period;
use crate::value::Value;
use std::collections::BTreeSet;

/// Takes away how far the figures of all areas lie apart, and the mean of neighbours, where a figure of the period is protected
/// here, or one of them is a small count.
pub(super) fn without_spreads(
    measure: &mut MeasureAssessment,
    is_protected: &dyn Fn(&SeriesPoint) -> bool,
    is_small: &dyn Fn(f64) -> bool,
) {
    let points = measure.each().flat_map(|of| of.series.iter().chain(&of.latest));
    let protected: BTreeSet<Period> = points.filter(|point| is_protected(point)).map(|point| point.period).collect();
    for of in std::iter::once(&mut measure.headline).chain(&mut measure.areas) {
        let tells = of.latest.as_ref().is_none_or(|latest| protected.contains(&latest.period));
        if let Some(like) = &mut of.among_like {
            let tells = tells || protected.contains(&like.period);
            like.spread = like.spread.filter(|spread| !tells && !spread.each().into_iter().any(is_small));
        }
        if let Some(near) = &mut of.neighbours {
            near.mean = near.mean.filter(|mean| !tells && !is_small(*mean));
        }
    }
}

/// Takes away the ranks of a measure that has a hidden figure: that one is above or below each that is shown, and what the others
/// are its source publishes. Of the ranks among neighbours those that count a hidden one.
pub(super) fn without_ranks(measure: &mut MeasureAssessment, areas: &Areas) {
    let is_withheld = |of: &&Assessment| of.latest.as_ref().is_some_and(|latest| latest.value == Value::Suppressed);
    let hidden: BTreeSet<AreaCode> = measure.each().filter(is_withheld).map(|of| of.area.clone()).collect();
    if hidden.is_empty() {
        return;
    }
    for of in std::iter::once(&mut measure.headline).chain(&mut measure.areas) {
        of.among_like = None;
        let neighbours = areas.neighbours(&of.area);
        if neighbours.is_some_and(|neighbours| neighbours.of.iter().any(|near| hidden.contains(&near.code))) {
            of.neighbours = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::{PeerSpread, RankAmongNeighbours, RankAmongPeers};
    use crate::framework::MeasureId;
    use crate::period::YearKind;

    fn year(label: &str) -> Period {
        Period::parse(label, YearKind::Calendar).unwrap()
    }

    fn assessment(area: &str, period: &str, value: Value) -> Assessment {
        let latest = SeriesPoint::alone(year(period), value);
        let spread = PeerSpread { lowest: 3.0, lower_quartile: 10.0, upper_quartile: 20.0, highest: 30.0 };
        let like = RankAmongPeers {
            period: year(period),
            area_types: Vec::new(),
            rank: 1,
            sharing: 1,
            of: 300,
            quarter: 1,
            by_favour: true,
            without_figure: 0,
            spread: Some(spread),
        };
        let mean = Some(12.0);
        let near = RankAmongNeighbours { model: String::new(), rank: 1, of: 9, without_figure: 0, by_favour: true, mean };
        Assessment {
            latest: Some(latest),
            among_like: Some(like),
            neighbours: Some(near),
            ..Assessment::without_figure(MeasureId("m".into()), AreaCode::new(area).unwrap())
        }
    }

    /// Whether the first area keeps its spread and its mean beside a second of this period and value.
    fn keeps(period: &str, value: Value, smallest: f64) -> [bool; 2] {
        let headline = assessment("A", "2024", Value::Number(5.0));
        let areas = vec![assessment("B", period, value)];
        let mut measure = MeasureAssessment { headline, areas, breakdowns: Vec::new() };
        without_spreads(&mut measure, &|point| point.value == Value::Suppressed, &|value| value < smallest);
        let of = &measure.headline;
        [of.among_like.as_ref().unwrap().spread.is_some(), of.neighbours.as_ref().unwrap().mean.is_some()]
    }

    #[test]
    fn what_could_be_a_hidden_figure_is_not_told() {
        assert_eq!(keeps("2024", Value::Number(3.0), 0.0), [true, true]);
        assert_eq!(keeps("2024", Value::Suppressed, 0.0), [false, false]);
        assert_eq!(keeps("2023", Value::Suppressed, 0.0), [true, true]);
        assert_eq!(keeps("2024", Value::Number(9.0), 5.0), [false, true]);
    }
    #[test]
    fn ranks_beside_a_hidden_figure_are_not_told() {
        let ranked = |value: Value| {
            let (headline, areas) = (assessment("A", "2024", Value::Number(5.0)), vec![assessment("B", "2024", value)]);
            let mut measure = MeasureAssessment { headline, areas, breakdowns: Vec::new() };
            without_ranks(&mut measure, &Areas::default());
            [measure.headline.among_like.is_some(), measure.areas[0].among_like.is_some()]
        };
        assert_eq!(ranked(Value::Number(8.0)), [true, true]);
        assert_eq!(ranked(Value::Suppressed), [false, false]);
    }
}
