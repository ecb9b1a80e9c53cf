//! Limits that stand in one cell with their figure, `4.9 ± 0.3` or `4.9 (4.6 to 5.2)`, and those that are given by how far
//! both are from it.

use super::super::value_markers::{Money, WrittenValue};
use super::amounts::{Cells, NumberCell};
use super::block::Mapping;
use super::grammar::PercentageForm;
use crate::collect::checks;
use crate::value::{Limits, Unit};
use workbook_reader::{Cell, CellContent, NumberFormat, as_percent, clip, one_line};

/// Signs that people write between a figure and the distance of its limits.
const PLUS_MINUS: [&str; 3] = ["±", "+/-", "+-"];

/// Brackets around two limits, and what people write between the two.
const BRACKETS: [(char, char); 2] = [('(', ')'), ('[', ']')];
const BETWEEN: [&str; 6] = [" to ", ",", ";", "\u{2013}", " - ", "-"];

/// The parts of a figure that the mapping finds in one cell, each as a cell of its own.
pub(super) struct Parted {
    value: Cell,
    lower: Option<Cell>,
    upper: Option<Cell>,
    plus_minus: Option<Cell>,
}

impl Parted {
    /// None where figure and limits stand in cells of their own.
    pub fn of(cells: &Cells<'_>) -> Option<Self> {
        let (cell, _) = cells.value?;
        let is_same =
            |place: NumberCell<'_>| place.is_some_and(|(other, _)| (other.row, other.column) == (cell.row, cell.column));
        let (with_limits, with_distance) = (is_same(cells.lower) && is_same(cells.upper), is_same(cells.plus_minus));
        if !(with_limits || with_distance) {
            return None;
        }
        let part = |text: &str| Cell { content: CellContent::Text(text.trim().to_owned()), ..cell.clone() };
        let alone = Parted { value: cell.clone(), lower: None, upper: None, plus_minus: None };
        // A number alone has no limits beside it.
        let CellContent::Text(text) = &cell.content else { return Some(alone) };
        if with_distance && let Some((value, distance)) = PLUS_MINUS.iter().find_map(|sign| text.split_once(sign)) {
            return Some(Parted { value: part(value), plus_minus: Some(part(distance)), ..alone });
        }
        if with_limits && let Some((value, lower, upper)) = in_brackets(text) {
            return Some(Parted { value: part(value), lower: Some(part(lower)), upper: Some(part(upper)), ..alone });
        }
        Some(alone)
    }

    /// `cells` with the parts in the place of the one cell.
    pub fn in_place_of<'p>(&'p self, cells: &Cells<'p>) -> Cells<'p> {
        let with = |cell: Option<&'p Cell>, place: NumberCell<'p>| Some((cell?, place?.1));
        Cells {
            value: with(Some(&self.value), cells.value),
            lower: with(self.lower.as_ref(), cells.lower),
            upper: with(self.upper.as_ref(), cells.upper),
            plus_minus: with(self.plus_minus.as_ref(), cells.plus_minus),
            ..*cells
        }
    }
}

/// `4.9 (4.6 to 5.2)` in its three parts.
fn in_brackets(text: &str) -> Option<(&str, &str, &str)> {
    BRACKETS.iter().find_map(|(open, close)| {
        let (value, limits) = text.trim().strip_suffix(*close)?.split_once(*open)?;
        // The sign of a lower limit below 0 stands between nothing.
        let (lower, upper) =
            BETWEEN.iter().find_map(|between| limits.split_once(between).filter(|(l, _)| !l.trim().is_empty()))?;
        Some((value, lower, upper))
    })
}

/// The limits around `value` by their distance in `unit`; none where the cell is blank or has a mark.
///
/// # Errors
/// What the cell has instead of a distance.
pub(super) fn around(mapping: &Mapping, place: NumberCell<'_>, value: f64, unit: &Unit) -> Result<Option<Limits>, String> {
    let Some((cell, number)) = place else { return Ok(None) };
    let expected = "the distance of the limits was expected";
    let (distance, is_percent, money) = match &cell.content {
        CellContent::Number(distance) if cell.shown == NumberFormat::Percent => (as_percent(*distance), true, Money::Unsaid),
        CellContent::Number(distance) => (*distance, false, Money::Unsaid),
        CellContent::Text(text) => match mapping.read_mark(text, Some(unit)) {
            Some(WrittenValue::Nothing | WrittenValue::Mark(_)) => return Ok(None),
            Some(WrittenValue::Number { value, percent, money, .. }) => (value, percent, money),
            None => return Err(format!("the text {:?} was found; {expected}", clip(&one_line(text), 40))),
        },
        _ => return Err(format!("{} was found; {expected}", cell.found())),
    };
    if let Some(problem) = checks::in_another_unit(unit, distance, is_percent, money) {
        return Err(problem);
    }
    let is_share = number.given == Some(PercentageForm::Share) && !is_percent;
    let scale = number.scale.filter(|_| money != Money::OwnUnit).unwrap_or(1.0);
    let distance = if is_share { as_percent(distance) } else { distance } * scale;
    if !distance.is_finite() || distance < 0.0 {
        return Err(format!("{distance} was found; {expected}, 0 or more"));
    }
    Ok(Some(Limits { lower: value - distance, upper: value + distance }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bracketed_limits_are_read_in_any_form() {
        for (text, parts) in [
            ("4.9 (4.6 to 5.2)", Some(("4.9 ", "4.6", "5.2"))),
            ("4.9% [4.6%, 5.2%]", Some(("4.9% ", "4.6%", " 5.2%"))),
            ("4.9 (4.6\u{2013}5.2)", Some(("4.9 ", "4.6", "5.2"))),
            ("0.1 (-0.2 - 0.4)", Some(("0.1 ", "-0.2", "0.4"))),
            ("4.9 (provisional)", None),
            ("4.9", None),
        ] {
            assert_eq!(in_brackets(text), parts, "{text}");
        }
    }
}
