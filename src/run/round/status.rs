//! Who has returned, when, and what is still owed: worked out from one look, so that whatever tells of it says the same.

use crate::ask;
use crate::collect::{ActionReport, Arrival, FigureKey, Grade, Observation, Provenance, ReturnOutcome, ReturnReceipt, Returns};
use crate::framework::Partner;
use crate::period::Period;
use crate::run::Materials;
use crate::settings;
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
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartnerStatus {
    /// The partner's id.
    pub partner: String,
    pub name: String,
    #[serde(flatten)]
    pub arrival: Arrival,
    /// Of its workbook, refused ones too, in the order in which they came.
    pub versions: Vec<VersionStatus>,
    /// What was found in the versions in use: figures that are not used, and questions to the partner.
    pub errors: usize,
    pub questions: usize,
    /// Why what came last was refused; empty where it was not.
    pub refusal: Vec<String>,
    /// Figures given of those due.
    pub figures: Coverage,
    pub actions: Coverage,
    /// Every measure that is asked for, in the order of the framework.
    pub measures: Vec<MeasureStatus>,
    /// Ids of the key actions of which nothing was said.
    pub actions_owed: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VersionStatus {
    pub file: String,
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
    pub fn owes(&self) -> bool {
        !self.figures.is_whole() || !self.actions.is_whole()
    }

    /// What became of it, in a word or a few: `accepted`, `questions`, `in part`, `refused`, `missing`.
    pub fn outcome(&self) -> &'static str {
        match self.arrival {
            Arrival::InTime(_) | Arrival::Late(_) if self.errors > 0 => "accepted in part",
            Arrival::InTime(_) | Arrival::Late(_) if self.questions > 0 => "questions",
            Arrival::InTime(_) | Arrival::Late(_) => "accepted",
            nothing => nothing.label(),
        }
    }
}

impl Status {
    pub(super) fn of(
        materials: &Materials,
        settings: &settings::Returns,
        period: Period,
        as_at: Date,
        returns: &Returns,
    ) -> Self {
        let deadline = settings.deadline(period);
        let given = given(&returns.observations);
        let none = BTreeSet::new();
        let partners = materials.partners.iter().filter_map(|partner| {
            let given = given.get(partner.id.as_str()).unwrap_or(&none);
            PartnerStatus::of(partner, materials, period, Arrivals { deadline, as_at }, returns, given)
        });
        let is_partner = |receipt: &&ReturnReceipt| materials.partners.iter().any(|partner| partner.id == receipt.partner);
        let unlaid = returns.receipts.iter().filter(|receipt| !is_partner(receipt));
        Self {
            quarter: period.slug(),
            deadline,
            as_at,
            partners: partners.collect(),
            unlaid: unlaid.map(|r| (r.file.clone().unwrap_or_default(), reasons(r).join("; "))).collect(),
        }
    }
}

#[derive(Clone, Copy)]
struct Arrivals {
    deadline: Date,
    as_at: Date,
}

impl PartnerStatus {
    /// None for a partner of whom nothing is asked and from whom nothing came.
    fn of(
        partner: &Partner,
        materials: &Materials,
        period: Period,
        Arrivals { deadline, as_at }: Arrivals,
        returns: &Returns,
        given: &BTreeSet<FigureKey>,
    ) -> Option<Self> {
        let request = ask::Request {
            framework: &materials.framework,
            areas: &materials.areas,
            partner,
            period,
            earlier: &ask::Earlier::new(),
            secretariat: "",
            deadline,
        };
        let receipts: Vec<&ReturnReceipt> = returns.receipts.iter().filter(|r| r.partner == partner.id).collect();
        let versions: Vec<&&ReturnReceipt> = receipts.iter().filter(|r| r.outcome != ReturnOutcome::NotReceived).collect();
        let mut measures: Vec<MeasureStatus> = Vec::new();
        for asked in request.figures() {
            if measures.last().is_none_or(|last| last.measure != asked.measure.id.0) {
                let (measure, title) = (asked.measure.id.0.clone(), asked.measure.title.trim().to_owned());
                measures.push(MeasureStatus { measure, title, coverage: Coverage::default() });
            }
            let coverage = &mut measures.last_mut()?.coverage;
            coverage.due += 1;
            coverage.given += usize::from(FigureKey::that_answer(&asked).iter().any(|key| given.contains(key)));
        }
        let actions = request.actions();
        if measures.is_empty() && actions.is_empty() && versions.is_empty() {
            return None;
        }
        let its_own = returns.action_reports.iter().filter(|report| report.partner == partner.id && report.still_stands(period));
        let owed = actions.iter().filter(|action| !ActionReport::tell_of_all(its_own.clone(), action));
        let actions_owed: Vec<String> = owed.map(|action| action.id.0.clone()).collect();
        let in_use = versions.iter().filter(|r| r.outcome != ReturnOutcome::Refused && r.superseded_by.is_none());
        let found = |grade| in_use.clone().flat_map(|r| &r.findings).filter(|finding| finding.grade == grade).count();
        let sum = |of: fn(&Coverage) -> usize| measures.iter().map(|measure| of(&measure.coverage)).sum();
        Some(Self {
            partner: partner.id.clone(),
            name: partner.name.clone(),
            arrival: Arrival::of(receipts.iter().copied(), deadline, as_at),
            versions: versions.iter().map(|receipt| VersionStatus::of(receipt)).collect(),
            errors: found(Grade::Error),
            questions: found(Grade::Question),
            refusal: versions.last().filter(|r| r.outcome == ReturnOutcome::Refused).map_or(Vec::new(), |r| reasons(r)),
            figures: Coverage { given: sum(|c| c.given), due: sum(|c| c.due) },
            actions: Coverage { given: actions.len() - actions_owed.len(), due: actions.len() },
            measures,
            actions_owed,
        })
    }
}

impl VersionStatus {
    fn of(receipt: &ReturnReceipt) -> Self {
        Self {
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
fn given(observations: &[Observation]) -> BTreeMap<&str, BTreeSet<FigureKey>> {
    let mut given: BTreeMap<&str, BTreeSet<FigureKey>> = BTreeMap::new();
    for observation in observations.iter().filter(|observation| observation.value != Value::Missing) {
        if let Provenance::Cell { partner, .. } = &observation.provenance {
            given.entry(partner).or_default().insert(FigureKey::of(observation));
        }
    }
    given
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
