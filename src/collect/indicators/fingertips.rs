//! Reading the CSV of OHID Fingertips: columns by name, and only what was asked of all that came.

use super::gather::{Figure, Gathering, Reading, clip, limits, value};
use super::lines::Lines;
use super::question::{Asking, Question};
use crate::collect::{Category, Wanted};
use crate::period::Period;
use crate::value::Value;
use csv::StringRecord;
use std::collections::BTreeSet;

const NEEDED: [&str; 6] = ["Indicator ID", "Area Code", "Sex", "Age", "Time period", "Value"];

/// Labels remembered for the message where nothing fits; more would not help anyone.
const MOST_LABELS: usize = 12;

/// Where the columns are; those that an answer may lack are optional.
struct Columns {
    indicator_id: usize,
    area: usize,
    sex: usize,
    age: usize,
    period: usize,
    value: usize,
    name: Option<usize>,
    category_type: Option<usize>,
    category: Option<usize>,
    lower: Option<usize>,
    upper: Option<usize>,
    lower_998: Option<usize>,
    upper_998: Option<usize>,
    count: Option<usize>,
    denominator: Option<usize>,
    note: Option<usize>,
    trend: Option<usize>,
    comparison: Option<usize>,
}

/// What the rows of the asked indicator and areas say of themselves, for the message where none of them fits.
#[derive(Default)]
struct Labels {
    rows: u64,
    of_indicator: u64,
    sexes: BTreeSet<String>,
    ages: BTreeSet<String>,
    periods: BTreeSet<String>,
}

/// Reads the figures that each measure of `question` asks for.
///
/// The source ignores parameters that it does not know and answers with more than was asked, so every row is held
/// against indicator, area, sex, age and length of period here.
///
/// # Errors
/// An answer that is no such table.
pub(super) fn read(bytes: &[u8], question: &Question<'_>, wanted: &Wanted<'_>) -> Result<Vec<Reading>, String> {
    let mut lines = Lines::open(bytes, &NEEDED)?;
    let columns = Columns::of(&lines)?;
    let mut gatherings = Gathering::of(question, wanted);
    let mut labels = Labels::default();
    let mut row = StringRecord::new();
    while let Some(line) = lines.next(&mut row)? {
        labels.rows += 1;
        if columns.get(&row, columns.indicator_id) != question.indicator {
            continue;
        }
        labels.of_indicator += 1;
        for gathering in &mut gatherings {
            match columns.figure(&row, line, gathering, &mut labels) {
                Ok(Some(figure)) => gathering.add(figure),
                Ok(None) => {}
                Err(reason) => gathering.fail(reason),
            }
        }
    }
    Ok(gatherings.into_iter().map(|gathering| gathering.finish(|asking| labels.nothing_for(asking))).collect())
}

impl Columns {
    fn of(lines: &Lines<'_>) -> Result<Self, String> {
        let needed = |name: &str| lines.column(name).ok_or_else(|| format!("the table has no column {name:?}"));
        Ok(Self {
            indicator_id: needed("Indicator ID")?,
            area: needed("Area Code")?,
            sex: needed("Sex")?,
            age: needed("Age")?,
            period: needed("Time period")?,
            value: needed("Value")?,
            name: lines.column("Indicator Name"),
            category_type: lines.column("Category Type"),
            category: lines.column("Category"),
            lower: lines.column("Lower CI 95.0 limit"),
            upper: lines.column("Upper CI 95.0 limit"),
            lower_998: lines.column("Lower CI 99.8 limit"),
            upper_998: lines.column("Upper CI 99.8 limit"),
            count: lines.column("Count"),
            denominator: lines.column("Denominator"),
            note: lines.column("Value note"),
            trend: lines.column("Recent Trend"),
            comparison: lines.column("Compared to England value or percentiles"),
        })
    }

    fn get<'r>(&self, row: &'r StringRecord, column: usize) -> &'r str {
        row.get(column).unwrap_or_default().trim()
    }

    fn optional<'r>(&self, row: &'r StringRecord, column: Option<usize>) -> &'r str {
        column.map_or("", |column| self.get(row, column))
    }

    /// The figure of a row, where the measure asks for it.
    fn figure(
        &self,
        row: &StringRecord,
        line: u64,
        gathering: &Gathering<'_>,
        labels: &mut Labels,
    ) -> Result<Option<Figure>, String> {
        let asking = &gathering.asking;
        let Some(area) = gathering.area(self.get(row, self.area)) else { return Ok(None) };
        let (sex, age, label) = (self.get(row, self.sex), self.get(row, self.age), self.get(row, self.period));
        labels.note(sex, age, label);
        if !sex.eq_ignore_ascii_case(&asking.sex.to_string()) || !(asking.age.is_empty() || asking.age == age) {
            return Ok(None);
        }
        let period = asking.measure.period(label).map_err(|e| format!("line {line}: {e}"))?;
        if !is_of_length(period, asking) {
            return Ok(None);
        }
        let number = |column, name: &str| value(self.optional(row, column), &[], line, name).map(Value::number);
        let pair = |lower, upper, level: &str| {
            let (lower_name, upper_name) = (format!("Lower CI {level} limit"), format!("Upper CI {level} limit"));
            limits((self.optional(row, lower), &lower_name), (self.optional(row, upper), &upper_name), line)
        };
        let note = self.optional(row, self.note);
        let given = match value(self.get(row, self.value), &[], line, "Value")? {
            // A blank value does not say why; the note may.
            Value::Missing if note.to_lowercase().contains("suppressed") => Value::Suppressed,
            given => given,
        };
        let words = |column| Some(self.optional(row, column)).filter(|words| !words.is_empty()).map(str::to_owned);
        let scheme = self.optional(row, self.category_type);
        let category = (!scheme.is_empty())
            .then(|| Category { scheme: scheme.to_owned(), group: self.optional(row, self.category).to_owned() });
        Ok(Some(Figure {
            measure: asking.measure.id.clone(),
            area: area.clone(),
            period,
            sex: asking.sex,
            age: age.to_owned(),
            category,
            value: given,
            numerator: number(self.count, "Count")?,
            denominator: number(self.denominator, "Denominator")?,
            limits: pair(self.lower, self.upper, "95.0")?,
            limits_998: pair(self.lower_998, self.upper_998, "99.8")?,
            published_comparison: words(self.comparison),
            published_trend: words(self.trend),
            note: note.to_owned(),
            indicator: self.optional(row, self.name).to_owned(),
            line,
        }))
    }
}

/// One indicator may hold single years and three-year pools under the same id; the length tells them apart.
fn is_of_length(period: Period, asking: &Asking<'_>) -> bool {
    let monthly_or_quarterly = asking.measure.cadence_months < 12 && period.months() < 12;
    monthly_or_quarterly || period.months() == asking.years * 12
}

impl Labels {
    fn note(&mut self, sex: &str, age: &str, period: &str) {
        for (labels, label) in [(&mut self.sexes, sex), (&mut self.ages, age), (&mut self.periods, period)] {
            if labels.len() < MOST_LABELS && !labels.contains(label) {
                labels.insert(clip(label));
            }
        }
    }

    fn nothing_for(&self, asking: &Asking<'_>) -> String {
        let Asking { measure, indicator, sex, age, years } = asking;
        let id = &measure.id;
        match (self.rows, self.of_indicator) {
            (0, _) => return format!("the table has a header and no rows: the source knows no figure of indicator {indicator}"),
            (rows, 0) => return format!("none of the {rows} rows is of indicator {indicator}"),
            (_, rows) if self.sexes.is_empty() => {
                return format!("none of the {rows} rows of indicator {indicator} is about an area that {id} asks for");
            }
            _ => {}
        }
        let list = |labels: &BTreeSet<String>| labels.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let age = if age.is_empty() { String::new() } else { format!(", age {age:?}") };
        format!(
            "no row fits {id} (sex {sex}{age}, periods of {years} years); the rows of its areas have sex {}; age {}; periods {}",
            list(&self.sexes),
            list(&self.ages),
            list(&self.periods)
        )
    }
}
