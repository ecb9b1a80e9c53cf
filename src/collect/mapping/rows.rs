//! Reading a table that was found: where its columns are, and for each cell which figure it is.

use super::amounts::{Amounts, Cells, NumberCell};
use super::block::{Block, Column, Dimension, Mapping, Number, Whence};
use super::explanation::{Figure, Left, PlaceFound, TableFound};
use super::limits;
use super::pattern::Pattern;
use super::periods;
use super::table::Table;
use super::weeks::{self, Week};
use super::words::{FigurePeriod, LabelText, Understanding};
use crate::area::{AreaCode, Areas};
use crate::collect::checks::{FigurePart, NumberFault};
use crate::collect::own_words::words_of;
use crate::collect::{Finding, Grade};
use crate::fault::Fault;
use crate::figure::FigureKey;
use crate::framework::{Framework, Measure, MeasureId};
use crate::period::Period;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use workbook_reader::{Cell, Row, cell_name, clip};

const LONGEST_NOTE: usize = 1000;

/// Findings of one row among which one about its note is looked for.
const MOST_OF_A_ROW: usize = 100;

/// All that a table is read with.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub file: &'a str,
    pub mapping: &'a Mapping,
    pub framework: &'a Framework,
    pub areas: &'a Areas,
}

/// Where a measure, an area or a period of this table is said.
#[derive(Debug, Clone)]
enum Source<'a> {
    /// Once for all figures.
    Whole(LabelText<'a>),
    Column(u32),
    /// In the header's cell above each figure.
    Across,
}

/// Where in a row a figure stands: below a heading, or in columns of its own.
type Heading<'a> = Option<&'a Cell>;

/// What a row says of all its figures; none of what their headings say.
struct RowSaid<'a> {
    measure: Option<&'a Measure>,
    area: Option<AreaCode>,
    period: Option<LabelText<'a>>,
}

struct Reader<'a> {
    of: Context<'a>,
    block: &'a Block,
    table: &'a Table<'a>,
    texts: Understanding<'a>,
    only: Vec<(u32, &'a Pattern)>,
    /// Of measure, area and period.
    sources: [Source<'a>; 3],
    /// Columns of value, numerator, denominator, lower, upper, the distance of the limits, and note, where they have one.
    columns: [Option<u32>; 7],
    /// Periods of headings by row, column and measure; of a heading that is none, why.
    periods: BTreeMap<(u32, u32, MeasureId), Result<FigurePeriod, String>>,
    found: TableFound,
    faults: Vec<Finding>,
    weeks: Vec<Week>,
    /// Headings that figures were found below.
    used: BTreeMap<u32, &'a Cell>,
    /// Headings that were left out, each told once.
    told: BTreeSet<u32>,
    /// True once a row was of a measure and an area that the mapping names.
    recognised: bool,
}

const KEYS: [&str; 7] = ["value", "numerator", "denominator", "lower", "upper", "plus_minus", "note"];

/// Reads the table; what is wrong is in the faults, and nothing of a table whose columns cannot be told is read.
pub(super) fn read<'a>(of: Context<'a>, block: &'a Block, table: &'a Table<'a>) -> (TableFound, Vec<Finding>) {
    let mut reader = Reader::new(of, block, table);
    match reader.locate() {
        Ok(()) => reader.rows(),
        Err(fault) => reader.faults.push(fault.into()),
    }
    (reader.found, reader.faults)
}

/// The first column, or cell that holds for the whole table, of the block's that the table does not have.
pub(super) fn unmet<'a>(of: Context<'a>, block: &'a Block, table: &'a Table<'a>) -> Option<Fault> {
    Reader::new(of, block, table).locate().err()
}

impl<'a> Reader<'a> {
    fn new(of: Context<'a>, block: &'a Block, table: &'a Table<'a>) -> Self {
        Self {
            of,
            block,
            table,
            texts: Understanding::new(block, of.framework, of.areas),
            only: Vec::new(),
            sources: [Source::Across, Source::Across, Source::Across],
            columns: [None; 7],
            periods: BTreeMap::new(),
            found: TableFound {
                block: block.name.clone(),
                sheet: table.sheet.name.clone(),
                header_row: table.header_row + 1,
                places: Vec::new(),
                figures: Vec::new(),
                skipped: Vec::new(),
            },
            faults: Vec::new(),
            weeks: Vec::new(),
            used: BTreeMap::new(),
            told: BTreeSet::new(),
            recognised: false,
        }
    }

    fn fault(&self, cell: Option<&Cell>, problem: String, remedy: &str) -> Fault {
        let cell = cell.map_or(String::new(), |cell| format!(", cell {}", cell_name(cell.row, cell.column)));
        Fault::new(format!("{}, sheet {}{cell}", self.of.file, self.table.sheet.name), problem, remedy)
    }

    fn unplaced(&self, key: &str, problem: String) -> Fault {
        let remedy = format!("correct {key} in [[figures]] {} of {}, or the workbook", self.block.name, self.of.mapping.place);
        self.fault(None, problem, &remedy)
    }

    fn place(&mut self, key: &str, cell: Option<&Cell>, text: String) {
        let cell = cell.map_or(String::new(), |cell| cell_name(cell.row, cell.column));
        self.found.places.push(PlaceFound { key: key.to_owned(), cell, text });
    }

    /// Finds every column and every cell that holds for the whole table.
    fn locate(&mut self) -> Result<(), Fault> {
        let block = self.block;
        for (index, (key, dimension)) in block.dimensions().into_iter().enumerate() {
            self.sources[index] = self.source(key, dimension)?;
        }
        for (column, text) in &block.only {
            let at = self.column("only", column)?;
            self.only.push((at, text));
        }
        let numbers = [&block.value, &block.numerator, &block.denominator, &block.lower, &block.upper, &block.plus_minus];
        let columns = numbers.map(|number| number.as_ref().and_then(|number| number.column.as_ref()));
        for (index, column) in columns.into_iter().chain([block.note.as_ref()]).enumerate() {
            self.columns[index] = column.map(|column| self.column(KEYS[index], column)).transpose()?;
        }
        Ok(())
    }

    fn column(&mut self, key: &str, column: &Column) -> Result<u32, Fault> {
        let (at, heading) = self.table.column(column).map_err(|problem| self.unplaced(key, problem))?;
        let text = heading.map_or_else(|| format!("column {}", column.written()), Cell::text);
        self.place(key, heading, text);
        Ok(at)
    }

    fn source(&mut self, key: &str, dimension: &Dimension) -> Result<Source<'a>, Fault> {
        let words = match &dimension.whence {
            Whence::Column(column) => return Ok(Source::Column(self.column(key, column)?)),
            Whence::Header => return Ok(Source::Across),
            Whence::Fixed(text) => LabelText { text: text.clone(), cell: None },
            Whence::SheetName => {
                let name = &self.table.sheet.name;
                let rest = self.block.sheet.as_ref().filter(|pattern| pattern.begins()).and_then(|pattern| pattern.rest(name));
                LabelText { text: rest.unwrap_or(name).trim().to_owned(), cell: None }
            }
            Whence::Cell(row, column) => {
                let blank = || format!("cell {} is blank; the {key} was expected", cell_name(*row, *column));
                LabelText::of(self.table.cell(*row, *column).ok_or_else(|| self.unplaced(key, blank()))?)
            }
            Whence::Beside(text) => {
                let none = || format!("no cell {:?} with another to its right was found", text.written());
                LabelText::of(self.table.beside(text).ok_or_else(|| self.unplaced(key, none()))?)
            }
        };
        self.place(key, words.cell, clip(&words.text, 200));
        Ok(Source::Whole(words))
    }

    fn rows(&mut self) {
        let table = self.table;
        let headings = self.headings();
        let mut above = [None, None, None];
        for row in &table.rows {
            if let Err(left) = self.row(*row, &headings, &mut above) {
                self.found.skip(&format!("row {}", row.number + 1), &left);
            }
        }
        if let Some(span) = self.block.reads.weeks_ended {
            let place = format!("{}, sheet {}", self.of.file, self.table.sheet.name);
            let weeks = std::mem::take(&mut self.weeks);
            weeks::add_up(weeks, span, self.of.framework, &place, &mut self.found, &mut self.faults);
        }
        if !self.recognised && self.faults.is_empty() {
            let (rows, header) = (table.rows.len(), table.header_row + 1);
            let problem =
                format!("none of the {rows} rows below row {header} is of a measure and an area that the mapping names");
            self.faults.push(self.unplaced("measure or area", problem).into());
        }
        self.account_for_headings();
        for label in self.texts.not_met() {
            let left = Left { why: "labels of the mapping that were not found", found: String::new() };
            self.found.skip(&label, &left);
        }
    }

    /// Says which headings figures were found below, or why below none.
    fn account_for_headings(&mut self) {
        let dimensions = self.block.dimensions();
        let Some((key, _)) = dimensions.into_iter().find(|(_, dimension)| dimension.is_across()) else { return };
        if let (Some((_, first)), Some((_, last))) = (self.used.first_key_value(), self.used.last_key_value()) {
            let cell = format!("{}:{}", cell_name(first.row, first.column), cell_name(last.row, last.column));
            let text = format!("{} headings, from {} to {}", self.used.len(), clip(&first.text(), 60), clip(&last.text(), 60));
            self.found.places.push(PlaceFound { key: key.to_owned(), cell, text });
        } else if self.recognised {
            let (of, why) = (self.table.header_row + 1, self.periods.values().find_map(|when| when.as_ref().err()));
            let why = why.map_or(String::new(), |why| format!(": {why}"));
            self.faults.push(self.unplaced(key, format!("no heading of row {of} is a {key}{why}")).into());
        }
    }

    /// The headings that figures may stand below, those of one column together, the lowest first; a single none where a row has
    /// columns of its own.
    fn headings(&self) -> Vec<Vec<Heading<'a>>> {
        if !self.sources.iter().any(|source| matches!(source, Source::Across)) {
            return vec![vec![None]];
        }
        let of_sources = self.sources.iter().filter_map(|source| match source {
            Source::Column(column) => Some(*column),
            _ => None,
        });
        let only = self.only.iter().map(|(column, _)| *column);
        let named: BTreeSet<u32> = of_sources.chain(only).chain(self.columns.iter().flatten().copied()).collect();
        let free = |cell: &&Cell| !named.contains(&cell.column) && !cell.text().is_empty();
        let mut of_columns: BTreeMap<u32, Vec<Heading<'a>>> = BTreeMap::new();
        for cell in self.table.headings().filter(free) {
            of_columns.entry(cell.column).or_default().insert(0, Some(cell));
        }
        of_columns.into_values().collect()
    }

    /// # Errors
    /// Why nothing of the row was read.
    fn row(&mut self, row: Row<'a>, headings: &[Vec<Heading<'a>>], above: &mut [Option<LabelText<'a>>; 3]) -> Result<(), Left> {
        let [measure, area, period] = self.labels_of_row(row, above);
        for (column, text) in &self.only {
            let found = row.text(Some(*column));
            if !text.matches(&found) {
                return Err(Left::of("not among the rows that the mapping asks for (only)", &found));
            }
        }
        let said = RowSaid {
            measure: measure.map(|words| self.texts.measure(&words)).transpose()?,
            area: area.map(|words| self.texts.area(&words)).transpose()?,
            period,
        };
        for of_column in headings {
            self.below(row, of_column, &said)?;
        }
        Ok(())
    }

    /// Reads the one figure of a row below the headings of a column: the lowest that can be understood says what it is.
    ///
    /// # Errors
    /// Why there is none, where a row has columns of its own.
    fn below(&mut self, row: Row<'a>, headings: &[Heading<'a>], said: &RowSaid<'a>) -> Result<(), Left> {
        let mut not_understood = None;
        for heading in headings {
            match (self.place_of_row(row, *heading, said), heading) {
                (Ok(()), None) => return Ok(()),
                (Ok(()), Some(cell)) => {
                    self.used.insert(cell.column, cell);
                    return Ok(());
                }
                (Err(left), None) => return Err(left),
                (Err(left), Some(cell)) => not_understood = not_understood.or(Some((cell.column, left))),
            }
        }
        if let Some((column, left)) = not_understood.filter(|(column, _)| self.told.insert(*column)) {
            self.found.skip(&format!("column {}", cell_name(0, column).trim_end_matches('1')), &left);
        }
        Ok(())
    }

    /// What a row says of measure, area and period; `above` is what the rows before it said.
    fn labels_of_row(&self, row: Row<'a>, above: &mut [Option<LabelText<'a>>; 3]) -> [Option<LabelText<'a>>; 3] {
        let dimensions = self.block.dimensions();
        std::array::from_fn(|index| match &self.sources[index] {
            Source::Whole(words) => Some(words.clone()),
            Source::Across => None,
            Source::Column(column) => {
                let own = row.get(*column).map(LabelText::of).filter(|words| !words.text.is_empty());
                if dimensions[index].1.down {
                    above[index] = own.or(above[index].take());
                    Some(above[index].clone().unwrap_or_default())
                } else {
                    Some(own.unwrap_or_default())
                }
            }
        })
    }

    /// Reads the figure of a row below `heading`, or in the row's own columns.
    ///
    /// # Errors
    /// Why there is none.
    fn place_of_row(&mut self, row: Row<'a>, heading: Heading<'a>, said: &RowSaid<'a>) -> Result<(), Left> {
        let above = || heading.map(LabelText::of).unwrap_or_default();
        let measure = match said.measure {
            Some(measure) => measure,
            None => self.texts.measure(&above())?,
        };
        let area = match &said.area {
            Some(area) => area.clone(),
            None => self.texts.area(&above())?,
        };
        self.recognised = true;
        let when = match (&said.period, heading) {
            (None, Some(cell)) => {
                let texts = &self.texts;
                let read = || texts.when(&LabelText::of(cell), measure);
                let when = self.periods.entry((cell.row, cell.column, measure.id.clone())).or_insert_with(read);
                when.clone().map_err(|_| Left::of("the heading is not a period", &cell.text()))?
            }
            (words, _) => {
                let words = words.clone().unwrap_or_default();
                match self.texts.when(&words, measure) {
                    Ok(when) => when,
                    // A row without a period and without a figure is a heading or a remark.
                    Err(_) if words.text.is_empty() && self.cells(row, heading).value.is_none() => {
                        return Err(Left { why: "there is neither a period nor a figure", found: String::new() });
                    }
                    Err(problem) => {
                        let remedy = "correct it, or say in the mapping how periods are written";
                        self.faults.push(self.fault(words.cell.or(row.cells.first()), problem, remedy).into());
                        return Ok(());
                    }
                }
            }
        };
        self.figure(row, heading, measure, area, when);
        Ok(())
    }

    fn cells(&self, row: Row<'a>, heading: Heading<'a>) -> Cells<'a> {
        let block = self.block;
        let at = |column: Option<u32>, number: Option<&'a Number>| -> NumberCell<'a> { Some((row.get(column?)?, number?)) };
        let [value, numerator, denominator, lower, upper, plus_minus, _] = self.columns;
        Cells {
            value: match heading {
                Some(heading) => at(Some(heading.column), Some(&block.across)),
                None => at(value, block.value.as_ref()),
            },
            numerator: at(numerator, block.numerator.as_ref()),
            denominator: at(denominator, block.denominator.as_ref()),
            lower: at(lower, block.lower.as_ref()),
            upper: at(upper, block.upper.as_ref()),
            plus_minus: at(plus_minus, block.plus_minus.as_ref()),
        }
    }

    fn figure(&mut self, row: Row<'a>, heading: Heading<'a>, measure: &Measure, area: AreaCode, when: FigurePeriod) {
        let in_sheet = self.cells(row, heading);
        let parted = limits::Parted::of(&in_sheet);
        let cells = parted.as_ref().map_or(in_sheet, |parted| parted.in_place_of(&in_sheet));
        let column = heading.map(|cell| cell.column).or(self.columns[0]).or(self.columns[1]).unwrap_or_default();
        let mut left_out = Vec::new();
        let amounts = cells.amounts(self.of.mapping, measure, &mut left_out);
        let (amounts, wrong) = match amounts {
            Ok(amounts) => (amounts, left_out),
            Err(wrong) => (None, vec![wrong]),
        };
        let is_wrong = amounts.is_none() && !wrong.is_empty();
        let figure = self.period_of(measure, when);
        let figure = figure.map(|period| FigureKey::new(measure.id.clone(), area.clone(), period, None));
        for NumberFault { part, problem, remedy, .. } in wrong {
            let at = match part {
                FigurePart::Value => Some(column),
                FigurePart::Numerator => self.columns[1],
                FigurePart::Denominator => self.columns[2],
                FigurePart::Lower => self.columns[3],
                FigurePart::Upper => self.columns[4],
            };
            let cell = cell_name(row.number, at.unwrap_or(column));
            let place = format!("{}, sheet {}, cell {cell}", self.of.file, self.table.sheet.name);
            let finding = Finding::from(Fault::new(place, problem, remedy));
            self.faults.push(match &figure {
                Some(figure) => finding.about(figure.clone()),
                None => finding,
            });
        }
        if is_wrong {
            return;
        }
        let shown_by = in_sheet.value.or(in_sheet.numerator).or(in_sheet.denominator);
        let (Some(mut amounts), Some((cell, _))) = (amounts, shown_by) else {
            return self.found.skip(&cell_name(row.number, column), &Left { why: "blank", found: String::new() });
        };
        if let Value::Number(value) = amounts.value {
            match limits::around(self.of.mapping, cells.plus_minus, value, &measure.unit) {
                Ok(limits) => amounts.limits = limits.or(amounts.limits),
                Err(problem) => {
                    let problem = format!("{problem}; the value is used without limits");
                    let place = in_sheet.plus_minus.map(|(cell, _)| cell);
                    self.faults.push(self.fault(place, problem, "correct the cell, or plus_minus of the mapping").into());
                }
            }
        }
        match when {
            FigurePeriod::Period(period) => {
                let figure = self.taken(row, cell, measure, area, period, amounts);
                self.found.figures.push(figure);
            }
            FigurePeriod::WeekEnded(ended) => {
                let (measure, value) = (measure.id.clone(), amounts.value);
                self.weeks.push(Week { measure, area, ended, value, row: cell.row, column: cell.column });
            }
        }
    }

    /// The period that a figure is for, or that its week counts towards.
    fn period_of(&self, measure: &Measure, when: FigurePeriod) -> Option<Period> {
        match when {
            FigurePeriod::Period(period) => Some(period),
            FigurePeriod::WeekEnded(ended) => periods::holding(ended, self.block.reads.weeks_ended?, measure.year),
        }
    }

    /// What stands in the column for notes; a cell that holds no words is told once, whichever figures of its row it is about.
    fn note(&mut self, row: Row<'_>) -> String {
        let Some(cell) = self.columns[6].and_then(|column| row.get(column)) else { return String::new() };
        let words = words_of(cell).unwrap_or_else(|found| {
            let problem = format!("{found} was found where words were expected; nothing is shown in its place");
            let fault = self.fault(Some(cell), problem, "type the words again, or leave the cell empty");
            // Told for another figure of the row, it was told just now.
            if self.faults.iter().rev().take(MOST_OF_A_ROW).all(|told| told.place != fault.place) {
                self.faults.push(Finding::new(Grade::Question, fault));
            }
            String::new()
        });
        clip(&words, LONGEST_NOTE)
    }

    fn taken(
        &mut self,
        row: Row<'_>,
        cell: &Cell,
        measure: &Measure,
        area: AreaCode,
        period: Period,
        amounts: Amounts,
    ) -> Figure {
        Figure {
            measure: measure.id.clone(),
            area,
            period,
            value: amounts.value,
            numerator: amounts.numerator,
            denominator: amounts.denominator,
            limits: amounts.limits,
            rounding: amounts.rounding,
            note: self.note(row),
            sheet: self.table.sheet.name.clone(),
            cell: cell_name(cell.row, cell.column),
            found: clip(&cell.text(), 60),
        }
    }
}
