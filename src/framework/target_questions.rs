//! What is asked of every kind of target.

use super::MeasureId;
use super::target::{Baseline, Target};
use jiff::civil::Date;

/// A figure that the judged one is set against. Each may be hidden, in question or by another definition, and somebody has to be
/// asked for it. The rest of its own series is not among them: it is protected and asked for as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetAgainst {
    /// The area's own figure of the period that the target starts from.
    Baseline,
    /// The comparator's of the same period.
    Comparator,
    /// What another measure projects for the same area and period.
    Scenario,
}

/// The properties of the kinds of target: the only lists of them, so that a new kind cannot be half added.
impl Target {
    /// True where it is to be met by a date; the edition's where it names none.
    pub fn is_dated(&self) -> bool {
        match self {
            Target::Level { .. }
            | Target::CloseGap { .. }
            | Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::Compliance { .. }
            | Target::ReductionBand { .. } => true,
            Target::AnnualTarget { .. } | Target::Standing { .. } | Target::NotJudged { .. } => false,
        }
    }

    /// True where the text gives something to judge by.
    pub fn is_judged(&self) -> bool {
        match self {
            Target::NotJudged { .. } => false,
            Target::Level { .. }
            | Target::CloseGap { .. }
            | Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::AnnualTarget { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::Standing { .. }
            | Target::Compliance { .. }
            | Target::ReductionBand { .. } => true,
        }
    }

    /// True where nothing can be judged without a figure of the baseline period.
    pub fn needs_baseline(&self) -> bool {
        match self {
            Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::ReductionBand { .. } => true,
            Target::Level { .. }
            | Target::CloseGap { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::AnnualTarget { .. }
            | Target::Compliance { .. }
            | Target::Standing { .. }
            | Target::NotJudged { .. } => false,
        }
    }

    /// True where a straight line from the baseline says what is expected by now.
    pub fn has_trajectory(&self) -> bool {
        match self {
            Target::Level { .. }
            | Target::CloseGap { .. }
            | Target::CapRise { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::Compliance { .. }
            | Target::ReductionBand { .. } => true,
            Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::AnnualTarget { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::Standing { .. }
            | Target::NotJudged { .. } => false,
        }
    }

    /// The figures that the judged one is set against.
    pub fn set_against(&self) -> &'static [SetAgainst] {
        match self {
            Target::Level { .. }
            | Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::Compliance { .. }
            | Target::ReductionBand { .. } => &[SetAgainst::Baseline],
            Target::CloseGap { .. } => &[SetAgainst::Baseline, SetAgainst::Comparator],
            Target::AgainstGrowth { .. } => &[SetAgainst::Baseline, SetAgainst::Scenario],
            Target::BetterThanComparator { .. } | Target::SimilarOrBetter { .. } => &[SetAgainst::Comparator],
            Target::AnnualTarget { .. } | Target::Standing { .. } | Target::NotJudged { .. } => &[],
        }
    }

    /// True where it is met or missed beside the comparator's figure.
    pub fn compares(&self) -> bool {
        self.set_against().contains(&SetAgainst::Comparator)
    }

    /// True where the figure is tested against the baseline's, so that the two must share no day.
    pub fn tests_change(&self) -> bool {
        match self {
            Target::Direction { .. } | Target::NarrowGap { .. } | Target::Stabilise { .. } => true,
            Target::Level { .. }
            | Target::CloseGap { .. }
            | Target::CapRise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::AnnualTarget { .. }
            | Target::Compliance { .. }
            | Target::Standing { .. }
            | Target::ReductionBand { .. }
            | Target::NotJudged { .. } => false,
        }
    }

    /// True where it is one value to be reached by a date, which may start from an unstated baseline.
    pub fn is_a_value(&self) -> bool {
        match self {
            Target::Level { .. } | Target::Compliance { .. } => true,
            Target::CloseGap { .. }
            | Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::AnnualTarget { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::Standing { .. }
            | Target::ReductionBand { .. }
            | Target::NotJudged { .. } => false,
        }
    }

    /// True where not a single one is wanted.
    pub fn wants_none(&self) -> bool {
        match self {
            Target::Compliance { full, .. } | Target::Standing { full, .. } => *full == 0.0,
            Target::Level { .. }
            | Target::CloseGap { .. }
            | Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::AnnualTarget { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::ReductionBand { .. }
            | Target::NotJudged { .. } => false,
        }
    }

    /// True where only the measure's polarity says which way is good.
    pub fn needs_polarity(&self) -> bool {
        match self {
            Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::NarrowGap { .. }
            | Target::Compliance { .. }
            | Target::Standing { .. }
            | Target::NotJudged { .. } => false,
            Target::Level { .. }
            | Target::CloseGap { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::AnnualTarget { .. }
            | Target::Direction { .. }
            | Target::ReductionBand { .. } => true,
        }
    }

    /// The day from which it is to hold in every period, where it is a condition.
    pub fn holds_from(&self) -> Option<Date> {
        match self {
            Target::Standing { from, .. } => Some(*from),
            Target::Level { .. }
            | Target::CloseGap { .. }
            | Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::AnnualTarget { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::Compliance { .. }
            | Target::ReductionBand { .. }
            | Target::NotJudged { .. } => None,
        }
    }

    /// True where every single one counts.
    pub fn is_all_or_none(&self) -> bool {
        match self {
            Target::Compliance { .. } | Target::Standing { .. } => true,
            Target::Level { .. }
            | Target::CloseGap { .. }
            | Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::AnnualTarget { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::ReductionBand { .. }
            | Target::NotJudged { .. } => false,
        }
    }

    /// True where the value to be reached does not rest on the baseline's figure.
    pub fn states_its_value(&self) -> bool {
        match self {
            Target::Level { .. } | Target::Compliance { .. } | Target::AnnualTarget { .. } | Target::Standing { .. } => true,
            Target::CloseGap { .. }
            | Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::ReductionBand { .. }
            | Target::NotJudged { .. } => false,
        }
    }

    /// True where the straight line from the baseline to the value to be reached is what figures are held against.
    pub fn has_straight_line(&self) -> bool {
        match self {
            Target::Level { .. } | Target::Compliance { .. } | Target::PercentChange { .. } | Target::CapRise { .. } => true,
            Target::CloseGap { .. }
            | Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::AgainstGrowth { .. }
            | Target::AnnualTarget { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::Standing { .. }
            | Target::ReductionBand { .. }
            | Target::NotJudged { .. } => false,
        }
    }

    /// True where it goes on being judged past its date as before it.
    pub fn goes_beyond_due(&self) -> bool {
        match self {
            Target::Direction { beyond_due, .. } | Target::NarrowGap { beyond_due, .. } => *beyond_due,
            Target::Level { .. }
            | Target::CloseGap { .. }
            | Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AgainstGrowth { .. }
            | Target::AnnualTarget { .. }
            | Target::Standing { .. }
            | Target::Compliance { .. }
            | Target::ReductionBand { .. }
            | Target::NotJudged { .. } => false,
        }
    }

    /// When it is due, where it says so itself.
    pub fn due(&self) -> Option<Date> {
        match self {
            Target::Level { due, .. }
            | Target::CloseGap { due, .. }
            | Target::CapRise { due, .. }
            | Target::Stabilise { due, .. }
            | Target::BetterThanComparator { due }
            | Target::SimilarOrBetter { due }
            | Target::SustainedReduction { due, .. }
            | Target::PercentChange { due, .. }
            | Target::AgainstGrowth { due, .. }
            | Target::Direction { due, .. }
            | Target::NarrowGap { due, .. }
            | Target::Compliance { due, .. } => *due,
            Target::ReductionBand { late, .. } => Some(*late),
            Target::AnnualTarget { .. } | Target::Standing { .. } | Target::NotJudged { .. } => None,
        }
    }

    /// The measure that holds the growth it is set against, where it names one.
    pub fn scenario(&self) -> Option<&MeasureId> {
        match self {
            Target::AgainstGrowth { scenario, .. } => scenario.as_ref(),
            Target::Level { .. }
            | Target::CloseGap { .. }
            | Target::CapRise { .. }
            | Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::PercentChange { .. }
            | Target::AnnualTarget { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::Standing { .. }
            | Target::Compliance { .. }
            | Target::ReductionBand { .. }
            | Target::NotJudged { .. } => None,
        }
    }

    /// What it starts from, where it does.
    pub fn baseline(&self) -> Option<&Baseline> {
        match self {
            Target::Level { baseline, .. } | Target::Compliance { baseline, .. } => baseline.as_ref(),
            Target::CloseGap { baseline, .. }
            | Target::CapRise { baseline, .. }
            | Target::Stabilise { baseline, .. }
            | Target::SustainedReduction { baseline, .. }
            | Target::PercentChange { baseline, .. }
            | Target::AgainstGrowth { baseline, .. }
            | Target::Direction { baseline, .. }
            | Target::NarrowGap { baseline, .. }
            | Target::ReductionBand { baseline, .. } => Some(baseline),
            Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::AnnualTarget { .. }
            | Target::Standing { .. }
            | Target::NotJudged { .. } => None,
        }
    }
}
