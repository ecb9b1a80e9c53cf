//! The packs of a run: what they are made from, which there are, and each as a file.

use super::loaded_config::LoadedConfig;
use crate::area::AreaCode;
use crate::collect::{AmbitionComment, Finding, IndicatorReceipt, ReturnReceipt};
use crate::evaluate::{self, AreaSubset, DisclosureAudit, Evaluation, PackCorrection, Revision, StatementChange, Tally};
use crate::fault::{Fault, Faults};
use crate::report::{self, Evidence, PackFiles, PackInputs, Remark};
use serde::{Deserialize, Serialize};
use tagged_document::largest_first_on_all_cores;

/// What packs are made from: the evaluation as it may be published, and what became of each input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    pub evaluation: Evaluation,
    pub returns: Vec<ReturnReceipt>,
    pub indicators: Vec<IndicatorReceipt>,
    /// What was found in single figures of public sources.
    #[serde(default)]
    pub source_findings: Vec<Finding>,
    /// Figures that were revised since the pack that readers last had.
    pub revisions: Vec<Revision>,
    /// What partners said beside their figures.
    pub remarks: Vec<Remark>,
    /// What partners said of ambitions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<AmbitionComment>,
    /// Where the packs take the place of some that were sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<PackCorrection>,
    /// What was hidden to protect people, in numbers.
    #[serde(default)]
    pub audit: DisclosureAudit,
}

/// One pack, made.
#[derive(Debug)]
pub struct RenderedPack {
    /// The folder of its templates.
    pub folder: String,
    /// As its files are called, without an ending: `board-pack-2026-27-Q2`.
    pub stem: String,
    /// The name by which its readers get it: an interim pack says so, a corrected issue has its number.
    pub file: String,
    /// The part of the system that it is about; none for the whole.
    pub part: Option<AreaCode>,
    /// Its ambitions by status.
    pub counts: Tally,
    /// How much it says otherwise than the pack whose place it takes.
    pub changes: usize,
    pub rendered: PackFiles,
}

/// What to make: which templates, and of which area.
struct Order<'a> {
    folder: &'a str,
    stem: String,
    templates: &'a report::ReportTemplates,
    part: Option<&'a AreaCode>,
}

impl Published {
    /// 1, or the number of a corrected issue.
    pub fn issue(&self) -> u32 {
        self.correction.as_ref().map_or(1, |correction| correction.issue)
    }

    /// The name by which readers get the pack that is called `stem`.
    fn file_name(&self, stem: &str) -> String {
        let interim = if self.evaluation.interim { "-interim" } else { "" };
        let issue = if self.issue() > 1 { format!("-issue-{}", self.issue()) } else { String::new() };
        format!("{stem}{interim}{issue}.pdf")
    }

    /// What the packs of the whole system are made from.
    pub fn pack<'a>(&'a self, config: &'a LoadedConfig, draft: bool) -> PackInputs<'a> {
        PackInputs {
            framework: &config.framework,
            whole: &config.framework,
            areas: &config.areas,
            partners: &config.partners,
            evaluation: &self.evaluation,
            returns: &self.returns,
            returns_due: config.returns.deadline(self.evaluation.period),
            indicators: &self.indicators,
            source_findings: &self.source_findings,
            revisions: &self.revisions,
            remarks: &self.remarks,
            comments: &config.comments,
            leads: &config.leads,
            returned_comments: &self.comments,
            voices: config.voices.as_ref(),
            changes: config.changes.as_ref(),
            without: &[],
            draft,
            standard: config.standard,
            correction: self.correction.as_ref(),
        }
    }

    /// Every pack that the settings ask for, side by side: each kind for the whole system, then one kind for each
    /// part that has a figure: the parts' own, or else the first.
    ///
    /// # Errors
    /// The mistakes of templates that show only with figures in them.
    pub fn make(&self, config: &LoadedConfig, draft: bool) -> Result<Vec<RenderedPack>, Faults> {
        self.make_each(config, &self.orders(config), draft)
    }

    /// Of these packs those with these names.
    ///
    /// # Errors
    /// As [`Self::make`].
    pub fn make_named(&self, config: &LoadedConfig, stems: &[String], draft: bool) -> Result<Vec<RenderedPack>, Faults> {
        let mut orders = self.orders(config);
        orders.retain(|order| stems.contains(&order.stem));
        self.make_each(config, &orders, draft)
    }

    /// The names of the packs that `asked` means: the one of that name, those whose names start so, or those whose folder of
    /// templates is called so.
    ///
    /// # Errors
    /// None is called so.
    pub fn named(&self, config: &LoadedConfig, asked: &str) -> Result<Vec<String>, Fault> {
        let orders = self.orders(config);
        let by_name = orders.iter().any(|order| order.stem == asked);
        let is_meant = |order: &&Order<'_>| {
            order.stem == asked || !by_name && !asked.is_empty() && (order.stem.starts_with(asked) || order.folder == asked)
        };
        let meant: Vec<String> = orders.iter().filter(is_meant).map(|order| order.stem.clone()).collect();
        if !meant.is_empty() {
            return Ok(meant);
        }
        let mut names: Vec<&str> = orders.iter().map(|order| order.stem.as_str()).collect();
        names.sort_by(|a, b| strsim::jaro_winkler(b, asked).total_cmp(&strsim::jaro_winkler(a, asked)));
        names.truncate(5);
        Err(Fault::new(
            "--only",
            format!("{asked:?} is not the name of a pack"),
            format!("the nearest are: {}", names.join(", ")),
        ))
    }

    fn make_each(&self, config: &LoadedConfig, orders: &[Order<'_>], draft: bool) -> Result<Vec<RenderedPack>, Faults> {
        // As many at a time as there are cores: a pack in the making takes some 50 MB. The size of a pack is the number of its sections.
        let make = |(): &mut (), order| self.make_one(config, order, draft);
        let made = largest_first_on_all_cores(orders, |order| order.templates.size(), || (), make);
        let mut faults = Faults::default();
        let mut packs = Vec::new();
        for result in made {
            match result {
                Ok(pack) => packs.extend(pack),
                Err(found) => faults.0.extend(found.0),
            }
        }
        // The same mistake shows in every pack made of the same template.
        let mut told: Vec<Fault> = Vec::new();
        for fault in faults.0 {
            if !told.contains(&fault) {
                told.push(fault);
            }
        }
        Faults(told).into_result()?;
        Ok(packs)
    }

    fn orders<'a>(&self, config: &'a LoadedConfig) -> Vec<Order<'a>> {
        let quarter = self.evaluation.period;
        let whole = config.packs.iter().map(|kind| Order {
            folder: &kind.folder,
            stem: kind.stem(quarter),
            templates: &kind.templates,
            part: None,
        });
        let of_parts = config.part_pack.iter().chain(&config.packs).take(1).flat_map(|kind| {
            let parts = config.areas.iter().filter(|area| config.parts.contains(&area.kind));
            parts.map(move |area| Order {
                folder: &kind.folder,
                stem: format!("{}-{}", kind.stem(quarter), area.code),
                templates: &kind.templates,
                part: Some(&area.code),
            })
        });
        let is_wanted = |order: &Order<'_>| config.only.place.is_none() || order.part == config.only.place.as_ref();
        whole.chain(of_parts).filter(is_wanted).collect()
    }

    /// Where the evidence of a pack of the whole is found: beside it, or where packs are published; none where it is not made.
    fn evidence_of<'a>(&self, config: &'a LoadedConfig, order: &Order<'_>) -> Option<(String, &'a report::ReportTemplates)> {
        let folder = order.templates.evidence().filter(|_| order.part.is_none())?;
        let kind = config.packs.iter().find(|kind| kind.folder == folder && kind.folder != order.folder)?;
        Some((format!("{}{}", config.published_at, kind.stem(self.evaluation.period)), &kind.templates))
    }

    /// None for a part without one figure: there would be nothing in its pack.
    fn make_one(&self, config: &LoadedConfig, order: &Order<'_>, draft: bool) -> Result<Option<RenderedPack>, Faults> {
        let whole = self.pack(config, draft);
        let file = self.evidence_of(config, order);
        let evidence = file.as_ref().map(|(file, templates)| Evidence { file, templates });
        let made = |pack: &PackInputs<'_>| {
            let changes = pack.correction.and_then(|correction| correction.changes.as_ref()).map_or(0, Vec::len);
            let rendered = report::render_with(pack, order.templates, evidence)?;
            Ok::<_, Faults>(RenderedPack {
                folder: order.folder.to_owned(),
                stem: order.stem.clone(),
                file: self.file_name(&order.stem),
                part: order.part.cloned(),
                counts: evaluate::counts(pack.evaluation),
                changes,
                rendered,
            })
        };
        match order.part {
            None => made(&whole).map(Some),
            Some(part) => {
                let AreaSubset { framework, evaluation, without } =
                    evaluate::focus(&config.framework, &config.areas, &self.evaluation, part);
                if evaluation.measures.is_empty() {
                    return Ok(None);
                }
                let parts = config.areas.get(part).map_or(&[][..], |area| &area.parts);
                let revised = self.revisions.iter().filter(|r| r.area == *part || parts.contains(&r.area));
                let revisions: Vec<Revision> = revised.cloned().collect();
                let is_here = |finding: &&Finding| {
                    finding.about.as_ref().is_some_and(|about| about.area == *part || parts.contains(&about.area))
                };
                let source_findings: Vec<Finding> = self.source_findings.iter().filter(is_here).cloned().collect();
                let concerns = |change: &StatementChange| change.area().is_some_and(|area| area == part || parts.contains(area));
                let correction = self.correction.as_ref().filter(|correction| correction.is_of(Some(part), &config.areas));
                let correction = correction.map(|correction| PackCorrection {
                    changes: correction.changes.as_ref().map(|all| all.iter().filter(|c| concerns(c)).cloned().collect()),
                    ..correction.clone()
                });
                let pack = PackInputs {
                    framework: &framework,
                    evaluation: &evaluation,
                    revisions: &revisions,
                    source_findings: &source_findings,
                    without: &without,
                    correction: correction.as_ref(),
                    ..whole
                };
                made(&pack).map(Some)
            }
        }
    }
}
