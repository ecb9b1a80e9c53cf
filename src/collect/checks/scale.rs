//! A figure that is a hundred, a thousand or a million times the last one, or such a part of it, and an amount written out in
//! full: given in another unit.

use crate::collect::value_markers::Money;
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
    let [found, was] = [value, last].map(|value| plain_figure(&measure.unit, value));
    Some(format!("{found} was found, {how} the {was} of {}", period.in_short()))
}

/// From how many pounds on an amount without a pound sign is doubted: no system of care has so much to spend.
const BEYOND_ANY_BUDGET: f64 = 2e10;

/// The most that an amount with a pound sign says, as it stands, of millions or thousands of millions: £9,999m.
const LARGE: f64 = 1e4;

/// How many times the last amount, or what part of it, an amount may be to be in the unit of that.
const LIKE_THE_LAST: f64 = 20.0;

/// An amount of money in a row for thousands or millions of pounds, which may have been written out in full: `£1,200,000` where
/// £1.2m is meant. It is never rescaled: it stands as it is where the last amount was such a one, and otherwise nobody knows.
///
/// # Errors
/// What it may mean, and what is expected.
pub(in crate::collect) fn money(unit: &Unit, amount: f64, said: Money, last: Option<(Period, f64)>) -> Result<(), String> {
    let Some(pounds) = unit.pounds().filter(|pounds| *pounds > 1.0) else { return Ok(()) };
    let large = match said {
        // £1.3m says itself what it is.
        Money::OwnUnit => return Ok(()),
        Money::Sign => pounds.min(LARGE),
        Money::Unsaid => BEYOND_ANY_BUDGET / pounds,
    };
    let is_like = |last: f64| last != 0.0 && (1.0 / LIKE_THE_LAST..=LIKE_THE_LAST).contains(&(amount / last));
    if amount.abs() < large || last.is_some_and(|(_, last)| is_like(last)) {
        return Ok(());
    }
    let before =
        last.map_or(String::new(), |(period, last)| format!("; it was {} in {}", plain_figure(unit, last), period.in_short()));
    Err(format!(
        "{} may mean {} or {}{before}; an amount in {} was expected",
        format_number(amount, 0),
        plain_figure(unit, amount / pounds),
        plain_figure(unit, amount),
        unit.label()
    ))
}

/// Why a number that says what it is in cannot be in `unit`: a percentage or an amount of money where another unit is due.
pub(in crate::collect) fn in_another_unit(unit: &Unit, value: f64, is_percent: bool, said: Money) -> Option<String> {
    let found = if is_percent && *unit != Unit::Percent {
        format!("{value}%")
    } else if is_money_elsewhere(unit, said) {
        "an amount of money".to_owned()
    } else {
        return None;
    };
    Some(format!("{found} was found where the unit is another ({})", unit.label()))
}

/// Whether pounds are said where they cannot be meant. A number or a score may be one of pounds, and so is `£742 a head`.
pub(in crate::collect) fn is_money_elsewhere(unit: &Unit, said: Money) -> bool {
    let may_be = match unit {
        Unit::Count | Unit::Score => true,
        Unit::Own(own) => own.before.contains('£') || unit.pounds().is_some(),
        _ => unit.pounds().is_some(),
    };
    said != Money::Unsaid && !may_be
}

/// How £1.3m is given in a row for money: as a number of its unit, or with a unit of its own; none where no money is due.
pub(in crate::collect) fn example_of_money(unit: &Unit) -> Option<String> {
    let number = 1_300_000.0 / unit.pounds()?;
    Some(format!("{number} or £1.3m"))
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

    fn read(unit: &str, amount: f64, with_sign: bool, last: Option<f64>) -> Result<(), String> {
        let unit: Unit = serde_json::from_str(unit).unwrap();
        let said = if with_sign { Money::Sign } else { Money::Unsaid };
        money(&unit, amount, said, last.map(|last| (Period::financial_quarter(2026, 1), last)))
    }

    #[test]
    fn a_number_that_says_another_unit_is_told() {
        let unit = |text: &str| serde_json::from_str::<Unit>(text).unwrap();
        let told = |text: &str, is_percent, said| in_another_unit(&unit(text), 6.0, is_percent, said);
        assert_eq!(told("\"per1000\"", true, Money::Unsaid).unwrap(), "6% was found where the unit is another (per 1,000)");
        let money = "an amount of money was found where the unit is another (%)";
        assert_eq!(told("\"percent\"", false, Money::Sign).unwrap(), money);
        for unit in ["\"pounds\"", "\"count\"", r#"{ "label": "a head", "before": "£", "after": " a head" }"#] {
            assert_eq!(told(unit, false, Money::Sign), None, "{unit}");
        }
        assert_eq!(told("\"percent\"", true, Money::Unsaid), None);
    }

    #[test]
    fn full_amounts_are_never_rescaled() {
        let millions = r#"{ "label": "million pounds", "before": "£", "after": "m" }"#;
        let thousands = r#"{ "label": "thousand pounds", "before": "£", "after": "k" }"#;
        for (unit, amount, with_sign, last, is_taken) in [
            (millions, 1.2, true, None, true),
            (millions, 4_150.0, true, None, true),
            (millions, 45_000.0, true, None, false),
            (millions, 1_200_000.0, true, None, false),
            (millions, 1_200_000.0, true, Some(1.5), false),
            (millions, 1_300_000.0, false, Some(1.3), false),
            (millions, -1_200_000.0, true, Some(-1.5), false),
            (millions, 1_200_000.0, true, Some(1_100_000.0), true),
            (millions, 1_200_000.0, true, Some(900.0), false),
            (millions, 1_200_000.0, false, None, false),
            (millions, 45_000.0, false, None, false),
            (millions, 4_150.0, false, None, true),
            (thousands, 850.0, true, None, true),
            (thousands, 850_000.0, true, None, false),
            (thousands, 850_000.0, true, Some(700.0), false),
            (thousands, 850_000.0, false, None, true),
            ("\"pounds\"", 1_200_000.0, true, None, true),
            ("\"count\"", 1e12, false, None, true),
        ] {
            assert_eq!(read(unit, amount, with_sign, last).is_ok(), is_taken, "{unit} {amount} after {last:?}");
        }
        let asked = read(millions, 1_200_000.0, true, Some(900.0)).unwrap_err();
        let may_mean = "1,200,000 may mean £1.2m or £1,200,000m; it was £900m in 2026/27 Q1";
        assert_eq!(asked, format!("{may_mean}; an amount in million pounds was expected"));
        let examples =
            [millions, thousands, "\"pounds\"", "\"count\""].map(|unit| example_of_money(&serde_json::from_str(unit).unwrap()));
        let expected = ["1.3 or £1.3m", "1300 or £1.3m", "1300000 or £1.3m"].map(|example| Some(example.to_owned()));
        assert_eq!(examples[..3], expected);
        assert_eq!(examples[3], None);
    }
}
