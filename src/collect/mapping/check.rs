//! From what a mapping file says to what is read by, with every contradiction told.

use super::super::value_markers::{Money, WrittenValue};
use super::block::{Block, Column, Dimension, Mapping, Number, PeriodText, Whence};
use super::grammar::{self, Figure, Head, Short};
use super::pattern::{Pattern, plain};
use crate::document::Places;
use crate::fault::{Fault, Faults};
use crate::value::Value;

/// Rows that a header may take.
const MOST_HEADER_ROWS: u32 = 5;

pub(super) fn mapping(place: &str, head: Head, blocks: Vec<Block>) -> Mapping {
    let marks = &head.marks;
    let number = WrittenValue::Number { value: 0.0, percent: false, places: 0, money: Money::Unsaid };
    let said = [
        (&marks.suppressed, WrittenValue::Mark(Value::Suppressed)),
        (&marks.missing, WrittenValue::Mark(Value::Missing)),
        (&marks.not_applicable, WrittenValue::Mark(Value::NotApplicable)),
        (&marks.zero, number),
    ];
    Mapping {
        place: place.to_owned(),
        title: head.title,
        publisher: head.publisher,
        marks: said.iter().flat_map(|(texts, said)| texts.iter().map(|text| (plain(text), *said))).collect(),
        ignored: head.marks.ignored,
        blocks,
        places: Places::default(),
    }
}

/// `place` names the file and the block.
pub(super) fn block(written: grammar::Block, place: &str) -> Result<Block, Faults> {
    let mut checking = Checking { place, faults: Faults::default() };
    let sheet = match written.sheet.trim() {
        "any" => None,
        name => checking.pattern("sheet", name),
    };
    let header: Vec<Pattern> = written.header.iter().filter_map(|text| checking.pattern("header", text)).collect();
    if header.is_empty() {
        checking.fault("header", "names no cell of the header row".to_owned(), "give one text of it or more");
    }
    if !(1..=MOST_HEADER_ROWS).contains(&written.header_rows) {
        let problem = format!("is {}; 1 to {MOST_HEADER_ROWS} was expected", written.header_rows);
        checking.fault("header_rows", problem, "say how many rows the header takes");
    }
    let mut only = Vec::new();
    for (column, text) in &written.only {
        let column = checking.column("only", Some(column), None, None);
        only.extend(column.zip(checking.pattern("only", text)));
    }
    let (period, reads) = checking.period(written.period);
    let block = Block {
        place: place.to_owned(),
        name: written.name,
        sheet,
        header,
        header_rows: written.header_rows,
        after: written.after.and_then(|text| checking.pattern("after", &text)),
        before: written.before.and_then(|text| checking.pattern("before", &text)),
        only,
        measure: checking.dimension("measure", written.measure),
        area: checking.dimension("area", written.area),
        period,
        reads,
        across: checking.across(written.value.as_ref()),
        value: written.value.and_then(|figure| checking.number("value", figure)),
        numerator: written.numerator.and_then(|figure| checking.number("numerator", figure)),
        denominator: written.denominator.and_then(|figure| checking.number("denominator", figure)),
        lower: written.lower.and_then(|figure| checking.number("lower", figure)),
        upper: written.upper.and_then(|figure| checking.number("upper", figure)),
        plus_minus: written.plus_minus.and_then(|figure| checking.number("plus_minus", figure)),
        note: written.note.and_then(|figure| checking.number("note", figure)).and_then(|number| number.column),
    };
    checking.whole(&block);
    checking.faults.into_result().map(|()| block)
}

struct Checking<'a> {
    place: &'a str,
    faults: Faults,
}

impl Checking<'_> {
    fn fault(&mut self, key: &str, problem: String, remedy: &str) {
        self.faults.0.push(Fault::new(format!("{}, {key}", self.place), problem, remedy));
    }

    fn pattern(&mut self, key: &str, text: &str) -> Option<Pattern> {
        let pattern = Pattern::new(text);
        if pattern.is_none() {
            self.fault(key, format!("{text:?} is not a text to look for"), "give the text of the cell, or its beginning and a *");
        }
        pattern
    }

    /// What only the keys together can get wrong.
    fn whole(&mut self, block: &Block) {
        let across: Vec<&str> =
            block.dimensions().iter().filter(|(_, dimension)| dimension.is_across()).map(|(key, _)| *key).collect();
        let columns = [&block.value, &block.numerator, &block.denominator, &block.lower, &block.upper, &block.plus_minus];
        let columned = columns.iter().any(|number| number.as_ref().is_some_and(|number| number.column.is_some()));
        match across.len() {
            // One that was told is not lacking.
            0 if self.faults.0.iter().any(|fault| fault.place.contains(", value")) => {}
            0 if block.value.is_none() && (block.numerator.is_none() || block.denominator.is_none()) => {
                let problem = "is not given, nor both numerator and denominator".to_owned();
                self.fault("value", problem, "name the column of the figures");
            }
            0 => {}
            1 if columned => {
                let problem = format!("the {} is in the header, so figures stand below it; columns are named as well", across[0]);
                self.fault("value", problem, "name no column, or say where else it is");
            }
            1 => {}
            _ => {
                let problem = format!("is in the header, and so is the {}; one of them can be", across[0]);
                self.fault(across[1], problem, "say where else it stands");
            }
        }
        if block.lower.is_some() != block.upper.is_some() {
            self.fault("lower", "one of lower and upper is given".to_owned(), "give both limits or neither");
        }
        if block.lower.is_some() && block.plus_minus.is_some() {
            let problem = "is given, and so are lower and upper: limits are found in one way".to_owned();
            self.fault("plus_minus", problem, "keep one of them");
        }
        if block.reads.weeks_ended.is_some() && columns[1..].iter().any(|number| number.is_some()) {
            let problem = "weekly figures are added up, but counts beside them and limits cannot be".to_owned();
            self.fault("period.weeks_ended", problem, "leave out numerator, denominator, lower, upper and plus_minus");
        }
    }

    fn column(&mut self, key: &str, column: Option<&str>, under: Option<&str>, letter: Option<&str>) -> Option<Column> {
        match (column, letter) {
            (Some(heading), None) => {
                let heading = self.pattern(key, heading)?;
                let under = under.map(|under| self.pattern(&format!("{key}.under"), under));
                match under {
                    Some(None) => None,
                    under => Some(Column::Headed { heading, under: under.flatten() }),
                }
            }
            (None, Some(letters)) => {
                let column = position(&format!("{letters}1")).map(|(_, column)| column);
                let is_letters = letters.bytes().all(|letter| letter.is_ascii_alphabetic());
                if column.is_none() || under.is_some() || !is_letters {
                    let problem = format!("{letters:?} with no more was expected to be the letter of a column, such as D");
                    self.fault(&format!("{key}.letter"), problem, "give the letter only, or the column's heading");
                    return None;
                }
                column.map(Column::Lettered)
            }
            _ => {
                self.fault(key, "needs a column or a letter, and not both".to_owned(), "give the column's heading");
                None
            }
        }
    }

    fn number(&mut self, key: &str, figure: Short<Figure>) -> Option<Number> {
        let figure = match figure {
            Short::Text(heading) => Figure { column: Some(heading), ..Figure::default() },
            Short::Table(figure) => *figure,
        };
        let (column, under, letter) = (figure.column.as_deref(), figure.under.as_deref(), figure.letter.as_deref());
        // Below a header there is no column to name: the table says only how numbers are given.
        if key == "value" && column.is_none() && letter.is_none() && under.is_none() {
            return None;
        }
        let column = self.column(key, column, under, letter)?;
        Some(Number { column: Some(column), ..self.given(key, &figure) })
    }

    fn across(&mut self, value: Option<&Short<Figure>>) -> Number {
        match value {
            Some(Short::Table(figure)) if figure.column.is_none() && figure.letter.is_none() => self.given("value", figure),
            _ => Number::default(),
        }
    }

    fn given(&mut self, key: &str, figure: &Figure) -> Number {
        if let Some(scale) = figure.scale.filter(|scale| !scale.is_finite() || *scale <= 0.0) {
            self.fault(&format!("{key}.scale"), format!("is {scale}; a number above 0 was expected"), "1000 is for thousands");
        }
        Number { column: None, scale: figure.scale, given: figure.given }
    }

    fn period(&mut self, written: Short<grammar::Whence>) -> (Dimension, PeriodText) {
        let Short::Table(mut table) = written else { return (self.dimension("period", written), PeriodText::default()) };
        let following = table.following.take().and_then(|text| self.pattern("period.following", &text));
        let reads = PeriodText { following, dates: table.dates.take(), weeks_ended: table.weeks_ended.take() };
        if reads.dates.is_some() && reads.weeks_ended.is_some() {
            let problem = "dates and weeks_ended are both given".to_owned();
            self.fault("period", problem, "say of a date either what it lies in or that a week ends on it");
        }
        (self.dimension("period", Short::Table(table)), reads)
    }

    fn dimension(&mut self, key: &str, written: Short<grammar::Whence>) -> Dimension {
        let table = match written {
            Short::Text(text) => {
                if text.trim().is_empty() {
                    self.fault(key, "is empty".to_owned(), "give it, or say where it stands");
                }
                return Dimension { whence: Whence::Fixed(text.trim().to_owned()), down: false, labels: Vec::new() };
            }
            Short::Table(table) => *table,
        };
        if table.following.is_some() || table.dates.is_some() || table.weeks_ended.is_some() {
            let problem = "following, dates and weeks_ended are for periods only".to_owned();
            self.fault(key, problem, "leave them out");
        }
        let mut labels: Vec<(Pattern, String)> = Vec::new();
        for (text, meant) in &table.labels {
            let Some(label) = self.pattern(&format!("{key}.labels"), text) else { continue };
            if let Some((first, _)) = labels.iter().find(|(first, _)| first.is_like(&label)) {
                let problem = format!("{:?} and {text:?} are read as the same text", first.written());
                self.fault(&format!("{key}.labels"), problem, "keep one");
            }
            labels.push((label, meant.clone()));
        }
        // What a fault hides is never read by: the block is not used.
        let whence = self.whence(key, &table).unwrap_or(Whence::Header);
        Dimension { whence, down: table.down == Some(true), labels }
    }

    fn whence(&mut self, key: &str, table: &grammar::Whence) -> Option<Whence> {
        let columned = table.column.is_some() || table.letter.is_some();
        let (header, sheet) = (table.header == Some(true), table.sheet == Some(true));
        let said = [columned, header, table.cell.is_some(), table.beside.is_some(), sheet];
        if said.iter().filter(|said| **said).count() != 1 || ((table.under.is_some() || table.down.is_some()) && !columned) {
            let problem = "says in none or several ways where it stands".to_owned();
            let remedy = "give one of column, letter, header = true, cell, beside, sheet = true";
            self.fault(key, problem, remedy);
            return None;
        }
        if let Some(cell) = &table.cell {
            let at = position(cell);
            if at.is_none() {
                self.fault(&format!("{key}.cell"), format!("{cell:?} is not a cell"), "name it as Excel does, such as C5");
            }
            return at.map(|(row, column)| Whence::Cell(row, column));
        }
        if let Some(text) = &table.beside {
            return self.pattern(&format!("{key}.beside"), text).map(Whence::Beside);
        }
        if columned {
            let column = self.column(key, table.column.as_deref(), table.under.as_deref(), table.letter.as_deref());
            return column.map(Whence::Column);
        }
        Some(if header { Whence::Header } else { Whence::SheetName })
    }
}

/// Row and column of `C5`, counted from 0; none beyond the last cell that Excel has.
fn position(cell: &str) -> Option<(u32, u32)> {
    let digits = cell.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = cell.split_at(digits);
    if letters.is_empty() || letters.len() > 3 || row.len() > 7 || !row.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut column = 0;
    for letter in letters.chars() {
        column = column * 26 + letter.to_ascii_uppercase().to_digit(36).filter(|digit| *digit >= 10)? - 9;
    }
    let row = row.parse::<u32>().ok()?.checked_sub(1)?;
    (row < 1_048_576 && column <= 16_384).then_some((row, column - 1))
}
