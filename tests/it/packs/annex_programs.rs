//! The workbooks of the data annex in the programs that people open them with.

use crate::support::demo::{Demo, assert_exit, text};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Pages that the demonstration's annex has at most when all of it is printed.
const MOST_PAGES: usize = 250;

/// What LibreOffice makes of a file.
fn converted(file: &Path, format: &str, folder: &Path) -> PathBuf {
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let to = folder.join(format!("from-{}", file.extension().unwrap().display()));
    let made =
        Command::new("soffice").args([&profile, "--headless", "--convert-to", format, "--outdir"]).arg(&to).arg(file).output();
    assert_exit(&made.unwrap(), 0);
    to.join(file.with_extension(format).file_name().unwrap())
}

fn pages(pdf: &Path) -> usize {
    let told = Command::new("pdfinfo").arg(pdf).output().unwrap();
    assert_exit(&told, 0);
    let told = text(&told);
    let line = told.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap();
    line.trim().parse().unwrap()
}

#[test]
#[ignore = "heavy: needs LibreOffice, poppler, and python3 with openpyxl"]
fn heavy_spreadsheet_programs_agree_on_both_annexes() {
    let demo = Demo::new();
    assert_exit(&demo.run(&["--no-send"]), 0);
    let folder = tempfile::tempdir().unwrap();
    let [xlsx, ods] = ["xlsx", "ods"].map(|kind| demo.pack().join(format!("data-2026-27-Q2.{kind}")));
    let saved = [&xlsx, &ods].map(|file| converted(file, "xlsx", folder.path()));
    let compared = Command::new("python3")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/heavy/compare_annexes.py"))
        .arg(&xlsx)
        .args(&saved)
        .output()
        .unwrap();
    assert_exit(&compared, 0);
    let printed = [&xlsx, &ods].map(|file| pages(&converted(file, "pdf", folder.path())));
    println!("{}; {printed:?} pages", text(&compared).trim());
    // LibreOffice gives the foot of a page another height where it comes from an Excel workbook.
    let differ = printed[0].abs_diff(printed[1]);
    assert!(differ * 20 <= printed[0] && printed.iter().all(|pages| *pages <= MOST_PAGES), "{printed:?} pages");
}
