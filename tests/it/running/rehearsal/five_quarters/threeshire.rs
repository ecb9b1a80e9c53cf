//! Five councils and a charity, who count visits, walkers and paths by the financial year and fill in the template.

use super::*;

const FILES: [(&str, &str); 7] = [
    ("config/frameworks/threeshire/edition.toml", include_str!("../../../../data/threeshire/edition.toml")),
    (
        "config/areas.toml",
        r#"
        area = [
          { code = "X1", name = "Threeshire", kind = "system", parts = ["X2", "X3", "X4", "X5", "X6"] },
          { code = "E92000001", name = "England", kind = "country" },
          { code = "X2", name = "Rivers", kind = "authority" },
          { code = "X3", name = "Hills", kind = "authority" },
          { code = "X4", name = "Dales", kind = "authority" },
          { code = "X5", name = "Moors", kind = "authority" },
          { code = "X6", name = "Fens", kind = "authority" },
          { code = "X7", name = "Coast Path Trust", kind = "organisation" },
        ]
        "#,
    ),
    (
        "config/partners.toml",
        r#"
        partner = [
          { id = "rivers", name = "Rivers Council", kind = "council", area = "X2", contact = "rivers@example.org" },
          { id = "hills", name = "Hills Council", kind = "council", area = "X3", contact = [
            "Ada Hill <ada@example.org>", "bob@example.org" ] },
          { id = "dales", name = "Dales Council", kind = "council", area = "X4", contact = "dales@example.org" },
          { id = "moors", name = "Moors Council", kind = "council", area = "X5", contact = "moors@example.org" },
          { id = "fens", name = "Fens Council", kind = "council", area = "X6", contact = "fens@example.org" },
          { id = "coast", name = "Coast Path Trust", kind = "charity", area = "X7", contact = "coast@example.org" },
        ]
        "#,
    ),
    (
        "config/recipients.toml",
        "[[list]]\nname = \"board\"\n[[list.recipient]]\nname = \"The board\"\naddress = \"board@example.org\"\n\
         [[list]]\nname = \"operators\"\n[[list.recipient]]\naddress = \"operators@example.org\"\n",
    ),
    (
        "config/schedules.toml",
        r#"
        schedule = [
          { name = "open", kind = "open_returns", cron = "0 9 5 1,4,7,10 *" },
          { name = "look", kind = "collect_returns", cron = "0 6 * * *" },
          { name = "before", kind = "remind", cron = "0 9 24 1,4,7,10 *" },
          { name = "after", kind = "remind", cron = "0 9 4 2,5,8,11 *" },
          { name = "again", kind = "remind", cron = "0 9 10 2 *" },
          { name = "pack", kind = "pack", cron = "0 7 26 1,4,7,10 *", recipients = "board" },
        ]
        "#,
    ),
    (
        "config/frameworks/threeshire/ambitions.toml",
        r#"
        [[ambition]]
        id = "walking"
        priority = "walking"
        statement = "Half of us walk every day"
        [[ambition.measure]]
        id = "daily-walkers"
        target = { kind = "level", value = 50, due = 2029-03-31, baseline = { period = "2024/25", value = 31.5 } }
        [[ambition.measure]]
        id = "park-visits"
        target = { kind = "level", value = 6000, due = 2029-03-31, baseline = { period = "Jul 2025", value = 5000 } }
        [[ambition.measure]]
        id = "paths-mended"
        target = { kind = "level", value = 90, due = 2029-03-31, baseline = { period = "2025/26 Q2", value = 60 } }
        role = "supporting"
        [[ambition.measure]]
        id = "path-volunteers"
        target = { kind = "level", value = 200, due = 2029-03-31, baseline = { period = "2025/26 Q2", value = 90 } }
        role = "supporting"
        [[action]]
        id = "footpaths"
        priority = "walking"
        statement = "Mend the footpaths"
        lead = "rivers"
        [[action]]
        id = "benches"
        priority = "walking"
        statement = "Put up benches"
        lead = "hills"
        "#,
    ),
    (
        "config/frameworks/measures/walking.toml",
        r#"
        [[measure]]
        id = "daily-walkers"
        title = "People who walk every day"
        definition = "Share of residents who walk for half an hour every day."
        multiplier = 100
        unit = "percent"
        statistic = "proportion"
        polarity = "high"
        year = "financial"
        cadence_months = 12
        publication_lag_months = 3
        source = { kind = "return", partners = ["council"] }
        parts = ["X2", "X3", "X4", "X5", "X6"]
        [[measure]]
        id = "park-visits"
        title = "Visits to parks"
        definition = "Visits counted at the gates in the month."
        unit = "count"
        decimals = 0
        statistic = "count"
        polarity = "high"
        year = "financial"
        cadence_months = 1
        publication_lag_months = 0
        source = { kind = "return", partners = ["council"] }
        parts = ["X2", "X3", "X4", "X5", "X6"]
        [[measure]]
        id = "paths-mended"
        title = "Paths mended"
        definition = "Length of path that was mended in the quarter."
        unit = { label = "kilometres", after = " km", decimals = 1 }
        statistic = "quantity"
        polarity = "high"
        year = "financial"
        cadence_months = 3
        publication_lag_months = 0
        source = { kind = "return", partners = ["council"] }
        parts = ["X2", "X3", "X4", "X5", "X6"]
        [[measure]]
        id = "path-volunteers"
        title = "Volunteers on the coast path"
        definition = "People who gave a day or more in the quarter."
        unit = "count"
        statistic = "count"
        polarity = "high"
        year = "financial"
        cadence_months = 3
        publication_lag_months = 0
        source = { kind = "return", partners = ["charity"] }
        parts = ["X7"]
        parts_are = "organisations"
        "#,
    ),
];

const BOARD: &str = "board@example.org";

fn facts(measure: &str, area: &str, end: Date) -> Fact {
    let size = f64::from(area.bytes().last().unwrap() - b'0');
    match measure {
        "daily-walkers" => Fact::Counts(150.0 + 10.0 * size + f64::from(end.year() - 2026) * 5.0, 500.0),
        "park-visits" => Fact::Value((1000.0 + 20.0 * size + 12.0 * chance(end)).round()),
        "paths-mended" => Fact::Value(10.0 + size + chance(end)),
        _ => Fact::Value(100.0),
    }
}

fn quarter(year: i32, number: i32) -> Period {
    Period::financial_quarter(year, number)
}

impl System {
    async fn threeshire() -> Self {
        let mut rehearsal = Rehearsal::of(|folder| write_files(folder, &FILES), SETTINGS).await;
        // The charity never sends anything.
        rehearsal.settings.gates.measures_with_figures_percent = 0;
        rehearsal.settings.gates.returns_accepted_percent = 50;
        Self::new(rehearsal, "threeshire", facts, |measure| if measure == "daily-walkers" { 100.0 } else { 1.0 })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn five_quarters_tell_councils_the_truth() {
    let mut system = System::threeshire().await;
    assert!(system.on("2026-10-01").await.is_empty(), "nothing is due when the schedules are first seen");
    first_quarter(&mut system).await;
    second_quarter(&mut system).await;
    third_quarter(&mut system).await;
    fourth_quarter(&mut system).await;
    fifth_quarter(&mut system).await;
    system.assert_nobody_was_told_twice_or_of_another_quarter();
}

async fn first_quarter(system: &mut System) {
    let asked = system.open(0, "2026-10-05").await;
    assert_eq!(asked.iter().filter(|letter| kind(letter) == Kind::Request).count(), 7);

    let filled = system.filled("rivers");
    system.send_what_stands("rivers_2026-27-Q2.xlsx", filled);
    // Hills fills in the right workbook and says in it that it is for the next quarter.
    let mut hills = system.filled("hills").workbook;
    hills.sheet("About").unwrap().write_beside("Period", "2026-27-Q3");
    system.send("hills_autumn.xlsx", system.quarter, &hills.as_xlsx());
    let blank = system.blank("dales").as_xlsx();
    system.send("dales_2026-27-Q2.xlsx", system.quarter, &blank);
    let mut two = system.filled("moors");
    system.send("moors_1.xlsx", system.quarter, &two.workbook.as_xlsx());
    let sheet = two.workbook.sheet("Figures").unwrap();
    let columns = Columns::of(sheet);
    let row = columns.last_of(sheet, "park-visits");
    sheet.cells.insert((row, columns.value), Cell::Number(1150.0));
    two.figures.insert(columns.key(sheet, row), 1150.0);
    two.workbook.sheet("About").unwrap().write_beside("Completed by", "May Moor");
    system.send("moors_2.xlsx", system.quarter, &two.workbook.as_xlsx());
    let mut fens = system.filled("fens");
    fens.workbook.sheet("Figures").unwrap().name = "Figures Jul-Sep".to_owned();
    system.send("fens_2026-27-Q2.xlsx", system.quarter, &fens.workbook.as_xlsx());
    let receipts = system.on("2026-10-20").await;
    assert_says(
        only(&receipts, "rivers@example.org"),
        ": accepted",
        &["You do not need to do anything else for July to September 2026."],
    );
    let wrong = "the return is for 2026-27-Q3; 2026-27-Q2 was expected";
    assert_says(only(&receipts, "ada@example.org"), "July to September 2026: refused", &[wrong]);
    assert_says(only(&receipts, "dales@example.org"), ": blank", &["Nothing is filled in"]);
    let asked = only(&receipts, "moors@example.org");
    assert_says(
        asked,
        ": which workbook should we use?",
        &["1,094 in moors_1.xlsx", "1,150 in moors_2.xlsx, Figures M7, completed by May Moor"],
    );
    assert_eq!(asked.text.matches("Figures as understood (4)").count(), 2, "each gives four that are used:\n{}", asked.text);
    let found = "has no sheet called Figures; found: \"About\", \"Guidance\", \"Figures Jul-Sep\"";
    assert_says(only(&receipts, "fens@example.org"), ": refused", &[found]);
    let reminders = system.remind("2026-10-24").await;
    assert_says(only(&reminders, "bob@example.org"), "due 31 October 2026", &["We could not use", wrong]);
    assert_says(only(&reminders, "coast@example.org"), "due 31 October 2026", &["We have not received the return of"]);

    let filled = system.filled("hills");
    system.send_what_stands("hills_2026-27-Q2.xlsx", filled);
    fens.workbook.sheet("Figures Jul-Sep").unwrap().name = "Figures".to_owned();
    system.send_what_stands("fens_2026-27-Q2 (2).xlsx", fens);
    let sent = system.on("2026-10-26").await;
    let lacks = [
        "INTERIM: this pack was made before all returns were complete.",
        "- Dales Council: the return is blank\n",
        "- Moors Council: two workbooks of the return differ, and nobody has decided which to use; still needed: Visits to parks: \
         2 of 3 figures in use (missing: Sep 2026)\n",
        "- Coast Path Trust: return not due yet\n",
    ];
    assert_says(only(&sent, BOARD), "[INTERIM]", &lacks);
    system.assert_the_pack_holds_all_that_stands();

    let filled = system.filled_but("dales", &["daily-walkers", "paths-mended"]);
    system.send_what_stands("dales_2026-27-Q2 (2).xlsx", filled);
    two.workbook.sheet("About").unwrap().write_beside("Completed by", "May Moor and Ed Moor");
    system.send_what_stands("moors_3.xlsx", two);
    let receipts = system.on("2026-10-29").await;
    let lacking = ["Asked for but missing or not usable (2)", "Please send what is missing by 31 October 2026."];
    assert_says(only(&receipts, "dales@example.org"), ": accepted, not complete", &lacking);
    assert_says(only(&receipts, "moors@example.org"), ": accepted", &["Visits to parks, Moors, Sep 2026: 1,150"]);
    let sent = system.on("2026-11-01").await;
    let lacks = [
        "FINAL: this pack replaces the interim pack",
        "What is missing from the pack\n- Dales Council: still needed: People who walk every day; Paths mended\n- Coast Path Trust: no return received\n\n",
    ];
    assert_says(only(&sent, BOARD), "Outcomes framework board pack: ", &lacks);
    system.assert_the_pack_holds_all_that_stands();
    system.assert_page_says(&["1 of 6 returns not received: Coast Path Trust."]);
    system.remind("2026-11-04").await;
    let expected = [
        ("rivers", "accepted", "20 Oct", (5, 5)),
        ("hills", "accepted", "26 Oct", (5, 5)),
        ("dales", "accepted", "29 Oct", (3, 5)),
        ("moors", "accepted", "20 Oct", (5, 5)),
        ("fens", "accepted", "26 Oct", (5, 5)),
        ("coast", "missing", "-", (0, 1)),
    ];
    assert_status(&system.status().await, &expected);
}

async fn second_quarter(system: &mut System) {
    system.open(1, "2027-01-05").await;
    // All files of the autumn lie in the inbox still. Rivers saves its own again under a new name.
    let mut again = Workbook::open(&fs::read(system.rehearsal.path("inbox/rivers_2026-27-Q2.xlsx")).unwrap());
    again.sheet("About").unwrap().write_beside("Completed by", "Rae Rivers");
    system.send("rivers_2026-27-Q3.xlsx", quarter(2026, 2), &again.as_xlsx());
    let mut nil = system.blank("hills");
    let about = nil.sheet("About").unwrap();
    about.write_beside("Nothing to report", "Yes");
    about.write_beside("Reason for nothing to report", "The counters were away for repair from October to December.");
    system.send("hills_2026-27-Q3.xlsx", system.quarter, &nil.as_xlsx());
    let mut nil = system.blank("dales");
    nil.sheet("About").unwrap().write_beside("Nothing to report", "Yes");
    system.send("dales_2026-27-Q3.xlsx", system.quarter, &nil.as_xlsx());
    let filled = system.filled("moors");
    system.send_what_stands("moors_2026-27-Q3.ods", filled);
    let receipts = system.on("2027-01-20").await;
    let called = "rivers_2026-27-Q3.xlsx: is called after 2026-27-Q3 and says that it is the return for 2026-27-Q2";
    assert_says(only(&receipts, "rivers@example.org"), "July to September 2026: accepted, with questions", &[called]);
    let reason = "The reason given: The counters were away for repair from October to December.";
    assert_says(
        only(&receipts, "bob@example.org"),
        ": nothing to report",
        &[reason, "This counts as your return for October to December 2026"],
    );
    assert_says(only(&receipts, "dales@example.org"), ": nothing to report, with questions", &["does not say why"]);
    assert_says(
        only(&receipts, "moors@example.org"),
        ": accepted",
        &["moors_2026-27-Q3.ods", "Visits to parks, Moors, Oct 2026: 1,114"],
    );
    let reminders = system.remind("2027-01-24").await;
    assert_says(only(&reminders, "rivers@example.org"), "October to December 2026", &["We have not received the return of"]);
    let why = "It says that you have nothing to report, but not why.";
    assert_says(only(&reminders, "dales@example.org"), "October to December 2026", &[why]);
    system.on("2027-01-26").await;
    system.assert_the_pack_holds_all_that_stands();

    let filled = system.filled("rivers");
    system.send_what_stands("rivers_2026-27-Q3 (2).xlsx", filled);
    let filled = system.filled("dales");
    system.send_what_stands("dales_2026-27-Q3 (2).xlsx", filled);
    system.on("2027-01-29").await;
    let sent = system.on("2027-02-01").await;
    let lacks = [
        "- Hills Council: nothing to report: The counters were away for repair from October to December.\n",
        "- Fens Council: no return received\n- Coast Path Trust: no return received\n\n",
    ];
    assert_says(only(&sent, BOARD), "October to December 2026", &lacks);
    system.assert_the_pack_holds_all_that_stands();
    system.assert_page_says(&[
        "2 of 6 returns not received: Fens Council and Coast Path Trust.",
        "Hills Council has nothing to report: The counters were away for repair from October to December.",
    ]);
    system.remind("2027-02-04").await;
    // Fens is late: after the final pack.
    let filled = system.filled("fens");
    system.send_what_stands("fens_2026-27-Q3.xlsx", filled);
    let receipts = system.on("2027-02-06").await;
    assert_says(only(&receipts, "fens@example.org"), "October to December 2026: accepted", &[" on 6 February 2027"]);
    system.remind("2027-02-10").await;
    let expected = [
        ("rivers", "accepted", "29 Jan", (5, 5)),
        ("hills", "nothing to report", "20 Jan", (1, 5)),
        ("dales", "accepted", "20 Jan", (5, 5)),
        ("moors", "accepted", "20 Jan", (5, 5)),
        ("fens", "accepted", "6 Feb", (5, 5)),
        ("coast", "missing", "-", (0, 1)),
    ];
    assert_status(&system.status().await, &expected);
}

async fn third_quarter(system: &mut System) {
    system.open(2, "2027-04-05").await;
    let filled = system.filled("rivers");
    system.send_what_stands("rivers_2026-27-Q4.xlsb", filled);
    let mut hills = system.filled("hills");
    hills.workbook.sheets.retain(|sheet| sheet.name != "About");
    system.send("hills_2026-27-Q4.xlsx", system.quarter, &hills.workbook.as_xlsx());
    // Dales takes the workbook of the quarter before and writes the new quarter over the old.
    let mut old = Workbook::open(&fs::read(system.rehearsal.path("inbox/dales_2026-27-Q3 (2).xlsx")).unwrap());
    old.sheet("About").unwrap().write_beside("Period", "2026-27-Q4");
    system.send("dales_2026-27-Q4.xlsx", system.quarter, &old.as_xlsx());
    let filled = system.filled("moors");
    system.send_what_stands("moors_2026-27-Q4.xlsx", filled);
    // Two people of Fens each fill in a part.
    let mut parks = system.filled_but("fens", &["daily-walkers", "paths-mended"]);
    parks.workbook.sheet("About").unwrap().write_beside("Completed by", "Flo Fen");
    system.send_what_stands("fens/Parks/fens_parks.xlsx", parks);
    let paths = system.filled_but("fens", &["park-visits"]);
    system.send_what_stands("fens/Highways/fens_paths.xlsx", paths);
    let receipts = system.on("2027-04-20").await;
    let read = ["rivers_2026-27-Q4.xlsb", "Visits to parks, Rivers, Mar 2027: 1,052", "Mend the footpaths: On track"];
    assert_says(only(&receipts, "rivers@example.org"), ": accepted", &read);
    let found = "has no sheet called About; found: \"Guidance\", \"Figures\", \"Key actions\"";
    assert_says(only(&receipts, "ada@example.org"), "January to March 2027: refused", &[found]);
    let old = "the workbook was made for 2026-27-Q3; 2026-27-Q4 was expected";
    assert_says(only(&receipts, "dales@example.org"), "January to March 2027: refused", &[old]);
    let of_fens: Vec<&Letter> = receipts.iter().filter(|letter| letter.to == "fens@example.org").collect();
    for (letter, by) in of_fens.iter().zip(["fens_paths.xlsx, completed by Highways", "fens_parks.xlsx, completed by Flo Fen"]) {
        assert_says(letter, ": accepted", &[by, "You do not need to do anything else for January to March 2027."]);
    }
    // What the reminder asks for is in the workbook that comes with it: Hills' word on its benches of half a year ago too.
    let reminders = system.remind("2027-04-24").await;
    assert_says(only(&reminders, "ada@example.org"), "due 1 May 2027", &["Key actions without a status\n- Put up benches"]);
    assert!(system.blank("hills").sheet("Key actions").is_some_and(|actions| actions.find("benches").is_some()));
    let filled = system.filled("hills");
    system.send_what_stands("hills_2026-27-Q4 (2).xlsx", filled);
    let filled = system.filled("dales");
    system.send_what_stands("dales_2026-27-Q4 (2).xlsx", filled);
    let sent = system.on("2027-04-26").await;
    assert_says(
        only(&sent, "ada@example.org"),
        ": accepted",
        &["Put up benches: On track", "You do not need to do anything else"],
    );
    system.assert_the_pack_holds_all_that_stands();
    system.on("2027-05-02").await;
    system.assert_the_pack_holds_all_that_stands();
    system.remind("2027-05-04").await;
    let expected = [
        ("rivers", "accepted", "20 Apr", (5, 5)),
        ("hills", "accepted", "26 Apr", (5, 5)),
        ("dales", "accepted", "26 Apr", (5, 5)),
        ("moors", "accepted", "20 Apr", (5, 5)),
        ("fens", "accepted", "20 Apr", (5, 5)),
        ("coast", "missing", "-", (0, 1)),
    ];
    assert_status(&system.status().await, &expected);
}

async fn fourth_quarter(system: &mut System) {
    system.open(3, "2027-07-05").await;
    // Hills has stopped sending. In what Dales sends, a figure is an error, behind which Excel writes a 0.
    let mut dales = system.filled("dales");
    let sheet = dales.workbook.sheet("Figures").unwrap();
    let columns = Columns::of(sheet);
    let row = columns.last_of(sheet, "park-visits");
    sheet.cells.insert((row, columns.value), Cell::NotAvailable);
    dales.figures.remove(&columns.key(sheet, row));
    system.send_what_stands("dales_2027-28-Q1.ods", dales);
    let filled = system.filled("moors");
    system.send_what_stands("moors_2027-28-Q1.xlsx", filled);
    let mut nil = system.blank("fens");
    nil.sheet("About").unwrap().write_beside("Nothing to report", "The floods: nobody could count");
    system.send("fens_2027-28-Q1.xlsx", system.quarter, &nil.as_xlsx());
    let receipts = system.on("2027-07-20").await;
    let error = ["the error #N/A was found", "Visits to parks: 2 of 3 figures in use (missing: Jun 2027)"];
    assert_says(only(&receipts, "dales@example.org"), ": accepted in part", &error);
    let reason = "The reason given: The floods: nobody could count";
    assert_says(only(&receipts, "fens@example.org"), ": nothing to report", &[reason]);
    system.remind("2027-07-24").await;
    system.on("2027-07-26").await;
    system.assert_the_pack_holds_all_that_stands();
    let sent = system.on("2027-08-01").await;
    let lacks = [
        "- Rivers Council: no return received\n- Hills Council: no return received\n",
        "- Dales Council: some figures of the return not used; still needed: Visits to parks: 2 of 3 figures in use (missing: Jun \
         2027)\n",
        "- Fens Council: nothing to report: The floods: nobody could count\n",
    ];
    assert_says(only(&sent, BOARD), "April to June 2027", &lacks);
    system.assert_the_pack_holds_all_that_stands();
    system.assert_page_says(&["3 of 6 returns not received: Rivers Council, Hills Council and Coast Path Trust."]);
    // Three months on Hills' visits are in the series still, and too old to judge by.
    let hills = system.assessment("park-visits", "X3");
    assert_eq!((&hills["no_figure"], &hills["value"]), (&"too_old".into(), &1072.0.into()), "{hills}");
    assert!(hills["baseline"].is_null(), "the number of the whole is no baseline of a part: {hills}");
    assert!(hills["reason"].as_str().unwrap().contains("1,072 in March 2027, is too old to judge by"), "{hills}");
    system.remind("2027-08-04").await;
    let held = "3 of 6 returns are accepted, and gates.returns_accepted_percent is 100";
    assert_eq!(system.strictly_withheld("2027-08-05T07:00:00Z").await, [held]);
    // Rivers is late.
    let filled = system.filled("rivers");
    system.send_what_stands("rivers_2027-28-Q1.xlsx", filled);
    let receipts = system.on("2027-08-06").await;
    assert_says(only(&receipts, "rivers@example.org"), "April to June 2027: accepted", &[" on 6 August 2027"]);
    let expected = [
        ("rivers", "accepted", "6 Aug", (5, 5)),
        ("hills", "missing", "-", (0, 5)),
        ("dales", "accepted in part", "20 Jul", (4, 5)),
        ("moors", "accepted", "20 Jul", (5, 5)),
        ("fens", "nothing to report", "20 Jul", (0, 5)),
        ("coast", "missing", "-", (0, 1)),
    ];
    assert_status(&system.status().await, &expected);
}

async fn fifth_quarter(system: &mut System) {
    system.open(4, "2027-10-05").await;
    for partner in ["rivers", "dales", "moors", "fens"] {
        let filled = system.filled(partner);
        system.send_what_stands(&format!("{partner}_2027-28-Q2.xlsx"), filled);
    }
    system.on("2027-10-20").await;
    system.remind("2027-10-24").await;
    system.on("2027-10-26").await;
    system.assert_the_pack_holds_all_that_stands();
    let sent = system.on("2027-11-01").await;
    let lacks = "What is missing from the pack\n- Hills Council: no return received\n- Coast Path Trust: no return received\n\n";
    assert_says(only(&sent, BOARD), "July to September 2027", &[lacks]);
    system.assert_the_pack_holds_all_that_stands();
    // Fifteen months by returns alone, each typed once: enough for the limits of a control chart.
    for (area, months) in [("X2", 15), ("X5", 15), ("X3", 6)] {
        assert_eq!(system.points("park-visits", area), months, "{area}");
        let variation = &system.assessment("park-visits", area)["variation"];
        assert_eq!(variation.is_string(), months >= 13, "{area}: {variation}");
    }
    let hills = system.assessment("paths-mended", "X3");
    assert_eq!(hills["no_figure"], "too_old", "{hills}");
    let benches = "its lead has reported nothing since the return for January to March 2027";
    system.assert_page_says(&["2 of 6 returns not received: Hills Council and Coast Path Trust.", benches]);
    system.remind("2027-11-04").await;
    let expected = [
        ("rivers", "accepted", "20 Oct", (5, 5)),
        ("hills", "missing", "-", (0, 5)),
        ("dales", "accepted", "20 Oct", (5, 5)),
        ("moors", "accepted", "20 Oct", (5, 5)),
        ("fens", "accepted", "20 Oct", (5, 5)),
        ("coast", "missing", "-", (0, 1)),
    ];
    assert_status(&system.status().await, &expected);
}
