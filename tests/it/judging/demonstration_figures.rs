//! What the demonstration's public figures allow: trends, places among like areas, and years made of months.

use boardpack::archive::Archive;
use boardpack::area::{AreaKind, Areas};
use boardpack::assets::Assets;
use boardpack::collect::{Distribution, FetchSetup, Indicators, RunScope, collect_indicators};
use boardpack::figure::Observation;
use boardpack::framework::{self, Framework};
use boardpack::period::{Period, YearKind};
use boardpack::settings;
use boardpack::value::Value;
use jiff::civil::date;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

struct Demonstration {
    framework: Framework,
    areas: Areas,
    indicators: Indicators,
}

async fn demonstration() -> Demonstration {
    let config = Assets::config(None);
    let framework = framework::load(&config, "2024").unwrap_or_else(|faults| panic!("{faults}"));
    let areas = framework::read_areas(&config).unwrap();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/demo/boardpack.toml");
    let settings = settings::load(Some(&file), &BTreeMap::new()).unwrap_or_else(|faults| panic!("{faults}"));
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::new(folder.path().join("archive"));
    let period = Period::parse("2026-27-Q2", YearKind::Financial).unwrap();
    let wanted = RunScope { framework: &framework, partners: &[], period, as_at: date(2026, 11, 20) };
    let means = FetchSetup::new(&settings.sources, &settings.fetch, &archive, "2026-11-20T09:00:00Z".parse().unwrap());
    let indicators = collect_indicators(&wanted, &means, &|_, _, _| {}).await;
    Demonstration { framework, areas, indicators }
}

impl Demonstration {
    /// The figures of a measure in an area, in the order of their periods.
    fn series(&self, measure: &str, area: &str) -> Vec<&Observation> {
        let mut series: Vec<_> = self
            .indicators
            .observations
            .iter()
            .filter(|o| o.measure.0 == measure && o.area.as_str() == area && o.category.is_none())
            .collect();
        series.sort_by_key(|o| o.period);
        series
    }

    fn distribution(&self, measure: &str) -> &Distribution {
        self.indicators.distributions.iter().find(|d| d.measure.0 == measure).unwrap_or_else(|| panic!("{measure}"))
    }
}

/// Whether the latest five figures are of five years on end, each with its limits.
fn allows_a_recent_trend(series: &[&Observation]) -> bool {
    let Some((_, latest)) = series.len().checked_sub(5).map(|first| series.split_at(first)) else { return false };
    let years: Vec<i16> = latest.iter().map(|o| o.period.start().year()).collect();
    let is_whole = |o: &&Observation| o.period.months() == 12 && o.value.number().is_some() && o.limits.is_some();
    latest.iter().all(is_whole) && years.windows(2).all(|pair| pair[0] + 1 == pair[1])
}

#[tokio::test]
async fn real_figures_allow_twenty_recent_trends() {
    let demonstration = demonstration().await;
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for measure in &demonstration.framework.measures {
        let parts = measure.parts.iter().filter(|part| {
            let series = demonstration.series(&measure.id.0, part.as_str());
            assert!(series.iter().all(|o| !o.illustrative));
            allows_a_recent_trend(&series)
        });
        *found.entry(&measure.id.0).or_default() += parts.count();
    }
    found.retain(|_, pairs| *pairs > 0);
    let expected = [("core20-early-cancer-diagnosis-published", 4), ("obesity-adults", 8), ("smoking-adults", 8)];
    assert_eq!(found.into_iter().collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn areas_are_placed_within_england() {
    let demonstration = demonstration().await;
    let mut found: Vec<_> = demonstration
        .indicators
        .distributions
        .iter()
        .map(|d| (d.measure.0.as_str(), d.period.to_string(), d.area_types.join(", "), d.values.len()))
        .collect();
    found.sort();
    let of =
        |measure, period: &str, tier: &str, areas| (measure, period.to_owned(), format!("{tier} tier local authorities"), areas);
    assert_eq!(
        found,
        [
            of("core20-early-cancer-diagnosis-published", "2022", "Lower", 222),
            of("healthy-life-expectancy-female", "2022 - 24", "Upper", 151),
            of("healthy-life-expectancy-male", "2022 - 24", "Upper", 151),
            of("obesity-adults", "2024/25", "Lower", 294),
            of("smoking-adults", "2023", "Lower", 289),
        ]
    );
    for distribution in &demonstration.indicators.distributions {
        let measure = demonstration.framework.measures.iter().find(|m| m.id == distribution.measure).unwrap();
        for part in &measure.parts {
            let series = demonstration.series(&measure.id.0, part.as_str());
            let latest = series.iter().rfind(|o| o.value.number().is_some());
            let own = latest.filter(|o| o.period == distribution.period).and_then(|o| o.value.number());
            assert_eq!(distribution.value(part), own, "{} {part}", measure.id);
        }
        let is_whole_country = |code: &str| code.starts_with("E92") || code.starts_with("E12");
        assert!(distribution.values.iter().all(|(area, _)| !is_whole_country(area.as_str())));
    }
}

#[tokio::test]
async fn most_nearest_neighbours_have_figures() {
    let demonstration = demonstration().await;
    let smoking = demonstration.distribution("smoking-adults");
    for part in demonstration.areas.iter().filter(|area| area.code.as_str().starts_with("E07")) {
        let neighbours = demonstration.areas.neighbours(&part.code).unwrap();
        let known = neighbours.of.iter().filter(|n| smoking.value(&n.code).is_some()).count();
        // Some are in Wales or Scotland.
        assert!(known > neighbours.of.len() / 2, "{}: {known}", part.name);
    }
}

#[tokio::test]
async fn two_months_of_admissions_complete_the_year() {
    let demonstration = demonstration().await;
    let monthly = demonstration.series("emergency-admissions", "E54000060");
    let with_note: Vec<_> =
        monthly.iter().filter(|o| !o.note.is_empty()).map(|o| (o.period.to_string(), o.value, o.note.as_str())).collect();
    let note = "The two acute trusts added up: the row by board repeats the same month of 2024";
    assert_eq!(
        with_note,
        [("Feb 2025".to_owned(), Value::Number(11_987.0), note), ("Mar 2025".to_owned(), Value::Number(13_356.0), note),]
    );
    let years: Vec<_> =
        demonstration.series("emergency-admissions-year", "E54000060").iter().map(|o| (o.period.to_string(), o.value)).collect();
    let year = |label: &str, admissions| (label.to_owned(), Value::Number(admissions));
    assert_eq!(years, [year("2022/23", 131_253.0), year("2023/24", 139_346.0), year("2024/25", 150_550.0)]);
}

#[tokio::test]
async fn a_long_monthly_series_is_there() {
    let demonstration = demonstration().await;
    for area in ["E54000060", "RX1", "RK5"] {
        let months = demonstration.series("patients-not-meeting-criteria-to-reside", area);
        let ends = (months[0].period.to_string(), months[months.len() - 1].period.to_string());
        assert_eq!((months.len(), ends), (41, ("Apr 2022".to_owned(), "Aug 2025".to_owned())), "{area}");
        assert!(months.iter().all(|o| o.value.number().is_some_and(|patients| patients > 0.0)), "{area}");
    }
}

#[tokio::test]
async fn annual_shares_come_from_monthly_counts() {
    let demonstration = demonstration().await;
    let measure = demonstration.framework.measures.iter().find(|m| m.id.0 == "sickness-absence-published").unwrap();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/demo/indicators/sickness/nhs_sickness_absence_monthly.csv");
    let rows: Vec<csv::StringRecord> = csv::Reader::from_path(file).unwrap().records().map(Result::unwrap).collect();
    for part in &measure.parts {
        let of_part: Vec<_> = rows.iter().filter(|row| &row[0] == part.as_str()).collect();
        let add = |column: usize| of_part.iter().map(|row| row[column].parse::<f64>().unwrap()).sum::<f64>();
        let (lost, available) = (add(3), add(4));
        let series = demonstration.series(&measure.id.0, part.as_str());
        let [year] = series[..] else { panic!("{part}: {series:?}") };
        assert_eq!((of_part.len(), year.period.to_string().as_str()), (12, "2024/25"));
        assert_eq!((year.numerator, year.denominator), (Some(lost), Some(available)));
        let value = year.value.number().unwrap();
        assert!((value - 100.0 * lost / available).abs() < 1e-9, "{part}: {value}");
        let months: Vec<f64> = of_part.iter().map(|row| row[5].parse().unwrap()).collect();
        let (least, most) = months.iter().fold((f64::MAX, f64::MIN), |(a, b), m| (a.min(*m), b.max(*m)));
        assert!(least < value && value < most, "{part}: {value} of {months:?}");
    }
}

#[tokio::test]
async fn areas_judged_by_people_have_populations() {
    let demonstration = demonstration().await;
    let parts: BTreeSet<_> = demonstration.framework.measures.iter().flat_map(|measure| &measure.parts).collect();
    let judged: Vec<_> = parts
        .into_iter()
        .filter(|part| demonstration.areas.get(part).is_some_and(|area| area.kind != AreaKind::Organisation))
        .collect();
    assert_eq!(judged.len(), 9);
    for area in judged {
        assert!(demonstration.areas.population(area).is_some_and(|people| people > 100_000), "{area}");
    }
}
