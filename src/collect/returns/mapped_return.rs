//! Figures out of a partner's own layout, held to what the partner may give.

use super::return_file::ReturnFile;
use super::returned_figure::ReturnedFigure;
use crate::collect::mapping::Mapped;
use crate::collect::{Finding, RunScope, checks};
use crate::fault::Fault;
use crate::figure::{Observation, cells_in_words};
use crate::framework::Measure;

/// Of the figures that a mapping found those that can be used; what cannot adds to `findings`.
///
/// # Errors
/// Not one figure was found, and why: the workbook is in another layout.
pub(super) fn read(
    mapped: Mapped,
    of: &ReturnFile<'_>,
    wanted: &RunScope<'_>,
    findings: &mut Vec<Finding>,
) -> Result<Vec<ReturnedFigure>, Fault> {
    let Mapped { tables, mut faults, mapping: place, .. } = mapped;
    // Whoever sent the workbook has no mapping file, and need not know where ours lies.
    for fault in &mut faults {
        fault.problem = fault.problem.replace(&place, "the mapping");
        fault.remedy = fault.remedy.replace(&place, "the mapping");
    }
    if tables.iter().all(|table| table.figures.is_empty()) {
        let first = faults.first().map_or(String::new(), |fault| format!(": {}: {}", fault.place, fault.problem));
        let problem = format!("not one figure was found by the mapping of this layout{first}");
        return Err(Fault::new(of.file, problem, "send the workbook in the usual layout, or have the mapping changed"));
    }
    findings.extend(faults);
    let mut used = Vec::new();
    for figure in tables.iter().flat_map(|table| &table.figures) {
        let mut observation = figure.observation(of.illustrative, of.provenance(&figure.sheet, figure.cell.clone()));
        let at = || format!("{}, sheet {}, in the note of {}", of.file, figure.sheet, cells_in_words(&figure.cell));
        observation.note = of.words(&observation.note, at, findings);
        match fault(&observation, figure.rounding, of, wanted) {
            None => used.push(ReturnedFigure { observation, blank: false }),
            Some((problem, remedy)) => {
                let place = format!("{}, sheet {}, {}", of.file, figure.sheet, cells_in_words(&figure.cell));
                findings.push(Fault::new(place, problem, remedy).into());
            }
        }
    }
    Ok(used)
}

/// Why the figure is not used, and what to do.
fn fault(of: &Observation, rounding: f64, sender: &ReturnFile<'_>, wanted: &RunScope<'_>) -> Option<(String, &'static str)> {
    let measure = wanted.framework.measure(&of.measure)?;
    let partner = sender.partner;
    let why = if measure.is_of_kind(partner) {
        measure.why_not_given(partner, of.period, wanted.period.end()).map(|why| format!(" for {}: {why}", of.period))
    } else {
        Some(String::new())
    };
    if let Some(why) = why {
        let problem = format!("{} is not asked of {}{why}", measure.id, partner.id);
        return Some((problem, "leave it out of the mapping, or ask the partner for it in the framework"));
    }
    let areas = measure.areas_returned(partner);
    if !areas.contains(&&of.area) {
        let expected = areas.iter().map(|area| area.as_str()).collect::<Vec<_>>().join(" or ");
        let problem = format!("the figure is for {}; {expected} was expected of {} for {}", of.area, partner.id, measure.id);
        return Some((problem, "correct the area, or the labels of the mapping"));
    }
    if let Some(wrong) = checks::period_to_come(wanted.framework, measure, of.period, wanted.period) {
        return Some(wrong);
    }
    disagreement(of, rounding, measure).map(|problem| (problem, "correct whichever is wrong, or the columns of the mapping"))
}

/// Where value and counts are both given and do not make each other.
fn disagreement(of: &Observation, rounding: f64, measure: &Measure) -> Option<String> {
    let value = of.value.number()?;
    let computed = checks::computed(measure, of.numerator, of.denominator).ok()??;
    checks::agreement_within(value, rounding, computed).err().map(|wrong| wrong.problem)
}
