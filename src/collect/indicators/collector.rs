//! Collecting the figures of an answer, measure by measure: repeats dropped, contradictions told.

use crate::area::AreaCode;
use crate::collect::checks::{self, NumberFault};
use crate::collect::indicators::figure::{AnswerFigure, MeasureFigures, QuestionedFigure};
use crate::collect::indicators::page::PageOrigin;
use crate::collect::indicators::query::{MeasureQuery, SourceQuery};
use crate::collect::indicators::readers::answer_error::AnswerError;
use crate::collect::indicators::readers::excerpt::excerpt;
use crate::collect::indicators::spread::Spread;
use crate::collect::indicators::{aggregate, believed, by_age_band};
use crate::collect::{Finding, Grade, RunScope};
use crate::fault::Fault;
use crate::figure::{FigureKey, Observation, Provenance};
use crate::period::Period;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Labels remembered for the message where nothing fits; more would not help anyone.
const MOST_LABELS: usize = 12;

/// Figures of one measure: far more than any series has, and few enough to hold.
const MOST_FIGURES: usize = 200_000;

/// Doubts and findings of one measure: more than a person reads through.
const MOST_DOUBTS: usize = 100;

/// What an answer holds for the measures of a question, as its rows go by.
#[derive(Debug)]
pub(super) struct AnswerCollector<'a> {
    measures: Vec<MeasureCollector<'a>>,
    /// The codes of every area that some measure keeps, in order.
    areas: Vec<&'a str>,
    rows: u64,
    of_indicator: u64,
    /// Which page of the answer is being read, from 0.
    page: usize,
}

/// The figures of one measure as its rows go by.
#[derive(Debug)]
pub(super) struct MeasureCollector<'a> {
    pub query: MeasureQuery<'a>,
    /// The areas whose figures are kept.
    areas: Vec<&'a AreaCode>,
    figures: Vec<AnswerFigure>,
    at: BTreeMap<FigureKey, usize>,
    fault: Option<String>,
    labels: Labels,
    doubts: Vec<QuestionedFigure>,
    findings: Vec<Finding>,
    /// Where the page that is being read came from.
    origin: Arc<PageOrigin>,
    /// Figures that cannot be: an area comes once for each of its parents.
    impossible: BTreeSet<FigureKey>,
    /// What was told of the first of them.
    first_impossible: Option<String>,
    pub spread: Spread,
}

/// What the rows of the asked areas say of themselves, for the message where none of them fits.
#[derive(Debug, Default)]
struct Labels {
    sexes: BTreeSet<String>,
    ages: BTreeSet<String>,
    periods: BTreeSet<String>,
}

impl<'a> AnswerCollector<'a> {
    pub fn of(question: &SourceQuery<'a>, wanted: &RunScope<'a>) -> Self {
        let origin = Arc::new(PageOrigin::default());
        let of_measure = |query: &MeasureQuery<'a>| MeasureCollector {
            query: *query,
            areas: query.areas(wanted.framework),
            figures: Vec::new(),
            at: BTreeMap::new(),
            fault: None,
            labels: Labels::default(),
            doubts: Vec::new(),
            findings: Vec::new(),
            origin: Arc::clone(&origin),
            impossible: BTreeSet::new(),
            first_impossible: None,
            spread: Spread::default(),
        };
        let measures: Vec<MeasureCollector<'a>> = question.measures.iter().map(of_measure).collect();
        let mut areas: Vec<&str> = measures.iter().flat_map(|measure| &measure.areas).map(|area| area.as_str()).collect();
        areas.sort_unstable();
        areas.dedup();
        Self { measures, areas, rows: 0, of_indicator: 0, page: 0 }
    }

    /// The next page of the answer, counted from 0, came from `origin`.
    pub fn turn_to(&mut self, page: usize, origin: PageOrigin) {
        self.page = page;
        let origin = Arc::new(origin);
        self.measures.iter_mut().for_each(|measure| measure.origin = Arc::clone(&origin));
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
    pub fn each(&mut self, mut figure: impl FnMut(&mut MeasureCollector<'a>) -> Result<Option<AnswerFigure>, AnswerError>) {
        for measure in &mut self.measures {
            match figure(measure) {
                Ok(Some(figure)) => measure.add(AnswerFigure { page: self.page, ..figure }),
                Ok(None) => {}
                Err(error) => measure.fail(error.to_string()),
            }
        }
    }

    /// Shows a row to each measure's distribution, whosever area it is about.
    pub fn spread(&mut self, mut add: impl FnMut(&mut MeasureCollector<'a>)) {
        self.measures.iter_mut().for_each(&mut add);
    }

    /// Takes down what was found wrong in the answer as a whole; told once, with the first measure.
    pub fn find(&mut self, findings: Vec<Finding>) {
        if let Some(first) = self.measures.first_mut() {
            first.findings.extend(findings);
        }
    }

    pub fn finish(self) -> Vec<MeasureFigures> {
        let (rows, of_indicator) = (self.rows, self.of_indicator);
        self.measures.into_iter().map(|measure| measure.finish(rows, of_indicator)).collect()
    }
}

impl<'a> MeasureCollector<'a> {
    /// The area of that code, where it is one whose figures are kept.
    pub fn area(&self, code: &str) -> Option<&'a AreaCode> {
        self.areas.iter().find(|area| area.as_str() == code).copied()
    }

    /// Where a figure on the page that is being read comes from; `place` where a line does not say it.
    pub fn provenance(&self, indicator: String, line: u64, place: String) -> Provenance {
        self.origin.provenance(indicator, line, place)
    }

    /// Remembers what a row of an asked area says of itself; empty where the source has no such label.
    pub fn note(&mut self, sex: &str, age: &str, period: &str) {
        let Labels { sexes, ages, periods } = &mut self.labels;
        for (labels, label) in [(sexes, sex), (ages, age), (periods, period)] {
            if !label.is_empty() && labels.len() < MOST_LABELS && !labels.contains(label) {
                labels.insert(excerpt(label));
            }
        }
    }

    /// The same figure repeated is dropped: an area comes once for each of its parents. One that cannot be is told and not used.
    fn add(&mut self, mut figure: AnswerFigure) {
        let key = figure.key();
        match believed::usable(self.query.measure, &mut figure) {
            Ok(None) => {}
            Ok(Some(wrong)) if self.at.contains_key(&key) => drop(wrong),
            Ok(Some(NumberFault { problem, .. })) => {
                self.add_finding(Grade::Error, &figure, &checks::used_without(&problem), "ask the publisher");
            }
            Err(wrong) => {
                if self.impossible.insert(key) {
                    self.add_finding(Grade::Error, &figure, &format!("{}; it is not used", wrong.problem), "ask the publisher");
                    let told = self.findings.last().map(|finding| finding.problem.clone());
                    self.first_impossible = self.first_impossible.take().or(told);
                }
                return;
            }
        }
        let Some(first) = self.at.get(&key).map(|index| &self.figures[*index]) else {
            if self.figures.len() == MOST_FIGURES {
                return self.fail(format!("the answer holds more than {MOST_FIGURES} figures of {}", self.query.measure.id));
            }
            self.at.insert(key, self.figures.len());
            self.figures.push(figure);
            return;
        };
        if first.observation.value != figure.observation.value {
            let (area, period) = (&figure.observation.area, figure.observation.period);
            let (first_line, line) = (first.line(), figure.line());
            let lines = if first.page == figure.page {
                format!("lines {first_line} and {line}")
            } else {
                format!("line {first_line} of page {} and line {line} of page {}", first.page + 1, figure.page + 1)
            };
            let problem = format!("{lines} give {area} two different figures for {period}");
            self.fail(problem);
        }
    }

    /// Tells what was found of a figure at its place.
    fn add_finding(&mut self, grade: Grade, of: &AnswerFigure, problem: &str, remedy: &str) {
        if self.findings.len() == MOST_DOUBTS {
            return;
        }
        let measure = self.query.measure;
        let Observation { area, period, category, .. } = &of.observation;
        let group = category.as_ref().map_or(String::new(), |category| format!(" ({}: {})", category.scheme, category.group));
        let problem = format!("{}{group} of {area}, {}: {problem}", measure.title.trim(), period.in_short());
        self.findings.push(Finding::new(grade, Fault::new(place(of), problem, remedy)).about(of.key()));
    }

    /// The figure is used, with a note of why it may be wrong, and whoever runs this is asked.
    pub fn doubt(&mut self, area: &AreaCode, period: Period, problem: String) {
        let doubt = QuestionedFigure { area: area.clone(), period, problem };
        if self.doubts.len() < MOST_DOUBTS && !self.doubts.contains(&doubt) {
            self.doubts.push(doubt);
        }
    }

    /// Marks the measure as unreadable; the first reason stands.
    fn fail(&mut self, reason: String) {
        self.fault.get_or_insert(reason);
    }

    fn finish(mut self, rows: u64, of_indicator: u64) -> MeasureFigures {
        for doubt in believed::doubts(self.query.measure, &self.figures) {
            self.doubt(&doubt.area, doubt.period, doubt.problem);
        }
        self.note_doubts();
        let mut findings = std::mem::take(&mut self.findings);
        let figures = match &self.fault {
            Some(fault) => Err(fault.clone()),
            None if self.figures.is_empty() => Err(self.nothing(rows, of_indicator)),
            None if !self.query.measure.age_bands().is_empty() => by_age_band::components(&self.query, self.figures),
            None => one_age_only(&self.query, self.figures),
        };
        let figures = figures.and_then(|figures| match self.query.sums {
            true => aggregate::added_up(&self.query, figures, &self.doubts, &mut findings),
            false => Ok(figures),
        });
        let own = figures.as_deref().unwrap_or_default();
        let distribution = self.spread.finish(&self.query, &self.areas, own).filter(|_| figures.is_ok());
        MeasureFigures { measure: self.query.measure.id.clone(), figures, findings, distribution }
    }

    fn note_doubts(&mut self) {
        for QuestionedFigure { area, period, problem } in self.doubts.clone() {
            let is_doubted =
                |figure: &&mut AnswerFigure| (&figure.observation.area, figure.observation.period) == (&area, period);
            let mut doubted = self.figures.iter_mut().filter(is_doubted).peekable();
            let first = doubted.peek().map(|figure| (**figure).clone());
            for Observation { note, .. } in doubted.map(|figure| &mut figure.observation) {
                let before = if note.is_empty() { "" } else { "; " };
                *note = format!("{note}{before}doubtful: {problem}");
            }
            if let Some(first) = first {
                let remedy = "ask the publisher which is right; the figure is shown, and no status, comparison or change is concluded from it";
                self.add_finding(Grade::Question, &first, &problem, remedy);
            }
        }
    }

    /// What the answer holds instead.
    fn nothing(&self, rows: u64, of_indicator: u64) -> String {
        let MeasureQuery { measure, indicator, sex, age, years, .. } = self.query;
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

/// The address of the answer and where in it the figure stands.
fn place(of: &AnswerFigure) -> String {
    let provenance = &of.observation.provenance;
    match provenance {
        Provenance::Answer { url, .. } if !url.is_empty() => format!("{url}, {}", provenance.place()),
        _ => provenance.place(),
    }
}

/// Where the framework names no age the answer must hold one only: otherwise nobody knows which figure is meant.
fn one_age_only(asking: &MeasureQuery<'_>, figures: Vec<AnswerFigure>) -> Result<Vec<AnswerFigure>, String> {
    let mut ages: Vec<&str> = figures.iter().map(|figure| figure.observation.age.as_str()).collect();
    ages.sort_unstable();
    ages.dedup();
    if ages.len() > 1 {
        let ages = ages.join(", ");
        return Err(format!("holds several ages ({ages}); give {} one of them as its age in the framework", asking.measure.id));
    }
    Ok(figures)
}
