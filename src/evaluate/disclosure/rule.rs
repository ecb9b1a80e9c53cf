//! How small the counts are that are hidden, and how others are rounded.

use super::figures::points;
use crate::evaluate::{Evaluation, MeasureAssessment};
use crate::framework::{Disclosure, Framework, MeasureId};
use crate::value::Value;
use std::collections::BTreeMap;

/// The rules of measures, those that need none left out.
pub(super) type Rules = BTreeMap<MeasureId, Rule>;

pub(super) fn own_rules(evaluation: &Evaluation, framework: &Framework) -> Rules {
    let rule = |of: &MeasureAssessment| {
        let measure = framework.measure(&of.headline.measure)?;
        let groups = of.breakdowns.iter().flat_map(|breakdown| breakdown.groups.iter().map(|(_, point)| point));
        let mut all = std::iter::once(&of.headline).chain(&of.areas).flat_map(points).chain(groups);
        let of_marks = || all.any(|point| point.value == Value::Suppressed).then(Rule::of_marks);
        Some((measure.id.clone(), Rule::of(measure.disclosure).or_else(of_marks)?))
    };
    evaluation.measures.iter().filter_map(rule).collect()
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rule {
    /// Counts of 1 up to this are hidden, or may stand behind a mark.
    pub most: u8,
    /// False where only what is marked is hidden, and no other count for its size.
    pub hides_small: bool,
    /// Other counts are rounded to multiples of this.
    pub round_to: Option<f64>,
}

impl Rule {
    /// None for a measure that is not protected.
    pub fn of(disclosure: Disclosure) -> Option<Self> {
        match disclosure {
            Disclosure::None => None,
            Disclosure::Standard => Some(Rule { most: 4, hides_small: true, round_to: None }),
            Disclosure::HospitalEpisodes => Some(Rule { most: 7, hides_small: true, round_to: Some(5.0) }),
        }
    }

    /// Of a measure that is not protected, of which a source or a partner withholds a figure: what is marked is not to be
    /// worked out.
    pub fn of_marks() -> Self {
        Rule { most: 4, hides_small: false, round_to: None }
    }

    /// True for a count that is hidden for its size.
    pub fn is_small(self, count: f64) -> bool {
        self.hides_small && count > 0.0 && count <= f64::from(self.most)
    }

    /// A count as it is published.
    pub fn rounded(self, count: f64) -> f64 {
        self.round_to.map_or(count, |to| (count / to).round() * to)
    }

    /// The least and the greatest count that are published as this one is.
    pub fn range(self, count: f64) -> (f64, f64) {
        match self.round_to {
            Some(to) if count != 0.0 => {
                let (shown, half) = (self.rounded(count), (to / 2.0).floor());
                ((shown - half).max(f64::from(self.most) + 1.0), shown + half)
            }
            _ => (count, count),
        }
    }
}
