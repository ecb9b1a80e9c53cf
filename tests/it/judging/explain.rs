//! `evaluate` and `explain` on the demonstration: nothing is absent, and every status follows from what is shown.

use boardpack::assets::Assets;
use boardpack::evaluate::ambition::combine;
use boardpack::evaluate::by_area::{JudgedArea, by_area};
use boardpack::evaluate::{
    self, AssessmentWorking, COLUMNS, Comparison, Decision, Flag, Status, Trend, ValueState, roles_by_stand_ins,
};
use boardpack::framework::{self, Role, Uncertainty};
use boardpack::run::{self, LoadedConfig, QuarterChoice, Setup, Unwatched};
use boardpack::settings;
use boardpack::value::Limits;
use indicator_stats::spc::{Assurance, Variation};
use indicator_stats::{Confidence, comparison, proportion::wilson, rate, trend};
use serde::de::{DeserializeOwned, Deserializer, Visitor};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;

/// The demonstration judged once for all tests.
struct Demonstration {
    /// The measures of the edition, in its order.
    measures: Vec<String>,
    json: String,
    csv: String,
    /// As `json`, with a formula for a title and a value below zero in the first row.
    doctored_csv: String,
    explanations: Vec<Json>,
}

static DEMONSTRATION: LazyLock<Demonstration> = LazyLock::new(|| {
    let archive = tempfile::tempdir().unwrap();
    let file = root().join("examples/demo/boardpack.toml");
    let mut settings = settings::load(Some(&file), &BTreeMap::new()).unwrap();
    settings.paths.archive = archive.path().to_owned();
    let config = LoadedConfig::load(&settings, false, QuarterChoice::default(), jiff::Timestamp::now).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let now = || "2026-11-20T09:00:00Z".parse().unwrap();
    let assessed =
        runtime.block_on(run::assess(&Setup { settings: &settings, config: &config, now, progress: &Unwatched }, None)).unwrap();
    let measures: Vec<_> = config.framework.aspirations().map(|(_, aspiration)| aspiration.id.clone()).collect();
    let published = assessed.disclosed(&config).evaluation;
    let mut rows = evaluate::rows(&published, &config.framework, &config.areas);
    let ambitions = evaluate::ambition_rows(&published, &config.framework);
    let data = evaluate::AssessmentData { format: evaluate::FORMAT, ambitions, assessments: rows.clone() };
    let json = String::from_utf8(evaluate::to_json(&data).unwrap()).unwrap();
    let csv = String::from_utf8(evaluate::to_csv(&rows).unwrap()).unwrap();
    rows[0].title = "=HYPERLINK(\"x\")";
    rows[0].value = Some(-1.5);
    Demonstration {
        json,
        csv,
        doctored_csv: String::from_utf8(evaluate::to_csv(&rows).unwrap()).unwrap(),
        explanations: measures
            .iter()
            .map(|id| {
                let explanation = evaluate::explain(&assessed.inputs(&config), &assessed.evaluation, id);
                serde_json::to_value(explanation.unwrap_or_else(|| panic!("{id} has no explanation"))).unwrap()
            })
            .collect(),
        measures: measures.into_iter().map(|id| id.0).collect(),
    }
});

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read<T: DeserializeOwned>(json: &Json) -> T {
    T::deserialize(json).unwrap_or_else(|e| panic!("{e} in {json}"))
}

fn data() -> Json {
    serde_json::from_str(&DEMONSTRATION.json).unwrap()
}

fn rows() -> Vec<Json> {
    data()["assessments"].as_array().unwrap().clone()
}

fn schema() -> Json {
    serde_json::from_slice(&std::fs::read(root().join("docs/assessments.schema.json")).unwrap()).unwrap()
}

/// The areas of every explanation, each with its measure.
fn explained() -> impl Iterator<Item = (&'static str, &'static Json)> {
    DEMONSTRATION.explanations.iter().flat_map(|explanation| {
        let measure = explanation["measure"]["id"].as_str().unwrap();
        explanation["areas"].as_array().unwrap().iter().map(move |area| (measure, area))
    })
}

#[test]
fn every_measure_has_one_headline_and_reason() {
    let rows = rows();
    let headlines: Vec<&str> =
        rows.iter().filter(|row| row["headline"] == true).map(|row| row["measure"].as_str().unwrap()).collect();
    assert_eq!(headlines, DEMONSTRATION.measures);
    assert!(rows.iter().all(|row| !row["reason"].as_str().unwrap().is_empty()));
}

#[test]
fn rows_keep_to_the_strict_schema() {
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    let mut data = data();
    let faults: Vec<String> = validator.iter_errors(&data).take(5).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(faults.is_empty(), "{faults:#?}");

    for (list, key, wrong) in [
        ("assessments", "status", "on track"),
        ("assessments", "value", "12"),
        ("assessments", "flags", "stale"),
        ("assessments", "area", ""),
        ("assessments", "role", "first"),
        ("ambitions", "status", "no_data"),
        ("ambitions", "met", "1"),
    ] {
        let right = std::mem::replace(&mut data[list][0][key], wrong.into());
        assert!(!validator.is_valid(&data), "{key} {wrong}");
        data[list][0][key] = right;
    }
    assert!(validator.is_valid(&data));
    data["assessments"][0].as_object_mut().unwrap().remove("assurance");
    assert!(!validator.is_valid(&data), "a key is lacking");
}

/// Learns the words of an enum from its own `Deserialize`.
struct Words<'a>(&'a mut Vec<&'static str>);

impl<'de> Deserializer<'de> for Words<'_> {
    type Error = serde::de::value::Error;
    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(serde::de::Error::custom("no enum"))
    }
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Self::Error> {
        self.0.extend(words);
        Err(serde::de::Error::custom("only asked"))
    }
    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}

fn words<T: DeserializeOwned>() -> BTreeSet<String> {
    let mut words = Vec::new();
    assert!(T::deserialize(Words(&mut words)).is_err() && !words.is_empty());
    // As earlier versions wrote it.
    words.into_iter().filter(|word| *word != "no_data").map(str::to_owned).collect()
}

#[test]
fn schema_program_and_page_agree() {
    let schema = schema();
    let properties = &schema["$defs"]["row"]["properties"];
    let listed = |of: &Json| -> BTreeSet<String> {
        of["enum"].as_array().unwrap().iter().filter_map(|word| word.as_str().map(str::to_owned)).collect()
    };
    let of_unit = boardpack::schemas::schema(boardpack::schemas::FileKind::Measures)["definitions"]["Unit"]["anyOf"].clone();
    let units = of_unit.as_array().unwrap().iter().filter_map(|choice| choice["const"].as_str().map(str::to_owned)).collect();
    assert_eq!(listed(&properties["unit"]["anyOf"][0]), units);
    assert_eq!(listed(&properties["value_state"]), words::<ValueState>());
    assert_eq!(listed(&properties["comparison"]), words::<Comparison>());
    assert_eq!(listed(&properties["trend"]), words::<Trend>());
    assert_eq!(listed(&properties["variation"]), words::<Variation>());
    assert_eq!(listed(&properties["assurance"]), words::<Assurance>());
    assert_eq!(listed(&properties["status"]), words::<Status>());
    assert_eq!(listed(&properties["flags"]["items"]), words::<Flag>());
    assert_eq!(listed(&properties["role"]), words::<Role>());
    assert_eq!(listed(&properties["uncertainty"]), words::<Uncertainty>());
    let of_ambitions = &schema["$defs"]["ambition"]["properties"];
    assert_eq!(listed(&of_ambitions["status"]), words::<Status>());
    assert_eq!(listed(&of_ambitions["flags"]["items"]), words::<Flag>());

    let keys: BTreeSet<&str> = properties.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, BTreeSet::from(COLUMNS));
    let page = std::fs::read_to_string(root().join("docs/assessments.md")).unwrap();
    let of_ambitions = of_ambitions.as_object().unwrap().keys().map(String::as_str);
    for word in keys.into_iter().chain(of_ambitions).map(str::to_owned).chain(words::<Flag>()).chain(words::<Status>()) {
        assert!(page.contains(&format!("`{word}`")), "docs/assessments.md does not name {word}");
    }
}

#[test]
fn csv_has_the_columns_of_json() {
    let first = DEMONSTRATION.json.split_once("\"assessments\": [").unwrap().1.split_once("\n    }").unwrap().0;
    let keys: Vec<&str> =
        first.lines().filter_map(|line| line.strip_prefix("      \"")?.split_once("\":")).map(|(k, _)| k).collect();
    assert_eq!(keys, COLUMNS);
    let mut sheet = csv::Reader::from_reader(DEMONSTRATION.csv.as_bytes());
    assert_eq!(sheet.headers().unwrap().iter().collect::<Vec<_>>(), COLUMNS);
    assert_eq!(sheet.records().map(Result::unwrap).count(), rows().len());
}

#[test]
fn csv_is_safe_in_spreadsheets() {
    let mut sheet = csv::Reader::from_reader(DEMONSTRATION.doctored_csv.as_bytes());
    let first = sheet.records().next().unwrap().unwrap();
    let cell = |column| &first[COLUMNS.iter().position(|c| *c == column).unwrap()];
    assert_eq!(cell("title"), "'=HYPERLINK(\"x\")");
    assert_eq!(cell("value"), "-1.5");
}

#[test]
fn statuses_follow_from_the_explained_inputs() {
    let rows = rows();
    let mut by_rule = BTreeSet::new();
    for (measure, area) in explained() {
        let place = format!("{measure}, {}", area["area_name"]);
        let working: AssessmentWorking = read(&area["working"]);
        let status: Status = read(&area["status"]);
        let verdict = working.decision.verdict();
        // A status that is made from areas, or withheld for want of organisations, is not that of the figure.
        let is_of_the_figure = area["by_area"].is_null() && area["no_figure"]["why"] != "incomplete";
        assert!(!is_of_the_figure || verdict.status == status, "{place}");
        let row = rows.iter().find(|row| row["measure"] == measure && row["area"] == area["area"]).unwrap();
        assert_eq!(row["status"], area["status"], "{place}");

        match &working.decision {
            Decision::Rule { scene, question, .. } => {
                by_rule.insert(serde_json::to_value(question).unwrap()["rule"].as_str().unwrap().to_owned());
                // The rule was told a figure that is shown, unless it is the sum of a running year.
                let judged = if area["judged"].is_null() { &area["latest"] } else { &area["judged"] };
                if !scene.latest.period.starts_with("the year to") {
                    assert_eq!(judged["value"]["number"], scene.latest.value, "{place}");
                    assert_eq!(read::<Option<Limits>>(&judged["limits"]), scene.latest.limits, "{place}");
                }
            }
            _ if !is_of_the_figure => {}
            Decision::NothingToJudgeBy { .. } | Decision::NoDirection | Decision::OfThePart { .. } => {
                assert_eq!(status, Status::CannotBeJudged);
            }
            Decision::NoTargetForYear { .. } => assert_eq!(status, Status::NoTargetSet, "{place}"),
            Decision::NothingYet { first_due: Some(due), today, .. } if today <= due => assert_eq!(status, Status::NotYetDue),
            _ => assert_eq!(status, Status::NoFigure, "{place}"),
        }
    }
    assert!(by_rule.len() >= 9, "kinds of rule that judged a figure: {by_rule:?}");
}

#[test]
fn headlines_follow_the_system_or_median_resident() {
    let mut by_areas = 0;
    for explanation in &DEMONSTRATION.explanations {
        let headline = &explanation["headline"];
        let marked: Vec<&Json> =
            explanation["areas"].as_array().unwrap().iter().filter(|area| area["headline"] == true).collect();
        assert_eq!(marked.iter().map(|area| &area["area"]).collect::<Vec<_>>(), [&headline["area"]], "{headline}");
        assert_eq!(headline["area"], "E54000060", "no part stands for the whole: {headline}");
        let Some(areas) = marked[0]["by_area"]["areas"].as_array() else { continue };
        by_areas += 1;
        let judged: Vec<JudgedArea> = areas
            .iter()
            .map(|area| JudgedArea {
                area: read(&area["area"]),
                population: area["population"].as_f64().unwrap(),
                status: read(&area["status"]),
                significantly_adverse: area["is_significantly_adverse"] == true,
            })
            .collect();
        assert_eq!(by_area(&judged).status, read::<Status>(&headline["status"]), "{headline}");
    }
    assert!(by_areas > 3, "{by_areas}");
}

#[test]
fn ambitions_combine_their_measures_rows() {
    let (data, rows) = (data(), rows());
    let ambitions = data["ambitions"].as_array().unwrap();
    assert_eq!(ambitions.len(), 52);
    let framework = framework::load(&Assets::config(None), "2024").unwrap();
    for (ambition, defined) in ambitions.iter().zip(&framework.ambitions) {
        assert_eq!(ambition["ambition"], defined.id.as_str());
        let own: Vec<Status> = rows
            .iter()
            .filter(|row| row["headline"] == true && row["ambition"] == ambition["ambition"])
            .map(|row| read(&row["status"]))
            .collect();
        let roles = roles_by_stand_ins(defined, &own);
        let own: Vec<(Role, Status)> = roles.into_iter().zip(own).collect();
        let combined = combine(defined.combine, &own);
        assert_eq!(combined.status, read::<Status>(&ambition["status"]), "{ambition}");
    }
}

#[test]
fn explained_limits_and_trends_can_be_recomputed() {
    let (mut wilsons, mut rates, mut compared, mut trends) = (0, 0, 0, 0);
    for (measure, area) in explained() {
        for figure in area["figures"].as_array().unwrap() {
            let (limits, shown) = (&figure["limits"], read::<Option<Limits>>(&figure["figure"]["limits"]));
            let number = |key: &str| limits[key].as_f64();
            let (count, of, m) = (number("numerator"), number("denominator"), number("multiplier").unwrap());
            let again = match limits["method"].as_str().unwrap() {
                "wilson" => wilson(count.unwrap(), of.unwrap(), m, Confidence::P95),
                "byar" | "exact" if of.is_some() => rate::crude_rate(count.unwrap(), of.unwrap(), m, Confidence::P95),
                "byar" | "exact" => rate::count(figure["figure"]["value"]["number"].as_f64().unwrap(), Confidence::P95),
                "published" => {
                    assert_eq!(read::<Option<Limits>>(&figure["observations"][0]["limits"]), shown);
                    continue;
                }
                "none" => {
                    assert!(shown.is_none() && limits["withheld"].is_string(), "{measure}: {figure}");
                    continue;
                }
                // Made of age bands or deciles, which have tests of their own.
                _ => {
                    assert!(shown.is_some(), "{measure}: {figure}");
                    continue;
                }
            };
            wilsons += usize::from(limits["method"] == "wilson");
            rates += usize::from(limits["method"] != "wilson");
            let (again, shown) = (again.unwrap().limits, shown.unwrap());
            assert!((again.lower - shown.lower).abs() < 1e-9 && (again.upper - shown.upper).abs() < 1e-9, "{measure}: {figure}");
        }
        let working: AssessmentWorking = read(&area["working"]);
        if let Some(c) = &working.comparison {
            let single = comparison::single(Some(c.value), c.limits, c.comparator, c.polarity);
            let result = if single == Comparison::NotCompared { c.published.unwrap_or(single) } else { single };
            assert_eq!(result, c.result, "{measure}");
            compared += usize::from(result != Comparison::NotCompared);
        }
        if !working.trend.years.is_empty() {
            let again = trend::weighted(&working.trend.years);
            assert_eq!(again.map(|found| found.direction).ok(), working.trend.tested.map(|found| found.direction), "{measure}");
            assert_eq!(again.err().map(|e| e.to_string()), working.trend.withheld, "{measure}");
            trends += 1;
        }
    }
    assert!([wilsons, rates, compared, trends].iter().all(|n| *n > 0), "{wilsons} {rates} {compared} {trends}");
}

#[test]
fn every_used_number_has_its_observation() {
    for (measure, area) in explained() {
        for figure in area["figures"].as_array().unwrap() {
            let sources = figure["figure"]["sources"].as_array().unwrap();
            let observations = figure["observations"].as_array().unwrap().iter().map(|observation| &observation["provenance"]);
            assert!(!sources.is_empty(), "{measure}: {figure}");
            for source in sources.iter().chain(observations) {
                assert_eq!(source["sha256"].as_str().unwrap().len(), 64);
                assert!(source["cell"].is_string() || source["line"].as_u64().is_some_and(|line| line > 1), "{source}");
            }
        }
    }
}

/// The program itself on the demonstration, its archive and ledger in a folder of their own.
fn boardpack(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_boardpack"))
        .args(arguments)
        .arg("--config")
        .arg(root().join("examples/demo/boardpack.toml"))
        // Somebody may have made the demonstration's packs in this checkout.
        .env("BOARDPACK__PATHS__OUTPUT", folder.join("out"))
        .env("BOARDPACK__PATHS__ARCHIVE", folder.join("archive"))
        .env("BOARDPACK__PATHS__LEDGER", folder.join("ledger.sqlite"))
        .output()
        .expect("the program starts")
}

fn out(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(64));
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn evaluate_prints_results_without_a_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let output = boardpack(folder.path(), &["evaluate", "--format", "json"]);
    assert_eq!(out(&output), DEMONSTRATION.json);
    assert!(String::from_utf8_lossy(&output.stderr).contains("collect"));
    assert!(!folder.path().join("ledger.sqlite").exists());

    let table = out(&boardpack(folder.path(), &["evaluate"]));
    assert!(table.lines().all(|line| line.chars().count() <= 120), "{table}");
    for measure in &DEMONSTRATION.measures {
        assert!(table.lines().any(|line| line.split_whitespace().next() == Some(measure.as_str())), "{measure}");
    }
}

#[test]
fn evaluate_takes_area_codes_or_names() {
    let folder = tempfile::tempdir().unwrap();
    let asked = |area: &str| -> Vec<Json> {
        let printed = out(&boardpack(folder.path(), &["evaluate", "--format", "json", "--area", area]));
        let data: Json = serde_json::from_str(&printed).unwrap();
        assert_eq!(data["ambitions"], Json::Array(Vec::new()), "ambitions are the system's");
        data["assessments"].as_array().unwrap().clone()
    };
    let by_code = asked("E06000018");
    assert!(!by_code.is_empty() && by_code.iter().all(|row| row["area"] == "E06000018"));
    let named: BTreeSet<&str> = by_code.iter().map(|row| row["area_name"].as_str().unwrap()).collect();
    assert_eq!(named, BTreeSet::from(["Nottingham", "Nottingham City Council"]), "a council is not its place");
    assert_eq!(asked("nottingham"), by_code);
    let words = refused(&boardpack(folder.path(), &["evaluate", "--area", "Narnia"]));
    assert!(words.contains("\"Narnia\" is not an area") && words.contains("E06000018 Nottingham"), "{words}");
}

#[test]
fn explain_leads_to_url_or_cell() {
    let folder = tempfile::tempdir().unwrap();
    let public = out(&boardpack(folder.path(), &["explain", "healthy-life-expectancy-female", "--area", "Nottingham"]));
    for part in ["indicator_ids=90362", "line ", "retrieved 20", "SHA-256 ", "Rule: direction", "limits: as published"] {
        assert!(public.contains(part), "{part} in\n{public}");
    }
    let returned = out(&boardpack(folder.path(), &["explain", "social-prescribing-link-workers"]));
    for part in ["cell ", " of sheet ", ".xlsx, returned by ", "SHA-256 ", "illustrative", "Rule: direction"] {
        assert!(returned.contains(part), "{part} in\n{returned}");
    }
    let mut json: Json =
        serde_json::from_str(&out(&boardpack(folder.path(), &["explain", "healthy-life-expectancy-female", "--format", "json"])))
            .unwrap();
    let said = json.as_object_mut().unwrap().remove("commentary").unwrap();
    assert_eq!(said["comments"], serde_json::json!([]));
    let same = DEMONSTRATION.explanations.iter().find(|e| e["measure"]["id"] == "healthy-life-expectancy-female");
    assert_eq!(Some(&json), same);
}

#[test]
fn explain_suggests_near_measures_and_areas() {
    let folder = tempfile::tempdir().unwrap();
    let words = refused(&boardpack(folder.path(), &["explain", "year6-overwieght"]));
    assert!(words.contains("the nearest are: year-6-overweight"), "{words}");
    let words = refused(&boardpack(folder.path(), &["explain", "year-6-overweight", "--area", "RX1"]));
    assert!(words.contains("is not judged for RX1") && words.contains("E06000018"), "{words}");
}

#[test]
fn explain_shows_how_an_ambition_is_judged() {
    let folder = tempfile::tempdir().unwrap();
    let text = out(&boardpack(folder.path(), &["explain", "core20plus5"]));
    for part in ["Ambition core20plus5", "In the strategy: ", "by how many are met", "lead", "supporting", "not counted"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    let json: Json =
        serde_json::from_str(&out(&boardpack(folder.path(), &["explain", "core20plus5", "--format", "json"]))).unwrap();
    assert_eq!(json["judged"]["of"], 10);
    let counted = json["measures"].as_array().unwrap().iter().filter(|part| part["counted"] == true).count();
    assert_eq!(json["judged"]["judged"], counted);
}

#[test]
fn explain_says_who_answers_and_what_is_said_and_where() {
    let folder = tempfile::tempdir().unwrap();
    let text = out(&boardpack(folder.path(), &["explain", "emergency-admissions"]));
    assert_eq!(text.matches("Who answers for it: ").count(), 1, "of an ambition and a measure of one id:\n{text}");
    assert!(text.contains("(Director of Urgent Care, 2026-11-10, illustrative; comments.toml)"), "{text}");
    // A measure's ambition is commented on in returns.
    let text = out(&boardpack(folder.path(), &["explain", "mecc-training-workforce"]));
    assert!(text.contains("(Director of Workforce, nuh, 2026-10-12, illustrative; nuh"), "{text}");
    assert!(text.contains(".xlsx, sheet Comments, cell C"), "{text}");
    let json: Json =
        serde_json::from_str(&out(&boardpack(folder.path(), &["explain", "mecc-training-workforce", "--format", "json"])))
            .unwrap();
    let comment = &json["commentary"]["comments"][0];
    assert_eq!((&comment["partner"], &comment["by"]), (&"nuh".into(), &"Director of Workforce".into()));
}
