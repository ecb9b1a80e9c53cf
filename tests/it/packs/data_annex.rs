//! The data annex: what an analyst reads back from its workbook and its CSV files.

use crate::support::demonstration::DEMONSTRATION;
use crate::support::sample_pack::{Sample, point};
use boardpack::collect::ActionReport;
use boardpack::evaluate::{Breakdown, Revision, Slope, Status, rows};
use boardpack::figure::Provenance;
use boardpack::period::{Period, YearKind};
use boardpack::report::PackInputs;
use boardpack::report::annex::{AnnexCell, AnnexColumn, AnnexTable, AnnexTables, ColumnKind, Imprint};
use boardpack::value::{Limits, Sex, Value};
use calamine::{Data, Ods, Range, Reader, Xlsx, open_workbook_from_rs};
use jiff::civil::date;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

/// Rows above the table of a sheet.
const ABOVE: u32 = 3;

fn imprint(publisher: &str) -> Imprint<'_> {
    Imprint { publisher, contact: "", next: (Period::financial_quarter(2026, 3), date(2027, 3, 1)) }
}

/// The sheets of the Excel workbook and of the OpenDocument spreadsheet.
fn workbooks(tables: &AnnexTables) -> [Vec<(String, Range<Data>)>; 2] {
    let xlsx = Cursor::new(tables.to_xlsx(imprint("A partnership")).unwrap());
    let ods = Cursor::new(tables.to_ods(imprint("A partnership")).unwrap());
    let mut xlsx: Xlsx<_> = open_workbook_from_rs(xlsx).unwrap();
    let mut ods: Ods<_> = open_workbook_from_rs(ods).unwrap();
    [in_order(&mut xlsx), in_order(&mut ods)]
}

/// The sheets of a workbook as they stand in it.
fn in_order<R: Reader<Cursor<Vec<u8>>>>(book: &mut R) -> Vec<(String, Range<Data>)> {
    let names = book.sheet_names();
    names.into_iter().filter_map(|name| book.worksheet_range(&name).ok().map(|sheet| (name, sheet))).collect()
}

/// The table that a sheet is of.
fn table_of<'a>(tables: &'a AnnexTables, sheet: &str) -> &'a AnnexTable {
    let parted = [
        ("Ambition ", "Ambitions"),
        ("Assessment ", "Assessments"),
        ("Series ", "Series"),
        ("Measure ", "Measures"),
        ("Key action ", "Key actions"),
    ];
    let name = parted.iter().find(|(start, _)| sheet.starts_with(start)).map_or(sheet, |(_, table)| table);
    table(tables, name)
}

/// The records of each CSV file, its header first.
fn records(tables: &AnnexTables) -> BTreeMap<String, Vec<Vec<String>>> {
    let read = |bytes: Vec<u8>| {
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").expect("a byte order mark").to_vec();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(Cursor::new(text));
        reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
    };
    tables.to_csv().into_iter().map(|(name, bytes)| (name, read(bytes))).collect()
}

fn table<'a>(tables: &'a AnnexTables, name: &str) -> &'a AnnexTable {
    tables.tables.iter().find(|table| table.name == name).unwrap_or_else(|| panic!("no table {name}"))
}

/// The cells of a column.
fn column<'a>(table: &'a AnnexTable, name: &str) -> Vec<&'a AnnexCell> {
    let at = table.columns.iter().position(|column| column.name == name).unwrap_or_else(|| panic!("no column {name}"));
    table.rows.iter().map(|row| &row[at]).collect()
}

/// What a reader of a workbook must find for a cell.
fn is_read_as(cell: &AnnexCell, read: &Data) -> bool {
    let says = |words: &str| *read == Data::String(words.replace("\r\n", "\n"));
    match cell {
        AnnexCell::Words(words) | AnnexCell::Coded { words, .. } if words.is_empty() => says("[x]") || says("[z]"),
        AnnexCell::Words(words) | AnnexCell::Coded { words, .. } => says(words),
        AnnexCell::Number(value, _) => *read == Data::Float(*value),
        AnnexCell::Date(date) => read_moment(read).is_some_and(|moment| format!("{date}T00:00:00").starts_with(&moment)),
        AnnexCell::Moment(moment) => read_moment(read).is_some_and(|read| moment.to_string().starts_with(&read)),
        AnnexCell::YesNo(yes) => says(if *yes { "yes" } else { "no" }),
        AnnexCell::Withheld => says("[c]"),
        AnnexCell::NotAvailable => says("[x]"),
        AnnexCell::NotApplicable => says("[z]"),
    }
}

fn read_moment(read: &Data) -> Option<String> {
    match read {
        Data::DateTime(at) => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"))
        }
        Data::DateTimeIso(at) => Some(at.clone()),
        _ => None,
    }
}

/// Every cell of a table stands in its CSV file, and in a sheet of both workbooks.
fn assert_read_back(tables: &AnnexTables) {
    let files = records(tables);
    for table in &tables.tables {
        let header: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        let file = &files[&format!("{}.csv", table.name.to_lowercase().replace(' ', "-"))];
        assert_eq!(file.len(), table.rows.len() + 1, "{}", table.name);
        assert_eq!(file[0], header);
        for ((row, cells), record) in (1..).zip(&table.rows).zip(&file[1..]) {
            assert_eq!(cells.len(), header.len(), "{} row {row}", table.name);
            for (cell, field) in cells.iter().zip(record) {
                if let AnnexCell::Number(value, _) = cell {
                    assert_eq!(field.parse(), Ok(*value), "{} row {row}", table.name);
                }
            }
        }
    }
    for sheets in workbooks(tables) {
        let mut seen: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (name, sheet) in &sheets[2..] {
            let table = table_of(tables, name);
            let (_, right) = sheet.end().unwrap();
            for place in 0..=right {
                let heading = sheet.get_value((ABOVE, place)).unwrap().to_string();
                let at = table.columns.iter().position(|column| column.heading() == heading);
                let at = at.unwrap_or_else(|| panic!("{name}: no column is headed {heading}"));
                seen.entry(table.name).or_default().insert(at);
                for (row, cells) in (ABOVE + 1..).zip(&table.rows) {
                    let read = sheet.get_value((row, place)).unwrap_or(&Data::Empty);
                    let cell = &cells[at];
                    assert!(is_read_as(cell, read), "{name} row {row}, {heading}: {cell:?} was read as {read:?}");
                }
            }
        }
        for table in &tables.tables {
            assert_eq!(seen[table.name].len(), table.columns.len(), "{}: a column is in no sheet", table.name);
        }
    }
}

#[test]
fn figures_are_read_back_as_written() {
    let tables = AnnexTables::new(&DEMONSTRATION.pack());
    for name in ["Assessments", "Series", "Key actions", "Measures", "Areas", "Returns", "Sources", "Notes", "Columns"] {
        assert!(table(&tables, name).rows.len() > 5, "{name}");
    }
    assert_read_back(&tables);
}

#[test]
fn every_awkward_case_is_read_back_too() {
    assert_read_back(&AnnexTables::new(&Sample::new(1).pack()));
}

#[test]
fn the_same_pack_gives_the_same_bytes() {
    let (one, other) = (AnnexTables::new(&DEMONSTRATION.pack()), AnnexTables::new(&DEMONSTRATION.pack()));
    let xlsx = |of: &AnnexTables, publisher| of.to_xlsx(imprint(publisher)).unwrap();
    let ods = |of: &AnnexTables, publisher| of.to_ods(imprint(publisher)).unwrap();
    assert!(xlsx(&one, "P") == xlsx(&other, "P") && xlsx(&one, "P") != xlsx(&one, "Q"));
    assert!(ods(&one, "P") == ods(&other, "P") && ods(&one, "P") != ods(&one, "Q"));
    assert!(one.to_csv() == other.to_csv());
}

#[test]
fn assessments_match_the_data_format() {
    let pack = DEMONSTRATION.pack();
    let tables = AnnexTables::new(&pack);
    let annex = table(&tables, "Assessments");
    assert_eq!(annex.columns.iter().map(|column| column.name).collect::<Vec<_>>(), boardpack::evaluate::COLUMNS);
    let rows = serde_json::to_value(rows(pack.evaluation, pack.framework, pack.areas)).unwrap();
    for (row, cells) in rows.as_array().unwrap().iter().zip(&annex.rows) {
        for (column, cell) in annex.columns.iter().zip(cells) {
            let given = &row[column.name];
            let same = match cell {
                AnnexCell::Number(value, _) => given.as_f64() == Some(*value),
                AnnexCell::YesNo(yes) => given.as_bool() == Some(*yes),
                AnnexCell::Date(date) => given.as_str() == Some(date.to_string().as_str()),
                AnnexCell::Words(words) | AnnexCell::Coded { code: words, .. }
                    if ["flags", "sources", "overdue_from"].contains(&column.name) =>
                {
                    words.is_empty() == given.as_array().unwrap().is_empty()
                }
                AnnexCell::Coded { code, .. } if given.is_boolean() => {
                    code == if given.as_bool() == Some(true) { "true" } else { "false" }
                }
                AnnexCell::Words(words) | AnnexCell::Coded { code: words, .. } => given.as_str().unwrap_or_default() == words,
                AnnexCell::Moment(_) => false,
                AnnexCell::Withheld | AnnexCell::NotAvailable | AnnexCell::NotApplicable => given.is_null(),
            };
            assert!(same, "{}: {cell:?}, {given}", column.name);
        }
    }
}

#[test]
fn flags_of_a_judgement_stand_beside_one_alone() {
    let mut sample = Sample::new(1);
    let flags = |sample: &Sample, table_of: &str| {
        let tables = AnnexTables::new(&sample.pack());
        let cells = column(table(&tables, table_of), "flags");
        cells.iter().filter(|cell| matches!(cell, AnnexCell::Coded { code, .. } if code.contains("no_limits"))).count()
    };
    assert_eq!((flags(&sample, "Assessments"), flags(&sample, "Ambitions")), (1, 1));
    sample.evaluation.measures[3].headline.status = Status::NoFigure;
    sample.evaluation.ambitions[3].status = Status::NoFigure;
    assert_eq!((flags(&sample, "Assessments"), flags(&sample, "Ambitions")), (0, 0));
}

#[test]
fn series_with_two_targets_are_listed_once() {
    let tables = AnnexTables::new(&DEMONSTRATION.pack());
    let series = table(&tables, "Series");
    let keys: Vec<String> = ["measure", "area", "period_start", "period_end"]
        .map(|name| column(series, name))
        .into_iter()
        .fold(vec![String::new(); series.rows.len()], |keys, cells| {
            keys.into_iter().zip(cells).map(|(key, cell)| format!("{key} {cell:?}")).collect()
        });
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
    let measures: BTreeSet<String> = column(series, "measure").iter().map(|cell| format!("{cell:?}")).collect();
    assert!(measures.len() > 30, "{}", measures.len());
}

#[test]
fn suppressed_missing_not_applicable_and_zero_stand_apart() {
    let mut sample = Sample::new(1);
    let headline = &mut sample.evaluation.measures[0].headline;
    let values = [Value::Suppressed, Value::Missing, Value::NotApplicable, Value::Number(0.0), Value::Number(f64::NAN)];
    headline.series =
        (2018..).zip(values).map(|(year, value)| point(Period::year(YearKind::Financial, year), value, None, None)).collect();
    headline.previous = headline.series.first().cloned();
    headline.latest = headline.series.get(2).cloned();
    let tables = AnnexTables::new(&sample.pack());
    let shown = column(table(&tables, "Series"), "value");
    let expected = [
        &AnnexCell::Withheld,
        &AnnexCell::NotAvailable,
        &AnnexCell::NotApplicable,
        &AnnexCell::Number(0.0, 1),
        &AnnexCell::NotAvailable,
    ];
    assert_eq!(shown[..5], expected);
    assert_eq!(column(table(&tables, "Series"), "upper")[0], &AnnexCell::Withheld);
    assert_eq!(column(table(&tables, "Assessments"), "value")[0], &AnnexCell::NotApplicable);
    assert_eq!(column(table(&tables, "Assessments"), "previous")[0], &AnnexCell::Withheld);
    let notes = column(table(&tables, "Notes"), "item");
    for mark in ["[c]", "[x]", "[z]", "[low]", "[r]", "[p]"] {
        assert!(notes.contains(&&AnnexCell::Words(mark.to_owned())), "{mark} is not explained");
    }
    assert_read_back(&tables);
}

fn cell(sheet: &str) -> Provenance {
    Provenance::Cell {
        partner: "nuh".into(),
        file: "f.xlsx".into(),
        sha256: "0".repeat(64),
        sheet: sheet.into(),
        cell: "C7".into(),
        by: String::new(),
    }
}

#[test]
fn deprivation_groups_show_slope_and_withheld_marks() {
    let mut sample = Sample::new(1);
    let period = Period::year(YearKind::Financial, 2024);
    let group = |name: &str, value| (name.to_owned(), point(period, value, None, None));
    let slope = Slope { index: -3.5, limits: Limits { lower: -5.0, upper: -2.0 }, ends: (20.0, 16.5) };
    let breakdown = Breakdown {
        scheme: "Deprivation quintiles".into(),
        area: sample.evaluation.measures[0].headline.area.clone(),
        groups: vec![group("Most deprived", Value::Number(19.0)), group("Least deprived", Value::Number(17.0))],
        slope: Some(slope),
    };
    let hidden = Breakdown {
        groups: vec![group("Most deprived", Value::Number(19.0)), group("Least deprived", Value::Suppressed)],
        slope: None,
        ..breakdown.clone()
    };
    sample.evaluation.measures[0].breakdowns = vec![breakdown, hidden];
    let tables = AnnexTables::new(&sample.pack());
    let (groups, slopes) = (table(&tables, "Breakdowns"), table(&tables, "Slopes"));
    assert_eq!(column(groups, "group_number")[..2], [&AnnexCell::Number(1.0, 0), &AnnexCell::Number(2.0, 0)]);
    assert_eq!(column(groups, "value")[2..], [&AnnexCell::Number(19.0, 1), &AnnexCell::Withheld]);
    assert_eq!(column(slopes, "slope_index"), [&AnnexCell::Number(-3.5, 1), &AnnexCell::Withheld]);
    assert_eq!(column(slopes, "at_least_deprived"), [&AnnexCell::Number(16.5, 1), &AnnexCell::Withheld]);
}

#[test]
fn hidden_revisions_are_marks() {
    let sample = Sample::new(1);
    let id = sample.evaluation.measures[0].headline.measure.clone();
    let revised = [Revision {
        measure: id.clone(),
        area: sample.evaluation.measures[0].headline.area.clone(),
        period: Period::year(YearKind::Financial, 2024),
        sex: Sex::Persons,
        age: String::new(),
        category: None,
        old: Value::Number(12.5),
        new: Value::Missing,
        old_source: cell("A"),
        new_source: cell("B"),
    }];
    let told = |revised: &[Revision]| {
        let tables = AnnexTables::new(&PackInputs { revisions: revised, ..sample.pack() });
        ["old", "new"].map(|name| column(table(&tables, "Revisions"), name)[0].clone())
    };
    assert_eq!(told(&revised), [AnnexCell::Number(12.5, 1), AnnexCell::NotAvailable]);
    let hidden = revised.map(|revision| Revision { old: Value::Suppressed, new: Value::Suppressed, ..revision });
    assert_eq!(told(&hidden), [AnnexCell::Withheld, AnnexCell::Withheld]);
}

/// The text of a file within the workbook.
fn part(xlsx: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(xlsx)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn formula_like_text_stays_text() {
    const FORMULAS: [&str; 6] =
        ["=HYPERLINK(\"http://evil.example\",\"x\")", "+1+1", "-2+3+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1"];
    let mut sample = Sample::new(1);
    for (action, formula) in sample.evaluation.actions.iter_mut().filter(|a| a.report.is_some()).zip(FORMULAS.iter().cycle()) {
        action.report.as_mut().unwrap().commentary = (*formula).to_owned();
    }
    sample.partners[0].name = "=1+1".into();
    let tables = AnnexTables::new(&sample.pack());
    assert!(!part(&tables.to_ods(imprint("=1+1")).unwrap(), "content.xml").contains("table:formula"));
    assert_read_back(&tables);
    let xlsx = tables.to_xlsx(imprint("=1+1")).unwrap();
    for sheet in 1..=workbooks(&tables)[0].len() {
        let text = part(&xlsx, &format!("xl/worksheets/sheet{sheet}.xml"));
        assert!(!text.contains("<f>") && !text.contains("<f "), "sheet {sheet} has a formula");
    }
    for (name, records) in records(&tables) {
        for field in records.iter().flatten() {
            let is_number = field.parse::<f64>().is_ok();
            assert!(is_number || !field.starts_with(['=', '+', '-', '@', '\t', '\r']), "{name}: {field}");
        }
    }
    let commentary = column(table(&tables, "Key actions"), "commentary");
    let at = table(&tables, "Key actions").columns.iter().position(|column| column.name == "commentary").unwrap();
    let written: Vec<String> = records(&tables)["key-actions.csv"].iter().skip(1).map(|record| record[at].clone()).collect();
    assert!(commentary.contains(&&AnnexCell::Words(FORMULAS[0].to_owned())) && written.contains(&format!("'{}", FORMULAS[0])));
}

#[test]
fn leads_comments_stay_with_their_step() {
    let mut sample = Sample::new(1);
    let judged = &mut sample.evaluation.actions[0];
    let report = judged.report.clone().unwrap();
    judged.others = vec![ActionReport { partner: "city".into(), step: Some(2), commentary: "Open.".into(), ..report }];
    let tables = AnnexTables::new(&sample.pack());
    let said = column(table(&tables, "Key actions"), "co_leads_said");
    let (code, words) =
        ("city: step 2, On track, Open.".to_owned(), "Nottingham City Council: step 2, On track, Open.".to_owned());
    assert_eq!(said[0], &AnnexCell::Coded { code, words });
}

#[test]
fn negative_numbers_are_numbers() {
    let mut sample = Sample::new(1);
    sample.evaluation.measures[0].headline.series[0].value = Value::Number(-12.25);
    let tables = AnnexTables::new(&sample.pack());
    assert_eq!(records(&tables)["series.csv"][1][8], "-12.25");
    assert_read_back(&tables);
}

#[test]
fn long_texts_are_cut_in_cells_only() {
    let mut sample = Sample::new(1);
    let long = "é\u{1f600} ".repeat(20_000);
    sample.evaluation.actions[0].report.as_mut().unwrap().commentary.clone_from(&long);
    let tables = AnnexTables::new(&sample.pack());
    let [xlsx, ods] = workbooks(&tables).map(|sheets| {
        let reports = sheets.into_iter().find(|(name, _)| name == "Key action reports").unwrap().1;
        let right = reports.end().unwrap().1;
        let place = (0..=right).find(|place| reports.get_value((ABOVE, *place)) == Some(&Data::String("Commentary".to_owned())));
        reports.get_value((ABOVE + 1, place.unwrap())).unwrap().to_string()
    });
    assert!(xlsx.encode_utf16().count() <= 32_767 && xlsx.ends_with("whole in the CSV file)"));
    assert!(ods == long);
    assert!(records(&tables)["key-actions.csv"][1].contains(&long));
}

#[test]
fn the_workbook_names_itself_and_its_day() {
    let tables = AnnexTables::new(&DEMONSTRATION.pack());
    let core = part(&tables.to_xlsx(imprint("The <Partnership>")).unwrap(), "docProps/core.xml");
    assert!(core.contains("<dc:title>Nottingham and Nottinghamshire, July to September 2026: data annex</dc:title>"), "{core}");
    assert!(
        core.contains("<dc:creator>The &lt;Partnership&gt;</dc:creator>")
            && core.contains(">2026-11-20T00:00:00Z</dcterms:created>"),
        "{core}"
    );
    let notes = table(&tables, "Notes");
    let says =
        |words: &str| notes.rows.iter().flatten().any(|cell| matches!(cell, AnnexCell::Words(text) if text.contains(words)));
    for words in
        ["2026-27-Q2", "20 November 2026", "Integrated Care Strategy", "made up", "Open Government Licence v3.0", "Rows: "]
    {
        assert!(says(words), "{words}");
    }
}

#[test]
fn tables_are_tidy_and_explained() {
    let tables = AnnexTables::new(&Sample::new(1).pack());
    let names: BTreeSet<&str> = tables.tables.iter().map(|table| table.name).collect();
    assert_eq!(names.len(), tables.tables.len());
    for table in &tables.tables {
        assert!(table.name.len() <= 31 && !table.columns.is_empty(), "{}", table.name);
        let names: BTreeSet<&str> = table.columns.iter().map(|column| column.name).collect();
        let headings: BTreeSet<String> = table.columns.iter().map(AnnexColumn::heading).collect();
        assert_eq!((names.len(), headings.len()), (table.columns.len(), table.columns.len()), "{}", table.name);
        for (i, column) in table.columns.iter().enumerate() {
            assert!(!column.what.is_empty(), "{} {}", table.name, column.name);
            for row in &table.rows {
                let fits = match &row[i] {
                    AnnexCell::Words(_) | AnnexCell::Coded { .. } => column.kind == ColumnKind::Words,
                    AnnexCell::Number(..) => column.kind == ColumnKind::Number,
                    AnnexCell::Date(_) => column.kind == ColumnKind::Date,
                    AnnexCell::Moment(_) => column.kind == ColumnKind::Moment,
                    AnnexCell::YesNo(_) => column.kind == ColumnKind::YesNo,
                    AnnexCell::Withheld | AnnexCell::NotAvailable | AnnexCell::NotApplicable => column.kind != ColumnKind::Words,
                };
                assert!(fits, "{} {}: {:?}", table.name, column.name, row[i]);
            }
        }
    }
}

#[test]
fn empty_packs_keep_their_tables() {
    let mut sample = Sample::new(1);
    sample.framework.ambitions.clear();
    sample.framework.measures.clear();
    sample.framework.actions.clear();
    sample.evaluation.measures.clear();
    sample.evaluation.actions.clear();
    sample.returns.clear();
    sample.indicators.clear();
    assert_read_back(&AnnexTables::new(&sample.pack()));
}
