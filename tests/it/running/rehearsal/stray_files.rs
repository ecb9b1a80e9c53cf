//! Files that belong to nobody, or were not kept.

use super::*;

/// A workbook of so many persons one by one.
fn list_of_persons(how_many: usize) -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, text) in
        (0..).zip(["NHS number", "999 000 0026", "999 000 0018", "999 000 0034", "999 000 0042"].iter().take(1 + how_many))
    {
        sheet.write_string(row, 0, *text).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

/// A workbook that is no return.
fn workbook_of_nobody() -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    workbook.add_worksheet().write_string(0, 0, "Minutes of a meeting").unwrap();
    workbook.save_to_buffer().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn partner_messages_do_not_contradict_each_other() {
    let quarter = Rehearsal::new().await;
    let put = |name: &str, bytes: &[u8]| {
        let path = quarter.path("inbox").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    set_clock("2026-10-20T09:00:00Z");
    let of_hills = quarter.workbook("hills", Some((180.0, 400.0)), Some(1200.0));
    put("hills.xlsx", &of_hills);
    put("hills_old.xlsx", &workbook_of_nobody());
    let of_dales = quarter.workbook("dales", Some((1.0, 2.0)), Some(3.0));
    put("rivers/dales.xlsx", &of_dales);
    let looked = quarter.run(&RemindPartners { for_day: None }).await;
    let letters = quarter.letters();
    // What Hills is told of its stray file leaves its return as it was; Rivers is told nothing of what lies in its folder.
    let to = recipients(&letters);
    let expected =
        ["ada@example.org", "bob@example.org", "ada@example.org", "bob@example.org", "rivers@example.org", "dales@example.org"];
    assert_eq!(to, expected);
    assert_says(&letters[0], "your return for July to September 2026: accepted", &["You do not need to do anything else"]);
    assert_says(
        &letters[2],
        "hills_old.xlsx for July to September 2026: refused; your return has not changed",
        &["Your return for July to September 2026 has not changed. You do not need to do anything else."],
    );
    assert!(!letters[2].text.contains("Please send a corrected workbook"), "{}", letters[2].text);
    assert_says(&letters[4], "due 31 October 2026", &["We have not received the return of"]);
    let status = looked.status.unwrap();
    assert!(status.unlaid[0].1.contains("was sent as the return of rivers and is that of dales"), "{:?}", status.unlaid);
    assert!(status.partners[0].versions.is_empty());

    // In its own folder it is the return of its partner, in the ledger too; and it gets a receipt and no reminder.
    set_clock("2026-10-21T09:00:00Z");
    fs::create_dir(quarter.path("inbox/dales")).unwrap();
    fs::rename(quarter.path("inbox/rivers/dales.xlsx"), quarter.path("inbox/dales/dales.xlsx")).unwrap();
    quarter.run(&RemindPartners { for_day: None }).await;
    assert_eq!(recipients(&quarter.letters()), ["dales@example.org", "rivers@example.org"]);
    let ledger = Ledger::open(&quarter.settings.paths.ledger).await.unwrap();
    let versions = ledger.versions(Period::financial_quarter(2026, 2)).await.unwrap();
    let of_partner = versions.iter().find(|one| one.version.sha256 == sha256(&of_dales)).unwrap();
    assert_eq!((of_partner.version.partner.as_str(), of_partner.version.arrived), ("dales", date(2026, 10, 20)));

    // A version that was receipted as accepted is withdrawn: its partner is told once, with what is lacking now.
    set_clock("2026-10-22T09:00:00Z");
    ledger.withdraw_version(&sha256(&of_hills), "Ada", "figures of another year", now()).await.unwrap();
    quarter.run(&RemindPartners { for_day: None }).await;
    let letters = quarter.letters();
    assert_eq!(recipients(&letters), ["ada@example.org", "bob@example.org", "rivers@example.org"]);
    let parts = ["withdrawn by Ada: figures of another year", "Missing now\n- People who walk every day"];
    assert_says(&letters[0], "hills.xlsx for July to September 2026: withdrawn", &parts);
    let hills = &quarter.status().await.partners[1];
    assert_eq!((hills.outcome, hills.refusal.len(), hills.withdrawn[0].by.as_str()), ("withdrawn", 0, "Ada"));
    // The next reminder says the same, and blames no other file, whether or not the file still lies there.
    for day in ["2026-10-23T09:00:00Z", "2026-10-24T09:00:00Z"] {
        set_clock(day);
        quarter.run(&RemindPartners { for_day: None }).await;
        let letters = quarter.letters();
        assert_eq!(recipients(&letters), ["rivers@example.org", "ada@example.org", "bob@example.org"]);
        let parts = ["was withdrawn, so we need it again.", "hills.xlsx, received on 20 October 2026, was withdrawn by Ada"];
        assert_says(&letters[1], "due 31 October 2026", &parts);
        assert!(!letters[1].text.contains("hills_old"), "{}", letters[1].text);
        let _ = fs::remove_file(quarter.path("inbox/hills.xlsx"));
    }

    // Of two that differ one is withdrawn: whoever was asked which stands is told.
    set_clock("2026-10-25T09:00:00Z");
    let of_rivers = [(1.0, "rivers_a.xlsx"), (3.0, "rivers_b.xlsx")];
    let of_rivers = of_rivers.map(|(walkers, name)| (name, quarter.workbook("rivers", Some((walkers, 400.0)), Some(1200.0))));
    of_rivers.iter().for_each(|(name, bytes)| put(name, bytes));
    quarter.run(&CollectReturns { sends: true }).await;
    assert_says(&quarter.letters()[0], "which workbook should we use?", &["rivers_a.xlsx", "rivers_b.xlsx"]);
    ledger.withdraw_version(&sha256(&of_rivers[1].1), "Ada", "a draft", now()).await.unwrap();
    quarter.run(&CollectReturns { sends: true }).await;
    let letters = quarter.letters();
    let of_b = letters.iter().find(|letter| letter.subject.contains("rivers_b.xlsx")).unwrap();
    assert_says(of_b, "withdrawn", &["withdrawn by Ada: a draft"]);
    ledger.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_not_kept_is_new_once() {
    let quarter = Rehearsal::new().await;
    set_clock("2026-10-20T09:00:00Z");
    fs::write(quarter.path("inbox/dales_2026-27-Q1.xlsx"), list_of_persons(3)).unwrap();
    fs::write(quarter.path("inbox/dales.xlsx"), list_of_persons(4)).unwrap();
    fs::write(quarter.path("inbox/dales_a.xlsx"), "<html>sign in first</html>").unwrap();
    let status = quarter.run(&CollectReturns { sends: true }).await.status.unwrap();
    assert!(status.other_files[0].starts_with("1 new file of an earlier quarter"), "{:?}", status.other_files);
    assert_eq!(status.partners[2].outcome, "refused");
    set_clock("2026-10-21T09:00:00Z");
    fs::write(quarter.path("inbox/dales_b.xlsx"), quarter.workbook("dales", Some((1.0, 2.0)), Some(3.0))).unwrap();
    quarter.run(&CollectReturns { sends: true }).await;
    set_clock("2026-10-22T09:00:00Z");
    let status = quarter.run(&CollectReturns { sends: true }).await.status.unwrap();
    assert!(status.other_files[0].starts_with("1 file of an earlier quarter"), "{:?}", status.other_files);
    let dales = &status.partners[2];
    let versions: Vec<_> = dales.versions.iter().map(|one| (one.file.as_str(), one.arrived.unwrap().day())).collect();
    assert_eq!(versions, [("dales.xlsx", 20), ("dales_a.xlsx", 20), ("dales_b.xlsx", 21)]);
    assert_eq!((dales.outcome, dales.refusal.len()), ("accepted", 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_before_all_workbooks_is_said() {
    let quarter = Rehearsal::new().await;
    quarter.serve_at("2026-10-31T08:00:00Z").await;
    let assess = async |as_at: Date| {
        let config = quarter.config();
        let setup = Setup { settings: &quarter.settings, config: &config, now, progress: &Unwatched };
        run::assess(&setup, Some(as_at)).await.unwrap_err().to_string()
    };
    let inbox = quarter.path("inbox").display().to_string();
    let said = assess(date(2026, 11, 1)).await;
    assert!(said.contains(&format!("{inbox} holds no workbook of 2026-27-Q2, and no public source")), "{said}");
    for (name, visits) in [("rivers_1.xlsx", 1000.0), ("rivers_2.xlsx", 1100.0)] {
        fs::write(quarter.path("inbox").join(name), quarter.workbook("rivers", None, Some(visits))).unwrap();
    }
    quarter.serve_at("2026-11-01T06:00:30Z").await;
    let said = assess(date(2026, 10, 20)).await;
    let says = format!("{inbox} holds 2 workbooks that all arrived after 2026-10-20, the day of the run (choose a later day)");
    assert!(said.contains(&says), "{said}");
}
