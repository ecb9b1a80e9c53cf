//! A figure pooled from the organisations that gave one, and how much of the whole they are.

use indicator_stats::{Withheld, tolerance};

/// What one organisation that was asked has given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OrganisationFigure {
    /// The denominator that it gave last, before this period; none where it never gave one.
    pub last_denominator: Option<f64>,
    /// Numerator and denominator of this period; none where it is absent.
    pub counts: Option<(f64, f64)>,
}

/// What coverage is measured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoverageBy {
    /// Shares of the last known denominators.
    Denominator,
    /// The number of organisations: an absent one has no known denominator.
    Number,
}

/// The pooled figure and its coverage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PooledFigure {
    /// The sum of numerators over that of denominators, times the multiplier; none where none was given.
    pub value: Option<f64>,
    pub numerator: f64,
    pub denominator: f64,
    /// How many gave a figure, of how many.
    pub given: usize,
    pub asked: usize,
    /// Between 0 and 1.
    pub coverage: f64,
    pub by: CoverageBy,
    /// Whether the pooled figure may be judged.
    pub judged: bool,
    /// All that were asked gave a figure.
    pub complete: bool,
}

/// Pools what was given, `percent` being the least coverage at which that is judged.
///
/// Coverage is the share of the last known denominators of all that were asked (of one that gives for the first time, the
/// one it gives now) that those which gave hold, or by number where an absent one has none. One organisation of several is
/// never judged, whatever its share: it does not stand for the system.
///
/// # Errors
/// A count that is negative or no number, or a figure too large for a number.
pub fn coverage(organisations: &[OrganisationFigure], multiplier: f64, percent: f64) -> Result<PooledFigure, Withheld> {
    let counts = || organisations.iter().filter_map(|one| one.counts);
    let numbers = organisations.iter().filter_map(|one| one.last_denominator).chain(counts().flat_map(|(o, n)| [o, n]));
    for number in numbers.chain([multiplier, percent]) {
        if !number.is_finite() {
            return Err(Withheld::NotFinite);
        }
        if number < 0.0 {
            return Err(Withheld::NegativeCount);
        }
    }
    let (asked, given) = (organisations.len(), counts().count());
    let (numerator, denominator) = counts().fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let value = (denominator > 0.0).then(|| numerator / denominator * multiplier);

    let weight = |one: &OrganisationFigure| one.last_denominator.or(one.counts.map(|(_, n)| n));
    let sum = |of: &dyn Fn(&&OrganisationFigure) -> bool| organisations.iter().filter(of).filter_map(weight).sum::<f64>();
    let (all, present) = (sum(&|_| true), sum(&|one| one.counts.is_some()));
    let known = organisations.iter().all(|one| weight(one).is_some()) && all > 0.0;
    let by = if known { CoverageBy::Denominator } else { CoverageBy::Number };
    let coverage = match by {
        CoverageBy::Denominator => present / all,
        CoverageBy::Number if asked == 0 => 0.0,
        CoverageBy::Number => given as f64 / asked as f64,
    };
    indicator_stats::finite([numerator, denominator, value.unwrap_or(0.0), coverage])?;
    let complete = asked > 0 && given == asked;
    let enough = complete || (given > 1 && tolerance::at_least(coverage * 100.0, percent));
    Ok(PooledFigure { value, numerator, denominator, given, asked, coverage, by, judged: value.is_some() && enough, complete })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gave(last: impl Into<Option<f64>>, now: f64) -> OrganisationFigure {
        OrganisationFigure { last_denominator: last.into(), counts: Some((now / 10.0, now)) }
    }

    fn absent(last: impl Into<Option<f64>>) -> OrganisationFigure {
        OrganisationFigure { last_denominator: last.into(), counts: None }
    }

    #[test]
    fn coverage_decides_at_its_limit_exactly() {
        let found = |absent_has: f64| coverage(&[gave(30.0, 31.0), gave(50.0, 50.0), absent(absent_has)], 100.0, 80.0).unwrap();
        let at = found(20.0);
        assert_eq!(
            (at.value, at.coverage, at.by, at.judged, at.complete),
            (Some(10.0), 0.8, CoverageBy::Denominator, true, false)
        );
        assert!(!found(20.1).judged);
        let unknown = coverage(&[gave(30.0, 31.0), gave(50.0, 50.0), absent(None)], 100.0, 60.0).unwrap();
        assert_eq!((unknown.coverage, unknown.by, unknown.judged), (2.0 / 3.0, CoverageBy::Number, true));
    }

    #[test]
    fn a_first_time_partner_counts() {
        let found = coverage(&[gave(None, 40.0), gave(40.0, 44.0), absent(20.0)], 100.0, 80.0).unwrap();
        assert_eq!((found.coverage, found.by, found.judged), (0.8, CoverageBy::Denominator, true));
    }

    #[test]
    fn one_organisation_never_stands_for_the_system() {
        let found = coverage(&[gave(14_000.0, 14_000.0), absent(430.0)], 100.0, 80.0).unwrap();
        assert!(found.coverage > 0.96 && !found.judged && found.value.is_some());
        assert!(coverage(&[gave(430.0, 430.0)], 100.0, 80.0).unwrap().judged, "the only one that is asked is the whole");
    }

    #[test]
    fn nothing_given_is_no_figure() {
        let found = coverage(&[absent(10.0), absent(20.0)], 100.0, 0.0).unwrap();
        assert_eq!((found.value, found.coverage, found.judged, found.complete), (None, 0.0, false, false));
        let none = coverage(&[], 100.0, 80.0).unwrap();
        assert_eq!((none.value, none.coverage, none.judged, none.complete), (None, 0.0, false, false));
        let empty = coverage(&[gave(None, 0.0)], 100.0, 80.0).unwrap();
        assert_eq!((empty.value, empty.judged), (None, false));
        assert_eq!(coverage(&[absent(-1.0)], 100.0, 80.0), Err(Withheld::NegativeCount));
        assert_eq!(coverage(&[gave(None, f64::MAX), gave(None, f64::MAX)], 100.0, 80.0), Err(Withheld::NotFinite));
    }
}
