//! Workbooks that are refused, and cells that are not used.

use super::*;

fn about(changes: &[(&str, &'static str)]) -> Vec<[&'static str; 2]> {
    let change = |[key, value]: [&'static str; 2]| match changes.iter().find(|(changed, _)| *changed == key) {
        Some((_, changed)) => [key, changed],
        None => [key, value],
    };
    ABOUT.into_iter().map(change).filter(|[_, value]| !value.is_empty()).collect()
}

#[test]
fn unusable_workbooks_are_refused_with_reason() {
    type Case = (&'static [(&'static str, &'static str)], &'static str, &'static str, &'static str);
    let cases: [Case; 6] = [
        (&[("Partner", "xyz")], "new.xlsx", "cell B1", "the text \"xyz\" is not the id of a partner; one of nuh, city, observer"),
        (&[("Partner", "")], "new.xlsx", "sheet About", "\"Partner\" is not given"),
        (&[("Period", "summer")], "nuh", "cell B2", "\"summer\" is not a quarter"),
        (&[("Period", "")], "nuh", "sheet About", "\"Period\" is not given"),
        (&[("Data status", "draft")], "nuh", "cell B4", "Illustrative or Real was expected"),
        (&[("Data status", "")], "nuh", "sheet About", "\"Data status\" is not given"),
    ];
    for (changes, partner, place, problem) in cases {
        let receipt = refused(|folder| {
            let row = [Text("discharge"), Blank, Text("2026/27 Q2"), Blank, Blank, Number(70.0)];
            Sending { about: &about(changes), figures: &[&row], actions: &[] }.save(folder, "new.xlsx");
        });
        assert_eq!(receipt.partner, partner, "{problem}");
        assert!(receipt.findings[0].place.ends_with(place), "{:?}", receipt.findings[0]);
        assert!(receipt.findings[0].problem.contains(problem), "{:?} does not say {problem:?}", receipt.findings[0].problem);
        assert!(receipt.sha256.is_some(), "it is kept");
    }
}

#[test]
fn file_contents_decide_what_is_refused() {
    let whole = Sending { about: &ABOUT, figures: &[], actions: &[] }.workbook().save_to_buffer().unwrap();
    let encrypted: Vec<u8> = {
        let marker = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes);
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".iter().copied().chain([0; 512]).chain(marker).chain([0; 512]).collect()
    };
    let cases: [(&str, &[u8], &str); 8] = [
        ("nuh.xlsx", b"", "the file is empty"),
        ("nuh.xlsx", b"Measure ID,Value\ndischarge,70\n", "is not a workbook but a text file, such as CSV"),
        ("nuh.xlsx", &whole[..whole.len() / 2], "is damaged"),
        ("nuh.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and nothing more", "is damaged"),
        ("nuh.xlsx", &encrypted, "is protected by a password"),
        ("nuh.ods", &zip_of(&[("content.xml", b"<office:document")]), "is damaged"),
        ("nuh.xlsb", &zip_of(&[("xl/workbook.bin", b"\x80\x80\x80\x80\x80")]), "is damaged"),
        ("nuh.xlsx", &zip_of(&[("letter.txt", b"Dear all")]), "is not a workbook but a zip file with no workbook in it"),
    ];
    for (name, bytes, problem) in cases {
        let receipt = refused(|folder| std::fs::write(folder.join(name), bytes).unwrap());
        assert_eq!((receipt.partner.as_str(), receipt.lacking.len()), ("nuh", 3), "laid to its sender by its name");
        assert!(receipt.findings[0].problem.contains(problem), "{:?} does not say {problem:?}", receipt.findings[0].problem);
    }
}

#[test]
fn missing_sheets_and_headers_are_told() {
    let receipt = refused(|folder| {
        let mut workbook = Workbook::new();
        workbook.add_worksheet().set_name("Sheet1").unwrap();
        workbook.save(folder.join("nuh.xlsx")).unwrap();
    });
    assert_eq!(receipt.findings[0].problem, "has no sheet called About; found: \"Sheet1\"");
    let receipt = refused(|folder| {
        let mut workbook = Sending { about: &ABOUT, figures: &[], actions: &[] }.workbook();
        workbook.worksheet_from_name("Figures").unwrap().set_name("Figurs").unwrap();
        workbook.save(folder.join("nuh.xlsx")).unwrap();
    });
    let problem = &receipt.findings[0].problem;
    assert!(problem.starts_with("has no sheet called Figures; found: \"About\", \"Figurs\""), "{problem}");
    let receipt = refused(|folder| {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet().set_name("About").unwrap();
        fill(
            sheet,
            0,
            &[&[Text("Partner"), Text("nuh")], &[Text("Period"), Text("2026-27-Q2")], &[Text("Data status"), Text("Real")]],
        );
        let sheet = workbook.add_worksheet().set_name("Figures").unwrap();
        fill(sheet, 4, &[&[Text("Measure ID"), Text("Quarter"), Text("Value")]]);
        workbook.save(folder.join("nuh.xlsx")).unwrap();
    });
    assert!(receipt.findings[0].problem.contains("row 5 has no heading \"Period\""), "{:?}", receipt.findings[0]);
}

#[test]
fn an_unreadable_cell_prevents_full_acceptance() {
    let folder = tempfile::tempdir().unwrap();
    let row = [Text("discharge"), Blank, Text("2026/27 Q2"), Blank, Blank, Number(70.0)];
    let mut workbook = Sending { about: &ABOUT, figures: &[&row], actions: &[] }.workbook();
    let sheet = workbook.worksheet_from_name("Figures").unwrap();
    sheet.write_boolean(30, 20, true).unwrap();
    let saved = workbook.save_to_buffer().unwrap();
    // TRUE becomes 7, which is neither TRUE nor FALSE.
    let mut from = zip::ZipArchive::new(std::io::Cursor::new(saved)).unwrap();
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for index in 0..from.len() {
        let mut part = from.by_index(index).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut bytes).unwrap();
        let name = part.name().unwrap().into_owned();
        let text = String::from_utf8_lossy(&bytes).replace("t=\"b\"><v>1</v>", "t=\"b\"><v>7</v>");
        parts.push((name, text.into_bytes()));
    }
    let entries: Vec<(&str, &[u8])> = parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    std::fs::write(folder.path().join("nuh.xlsx"), zip_of(&entries)).unwrap();
    let returns = collect(folder.path());
    let receipt = &returns.receipts[0];
    assert_eq!(receipt.outcome, ReturnOutcome::AcceptedInPart);
    assert_eq!(returns.observations.len(), 1, "the figure is used");
    assert!(receipt.findings.iter().any(|finding| finding.place.ends_with("sheet Figures, cell U31")), "{:?}", receipt.findings);
}

#[test]
fn conflicting_workbooks_are_queried_not_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (name, value) in [("nuh-a.xlsx", 70.0), ("nuh-b.xlsx", 71.0)] {
        let row = [Text("discharge"), Blank, Text("2026/27 Q2"), Blank, Blank, Number(value)];
        Sending { about: &ABOUT, figures: &[&row], actions: &[] }.save(folder.path(), name);
    }
    let returns = collect(folder.path());
    assert_eq!(values(&returns), []);
    for (receipt, (file, other)) in returns.receipts.iter().zip([("nuh-a.xlsx", "nuh-b.xlsx"), ("nuh-b.xlsx", "nuh-a.xlsx")]) {
        let told = (receipt.partner.as_str(), receipt.outcome, receipt.file.as_deref());
        assert_eq!(told, ("nuh", ReturnOutcome::AcceptedInPart, Some(file)));
        assert!(receipt.findings[0].problem.contains(&format!("is given differently in {other}")), "{:?}", receipt.findings[0]);
    }
}

#[test]
fn workbooks_about_persons_are_refused() {
    for (heading, beneath) in [("NHS Number", "999 000 0026"), ("Hospital no", "H1234567"), ("Date of birth", "03/04/1961")] {
        let folder = tempfile::tempdir().unwrap();
        let mut workbook = Sending { about: &ABOUT, figures: &[], actions: &[] }.workbook();
        let working = workbook.add_worksheet().set_name("Working").unwrap();
        working.write_string(3, 2, heading).unwrap().write_string(4, 2, beneath).unwrap();
        workbook.save(folder.path().join("nuh.xlsx")).unwrap();
        let returns = collect(folder.path());
        let receipt = &returns.receipts[0];
        assert_eq!((receipt.outcome, receipt.sha256.as_ref()), (ReturnOutcome::Refused, None));
        assert!(receipt.findings[0].place.ends_with("sheet Working, cell C4") && receipt.findings[0].problem.contains(heading));
        assert!(!folder.path().join("archive").exists(), "nothing was archived");
    }
}

/// A row of the figures that is accepted; a note comes next.
const ROW: &[Put] = &[Text("discharge"), Blank, Text("2026/27 Q2"), Number(45.0), Number(60.0), Blank];

#[test]
fn released_workbooks_are_read_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut workbook = Sending { about: &ABOUT, figures: &[ROW], actions: &[] }.workbook();
    let working = workbook.add_worksheet().set_name("Working").unwrap();
    working.write_string(3, 2, "Hospital no").unwrap().write_string(4, 2, "SITE-12345").unwrap();
    workbook.save(folder.path().join("nuh.xlsx")).unwrap();
    let refused = collect(folder.path()).receipts.remove(0);
    let sha256 = refused.not_kept.unwrap();
    assert_eq!(sha256, boardpack::archive::sha256(&std::fs::read(folder.path().join("nuh.xlsx")).unwrap()));
    let allowed = Allowed::new([(sha256.clone(), String::new())]);
    let returns = collect_knowing(FRAMEWORK, folder.path(), &limits(), &PriorReturns { allowed, ..PriorReturns::default() });
    assert_eq!((returns.receipts[0].outcome, returns.receipts[0].sha256.as_ref()), (ReturnOutcome::Accepted, Some(&sha256)));
    assert_eq!(returns.observations.len(), 1);
}

#[test]
fn identifying_comments_wait_for_release() {
    const NOTE: &str = "Checked by Ann Sample (3/4/1961) NHS 999 000 0026";
    let folder = tempfile::tempdir().unwrap();
    let noted = &[ROW, &[Text(NOTE)]].concat();
    let report: &[Put] = &[Text("hub"), Blank, Text("On track"), Blank, Blank, Text("Patient Ann Sample, born 3 April 1961")];
    let sending = Sending { about: &[&ABOUT[..], &[["Remark", NOTE]]].concat(), figures: &[noted], actions: &[report] };
    sending.save(folder.path(), "nuh.xlsx");
    let returns = collect(folder.path());
    let receipt = &returns.receipts[0];
    assert_eq!(receipt.withheld, ["About!B6", "Figures!G4", "Key actions!F2"]);
    assert_eq!((receipt.outcome, returns.observations.len()), (ReturnOutcome::Accepted, 1), "the figure is used");
    let said = format!("{returns:?}");
    assert!(!said.contains("999 000") && !said.contains("1961") && !said.contains("Ann"), "{said}");
    assert!(said.contains("withheld") && receipt.findings.iter().all(|finding| finding.grade == Grade::Question));
    assert_eq!(receipt.findings[0].place, "nuh.xlsx, sheet About, cell B6");

    let allowed = Allowed::new([(receipt.sha256.clone().unwrap(), "Figures!G4".to_owned())]);
    let returns = collect_knowing(FRAMEWORK, folder.path(), &limits(), &PriorReturns { allowed, ..PriorReturns::default() });
    assert_eq!(returns.observations[0].note, NOTE);
    assert_eq!(returns.receipts[0].withheld, ["About!B6", "Key actions!F2"]);
}

#[test]
fn other_workbooks_are_archived_by_hash() {
    let (_, receipt) = {
        let folder = tempfile::tempdir().unwrap();
        Sending { about: &ABOUT, figures: &[], actions: &[] }.save(folder.path(), "nuh.xlsx");
        let receipt = collect(folder.path()).receipts.remove(0);
        let sha256 = receipt.sha256.clone().unwrap();
        let kept = std::fs::read(Archive::new(folder.path().join("archive")).path(&sha256)).unwrap();
        assert_eq!(kept, std::fs::read(folder.path().join("nuh.xlsx")).unwrap());
        (kept, receipt)
    };
    assert_eq!(receipt.outcome, ReturnOutcome::Blank);
}

#[test]
fn what_lies_beside_the_workbooks_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["~$nuh.xlsx", ".nuh.xlsx", "nuh.xlsx.tmp", "notes.txt", "nuh.csv"] {
        std::fs::write(folder.path().join(name), "x").unwrap();
    }
    std::fs::create_dir(folder.path().join("folder.xlsx")).unwrap();
    assert!(collect(folder.path()).receipts.iter().all(|receipt| receipt.outcome == ReturnOutcome::NotReceived));
}
