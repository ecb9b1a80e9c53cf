//! A return as it was understood, in words: the same for a terminal, a page and the receipt by e-mail.

use super::amounts_in_words::{both_in_words, plain, value_in_words};
use super::by_age_band;
use super::figure_line::FigureLine;
use super::outcome::{NIL_AFTER_FIGURES, NIL_BESIDE_ERRORS};
use super::received::{Returns, UsedContents};
use super::subject::{Differing, ReturnedAnswer, ReturnedItem};
use crate::area::Areas;
use crate::collect::{AmbitionComment, Finding, Grade, OwedItem, ReturnOutcome, ReturnReceipt, RunScope};
use crate::figure::{FigureKey, Observation, Provenance, ReportKey};
use crate::framework::ActionId;
use crate::value::Value;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What is said of one version of a return. Every field is there in the templates of `report_templates/returns/` and
/// `report_templates/email/`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValidationReport {
    /// The partner's name; the file's name where it could be laid to none.
    pub partner: String,
    pub partner_id: String,
    /// `July to September 2026`.
    pub quarter: String,
    /// `2026-27-Q2`.
    pub quarter_id: String,
    /// File name without its folder; empty where none came.
    pub file: String,
    /// Empty where the file was not kept.
    pub sha256: String,
    pub outcome: ReturnOutcome,
    /// The outcome in words: `accepted, with questions`.
    pub verdict: &'static str,
    pub illustrative: bool,
    /// Who filled it in; empty where it does not say.
    pub by: String,
    /// Why there is nothing to report, of a return that says so; empty where it does not say why.
    pub nil: String,
    /// The day, in words, on which the return came that said that there is nothing to report and that this one replaces; empty
    /// where none did.
    pub replaced_nil: String,
    /// Its figures that a version of the same quarter before it gave otherwise.
    pub changed: Vec<ChangedLine>,
    /// Figures and reports that are not used, or why nothing is.
    pub errors: Vec<FindingLine>,
    /// Figures that are used and flagged until the partner has answered.
    pub questions: Vec<FindingLine>,
    pub notes: Vec<FindingLine>,
    /// The figures that are used, in the order of the workbook.
    pub figures: Vec<FigureLine>,
    pub actions: Vec<ActionLine>,
    /// The comments on ambitions that are used.
    pub comments: Vec<CommentLine>,
    /// How many figures it says are missing, which are owed still.
    pub missing: usize,
    /// Figures and key actions that were asked for and are not given in any version; none where there is nothing to report and it
    /// is said why.
    pub lacking: Vec<Lacking>,
    /// Baselines that are asked for and not given: no return waits for them.
    pub baselines: Vec<Lacking>,
    /// What was asked about the partner's other workbooks of the quarter, or found wrong in them, and still stands.
    pub still_open: Vec<FindingLine>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FindingLine {
    /// `sheet Figures, cell F4`, without the file's name; the file's name where it is about the file.
    pub place: String,
    pub problem: String,
    pub remedy: String,
    /// Another workbook of the partner has put it right, or asks it anew.
    pub mended: bool,
    /// Title of the measure in question; empty where it is about none.
    pub measure: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActionLine {
    pub id: String,
    pub action: String,
    /// `1. A first draft`; empty for the action as a whole.
    pub step: String,
    /// `On track`.
    pub status: &'static str,
    /// `2026-12-31`; empty where none is given, as is the next.
    pub forecast: String,
    pub completed: String,
    pub commentary: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CommentLine {
    pub id: String,
    /// The ambition in short.
    pub ambition: String,
    pub words: String,
    /// Who says so, by role or name; empty where it does not say.
    pub by: String,
    /// `10 November 2026`.
    pub on: String,
}

/// A figure that an earlier version of the same quarter gave otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChangedLine {
    /// `Visits to parks, Hills, 2026/27 Q2`.
    pub what: String,
    /// `1,200`, as is the next.
    pub before: String,
    pub now: String,
}

/// What two versions of one look give differently.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DifferingLine {
    /// Of the measure or of the key action.
    pub id: String,
    /// `Visits to parks, Hills, 2026/27 Q2`, or the words of a key action.
    pub what: String,
    pub given: Vec<GivenLine>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GivenLine {
    pub file: String,
    /// `Figures F4`.
    pub cell: String,
    /// Who filled the file in; empty where it does not say.
    pub by: String,
    /// `1,200`, or the status of a key action.
    pub value: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Lacking {
    pub id: String,
    /// The measure's title or the action's words.
    pub title: String,
    /// With how many figures are given and which are lacking: `Falls: 2 of 3 figures in use (missing: South Fen)`.
    pub words: String,
}

impl ValidationReport {
    /// Of one version in `returns`: what it gave that is used, also where another that came with it gave the same.
    pub fn of(receipt: &ReturnReceipt, returns: &Returns, wanted: &RunScope<'_>, areas: &Areas) -> Self {
        let framework = wanted.framework;
        let partner = wanted.partners.iter().find(|partner| partner.id == receipt.partner);
        let graded = |grade| -> Vec<FindingLine> {
            let of_grade = receipt.findings.iter().filter(|finding| finding.grade == grade);
            of_grade.map(|finding| FindingLine::of(finding, receipt, wanted)).collect()
        };
        let asked = receipt.findings.iter().filter(|f| f.grade == Grade::Question);
        let questioned: BTreeSet<&FigureKey> = asked.filter_map(|finding| finding.about.as_ref()).collect();
        let UsedContents { figures, reports, comments } = returns.used_of(receipt);
        let figures = figures.into_iter().filter(|figure| figure.value != Value::Missing);
        let (components, figures): (Vec<_>, Vec<_>) = figures.partition(|o| o.component().is_some());
        let figures = figures.into_iter().filter_map(|observation| {
            let measure = framework.measure(&observation.measure)?;
            Some(FigureLine::of(observation, measure, areas, questioned.contains(&FigureKey::of(observation))))
        });
        let figures = figures.chain(by_age_band::lines(&components, framework, areas));
        let actions = reports.into_iter().map(|report| ActionLine {
            id: report.action.0.clone(),
            action: wanted.statement(&report.action.0),
            step: report.step.map_or(String::new(), |step| wanted.step(&report.action, step)),
            status: report.progress.in_words(),
            forecast: report.forecast.map_or(String::new(), |day| day.to_string()),
            completed: report.completed.map_or(String::new(), |day| day.to_string()),
            commentary: report.commentary.clone(),
        });
        let (lacking, baselines) = receipt.owed_and_baselines(&returns.receipts);
        let mut account = ValidationReport {
            partner: partner.map_or(&receipt.partner, |partner| &partner.name).clone(),
            partner_id: receipt.partner.clone(),
            quarter: wanted.period.in_words(),
            quarter_id: wanted.period.slug(),
            file: receipt.file.clone().unwrap_or_default(),
            sha256: receipt.sha256.clone().unwrap_or_default(),
            outcome: receipt.outcome,
            verdict: "",
            illustrative: receipt.illustrative,
            by: receipt.by.clone(),
            nil: receipt.nil.clone().unwrap_or_default(),
            replaced_nil: replaced_nil(receipt, returns),
            changed: ChangedLine::of(receipt, returns, wanted, areas),
            errors: graded(Grade::Error),
            questions: graded(Grade::Question),
            notes: graded(Grade::Note),
            figures: figures.collect(),
            actions: actions.collect(),
            comments: comments.into_iter().map(|comment| CommentLine::of(comment, wanted)).collect(),
            missing: receipt.missing,
            lacking: lacking.iter().map(Lacking::of).collect(),
            baselines: baselines.iter().map(Lacking::of).collect(),
            still_open: FindingLine::still_open(&receipt.partner, &[receipt], returns, wanted),
        };
        account.verdict = receipt.verdict();
        account
    }
}

impl ReturnReceipt {
    /// What became of it in words: `accepted, with questions`.
    pub fn verdict(&self) -> &'static str {
        let is_asked = self.findings.iter().any(|finding| finding.grade == Grade::Question);
        match (self.outcome, !is_asked) {
            (ReturnOutcome::Refused, _) => "refused",
            (ReturnOutcome::Withdrawn, _) => "withdrawn",
            (ReturnOutcome::NotReceived, _) => "not received",
            (ReturnOutcome::Blank, _) => "blank",
            (ReturnOutcome::Nil, true) => "nothing to report",
            (ReturnOutcome::Nil, false) => "nothing to report, with questions",
            (ReturnOutcome::Accepted, true) => "accepted",
            (ReturnOutcome::Accepted, false) => "accepted, with questions",
            (ReturnOutcome::AcceptedInPart, true) => "accepted in part",
            (ReturnOutcome::AcceptedInPart, false) => "accepted in part, with questions",
        }
    }
}

impl ReturnReceipt {
    /// What is owed after all versions, and the baselines that are asked for beside it; nothing where there is nothing to report
    /// and it is said why, in the version among `receipts` that counts.
    pub fn owed_and_baselines(&self, receipts: &[Self]) -> (&[OwedItem], &[OwedItem]) {
        let of_partner = || receipts.iter().filter(|other| other.partner == self.partner);
        if Self::standing_nil(of_partner).is_some_and(Self::excuses) {
            return (&[], &[]);
        }
        self.owed.split_at(self.owed.iter().position(|one| one.baseline.is_some()).unwrap_or(self.owed.len()))
    }

    /// Of one partner's versions the last that says that there is nothing to report, where no version in use gives anything.
    pub fn standing_nil<'r, I: DoubleEndedIterator<Item = &'r Self>>(of_partner: impl Fn() -> I) -> Option<&'r Self> {
        let gives = |one: &Self| matches!(one.outcome, ReturnOutcome::Accepted | ReturnOutcome::AcceptedInPart);
        of_partner().rfind(|one| one.outcome == ReturnOutcome::Nil).filter(|_| !of_partner().any(gives))
    }

    /// It says that there is nothing to report, and why.
    pub fn excuses(&self) -> bool {
        let says_why = self.nil.as_ref().is_some_and(|reason| !reason.is_empty());
        let doubts = [NIL_AFTER_FIGURES, NIL_BESIDE_ERRORS];
        let is_doubted = self.findings.iter().any(|finding| doubts.contains(&finding.problem.as_str()));
        self.outcome == ReturnOutcome::Nil && says_why && !is_doubted
    }
}

impl ReturnReceipt {
    fn is_same_file(&self, other: &Self) -> bool {
        (&self.sha256, &self.file) == (&other.sha256, &other.file)
    }

    fn is_in_use(&self) -> bool {
        !self.outcome.is_out_of_use() && self.outcome != ReturnOutcome::Blank
    }
}

/// When what this version replaces came, where that was a return with nothing to report.
fn replaced_nil(receipt: &ReturnReceipt, returns: &Returns) -> String {
    let gives = matches!(receipt.outcome, ReturnOutcome::Accepted | ReturnOutcome::AcceptedInPart);
    let theirs = returns.receipts.iter().filter(|other| other.partner == receipt.partner && gives);
    let before = theirs.take_while(|other| !receipt.is_same_file(other)).filter(|other| other.is_in_use());
    let counted = |other: &&ReturnReceipt| {
        other.outcome == ReturnOutcome::Nil && other.findings.iter().all(|finding| finding.problem != NIL_AFTER_FIGURES)
    };
    let day = before.last().filter(counted).and_then(|nil| nil.arrived);
    day.map_or(String::new(), |day| day.strftime("%-d %B %Y").to_string())
}

impl FindingLine {
    /// What was asked about the versions of `partner` that are in use, or found wrong in them, and no later one has mended: of
    /// those but `told`, which tell of it themselves.
    pub fn still_open(partner: &str, told: &[&ReturnReceipt], returns: &Returns, wanted: &RunScope<'_>) -> Vec<Self> {
        let is_told = |receipt: &ReturnReceipt| told.iter().any(|told| told.is_same_file(receipt));
        let theirs = returns.receipts.iter().filter(|receipt| receipt.partner == partner);
        let in_use = theirs.filter(|receipt| receipt.is_in_use() && !is_told(receipt));
        let open = in_use.flat_map(|receipt| {
            let stands = |finding: &&Finding| finding.grade != Grade::Note && !finding.mended;
            let open = receipt.findings.iter().filter(stands);
            open.map(|finding| FindingLine { place: finding.place.clone(), ..FindingLine::of(finding, receipt, wanted) })
        });
        open.collect()
    }
}

impl Lacking {
    fn of(owed: &OwedItem) -> Self {
        Self { id: owed.id.clone(), title: owed.title.clone(), words: owed.in_words() }
    }
}

impl ChangedLine {
    fn of(receipt: &ReturnReceipt, returns: &Returns, wanted: &RunScope<'_>, areas: &Areas) -> Vec<Self> {
        let is_of = |of: &Observation, sha256: Option<&String>| match &of.provenance {
            Provenance::Cell { sha256: own, .. } => Some(own) == sha256,
            Provenance::Answer { .. } => false,
        };
        // What each figure was before, as often as it changed.
        let mut replaced: BTreeMap<FigureKey, Vec<&Observation>> = BTreeMap::new();
        for old in returns.replaced.iter().filter(|old| old.component().is_none()) {
            let is_theirs = matches!(&old.provenance, Provenance::Cell { partner, .. } if *partner == receipt.partner);
            if is_theirs {
                replaced.entry(FigureKey::of(old)).or_default().push(old);
            }
        }
        let changed = returns.used_of(receipt).figures.into_iter().filter_map(|new| {
            let key = FigureKey::of(new);
            let replaced = replaced.get(&key)?;
            let own = replaced.iter().position(|old| is_of(old, receipt.sha256.as_ref())).unwrap_or(replaced.len());
            let old = replaced[own.checked_sub(1)?];
            let measure =
                wanted.framework.measure(&key.measure).filter(|_| old.value != Value::Missing && old.value != new.value)?;
            let [before, now] = both_in_words(measure, old.value, new.value);
            Some(Self { what: describe_figure(&key, wanted, areas), before, now })
        });
        changed.collect()
    }
}

fn describe_figure(
    FigureKey { measure, area, period, category, .. }: &FigureKey,
    wanted: &RunScope<'_>,
    areas: &Areas,
) -> String {
    let title = wanted.framework.measure(measure).map_or(measure.0.as_str(), |measure| measure.title.trim());
    let group = category.as_ref().map_or(String::new(), |of| format!(", {}: {}", of.scheme, of.group));
    format!("{title}, {}, {}{group}", areas.name(area), period.in_short())
}

impl DifferingLine {
    pub fn of(of: &Differing, wanted: &RunScope<'_>, areas: &Areas) -> Self {
        let what = match &of.subject {
            ReturnedItem::Figure(key) => describe_figure(key, wanted, areas),
            ReturnedItem::Report(ReportKey { action, step }) => {
                let step = step.map_or(String::new(), |step| format!(", step {}", wanted.step(action, step)));
                wanted.statement(&action.0) + &step
            }
            ReturnedItem::Comment(ambition) => format!("Comment on: {}", wanted.ambition(ambition)),
        };
        let id = match &of.subject {
            ReturnedItem::Figure(key) => key.measure.0.clone(),
            ReturnedItem::Report(report) => report.action.0.clone(),
            ReturnedItem::Comment(ambition) => ambition.clone(),
        };
        Self { id, what, given: of.given.iter().map(|given| GivenLine::of(given, &of.given, wanted)).collect() }
    }
}

impl GivenLine {
    fn of(given: &ReturnedAnswer, all: &[ReturnedAnswer], wanted: &RunScope<'_>) -> Self {
        let value = match given {
            ReturnedAnswer::Figure(observation) => {
                let measure = wanted.framework.measure(&observation.measure);
                let counts = match (observation.numerator, observation.denominator) {
                    (Some(numerator), Some(denominator)) => format!(" ({} of {})", plain(numerator), plain(denominator)),
                    _ => String::new(),
                };
                let value = match (observation.component(), observation.value) {
                    // A count by age band is not in the measure's unit.
                    (Some(_), Value::Number(events)) => plain(events),
                    (_, value) => measure.map_or(String::new(), |measure| value_in_words(measure, value)),
                };
                value + &counts
            }
            ReturnedAnswer::Report(report) => {
                let forecast = report.forecast.map_or(String::new(), |day| format!(", forecast {day}"));
                let comment = if report.commentary.is_empty() { String::new() } else { format!(": {}", report.commentary) };
                format!("{}{forecast}{comment}", report.progress.in_words())
            }
            ReturnedAnswer::Comment(comment) => comment.words.clone(),
        };
        match given.provenance() {
            Provenance::Cell { sheet, cell, by, .. } => {
                Self { file: given.file_among(all), cell: format!("{sheet} {cell}"), by: by.clone(), value }
            }
            Provenance::Answer { url, .. } => Self { file: url.clone(), cell: String::new(), by: String::new(), value },
        }
    }
}

impl RunScope<'_> {
    /// The words of a key action; its id where there is none of that id.
    fn statement(&self, id: &str) -> String {
        let action = self.framework.actions.iter().find(|action| action.id.0 == id);
        action.map_or_else(|| id.to_owned(), |action| action.statement.trim().to_owned())
    }
}

impl CommentLine {
    fn of(comment: &AmbitionComment, wanted: &RunScope<'_>) -> Self {
        Self {
            id: comment.ambition.clone(),
            ambition: wanted.ambition(&comment.ambition),
            words: comment.words.clone(),
            by: comment.by.clone(),
            on: comment.on.strftime("%-d %B %Y").to_string(),
        }
    }
}

impl RunScope<'_> {
    /// An ambition in short; its id where there is none of that id.
    fn ambition(&self, id: &str) -> String {
        let ambition = self.framework.ambitions.iter().find(|ambition| ambition.id == id);
        ambition.map_or(id, |ambition| ambition.statement.trim()).trim_end_matches('.').to_owned()
    }
}

impl RunScope<'_> {
    /// A step of a key action as the workbook names it; its number where there is none of that number.
    fn step(&self, action: &ActionId, number: usize) -> String {
        let action = self.framework.actions.iter().find(|one| one.id == *action);
        let step = action.and_then(|action| action.steps.get(number.checked_sub(1)?));
        step.map_or_else(|| number.to_string(), |step| step.named(number))
    }
}

impl FindingLine {
    fn of(finding: &Finding, receipt: &ReturnReceipt, wanted: &RunScope<'_>) -> Self {
        let file = receipt.file.as_deref().unwrap_or_default();
        let within = finding.place.strip_prefix(file).and_then(|rest| rest.strip_prefix(", "));
        let measure = finding.about.as_ref().and_then(|about| wanted.framework.measure(&about.measure));
        Self {
            place: within.unwrap_or(&finding.place).to_owned(),
            problem: finding.problem.clone(),
            remedy: finding.remedy.clone(),
            mended: finding.mended,
            measure: measure.map_or(String::new(), |measure| measure.title.trim().to_owned()),
        }
    }
}
