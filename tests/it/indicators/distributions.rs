//! The figures of all areas of a kind, kept from one answer for its latest period.

use crate::support::public_source::{HEADER, REQUEST, answer, collect, framework, life_expectancy, recorded};
use boardpack::archive::Archive;
use boardpack::area::AreaCode;
use boardpack::collect::{Distribution, FetchSetup, Indicators, RunScope, collect_indicators};
use boardpack::figure::Provenance;
use boardpack::framework::Framework;
use boardpack::period::{Period, YearKind};
use boardpack::settings::Settings;

/// A row of indicator 90366 with what tells one area's figure from another's.
fn row(area: &str, area_type: &str, sex: &str, period: &str, value: &str) -> String {
    of_group(area, area_type, sex, period, value, "")
}

fn of_group(area: &str, area_type: &str, sex: &str, period: &str, value: &str, group: &str) -> String {
    let scheme = if group.is_empty() { "" } else { "Deciles" };
    format!(
        "90366,Life expectancy at birth,E92000001,England,{area},,{area_type},{sex},All ages,{scheme},{group},{period},{value},,,,,,,,,,,,,,"
    )
}

/// Lower-tier areas of an answer, two of them the framework's.
fn whole() -> Vec<String> {
    let district = |area: &str, period: &str, value: &str| row(area, "District", "Female", period, value);
    vec![
        row("E92000001", "England", "Female", "2022 - 24", "83.1"),
        row("E12000004", "Region", "Female", "2022 - 24", "82.6"),
        row("E06000018", "UA", "Female", "2021 - 23", "81.0"),
        row("E06000018", "UA", "Female", "2022 - 24", "81.2"),
        row("E06000001", "UA", "Female", "2022 - 24", "80.7"),
        district("E07000009", "2022 - 24", "84.9"),
        district("E07000008", "2021 - 23", "70.0"),
        district("E07000008", "2022 - 24", "85.3"),
        district("E07000170", "2022 - 24", "82.0"),
        // No figure: blank, no number, and two that differ.
        district("E07000010", "2022 - 24", ""),
        district("E07000011", "2022 - 24", "about 80"),
        district("E07000012", "2022 - 24", "83.0"),
        district("E07000012", "2022 - 24", "83.5"),
        // Repeated, as for another parent.
        district("E07000009", "2022 - 24", "84.9"),
        // Of another length, sex and group, and of another kind of area.
        district("E07000009", "2024", "86.0"),
        row("E07000009", "District", "Male", "2022 - 24", "81.1"),
        of_group("E07000013", "District", "Female", "2022 - 24", "79.0", "Most deprived"),
        row("E10000024", "County", "Female", "2022 - 24", "82.9"),
        row("N85001", "GP", "Female", "2022 - 24", "82.2"),
    ]
}

async fn distributions(rows: &[String]) -> Vec<Distribution> {
    let (_folder, settings) = recorded(&[(REQUEST, &answer(rows))]);
    collect(&[life_expectancy("women", "Female", 3)], &settings).await.distributions
}

fn values(distribution: &Distribution) -> Vec<(&str, f64)> {
    distribution.values.iter().map(|(area, value)| (area.as_str(), *value)).collect()
}

#[tokio::test]
async fn all_like_areas_are_kept_for_one_period() {
    let found = distributions(&whole()).await;
    let [women] = &found[..] else { panic!("{found:?}") };
    assert_eq!(
        values(women),
        [("E06000001", 80.7), ("E06000018", 81.2), ("E07000008", 85.3), ("E07000009", 84.9), ("E07000170", 82.0)]
    );
    assert_eq!((women.area_types.join(", ").as_str(), women.without_figure), ("District, UA", 3));
    assert_eq!((women.measure.0.as_str(), women.period.to_string().as_str()), ("women", "2022 - 24"));
    assert_eq!((women.sex.label(), women.age.as_str()), ("Female", "All ages"));
    let area = |code: &str| AreaCode::new(code).unwrap();
    assert_eq!(women.value(&area("E07000008")), Some(85.3));
    assert_eq!(women.value(&area("E07000010")), None);
    let Provenance::Answer { indicator, line, sha256, .. } = &women.provenance else { panic!("{women:?}") };
    assert_eq!((indicator.as_str(), *line, sha256.len()), ("Life expectancy at birth", 5, 64));
}

#[tokio::test]
async fn the_order_of_the_rows_makes_no_difference() {
    let (rows, mut backwards) = (whole(), whole());
    backwards.reverse();
    let (forth, back) = (distributions(&rows).await, distributions(&backwards).await);
    assert_eq!((values(&forth[0]), forth[0].without_figure), (values(&back[0]), back[0].without_figure));
}

#[tokio::test]
async fn framework_areas_alone_are_no_distribution() {
    let own: Vec<String> = whole().into_iter().filter(|row| row.contains("E06000018") || row.contains("E07000170")).collect();
    assert_eq!(distributions(&own).await, []);
    // Nor are areas of a kind that none of its parts is of.
    let others: Vec<String> = own.into_iter().chain([row("E10000024", "County", "Female", "2022 - 24", "82.9")]).collect();
    assert_eq!(distributions(&others).await, []);
}

#[tokio::test]
async fn areas_beyond_any_countrys_number_are_not_held() {
    let practices = (0..1_200).map(|n| row(&format!("P{n}"), "UA", "Female", "2022 - 24", "80.5"));
    let rows: Vec<String> = whole().into_iter().chain(practices).collect();
    assert_eq!(distributions(&rows).await, []);
}

#[tokio::test]
async fn named_regions_keep_their_figures() {
    let (_folder, settings) = recorded(&[(REQUEST, &answer(&whole()))]);
    let of_region = |indicators: &Indicators| indicators.observations.iter().filter(|o| o.area.as_str() == "E12000004").count();
    let mut framework = framework(&[life_expectancy("women", "Female", 3)]);
    assert_eq!(of_region(&collect_of(&framework, &settings).await), 0);
    framework.edition.region = Some(AreaCode::new("E12000004").unwrap());
    assert_eq!(of_region(&collect_of(&framework, &settings).await), 1);
}

async fn collect_of(framework: &Framework, settings: &Settings) -> Indicators {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::new(folder.path().to_owned());
    let period = Period::parse("2026-27-Q2", YearKind::Financial).unwrap();
    let wanted = RunScope { framework, partners: &[], period, as_at: jiff::civil::date(2026, 11, 20) };
    let means = FetchSetup::new(&settings.sources, &settings.fetch, &archive, "2026-11-20T09:00:00Z".parse().unwrap());
    collect_indicators(&wanted, &means, &|_, _, _| {}).await
}

#[tokio::test]
async fn answers_without_area_kinds_give_figures() {
    let text = answer(&whole()).replace(HEADER, &HEADER.replace("Area Type", "Sort"));
    let (_folder, settings) = recorded(&[(REQUEST, &text)]);
    let indicators = collect(&[life_expectancy("women", "Female", 3)], &settings).await;
    assert_eq!(indicators.distributions, []);
    assert_eq!(indicators.observations.len(), 4);
}
