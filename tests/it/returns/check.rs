//! `boardpack returns check`: what a workbook would be understood as, before it is sent; and partners' own layouts.

use crate::support::folders::copy;
use boardpack::period::{Period, YearKind};
use rust_xlsxwriter::{Format, Note, Shape, Workbook};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Asks the program in `folder`; gives its exit code, what it printed and what it told.
fn boardpack(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_boardpack")).args(arguments).current_dir(folder).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn check(folder: &Path, file: &str, more: &[&str]) -> (i32, String, String) {
    boardpack(folder, &[&["returns", "check", "--period", "2026-27-Q2", file], more].concat())
}

/// A return of NUH in the template's sheets, with these rows of measure, period, value and note.
fn save(path: &Path, rows: &[[&str; 4]]) {
    save_for(path, "2026-27-Q2", rows);
}

fn save_for(path: &Path, quarter: &str, rows: &[[&str; 4]]) {
    save_of("nuh", path, quarter, rows);
}

fn save_of(partner: &str, path: &Path, quarter: &str, rows: &[[&str; 4]]) {
    let mut workbook = Workbook::new();
    let about = workbook.add_worksheet().set_name("About").unwrap();
    for (row, [key, value]) in (0..).zip([["Partner", partner], ["Period", quarter], ["Data status", "Real"]]) {
        about.write_string(row, 0, key).unwrap().write_string(row, 1, value).unwrap();
    }
    let figures = workbook.add_worksheet().set_name("Figures").unwrap();
    for (row, cells) in (0..).zip([["Measure ID", "Period", "Value", "Note"]].iter().chain(rows)) {
        for (column, text) in (0..).zip(cells) {
            figures.write_string(row, column, *text).unwrap();
        }
    }
    workbook.save(path).unwrap();
}

const GOOD: [&str; 4] = ["mecc-training-frontline", "2025/26", "45%", "<script>alert(1)</script>"];

#[test]
fn good_returns_are_told_back_and_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    save(&folder.path().join("nuh.xlsx"), &[GOOD]);
    let (code, said, told) = check(folder.path(), "nuh.xlsx", &[]);
    assert_eq!((code, told.as_str()), (0, ""), "{said}");
    assert!(said.starts_with("Nottingham University Hospitals NHS Trust: return for July to September 2026 (2026-27-Q2)\n"));
    assert!(said.contains("nuh.xlsx: accepted\n"), "{said}");
    assert!(said.contains("- Figures C2: Frontline staff trained to make every contact count, "), "{said}");
    assert!(said.contains(", 2025/26: 45.0%\n"), "{said}");
    assert!(said.contains("Asked for but missing or not usable"), "{said}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no archive, no ledger");
}

#[cfg(unix)]
#[test]
fn invisible_characters_in_names_are_shown() {
    let folder = tempfile::tempdir().unwrap();
    let seen = |text: &str| !text.contains(['\u{1b}', '\u{202e}', '\u{7f}']);
    let name = "nuh\u{1b}[2J\nerror: \u{202e}.xlsx";
    save(&folder.path().join(name), &[GOOD, ["staff-turnover", "2025/26", "\u{202e}lots", ""]]);
    for format in ["text", "json", "html"] {
        let (code, said, told) = check(folder.path(), name, &["--format", format]);
        assert_eq!(code, 3, "{said}{told}");
        assert!(seen(&said) && seen(&told), "{said:?} {told:?}");
        let file = r"nuh\u001b[2J\u000aerror: \u202e.xlsx";
        let shown = if format == "json" { file.replace('\\', r"\\") } else { file.to_owned() };
        assert!(said.contains(&shown), "{said}");
    }
    let (code, _, told) = check(folder.path(), "none\u{1b}[2J\n\u{202e}.xlsx", &[]);
    assert_eq!((code, told.lines().count(), seen(&told)), (65, 1, true), "{told:?}");
}

#[test]
fn faulty_returns_exit_with_3() {
    let folder = tempfile::tempdir().unwrap();
    save(&folder.path().join("nuh.xlsx"), &[GOOD, ["staff-turnover", "2025/26", "<b>lots</b>", ""]]);
    let (code, said, _) = check(folder.path(), "nuh.xlsx", &["--format", "json"]);
    let account: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, account["outcome"].as_str()), (3, Some("accepted_in_part")));
    assert_eq!(account["errors"][0]["place"], "sheet Figures, cell C3");
    assert_eq!((account["figures"][0]["value"].as_str(), account["partner_id"].as_str()), (Some("45.0%"), Some("nuh")));
    let (code, page, _) = check(folder.path(), "nuh.xlsx", &["--format", "html"]);
    assert_eq!(code, 3);
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("&lt;b&gt;lots"), "{page}");
    assert!(page.contains("<li><strong>sheet Figures, cell C3</strong>: the text "), "{page}");
    assert!(!page.contains("<b>") && !page.contains("<script") && !page.contains("src=") && !page.contains("href="), "{page}");
}

#[test]
fn returns_may_be_early_but_not_future() {
    let folder = tempfile::tempdir().unwrap();
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let running = Period::containing(today, 3, YearKind::Financial).unwrap();
    let (quarter, to_come) = (running.slug(), running.next_step().next_step().slug());
    save_for(&folder.path().join("nuh.xlsx"), &quarter, &[GOOD]);
    save_for(&folder.path().join("slip.xlsx"), &to_come, &[GOOD]);
    for period in [&[][..], &["--period", &quarter][..]] {
        let (code, said, told) = boardpack(folder.path(), &[&["returns", "check", "nuh.xlsx"], period].concat());
        assert!(code == 0 || code == 3, "{said}{told}");
        assert!(said.contains(&format!("({quarter})")) && said.contains("45.0%"), "{said}");
    }
    let (code, said, _) = boardpack(folder.path(), &["returns", "check", "slip.xlsx"]);
    assert!(code == 65 && said.contains(&format!("the return is for {to_come};")), "{said}");
}

#[test]
fn a_reader_who_stops_reading_is_no_fault() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("returns")).unwrap();
    for arguments in [&["returns", "status", "--period", "2026-27-Q2"][..], &["returns", "collect", "--period", "2026-27-Q2"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let run =
            Command::new(env!("CARGO_BIN_EXE_boardpack")).args(arguments).current_dir(folder.path()).stdout(writer).output();
        let run = run.unwrap();
        let told = String::from_utf8(run.stderr).unwrap();
        assert!(run.status.success() && !told.contains("fault in boardpack"), "{told}");
    }
}

#[test]
fn money_is_read_in_its_stated_unit() {
    let folder = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/second_system"), folder.path());
    let path = folder.path().join("marsh.xlsx");
    let checked = |amount: &str| {
        save_of("marsh", &path, "2026-27-Q2", &[["agency-spend", "2026/27 Q2", amount, "Checked"]]);
        check(folder.path(), "marsh.xlsx", &[])
    };
    for (amount, read) in [
        ("1.3", "£1.30m"),
        ("£1.3", "£1.30m"),
        ("£1.3m", "£1.30m"),
        ("1.3m", "£1.30m"),
        ("1.3 million", "£1.30m"),
        ("450k", "£0.45m"),
        ("£450k", "£0.45m"),
        ("(£450k)", "\u{2212}£0.45m"),
    ] {
        let (code, said, told) = checked(amount);
        assert!(code == 0 && said.contains(&format!("2026/27 Q2: {read}")), "{amount}: {said}{told}");
    }
    for (amount, told) in [
        ("1300000", "1,300,000 may mean £1.3m or £1,300,000m; an amount in million pounds was expected"),
        ("£1,300,000", "1,300,000 may mean £1.3m or £1,300,000m; an amount in million pounds was expected"),
        ("about £1m", "the text \"about £1m\" was found where an amount in million pounds or a mark was expected"),
    ] {
        let (code, said, _) = checked(amount);
        assert!(
            code != 0 && said.contains(&format!("cell C2: {told}")) && said.contains("such as 1.3 or £1.3m"),
            "{amount}: {said}"
        );
    }
}

#[test]
fn refused_returns_exit_with_65() {
    let folder = tempfile::tempdir().unwrap();
    save(&folder.path().join("nuh.xlsx"), &[GOOD]);
    let (code, said, told) = check(folder.path(), "nuh.xlsx", &["--partner", "sfh"]);
    assert_eq!(code, 65, "{said}{told}");
    assert!(said.contains("nuh.xlsx: refused"), "{said}");
    assert!(said.contains("was sent as the return of sfh and is that of nuh"), "{said}");
    assert_eq!(told, "", "what is wrong is told once");
    let (code, said, told) = check(folder.path(), "none.xlsx", &[]);
    assert_eq!((code, said.as_str()), (65, ""));
    assert_eq!(told, "error: none.xlsx: is not there (check its name and its folder)\n");
    let (code, _, told) = check(folder.path(), "nuh.xlsx", &["--partner", "nobody"]);
    assert_eq!((code, told.contains("\"nobody\" is not a partner; there are: nuh, sfh")), (64, true), "{told}");
}

const MAPPING: &str = r#"
title = "Workforce dashboard"

[[figures]]
name = "dashboard"
sheet = "Dashboard"
header = ["Indicator", "Year"]
measure = { column = "Indicator", labels = { "Turnover" = "staff-turnover", "Rate of MECC" = "mecc-training-frontline", "MRSA" = "mrsa-cases" } }
area = "RX1"
period = { column = "Year" }
value = { column = "Result" }
numerator = { column = "Leavers" }
denominator = { column = "Staff" }
"#;

/// A folder whose configuration has NUH send a layout of its own.
fn own_layout(status: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config");
    fs::create_dir_all(config.join("mappings")).unwrap();
    let partners = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("config/partners.toml")).unwrap();
    let contact = "contact = \"nuh.returns@example.org\"";
    let own = format!("{contact}\nmapping = \"dashboard\"\n{status}");
    assert!(partners.contains(contact));
    fs::write(config.join("partners.toml"), partners.replace(contact, &own)).unwrap();
    fs::write(config.join("mappings/dashboard.toml"), MAPPING).unwrap();
    fs::write(folder.path().join("boardpack.toml"), "[paths]\nconfig = \"config\"\n").unwrap();
    folder
}

/// Indicator, year, result as a share, leavers and staff.
type Line<'a> = (&'a str, &'a str, f64, Option<(f64, f64)>);

/// The dashboard with these rows.
fn dashboard(path: &Path, rows: &[Line<'_>]) {
    let mut workbook = Workbook::new();
    let percent = Format::new().set_num_format("0.0%");
    let sheet = workbook.add_worksheet().set_name("Dashboard").unwrap();
    sheet.write_string(0, 0, "Workforce dashboard").unwrap();
    for (column, heading) in (0..).zip(["Indicator", "Year", "Result", "Leavers", "Staff"]) {
        sheet.write_string(2, column, heading).unwrap();
    }
    for (row, (indicator, year, result, counts)) in (3..).zip(rows) {
        sheet.write_string(row, 0, *indicator).unwrap().write_string(row, 1, *year).unwrap();
        sheet.write_number_with_format(row, 2, *result, &percent).unwrap();
        if let Some((leavers, staff)) = counts {
            sheet.write_number(row, 3, *leavers).unwrap().write_number(row, 4, *staff).unwrap();
        }
    }
    workbook.save(path).unwrap();
}

#[test]
fn own_layouts_are_read_by_their_mapping() {
    let folder = own_layout("data_status = \"real\"");
    dashboard(
        &folder.path().join("nuh-dashboard.xlsx"),
        &[
            ("Turnover", "2025/26", 0.12, Some((120.0, 1000.0))),
            ("Rate of MECC", "2025/26", 0.45, None),
            ("Turnover", "2027/28", 0.12, None),
            ("Turnover", "2024/25", 0.13, Some((120.0, 1000.0))),
            ("Absences", "2025/26", 0.05, None),
        ],
    );
    let (code, said, told) = check(folder.path(), "nuh-dashboard.xlsx", &[]);
    assert_eq!(code, 3, "{said}{told}");
    for words in [
        "Figures as understood (2)",
        "- Dashboard C4: Health and care staff turnover, ",
        "2025/26: 12.0% (120 of 1,000)",
        "2025/26: 45.0%",
        "- sheet Dashboard, cell C6: 2027/28 ends on 2028-03-31, after the quarter of the pack (2026-27-Q2, to 2026-09-30)",
        "- sheet Dashboard, cell C7: the value 13 is not what the counts beside it make, 12",
    ] {
        assert!(said.contains(words), "{words:?}: {said}");
    }
    assert!(!said.contains("ILLUSTRATIVE"));
    // What is not asked of the partner is not taken from it.
    dashboard(&folder.path().join("nuh-2.xlsx"), &[("MRSA", "2025/26", 40.0, None)]);
    let (code, said, _) = check(folder.path(), "nuh-2.xlsx", &[]);
    assert!(code != 0 && !said.contains("MRSA bloodstream"), "{said}");
    // The template is still taken from a partner who has a layout of its own.
    save(&folder.path().join("nuh.xlsx"), &[GOOD]);
    assert_eq!(check(folder.path(), "nuh.xlsx", &[]).0, 0);
}

#[test]
fn incomplete_mappings_are_configuration_faults() {
    let folder = own_layout("");
    let (code, _, told) = boardpack(folder.path(), &["config", "check"]);
    assert_eq!(code, 78);
    assert!(told.contains("data_status: is not given beside the mapping"), "{told}");
    let folder = own_layout("data_status = \"illustrative\"");
    // The mail is not set up here.
    assert!(!boardpack(folder.path(), &["config", "check"]).2.contains("dashboard"));
    fs::remove_file(folder.path().join("config/mappings/dashboard.toml")).unwrap();
    let (code, _, told) = boardpack(folder.path(), &["config", "check"]);
    assert_eq!((code, told.contains("mappings/dashboard.toml")), (78, true), "{told}");
}

#[test]
fn identifying_comments_wait_for_an_administrator() {
    const COMMENT: &str = "see 999 000 0026";
    let folder = tempfile::tempdir().unwrap();
    save(&folder.path().join("nuh.xlsx"), &[[GOOD[0], GOOD[1], GOOD[2], COMMENT]]);
    let (code, said, _) = check(folder.path(), "nuh.xlsx", &[]);
    assert!(code == 3 && !said.contains("999") && said.contains("45.0%"), "{said}");
    assert!(said.contains("Figures, cell D2: seems to hold an NHS number"), "{said}");
    let allow =
        |more: &[&str]| boardpack(folder.path(), &[&["returns", "allow", "nuh.xlsx", "--cell", "Figures!D2"], more].concat());
    for (by, reason) in [("J Adeyemi", " "), ("J Adeyemi", "-"), ("J Adeyemi", "n/a"), ("-", "a phone number")] {
        assert_eq!(allow(&["--by", by, "--reason", reason]).0, 64, "{by}, {reason}");
    }
    // Where nothing is withheld there is nothing to let through.
    let word = ["--by", "J Adeyemi", "--reason", "a phone number"];
    for (more, expected) in [
        (&["--cell", "Figures!Z9"][..], "the text in Figures!Z9 of nuh.xlsx is not withheld; withheld in it: Figures!D2"),
        (&[][..], "nuh.xlsx was not refused as personal data; withheld in it: Figures!D2"),
    ] {
        let (code, _, told) = boardpack(folder.path(), &[&["returns", "allow", "nuh.xlsx"], more, &word[..]].concat());
        assert!(code == 64 && told.contains(expected), "{told}");
    }
    let (code, _, told) = boardpack(folder.path(), &[&["returns", "allow", &"0a".repeat(32)], &word[..]].concat());
    assert!(code == 64 && told.contains("was not refused as personal data"), "{told}");
    let (code, said, _) = allow(&["--by", "J Adeyemi", "--reason", "a reference of the incident system"]);
    assert_eq!((code, said.as_str()), (0, "the text in Figures!D2 is allowed; the next check of the returns reads it\n"));
    let (code, said, _) = check(folder.path(), "nuh.xlsx", &["--format", "json"]);
    assert!(code == 0 && said.contains(COMMENT), "{said}");
}

/// A return of NUH with notes in two cells and a box of text.
fn save_with(path: &Path, notes: &[&str], text_box: &str) {
    let mut workbook = Workbook::new();
    let about = workbook.add_worksheet().set_name("About").unwrap();
    for (row, [key, value]) in (0..).zip([["Partner", "nuh"], ["Period", "2026-27-Q2"], ["Data status", "Real"]]) {
        about.write_string(row, 0, key).unwrap().write_string(row, 1, value).unwrap();
    }
    let figures = workbook.add_worksheet().set_name("Figures").unwrap();
    for (row, cells) in (0..).zip([["Measure ID", "Period", "Value", "Note"], [GOOD[0], GOOD[1], GOOD[2], ""]]) {
        for (column, text) in (0..).zip(cells) {
            figures.write_string(row, column, text).unwrap();
        }
    }
    for (row, note) in (3..).zip(notes) {
        figures.insert_note(row, 1, &Note::new(*note).set_author("A Writer")).unwrap();
    }
    if !text_box.is_empty() {
        figures.insert_shape(9, 5, &Shape::textbox().set_text(text_box)).unwrap();
    }
    workbook.save(path).unwrap();
}

#[test]
fn excel_comments_are_checked_like_cells() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nuh.xlsx");
    save_with(&path, &["as agreed with Ann Sample, Head of Performance"], "Source: our own records");
    assert_eq!(check(folder.path(), "nuh.xlsx", &[]).0, 0);
    save_with(&path, &["see 999 000 0026"], "");
    let (code, said, _) = check(folder.path(), "nuh.xlsx", &[]);
    assert!(code == 3 && !said.contains("999") && said.contains("45.0%"), "{said}");
    assert!(said.contains("comment on Figures!B4: seems to hold an NHS number"), "{said}");
    let word = ["--by", "J Adeyemi", "--reason", "a phone number"];
    let allow = ["returns", "allow", "nuh.xlsx", "--cell", "comment on Figures!B4"];
    assert_eq!(boardpack(folder.path(), &[&allow[..], &word].concat()).0, 0);
    assert_eq!(check(folder.path(), "nuh.xlsx", &[]).0, 0);
    for (notes, text_box, place) in [
        (&["999 000 0026", "9990000034", "born 3/4/1961"][..], "", "comment on Figures!B4"),
        (&[], "NHS number\tDate of birth\n999 000 0026\t3/4/1961\n999 000 0034\t4/5/1972", "text box on sheet Figures"),
    ] {
        save_with(&path, notes, text_box);
        let (code, said, _) = check(folder.path(), "nuh.xlsx", &[]);
        assert!(code == 65 && said.contains(place) && said.contains("was not kept") && !said.contains("999"), "{said}");
    }
}
