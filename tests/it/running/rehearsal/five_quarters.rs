//! Five quarters of two systems that have nothing in common, with careless partners, as the server lives through them. What
//! came out is read: each message, the status of each quarter, and the figures of each pack.
//!
//! `BOARDPACK_SHOW=FOLDER` has every message and status written to `FOLDER/SYSTEM.txt`, to be read by a person.

mod threeshire;
mod westmarch;

use super::*;
use crate::support::saved_workbook::{Cell, Sheet, Workbook};
use boardpack::run::return_cycle::PartnerStatus;
use std::fmt::Write as _;

const QUARTERS: [(i32, i32); 5] = [(2026, 2), (2026, 3), (2026, 4), (2027, 1), (2027, 2)];

/// What a partner knows of a figure.
#[derive(Debug, Clone, Copy)]
enum Fact {
    Counts(f64, f64),
    Value(f64),
}

impl Fact {
    /// In the unit of a percentage or of a rate per `multiplier`.
    fn value(self, multiplier: f64) -> f64 {
        match self {
            Fact::Counts(numerator, denominator) => numerator / denominator * multiplier,
            Fact::Value(value) => value,
        }
    }
}

/// A figure as a row of a workbook names it: measure, area and period.
type Key = (String, String, String);

/// A workbook that a partner has filled in.
struct Filled {
    workbook: Workbook,
    /// What was typed, in the measure's unit.
    figures: BTreeMap<Key, f64>,
}

/// A message, and the quarter whose round was on when it came.
struct Posted {
    at: String,
    quarter: Period,
    letter: Letter,
}

struct System {
    rehearsal: Rehearsal,
    name: &'static str,
    /// What each partner knows: of a measure and an area, by the last day of the period.
    facts: fn(&str, &str, Date) -> Fact,
    multiplier: fn(&str) -> f64,
    /// The quarter whose round is on.
    quarter: Period,
    posted: Vec<Posted>,
    /// The last workbook that each partner was sent, by its id.
    mailed: BTreeMap<String, (String, Vec<u8>)>,
    /// The quarter that each file sent is the return of.
    sent: BTreeMap<String, Period>,
    /// Every figure that was accepted and stands: it must be in each later pack.
    stands: BTreeMap<Key, f64>,
    told: String,
}

/// A quarter's status in short: partner, what became of its return, the day on which it came, figures given of those due.
type Told<'s> = (&'s str, &'s str, String, (usize, usize));

impl System {
    fn new(rehearsal: Rehearsal, name: &'static str, facts: fn(&str, &str, Date) -> Fact, multiplier: fn(&str) -> f64) -> Self {
        let (quarter, none) = (QUARTERS[0], String::new());
        let quarter = Period::financial_quarter(quarter.0, quarter.1);
        Self {
            rehearsal,
            name,
            facts,
            multiplier,
            quarter,
            posted: Vec::new(),
            mailed: BTreeMap::new(),
            sent: BTreeMap::new(),
            stands: BTreeMap::new(),
            told: none,
        }
    }

    /// Lets the server do what is due by half past nine of a day, or of a moment.
    async fn on(&mut self, day: &str) -> Vec<Letter> {
        let at = if day.contains('T') { day.to_owned() } else { format!("{day}T09:30:00Z") };
        let letters = self.rehearsal.serve_at(&at).await;
        let to_operators = letters.iter().filter(|letter| letter.to.starts_with("operators@"));
        assert_eq!(
            to_operators.map(|letter| &letter.text).next(),
            None,
            "all goes its way, and a look makes up for those before it"
        );
        for letter in &letters {
            let Letter { to, subject, text, attached } = letter;
            let attached_name = attached.as_ref().map_or("", |(name, _)| name);
            writeln!(self.told, "\n--- {at} to {to} [{attached_name}]\n{subject}\n\n{text}").unwrap();
            if let Some((name, bytes)) = attached
                && name.ends_with(".xlsx")
            {
                let partner = name.split('_').next().unwrap().to_owned();
                self.mailed.insert(partner, (name.clone(), bytes.clone()));
            }
            self.posted.push(Posted { at: at.clone(), quarter: self.quarter, letter: letter.clone() });
        }
        letters
    }

    /// Opens the round of the next quarter: every partner of whom something is asked is sent its workbook.
    async fn open(&mut self, quarter: usize, day: &str) -> Vec<Letter> {
        let (year, number) = QUARTERS[quarter];
        self.quarter = Period::financial_quarter(year, number);
        writeln!(self.told, "\n========== {}", self.quarter.in_words()).unwrap();
        self.on(day).await
    }

    /// The partner's workbook as it was mailed last.
    fn blank(&self, partner: &str) -> Workbook {
        Workbook::open(&self.mailed[partner].1)
    }

    /// The same with all that it asks for filled in, but what it says was given before.
    fn filled(&self, partner: &str) -> Filled {
        self.filled_but(partner, &[])
    }

    /// The same without those measures.
    fn filled_but(&self, partner: &str, left_out: &[&str]) -> Filled {
        let mut workbook = self.blank(partner);
        let mut figures = BTreeMap::new();
        let sheet = workbook.sheet("Figures").unwrap();
        let columns = Columns::of(sheet);
        for row in columns.rows(sheet) {
            let key = columns.key(sheet, row);
            let is_given = sheet.text(row, columns.last_time).starts_with("given before");
            if is_given || left_out.contains(&key.0.as_str()) {
                continue;
            }
            let period = period_of(&key.2);
            let fact = (self.facts)(&key.0, &key.1, period.end());
            columns.write(sheet, row, fact);
            figures.insert(key.clone(), fact.value((self.multiplier)(&key.0)));
        }
        if let Some(actions) = workbook.sheet("Key actions") {
            report(actions, "On track", "As planned.");
        }
        Filled { workbook, figures }
    }

    /// Puts a file into the inbox, or into a folder of it; `quarter` is the one that it is the return of.
    fn send(&mut self, name: &str, quarter: Period, bytes: &[u8]) {
        let file = self.rehearsal.path("inbox").join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        assert!(!file.exists(), "{name} lies there already");
        fs::write(file, bytes).unwrap();
        let name = name.rsplit('/').next().unwrap().to_owned();
        assert!(self.sent.insert(name.clone(), quarter).is_none(), "{name} was sent before");
    }

    /// Puts a filled-in workbook into the inbox whose figures are to stand from now on.
    fn send_what_stands(&mut self, name: &str, filled: Filled) {
        let Filled { workbook, figures } = filled;
        let bytes = match name.rsplit('.').next() {
            Some("ods") => workbook.as_ods(),
            Some("xlsb") => workbook.as_xlsb(),
            _ => workbook.as_xlsx(),
        };
        self.send(name, self.quarter, &bytes);
        self.stands.extend(figures);
    }

    async fn status(&mut self) -> Status {
        let status = self.rehearsal.status().await;
        writeln!(self.told, "\n--- status of {} on {}", status.quarter, status.as_at).unwrap();
        for one in &status.partners {
            let (figures, actions) = (one.figures, one.actions);
            writeln!(
                self.told,
                "{}: {} ({:?}); figures {} of {}, actions {} of {}; {} errors, {} questions; owes: {}",
                one.partner,
                one.outcome,
                one.arrival,
                figures.given,
                figures.due,
                actions.given,
                actions.due,
                one.errors,
                one.questions,
                one.owes()
            )
            .unwrap();
        }
        for line in &status.other_files {
            writeln!(self.told, "{line}").unwrap();
        }
        for (file, why) in &status.unlaid {
            writeln!(self.told, "laid to nobody: {file}: {why}").unwrap();
        }
        status
    }

    /// A day on which reminders go out: they go to those who owe something, and to nobody else.
    async fn remind(&mut self, day: &str) -> Vec<Letter> {
        let letters = self.on(day).await;
        let status = self.status().await;
        let config = LoadedConfig::load(&self.rehearsal.settings, true, QuarterChoice::default(), now).unwrap();
        let contacts = &config.mail.as_ref().unwrap().contacts;
        let owing = status.partners.iter().filter(|one| one.owes()).flat_map(|one| &contacts[&one.partner]);
        let owing: Vec<String> = owing.map(|contact| contact.address.to_string()).collect();
        let reminded: Vec<&str> =
            letters.iter().filter(|letter| kind(letter) == Kind::Reminder).map(|letter| letter.to.as_str()).collect();
        assert_eq!(reminded, owing, "on {day}");
        letters
    }

    /// Every figure that was accepted is in the pack that was made last.
    fn assert_the_pack_holds_all_that_stands(&self) {
        let file = self.rehearsal.settings.paths.output.join(self.quarter.slug()).join("data/series.csv");
        let mut reader = csv::Reader::from_path(&file).unwrap();
        let heading = reader.headers().unwrap().clone();
        let column = |name: &str| heading.iter().position(|one| one == name).unwrap();
        let (measure, area, period, value) = (column("measure"), column("area"), column("period"), column("value"));
        let mut found: BTreeMap<Key, f64> = BTreeMap::new();
        for row in reader.records().map(Result::unwrap) {
            let key = (row[measure].to_owned(), row[area].to_owned(), period_of(&row[period]).to_string());
            if let Ok(number) = row[value].parse() {
                found.insert(key, number);
            }
        }
        for ((measure, area, period), value) in &self.stands {
            let key = (measure.clone(), area.clone(), period_of(period).to_string());
            let there = found.get(&key).copied();
            assert!(
                there.is_some_and(|there| (there - value).abs() < 0.06),
                "{key:?}: {value} was accepted, and the pack of {} has {there:?}",
                self.quarter
            );
        }
    }

    /// The row of a measure and area in the assessments of the pack that was made last.
    fn assessment(&self, measure: &str, area: &str) -> serde_json::Value {
        let file = self.rehearsal.settings.paths.output.join(self.quarter.slug()).join("assessments.json");
        let data: serde_json::Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
        let rows = data["assessments"].as_array().unwrap();
        rows.iter().find(|row| row["measure"] == measure && row["area"] == area).unwrap().clone()
    }

    /// The figures of a measure and area in the pack that was made last.
    fn points(&self, measure: &str, area: &str) -> usize {
        let file = self.rehearsal.settings.paths.output.join(self.quarter.slug()).join("data/series.csv");
        let mut reader = csv::Reader::from_path(&file).unwrap();
        reader.records().map(Result::unwrap).filter(|row| row[0] == *measure && row[3] == *area && !row[8].is_empty()).count()
    }

    /// The words of the quarter's final pack.
    fn page(&self) -> String {
        let quarter = self.quarter.slug();
        words(&self.rehearsal.settings.paths.output.join(&quarter).join(format!("board-pack-{quarter}.html")))
    }

    /// The page says all of this.
    #[track_caller]
    fn assert_page_says(&self, parts: &[&str]) {
        let page = self.page();
        for part in parts {
            assert!(page.contains(part), "{part:?} is not in:\n{page}");
        }
    }

    /// What would hold back a pack for which every return must be in.
    async fn strictly_withheld(&self, at: &str) -> Vec<String> {
        let mut strict = self.rehearsal.settings.clone();
        strict.gates.returns_accepted_percent = 100;
        self.rehearsal.withheld(&strict, at).await
    }

    /// Of all quarters' messages: nobody was told twice of a file, asked twice for a quarter or reminded twice on a day; and
    /// each message is about the quarter whose round was on, or that of the late file that it tells of.
    fn assert_nobody_was_told_twice_or_of_another_quarter(&self) {
        let mut told: BTreeMap<(String, Kind, String), &str> = BTreeMap::new();
        // Who was asked which of two files to use hears which was chosen.
        let is_choice = |letter: &Letter| letter.text.contains("decided that we use this one");
        let told_once = self.posted.iter().filter(|posted| kind(&posted.letter) != Kind::Other && !is_choice(&posted.letter));
        for Posted { at, quarter, letter } in told_once {
            let kind = kind(letter);
            let about: Vec<(String, Period)> = match kind {
                Kind::Request => vec![(quarter.slug(), *quarter)],
                Kind::Reminder => vec![(at.clone(), *quarter)],
                _ => files_of(letter).into_iter().map(|file| (file.clone(), self.sent[&file])).collect(),
            };
            assert!(!about.is_empty(), "{}\n{}", letter.subject, letter.text);
            for (what, quarter) in about {
                let words = format!("your return for {}", quarter.in_words());
                assert!(letter.subject.contains(&words), "{what} at {at}: {}\n{}", letter.subject, letter.text);
                let before = told.insert((letter.to.clone(), kind, what.clone()), at);
                assert_eq!(before, None, "{} was told twice of {what}, at {at} too", letter.to);
            }
        }
    }

    /// Writes all that was said to the folder of `BOARDPACK_SHOW`, where there is one.
    fn show(&self) {
        if let Some(folder) = std::env::var_os("BOARDPACK_SHOW") {
            let folder = PathBuf::from(folder);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join(format!("{}.txt", self.name)), &self.told).unwrap();
            for (year, number) in QUARTERS {
                let quarter = Period::financial_quarter(year, number).slug();
                let page = self.rehearsal.settings.paths.output.join(&quarter).join(format!("board-pack-{quarter}.html"));
                if page.exists() {
                    fs::write(folder.join(format!("{}-{quarter}.words.txt", self.name)), words(&page)).unwrap();
                    fs::copy(page, folder.join(format!("{}-{quarter}.html", self.name))).unwrap();
                }
            }
        }
    }
}

/// Even where a test fails, what was said by then can be read.
impl Drop for System {
    fn drop(&mut self) {
        self.show();
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Request,
    Receipt,
    Reminder,
    /// To the board or the operators.
    Other,
}

fn kind(letter: &Letter) -> Kind {
    let Letter { subject, text, .. } = letter;
    if !subject.contains("your return for") {
        Kind::Other
    } else if text.contains("only to partners with something still to return") {
        Kind::Reminder
    } else if text.contains("The workbook for the return of") {
        Kind::Request
    } else {
        Kind::Receipt
    }
}

/// The files that a receipt tells of.
fn files_of(letter: &Letter) -> Vec<String> {
    let is_file = |word: &&str| [".xlsx", ".xlsb", ".ods"].iter().any(|ending| word.ends_with(ending));
    // `FILE: accepted` and `FILE, completed by NAME: accepted`, each once in the account of the file.
    let lines = letter.text.lines().filter_map(|line| line.split([',', ':']).next()).filter(is_file);
    lines.filter(|line| !line.starts_with(' ') && !line.starts_with('-')).map(str::to_owned).collect()
}

fn only<'l>(letters: &'l [Letter], to: &str) -> &'l Letter {
    let mut theirs = letters.iter().filter(|letter| letter.to == to);
    let letter = theirs.next().unwrap_or_else(|| panic!("nothing went to {to}, but to {:?}", recipients(letters)));
    assert!(theirs.next().is_none(), "{to} was written to twice");
    letter
}

#[track_caller]
fn assert_status(status: &Status, expected: &[(&str, &str, &str, (usize, usize))]) {
    let expected: Vec<Told<'_>> =
        expected.iter().map(|(partner, outcome, day, given)| (*partner, *outcome, (*day).to_owned(), *given)).collect();
    assert_eq!(in_short(status), expected);
}

fn in_short(status: &Status) -> Vec<Told<'_>> {
    let told = status.partners.iter();
    let day = |one: &PartnerStatus| one.arrival.returned().map_or("-".to_owned(), |day| day.strftime("%-d %b").to_string());
    told.map(|one| (one.partner.as_str(), one.outcome, day(one), (one.figures.given, one.figures.due))).collect()
}

fn period_of(label: &str) -> Period {
    let kinds = [YearKind::Financial, YearKind::Calendar];
    kinds.into_iter().find_map(|kind| Period::parse(label, kind).ok()).unwrap_or_else(|| panic!("{label} is no period"))
}

/// Months since the first of the rehearsal, July 2026.
fn month_number(end: Date) -> usize {
    usize::try_from(i32::from(end.year()) * 12 + i32::from(end.month()) - (2026 * 12 + 7)).unwrap_or(0)
}

/// What chance adds to or takes from a figure, so that no month is as the one before.
fn chance(end: Date) -> f64 {
    const BY_MONTH: [f64; 16] = [0.0, 0.7, -0.5, 1.2, 0.3, -0.9, 0.6, -0.2, 1.0, -0.7, 0.4, 0.1, -0.4, 0.8, -0.6, 0.2];
    BY_MONTH[month_number(end) % BY_MONTH.len()]
}

/// The columns of the sheet Figures, by their headings.
struct Columns {
    header: u32,
    measure: u32,
    area: u32,
    period: u32,
    last_time: u32,
    numerator: u32,
    denominator: u32,
    value: u32,
}

impl Columns {
    fn of(sheet: &Sheet) -> Self {
        let (header, measure) = sheet.find("Measure ID").unwrap();
        let column = |name: &str| sheet.find(name).unwrap().1;
        Self {
            header,
            measure,
            area: column("Area"),
            period: column("Period"),
            last_time: column("Last time"),
            numerator: column("Numerator"),
            denominator: column("Denominator"),
            value: column("Value"),
        }
    }

    /// The rows that ask for a figure.
    fn rows(&self, sheet: &Sheet) -> Vec<u32> {
        let named = sheet.cells.keys().filter(|(row, column)| *row > self.header && *column == self.area);
        named.map(|(row, _)| *row).filter(|row| !sheet.text(*row, self.measure).is_empty()).collect()
    }

    fn key(&self, sheet: &Sheet, row: u32) -> Key {
        let text = |column| sheet.text(row, column).to_owned();
        (text(self.measure), text(self.area), text(self.period))
    }

    fn write(&self, sheet: &mut Sheet, row: u32, fact: Fact) {
        match fact {
            Fact::Counts(numerator, denominator) => {
                sheet.cells.insert((row, self.numerator), Cell::Number(numerator));
                sheet.cells.insert((row, self.denominator), Cell::Number(denominator));
            }
            Fact::Value(value) => {
                sheet.cells.insert((row, self.value), Cell::Number(value));
            }
        }
    }

    /// The row of a measure's latest period.
    fn last_of(&self, sheet: &Sheet, measure: &str) -> u32 {
        self.rows(sheet).into_iter().rfind(|row| sheet.text(*row, self.measure) == measure).unwrap()
    }
}

/// Says the same of every key action.
fn report(actions: &mut Sheet, status: &str, commentary: &str) {
    let (header, id) = actions.find("Action ID").unwrap();
    let (_, status_column) = actions.find("Status").unwrap();
    let (_, commentary_column) = actions.find("Commentary").unwrap();
    let rows: Vec<u32> =
        actions.cells.keys().filter(|(row, column)| *row > header && *column == id).map(|(row, _)| *row).collect();
    for row in rows {
        actions.cells.insert((row, status_column), Cell::Text(status.to_owned()));
        actions.cells.insert((row, commentary_column), Cell::Text(commentary.to_owned()));
    }
}
