//! Where a figure stands among its like, and in the funnel around its comparator.

use crate::period::Period;
use crate::value::Limits;
use indicator_stats::funnel::Significance;
use serde::{Deserialize, Serialize};

/// Where an area stands among the areas of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
