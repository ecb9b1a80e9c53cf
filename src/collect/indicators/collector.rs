//! Gathering the figures of an answer, measure by measure: repeats dropped, contradictions told.

use super::aggregate;
use super::believed;
use super::by_age_band;
use super::query::{Asking, Question};
use super::spread::{self, Spread};
use crate::area::AreaCode;
use crate::collect::checks::{self, Wrong};
use crate::collect::value_markers::{self, Money, Said};
use crate::collect::{Finding, Grade, Wanted};
use crate::fault::Fault;
use crate::figure::{Category, FigureKey, Observation, Provenance};
use crate::framework::MeasureId;
use crate::period::Period;
use crate::value::{Limits, Sex, Unit, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

/// Labels remembered for the message where nothing fits; more would not help anyone.
const MOST_LABELS: usize = 12;

/// Figures of one measure: far more than any series has, and few enough to hold.
const MOST_FIGURES: usize = 200_000;

/// Doubts and findings of one measure: more than a person reads through.
const MOST_DOUBTS: usize = 100;

/// A figure of an answer before it is told where it came from.
#[derive(Debug, Clone)]
pub(super) struct Figure {
    pub measure: MeasureId,
    pub area: AreaCode,
    pub period: Period,
    pub sex: Sex,
    pub age: String,
    pub category: Option<Category>,
    pub value: Value,
    /// What the value says of pounds.
    pub money: Money,
    /// Digits after the point of the value as it was written; see [`Observation::decimals`].
    pub decimals: Option<u8>,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    pub limits: Option<Limits>,
    pub limits_998: Option<Limits>,
    pub published_comparison: Option<String>,
    pub published_trend: Option<String>,
    pub note: String,
    /// The indicator's name as the answer gives it.
    pub indicator: String,
    /// Line of its page, the header being 1.
    pub line: u64,
    /// Where it stands where a line does not say it; see [`Provenance::Answer`].
    pub place: String,
    /// Page of the answer, from 0; set as it is gathered.
    pub page: usize,
}

impl Figure {
    pub fn key(&self) -> FigureKey {
        let Figure { measure, area, period, sex, age, category, .. } = self;
        let (measure, area, age, category) = (measure.clone(), area.clone(), age.clone(), category.clone());
        FigureKey { measure, area, period: *period, sex: *sex, age, category }
    }

    pub fn into_observation(self, provenance: Provenance) -> Observation {
        Observation {
            measure: self.measure,
            area: self.area,
            period: self.period,
            sex: self.sex,
            age: self.age,
            category: self.category,
            value: self.value,
            decimals: self.decimals,
            numerator: self.numerator,
            denominator: self.denominator,
            limits: self.limits,
            limits_998: self.limits_998,
            published_comparison: self.published_comparison,
            published_trend: self.published_trend,
            note: self.note,
            illustrative: false,
            provenance,
        }
    }
}

/// What an answer holds for one measure.
#[derive(Debug)]
pub(super) struct Reading {
    pub measure: MeasureId,
    /// At least one figure, in the order of the answer; or why there is none.
    pub figures: Result<Vec<Figure>, String>,
    /// What is doubtful or could not be used.
    pub findings: Vec<Finding>,
    /// The figures of all areas for the latest period, where the answer has them.
    pub distribution: Option<spread::Found>,
}

/// What an answer holds for the measures of a question, as its rows go by.
#[derive(Debug)]
pub(super) struct Gatherings<'a> {
    measures: Vec<Gathering<'a>>,
    /// The codes of every area that some measure keeps, in order.
    areas: Vec<&'a str>,
    rows: u64,
    of_indicator: u64,
    /// Which page of the answer is being read, from 0.
    page: usize,
}

/// The figures of one measure as its rows go by.
#[derive(Debug)]
pub(super) struct Gathering<'a> {
    pub asking: Asking<'a>,
    /// The areas whose figures are kept.
    areas: Vec<&'a AreaCode>,
    figures: Vec<Figure>,
    at: BTreeMap<FigureKey, usize>,
    fault: Option<String>,
    labels: Labels,
    doubts: Vec<Doubt>,
    findings: Vec<Finding>,
    /// Where each page came from.
    addresses: Vec<String>,
    /// Figures that cannot be: an area comes once for each of its parents.
    impossible: BTreeSet<FigureKey>,
    /// What was told of the first of them.
    first_impossible: Option<String>,
    pub spread: Spread,
}

/// Why the figure of an area and a period cannot simply be believed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Doubt {
    pub area: AreaCode,
    pub period: Period,
    pub problem: String,
}

/// What the rows of the asked areas say of themselves, for the message where none of them fits.
#[derive(Debug, Default)]
struct Labels {
    sexes: BTreeSet<String>,
    ages: BTreeSet<String>,
    periods: BTreeSet<String>,
}

impl<'a> Gatherings<'a> {
    pub fn of(question: &Question<'a>, wanted: &Wanted<'a>) -> Self {
        let gathering = |asking: &Asking<'a>| Gathering {
            asking: *asking,
            areas: asking.areas(wanted.framework),
            figures: Vec::new(),
            at: BTreeMap::new(),
            fault: None,
            labels: Labels::default(),
            doubts: Vec::new(),
            findings: Vec::new(),
            addresses: Vec::new(),
            impossible: BTreeSet::new(),
            first_impossible: None,
            spread: Spread::default(),
        };
        let measures: Vec<Gathering<'a>> = question.measures.iter().map(gathering).collect();
        let mut areas: Vec<&str> = measures.iter().flat_map(|gathering| &gathering.areas).map(|area| area.as_str()).collect();
        areas.sort_unstable();
        areas.dedup();
        Self { measures, areas, rows: 0, of_indicator: 0, page: 0 }
    }

    /// The next page of the answer, counted from 0, came from `address`.
    pub fn turn_to(&mut self, page: usize, address: &str) {
        self.page = page;
        self.measures.iter_mut().for_each(|gathering| gathering.addresses.resize(page + 1, address.to_owned()));
    }

    /// Which page of the answer is being read, from 0.
    pub fn page(&self) -> usize {
        self.page
    }

    /// To be told of every row, wanted or not: whether it is of the indicator that was asked for, and its area's code.
    /// True where it may hold a figure: only then need the rest of the row be read.
    pub fn takes(&mut self, is_of_indicator: bool, area: &[u8]) -> bool {
        self.rows += 1;
        self.of_indicator += u64::from(is_of_indicator);
        is_of_indicator && self.areas.binary_search_by(|code| code.as_bytes().cmp(area)).is_ok()
    }

    /// Adds what `figure` finds in a row for each measure; what it cannot read costs that measure its figures.
    pub fn each(&mut self, mut figure: impl FnMut(&mut Gathering<'a>) -> Result<Option<Figure>, String>) {
        for gathering in &mut self.measures {
            match figure(gathering) {
                Ok(Some(figure)) => gathering.add(Figure { page: self.page, ..figure }),
                Ok(None) => {}
                Err(reason) => gathering.fail(reason),
            }
        }
    }

    /// Shows a row to each measure's distribution, whosever area it is about.
    pub fn spread(&mut self, mut add: impl FnMut(&mut Gathering<'a>)) {
        self.measures.iter_mut().for_each(&mut add);
    }

    /// Takes down what was found wrong in the answer as a whole; told once, with the first measure.
    pub fn find(&mut self, findings: Vec<Finding>) {
        if let Some(first) = self.measures.first_mut() {
            first.findings.extend(findings);
        }
    }

    pub fn finish(self) -> Vec<Reading> {
        let (rows, of_indicator) = (self.rows, self.of_indicator);
        self.measures.into_iter().map(|gathering| gathering.finish(rows, of_indicator)).collect()
    }
}

impl<'a> Gathering<'a> {
    /// The area of that code, where it is one whose figures are kept.
    pub fn area(&self, code: &str) -> Option<&'a AreaCode> {
        self.areas.iter().find(|area| area.as_str() == code).copied()
    }

    /// Remembers what a row of an asked area says of itself; empty where the source has no such label.
    pub fn note(&mut self, sex: &str, age: &str, period: &str) {
        let Labels { sexes, ages, periods } = &mut self.labels;
        for (labels, label) in [(sexes, sex), (ages, age), (periods, period)] {
            if !label.is_empty() && labels.len() < MOST_LABELS && !labels.contains(label) {
                labels.insert(clip(label));
            }
        }
    }

    /// The same figure repeated is dropped: an area comes once for each of its parents. One that cannot be is told and not used.
    fn add(&mut self, mut figure: Figure) {
        let key = figure.key();
        match believed::usable(self.asking.measure, &mut figure) {
            Ok(None) => {}
            Ok(Some(wrong)) if self.at.contains_key(&key) => drop(wrong),
            Ok(Some(Wrong { problem, .. })) => {
                self.tell(Grade::Error, &figure, &checks::used_without(&problem), "ask the publisher");
            }
            Err(wrong) => {
                if self.impossible.insert(key) {
                    self.tell(Grade::Error, &figure, &format!("{}; it is not used", wrong.problem), "ask the publisher");
                    let told = self.findings.last().map(|finding| finding.problem.clone());
                    self.first_impossible = self.first_impossible.take().or(told);
                }
                return;
            }
        }
        let Some(first) = self.at.get(&key).map(|index| &self.figures[*index]) else {
            if self.figures.len() == MOST_FIGURES {
                return self.fail(format!("the answer holds more than {MOST_FIGURES} figures of {}", self.asking.measure.id));
            }
            self.at.insert(key, self.figures.len());
            self.figures.push(figure);
            return;
        };
        if first.value != figure.value {
            let (area, period) = (&figure.area, figure.period);
            let lines = if first.page == figure.page {
                format!("lines {} and {}", first.line, figure.line)
            } else {
                format!("line {} of page {} and line {} of page {}", first.line, first.page + 1, figure.line, figure.page + 1)
            };
            let problem = format!("{lines} give {area} two different figures for {period}");
            self.fail(problem);
        }
    }

    /// Tells what was found of a figure at its place.
    fn tell(&mut self, grade: Grade, of: &Figure, problem: &str, remedy: &str) {
        if self.findings.len() == MOST_DOUBTS {
            return;
        }
        let measure = self.asking.measure;
        let group = of.category.as_ref().map_or(String::new(), |category| format!(" ({}: {})", category.scheme, category.group));
        let problem = format!("{}{group} of {}, {}: {problem}", measure.title.trim(), of.area, of.period);
        self.findings.push(Finding::new(grade, Fault::new(self.place(of), problem, remedy)).about(of.key()));
    }

    /// The address of the answer and where in it the figure stands.
    fn place(&self, of: &Figure) -> String {
        let at = if of.place.is_empty() { format!("line {}", of.line) } else { of.place.clone() };
        self.addresses.get(of.page).map_or(at.clone(), |address| format!("{address}, {at}"))
    }

    /// The figure is used, with a note of why it may be wrong, and whoever runs this is asked.
    pub fn doubt(&mut self, area: &AreaCode, period: Period, problem: String) {
        let doubt = Doubt { area: area.clone(), period, problem };
        if self.doubts.len() < MOST_DOUBTS && !self.doubts.contains(&doubt) {
            self.doubts.push(doubt);
        }
    }

    /// Marks the measure as unreadable; the first reason stands.
    fn fail(&mut self, reason: String) {
        self.fault.get_or_insert(reason);
    }

    fn finish(mut self, rows: u64, of_indicator: u64) -> Reading {
        for doubt in believed::doubts(self.asking.measure, &self.figures) {
            self.doubt(&doubt.area, doubt.period, doubt.problem);
        }
        self.note_doubts();
        let mut findings = std::mem::take(&mut self.findings);
        let figures = match &self.fault {
            Some(fault) => Err(fault.clone()),
            None if self.figures.is_empty() => Err(self.nothing(rows, of_indicator)),
            None if !self.asking.measure.age_bands().is_empty() => by_age_band::components(&self.asking, self.figures),
            None => one_age_only(&self.asking, self.figures),
        };
        let figures = figures.and_then(|figures| match self.asking.sums {
            true => aggregate::added_up(&self.asking, figures, &self.doubts, &mut findings),
            false => Ok(figures),
        });
        let own = figures.as_deref().unwrap_or_default();
        let distribution = self.spread.finish(&self.asking, &self.areas, own).filter(|_| figures.is_ok());
        Reading { measure: self.asking.measure.id.clone(), figures, findings, distribution }
    }

    fn note_doubts(&mut self) {
        for Doubt { area, period, problem } in self.doubts.clone() {
            let mut doubted = self.figures.iter_mut().filter(|figure| figure.area == area && figure.period == period).peekable();
            let first = doubted.peek().map(|figure| (**figure).clone());
            for figure in doubted {
                let before = if figure.note.is_empty() { "" } else { "; " };
                figure.note = format!("{}{before}doubtful: {problem}", figure.note);
            }
            if let Some(first) = first {
                let remedy = "ask the publisher which is right; the figure is shown, no status is drawn from it, and it is not added up with others";
                self.tell(Grade::Question, &first, &problem, remedy);
            }
        }
    }

    /// What the answer holds instead.
    fn nothing(&self, rows: u64, of_indicator: u64) -> String {
        let Asking { measure, indicator, sex, age, years, .. } = self.asking;
        let Labels { sexes, ages, periods } = &self.labels;
        let id = &measure.id;
        if let Some(problem) = &self.first_impossible {
            return format!("not one of its figures can be, such as {problem}");
        }
        if rows == 0 {
            return format!("the answer holds not one row: the source knows no figure of indicator {indicator}");
        }
        if of_indicator == 0 {
            return format!("none of the {rows} rows is of indicator {indicator}");
        }
        if periods.is_empty() {
            return format!("none of the {of_indicator} rows of indicator {indicator} is about an area that {id} asks for");
        }
        let age = if age.is_empty() { String::new() } else { format!(", age {age:?}") };
        let list = |name: &str, labels: &BTreeSet<String>| {
            let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
            (!labels.is_empty()).then(|| format!("{name} {}", labels.join(", ")))
        };
        let held: Vec<String> = [("sex", sexes), ("age", ages), ("periods", periods)]
            .into_iter()
            .filter_map(|(name, labels)| list(name, labels))
            .collect();
        format!("no row fits {id} (sex {sex}{age}, periods of {years} years); the rows of its areas have {}", held.join("; "))
    }
}

/// Where the framework names no age the answer must hold one only: otherwise nobody knows which figure is meant.
fn one_age_only(asking: &Asking<'_>, figures: Vec<Figure>) -> Result<Vec<Figure>, String> {
    let mut ages: Vec<&str> = figures.iter().map(|figure| figure.age.as_str()).collect();
    ages.sort_unstable();
    ages.dedup();
    if ages.len() > 1 {
        let ages = ages.join(", ");
        return Err(format!("holds several ages ({ages}); give {} one of them as its age in the framework", asking.measure.id));
    }
    Ok(figures)
}

/// A value as an answer gives it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Amount {
    pub value: Value,
    /// Digits after the point; none where it is no number written out.
    pub decimals: Option<u8>,
    pub money: Money,
}

/// Reads a cell where a number in `unit` may stand, or a count where there is none.
///
/// # Errors
/// A text that is neither a number nor a mark, or a number in another unit, with where it stands and the column.
pub(super) fn amount(
    text: &str,
    unit: Option<&Unit>,
    also_missing: &[String],
    at: &dyn Display,
    column: &str,
) -> Result<Amount, String> {
    let without_decimals = |value| Ok(Amount { value, decimals: None, money: Money::Unsaid });
    if also_missing.iter().any(|mark| mark.trim() == text.trim()) {
        return without_decimals(Value::Missing);
    }
    match value_markers::read(text, unit) {
        Some(Said::Nothing) => without_decimals(Value::Missing),
        Some(Said::Mark(mark)) => without_decimals(mark),
        Some(Said::Number { value, percent, places, money }) => {
            let wrong = match unit {
                Some(unit) => checks::in_another_unit(unit, value, percent, money),
                None => percent.then(|| format!("{value}% was found where a count was expected")),
            };
            match wrong {
                Some(problem) => Err(format!("{at}, {column:?}: {problem}")),
                None => Ok(Amount { value: Value::Number(value), decimals: u8::try_from(places).ok(), money }),
            }
        }
        // Computers write 1e-05 where people do not.
        None => match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => without_decimals(Value::Number(number)),
            _ => Err(format!("{at}: {:?} is in {column:?} where a number was expected", clip(text))),
        },
    }
}

/// The same of a count.
///
/// # Errors
/// As [`amount`].
pub(super) fn count(text: &str, also_missing: &[String], at: &dyn Display, column: &str) -> Result<Value, String> {
    Ok(amount(text, None, also_missing, at, column)?.value)
}

/// A value with its numerator and denominator: a mark for what is suppressed on any of the three hides the whole figure, of
/// which the denominator alone is kept.
pub(super) fn whole(value: Value, numerator: Value, denominator: Value) -> (Value, Option<f64>, Option<f64>) {
    match [value, numerator, denominator].contains(&Value::Suppressed) {
        true => (Value::Suppressed, None, denominator.number()),
        false => (value, numerator.number(), denominator.number()),
    }
}

/// Both limits as they are given, or none; whether they hold their value is seen later.
///
/// # Errors
/// As [`amount`].
pub(super) fn limits(unit: &Unit, lower: (&str, &str), upper: (&str, &str), at: &dyn Display) -> Result<Option<Limits>, String> {
    let read = |(text, column)| amount(text, Some(unit), &[], at, column).map(|amount| amount.value.number());
    match (read(lower)?, read(upper)?) {
        (Some(lower), Some(upper)) => Ok(Some(Limits { lower, upper })),
        _ => Ok(None),
    }
}

/// Enough of a foreign text to recognise it by.
pub(super) fn clip(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(120) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
