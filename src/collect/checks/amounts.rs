//! The numbers of one figure, held against what they can be and against each other.

use crate::framework::{Measure, Statistic};
use crate::value::{Limits, Unit};

/// A number of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::collect) enum FigurePart {
    Value,
    Numerator,
    Denominator,
    Lower,
    Upper,
}

/// What is wrong in one number of a figure, and what to do.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::collect) struct NumberFault {
    pub part: FigurePart,
    pub problem: String,
    pub remedy: &'static str,
    /// The value is not in doubt: a count or the limits beside it cannot be used.
    pub value_stands: bool,
}

/// What publishers write for a limit that there is not; such a number may also be a true limit, so both must be it.
const NO_LIMIT: [f64; 8] = [-1.0, -9.0, -99.0, -999.0, -9999.0, 999.0, 9999.0, 99999.0];

const BOTH_LIMITS: &str = "give both limits or neither";

impl NumberFault {
    pub fn new(part: FigurePart, problem: String, remedy: &'static str) -> Self {
        Self { part, problem, remedy, value_stands: false }
    }

    fn of_limits(part: FigurePart, problem: String, remedy: &'static str) -> Self {
        Self { value_stands: true, ..Self::new(part, problem, remedy) }
    }
}

/// What is told of a count or a limit that is left out, where the value is used all the same.
pub(in crate::collect) fn used_without(problem: &str) -> String {
    format!("{problem}; the value is used without it")
}

/// How far a count may be from a whole number that a spreadsheet has added up: less than anyone writes.
const NEARLY_WHOLE: f64 = 1e-6;

/// The counts of a figure.
#[derive(Debug, Clone, Copy)]
pub(in crate::collect) struct CheckedCounts {
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    /// A value is given beside them.
    pub have_value: bool,
}

impl CheckedCounts {
    /// Where something is counted it is not below 0, and where it is counted one by one it is whole. Beside their value both
    /// counts may have a fraction: the beds of a quarter are averages of its days.
    ///
    /// # Errors
    /// That the numerator or the denominator is not so; where a value given beside it is not in doubt, that it stands.
    pub fn check(self, measure: &Measure, part: FigurePart) -> Result<(), NumberFault> {
        let is_numerator = part == FigurePart::Numerator;
        let Some(number) = (if is_numerator { self.numerator } else { self.denominator }) else { return Ok(()) };
        let counts = matches!(measure.statistic, Statistic::Proportion | Statistic::CrudeRate | Statistic::Count);
        if counts && number < 0.0 {
            return Err(NumberFault::new(part, format!("{number} was found; a count is not below 0"), "correct the count"));
        }
        let is_divided_by = counts && measure.statistic != Statistic::Count && !is_numerator;
        if is_divided_by && number == 0.0 && self.have_value && self.numerator.is_none() {
            let problem = "0 was found; beside a value the denominator is above 0".to_owned();
            return Err(NumberFault {
                value_stands: true,
                ..NumberFault::new(part, problem, "correct the denominator, or leave it blank")
            });
        }
        let counts_ones = if is_numerator { measure.counts_ones() } else { measure.denominator_counts_ones() };
        if !counts_ones || self.are_averages() {
            return Ok(());
        }
        let value_stands = self.have_value && measure.statistic != Statistic::Count;
        whole(part, number).map_err(|wrong| NumberFault { value_stands, ..wrong })
    }

    fn are_averages(self) -> bool {
        let has_fraction = |count: Option<f64>| count.is_some_and(|count| !is_whole(count));
        self.have_value && has_fraction(self.numerator) && has_fraction(self.denominator)
    }
}

fn is_whole(number: f64) -> bool {
    (number - number.round()).abs() <= NEARLY_WHOLE
}

/// # Errors
/// A number with a fraction where things are counted one by one.
fn whole(part: FigurePart, number: f64) -> Result<(), NumberFault> {
    if is_whole(number) {
        return Ok(());
    }
    let problem = format!("{} was found; a count is a whole number", trimmed(number));
    Err(NumberFault::new(part, problem, "give the count itself, not an average or a share"))
}

/// What to do about 0 of 0, of which there is no share and no rate.
const NOTHING_TO_COUNT: &str = "correct the denominator; if there was nothing to count among in the period, \
     write n/a as the value, leave both counts blank and say so in the note";

/// The value that numerator and denominator make, where both are given and such a value has a meaning.
///
/// # Errors
/// A numerator above its denominator, where it is a part of it; a denominator of 0.
pub(in crate::collect) fn computed(
    measure: &Measure,
    numerator: Option<f64>,
    denominator: Option<f64>,
) -> Result<Option<f64>, NumberFault> {
    if measure.statistic == Statistic::Count {
        // A count is its own numerator, whatever it may be out of.
        return Ok(numerator);
    }
    let (Some(numerator), Some(denominator)) = (numerator, denominator) else { return Ok(None) };
    if measure.statistic == Statistic::Proportion && numerator > denominator {
        let problem = format!("the numerator {numerator} is above the denominator {denominator}");
        let remedy = "check both; of a proportion the numerator is a part of the denominator";
        return Err(NumberFault::new(FigurePart::Numerator, problem, remedy));
    }
    // A standardised rate is not its numerator over its denominator, and a quantity has none.
    let divides = matches!(measure.statistic, Statistic::Proportion | Statistic::CrudeRate | Statistic::Estimate);
    if !divides {
        return Ok(None);
    }
    if denominator == 0.0 {
        if numerator != 0.0 {
            let problem = format!("the denominator is 0, so there is no value, and {} were counted of it", trimmed(numerator));
            return Err(NumberFault::new(FigurePart::Denominator, problem, "correct whichever is wrong"));
        }
        let problem = "the denominator is 0, so there is no value".to_owned();
        return Err(NumberFault::new(FigurePart::Denominator, problem, NOTHING_TO_COUNT));
    }
    Ok(Some(measure.multiplier * numerator / denominator).filter(|value| value.is_finite()))
}

/// What is lacking where there is a numerator or a denominator, or both, and no value comes of it.
pub(in crate::collect) fn one_count_alone(numerator: Option<f64>, denominator: Option<f64>) -> NumberFault {
    let remedy = "give the value, or both numerator and denominator";
    match (numerator, denominator) {
        (Some(_), Some(_)) => {
            let problem = "there is no value, and its numerator and denominator do not make it".to_owned();
            NumberFault::new(FigurePart::Value, problem, "give the value")
        }
        (Some(_), None) => {
            NumberFault::new(FigurePart::Denominator, "there is neither a value nor a denominator".to_owned(), remedy)
        }
        (None, _) => NumberFault::new(FigurePart::Numerator, "there is neither a value nor a numerator".to_owned(), remedy),
    }
}

/// A value or a limit that a figure of the measure can have.
///
/// # Errors
/// One that it cannot.
pub(in crate::collect) fn range(measure: &Measure, part: FigurePart, value: f64) -> Result<(), NumberFault> {
    let Some(expected) = measure.expected_for(value) else {
        let is_count = part == FigurePart::Value && measure.statistic == Statistic::Count && measure.counts_ones();
        return if is_count { whole(part, value) } else { Ok(()) };
    };
    let sign = if measure.unit == Unit::Percent { "%" } else { "" };
    let problem = format!("{}{sign} was found; {expected} was expected", trimmed(value));
    Err(NumberFault::new(part, problem, "correct the figure"))
}

/// What is odd about a percentage below 0 where no other of the measure is: a difference may be so, a share may not.
pub(in crate::collect) fn first_below_zero(
    measure: &Measure,
    value: f64,
    mut others: impl Iterator<Item = f64>,
) -> Option<String> {
    let is_first = measure.unit == Unit::Percent && value < 0.0 && others.all(|other| other >= 0.0);
    is_first.then(|| format!("{}% was found, and no other figure is below 0", trimmed(value)))
}

/// The limits of a figure, which hold its value; none where none are given, or what stands for none (-1, 9999).
///
/// # Errors
/// One limit alone, a limit that cannot be, limits the wrong way round, a value outside them.
pub(in crate::collect) fn limits(
    measure: &Measure,
    value: f64,
    lower: Option<f64>,
    upper: Option<f64>,
) -> Result<Option<Limits>, NumberFault> {
    let below_zero = measure.range().0 == Some(0.0);
    let is_given = |limit: &f64| !(below_zero && *limit == -1.0);
    let (lower, upper) = match (lower.filter(is_given), upper.filter(is_given)) {
        (Some(lower), Some(upper)) if lower == upper && lower != value && NO_LIMIT.contains(&lower) => return Ok(None),
        (Some(lower), Some(upper)) => (lower, upper),
        (Some(_), None) => {
            return Err(NumberFault::of_limits(FigurePart::Upper, "there is a lower limit and no upper".to_owned(), BOTH_LIMITS));
        }
        (None, Some(_)) => {
            return Err(NumberFault::of_limits(
                FigurePart::Lower,
                "there is an upper limit and no lower".to_owned(),
                BOTH_LIMITS,
            ));
        }
        (None, None) => return Ok(None),
    };
    for (part, limit) in [(FigurePart::Lower, lower), (FigurePart::Upper, upper)] {
        range(measure, part, limit).map_err(|wrong| NumberFault { value_stands: true, ..wrong })?;
    }
    if lower > upper {
        let problem = format!("the lower limit {} is above the upper limit {}", trimmed(lower), trimmed(upper));
        return Err(NumberFault::of_limits(FigurePart::Lower, problem, "correct the limits"));
    }
    let limits = Limits { lower, upper };
    if !limits.contains(value) {
        let between = format!("{} to {}", trimmed(lower), trimmed(upper));
        let problem = format!("the value {} does not lie within its limits, {between}", trimmed(value));
        return Err(NumberFault::new(FigurePart::Lower, problem, "correct whichever is wrong"));
    }
    Ok(Some(limits))
}

/// A value, given to so many decimal places, beside what its counts make.
///
/// # Errors
/// Where they are two.
pub(in crate::collect) fn agreement(value: f64, places: u32, computed: f64) -> Result<(), NumberFault> {
    agreement_within(value, half_a_step(places), computed)
}

/// A value that rounding may have moved so far beside what its counts make.
///
/// # Errors
/// Where they are two.
pub(in crate::collect) fn agreement_within(value: f64, rounding: f64, computed: f64) -> Result<(), NumberFault> {
    if is_within(value, rounding, computed) {
        return Ok(());
    }
    let problem = format!("the value {} is not what the counts beside it make, {}", trimmed(value), trimmed(computed));
    Err(NumberFault::new(FigurePart::Value, problem, "correct whichever is wrong, or leave the value blank"))
}

/// True where `computed`, rounded to so many decimal places, is `value`.
pub(in crate::collect) fn agrees_to(value: f64, places: u32, computed: f64) -> bool {
    is_within(value, half_a_step(places), computed)
}

fn is_within(value: f64, rounding: f64, computed: f64) -> bool {
    (value - computed).abs() <= rounding * (1.0 + 1e-9) + computed.abs() * 1e-9
}

/// Half a unit of the last of so many decimal places: as far as rounding moves a number.
pub(in crate::collect) fn half_a_step(places: u32) -> f64 {
    0.5 * 10f64.powi(-i32::try_from(places.min(12)).unwrap_or(12))
}

/// A number for a message: at most four places, no trailing zeros.
pub(in crate::collect) fn trimmed(value: f64) -> String {
    let fixed = format!("{value:.4}");
    fixed.trim_end_matches('0').trim_end_matches('.').to_owned()
}
