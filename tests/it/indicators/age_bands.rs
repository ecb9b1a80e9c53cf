//! A public source's rows by age band, taken as what a figure is made from.

use crate::support::public_source::{answer, framework, measure, only_reason, read, row};
use boardpack::area::Areas;
use boardpack::evaluate::{EvaluationInputs, evaluate};
use boardpack::figure::Provenance;
use boardpack::framework::Ambition;
use boardpack::period::{Period, YearKind};
use boardpack::value::Value;
use jiff::civil::date;
use std::collections::BTreeMap;

fn of_deaths() -> String {
    let source = "source = \"fingertips\", indicator = \"90366\", sex = \"Female\", years = 3, area_types = [501]";
    format!("{}made_from = {{ kind = \"life_expectancy\" }}\n", measure("le", "calendar", source))
}

/// The worked case LE-S001 as rows of an area, with a row of all ages among them.
fn rows() -> Vec<String> {
    let path = format!("{}/crates/indicator_stats/tests/cases/life_tables_bands.csv", env!("CARGO_MANIFEST_DIR"));
    let bands = csv::Reader::from_path(path).unwrap().into_deserialize().map(Result::<BTreeMap<String, String>, _>::unwrap);
    let of_band = |band: BTreeMap<String, String>| {
        let age = match band["startage"].parse::<u32>().unwrap() {
            0 => "<1 yr".to_owned(),
            1 => "1-4 yrs".to_owned(),
            90 => "90+ yrs".to_owned(),
            from => format!("{from}-{} yrs", from + 4),
        };
        let plain = row("", "E06000018", "Female", "2022 - 24", "1").replace("All ages", &age);
        // Count and denominator follow the value and its four limits.
        plain.replace(",1,,,,,,,", &format!(",1,,,,,{},{},", band["deaths"], band["population"]))
    };
    let all = row("", "E06000018", "Female", "2022 - 24", "80.0");
    std::iter::once(all).chain(bands.filter(|band| band["case"] == "LE-S001").map(of_band)).collect()
}

#[tokio::test]
async fn age_bands_make_the_figure_without_all_ages() {
    let indicators = read(&[of_deaths()], &answer(&rows())).await;
    assert_eq!(indicators.observations.len(), 20);
    let mut framework = framework(&[of_deaths()]);
    let ambition = "id = \"a\"\nstatement = \"More\"\n[[measure]]\nid = \"le\"\ntarget = { kind = \"direction\", baseline = { period = \"2015 - 17\" } }";
    framework.ambitions = vec![toml::from_str::<Ambition>(ambition).unwrap()];
    let areas = "area = [{ code = \"E06000018\", name = \"Nottingham\", kind = \"authority\" }]";
    let areas = Areas::parse(areas, "areas.toml").unwrap();
    let (period, as_at) = (Period::parse("2026-27-Q2", YearKind::Financial).unwrap(), date(2026, 11, 20));
    let observations = &indicators.observations;
    let inputs = EvaluationInputs::new(&framework, &areas, observations, &[], period, as_at);
    let found = evaluate(&inputs);
    let latest = found.measures[0].areas[0].latest.as_ref().unwrap();
    let Value::Number(years) = latest.value else { panic!("{latest:?}") };
    assert!((years - 82.392_206_092_815).abs() < 1e-9, "{years}");
    // The header is line 1, all ages line 2.
    assert_eq!(latest.sources.iter().map(Provenance::place).collect::<Vec<_>>(), ["lines 3 to 22"]);
}

#[tokio::test]
async fn missing_age_bands_are_told() {
    let text = answer(&[row("", "E06000018", "Female", "2022 - 24", "80.0")]);
    let reason = only_reason(&read(&[of_deaths()], &text).await);
    assert!(reason.starts_with("has the ages All ages; le is made from counts of 0, 1 to 4, 5 to 9"), "{reason}");
}
