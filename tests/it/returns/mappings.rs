//! Workbooks in their senders' own layouts are read as mapping files say: first real publications, cut down in
//! `tests/workbooks/`, then sheets made here that hold one difficulty each.

mod layouts;

use boardpack::area::Areas;
use boardpack::assets::Assets;
use boardpack::collect::mapping::{self, Figure, Mapped, Mapping};
use boardpack::collect::workbook;
use boardpack::framework::{self, Framework};
use boardpack::settings;
use boardpack::value::{Limits, Value};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;
use workbook_reader::{Cell, CellContent, NumberFormat, Sheet};

struct System {
    config: Assets,
    framework: Framework,
    areas: Areas,
    limits: workbook_reader::WorkbookLimits,
}

/// The mappings that random sheets are read by, each with the name of its sheet.
static MAPPINGS: LazyLock<Vec<(&str, Mapping)>> = LazyLock::new(|| {
    let System { config, framework, areas, .. } = &*PUBLISHED;
    let names = [("Table_S6", "hcai"), ("NHS Trust", "beds"), ("Weekly figures 2020", "deaths"), ("final", "nationality")];
    names.map(|(sheet, name)| (sheet, mapping::load(config, name, framework, areas).unwrap())).into()
});

/// The system of `tests/workbooks/boardpack.toml`.
static PUBLISHED: LazyLock<System> = LazyLock::new(|| system(Some(&workbooks().join("boardpack.toml"))));

fn system(file: Option<&Path>) -> System {
    let settings = settings::load(file, &BTreeMap::new()).unwrap();
    let config = settings.config_assets();
    let framework = framework::load(&config, settings.pack.edition.as_deref().unwrap_or("2024")).unwrap();
    let areas = framework::read_areas(&config).unwrap();
    System { config, framework, areas, limits: settings.returns.limits }
}

fn workbooks() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workbooks")
}

fn sheets(file: &str) -> Vec<Sheet> {
    let bytes = std::fs::read(workbooks().join(file)).unwrap();
    workbook::open_all(&bytes, file, &PUBLISHED.limits).unwrap()
}

fn read_published(file: &str, mapping: &str) -> Mapped {
    let System { config, framework, areas, .. } = &*PUBLISHED;
    let mapping = mapping::load(config, mapping, framework, areas).unwrap();
    mapping::read(&sheets(file), file, &mapping, framework, areas)
}

/// Measure, area, period, value and cell of every figure.
fn listed(reading: &Mapped) -> Vec<String> {
    let value = |figure: &Figure| match figure.value {
        Value::Number(number) => format!("{number:.3}"),
        other => format!("{other:?}"),
    };
    reading.figures().map(|f| format!("{} {} {} {} {}", f.measure, f.area, f.period, value(f), f.cell)).collect()
}

fn faults(reading: &Mapped) -> Vec<String> {
    reading.faults.iter().map(|fault| format!("{}: {} ({})", fault.place, fault.problem, fault.remedy)).collect()
}

// Real publications.

#[test]
fn five_infection_rates_match_the_published() {
    let reading = read_published("ukhsa_hcai.ods", "hcai");
    assert_eq!(faults(&reading), [""; 0]);
    let mut published = csv::Reader::from_path(workbooks().join("ukhsa_hcai_published.csv")).unwrap();
    let organisms = [
        ("Escherichia coli", "e-coli-rate"),
        ("Klebsiella genus", "klebsiella-rate"),
        ("Pseudomonas aeruginosa", "pseudomonas-rate"),
        ("Methicillin-resistant Staphylococcus aureus (MRSA)", "mrsa-rate"),
        ("C. difficile", "c-difficile-rate"),
    ];
    let mut compared = 0;
    for row in published.records().map(Result::unwrap) {
        // Published with a space that does not break.
        let organism = row[0].replace('\u{a0}', " ");
        let (area, year, value) = (&row[1], &row[4], &row[5]);
        let Some((_, measure)) = organisms.iter().find(|(name, _)| *name == organism).filter(|_| area == "E54000060") else {
            continue;
        };
        let same = |f: &&Figure| f.measure.0 == *measure && f.area.as_str() == area && f.period.to_string() == *year;
        let figure = reading.figures().find(same).unwrap_or_else(|| panic!("{measure} {year}"));
        match (figure.value, value) {
            (Value::Missing, "") => assert_eq!(&row[6], "not collected [x]"),
            (Value::Number(read), published) => {
                let published: f64 = published.parse().unwrap();
                assert!((read - published).abs() < 1e-9, "{measure} {year}: {read}, not {published}");
            }
            (read, published) => panic!("{measure} {year}: {read:?}, not {published:?}"),
        }
        compared += 1;
    }
    assert_eq!((compared, reading.figures().count()), (75, 75));
}

#[test]
fn the_built_in_mapping_reads_its_measures() {
    let System { config, framework, areas, .. } = system(None);
    let mapping = mapping::load(&config, "ukhsa-hcai", &framework, &areas).unwrap();
    let reading = mapping::read(&sheets("ukhsa_hcai.ods"), "ukhsa_hcai.ods", &mapping, &framework, &areas);
    assert_eq!(faults(&reading), [""; 0]);
    let last: Vec<String> = listed(&reading).into_iter().filter(|line| line.contains("2023/24")).collect();
    assert_eq!(
        last,
        [
            "e-coli-rate E54000060 2023/24 92.989 S7",
            "klebsiella-rate E54000060 2023/24 25.563 S11",
            "pseudomonas-rate E54000060 2023/24 8.921 S15"
        ]
    );
}

#[test]
fn deep_headers_below_merged_headings_are_found() {
    let reading = read_published("nhse_beds.xlsx", "beds");
    assert_eq!(faults(&reading), [""; 0]);
    assert!(reading.tables.iter().all(|table| table.header_row == 15));
    assert_eq!(
        listed(&reading),
        [
            "beds-occupied RHA 2020/21 Q1 88.322 S19",
            "beds-occupied RK5 2020/21 Q1 55.136 S20",
            "beds-occupied RX1 2020/21 Q1 59.384 S21",
            "mental-illness-beds-occupied RHA 2020/21 Q1 90.860 W19",
            "mental-illness-beds-occupied RK5 2020/21 Q1 NotApplicable W20",
            "mental-illness-beds-occupied RX1 2020/21 Q1 NotApplicable W21",
        ]
    );
    let of_all = reading.figures().next().unwrap();
    let share = 100.0 * of_all.numerator.unwrap() / of_all.denominator.unwrap();
    assert!((of_all.value.number().unwrap() - share).abs() < 1e-9);
}

#[test]
fn xls_weeks_add_up_to_quarters() {
    // The sums were worked out from the original with pandas.
    assert_eq!(
        listed(&read_published("ons_weekly_deaths_2019.xls", "deaths")),
        [
            "registered-deaths E12000004 2018/19 Q4 12498.000 C21:O21",
            "registered-deaths E12000004 2019/20 Q1 10823.000 P21:AB21",
            "registered-deaths E12000004 2019/20 Q2 10139.000 AC21:AO21",
            "registered-deaths E12000004 2019/20 Q3 11653.000 AP21:BB21",
        ]
    );
}

#[test]
fn incomplete_quarters_are_not_summed() {
    let reading = read_published("ons_weekly_deaths_2020.xlsx", "deaths");
    assert_eq!(listed(&reading), ["registered-deaths E12000004 2019/20 Q4 12855.000 C21:O21"]);
    let lacking = reading.tables[0].skipped.iter().find(|skipped| skipped.why.starts_with("not all weeks")).unwrap();
    assert_eq!(lacking.places, ["P21 (registered-deaths, 2020/21 Q1: 1 of 13)"]);
}

#[test]
fn unfilled_templates_give_nothing() {
    let reading = read_published("nhse_fft.xlsm", "emergency-care");
    assert_eq!((listed(&reading), faults(&reading)), (vec![], vec![]));
    assert!(reading.tables[0].skipped.iter().any(|skipped| skipped.why == "blank" && skipped.places == ["G5"]));
}

#[test]
fn filled_templates_use_their_headings_month() {
    let System { config, framework, areas, .. } = &*PUBLISHED;
    let mapping = mapping::load(config, "emergency-care", framework, areas).unwrap();
    let filled: Vec<Sheet> = sheets("nhse_fft.xlsm")
        .into_iter()
        .map(|sheet| {
            let figure = Cell { row: 4, column: 6, content: CellContent::Number(0.805), shown: NumberFormat::Plain };
            let cells = sheet.rows().flat_map(|row| row.cells.to_vec()).chain([figure]).collect();
            Sheet::new(sheet.name, sheet.hidden, cells)
        })
        .collect();
    let reading = mapping::read(&filled, "filled.xlsm", &mapping, framework, areas);
    assert_eq!(listed(&reading), ["emergency-care-positive E92000001 Jul 2025 80.500 G5"]);
}

#[test]
fn dated_titles_choose_between_layouts() {
    assert_eq!(
        listed(&read_published("nhsdigital_nationality_2017.xls", "nationality")),
        ["staff-eu RX1 Apr 2017 502.000 E12", "staff-eu RHA Apr 2017 124.000 E13", "staff-eu RK5 Apr 2017 109.000 E14"]
    );
    assert_eq!(
        listed(&read_published("nhsdigital_nationality_2016.xlsx", "nationality-2016")),
        ["staff-eu RX1 Sep 2016 423.000 D11", "staff-eu RHA Sep 2016 130.000 D12", "staff-eu RK5 Sep 2016 100.000 D13"]
    );
}

#[test]
fn unknown_layouts_are_told_what_was_sought() {
    let reading = read_published("nhse_beds.xlsx", "hcai");
    let [fault] = &faults(&reading)[..] else { panic!("{reading:?}") };
    assert!(fault.starts_with("nhse_beds.xlsx: has no sheet \"Table_S6\"; it has \"NHS Trust by Sector\""), "{fault}");
    let reading = read_published("nhsdigital_nationality_2016.xlsx", "nationality");
    let [fault] = &faults(&reading)[..] else { panic!("{reading:?}") };
    assert!(
        fault.contains("the header in row 5 has no \"All staff\" under \"European Union*\"; it has \"All staff\""),
        "{fault}"
    );
}

// The command.

fn map(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_boardpack"));
    command.current_dir(workbooks()).args(["--config", "boardpack.toml", "returns", "map"]).args(arguments);
    command.output().unwrap()
}

#[test]
fn explain_locates_columns_and_figures() {
    let output = map(&["--explain", "nhse_beds.xlsx", "beds"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap());
}

#[test]
fn explain_as_json_holds_the_same_account() {
    let output = map(&["--explain", "ons_weekly_deaths_2019.xls", "config/mappings/deaths.toml", "--format", "json"]);
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let figure = &answer["tables"][0]["figures"][0];
    assert_eq!(figure["cell"], "C21:O21");
    assert_eq!(figure["value"]["number"], 12498.0);
    assert_eq!(answer["tables"][0]["places"][2]["cell"], "C5:BB5");
    assert_eq!(answer["sha256"].as_str().map(str::len), Some(64));
    assert_eq!(answer["faults"], serde_json::json!([]));
}

#[test]
fn commands_exit_by_what_is_wrong() {
    for (arguments, code, said) in [
        (&["nhse_beds.xlsx", "no-such"][..], 78, "there are:"),
        (&["nhse_beds.xlsx", "../boardpack"], 78, "is not the name of a mapping"),
        (&["nhse_beds.xlsx", "hcai"], 65, ""),
        (&["no-such.xlsx", "hcai"], 65, "cannot be read"),
        (&["boardpack.toml", "hcai"], 65, ""),
        (&["nhse_beds.xlsx"], 64, "MAPPING"),
    ] {
        let output = map(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {errors}");
        assert!(errors.contains(said), "{arguments:?}: {errors}");
    }
}

#[test]
fn a_csv_table_is_read_like_a_workbook() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deaths.csv");
    std::fs::write(&file, "Trust,Period,Beds,In use\nRX1,2020/21 Q1,40,30\nRX1,Q2 2020/21,0,0\n").unwrap();
    let mapping = folder.path().join("beds.toml");
    let text = "title = \"Beds\"\n[[figures]]\nname = \"beds\"\nsheet = \"any\"\nheader = [\"Trust\", \"Period\"]\n\
        measure = \"beds-occupied\"\narea = { column = \"Trust\" }\nperiod = { column = \"Period\" }\n\
        numerator = \"In use\"\ndenominator = \"Beds\"\n";
    std::fs::write(&mapping, text).unwrap();
    let output = map(&["--explain", file.to_str().unwrap(), mapping.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(3), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("sheet deaths, header in row 1") && said.contains("75.0%  30 of 40"), "{said}");
    assert!(said.contains("cell C3: the denominator is 0, so there is no value"), "{said}");
}

#[test]
fn zero_denominators_are_faults() {
    let counts = "numerator = \"In use\"\ndenominator = \"Beds\"";
    let table = "Period|In use|Beds\n2020/21 Q1|0|0\n2020/21 Q2|30|\n2020/21 Q3||40\n2020/21 Q4|92 95|115";
    let reading = read(&block("beds-occupied", counts), &[sheet("S", table)]);
    assert_eq!(listed(&reading), [""; 0]);
    let faults = faults(&reading);
    let expected = [
        "cell C2: the denominator is 0, so there is no value",
        "cell C3: there is neither a value nor a denominator",
        "cell B5: the text \"92 95\" was found",
    ];
    assert_eq!(faults.len(), expected.len(), "{faults:?}");
    assert!(faults.iter().zip(expected).all(|(fault, expected)| fault.contains(expected)), "{faults:?}");
}

// Sheets of one difficulty each.

/// A sheet from lines of cells parted by `|`: numbers are numbers, `45%` a percent cell, the rest text.
fn sheet(name: &str, text: &str) -> Sheet {
    let mut cells = Vec::new();
    for (row, line) in text.trim().lines().enumerate() {
        for (column, written) in line.split('|').map(str::trim).enumerate().filter(|(_, written)| !written.is_empty()) {
            let percent = written.strip_suffix('%').and_then(|number| number.parse::<f64>().ok());
            let (content, shown) = match (percent, written.parse()) {
                (Some(percent), _) => (CellContent::Number(percent / 100.0), NumberFormat::Percent),
                (None, Ok(number)) => (CellContent::Number(number), NumberFormat::Plain),
                (None, Err(_)) => match written.parse() {
                    Ok(date) => (CellContent::Date(date), NumberFormat::Plain),
                    Err(_) => (CellContent::Text(written.to_owned()), NumberFormat::Plain),
                },
            };
            cells.push(Cell { row: row as u32, column: column as u32, content, shown });
        }
    }
    Sheet::new(name.to_owned(), false, cells)
}

fn mapping(text: &str) -> Mapping {
    let mapping = mapping::parse(&format!("title = \"T\"\n{text}"), "t.toml").unwrap_or_else(|faults| panic!("{faults}"));
    mapping.check(&PUBLISHED.framework, &PUBLISHED.areas).unwrap_or_else(|faults| panic!("{faults}"));
    mapping
}

/// One block that reads `value` for `measure` of Nottingham University Hospitals, with more keys.
fn block(measure: &str, more: &str) -> Mapping {
    mapping(&format!(
        "[[figures]]\nname = \"b\"\nsheet = \"any\"\nheader = [\"Period\"]\nmeasure = \"{measure}\"\narea = \"RX1\"\n\
         period = {{ column = \"Period\" }}\n{more}"
    ))
}

fn read(mapping: &Mapping, sheets: &[Sheet]) -> Mapped {
    mapping::read(sheets, "w.xlsx", mapping, &PUBLISHED.framework, &PUBLISHED.areas)
}

fn values(mapping: &Mapping, text: &str) -> Vec<Value> {
    let reading = read(mapping, &[sheet("S", text)]);
    assert_eq!(faults(&reading), [""; 0]);
    reading.figures().map(|figure| figure.value).collect()
}

#[track_caller]
fn assert_fault(mapping: &Mapping, text: &str, place: &str, problem: &str) {
    let reading = read(mapping, &[sheet("S", text)]);
    let faults = faults(&reading);
    assert!(faults.iter().any(|fault| fault.starts_with(place) && fault.contains(problem)), "{faults:#?}");
}

const GOOD: &str = r#"title = "T"
[[figures]]
name = "b"
sheet = "any"
header = ["Period"]
measure = "staff-eu"
area = "RX1"
period = { column = "Period" }
value = "Staff"
"#;

#[test]
fn mapping_mistakes_name_file_and_key() {
    let System { framework, areas, .. } = &*PUBLISHED;
    let told = |text: &str| {
        let checked = mapping::parse(text, "t.toml").and_then(|mapping| mapping.check(framework, areas));
        checked.err().map(|faults| faults.to_string()).unwrap_or_default()
    };
    assert_eq!(told(GOOD), "");
    for (good, bad, said) in [
        ("title = \"T\"", "", "t.toml, line 1, title: is needed and not given"),
        ("title = \"T\"", "title = ", "t.toml, line 1, column 9: is not TOML"),
        ("title = \"T\"", "title = \"T\"\nauthor = \"A\"", "t.toml, line 2, author: is not a known key here"),
        (
            "[[figures]]",
            "[[figure]]",
            "t.toml, line 2, figure: is not a known key here; figures was expected (did you mean figures?)",
        ),
        ("name = \"b\"", "nmae = \"b\"", "[[figures]] number 1, nmae: is not a known key here"),
        ("sheet = \"any\"", "", "[[figures]] b, sheet: is needed and not given"),
        ("sheet = \"any\"", "sheet = \"*\"", "[[figures]] b, sheet: \"*\" is not a text to look for"),
        ("header = [\"Period\"]", "header = []", "[[figures]] b, header: names no cell"),
        ("header = [\"Period\"]", "header = [\"Period\"]\nheader_rows = 9", "header_rows: is 9; 1 to 5 was expected"),
        (
            "\"staff-eu\"",
            "\"staff-ue\"",
            "[[figures]] b, measure: \"staff-ue\" is not a measure of the published framework (did you mean \"staff-eu\"?)",
        ),
        ("\"RX1\"", "\"RX8\"", "[[figures]] b, area: \"RX8\" is not an area of areas.toml"),
        ("\"RX1\"", "7", "[[figures]] b, area: is 7; a text in quotation marks, or a table"),
        (
            "\"RX1\"",
            "{ header = true }",
            "[[figures]] b, value: the area is in the header, so figures stand below it; columns are named as well",
        ),
        ("\"RX1\"", "{ column = \"A\", cell = \"B2\" }", "[[figures]] b, area: says in none or several ways where it stands"),
        (
            "\"RX1\"",
            "{ letter = \"4\" }",
            "[[figures]] b, area.letter: \"4\" with no more was expected to be the letter of a column",
        ),
        (
            "\"RX1\"",
            "{ column = \"A\", dates = \"month\" }",
            "[[figures]] b, area: following, dates and weeks_ended are for periods only",
        ),
        (
            "\"RX1\"",
            "{ column = \"A\", labels = { \"N U H\" = \"RX1\", nuh = \"RK5\" } }",
            "area.labels: \"N U H\" and \"nuh\" are read as the same text",
        ),
        ("{ column = \"Period\" }", "\"next year\"", "[[figures]] b, period: \"next year\" is not a period of staff-eu"),
        ("{ column = \"Period\" }", "{ cell = \"XFE1\" }", "[[figures]] b, period.cell: \"XFE1\" is not a cell"),
        ("{ column = \"Period\" }", "{ cell = \"Z\" }", "[[figures]] b, period.cell: \"Z\" is not a cell"),
        (
            "{ column = \"Period\" }",
            "{ column = \"Period\", dates = \"week\" }",
            "period.dates: is \"week\"; one of month, quarter, year was expected",
        ),
        ("value = \"Staff\"", "", "[[figures]] b, value: is not given, nor both numerator and denominator"),
        (
            "value = \"Staff\"",
            "value = { column = \"Staff\", scale = 0 }",
            "[[figures]] b, value.scale: is 0; a number above 0 was expected",
        ),
        ("value = \"Staff\"", "value = { column = \"Staff\", given = \"ratio\" }", "value.given: is \"ratio\"; one of"),
        ("value = \"Staff\"", "value = \"Staff\"\nlower = \"L\"", "[[figures]] b, lower: one of lower and upper is given"),
    ] {
        let text = GOOD.replacen(good, bad, 1);
        let told = told(&text);
        assert!(told.contains(said), "{bad}: {told}, not {said}");
    }
    let weeks = GOOD.replace("staff-eu", "beds-occupied").replace("\"Period\" }", "\"Period\", weeks_ended = \"month\" }");
    assert!(
        told(&weeks).contains("beds-occupied is not a number of events or a quantity, so its weeks do not add up"),
        "{}",
        told(&weeks)
    );
    let both = GOOD.replace("\"RX1\"", "\"RX8\"").replace("staff-eu", "staff");
    assert_eq!(told(&both).lines().count(), 2, "each mistake is told");
}

// Any sheet.

fn any_cell() -> impl Strategy<Value = CellContent> {
    prop_oneof![
        "[ -~é\u{a0}]{0,12}".prop_map(CellContent::Text),
        prop_oneof![
            Just("Species"),
            Just("Integrated care board (ICB)"),
            Just("Sustainability transformation partnerships code (NHS)"),
            Just("QT1"),
            Just("Escherichia coli"),
            Just("2012 to 2013"),
            Just("Week ended"),
            Just("Total"),
            Just("E12000004")
        ]
        .prop_map(|text| CellContent::Text(text.to_owned())),
        any::<f64>().prop_map(CellContent::Number),
        (0i16..9999, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| CellContent::Date(jiff::civil::date(y, m, d))),
        any::<bool>().prop_map(CellContent::Logical),
        Just(CellContent::Time),
        Just(CellContent::Uncached),
        Just(CellContent::Error("#REF!".to_owned())),
    ]
}

proptest! {
    #[test]
    fn column_order_does_not_matter(
        figures in proptest::collection::btree_map(1950..2100_i32, (0.0..1e9f64).prop_map(f64::round), 1..30),
        swapped in any::<bool>(),
        above in 0..20usize,
    ) {
        let mut text = ". A note above the table\n".repeat(above);
        text.push_str(if swapped { "N|Period\n" } else { "Period|N\n" });
        for (year, value) in &figures {
            let label = format!("{year} to {}", year + 1);
            text.push_str(&if swapped { format!("{value}|{label}\n") } else { format!("{label}|{value}\n") });
        }
        let read = values(&block("staff-eu", "value = \"N\""), &text);
        let expected: Vec<Value> = figures.values().map(|value| Value::Number(*value)).collect();
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn any_sheet_reads_repeatably(
        cells in proptest::collection::vec((0..30u32, 0..12u32, any_cell(), any::<bool>()), 0..120),
    ) {
        let cell = |(row, column, content, percent): (u32, u32, CellContent, bool)| {
            Cell { row, column, content, shown: if percent { NumberFormat::Percent } else { NumberFormat::Plain } }
        };
        let cells: Vec<Cell> = cells.into_iter().map(cell).collect();
        for (name, mapping) in &*MAPPINGS {
            let sheets = [Sheet::new((*name).to_owned(), false, cells.clone())];
            let twice = [1, 2].map(|_| read(mapping, &sheets));
            prop_assert_eq!(serde_json::to_string(&twice[0]).unwrap(), serde_json::to_string(&twice[1]).unwrap());
        }
    }
}
