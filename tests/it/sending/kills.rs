//! The program killed at random instants while it makes a pack, by hand and on schedule, corrects one, has one approved, asks
//! partners for their returns, and sends to a server that counts: nobody gets anything twice, whoever did not get it is known
//! and told of by the next command, and what is left behind is whole.

use crate::support::small_system::SmallSystem;
use crate::support::smtp_server::{Heard, Script, decode_base64};
use boardpack::archive::sha256;
use boardpack::period::Period;
use boardpack::store::{Ledger, MessageState};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Row, SqliteConnection};
use std::collections::BTreeMap;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant, SystemTime};

const RECIPIENTS: usize = 6;

/// A generator of numbers that anybody can repeat (SplitMix64).
struct Seeded(u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn between(&mut self, earliest: Duration, latest: Duration) -> Duration {
        earliest + latest.saturating_sub(earliest).mul_f64((self.next() >> 11) as f64 / (1u64 << 53) as f64)
    }
}

/// A command of the program, with settings of the environment.
#[derive(Clone)]
struct Asked {
    arguments: Vec<String>,
    settings: Vec<(&'static str, &'static str)>,
    /// What the ledger calls its runs.
    pack: &'static str,
    /// From its start, when each of its stages began; last, when it ended.
    instants: Vec<Duration>,
}

/// What is killed: the making of a pack, of a corrected one, of one that is to be approved and the approval, of one on schedule,
/// and the asking for returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Task {
    Pack,
    Correction,
    Approval,
    Schedule,
    Returns,
}

/// What a task sends to whom, by the name of its messages.
const PACK: &str = "board-pack";
const REQUEST: &str = "return_request";

struct Rehearsal {
    system: SmallSystem,
    /// By the board, since it was last cleared.
    received: Vec<Heard>,
    /// What the operators were told.
    alerts: String,
    told: String,
}

/// Where a kill came when the program had ended.
const TOO_LATE: &str = "after its end";

/// How often a kill found the program in what state.
type Landed = BTreeMap<&'static str, usize>;

impl Asked {
    fn new(arguments: &[&str], settings: &[(&'static str, &'static str)]) -> Self {
        let arguments: Vec<String> = arguments.iter().map(|&one| one.to_owned()).collect();
        let pack = if arguments[0] == "returns" { "returns-open" } else { "board-pack" };
        Self { arguments, settings: settings.to_vec(), pack, instants: Vec::new() }
    }

    /// A time in a stage, each stage being as likely, however short.
    fn instant(&self, seeded: &mut Seeded) -> Duration {
        let stages = self.instants.len() - 1;
        let stage = usize::try_from(seeded.next() % stages as u64).unwrap();
        seeded.between(self.instants[stage], self.instants[stage + 1])
    }
}

impl Rehearsal {
    async fn new(told: String) -> Self {
        // Slow enough for a kill to hit each step of a conversation.
        let script = Script { pause: Duration::from_millis(5), ..Script::default() };
        Self { system: SmallSystem::new(script, RECIPIENTS).await, received: Vec::new(), alerts: String::new(), told }
    }

    /// Starts it, and kills it some time later; what it was at.
    async fn kill(&mut self, asked: &Asked, after: Duration) -> &'static str {
        let before = self.last_run().await;
        let arguments: Vec<&str> = asked.arguments.iter().map(String::as_str).collect();
        let mut command = self.system.command(&arguments);
        command.envs(asked.settings.iter().map(|(name, value)| (format!("BOARDPACK__{name}"), value)));
        let mut process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        tokio::time::sleep(after).await;
        let running = process.try_wait().unwrap().is_none();
        process.kill().unwrap();
        process.wait().unwrap();
        if !running {
            return TOO_LATE;
        }
        let approves = asked.arguments.contains(&"approve".to_owned());
        self.state(before, asked.pack, approves).await
    }

    /// A copy of the ledger as the dead process left it: to open the ledger itself would mend what there is to mend.
    async fn left(&self) -> Option<(tempfile::TempDir, SqliteConnection)> {
        let folder = tempfile::tempdir().unwrap();
        for name in ["ledger.sqlite", "ledger.sqlite-wal"] {
            let copied = std::fs::copy(self.system.path(name), folder.path().join(name));
            if copied.is_err() && name == "ledger.sqlite" {
                return None;
            }
        }
        let mut ledger = SqliteConnectOptions::new().filename(folder.path().join("ledger.sqlite")).connect().await.unwrap();
        let sound: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut ledger).await.unwrap();
        assert_eq!(sound, "ok", "{}", self.told);
        let strays = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut ledger).await.unwrap();
        assert!(strays.is_empty(), "{}", self.told);
        Some((folder, ledger))
    }

    async fn last_run(&self) -> i64 {
        let Some((_folder, mut ledger)) = self.left().await else { return 0 };
        let last = sqlx::query_scalar("SELECT COALESCE(MAX(id), 0) FROM run WHERE ended_at IS NOT NULL");
        last.fetch_one(&mut ledger).await.unwrap_or_default()
    }

    /// What the ledger says the program was at.
    async fn state(&self, before: i64, pack: &str, approves: bool) -> &'static str {
        let Some((_folder, mut ledger)) = self.left().await else { return "before it began" };
        let row = sqlx::query(
            "SELECT id, ended_at IS NOT NULL AS ended, (SELECT group_concat(name) FROM stage WHERE run_id = run.id) AS stages,
                    (SELECT COUNT(*) FROM message WHERE state = 'sending') AS sending,
                    (SELECT COUNT(*) FROM message WHERE state = 'pending') AS pending,
                    (SELECT COUNT(*) FROM approval WHERE run_id = run.id AND approved_by IS NOT NULL) AS approved
             FROM run WHERE pack = $1 ORDER BY id DESC LIMIT 1",
        )
        .bind(pack);
        let Ok(Some(row)) = row.fetch_optional(&mut ledger).await else { return "before it began" };
        let [id, ended, sending, pending, approved] =
            ["id", "ended", "sending", "pending", "approved"].map(|name| row.get::<i64, _>(name));
        let stages: Option<String> = row.get("stages");
        match stages.as_deref().unwrap_or_default() {
            _ if approves && approved == 0 => "before the approval",
            _ if sending > 0 => "in a conversation",
            _ if approves && pending > 0 => "between messages",
            _ if approves => "after the last message",
            _ if id <= before => "before it began",
            _ if ended > 0 => "after its end was recorded",
            "" if pack == "returns-open" => "returns",
            "" => "collect",
            "collect" => "evaluate",
            "collect,evaluate" => "render",
            "collect,evaluate,render" => "between messages",
            _ => "before its end was recorded",
        }
    }

    /// Lets it come to its end.
    async fn finish(&mut self, asked: &Asked) -> Output {
        let arguments: Vec<&str> = asked.arguments.iter().map(String::as_str).collect();
        let output = self.system.run(&arguments, &asked.settings).await;
        // What was sent to a process that is dead may still be on its way into the server's book.
        tokio::time::sleep(Duration::from_millis(50)).await;
        for heard in self.system.post.take().into_iter().filter(|heard| heard.is_whole) {
            if heard.commands.iter().any(|line| line.starts_with("RCPT TO:<desk@")) {
                self.alerts += &String::from_utf8_lossy(&heard.text).replace("=\r\n", "");
            } else {
                self.received.push(heard);
            }
        }
        output
    }

    /// As [`Self::finish`], and notes when its stages began.
    async fn time(&mut self, asked: &mut Asked) -> Output {
        let (clock, began) = (SystemTime::now(), Instant::now());
        let output = self.finish(asked).await;
        let took = began.elapsed();
        let (_folder, mut ledger) = self.left().await.unwrap();
        let stages = "SELECT started_at FROM run WHERE id = (SELECT MAX(id) FROM run WHERE pack = $1) UNION ALL
                      SELECT ended_at FROM stage WHERE run_id = (SELECT MAX(id) FROM run WHERE pack = $1)";
        let at: Vec<String> = sqlx::query_scalar(stages).bind(asked.pack).fetch_all(&mut ledger).await.unwrap();
        let at = at.iter().map(|at| SystemTime::from(at.parse::<jiff::Timestamp>().unwrap()));
        // An approval has no stages of its own.
        let own = at.filter_map(|at| at.duration_since(clock).ok());
        asked.instants = [Duration::ZERO].into_iter().chain(own).chain([took]).collect();
        output
    }

    /// All that is promised of messages that were sent, or may have been; how many are held.
    async fn assert_sent(&self, kind: &str, issue: u32, output: &Output) -> usize {
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let told = &self.told;
        let mut got: BTreeMap<String, usize> = BTreeMap::new();
        for heard in &self.received {
            let to = heard.commands.iter().find_map(|line| line.strip_prefix("RCPT TO:<")?.split('>').next()).unwrap();
            *got.entry(to.to_owned()).or_default() += 1;
        }
        let ledger = Ledger::open(&self.system.path("ledger.sqlite")).await.unwrap();
        let quarter = Period::financial_quarter(2026, 2);
        let mut messages = ledger.messages_of(kind, quarter).await.unwrap();
        messages.retain(|message| message.key.issue == issue);
        assert_eq!(messages.len(), RECIPIENTS, "{told}\n{said}");
        let mut held = 0;
        for message in &messages {
            let times = got.get(&message.key.address).copied().unwrap_or_default();
            assert!(times <= 1, "{told}: {} got it {times} times\n{said}", message.key.address);
            match message.state {
                MessageState::Accepted => assert_eq!(times, 1, "{told}: recorded as delivered and not received\n{said}"),
                MessageState::Unknown => held += 1,
                state => panic!("{told}: a message was left {state}\n{said}"),
            }
        }
        // What operators were being told may be held as well.
        let says_held = said.contains(": held, ") || said.contains("is held: it") || said.contains("are held: they");
        assert!(held == 0 || self.alerts.contains("held"), "{told}: {}\n{said}", self.alerts);
        // A server that was killed after it had done all that was due has said it itself.
        let was_done = output.stdout.is_empty() && self.told.contains("Schedule");
        assert!(says_held || held == 0 || was_done, "{told}\n{said}");
        assert_eq!(output.status.code(), Some(if says_held { 3 } else { 0 }), "{told}\n{said}");
        assert_eq!(ledger.unfinished_runs("board-pack", quarter).await.unwrap(), [], "{told}");
        ledger.close().await;
        self.left().await.unwrap();
        let verified = self.system.run(&["archive", "verify"], &[]).await;
        assert!(verified.status.success(), "{told}: {}", String::from_utf8_lossy(&verified.stderr));
        self.assert_one_pack();
        held
    }

    /// Whoever has a pack has the same.
    fn assert_one_pack(&self) {
        let attached = |heard: &Heard| {
            let text = String::from_utf8_lossy(&heard.text).into_owned();
            let (_, part) = text.split_once("Content-Disposition: attachment").unwrap();
            let body = part.split_once("\r\n\r\n").unwrap().1.split("\r\n--").next().unwrap().to_owned();
            sha256(&decode_base64(&body))
        };
        let packs: std::collections::BTreeSet<String> = self.received.iter().map(attached).collect();
        assert!(packs.len() <= 1, "{}: {packs:?}", self.told);
    }

    /// A pack is due on schedule since ten minutes ago.
    async fn has_one_due(&self) {
        let at = jiff::Timestamp::from_second((jiff::Timestamp::now().as_second() - 600) / 60 * 60).unwrap();
        let local = at.to_zoned(jiff::tz::TimeZone::get("Europe/London").unwrap());
        let cron = format!("{} {} * * *", local.minute(), local.hour());
        let schedule = format!("[[schedule]]\nname = \"daily\"\nkind = \"pack\"\ncron = \"{cron}\"\nrecipients = \"board\"\n");
        std::fs::write(self.system.path("config/schedules.toml"), schedule).unwrap();
        let ledger = Ledger::open(&self.system.path("ledger.sqlite")).await.unwrap();
        let before = at - jiff::SignedDuration::from_mins(1);
        ledger.unsettled_since("daily", &format!("{cron} Europe/London"), before).await.unwrap();
        ledger.close().await;
    }

    /// What was cut off again and again has lain for long enough.
    async fn hours_pass(&self) {
        let path = self.system.path("ledger.sqlite");
        let mut ledger = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
        let before = (jiff::Timestamp::now() - jiff::SignedDuration::from_hours(5)).to_string();
        sqlx::query("UPDATE occurrence SET claimed_at = $1").bind(before).execute(&mut ledger).await.unwrap();
        ledger.close().await.unwrap();
    }

    /// One partner with as many contacts as the board has readers owes a figure.
    fn has_a_partner(&self) {
        let contacts: Vec<String> = (0..RECIPIENTS).map(|n| format!("\"reader{n}@example.org\"")).collect();
        let partner = format!(
            "[[partner]]\nid = \"rivers\"\nname = \"Rivers Council\"\nkind = \"council\"\narea = \"X2\"\ncontact = [{}]\n",
            contacts.join(", ")
        );
        std::fs::write(self.system.path("config/partners.toml"), partner).unwrap();
        let measures = self.system.path("config/frameworks/measures/walking.toml");
        let owed = std::fs::read_to_string(&measures).unwrap().replace(
            "{ kind = \"indicator\", source = \"parks\", indicator = \"visits\" }",
            "{ kind = \"return\", partners = [\"council\"] }",
        );
        std::fs::write(&measures, owed).unwrap();
    }

    /// The run whose messages wait, all of them, and nobody has one.
    async fn waiting(&self) -> String {
        assert!(self.received.is_empty(), "{}", self.told);
        let ledger = Ledger::open(&self.system.path("ledger.sqlite")).await.unwrap();
        let messages = ledger.messages_of("board-pack", Period::financial_quarter(2026, 2)).await.unwrap();
        ledger.close().await;
        assert!(messages.len() == RECIPIENTS && messages.iter().all(|m| m.state == MessageState::Waiting), "{}", self.told);
        messages[0].run.to_string()
    }
}

/// The commands of all tasks, timed.
struct Commands {
    pack: Asked,
    correction: Asked,
    to_be_approved: Asked,
    approval: Asked,
    due: Asked,
    request: Asked,
}

impl Commands {
    async fn timed() -> Self {
        const APPROVAL: (&str, &str) = ("PACK__APPROVAL", "true");
        let mut all = Self {
            pack: Asked::new(&["run"], &[]),
            correction: Asked::new(&["run", "--reissue", "A gate was not counted."], &[]),
            to_be_approved: Asked::new(&["run"], &[APPROVAL]),
            approval: Asked::new(&["runs", "approve", "1", "--by", "Avery"], &[APPROVAL]),
            due: Asked::new(&["run", "--due"], &[]),
            request: Asked::new(&["returns", "open"], &[]),
        };
        let mut undisturbed = Rehearsal::new("undisturbed".to_owned()).await;
        let output = undisturbed.time(&mut all.pack).await;
        undisturbed.assert_sent(PACK, 1, &output).await;
        undisturbed.received.clear();
        let output = undisturbed.time(&mut all.correction).await;
        undisturbed.assert_sent(PACK, 2, &output).await;
        let mut undisturbed = Rehearsal::new("undisturbed".to_owned()).await;
        undisturbed.time(&mut all.to_be_approved).await;
        undisturbed.waiting().await;
        let output = undisturbed.time(&mut all.approval).await;
        undisturbed.assert_sent(PACK, 1, &output).await;
        let mut undisturbed = Rehearsal::new("undisturbed".to_owned()).await;
        undisturbed.has_one_due().await;
        let output = undisturbed.time(&mut all.due).await;
        undisturbed.assert_sent(PACK, 1, &output).await;
        let mut undisturbed = Rehearsal::new("undisturbed".to_owned()).await;
        undisturbed.has_a_partner();
        let output = undisturbed.time(&mut all.request).await;
        undisturbed.assert_sent(REQUEST, 1, &output).await;
        all
    }
}

/// Each command of a rehearsal is killed up to three times, and then comes to its end.
async fn kill(kills: usize, seed: u64) {
    let mut seeded = Seeded(seed);
    let commands = Commands::timed().await;
    let (mut landed, mut held, mut rehearsals) = (Landed::new(), 0, 0);
    // One that comes when all is done is none.
    let too_late = |landed: &Landed| landed.get(TOO_LATE).copied().unwrap_or_default();
    while landed.values().sum::<usize>() - too_late(&landed) < kills {
        let task = [Task::Pack, Task::Correction, Task::Approval, Task::Schedule, Task::Returns][rehearsals % 5];
        let mut rehearsal = Rehearsal::new(format!("seed {seed}, {task:?}")).await;
        rehearsals += 1;
        match task {
            Task::Pack => {
                let output = disturbed(&mut rehearsal, &commands.pack, &mut seeded, &mut landed).await;
                held += rehearsal.assert_sent(PACK, 1, &output).await;
            }
            Task::Correction => {
                rehearsal.finish(&commands.pack).await;
                rehearsal.received.clear();
                let output = disturbed(&mut rehearsal, &commands.correction, &mut seeded, &mut landed).await;
                held += rehearsal.assert_sent(PACK, 2, &output).await;
            }
            Task::Approval => {
                disturbed(&mut rehearsal, &commands.to_be_approved, &mut seeded, &mut landed).await;
                let mut approval = commands.approval.clone();
                approval.arguments[2] = rehearsal.waiting().await;
                rehearsal.alerts.clear();
                let output = disturbed(&mut rehearsal, &approval, &mut seeded, &mut landed).await;
                held += rehearsal.assert_sent(PACK, 1, &output).await;
            }
            Task::Schedule => {
                rehearsal.has_one_due().await;
                // A server that is killed, and a timer that is started after it.
                let mut server = commands.due.clone();
                server.arguments = vec!["serve".to_owned()];
                server.settings = vec![("SERVE__LISTEN", "")];
                killed(&mut rehearsal, &server, &mut seeded, &mut landed).await;
                rehearsal.hours_pass().await;
                let output = rehearsal.finish(&commands.due).await;
                held += rehearsal.assert_sent(PACK, 1, &output).await;
            }
            Task::Returns => {
                rehearsal.has_a_partner();
                let output = disturbed(&mut rehearsal, &commands.request, &mut seeded, &mut landed).await;
                held += rehearsal.assert_sent(REQUEST, 1, &output).await;
            }
        }
    }
    println!("{rehearsals} rehearsals, {held} messages held; kills landed: {landed:#?}");
    let missed = too_late(&landed);
    assert!(missed < 2 * kills, "{missed} kills came too late, and {kills} did not");
}

async fn disturbed(rehearsal: &mut Rehearsal, asked: &Asked, seeded: &mut Seeded, landed: &mut Landed) -> Output {
    killed(rehearsal, asked, seeded, landed).await;
    rehearsal.finish(asked).await
}

async fn killed(rehearsal: &mut Rehearsal, asked: &Asked, seeded: &mut Seeded, landed: &mut Landed) {
    for _ in 0..=seeded.next() % 3 {
        let after = asked.instant(seeded);
        let at = rehearsal.kill(asked, after).await;
        rehearsal.told += &format!(", killed after {after:?} ({at})");
        *landed.entry(at).or_default() += 1;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn kills_neither_repeat_nor_lose_messages() {
    kill(10, 20_261_122).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "heavy: 60 kills take minutes"]
async fn heavy_killed_60_times_messages_arrive_once() {
    kill(60, 7).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "heavy: 300 kills take a quarter of an hour"]
async fn heavy_killed_300_times_messages_arrive_once() {
    kill(300, 11).await;
}
