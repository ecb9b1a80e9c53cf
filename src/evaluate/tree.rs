//! The figures of one measure for any area of the tree: its own, or else recomputed from its parts.

use super::parts::SeriesPart;
use super::series::FigureSeries;
use super::series_index::SeriesIndex;
use crate::area::{AreaCode, Areas};
use crate::framework::{Measure, PartsAre};
use crate::period::Period;

/// Deeper than any tree of areas; a file whose parts run in a circle ends here.
const DEEPEST: usize = 12;

/// One measure over the tree of areas.
///
/// The system is made of the parts that the measure names, which may be organisations; every other area of those
/// that `areas.toml` gives it.
pub(super) struct AreaTree<'a> {
    pub headlines: &'a SeriesIndex<'a>,
    pub areas: &'a Areas,
    pub measure: &'a Measure,
    pub system: &'a AreaCode,
}

impl<'a> AreaTree<'a> {
    /// What was given for the area itself.
    pub(super) fn own(&self, area: &AreaCode) -> FigureSeries {
        self.headlines.series(self.measure, area)
    }

    /// What was given for the area, or where nothing was, the sum of its parts. A figure that is withheld is not
    /// gone round by way of the parts.
    pub(super) fn series(&self, area: &AreaCode) -> FigureSeries {
        self.series_within(area, 0)
    }

    /// The sum of an area's parts, whatever was given for the area itself; see [`FigureSeries::summed`].
    pub(super) fn summed(&self, area: &AreaCode) -> Option<FigureSeries> {
        self.summed_within(area, 0)
    }

    /// Areas that are made wholly of the measure's parts and are not parts themselves, such as a place made of
    /// districts. An area of a single part would only say again what that part says.
    pub(super) fn made_of_parts(&self) -> impl Iterator<Item = &'a AreaCode> {
        let parts = &self.measure.parts;
        self.areas
            .iter()
            .filter(|area| area.parts.len() > 1 && area.parts.iter().all(|part| parts.contains(part)))
            .map(|area| &area.code)
            .filter(|code| *code != self.system && !parts.contains(code))
    }

    /// The fewest areas that make up the system, each with a figure or without any part that has one.
    pub(super) fn cover(&self) -> Vec<&'a AreaCode> {
        let tops = self.areas.get(self.system).map_or(&[] as &[AreaCode], |area| &area.parts);
        // What the measure is made of need not be of the tree.
        let covers = |part: &AreaCode| tops.iter().any(|top| top == part || self.areas.lies_within(part, top));
        let tops = if !tops.is_empty() && self.measure.parts.iter().all(covers) { tops } else { self.measure.parts.as_slice() };
        let mut found = Vec::new();
        tops.iter().for_each(|top| self.descend(top, 0, &mut found));
        found
    }

    fn descend(&self, area: &'a AreaCode, depth: usize, found: &mut Vec<&'a AreaCode>) {
        let parts = self.areas.get(area).map_or(&[] as &[AreaCode], |area| &area.parts);
        let has_figure = self.series(area).numbers().next().is_some();
        let below = || parts.iter().any(|part| self.series(part).numbers().next().is_some());
        if has_figure || parts.is_empty() || depth > DEEPEST || !below() {
            found.push(area);
        } else {
            parts.iter().for_each(|part| self.descend(part, depth + 1, found));
        }
    }

    fn parts(&self, area: &AreaCode) -> &'a [AreaCode] {
        if area == self.system && !self.measure.parts.is_empty() {
            return &self.measure.parts;
        }
        self.areas.get(area).map_or(&[], |area| &area.parts)
    }

    fn series_within(&self, area: &AreaCode, depth: usize) -> FigureSeries {
        let own = self.own(area);
        if own.is_given() { own } else { self.summed_within(area, depth).unwrap_or(own) }
    }

    fn summed_within(&self, area: &AreaCode, depth: usize) -> Option<FigureSeries> {
        let parts = self.parts(area);
        // Most areas have no parts, and most measures cannot be summed.
        if parts.is_empty() || depth > DEEPEST || (parts.len() > 1 && !FigureSeries::may_be_summed(self.measure)) {
            return None;
        }
        let of = |part: &AreaCode| SeriesPart { series: self.series_within(part, depth + 1), ..self.in_time(part) };
        let former = self.former_parts(area).filter(|_| FigureSeries::may_be_summed(self.measure));
        let parts: Vec<SeriesPart> = parts.iter().chain(former).map(of).collect();
        FigureSeries::summed(self.measure, &parts)
    }

    /// The whole in one period: made of its parts, where all of them gave it.
    pub(super) fn whole_at(&self, period: Period) -> Option<FigureSeries> {
        if self.measure.parts_are == PartsAre::Areas {
            return self.whole_within(self.system, period, 0);
        }
        let [parts, former] =
            self.organisations().map(|parts| parts.into_iter().map(|part| part.only(period)).collect::<Vec<_>>());
        let (whole, coverage) = FigureSeries::pooled(self.measure, &parts, &former)?;
        (coverage.absent.is_empty() && coverage.left_out.is_empty()).then_some(whole)
    }

    fn whole_within(&self, area: &AreaCode, period: Period, depth: usize) -> Option<FigureSeries> {
        let own = self.own(area).only(period);
        let parts = self.parts(area);
        if own.is_given() || parts.is_empty() || depth > DEEPEST {
            return own.is_given().then_some(own);
        }
        let former = self.former_parts(area).filter(|_| FigureSeries::may_be_summed(self.measure));
        let parts = parts.iter().chain(former).map(|part| SeriesPart {
            series: self.whole_within(part, period, depth + 1).unwrap_or_default(),
            ..self.in_time(part)
        });
        FigureSeries::summed(self.measure, &parts.collect::<Vec<_>>())
    }

    /// What was given for each of the measure's parts, and for those that were parts before.
    pub(super) fn organisations(&self) -> [Vec<SeriesPart>; 2] {
        let of = |part: &AreaCode| SeriesPart { series: self.own(part), ..self.in_time(part) };
        [self.measure.parts.iter().map(of).collect(), self.former_parts(self.system).map(of).collect()]
    }

    /// What was a part of an area and is none now.
    fn former_parts(&self, area: &AreaCode) -> impl Iterator<Item = &'a AreaCode> {
        let measure = self.measure;
        let of_measure = area == self.system && !measure.parts.is_empty();
        let of_area = self.areas.get(area).filter(|_| !of_measure).map_or(&[][..], |area| area.former_parts.as_slice());
        let in_time = measure.parts_in_time.iter().filter(move |_| of_measure).map(|part| &part.area);
        in_time.filter(|part| !measure.parts.contains(part)).chain(of_area)
    }

    /// The days between which something is a part, without its figures.
    fn in_time(&self, part: &AreaCode) -> SeriesPart {
        let known = self.measure.parts_in_time.iter().find(|known| known.area == *part);
        let of_area = || self.areas.get(part).map_or((None, None), |area| (area.from, area.until));
        let (from, until) = known.map_or_else(of_area, |known| (known.from, known.until));
        SeriesPart { area: Some(part.clone()), from, until, ..SeriesPart::default() }
    }
}
