//! A figure that is a hundred, a thousand or a million times the last one, or such a part of it, and an amount written out in
//! full: given in another unit.

use crate::framework::Measure;
use crate::period::Period;
use crate::value::{Unit, format_number};

/// How many times larger a figure becomes where a share is given for a percentage, pounds for thousands or millions.
const STEPS: [f64; 3] = [100.0, 1e3, 1e6];

/// How far from such a step, as a factor, a figure may be that has also changed.
const NEAR: f64 = 1.5;

/// What is told of a figure beside the last one, where it may be in another unit: `0.2% was found, about 1/100 of the 18.8%
/// of 2023`.
pub(in crate::collect) fn jump(measure: &Measure, value: f64, (period, last): (Period, f64)) -> Option<String> {
    if value == 0.0 || last == 0.0 {
        return None;
    }
    let ratio = (value / last).abs();
    let times = ratio.max(1.0 / ratio);
    let step = STEPS.into_iter().find(|step| (step / NEAR..=step * NEAR).contains(&times))?;
    let how = if ratio > 1.0 { format!("about {step} times") } else { format!("about 1/{step} of") };
    Some(format!("{} was found, {how} the {} of {period}", plain_figure(&measure.unit, value), plain_figure(&measure.unit, last)))
}

/// From how many pounds on an amount without a pound sign is doubted: no part of the country has so much to spend.
const BEYOND_ANY_BUDGET: f64 = 1e11;

/// The most that an amount with a pound sign says, as it stands, of millions or thousands of millions: £99,999m.
const LARGE: f64 = 1e5;

/// How many times the last amount, or what part of it, an amount may be to be in the unit of that.
const LIKE_THE_LAST: f64 = 20.0;

/// An amount of money in the unit of a measure that counts thousands or millions of pounds, where it may have been written
/// out in full: `£1,200,000` for £1.2m. The last amount tells which, where there is one; without one nobody knows.
///
/// # Errors
/// What it may mean, where that cannot be told.
pub(in crate::collect) fn money(unit: &Unit, amount: f64, with_sign: bool, last: Option<(Period, f64)>) -> Result<f64, String> {
    let Some(pounds) = unit.pounds().filter(|pounds| *pounds > 1.0) else { return Ok(amount) };
    let large = if with_sign { pounds.min(LARGE) } else { BEYOND_ANY_BUDGET / pounds };
    if amount.abs() < large {
        return Ok(amount);
    }
    let in_full = amount / pounds;
    if let Some((_, last)) = last.filter(|(_, last)| *last != 0.0) {
        let like = |value: f64| (1.0 / LIKE_THE_LAST..=LIKE_THE_LAST).contains(&(value / last));
        match (like(amount), like(in_full)) {
            (true, false) => return Ok(amount),
            (false, true) => return Ok(in_full),
            _ => {}
        }
    }
    let before = last.map_or(String::new(), |(period, last)| format!("; it was {} in {period}", plain_figure(unit, last)));
    Err(format!(
        "{} may mean {} or {}{before}",
        format_number(amount, 0),
        plain_figure(unit, in_full),
        plain_figure(unit, amount)
    ))
}

/// A figure with its unit, without the zeros that end a fraction: `1.2000%` is `1.2%`.
fn plain_figure(unit: &Unit, value: f64) -> String {
    let figure = unit.format(value, 4);
    let Some(point) = figure.find('.') else { return figure };
    let end = figure[point + 1..].find(|c: char| !c.is_ascii_digit()).map_or(figure.len(), |at| point + 1 + at);
    let number = figure[..end].trim_end_matches('0').trim_end_matches('.');
    format!("{number}{}", &figure[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(unit: &str, amount: f64, with_sign: bool, last: Option<f64>) -> Result<f64, String> {
        let unit: Unit = serde_json::from_str(unit).unwrap();
        money(&unit, amount, with_sign, last.map(|last| (Period::financial_quarter(2026, 1), last)))
    }

    #[test]
    fn an_amount_written_out_in_full_is_taken_by_the_last_one_or_asked_about() {
        let millions = r#"{ "label": "million pounds", "before": "£", "after": "m" }"#;
        let thousands = r#"{ "label": "thousand pounds", "before": "£", "after": "k" }"#;
        for (unit, amount, with_sign, last, taken) in [
            (millions, 1.2, true, None, Some(1.2)),
            (millions, 4_150.0, true, None, Some(4_150.0)),
            (millions, 1_200_000.0, true, None, None),
            (millions, 1_200_000.0, true, Some(1.5), Some(1.2)),
            (millions, -1_200_000.0, true, Some(-1.5), Some(-1.2)),
            (millions, 1_200_000.0, true, Some(1_100_000.0), Some(1_200_000.0)),
            (millions, 1_200_000.0, true, Some(900.0), None),
            (millions, 1_200_000.0, false, None, None),
            (millions, 4_150.0, false, None, Some(4_150.0)),
            (thousands, 850.0, true, None, Some(850.0)),
            (thousands, 850_000.0, true, None, None),
            (thousands, 850_000.0, true, Some(700.0), Some(850.0)),
            (thousands, 850_000.0, false, None, Some(850_000.0)),
            ("\"pounds\"", 1_200_000.0, true, None, Some(1_200_000.0)),
            ("\"count\"", 1e12, false, None, Some(1e12)),
        ] {
            assert_eq!(read(unit, amount, with_sign, last).ok(), taken, "{unit} {amount} after {last:?}");
        }
        let asked = read(millions, 1_200_000.0, true, Some(900.0)).unwrap_err();
        assert_eq!(asked, "1,200,000 may mean £1.2m or £1,200,000m; it was £900m in 2026/27 Q1");
    }
}
