//! What a text of a workbook stands for: which measure, which area, which period.

use super::block::{Block, Dimension};
use super::explanation::Left;
use super::periods;
use crate::area::{AreaCode, Areas};
use crate::framework::{Framework, Measure};
use crate::period::Period;
use jiff::civil::Date;
use std::collections::BTreeSet;
use workbook_reader::{Cell, CellContent, clip};

/// A text that says a measure, an area or a period, with its cell where it stands in one.
#[derive(Debug, Clone, Default)]
pub(super) struct LabelText<'a> {
    pub text: String,
    pub cell: Option<&'a Cell>,
}

/// The period of a figure, or the week that is part of one.
#[derive(Debug, Clone, Copy)]
pub(super) enum FigurePeriod {
    Period(Period),
    WeekEnded(Date),
}

/// Understands the texts of one table.
pub(super) struct Understanding<'a> {
    pub block: &'a Block,
    pub framework: &'a Framework,
    pub areas: &'a Areas,
    /// Labels come upon, each with its key.
    met: BTreeSet<(&'static str, &'a str)>,
}

impl<'a> Understanding<'a> {
    pub fn new(block: &'a Block, framework: &'a Framework, areas: &'a Areas) -> Self {
        Self { block, framework, areas, met: BTreeSet::new() }
    }

    /// # Errors
    /// Why the words are no measure.
    pub fn measure(&mut self, words: &LabelText<'_>) -> Result<&'a Measure, Left> {
        let id = self.meant("measure", &self.block.measure, &words.text)?;
        let known = self.framework.measures.iter().find(|measure| measure.id.0.eq_ignore_ascii_case(&id));
        known.ok_or_else(|| Left::of("the framework has no such measure", &id))
    }

    /// # Errors
    /// Why the words are no area.
    pub fn area(&mut self, words: &LabelText<'_>) -> Result<AreaCode, Left> {
        let code = self.meant("area", &self.block.area, &words.text)?;
        let known = self.areas.iter().find(|area| area.code.as_str().eq_ignore_ascii_case(&code));
        known.map(|area| area.code.clone()).ok_or_else(|| Left::of("areas.toml has no such area", &code))
    }

    fn meant(&mut self, key: &'static str, dimension: &'a Dimension, text: &str) -> Result<String, Left> {
        if text.trim().is_empty() {
            let why = if key == "area" { "no area is named" } else { "no measure is named" };
            return Err(Left { why, found: String::new() });
        }
        if dimension.labels.is_empty() {
            return Ok(text.trim().to_owned());
        }
        let none =
            if key == "area" { "the area is none that the mapping names" } else { "the measure is none that the mapping names" };
        let (label, meant) = dimension.label(text).ok_or_else(|| Left::of(none, text))?;
        self.met.insert((key, label.written()));
        Ok(meant.to_owned())
    }

    /// The labels that no text was like.
    pub fn not_met(&self) -> Vec<String> {
        let dimensions = [("measure", &self.block.measure), ("area", &self.block.area)];
        let labels =
            dimensions.into_iter().flat_map(|(key, dimension)| dimension.labels.iter().map(move |(label, _)| (key, label)));
        labels
            .filter(|(key, label)| !self.met.contains(&(*key, label.written())))
            .map(|(key, label)| format!("{key} {:?}", label.written()))
            .collect()
    }

    /// # Errors
    /// Why the words are no period of the measure.
    pub fn when(&self, words: &LabelText<'_>, measure: &Measure) -> Result<FigurePeriod, String> {
        let reads = &self.block.reads;
        let written = format!("{:?}", clip(&words.text, 60));
        let text = match &reads.following {
            None => words.text.as_str(),
            Some(following) => {
                let without = || format!("{written} has no {:?}, which a period was expected to follow", following.written());
                following.rest(&words.text).ok_or_else(without)?
            }
        };
        let text = if self.block.period.labels.is_empty() {
            text
        } else {
            let label = self.block.period.label(text);
            label.map(|(_, meant)| meant).ok_or_else(|| format!("{written} is not a period that the mapping names"))?
        };
        let of_cell = match words.cell.map(|cell| &cell.content) {
            Some(CellContent::Date(date)) => Some(*date),
            _ => None,
        };
        let says_date = reads.dates.is_some() || reads.weeks_ended.is_some();
        let no_period = || format!("{written} is not a period; such as 2025/26, 2026/27 Q2 or Sep 2026 was expected");
        let Some(date) = of_cell.or_else(|| says_date.then(|| periods::date(text)).flatten()) else {
            if reads.weeks_ended.is_some() {
                return Err(format!("{written} is not a date on which a week ends"));
            }
            return measure.period(text).map(FigurePeriod::Period).map_err(|_| no_period());
        };
        if reads.weeks_ended.is_some() {
            return Ok(FigurePeriod::WeekEnded(date));
        }
        if let Some(span) = reads.dates {
            return periods::holding(date, span, measure.year).map(FigurePeriod::Period).ok_or_else(no_period);
        }
        // A month that was typed; beside figures of quarters or years the date may stand for one of those.
        let month = Period::month_shown(date).filter(|_| measure.cadence_months == 1);
        month
            .map(FigurePeriod::Period)
            .ok_or_else(|| format!("the date {date} was found; the mapping does not say what it stands for (period.dates)"))
    }
}

impl<'a> LabelText<'a> {
    pub fn of(cell: &'a Cell) -> Self {
        Self { text: cell.text(), cell: Some(cell) }
    }
}

impl Left {
    pub fn of(why: &'static str, found: &str) -> Self {
        Self { why, found: format!("{:?}", clip(found, 60)) }
    }
}
