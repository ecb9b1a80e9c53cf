//! The numbers of one row: value, counts and limits in the measure's unit, checked against each other.

use super::figures::Reader;
use crate::collect::checks::{self, CheckedCounts, FigurePart, NumberFault, agrees_to, trimmed};
use crate::collect::entry::{CellEntry, Number};
use crate::fault::Fault;
use crate::figure::FigureKey;
use crate::framework::Measure;
use crate::value::{Limits, Unit, Value};
use workbook_reader::{NumberFormat, Row, as_percent};

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

impl Reader<'_> {
    /// `key` says which figure the row is. A count or a limit that cannot be used and does not put the value in doubt is left
    /// out, and told in `left_out`.
    pub fn amounts(&self, row: Row<'_>, measure: &Measure, key: &FigureKey, left_out: &mut Vec<Fault>) -> Result<Amounts, Fault> {
        let amounts = self.counted(row, measure, key, left_out);
        let amounts = amounts.inspect_err(|fault| left_out.extend(self.others_unread(row, measure, fault)))?;
        let limits = match amounts.value {
            Value::Number(value) => self.limits(row, measure, value, left_out)?,
            Value::Missing if self.has_limits(row) => {
                return Err(self.fault(row, "Value", "there are limits and no value".to_owned(), "give the value"));
            }
            // Limits beside a suppressed value would give away what the mark protects.
            Value::Missing | Value::Suppressed | Value::NotApplicable => None,
        };
        Ok(Amounts { limits, ..amounts })
    }

    /// The cells of a row that cannot be read either, beside the one that is told: all of them are to be mended.
    fn others_unread(&self, row: Row<'_>, measure: &Measure, told: &Fault) -> Vec<Fault> {
        let counts = ["Numerator", "Denominator"].map(|column| self.entry(row, column));
        let amounts = ["Value", "Lower", "Upper"].map(|column| self.amount(row, column, measure));
        let unread = counts.into_iter().chain(amounts).filter_map(Result::err);
        unread.filter(|fault| fault.place != told.place).collect()
    }

    pub fn entry(&self, row: Row<'_>, column: &str) -> Result<CellEntry, Fault> {
        self.entry_in(row, column, None)
    }

    fn entry_in(&self, row: Row<'_>, column: &str, unit: Option<&Unit>) -> Result<CellEntry, Fault> {
        let expected = "a number, or a mark such as * (suppressed), .. (missing) or n/a, was expected";
        CellEntry::of(row, self.table.column(column), unit).map_err(|found| {
            let text = row.text(self.table.column(column));
            let with_spaces =
                text.chars().any(|c| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace());
            let remedy = if with_spaces { "give one number, without spaces" } else { "correct the cell" };
            self.fault(row, column, format!("{found} was found where {expected}"), remedy)
        })
    }

    /// The same of a value or a limit of `measure`, which may be an amount of money that says its own unit.
    fn amount(&self, row: Row<'_>, column: &str, measure: &Measure) -> Result<CellEntry, Fault> {
        let unit = &measure.unit;
        let Some(example) = checks::example_of_money(unit) else { return self.entry_in(row, column, Some(unit)) };
        CellEntry::of(row, self.table.column(column), Some(unit)).map_err(|found| {
            let problem = format!("{found} was found where an amount in {} or a mark was expected", unit.label());
            self.fault(row, column, problem, &format!("give a single amount, such as {example}"))
        })
    }

    /// What a cell says that the value can do without.
    fn beside(entry: Result<CellEntry, Fault>, left_out: &mut Vec<Fault>) -> CellEntry {
        entry.unwrap_or_else(|fault| {
            left_out.push(without(fault));
            CellEntry::Nothing
        })
    }

    fn has_limits(&self, row: Row<'_>) -> bool {
        ["Lower", "Upper"].iter().any(|column| !row.text(self.table.column(column)).is_empty())
    }

    fn wrong(&self, row: Row<'_>, NumberFault { part, problem, remedy, .. }: NumberFault) -> Fault {
        self.fault(row, column_of(part), problem, remedy)
    }

    /// The 95% limits, given both or neither, with the value between them.
    fn limits(&self, row: Row<'_>, measure: &Measure, value: f64, left_out: &mut Vec<Fault>) -> Result<Option<Limits>, Fault> {
        let told = left_out.len();
        let [lower, upper] = ["Lower", "Upper"].map(|column| match Self::beside(self.amount(row, column, measure), left_out) {
            CellEntry::Number(number) => Some(number),
            CellEntry::Nothing | CellEntry::Mark(_) => None,
        });
        if left_out.len() > told {
            return Ok(None);
        }
        let given = [(FigurePart::Lower, lower), (FigurePart::Upper, upper)];
        let as_percentage = given.iter().find(|(_, limit)| limit.is_some_and(|limit| limit.shown == NumberFormat::Percent));
        if let Some((part, _)) = as_percentage.filter(|_| measure.unit != Unit::Percent) {
            let problem = format!("a percentage was found; {} is counted in another unit ({})", measure.id, measure.unit.label());
            left_out.push(without(self.fault(row, column_of(*part), problem, "give the limits in that unit")));
            return Ok(None);
        }
        let is_share = |n: Number| n.shown != NumberFormat::Percent && (0.0..=1.0).contains(&n.value);
        // 0.41 to 0.49 around 45% are shares.
        let are_shares = matches!((lower, upper), (Some(lower), Some(upper)) if measure.unit == Unit::Percent
            && is_share(lower) && is_share(upper) && !(lower.value..=upper.value).contains(&value));
        let scaled = |limit: Number| if are_shares { as_percent(limit.value) } else { limit.value };
        match checks::limits(measure, value, lower.map(scaled), upper.map(scaled)) {
            Ok(limits) => Ok(limits),
            Err(wrong) if wrong.value_stands => {
                left_out.push(without(self.wrong(row, wrong)));
                Ok(None)
            }
            Err(wrong) => Err(self.wrong(row, wrong)),
        }
    }

    fn counted(&self, row: Row<'_>, measure: &Measure, key: &FigureKey, left_out: &mut Vec<Fault>) -> Result<Amounts, Fault> {
        let value = self.amount(row, "Value", measure)?;
        let mut count = |column| match value {
            CellEntry::Number(_) => Ok(Self::beside(self.entry(row, column), left_out)),
            CellEntry::Mark(_) | CellEntry::Nothing => self.entry(row, column),
        };
        let (numerator, denominator) = (count("Numerator")?, count("Denominator")?);
        // On any of the three it hides the whole figure: of value and denominator the count could be worked out.
        let suppressed = CellEntry::Mark(Value::Suppressed);
        let marked_at =
            [("Numerator", numerator), ("Denominator", denominator)].into_iter().find(|(_, entry)| *entry == suppressed);
        let (value, column) = match marked_at {
            Some((column, _)) if value != suppressed => (suppressed, column),
            _ => (value, "Value"),
        };
        let counts = CheckedCounts {
            numerator: self.count(row, FigurePart::Numerator, numerator)?,
            denominator: self.count(row, FigurePart::Denominator, denominator)?,
            have_value: matches!(value, CellEntry::Number(_)),
        };
        let mut held = |part, number| match counts.check(measure, part) {
            Err(wrong) if wrong.value_stands => {
                left_out.push(without(self.wrong(row, wrong)));
                Ok(None)
            }
            held => held.map(|()| number).map_err(|wrong| self.wrong(row, wrong)),
        };
        let numerator_number = held(FigurePart::Numerator, counts.numerator)?;
        let denominator_number = held(FigurePart::Denominator, counts.denominator)?;
        let wrong = |wrong| self.wrong(row, wrong);
        let computed = match value {
            // Of nothing there is no share, as the mark says.
            CellEntry::Mark(_) => None,
            _ => checks::computed(measure, numerator_number, denominator_number).map_err(wrong)?,
        };
        let marked = |value, column| Amounts { value, numerator: None, denominator: denominator_number, limits: None, column };
        let given = |value, column| Amounts {
            value: Value::Number(value),
            numerator: numerator_number,
            denominator: denominator_number,
            limits: None,
            column,
        };
        Ok(match value {
            CellEntry::Number(number) => {
                let (value, places) = self.scaled(row, measure, key, number, computed)?;
                checks::range(measure, FigurePart::Value, value).map_err(wrong)?;
                if let Some(computed) = computed {
                    checks::agreement(value, places, computed).map_err(wrong)?;
                }
                given(value, "Value")
            }
            // A count beside a suppressed value would give away what the mark protects.
            CellEntry::Mark(mark) => marked(mark, column),
            CellEntry::Nothing => match (computed, numerator, denominator) {
                (Some(computed), ..) => {
                    checks::range(measure, FigurePart::Value, computed).map_err(wrong)?;
                    given(computed, "Numerator")
                }
                (None, CellEntry::Mark(mark), _) => marked(mark, "Numerator"),
                (None, _, CellEntry::Mark(mark)) => marked(mark, "Denominator"),
                (None, CellEntry::Nothing, CellEntry::Nothing) => marked(Value::Missing, "Value"),
                (None, CellEntry::Number(_), _) | (None, _, CellEntry::Number(_)) => {
                    return Err(wrong(checks::one_count_alone(numerator_number, denominator_number)));
                }
            },
        })
    }

    /// A numerator or denominator, which is a plain number.
    fn count(&self, row: Row<'_>, part: FigurePart, entry: CellEntry) -> Result<Option<f64>, Fault> {
        let CellEntry::Number(number) = entry else { return Ok(None) };
        if number.shown == NumberFormat::Percent {
            let problem = format!("{}% was found where a number, not a share, was expected", number.value);
            return Err(self.fault(row, column_of(part), problem, "give the count itself"));
        }
        Ok(Some(number.value))
    }

    /// The number in the measure's unit, with its decimal places in that: a percentage whether it was given as 12.3, as 0.123
    /// beside its counts or as a percent cell.
    fn scaled(
        &self,
        row: Row<'_>,
        measure: &Measure,
        key: &FigureKey,
        number: Number,
        computed: Option<f64>,
    ) -> Result<(f64, u32), Fault> {
        let Number { value, shown, money, places } = number;
        if checks::is_money_elsewhere(&measure.unit, money) {
            let problem = format!("an amount of money was found; {} is counted in {}", measure.id, measure.unit.label());
            return Err(self.fault(row, "Value", problem, "give the number in that unit"));
        }
        if measure.unit != Unit::Percent {
            if shown == NumberFormat::Percent {
                let problem = format!("{value}% was found; {} is counted in another unit ({})", measure.id, measure.unit.label());
                return Err(self.fault(row, "Value", problem, "give the number in that unit"));
            }
            if let Some(example) = checks::example_of_money(&measure.unit) {
                let last = self.past.last_before(measure, key, self.of.illustrative);
                let remedy = format!("write the amount in that unit or with its own, such as {example}");
                checks::money(&measure.unit, value, money, last).map_err(|problem| self.fault(row, "Value", problem, &remedy))?;
            }
            return Ok((value, places));
        }
        if shown == NumberFormat::Percent || value <= 0.0 || value > 1.0 {
            return Ok((value, places));
        }
        // 0.45 may be 0.45% or 45%: the counts decide, or nobody does.
        let as_share = (as_percent(value), places.saturating_sub(2));
        match computed {
            Some(computed) if agrees_to(value, places, computed) => Ok((value, places)),
            Some(computed) if agrees_to(as_share.0, as_share.1, computed) => Ok(as_share),
            Some(_) => Ok((value, places)),
            None => {
                let last = self.past.last_before(measure, key, self.of.illustrative);
                if last.is_some_and(|(_, last)| last > 0.0 && (1.0 / LIKE..=LIKE).contains(&(value / last))) {
                    return Ok((value, places));
                }
                let before =
                    last.map_or(String::new(), |(period, last)| format!("; it was {}% in {}", trimmed(last), period.in_short()));
                let problem = format!("{value} may mean {value}% or {}%{before}", trimmed(as_percent(value)));
                let remedy = "write it with a percent sign, or give numerator and denominator as well";
                Err(self.fault(row, "Value", problem, remedy))
            }
        }
    }
}

fn column_of(part: FigurePart) -> &'static str {
    match part {
        FigurePart::Value => "Value",
        FigurePart::Numerator => "Numerator",
        FigurePart::Denominator => "Denominator",
        FigurePart::Lower => "Lower",
        FigurePart::Upper => "Upper",
    }
}

fn without(fault: Fault) -> Fault {
    Fault { problem: checks::used_without(&fault.problem), ..fault }
}
