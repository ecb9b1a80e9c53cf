//! The numbers of one figure: marks, unit and scale, and what cannot be.

use super::super::marks::{self, Said};
use super::block::{Mapping, Number};
use super::grammar::Given;
use super::pattern::plain;
use crate::collect::workbook::{Cell, Content, Shown, as_percent, clip, one_line};
use crate::framework::{Measure, Statistic};
use crate::value::{Limits, Unit, Value};

/// What is wrong in a cell, and what to do.
#[derive(Debug)]
pub(super) struct Wrong<'c> {
    pub cell: Option<&'c Cell>,
    pub problem: String,
    pub remedy: &'static str,
}

/// The numbers of a figure, in the measure's unit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Amounts {
    pub value: Value,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    pub limits: Option<Limits>,
}

/// A figure's cells, each with how its number is given; a cell that is blank or not asked for is none.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Cells<'c> {
    pub value: Place<'c>,
    pub numerator: Place<'c>,
    pub denominator: Place<'c>,
    pub lower: Place<'c>,
    pub upper: Place<'c>,
}

pub(super) type Place<'c> = Option<(&'c Cell, &'c Number)>;

/// What a cell says in the measure's unit, or as a count.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Entry {
    Nothing,
    Mark(Value),
    Number(f64),
}

impl<'c> Cells<'c> {
    /// None where the figure's cells are blank.
    ///
    /// # Errors
    /// The first cell whose number cannot be, or may mean two things.
    pub fn amounts(&self, mapping: &Mapping, measure: &Measure) -> Result<Option<Amounts>, Wrong<'c>> {
        let figure = |place| mapping.entry(place, Some(measure));
        let count = |place| mapping.entry(place, None);
        let (numerator, denominator) = (count(self.numerator)?, count(self.denominator)?);
        let given = figure(self.value)?;
        let computed = self.computed(measure, numerator, denominator)?;
        let value = match (given, computed, numerator, denominator) {
            (Entry::Number(value), ..) | (Entry::Nothing, Some(value), ..) => Value::Number(value),
            (Entry::Mark(mark), ..) | (_, _, Entry::Mark(mark), _) | (_, _, _, Entry::Mark(mark)) => mark,
            (Entry::Nothing, None, ..) => return Ok(None),
        };
        let denominator = denominator.number();
        let Value::Number(number) = value else {
            // A count or limits beside a suppressed value would give away what the mark protects.
            return Ok(Some(Amounts { value, numerator: None, denominator, limits: None }));
        };
        let shown_by = self.value.or(self.numerator).map(|(cell, _)| cell);
        check_range(shown_by, measure, number)?;
        let limits = match (figure(self.lower)?, figure(self.upper)?) {
            (Entry::Number(lower), Entry::Number(upper)) => Some(Limits { lower, upper }),
            (Entry::Number(_), _) | (_, Entry::Number(_)) => {
                let cell = self.lower.or(self.upper).map(|(cell, _)| cell);
                return Err(Wrong {
                    cell,
                    problem: "one limit stands without the other".to_owned(),
                    remedy: "complete the limits",
                });
            }
            _ => None,
        };
        if let Some(limits) = limits.filter(|limits| !limits.contains(number)) {
            let problem = format!("the value {number} does not lie within its limits, {} to {}", limits.lower, limits.upper);
            return Err(Wrong { cell: shown_by, problem, remedy: "correct whichever is wrong, or the columns of the mapping" });
        }
        Ok(Some(Amounts { value, numerator: numerator.number(), denominator, limits }))
    }

    /// What numerator and denominator make, where that has a meaning.
    fn computed(&self, measure: &Measure, numerator: Entry, denominator: Entry) -> Result<Option<f64>, Wrong<'c>> {
        let numerator_cell = self.numerator.map(|(cell, _)| cell);
        if let Entry::Number(numerator) = numerator
            && matches!(measure.statistic, Statistic::Proportion | Statistic::CrudeRate | Statistic::Count)
            && numerator < 0.0
        {
            let problem = format!("{numerator} was found; a count is not below 0");
            return Err(Wrong { cell: numerator_cell, problem, remedy: "correct the count" });
        }
        let (Entry::Number(numerator), Entry::Number(denominator)) = (numerator, denominator) else {
            return Ok(numerator.number().filter(|_| measure.statistic == Statistic::Count));
        };
        if measure.statistic == Statistic::Proportion && numerator > denominator {
            let problem = format!("the numerator {numerator} is above the denominator {denominator}");
            return Err(Wrong {
                cell: numerator_cell,
                problem,
                remedy: "correct whichever is wrong, or the columns of the mapping",
            });
        }
        Ok(match measure.statistic {
            Statistic::Count => Some(numerator),
            Statistic::Proportion | Statistic::CrudeRate | Statistic::Estimate => {
                Some(measure.multiplier * numerator / denominator).filter(|value| value.is_finite())
            }
            // A standardised rate is not its numerator over its denominator, and a quantity has none.
            Statistic::StandardisedRate | Statistic::Quantity => None,
        })
    }
}

impl Entry {
    fn number(self) -> Option<f64> {
        match self {
            Entry::Number(number) => Some(number),
            _ => None,
        }
    }
}

impl Mapping {
    /// Reads a cell in the unit of `measure`, or as a plain number where there is none.
    fn entry<'c>(&self, place: Place<'c>, measure: Option<&Measure>) -> Result<Entry, Wrong<'c>> {
        let Some((cell, number)) = place else { return Ok(Entry::Nothing) };
        let wrong = |problem: String, remedy| Err(Wrong { cell: Some(cell), problem, remedy });
        let (value, shown) = match &cell.content {
            Content::Number(value) if cell.shown == Shown::Percent => (as_percent(*value), Shown::Percent),
            Content::Number(value) => (*value, cell.shown),
            Content::Text(text) => match self.said(text) {
                Some(Said::Nothing) => return Ok(Entry::Nothing),
                Some(Said::Mark(mark)) => return Ok(Entry::Mark(mark)),
                Some(Said::Number { value, percent: true, .. }) => (value, Shown::Percent),
                Some(Said::Number { value, .. }) => (value, Shown::Plain),
                None => {
                    let expected = "a number or a mark was expected";
                    let remedy = "correct it, or say under [marks] of the mapping what it means";
                    return wrong(format!("the text {:?} was found; {expected}", clip(&one_line(text), 40)), remedy);
                }
            },
            _ => return wrong(format!("{} was found; a number was expected", cell.found()), "correct the cell"),
        };
        let value = match measure.map(|measure| measure.unit) {
            Some(Unit::Percent) => match (shown, number.given) {
                (Shown::Percent, _) | (_, Some(Given::Percent)) => value,
                (_, Some(Given::Share)) if value.abs() > 1.0 => {
                    return wrong(format!("{value} was found; a share from 0 to 1 was expected"), "correct given of the mapping");
                }
                (_, Some(Given::Share)) => as_percent(value),
                // 0.45 may be 0.45% or 45%: the mapping says which, or nobody knows.
                (_, None) if value > 0.0 && value <= 1.0 => {
                    let problem = format!("{value} may mean {value}% or {}%", as_percent(value));
                    return wrong(problem, "say in the mapping: given = \"share\" or given = \"percent\"");
                }
                (_, None) => value,
            },
            Some(_) | None if shown == Shown::Percent => {
                let unit = measure.map_or("a count", |measure| measure.unit.label());
                return wrong(
                    format!("{value}% was found where the unit is another ({unit})"),
                    "correct the columns of the mapping",
                );
            }
            Some(_) | None => value,
        };
        let scaled = value * number.scale.unwrap_or(1.0);
        if !scaled.is_finite() {
            return wrong(format!("the number {value} is beyond all bounds"), "correct the cell");
        }
        Ok(Entry::Number(scaled))
    }

    /// The publisher's own marks, then those known everywhere.
    fn said(&self, text: &str) -> Option<Said> {
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
                _ => return marks::read(kept),
            }
        }
    }
}

fn check_range<'c>(cell: Option<&'c Cell>, measure: &Measure, value: f64) -> Result<(), Wrong<'c>> {
    let Some(expected) = measure.expected_for(value) else { return Ok(()) };
    let problem = format!("{value} was found; {expected} was expected");
    Err(Wrong { cell, problem, remedy: "correct the figure, or unit and scale in the mapping" })
}
