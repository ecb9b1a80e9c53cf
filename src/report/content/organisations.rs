//! The figures of organisations beside each other, and the pooled one of all.

use super::figures;
use super::sentences;
use crate::area::AreaCode;
use crate::evaluate::{self, Assessment, SeriesPoint};
use crate::framework::{Measure, PartsAre, Target};
use crate::report::PackInputs;

/// The figures of one measure by organisation.
#[derive(Debug, Clone)]
pub struct OrganisationFigures {
    /// The last period that any of them is of.
    pub period: String,
    /// In the order of the measure's definition.
    pub each: Vec<OrganisationFigure>,
    /// The pooled figure; none where there is none.
    pub whole: Option<OrganisationFigure>,
    /// On how many organisations the pooled figure rests, in words; may be empty.
    pub coverage: String,
}

#[derive(Debug, Clone)]
pub struct OrganisationFigure {
    pub code: AreaCode,
    pub name: String,
    /// What the head of a narrow column has; the name where the configuration gives no shorter one.
    pub short: String,
    /// Without the unit.
    pub value: String,
    pub period: String,
    /// Whether this figure is as good as the target or better; none where there is none to set it against.
    pub meets_target: Option<bool>,
    pub illustrative: bool,
}

/// None for areas, in the pack of a part of the system, and where no organisation has a figure.
pub(super) fn figures(
    pack: &PackInputs<'_>,
    (measure, goal): (&Measure, &Target),
    head: &Assessment,
    areas: &[Assessment],
) -> Option<OrganisationFigures> {
    if measure.parts_are != PartsAre::Organisations || pack.is_of_part() {
        return None;
    }
    let own = |of: &&Assessment| measure.parts.contains(&of.area);
    let given: Vec<(&Assessment, &SeriesPoint)> =
        areas.iter().filter(own).filter_map(|of| Some((of, of.latest.as_ref()?))).collect();
    let last = given.iter().max_by_key(|(_, latest)| latest.period)?.1.period;
    let figure = |(of, latest): (&Assessment, &SeriesPoint)| {
        let name = measure.name_of(&of.area, pack.areas);
        let short = pack.areas.get(&of.area).map(|area| area.short.trim()).filter(|short| !short.is_empty());
        OrganisationFigure {
            code: of.area.clone(),
            name: name.to_owned(),
            short: short.unwrap_or(name).to_owned(),
            value: figures::bare(measure, latest.value),
            period: figures::period(latest.period),
            meets_target: evaluate::meets_target((measure, goal), head, of),
            illustrative: latest.illustrative,
        }
    };
    Some(OrganisationFigures {
        period: figures::period(last),
        whole: head.latest.as_ref().map(|latest| figure((head, latest))),
        coverage: head
            .coverage
            .as_ref()
            .map_or(String::new(), |coverage| sentences::coverage(coverage, &measure.denominator_in_words())),
        each: given.into_iter().map(figure).collect(),
    })
}

impl OrganisationFigures {
    /// The figure of one of them, where it gave one.
    pub fn of(&self, code: &AreaCode) -> Option<&OrganisationFigure> {
        self.each.iter().find(|figure| figure.code == *code)
    }
}
