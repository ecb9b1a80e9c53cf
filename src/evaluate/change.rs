//! The change between two figures of one series: a difference, and a test of it where one can be made.

use crate::framework::Uncertainty;
use crate::value::Limits;
use indicator_stats::change::{self, Change as Test};
use indicator_stats::{Confidence, tolerance};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A figure with what a test of it needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestableFigure {
    /// In the measure's unit.
    pub value: f64,
    /// 95% limits.
    pub limits: Option<Limits>,
    /// What the value was made from, where it is known.
    #[serde(default)]
    pub counts: Option<TestedCounts>,
    /// In words: `2024/25`.
    pub period: String,
    /// The last day of the period.
    pub ends: Date,
    /// The month in which a period of less than a year ends; none for years.
    #[serde(default)]
    pub season: Option<i8>,
}

/// Of a number of events the denominator is the length of the period, in months.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TestedCounts {
    pub numerator: f64,
    pub denominator: f64,
}

/// From an earlier figure to a later one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The later less the earlier, in the measure's unit; zero within the tolerance of a tie.
    pub difference: f64,
    pub tested: Tested,
}

/// Whether chance alone could have made the change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tested {
    /// By the method that the figures allow.
    By(Test),
    /// All of a finite set was counted: a difference is a difference.
    Whole,
    /// No test, for this reason, and so nothing is said of significance.
    Not(String),
}

impl Change {
    /// Tests at 95%. See [`Change::at`].
    pub fn between(earlier: &TestableFigure, later: &TestableFigure, uncertainty: Uncertainty) -> Self {
        Self::at(earlier, later, uncertainty, Confidence::P95)
    }

    /// Proportions by Newcombe's interval of the difference and rates or counts by their ratio, where both have counts;
    /// anything else by the limits of both, where both have them. `docs/methods.md` has the references.
    pub fn at(earlier: &TestableFigure, later: &TestableFigure, uncertainty: Uncertainty, confidence: Confidence) -> Self {
        let same = tolerance::equal(earlier.value, later.value);
        let difference = if same { 0.0 } else { later.value - earlier.value };
        if uncertainty == Uncertainty::None {
            return Self { difference, tested: Tested::Whole };
        }
        if earlier.season != later.season {
            return Self { difference, tested: Tested::Not("they are of different seasons".to_owned()) };
        }
        let counts = earlier.counts.zip(later.counts);
        let by_counts = match (uncertainty, counts) {
            (Uncertainty::Binomial, Some((a, b))) => Some(
                change::proportions(a.numerator, a.denominator, b.numerator, b.denominator, confidence).map(Test::Proportions),
            ),
            (Uncertainty::Poisson, Some((a, b))) => {
                Some(change::rates(a.numerator, a.denominator, b.numerator, b.denominator, confidence).map(Test::Rates))
            }
            _ => None,
        };
        let by_limits = || {
            let lacks = match (earlier.limits, later.limits) {
                (None, None) => Some("there are no limits"),
                (None, Some(_)) => Some("the earlier figure has no limits"),
                (Some(_), None) => Some("the later figure has no limits"),
                (Some(_), Some(_)) => None,
            };
            if let Some(lacks) = lacks {
                return Err(lacks.to_owned());
            }
            let tested = change::estimates((earlier.value, earlier.limits), (later.value, later.limits), confidence);
            tested.map(Test::Estimates).map_err(|withheld| withheld.to_string())
        };
        let tested = match by_counts {
            Some(Ok(test)) => Ok(test),
            Some(Err(withheld)) => by_limits().map_err(|_| withheld.to_string()),
            None => by_limits(),
        };
        Self { difference, tested: tested.map_or_else(Tested::Not, Tested::By) }
    }

    /// As if nothing could be tested, for this reason.
    pub fn untested(earlier: &TestableFigure, later: &TestableFigure, why: &str) -> Self {
        let same = tolerance::equal(earlier.value, later.value);
        let difference = if same { 0.0 } else { later.value - earlier.value };
        Self { difference, tested: Tested::Not(why.to_owned()) }
    }

    /// None where nothing was tested.
    pub fn is_significant(&self) -> Option<bool> {
        match &self.tested {
            Tested::By(test) => Some(test.significant()),
            Tested::Whole | Tested::Not(_) => None,
        }
    }

    /// A significant change in the direction of `sign`: +1 for higher, −1 for lower.
    pub fn is_significantly(&self, sign: f64) -> bool {
        self.is_significant() == Some(true) && self.difference * sign > 0.0
    }

    /// What may be said of it: `significantly lower (95%)`, `higher, no significant change`, `lower` for a whole count,
    /// `higher, not tested: there are no limits`.
    pub fn in_words(&self) -> String {
        let way = if self.difference > 0.0 { "higher" } else { "lower" };
        match &self.tested {
            Tested::By(test) if test.significant() => format!("significantly {way} (95%)"),
            Tested::By(_) if self.difference == 0.0 => "the same, no significant change (95%)".to_owned(),
            Tested::By(_) => format!("{way}, no significant change (95%)"),
            _ if self.difference == 0.0 => "the same".to_owned(),
            Tested::Whole => way.to_owned(),
            Tested::Not(why) => format!("{way}, not tested because {why}"),
        }
    }
}
