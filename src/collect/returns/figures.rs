//! The sheet of figures: each row one measure for one period, checked before it is believed.

use super::Return;
use super::layout::{Heading, Table, squeeze};
use super::sheet::{Cell, Content, Entry, Number, Row, Sheet, Shown, as_percent, cell_name, clip};
use crate::collect::{Observation, Provenance, Wanted};
use crate::fault::Fault;
use crate::framework::{Measure, Source, Statistic};
use crate::period::Period;
use crate::value::{Sex, Unit, Value};
use std::collections::BTreeMap;

const HEADINGS: [Heading; 7] = [
    Heading { name: "Measure ID", also: &["Measure identifier", "ID"], needed: true },
    Heading { name: "Measure", also: &["Measure name", "Title"], needed: false },
    Heading { name: "Period", also: &["Reporting period", "Time period"], needed: true },
    Heading { name: "Numerator", also: &["Count"], needed: false },
    Heading { name: "Denominator", also: &["Population", "Out of"], needed: false },
    Heading { name: "Value", also: &["Figure", "Result"], needed: true },
    Heading { name: "Note", also: &["Notes", "Comment", "Comments"], needed: false },
];

const LONGEST_NOTE: usize = 1000;

/// Reads every row that can be used, in the order of the sheet; a row that cannot adds to `faults`.
///
/// # Errors
/// A sheet without the header row.
pub(super) fn read(
    sheet: &Sheet,
    of: &Return<'_>,
    wanted: &Wanted<'_>,
    faults: &mut Vec<Fault>,
) -> Result<Vec<Observation>, Fault> {
    let table = Table::find(sheet, &HEADINGS, &format!("{}, sheet {}", of.file, sheet.name))?;
    let measures = wanted.framework.measures.iter().map(|measure| (squeeze(&measure.id.0), measure)).collect();
    let reader = Reader { sheet, of, wanted, table: &table, measures };
    let mut read: Vec<Observation> = Vec::new();
    for row in table.rows(sheet) {
        match reader.row(row) {
            Ok(Some(observation)) => read.push(observation),
            Ok(None) => {}
            Err(fault) => faults.push(fault),
        }
    }
    Ok(without_contradictions(read, faults))
}

struct Reader<'r> {
    sheet: &'r Sheet,
    of: &'r Return<'r>,
    wanted: &'r Wanted<'r>,
    table: &'r Table,
    /// By their ids, squeezed.
    measures: BTreeMap<String, &'r Measure>,
}

/// What a row gives, as numbers in the measure's unit.
struct Figures {
    value: Value,
    numerator: Option<f64>,
    denominator: Option<f64>,
    /// The column whose cell stands for the row.
    column: &'static str,
}

impl Reader<'_> {
    /// `None` where the row says nothing: a blank line of the template, a remark under the table.
    fn row(&self, row: Row<'_>) -> Result<Option<Observation>, Fault> {
        let id = row.text(self.table.column("Measure ID"));
        let gives = ["Numerator", "Denominator", "Value"].iter().any(|name| !row.text(self.table.column(name)).is_empty());
        let label = row.text(self.table.column("Period"));
        if !gives && (id.is_empty() || label.is_empty()) {
            return Ok(None);
        }
        let measure = self.measure(row, &id)?;
        let period = self.period(row, measure)?;
        let figures = self.figures(row, measure)?;
        let column = self.table.column(figures.column).or(self.table.column("Value")).unwrap_or_default();
        Ok(Some(Observation {
            measure: measure.id.clone(),
            area: self.of.partner.area.clone(),
            period,
            sex: Sex::Persons,
            age: String::new(),
            category: None,
            value: figures.value,
            numerator: figures.numerator,
            denominator: figures.denominator,
            limits: None,
            limits_998: None,
            published_comparison: None,
            published_trend: None,
            note: clip(&row.text(self.table.column("Note")), LONGEST_NOTE),
            illustrative: self.of.illustrative,
            provenance: Provenance::Cell {
                partner: self.of.partner.id.clone(),
                file: self.of.file.to_owned(),
                sha256: self.of.sha256.to_owned(),
                sheet: self.sheet.name.clone(),
                cell: cell_name(row.number, column),
            },
        }))
    }

    fn fault(&self, row: Row<'_>, column: &str, problem: String, remedy: &str) -> Fault {
        let cell = self
            .table
            .column(column)
            .map_or_else(|| format!("row {}", row.number + 1), |c| format!("cell {}", cell_name(row.number, c)));
        Fault::new(format!("{}, sheet {}, {cell}", self.of.file, self.sheet.name), problem, remedy)
    }

    fn measure(&self, row: Row<'_>, id: &str) -> Result<&Measure, Fault> {
        let fault = |problem, remedy: &str| Err(self.fault(row, "Measure ID", problem, remedy));
        if id.is_empty() {
            return fault("a figure stands in a row without a measure ID".to_owned(), "give the ID of the template");
        }
        let Some(measure) = self.measures.get(&squeeze(id)).copied() else {
            let edition = &self.wanted.framework.edition.id;
            let problem = format!("{:?} is not a measure of the {edition} framework", clip(id, 40));
            return fault(problem, "use the IDs of the template");
        };
        match &measure.source {
            Source::Return { partners } if partners.contains(&self.of.partner.kind) => Ok(measure),
            Source::Return { partners } => {
                let (id, kind) = (&measure.id, &self.of.partner.kind);
                let problem = format!("{id} is not asked of a partner of kind {kind}, but of {}", partners.join(" and "));
                fault(problem, "leave the row out, or ask the secretariat to change who is asked")
            }
            Source::Indicator { .. } | Source::None => {
                fault(format!("{} is not asked of partners", measure.id), "leave the row out")
            }
        }
    }

    fn period(&self, row: Row<'_>, measure: &Measure) -> Result<Period, Fault> {
        let fault = |problem, remedy: &str| Err(self.fault(row, "Period", problem, remedy));
        let Some(cell) = self.table.column("Period").and_then(|column| row.get(column)) else {
            return fault("no period is given".to_owned(), "give the period that the figure is for, such as 2026/27 Q2");
        };
        let Some(period) = period_of(cell, measure) else {
            let expected = "a year (2025/26), a quarter (2026/27 Q2) or a month (Sep 2026) was expected";
            return fault(format!("{} is not a period; {expected}", cell.found()), "correct it");
        };
        if period.end() > self.wanted.period.end() {
            let (last, quarter) = (self.wanted.period.end(), self.wanted.period.slug());
            let problem = format!("{period} ends on {}, after the quarter of the pack ({quarter}, to {last})", period.end());
            return fault(
                problem,
                "correct the period; a figure for part of a year is given by quarter or as a range, 2026/27 Q1-Q2",
            );
        }
        Ok(period)
    }

    fn figures(&self, row: Row<'_>, measure: &Measure) -> Result<Figures, Fault> {
        let entry = |name: &'static str| {
            let expected = "a number, or a mark such as * (suppressed), .. (missing) or n/a, was expected";
            row.entry(self.table.column(name))
                .map_err(|found| self.fault(row, name, format!("{found} was found where {expected}"), "correct the cell"))
        };
        let (numerator, denominator, value) = (entry("Numerator")?, entry("Denominator")?, entry("Value")?);
        let numerator_number = self.count(row, measure, "Numerator", numerator)?;
        let denominator_number = self.count(row, measure, "Denominator", denominator)?;
        let computed = self.computed(row, measure, numerator_number, denominator_number)?;
        let marked = |value, column| Figures { value, numerator: None, denominator: denominator_number, column };
        Ok(match value {
            Entry::Number(number) => {
                let value = self.scaled(row, measure, number, computed)?;
                self.check_range(row, measure, value)?;
                if let Some(computed) = computed {
                    self.check_agreement(row, value, number, computed)?;
                }
                Figures {
                    value: Value::Number(value),
                    numerator: numerator_number,
                    denominator: denominator_number,
                    column: "Value",
                }
            }
            // A count beside a suppressed value would give away what the mark protects.
            Entry::Mark(mark) => marked(mark, "Value"),
            Entry::Nothing => match (computed, numerator, denominator) {
                (Some(computed), ..) => {
                    self.check_range(row, measure, computed)?;
                    Figures {
                        value: Value::Number(computed),
                        numerator: numerator_number,
                        denominator: denominator_number,
                        column: "Numerator",
                    }
                }
                (None, Entry::Mark(mark), _) => marked(mark, "Numerator"),
                (None, _, Entry::Mark(mark)) => marked(mark, "Denominator"),
                (None, Entry::Nothing, Entry::Nothing) => marked(Value::Missing, "Value"),
                (None, Entry::Number(_), _) | (None, _, Entry::Number(_)) => {
                    let lacking = if numerator_number.is_some() { "Denominator" } else { "Numerator" };
                    let problem = format!("there is neither a value nor a {}", lacking.to_lowercase());
                    return Err(self.fault(row, lacking, problem, "give the value, or both numerator and denominator"));
                }
            },
        })
    }

    /// A numerator or denominator, which is a plain number and, where it counts something, not below 0.
    fn count(&self, row: Row<'_>, measure: &Measure, column: &'static str, entry: Entry) -> Result<Option<f64>, Fault> {
        let Entry::Number(number) = entry else { return Ok(None) };
        if number.shown == Shown::Percent {
            let problem = format!("{}% was found where a number, not a share, was expected", number.value);
            return Err(self.fault(row, column, problem, "give the count itself"));
        }
        let counts = matches!(measure.statistic, Statistic::Proportion | Statistic::CrudeRate | Statistic::Count);
        if counts && number.value < 0.0 {
            let problem = format!("{} was found; a count is not below 0", number.value);
            return Err(self.fault(row, column, problem, "correct the count"));
        }
        Ok(Some(number.value))
    }

    /// The value that numerator and denominator make, where both are given and such a value has a meaning.
    fn computed(
        &self,
        row: Row<'_>,
        measure: &Measure,
        numerator: Option<f64>,
        denominator: Option<f64>,
    ) -> Result<Option<f64>, Fault> {
        if measure.statistic == Statistic::Count {
            // A count is its own numerator, whatever it may be out of.
            return Ok(numerator);
        }
        let (Some(numerator), Some(denominator)) = (numerator, denominator) else { return Ok(None) };
        if measure.statistic == Statistic::Proportion && numerator > denominator {
            let problem = format!("the numerator {numerator} is above the denominator {denominator}");
            let remedy = "check both; of a proportion the numerator is a part of the denominator";
            return Err(self.fault(row, "Numerator", problem, remedy));
        }
        // A standardised rate is not its numerator over its denominator, and a quantity has none.
        let divides = matches!(measure.statistic, Statistic::Proportion | Statistic::CrudeRate | Statistic::Estimate);
        if !divides {
            return Ok(None);
        }
        if denominator == 0.0 {
            let problem = "the denominator is 0, so there is no value".to_owned();
            return Err(self.fault(row, "Denominator", problem, "write n/a as the value and leave the denominator blank"));
        }
        Ok(Some(measure.multiplier * numerator / denominator).filter(|value| value.is_finite()))
    }

    /// The number in the measure's unit: a percentage whether it was given as 12.3 or as a percent cell.
    fn scaled(&self, row: Row<'_>, measure: &Measure, number: Number, computed: Option<f64>) -> Result<f64, Fault> {
        let Number { value, shown, .. } = number;
        if measure.unit != Unit::Percent {
            if shown == Shown::Percent {
                let problem = format!("{value}% was found; {} is counted in another unit ({})", measure.id, measure.unit.label());
                return Err(self.fault(row, "Value", problem, "give the number in that unit"));
            }
            return Ok(value);
        }
        if shown == Shown::Percent || value <= 0.0 || value > 1.0 {
            return Ok(value);
        }
        // 0.45 may be 0.45% or 45%: the counts decide, or nobody does.
        let as_share = Number { value: as_percent(value), places: number.places.saturating_sub(2), ..number };
        match computed {
            Some(computed) if agrees(value, number, computed) => Ok(value),
            Some(computed) if agrees(as_share.value, as_share, computed) => Ok(as_share.value),
            Some(_) => Ok(value),
            None => {
                let problem = format!("{value} may mean {value}% or {}%", trimmed(as_percent(value)));
                let remedy = "write it with a percent sign, or give numerator and denominator as well";
                Err(self.fault(row, "Value", problem, remedy))
            }
        }
    }

    fn check_range(&self, row: Row<'_>, measure: &Measure, value: f64) -> Result<(), Fault> {
        let fault = |problem: String| Err(self.fault(row, "Value", problem, "correct the figure"));
        let estimate = matches!(measure.statistic, Statistic::Estimate | Statistic::Quantity);
        match measure.unit {
            // A gap or a change in percentage points may be below 0; a share may not.
            Unit::Percent if value > 100.0 || value < if estimate { -100.0 } else { 0.0 } => {
                fault(format!("{}% was found; a percentage from 0 to 100 was expected", trimmed(value)))
            }
            Unit::Count | Unit::Per100k if !estimate && value < 0.0 => {
                fault(format!("{} was found; 0 or more was expected", trimmed(value)))
            }
            _ => Ok(()),
        }
    }

    fn check_agreement(&self, row: Row<'_>, value: f64, given: Number, computed: f64) -> Result<(), Fault> {
        if agrees(value, given, computed) {
            return Ok(());
        }
        let problem = format!("the value {} is not what the counts beside it make, {}", trimmed(value), trimmed(computed));
        Err(self.fault(row, "Value", problem, "correct whichever is wrong, or leave the value blank"))
    }
}

/// True where `computed`, rounded to the places in which `value` was given, is `value`.
fn agrees(value: f64, given: Number, computed: f64) -> bool {
    let half_a_step = 0.5 * 10f64.powi(-i32::try_from(given.places.min(12)).expect("at most 12"));
    (value - computed).abs() <= half_a_step * (1.0 + 1e-9) + computed.abs() * 1e-9
}

/// A number for a message: at most four places, no trailing zeros.
fn trimmed(value: f64) -> String {
    let fixed = format!("{value:.4}");
    fixed.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn period_of(cell: &Cell, measure: &Measure) -> Option<Period> {
    match &cell.content {
        // Excel turns "Sep 2026" into the first of that month as it is typed.
        Content::Date(date) if date.day() == 1 && measure.cadence_months == 1 => {
            Period::parse_iso_month(&format!("{:04}-{:02}", date.year(), date.month())).ok()
        }
        Content::Text(_) | Content::Number(_) => measure.period(&cell.text()).ok(),
        _ => None,
    }
}

/// Takes out what stands twice: once is enough where both agree; where they do not, neither is used.
fn without_contradictions(read: Vec<Observation>, faults: &mut Vec<Fault>) -> Vec<Observation> {
    let mut first_of: BTreeMap<(String, Period), usize> = BTreeMap::new();
    let mut keep = vec![true; read.len()];
    for (index, observation) in read.iter().enumerate() {
        let key = (observation.measure.0.clone(), observation.period);
        let Some(first) = first_of.get(&key).copied() else {
            first_of.insert(key, index);
            continue;
        };
        keep[index] = false;
        let same =
            |a: &Observation, b: &Observation| (a.value, a.numerator, a.denominator) == (b.value, b.numerator, b.denominator);
        if !same(&read[first], observation) {
            keep[first] = false;
            let (earlier, later) = (place_of(&read[first]), place_of(observation));
            let problem = format!(
                "{} for {} was given before, otherwise, in cell {}; neither is used",
                observation.measure, observation.period, earlier.1
            );
            faults.push(Fault::new(format!("{}, cell {}", later.0, later.1), problem, "keep the right one"));
        }
    }
    read.into_iter().zip(keep).filter_map(|(observation, keep)| keep.then_some(observation)).collect()
}

/// File and sheet, and the cell.
fn place_of(observation: &Observation) -> (String, &str) {
    match &observation.provenance {
        Provenance::Cell { file, sheet, cell, .. } => (format!("{file}, sheet {sheet}"), cell),
        Provenance::Answer { url, .. } => (url.clone(), ""),
    }
}
