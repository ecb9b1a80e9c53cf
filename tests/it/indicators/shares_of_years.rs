//! A year's share made of its months' numerators and denominators, and what it is not made of.

use crate::support::public_source::{collect, measure, settings_of};
use boardpack::assets::Assets;
use boardpack::collect::Indicators;
use boardpack::figure::Observation;
use boardpack::framework;
use boardpack::value::Value;

/// Days lost, days available and the published rate of each month of 2024/25.
fn months() -> Vec<[String; 3]> {
    let months = (0..12).map(|month| (f64::from(40 + month), f64::from(1000 + 100 * month)));
    months
        .map(|(lost, available)| [lost.to_string(), available.to_string(), format!("{:.2}", 100.0 * lost / available)])
        .collect()
}

async fn of_months(months: &[[String; 3]]) -> Indicators {
    let folder = tempfile::tempdir().unwrap();
    let line = |(at, [lost, available, rate]): (usize, &[String; 3])| {
        format!("E06000018,{}-{:02},{lost},{available},{rate}\n", 2024 + (at + 3) / 12, (at + 3) % 12 + 1)
    };
    let lines: String = months.iter().enumerate().map(line).collect();
    std::fs::write(folder.path().join("months.csv"), format!("org,month,lost,available,rate\n{lines}")).unwrap();
    let settings = settings_of(&format!(
        "[sources.months]\nkind = \"table\"\npublisher = \"P\"\nlicence = \"L\"\nbase_url = \"{}\"\nfile = \"months.csv\"\n\
         period_format = \"iso-month\"\n[sources.months.columns]\narea = \"org\"\nperiod = \"month\"\nvalue = \"rate\"\n\
         numerator = \"lost\"\ndenominator = \"available\"\n",
        folder.path().display()
    ));
    let source = "source = \"months\", indicator = \"absence\", aggregate = \"sum\"";
    let share =
        measure("absence", "financial", source).replace("\"estimate\"", "\"proportion\"").replace("\"years\"", "\"percent\"");
    collect(&[share.replace("statistic", "multiplier = 100\nstatistic")], &settings).await
}

fn only(indicators: &Indicators) -> &Observation {
    let [year] = &indicators.observations[..] else { panic!("{:?}", indicators.observations) };
    assert_eq!(year.period.to_string(), "2024/25");
    year
}

#[tokio::test]
async fn annual_shares_add_counts_not_shares() {
    let indicators = of_months(&months()).await;
    let year = only(&indicators);
    // 40 + 41 + … + 51 of 1,000 + 1,100 + … + 2,100.
    assert_eq!((year.numerator, year.denominator), (Some(546.0), Some(18_600.0)));
    let value = year.value.number().unwrap();
    assert!((value - 100.0 * 546.0 / 18_600.0).abs() < 1e-12, "{value}");
    let mean = (0..12).map(|month| f64::from(40 + month) / f64::from(1000 + 100 * month)).sum::<f64>() / 12.0 * 100.0;
    assert!((mean - value).abs() > 0.1, "the mean of the shares, {mean}, is another figure");
    assert_eq!(year.note, "Apr 2024 to Mar 2025 added up");
}

#[tokio::test]
async fn a_month_without_counts_leaves_no_year() {
    let mut months = months();
    months[5][1].clear();
    let indicators = of_months(&months).await;
    let year = only(&indicators);
    assert_eq!((year.value, year.numerator, year.denominator), (Value::Missing, None, None));
    assert_eq!(year.note, "not added up: a share or a rate needs the numerator and denominator of each part");
}

#[tokio::test]
async fn a_suppressed_month_hides_its_year() {
    let mut months = months();
    months[5][2] = "*".to_owned();
    let indicators = of_months(&months).await;
    let year = only(&indicators);
    assert_eq!((year.value, year.numerator, year.denominator), (Value::Suppressed, None, None));
}

#[tokio::test]
async fn empty_months_give_no_share() {
    let nobody: Vec<[String; 3]> = (0..12).map(|_| ["0".to_owned(), "0".to_owned(), "0".to_owned()]).collect();
    let indicators = of_months(&nobody).await;
    assert_eq!(indicators.observations, []);
    assert_eq!(indicators.findings.len(), 12, "each month is told");
    assert!(
        indicators.findings.iter().all(|finding| finding.problem.contains("the denominator is 0")),
        "{:?}",
        indicators.findings
    );
}

#[test]
fn an_estimate_is_not_made_of_shorter_periods() {
    let folder = tempfile::tempdir().unwrap();
    let measures = folder.path().join("frameworks/measures");
    std::fs::create_dir_all(&measures).unwrap();
    let built_in = Assets::config(None).read_text("frameworks/measures/prevention.toml").unwrap();
    let summed = built_in.replace("indicator = \"93088\"", "aggregate = \"sum\", indicator = \"93088\"");
    std::fs::write(measures.join("prevention.toml"), summed).unwrap();
    let faults = framework::load(&Assets::config(Some(folder.path().to_owned())), "2024").unwrap_err().to_string();
    assert!(faults.contains("source.aggregate: a standardised rate or an estimate is not made from shorter periods"), "{faults}");
}
