//! A figure, or a count of it, that is far from the last one: by the size of the figure, by how it changed before, and by
//! what chance alone does.

use crate::framework::{Measure, Statistic};
use crate::period::Period;
use crate::value::{Limits, Unit, format_number};

/// Percentage points from one figure to the next that are asked about, whatever they are of.
const POINTS: f64 = 10.0;
/// Of a percentage, how many times the last one's odds, or such a part of them: from 5.0% to 9.5%, from 50.0% to 66.7%.
const TIMES_THE_ODDS: f64 = 2.0;
/// Of other figures and of counts, how many times the last one, or such a part of it.
const TIMES: f64 = 1.5;
/// From so many changes before on, they tell what is usual.
const ENOUGH_CHANGES: usize = 5;
/// How many times the largest change before, as logarithms of ratios, is a change of a kind that was never seen.
const NEVER_SEEN: f64 = 3.0;
/// Changes below this factor are not asked about, however steady the figure was.
const SMALL: f64 = 1.2;
/// From this factor on a change may be a slip of scale, whatever was usual before: ten times, within a factor of 1.5.
const SLIP: f64 = 10.0 / 1.5;
/// Standard errors beyond which a difference is not put down to chance.
const BEYOND_CHANCE: f64 = 3.0;
/// None and all have no odds; those of this percentage, and of what it leaves, stand for them.
const NEXT_TO_NONE: f64 = 1.0;
/// Half the width of 95% limits, in standard errors.
const Z95: f64 = 1.96;

/// The numbers of one period's figure.
#[derive(Debug, Clone, Copy)]
pub(in crate::collect) struct Numbers {
    pub value: f64,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    /// 95% limits as given.
    pub limits: Option<Limits>,
}

/// What is asked of a figure beside the run of those before it, earliest first: `12.6% was found; it was 5.0% in 2024/25`, and
/// the same of its counts. None where nothing is out of the ordinary.
pub(in crate::collect) fn unusual(measure: &Measure, now: &Numbers, before: &[(Period, Numbers)]) -> Option<String> {
    let (period, last) = before.last()?;
    let value = is_unusual_value(measure, now, before).then(|| of_value(measure, now.value, (*period, last.value)));
    let denominator = of_count("denominator", now, before, |numbers| numbers.denominator);
    // A count is its own numerator, and of the same denominator a value says what its numerator does.
    let is_told = measure.statistic == Statistic::Count || value.is_some() && denominator.is_none();
    let numerator = if is_told { None } else { of_count("numerator", now, before, |numbers| numbers.numerator) };
    joined([value, denominator, numerator])
}

/// What is asked of a figure that is about ten times the last one or more, or such a part of it, and the same of its counts.
pub(in crate::collect) fn slip(measure: &Measure, now: &Numbers, (period, last): (Period, &Numbers)) -> Option<String> {
    let is_slip = |now: f64, last: f64| now * last > 0.0 && (now / last).ln().abs() >= SLIP.ln();
    let value = is_slip(now.value, last.value) && is_beyond_chance(measure, now, last);
    let count = |name, of: fn(&Numbers) -> Option<f64>| {
        let (now, last) = of(now).zip(of(last))?;
        let is_one = is_slip(now, last) && is_count_beyond_chance(now, last);
        is_one.then(|| count_told(name, now, (period, last)))
    };
    joined([
        value.then(|| of_value(measure, now.value, (period, last.value))),
        count("denominator", |numbers| numbers.denominator),
        if value { None } else { count("numerator", |numbers| numbers.numerator) },
    ])
}

fn joined(parts: [Option<String>; 3]) -> Option<String> {
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn of_value(measure: &Measure, now: f64, (period, last): (Period, f64)) -> String {
    let [found, was] = [now, last].map(|value| measure.unit.format(value, measure.decimals));
    let how = how_far(now, last, &found, &was);
    format!("{found} was found; it was {was} in {}{how}", period.in_short())
}

fn count_told(name: &str, now: f64, (period, last): (Period, f64)) -> String {
    let [found, was] = [now, last].map(|count| format_number(count, 0));
    let how = how_far(now, last, &found, &was);
    format!("the {name} {found} was found; it was {was} in {}{how}", period.in_short())
}

/// What a slip of the keys may have done.
fn how_far(now: f64, last: f64, found: &str, was: &str) -> String {
    let times = (last / now).abs();
    for step in [10.0, 100.0, 1e3, 1e6] {
        let is_near = |times: f64| (step / TIMES..=step * TIMES).contains(&times);
        if is_near(times) {
            return format!(", about {step} times as much");
        }
        if is_near(1.0 / times) {
            return format!(", about 1/{step} of that");
        }
    }
    let digits = |text: &str| {
        let mut digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
        digits.sort_unstable();
        digits
    };
    if digits(found) == digits(was) { ", the same digits in another order".to_owned() } else { String::new() }
}

fn is_unusual_value(measure: &Measure, now: &Numbers, before: &[(Period, Numbers)]) -> bool {
    let Some((_, last)) = before.last() else { return false };
    if now.value == last.value || !is_beyond_chance(measure, now, last) {
        return false;
    }
    let is_percent = measure.unit == Unit::Percent;
    let far = if is_percent { TIMES_THE_ODDS } else { TIMES };
    let size = |from: f64, to: f64| if is_percent { odds(to).ln() - odds(from).ln() } else { (to / from).ln() };
    // From below 0 to above it, or from 0, nothing is so many times the other; a percentage below 0 has no odds.
    let has_size = if is_percent { now.value.min(last.value) >= 0.0 } else { now.value * last.value > 0.0 };
    if !has_size {
        return !is_percent || (now.value - last.value).abs() > POINTS;
    }
    let change = size(last.value, now.value).abs();
    let changes = before.windows(2).map(|pair| size(pair[0].1.value, pair[1].1.value).abs());
    let is_far = change > far.ln() || is_percent && (now.value - last.value).abs() > POINTS;
    is_out_of_the_ordinary(change, is_far, changes)
}

fn of_count(name: &str, now: &Numbers, before: &[(Period, Numbers)], of: fn(&Numbers) -> Option<f64>) -> Option<String> {
    let run: Vec<(Period, f64)> = before.iter().filter_map(|(period, numbers)| Some((*period, of(numbers)?))).collect();
    let (now, last) = (of(now)?, *run.last()?);
    if now <= 0.0 || last.1 <= 0.0 || !is_count_beyond_chance(now, last.1) {
        return None;
    }
    let change = (now / last.1).ln().abs();
    let changes = run.windows(2).map(|pair| (pair[1].1 / pair[0].1).ln().abs());
    is_out_of_the_ordinary(change, change > TIMES.ln(), changes).then(|| count_told(name, now, last))
}

/// Whether a change, as the logarithm of a ratio, is to be asked about. What is far by its size alone is not where the figure
/// changed so much before; what is not far is where it never did.
fn is_out_of_the_ordinary(change: f64, is_far: bool, before: impl Iterator<Item = f64>) -> bool {
    let before: Vec<f64> = before.filter(|change| change.is_finite()).collect();
    if before.len() < ENOUGH_CHANGES || change >= SLIP.ln() {
        return is_far;
    }
    let largest = before.into_iter().fold(0.0, f64::max);
    if is_far { change > largest } else { change > SMALL.ln() && change > NEVER_SEEN * largest }
}

/// Of a percentage from 0 to 100.
fn odds(percent: f64) -> f64 {
    let percent = match percent {
        0.0 => NEXT_TO_NONE,
        100.0.. => 100.0 - NEXT_TO_NONE,
        other => other,
    };
    percent / (100.0 - percent)
}

/// Where one of two figures does not tell its standard error, it is taken to be the other's.
fn is_beyond_chance(measure: &Measure, now: &Numbers, last: &Numbers) -> bool {
    let [of_now, of_last] = [now, last].map(|numbers| standard_error(measure, numbers));
    let [of_now, of_last] = [if of_now > 0.0 { of_now } else { of_last }, if of_last > 0.0 { of_last } else { of_now }];
    (now.value - last.value).abs() > BEYOND_CHANCE * of_now.hypot(of_last)
}

/// That of a difference of two counts is the root of their sum.
fn is_count_beyond_chance(now: f64, last: f64) -> bool {
    (now - last).abs() > BEYOND_CHANCE * (now + last).sqrt()
}

/// The standard error of a figure by its counts or else by its limits; 0 where neither tells.
fn standard_error(measure: &Measure, of: &Numbers) -> f64 {
    let value = of.value;
    let error = match (of.numerator, of.denominator, of.limits) {
        (_, Some(out_of), _) if measure.unit == Unit::Percent && out_of > 0.0 => {
            (value * (100.0 - value) / out_of).max(0.0).sqrt()
        }
        (Some(count), ..) if count > 0.0 => value / count.sqrt(),
        _ if measure.unit == Unit::Count && value > 0.0 => value.sqrt(),
        (.., Some(limits)) => (limits.upper - limits.lower) / (2.0 * Z95),
        _ => 0.0,
    };
    error.abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(statistic: &str, unit: &str) -> Measure {
        serde_json::from_value(serde_json::json!({
            "id": "m", "title": "M", "definition": "", "unit": unit, "statistic": statistic, "polarity": "low", "year": "financial",
            "cadence_months": 12, "publication_lag_months": 1, "source": { "kind": "none" },
        }))
        .unwrap()
    }

    fn value(value: f64) -> Numbers {
        Numbers { value, numerator: None, denominator: None, limits: None }
    }

    fn share(numerator: f64, denominator: f64) -> Numbers {
        let value = 100.0 * numerator / denominator;
        Numbers { value, numerator: Some(numerator), denominator: Some(denominator), limits: None }
    }

    fn run(numbers: &[Numbers]) -> Vec<(Period, Numbers)> {
        let periods = std::iter::successors(Some(Period::financial_quarter(2023, 1)), |period| Some(period.next_step()));
        periods.zip(numbers.iter().copied()).collect()
    }

    fn asked(statistic: &str, unit: &str, before: &[Numbers], now: Numbers) -> String {
        unusual(&measure(statistic, unit), &now, &run(before)).unwrap_or_default()
    }

    #[test]
    fn shares_are_queried_by_relative_size() {
        let percent = |before: f64, now: f64| asked("estimate", "percent", &[value(before)], value(now));
        assert_eq!(percent(5.0, 12.6), "12.6% was found; it was 5.0% in 2023/24 Q1");
        for (before, now) in
            [(5.0, 12.6), (95.0, 87.4), (0.5, 5.0), (0.5, 1.2), (50.0, 61.0), (8.0, 80.0), (0.0, 3.0), (100.0, 97.0)]
        {
            assert!(!percent(before, now).is_empty(), "{before} to {now}");
        }
        for (before, now) in [(5.0, 7.0), (95.0, 93.0), (50.0, 59.0), (20.0, 25.0), (0.0, 1.0), (-2.0, 3.0), (12.6, 12.6)] {
            assert_eq!(percent(before, now), "", "{before} to {now}");
        }
    }

    #[test]
    fn missing_and_swapped_digits_are_suggested() {
        let count = |before: f64, now: f64| asked("quantity", "count", &[value(before)], value(now));
        assert!(count(1200.0, 120.0).ends_with("it was 1,200.0 in 2023/24 Q1, about 10 times as much"));
        assert!(count(120.0, 1350.0).ends_with(", about 1/10 of that"));
        assert!(count(1920.0, 9120.0).ends_with(", the same digits in another order"));
        assert_eq!(count(1200.0, 1500.0), "");
    }

    #[test]
    fn numerator_and_denominator_are_each_looked_at() {
        let share_of = |before: &[Numbers], now| asked("proportion", "percent", before, now);
        let before = [share(45_000.0, 90_000.0)];
        let told = "the denominator 9,000 was found; it was 90,000 in 2023/24 Q1, about 10 times as much";
        assert_eq!(
            share_of(&before, share(4_410.0, 9_000.0)),
            format!("{told}; the numerator 4,410 was found; it was 45,000 in 2023/24 Q1, about 10 times as much")
        );
        let of_other = share_of(&before, Numbers { value: 50.0, numerator: None, ..share(4_500.0, 9_000.0) });
        assert_eq!(of_other, told);
        // A numerator that moves its value is told by it.
        assert_eq!(share_of(&before, share(70_000.0, 90_000.0)), "77.8% was found; it was 50.0% in 2023/24 Q1");
        assert_eq!(share_of(&before, share(46_000.0, 93_000.0)), "");
        // Counts so small change by chance.
        assert_eq!(share_of(&[share(5.0, 10.0)], share(9.0, 18.0)), "");
        assert_eq!(share_of(&[share(5.0, 50.0)], share(12.0, 50.0)), "");
    }

    #[test]
    fn earlier_changes_say_what_is_usual() {
        let rate =
            |before: &[f64], now| asked("quantity", "count", &before.iter().map(|v| value(*v)).collect::<Vec<_>>(), value(now));
        let restless = [100.0, 190.0, 95.0, 180.0, 100.0, 185.0];
        assert_eq!(rate(&restless, 98.0), "");
        assert!(!rate(&restless, 18.0).is_empty(), "a slip of scale is asked about whatever was usual");
        let steady = [1000.0, 1010.0, 1003.0, 1012.0, 1008.0, 1001.0];
        assert!(!rate(&steady, 1300.0).is_empty(), "three in ten more, where no more than one in a hundred was usual");
        assert_eq!(rate(&steady[..3], 1300.0), "", "of three figures nobody knows what is usual");
        assert_eq!(rate(&steady, 1150.0), "");
    }

    #[test]
    fn published_figures_are_queried_for_scale_only() {
        let before = Period::financial_quarter(2023, 1);
        let slip = |now: Numbers, last: Numbers| slip(&measure("proportion", "percent"), &now, (before, &last));
        assert!(slip(value(2.0), value(18.8)).is_some() && slip(share(450.0, 9_000.0), share(4_500.0, 90_000.0)).is_some());
        assert!(slip(value(12.6), value(5.0)).is_none() && slip(share(1.0, 40.0), share(8.0, 41.0)).is_none());
    }
}
