//! What was hidden and why, in numbers and without a figure: for the record of a run and for those who answer for it.

use super::hide::{LEAST_POSSIBLE, Outcome, Why};
use crate::area::AreaCode;
use crate::framework::MeasureId;
use crate::period::Period;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What was hidden of each measure of which anything was, in the order of their ids.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DisclosureAudit {
    pub measures: Vec<MeasureAudit>,
}

/// What was hidden of one measure, over all its periods.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasureAudit {
    pub measure: MeasureId,
    /// Figures that are hidden for the size of their count.
    pub small: usize,
    /// Figures that their source withholds.
    pub marked: usize,
    /// Figures that are hidden so that those cannot be worked out.
    pub beside: usize,
    /// Periods of which nothing is shown, since less would not do.
    pub whole_periods: usize,
    /// Over all counts that are hidden for their size, the fewest values from 1 to the greatest hidden count that one can have
    /// for all that is published; none where there is no such count. Those that are not protected and those that earlier packs
    /// give away are counted below.
    pub fewest_possible: Option<usize>,
    /// Counts that cannot be protected by hiding anything.
    pub unprotected: usize,
    /// Counts that earlier packs give away, whatever is hidden now.
    pub given_away: Vec<RevealedCount>,
}

/// A figure of which earlier packs give the count away.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RevealedCount {
    pub area: AreaCode,
    pub period: Period,
    /// The group of a breakdown; none for all people of the area.
    pub group: Option<String>,
}

/// Measures of which small counts could be worked out whatever is hidden: why packs are not sent, and no gate lets it pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnprotectedCounts {
    pub unprotected: Vec<MeasureId>,
}

impl fmt::Display for UnprotectedCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of: Vec<&str> = self.unprotected.iter().map(|of| of.0.as_str()).collect();
        let of = of.join(", ");
        write!(f, "small counts could be worked out whatever is hidden: {of} (see `boardpack disclosure audit`)")
    }
}

impl DisclosureAudit {
    pub(super) fn of(outcomes: &[Outcome]) -> Self {
        let mut measures: BTreeMap<&MeasureId, MeasureAudit> = BTreeMap::new();
        let mut whole_periods: BTreeMap<&MeasureId, BTreeSet<Period>> = BTreeMap::new();
        for outcome in outcomes {
            for (key, why) in &outcome.hidden {
                let of = measures.entry(&key.measure).or_insert_with(|| MeasureAudit::nothing(&key.measure));
                match why {
                    Why::Small => of.small += 1,
                    Why::Marked => of.marked += 1,
                    Why::Beside => of.beside += 1,
                }
                if outcome.is_whole_table {
                    whole_periods.entry(&key.measure).or_default().insert(key.period);
                }
                if let Some(possible) = outcome.possible.get(key).filter(|_| *why == Why::Small) {
                    of.fewest_possible = Some(of.fewest_possible.map_or(possible.len(), |fewest| fewest.min(possible.len())));
                }
            }
            // Of these some have no figure yet.
            for key in &outcome.unprotected {
                measures.entry(&key.measure).or_insert_with(|| MeasureAudit::nothing(&key.measure)).unprotected += 1;
            }
            for key in &outcome.given_away {
                let of = measures.entry(&key.measure).or_insert_with(|| MeasureAudit::nothing(&key.measure));
                let group = key.category.as_ref().map(|of| of.group.clone());
                of.given_away.push(RevealedCount { area: key.area.clone(), period: key.period, group });
            }
        }
        for (measure, periods) in whole_periods {
            if let Some(of) = measures.get_mut(measure) {
                of.whole_periods = periods.len();
            }
        }
        DisclosureAudit { measures: measures.into_values().collect() }
    }

    /// Why the packs must not be sent; none where every hidden count is protected.
    pub fn reason_to_withhold(&self) -> Option<UnprotectedCounts> {
        let of = self.measures.iter().filter(|of| of.unprotected > 0).map(|of| of.measure.clone());
        Some(UnprotectedCounts { unprotected: of.collect() }).filter(|reason| !reason.unprotected.is_empty())
    }

    /// In words, for the log and the record of a run.
    pub fn in_words(&self) -> String {
        let sum = |of: fn(&MeasureAudit) -> usize| self.measures.iter().map(of).sum::<usize>();
        let (small, marked, beside) = (sum(|of| of.small), sum(|of| of.marked), sum(|of| of.beside));
        let figures = if small == 1 { "figure" } else { "figures" };
        format!("{small} {figures} hidden for small counts, {marked} withheld by their sources, {beside} hidden beside them")
    }
}

impl MeasureAudit {
    fn nothing(measure: &MeasureId) -> Self {
        Self {
            measure: measure.clone(),
            small: 0,
            marked: 0,
            beside: 0,
            whole_periods: 0,
            fewest_possible: None,
            unprotected: 0,
            given_away: Vec::new(),
        }
    }

    /// Every count that is hidden for its size keeps as many possible values as it must, but for what earlier packs give away.
    pub fn is_protected(&self) -> bool {
        self.unprotected == 0 && self.fewest_possible.is_none_or(|fewest| fewest >= LEAST_POSSIBLE)
    }
}
