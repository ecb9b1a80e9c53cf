//! The sheet of figures: each row one measure for one period, checked before it is believed.

use super::checks::PastFigures;
use super::layout::{ColumnHeading, Table};
use super::return_file::ReturnFile;
use super::returned_figure::ReturnedFigure;
use crate::area::AreaCode;
use crate::collect::entry::squeeze;
use crate::collect::own_words::words_of;
use crate::collect::{Finding, MeantFigure, RunScope, checks};
use crate::component;
use crate::fault::Fault;
use crate::figure::{Category, FigureKey, Observation, Provenance, cells_in_words};
use crate::framework::{Measure, MeasureSource};
use crate::period::Period;
use crate::return_template::periods_due;
use std::collections::BTreeMap;
use workbook_reader::{Cell, CellContent, Row, Sheet, cell_name, clip};

const HEADINGS: [ColumnHeading; 13] = [
    ColumnHeading { name: "Measure ID", also: &["Measure identifier", "ID"], needed: true },
    ColumnHeading { name: "Measure", also: &["Measure name", "Title"], needed: false },
    ColumnHeading { name: "Period", also: &["Reporting period", "Time period"], needed: true },
    ColumnHeading { name: "Area", also: &["Area code", "Code of the area"], needed: false },
    ColumnHeading { name: "Numerator", also: &["Count"], needed: false },
    ColumnHeading { name: "Denominator", also: &["Population", "Out of"], needed: false },
    ColumnHeading { name: "Value", also: &["Figure", "Result"], needed: true },
    ColumnHeading { name: "Lower", also: &["Lower limit", "Lower 95% limit", "Lower CI"], needed: false },
    ColumnHeading { name: "Upper", also: &["Upper limit", "Upper 95% limit", "Upper CI"], needed: false },
    ColumnHeading { name: "Standard deviation", also: &["SD", "Std deviation"], needed: false },
    ColumnHeading { name: "Breakdown", also: &["Breakdown by", "Category type"], needed: false },
    ColumnHeading { name: "Group", also: &["Category"], needed: false },
    ColumnHeading { name: "Note", also: &["Notes", "Comment", "Comments"], needed: false },
];

const LONGEST_NOTE: usize = 1000;
const LONGEST_CATEGORY: usize = 120;

/// Reads every row that can be used, in the order of the sheet; a row that cannot adds to `findings`.
///
/// # Errors
/// A sheet without the header row.
pub(super) fn read(
    sheet: &Sheet,
    of: &ReturnFile<'_>,
    wanted: &RunScope<'_>,
    past: PastFigures<'_>,
    findings: &mut Vec<Finding>,
) -> Result<Vec<ReturnedFigure>, Fault> {
    let table = Table::find(sheet, &HEADINGS, &format!("{}, sheet {}", of.file, sheet.name))?;
    let reader = Reader::new(sheet, of, wanted, &table, past);
    Ok(reader.read(Reader::row, findings))
}

/// Reads the rows of a table, whichever of the sheets it is on.
pub(super) struct Reader<'r> {
    pub sheet: &'r Sheet,
    pub of: &'r ReturnFile<'r>,
    pub wanted: &'r RunScope<'r>,
    pub table: &'r Table,
    pub past: PastFigures<'r>,
    /// By their ids, squeezed.
    measures: BTreeMap<String, &'r Measure>,
}

impl<'r> Reader<'r> {
    pub fn new(
        sheet: &'r Sheet,
        of: &'r ReturnFile<'r>,
        wanted: &'r RunScope<'r>,
        table: &'r Table,
        past: PastFigures<'r>,
    ) -> Self {
        let measures = wanted.framework.measures.iter().map(|measure| (squeeze(&measure.id.0), measure)).collect();
        Reader { sheet, of, wanted, table, past, measures }
    }

    /// The figures of every row of the table, as `read_row` reads one; a row that cannot be used adds to `findings`.
    pub fn read(
        &self,
        read_row: impl Fn(&Self, Row<'_>, &mut Vec<Finding>) -> Result<Vec<ReturnedFigure>, Box<Finding>>,
        findings: &mut Vec<Finding>,
    ) -> Vec<ReturnedFigure> {
        let mut read = Vec::new();
        for row in self.table.rows(self.sheet) {
            match read_row(self, row, findings) {
                Ok(figures) => read.extend(figures),
                Err(finding) => findings.push(*finding),
            }
        }
        without_contradictions(read, findings)
    }
}

impl Reader<'_> {
    /// The figure and, of a mean, its standard deviation; nothing where the row says nothing: a blank line of the template, a
    /// remark under the table.
    fn row(&self, row: Row<'_>, findings: &mut Vec<Finding>) -> Result<Vec<ReturnedFigure>, Box<Finding>> {
        let id = row.text(self.table.column("Measure ID"));
        let gives = ["Numerator", "Denominator", "Value", "Lower", "Upper"]
            .iter()
            .any(|name| !row.text(self.table.column(name)).is_empty());
        let label = row.text(self.table.column("Period"));
        if !gives && (id.is_empty() || label.is_empty()) {
            return Ok(Vec::new());
        }
        let (measure, key) = self.key(row, &id).map_err(|fault| self.of_no_figure(row, &id, fault))?;
        // A baseline that was left blank is asked for again; no figure was due.
        if !gives && !self.is_due(measure, key.period) {
            return Ok(Vec::new());
        }
        let mut left_out = Vec::new();
        let amounts = self.amounts(row, measure, &key, &mut left_out);
        let note = self.note(row, &key, findings);
        let about = |fault: Fault| Finding::from(fault).about(key.clone());
        let amounts = match amounts {
            Ok(amounts) => amounts,
            Err(fault) => {
                findings.extend(left_out.into_iter().map(about));
                return Err(about(fault).into());
            }
        };
        let spread = self.deviation(row, measure, &key).unwrap_or_else(|fault| {
            left_out.push(fault);
            None
        });
        findings.extend(left_out.into_iter().map(about));
        let FigureKey { measure, area, period, sex, age, category } = key;
        let column = self.table.column(amounts.column).or(self.table.column("Value")).unwrap_or_default();
        let observation = Observation {
            measure,
            area,
            period,
            sex,
            age,
            category,
            value: amounts.value,
            decimals: None,
            numerator: amounts.numerator,
            denominator: amounts.denominator,
            limits: amounts.limits,
            limits_998: None,
            published_comparison: None,
            published_trend: None,
            note,
            illustrative: self.of.illustrative,
            provenance: self.of.provenance(&self.sheet.name, cell_name(row.number, column)),
        };
        let figure = ReturnedFigure { observation, blank: !gives };
        Ok(std::iter::once(figure).chain(spread).collect())
    }

    fn is_due(&self, measure: &Measure, period: Period) -> bool {
        let framework = self.wanted.framework;
        let projected_to = framework.is_scenario(&measure.id).then_some(framework.edition.default_due);
        periods_due(measure, self.wanted.period, projected_to).contains(&period)
    }

    /// Which figure the row gives.
    pub fn key(&self, row: Row<'_>, id: &str) -> Result<(&Measure, FigureKey), Fault> {
        let measure = self.measure(row, id)?;
        let area = self.area(row, measure)?;
        let category = self.category(row, measure)?;
        let period = self.period(row, measure)?;
        if let Some(why) = measure.why_not_given(self.of.partner, period, self.wanted.period.end()) {
            let problem = format!("{} is not asked of {} for {period}: {why}", measure.id, self.of.partner.id);
            let remedy = "leave the row out, or ask the secretariat to change who is asked";
            return Err(self.fault(row, "Measure ID", problem, remedy));
        }
        Ok((measure, FigureKey::new(measure.id.clone(), area, period, category)))
    }

    /// What is wrong with the row, so that nobody knows which figure it gives, with what it says of that.
    pub fn of_no_figure(&self, row: Row<'_>, id: &str, fault: Fault) -> Box<Finding> {
        let meant = self.measure(row, id).ok().map(|measure| MeantFigure {
            measure: measure.id.clone(),
            area: self.area(row, measure).ok(),
            period: self.period(row, measure).ok(),
        });
        Box::new(Finding { meant, ..Finding::from(fault) })
    }

    pub fn fault(&self, row: Row<'_>, column: &str, problem: String, remedy: &str) -> Fault {
        Fault::new(self.place(row, column), problem, remedy)
    }

    fn place(&self, row: Row<'_>, column: &str) -> String {
        format!("{}, sheet {}, {}", self.of.file, self.sheet.name, self.table.place(row, column))
    }

    /// What stands in the column Note of the row that gives `key`, as it can be printed.
    pub fn note(&self, row: Row<'_>, key: &FigureKey, findings: &mut Vec<Finding>) -> String {
        let place = || self.place(row, "Note");
        let text = self.of.text_in(self.table.column("Note").and_then(|column| row.get(column)), place).unwrap_or_else(|asked| {
            findings.push(asked.about(key.clone()));
            String::new()
        });
        self.of.words(&clip(&text, LONGEST_NOTE), place, findings)
    }

    fn measure(&self, row: Row<'_>, id: &str) -> Result<&Measure, Fault> {
        let fault = |problem, remedy: &str| Err(self.fault(row, "Measure ID", problem, remedy));
        if id.is_empty() {
            return fault("a figure is in a row without a measure ID".to_owned(), "give the ID of the template");
        }
        let Some(measure) = self.measures.get(&squeeze(id)).copied() else {
            let edition = &self.wanted.framework.edition.id;
            let problem = format!("{:?} is not a measure of the {edition} framework", clip(id, 40));
            return fault(problem, "use the IDs of the template");
        };
        match &measure.source {
            MeasureSource::Return { .. } if measure.is_of_kind(self.of.partner) => Ok(measure),
            MeasureSource::Return { partners, .. } => {
                let (id, kinds) = (&measure.id, self.of.partner.kinds.join(" and "));
                let problem = format!("{id} is not asked of a partner of kind {kinds}, but of {}", partners.join(" and "));
                fault(problem, "leave the row out, or ask the secretariat to change who is asked")
            }
            MeasureSource::Indicator { .. } | MeasureSource::Sum { .. } | MeasureSource::None => {
                fault(format!("{} is not asked of partners", measure.id), "leave the row out")
            }
        }
    }

    /// The area that the row names, or the partner's own.
    fn area(&self, row: Row<'_>, measure: &Measure) -> Result<AreaCode, Fault> {
        let (text, own) = (row.text(self.table.column("Area")), &self.of.partner.areas);
        let known = measure.areas_returned(self.of.partner);
        // Of a partner with several areas a blank one means none of them.
        let meant = match own.as_slice() {
            [only] if text.is_empty() => only.as_str(),
            _ => &text,
        };
        if let Some(area) = known.iter().find(|area| area.as_str().eq_ignore_ascii_case(meant)) {
            return Ok((*area).clone());
        }
        let expected: Vec<&str> = known.into_iter().map(AreaCode::as_str).collect();
        let found = if text.is_empty() {
            match own.as_slice() {
                [only] => format!("no area is given, which means {only}"),
                _ => "no area is given".to_owned(),
            }
        } else {
            format!("{:?} was found", clip(&text, 40))
        };
        let problem = format!("{found}; {} was expected for {}", expected.join(" or "), measure.id);
        Err(self.fault(row, "Area", problem, "give the code of the area that the figure is for"))
    }

    /// The group of people within the area that the row is about: both columns name it, or neither. Where the framework
    /// lists the groups of a measure, it is one of those.
    fn category(&self, row: Row<'_>, measure: &Measure) -> Result<Option<Category>, Fault> {
        let said = |name| {
            let cell = self.table.column(name).and_then(|column| row.get(column));
            let text = cell.map_or(Ok(String::new()), words_of).map_err(|found| {
                let problem = format!("{found} was found where the name of a {} was expected", name.to_lowercase());
                self.fault(row, name, problem, "type it, or leave both Breakdown and Group empty")
            })?;
            Ok(clip(&text, LONGEST_CATEGORY))
        };
        let (scheme, group) = (said("Breakdown")?, said("Group")?);
        let (lacking, given) = match (scheme.is_empty(), group.is_empty()) {
            (true, true) => return Ok(None),
            (false, false) => return self.listed(row, measure, Category { scheme, group }).map(Some),
            (true, false) => ("Breakdown", "Group"),
            (false, true) => ("Group", "Breakdown"),
        };
        let problem = format!("a figure of a {} has no {}", given.to_lowercase(), lacking.to_lowercase());
        Err(self.fault(row, lacking, problem, "give both, such as Deprivation quintiles and Most deprived, or leave both empty"))
    }

    /// The group as the framework writes it, where it lists any.
    fn listed(&self, row: Row<'_>, measure: &Measure, given: Category) -> Result<Category, Fault> {
        if component::is_reserved(&given.scheme) {
            let problem = format!("{:?} is the name under which counts by age band are kept", given.scheme);
            return Err(self.fault(row, "Breakdown", problem, "give them on the sheet Age bands"));
        }
        let breakdowns = measure.breakdowns();
        if breakdowns.is_empty() {
            return Ok(given);
        }
        let Some(breakdown) = breakdowns.iter().find(|breakdown| squeeze(&breakdown.by) == squeeze(&given.scheme)) else {
            let expected = breakdowns.iter().map(|breakdown| breakdown.by.as_str()).collect::<Vec<_>>().join(" or ");
            let problem = format!("{:?} was found; {expected} was expected for {}", given.scheme, measure.id);
            return Err(self.fault(row, "Breakdown", problem, "use the breakdowns of the template"));
        };
        let Some(group) = breakdown.groups.iter().find(|group| squeeze(group) == squeeze(&given.group)) else {
            let problem = format!("{:?} was found; one of {} was expected", given.group, breakdown.groups.join(", "));
            return Err(self.fault(row, "Group", problem, "use the groups of the template"));
        };
        Ok(Category { scheme: breakdown.by.clone(), group: group.clone() })
    }

    fn period(&self, row: Row<'_>, measure: &Measure) -> Result<Period, Fault> {
        let fault = |problem, remedy: &str| Err(self.fault(row, "Period", problem, remedy));
        let Some(cell) = self.table.column("Period").and_then(|column| row.get(column)) else {
            return fault("no period is given".to_owned(), "give the period that the figure is for, such as 2026/27 Q2");
        };
        let Some(period) = period_of(cell, measure) else {
            let expected = "a year (2025/26), a quarter (2026/27 Q2) or a month (Sep 2026) was expected";
            return fault(format!("{} is not a period; {expected}", cell.found()), "correct it; write it as text");
        };
        if let Some((problem, remedy)) = checks::period_to_come(self.wanted.framework, measure, period, self.wanted.period) {
            return fault(problem, remedy);
        }
        Ok(period)
    }
}

fn period_of(cell: &Cell, measure: &Measure) -> Option<Period> {
    match &cell.content {
        CellContent::Date(date) => Period::month_shown(*date),
        CellContent::Text(_) | CellContent::Number(_) => measure.period(&cell.text()).ok(),
        _ => None,
    }
}

/// Takes out what stands twice: once is enough where both agree; where they do not, neither is used. A row that was left
/// blank says nothing against one that was filled in.
fn without_contradictions(read: Vec<ReturnedFigure>, findings: &mut Vec<Finding>) -> Vec<ReturnedFigure> {
    let mut first_of: BTreeMap<FigureKey, usize> = BTreeMap::new();
    let mut keep = vec![true; read.len()];
    for (index, figure) in read.iter().enumerate() {
        let key = FigureKey::of(&figure.observation);
        let Some(first) = first_of.get(&key).copied() else {
            first_of.insert(key, index);
            continue;
        };
        if read[first].blank && !figure.blank {
            keep[first] = false;
            first_of.insert(key, index);
            continue;
        }
        keep[index] = false;
        let given = |of: &ReturnedFigure| {
            let Observation { value, numerator, denominator, limits, .. } = of.observation;
            (value, numerator, denominator, limits)
        };
        if !figure.blank && given(&read[first]) != given(figure) {
            keep[first] = false;
            let (earlier, later) = (place_of(&read[first].observation), place_of(&figure.observation));
            let problem = format!(
                "{} for {} was given before, differently, in {}; neither is used",
                key.measure,
                key.period,
                cells_in_words(earlier.1)
            );
            let fault = Fault::new(format!("{}, {}", later.0, cells_in_words(later.1)), problem, "keep the right one");
            findings.push(Finding::from(fault).about(key));
        }
    }
    read.into_iter().zip(keep).filter_map(|(figure, keep)| keep.then_some(figure)).collect()
}

/// File and sheet, and the cell.
fn place_of(observation: &Observation) -> (String, &str) {
    match &observation.provenance {
        Provenance::Cell { file, sheet, cell, .. } => (format!("{file}, sheet {sheet}"), cell),
        Provenance::Answer { url, .. } => (url.clone(), ""),
    }
}
