//! What Excel itself checks as a cell is filled in: the same as is checked when the return is read, where Excel can.

use crate::framework::{MadeFrom, Measure, Statistic};
use crate::value::Unit;
use rust_xlsxwriter::{DataValidation, DataValidationRule, ExcelDateTime, Formula, XlsxError};

/// In characters.
pub const LONGEST_NOTE: u32 = 1000;

/// In characters.
pub const LONGEST_COMMENTARY: u32 = 1000;

/// In characters: a row of the brief has room for so much.
pub const LONGEST_COMMENT: u32 = 400;

/// Who says a comment, in characters.
pub const LONGEST_SPEAKER: u32 = 100;

/// The most that Excel shows in a prompt, in characters.
const LONGEST_PROMPT: usize = 255;

/// The marks that stand for a figure, as the guidance explains them.
const MARKS: &str = "a mark: * (suppressed), .. (missing) or n/a (not applicable)";

/// A value of `measure` in the cell named `cell`, or a limit of it, which is no count itself.
pub(super) fn value(measure: &Measure, cell: &str, title: &str, is_figure: bool) -> Result<DataValidation, XlsxError> {
    let (from, to) = measure.range();
    let is_count = measure.statistic == Statistic::Count && measure.counts_ones() && is_figure;
    let whole = is_count.then(|| format!(",{cell}=INT({cell})"));
    let bounds: String = [from.map(|from| format!(",{cell}>={from}")), to.map(|to| format!(",{cell}<={to}")), whole]
        .into_iter()
        .flatten()
        .collect();
    let expected = match (&measure.unit, from, to) {
        (Unit::Percent, Some(from), Some(to)) => format!("a percentage from {from} to {to}, 45 or 45% for 45 per cent"),
        (_, Some(from), _) if is_count => format!("a whole number, {from} or more"),
        (unit, Some(from), _) => format!("a number ({}), {from} or more", unit.label()),
        (unit, ..) => format!("a number ({})", unit.label()),
    };
    // £1.3m says its own unit, and is a text to Excel.
    let (also, expected) = match measure.unit.pounds() {
        Some(_) => (format!(",LEFT({cell},1)=\"£\""), format!("{expected}, or an amount with its unit, such as £1.3m")),
        None => (String::new(), expected),
    };
    number_or(cell, &bounds, &also, title, &expected, &measure.definition)
}

/// A numerator or denominator of `measure`; of a proportion the one is part of the other.
pub(super) fn count(measure: &Measure, cell: &str, other: &str, is_numerator: bool) -> Result<DataValidation, XlsxError> {
    let counts = matches!(measure.statistic, Statistic::Proportion | Statistic::CrudeRate | Statistic::Count);
    let mut bounds = if counts { format!(",{cell}>=0") } else { String::new() };
    let mut expected = if counts { "a number, 0 or more" } else { "a number" }.to_owned();
    if if is_numerator { measure.counts_ones() } else { measure.denominator_counts_ones() } {
        bounds.push_str(&format!(",{cell}=INT({cell})"));
        expected = "a whole number, 0 or more".to_owned();
    }
    if measure.statistic == Statistic::Proportion {
        let sign = if is_numerator { "<=" } else { ">=" };
        bounds.push_str(&format!(",OR(NOT(ISNUMBER({other})),{cell}{sign}{other})"));
        expected.push_str(if is_numerator { ", not above the denominator" } else { ", not below the numerator" });
    }
    let (title, meaning) = if is_numerator { ("Numerator", &measure.numerator) } else { ("Denominator", &measure.denominator) };
    number_or_mark(cell, &bounds, title, &expected, meaning)
}

/// The events of an age band: a whole number and, where each is a person of the population, not above it.
pub(super) fn events(measure: &Measure, cell: &str, population: &str) -> Result<DataValidation, XlsxError> {
    let mut bounds = format!(",{cell}>=0,{cell}=INT({cell})");
    let mut expected = "a whole number, 0 or more".to_owned();
    if measure.made_from.as_ref().is_some_and(MadeFrom::events_are_people) {
        bounds.push_str(&format!(",OR(NOT(ISNUMBER({population})),{cell}<={population})"));
        expected.push_str(", not above the population");
    }
    number_or_mark(cell, &bounds, "Events", &expected, &measure.numerator)
}

/// The population of an age band, which is never nobody.
pub(super) fn population(meaning: &str, cell: &str) -> Result<DataValidation, XlsxError> {
    number_or_mark(cell, &format!(",{cell}>0"), "Population", "a number above 0", meaning)
}

/// The standard deviation of a mean.
pub(super) fn deviation(cell: &str) -> Result<DataValidation, XlsxError> {
    let meaning =
        "How widely the single values lie, with n − 1 below (STDEV.S in Excel). The limits of the mean are worked out from it";
    number_or_mark(cell, &format!(",{cell}>=0"), "Standard deviation", "a number, 0 or more", meaning)
}

/// How many people had how many events.
pub(super) fn repeats() -> Result<DataValidation, XlsxError> {
    let rule = DataValidationRule::LessThanOrEqualTo(LONGEST_NOTE);
    let expected = "how many people had 1 event, 2 events and so on, as 1: 40; 2: 5 for 40 people with one and 5 with two";
    with_messages(DataValidation::new().allow_text_length(rule), "People by number of events", expected, "")
}

/// A figure of a measure that is not known yet.
pub(super) fn any_number(cell: &str, title: &str) -> Result<DataValidation, XlsxError> {
    number_or_mark(cell, "", title, "a number", "")
}

/// An id that stands in the first column already, in the cells `known`.
pub(super) fn known_id(cell: &str, known: &str) -> Result<DataValidation, XlsxError> {
    with_messages(
        DataValidation::new().allow_custom(Formula::new(format!("=COUNTIF({known},{cell})>0"))),
        "Measure ID",
        "one of the IDs above",
        "",
    )
}

pub(super) fn one_of(list: &[&str], title: &str) -> Result<DataValidation, XlsxError> {
    with_messages(DataValidation::new().allow_list_strings(list)?, title, &format!("one of the list: {}", list.join(", ")), "")
}

pub(super) fn note() -> Result<DataValidation, XlsxError> {
    text_up_to(LONGEST_NOTE, "Note")
}

pub(super) fn text_up_to(most: u32, title: &str) -> Result<DataValidation, XlsxError> {
    let rule = DataValidationRule::LessThanOrEqualTo(most);
    with_messages(DataValidation::new().allow_text_length(rule), title, &format!("a text of at most {most} characters"), "")
}

pub(super) fn day(title: &str) -> Result<DataValidation, XlsxError> {
    // Years of two digits and slips of the keys fall outside.
    let (from, to) = (ExcelDateTime::from_ymd(2000, 1, 1)?, ExcelDateTime::from_ymd(2099, 12, 31)?);
    with_messages(DataValidation::new().allow_date(DataValidationRule::Between(from, to)), title, "a date such as 31/12/2026", "")
}

/// Excel's own decimal check would refuse the marks, so the check is a formula.
fn number_or_mark(cell: &str, bounds: &str, title: &str, expected: &str, meaning: &str) -> Result<DataValidation, XlsxError> {
    number_or(cell, bounds, "", title, expected, meaning)
}

/// The same with what else is taken.
fn number_or(
    cell: &str,
    bounds: &str,
    also: &str,
    title: &str,
    expected: &str,
    meaning: &str,
) -> Result<DataValidation, XlsxError> {
    let rule = format!("=OR(AND(ISNUMBER({cell}){bounds}),{cell}=\"*\",{cell}=\"..\",{cell}=\"n/a\"{also})");
    with_messages(DataValidation::new().allow_custom(Formula::new(rule)), title, &format!("{expected}, or {MARKS}"), meaning)
}

/// The check with the prompt beside the cell and the message where it fails.
fn with_messages(check: DataValidation, title: &str, expected: &str, meaning: &str) -> Result<DataValidation, XlsxError> {
    let sentence = format!("{}{}.", expected[..1].to_uppercase(), &expected[1..]);
    let prompt = if meaning.is_empty() { sentence.clone() } else { format!("{}. {sentence}", meaning.trim_end_matches('.')) };
    // A long definition stands in the row in full.
    let prompt = if prompt.chars().count() > LONGEST_PROMPT { &sentence } else { &prompt };
    let error: String = format!("This cell takes {expected}.").chars().take(LONGEST_PROMPT).collect();
    let prompt: String = prompt.chars().take(LONGEST_PROMPT).collect();
    check.set_input_title(title)?.set_input_message(prompt)?.set_error_title(title)?.set_error_message(error)
}
