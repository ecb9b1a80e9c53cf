//! An area among its like: its rank and quarter in a source's whole distribution, and the funnel around the comparator.

use super::placing::{FunnelPosition, PeerSpread, RankAmongPeers};
use super::{Assessment, SeriesPoint};
use crate::collect::Distribution;
use crate::framework::{MadeFrom, Measure, Statistic};
use crate::value::Polarity;
use indicator_stats::funnel::{self, FunnelStatistic};
use indicator_stats::quantile_groups::quantile_groups;
use indicator_stats::{Confidence, Withheld};

const QUARTERS: u32 = 4;

/// Why an area is not placed among its like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotPlaced {
    #[error("the area has no figure in the period of the source's distribution")]
    NoFigure,
    #[error("the source's distribution is of another period than the figure judged")]
    OtherPeriod,
    #[error(transparent)]
    Method(#[from] Withheld),
}

/// Every area of a distribution with its rank and quarter, worked out once.
#[derive(Debug)]
pub struct Ranking<'a> {
    distribution: &'a Distribution,
    polarity: Polarity,
    quarters: Vec<Option<u32>>,
    /// The figures, the most favourable first.
    sorted: Vec<f64>,
    spread: Option<PeerSpread>,
}

impl<'a> Ranking<'a> {
    /// # Errors
    /// As [`quantile_groups`]: fewer areas than quarters.
    pub fn of(distribution: &'a Distribution, polarity: Polarity) -> Result<Self, Withheld> {
        let values: Vec<Option<f64>> = distribution.values.iter().map(|(_, value)| Some(*value)).collect();
        let highest_first = polarity != Polarity::Low;
        let quarters = quantile_groups(&values, QUARTERS, highest_first)?;
        let mut sorted: Vec<f64> = distribution.values.iter().map(|(_, value)| *value).collect();
        sorted.sort_by(f64::total_cmp);
        let spread = PeerSpread::of(&sorted);
        if highest_first {
            sorted.reverse();
        }
        Ok(Ranking { distribution, polarity, quarters, sorted, spread })
    }

    /// Where the area of an assessment stands, by the figure that is judged.
    ///
    /// # Errors
    /// An area that is not in the distribution; a figure of another period.
    pub fn place(&self, assessment: &Assessment) -> Result<RankAmongPeers, NotPlaced> {
        let latest = assessment.latest.as_ref().ok_or(NotPlaced::NoFigure)?;
        if latest.period != self.distribution.period {
            return Err(NotPlaced::OtherPeriod);
        }
        let values = &self.distribution.values;
        let at = values.binary_search_by(|(code, _)| code.cmp(&assessment.area)).map_err(|_| NotPlaced::NoFigure)?;
        let (value, quarter) = values.get(at).zip(self.quarters.get(at).copied().flatten()).ok_or(NotPlaced::NoFigure)?;
        let is_better = |other: f64| if self.polarity == Polarity::Low { other < value.1 } else { other > value.1 };
        let better = self.sorted.partition_point(|other| is_better(*other));
        let sharing = self.sorted[better..].iter().take_while(|other| **other == value.1).count();
        Ok(RankAmongPeers {
            period: self.distribution.period,
            area_types: self.distribution.area_types.clone(),
            rank: better + 1,
            sharing,
            of: values.len(),
            quarter,
            by_favour: self.polarity != Polarity::None,
            without_figure: self.distribution.without_figure,
            spread: self.spread,
        })
    }
}

/// Where a point with counts stands in the funnel around its comparator. The comparator is taken as without sampling error. The
/// denominator of a directly standardised rate is its events over the rate; an indirectly standardised ratio stands beside that
/// of the reference, 1 × the multiplier.
///
/// # Errors
/// No comparator, no counts, or a kind of figure that has no funnel; counts that are not those of its kind.
pub fn in_funnel(measure: &Measure, point: &SeriesPoint) -> Result<FunnelPosition, Withheld> {
    let m = measure.multiplier;
    let value = point.value.number().ok_or(Withheld::NoDenominator)?;
    let events = point.numerator.ok_or(Withheld::NoDenominator)?;
    let of_rate = || if value > 0.0 { Ok(events / (value / m)) } else { Err(Withheld::NoDenominator) };
    let ratio = matches!(measure.made_from, Some(MadeFrom::IndirectlyStandardisedRatio { .. }));
    let (kind, denominator) = match measure.statistic {
        Statistic::Proportion => (FunnelStatistic::Proportion, point.denominator.ok_or(Withheld::NoDenominator)?),
        Statistic::CrudeRate => (FunnelStatistic::Rate, point.denominator.ok_or(Withheld::NoDenominator)?),
        Statistic::StandardisedRate if ratio => (FunnelStatistic::Ratio, of_rate()?),
        Statistic::StandardisedRate => (FunnelStatistic::Rate, of_rate()?),
        Statistic::Estimate | Statistic::Count | Statistic::Quantity => return Err(Withheld::NoDenominator),
    };
    let comparator = if ratio { m } else { point.comparator.ok_or(Withheld::NoReference)? };
    let average = comparator / m;
    let limits = |confidence| match kind {
        FunnelStatistic::Proportion => funnel::proportion_limits(average, denominator, m, confidence).ok(),
        FunnelStatistic::Rate | FunnelStatistic::Ratio => funnel::rate_limits(average, events, m, confidence).ok(),
    };
    Ok(FunnelPosition {
        comparator,
        limits: limits(Confidence::P95),
        limits_998: limits(Confidence::P998),
        significance: funnel::beside(kind, (events, denominator), average)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::AreaCode;
    use crate::evaluate::Assessment;
    use crate::figure::Provenance;
    use crate::framework::MeasureId;
    use crate::period::{Period, YearKind};
    use crate::value::{Sex, Value};
    use indicator_stats::funnel::Significance;

    fn year(label: &str) -> Period {
        Period::parse(label, YearKind::Calendar).unwrap()
    }

    /// Areas A00, A01 … with these figures.
    fn distribution(values: &[f64]) -> Distribution {
        let code = |i: usize| AreaCode::new(format!("A{i:02}")).unwrap();
        Distribution {
            measure: MeasureId("m".into()),
            period: year("2024"),
            sex: Sex::Persons,
            age: String::new(),
            area_types: vec!["District".into()],
            values: values.iter().enumerate().map(|(i, value)| (code(i), *value)).collect(),
            without_figure: 2,
            provenance: Provenance::Cell {
                partner: String::new(),
                file: String::new(),
                sha256: String::new(),
                sheet: String::new(),
                cell: String::new(),
                by: String::new(),
            },
        }
    }

    fn point(value: f64, counts: Option<(f64, f64)>, comparator: Option<f64>) -> SeriesPoint {
        SeriesPoint {
            numerator: counts.map(|(numerator, _)| numerator),
            denominator: counts.map(|(_, denominator)| denominator),
            comparator,
            ..SeriesPoint::alone(year("2024"), Value::Number(value))
        }
    }

    fn assessment(area: &str, period: &str) -> Assessment {
        Assessment {
            latest: Some(SeriesPoint { period: year(period), ..point(1.0, None, None) }),
            ..Assessment::without_figure(MeasureId("m".into()), AreaCode::new(area).unwrap())
        }
    }

    #[test]
    fn areas_have_their_quarter_and_rank() {
        // 12 areas: three to a quarter; A03 and A04 share the second lowest figure.
        let all = distribution(&[9.0, 1.0, 12.0, 2.0, 2.0, 5.0, 6.0, 7.0, 8.0, 10.0, 11.0, 4.0]);
        let place = |area: &str, polarity| {
            let placed = Ranking::of(&all, polarity).unwrap().place(&assessment(area, "2024")).unwrap();
            (placed.rank, placed.quarter, placed.in_words())
        };
        let words = |rank: &str, quarter: &str| format!("rank {rank} of 12 areas, in the {quarter} quarter");
        let shared = |rank: &str, quarter: &str| format!("rank {rank} of 12 areas, shared by 2, in the {quarter} quarter");
        assert_eq!(place("A01", Polarity::Low), (1, 1, words("1", "most favourable")));
        assert_eq!(place("A01", Polarity::High), (12, 4, words("12", "least favourable")));
        assert_eq!(place("A02", Polarity::None), (1, 1, words("1", "highest")));
        assert_eq!(place("A03", Polarity::Low), (2, 1, shared("2", "most favourable")));
        assert_eq!(place("A05", Polarity::Low), (5, 2, words("5", "second most favourable")));
        assert_eq!(place("A05", Polarity::High), (8, 3, words("8", "third most favourable")));
    }

    #[test]
    fn only_like_figures_are_placed() {
        let all = distribution(&[1.0, 2.0, 3.0, 4.0]);
        let ranking = Ranking::of(&all, Polarity::High).unwrap();
        assert_eq!(ranking.place(&assessment("Z", "2024")), Err(NotPlaced::NoFigure));
        assert_eq!(ranking.place(&assessment("A00", "2023")), Err(NotPlaced::OtherPeriod));
        let few = distribution(&[1.0, 2.0, 3.0]);
        assert_eq!(Ranking::of(&few, Polarity::High).unwrap_err(), Withheld::TooFewValues(4));
    }

    fn measure(statistic: &str, multiplier: f64, more: &str) -> Measure {
        let text = format!(
            "id = \"m\"\ntitle = \"t\"\ndefinition = \"d\"\nmultiplier = {multiplier:?}\nunit = \"per100k\"\nstatistic = \"{statistic}\"\n\
             polarity = \"low\"\nyear = \"calendar\"\ncadence_months = 12\npublication_lag_months = 6\nsource = {{ kind = \"none\" }}\n{more}"
        );
        toml::from_str(&text).unwrap()
    }

    #[test]
    fn funnels_of_shares_use_their_limits() {
        let share = measure("proportion", 100.0, "");
        let of = |count: f64| in_funnel(&share, &point(count / 4.0, Some((count, 400.0)), Some(25.0))).unwrap();
        // By hand: 25 ± 1.96·√(25 × 75 ÷ 400) = 20.757 to 29.243; at 99.8% 18.31 to 31.69.
        let limits = of(100.0).limits.unwrap();
        assert!((limits.lower - 20.7565).abs() < 1e-3 && (limits.upper - 29.2435).abs() < 1e-3, "{limits:?}");
        for (count, expected) in [
            (100.0, Significance::NotSignificant),
            (117.0, Significance::High025),
            (128.0, Significance::High001),
            (82.0, Significance::Low025),
            (72.0, Significance::Low001),
        ] {
            assert_eq!(of(count).significance, expected, "{count}");
        }
    }

    #[test]
    fn rates_and_ratios_use_funnels_of_events() {
        let rate = measure("crude-rate", 1000.0, "");
        let found = in_funnel(&rate, &point(30.0, Some((30.0, 1000.0)), Some(10.0))).unwrap();
        assert_eq!((found.significance, found.comparator), (Significance::High001, 10.0));
        // A standardised rate of 30 from 30 events is as one among 1,000 people, whatever the population.
        let standardised = measure("standardised-rate", 1000.0, "");
        let as_rate = in_funnel(&standardised, &point(30.0, Some((30.0, 5000.0)), Some(10.0))).unwrap();
        assert_eq!((as_rate.significance, as_rate.limits), (found.significance, found.limits));
        let ratio = measure("standardised-rate", 100.0, "made_from = { kind = \"indirectly_standardised_ratio\" }");
        let found = in_funnel(&ratio, &point(100.0, Some((50.0, 900.0)), None)).unwrap();
        assert_eq!((found.significance, found.comparator), (Significance::NotSignificant, 100.0));
        assert!(found.limits.unwrap().contains(100.0));
    }

    #[test]
    fn no_counts_or_comparator_means_no_funnel() {
        let share = measure("proportion", 100.0, "");
        assert_eq!(in_funnel(&share, &point(25.0, None, Some(25.0))), Err(Withheld::NoDenominator));
        assert_eq!(in_funnel(&share, &point(25.0, Some((100.0, 400.0)), None)), Err(Withheld::NoReference));
        let estimate = measure("estimate", 1.0, "");
        assert_eq!(in_funnel(&estimate, &point(25.0, Some((100.0, 400.0)), Some(1.0))), Err(Withheld::NoDenominator));
    }
}
