//! Everything that a pack is made from.

use super::remark::Remark;
use crate::area::Areas;
use crate::collect::{AmbitionComment, Finding, IndicatorReceipt, ReturnReceipt};
use crate::evaluate::{Evaluation, PackCorrection, Revision};
use crate::framework::{AmbitionLead, Comment, Differences, Framework, MeasureId, Partner, Voices};
use jiff::civil::Date;
use tagged_document::Standard;

/// What every page that holds an illustrative figure is marked with.
pub const ILLUSTRATIVE: &str = "Illustrative figures";

/// Everything that a pack is made from.
#[derive(Debug, Clone, Copy)]
pub struct PackInputs<'a> {
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
    /// What those who answer for ambitions say of them.
    pub comments: &'a [Comment],
    /// Who answers for ambitions.
    pub leads: &'a [AmbitionLead],
    /// What partners say of ambitions in their returns, in the order of the partners.
    pub returned_comments: &'a [AmbitionComment],
    /// What people say is and is not working for them; none where nobody's words are collected.
    pub voices: Option<&'a Voices>,
    /// What this edition of the framework changed beside the one before it, where there is one.
    pub changes: Option<&'a Differences>,
    /// In the pack of a part of the system: measures that have no figure for it, and are in no list.
    pub without: &'a [MeasureId],
    /// Not approved yet: marked so on every page.
    pub draft: bool,
    /// Which standards its PDF keeps to.
    pub standard: Standard,
    /// Where the pack takes the place of one that was sent: marked so on every page.
    pub correction: Option<&'a PackCorrection>,
}

impl PackInputs<'_> {
    /// True for the pack of a part of the system.
    pub fn is_of_part(&self) -> bool {
        self.framework.edition.system != self.whole.edition.system
    }

    /// The title of a measure of the whole framework; its id where it has none.
    pub fn title_of(&self, id: &MeasureId) -> String {
        self.whole.measure(id).map_or_else(|| id.0.clone(), |measure| measure.title.clone())
    }

    /// A partner's name, or its id where it is not known.
    pub fn partner_name<'n>(&'n self, id: &'n str) -> &'n str {
        self.partners.iter().find(|partner| partner.id == id).map_or(id, |partner| &partner.name)
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
