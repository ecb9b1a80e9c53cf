//! How far the figures of all areas lie apart, where that could tell one that is hidden: the lowest may be that very one.

use crate::evaluate::{MeasureAssessment, SeriesPoint};
use crate::period::Period;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::AreaCode;
    use crate::evaluate::{Assessment, PeerSpread, RankAmongNeighbours, RankAmongPeers};
    use crate::framework::MeasureId;
    use crate::period::YearKind;
    use crate::value::Value;

    fn year(label: &str) -> Period {
        Period::parse(label, YearKind::Calendar).unwrap()
    }

    fn assessment(area: &str, period: &str, value: Value) -> Assessment {
        let latest = SeriesPoint {
            period: year(period),
            value,
            numerator: None,
            denominator: None,
            limits: None,
            comparator: None,
            comparator_limits: None,
            illustrative: false,
            sources: Vec::new(),
        };
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
}
