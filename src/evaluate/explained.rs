//! How a status came about, as data: each method with its inputs and result, and what decided.

use super::rules::{RuleContext, RuleInput, RuleOutcome};
use super::wording::{format_day, format_list, format_month};
use super::{Flag, NoFigure, Status};
use crate::value::{Limits, Polarity, Unit};
use indicator_stats::trend::{RecentTrend, Year};
use indicator_stats::{Comparison, Trend};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The working of one assessment. It rests on figures as they were given, before any is withheld from readers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AssessmentWorking {
    /// None where there was no figure to compare.
    pub comparison: Option<ComparisonWorking>,
    pub trend: TrendWorking,
    pub decision: Decision,
}

/// The figure beside the comparator's of the same period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComparisonWorking {
    pub value: f64,
    pub limits: Option<Limits>,
    pub comparator: Option<f64>,
    pub polarity: Polarity,
    /// What the publisher says, used where limits or the comparator are missing.
    pub published: Option<Comparison>,
    pub result: Comparison,
}

/// The recent trend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrendWorking {
    /// The years that were tested, oldest first; empty where the measure or its periods allow no test.
    pub years: Vec<Year>,
    pub tested: Option<RecentTrend>,
    /// Why the test gave no result, where it was tried.
    pub withheld: Option<String>,
    /// What the publisher says, used where nothing was tested.
    pub published: Option<Trend>,
    pub result: Trend,
}

/// What decided the status.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Decision {
    /// The rule of the target's kind.
    Rule {
        scene: Box<RuleContext>,
        question: Box<RuleInput>,
        /// When the next figure is due to be published: from the day after, this one is stale unless it is the last that counts.
        newer_due: Date,
        today: Date,
        /// Where the figure was judged for a date that has passed: what came after it.
        #[serde(default)]
        later: Option<LaterFigures>,
        /// False where no figure ended by the date, and the first after it is judged.
        #[serde(default = "yes")]
        in_time: bool,
    },
    /// The strategy says nothing that a figure could be judged by.
    NothingToJudgeBy { needed: String },
    /// Nobody collects it any more.
    Retired {
        from: Date,
        reason: String,
        /// The last figure, in words.
        last: Option<String>,
        /// The titles of the measures that take its place.
        successors: Vec<String>,
    },
    /// The rule needs the baseline, and that is by another definition than the figure.
    Redefined {
        value: f64,
        unit: Unit,
        decimals: u8,
        period: String,
        /// The first period by the present definition, in short.
        from: String,
        reason: String,
        /// In words.
        baseline: String,
    },
    /// The figure exists and is withheld by whoever gave it.
    Suppressed { period: String },
    /// No figure of a period after the baseline.
    NothingYet {
        /// In words.
        baseline: Option<String>,
        /// When the first figure after the baseline is due to be published.
        first_due: Option<Date>,
        today: Date,
        /// What has not come, in words.
        lacking: String,
        cause: NoFigure,
        /// Where the latest figure shares days with the baseline's period.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sharing: Option<SharingDays>,
    },
    /// Two cadences and the publication lag have passed since the period of the last figure.
    TooOld {
        value: f64,
        unit: Unit,
        decimals: u8,
        period: String,
        /// When the next figure was due to be published.
        newer_due: Date,
    },
    /// Neither the measure nor its target says which way is good.
    NoDirection,
    /// The rule needs a figure of the baseline period.
    NoBaseline {
        value: f64,
        unit: Unit,
        decimals: u8,
        period: String,
        /// In words, where the framework names it.
        baseline: Option<String>,
    },
    /// It may be in another unit, is a copy of another or is not what its counts make, or a later one cannot be: see
    /// [`crate::collect::Collection::findings`]. `why` goes on the sentence that it begins.
    InQuestion { value: f64, unit: Unit, decimals: u8, period: String, why: String },
    /// A number is asked of the whole, and this is the number of a part.
    OfThePart { value: f64, unit: Unit, decimals: u8, period: String },
    /// A target is set for each year, and a month or quarter of this one, up to the latest, has no figure: what it comes to so far is not known.
    YearNotWhole {
        /// In words.
        year: String,
        /// The periods without a figure, in words, oldest first.
        lacking: Vec<String>,
    },
    /// A target is set for each year, and none for this one.
    NoTargetForYear { value: f64, unit: Unit, decimals: u8, period: String },
    /// The whole has no figure that is judged: it follows from its parts.
    FromParts { status: Status, reason: String },
}

/// A figure that ends after the baseline's and cannot be tested against it, since their periods share days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SharingDays {
    /// Its period, in words.
    pub latest: String,
    /// The first period that can be set against the baseline, in words.
    pub first: String,
}

impl SharingDays {
    fn in_words(&self, baseline: &str, due: &str) -> String {
        let SharingDays { latest, first } = self;
        format!(
            "The latest figure, of {latest}, shares days with the baseline of {baseline} and cannot be set against it; the first \
             that can, of {first}, {due}"
        )
    }
}

/// Figures of periods after the one that was judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LaterFigures {
    /// The first that meets the target, in words.
    pub met_in: Option<String>,
    /// The latest, in words: `4.2% in 2025/26`.
    pub latest: String,
    pub latest_meets: bool,
}

fn yes() -> bool {
    true
}

impl Decision {
    /// Why there is no figure, where that is so.
    pub fn no_figure(&self) -> Option<NoFigure> {
        match self {
            Decision::Suppressed { .. } => Some(NoFigure::Withheld),
            Decision::NothingYet { cause, .. } => (self.verdict().status == Status::NoFigure).then(|| cause.clone()),
            Decision::TooOld { .. } => Some(NoFigure::TooOld),
            Decision::YearNotWhole { .. } => Some(NoFigure::Incomplete),
            Decision::NoBaseline { .. } => Some(NoFigure::NoBaseline),
            Decision::Rule { question, .. } => (self.verdict().status == Status::NoFigure).then(|| question.lacks()),
            Decision::NothingToJudgeBy { .. }
            | Decision::Retired { .. }
            | Decision::Redefined { .. }
            | Decision::NoDirection
            | Decision::InQuestion { .. }
            | Decision::OfThePart { .. }
            | Decision::NoTargetForYear { .. }
            | Decision::FromParts { .. } => None,
        }
    }

    /// The status that follows, with its reason.
    pub fn verdict(&self) -> RuleOutcome {
        match self {
            Decision::Rule { scene, question, newer_due, today, later, in_time } => {
                let verdict = question.ask(scene).flag(Flag::Stale, !scene.closed && today > newer_due);
                if scene.closed { after_the_date(verdict, later.as_ref(), *in_time) } else { verdict }
            }
            Decision::NothingToJudgeBy { needed } => {
                RuleOutcome::new(Status::CannotBeJudged, format!("Needed to judge it: {needed}"))
            }
            Decision::Retired { from, reason, last, successors } => {
                let last =
                    last.as_ref().map_or("no figure of it is known".to_owned(), |last| format!("its last figure was {last}"));
                let followed = if successors.is_empty() {
                    String::new()
                } else {
                    format!("; it is replaced by {}", format_list(successors))
                };
                let reason = format!("Retired from {} ({}); {last}{followed}", format_day(*from), plain(reason));
                RuleOutcome::new(Status::CannotBeJudged, reason).flag(Flag::Retired, true)
            }
            Decision::Redefined { value, unit, decimals, period, from, reason, baseline } => {
                let value = unit.format(*value, *decimals);
                let reason = plain(reason);
                RuleOutcome::new(
                    Status::CannotBeJudged,
                    format!(
                        "{value} in {period}; the measure was redefined from {from} ({reason}), so its baseline of {baseline} \
                         cannot be compared with it"
                    ),
                )
            }
            Decision::Suppressed { period } => {
                RuleOutcome::new(Status::NoFigure, format!("The figure for {period} is suppressed")).flag(Flag::Suppressed, true)
            }
            Decision::NothingYet { baseline: Some(baseline), first_due: Some(first_due), today, sharing, .. }
                if today <= first_due =>
            {
                let due = format!("is due in {}", format_month(*first_due));
                let otherwise = || format!("The first figure after the baseline of {baseline} {due}");
                let reason = sharing.as_ref().map_or_else(otherwise, |sharing| sharing.in_words(baseline, &due));
                RuleOutcome::new(Status::NotYetDue, reason)
            }
            Decision::NothingYet { cause: NoFigure::NothingToReport | NoFigure::SourceFailed { .. }, lacking, .. } => {
                RuleOutcome::new(Status::NoFigure, lacking.clone())
            }
            Decision::NothingYet { baseline: Some(baseline), sharing: Some(sharing), .. } => {
                RuleOutcome::new(Status::NoFigure, sharing.in_words(baseline, "has not been received"))
            }
            Decision::NothingYet { baseline: Some(baseline), .. } => RuleOutcome::new(
                Status::NoFigure,
                format!("No figure has been received for any period after the baseline of {baseline}"),
            ),
            Decision::NothingYet { baseline: None, first_due: Some(first_due), today, .. } if today <= first_due => {
                RuleOutcome::new(Status::NotYetDue, format!("The first figure is due in {}", format_month(*first_due)))
            }
            Decision::NothingYet { baseline: None, lacking, .. } => RuleOutcome::new(Status::NoFigure, lacking.clone()),
            Decision::TooOld { value, unit, decimals, period, newer_due } => {
                let last = unit.format(*value, *decimals);
                let due = format_month(*newer_due);
                let reason = format!("The last figure, {last} in {period}, is too old to judge by: a newer one was due in {due}");
                RuleOutcome::new(Status::NoFigure, reason).flag(Flag::Stale, true)
            }
            Decision::NoDirection => RuleOutcome::new(Status::CannotBeJudged, "The measure does not say which direction is good"),
            Decision::NoBaseline { value, unit, decimals, period, baseline } => {
                let value = unit.format(*value, *decimals);
                let named = baseline.as_ref().map_or(String::new(), |label| format!(", {label}"));
                let reason = format!("{value} in {period}, but there is no figure for the baseline period{named}");
                RuleOutcome::new(Status::NoFigure, reason)
            }
            Decision::InQuestion { value, unit, decimals, period, why } => {
                let value = unit.format(*value, *decimals);
                RuleOutcome::new(Status::CannotBeJudged, format!("{value} in {period} {why}"))
            }
            Decision::FromParts { status, reason } => RuleOutcome::new(*status, reason.clone()),
            Decision::OfThePart { value, unit, decimals, period } => {
                let value = unit.format(*value, *decimals);
                RuleOutcome::new(Status::CannotBeJudged, format!("{value} in {period}; the target is for the whole system"))
            }
            Decision::YearNotWhole { year, lacking } => {
                let reason =
                    format!("What {year} has come to so far is not known: there is no figure for {}", format_list(lacking));
                RuleOutcome::new(Status::NoFigure, reason).flag(Flag::Incomplete, true)
            }
            Decision::NoTargetForYear { value, unit, decimals, period } => {
                let value = unit.format(*value, *decimals);
                RuleOutcome::new(
                    Status::NoTargetSet,
                    format!("{value} in {period}, but no target has been entered for that year"),
                )
            }
        }
    }
}

/// Without the full stop, as it stands inside brackets.
fn plain(reason: &str) -> &str {
    reason.trim().trim_end_matches('.')
}

/// What a later figure makes of a verdict for a date that has passed: the first that meets the target makes it achieved
/// late; one that met it and does no more was not kept; only what can change no more is final.
fn after_the_date(verdict: RuleOutcome, later: Option<&LaterFigures>, in_time: bool) -> RuleOutcome {
    let met = verdict.status == Status::Achieved;
    let RuleOutcome { mut status, mut reason, mut flags, target } = verdict;
    match later {
        Some(later) if met => {
            if !in_time {
                status = Status::AchievedLate;
            }
            if !later.latest_meets {
                flags.push(Flag::NotKept);
                reason = format!("{reason}; not kept: {}", later.latest);
            }
        }
        Some(LaterFigures { met_in: Some(met_in), latest, latest_meets }) => {
            status = Status::AchievedLate;
            reason = format!("{reason}; reached later, with {met_in}");
            if !latest_meets {
                flags.push(Flag::NotKept);
                reason = format!("{reason}; not kept: {latest}");
            }
        }
        Some(later) => reason = format!("{reason}; since then {}", later.latest),
        None if met && !in_time => status = Status::AchievedLate,
        None => {}
    }
    if !matches!(status, Status::Achieved | Status::AchievedLate) {
        flags.retain(|flag| *flag != Flag::Final);
    }
    RuleOutcome { status, reason, flags, target }
}
