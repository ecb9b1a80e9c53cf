//! The numbers of one row: value, counts and limits in the measure's unit, checked against each other.

use super::figures::Reader;
use crate::collect::FigureKey;
use crate::collect::workbook::{Entry, Number, Row, Shown, as_percent};
use crate::fault::Fault;
use crate::framework::{Measure, Statistic};
use crate::value::{Limits, Unit, Value};

/// What a row gives, as numbers in the measure's unit.
pub(super) struct Amounts {
    pub value: Value,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    /// 95% limits as given.
    pub limits: Option<Limits>,
    /// The column whose cell stands for the row.
    pub column: &'static str,
}

/// How many times the last figure, or what part of it, a number of 1 or less may be to be taken for a percentage.
const LIKE: f64 = 5.0;

const BOTH: &str = "give both limits or neither";

impl Reader<'_> {
    /// `key` says which figure the row is.
    pub fn amounts(&self, row: Row<'_>, measure: &Measure, key: &FigureKey) -> Result<Amounts, Fault> {
        let amounts = self.counted(row, measure, key)?;
        let limits = self.limits(row, measure, amounts.value)?;
        Ok(Amounts { limits, ..amounts })
    }

    pub fn entry(&self, row: Row<'_>, column: &str) -> Result<Entry, Fault> {
        let expected = "a number, or a mark such as * (suppressed), .. (missing) or n/a, was expected";
        row.entry(self.table.column(column))
            .map_err(|found| self.fault(row, column, format!("{found} was found where {expected}"), "correct the cell"))
    }

    /// The 95% limits, given both or neither, with the value between them.
    fn limits(&self, row: Row<'_>, measure: &Measure, value: Value) -> Result<Option<Limits>, Fault> {
        let (lower, upper) = match (self.entry(row, "Lower")?, self.entry(row, "Upper")?) {
            (Entry::Number(lower), Entry::Number(upper)) => (lower, upper),
            (Entry::Number(_), _) => {
                return Err(self.fault(row, "Upper", "there is a lower limit and no upper".to_owned(), BOTH));
            }
            (_, Entry::Number(_)) => {
                return Err(self.fault(row, "Lower", "there is an upper limit and no lower".to_owned(), BOTH));
            }
            _ => return Ok(None),
        };
        let value = match value {
            Value::Number(value) => value,
            Value::Missing => return Err(self.fault(row, "Value", "there are limits and no value".to_owned(), "give the value")),
            // Limits beside a suppressed value would give away what the mark protects.
            Value::Suppressed | Value::NotApplicable => return Ok(None),
        };
        if measure.unit != Unit::Percent && (lower.shown == Shown::Percent || upper.shown == Shown::Percent) {
            let problem = format!("a percentage was found; {} is counted in another unit ({})", measure.id, measure.unit.label());
            return Err(self.fault(row, "Lower", problem, "give the limits in that unit"));
        }
        let plain = Limits { lower: lower.value, upper: upper.value };
        let is_share = |n: Number| n.shown != Shown::Percent && (0.0..=1.0).contains(&n.value);
        // 0.41 to 0.49 around 45% are shares.
        let limits = if measure.unit == Unit::Percent && is_share(lower) && is_share(upper) && !plain.contains(value) {
            Limits { lower: as_percent(lower.value), upper: as_percent(upper.value) }
        } else {
            plain
        };
        self.check_range(row, measure, "Lower", limits.lower)?;
        self.check_range(row, measure, "Upper", limits.upper)?;
        if !limits.contains(value) {
            let between = format!("{} to {}", trimmed(limits.lower), trimmed(limits.upper));
            let problem = format!("the value {} does not lie within its limits, {between}", trimmed(value));
            return Err(self.fault(row, "Lower", problem, "correct whichever is wrong"));
        }
        Ok(Some(limits))
    }

    fn counted(&self, row: Row<'_>, measure: &Measure, key: &FigureKey) -> Result<Amounts, Fault> {
        let entry = |column| self.entry(row, column);
        let (numerator, denominator, value) = (entry("Numerator")?, entry("Denominator")?, entry("Value")?);
        let numerator_number = self.count(row, measure, "Numerator", numerator)?;
        let denominator_number = self.count(row, measure, "Denominator", denominator)?;
        let computed = self.computed(row, measure, numerator_number, denominator_number)?;
        let marked = |value, column| Amounts { value, numerator: None, denominator: denominator_number, limits: None, column };
        Ok(match value {
            Entry::Number(number) => {
                let value = self.scaled(row, measure, key, number, computed)?;
                self.check_range(row, measure, "Value", value)?;
                if let Some(computed) = computed {
                    self.check_agreement(row, value, number, computed)?;
                }
                Amounts {
                    value: Value::Number(value),
                    numerator: numerator_number,
                    denominator: denominator_number,
                    limits: None,
                    column: "Value",
                }
            }
            // A count beside a suppressed value would give away what the mark protects.
            Entry::Mark(mark) => marked(mark, "Value"),
            Entry::Nothing => match (computed, numerator, denominator) {
                (Some(computed), ..) => {
                    self.check_range(row, measure, "Value", computed)?;
                    Amounts {
                        value: Value::Number(computed),
                        numerator: numerator_number,
                        denominator: denominator_number,
                        limits: None,
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
    fn scaled(
        &self,
        row: Row<'_>,
        measure: &Measure,
        key: &FigureKey,
        number: Number,
        computed: Option<f64>,
    ) -> Result<f64, Fault> {
        let Number { value, shown, .. } = number;
        if row.text(self.table.column("Value")).contains('£') && !matches!(measure.unit, Unit::Count | Unit::Score) {
            let problem = format!("an amount of money was found; {} is counted in {}", measure.id, measure.unit.label());
            return Err(self.fault(row, "Value", problem, "give the number in that unit"));
        }
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
                let last = self.past.last_before(measure, key, self.of.illustrative);
                if last.is_some_and(|(_, last)| last > 0.0 && (1.0 / LIKE..=LIKE).contains(&(value / last))) {
                    return Ok(value);
                }
                let before = last.map_or(String::new(), |(period, last)| format!("; it was {}% in {period}", trimmed(last)));
                let problem = format!("{value} may mean {value}% or {}%{before}", trimmed(as_percent(value)));
                let remedy = "write it with a percent sign, or give numerator and denominator as well";
                Err(self.fault(row, "Value", problem, remedy))
            }
        }
    }

    fn check_range(&self, row: Row<'_>, measure: &Measure, column: &str, value: f64) -> Result<(), Fault> {
        let Some(expected) = measure.expected_for(value) else { return Ok(()) };
        let sign = if measure.unit == Unit::Percent { "%" } else { "" };
        let problem = format!("{}{sign} was found; {expected} was expected", trimmed(value));
        Err(self.fault(row, column, problem, "correct the figure"))
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
    agrees_to(value, given.places, computed)
}

/// The same of a value given to so many decimal places.
pub(super) fn agrees_to(value: f64, places: u32, computed: f64) -> bool {
    let half_a_step = 0.5 * 10f64.powi(-i32::try_from(places.min(12)).expect("at most 12"));
    (value - computed).abs() <= half_a_step * (1.0 + 1e-9) + computed.abs() * 1e-9
}

/// A number for a message: at most four places, no trailing zeros.
pub(super) fn trimmed(value: f64) -> String {
    let fixed = format!("{value:.4}");
    fixed.trim_end_matches('0').trim_end_matches('.').to_owned()
}
