//! OHID Fingertips: its requests, and its CSV with columns by name, of which only what was asked is kept.

use crate::collect::indicators::collector::{AnswerCollector, MeasureCollector};
use crate::collect::indicators::description::Description;
use crate::collect::indicators::figure::AnswerFigure;
use crate::collect::indicators::query::{MeasureQuery, SourceQuery};
use crate::collect::indicators::readers::amounts::{Amount, amount, count, limits, whole};
use crate::collect::indicators::readers::answer_error::AnswerError;
use crate::collect::indicators::readers::csv_rows::CsvRows;
use crate::collect::indicators::source::IndicatorSource;
use crate::collect::indicators::spread;
use crate::figure::{Category, Observation};
use crate::framework::Framework;
use crate::value::Value;
use csv::StringRecord;
use std::io::Read;

pub(in crate::collect::indicators) struct Fingertips;

/// Its id of England as an area type, the parent of every other.
const ENGLAND: u32 = 15;

const NEEDED: [&str; 6] = ["Indicator ID", "Area Code", "Sex", "Age", "Time period", "Value"];

impl IndicatorSource for Fingertips {
    /// An answer for each area type.
    fn requests(&self, asking: &MeasureQuery<'_>, _framework: &Framework) -> Result<Vec<Vec<String>>, String> {
        if asking.indicator.is_empty() || !asking.indicator.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!(
                "the indicator {:?} is not a Fingertips id; a number was expected, such as 90366",
                asking.indicator
            ));
        }
        if asking.area_types.is_empty() {
            let measure = &asking.measure.id;
            return Err(format!("{measure} names no area_types, and without one the source answers with every area there is"));
        }
        let indicator = escaped(asking.indicator);
        // The order of the parameters is fixed: recordings are found by this text.
        let request = |area_type: &u32| {
            format!(
                "all_data/csv/by_indicator_id?indicator_ids={indicator}&child_area_type_id={area_type}&parent_area_type_id={ENGLAND}"
            )
        };
        Ok(asking.area_types.iter().map(|area_type| vec![request(area_type)]).collect())
    }

    /// An answer is one page.
    fn after(&self, _page: &mut dyn Read, _asked: &str) -> Result<Option<String>, AnswerError> {
        Ok(None)
    }

    /// The source ignores parameters that it does not know and answers with more than was asked, so every row is held
    /// against indicator, area, sex, age and length of period here.
    fn read(
        &self,
        page: &mut dyn Read,
        question: &SourceQuery<'_>,
        collector: &mut AnswerCollector<'_>,
    ) -> Result<(), AnswerError> {
        let mut lines = CsvRows::open(page, &NEEDED)?;
        let columns = Columns::of(&lines)?;
        let mut row = StringRecord::new();
        while let Some(line) = lines.next()? {
            let indicator = lines.cell(columns.indicator_id) == question.indicator.as_bytes();
            if collector.takes(indicator, lines.cell(columns.area)) {
                lines.text(&mut row);
                collector.each(|measure| columns.figure(&row, line, measure));
            }
            if indicator {
                let page = collector.page();
                collector.spread(|measure| columns.spread(&lines, line, page, measure));
            }
        }
        Ok(())
    }

    fn describing(&self, indicator: &str) -> Option<String> {
        Some(format!("indicator_metadata/csv/by_indicator_id?indicator_ids={}", escaped(indicator)))
    }

    fn describing_all(&self) -> Option<String> {
        Some("indicator_metadata/csv/all".to_owned())
    }

    fn describe(&self, page: &mut dyn Read, each: &mut dyn FnMut(Description)) -> Result<(), AnswerError> {
        let mut lines = CsvRows::open(page, &["Indicator ID", "Indicator"])?;
        let mut row = StringRecord::new();
        while lines.next()?.is_some() {
            lines.text(&mut row);
            let get = |column: &str| lines.column(column).and_then(|column| row.get(column)).unwrap_or_default().to_owned();
            each(Description {
                indicator: get("Indicator ID"),
                name: get("Indicator"),
                definition: get("Definition"),
                unit: get("Unit"),
                polarity: get("Polarity"),
                year: get("Year type"),
                origin: get("Data source"),
                licence: get("Data re-use"),
            });
        }
        Ok(())
    }
}

/// An id is a number; anything else must not add parameters of its own.
fn escaped(indicator: &str) -> String {
    indicator.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

/// Where the columns are; those that an answer may lack are optional.
struct Columns {
    indicator_id: usize,
    area: usize,
    area_type: Option<usize>,
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

impl Columns {
    fn of(lines: &CsvRows<'_>) -> Result<Self, AnswerError> {
        let lacking = |name: &str| AnswerError::NoColumn { lacking: vec![name.to_owned()], first: String::new() };
        let needed = |name: &str| lines.column(name).ok_or_else(|| lacking(name));
        Ok(Self {
            indicator_id: needed("Indicator ID")?,
            area: needed("Area Code")?,
            area_type: lines.column("Area Type"),
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
        row.get(column).unwrap_or_default()
    }

    fn optional<'r>(&self, row: &'r StringRecord, column: Option<usize>) -> &'r str {
        column.map_or("", |column| self.get(row, column))
    }

    /// Shows a row to the measure's distribution. Every row of an answer comes here: cells are compared as they came.
    fn spread(&self, lines: &CsvRows<'_>, line: u64, page: usize, measure: &mut MeasureCollector<'_>) {
        let asking = measure.query;
        let cell = |column: Option<usize>| column.map_or(&b""[..], |column| lines.cell(column));
        let is_headline = cell(self.category_type).is_empty() && !cell(self.area_type).is_empty();
        let is_sex = lines.cell(self.sex).eq_ignore_ascii_case(asking.sex.label().as_bytes());
        let is_age = asking.age.is_empty() || lines.cell(self.age) == asking.age.as_bytes();
        if !(is_headline && is_sex && is_age) {
            return;
        }
        let row = spread::Row {
            area_type: cell(self.area_type),
            area: lines.cell(self.area),
            period: lines.cell(self.period),
            indicator: cell(self.name),
            line,
            page,
        };
        // What cannot be read of another's area is no fault of ours: it has no figure.
        let number = || {
            let text = String::from_utf8_lossy(lines.cell(self.value));
            amount(&text, Some(&asking.measure.unit), &[], &line, "Value").ok().and_then(|amount| amount.value.number())
        };
        measure.spread.add(&asking, &row, number);
    }

    /// The figure of a row, where the measure asks for it.
    fn figure(
        &self,
        row: &StringRecord,
        line: u64,
        measure: &mut MeasureCollector<'_>,
    ) -> Result<Option<AnswerFigure>, AnswerError> {
        let Some(area) = measure.area(self.get(row, self.area)) else { return Ok(None) };
        let (sex, age, label) = (self.get(row, self.sex), self.get(row, self.age), self.get(row, self.period));
        measure.note(sex, age, label);
        let asking = &measure.query;
        if !sex.eq_ignore_ascii_case(&asking.sex.to_string()) || !(asking.age.is_empty() || asking.age == age) {
            return Ok(None);
        }
        let period = asking
            .measure
            .period(label)
            .map_err(|e| AnswerError::NoPeriod { at: format!("line {line}"), problem: e.to_string() })?;
        if !asking.takes(period) {
            return Ok(None);
        }
        let unit = &asking.measure.unit;
        let count = |column, name: &str| count(self.optional(row, column), &[], &format_args!("line {line}"), name);
        let pair = |lower, upper, level: &str| {
            let (lower_name, upper_name) = (format!("Lower CI {level} limit"), format!("Upper CI {level} limit"));
            limits(
                unit,
                (self.optional(row, lower), &lower_name),
                (self.optional(row, upper), &upper_name),
                &format_args!("line {line}"),
            )
        };
        let note = self.optional(row, self.note);
        let Amount { value, decimals, money } =
            amount(self.get(row, self.value), Some(unit), &[], &format_args!("line {line}"), "Value")?;
        let given = match value {
            // A blank value does not say why; the note may.
            Value::Missing if note.to_lowercase().contains("suppressed") => Value::Suppressed,
            given => given,
        };
        let (given, numerator, denominator) = whole(given, count(self.count, "Count")?, count(self.denominator, "Denominator")?);
        let (limits, limits_998) = match given {
            Value::Suppressed => (None, None),
            _ => (pair(self.lower, self.upper, "95.0")?, pair(self.lower_998, self.upper_998, "99.8")?),
        };
        let words = |column| Some(self.optional(row, column)).filter(|words| !words.is_empty()).map(str::to_owned);
        let scheme = self.optional(row, self.category_type);
        let category = (!scheme.is_empty())
            .then(|| Category { scheme: scheme.to_owned(), group: self.optional(row, self.category).to_owned() });
        let observation = Observation {
            measure: asking.measure.id.clone(),
            area: area.clone(),
            period,
            sex: asking.sex,
            age: age.to_owned(),
            category,
            value: given,
            decimals,
            numerator,
            denominator,
            limits,
            limits_998,
            published_comparison: words(self.comparison),
            published_trend: words(self.trend),
            note: note.to_owned(),
            illustrative: false,
            provenance: measure.provenance(self.optional(row, self.name).to_owned(), line, String::new()),
        };
        Ok(Some(AnswerFigure { observation, money, page: 0 }))
    }
}
