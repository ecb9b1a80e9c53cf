//! Judging: from observations to a status with its reason, by the rules of the framework.
//!
//! [`evaluate`] puts each measure's figures in order (`series`), finds the figure, baseline and comparator that
//! count (`judge`), asks the rule of the target's kind (`decide`, [`rules`], resting on [`indicator_stats`]), and decides how the
//! measure counts for the system (`headline`, resting on the `tree` of areas). Every input of that is kept
//! ([`AssessmentWorking`]), and [`explain`] lays it out. Around it: what was revised ([`FigureVintages`]), what may be published
//! ([`disclose`]), what the board is told first ([`rollup`]), and what has moved since the last pack ([`Movements`]).
//! A new kind of target is a file in `rules`, a variant of [`crate::framework::Target`] and of [`rules::RuleInput`],
//! and a line in `decide`.

pub mod ambition;
mod ambitions;
mod assess;
pub mod by_area;
pub mod change;
mod compared;
mod correction;
pub mod coverage;
mod disclosure;
mod distribution;
mod explain;
mod explained;
mod headline;
mod inequality;
mod judge;
mod limits_method;
mod made;
mod movement;
mod parts;
mod projection;
mod revision;
mod rollup;
mod rounds;
mod rows;
pub mod rules;
mod select_rule;
mod series;
pub mod standing;
mod subset;
mod tally;
mod tree;

pub use ambitions::{counted, roles_by_stand_ins};
pub use assess::{EvaluationInputs, evaluate, next_due};
pub use compared::{OtherAreaFigure, RankAmongNeighbours};
pub use correction::{PackCorrection, PackStatements, ReplacedPack, StatementChange, alterations};
pub use disclosure::{
    DisclosedEvaluation, DisclosureAudit, DisclosureTerms, EarlierFigures, MeasureAudit, RevealedCount, Secret, ShownMeasure,
    disclose, disclose_findings, disclose_receipts, disclose_revisions, is_question_of_hidden,
};
pub use distribution::{FunnelPosition, NotPlaced, RankAmongPeers, Ranking, in_funnel};
pub use explain::{
    AmbitionRead, AreaExplanation, Candidate, ControlChart, Evidence, Explanation, HeadlineBy, HeadlineChoice, LimitsWorking,
    SetAside, Trajectory, WhySetAside, explain,
};
pub use explained::{AssessmentWorking, ComparisonWorking, Decision, TrendWorking};
pub use indicator_stats::{Comparison, Trend};
pub use inequality::is_shown;
pub use limits_method::LimitsMethod;
pub use made::NotMade;
pub use movement::{ActionMovement, AmbitionMovement, MeasureMovement, MovementKind, Movements, NO_EARLIER_QUARTER};
pub use revision::{FigureVintages, Revision};
pub use rollup::{AimRollup, BoardList, BoardMatter, BoardRollup, ChangeTests, MatterSubject, PriorityRollup, rollup};
pub use rounds::ReturnRounds;
pub use rows::{
    AmbitionRow, AssessmentData, AssessmentRow, COLUMNS, FORMAT, ValueState, ambition_rows, harmless, rows, to_csv, to_json,
    trace,
};
pub use subset::{AreaSubset, focus};
pub use tally::{Tally, counts, counts_of_actions, counts_of_aim, counts_of_all_actions, counts_of_priority};

use crate::area::AreaCode;
use crate::collect::ActionReport;
use crate::figure::Provenance;
use crate::framework::{ActionId, MeasureId, Role};
use crate::period::Period;
use crate::value::{Limits, Value};
use change::Change;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How an ambition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Achieved,
    AchievedLate,
    OnTrack,
    AtRisk,
    OffTrack,
    NotYetDue,
    /// There is no figure to judge.
    #[serde(alias = "no_data")]
    NoFigure,
    /// There is a figure, and the number that it is to be judged by has not been entered.
    NoTargetSet,
    CannotBeJudged,
}

impl Status {
    pub const ALL: [Status; 9] = [
        Status::Achieved,
        Status::AchievedLate,
        Status::OnTrack,
        Status::AtRisk,
        Status::OffTrack,
        Status::NotYetDue,
        Status::NoFigure,
        Status::NoTargetSet,
        Status::CannotBeJudged,
    ];

    /// The word in data: `on_track`.
    pub fn code(self) -> &'static str {
        match self {
            Status::Achieved => "achieved",
            Status::AchievedLate => "achieved_late",
            Status::OnTrack => "on_track",
            Status::AtRisk => "at_risk",
            Status::OffTrack => "off_track",
            Status::NotYetDue => "not_yet_due",
            Status::NoFigure => "no_figure",
            Status::NoTargetSet => "no_target_set",
            Status::CannotBeJudged => "cannot_be_judged",
        }
    }

    /// The status of that [`Status::code`], also as earlier versions wrote it.
    pub fn of_code(code: &str) -> Option<Self> {
        let code = if code == "no_data" { "no_figure" } else { code };
        Status::ALL.into_iter().find(|status| status.code() == code)
    }

    /// True where it says how the thing stands, and not only why nothing can be said.
    pub fn is_judged(self) -> bool {
        match self {
            Status::Achieved | Status::AchievedLate | Status::OnTrack | Status::AtRisk | Status::OffTrack => true,
            Status::NotYetDue | Status::NoFigure | Status::NoTargetSet | Status::CannotBeJudged => false,
        }
    }

    /// The words on the page.
    pub fn label(self) -> &'static str {
        match self {
            Status::Achieved => "Achieved",
            Status::AchievedLate => "Achieved (late)",
            Status::OnTrack => "On track",
            Status::AtRisk => "At risk",
            Status::OffTrack => "Off track",
            Status::NotYetDue => "Not yet due",
            Status::NoFigure => "No figure",
            Status::NoTargetSet => "No target set",
            Status::CannotBeJudged => "Cannot be judged",
        }
    }
}

/// What a reader must know beside a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// Judged on a figure that is older than it should be.
    Stale,
    /// May still change before the due date.
    Provisional,
    /// The figure itself is withheld.
    Suppressed,
    /// After the due date: will not change.
    Final,
    /// The measure stands in for the one that the ambition names.
    Proxy,
    /// No confidence limits: judged by the point estimate.
    NoLimits,
    /// Judged by areas, the system having no figure: where the median resident lives.
    ByArea,
    /// Met at its date or later, and not in the latest period.
    NotKept,
    /// A standing condition that was met before, and is not now.
    Lapsed,
    /// The publisher gives no limits; they were worked out here.
    LimitsWorkedOut,
    /// Rests on figures made up to show how the pack works.
    Illustrative,
    /// The milestone has no date.
    NoDateSet,
    /// Some of the partners who make up the whole have not returned it.
    Incomplete,
    /// The measure is no longer collected.
    Retired,
    /// Those who lead it together say different things of it.
    LeadsDisagree,
}

impl Flag {
    /// The words on the page.
    pub fn label(self) -> &'static str {
        match self {
            Flag::Stale => "stale",
            Flag::Provisional => "provisional",
            Flag::Suppressed => "suppressed",
            Flag::Final => "final",
            Flag::Proxy => "proxy measure",
            Flag::NoLimits => "no limits",
            Flag::ByArea => "by area",
            Flag::NotKept => "not kept",
            Flag::Lapsed => "lapsed",
            Flag::LimitsWorkedOut => "limits worked out here",
            Flag::Illustrative => "illustrative",
            Flag::NoDateSet => "no date set",
            Flag::Incomplete => "incomplete",
            Flag::Retired => "retired",
            Flag::LeadsDisagree => "leads disagree",
        }
    }
}

/// A figure of one period, with its limits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub period: Period,
    pub value: Value,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    /// 95% limits, published or computed.
    pub limits: Option<Limits>,
    /// The comparator's value for the same period.
    pub comparator: Option<f64>,
    pub illustrative: bool,
    /// Where it came from; several where it was summed.
    pub sources: Vec<Provenance>,
}

/// What is aimed at, as a number where it can be one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    /// The value to reach at `due`; none where the goal is a direction or a comparison.
    pub value: Option<f64>,
    pub due: Date,
    /// In words: `56.0% by March 2028`.
    pub words: String,
    /// What a straight line from the baseline allows at the latest period, where there is one.
    pub expected_now: Option<f64>,
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
}

/// Why there is no figure that could be judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum NoFigure {
    /// It was due, and did not come.
    Overdue {
        /// The names of those who were to give it.
        whose: Vec<String>,
        since: Date,
    },
    /// The public source could not be read.
    SourceFailed { reason: String },
    /// Two cadences late.
    TooOld,
    /// It exists and may not be shown.
    Withheld,
    /// Too few of the organisations that make it up have given theirs, or too few people live in areas with one.
    Incomplete,
    /// The figure of the baseline period is not there.
    NoBaseline,
    /// The comparator has no figure of the same period.
    NoComparator,
    /// All who were asked for it said that they have nothing to report, and why.
    NothingToReport,
    /// Nobody publishes or returns it yet.
    NoSource,
}

impl NoFigure {
    /// The word in data: `overdue`.
    pub fn code(&self) -> &'static str {
        match self {
            NoFigure::Overdue { .. } => "overdue",
            NoFigure::SourceFailed { .. } => "source_failed",
            NoFigure::TooOld => "too_old",
            NoFigure::Withheld => "withheld",
            NoFigure::Incomplete => "incomplete",
            NoFigure::NoBaseline => "no_baseline",
            NoFigure::NoComparator => "no_comparator",
            NoFigure::NothingToReport => "nothing_to_report",
            NoFigure::NoSource => "no_source",
        }
    }

    /// The words on the page.
    pub fn label(&self) -> &'static str {
        match self {
            NoFigure::Overdue { .. } => "overdue",
            NoFigure::SourceFailed { .. } => "source failed",
            NoFigure::TooOld => "too old",
            NoFigure::Withheld => "withheld",
            NoFigure::Incomplete => "incomplete",
            NoFigure::NoBaseline => "no baseline",
            NoFigure::NoComparator => "no figure to compare with",
            NoFigure::NothingToReport => "nothing to report",
            NoFigure::NoSource => "nobody gives it",
        }
    }
}

/// How much of the whole the organisations are whose figures were pooled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// Those that gave the figure, in the order of the measure's definition.
    pub given: Vec<AreaCode>,
    pub absent: Vec<AreaCode>,
    /// Their share of the last known denominators, or where one that is absent has none of their number; 0 to 1.
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
    /// The population of the areas that could be judged, of all; 0 to 1.
    pub judged_share: f64,
}

/// One area's part in that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AreaStanding {
    pub area: AreaCode,
    pub population: Option<f64>,
    pub status: Status,
    /// Significantly on the wrong side; see METHODS 2.4.
    pub is_significantly_adverse: bool,
}

/// How an ambition stands, by its deciding measures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AmbitionAssessment {
    /// The ambition's id.
    pub ambition: String,
    pub status: Status,
    /// One sentence.
    pub reason: String,
    pub flags: Vec<Flag>,
    /// Whether leads or stand-ins decided; none where there is neither.
    pub by: Option<Role>,
    /// Deciding measures: met, judged, and all of them.
    pub met: usize,
    pub judged: usize,
    pub of: usize,
    /// The measure whose status it is, where one decides.
    pub decided_by: Option<MeasureId>,
}

/// One measure judged for one area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    pub measure: MeasureId,
    pub area: AreaCode,
    /// The latest figure; none where there is none after the baseline.
    pub latest: Option<Point>,
    /// The figure that the status speaks of, where that is not the latest: the last by a date that has passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged: Option<Point>,
    /// The last figure before the latest that shares no day with it; for months and quarters that of a year before.
    pub previous: Option<Point>,
    pub baseline: Option<Point>,
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
    /// Where the status is made from areas: how the people of the system stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_area: Option<ByArea>,
    pub goal: Option<Goal>,
    pub comparison: Comparison,
    pub trend: Trend,
    pub status: Status,
    /// One sentence in plain English with the figures in it.
    pub reason: String,
    pub flags: Vec<Flag>,
    /// When the next figure is due to be published.
    pub next_due: Option<Date>,
    /// All periods known, oldest first; gaps are points whose value is missing or suppressed.
    pub series: Vec<Point>,
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

impl Assessment {
    /// Of a measure and area without any figure, for no reason yet.
    pub fn without_figure(measure: MeasureId, area: AreaCode) -> Self {
        Assessment {
            measure,
            area,
            latest: None,
            judged: None,
            previous: None,
            baseline: None,
            since_previous: None,
            since_baseline: None,
            no_figure: None,
            coverage: None,
            by_area: None,
            goal: None,
            comparison: Comparison::NotCompared,
            trend: Trend::CannotBeCalculated,
            status: Status::NoFigure,
            reason: String::new(),
            flags: Vec::new(),
            next_due: None,
            series: Vec::new(),
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
    pub groups: Vec<(String, Point)>,
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

/// One key action judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActionAssessment {
    pub action: ActionId,
    pub status: Status,
    pub reason: String,
    pub flags: Vec<Flag>,
    /// What the lead partner said, where it said anything; of several who lead it together, what the status rests on.
    pub report: Option<ActionReport>,
    /// What others who lead it said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<ActionReport>,
}

/// All judgements of a run, in the order of the framework.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// The quarter of the pack.
    pub period: Period,
    /// What "today" was.
    pub as_at: Date,
    /// The edition's id.
    pub edition: String,
    /// Made while a return is awaited whose last day has not passed: that of all, or the later one of a partner.
    #[serde(default)]
    pub interim: bool,
    /// In the order of the framework.
    #[serde(default)]
    pub ambitions: Vec<AmbitionAssessment>,
    /// In the order of the ambitions' measures.
    pub measures: Vec<MeasureAssessment>,
    pub actions: Vec<ActionAssessment>,
    /// How the measures have moved since the last pack of an earlier period; none where there is no such pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub movements: Option<Movements>,
}

/// A share between 0 and 1 in percent: never 0% or 100% but for none and all.
pub(crate) fn percent_of(share: f64) -> String {
    let percent = share * 100.0;
    if share > 0.0 && percent < 1.0 {
        "under 1%".to_owned()
    } else if share < 1.0 && percent > 99.0 {
        "over 99%".to_owned()
    } else {
        format!("{percent:.0}%")
    }
}
