//! What was received for the pack, and what was not.

use super::figures::{date, period};
use super::ids::Names;
use super::sentences;
use crate::collect::{
    Arrival, Finding, Grade, IndicatorOutcome, IndicatorReceipt, OwedItem, PartnerReturn, PastDeadline, ReturnOutcome,
    ReturnReceipt,
};
use crate::counted::counted;
use crate::evaluate::Assessment;
use crate::framework::{Measure, MeasureId};
use crate::report::PackInputs;
use jiff::tz::TimeZone;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, Serialize)]
pub struct ReturnView {
    pub partner: String,
    /// `Received`, `Received, some figures not used`, `Nothing to report`, `Blank`, `Refused`, `Not received`.
    pub outcome: String,
    #[serde(skip)]
    pub came_as: ReturnOutcome,
    /// Why there is nothing to report; empty where it is not said.
    pub nil_reason: String,
    /// Who filled it in; empty where it is not said.
    pub by: String,
    /// The extended deadline of this partner, where it has one; else empty.
    pub extended: String,
    /// The day on which this version came; empty where none did.
    pub arrived: String,
    /// `in time`, `in time, corrected after the deadline`, `late`, `refused`, `withdrawn`, `blank`, `not due yet`, `missing`.
    pub arrival: &'static str,
    /// The file of the next version, which stands over this one, and when it came, for names may be the same; empty where there is
    /// none.
    pub superseded_by: String,
    pub file: String,
    pub figures: usize,
    pub actions: usize,
    /// Each with its place.
    pub faults: Vec<FaultView>,
    pub lacking: Vec<String>,
    pub illustrative: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct FaultView {
    /// `Refused`, `Not used`, `Question`, `Note`.
    pub grade: &'static str,
    pub place: String,
    pub problem: String,
    pub remedy: String,
    /// A later workbook has put it right.
    pub mended: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct IndicatorView {
    pub publisher: String,
    /// The source's own name or number for it.
    pub indicator: String,
    /// Titles of the measures that it serves.
    pub measures: Vec<String>,
    /// `Received, 12 figures` or `Not received: …`.
    pub outcome: String,
    /// The date it was retrieved; empty where it was not.
    pub retrieved: String,
    pub url: String,
    pub received: bool,
    /// Of the measures that it serves: the latest period with a figure, when the next is due, both empty where they are
    /// not known.
    pub latest_period: String,
    pub next_due: String,
    /// A figure is older than it should be.
    pub stale: bool,
}

/// How returns stand in an interim pack that is made after they were due; none in another.
pub fn past_deadline(pack: &PackInputs<'_>) -> Option<PastDeadline> {
    let as_at = pack.evaluation.as_at;
    let returns = PartnerReturn::all(pack.returns, pack.partners, pack.returns_due, as_at);
    PastDeadline::of(&returns, pack.returns_due, as_at).filter(|_| pack.evaluation.interim)
}

pub fn returns(pack: &PackInputs<'_>, names: &Names) -> Vec<ReturnView> {
    pack.returns
        .iter()
        .enumerate()
        .map(|(i, receipt)| ReturnView {
            partner: pack.partners.iter().find(|p| p.id == receipt.partner).map_or(receipt.partner.clone(), |p| p.name.clone()),
            outcome: sentences::outcome(receipt.outcome).to_owned(),
            came_as: receipt.outcome,
            nil_reason: receipt.nil.clone().unwrap_or_default(),
            by: receipt.by.clone(),
            extended: receipt.due.map_or(String::new(), date),
            arrived: receipt.arrived.map_or(String::new(), date),
            arrival: Arrival::label_among(receipt, pack.returns, pack.returns_due, pack.evaluation.as_at),
            superseded_by: superseded_by(receipt, &pack.returns[i + 1..]),
            file: receipt.file.clone().unwrap_or_else(|| "no file".to_owned()),
            figures: receipt.figures,
            actions: receipt.actions,
            faults: receipt
                .findings
                .iter()
                .map(|f| FaultView {
                    grade: sentences::grade(receipt.outcome, f.grade),
                    place: within(receipt, &f.place),
                    problem: names.with_titles(&f.problem),
                    remedy: names.with_titles(&f.remedy),
                    mended: f.mended && f.grade != Grade::Note,
                })
                .collect(),
            lacking: lacking(pack, receipt),
            illustrative: receipt.illustrative,
        })
        .collect()
}

/// `hills.xlsx, received 3 November 2026`: the version among those `after` it that stands over this one; empty where none does.
fn superseded_by(receipt: &ReturnReceipt, after: &[ReturnReceipt]) -> String {
    let Some(file) = &receipt.superseded_by else { return String::new() };
    let next = after.iter().find(|later| later.partner == receipt.partner && later.file.as_ref() == Some(file));
    match next.and_then(|next| next.arrived) {
        Some(arrived) if receipt.arrived == Some(arrived) => format!("{file}, received later the same day"),
        Some(arrived) => format!("{file}, received {}", date(arrived)),
        None => file.clone(),
    }
}

/// What is owed, beside the last version of a partner.
fn lacking(pack: &PackInputs<'_>, receipt: &ReturnReceipt) -> Vec<String> {
    let last = pack.returns.iter().rfind(|other| other.partner == receipt.partner);
    let is_last = last.is_some_and(|last| std::ptr::eq(last, receipt));
    if !is_last {
        return Vec::new();
    }
    // Earlier versions of boardpack kept the ids only.
    if receipt.owed.is_empty() && receipt.outcome != ReturnOutcome::Nil {
        return receipt.lacking.iter().map(|id| asked(pack, id)).collect();
    }
    let (owed, baselines) = receipt.owed_and_baselines(pack.returns);
    owed.iter().chain(baselines).map(OwedItem::in_words).collect()
}

/// What was found in figures of public sources, each with its publisher in place of the address.
pub fn source_faults(pack: &PackInputs<'_>, names: &Names) -> Vec<FaultView> {
    let place = |place: &str| {
        let within = |receipt: &IndicatorReceipt| Some(format!("{}{}", receipt.publisher, place.strip_prefix(&receipt.url)?));
        pack.indicators.iter().filter(|receipt| !receipt.url.is_empty()).find_map(within).unwrap_or_else(|| place.to_owned())
    };
    let view = |finding: &Finding| FaultView {
        grade: sentences::grade(ReturnOutcome::AcceptedInPart, finding.grade),
        place: place(&finding.place),
        problem: names.with_titles(&finding.problem),
        remedy: names.with_titles(&finding.remedy),
        mended: finding.mended,
    };
    pack.source_findings.iter().map(view).collect()
}

/// A place in a workbook without the file's name, which stands beside it already.
fn within(receipt: &ReturnReceipt, place: &str) -> String {
    let file = receipt.file.as_deref().unwrap_or_default();
    place.strip_prefix(file).and_then(|rest| rest.strip_prefix(", ")).unwrap_or(place).to_owned()
}

/// The title of a measure or the words of an action that was asked for by its id.
fn asked(pack: &PackInputs<'_>, id: &str) -> String {
    let measure = pack.whole.measures.iter().find(|m| m.id.0 == id).map(|m| m.title.clone());
    let action = || pack.whole.actions.iter().find(|a| a.id.0 == id).map(|a| a.statement.clone());
    measure.or_else(action).unwrap_or_else(|| id.to_owned())
}

/// What a source answered, without its figures.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Answered {
    /// `Received`, and what follows the number of figures.
    words: (String, String),
    /// Empty where nothing was.
    retrieved: String,
    received: bool,
}

impl Answered {
    /// With the number of figures, where there are some.
    fn of(outcome: &IndicatorOutcome) -> (Self, Option<usize>) {
        let none = |words: String| Self { words: (words, String::new()), retrieved: String::new(), received: false };
        match outcome {
            IndicatorOutcome::Received { retrieved, figures, instead_of, .. } => {
                let day = date(retrieved.to_zoned(TimeZone::UTC).date());
                let words = match instead_of {
                    None => ("Received".to_owned(), String::new()),
                    Some(reason) => (format!("As at {day}"), format!(", because the source gave none since: {reason}")),
                };
                (Self { words, retrieved: day, received: true }, Some(*figures))
            }
            IndicatorOutcome::NotAvailable { reason } => (none(format!("Not available: {reason}")), None),
            IndicatorOutcome::Failed { reason } => (none(format!("Not received: {reason}")), None),
        }
    }

    /// `Received, 20 figures in 5 answers`.
    fn in_words(&self, figures: Option<usize>, answers: usize) -> String {
        let figures = figures.map_or(String::new(), |figures| format!(", {}", counted(figures, "figure", "figures")));
        let answers = if answers == 1 || figures.is_empty() { String::new() } else { format!(" in {answers} answers") };
        format!("{}{figures}{answers}{}", self.words.0, self.words.1)
    }
}

/// One line a question; an API that is asked for one area at a time has one line for all of them where they ended alike.
pub fn indicators(pack: &PackInputs<'_>, names: &Names) -> Vec<IndicatorView> {
    let mut lines: Vec<(&IndicatorReceipt, Answered, Option<usize>, usize)> = Vec::new();
    let mut known: BTreeMap<(&str, &str, &[MeasureId], Answered), usize> = BTreeMap::new();
    for receipt in pack.indicators {
        let (answered, figures) = Answered::of(&receipt.outcome);
        let key = (receipt.publisher.as_str(), receipt.indicator.as_str(), receipt.measures.as_slice(), answered.clone());
        let at = *known.entry(key).or_insert(lines.len());
        match lines.get_mut(at) {
            Some((_, _, all, answers)) => {
                *all = all.zip(figures).map(|(all, more)| all + more);
                *answers += 1;
            }
            None => lines.push((receipt, answered, figures, 1)),
        }
    }
    lines
        .into_iter()
        .map(|(receipt, answered, figures, answers)| {
            let (latest_period, next_due, stale) = freshness(pack, receipt);
            IndicatorView {
                latest_period,
                next_due,
                stale,
                publisher: receipt.publisher.clone(),
                indicator: receipt.indicator.replace('_', " "),
                measures: receipt.measures.iter().map(|id| asked(pack, &id.0)).collect(),
                outcome: names.with_titles(&answered.in_words(figures, answers)),
                retrieved: answered.retrieved,
                url: receipt.url.clone(),
                received: answered.received,
            }
        })
        .collect()
}

/// Latest period, next due, stale.
fn freshness(pack: &PackInputs<'_>, receipt: &IndicatorReceipt) -> (String, String, bool) {
    // What gives only parts of a sum is told by the sum.
    let gives = |id: &MeasureId| receipt.measures.contains(id);
    let is_served = |measure: &&Measure| gives(&measure.id) || measure.summed().iter().any(gives);
    let ids: BTreeSet<&MeasureId> = pack.framework.measures.iter().filter(is_served).map(|measure| &measure.id).collect();
    let served = || pack.evaluation.measures.iter().filter(|m| ids.contains(&m.headline.measure));
    let all = || served().flat_map(|m| std::iter::once(&m.headline).chain(&m.areas));
    let given = |a: &Assessment| a.series.iter().rfind(|p| p.value.number().is_some()).map(|p| p.period);
    // A source that has figures for other parts may have none for this one.
    let elsewhere = || if pack.is_of_part() { "none here".to_owned() } else { String::new() };
    let latest = all().filter_map(given).max().map_or_else(elsewhere, period);
    let due = served().filter_map(|m| m.headline.next_due).min().map_or(String::new(), date);
    (latest, due, served().any(|m| m.headline.flags.iter().any(|flag| flag.is_of_age())))
}

pub fn licences(pack: &PackInputs<'_>) -> Vec<String> {
    let licences: BTreeSet<String> = pack
        .indicators
        .iter()
        .filter_map(|receipt| match &receipt.outcome {
            IndicatorOutcome::Received { licence, .. } if !licence.trim().is_empty() => {
                Some(format!("{}: {}", receipt.publisher, licence.trim()))
            }
            _ => None,
        })
        .collect();
    licences.into_iter().collect()
}
