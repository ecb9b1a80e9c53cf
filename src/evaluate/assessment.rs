//! One measure judged for one area, with the figures that this rests on.

use super::assessed_target::AssessedTarget;
use super::change::Change;
use super::compared::{OtherAreaFigure, RankAmongNeighbours};
use super::explained::AssessmentWorking;
use super::no_figure::NoFigure;
use super::placing::{FunnelPosition, RankAmongPeers};
use super::status::{Flag, Status};
use crate::area::AreaCode;
use crate::figure::Provenance;
use crate::framework::MeasureId;
use crate::period::Period;
use crate::value::{Limits, Value};
use indicator_stats::{Comparison, Trend};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A figure of one period, with its limits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeriesPoint {
    pub period: Period,
    pub value: Value,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    /// 95% limits, published or computed.
    pub limits: Option<Limits>,
    /// The comparator's value for the same period.
    pub comparator: Option<f64>,
    /// Its 95% limits, published or computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparator_limits: Option<Limits>,
    pub illustrative: bool,
    /// Where it came from; several where it was summed.
    pub sources: Vec<Provenance>,
}

impl SeriesPoint {
    /// A value alone, without counts, limits, a comparator or where it came from.
    pub fn alone(period: Period, value: Value) -> Self {
        SeriesPoint {
            period,
            value,
            numerator: None,
            denominator: None,
            limits: None,
            comparator: None,
            comparator_limits: None,
            illustrative: false,
            sources: Vec::new(),
        }
    }
}

/// More areas than this are looked at with 99.8% limits: chance would call one of many at 95%.
const MANY_AREAS: usize = 4;

/// Whether so many areas are looked at with 99.8% limits, and not with 95% ones.
pub(super) fn are_many(areas: usize) -> bool {
    areas > MANY_AREAS
}

/// The change from an earlier figure to the latest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangeSince {
    /// The earlier period.
    pub period: Period,
    /// Tested at 95%.
    pub change: Change,
    /// Whether it is significant at 99.8% too; none where nothing was tested.
    pub is_significant_998: Option<bool>,
    /// Whether it is for the better; none where the two are the same or no direction is good.
    pub is_better: Option<bool>,
}

impl ChangeSince {
    /// Significantly worse at 95%.
    pub fn is_significantly_worse(&self) -> bool {
        self.is_better == Some(false) && self.change.is_significant() == Some(true)
    }

    /// Significantly worse at 99.8%.
    pub fn is_significantly_worse_998(&self) -> bool {
        self.is_better == Some(false) && self.is_significant_998 == Some(true)
    }

    /// Significantly worse as one of so many areas: at 99.8% where they are many.
    pub fn is_significantly_worse_among(&self, areas: usize) -> bool {
        if are_many(areas) { self.is_significantly_worse_998() } else { self.is_significantly_worse() }
    }
}

/// How much of the whole the organisations are whose figures were pooled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// Those that gave the figure, in the order of the measure's definition.
    pub given: Vec<AreaCode>,
    pub absent: Vec<AreaCode>,
    /// Those to which the figure does not apply: they are not asked for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<AreaCode>,
    /// The share of those that gave it of the last known denominators of all that were asked, or where one that is absent has none of their number; 0 to 1.
    pub share: f64,
    /// True where the share is of denominators.
    pub by_denominator: bool,
    /// Enough to be judged.
    pub is_enough: bool,
}

/// How the people of the system stand, area by area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ByArea {
    /// The fewest areas that make up the system, in their order.
    pub areas: Vec<AreaStanding>,
    /// Those to which the latest figure does not apply, and which are no part of the system then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<AreaCode>,
    /// The population of the areas that could be judged, of all; 0 to 1.
    pub judged_share: f64,
}

impl ByArea {
    /// The limits by which an area is significantly adverse.
    pub fn limits_in_words(&self) -> &'static str {
        if are_many(self.areas.len()) { "99.8%" } else { "95%" }
    }

    /// Whether one of them is significantly adverse.
    pub fn has_adverse(&self) -> bool {
        self.areas.iter().any(|standing| standing.is_significantly_adverse)
    }
}

/// One area's part in that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AreaStanding {
    pub area: AreaCode,
    pub population: Option<f64>,
    pub status: Status,
    /// Significantly on the wrong side; see `docs/methods.md`.
    pub is_significantly_adverse: bool,
}

/// One measure judged for one area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    pub measure: MeasureId,
    pub area: AreaCode,
    /// The latest figure that was given, a withheld one among them.
    pub latest: Option<SeriesPoint>,
    /// That it is not after the baseline: it is shown, and nothing is judged by it.
    #[serde(default, skip_serializing_if = "is_after")]
    pub not_after_baseline: bool,
    /// The figure that the status speaks of, where that is not the latest: the last by a date that has passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged: Option<SeriesPoint>,
    /// The last figure before the latest that shares no day with it; for months and quarters that of a year before.
    pub previous: Option<SeriesPoint>,
    pub baseline: Option<SeriesPoint>,
    /// The change from `previous` to `latest`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_previous: Option<ChangeSince>,
    /// The change from `baseline` to `latest`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_baseline: Option<ChangeSince>,
    /// Why there is no figure; only where the status is [`Status::NoFigure`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_figure: Option<NoFigure>,
    /// Where the figure is pooled from organisations: how much of the whole they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
    /// Where the status is made from areas: how the people of the system stand. In the pack of a place, what the whole system
    /// found of it as one of its areas, where that is significantly adverse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_area: Option<ByArea>,
    #[serde(rename = "goal")]
    pub target: Option<AssessedTarget>,
    pub comparison: Comparison,
    pub trend: Trend,
    pub status: Status,
    /// One sentence in plain English with the figures in it.
    pub reason: String,
    pub flags: Vec<Flag>,
    /// When the next figure is due to be published.
    pub next_due: Option<Date>,
    /// All periods known, oldest first; gaps are points whose value is missing or suppressed.
    pub series: Vec<SeriesPoint>,
    /// Where that came from which its target's scenario projects for the period that is judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scenario_sources: Vec<Provenance>,
    /// How it came about; none where the measure is not defined.
    pub working: Option<Box<AssessmentWorking>>,
    /// Where the area stands among all of its kind, in the latest period; none where the source does not give them all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub among_like: Option<RankAmongPeers>,
    /// The region's figure of the latest period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<OtherAreaFigure>,
    /// The figures of the latest period of further areas that the edition has shown beside it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<OtherAreaFigure>,
    /// Where the area stands among its nearest neighbours, in the latest period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub neighbours: Option<RankAmongNeighbours>,
    /// The latest figure in the funnel around the comparator's; none where there are no counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_funnel: Option<FunnelPosition>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_after(not_after_baseline: &bool) -> bool {
    !*not_after_baseline
}

impl Assessment {
    /// Its latest figure is two cadences late or more: it says nothing of now.
    pub fn is_too_old(&self) -> bool {
        self.flags.contains(&Flag::TooOld) || self.no_figure == Some(NoFigure::TooOld)
    }

    /// Whether it is, as one of so many areas, significantly worse than the period before or its baseline. What is too old says
    /// nothing of now.
    pub fn got_worse_among(&self, areas: usize) -> bool {
        let since = self.since_previous.iter().chain(&self.since_baseline).filter(|_| !self.is_too_old());
        since.into_iter().any(|since| since.is_significantly_worse_among(areas))
    }

    /// Whether the area, one of those that its status is made from, is significantly adverse.
    pub fn is_adverse_in(&self, area: &AreaCode) -> bool {
        let standings = self.by_area.iter().flat_map(|by_area| &by_area.areas);
        standings.filter(|standing| standing.area == *area).any(|standing| standing.is_significantly_adverse)
    }

    /// It stands beside the comparator by a test, so that a difference may be called significant. Where a publisher compared and gives
    /// no limits, it is not known by what test.
    pub fn is_tested_beside_comparator(&self) -> bool {
        self.comparison != Comparison::NotCompared && self.latest.as_ref().is_some_and(|latest| latest.limits.is_some())
    }

    /// Of a measure and area without any figure, for no reason yet.
    pub fn without_figure(measure: MeasureId, area: AreaCode) -> Self {
        Assessment {
            measure,
            area,
            latest: None,
            not_after_baseline: false,
            judged: None,
            previous: None,
            baseline: None,
            since_previous: None,
            since_baseline: None,
            no_figure: None,
            coverage: None,
            by_area: None,
            target: None,
            comparison: Comparison::NotCompared,
            trend: Trend::CannotBeCalculated,
            status: Status::NoFigure,
            reason: String::new(),
            flags: Vec::new(),
            next_due: None,
            series: Vec::new(),
            scenario_sources: Vec::new(),
            working: None,
            among_like: None,
            region: None,
            beside: Vec::new(),
            neighbours: None,
            in_funnel: None,
        }
    }
}

/// One measure: how it counts in the pack, and every area it was judged for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasureAssessment {
    /// For the system: its own figure, or one made anew from its parts, or else a status made from its areas, with
    /// [`Flag::ByArea`] and without a figure.
    pub headline: Assessment,
    /// Each part with a figure, in the order of the measure's definition, then each area that is made of them. None
    /// where the only part is the whole.
    pub areas: Vec<Assessment>,
    /// Figures by deprivation where they are published or returned, one for each scheme and area.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breakdowns: Vec<Breakdown>,
}

impl MeasureAssessment {
    /// The headline, then the other areas.
    pub fn each(&self) -> impl Iterator<Item = &Assessment> {
        let others = self.areas.iter().filter(|other| other.area != self.headline.area);
        std::iter::once(&self.headline).chain(others)
    }
}

/// The latest figures of one area by groups of deprivation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Breakdown {
    /// As the publisher names it: `LSOA deprivation deciles within the ICS`.
    pub scheme: String,
    pub area: AreaCode,
    /// The most deprived first.
    pub groups: Vec<(String, SeriesPoint)>,
    /// The slope index with its 95% limits, and the fitted line at the most and at the least deprived end; none where
    /// it cannot be computed.
    pub slope: Option<Slope>,
}

/// The slope index of inequality, in the measure's unit: the line at the least deprived end less that at the most
/// deprived end, so below zero where the most deprived have the higher figures.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Slope {
    pub index: f64,
    pub limits: Limits,
    pub ends: (f64, f64),
}
