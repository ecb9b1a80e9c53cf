//! Figures that are made from counts by age band or from groups: right, traced to every count, given to the reader or withheld
//! with the reason.

use crate::support::cases;

use crate::support::cases::{Row, number};
use crate::support::small_framework::{AREAS, disclosed, framework_of, given, measure};
use boardpack::age::AgeBand;
use boardpack::area::Areas;
use boardpack::component::{Component, GroupComponent};
use boardpack::evaluate::{Breakdown, EvaluationInputs, MeasureAssessment, SeriesPoint, Status, evaluate};
use boardpack::figure::{Category, Observation, Provenance};
use boardpack::framework::Measure;
use boardpack::period::Period;
use boardpack::value::{Limits, Value};
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 11, 21);
const YEAR: &str = "2025/26";
const DECILES: &str = "Deprivation deciles";
const RATE: &str = "unit = \"per100k\"\nstatistic = \"standardised-rate\"\nmultiplier = 100000\n";
const YEARS: &str = "unit = \"years\"\nstatistic = \"estimate\"\nmultiplier = 1\n";

fn rows(name: &str, case: &str) -> Vec<Row> {
    let rows: Vec<Row> = cases::rows(&format!("crates/indicator_stats/tests/cases/{name}"))
        .into_iter()
        .filter(|row| row["case"] == case)
        .collect();
    assert!(!rows.is_empty(), "{name} has {case}");
    rows
}

/// The events and population of each band of a worked case.
fn counts(name: &str, case: &str, events: &str, population: &str) -> Vec<(f64, f64)> {
    rows(name, case).iter().map(|row| (number(row, events), number(row, population))).collect()
}

fn made_from(kind: &str, base: &str) -> Measure {
    measure(&format!("{base}made_from = {kind}"), r#"["A", "B"]"#)
}

fn component(area: &str, group: Option<(&str, &str)>, component: Component, value: f64) -> Observation {
    let category = Some(Category::of_component(&GroupComponent { component, group }));
    Observation { category, ..given(area, YEAR, value) }
}

/// The counts of an area in order of the bands, each with a line of its own.
fn banded(area: &str, group: Option<(&str, &str)>, counts: &[(f64, f64)]) -> Vec<Observation> {
    let bands = if counts.len() == 20 { AgeBand::of_life_table().to_vec() } else { AgeBand::standard().to_vec() };
    assert_eq!(bands.len(), counts.len());
    let one = |(i, (band, (events, population))): (usize, (AgeBand, &(f64, f64)))| {
        let of = component(area, group, Component::Events(band), *events);
        let Provenance::Answer { publisher, indicator, url, retrieved, sha256, place, .. } = of.provenance.clone() else {
            unreachable!("made-up figures are of a public source")
        };
        let line = i as u64 + 2;
        let provenance = Provenance::Answer { publisher, indicator, url, retrieved, sha256, line, place };
        Observation { numerator: Some(*events), denominator: Some(*population), provenance, ..of }
    };
    bands.into_iter().zip(counts).enumerate().map(one).collect()
}

fn assessed(measure: Measure, observations: &[Observation]) -> MeasureAssessment {
    let (framework, areas) = (framework_of(measure), Areas::parse(AREAS, "areas.toml").unwrap());
    let period = Period::last_quarter_before(TODAY);
    let inputs = EvaluationInputs::new(&framework, &areas, observations, &[], period, TODAY);
    let evaluation = evaluate(&inputs);
    let published = disclosed(&evaluation, &framework, &areas).measures.remove(0);
    assert_eq!(published.headline.reason, evaluation.measures[0].headline.reason, "no figure of these is hidden");
    published
}

/// The figure of the system with its limits, and the places that it names.
fn figure(measure: Measure, observations: &[Observation]) -> (f64, Limits, String) {
    let latest = assessed(measure, observations).headline.latest.expect("a figure");
    (latest.value.number().unwrap(), latest.limits.unwrap(), places(&latest))
}

fn places(point: &SeriesPoint) -> String {
    point.sources.iter().map(Provenance::place).collect::<Vec<_>>().join("; ")
}

/// Why there is no figure.
fn reason(measure: Measure, observations: &[Observation]) -> String {
    let headline = assessed(measure, observations).headline;
    assert_eq!((headline.status, headline.latest.and_then(|latest| latest.value.number())), (Status::NoFigure, None));
    headline.reason
}

fn is(found: f64, wanted: f64) {
    assert!((found - wanted).abs() <= 1e-7 * wanted.abs(), "{found} is not {wanted}");
}

fn is_row((value, limits, sources): (f64, Limits, String), row: &Row, lines: &str) {
    is(value, number(row, "value"));
    is(limits.lower, number(row, "lower95"));
    is(limits.upper, number(row, "upper95"));
    assert_eq!(sources, lines);
}

#[test]
fn age_band_counts_make_standardised_rates() {
    let counts = counts("standardised_rates_bands", "DSR-S002", "count", "pop");
    let wanted = &rows("standardised_rates", "DSR-S002")[0];
    let measure = || made_from("{ kind = \"directly_standardised_rate\" }", RATE);
    is_row(figure(measure(), &banded("SYS", None, &counts)), wanted, "lines 2 to 20");
    // In any order of the rows.
    let mut reversed = banded("SYS", None, &counts);
    reversed.reverse();
    is_row(figure(measure(), &reversed), wanted, "lines 2 to 20");
    // Of two areas that are the system, the counts are added up: all of them twice leaves the rate.
    let parts = [banded("A", None, &counts), banded("B", None, &counts)].concat();
    let assessed = assessed(measure(), &parts);
    is(assessed.headline.latest.unwrap().value.number().unwrap(), number(wanted, "value"));
    assert_eq!(assessed.areas.len(), 2);
}

#[test]
fn given_figures_precede_made_ones() {
    let counts = counts("standardised_rates_bands", "DSR-S002", "count", "pop");
    let measure = made_from("{ kind = \"directly_standardised_rate\" }", RATE);
    let all = [banded("SYS", None, &counts), vec![given("SYS", YEAR, 77.0)]].concat();
    assert_eq!(assessed(measure, &all).headline.latest.unwrap().value, Value::Number(77.0));
}

#[test]
fn repeated_events_widen_only_the_limits() {
    let counts = counts("standardised_rates_bands", "DSR-S002", "count", "pop");
    let squares = |times: f64| -> Vec<Observation> {
        let of =
            |(band, (events, _)): (AgeBand, &(f64, f64))| component("SYS", None, Component::SquaredEvents(band), times * events);
        AgeBand::standard().into_iter().zip(&counts).map(of).collect()
    };
    let measure = || made_from("{ kind = \"directly_standardised_rate\", repeats = true }", RATE);
    let with = |times| [banded("SYS", None, &counts), squares(times)].concat();
    let width = |(_, limits, _): (f64, Limits, String)| limits.upper - limits.lower;
    // Each person one event: as if events were independent.
    is_row(figure(measure(), &with(1.0)), &rows("standardised_rates", "DSR-S002")[0], "lines 2 to 20");
    // Each person four events: the variance is four times as great, the limits twice as wide.
    let wide = figure(measure(), &with(4.0));
    is(wide.0, number(&rows("standardised_rates", "DSR-S002")[0], "value"));
    is(width(wide), 2.0 * width(figure(measure(), &with(1.0))));
    assert_eq!(
        reason(measure(), &banded("SYS", None, &counts)),
        "The figure of 2025/26 is not given: it is not given how many people had how many events"
    );
}

#[test]
fn counts_beside_a_reference_make_a_ratio() {
    let own = counts("standardised_ratios_bands", "ISR-S002", "count", "pop");
    let england = counts("standardised_ratios_bands", "ISR-S002", "ref_count", "ref_pop");
    let wanted = rows("standardised_ratios", "ISR-S002");
    let of = |kind: &str| wanted.iter().find(|row| row["measure"] == kind).unwrap();
    let base = |multiplier: &str| RATE.replace("100000", multiplier);
    let ratio = || made_from("{ kind = \"indirectly_standardised_ratio\" }", &base("100"));
    let all = [banded("SYS", None, &own), banded("ENG", None, &england)].concat();
    is_row(figure(ratio(), &all), of("ratio"), "lines 2 to 20");
    let rate = made_from("{ kind = \"indirectly_standardised_ratio\", result = \"rate\" }", &base("100000"));
    is_row(figure(rate, &all), of("rate"), "lines 2 to 20");
    assert_eq!(
        reason(ratio(), &banded("SYS", None, &own)),
        "The figure of 2025/26 is not given: there are no counts of the reference population by age band for the same period"
    );
    // The same counts as data of the framework.
    let list = |number: fn(&(f64, f64)) -> f64| england.iter().map(|c| format!("{:?}", number(c))).collect::<Vec<_>>().join(", ");
    let (events, population) = (list(|c| c.0), list(|c| c.1));
    let reference = format!("{{ source = \"England\", events = [{events}], population = [{population}] }}");
    let stated = made_from(&format!("{{ kind = \"indirectly_standardised_ratio\", reference = {reference} }}"), &base("100"));
    is_row(figure(stated, &banded("SYS", None, &own)), of("ratio"), "lines 2 to 20");
}

#[test]
fn deaths_make_a_life_expectancy() {
    let deaths = counts("life_tables_bands", "LE-S001", "deaths", "population");
    for age in ["0", "65"] {
        let wanted = rows("life_tables", "LE-S001").into_iter().find(|row| row["startage"] == age).unwrap();
        let measure = made_from(&format!("{{ kind = \"life_expectancy\", age = {age} }}"), YEARS);
        is_row(figure(measure, &banded("SYS", None, &deaths)), &wanted, "lines 2 to 21");
    }
    let measure = made_from("{ kind = \"life_expectancy\" }", YEARS);
    let latest = assessed(measure, &banded("SYS", None, &deaths)).headline.latest.unwrap();
    assert_eq!((latest.numerator, latest.denominator), (None, Some(deaths.iter().map(|(_, people)| people).sum())));
}

#[test]
fn what_cannot_be_made_says_why() {
    let rate = || made_from("{ kind = \"directly_standardised_rate\" }", RATE);
    let expectancy = || made_from("{ kind = \"life_expectancy\" }", YEARS);
    let few = banded("SYS", None, &[[(9.0, 1000.0)].as_slice(), &[(0.0, 1000.0); 18]].concat());
    let mut gap = banded("SYS", None, &[(5.0, 1000.0); 19]);
    gap.remove(7);
    let mut marked = banded("SYS", None, &[(5.0, 1000.0); 19]);
    marked[7] = Observation { value: Value::Suppressed, numerator: None, denominator: None, ..marked[7].clone() };
    let small = banded("SYS", None, &[(1.0, 250.0); 20]);
    let survivors = banded("SYS", None, &[[(3.0, 1000.0); 19].as_slice(), &[(0.0, 1000.0)]].concat());
    for (measure, observations, why) in [
        (rate(), few, "fewer than 10 events"),
        (rate(), gap, "18 of 19 age bands are given"),
        (rate(), marked, "counts that it is made from are suppressed"),
        (expectancy(), small, "a total population of 5,000 or fewer"),
        (expectancy(), survivors, "no deaths in the oldest band"),
    ] {
        assert_eq!(reason(measure, &observations), format!("The figure of 2025/26 is not given: {why}"));
    }
}

/// Ten groups of the same people, whose chance of dying falls from the first to the last.
fn deciles(area: &str) -> Vec<Observation> {
    let deaths = counts("life_tables_bands", "LE-S001", "deaths", "population");
    let group = |i: u32| {
        let of_group: Vec<(f64, f64)> =
            deaths.iter().map(|(deaths, people)| ((deaths * (1.5 - 0.1 * f64::from(i))).round(), *people)).collect();
        let label = match i {
            0 => "1 - most deprived".to_owned(),
            9 => "10 - least deprived".to_owned(),
            i => (i + 1).to_string(),
        };
        let mut of_group = banded(area, Some((DECILES, &label)), &of_group);
        for one in &mut of_group {
            if let Provenance::Answer { line, .. } = &mut one.provenance {
                *line += u64::from(20 * i);
            }
        }
        of_group
    };
    (0..10).flat_map(group).collect()
}

const GAP: &str = "{ kind = \"slope_index\", by = \"Deprivation deciles\", of = { kind = \"life_expectancy\" } }";

#[test]
fn deciles_make_the_systems_gap() {
    let found = assessed(made_from(GAP, YEARS), &deciles("SYS"));
    let latest = found.headline.latest.unwrap();
    let (value, limits) = (latest.value.number().unwrap(), latest.limits.unwrap());
    assert_eq!(places(&latest), "lines 2 to 201", "every count is named");
    let [Breakdown { scheme, groups, slope: Some(slope), .. }] = found.breakdowns.as_slice() else {
        panic!("{:?}", found.breakdowns)
    };
    assert_eq!((scheme.as_str(), groups.len()), (DECILES, 10));
    let of_groups: Vec<f64> = groups.iter().map(|(_, point)| point.value.number().unwrap()).collect();
    assert!(of_groups.windows(2).all(|pair| pair[0] < pair[1]), "{of_groups:?}");
    assert_eq!((slope.index, slope.limits), (value, limits), "the chart and the figure are the same");
    // Ten groups of equal size at 0.05, 0.15 … 0.95: by hand, Σ(x − ½)·value ÷ Σ(x − ½)².
    let x = |i: usize| 0.05 + 0.1 * i as f64 - 0.5;
    let slope: f64 =
        of_groups.iter().enumerate().map(|(i, value)| x(i) * value).sum::<f64>() / (0..10).map(|i| x(i).powi(2)).sum::<f64>();
    is(value, slope);
    let error = groups.iter().enumerate().map(|(i, (_, point))| {
        let limits = point.limits.unwrap();
        (x(i) / 0.825 * (limits.upper - limits.lower) / (2.0 * 1.959_963_984_540_054)).powi(2)
    });
    is(limits.upper - value, 1.959_963_984_540_054 * error.sum::<f64>().sqrt());
}

#[test]
fn a_gap_needs_every_decile() {
    let mut nine = deciles("SYS");
    nine.retain(|o| o.component().unwrap().group.unwrap().1 != "4");
    let gap = || made_from(GAP, YEARS);
    assert_eq!(reason(gap(), &nine), "The figure of 2025/26 is not given: 9 of 10 groups are given");
    let mut undying = deciles("SYS");
    let last = AgeBand::of_life_table()[19];
    let of_last = |o: &Observation| {
        let place = o.component().unwrap();
        place.component == Component::Events(last) && place.group.unwrap().1 == "4"
    };
    for one in undying.iter_mut().filter(|o| of_last(o)) {
        (one.value, one.numerator) = (Value::Number(0.0), Some(0.0));
    }
    let why = "of \"4\" no figure can be given: no deaths in the oldest band";
    assert_eq!(reason(gap(), &undying), format!("The figure of 2025/26 is not given: {why}"));
}

#[test]
fn returned_groups_make_slope_and_relative_index() {
    let groups = rows("slope_indices_groups", "SII-S001");
    let wanted = &rows("slope_indices", "SII-S001")[0];
    let scheme = "Deprivation groups";
    let of = |(i, row): (usize, &Row)| Observation {
        category: Some(Category { scheme: scheme.into(), group: (i + 1).to_string() }),
        denominator: Some(number(row, "population")),
        limits: Some(Limits { lower: number(row, "lower_cl"), upper: number(row, "upper_cl") }),
        ..given("SYS", YEAR, number(row, "value"))
    };
    let observations: Vec<Observation> = groups.iter().enumerate().map(of).collect();
    let index = |index: &str| {
        let kind = format!("{{ kind = \"slope_index\", by = \"{scheme}\", values = \"rate\", index = \"{index}\" }}");
        figure(made_from(&kind, RATE), &observations)
    };
    let (slope, limits, sources) = index("slope");
    is(slope, number(wanted, "sii"));
    assert_eq!(sources, "line 2");
    // The interval is simulated: within 3% of its width of the reference's simulation.
    let width = number(wanted, "sii_upper1") - number(wanted, "sii_lower1");
    assert!((limits.lower - number(wanted, "sii_lower1")).abs() < 0.03 * width, "{limits:?}");
    assert!((limits.upper - number(wanted, "sii_upper1")).abs() < 0.03 * width, "{limits:?}");
    let (relative, limits, _) = index("relative");
    is(relative, number(wanted, "rii"));
    assert!(limits.contains(relative));
}
