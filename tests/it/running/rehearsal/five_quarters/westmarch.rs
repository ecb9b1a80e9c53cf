//! Two trusts and three councils, who count days, pounds and rates, some by the calendar year; one trust sends its own scorecard,
//! the other saves in .xlsb. Returns are due after twenty days, and the pack waits for them.

use super::*;

const SETTINGS: &str = r##"
[pack]
edition = "2024"
recipients = "board"
make = ["board_pack"]
parts = []
[paths]
config = "config"
templates = "report_templates"
returns = "inbox"
output = "out"
ledger = "ledger.sqlite"
archive = "archive"
[returns]
receipts = true
deadline_days = 20
[mail]
transport = "smtp"
from = "Westmarch secretariat <secretariat@westmarch.example.org>"
[mail.smtp]
host = "127.0.0.1"
port = PORT
tls = "none"
[gates]
measures_with_figures_percent = 0
returns_accepted_percent = 40
[serve]
stop_seconds = 120
[sources.ons]
kind = "api"
publisher = "Office for National Statistics"
licence = "Open Government Licence v3.0"
base_url = "ons"
[sources.ons.api]
request = "datasets/{indicator}/observations?time=*&geography={area}"
format = "json"
rows = "/observations"
[sources.ons.columns]
area = "#/dimensions/geography/option/id"
period = "/dimensions/Time/label"
value = "/observation"
"##;

/// What is other than in `tests/data/second_system`, or beside it.
const FILES: [(&str, &str); 5] = [
    (
        "config/recipients.toml",
        "[[list]]\nname = \"board\"\n[[list.recipient]]\naddress = \"partnership@westmarch.example.org\"\n\
         [[list]]\nname = \"operators\"\n[[list.recipient]]\naddress = \"operators@westmarch.example.org\"\n",
    ),
    (
        "config/schedules.toml",
        r#"
        schedule = [
          { name = "ask", kind = "open_returns", cron = "0 9 2 1,4,7,10 *" },
          { name = "look", kind = "collect_returns", cron = "0 6 * * *" },
          { name = "chase", kind = "remind", cron = "0 9 15,21 1,4,7,10 *" },
          { name = "quarterly", kind = "pack", cron = "0 7 23 1,4,7,10 *", recipients = "board" },
        ]
        "#,
    ),
    (
        "config/mappings/scorecard.toml",
        r#"
        title = "Scorecard of Marsh Hospitals"
        [[figures]]
        name = "scorecard"
        sheet = "Scorecard"
        header = ["Indicator", "When"]
        measure = { column = "Indicator" }
        area = { column = "Of" }
        period = { column = "When" }
        value = { column = "Result" }
        numerator = { column = "Top" }
        denominator = { column = "Bottom" }
        "#,
    ),
    (
        "config/frameworks/measures/waits.toml",
        r#"
        [[measure]]
        id = "bed-waits"
        title = "Wait for a bed"
        definition = "Mean wait for a bed in the month."
        unit = "days"
        decimals = 2
        statistic = "estimate"
        uncertainty = "none"
        polarity = "low"
        year = "calendar"
        cadence_months = 1
        publication_lag_months = 0
        source = { kind = "return", partners = ["trust"] }
        parts = ["marsh-hospitals", "fell-community"]
        [[measure]]
        id = "care-complaints"
        title = "Complaints about care"
        definition = "Complaints that were made in the quarter."
        unit = "count"
        decimals = 0
        statistic = "count"
        polarity = "low"
        year = "calendar"
        cadence_months = 3
        publication_lag_months = 0
        source = { kind = "return", partners = ["council"] }
        parts = ["alder", "birch", "cedar"]
        "#,
    ),
    (
        "config/frameworks/2024/waits.toml",
        r#"
        [[ambition]]
        id = "waits"
        priority = "staff-and-money"
        statement = "Nobody waits for a bed, and fewer people complain"
        [[ambition.measure]]
        id = "bed-waits"
        target = { kind = "level", value = 2, due = 2029-12-31, baseline = { period = "Jan 2024", value = 6.0 } }
        [[ambition.measure]]
        id = "care-complaints"
        target = { kind = "level", value = 300, due = 2029-12-31, baseline = { period = "2024 Q1", value = 500 } }
        role = "supporting"
        "#,
    ),
];

const BOARD: &str = "partnership@westmarch.example.org";
const MARSH: &str = "returns@marsh.example.org";
const FELL: &str = "returns@fell.example.org";
const ALDER: &str = "returns@alder.example.org";
const BIRCH: &str = "returns@birch.example.org";

fn facts(measure: &str, area: &str, end: Date) -> Fact {
    let (size, chance) = (f64::from(u32::try_from(area.len()).unwrap()), chance(end));
    match measure {
        "sickness-absence" => Fact::Counts((4000.0 + 20.0 * size + 30.0 * chance).round(), 100_000.0),
        "falls" => Fact::Counts((1200.0 + 5.0 * size + 10.0 * chance).round(), 100_000.0),
        "length-of-stay" => Fact::Value(7.5 + 0.1 * chance),
        "agency-spend" => Fact::Value(1.9 + 0.05 * chance),
        "care-package" => Fact::Value((780.0 + 2.0 * chance).round()),
        "nurses-to-beds" => Fact::Value(1.31 + 0.01 * chance),
        "bed-waits" => Fact::Value(4.0 + 0.01 * size + 0.1 * chance),
        "care-complaints" => Fact::Value((140.0 + size + 5.0 * chance).round()),
        other => panic!("nobody is asked for {other}"),
    }
}

fn quarter(year: i32, number: i32) -> Period {
    Period::financial_quarter(year, number)
}

/// What is asked of Marsh, as its own scorecard has it.
fn scorecard(figures: &BTreeMap<Key, f64>) -> Workbook {
    let mut cells = BTreeMap::new();
    for (column, heading) in (0..).zip(["Indicator", "Of", "When", "Result", "Top", "Bottom"]) {
        cells.insert((1, column), Cell::Text(heading.to_owned()));
    }
    cells.insert((0, 0), Cell::Text("Marsh Hospitals NHS Trust: board scorecard".to_owned()));
    for (row, (measure, area, period)) in (2..).zip(figures.keys()) {
        for (column, text) in (0..).zip([measure, area, period]) {
            cells.insert((row, column), Cell::Text(text.clone()));
        }
        match facts(measure, area, period_of(period).end()) {
            Fact::Value(value) => {
                cells.insert((row, 3), Cell::Number(value));
            }
            Fact::Counts(top, bottom) => {
                cells.insert((row, 4), Cell::Number(top));
                cells.insert((row, 5), Cell::Number(bottom));
            }
        }
    }
    Workbook { sheets: vec![Sheet { name: "Scorecard".to_owned(), cells }] }
}

impl System {
    async fn westmarch() -> Self {
        let write = |folder: &Path| {
            crate::support::folders::copy(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/second_system")), folder);
            write_files(folder, &FILES);
            let partners = folder.join("config/partners.toml");
            let text = fs::read_to_string(&partners).unwrap();
            let own = "id = \"marsh\"\nmapping = \"scorecard\"\ndata_status = \"real\"";
            fs::write(partners, text.replace("id = \"marsh\"", own)).unwrap();
        };
        let rehearsal = Rehearsal::of(write, SETTINGS).await;
        let multiplier = |measure: &str| match measure {
            "sickness-absence" => 100.0,
            "falls" => 1000.0,
            _ => 1.0,
        };
        Self::new(rehearsal, "westmarch", facts, multiplier)
    }

    /// Marsh's scorecard with all that it is asked for now.
    fn scorecard(&self) -> Filled {
        let Filled { figures, .. } = self.filled("marsh");
        Filled { workbook: scorecard(&figures), figures }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn five_quarters_of_mixed_files_stay_true() {
    let mut system = System::westmarch().await;
    assert!(system.on("2026-10-01").await.is_empty(), "nothing is due when the schedules are first seen");
    first_quarter(&mut system).await;
    second_quarter(&mut system).await;
    third_quarter(&mut system).await;
    fourth_quarter(&mut system).await;
    fifth_quarter(&mut system).await;
    system.assert_nobody_was_told_twice_or_of_another_quarter();
}

async fn first_quarter(system: &mut System) {
    system.open(0, "2026-10-02").await;
    let own = system.scorecard();
    system.send_what_stands("marsh scorecard Q2 2026-27.xlsx", own);
    let filled = system.filled("fell");
    system.send_what_stands("fell_2026-27-Q2.xlsb", filled);
    let filled = system.filled("alder");
    system.send_what_stands("alder_2026-27-Q2.ods", filled);
    // Two people of Birch fill in overlapping parts that agree.
    let part = system.filled_but("birch", &["falls"]);
    system.send_what_stands("birch/Adult care/birch_care.xlsx", part);
    let part = system.filled_but("birch", &["sickness-absence"]);
    system.send_what_stands("birch/Public health/birch_health.xlsx", part);
    let receipts = system.on("2026-10-12").await;
    let own = [
        "Scorecard D3: Spend on agency staff, Marsh Hospitals NHS Trust, 2026/27 Q2: £1.875m",
        "- a report on: Open one bank of staff for both trusts",
    ];
    assert_says(only(&receipts, MARSH), ": accepted, not complete", &own);
    assert_says(
        only(&receipts, FELL),
        ": accepted",
        &["fell_2026-27-Q2.xlsb", "Wait for a bed, Fell Community NHS Trust, Jul 2026: 4.14 days"],
    );
    assert_says(
        only(&receipts, ALDER),
        ": accepted",
        &["alder_2026-27-Q2.ods", "Falls that needed an ambulance, Alder, 2026/27 Q2: 12.2"],
    );
    let of_birch: Vec<&Letter> = receipts.iter().filter(|letter| letter.to == BIRCH).collect();
    for (letter, by) in
        of_birch.iter().zip(["birch_care.xlsx, completed by Adult care", "birch_health.xlsx, completed by Public health"])
    {
        // Each tells of all that it gave, and nobody has to give what the other gave.
        assert_says(
            letter,
            ": accepted",
            &[by, "Figures as understood (3)", "You do not need to do anything else for July to September 2026."],
        );
    }
    // Marsh leads a key action, which its scorecard does not tell of; it is asked for that alone, and answers.
    let reminders = system.remind("2026-10-15").await;
    assert_says(
        only(&reminders, MARSH),
        "the rest of your return",
        &["Key actions without a status\n- Open one bank of staff for both trusts"],
    );
    let word = system.filled("marsh");
    system.send_what_stands("marsh_actions.xlsx", word);
    system.on("2026-10-18").await;
    system.remind("2026-10-21").await;
    let sent = system.on("2026-10-23").await;
    assert_says(
        only(&sent, BOARD),
        "July to September 2026",
        &["What is missing from the pack\n- Cedar County Council: no return received\n\n"],
    );
    system.assert_the_pack_holds_all_that_stands();
    let expected = [
        ("marsh", "accepted", "12 Oct", (7, 7)),
        ("fell", "accepted", "12 Oct", (7, 7)),
        ("alder", "accepted", "12 Oct", (4, 4)),
        ("birch", "accepted", "12 Oct", (4, 4)),
        ("cedar", "missing", "-", (0, 4)),
    ];
    assert_status(&system.status().await, &expected);
}

async fn second_quarter(system: &mut System) {
    system.open(1, "2027-01-02").await;
    // Marsh sends the scorecard of the quarter before again, Fell the workbook of the next quarter.
    let mut old = Workbook::open(&fs::read(system.rehearsal.path("inbox/marsh scorecard Q2 2026-27.xlsx")).unwrap());
    old.sheets[0].cells.insert((0, 1), Cell::Text("saved again".to_owned()));
    system.send("marsh scorecard.xlsx", quarter(2026, 2), &old.as_xlsx());
    let mut early = system.blank("fell");
    for key in ["Period", "Template period"] {
        early.sheet("About").unwrap().write_beside(key, "2026-27-Q4");
    }
    system.send("fell_early.xlsx", quarter(2026, 4), &early.as_xlsx());
    let blank = system.blank("alder").as_ods();
    system.send("alder_2026-27-Q3.ods", system.quarter, &blank);
    let mut nil = system.blank("birch");
    nil.sheet("About").unwrap().write_beside("Nothing to report", "Yes");
    system.send("birch_2026-27-Q3.xlsb", system.quarter, &nil.as_xlsb());
    let receipts = system.on("2027-01-12").await;
    assert_says(
        only(&receipts, MARSH),
        "your return for July to September 2026: accepted",
        &["You do not need to do anything else for July to September 2026."],
    );
    assert_says(only(&receipts, ALDER), ": blank", &["alder_2026-27-Q3.ods", "A blank workbook does not count as your return."]);
    assert_says(only(&receipts, BIRCH), ": nothing to report, with questions", &["birch_2026-27-Q3.xlsb", "does not say why"]);
    assert_eq!(receipts.iter().filter(|letter| letter.to == FELL).count(), 0, "what is of a later quarter waits for it");
    let reminders = system.remind("2027-01-15").await;
    let waits = "We also received fell_early.xlsx: it says that it is the return for January to March 2027, so we will read it \
        when that quarter has ended.";
    assert_says(only(&reminders, FELL), "due 20 January 2027", &["We have not received the return of", waits]);
    assert_says(only(&reminders, BIRCH), "due 20 January 2027", &["It says that you have nothing to report, but not why."]);
    let own = system.scorecard();
    system.send_what_stands("marsh scorecard 2026-27 Q3.xlsx", own);
    let filled = system.filled("fell");
    system.send_what_stands("fell_2026-27-Q3.xlsb", filled);
    system.on("2027-01-18").await;
    system.remind("2027-01-21").await;
    let sent = system.on("2027-01-23").await;
    let lacks = [
        "- Alder Borough Council: the return is blank\n",
        "- Birch Borough Council: nothing to report, no reason given; still needed: Falls that needed an ambulance; ",
        "- Cedar County Council: no return received\n",
    ];
    assert_says(only(&sent, BOARD), "October to December 2026", &lacks);
    system.assert_the_pack_holds_all_that_stands();
    let held = "3 of 5 returns are accepted, and gates.returns_accepted_percent is 100";
    assert_eq!(system.strictly_withheld("2027-01-25T07:00:00Z").await, [held]);
    // Alder is late.
    let filled = system.filled("alder");
    system.send_what_stands("alder_2026-27-Q3_late.ods", filled);
    let receipts = system.on("2027-01-28").await;
    assert_says(
        only(&receipts, ALDER),
        "October to December 2026: accepted",
        &["We received alder_2026-27-Q3_late.ods on 28 January 2027"],
    );
    let expected = [
        ("marsh", "accepted", "18 Jan", (7, 7)),
        ("fell", "accepted", "18 Jan", (7, 7)),
        ("alder", "accepted", "28 Jan", (4, 4)),
        ("birch", "nothing to report", "12 Jan", (0, 4)),
        ("cedar", "missing", "-", (0, 4)),
    ];
    assert_status(&system.status().await, &expected);
}

async fn third_quarter(system: &mut System) {
    let opened = system.open(2, "2027-04-02").await;
    let early: Vec<&Letter> = opened.iter().filter(|letter| letter.to == FELL && kind(letter) == Kind::Receipt).collect();
    assert_says(early[0], "January to March 2027: blank", &["We received fell_early.xlsx on 12 January 2027"]);
    // Two scorecards that differ.
    let mut own = system.scorecard();
    system.send("marsh scorecard 2026-27 Q4 draft.xlsx", system.quarter, &own.workbook.as_xlsx());
    let (row, _) = own.workbook.sheets[0].find("agency-spend").unwrap();
    own.workbook.sheets[0].cells.insert((row, 3), Cell::Number(2.05));
    let key = own.figures.keys().find(|key| key.0 == "agency-spend").unwrap().clone();
    own.figures.insert(key, 2.05);
    let Filled { workbook, figures } = own;
    system.send("marsh scorecard 2026-27 Q4 final.xlsx", system.quarter, &workbook.as_xlsx());
    let mut fell = system.filled("fell");
    fell.workbook.sheets.retain(|sheet| sheet.name != "Figures");
    system.send("fell_2026-27-Q4.xlsb", system.quarter, &fell.workbook.as_xlsb());
    let mut alder = system.filled("alder");
    alder.workbook.sheet("Figures").unwrap().name = "Sheet1".to_owned();
    system.send("alder_2026-27-Q4.ods", system.quarter, &alder.workbook.as_ods());
    let receipts = system.on("2027-04-12").await;
    let both = ["£1.95m in marsh scorecard 2026-27 Q4 draft.xlsx", "£2.05m in marsh scorecard 2026-27 Q4 final.xlsx"];
    assert_says(only(&receipts, MARSH), ": which workbook should we use?", &both);
    assert_says(only(&receipts, FELL), ": refused", &["has no sheet called Figures; found: \"About\", \"Guidance\""]);
    assert_says(only(&receipts, ALDER), ": refused", &["found: \"About\", \"Guidance\", \"Sheet1\""]);
    system.remind("2027-04-15").await;
    let status = system.status().await;
    assert_eq!((status.partners[0].outcome, status.partners[0].errors), ("not settled", 1), "one figure, whatever the files");
    let ledger = Ledger::open(&system.rehearsal.settings.paths.ledger).await.unwrap();
    let versions = ledger.versions(system.quarter).await.unwrap();
    let right = versions.iter().find(|one| one.version.file.ends_with("final.xlsx")).unwrap();
    assert!(matches!(ledger.settle_version(&right.version.sha256, "M Marsh", now()).await.unwrap(), Word::Done(_)));
    ledger.close().await;
    system.stands.extend(figures);
    let filled = system.filled("fell");
    system.send_what_stands("fell_2026-27-Q4 (2).xlsb", filled);
    let filled = system.filled("alder");
    system.send_what_stands("alder_2026-27-Q4 (2).ods", filled);
    system.on("2027-04-18").await;
    system.remind("2027-04-21").await;
    system.on("2027-04-23").await;
    system.assert_the_pack_holds_all_that_stands();
    let filled = system.filled("birch");
    system.send_what_stands("birch_2026-27-Q4.xlsx", filled);
    system.on("2027-04-28").await;
    let expected = [
        ("marsh", "accepted", "12 Apr", (7, 7)),
        ("fell", "accepted", "18 Apr", (7, 7)),
        ("alder", "accepted", "18 Apr", (4, 4)),
        ("birch", "accepted", "28 Apr", (4, 4)),
        ("cedar", "missing", "-", (0, 4)),
    ];
    assert_status(&system.status().await, &expected);
}

async fn fourth_quarter(system: &mut System) {
    system.open(3, "2027-07-02").await;
    // Marsh and Birch send nothing; in Fell's workbook a month is an error.
    let mut fell = system.filled("fell");
    let sheet = fell.workbook.sheet("Figures").unwrap();
    let columns = Columns::of(sheet);
    let row = columns.last_of(sheet, "bed-waits");
    sheet.cells.insert((row, columns.value), Cell::NotAvailable);
    fell.figures.remove(&columns.key(sheet, row));
    system.send_what_stands("fell_2027-28-Q1.xlsb", fell);
    let filled = system.filled("alder");
    system.send_what_stands("alder_2027-28-Q1.ods", filled);
    let receipts = system.on("2027-07-12").await;
    assert_says(only(&receipts, FELL), ": accepted in part", &["the error #N/A was found", "fell_2027-28-Q1.xlsb"]);
    system.remind("2027-07-15").await;
    system.remind("2027-07-21").await;
    let sent = system.on("2027-07-23").await;
    let lacks = [
        "- Marsh Hospitals NHS Trust: no return received\n- Fell Community NHS Trust: some figures of the return not used; still needed: \
         Wait for a bed: 2 of 3 figures in use (missing: Jun 2027)\n",
        "- Birch Borough Council: no return received\n- Cedar County Council: no return received\n",
    ];
    assert_says(only(&sent, BOARD), "April to June 2027", &lacks);
    system.assert_the_pack_holds_all_that_stands();
    let expected = [
        ("marsh", "missing", "-", (0, 7)),
        ("fell", "accepted in part", "12 Jul", (6, 7)),
        ("alder", "accepted", "12 Jul", (4, 4)),
        ("birch", "missing", "-", (0, 4)),
        ("cedar", "missing", "-", (0, 4)),
    ];
    assert_status(&system.status().await, &expected);
}

async fn fifth_quarter(system: &mut System) {
    // Marsh's scorecard has the months of the quarter before, too.
    let before = system.scorecard().figures;
    system.open(4, "2027-10-02").await;
    let mut own = system.scorecard();
    own.figures.extend(before);
    own.workbook = scorecard(&own.figures);
    system.send_what_stands("marsh scorecard 2027-28 Q2.xlsx", own);
    let filled = system.filled("fell");
    system.send_what_stands("fell_2027-28-Q2.xlsb", filled);
    let filled = system.filled("alder");
    system.send_what_stands("alder_2027-28-Q2.ods", filled);
    system.on("2027-10-12").await;
    system.remind("2027-10-15").await;
    system.remind("2027-10-21").await;
    system.on("2027-10-23").await;
    system.assert_the_pack_holds_all_that_stands();
    // Fifteen months out of a layout of its sender's own, and fourteen of one where a month was an error.
    assert_eq!((system.points("bed-waits", "marsh-hospitals"), system.points("bed-waits", "fell-community")), (15, 14));
    let variation = &system.assessment("bed-waits", "marsh-hospitals")["variation"];
    assert!(variation.is_string(), "{variation}");
    // What Birch gave for March is there, and too old to judge by.
    let birch = system.assessment("sickness-absence", "birch");
    assert_eq!((&birch["no_figure"], &birch["period"]), (&"too_old".into(), &"2026/27 Q4".into()), "{birch}");
    let expected = [
        ("marsh", "accepted", "12 Oct", (7, 7)),
        ("fell", "accepted", "12 Oct", (7, 7)),
        ("alder", "accepted", "12 Oct", (4, 4)),
        ("birch", "missing", "-", (0, 4)),
        ("cedar", "missing", "-", (0, 4)),
    ];
    assert_status(&system.status().await, &expected);
}
