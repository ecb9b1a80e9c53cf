//! Limits, rates, comparisons and trends.

use crate::cases::{Row, number, of_case, optional, rows};
use crate::numbers::{any_size, close};
use indicator_stats::{
    Comparison, Confidence, Estimate, Limits, Polarity, Withheld, comparison, funnel, life_expectancy, mean, proportion,
    quantile_groups, rate, slope_index, standardised_rate, standardised_ratio, trend,
};
use proptest::prelude::*;

/// Holds a method against the value and both pairs of limits of a row.
fn reproduces(row: &Row, relative: f64, method: impl Fn(Confidence) -> Result<Estimate, Withheld>) {
    for (confidence, lower, upper) in [(Confidence::P95, "lower95", "upper95"), (Confidence::P998, "lower998", "upper998")] {
        let found = method(confidence).unwrap();
        close(found.value, number(row, "value"), relative);
        close(found.limits.lower, number(row, lower), relative);
        close(found.limits.upper, number(row, upper), relative);
    }
}

fn polarity(text: &str) -> Polarity {
    match text {
        "high_is_good" => Polarity::High,
        "low_is_good" => Polarity::Low,
        _ => Polarity::None,
    }
}

fn limits(row: &Row, lower: &str, upper: &str) -> Option<Limits> {
    Some(Limits { lower: optional(row, lower)?, upper: optional(row, upper)? })
}

#[test]
fn proportions_have_wilsons_limits() {
    for row in rows("tests/cases/proportions") {
        let [o, n, m] = ["numerator", "denominator", "multiplier"].map(|key| number(&row, key));
        reproduces(&row, 1e-7, |confidence| proportion::wilson(o, n, m, confidence));
    }
}

#[test]
fn rates_use_exact_limits_below_ten_events() {
    for row in rows("tests/cases/rates") {
        let [o, n, m] = ["numerator", "denominator", "multiplier"].map(|key| number(&row, key));
        reproduces(&row, 1e-7, |confidence| rate::crude_rate(o, n, m, confidence));
    }
    let none = rate::count(0.0, Confidence::P95).unwrap();
    assert_eq!(none.limits.lower, 0.0);
    close(none.limits.upper, 3.688_879_454_113_936, 1e-10);
}

/// An independent check of the chi-squared quantiles: the tails summed term by term.
#[test]
fn exact_limits_leave_the_count_in_the_tail() {
    let below = |count: u32, mean: f64| {
        let mut term = (-mean).exp();
        let mut sum = term;
        for k in 1..=count {
            term *= mean / f64::from(k);
            sum += term;
        }
        sum
    };
    for confidence in [Confidence::P95, Confidence::P998, Confidence::new(0.9).unwrap()] {
        for count in 1..10 {
            let limits = rate::count_limits(f64::from(count), confidence).unwrap();
            close(1.0 - below(count - 1, limits.lower), confidence.tail(), 1e-10);
            close(below(count, limits.upper), confidence.tail(), 1e-10);
        }
    }
}

#[test]
fn means_have_limits_by_t() {
    let values = rows("tests/cases/means_values");
    for row in rows("tests/cases/means") {
        let sample: Vec<f64> = of_case(&values, &row).map(|v| number(v, "value")).collect();
        close(mean::mean(&sample, Confidence::P95).unwrap().standard_deviation, number(&row, "sd"), 1e-7);
        reproduces(&row, 1e-7, |confidence| Ok(mean::mean(&sample, confidence)?.estimate));
    }
    assert_eq!(mean::mean(&[3.0], Confidence::P95), Err(Withheld::TooFewValues(2)));
}

fn bands_of(case: &Row) -> Vec<standardised_rate::Band> {
    of_case(&rows("tests/cases/standardised_rates_bands"), case)
        .map(|b| standardised_rate::Band {
            events: number(b, "count"),
            population: number(b, "pop"),
            weight: number(b, "stdpop"),
        })
        .collect()
}

#[test]
fn directly_standardised_rates_have_dobsons_limits() {
    for row in rows("tests/cases/standardised_rates") {
        let bands = bands_of(&row);
        assert_eq!(bands.iter().map(|b| b.weight).collect::<Vec<_>>(), standardised_rate::ESP2013);
        reproduces(&row, 1e-7, |confidence| standardised_rate::standardised_rate(&bands, number(&row, "multiplier"), confidence));
    }
}

#[test]
fn repeated_events_widen_standardised_rates() {
    let case = rows("tests/cases/standardised_rates").remove(0);
    let bands = bands_of(&case);
    let repeats = |each: f64| -> Vec<standardised_rate::RepeatBand> {
        bands
            .iter()
            .map(|b| standardised_rate::RepeatBand { people: vec![(each, b.events)], population: b.population, weight: b.weight })
            .collect()
    };
    let single = standardised_rate::standardised_rate(&bands, 1e5, Confidence::P95).unwrap();
    let once = standardised_rate::standardised_rate_of_repeats(&repeats(1.0), 1e5, Confidence::P95).unwrap();
    close(once.limits.lower, single.limits.lower, 1e-12);
    let thrice = standardised_rate::standardised_rate_of_repeats(&repeats(3.0), 1e5, Confidence::P95).unwrap();
    close(thrice.value, 3.0 * single.value, 1e-12);
    let width = |e: Estimate| e.limits.upper - e.limits.lower;
    let independent: Vec<_> = bands.iter().map(|b| standardised_rate::Band { events: 3.0 * b.events, ..*b }).collect();
    assert!(width(thrice) > 1.5 * width(standardised_rate::standardised_rate(&independent, 1e5, Confidence::P95).unwrap()));
}

#[test]
fn standardised_rates_below_ten_events_are_withheld() {
    let band = |events: f64, population: f64| [standardised_rate::Band { events, population, weight: 1.0 }];
    let rate = |bands: &[standardised_rate::Band]| standardised_rate::standardised_rate(bands, 1e5, Confidence::P95);
    assert_eq!(rate(&band(9.0, 1000.0)), Err(Withheld::TooFewEvents(10)));
    assert_eq!(rate(&band(20.0, 0.0)), Err(Withheld::NoDenominator));
    assert!(rate(&band(10.0, 1000.0)).is_ok());
}

#[test]
fn indirect_standardisation_rests_on_the_reference() {
    let bands = rows("tests/cases/standardised_ratios_bands");
    for row in rows("tests/cases/standardised_ratios") {
        let bands: Vec<_> = of_case(&bands, &row)
            .map(|b| standardised_ratio::Band {
                events: number(b, "count"),
                population: number(b, "pop"),
                reference_events: number(b, "ref_count"),
                reference_population: number(b, "ref_pop"),
            })
            .collect();
        let indirect = standardised_ratio::Indirect::from_bands(&bands).unwrap();
        close(indirect.expected, number(&row, "expected"), 1e-10);
        let m = number(&row, "multiplier");
        reproduces(&row, 1e-7, |confidence| match row["measure"].as_str() {
            "rate" => indirect.rate(m, confidence),
            _ => indirect.ratio(m, confidence),
        });
    }
}

#[test]
fn life_tables_have_silcocks_limits() {
    let bands = rows("tests/cases/life_tables_bands");
    let mut withheld = 0;
    for row in rows("tests/cases/life_tables") {
        let bands: Vec<_> = of_case(&bands, &row)
            .map(|b| life_expectancy::Band {
                start_age: b["startage"].parse().unwrap(),
                deaths: number(b, "deaths"),
                population: number(b, "population"),
            })
            .collect();
        if optional(&row, "value").is_none() {
            withheld += 1;
            assert_eq!(life_expectancy::life_table(&bands, Confidence::P95).unwrap_err(), Withheld::NoDeathsInOldestBand);
            continue;
        }
        let age = life_expectancy::START_AGES.iter().position(|age| age.to_string() == row["startage"]).unwrap();
        reproduces(&row, 1e-9, |confidence| life_expectancy::life_table(&bands, confidence)?[age]);
    }
    assert!(withheld > 0);
}

#[test]
fn withheld_life_tables_give_the_true_reason() {
    let bands = |deaths: f64, population: f64| -> Vec<_> {
        life_expectancy::START_AGES.iter().map(|age| life_expectancy::Band { start_age: *age, deaths, population }).collect()
    };
    let table = |bands: &[life_expectancy::Band]| life_expectancy::life_table(bands, Confidence::P95).err();
    assert_eq!(table(&bands(1.0, 1000.0)), None);
    assert_eq!(table(&bands(1.0, 250.0)), Some(Withheld::PopulationTooSmall), "5,000 people are too few");
    assert_eq!(table(&bands(1.0, 0.0)), Some(Withheld::NoDenominator));
    assert_eq!(table(&bands(-1.0, 1000.0)), Some(Withheld::NegativeCount));
    assert_eq!(table(&bands(1001.0, 1000.0)), Some(Withheld::CountExceedsDenominator));
    assert_eq!(table(&bands(1.0, 1000.0)[..19]), Some(Withheld::NotTheAgeBands));
    let mut few = bands(0.0, 400.0);
    few[19].deaths = 1.0;
    let ages = life_expectancy::life_table(&few, Confidence::P95).unwrap();
    assert_eq!(ages[0], Err(Withheld::IntervalTooWide), "one death says little about how long people live");
}

#[test]
fn exact_slope_agrees_with_simulation() {
    let groups: Vec<_> = (0..10)
        .map(|i| slope_index::Group {
            population: 1000.0 + 37.0 * f64::from(i),
            value: 78.0 + 0.05 * f64::from(i),
            error: slope_index::Error::Standard(0.4),
        })
        .collect();
    let options = slope_index::Options {
        kind: slope_index::ScaleKind::Normal,
        transform: false,
        multiplier: 1.0,
        confidence: Confidence::P95,
    };
    let found = slope_index::slope_index(&groups, &options).unwrap();
    let reversed = slope_index::slope_index(&groups, &slope_index::Options { multiplier: -1.0, ..options }).unwrap();
    close(reversed.sii.value, -found.sii.value, 1e-12);
    close(reversed.sii.limits.lower, -found.sii.limits.upper, 1e-12);
    close(reversed.rii.value, 1.0 / found.rii.value, 1e-12);
    // With so flat a line the simulated ratio moves with the slope alone: their relative widths agree.
    let width = |e: Estimate| e.limits.upper - e.limits.lower;
    close(width(found.rii) * found.intercept, width(found.sii), 0.02);
    assert_eq!(slope_index::slope_index(&groups[..4], &options), Err(Withheld::TooFewValues(5)));
}

#[test]
fn inequality_slopes_agree_with_the_reference_simulation() {
    let groups = rows("tests/cases/slope_indices_groups");
    for row in rows("tests/cases/slope_indices") {
        let kind = match row["value_type"].as_str() {
            "rate" => slope_index::ScaleKind::Rate,
            "proportion" => slope_index::ScaleKind::Proportion,
            _ => slope_index::ScaleKind::Normal,
        };
        let groups: Vec<_> = of_case(&groups, &row)
            .map(|g| slope_index::Group {
                population: number(g, "population"),
                value: number(g, "value"),
                error: slope_index::Error::Limits(limits(g, "lower_cl", "upper_cl").unwrap()),
            })
            .collect();
        let options = slope_index::Options {
            kind,
            transform: row["transform"] != "none",
            multiplier: number(&row, "multiplier"),
            confidence: Confidence::P95,
        };
        let found = slope_index::slope_index(&groups, &options).unwrap();
        close(found.sii.value, number(&row, "sii"), 1e-7);
        close(found.rii.value, number(&row, "rii"), 1e-7);
        close(found.intercept, number(&row, "intercept"), 1e-7);
        for (estimate, lower, upper) in [(found.sii, "sii_lower1", "sii_upper1"), (found.rii, "rii_lower1", "rii_upper1")] {
            let wanted = limits(&row, lower, upper).unwrap();
            let tolerance = 0.03 * (wanted.upper - wanted.lower);
            assert!((estimate.limits.lower - wanted.lower).abs() < tolerance, "{row:?}: {estimate:?}");
            assert!((estimate.limits.upper - wanted.upper).abs() < tolerance, "{row:?}: {estimate:?}");
        }
        assert_eq!(slope_index::slope_index(&groups, &options), Ok(found), "the same draws every time");
    }
}

#[test]
fn areas_fall_into_groups_of_nearly_equal_size() {
    let rows = rows("tests/cases/quantile_groups");
    let values: Vec<_> = rows.iter().map(|row| optional(row, "value")).collect();
    let groups = quantile_groups::quantile_groups(&values, 5, true).unwrap();
    for (row, group) in rows.iter().zip(groups) {
        assert_eq!(group, Some(row["quantile"].parse().unwrap()), "{row:?}");
    }
    assert_eq!(quantile_groups::quantile_groups(&values[..4], 5, true), Err(Withheld::TooFewValues(5)));
}

#[test]
fn figures_are_compared_by_their_limits() {
    for row in rows("tests/cases/comparisons") {
        let polarity = polarity(&row["polarity"]);
        let (value, benchmark) = (number(&row, "value"), number(&row, "benchmark_value"));
        let inner = limits(&row, "lower95", "upper95");
        let found = match row["method"].as_str() {
            "single95" => format!("{:?}", comparison::single(Some(value), inner, Some(benchmark), polarity)),
            "double" => {
                let other = limits(&row, "benchmark_lower95", "benchmark_upper95");
                format!("{:?}", comparison::double(value, inner, benchmark, other, polarity))
            }
            _ => {
                let outer = limits(&row, "lower998", "upper998");
                format!("{:?}", comparison::single_two_levels(Some(value), inner, outer, Some(benchmark), polarity))
            }
        };
        assert_eq!(found, row["expected"], "{row:?}");
    }
    assert_eq!(comparison::single(Some(1.0), None, Some(1.0), Polarity::High), Comparison::NotCompared);
}

#[test]
fn figures_are_held_against_goals() {
    for row in rows("tests/cases/goals") {
        let lower = number(&row, "lower_limit");
        let goal = optional(&row, "upper_limit")
            .map_or(comparison::Goal::Single(lower), |upper| comparison::Goal::Range { lower, upper });
        let limits = limits(&row, "lower95", "upper95").filter(|_| row["use_ci"] == "1");
        let found = comparison::goal(number(&row, "value"), limits, goal, polarity(&row["polarity"]));
        assert_eq!(format!("{found:?}"), row["expected"], "{row:?}");
    }
}

#[test]
fn a_recent_trend_needs_five_whole_years() {
    let years = rows("tests/cases/trends_years");
    for row in rows("tests/cases/trends") {
        let years: Vec<_> = of_case(&years, &row)
            .map(|y| trend::Year {
                year: y["year"].parse().unwrap(),
                value: optional(y, "value"),
                limits: limits(y, "lower95", "upper95"),
                numerator: optional(y, "count"),
                denominator: optional(y, "denominator"),
            })
            .collect();
        let found = trend::weighted(&years);
        match row["marker"].as_str() {
            "CannotBeCalculated" => assert_eq!(found, Err(Withheld::NotFiveYears)),
            marker => {
                let found = found.unwrap();
                assert!((found.chi_squared - number(&row, "chi2")).abs() < 1e-6, "{row:?}: {found:?}");
                let wanted = match marker {
                    "Increasing" => trend::Direction::Increasing,
                    "Decreasing" => trend::Direction::Decreasing,
                    _ => trend::Direction::NoSignificantChange,
                };
                assert_eq!(found.direction, wanted, "{row:?}");
                let by_counts = trend::cochran_armitage(&years).unwrap();
                assert_eq!(by_counts.direction, wanted, "the alternative agrees on these cases: {row:?}");
            }
        }
    }
}

#[test]
fn limits_of_a_count_hold_from_nothing_up() {
    let at = |count| rate::count_limits(count, Confidence::P95).unwrap();
    let nothing = at(0.0);
    for tiny in [5e-324, 1e-300, 5.6e-17] {
        assert_eq!(at(tiny), nothing, "{tiny}");
    }
    // Computed outside the project to 50 digits (mpmath 1.3): the 2.5% points of gamma variables of O and O + 1.
    for (count, lower, upper) in
        [(0.5, 0.000_491_034_558_587_628, 4.674_201_802_248_074), (9.99, 4.788_506_589_612_77, 18.377_372_396_488_06)]
    {
        close(at(count).lower, lower, 1e-10);
        close(at(count).upper, upper, 1e-10);
    }
    assert_eq!(rate::count_limits(-0.1, Confidence::P95), Err(Withheld::NegativeCount));
    assert_eq!(Confidence::new(1.0 - f64::EPSILON / 2.0), Err(Withheld::NotAConfidence));
}

#[test]
fn narrow_limits_give_a_trend_or_reason() {
    let years = |width: f64, step: f64| -> Vec<_> {
        (0..5)
            .map(|i| {
                let value = f64::from(i) * step;
                trend::Year {
                    year: 2020 + i,
                    value: Some(value),
                    limits: Some(Limits { lower: 0.0, upper: width }),
                    numerator: None,
                    denominator: None,
                }
            })
            .collect()
    };
    assert_eq!(trend::weighted(&years(1e-200, 1.0)), Err(Withheld::NotFinite), "a χ² beyond all numbers");
    let narrow = trend::weighted(&years(1e-200, 1e-200)).unwrap();
    let plain = trend::weighted(&years(1.0, 1.0)).unwrap();
    close(narrow.chi_squared, plain.chi_squared, 1e-9);
    assert_eq!(narrow.direction, plain.direction);
    assert_eq!(trend::weighted(&years(1e-200, 0.0)).unwrap().direction, trend::Direction::NoSignificantChange);
    let mut one_sure = years(1.0, 1.0);
    one_sure[2].limits = Some(Limits { lower: 0.0, upper: 1e-200 });
    assert_eq!(trend::weighted(&one_sure), Err(Withheld::NoSpread));
}

fn flipped(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Better => Comparison::Worse,
        Comparison::Worse => Comparison::Better,
        other => other,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn wilson_limits_bracket_the_share(n in 1_u32..2_000_000, share in 0.0..=1.0_f64, level in 0.5..0.9999_f64) {
        let o = (f64::from(n) * share).floor();
        let found = proportion::wilson(o, f64::from(n), 1.0, Confidence::new(level).unwrap()).unwrap();
        prop_assert!(found.limits.lower >= 0.0 && found.limits.upper <= 1.0);
        prop_assert!(found.limits.lower <= found.value + 1e-15 && found.value <= found.limits.upper + 1e-15);
    }

    #[test]
    fn count_limits_widen_with_confidence(o in 0_u32..3_000_000) {
        let o = f64::from(o);
        let (narrow, wide) = (rate::count_limits(o, Confidence::P95).unwrap(), rate::count_limits(o, Confidence::P998).unwrap());
        prop_assert!(wide.lower <= narrow.lower && narrow.lower <= o && o < narrow.upper && narrow.upper < wide.upper);
    }

    #[test]
    fn opposite_polarity_flips_a_comparison(value in -100.0..100.0_f64, below in 0.0..20.0_f64, above in 0.0..20.0_f64, other in -100.0..100.0_f64) {
        let limits = Some(Limits { lower: value - below, upper: value + above });
        let single = |polarity| comparison::single(Some(value), limits, Some(other), polarity);
        prop_assert_eq!(single(Polarity::High), flipped(single(Polarity::Low)));
        let other_limits = Some(Limits { lower: other - above, upper: other + below });
        let double = |polarity| comparison::double(value, limits, other, other_limits, polarity);
        prop_assert_eq!(double(Polarity::High), flipped(double(Polarity::Low)));
    }

    #[test]
    fn invalid_counts_are_refused(o in prop::num::f64::ANY, n in prop::num::f64::ANY) {
        for found in [proportion::wilson(o, n, 100.0, Confidence::P95), rate::crude_rate(o, n, 100.0, Confidence::P95)].into_iter().flatten() {
            prop_assert!(is_ordered(found), "{o} of {n}: {found:?}");
        }
    }

    #[test]
    fn methods_over_bands_give_ordered_limits(sizes in prop::collection::vec(any_size(), 80)) {
        let quarter = |i: usize| sizes[i * 20..(i + 1) * 20].iter().copied();
        let standard: Vec<_> = quarter(0).zip(quarter(1)).zip(standardised_rate::ESP2013)
            .map(|((events, population), weight)| standardised_rate::Band { events, population, weight }).collect();
        let indirect: Vec<_> = quarter(0).zip(quarter(1)).zip(quarter(2).zip(quarter(3)))
            .map(|((events, population), (reference_events, reference_population))| standardised_ratio::Band { events, population, reference_events, reference_population }).collect();
        let lives: Vec<_> = life_expectancy::START_AGES.into_iter().zip(quarter(0).zip(quarter(1)))
            .map(|(start_age, (a, b))| life_expectancy::Band { start_age, deaths: a.min(b), population: a.max(b) }).collect();
        let mut found = vec![standardised_rate::standardised_rate(&standard, 1e5, Confidence::P95)];
        found.push(standardised_ratio::Indirect::from_bands(&indirect).and_then(|i| i.ratio(100.0, Confidence::P95)));
        found.push(mean::mean(&sizes, Confidence::P95).map(|m| m.estimate));
        found.extend(life_expectancy::life_table(&lives, Confidence::P95).into_iter().flatten());
        for found in found.into_iter().flatten() {
            prop_assert!(is_ordered(found), "{found:?}");
        }
        for limits in [funnel::rate_limits(sizes[0], sizes[1].min(1e6), 1e5, Confidence::P95), funnel::rate_limits_at(sizes[0], sizes[1], 1e5, Confidence::P95), funnel::proportion_limits(0.3, sizes[2], 100.0, Confidence::P95)].into_iter().flatten() {
            prop_assert!(limits.lower <= limits.upper && limits.upper.is_finite(), "{limits:?}");
        }
    }

    #[test]
    fn a_trend_is_a_number_or_reason(sizes in prop::collection::vec(any_size(), 15)) {
        let years: Vec<_> = (0..5_usize).map(|i| trend::Year {
            year: 2020 + i as i32,
            value: Some(sizes[i]),
            limits: Some(Limits { lower: sizes[i] - sizes[5 + i], upper: sizes[i] + sizes[5 + i] }),
            numerator: Some(sizes[10 + i].min(sizes[i])),
            denominator: Some(sizes[10 + i].max(sizes[i])),
        }).collect();
        for found in [trend::weighted(&years), trend::cochran_armitage(&years)].into_iter().flatten() {
            prop_assert!(found.chi_squared.is_finite() && found.slope.is_finite(), "{found:?}");
        }
    }
}

fn is_ordered(found: Estimate) -> bool {
    // Rounding may put a limit that is the value itself a hair beyond it.
    let slack = 1e-9 * found.value.abs();
    found.limits.upper.is_finite() && found.limits.lower - slack <= found.value && found.value <= found.limits.upper + slack
}
