//! Published figures reach their assessment unchanged, and where sources disagree they show it.

use super::*;

/// A line of a recording as the framework may ask for it.
struct Published {
    area: String,
    sex: Option<String>,
    age: Option<String>,
    indicator: Option<String>,
    label: String,
    value: Option<f64>,
    limits: Option<Limits>,
    line: u64,
}

/// Every line of a recording, read apart from the code under test.
fn published(source: &str, file: &Path) -> Vec<Published> {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let headers = reader.headers().unwrap().clone();
    let at = |name: &str| headers.iter().position(|header| header == name);
    let (area, label, value, indicator) = match source {
        "fingertips" => ("Area Code", "Time period", "Value", Some("Indicator ID")),
        "oflog" => ("area_code", "financial_year", "value", Some("measure")),
        "hcai" => ("area_code", "financial_year", "value", Some("organism")),
        "discharges" => ("org_code", "month", "patients_a_day_worked_out", None),
        _ => ("icb22_code", "date", "total_emergency_admissions", None),
    };
    let rows = reader.records().enumerate().map(|(index, row)| {
        let row = row.unwrap();
        let text = |name: &str| at(name).map(|column| row[column].to_owned());
        let number = |name: &str| text(name).and_then(|text| text.parse::<f64>().ok());
        let limits = number("Lower CI 95.0 limit").zip(number("Upper CI 95.0 limit"));
        Published {
            area: text(area).unwrap(),
            sex: text("Sex"),
            age: text("Age"),
            indicator: indicator.and_then(text),
            label: text(label).unwrap(),
            value: number(value),
            limits: limits.map(|(lower, upper)| Limits { lower, upper }),
            line: index as u64 + 2,
        }
    });
    rows.collect()
}

#[tokio::test]
async fn published_figures_reach_their_assessment_unchanged() {
    let settings = settings::load(Some(&demo("boardpack.toml")), &BTreeMap::new()).unwrap();
    let (_folder, archive) = an_archive();
    let (framework, areas) = shipped();
    let indicators = collected(&settings, &archive, "2026-11-20T09:00:00Z").await;
    let evaluation = evaluate(&EvaluationInputs::new(
        &framework,
        &areas,
        &indicators.observations,
        &[],
        Period::parse("2026-27-Q2", YearKind::Financial).unwrap(),
        date(2026, 11, 20),
    ));
    let (mut rows, mut numbers, mut files) = (0, 0, 0);
    for source in ["fingertips", "oflog", "hcai", "admissions", "discharges"] {
        let folder = demo("indicators").join(source);
        let list: toml::Table = std::fs::read_to_string(folder.join("recordings.toml")).unwrap().parse().unwrap();
        for answer in list["answer"].as_array().unwrap() {
            files += 1;
            let before = numbers;
            for line in published(source, &folder.join(answer["file"].as_str().unwrap())) {
                for measure in &framework.measures {
                    let MeasureSource::Indicator { source: of, indicator, sex, age, years, aggregate: None, .. } =
                        &measure.source
                    else {
                        continue;
                    };
                    let asked = framework.edition.comparator.as_str() == line.area
                        || framework.edition.system.as_str() == line.area
                        || measure.parts.iter().any(|part| part.as_str() == line.area);
                    let Ok(period) = measure.period(&line.label) else { continue };
                    let is_meant = of == source
                        && line.indicator.as_ref().is_none_or(|own| own == indicator)
                        && line.sex.as_ref().is_none_or(|own| *own == sex.to_string())
                        && (age.is_empty() || line.age.as_ref().is_none_or(|own| own == age))
                        && (measure.cadence_months < 12 || period.months() == years * 12 || source != "fingertips");
                    if !asked || !is_meant {
                        continue;
                    }
                    rows += 1;
                    let of_line = |o: &&Observation| {
                        o.measure == measure.id && o.area.as_str() == line.area && o.period == period && o.category.is_none()
                    };
                    let found: Vec<_> = indicators.observations.iter().filter(of_line).collect();
                    let [found] = found[..] else { panic!("{} {} {}: {found:?}", measure.id, line.area, line.label) };
                    assert_eq!((found.value.number(), found.limits), (line.value, line.limits), "{found:?}");
                    assert_eq!(place(found), format!("line {}", line.line));
                    let Some(value) = line.value else { continue };
                    numbers += 1;
                    let assessed = evaluation.measures.iter().find(|assessed| assessed.headline.measure == measure.id);
                    let Some(assessed) = assessed else {
                        // A part of a sum is judged in the whole.
                        assert!(framework.measures.iter().any(|whole| whole.summed().contains(&measure.id)), "{}", measure.id);
                        continue;
                    };
                    let mut of_area = assessed.areas.iter().chain([&assessed.headline]).filter(|a| a.area.as_str() == line.area);
                    match of_area.next() {
                        Some(assessment) => {
                            let point = assessment.series.iter().find(|point| point.period == period);
                            // A measure's series is of one kind of period: the others are kept and not judged.
                            if let Some(point) = point {
                                assert_eq!(point.value, Value::Number(value), "{} {} {}", measure.id, line.area, line.label);
                                assert_eq!(point.sources, std::slice::from_ref(&found.provenance));
                            } else {
                                assert!(assessment.series.iter().all(|p| !p.period.same_series(period)), "{found:?}");
                            }
                        }
                        None => assert_eq!(line.area, "E92000001", "{} has figures and is not assessed", measure.id),
                    }
                }
            }
            assert!(numbers > before, "not one figure of {answer:?} serves the framework");
        }
    }
    // The months of sickness absence are only ever used added up.
    assert_eq!(files, 19, "a recording that is not compared");
    println!("{files} files, {rows} rows, {numbers} numbers");
    assert!(numbers > 700, "{rows} rows, {numbers} numbers");
}

async fn demonstrated() -> Indicators {
    let settings = settings::load(Some(&demo("boardpack.toml")), &BTreeMap::new()).unwrap();
    let (_folder, archive) = an_archive();
    collected(&settings, &archive, "2026-11-20T09:00:00Z").await
}

fn of<'a>(indicators: &'a Indicators, measure: &str, area: &str) -> Vec<&'a Observation> {
    indicators.observations.iter().filter(|o| o.measure.0 == measure && o.area.as_str() == area).collect()
}

#[tokio::test]
async fn two_vintages_are_told_as_a_revision() {
    let (_folder, archive) = an_archive();
    let earlier = std::fs::read(tests("data/sources/20602_year6_overweight_earlier.csv")).unwrap();
    let newer = std::fs::read(demo("indicators/fingertips/20602_year6_overweight.csv")).unwrap();
    let server = Server::start(vec![]).await;
    let settings = public_source::settings_with(&server.base);
    let source = "source = \"fingertips\", indicator = \"20602\", age = \"10-11 yrs\", area_types = [502]";
    let measures = [measure("overweight", "academic", source).replace("\"years\"", "\"percent\"")];
    server.then(vec![ok(earlier.clone())]);
    public_source::collect_at("2026-11-01T09:00:00Z", &measures, &settings, &archive, None).await;
    server.then(vec![ok(newer)]);
    let indicators = public_source::collect_at("2026-11-20T09:00:00Z", &measures, &settings, &archive, None).await;
    let period = Period::parse("2017/18", YearKind::Academic).unwrap();
    let nottingham = |period| {
        move |change: &&boardpack::collect::VintageChange| change.area.as_str() == "E06000018" && change.period == period
    };
    let change = indicators.changes.iter().find(nottingham(period)).unwrap();
    assert_eq!(change.what, Changed::Revised { old: Value::Number(40.8), new: Value::Number(41.43), large: false }, "{change:?}");
    let both = format!(
        "{}{}",
        String::from_utf8(earlier).unwrap(),
        "20602,n,E92000001,England,E06000018,Nottingham,UA,Persons,10-11 yrs,,,2017/18,41.43,,,,,,,,,,,,,,\r\n"
    );
    server.then(vec![ok(both)]);
    let (_folder, empty) = an_archive();
    let indicators = public_source::collect_at("2026-11-20T09:00:00Z", &measures, &settings, &empty, None).await;
    assert!(only_reason(&indicators).contains("give E06000018 two different figures for 2017/18"));
}

#[tokio::test]
async fn the_known_disagreements_show_as_what_they_are() {
    let indicators = demonstrated().await;
    let periods = |measure: &str, area: &str| -> Vec<String> {
        of(&indicators, measure, area).iter().map(|o| o.period.to_string()).collect()
    };
    // Single years and three-year pools under one id: a measure has the one kind only.
    let (framework, _) = shipped();
    let routine = framework
        .measures
        .iter()
        .find(|m| matches!(&m.source, MeasureSource::Indicator { indicator, .. } if indicator == "92445"));
    let routine = &routine.unwrap().id.0;
    let months: std::collections::BTreeSet<i32> =
        of(&indicators, routine, "E06000018").iter().map(|o| o.period.months()).collect();
    assert_eq!(months.len(), 1, "{months:?}");
    // Survey noise is published as it is.
    let smoking = of(&indicators, "smoking-adults", "E07000171");
    assert!(smoking.iter().any(|o| o.period.to_string() == "2023" && o.value == Value::Number(4.7)), "{smoking:?}");
    // The child measurement programme of 2020/21 was not published, and nothing stands in for it.
    let weighed = of(&indicators, "year-6-overweight", "E06000018");
    let lacking: Vec<String> = weighed.iter().filter(|o| o.value == Value::Missing).map(|o| o.period.to_string()).collect();
    assert_eq!((weighed.len(), lacking), (10, vec!["2020/21".to_owned()]));
    // The county is absent from one series, the districts from another.
    assert_eq!(periods("life-expectancy-female", "E10000024"), [""; 0]);
    assert!(!periods("life-expectancy-female", "E07000170").is_empty());
    assert_eq!(periods("healthy-life-expectancy-female", "E07000170"), [""; 0]);
    assert!(!periods("healthy-life-expectancy-female", "E10000024").is_empty());
    // Not collected is missing, never nought.
    let early = of(&indicators, "klebsiella-rate", "E54000060");
    assert!(early.iter().any(|o| o.value == Value::Missing) && early.iter().all(|o| o.value != Value::Number(0.0)));
}
