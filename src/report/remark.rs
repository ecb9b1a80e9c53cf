//! What was said beside the figures, and asked about them.

use crate::area::AreaCode;
use crate::collect::{Finding, Grade, ReturnReceipt};
use crate::evaluate::{Assessment, Evaluation};
use crate::figure::{Observation, Provenance};
use crate::framework::MeasureId;
use crate::period::Period;
use crate::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a partner said beside one figure that it returned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Remark {
    pub measure: MeasureId,
    pub area: AreaCode,
    pub period: Period,
    /// The partner's id, or a publisher's name.
    pub partner: String,
    pub words: String,
    pub illustrative: bool,
    /// It was not said by the partner but asked of it.
    #[serde(default)]
    pub question: bool,
}

impl Remark {
    /// The questions that `returns` and `source_findings`, as they may be published, put to figures that are used, then what
    /// partners said, each in the order of what was collected. What was said beside a figure that the published evaluation withholds could give it
    /// away, and is left out.
    pub fn all(
        observations: &[Observation],
        returns: &[ReturnReceipt],
        source_findings: &[Finding],
        published: &Evaluation,
    ) -> Vec<Remark> {
        let mut remarks = questions(observations, returns);
        remarks.extend(questions_to_publishers(observations, source_findings));
        remarks.extend(Self::of_figures(observations, published));
        remarks
    }

    fn of_figures(observations: &[Observation], published: &Evaluation) -> Vec<Remark> {
        let assessments = published.measures.iter().flat_map(|m| m.areas.iter().chain([&m.headline]));
        let withheld = withheld(assessments);
        let said = |o: &Observation| {
            let Provenance::Cell { partner, .. } = &o.provenance else { return None };
            let words = o.note.trim().to_owned();
            let may_be_told = o.category.is_none() && !withheld.contains(&(&o.measure, &o.area, o.period));
            (!words.is_empty() && may_be_told).then(|| Remark {
                measure: o.measure.clone(),
                area: o.area.clone(),
                period: o.period,
                partner: partner.clone(),
                words,
                illustrative: o.illustrative,
                question: false,
            })
        };
        observations.iter().filter_map(said).collect()
    }
}

/// The questions that stand: a later version of the return may have given the figure anew.
fn questions(observations: &[Observation], returns: &[ReturnReceipt]) -> Vec<Remark> {
    let mut questions = Vec::new();
    for receipt in returns {
        for finding in receipt.findings.iter().filter(|finding| finding.grade == Grade::Question && !finding.mended) {
            let Some(about) = &finding.about else { continue };
            let came_with = |o: &&Observation| match &o.provenance {
                Provenance::Cell { sha256, .. } => receipt.sha256.as_ref() == Some(sha256) && about.is_of(o),
                Provenance::Answer { .. } => false,
            };
            let Some(observation) = observations.iter().find(came_with) else { continue };
            questions.push(Remark {
                measure: about.measure.clone(),
                area: about.area.clone(),
                period: about.period,
                partner: receipt.partner.clone(),
                words: finding.problem.clone(),
                illustrative: observation.illustrative,
                question: true,
            });
        }
    }
    questions
}

fn questions_to_publishers(observations: &[Observation], findings: &[Finding]) -> Vec<Remark> {
    let questions = findings.iter().filter(|finding| finding.grade == Grade::Question);
    let remark = |finding: &Finding| {
        let about = finding.about.as_ref()?;
        let publisher = observations.iter().find_map(|o| match &o.provenance {
            Provenance::Answer { publisher, .. } if about.is_of(o) => Some(publisher),
            Provenance::Answer { .. } | Provenance::Cell { .. } => None,
        })?;
        Some(Remark {
            measure: about.measure.clone(),
            area: about.area.clone(),
            period: about.period,
            partner: publisher.clone(),
            words: finding.problem.clone(),
            illustrative: false,
            question: true,
        })
    };
    questions.filter_map(remark).collect()
}

/// The figures that are withheld from readers, by measure, area and period.
pub(super) fn withheld<'a>(assessments: impl Iterator<Item = &'a Assessment>) -> BTreeSet<(&'a MeasureId, &'a AreaCode, Period)> {
    assessments
        .flat_map(|a| a.series.iter().filter(|p| p.value == Value::Suppressed).map(|p| (&a.measure, &a.area, p.period)))
        .collect()
}
