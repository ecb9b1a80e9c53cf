//! Who has returned, when, and what is still owed: worked out from one look, so that whatever tells of it says the same.

use super::look::{Looked, other_files};
use crate::collect::{
    Arrival, DifferingLine, Grade, OwedItem, PartnerReturn, ReturnOutcome, ReturnReceipt, Returns, standing_alone,
};
use crate::figure::{FigureKey, Observation, Provenance};
use crate::framework::{Framework, Partner};
use crate::return_template;
use crate::run::assess;
use crate::run::env::Env;
use crate::store::{RecordedVersion, Withdrawal};
use crate::value::Value;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The returns of one quarter as they stand.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Status {
    /// `2026-27-Q2`.
    pub quarter: String,
    /// The last day in time.
    pub deadline: Date,
    pub as_at: Date,
    /// Those of whom something is asked, in the order of `partners.toml`.
    pub partners: Vec<PartnerStatus>,
    /// Files that could be laid to no partner, and why they were refused.
    pub unlaid: Vec<(String, String)>,
    /// Files of other quarters that lie in the inbox, a line for those of a kind.
    pub other_files: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartnerStatus {
    /// The partner's id.
    pub partner: String,
    pub name: String,
    #[serde(flatten)]
    pub arrival: Arrival,
    /// In a word or a few: `accepted`, `questions`, `accepted in part`, `not settled`, `nothing to report`, `blank`, `refused`;
    /// `withdrawn` where nothing is in use since what was has been taken out of use.
    pub outcome: &'static str,
    /// The last day in time for this partner.
    pub due: Date,
    /// Who gave it longer than the others, and why; none where it has as long as they.
    pub extended: Option<Extended>,
    /// Of its workbook, refused ones too, in the order in which they came.
    pub versions: Vec<VersionStatus>,
    /// What was found in the versions in use and not mended since: figures that are not used, and questions to the partner.
    pub errors: usize,
    pub questions: usize,
    /// Why there is nothing to report, where that is what was said; may be empty.
    pub nil: Option<String>,
    /// What two versions of one look give differently: nobody has said which stands.
    pub unsettled: Vec<DifferingLine>,
    /// What was taken out of use, in the order in which it came.
    pub withdrawn: Vec<WithdrawnVersion>,
    /// Why what came last was refused; empty where it was not.
    pub refusal: Vec<String>,
    /// Figures given of those due.
    pub figures: Coverage,
    pub actions: Coverage,
    /// Every measure that is asked for, in the order of the framework.
    pub measures: Vec<MeasureStatus>,
    /// Ids of the measures of which its workbooks of the quarter gave a value without counts, where those of all are added up.
    pub without_counts: Vec<String>,
    /// All that is due and not given; nothing where there is nothing to report and it is said why.
    pub owed: Vec<OwedItem>,
    /// The baselines that are asked for and not given.
    pub baselines: Vec<OwedItem>,
    /// Figures and reports that are not used for an error that was not mended since, each with its place.
    pub not_used: Vec<String>,
}

/// A version that somebody took out of use.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WithdrawnVersion {
    pub file: String,
    pub sha256: String,
    pub arrived: Date,
    /// Who did; empty where that was not recorded.
    pub by: String,
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Extended {
    pub by: String,
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VersionStatus {
    pub file: String,
    /// Who filled it in; empty where it does not say.
    pub by: String,
    /// None of what was not kept.
    pub sha256: Option<String>,
    pub arrived: Option<Date>,
    pub outcome: ReturnOutcome,
    /// The file of the next version, which stands over this one.
    pub superseded_by: Option<String>,
    /// The SHA-256 of what was not kept, for it looks like data about persons.
    pub not_kept: Option<String>,
    /// Cells (`Figures!H7`) whose text is withheld until somebody lets it through.
    pub withheld: Vec<String>,
    /// By whom it was said that its figures stand before those of another that came with it; none of what is out of use.
    pub settled_by: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Coverage {
    pub given: usize,
    pub due: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MeasureStatus {
    pub measure: String,
    pub title: String,
    #[serde(flatten)]
    pub coverage: Coverage,
}

impl Coverage {
    pub fn is_whole(self) -> bool {
        self.given >= self.due
    }
}

impl PartnerStatus {
    /// Figures or reports are owed, or an answer which of two workbooks stands, unless there is nothing to report and it is
    /// said why.
    pub fn owes(&self) -> bool {
        !self.owed.is_empty() || !self.unsettled.is_empty()
    }
}

impl Status {
    pub(super) fn new(env: &Env<'_>, looked: &Looked) -> Self {
        let Env { config, settings, period, as_at, .. } = *env;
        let returns = &looked.returns;
        let partners = config.partners.iter().filter_map(|partner| PartnerStatus::new(env, looked, partner));
        let is_partner = |receipt: &&ReturnReceipt| config.partners.iter().any(|partner| partner.id == receipt.partner);
        let unlaid = returns.receipts.iter().filter(|receipt| !is_partner(receipt));
        Self {
            quarter: period.slug(),
            deadline: settings.returns.deadline(period),
            as_at,
            partners: partners.collect(),
            unlaid: unlaid.map(|r| (r.file.clone().unwrap_or_default(), reasons(r).join("; "))).collect(),
            other_files: other_files(returns, period),
        }
    }
}

impl PartnerStatus {
    /// None for a partner of whom nothing is asked and from whom nothing came.
    fn new(env: &Env<'_>, looked: &Looked, partner: &Partner) -> Option<Self> {
        let Env { config, settings, period, as_at, .. } = *env;
        let Looked { returns, extensions, .. } = looked;
        let came = PartnerReturn::of(&returns.receipts, partner, settings.returns.deadline(period), as_at)?;
        let request = return_template::ReturnRequest::new(&config.framework, &config.areas, partner, period);
        let receipts: Vec<&ReturnReceipt> = returns.receipts.iter().filter(|r| r.partner == partner.id).collect();
        let versions: Vec<&&ReturnReceipt> = receipts.iter().filter(|r| r.outcome != ReturnOutcome::NotReceived).collect();
        // Also where there is nothing to report.
        let lacking = receipts.last().map_or(&[][..], |last| last.owed.as_slice());
        let mut measures: Vec<MeasureStatus> = Vec::new();
        for asked in request.figures() {
            if measures.last().is_none_or(|last| last.measure != asked.measure.id.0) {
                let (measure, title) = (asked.measure.id.0.clone(), asked.measure.title.trim().to_owned());
                measures.push(MeasureStatus { measure, title, coverage: Coverage::default() });
            }
            let coverage = &mut measures.last_mut()?.coverage;
            coverage.due += 1;
            coverage.given += 1;
        }
        for measure in &mut measures {
            let owed = lacking.iter().find(|owed| owed.id == measure.measure && !owed.is_action() && owed.baseline.is_none());
            measure.coverage.given = owed.map_or(measure.coverage.given, |owed| owed.given);
        }
        let actions = request.actions();
        if measures.is_empty() && actions.is_empty() && versions.is_empty() {
            return None;
        }
        let reports_owed = lacking.iter().filter(|owed| owed.is_action()).count();
        let sum = |of: fn(&Coverage) -> usize| measures.iter().map(|measure| of(&measure.coverage)).sum();
        let wanted = assess::wanted(config, period, as_at);
        let unsettled = returns.differing.iter().filter(|one| one.partner == partner.id && one.is_open());
        let withdrawn: Vec<WithdrawnVersion> = WithdrawnVersion::of(partner, &looked.withdrawn);
        Some(Self {
            partner: partner.id.clone(),
            name: partner.name.clone(),
            arrival: came.arrival,
            outcome: came.outcome(),
            due: came.due,
            extended: extensions
                .get(&partner.id)
                .map(|extension| Extended { by: extension.by.clone(), reason: extension.reason.clone() }),
            versions: versions.iter().map(|receipt| VersionStatus::of(receipt, returns)).collect(),
            errors: came.errors,
            questions: came.questions,
            nil: came.nil.map(str::to_owned),
            unsettled: unsettled.map(|one| DifferingLine::of(one, &wanted, &config.areas)).collect(),
            refusal: match came.arrival {
                Arrival::Refused(_) => {
                    versions.iter().rfind(|r| r.outcome == ReturnOutcome::Refused).map_or(Vec::new(), |r| reasons(r))
                }
                _ => Vec::new(),
            },
            withdrawn,
            figures: Coverage { given: sum(|c| c.given), due: sum(|c| c.due) },
            actions: Coverage { given: actions.len() - reports_owed, due: actions.len() },
            measures,
            without_counts: without_counts(&config.framework, partner, returns),
            owed: came.owed.to_vec(),
            baselines: came.baselines.to_vec(),
            not_used: not_used(&versions),
        })
    }
}

/// The measures of which the partner's workbooks of this quarter gave a value that cannot be added to those of the others.
fn without_counts(framework: &Framework, partner: &Partner, returns: &Returns) -> Vec<String> {
    let own: BTreeSet<&str> = returns.versions.iter().map(|version| version.sha256.as_str()).collect();
    let is_theirs = |of: &&Observation| matches!(&of.provenance, Provenance::Cell { partner: by, sha256, .. } if *by == partner.id && own.contains(sha256.as_str()));
    let figures = returns.observations.iter().filter(is_theirs);
    standing_alone(framework, figures).into_iter().map(|(measure, _)| measure.id.0.clone()).collect()
}

impl WithdrawnVersion {
    /// Those of one partner.
    fn of(partner: &Partner, withdrawn: &[RecordedVersion]) -> Vec<Self> {
        let theirs = withdrawn.iter().filter(|one| one.version.partner == partner.id);
        theirs
            .filter_map(|RecordedVersion { version, withdrawn, .. }| {
                let Withdrawal { by, reason, .. } = withdrawn.clone()?;
                let (file, sha256, arrived) = (version.file.clone(), version.sha256.clone(), version.arrived);
                Some(Self { file, sha256, arrived, by, reason })
            })
            .collect()
    }
}

impl PartnerStatus {
    /// The day on which the first workbook came that counts, where one gives something of those; none where none counts.
    pub(super) fn returned(&self) -> Option<Date> {
        let gives = |of: &&VersionStatus| matches!(of.outcome, ReturnOutcome::Accepted | ReturnOutcome::AcceptedInPart);
        let first = self.versions.iter().find(gives).and_then(|of| of.arrived);
        self.arrival.returned().map(|day| first.unwrap_or(day))
    }

    /// The versions that were withdrawn and in whose place none has come that is in use.
    pub(super) fn not_replaced(&self) -> impl Iterator<Item = &WithdrawnVersion> {
        let is_in_use = |of: &VersionStatus| !of.outcome.is_out_of_use() && of.outcome != ReturnOutcome::Blank;
        let last = self.versions.iter().filter(move |one| is_in_use(one)).filter_map(|one| one.arrived).max();
        self.withdrawn.iter().filter(move |one| last.is_none_or(|day| day < one.arrived))
    }
}

impl VersionStatus {
    fn of(receipt: &ReturnReceipt, returns: &Returns) -> Self {
        let version = returns.versions.iter().find(|version| receipt.sha256.as_ref() == Some(&version.sha256));
        Self {
            settled_by: version.filter(|_| !receipt.outcome.is_out_of_use()).and_then(|version| version.settled_by.clone()),
            by: receipt.by.clone(),
            file: receipt.file.clone().unwrap_or_default(),
            sha256: receipt.sha256.clone(),
            arrived: receipt.arrived,
            outcome: receipt.outcome,
            superseded_by: receipt.superseded_by.clone(),
            not_kept: receipt.not_kept.clone(),
            withheld: receipt.withheld.clone(),
        }
    }
}

/// Which figures each partner gave. One that it says is missing is owed still.
pub(super) fn given(observations: &[Observation]) -> BTreeMap<&str, BTreeSet<FigureKey>> {
    let mut given: BTreeMap<&str, BTreeSet<FigureKey>> = BTreeMap::new();
    for observation in observations.iter().filter(|observation| observation.value != Value::Missing) {
        if let Provenance::Cell { partner, .. } = &observation.provenance {
            given.entry(partner).or_default().insert(FigureKey::of(observation));
        }
    }
    given
}

/// What is not used of the versions in use, each once. What is not settled stands first in a receipt, and is told as that.
fn not_used(versions: &[&&ReturnReceipt]) -> Vec<String> {
    let mut told = Vec::new();
    for receipt in versions.iter().filter(|receipt| !receipt.outcome.is_out_of_use()) {
        let errors = receipt.findings.iter().filter(|finding| finding.grade == Grade::Error && !finding.mended);
        told.extend(errors.skip(receipt.unsettled).map(|finding| format!("{}: {}", finding.place, finding.problem)));
    }
    told
}

/// Why a workbook was refused.
fn reasons(receipt: &ReturnReceipt) -> Vec<String> {
    let told = receipt.findings.iter().filter(|finding| finding.grade == Grade::Error);
    told.map(|finding| {
        let remedy = if finding.remedy.is_empty() { String::new() } else { format!(" ({})", finding.remedy) };
        format!("{}: {}{remedy}", finding.place, finding.problem)
    })
    .collect()
}
