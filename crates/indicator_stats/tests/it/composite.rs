//! Composite indices: the Health Index for England, made again from its own inputs, and what the method promises.

use crate::cases::{Row, number, rows};
use indicator_stats::composite::{
    Base, Domain, Index, Indicator, Score, Standard, Transform, change, index, out_of_ten, sensitivity, shares, whole,
};
use indicator_stats::{Confidence, Limits, Polarity, Withheld};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// The weights of the published structure are rounded to three decimals.
const TOLERANCE: f64 = 0.15;

/// An indicator of the Health Index with its base, worked out here from all areas in 2015.
struct HealthIndicator {
    domain: String,
    subdomain: String,
    id: String,
    weight: f64,
    standard: Standard,
}

fn transform(name: &str) -> Transform {
    match name {
        "none" => Transform::None,
        "log" => Transform::Log,
        "sqrt" => Transform::Sqrt,
        "cbrt" => Transform::Cbrt,
        "square" => Transform::Square,
        "cube" => Transform::Cube,
        "reciprocal" => Transform::Reciprocal,
        other => panic!("{other}"),
    }
}

fn health_indicators(figures: &[Row]) -> Vec<HealthIndicator> {
    let in_2015 = |id: &str| -> Vec<(f64, f64)> {
        let rows = figures.iter().filter(|row| row["year"] == "2015");
        rows.map(|row| (number(row, "population"), number(row, id))).collect()
    };
    rows("tests/cases/health_index_indicators")
        .iter()
        .map(|row| {
            let transform = transform(&row["transform"]);
            let base = Base::of(&in_2015(&row["indicator"]), transform).unwrap();
            for (found, wanted) in [(base.mean, number(row, "mean")), (base.sd, number(row, "sd"))] {
                assert!((found - wanted).abs() <= 1e-6 * wanted.abs(), "{row:?}: {base:?}");
            }
            let polarity = if row["low_is_good"] == "true" { Polarity::Low } else { Polarity::High };
            HealthIndicator {
                domain: row["domain"].clone(),
                subdomain: row["subdomain"].clone(),
                id: row["indicator"].clone(),
                weight: number(row, "weight"),
                standard: Standard { transform, base, polarity },
            }
        })
        .collect()
}

/// The scores of an area by subdomain, domain (`Pe`, `Li`, `Pl`) and in all (`HI`): the means of subdomains are plain ones.
fn health_index(indicators: &[HealthIndicator], figures: &Row) -> BTreeMap<String, f64> {
    let mut subdomains: Vec<(&str, &str, Vec<&HealthIndicator>)> = Vec::new();
    for of in indicators {
        match subdomains.last_mut().filter(|(_, name, _)| *name == of.subdomain) {
            Some((.., members)) => members.push(of),
            None => subdomains.push((&of.domain, &of.subdomain, vec![of])),
        }
    }
    let subdomain = |members: &[&HealthIndicator], weight: f64| {
        let weights = shares(&members.iter().map(|of| Some(of.weight)).collect::<Vec<_>>()).unwrap();
        let score = |of: &HealthIndicator| of.standard.score(number(figures, &of.id), None).unwrap();
        let indicators = members.iter().zip(weights).map(|(of, weight)| Indicator { weight, score: Some(score(of)) });
        Domain { weight, indicators: indicators.collect() }
    };
    let mut scores = BTreeMap::new();
    let mut all = Vec::new();
    for domain in ["Pe", "Li", "Pl"] {
        let own: Vec<_> = subdomains.iter().filter(|(of, ..)| *of == domain).collect();
        let weight = 1.0 / own.len() as f64;
        let domains: Vec<Domain> = own.iter().map(|(.., members)| subdomain(members, weight)).collect();
        let found = index(&domains).unwrap();
        scores.insert(domain.to_owned(), found.score.points);
        scores.extend(own.iter().zip(&found.domains).map(|((_, name, _), score)| ((*name).to_owned(), score.unwrap().points)));
        all.push(Domain { weight: 1.0 / 3.0, indicators: vec![Indicator { weight: 1.0, score: Some(found.score) }] });
    }
    scores.insert("HI".to_owned(), index(&all).unwrap().score.points);
    scores
}

#[test]
fn the_health_index_for_england_comes_out_again() {
    let figures = rows("tests/cases/health_index_figures");
    let indicators = health_indicators(&figures);
    assert_eq!(indicators.len(), 58);
    let wanted = rows("tests/cases/health_index_scores");
    assert_eq!(wanted.len(), 20, "five areas, four years");
    for row in wanted {
        let area = figures.iter().find(|of| of["area"] == row["area"] && of["year"] == row["year"]).unwrap();
        let found = health_index(&indicators, area);
        assert_eq!(found.len(), 21);
        for (item, points) in found {
            assert!((points - number(&row, &item)).abs() < TOLERANCE, "{item} {points}: {row:?}");
        }
    }
}

/// As published for England in 2018, and 100 in the base year.
#[test]
fn england_is_the_mean_of_its_areas_by_population() {
    let figures = rows("tests/cases/health_index_figures");
    let indicators = health_indicators(&figures);
    let england = |year: &str, item: &str| {
        let areas = figures.iter().filter(|row| row["year"] == year);
        let score = |row: &Row| Score { points: health_index(&indicators, row)[item], error: None };
        whole(&areas.map(|row| (number(row, "population"), score(row))).collect::<Vec<_>>()).unwrap().points
    };
    for (item, published) in [("HI", 99.72), ("Pe", 98.89), ("Li", 101.42), ("Pl", 98.84)] {
        assert!((england("2015", item) - 100.0).abs() < 1e-9, "{item}");
        assert!((england("2018", item) - published).abs() < TOLERANCE, "{item} {}", england("2018", item));
    }
}

/// SplitMix64 turned normal: the same draws on every run and machine.
struct Draws(u64);

impl Draws {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        ((z >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

/// A basket of two domains and five indicators with these transforms, as (value, standard error).
fn noisy(transforms: [Transform; 2]) -> (Vec<Standard>, Vec<(f64, f64)>) {
    let [one, other] = transforms;
    let of = |transform: Transform, value: f64, polarity| {
        let mean = transform.apply(value).unwrap() * 0.98;
        Standard { transform, base: Base { mean, sd: transform.slope(value).unwrap() * value * 0.2 }, polarity }
    };
    let figures = vec![(0.31, 0.012), (0.12, 0.008), (0.55, 0.02), (0.24, 0.015), (0.7, 0.02)];
    let transforms = [one, other, one, other, one];
    let polarities = [Polarity::High, Polarity::Low, Polarity::Low, Polarity::High, Polarity::High];
    let standards = figures.iter().zip(transforms).zip(polarities).map(|(((value, _), t), polarity)| of(t, *value, polarity));
    (standards.collect(), figures)
}

fn basket(scores: &[Score]) -> Vec<Domain> {
    let domain = |weight: f64, weights: &[f64], scores: &[Score]| Domain {
        weight,
        indicators: weights
            .iter()
            .zip(scores)
            .map(|(weight, score)| Indicator { weight: *weight, score: Some(*score) })
            .collect(),
    };
    vec![domain(0.4, &[0.5, 0.5], &scores[..2]), domain(0.6, &[0.2, 0.3, 0.5], &scores[2..])]
}

/// The width of 95% limits by the formula, and of the middle 95% of 100,000 draws; of a level, or of a change where each side
/// is drawn anew.
fn widths(transforms: [Transform; 2], is_change: bool) -> (f64, f64) {
    let (standards, figures) = noisy(transforms);
    let limits = |value: f64, error: f64| {
        let reach = Confidence::P95.z() * error;
        Some(Limits { lower: value - reach, upper: value + reach })
    };
    let scores: Vec<Score> =
        standards.iter().zip(&figures).map(|(standard, (x, error))| standard.score(*x, limits(*x, *error)).unwrap()).collect();
    let level = index(&basket(&scores)).unwrap().score.limits(Confidence::P95);
    let by_formula = match is_change {
        true => change(&basket(&scores), &basket(&scores), Confidence::P95).unwrap().limits,
        false => level,
    };
    let mut draws = Draws(0x5EED);
    let mut drawn = || {
        let score = |(standard, (x, error)): (&Standard, &(f64, f64))| standard.score(x + error * draws.normal(), None).unwrap();
        let scores: Vec<Score> = standards.iter().zip(&figures).map(score).collect();
        index(&basket(&scores)).unwrap().score.points
    };
    let mut found: Vec<f64> = (0..100_000).map(|_| if is_change { drawn() - drawn() } else { drawn() }).collect();
    found.sort_by(f64::total_cmp);
    let by_formula = by_formula.unwrap();
    (by_formula.upper - by_formula.lower, found[97_499] - found[2_500])
}

#[test]
fn limits_are_those_of_a_simulation() {
    for is_change in [false, true] {
        for (transforms, within) in [([Transform::None, Transform::None], 0.01), ([Transform::Log, Transform::Logit], 0.05)] {
            let (formula, simulated) = widths(transforms, is_change);
            assert!((formula / simulated - 1.0).abs() < within, "{transforms:?} {is_change}: {formula} {simulated}");
        }
    }
}

const ALL: [Transform; 8] = [
    Transform::None,
    Transform::Log,
    Transform::Sqrt,
    Transform::Cbrt,
    Transform::Square,
    Transform::Cube,
    Transform::Reciprocal,
    Transform::Logit,
];

#[test]
fn a_transform_off_its_scale_says_so() {
    for transform in ALL {
        let defined = |x: f64| transform.apply(x).is_ok();
        let wanted = match transform {
            Transform::None | Transform::Cbrt | Transform::Cube => [true, true, true],
            Transform::Sqrt | Transform::Square => [false, true, true],
            Transform::Log | Transform::Reciprocal => [false, false, true],
            Transform::Logit => [false, false, false],
        };
        assert_eq!([-1.0, 0.0, 1.0].map(defined), wanted, "{transform:?}");
        assert_eq!(transform.apply(f64::NAN), Err(Withheld::NotFinite));
    }
    assert!(Transform::Logit.apply(0.5).is_ok());
    assert_eq!(Transform::Sqrt.slope(0.0), Err(Withheld::OffTheScale));
    assert_eq!(Transform::Cube.apply(1e200), Err(Withheld::OffTheScale));
}

#[test]
fn bases_and_directions_that_give_no_score() {
    assert_eq!(Base::of(&[(1.0, 2.0)], Transform::None), Err(Withheld::TooFewValues(2)));
    assert_eq!(Base::of(&[(1.0, 2.0), (3.0, 2.0)], Transform::None), Err(Withheld::NoDeviation));
    assert_eq!(Base::of(&[(0.0, 2.0), (3.0, 1.0)], Transform::None), Err(Withheld::NoDenominator));
    assert_eq!(Base::of(&[(1.0, 0.0), (3.0, 1.0)], Transform::Log), Err(Withheld::OffTheScale));
    let standard = |sd, polarity| Standard { transform: Transform::None, base: Base { mean: 1.0, sd }, polarity };
    assert_eq!(standard(1.0, Polarity::None).score(2.0, None), Err(Withheld::NoDirection));
    assert_eq!(standard(0.0, Polarity::High).score(2.0, None), Err(Withheld::NoDeviation));
    // A root has no slope at zero: there is a score, and no limits to it.
    let root = Standard { transform: Transform::Sqrt, base: Base { mean: 1.0, sd: 1.0 }, polarity: Polarity::High };
    let found = root.score(0.0, Some(Limits { lower: 0.0, upper: 1.0 })).unwrap();
    assert_eq!(found, Score { points: 90.0, error: None });
}

#[test]
fn weights_are_shares() {
    assert_eq!(shares(&[None, None]), Ok(vec![0.5, 0.5]));
    assert_eq!(shares(&[Some(0.5), None]), Err(Withheld::NoWeight));
    assert_eq!(shares(&[Some(1.0), Some(0.0)]), Err(Withheld::NoWeight));
    assert_eq!(shares(&[Some(0.6), Some(0.41)]), Err(Withheld::NotShares));
    assert_eq!(shares(&[Some(2.0), Some(1.0)]), Err(Withheld::NotShares));
    let thirds = shares(&[Some(0.333), Some(0.333), Some(0.333)]).unwrap();
    assert!(thirds.iter().all(|weight| (weight - 1.0 / 3.0).abs() < 1e-12), "{thirds:?}");
}

fn plain(points: f64) -> Option<Score> {
    Some(Score { points, error: Some(1.0) })
}

fn equal(scores: &[&[Option<Score>]]) -> Vec<Domain> {
    let domain = |of: &&[Option<Score>]| Domain {
        weight: 1.0 / scores.len() as f64,
        indicators: of.iter().map(|score| Indicator { weight: 1.0 / of.len() as f64, score: *score }).collect(),
    };
    scores.iter().map(domain).collect()
}

fn points(of: &Result<Index, Withheld>) -> f64 {
    of.as_ref().unwrap().score.points
}

#[test]
fn a_domain_needs_two_thirds_and_the_index_all_domains_but_one() {
    let (low, high) = (plain(90.0), plain(120.0));
    let two_of_three = equal(&[&[low, low, None], &[high], &[high]]);
    assert!((points(&index(&two_of_three)) - 110.0).abs() < 1e-9);
    let one_of_three = equal(&[&[low, None, None], &[high], &[high]]);
    let found = index(&one_of_three).unwrap();
    assert!((found.score.points - 120.0).abs() < 1e-9);
    assert_eq!((found.domains[0], found.weights[0].as_slice()), (None, [0.0, 0.0, 0.0].as_slice()));
    assert_eq!(index(&equal(&[&[low, None, None], &[None], &[high]])), Err(Withheld::TooFewDomains));
    assert_eq!(index(&equal(&[&[None]])), Err(Withheld::TooFewDomains));
    assert_eq!(index(&[]), Err(Withheld::TooFewDomains));
}

#[test]
fn what_has_no_limits_makes_the_interval_no_wider() {
    let without = Some(Score { points: 110.0, error: None });
    let error = |of: &[Option<Score>]| index(&equal(&[of])).unwrap().score.error;
    assert_eq!(error(&[plain(100.0), without]), Some(0.5));
    assert_eq!(error(&[without]), None);
    let unknown = change(&equal(&[&[without]]), &equal(&[&[without]]), Confidence::P95).unwrap();
    assert_eq!((unknown.limits, unknown.significant), (None, false));
}

#[test]
fn a_change_is_by_what_both_years_have() {
    let earlier = equal(&[&[plain(90.0), plain(100.0), None], &[plain(100.0)], &[plain(95.0)]]);
    let later = equal(&[&[plain(93.0), plain(106.0), plain(150.0)], &[plain(101.0)], &[None]]);
    let found = change(&earlier, &later, Confidence::P95).unwrap();
    // Domains of 4.5 and 1 points: the third is in one year only.
    assert!((found.difference - 2.75).abs() < 1e-9, "{found:?}");
    assert_eq!((found.contributions[0][2], found.contributions[2][0]), (None, None));
    let other = equal(&[&[plain(90.0)]]);
    assert_eq!(change(&earlier, &other, Confidence::P95), Err(Withheld::NotOneBasket));
}

#[test]
fn the_index_without_each_domain_and_by_the_geometric_mean() {
    let domains = equal(&[&[plain(80.0)], &[plain(100.0)], &[plain(125.0)]]);
    let found = sensitivity(&domains, &index(&domains).unwrap());
    assert_eq!(found.without, [Some(112.5), Some(102.5), Some(90.0)]);
    assert!((found.geometric.unwrap() - 100.0).abs() < 1e-9);
    assert_eq!(found.range(), Some((90.0, 112.5)));
    let alone = equal(&[&[plain(80.0)]]);
    assert_eq!(sensitivity(&alone, &index(&alone).unwrap()).without, [None]);
}

#[test]
fn readers_see_nought_to_ten() {
    assert_eq!([100.0, 110.0, 85.0, 20.0, 300.0].map(out_of_ten), [5.0, 6.0, 3.5, 0.0, 10.0]);
}

/// Figures of two domains in which some are missing, with errors.
fn figures() -> impl Strategy<Value = Vec<Option<(f64, f64)>>> {
    prop::collection::vec(prop::option::weighted(0.9, (1.0..50.0_f64, 0.1..2.0_f64)), 5)
}

fn scored(figures: &[Option<(f64, f64)>], base: Base, polarity: Polarity) -> Vec<Domain> {
    let standard = Standard { transform: Transform::None, base, polarity };
    let limits = |x: f64, error: f64| Some(Limits { lower: x - 1.96 * error, upper: x + 1.96 * error });
    let score = |of: &Option<(f64, f64)>| of.map(|(x, error)| standard.score(x, limits(x, error)).unwrap());
    let scores: Vec<Option<Score>> = figures.iter().map(score).collect();
    equal(&[&scores[..3], &scores[3..]])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn order_of_areas_and_a_common_shift_do_not_matter(
        areas in prop::collection::vec((1.0..1e6_f64, -50.0..50.0_f64), 2..30), by in -100.0..100.0_f64
    ) {
        let Ok(base) = Base::of(&areas, Transform::None) else { return Ok(()) };
        let reversed: Vec<_> = areas.iter().rev().copied().collect();
        let shifted: Vec<_> = areas.iter().map(|(people, x)| (*people, x + by)).collect();
        let score = |areas: &[(f64, f64)], x: f64| {
            let base = Base::of(areas, Transform::None).unwrap();
            Standard { transform: Transform::None, base, polarity: Polarity::High }.score(x, None).unwrap().points
        };
        for (_, x) in &areas {
            let reach = 1e-6 * (1.0 + 100.0 / base.sd);
            prop_assert!((score(&areas, *x) - score(&reversed, *x)).abs() < reach);
            prop_assert!((score(&areas, *x) - score(&shifted, x + by)).abs() < reach);
        }
    }

    #[test]
    fn the_other_direction_mirrors_and_the_mean_is_100(of in figures(), mean in 1.0..50.0_f64, sd in 0.5..20.0_f64) {
        let base = Base { mean, sd };
        let (high, low) = (index(&scored(&of, base, Polarity::High)), index(&scored(&of, base, Polarity::Low)));
        prop_assert_eq!(high.is_ok(), low.is_ok());
        if let (Ok(high), Ok(low)) = (&high, &low) {
            prop_assert!((high.score.points + low.score.points - 200.0).abs() < 1e-9);
            prop_assert!((high.score.error.unwrap() - low.score.error.unwrap()).abs() < 1e-12);
        }
        let at_mean = index(&scored(&[Some((mean, 1.0)); 5], base, Polarity::Low)).unwrap();
        prop_assert!(at_mean.domains.iter().all(|score| (score.unwrap().points - 100.0).abs() < 1e-12), "{:?}", at_mean);
    }

    #[test]
    fn contributions_and_weights_add_up(before in figures(), after in figures()) {
        let base = Base { mean: 20.0, sd: 5.0 };
        let (before, after) = (scored(&before, base, Polarity::High), scored(&after, base, Polarity::High));
        if let Ok(found) = change(&before, &after, Confidence::P95) {
            let sum: f64 = found.contributions.iter().flatten().flatten().sum();
            prop_assert_eq!(sum, found.difference);
            prop_assert!((found.later.score.points - found.earlier.score.points - sum).abs() < 1e-9);
            let weights: f64 = found.later.weights.iter().flatten().sum();
            prop_assert!((weights - 1.0).abs() < 1e-12);
            prop_assert_eq!(&found.later.weights, &found.earlier.weights);
            let back = change(&after, &before, Confidence::P95).unwrap();
            prop_assert!((back.difference + found.difference).abs() < 1e-9 && back.significant == found.significant);
        }
    }

    #[test]
    fn an_indicator_that_is_dropped_was_never_there(of in prop::collection::vec(1.0..50.0_f64, 7)) {
        let base = Base { mean: 20.0, sd: 5.0 };
        let score = |x: &f64| Standard { transform: Transform::None, base, polarity: Polarity::High }.score(*x, None).ok();
        let scores: Vec<Option<Score>> = of.iter().map(score).collect();
        let dropped = index(&equal(&[&[scores[0], scores[1], None], &scores[3..]])).unwrap();
        let never = index(&equal(&[&scores[..2], &scores[3..]])).unwrap();
        prop_assert!((dropped.score.points - never.score.points).abs() < 1e-9);
    }

    #[test]
    fn transforms_rise_and_any_number_gives_a_score_or_a_reason(x in -60.0..60.0_f64, y in -60.0..60.0_f64) {
        for transform in ALL {
            if let (Ok(a), Ok(b)) = (transform.apply(x), transform.apply(y)) {
                prop_assert!((a <= b) == (x <= y) || a == b, "{:?} {} {}", transform, x, y);
            }
            if let Ok(slope) = transform.slope(x) {
                prop_assert!(slope >= 0.0 && slope.is_finite());
            }
        }
    }
}
