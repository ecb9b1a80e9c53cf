//! A whole quarter of returns, as the server lives through it: workbooks out, one filled in late, one wrong and then
//! corrected, one never sent. Receipts, reminders, status and the pack tell the same story, and nothing is said twice.
//!
//! Time is set by the test; the mail goes to a server over a real socket.

mod five_quarters;
mod irregular_returns;
mod partner_messages;
use crate::support::smtp_server;
use crate::support::turn::TURN;

use crate::support::smtp_server::{Act, Heard, PostOffice, Script, decode_base64};
use boardpack::archive::sha256;
use boardpack::collect::{Arrival, ReturnOutcome};
use boardpack::distribute::DeliveryResult;
use boardpack::evaluate::{Flag, NoFigure, Status as Standing};
use boardpack::figure::SeriesKey;
use boardpack::framework::{ActionId, MeasureId};
use boardpack::period::{Period, YearKind};
use boardpack::retention::Purge;
use boardpack::return_template::{self, ActionAnswer, Answers, Earlier, FigureAnswer};
use boardpack::run::return_cycle::{
    CollectReturns, CycleReport, OpenReturns, Rehearse, RemindPartners, ReturnsStatus, Status, rehearse,
};
use boardpack::run::{self, Assessed, Job, JobReport, LoadedConfig, PackJob, Setup, To, Trigger, Unwatched, When, run_job};
use boardpack::settings::{self, Keep, Settings};
use boardpack::store::{Extension, Ledger, RunId, Word};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// Seconds since 1970, as the test has it.
static CLOCK: AtomicI64 = AtomicI64::new(0);

fn now() -> Timestamp {
    Timestamp::from_second(CLOCK.load(Ordering::SeqCst)).unwrap()
}

fn set_clock(at: &str) {
    CLOCK.store(at.parse::<Timestamp>().unwrap().as_second(), Ordering::SeqCst);
}

const FILES: [(&str, &str); 6] = [
    ("config/frameworks/threeshire/edition.toml", include_str!("../../data/threeshire/edition.toml")),
    (
        "config/areas.toml",
        r#"
        area = [
          { code = "X1", name = "Threeshire", kind = "system", parts = ["X2", "X3", "X4"] },
          { code = "E92000001", name = "England", kind = "country" },
          { code = "X2", name = "Rivers", kind = "authority" },
          { code = "X3", name = "Hills", kind = "authority" },
          { code = "X4", name = "Dales", kind = "authority" },
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
        ]
        "#,
    ),
    (
        "config/recipients.toml",
        "[[list]]\nname = \"board\"\n[[list.recipient]]\nname = \"The board\"\naddress = \"board@example.org\"\n",
    ),
    (
        "config/schedules.toml",
        r#"
        schedule = [
          { name = "open", kind = "open_returns", cron = "0 9 5 1,4,7,10 *" },
          { name = "look", kind = "collect_returns", cron = "0 6 * * *" },
          { name = "before", kind = "remind", cron = "0 9 24 1,4,7,10 *" },
          { name = "after", kind = "remind", cron = "0 9 3,10 2,5,8,11 *" },
          { name = "pack", kind = "pack", cron = "0 7 20 2,5,8,11 *", recipients = "board" },
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
        target = { kind = "level", value = 1000, due = 2029-03-31, baseline = { period = "2025/26 Q2", value = 900 } }
        [[action]]
        id = "footpaths"
        priority = "walking"
        statement = "Mend the footpaths"
        lead = "rivers"
        "#,
    ),
];

const MEASURES: &str = r#"
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
parts = ["X2", "X3", "X4"]
[[measure]]
id = "park-visits"
title = "Visits to parks"
definition = "Visits counted at the gates."
unit = "count"
decimals = 0
statistic = "count"
polarity = "high"
year = "financial"
cadence_months = 3
publication_lag_months = 0
source = { kind = "return", partners = ["council"] }
parts = ["X2", "X3", "X4"]
"#;

fn write_files<'f>(folder: &Path, files: impl IntoIterator<Item = &'f (&'f str, &'f str)>) {
    for (path, text) in files {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
}

/// A message as its recipient has it.
#[derive(Clone)]
struct Letter {
    to: String,
    subject: String,
    text: String,
    /// Name and bytes of what is attached.
    attached: Option<(String, Vec<u8>)>,
}

struct Rehearsal {
    _turn: tokio::sync::MutexGuard<'static, ()>,
    folder: tempfile::TempDir,
    settings: Settings,
    post: PostOffice,
}

/// The settings of the rehearsal in Threeshire; `PORT` stands for the mail server's.
const SETTINGS: &str = r#"
[pack]
edition = "threeshire"
make = ["board_pack"]
parts = []
[paths]
config = "config"
returns = "inbox"
output = "out"
ledger = "ledger.sqlite"
archive = "archive"
[returns]
receipts = true
[mail]
transport = "smtp"
from = "Secretariat <desk@example.org>"
[mail.smtp]
host = "127.0.0.1"
port = PORT
tls = "none"
[serve]
stop_seconds = 120
"#;

impl Rehearsal {
    async fn new() -> Self {
        Self::of(
            |folder| {
                let measures = [("config/frameworks/measures/walking.toml", MEASURES)];
                write_files(folder, FILES.iter().chain(&measures));
            },
            SETTINGS,
        )
        .await
    }

    /// A system with the configuration that `write` leaves in its folder, and a mail server of its own.
    async fn of(write: impl FnOnce(&Path), settings: &str) -> Self {
        let _turn = TURN.lock().await;
        let folder = tempfile::tempdir().unwrap();
        write(folder.path());
        let post = PostOffice::open().await;
        let file = folder.path().join("boardpack.toml");
        fs::write(&file, settings.replace("PORT", &post.port.to_string())).unwrap();
        fs::create_dir(folder.path().join("inbox")).unwrap();
        let settings = settings::load(Some(&file), &BTreeMap::new()).unwrap_or_else(|faults| panic!("{faults}"));
        Self { _turn, folder, settings, post }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Starts the server at that time, lets it do what is due, and stops it; the messages that came of it.
    async fn serve_at(&self, at: &str) -> Vec<Letter> {
        set_clock(at);
        let ledger = Ledger::open(&self.settings.paths.ledger).await.unwrap();
        let begun = async {
            // The beat is recorded as work begins; what is begun is finished before the server stops.
            while ledger.last_beat().await.unwrap() != Some(now()) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        boardpack::serve::serve(self.settings.clone(), now, Box::new(Unwatched), begun).await.unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(ledger.unfinished_occurrences().await.unwrap(), []);
        ledger.close().await;
        self.letters()
    }

    fn letters(&self) -> Vec<Letter> {
        self.post.take().iter().map(letter).collect()
    }

    fn config(&self) -> LoadedConfig {
        LoadedConfig::load(&self.settings, true, When::default(), now).unwrap_or_else(|faults| panic!("{faults}"))
    }

    async fn run<J: Job>(&self, job: &J) -> J::Report {
        let setup = Setup { settings: &self.settings, config: &self.config(), now, progress: &Unwatched };
        run_job(job, &setup, &Trigger::by_hand(None)).await.unwrap_or_else(|e| panic!("{e}"))
    }

    async fn rehearse(&self, work: &impl Rehearse) -> CycleReport {
        let setup = Setup { settings: &self.settings, config: &self.config(), now, progress: &Unwatched };
        rehearse(work, &setup, None).await.unwrap_or_else(|e| panic!("{e}"))
    }

    async fn status(&self) -> Status {
        self.rehearse(&ReturnsStatus).await.status.unwrap()
    }

    /// The partner's workbook with these figures in it: walkers of the year as numerator and denominator, visits of the
    /// quarter.
    fn workbook(&self, partner: &str, walkers: Option<(f64, f64)>, visits: Option<f64>) -> Vec<u8> {
        self.workbook_for(Period::financial_quarter(2026, 2), partner, walkers, visits)
    }

    /// The same of another quarter.
    fn workbook_for(&self, period: Period, partner: &str, walkers: Option<(f64, f64)>, visits: Option<f64>) -> Vec<u8> {
        let LoadedConfig { framework, areas, partners, .. } =
            LoadedConfig::load(&self.settings, false, When::default(), now).unwrap();
        let partner = partners.iter().find(|one| one.id == partner).unwrap();
        let request = return_template::ReturnRequest {
            framework: &framework,
            areas: &areas,
            partner,
            period,
            earlier: &Earlier::new(),
            secretariat: self.settings.mail.secretariat(),
            deadline: date(2026, 10, 31),
        };
        let series = |measure: &str| SeriesKey::new(MeasureId(measure.into()), partner.areas[0].clone(), None);
        let mut answers = Answers::default();
        if let Some((numerator, denominator)) = walkers {
            let year = Period::parse("2025/26", YearKind::Financial).unwrap();
            let figure = FigureAnswer { numerator: Some(numerator), denominator: Some(denominator), ..FigureAnswer::default() };
            answers.figures.insert((series("daily-walkers"), year), figure);
        }
        if let Some(visits) = visits {
            let value = Some(boardpack::value::Value::Number(visits));
            answers.figures.insert((series("park-visits"), period), FigureAnswer { value, ..FigureAnswer::default() });
            let said =
                ActionAnswer { status: "On track".into(), commentary: "Half are mended.".into(), ..ActionAnswer::default() };
            answers.actions.insert(ActionId("footpaths".into()), said);
        }
        request.workbook(&answers).unwrap()
    }
}

fn letter(heard: &Heard) -> Letter {
    let to = heard.commands.iter().find_map(|command| command.strip_prefix("RCPT TO:<")?.strip_suffix('>')).unwrap();
    let whole = String::from_utf8(heard.text.clone()).unwrap();
    let (headers, body) = whole.split_once("\r\n\r\n").unwrap();
    let headers = headers.replace("\r\n ", " ");
    let subject = headers.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap();
    let attached = body.split_once("filename=\"").map(|(_, rest)| {
        let (name, rest) = rest.split_once('"').unwrap();
        let (_, rest) = rest.split_once("\r\n\r\n").unwrap();
        (name.to_owned(), decode_base64(rest.split_once("\r\n--").unwrap().0))
    });
    let (_, text) = body.split_once("Content-Type: text/plain").unwrap();
    let (part, text) = text.split_once("\r\n\r\n").unwrap();
    let text = text.split_once("\r\n--").unwrap().0;
    let text =
        if part.contains("base64") { String::from_utf8(decode_base64(text)).unwrap() } else { decode_quoted_printable(text) };
    Letter { to: to.to_owned(), subject: subject.to_owned(), text: text.replace("\r\n", "\n"), attached }
}

fn decode_quoted_printable(text: &str) -> String {
    let text = text.replace("=\r\n", "");
    let mut parts = text.split('=');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(digits, 16).unwrap());
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).unwrap()
}

fn recipients(letters: &[Letter]) -> Vec<&str> {
    letters.iter().map(|letter| letter.to.as_str()).collect()
}

#[track_caller]
fn assert_says(letter: &Letter, subject: &str, parts: &[&str]) {
    assert!(letter.subject.contains(subject), "{subject:?} is not in: {}", letter.subject);
    for part in parts {
        assert!(letter.text.contains(part), "{part:?} is not in:\n{}", letter.text);
    }
}

/// The pack as words, without its marks.
fn words(html: &Path) -> String {
    let html = fs::read_to_string(html).unwrap();
    let mut words = String::new();
    let mut inside = false;
    for c in html[html.find("<body").unwrap()..].chars() {
        match c {
            '<' => (inside, words) = (true, words + " "),
            '>' => inside = false,
            c if !inside => words.push(c),
            _ => {}
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_quarter_says_nothing_twice() {
    let quarter = Rehearsal::new().await;
    assert!(quarter.serve_at("2026-10-01T08:00:00Z").await.is_empty(), "nothing is due when the schedules are first seen");

    // The round opens: each contact of each partner gets the partner's own blank workbook.
    let asked = quarter.serve_at("2026-10-05T08:00:30Z").await;
    assert_eq!(recipients(&asked), ["rivers@example.org", "ada@example.org", "bob@example.org", "dales@example.org"]);
    assert_says(
        &asked[0],
        "Threeshire: your return for July to September 2026, due 31 October 2026",
        &["It asks for 2 figures and for the state of 1 key action.", "Please send it back by 31 October 2026."],
    );
    assert_says(&asked[1], "due 31 October 2026", &["Dear Ada Hill,", "It asks for 2 figures."]);
    let (name, bytes) = asked[0].attached.as_ref().unwrap();
    assert_eq!((name.as_str(), sha256(bytes)), ("rivers_2026-27-Q2.xlsx", sha256(&quarter.workbook("rivers", None, None))));

    // Hills returns with more walkers than residents; its two contacts are told.
    let inbox = quarter.path("inbox/hills_2026-27-Q2.xlsx");
    let wrong = quarter.workbook("hills", Some((900.0, 400.0)), Some(1200.0));
    fs::write(&inbox, &wrong).unwrap();
    let receipts = quarter.serve_at("2026-10-20T06:00:00Z").await;
    assert_eq!(recipients(&receipts), ["ada@example.org", "bob@example.org"]);
    assert_says(
        &receipts[0],
        "your return for July to September 2026: accepted in part",
        &[
            "We received hills_2026-27-Q2.xlsx on 20 October 2026.",
            "Not used (1)",
            "900",
            "Visits to parks, Hills, 2026/27 Q2: 1,200",
            "Asked for but not given (1)\n- People who walk every day",
            "Please send a corrected workbook with what is missing by 31 October 2026.",
            "Questions: Secretariat <desk@example.org>",
        ],
    );

    // Before the deadline those are reminded who owe something, and told what.
    let reminders = quarter.serve_at("2026-10-24T08:00:30Z").await;
    assert_eq!(recipients(&reminders), ["rivers@example.org", "ada@example.org", "bob@example.org", "dales@example.org"]);
    assert_says(
        &reminders[0],
        "due 31 October 2026",
        &["We have not received the return of", "It is due on 31 October 2026.", "- Mend the footpaths"],
    );
    assert_says(
        &reminders[1],
        "the rest of your return",
        &["which we received on 20 October 2026", "Figures still to be returned\n- People who walk every day: 0 of 1 given"],
    );
    assert!(!reminders[1].text.contains("Visits to parks"), "{}", reminders[1].text);

    // Hills corrects its workbook, under the same name.
    fs::write(&inbox, quarter.workbook("hills", Some((180.0, 400.0)), Some(1250.0))).unwrap();
    let receipts = quarter.serve_at("2026-10-28T06:30:00Z").await;
    assert_eq!(recipients(&receipts), ["ada@example.org", "bob@example.org"]);
    assert_says(&receipts[0], ": accepted", &["People who walk every day, Hills, 2025/26: 45.0% (180 of 400)", "1,250"]);
    assert!(receipts[0].text.contains("You do not need to do anything else for July to September 2026."), "{}", receipts[0].text);

    // After the deadline the two that have sent nothing are reminded; Hills is left in peace.
    let reminders = quarter.serve_at("2026-11-03T09:00:30Z").await;
    assert_eq!(recipients(&reminders), ["rivers@example.org", "dales@example.org"]);
    assert_says(&reminders[1], "overdue since 31 October 2026", &["It was due on 31 October 2026."]);

    // Rivers returns late.
    fs::write(quarter.path("inbox/rivers.xlsx"), quarter.workbook("rivers", Some((300.0, 500.0)), Some(2000.0))).unwrap();
    let receipts = quarter.serve_at("2026-11-05T06:30:00Z").await;
    assert_eq!(recipients(&receipts), ["rivers@example.org"]);
    assert_says(&receipts[0], ": accepted", &["We received rivers.xlsx on 5 November 2026.", "Mend the footpaths: On track"]);

    assert_eq!(recipients(&quarter.serve_at("2026-11-10T09:00:30Z").await), ["dales@example.org"]);

    // The status tells the same.
    let status = quarter.status().await;
    let told: Vec<_> = status.partners.iter().map(|p| (p.partner.as_str(), p.arrival, p.outcome, p.owes())).collect();
    assert_eq!(
        told,
        [
            ("rivers", Arrival::Late(date(2026, 11, 5)), "accepted", false),
            ("hills", Arrival::InTime(date(2026, 10, 20)), "accepted", false),
            ("dales", Arrival::Missing, "missing", true),
        ]
    );
    let versions: Vec<_> = status.partners[1].versions.iter().map(|v| (v.arrived.unwrap().day(), v.outcome)).collect();
    assert_eq!(versions, [(20, ReturnOutcome::AcceptedInPart), (28, ReturnOutcome::Accepted)]);
    let dales = &status.partners[2];
    assert_eq!((dales.figures.given, dales.figures.due, dales.measures.len()), (0, 2, 2));

    // And so does the pack, with the message that carries it.
    let sent = quarter.serve_at("2026-11-20T07:00:30Z").await;
    assert_eq!(recipients(&sent), ["board@example.org"]);
    assert!(sent[0].text.contains("What is missing from the pack\n- Dales Council: no return received\n"), "{}", sent[0].text);
    let pack = words(&quarter.path("out/2026-27-Q2/board-pack-2026-27-Q2.html"));
    for part in [
        "Returns for July to September 2026 were due on 31 October 2026.",
        "1 of 3 returns not received: Dales Council.",
        "1 of 3 returns late: Rivers Council.",
        "Rivers Council Received 5 November 2026, late rivers.xlsx",
        "Received, some figures not used 20 October 2026, in time hills_2026-27-Q2.xlsx Replaced figure by figure by hills_2026-27-Q2.xlsx",
        "Received 28 October 2026, in time hills_2026-27-Q2.xlsx",
        "Not received, missing",
    ] {
        assert!(pack.contains(part), "{part:?} is not in:\n{pack}");
    }
    // No reader had the figure that Hills corrected.
    assert!(pack.contains("No figure was revised."), "{pack}");

    // Again, by schedule and by hand: nothing is said or recorded twice, and the partner's files are as they were.
    let ledger = Ledger::open(&quarter.settings.paths.ledger).await.unwrap();
    let versions = ledger.versions(Period::financial_quarter(2026, 2)).await.unwrap();
    assert_eq!(versions.len(), 3);
    assert!(quarter.serve_at("2026-11-20T07:05:00Z").await.is_empty());
    let nobody = |job: &str, quarter: &Rehearsal| {
        let again = recipients(&quarter.letters()).iter().map(|to| (*to).to_owned()).collect::<Vec<_>>();
        assert!(again.is_empty(), "{job} wrote to {again:?}");
    };
    quarter.run(&CollectReturns { sends: true }).await;
    nobody("collecting", &quarter);
    quarter.run(&OpenReturns).await;
    nobody("opening", &quarter);
    assert_eq!(ledger.versions(Period::financial_quarter(2026, 2)).await.unwrap(), versions);

    // A dry run says who would be reminded, whole, and does nothing; the reminder itself goes once a day.
    let rehearsed = quarter.rehearse(&RemindPartners { for_day: None }).await;
    assert_eq!(rehearsed.drafts.len(), 1);
    assert_eq!(rehearsed.drafts[0].recipient.address.to_string(), "dales@example.org");
    assert!(quarter.letters().is_empty());
    for expected in [1, 0] {
        quarter.run(&RemindPartners { for_day: None }).await;
        assert_eq!(quarter.letters().len(), expected);
    }

    // A version that is withdrawn is no longer used: the earlier one stands again, and its walkers are owed.
    let corrected = &versions.iter().rfind(|version| version.version.partner == "hills").unwrap().version.sha256;
    let withdrawn = ledger.withdraw_version(&corrected[..12], "Ada", "figures of another year", now()).await.unwrap();
    assert!(matches!(withdrawn, Word::Done(_)));
    let status = quarter.status().await;
    assert!(status.partners[1].owes());
    assert_eq!(status.partners[1].figures.given, 1);

    // So long after the deadline nobody is reminded any more; what was withdrawn is told all the same.
    set_clock("2026-12-01T09:00:00Z");
    let rehearsed = quarter.rehearse(&RemindPartners { for_day: None }).await;
    assert!(rehearsed.drafts.iter().all(|draft| draft.key.kind == "return_withdrawn"), "{:?}", rehearsed.drafts);
    assert_eq!(rehearsed.drafts.len(), 2);
    ledger.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn uncertain_receipts_are_held() {
    let november: fn() -> Timestamp = || Timestamp::constant(1_793_880_000, 0);
    let mut quarter = Rehearsal::new().await;
    fs::write(quarter.path("inbox/dales.xlsx"), quarter.workbook("dales", Some((1.0, 2.0)), Some(3.0))).unwrap();
    let silent = smtp_server::start(Script { text: Act::Silent, ..Script::default() }).await;
    let working = std::mem::replace(&mut quarter.settings.mail.smtp.port, silent.port);
    quarter.settings.mail.smtp.deadline_seconds = 1;
    let collect = async |settings: &Settings| {
        let materials = LoadedConfig::load(settings, true, When::default(), november).unwrap_or_else(|faults| panic!("{faults}"));
        let setup = Setup { settings, config: &materials, now: november, progress: &Unwatched };
        run_job(&CollectReturns { sends: true }, &setup, &Trigger::by_hand(None)).await.unwrap_or_else(|e| panic!("{e}"))
    };
    let first = collect(&quarter.settings).await;
    assert_eq!(first.new.len(), 1);
    assert!(matches!(first.told[0].result, DeliveryResult::Unknown { .. }), "{:?}", first.told);
    assert!(!first.shortfalls()[0].contains('@'), "an address may not be logged: {:?}", first.shortfalls());
    quarter.settings.mail.smtp.port = working;
    let second = collect(&quarter.settings).await;
    // It is said again for as long as it is held, and nothing is sent.
    assert_eq!(second.told.len(), 1);
    let reason = |done: &CycleReport| match &done.told[0].result {
        DeliveryResult::Unknown { reason } => reason.clone(),
        other => panic!("{other:?}"),
    };
    assert!(reason(&second).starts_with(&reason(&first)), "the same reason, and since when: {}", reason(&second));
    assert!(quarter.letters().is_empty());
    // Where the settings have it sent again, it is, and once.
    quarter.settings.mail.at_least_once = true;
    for (expected, letters) in [(vec![DeliveryResult::Accepted], 1), (Vec::new(), 0)] {
        let told: Vec<DeliveryResult> = collect(&quarter.settings).await.told.into_iter().map(|told| told.result).collect();
        assert_eq!(told, expected);
        assert_eq!(quarter.letters().len(), letters);
    }
}

/// A system as it stands in one quarter, by a clock of its own.
struct Quarter<'a> {
    rehearsal: &'a Rehearsal,
    period: Period,
    as_at: Date,
}

fn long_after() -> Timestamp {
    "2027-05-20T09:00:00Z".parse().unwrap()
}

impl Quarter<'_> {
    fn materials(&self) -> LoadedConfig {
        let when = When { period: Some(self.period), as_at: Some(self.as_at) };
        LoadedConfig::load(&self.rehearsal.settings, true, when, long_after).unwrap_or_else(|faults| panic!("{faults}"))
    }

    fn setup<'s>(&'s self, config: &'s LoadedConfig) -> Setup<'s> {
        Setup { settings: &self.rehearsal.settings, config, now: long_after, progress: &Unwatched }
    }

    /// What lies in the inbox is looked at, and taken away.
    async fn collect(&self) -> Status {
        let config = self.materials();
        let setup = self.setup(&config);
        let done = run_job(&CollectReturns { sends: false }, &setup, &Trigger::by_hand(Some(self.as_at))).await;
        for file in fs::read_dir(self.rehearsal.path("inbox")).unwrap() {
            fs::remove_file(file.unwrap().path()).unwrap();
        }
        done.unwrap_or_else(|e| panic!("{e}")).status.unwrap()
    }

    async fn assess(&self) -> Assessed {
        let config = self.materials();
        run::assess(&self.setup(&config), Some(self.as_at)).await.unwrap_or_else(|e| panic!("{e}"))
    }

    /// A run that is sent to nobody; what its page says.
    async fn page(&self) -> String {
        let config = self.materials();
        let job = PackJob { recipients: To::Nobody, draft: false, reissue: None };
        let made = run_job(&job, &self.setup(&config), &Trigger::by_hand(Some(self.as_at))).await;
        made.unwrap_or_else(|e| panic!("{e}"));
        let quarter = self.period.slug();
        words(&self.rehearsal.path(&format!("out/{quarter}/board-pack-{quarter}.html")))
    }

    fn send(&self, partner: &str, walkers: Option<(f64, f64)>, visits: Option<f64>) {
        let bytes = self.rehearsal.workbook_for(self.period, partner, walkers, visits);
        fs::write(self.rehearsal.path(&format!("inbox/{partner}_{}.xlsx", self.period.slug())), bytes).unwrap();
    }

    fn owed(status: &Status, partner: &str) -> Vec<String> {
        let of = status.partners.iter().find(|one| one.partner == partner).unwrap();
        of.owed.iter().map(|owed| owed.id.clone()).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn returned_figures_stand_until_withdrawn_or_stale() {
    let rehearsal = Rehearsal::new().await;
    let quarter =
        |year, quarter, as_at| Quarter { rehearsal: &rehearsal, period: Period::financial_quarter(year, quarter), as_at };
    let autumn = quarter(2026, 2, date(2026, 11, 20));
    for (partner, walkers) in [("rivers", 40.0), ("hills", 50.0), ("dales", 60.0)] {
        autumn.send(partner, Some((walkers, 100.0)), Some(300.0));
    }
    autumn.collect().await;
    let first = autumn.assess().await.evaluation;
    assert_eq!(first.measures[1].headline.latest.as_ref().unwrap().value.number(), Some(900.0));

    // Rivers leaves the year's walkers blank, and the others send nothing: what they gave is neither lost nor owed again.
    let winter = quarter(2026, 3, date(2027, 2, 20));
    winter.send("rivers", None, Some(350.0));
    let status = winter.collect().await;
    assert_eq!(Quarter::owed(&status, "rivers"), Vec::<String>::new());
    assert_eq!(Quarter::owed(&status, "hills"), ["park-visits"]);
    assert_eq!(status.partners[1].arrival, Arrival::Missing, "what is remembered is no return");
    let found = winter.assess().await.evaluation;
    let walkers = &found.measures[0].headline;
    assert_eq!(walkers.latest.as_ref().unwrap().value.number(), Some(50.0));
    assert_eq!(walkers.status, Standing::Achieved, "{}", walkers.reason);
    let visits = &found.measures[1].headline;
    assert_eq!((visits.status, visits.no_figure.clone()), (Standing::NoFigure, Some(NoFigure::Incomplete)), "{}", visits.reason);
    assert_eq!(
        visits.reason,
        "Not all parts have a figure for October to December 2026: Rivers has one, and Hills and Dales have not"
    );
    let page = winter.page().await;
    assert!(page.contains("hills_2026-27-Q2.xlsx"), "each figure says in which file it came");

    // The lead's word of the winter stands in spring, and says from when it is.
    let spring = quarter(2026, 4, date(2027, 5, 20));
    let said = "In the return for October to December 2026, received 20 February 2027: On track. Half are mended.";
    let page = spring.page().await;
    assert!(page.contains(said), "{page}");
    assert_eq!(Quarter::owed(&spring.collect().await, "rivers"), ["park-visits"]);
    let summer = quarter(2027, 1, date(2027, 8, 20));
    assert_eq!(Quarter::owed(&summer.collect().await, "rivers"), ["daily-walkers", "park-visits", "footpaths"]);
    let action = summer.assess().await.evaluation.actions.remove(0);
    let too_old = "its lead has reported nothing since the return for October to December 2026";
    assert!(action.reason.contains(too_old) && action.flags.contains(&Flag::Stale), "{action:?}");

    // As things stood in the autumn nothing is another, even when all that may be let go is gone.
    let ledger = Ledger::open(&rehearsal.settings.paths.ledger).await.unwrap();
    let keep = Keep { inputs_days: 1, figures_days: 1, packs_days: 1 };
    let far = "2040-01-01T00:00:00Z".parse().unwrap();
    let purge = Purge::due(&ledger, &rehearsal.settings.paths, &keep, far).await.unwrap();
    assert!(purge.files.iter().any(|over| over.file.name == "hills"), "{purge:?}");
    purge.carry_out(&ledger, far).await.unwrap();
    let again = autumn.assess().await.evaluation;
    assert_eq!(serde_json::to_string(&again).unwrap(), serde_json::to_string(&first).unwrap());
    assert_eq!(winter.assess().await.evaluation.measures[0].headline.reason, walkers.reason);

    // One version that is withdrawn is out of every quarter.
    let of_hills = ledger.versions(autumn.period).await.unwrap().into_iter().find(|one| one.version.partner == "hills").unwrap();
    ledger.withdraw_version(&of_hills.version.sha256, "Ada", "of another year", long_after()).await.unwrap();
    ledger.close().await;
    let without = winter.assess().await.evaluation;
    let reason = &without.measures[0].headline.reason;
    assert!(reason.ends_with("not judged: Hills"), "{reason}");
    assert_eq!(Quarter::owed(&winter.collect().await, "hills"), ["daily-walkers", "park-visits"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn redefined_measures_are_asked_for_again() {
    let rehearsal = Rehearsal::new().await;
    let quarter =
        |year, quarter, as_at| Quarter { rehearsal: &rehearsal, period: Period::financial_quarter(year, quarter), as_at };
    let autumn = quarter(2026, 2, date(2026, 11, 20));
    autumn.send("rivers", Some((40.0, 100.0)), Some(300.0));
    autumn.collect().await;
    let measures = rehearsal.path("config/frameworks/measures/walking.toml");
    let text = fs::read_to_string(&measures).unwrap();
    let thousands = "unit = { label = \"thousand visits\" }\nstatistic = \"quantity\"";
    fs::write(&measures, text.replace("unit = \"count\"\ndecimals = 0\nstatistic = \"count\"", thousands)).unwrap();
    let winter = quarter(2026, 3, date(2027, 2, 20));
    winter.send("rivers", None, Some(0.35));
    winter.collect().await;
    let found = winter.assess().await;
    let visits = &found.evaluation.measures[1];
    let series = visits.areas.iter().find(|area| area.area.as_str() == "X2").unwrap();
    assert_eq!(series.series.iter().map(|point| point.value.number()).collect::<Vec<_>>(), [Some(0.35)]);
    let told = "the figures of \u{2018}Visits to parks\u{2019} were given in number and the measure is in thousand visits now; they are not used";
    assert!(winter.page().await.contains(told));
}

const TO_APPROVE: [(&str, &str); 2] = [
    (
        "config/recipients.toml",
        "[[list]]\nname = \"board\"\n[[list.recipient]]\naddress = \"board@example.org\"\n\
         [[list]]\nname = \"operators\"\n[[list.recipient]]\naddress = \"desk@example.org\"\n",
    ),
    (
        "config/schedules.toml",
        "schedule = [{ name = \"pack\", kind = \"pack\", cron = \"0 7 20,23 11 *\", recipients = \"board\" }]",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn changed_returns_block_approval() {
    let quarter = Rehearsal::of(
        |folder| {
            let measures = [("config/frameworks/measures/walking.toml", MEASURES)];
            write_files(folder, FILES.iter().chain(&measures).chain(&TO_APPROVE));
        },
        &SETTINGS.replace("[pack]", "[pack]\napproval = true").replace("receipts = true", "receipts = false"),
    )
    .await;
    let (of_quarter, before) = (Period::financial_quarter(2026, 2), Period::financial_quarter(2026, 1));
    let inbox = |name: &str, bytes: Vec<u8>| {
        fs::write(quarter.path("inbox").join(name), &bytes).unwrap();
        sha256(&bytes)
    };
    let old = inbox("hills_2026-27-Q1.xlsx", quarter.workbook_for(before, "hills", Some((180.0, 400.0)), Some(1100.0)));
    let one = inbox("rivers_a.xlsx", quarter.workbook("rivers", Some((300.0, 500.0)), Some(2000.0)));
    inbox("rivers_b.xlsx", quarter.workbook("rivers", Some((300.0, 500.0)), Some(2100.0)));
    let dales = inbox("dales.xlsx", quarter.workbook("dales", Some((1.0, 2.0)), Some(3.0)));
    quarter.serve_at("2026-11-19T08:00:00Z").await;
    let is_for_board = |letter: &&Letter| letter.to == "board@example.org";
    assert_eq!(quarter.serve_at("2026-11-20T07:00:30Z").await.iter().filter(is_for_board).count(), 0);

    let ledger = Ledger::open(&quarter.settings.paths.ledger).await.unwrap();
    let waits = async |last: i64| {
        let mut found = None;
        for run in 1..=last {
            found = if ledger.approval(RunId(run)).await.unwrap().is_some() { Some(RunId(run)) } else { found };
        }
        found.unwrap()
    };
    let approve = async |run: RunId| {
        let materials = LoadedConfig::load(&quarter.settings, true, When::default(), now).unwrap();
        boardpack::run::approve(&quarter.settings, &materials, run, "Ada", now).await
    };
    let first = waits(9).await;
    let refused = async |expected: &[&str]| {
        let said = approve(first).await.unwrap_err().to_string();
        assert!(expected.iter().all(|part| said.contains(part)), "{expected:?} is not in: {said}");
        assert!(quarter.letters().is_empty());
        assert!(ledger.approval(first).await.unwrap().unwrap().approved_by.is_none(), "it still waits");
    };
    ledger.settle_version(&one, "Ada", now()).await.unwrap();
    refused(&["the returns rivers_a.xlsx and rivers_b.xlsx of rivers differ, and which of them to use has been decided \
        differently since"])
    .await;
    ledger.withdraw_version(&dales, "Ada", "a draft", now()).await.unwrap();
    refused(&["the return dales.xlsx of dales for 2026-27-Q2 has been withdrawn since: a draft"]).await;
    // What an earlier quarter's return gave is in the pack too.
    ledger.withdraw_version(&old, "Ada", "another year", now()).await.unwrap();
    refused(&["hills_2026-27-Q1.xlsx of hills for 2026-27-Q1 has been withdrawn since: another year", ": a draft"]).await;
    let (until, by, reason) = (date(2026, 12, 1), "Ada".to_owned(), "a flood".to_owned());
    ledger.extend(of_quarter, "hills", &Extension { until, by, reason }, now()).await.unwrap();
    refused(&["the deadline of hills has since been extended to 2026-12-01"]).await;

    // A pack that is made after all that can be approved.
    inbox("hills_c.xlsx", quarter.workbook("hills", Some((190.0, 400.0)), Some(1300.0)));
    inbox("dales_c.xlsx", quarter.workbook("dales", Some((200.0, 500.0)), Some(1500.0)));
    assert_eq!(quarter.serve_at("2026-11-23T07:00:30Z").await.iter().filter(is_for_board).count(), 0);
    let second = waits(19).await;
    assert!(second > first);
    approve(second).await.unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(quarter.letters().iter().filter(is_for_board).count(), 1);
    ledger.close().await;
}

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
