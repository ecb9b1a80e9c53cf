//! Where a figure stands among its like, and in the funnel around its comparator.

use crate::period::Period;
use crate::value::Limits;
use indicator_stats::funnel::Significance;
use serde::{Deserialize, Serialize};

/// How far the figures of all areas of a kind lie apart, in the measure's unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PeerSpread {
    pub lowest: f64,
    /// A quarter of the areas have figures up to it (Hyndman and Fan 1996, definition 7).
    pub lower_quartile: f64,
    pub upper_quartile: f64,
    pub highest: f64,
}

/// Where an area stands among the areas of its kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RankAmongPeers {
    /// The period of all the figures.
    pub period: Period,
    /// What the source calls the areas: `District`, `UA`.
    pub area_types: Vec<String>,
    /// 1 is the most favourable; without a polarity the highest. Areas with the same figure share the lowest.
    pub rank: usize,
    /// How many areas share it.
    pub sharing: usize,
    /// Areas with a figure.
    pub of: usize,
    /// 1 to 4; 1 holds the most favourable, or without a polarity the highest.
    pub quarter: u32,
    /// False where no direction is good: rank and quarter then count from the highest figure.
    pub by_favour: bool,
    /// Areas that the source names without a figure that can be used.
    pub without_figure: usize,
    /// How far the figures of all of them lie apart; none where that would tell a figure that is not shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<PeerSpread>,
}

/// A figure in the funnel around the comparator's: how far figures of as many people or events lie from it by chance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FunnelPosition {
    /// The comparator's figure, the middle of the funnel.
    pub comparator: f64,
    /// At the figure's own denominator; none where it has no event.
    pub limits: Option<Limits>,
    pub limits_998: Option<Limits>,
    pub significance: Significance,
}

impl PeerSpread {
    /// Of figures in ascending order; none of none. Quartiles lie between two figures where they fall between them: that at the
    /// place (n - 1) x p, counted from 0 (Hyndman and Fan 1996, definition 7).
    pub(super) fn of(ascending: &[f64]) -> Option<Self> {
        let (lowest, highest) = (*ascending.first()?, *ascending.last()?);
        let at = |quarters: usize| {
            let place = (ascending.len() - 1) * quarters;
            let below = ascending[place / 4];
            let above = ascending.get(place / 4 + 1).copied().unwrap_or(below);
            below + (above - below) * (place % 4) as f64 / 4.0
        };
        Some(PeerSpread { lowest, lower_quartile: at(1), upper_quartile: at(3), highest })
    }

    pub fn each(&self) -> [f64; 4] {
        [self.lowest, self.lower_quartile, self.upper_quartile, self.highest]
    }
}

impl RankAmongPeers {
    /// `rank 31 of 152 areas, in the second most favourable quarter`.
    pub fn in_words(&self) -> String {
        let end = if self.by_favour { "most favourable" } else { "highest" };
        let quarter = match self.quarter {
            1 => format!("the {end} quarter"),
            2 => format!("the second {end} quarter"),
            3 => format!("the third {end} quarter"),
            _ => if self.by_favour { "the least favourable quarter" } else { "the lowest quarter" }.to_owned(),
        };
        let shared = if self.sharing > 1 { format!(", shared by {}", self.sharing) } else { String::new() };
        format!("rank {} of {} areas{shared}, in {quarter}", self.rank, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_lie_between_figures() {
        // As numpy.percentile gives them by default.
        let of = |figures: &[f64]| PeerSpread::of(figures).map(|spread| spread.each());
        assert_eq!(of(&[1.0, 2.0, 3.0, 4.0, 5.0]), Some([1.0, 2.0, 4.0, 5.0]));
        assert_eq!(of(&[1.0, 2.0, 4.0, 8.0]), Some([1.0, 1.75, 5.0, 8.0]));
        assert_eq!(of(&[7.0]), Some([7.0; 4]));
        assert_eq!(of(&[]), None);
    }
}
