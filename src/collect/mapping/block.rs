//! A mapping as figures are read by it: every text compiled, every key checked.

use super::super::value_markers::WrittenValue;
use super::grammar::{PercentageForm, Span};
use super::pattern::Pattern;
use crate::document::Places;
use crate::framework::MeasureId;

/// How to find figures in the workbooks of one publisher or partner.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// The mapping's file, as messages name it.
    pub place: String,
    pub title: String,
    /// As it is printed; empty where the mapping names none.
    pub publisher: String,
    /// By their plain texts.
    pub(super) marks: Vec<(String, WrittenValue)>,
    /// Signs of a footnote after a number, as written.
    pub(super) ignored: Vec<String>,
    pub(super) blocks: Vec<Block>,
    /// Where the blocks stand.
    pub(super) places: Places,
}

/// One table of a sheet.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// Where it stands, for faults.
    pub place: String,
    /// What messages call it.
    pub name: String,
    /// None where any sheet will do.
    pub sheet: Option<Pattern>,
    /// Texts that stand together in the header row.
    pub header: Vec<Pattern>,
    /// How many rows the header takes, from that row down.
    pub header_rows: u32,
    /// Rows are read below the first that has this text …
    pub after: Option<Pattern>,
    /// … and above the next that has this one.
    pub before: Option<Pattern>,
    /// Rows are read whose cell in the column has the text.
    pub only: Vec<(Column, Pattern)>,
    pub measure: Dimension,
    pub area: Dimension,
    pub period: Dimension,
    pub reads: PeriodText,
    pub value: Option<Number>,
    /// How numbers are given that stand below a header instead of in a column of their own.
    pub across: Number,
    pub numerator: Option<Number>,
    pub denominator: Option<Number>,
    pub lower: Option<Number>,
    pub upper: Option<Number>,
    /// How far both limits are from the value.
    pub plus_minus: Option<Number>,
    pub note: Option<Column>,
}

/// Where a measure, an area or a period is said, and what is meant by what is said.
#[derive(Debug, Clone)]
pub(super) struct Dimension {
    pub whence: Whence,
    /// A blank cell of its column means the one above.
    pub down: bool,
    /// What a text stands for; empty where the text is meant as it stands.
    pub labels: Vec<(Pattern, String)>,
}

#[derive(Debug, Clone)]
pub(super) enum Whence {
    Fixed(String),
    /// A cell of the figure's row.
    Column(Column),
    /// The header's cell above the figure.
    Header,
    /// Row and column of a cell of the sheet, counted from 0.
    Cell(u32, u32),
    /// The first cell to the right of one that has this text.
    Beside(Pattern),
    /// The sheet's name, or what follows the text that its pattern asks for.
    SheetName,
}

#[derive(Debug, Clone)]
pub(super) enum Column {
    Headed {
        heading: Pattern,
        /// A heading over several columns, above this one.
        under: Option<Pattern>,
    },
    /// Counted from 0.
    Lettered(u32),
}

/// How a period's text is read.
#[derive(Debug, Clone, Default)]
pub(super) struct PeriodText {
    /// Only what follows this text counts.
    pub following: Option<Pattern>,
    /// What a date stands for.
    pub dates: Option<Span>,
    /// Dates end weeks, whose figures are added up to spans of this length.
    pub weeks_ended: Option<Span>,
}

/// A column of numbers. Of the numbers across a header the column is not set.
#[derive(Debug, Clone, Default)]
pub(super) struct Number {
    pub column: Option<Column>,
    /// What a number is multiplied by: 1000 where thousands are given.
    pub scale: Option<f64>,
    pub given: Option<PercentageForm>,
}

impl Mapping {
    /// Whether it can give a figure of the measure: some table names it, or has names of measures in its cells.
    pub fn may_give(&self, id: &MeasureId) -> bool {
        self.blocks.iter().any(|Block { measure, .. }| {
            let meanings = measure.meanings();
            meanings.contains(&id.0.as_str()) || (meanings.is_empty() && !matches!(measure.whence, Whence::Fixed(_)))
        })
    }
}

impl Block {
    /// With their keys.
    pub fn dimensions(&self) -> [(&'static str, &Dimension); 3] {
        [("measure", &self.measure), ("area", &self.area), ("period", &self.period)]
    }
}

impl Dimension {
    /// The label that a text is most like, with what it stands for.
    pub fn label(&self, text: &str) -> Option<(&Pattern, &str)> {
        let like = self.labels.iter().filter(|(label, _)| label.matches(text));
        like.max_by_key(|(label, _)| label.weight()).map(|(label, meant)| (label, meant.as_str()))
    }

    pub fn is_across(&self) -> bool {
        matches!(self.whence, Whence::Header)
    }

    /// Everything that it can stand for, as far as the mapping says.
    pub fn meanings(&self) -> Vec<&str> {
        let fixed = match &self.whence {
            Whence::Fixed(text) => Some(text.as_str()),
            _ => None,
        };
        fixed.into_iter().chain(self.labels.iter().map(|(_, meant)| meant.as_str())).collect()
    }
}

impl Column {
    /// As the mapping names it.
    pub fn written(&self) -> String {
        match self {
            Column::Headed { heading, under: None } => format!("{:?}", heading.written()),
            Column::Headed { heading, under: Some(under) } => format!("{:?} under {:?}", heading.written(), under.written()),
            Column::Lettered(column) => workbook_reader::cell_name(0, *column).trim_end_matches('1').to_owned(),
        }
    }
}
