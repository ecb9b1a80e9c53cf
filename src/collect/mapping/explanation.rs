//! What a mapping found in a workbook and where: the figures, and an account of everything that was not taken.

use crate::area::AreaCode;
use crate::collect::Finding;
use crate::figure::{Observation, Provenance};
use crate::framework::MeasureId;
use crate::period::Period;
use crate::value::{Limits, Sex, Value};
use serde::Serialize;

/// A workbook read by a mapping.
#[derive(Debug, Clone, Serialize)]
pub struct Mapped {
    /// File name without its folder.
    pub file: String,
    /// The mapping's file.
    pub mapping: String,
    pub title: String,
    pub publisher: String,
    /// In the order of the mapping's blocks, then of the workbook's sheets.
    pub tables: Vec<TableFound>,
    /// What could not be used, and blocks that found no table.
    pub faults: Vec<Finding>,
}

/// A table of a sheet that a block of the mapping found.
#[derive(Debug, Clone, Serialize)]
pub struct TableFound {
    /// The block's name.
    pub block: String,
    pub sheet: String,
    /// Row of the header as Excel counts it.
    pub header_row: u32,
    /// What stands where.
    pub places: Vec<PlaceFound>,
    pub figures: Vec<Figure>,
    /// By reason, in the order in which they were come upon.
    pub skipped: Vec<Skipped>,
}

/// A heading, or a cell that holds for the whole table.
#[derive(Debug, Clone, Serialize)]
pub struct PlaceFound {
    /// The key of the mapping: `area`, `value`.
    pub key: String,
    /// `C3`; empty where the mapping or the sheet's name says it.
    pub cell: String,
    /// The text there.
    pub text: String,
}

/// One figure with its cell.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    pub measure: MeasureId,
    pub area: AreaCode,
    pub period: Period,
    /// In the measure's unit.
    pub value: Value,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    /// 95% limits as given.
    pub limits: Option<Limits>,
    /// How far rounding to the decimals shown may have moved the value.
    #[serde(skip)]
    pub rounding: f64,
    pub note: String,
    pub sheet: String,
    /// `C7`, or `C7:O7` of figures that were added up.
    pub cell: String,
    /// What the cell holds, before unit and scale.
    pub found: String,
}

/// Rows, columns or cells that gave no figure, for one reason.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Skipped {
    pub why: String,
    /// `row 7`, `column H`, `C7`, each perhaps with what stands there: `row 7 ("Total")`.
    pub places: Vec<String>,
}

impl Mapped {
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.tables.iter().flat_map(|table| &table.figures)
    }

    /// The figures as observations; `provenance` says where one came from.
    pub fn observations(&self, illustrative: bool, provenance: impl Fn(&Figure) -> Provenance) -> Vec<Observation> {
        self.figures().map(|figure| figure.observation(illustrative, provenance(figure))).collect()
    }
}

impl Figure {
    /// The figure as it was received from `provenance`.
    pub fn observation(&self, illustrative: bool, provenance: Provenance) -> Observation {
        Observation {
            measure: self.measure.clone(),
            area: self.area.clone(),
            period: self.period,
            sex: Sex::Persons,
            age: String::new(),
            category: None,
            value: self.value,
            // A cell's number has no written form of its own.
            decimals: None,
            numerator: self.numerator,
            denominator: self.denominator,
            limits: self.limits,
            limits_998: None,
            published_comparison: None,
            published_trend: None,
            note: self.note.clone(),
            illustrative,
            provenance,
        }
    }
}

/// Why something was left out, and what stands there.
#[derive(Debug, Clone)]
pub(super) struct Left {
    /// Of few kinds, by which what was left out is put together.
    pub why: &'static str,
    pub found: String,
}

impl TableFound {
    pub(super) fn skip(&mut self, place: &str, left: &Left) {
        let place = if left.found.is_empty() { place.to_owned() } else { format!("{place} ({})", left.found) };
        match self.skipped.iter_mut().find(|skipped| skipped.why == left.why) {
            Some(skipped) => skipped.places.push(place),
            None => self.skipped.push(Skipped { why: left.why.to_owned(), places: vec![place] }),
        }
    }
}
