//! The numbers of one figure: marks, unit and scale, and what cannot be.

use super::super::value_markers::{self, Money, WrittenValue};
use super::block::{Mapping, Number};
use super::grammar::PercentageForm;
use super::pattern::plain;
use crate::collect::checks::{self, CheckedCounts, FigurePart, NumberFault};
use crate::collect::entry::{money, places};
use crate::framework::Measure;
use crate::value::{Limits, Unit, Value};
use workbook_reader::{Cell, CellContent, NumberFormat, as_percent, clip, one_line};

/// The numbers of a figure, in the measure's unit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Amounts {
    pub value: Value,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    pub limits: Option<Limits>,
    /// How far rounding to the decimals that the cell shows may have moved the value.
    pub rounding: f64,
}

/// A figure's cells, each with how its number is given; a cell that is blank or not asked for is none.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Cells<'c> {
    pub value: NumberCell<'c>,
    pub numerator: NumberCell<'c>,
    pub denominator: NumberCell<'c>,
    pub lower: NumberCell<'c>,
    pub upper: NumberCell<'c>,
    /// How far both limits are from the value.
    pub plus_minus: NumberCell<'c>,
}

pub(super) type NumberCell<'c> = Option<(&'c Cell, &'c Number)>;

/// What a cell says in the measure's unit, or as a count.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Entry {
    Nothing,
    Mark(Value),
    Number {
        value: f64,
        /// Half a unit of the last decimal that the cell shows, in the measure's unit.
        rounding: f64,
    },
}

impl Cells<'_> {
    /// None where the figure's cells are blank. A count or a limit that cannot be used and does not put the value in doubt is
    /// left out, and told in `left_out`.
    ///
    /// # Errors
    /// The first number that cannot be, or may mean two things.
    pub fn amounts(
        &self,
        mapping: &Mapping,
        measure: &Measure,
        left_out: &mut Vec<NumberFault>,
    ) -> Result<Option<Amounts>, NumberFault> {
        let given = mapping.entry(FigurePart::Value, self.value, Some(measure))?;
        let mut beside = |part, place, unit| match (mapping.entry(part, place, unit), given) {
            (Err(wrong), Entry::Number { .. }) => {
                left_out.push(without(wrong));
                Ok(Entry::Nothing)
            }
            (entry, _) => entry,
        };
        let numerator = beside(FigurePart::Numerator, self.numerator, None)?;
        let denominator = beside(FigurePart::Denominator, self.denominator, None)?;
        // On any of the three it hides the whole figure.
        let suppressed = Entry::Mark(Value::Suppressed);
        let given = if [numerator, denominator].contains(&suppressed) { suppressed } else { given };
        let (lower, upper) = match given {
            Entry::Mark(_) => (Entry::Nothing, Entry::Nothing),
            _ => (beside(FigurePart::Lower, self.lower, Some(measure))?, beside(FigurePart::Upper, self.upper, Some(measure))?),
        };
        let have_value = given.number().is_some();
        let counts = CheckedCounts { numerator: numerator.number(), denominator: denominator.number(), have_value };
        let mut held = |part, entry| match counts.check(measure, part) {
            Err(wrong) if wrong.value_stands => {
                left_out.push(without(wrong));
                Ok(Entry::Nothing)
            }
            held => held.map(|()| entry),
        };
        let (numerator, denominator) = (held(FigurePart::Numerator, numerator)?, held(FigurePart::Denominator, denominator)?);
        let computed = match given {
            // Of no beds there is no share, as the mark says.
            Entry::Mark(_) => None,
            _ => checks::computed(measure, numerator.number(), denominator.number())?,
        };
        let value = match (given, computed, numerator, denominator) {
            (Entry::Number { value, .. }, ..) | (Entry::Nothing, Some(value), ..) => Value::Number(value),
            (Entry::Mark(mark), ..) | (_, _, Entry::Mark(mark), _) | (_, _, _, Entry::Mark(mark)) => mark,
            // The population of a period of which nothing is known yet.
            (Entry::Nothing, None, Entry::Nothing, _) => return Ok(None),
            (Entry::Nothing, None, ..) => return Err(checks::one_count_alone(numerator.number(), denominator.number())),
        };
        let denominator = denominator.number();
        let rounding = if let Entry::Number { rounding, .. } = given { rounding } else { 0.0 };
        let Value::Number(number) = value else {
            // A count or limits beside a suppressed value would give away what the mark protects.
            return Ok(Some(Amounts { value, numerator: None, denominator, limits: None, rounding }));
        };
        checks::range(measure, FigurePart::Value, number)?;
        let limits = match checks::limits(measure, number, lower.number(), upper.number()) {
            // Of one that could not be read it was told already.
            Err(wrong)
                if wrong.value_stands
                    && left_out.iter().any(|told| matches!(told.part, FigurePart::Lower | FigurePart::Upper)) =>
            {
                None
            }
            Err(wrong) if wrong.value_stands => {
                left_out.push(without(wrong));
                None
            }
            other => other?,
        };
        Ok(Some(Amounts { value, numerator: numerator.number(), denominator, limits, rounding }))
    }
}

fn without(wrong: NumberFault) -> NumberFault {
    NumberFault { problem: checks::used_without(&wrong.problem), ..wrong }
}

impl Entry {
    fn number(self) -> Option<f64> {
        match self {
            Entry::Number { value, .. } => Some(value),
            _ => None,
        }
    }
}

impl Mapping {
    /// Reads a cell in the unit of `measure`, or as a plain number where there is none.
    fn entry(&self, part: FigurePart, place: NumberCell<'_>, measure: Option<&Measure>) -> Result<Entry, NumberFault> {
        let Some((cell, number)) = place else { return Ok(Entry::Nothing) };
        let wrong = |problem: String, remedy| Err(NumberFault::new(part, problem, remedy));
        let unit = measure.map(|measure| &measure.unit);
        let (value, shown, money, places) = match &cell.content {
            CellContent::Number(value) if cell.shown == NumberFormat::Percent => {
                let value = as_percent(*value);
                (value, NumberFormat::Percent, Money::Unsaid, places(value))
            }
            CellContent::Number(value) => (*value, cell.shown, money(cell, unit), places(*value)),
            CellContent::Text(text) => match self.read_mark(text, unit) {
                Some(WrittenValue::Nothing) => return Ok(Entry::Nothing),
                Some(WrittenValue::Mark(mark)) => return Ok(Entry::Mark(mark)),
                Some(WrittenValue::Number { value, percent, money, places }) => {
                    (value, if percent { NumberFormat::Percent } else { NumberFormat::Plain }, money, places)
                }
                None => {
                    let expected = "a number or a mark was expected";
                    let remedy = "correct it, or say under [marks] of the mapping what it means";
                    return wrong(format!("the text {:?} was found; {expected}", clip(&one_line(text), 40)), remedy);
                }
            },
            _ => return wrong(format!("{} was found; a number was expected", cell.found()), "correct the cell"),
        };
        if let Some(problem) = unit.and_then(|unit| checks::in_another_unit(unit, value, shown == NumberFormat::Percent, money)) {
            return wrong(problem, "correct the columns of the mapping");
        }
        // £1.2m is 1.2 where millions of pounds are counted, whatever the other cells are in.
        let scale = number.scale.filter(|_| money != Money::OwnUnit);
        if let Some(unit) = unit.filter(|_| scale.is_none())
            && let Err(problem) = checks::money(unit, value, money, None)
        {
            return wrong(problem, "say scale in the mapping, or write the amount with its unit, as in £1.2m");
        }
        let shown_as = value;
        let value = match unit {
            Some(Unit::Percent) => match (shown, number.given) {
                (NumberFormat::Percent, _) | (_, Some(PercentageForm::Percent)) => value,
                (_, Some(PercentageForm::Share)) if value.abs() > 1.0 => {
                    return wrong(format!("{value} was found; a share from 0 to 1 was expected"), "correct given of the mapping");
                }
                (_, Some(PercentageForm::Share)) => as_percent(value),
                // 0.45 may be 0.45% or 45%: the mapping says which, or nobody knows.
                (_, None) if value > 0.0 && value <= 1.0 => {
                    let problem = format!("{value} may mean {value}% or {}%", as_percent(value));
                    return wrong(problem, "say in the mapping: given = \"share\" or given = \"percent\"");
                }
                (_, None) => value,
            },
            None if shown == NumberFormat::Percent => {
                let problem = format!("{value}% was found where the unit is another (a count)");
                return wrong(problem, "correct the columns of the mapping");
            }
            Some(_) | None => value,
        };
        let scaled = value * scale.unwrap_or(1.0);
        if !scaled.is_finite() {
            return wrong(format!("the number {value} is beyond all bounds"), "correct the cell");
        }
        // As many times as far as the number itself.
        let times = if shown_as == 0.0 { 1.0 } else { (scaled / shown_as).abs() };
        Ok(Entry::Number { value: scaled, rounding: checks::half_a_step(places) * times })
    }

    /// The publisher's own marks, then those known everywhere.
    pub(super) fn read_mark(&self, text: &str, unit: Option<&Unit>) -> Option<WrittenValue> {
        let own = |text: &str| {
            let plain = plain(text);
            self.marks.iter().find(|(mark, _)| *mark == plain).map(|(_, said)| *said)
        };
        let mut kept = text.trim();
        loop {
            if let Some(said) = own(kept) {
                return Some(said);
            }
            match self.ignored.iter().find_map(|sign| kept.strip_suffix(sign.as_str())) {
                Some(rest) if !rest.trim().is_empty() => kept = rest.trim(),
                _ => return value_markers::read(kept, unit),
            }
        }
    }
}
