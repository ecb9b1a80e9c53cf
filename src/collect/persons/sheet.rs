//! Whether a worksheet lists persons. One word does not make a list: a heading is judged with the cells beneath it, a column
//! by all of its cells.

use super::headings::PersonHeading;
use super::names::{self, NameForm};
use super::numbers::{are_too_many, is_nhs_number};
use super::text;
use std::collections::{BTreeMap, BTreeSet};
use workbook_reader::{Cell, CellContent, Sheet, one_line};

/// What gives a sheet away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// In words; the cells' own content is not repeated, but for a heading.
    pub words: String,
    /// The first cell of it, row and column counted from 0.
    pub row: u32,
    pub column: u32,
}

/// How many different names one column must hold: a contact or two are no list of persons.
const NAMES: usize = 5;

/// The same where a heading or another column says that they are of persons, or where they are written as hospital systems
/// write them, `SMITH, Jane (Mrs)`.
const NAMES_IN_CONTEXT: usize = 3;

/// A longer text is no name and no heading, in bytes.
const LONGEST: usize = 100;

/// Numbers of six to nine digits.
const LARGE: std::ops::Range<f64> = 1e5..1e9;

/// The first sign that the sheet is about persons one by one; none where it may be kept.
pub fn find(sheet: &Sheet) -> Option<Sign> {
    let mut columns: BTreeMap<u32, Column<'_>> = BTreeMap::new();
    for row in sheet.rows() {
        for (cell, next) in row.cells.iter().zip(row.cells.iter().skip(1).map(Some).chain([None])) {
            if let Some(sign) = of_one_person(cell, next) {
                return Some(sign);
            }
            columns.entry(cell.column).or_default().add(cell);
        }
    }
    let headed: Vec<_> = columns.values().flat_map(Column::headed).collect();
    // What stands under two headings of persons is a record of one.
    let kinds = headed.iter().map(|(heading, ..)| *heading as u8).collect::<BTreeSet<_>>().len();
    let by_heading = headed.iter().find(|(heading, cells, _)| *cells >= enough(*heading) || kinds > 1);
    let by_heading = by_heading.map(|(.., cell)| sign(cell, format!("data about persons under the heading {:?}", cell.text())));
    by_heading.or_else(|| columns.values().find_map(|column| column.sign(!headed.is_empty())))
}

/// How many cells must stand beneath a heading for it to be believed.
fn enough(heading: PersonHeading) -> usize {
    match heading {
        PersonHeading::PartOfName | PersonHeading::Person => NAMES_IN_CONTEXT,
        _ => 1,
    }
}

/// A form about one person has the number or the day beside its label.
fn of_one_person(label: &Cell, value: Option<&Cell>) -> Option<Sign> {
    let CellContent::Text(text) = &label.content else { return None };
    let value = value?;
    let told = PersonHeading::of(text)? == PersonHeading::NhsNumber && digits(value).is_some_and(|digits| is_nhs_number(&digits));
    told.then(|| sign(label, format!("an NHS number beside {:?}", one_line(text))))
}

fn sign(cell: &Cell, words: String) -> Sign {
    Sign { words, row: cell.row, column: cell.column }
}

/// The cells of one column that matter here.
#[derive(Debug, Default)]
struct Column<'s> {
    /// Texts that may be headings, with what they say, in the order of rows.
    headings: Vec<(PersonHeading, &'s Cell)>,
    /// The different numbers of ten digits, each where it stands first.
    numbers: BTreeMap<String, &'s Cell>,
    days: Vec<&'s Cell>,
    /// Whole numbers too large for most counts, each once.
    large: BTreeMap<u64, &'s Cell>,
    texts: Vec<&'s Cell>,
}

impl<'s> Column<'s> {
    fn add(&mut self, cell: &'s Cell) {
        if let Some(digits) = digits(cell) {
            self.numbers.entry(digits).or_insert(cell);
            return;
        }
        match &cell.content {
            CellContent::Date(_) => self.days.push(cell),
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number in these bounds")]
            CellContent::Number(number) if number.fract() == 0.0 && LARGE.contains(number) => {
                self.large.entry(*number as u64).or_insert(cell);
            }
            CellContent::Text(text) if text.len() <= LONGEST => {
                if let Some(heading) = PersonHeading::of(text) {
                    self.headings.push((heading, cell));
                }
                self.texts.push(cell);
            }
            _ => {}
        }
    }

    /// The headings of persons that are borne out by what stands beneath them, with how many different cells do so; the
    /// first of each kind, which has all beneath it that a later one has.
    fn headed(&self) -> Vec<(PersonHeading, usize, &'s Cell)> {
        let mut kinds = BTreeSet::new();
        let first = self.headings.iter().filter(|(heading, _)| kinds.insert(*heading as u8));
        let borne_out = first.map(|(heading, cell)| (*heading, self.beneath(*heading, cell.row), *cell));
        borne_out.filter(|(_, cells, _)| *cells > 0).collect()
    }

    fn beneath(&self, heading: PersonHeading, row: u32) -> usize {
        let texts = || self.texts.iter().filter(move |cell| cell.row > row).map(|cell| cell.text());
        let different = |is: &dyn Fn(&str) -> bool| texts().filter(|text| is(text)).collect::<BTreeSet<_>>().len();
        let numbers = self.numbers.values().filter(|cell| cell.row > row).count();
        match heading {
            PersonHeading::NhsNumber => numbers,
            PersonHeading::BirthDate => self.days.iter().filter(|cell| cell.row > row).count() + different(&text::is_day),
            PersonHeading::Identifier => numbers + different(&is_identifier) + self.identifiers_beneath(row),
            PersonHeading::PartOfName => different(&|text| names::is_part(text) && PersonHeading::of(text).is_none()),
            PersonHeading::Person => different(&|text| names::kind(text).is_some()),
            PersonHeading::Address | PersonHeading::Role | PersonHeading::Place | PersonHeading::Money => 0,
        }
    }

    /// Numbers of persons differ from row to row; a count or two beneath `Patient number` is none.
    fn identifiers_beneath(&self, row: u32) -> usize {
        let beneath = self.large.values().filter(|cell| cell.row > row).count();
        if beneath >= NAMES_IN_CONTEXT { beneath } else { 0 }
    }

    /// What the column shows by itself, whatever its heading; `among_persons` where another column is of persons.
    fn sign(&self, among_persons: bool) -> Option<Sign> {
        self.nhs_numbers().or_else(|| self.names(among_persons))
    }

    fn nhs_numbers(&self) -> Option<Sign> {
        let mut passing = self.numbers.iter().filter(|(digits, _)| is_nhs_number(digits)).map(|(_, cell)| *cell);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let too_many = are_too_many(count(passing.clone().count()), count(self.numbers.len()));
        let first = passing.clone().map(|cell| cell.row).min()?;
        let is_money = self.heading_above(first) == Some(PersonHeading::Money);
        let cell = passing.find(|cell| cell.row == first)?;
        (too_many && !is_money).then(|| sign(cell, "a column of numbers that pass the check of NHS numbers".to_owned()))
    }

    fn names(&self, among_persons: bool) -> Option<Sign> {
        let named: Vec<_> = self.texts.iter().filter_map(|cell| Some((names::kind(&cell.text())?, *cell))).collect();
        let (_, first) = named.first()?;
        let different = |of: &mut dyn Iterator<Item = &Cell>| of.map(Cell::text).collect::<BTreeSet<_>>().len();
        let formal = different(&mut named.iter().filter(|(kind, _)| *kind == NameForm::Formal).map(|(_, cell)| *cell));
        let names = different(&mut named.iter().map(|(_, cell)| *cell));
        let all = different(&mut self.texts.iter().copied());
        let heading = self.heading_above(first.row);
        if heading == Some(PersonHeading::Role) {
            return None;
        }
        let enough = match heading {
            // Places are called after people: not even a column full of such names lists persons.
            Some(PersonHeading::Place) => usize::MAX,
            _ if among_persons => NAMES_IN_CONTEXT,
            _ => NAMES,
        };
        let listed = formal >= NAMES_IN_CONTEXT || names >= enough && 2 * names >= all;
        listed.then(|| sign(first, "a column of names of people".to_owned()))
    }

    /// What the nearest heading over a row says.
    fn heading_above(&self, row: u32) -> Option<PersonHeading> {
        let above = self.headings.iter().rfind(|(_, cell)| cell.row < row)?;
        Some(above.0)
    }
}

/// The ten digits of a cell that holds them and nothing else, but for spaces and dashes.
fn digits(cell: &Cell) -> Option<String> {
    match &cell.content {
        CellContent::Number(number) if number.fract() == 0.0 && (1e9..1e10).contains(number) => Some(number.to_string()),
        CellContent::Text(text) if text.chars().all(|c| c.is_ascii_digit() || c == '-' || c.is_whitespace()) => {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            (digits.len() == 10).then_some(digits)
        }
        _ => None,
    }
}

/// `H1234567`, `QQ 12 34 56 C`; a year or a period is none.
fn is_identifier(text: &str) -> bool {
    let close: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    close.len() <= 15 && close.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() >= 5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use workbook_reader::NumberFormat;

    /// A sheet of rows, its cells given by texts: ten digits after `#` are a number, a day is ISO, all else is text.
    fn sheet(rows: &[&[&str]]) -> Sheet {
        let content = |text: &str| match text.strip_prefix('#') {
            Some(number) => CellContent::Number(number.parse().unwrap()),
            None => text.parse().map_or_else(|_| CellContent::Text(text.to_owned()), CellContent::Date),
        };
        let cells = (0..).zip(rows).flat_map(|(row, cells)| {
            (0..).zip(cells.iter()).filter(|(_, text)| !text.is_empty()).map(move |(column, text)| Cell {
                row,
                column,
                content: content(text),
                shown: NumberFormat::Plain,
            })
        });
        Sheet::new("Sheet".to_owned(), false, cells.collect())
    }

    /// One column beneath its heading.
    fn column(heading: &str, cells: &[&str]) -> Sheet {
        let rows: Vec<[&str; 1]> = std::iter::once([heading]).chain(cells.iter().map(|cell| [*cell])).collect();
        sheet(&rows.iter().map(|row| &row[..]).collect::<Vec<_>>())
    }

    const WARDS: [&str; 8] = [
        "Edith Cavell",
        "Elizabeth Fry",
        "Mary Seacole",
        "Amber Ward A",
        "Alex AMU",
        "Charlotte on C33",
        "Florence Nightingale",
        "A12",
    ];
    const PERSONS: [&str; 5] = ["Olivia Example", "Harry Sample-Jones", "Priya K Test", "Mohammed Specimen", "Grace O'Model"];

    #[test]
    fn lists_of_persons_are_seen() {
        let numbers = ["999 000 0026", "9990000034", "999-000-0042"];
        for (what, sheet) in [
            ("NHS numbers without a heading", column("", &numbers)),
            ("one NHS number beneath its heading", column("NHS no.", &["9990000026"])),
            ("NHS numbers with wrong digits beneath their heading", column("NHS Number", &["#9990000027"])),
            ("a form about one person", sheet(&[&["NHS number:", "999 000 0026"]])),
            ("days of birth", column("D.O.B.", &["1961-04-03"])),
            ("days of birth as text", column("Date of birth", &["03/04/1961"])),
            ("names of people", column("", &PERSONS)),
            ("names beneath Name", column("Name", &PERSONS)),
            ("names as hospital systems write them", column("Ward", &["SPECIMEN, Jane", "SAMPLE, Ravi (Mr)", "EXAMPLE, Ann"])),
            ("titles", column("", &["Mrs A Sample", "Mr. Ravi Test", "Miss Jane Example"])),
            ("patients' names", column("Patient", &PERSONS[..3])),
            ("surnames", column("Surname", &["Sample", "Specimen", "Test"])),
            ("one surname with the day of birth", sheet(&[&["Surname", "DOB"], &["Sample", "1961-04-03"]])),
            (
                "three names beside hospital numbers",
                sheet(&[&["Name", "Hospital no"], &["Ann Test", "H1234567"], &["Ravi Sample", "H1234568"]]),
            ),
            ("hospital numbers as numbers", column("MRN", &["#1234567", "#1234568", "#1234569"])),
        ] {
            assert!(find(&sheet).is_some(), "{what}");
        }
    }

    #[test]
    fn places_and_amounts_are_no_persons() {
        let amounts: Vec<String> = (0..43).map(|n| format!("#{}", 2_020_180_521_u64 + n * 37_119_283)).collect();
        let amounts: Vec<&str> = amounts.iter().map(String::as_str).collect();
        let passing = ["#9990000026", "#9990000034", "#9990000042"];
        for (what, sheet) in [
            ("wards called after people", column("Ward", &WARDS)),
            ("sites called after people", column("Site name", &WARDS)),
            ("units called after people", column("Unit", &PERSONS)),
            ("councils in capitals", column("Council", &["BRISTOL, City of", "DURHAM, County", "HULL, City of", "YORK, City"])),
            ("a scorecard's perspectives", column("Perspective", &["Patient", "People", "Finance"])),
            ("a heading with counts beneath", column("Patient", &["#12", "#15", "#18"])),
            ("headings alone", sheet(&[&["NHS Number", "Surname", "Date of birth"]])),
            ("what is measured of data quality", sheet(&[&["NHS Number", "Date of birth"], &["#99.8", "#100"]])),
            ("amounts", column("", &amounts)),
            ("amounts that pass the check", column("Allocation (£)", &passing)),
            ("executive leads", column("Executive lead", &PERSONS)),
            ("one contact beside many figures", column("", &["Olivia Example"; 20])),
            ("a few contacts", column("", &PERSONS[..4])),
            ("two contacts in two columns", sheet(&[&["First name", "Surname"], &["Ann", "Test"], &["Ravi", "Sample"]])),
            ("places", column("", &["Grace House", "Victoria Hospital", "Charlotte Street", "Rushcliffe", "Daisy Hill"])),
            ("sentences", column("", &["Grace period", "Mark of quality", "Rose to target", "Will be done", "May 2026"])),
            ("days of another kind", column("Census date", &["2026-04-03"])),
        ] {
            assert_eq!(find(&sheet), None, "{what}");
        }
    }
}
