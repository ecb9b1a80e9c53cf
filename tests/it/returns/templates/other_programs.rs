//! Workbooks that other programs have saved.

use super::*;

/// Round figures, as people type them, for every row asked.
fn round_figures(request: &ReturnRequest<'_>) -> Answers {
    let typed = |how: u8| (how, 0.4375, 0.5, "As at 30 September; 5% estimated.".to_owned());
    let typed: Vec<Typed> = (0..7).map(typed).collect();
    let told = ActionAnswer {
        status: "Complete".to_owned(),
        forecast: Some(date(2026, 3, 31)),
        completed: Some(date(2026, 2, 28)),
        commentary: "Signed: all partners".to_owned(),
    };
    filled(request, &typed, &[told], true)
}

#[test]
#[ignore = "heavy: needs LibreOffice"]
fn heavy_libreoffice_files_read_back_equal() {
    let request = request("icb");
    let answers = round_figures(&request);
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join(request.file_name());
    std::fs::write(&source, request.workbook(&answers).unwrap()).unwrap();
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.path().display());
    for format in ["xlsx", "ods", "xls"] {
        let saved = folder.path().join(format);
        let output = Command::new("soffice")
            .args([&profile, "--headless", "--convert-to", format, "--outdir"])
            .arg(&saved)
            .arg(&source)
            .output()
            .unwrap();
        assert!(output.status.success() && saved.exists(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_reads_back(&request, &answers, &collect(&saved, "icb"));
    }
}

#[test]
#[ignore = "heavy: needs python3 with openpyxl"]
fn heavy_openpyxl_entries_read_back_equal() {
    for partner in ["icb", "nhc", "citycare"] {
        let request = request(partner);
        let mut answers = round_figures(&request);
        // Rows for earlier periods are not typed here.
        let asked: BTreeSet<_> = request.figures().iter().map(RequestedFigure::key).collect();
        answers.figures.retain(|key, _| asked.contains(key));
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("blank.bin"), request.workbook(&Answers::default()).unwrap()).unwrap();
        std::fs::write(path("filled.bin"), request.workbook(&answers).unwrap()).unwrap();
        let output = Command::new("python3")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/heavy/fill_template.py"))
            .args([path("blank.bin"), path("filled.bin"), path(&request.file_name())])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_reads_back(&request, &answers, &collect(folder.path(), partner));
    }
}
