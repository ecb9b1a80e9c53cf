//! From assessments to a tagged PDF.
//!
//! [`content`] says what there is to say, the [`templates`] in what order and words; together they make a
//! [`Document`], which [`tagged_document`] sets as a PDF and as HTML.

pub mod annex;
mod charts;
mod content;
mod directives;
mod fonts;
mod icons;
mod markdown;
mod pictures;
mod signs;
mod tables;
mod templates;
mod theme;
mod trial;

pub use content::place;
pub(crate) use templates::Contents;
pub use templates::Templates;
pub(crate) use theme::{BUILT_IN as THEME, Theme};
pub(crate) use trial::{Subject, faults_in, unprintable};

use crate::area::{AreaCode, Areas};
use crate::collect::{Finding, Grade, IndicatorReceipt, ReturnReceipt};
use crate::evaluate::{Assessment, Evaluation, PackCorrection, Revision};
use crate::fault::{Fault, Faults};
use crate::figure::{Observation, Provenance};
use crate::framework::{Differences, Framework, MeasureId, Partner};
use crate::period::Period;
use crate::value::Value;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;
use tagged_document::Problem;
use tagged_document::model::Document;

/// Everything that a pack is made from.
#[derive(Debug, Clone, Copy)]
pub struct Pack<'a> {
    pub framework: &'a Framework,
    /// The framework of the whole system: the same, but in the pack of a part.
    pub whole: &'a Framework,
    pub areas: &'a Areas,
    pub partners: &'a [Partner],
    pub evaluation: &'a Evaluation,
    pub returns: &'a [ReturnReceipt],
    /// The last day on which a return was in time.
    pub returns_due: Date,
    pub indicators: &'a [IndicatorReceipt],
    /// What was found in single figures of public sources.
    pub source_findings: &'a [Finding],
    /// Figures that were revised since the pack before.
    pub revisions: &'a [Revision],
    /// What partners said beside their figures.
    pub remarks: &'a [Remark],
    /// What this edition of the framework changed beside the one before it, where there is one.
    pub changes: Option<&'a Differences>,
    /// In the pack of a part of the system: measures that have no figure for it, and are in no list.
    pub without: &'a [MeasureId],
    /// Not approved yet: marked so on every page.
    pub draft: bool,
    /// Where the pack takes the place of one that was sent: marked so on every page.
    pub correction: Option<&'a PackCorrection>,
}

impl Pack<'_> {
    /// True for the pack of a part of the system.
    pub fn is_of_part(&self) -> bool {
        self.framework.edition.system != self.whole.edition.system
    }

    /// What every page of it is marked with.
    pub fn marks(&self) -> Vec<String> {
        let interim = self.evaluation.interim.then(|| "Interim".to_owned());
        let draft = self.draft.then(|| "Draft".to_owned());
        let correction = self.correction.filter(|correction| !correction.is_of_interim());
        let corrected = correction.map(|correction| format!("Corrected: issue {}", correction.issue));
        interim.into_iter().chain(draft).chain(corrected).collect()
    }
}

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
        remarks.extend(Self::said(observations, published));
        remarks
    }

    fn said(observations: &[Observation], published: &Evaluation) -> Vec<Remark> {
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
        for finding in receipt.findings.iter().filter(|finding| finding.grade == Grade::Question) {
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
fn withheld<'a>(assessments: impl Iterator<Item = &'a Assessment>) -> BTreeSet<(&'a MeasureId, &'a AreaCode, Period)> {
    assessments
        .flat_map(|a| a.series.iter().filter(|p| p.value == Value::Suppressed).map(|p| (&a.measure, &a.area, p.period)))
        .collect()
}

/// A pack as files.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// PDF 1.7, PDF/UA-1 and PDF/A-2a.
    pub pdf: Vec<u8>,
    /// The same document as one self-contained HTML file.
    pub html: String,
    pub pages: usize,
    /// What a reader may miss: characters that the fonts lack, boxes that overflow, references to nothing.
    pub warnings: Vec<Fault>,
}

/// What every page that holds an illustrative figure is marked with.
pub const ILLUSTRATIVE: &str = "Illustrative figures";

/// Makes the pack. The same pack and templates give the same bytes.
///
/// # Errors
/// A mistake in a template that shows only with figures in it; fonts that cannot be embedded.
pub fn render(pack: &Pack<'_>, templates: &Templates) -> Result<Rendered, Faults> {
    let view = Arc::new(content::View::new(pack, templates.title(), templates.publisher(pack.whole, pack.areas)));
    let document = Document { marks: pack.marks(), ..templates.fill(&view)? };
    let rendered = tagged_document::render(&document, &templates.look, &templates.fonts, pack.evaluation.as_at).map_err(fault)?;
    let tagged_document::Rendered { pdf, html, pages, warnings } = rendered;
    Ok(Rendered { pdf, html, pages, warnings: warnings.into_iter().map(fault).collect() })
}

fn fault(Problem { place, problem, remedy }: Problem) -> Fault {
    Fault::new(place, problem, remedy)
}
