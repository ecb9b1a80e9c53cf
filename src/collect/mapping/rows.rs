//! Reading a table that was found: for each row, or each cell below a header, which figure it is.

use super::account::{Figure, Left, PlaceFound, TableFound};
use super::amounts::{Amounts, Cells, Place, Wrong};
use super::block::{Block, Dimension, Mapping, Number, Whence};
use super::table::Table;
use super::weeks::Week;
use super::{periods, weeks};
use crate::area::{AreaCode, Areas};
use crate::collect::workbook::{Cell, Content, Row, cell_name, clip};
use crate::fault::Fault;
use crate::framework::{Framework, Measure, MeasureId};
use crate::period::Period;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// All that a table is read with.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub file: &'a str,
    pub mapping: &'a Mapping,
    pub framework: &'a Framework,
    pub areas: &'a Areas,
}

/// The period of a figure, or the week that is part of one.
#[derive(Debug, Clone, Copy)]
enum When {
    Period(Period),
    WeekEnded(Date),
}

/// A text that says a measure, an area or a period, with its cell where it stands in one.
#[derive(Debug, Clone)]
struct Words<'s> {
    text: String,
    cell: Option<&'s Cell>,
}

#[derive(Debug, Clone)]
enum Source<'s> {
    Whole(Words<'s>),
    Column(u32),
    Across,
}

/// A figure's measure and area and where its numbers stand.
struct Position<'s> {
    column: Option<u32>,
    words: Option<Words<'s>>,
}

pub(super) struct Reader<'s, 'b> {
    of: Context<'b>,
    block: &'b Block,
    table: &'b Table<'s>,
    only: Vec<(u32, &'b super::pattern::Pattern)>,
    measure: Source<'s>,
    area: Source<'s>,
    period: Source<'s>,
    /// Columns of value, numerator, denominator, lower, upper, note; a value across the header has none.
    columns: [Option<u32>; 6],
    found: TableFound,
    faults: Vec<Fault>,
    weeks: Vec<Week>,
    /// Rows and cells of a measure and an area that are asked for.
    recognised: usize,
    /// Labels come upon, each with its key.
    met: BTreeSet<(&'static str, String)>,
    /// Headings that were found to be no period, each told once.
    told: BTreeSet<u32>,
    periods: BTreeMap<(u32, MeasureId), Option<When>>,
}

/// Reads the table; what is wrong is in the faults, and nothing of a table whose columns cannot be told is read.
pub(super) fn read<'s>(of: Context<'_>, block: &Block, table: &Table<'s>) -> (TableFound, Vec<Fault>) {
    let mut reader = Reader {
        of,
        block,
        table,
        only: Vec::new(),
        measure: Source::Across,
        area: Source::Across,
        period: Source::Across,
        columns: [None; 6],
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
        recognised: 0,
        met: BTreeSet::new(),
        told: BTreeSet::new(),
        periods: BTreeMap::new(),
    };
    match reader.locate() {
        Ok(()) => reader.rows(),
        Err(fault) => reader.faults.push(fault),
    }
    (reader.found, reader.faults)
}

impl<'s, 'b> Reader<'s, 'b> {
    fn fault(&self, cell: Option<&Cell>, problem: String, remedy: &str) -> Fault {
        let cell = cell.map_or(String::new(), |cell| format!(", cell {}", cell_name(cell.row, cell.column)));
        Fault::new(format!("{}, sheet {}{cell}", self.of.file, self.table.sheet.name), problem, remedy)
    }

    fn unplaced(&self, key: &str, problem: &str) -> Fault {
        let remedy = format!("correct {key} in [[figures]] {} of {}, or the workbook", self.block.name, self.of.mapping.place);
        self.fault(None, problem.to_owned(), &remedy)
    }

    fn place(&mut self, key: &str, cell: Option<&Cell>, text: String) {
        let cell = cell.map_or(String::new(), |cell| cell_name(cell.row, cell.column));
        self.found.places.push(PlaceFound { key: key.to_owned(), cell, text });
    }

    /// Finds every column and every cell that holds for the whole table.
    fn locate(&mut self) -> Result<(), Fault> {
        let block = self.block;
        self.measure = self.source("measure", &block.measure)?;
        self.area = self.source("area", &block.area)?;
        self.period = self.source("period", &block.period)?;
        for (column, text) in &block.only {
            let at = self.column("only", column)?;
            self.only.push((at, text));
        }
        let numbers = [&block.value, &block.numerator, &block.denominator, &block.lower, &block.upper];
        let keys = ["value", "numerator", "denominator", "lower", "upper", "note"];
        let columns = numbers.map(|number| number.as_ref().and_then(|number| number.column.as_ref()));
        for (index, column) in columns.into_iter().chain([block.note.as_ref()]).enumerate() {
            if let Some(column) = column {
                self.columns[index] = Some(self.column(keys[index], column)?);
            }
        }
        Ok(())
    }

    fn column(&mut self, key: &str, column: &super::block::Column) -> Result<u32, Fault> {
        let (at, heading) = self.table.column(column).map_err(|problem| self.unplaced(key, &problem))?;
        let text = heading.map_or_else(|| format!("column {}", column.written()), Cell::text);
        self.place(key, heading, text);
        Ok(at)
    }

    fn source(&mut self, key: &str, dimension: &Dimension) -> Result<Source<'s>, Fault> {
        let words = match &dimension.whence {
            Whence::Column(column) => return Ok(Source::Column(self.column(key, column)?)),
            Whence::Header => return Ok(Source::Across),
            Whence::Fixed(text) => Words { text: text.clone(), cell: None },
            Whence::SheetName => {
                let name = &self.table.sheet.name;
                let rest = self.block.sheet.as_ref().filter(|pattern| pattern.begins()).and_then(|pattern| pattern.rest(name));
                Words { text: rest.unwrap_or(name).trim().to_owned(), cell: None }
            }
            Whence::Cell(row, column) => match self.table.cell(*row, *column) {
                Some(cell) => Words::of(cell),
                None => {
                    return Err(self.unplaced(key, &format!("cell {} is blank; the {key} was expected", cell_name(*row, *column))));
                }
            },
            Whence::Beside(text) => match self.table.beside(text) {
                Some(cell) => Words::of(cell),
                None => {
                    return Err(self.unplaced(key, &format!("no cell {:?} with another to its right was found", text.written())));
                }
            },
        };
        self.place(key, words.cell, words.text.clone());
        Ok(Source::Whole(words))
    }

    fn rows(&mut self) {
        let table = self.table;
        let across = self.across();
        let mut above = [None, None, None];
        for row in &table.rows {
            if let Err(left) = self.row(*row, &across, &mut above) {
                self.found.skip(&format!("row {}", row.number + 1), &left);
            }
        }
        if let Some(span) = self.block.reads.weeks_ended {
            let (weeks, place) = (std::mem::take(&mut self.weeks), format!("{}, sheet {}", self.of.file, self.table.sheet.name));
            weeks::add_up(weeks, span, self.of.framework, &place, &mut self.found, &mut self.faults);
        }
        if self.recognised == 0 && self.faults.is_empty() {
            let problem = format!(
                "none of the {} rows below row {} is of a measure and an area that the mapping names",
                table.rows.len(),
                table.header_row + 1
            );
            self.faults.push(self.unplaced("measure or area", &problem));
        }
        for (key, dimension) in [("measure", &self.block.measure), ("area", &self.block.area)] {
            for (label, _) in &dimension.labels {
                if !self.met.contains(&(key, label.written().to_owned())) {
                    let left = Left { why: "labels of the mapping that were not come upon", found: String::new() };
                    self.found.skip(&format!("{key} {:?}", label.written()), &left);
                }
            }
        }
    }

    /// The headings that figures may stand below, or the one place of a row that has its own columns.
    fn across(&self) -> Vec<Position<'s>> {
        if ![&self.measure, &self.area, &self.period].iter().any(|source| matches!(source, Source::Across)) {
            return vec![Position { column: None, words: None }];
        }
        let named: Vec<u32> = [&self.measure, &self.area, &self.period]
            .iter()
            .filter_map(|source| if let Source::Column(column) = source { Some(*column) } else { None })
            .chain(self.only.iter().map(|(column, _)| *column))
            .chain(self.columns.iter().flatten().copied())
            .collect();
        let headings = self.table.headings().filter(|cell| !named.contains(&cell.column) && !cell.text().is_empty());
        headings.map(|cell| Position { column: Some(cell.column), words: Some(Words::of(cell)) }).collect()
    }

    /// # Errors
    /// Why nothing of the row was read.
    fn row(&mut self, row: Row<'s>, across: &[Position<'s>], above: &mut [Option<Words<'s>>; 3]) -> Result<(), Left> {
        let block = self.block;
        let sources = [(&self.measure, &block.measure), (&self.area, &block.area), (&self.period, &block.period)];
        let mut said: [Option<Words<'s>>; 3] = [None, None, None];
        for (index, (source, dimension)) in sources.into_iter().enumerate() {
            said[index] = match source {
                Source::Whole(words) => Some(words.clone()),
                Source::Across => None,
                Source::Column(column) => {
                    let own = row.get(*column).map(Words::of).filter(|words| !words.text.is_empty());
                    if dimension.down {
                        above[index] = own.or(above[index].take());
                        above[index].clone()
                    } else {
                        Some(own.unwrap_or(Words { text: String::new(), cell: None }))
                    }
                }
            };
        }
        for (column, text) in &self.only {
            let found = row.text(Some(*column));
            if !text.matches(&found) {
                return Err(Left::of("not among the rows that the mapping asks for (only)", &found));
            }
        }
        let [measure, area, period] = said;
        let measure = measure.map(|words| self.measure(&words)).transpose()?;
        let area = area.map(|words| self.area(&words)).transpose()?;
        for position in across {
            let words = |own: &Option<Words<'s>>| own.clone().or_else(|| position.words.clone());
            let heading = |reader: &mut Self, left: &Left| {
                if let Some(column) = position.column.filter(|column| reader.told.insert(*column)) {
                    reader.found.skip(&format!("column {}", column_name(column)), left);
                }
            };
            let measure = match measure.map_or_else(|| self.measure(&words(&None).unwrap_or_default()), Ok) {
                Ok(measure) => measure,
                Err(left) => {
                    heading(self, &left);
                    continue;
                }
            };
            let area = match area.clone().map_or_else(|| self.area(&words(&None).unwrap_or_default()), Ok) {
                Ok(area) => area,
                Err(left) => {
                    heading(self, &left);
                    continue;
                }
            };
            self.recognised += 1;
            let Some(words) = words(&period) else { continue };
            let when = match (matches!(self.period, Source::Across), position.column) {
                (true, Some(column)) => match self.when_below(column, &words, measure) {
                    Ok(Some(when)) => when,
                    Ok(None) => continue,
                    Err(_) => {
                        heading(self, &Left::of("the heading is no period", &words.text));
                        continue;
                    }
                },
                _ => match self.when(&words, measure) {
                    Ok(when) => when,
                    // A row without a period and without a figure is a heading or a remark.
                    Err(_) if words.text.is_empty() && self.cells(row, position).value.is_none() => {
                        return Err(Left { why: "there is neither a period nor a figure", found: String::new() });
                    }
                    Err(why) => {
                        let remedy = "correct it, or say in the mapping how periods are written";
                        let fault = self.fault(words.cell.or(row.cells.first()), why, remedy);
                        self.faults.push(fault);
                        continue;
                    }
                },
            };
            self.figure(row, position, measure, area, when);
        }
        Ok(())
    }

    fn cells(&self, row: Row<'s>, position: &Position<'s>) -> Cells<'b>
    where
        's: 'b,
    {
        let block = self.block;
        let at = |column: Option<u32>, number: Option<&'b Number>| -> Place<'b> {
            let cell =
                row.get(column?).filter(|cell| !cell.text().trim().is_empty() || !matches!(cell.content, Content::Text(_)))?;
            Some((cell, number?))
        };
        let [value, numerator, denominator, lower, upper, _] = self.columns;
        Cells {
            value: position
                .column
                .map_or_else(|| at(value, block.value.as_ref()), |column| at(Some(column), Some(&block.across))),
            numerator: at(numerator, block.numerator.as_ref()),
            denominator: at(denominator, block.denominator.as_ref()),
            lower: at(lower, block.lower.as_ref()),
            upper: at(upper, block.upper.as_ref()),
        }
    }

    fn figure(&mut self, row: Row<'s>, position: &Position<'s>, measure: &'b Measure, area: AreaCode, when: When)
    where
        's: 'b,
    {
        let cells = self.cells(row, position);
        let column = position.column.or(self.columns[0]).or(self.columns[1]).unwrap_or_default();
        let amounts = match cells.amounts(self.of.mapping, measure) {
            Ok(Some(amounts)) => amounts,
            Ok(None) => return self.found.skip(&cell_name(row.number, column), &Left { why: "blank", found: String::new() }),
            Err(Wrong { cell, problem, remedy }) => {
                let fault = self.fault(cell.or(row.get(column)), problem, remedy);
                return self.faults.push(fault);
            }
        };
        let (cell, _) = match cells.value.or(cells.numerator).or(cells.denominator) {
            Some(place) => place,
            None => return,
        };
        match when {
            When::Period(period) => {
                let figure = self.taken(row, cell, measure, area, period, amounts);
                self.found.figures.push(figure);
            }
            When::WeekEnded(ended) => self.weeks.push(Week {
                measure: measure.id.clone(),
                area,
                ended,
                value: amounts.value,
                row: cell.row,
                column: cell.column,
            }),
        }
    }

    fn taken(&self, row: Row<'s>, cell: &Cell, measure: &Measure, area: AreaCode, period: Period, amounts: Amounts) -> Figure {
        Figure {
            measure: measure.id.clone(),
            area,
            period,
            value: amounts.value,
            numerator: amounts.numerator,
            denominator: amounts.denominator,
            limits: amounts.limits,
            note: clip(&row.text(self.columns[5]), super::LONGEST_NOTE),
            sheet: self.table.sheet.name.clone(),
            cell: cell_name(cell.row, cell.column),
            found: clip(&cell.text(), 60),
        }
    }

    /// What the words stand for; none where they are none of the labels.
    fn meant<'d>(&mut self, key: &'static str, dimension: &'d Dimension, words: &'d Words<'s>) -> Option<&'d str> {
        if dimension.labels.is_empty() {
            return Some(words.text.trim());
        }
        let like = dimension.labels.iter().filter(|(label, _)| label.matches(&words.text));
        let (label, meant) = like.max_by_key(|(label, _)| label.weight())?;
        self.met.insert((key, label.written().to_owned()));
        Some(meant)
    }

    fn measure(&mut self, words: &Words<'s>) -> Result<&'b Measure, Left> {
        if words.text.is_empty() {
            return Err(Left { why: "no measure is named", found: String::new() });
        }
        let block = self.block;
        let left = || Left::of("the measure is none that the mapping names", &words.text);
        let id = self.meant("measure", &block.measure, words).ok_or_else(left)?;
        let known = self.of.framework.measures.iter().find(|measure| measure.id.0.eq_ignore_ascii_case(id));
        known.ok_or_else(|| Left::of("the measure is none of the framework", id))
    }

    fn area(&mut self, words: &Words<'s>) -> Result<AreaCode, Left> {
        if words.text.is_empty() {
            return Err(Left { why: "no area is named", found: String::new() });
        }
        let block = self.block;
        let left = || Left::of("the area is none that the mapping names", &words.text);
        let code = self.meant("area", &block.area, words).ok_or_else(left)?;
        let known = self.of.areas.iter().find(|area| area.code.as_str().eq_ignore_ascii_case(code));
        known.map(|area| area.code.clone()).ok_or_else(|| Left::of("the area is none of areas.toml", code))
    }

    /// The period of a heading, worked out once for each measure; none where it was found to be none before.
    fn when_below(&mut self, column: u32, words: &Words<'s>, measure: &Measure) -> Result<Option<When>, String> {
        let key = (column, measure.id.clone());
        if let Some(when) = self.periods.get(&key) {
            return Ok(*when);
        }
        let when = self.when(words, measure);
        self.periods.insert(key, when.as_ref().ok().copied());
        when.map(Some)
    }

    fn when(&self, words: &Words<'s>, measure: &Measure) -> Result<When, String> {
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
            self.block.period.meant(text).ok_or_else(|| format!("{written} is no period that the mapping names"))?
        };
        let of_cell = match words.cell.map(|cell| &cell.content) {
            Some(Content::Date(date)) => Some(*date),
            _ => None,
        };
        let date =
            of_cell.or_else(|| (reads.dates.is_some() || reads.weeks_ended.is_some()).then(|| periods::date(text)).flatten());
        let no_period = || format!("{written} is no period; such as 2025/26, 2026/27 Q2 or Sep 2026 was expected");
        let Some(date) = date else {
            if reads.weeks_ended.is_some() {
                return Err(format!("{written} is no date on which a week ends"));
            }
            return periods::label(text, measure).map(When::Period).ok_or_else(no_period);
        };
        if reads.weeks_ended.is_some() {
            return Ok(When::WeekEnded(date));
        }
        // Excel turns "Sep 2026" into the first of that month as it is typed.
        let month = (measure.cadence_months == 1 && date.day() == 1).then_some(super::grammar::Span::Month);
        match reads.dates.or(month) {
            Some(span) => periods::holding(date, span, measure.year).map(When::Period).ok_or_else(no_period),
            None => Err(format!("the date {date} was found; the mapping does not say what it stands for (period.dates)")),
        }
    }
}

impl<'s> Words<'s> {
    fn of(cell: &'s Cell) -> Self {
        Self { text: cell.text(), cell: Some(cell) }
    }
}

impl Default for Words<'_> {
    fn default() -> Self {
        Self { text: String::new(), cell: None }
    }
}

impl Left {
    fn of(why: &'static str, found: &str) -> Self {
        Self { why, found: format!("{:?}", clip(found, 60)) }
    }
}

fn column_name(column: u32) -> String {
    cell_name(0, column).trim_end_matches('1').to_owned()
}
