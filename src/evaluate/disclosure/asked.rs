//! Whose figures are asked for: one that is not there may come yet, and be small.

use super::rule::Rule;
use crate::area::{AreaCode, Areas};
use crate::evaluate::MeasureAssessment;
use crate::figure::FigureKey;
use crate::framework::{Measure, MeasureId, MeasureSource, Partner};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The areas for which somebody is asked, by measure, and of returns who that is.
pub(super) struct AskedAreas<'a> {
    of: BTreeMap<&'a MeasureId, (&'a Measure, BTreeMap<&'a AreaCode, Vec<&'a Partner>>)>,
    as_at: Date,
}

impl<'a> AskedAreas<'a> {
    pub fn of(
        measures: impl Iterator<Item = (&'a MeasureAssessment, &'a Measure)>,
        areas: &'a Areas,
        partners: &'a [Partner],
        as_at: Date,
    ) -> Self {
        let mut asked = AskedAreas { of: BTreeMap::new(), as_at };
        for (assessed, measure) in measures {
            let (_, found) = asked.of.entry(&measure.id).or_insert((measure, BTreeMap::new()));
            match &measure.source {
                MeasureSource::Return { .. } => {
                    for partner in partners.iter().filter(|partner| measure.is_of_kind(partner)) {
                        for area in measure.areas_returned(partner) {
                            found.entry(area).or_default().push(partner);
                        }
                    }
                }
                // A source is asked for the parts, and for all areas of a kind at once.
                MeasureSource::Indicator { .. } => {
                    let kind = |area: &AreaCode| areas.get(area).map(|of| of.kind);
                    let has_figure = assessed.areas.iter().filter(|of| !of.series.is_empty() || of.latest.is_some());
                    let kinds: Vec<_> = has_figure.filter_map(|of| kind(&of.area)).collect();
                    let of_kind = areas.iter().filter(|area| kinds.contains(&area.kind)).map(|area| &area.code);
                    let parts = measure.parts.iter().chain(measure.parts_in_time.iter().map(|part| &part.area));
                    found.extend(parts.chain(of_kind).map(|area| (area, Vec::new())));
                }
                MeasureSource::Sum { .. } | MeasureSource::None => {}
            }
        }
        asked
    }

    /// Whether the figure may come and be hidden for the size of its count.
    pub fn may_be_small(&self, key: &FigureKey, rule: Option<Rule>) -> bool {
        rule.is_some_and(|rule| rule.hides_small) && self.has(key)
    }

    /// Whether somebody is asked for the figure, now or for a period that is over.
    fn has(&self, key: &FigureKey) -> bool {
        let Some((measure, asked)) = self.of.get(&key.measure).filter(|_| key.category.is_none()) else { return false };
        let gives = |partner: &&Partner| measure.why_not_given(partner, key.period, self.as_at).is_none();
        match (&measure.source, asked.get(&key.area)) {
            (_, None) => false,
            (MeasureSource::Return { .. }, Some(partners)) => partners.iter().any(gives),
            _ => true,
        }
    }

    /// The areas of a measure for which somebody is asked.
    pub fn areas(&self, measure: &MeasureId) -> impl Iterator<Item = &'a AreaCode> {
        self.of.get(measure).into_iter().flat_map(|(_, asked)| asked.keys().copied())
    }
}
