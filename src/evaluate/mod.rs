//! Judging: from observations to a status with its reason, by the rules of the framework.
//!
//! [`evaluate`] puts each measure's figures in order (`series`), finds the figure, baseline and comparator that
//! count (`area_case`, `assess_area`), asks the rule of the target's kind (`select_rule`, [`rules`], resting on [`indicator_stats`]),
//! and decides how the measure counts for the system (`headline`, resting on the `tree` of areas). Every input of that is kept
//! ([`AssessmentWorking`]), and [`explain()`] lays it out. Around it: what was revised ([`FigureVintages`]), what may be published
//! ([`disclose`]), what the board is told first ([`rollup()`]), and what has moved since the last pack ([`Movements`]).
//! ARCHITECTURE.md walks through what a new kind of target needs.

mod against_target;
pub mod ambition;
mod ambitions;
mod area_case;
mod areas_sentence;
mod assess;
mod assess_action;
mod assess_area;
mod assessed_target;
mod assessment;
mod awaited_figure;
mod board_messages;
pub mod by_area;
pub mod change;
mod compare_packs;
mod compared;
mod context;
mod correction;
pub mod coverage;
mod deprivation;
mod disclosure;
mod distribution;
mod due_dates;
mod evaluation;
mod explain;
mod explained;
mod from_areas;
mod headline;
mod inequality;
mod inputs;
mod last_given;
mod limits_method;
mod made;
mod measure_area;
mod movement;
mod no_figure;
mod parts;
mod placing;
mod pooled;
mod projection;
mod revision;
mod rollup;
mod rows;
pub mod rules;
mod select_rule;
mod series;
mod series_index;
mod series_sums;
pub mod standing;
mod status;
mod subset;
mod tally;
mod tree;
mod wording;

pub use against_target::{common_target, have_own_targets, meets_target};
pub use ambitions::{counted, roles_by_stand_ins};
pub use assess::evaluate;
pub use assessed_target::AssessedTarget;
pub use assessment::{AreaStanding, Assessment, Breakdown, ByArea, ChangeSince, Coverage, MeasureAssessment, SeriesPoint, Slope};
pub use board_messages::{BoardMessage, board_messages};
pub use compared::{OtherAreaFigure, RankAmongNeighbours};
pub use correction::{PackCorrection, PackStatements, ReplacedPack, StatementChange, alterations};
pub use deprivation::is_shown;
pub use disclosure::{
    CountMarks, DisclosedEvaluation, DisclosureAudit, DisclosureTerms, EarlierFigures, MeasureAudit, RevealedCount, Secret,
    ShownMeasure, UnprotectedCounts, disclose, disclose_findings, disclose_receipts, disclose_revisions, is_question_of_hidden,
};
pub use distribution::{NotPlaced, Ranking, in_funnel};
pub use due_dates::next_due;
pub use evaluation::{ActionAssessment, AmbitionAssessment, Evaluation};
pub use explain::{
    AmbitionRead, AreaExplanation, Candidate, ControlChart, Evidence, Explanation, HeadlineBy, HeadlineChoice, LimitsWorking,
    SetAside, Trajectory, WhySetAside, explain,
};
pub use explained::{AssessmentWorking, ComparisonWorking, Decision, TrendWorking};
pub use indicator_stats::{Comparison, Trend};
pub use inputs::{EvaluationInputs, ReturnRounds};
pub use limits_method::LimitsMethod;
pub use made::NotMade;
pub use movement::{ActionMovement, AmbitionMovement, MeasureMovement, MovementKind, Movements, NO_EARLIER_QUARTER};
pub use no_figure::NoFigure;
pub use placing::{FunnelPosition, PeerSpread, RankAmongPeers};
pub use revision::{FigureVintages, Revision};
pub use rollup::{
    AREA_ADVERSE, AimRollup, BoardList, BoardMatter, BoardRollup, Certainty, ChangeTests, MatterSubject, PriorityRollup, rollup,
};
pub use rows::{
    AmbitionRow, AssessmentData, AssessmentRow, COLUMNS, FORMAT, ValueState, ambition_rows, citation, escape_formula, rows,
    to_csv, to_json,
};
pub use status::{Flag, Status};
pub use subset::{AreaSubset, focus};
pub use tally::{Tally, counts, counts_of_actions, counts_of_aim, counts_of_all_actions, counts_of_priority};
pub(crate) use wording::format_share;
