//! A whole quarter of returns, as the server lives through it: workbooks out, one filled in late, one wrong and then
//! corrected, one never sent. Receipts, reminders, status and the pack tell the same story, and nothing is said twice.
//!
//! Time is set by the test; the mail goes to a server over a real socket.

mod approval;
mod every_message;
mod five_quarters;
mod given_in_doubt;
mod irregular_returns;
mod later_quarters;
mod lost_ledger;
mod partner_messages;
mod stray_files;
mod whole_quarter;
use crate::support::smtp_server;
use crate::support::turn::TURN;

use crate::support::smtp_server::{Act, Heard, PostOffice, Script, decode_base64};
use boardpack::archive::sha256;
use boardpack::collect::{Arrival, ReturnOutcome};
use boardpack::distribute::DeliveryResult;
use boardpack::evaluate::{Flag, NoFigure, Status as VersionStanding};
use boardpack::figure::{ReportKey, SeriesKey};
use boardpack::framework::{ActionId, MeasureId};
use boardpack::period::{Period, YearKind};
use boardpack::retention::Purge;
use boardpack::return_template::{self, ActionAnswer, Answers, FigureAnswer, PartnerHistory};
use boardpack::run::return_cycle::{
    CollectReturns, CycleReport, OpenReturns, Rehearse, RemindPartners, ReturnsStatus, Status, rehearse,
};
use boardpack::run::{
    self, Assessed, Job, JobReport, LoadedConfig, PackJob, PackReaders, QuarterChoice, Setup, Trigger, Unwatched, run_job,
};
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
        LoadedConfig::load(&self.settings, true, QuarterChoice::default(), now).unwrap_or_else(|faults| panic!("{faults}"))
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
            LoadedConfig::load(&self.settings, false, QuarterChoice::default(), now).unwrap();
        let partner = partners.iter().find(|one| one.id == partner).unwrap();
        let request = return_template::ReturnRequest {
            framework: &framework,
            areas: &areas,
            partner,
            period,
            earlier: &PartnerHistory::new(),
            secretariat: self.settings.mail.secretariat(),
            deadline: date(2026, 10, 31),
        };
        let series = |measure: &str| SeriesKey::new(MeasureId(measure.into()), partner.areas[0].clone(), None);
        let mut answers = Answers::default();
        if let Some((numerator, denominator)) = walkers {
            let year = Period::parse("2025/26", YearKind::Financial).unwrap();
            let figure = FigureAnswer { numerator: Some(numerator), denominator: Some(denominator), ..FigureAnswer::default() };
            answers.figures.insert(series("daily-walkers").at(year), figure);
        }
        if let Some(visits) = visits {
            let value = Some(boardpack::value::Value::Number(visits));
            answers.figures.insert(series("park-visits").at(period), FigureAnswer { value, ..FigureAnswer::default() });
            let said =
                ActionAnswer { status: "On track".into(), commentary: "Half are mended.".into(), ..ActionAnswer::default() };
            answers.reports.insert(ReportKey::new(ActionId("footpaths".into()), None), said);
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
async fn uncertain_receipts_are_held() {
    let november: fn() -> Timestamp = || Timestamp::constant(1_793_880_000, 0);
    let mut quarter = Rehearsal::new().await;
    fs::write(quarter.path("inbox/dales.xlsx"), quarter.workbook("dales", Some((1.0, 2.0)), Some(3.0))).unwrap();
    let silent = smtp_server::start(Script { text: Act::Silent, ..Script::default() }).await;
    let working = std::mem::replace(&mut quarter.settings.mail.smtp.port, silent.port.try_into().unwrap());
    quarter.settings.mail.smtp.deadline_seconds = 1;
    let collect = async |settings: &Settings| {
        let config =
            LoadedConfig::load(settings, true, QuarterChoice::default(), november).unwrap_or_else(|faults| panic!("{faults}"));
        let setup = Setup { settings, config: &config, now: november, progress: &Unwatched };
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
