//! What the figures of a return were counted in when they were given: a later edition may count the same measure otherwise, and
//! a figure per 1,000 is not one per 100,000.

use crate::framework::{Measure, Statistic};
use crate::value::Unit;
use serde::{Deserialize, Serialize};

/// What makes a figure of a measure be of the size that it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CountedIn {
    pub statistic: Statistic,
    pub unit: Unit,
    /// A value is `multiplier × numerator ÷ denominator`.
    pub multiplier: f64,
}

impl CountedIn {
    pub(super) fn of(measure: &Measure) -> Self {
        Self { statistic: measure.statistic, unit: measure.unit.clone(), multiplier: measure.multiplier }
    }

    /// Figures of one are of the same size as those of the other; what they are called may have changed.
    pub(super) fn is_as(&self, other: &Self) -> bool {
        let same_unit = match (self.unit.pounds(), other.unit.pounds()) {
            (Some(one), Some(other)) => one == other,
            _ => self.unit.name() == other.unit.name(),
        };
        self.statistic == other.statistic && self.multiplier == other.multiplier && same_unit
    }
}

/// What has changed: `were given in per 1,000 and the measure is in per 100,000 now`.
pub(super) fn change(then: &CountedIn, now: &CountedIn) -> String {
    let (was, is) = (then.unit.in_words(), now.unit.in_words());
    if was != is {
        format!("were given in {was} and the measure is in {is} now")
    } else if then.multiplier != now.multiplier {
        format!("were given with a multiplier of {} and it is {} now", then.multiplier, now.multiplier)
    } else {
        "were given when the measure's statistic was another".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted_in(statistic: &str, unit: &str, multiplier: f64) -> CountedIn {
        let text = format!(r#"{{ "statistic": "{statistic}", "unit": {unit}, "multiplier": {multiplier} }}"#);
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn differently_counted_figures_are_recognised() {
        let millions = |label: &str| format!(r#"{{ "label": "{label}", "before": "£", "after": "m" }}"#);
        let rate = counted_in("crude-rate", "\"per1000\"", 1000.0);
        assert!(rate.is_as(&rate));
        let now = counted_in("crude-rate", "\"per100k\"", 100_000.0);
        assert!(!rate.is_as(&now));
        assert_eq!(change(&rate, &now), "were given in per 1,000 and the measure is in per 100,000 now");
        let of = |label: &str| counted_in("quantity", &millions(label), 1.0);
        assert!(of("million pounds").is_as(&of("pounds, millions")));
        assert!(!of("million pounds").is_as(&counted_in("quantity", "\"pounds\"", 1.0)));
        let share = counted_in("proportion", "\"percent\"", 100.0);
        assert!(!share.is_as(&counted_in("proportion", "\"percent\"", 1.0)));
        assert!(!share.is_as(&counted_in("estimate", "\"percent\"", 100.0)));
    }
}
