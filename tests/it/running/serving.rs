//! The server as it runs for years: two at once, killed and started again, with a clock that jumps, sources and monitors that
//! are down; the whole program against a real mail server and a real monitor.

mod clock;
mod final_packs;
mod lost_ledger;

use crate::support::public_source::server::{Server, ok, status};
use crate::support::small_system::SmallSystem;
use crate::support::smtp_server::{Heard, Script};
use crate::support::turn::TURN;
use boardpack::figure::SeriesKey;
use boardpack::framework::{self, MeasureId};
use boardpack::period::Period;
use boardpack::return_template::{self, Answers, FigureAnswer, PartnerHistory};
use boardpack::run::Progress;
use boardpack::settings::{self, Settings};
use boardpack::store::Ledger;
use boardpack::value::Value;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::process::{Child, Output, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

const CA_FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tls/ca.pem");

fn to(heard: &Heard) -> String {
    heard.commands.iter().find_map(|line| line.strip_prefix("RCPT TO:<")?.split('>').next()).unwrap().to_owned()
}

/// Headers and words, with soft line ends undone.
fn words(heard: &Heard) -> String {
    String::from_utf8_lossy(&heard.text).replace("=\r\n", "").replace("\r\n", "\n")
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[track_caller]
fn assert_exit(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}", text(output));
}

/// The messages that came whole, less those to the operators; and those.
fn sorted(heard: Vec<Heard>) -> (Vec<String>, Vec<Heard>) {
    let (operators, readers): (Vec<Heard>, Vec<Heard>) =
        heard.into_iter().filter(|heard| heard.is_whole).partition(|heard| to(heard) == "desk@example.org");
    (readers.iter().map(to).collect(), operators)
}

/// One schedule that fell ten minutes ago, and falls again in a day; when it fell.
async fn due(system: &SmallSystem, kind: &str, keys: &str) -> Timestamp {
    let at = Timestamp::now() - SignedDuration::from_mins(10);
    let at = Timestamp::from_second(at.as_second() / 60 * 60).unwrap();
    let local = at.to_zoned(TimeZone::get("Europe/London").unwrap());
    let cron = format!("{} {} * * *", local.minute(), local.hour());
    let recipients = if kind == "pack" { "recipients = \"board\"\n" } else { "" };
    let schedule = format!("[[schedule]]\nname = \"daily\"\nkind = \"{kind}\"\ncron = \"{cron}\"\n{recipients}{keys}\n");
    std::fs::write(system.path("config/schedules.toml"), schedule).unwrap();
    let ledger = ledger(system).await;
    let seen = at - SignedDuration::from_mins(1);
    ledger.unsettled_since("daily", &format!("{cron} Europe/London"), seen).await.unwrap();
    ledger.close().await;
    at
}

async fn ledger(system: &SmallSystem) -> Ledger {
    Ledger::open(&system.path("ledger.sqlite")).await.unwrap()
}

/// Outcomes of occurrences, in one word each, with how many there are of each.
async fn outcomes(system: &SmallSystem) -> Vec<(String, i64)> {
    let ledger = ledger(system).await;
    let occurrences = ledger.overview().await.unwrap().occurrences;
    ledger.close().await;
    occurrences.into_iter().map(|(_, outcome, count)| (outcome, count)).collect()
}

/// A server of its own process; with `a_minute`, it sends so many messages and then waits for the minute to pass.
fn serve(system: &SmallSystem, a_minute: usize) -> Child {
    let mut command = system.command(&["serve"]);
    command.env("BOARDPACK__SERVE__LISTEN", "").env("BOARDPACK__SERVE__STOP_SECONDS", "0");
    command.env("BOARDPACK__MAIL__MESSAGES_PER_MINUTE", a_minute.to_string());
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Waits for what must come within half a minute, on however slow a machine.
async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    for _ in 0..3000 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it did not come to that");
}

async fn stop(mut process: Child) {
    let id = process.id().to_string();
    assert!(std::process::Command::new("kill").arg(&id).status().unwrap().success());
    let status = tokio::task::spawn_blocking(move || process.wait().unwrap()).await.unwrap();
    assert_eq!(status.code(), Some(0));
}

/// Seconds since 1970, as the test has it.
static CLOCK: AtomicI64 = AtomicI64::new(0);

fn now() -> Timestamp {
    Timestamp::from_second(CLOCK.load(Ordering::SeqCst)).unwrap()
}

fn set_clock(at: &str) {
    CLOCK.store(at.parse::<Timestamp>().unwrap().as_second(), Ordering::SeqCst);
}

/// Sets the clock when a stage begins.
struct Jump(Option<(&'static str, &'static str)>);

impl Progress for Jump {
    fn stage_starts(&self, name: &str) {
        if let Some((_, to)) = self.0.filter(|(stage, _)| *stage == name) {
            set_clock(to);
        }
    }
    fn counted(&self, _: usize, _: usize, _: &str) {}
    fn stage_ends(&self, _: &str, _: &str) {}
}

/// Starts the server at that time, lets it do what is due, and stops it.
async fn serve_at(settings: &Settings, at: &str, jump: Option<(&'static str, &'static str)>) {
    set_clock(at);
    let ledger = Ledger::open(&settings.paths.ledger).await.unwrap();
    let before = ledger.last_beat().await.unwrap();
    let begun = async {
        // The beat is recorded as work begins; what is begun is finished before the server stops.
        while ledger.last_beat().await.unwrap() == before {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    boardpack::serve::serve(settings.clone(), now, Box::new(Jump(jump)), begun).await.unwrap_or_else(|e| panic!("{e}"));
    ledger.close().await;
}

/// The settings of a server whose quarter and day are those of the clock.
fn unpinned(system: &SmallSystem) -> Settings {
    let environment: BTreeMap<String, String> =
        [("PACK__PERIOD", ""), ("PACK__AS_AT", ""), ("SERVE__LISTEN", ""), ("SERVE__STOP_SECONDS", "120")]
            .map(|(name, value)| (format!("BOARDPACK__{name}"), value.to_owned()))
            .into();
    settings::load(Some(&system.path("boardpack.toml")), &environment).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_run_an_occurrence_once() {
    let system = SmallSystem::new(Script::default(), 3).await;
    due(&system, "pack", "").await;
    let servers = [serve(&system, 100), serve(&system, 100)];
    until(async || outcomes(&system).await == [("done".to_owned(), 1)]).await;
    // A timer that comes on top of it finds nothing.
    let timer = system.run(&["run", "--due"], &[]).await;
    assert_exit(&timer, 0);
    assert!(timer.stdout.is_empty(), "{}", text(&timer));
    for server in servers {
        stop(server).await;
    }
    let (readers, operators) = sorted(system.post.take());
    assert_eq!(readers, ["reader0@example.org", "reader1@example.org", "reader2@example.org"]);
    assert!(operators.is_empty());
    let ledger = ledger(&system).await;
    assert_eq!(ledger.last_runs(10).await.unwrap().len(), 1);
    ledger.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_work_is_taken_up_again() {
    let system = SmallSystem::new(Script::default(), 6).await;
    let at = due(&system, "pack", "").await;
    let mut server = serve(&system, 2);
    let ledger = ledger(&system).await;
    let sent = async || ledger.overview().await.unwrap().messages.iter().any(|(state, n)| state == "accepted" && *n >= 2);
    until(sent).await;
    let other = system.run(&["run", "--due"], &[]).await;
    assert_exit(&other, 0);
    assert!(other.stdout.is_empty(), "{}", text(&other));
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!(ledger.unfinished_occurrences().await.unwrap().len(), 1);

    let next = system.run(&["run", "--due"], &[]).await;
    let printed = String::from_utf8_lossy(&next.stdout).into_owned();
    assert!(printed.starts_with(&format!("{at}  daily  ")), "{}", text(&next));
    assert_eq!(ledger.unfinished_occurrences().await.unwrap(), []);
    let (mut readers, operators) = sorted(system.post.take());
    let states = ledger.overview().await.unwrap().messages;
    let held = states.iter().find(|(state, _)| state == "unknown").map_or(0, |(_, count)| *count);
    readers.sort();
    let got = readers.len();
    readers.dedup();
    assert_eq!(readers.len(), got, "somebody got it twice: {readers:?}");
    assert!(got as i64 + held >= 6 && held <= 1, "{readers:?} {states:?}");
    assert_exit(&next, if held == 0 { 0 } else { 3 });
    assert_eq!(operators.len(), 1, "{:?}", operators.iter().map(words).collect::<Vec<_>>());
    let told = words(&operators[0]);
    for part in [&format!("The work of {at} was begun by process "), "and not finished", "The run's log", " render: 1 pack,"] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    let again = system.run(&["run", "--due"], &[]).await;
    assert!(again.stdout.is_empty(), "{}", text(&again));
    ledger.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_work_resumes_at_the_next_start() {
    let system = SmallSystem::new(Script::default(), 4).await;
    due(&system, "pack", "").await;
    let server = serve(&system, 1);
    let ledger = ledger(&system).await;
    until(async || ledger.overview().await.unwrap().messages.iter().any(|(state, _)| state == "accepted")).await;
    stop(server).await;
    let unfinished = ledger.unfinished_occurrences().await.unwrap();
    assert_eq!((unfinished.len(), unfinished[0].holder.as_str()), (1, ""), "it was given back");
    system.run(&["run", "--due"], &[]).await;
    assert_eq!(ledger.unfinished_occurrences().await.unwrap(), []);
    let states = ledger.overview().await.unwrap().messages;
    let count = |word: &str| states.iter().find(|(state, _)| state == word).map_or(0, |(_, count)| *count);
    let (readers, operators) = sorted(system.post.take());
    assert_eq!(count("accepted") + count("unknown"), 4 + operators.len() as i64, "{states:?}");
    assert!(readers.len() >= 3 && readers.len() <= 4, "{readers:?}");
    ledger.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn occurrences_wait_for_another_run() {
    let system = SmallSystem::new(Script::default(), 1).await;
    due(&system, "pack", "").await;
    let ledger = ledger(&system).await;
    let quarter = boardpack::period::Period::financial_quarter(2026, 2);
    let lease = ledger.take_lease(("board-pack", quarter), "a person's run").unwrap();
    let busy = system.run(&["run", "--due"], &[]).await;
    assert_exit(&busy, 0);
    assert!(text(&busy).contains("not now; it is tried again at the next look"), "{}", text(&busy));
    drop(lease);
    let free = system.run(&["run", "--due"], &[]).await;
    assert_exit(&free, 0);
    assert!(text(&free).contains("daily  done"), "{}", text(&free));
    let (readers, operators) = sorted(system.post.take());
    assert_eq!((readers.len(), operators.len()), (1, 0));
    ledger.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn monitors_hear_success_and_failure() {
    let monitor = Server::start(vec![ok("OK")]).await;
    let address = format!("http://127.0.0.1:{}/s3cret?rid=1", monitor.port);
    let asked = |monitor: &Server| -> Vec<String> {
        let asked = std::mem::take(&mut *monitor.asked.lock().unwrap());
        asked.into_iter().map(|head| head.lines().next().unwrap().to_owned()).collect()
    };
    // In the file of schedules.
    let system = SmallSystem::new(Script::default(), 1).await;
    due(&system, "pack", &format!("ping_url = \"{address}\"")).await;
    let done = system.run(&["run", "--due"], &[]).await;
    assert_exit(&done, 0);
    assert_eq!(asked(&monitor), ["GET /s3cret?rid=1"]);
    assert!(!text(&done).contains("s3cret"), "{}", text(&done));

    // In a file of its own, as a credential is; and a run that does not end well.
    let system = SmallSystem::new(Script::default(), 1).await;
    let file = system.path("ping-url");
    std::fs::write(&file, format!("{address}\n")).unwrap();
    due(&system, "pack", &format!("ping_url_file = {file:?}")).await;
    assert_exit(&system.run(&["run", "--due"], &[("GATES__OLDEST_INDICATOR_DAYS", "7")]).await, 3);
    assert_eq!(asked(&monitor), ["GET /s3cret/fail?rid=1"]);

    // Over TLS, where its certificate is to be trusted.
    let secure = Server::with_tls(vec![ok("OK")], "localhost.pem").await;
    for (settings, times) in [(&[][..], 0), (&[("FETCH__CA_FILE", CA_FILE)], 1)] {
        let system = SmallSystem::new(Script::default(), 1).await;
        due(&system, "purge", &format!("ping_url = \"https://localhost:{}/s3cret\"", secure.port)).await;
        let output = system.run(&["run", "--due"], settings).await;
        assert_exit(&output, 0);
        assert_eq!(secure.times_asked(), times, "{}", text(&output));
        assert_eq!(text(&output).contains("certificate"), times == 0, "{}", text(&output));
    }

    // A monitor that is down, or a file that is not there, costs a warning.
    for (keys, why) in [
        (format!("ping_url = \"{address}\""), "the monitor answered 503"),
        ("ping_url_file = \"/nowhere/ping\"".to_owned(), "/nowhere/ping cannot be read"),
    ] {
        monitor.then(vec![status(503, &[])]);
        let system = SmallSystem::new(Script::default(), 1).await;
        due(&system, "purge", &keys).await;
        let down = system.run(&["run", "--due"], &[]).await;
        assert_exit(&down, 0);
        assert!(text(&down).contains(why) && !text(&down).contains("s3cret"), "{}", text(&down));
    }
    assert_eq!(asked(&monitor).len(), 3, "it is tried three times");
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_advance_fetches_are_told() {
    let csv = "what,area,period,value\nvisits,X2,2026/27 Q1,930\nvisits,X2,2026/27 Q2,950\n";
    let source = Server::start(vec![ok(csv)]).await;
    let live = [("SOURCES__PARKS__BASE_URL", source.base.as_str()), ("FETCH__ATTEMPTS", "1")];
    let system = SmallSystem::new(Script::default(), 1).await;
    due(&system, "fetch_indicators", "").await;
    let fetched = system.run(&["run", "--due"], &live).await;
    assert_exit(&fetched, 0);
    assert!(text(&fetched).contains("daily  done"), "{}", text(&fetched));
    assert!(system.post.take().is_empty(), "nobody is needed");
    let shown = text(&system.run(&["runs", "show", "1"], &[]).await);
    assert!(shown.contains("fetch") && shown.contains("1 of 1 indicator received"), "{shown}");

    let ledger = ledger(&system).await;
    let indicators = ledger.overview().await.unwrap().indicators;
    assert_eq!(indicators.len(), 1, "what is watched knows how old the figures are: {indicators:?}");
    ledger.close().await;

    // Down the next day: told, and what was fetched stands in for a pack.
    source.then(vec![status(500, &[])]);
    due_again(&system).await;
    let down = system.run(&["run", "--due"], &live).await;
    assert_exit(&down, 3);
    let (_, operators) = sorted(system.post.take());
    assert_eq!(operators.len(), 1);
    let told = words(&operators[0]);
    for part in ["public sources are down", "indicator visits of Rivers", "stands in", "fetch: 0 of 1 indicator received"] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    let pack = system.run(&["run", "--no-send"], &live).await;
    assert!(text(&pack).contains("Read 2 figures"), "{}", text(&pack));
}

/// The same schedule under another name, which has fallen too.
async fn due_again(system: &SmallSystem) {
    let schedules = std::fs::read_to_string(system.path("config/schedules.toml")).unwrap();
    let cron = schedules.lines().find_map(|line| line.strip_prefix("cron = \"")?.strip_suffix('"')).unwrap();
    std::fs::write(system.path("config/schedules.toml"), schedules.replace("\"daily\"", "\"again\"")).unwrap();
    let ledger = ledger(system).await;
    let seen = Timestamp::now() - SignedDuration::from_mins(11);
    ledger.unsettled_since("again", &format!("{cron} Europe/London"), seen).await.unwrap();
    ledger.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn partners_without_an_address_are_told() {
    let system = SmallSystem::new(Script { nobody: "rivers@", ..Script::default() }, 1).await;
    let partner = "[[partner]]\nid = \"rivers\"\nname = \"Rivers Council\"\nkind = \"council\"\narea = \"X2\"\ncontact = \"rivers@example.org\"\n";
    std::fs::write(system.path("config/partners.toml"), partner).unwrap();
    let measures = system.path("config/frameworks/measures/walking.toml");
    let asked = std::fs::read_to_string(&measures).unwrap();
    let asked = asked.replace(
        "{ kind = \"indicator\", source = \"parks\", indicator = \"visits\" }",
        "{ kind = \"return\", partners = [\"council\"] }",
    );
    std::fs::write(&measures, asked).unwrap();
    due(&system, "open_returns", "").await;
    let output = system.run(&["run", "--due"], &[]).await;
    assert_exit(&output, 3);
    let (_, operators) = sorted(system.post.take());
    assert_eq!(operators.len(), 1, "{}", text(&output));
    let told = words(&operators[0]);
    for part in ["not every message about returns was sent", "return request to rivers, contact 1: not delivered", "returns open"]
    {
        assert!(told.contains(part), "{part}\n{told}");
    }
    assert!(!told.contains("rivers@"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_faulty_configuration_is_told_once() {
    let system = SmallSystem::new(Script::default(), 1).await;
    due(&system, "pack", "").await;
    std::fs::write(system.path("config/partners.toml"), "partner = [{ id = \"x\" }]\n").unwrap();
    for expected in [1, 0] {
        for command in [&["serve"][..], &["run", "--due"]] {
            let output = system.run(command, &[]).await;
            assert_exit(&output, 78);
        }
        let (_, operators) = sorted(system.post.take());
        assert_eq!(operators.len(), expected);
        for told in operators.iter().map(words) {
            assert!(told.contains("the configuration has errors") && told.contains("partners.toml"), "{told}");
        }
    }
    assert!(outcomes(&system).await.is_empty(), "what fell meanwhile is still to be done");
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_that_cannot_start_are_told() {
    let system = SmallSystem::new(Script::default(), 1).await;
    due(&system, "pack", "").await;
    let output = system.run(&["run", "--due"], &[("PACK__PERIOD", "2030-31-Q1")]).await;
    assert_exit(&output, 3);
    let (readers, operators) = sorted(system.post.take());
    assert_eq!((readers.len(), operators.len()), (0, 1), "{}", text(&output));
    let told = words(&operators[0]);
    assert!(told.contains("the run failed (daily), 2030-31-Q1"), "{told}");
    assert!(told.contains("which is not before"), "{told}");
}
