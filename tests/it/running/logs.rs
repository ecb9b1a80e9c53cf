//! What a run logs, at its most talkative: each line says of which run it is, and none has an address, a cell or a secret; nor
//! has what it publishes.

use crate::support::folders::files_below;
use crate::support::public_source::server::{Reply, Server, ok};
use crate::support::published_text::{every_word, words_of};
use crate::support::saved_workbook::{Cell, Workbook as Sheets};
use crate::support::smtp_server::{Act, CA, PostOffice, Script};
use boardpack::period::Period;
use boardpack::return_template::{Answers, FigureAnswer, PartnerHistory, ReturnRequest};
use boardpack::run::{LoadedConfig, QuarterChoice};
use boardpack::settings;
use boardpack::value::Value;
use rust_xlsxwriter::Workbook;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const CELL: &str = "MARKER-CELL-7731";
/// Rules a terminal, ends a line, turns the direction of writing.
const UNSEEN: &str = "\u{1b}[2J\n\u{9b}1m\u{202e}";
const PASSWORD: &str = "MARKER-PASSWORD-4482";

/// A partner's workbook with this in every cell that may hold words.
fn marked(path: &Path) {
    let mut workbook = Workbook::new();
    for name in ["About", "Figures", "Key actions"] {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        for row in 0..6 {
            for column in 0..8 {
                sheet.write(row, column, format!("{CELL} {row} {column}")).unwrap();
            }
        }
    }
    workbook.save(path).unwrap();
}

/// What the files with this ending say, in a folder and those in it; there must be some.
fn files_of(folder: &Path, ending: &str) -> Vec<String> {
    let mut folders = vec![folder.to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|is| is == ending) {
                found.push(String::from_utf8(fs::read(path).unwrap()).unwrap());
            }
        }
    }
    assert!(!found.is_empty());
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn log_lines_name_the_run_and_nothing_private() {
    // A server that says back what it was told, as some do.
    let refusal = "550 5.1.1 <secretary@example.org>: refused, from <secretariat@example.org>, asked by robot@example.org";
    let post = PostOffice::by_turn(move |turn| Script {
        rcpt: Act::Say(if turn == 0 { refusal } else { "250 ok" }),
        ..Script::default()
    });
    let post = post.await;
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let boardpack = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_boardpack"));
        command.args(arguments).current_dir(here).env("BOARDPACK__MAIL__SMTP__PORT", post.port.to_string());
        command
    };
    assert!(boardpack(&["init", "ours"]).output().unwrap().status.success());
    let settings = settings::load(Some(&here.join("ours/boardpack.toml")), &BTreeMap::new()).unwrap();
    let config = LoadedConfig::load(&settings, false, QuarterChoice::default(), jiff::Timestamp::now).unwrap();
    let list = |name: &str, address: &str| format!("[[list]]\nname = {name:?}\n[[list.recipient]]\naddress = {address:?}\n");
    let lists = list("board", "secretary@example.org") + &list("operators", "desk@example.org");
    fs::write(here.join("ours/config/recipients.toml"), lists).unwrap();
    fs::create_dir_all(&settings.paths.returns).unwrap();
    for (n, partner) in config.partners.iter().enumerate() {
        let period = Period::financial_quarter(2026, 2);
        let (framework, areas, earlier) = (&config.framework, &config.areas, &PartnerHistory::new());
        let request = ReturnRequest { framework, areas, partner, period, earlier, secretariat: "", deadline: period.end() };
        let path = settings.paths.returns.join(request.file_name());
        if n == 0 {
            marked(&path.with_file_name(format!("{}{UNSEEN}.xlsx", partner.id)));
            continue;
        }
        let given = FigureAnswer { value: Some(Value::Number(4.2)), ..FigureAnswer::default() };
        let figures = request.figures().iter().map(|asked| (asked.key(), given.clone())).collect();
        fs::write(path, request.workbook(&Answers { figures, ..Answers::default() }).unwrap()).unwrap();
    }
    let mut run = boardpack(&["run", "--period", "2026-27-Q2", "--as-at", "2026-11-20", "--config", "ours/boardpack.toml"]);
    for (name, value) in [
        ("LOG__FORMAT", "json"),
        ("LOG__LEVEL", "trace"),
        ("MAIL__TRANSPORT", "smtp"),
        ("MAIL__FROM", "Secretariat <secretariat@example.org>"),
        ("MAIL__SMTP__HOST", "127.0.0.1"),
        ("MAIL__SMTP__TLS", "none"),
        ("MAIL__SMTP__USERNAME", "robot@example.org"),
        ("MAIL__SMTP__PASSWORD", PASSWORD),
        ("MAIL__ATTEMPTS", "1"),
        ("RETURNS__RECEIPTS", "true"),
        // One of three areas has a figure, which is too little for the whole.
        ("GATES__MEASURES_WITH_FIGURES_PERCENT", "0"),
    ] {
        run.env(format!("BOARDPACK__{name}"), value);
    }
    let output = tokio::task::spawn_blocking(move || run.output().unwrap()).await.unwrap();
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{log}");
    assert_eq!(post.take().len(), 4, "two receipts, a pack and an alert: {log}");
    for marker in [CELL, PASSWORD, "@", "secretary"] {
        assert!(!log.contains(marker), "{marker} is in\n{log}");
    }
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains(r"\u001b[2J\u000a\u009b1m\u202e.xlsx"), "{said}");
    for text in files_of(&settings.paths.output, "csv").into_iter().chain([said, log.clone()]) {
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    }
    let lines: Vec<serde_json::Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let stages = ["collect", "evaluate", "render", "distribute"];
    for stage in stages {
        assert!(lines.iter().any(|line| line["stage"] == stage && line["message"] == "stage ended"), "{stage}: {log}");
    }
    assert!(lines.iter().any(|line| line["level"] == "DEBUG"), "at its most talkative: {log}");
    for line in &lines {
        assert_eq!(line["span"]["run"], 1, "{line}");
    }
}

/// With what an address and base64 write otherwise.
const SIGNING_IN: &str = "pass/wörd+77=&MARK";
/// Marks and controls that turn the direction of writing, one of each kind.
const TURNS: &str = "\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{200e}\u{200f}\u{61c}";
/// Who filled in a return stands in the packs, beside the file, and in no log.
const PERSON: &str = "P4t Marker";
const KEY: &str = "kEy+91/b=MARK";
const NAMES: [&str; 4] = ["ch4ir-of-board", "m4rk-of-trust", "m4rk-of-city", "m4rk-of-county"];

/// The forms in which a text may come by: as it is, as an address or JSON or HTML has it, and in base64, wherever it begins.
fn forms(secret: &str) -> Vec<String> {
    let encoded = |small: bool| {
        let digits = |byte: u8| if small { format!("%{byte:02x}") } else { format!("%{byte:02X}") };
        secret
            .bytes()
            .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { digits(byte) })
            .collect()
    };
    let mut forms = vec![
        secret.to_owned(),
        encoded(false),
        encoded(true),
        secret.replace('&', "&amp;"),
        format!("{secret:?}").trim_matches('"').to_owned(),
    ];
    for before in 0..3 {
        let text = base64(&["xyz".as_bytes()[..before].to_vec(), secret.as_bytes().to_vec()].concat());
        // Less the digits that are shared with what stands before and after.
        forms.push(text[before * 8 / 6 + usize::from(before > 0)..text.len() - 4].to_owned());
    }
    forms
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0u32, |bits, byte| (bits << 8) | u32::from(*byte)) << (8 * (3 - three.len()));
        text.extend((0..4).map(|digit| char::from(DIGITS[(bits >> (18 - 6 * digit)) as usize & 63])));
    }
    text
}

/// Every file below a folder, by all that it says: unpacked, with the streams of PDFs as they are.
fn all_of(folder: &Path) -> Vec<(String, String)> {
    let mut said: Vec<(String, String)> =
        every_word(folder).into_iter().map(|(path, words)| (path.display().to_string(), words)).collect();
    for path in files_below(folder) {
        let bytes = fs::read(&path).unwrap();
        let mut text = String::from_utf8_lossy(&bytes).into_owned();
        if bytes.starts_with(b"%PDF") {
            let file = lopdf::Document::load_mem(&bytes).unwrap();
            for stream in file.objects.values().filter_map(|object| object.as_stream().ok()) {
                text += &String::from_utf8_lossy(&stream.decompressed_content().unwrap_or_default());
            }
        } else if bytes.starts_with(&[0x1f, 0x8b]) {
            let mut unpacked = Vec::new();
            std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&bytes[..]), &mut unpacked).unwrap();
            text = String::from_utf8_lossy(&unpacked).into_owned();
        }
        said.push((path.display().to_string(), text + &path.display().to_string()));
    }
    said
}

#[track_caller]
fn assert_none(markers: &[String], said: &[(String, String)]) {
    for (place, words) in said {
        for marker in markers {
            let at = words.find(marker.as_str());
            let around =
                at.map(|at| String::from_utf8_lossy(&words.as_bytes()[at.saturating_sub(150)..(at + 150).min(words.len())]));
            assert!(at.is_none(), "{marker} is in {place}: …{}…", around.unwrap_or_default());
        }
    }
}

/// A partnership whose every party is known by a marker: who is written to, who returns, what was returned, what lets it in.
struct Marked {
    folder: tempfile::TempDir,
    post: PostOffice,
    source: Server,
}

impl Marked {
    async fn new() -> Self {
        // What a server says back on refusing, it may have been told before.
        let echo = "550 5.1.1 <ch4ir-of-board@example.org> is not known, pass/wörd+77=&MARK";
        let upgrading = Script::upgrading();
        let post =
            PostOffice::by_turn(move |turn| Script { rcpt: Act::Say(if turn == 3 { echo } else { "250 ok" }), ..upgrading })
                .await;
        let row = |quarter: &str, value: u32| format!("{{\"a\": \"our-city\", \"p\": \"2026/27 {quarter}\", \"v\": {value}}}");
        let rows = |text: &str, next: &str| ok(format!("{{\"next\": \"{next}\", \"rows\": [{text}]}}"));
        let first = rows(&row("Q1", 930), "d?page=2&key=kEy%2B91/b%3DMARK");
        let source = Server::with_tls(
            vec![first, rows(&row("Q2", 950), ""), Reply::Proper(403, Vec::new(), format!("no key {KEY}").into_bytes())],
            "localhost.pem",
        )
        .await;
        let system = Self { folder: tempfile::tempdir().unwrap(), post, source };
        assert_eq!(system.boardpack(&["init", "."]).await.status.code(), Some(0));
        system.configure();
        system.fill_in();
        system
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.folder.path().join(path)
    }

    fn configure(&self) {
        let add =
            |file: &str, text: &str| fs::write(self.path(file), fs::read_to_string(self.path(file)).unwrap() + text).unwrap();
        add(
            "config/frameworks/measures/ours.toml",
            "\n[[measure]]\nid = \"park-visits\"\ntitle = \"Visits to parks\"\ndefinition = \"Visits counted at the gates.\"\n\
             unit = \"count\"\nstatistic = \"count\"\npolarity = \"high\"\nyear = \"financial\"\ncadence_months = 3\n\
             publication_lag_months = 0\nsource = { kind = \"indicator\", source = \"parks\", indicator = \"visits\" }\nparts = [\"our-city\"]\n",
        );
        add(
            "config/frameworks/first/edition.toml",
            "\n[[ambition]]\nid = \"walking\"\npriority = \"workforce\"\nstatement = \"More of us walk\"\n[[ambition.measure]]\n\
             id = \"park-visits\"\ntarget = { kind = \"level\", value = 1000, baseline = { period = \"2026/27 Q1\", value = 900 } }\n",
        );
        let list = |name: &str, address: &str| {
            format!("[[list]]\nname = {name:?}\n[[list.recipient]]\naddress = \"{address}@example.org\"\n")
        };
        fs::write(self.path("config/recipients.toml"), list("board", NAMES[0]) + &list("operators", NAMES[0])).unwrap();
        let partners = fs::read_to_string(self.path("config/partners.toml")).unwrap();
        let partners = ["trust", "city", "county"].iter().zip(&NAMES[1..]).fold(partners, |text, (partner, name)| {
            text.replace(&format!("returns@{partner}.example.org"), &format!("{name}@example.org"))
        });
        fs::write(self.path("config/partners.toml"), partners).unwrap();
        fs::write(self.path("key"), KEY).unwrap();
        fs::write(self.path("password"), SIGNING_IN).unwrap();
        let settings = fs::read_to_string(self.path("boardpack.toml")).unwrap();
        let settings = settings
            .split("[mail]")
            .next()
            .unwrap()
            .replace("[pack]", "[pack]\napproval = true\nas_at = \"2026-11-20\"\nperiod = \"2026-27-Q2\"");
        let more = format!(
            "[returns]\nreceipts = true\n[gates]\nmeasures_with_figures_percent = 0\nreturns_accepted_percent = 0\n\
             [log]\nlevel = \"trace\"\n[fetch]\nca_file = {CA:?}\nattempts = 1\nrequests_per_second = 0\n\
             [mail]\ntransport = \"smtp\"\nfrom = \"Secretariat <secretariat@example.org>\"\nattempts = 1\nmessages_per_minute = 1000\n\
             [mail.smtp]\nhost = \"localhost\"\nport = {}\ntls = \"starttls\"\nca_file = {CA:?}\nusername = \"r0bot-of-mail@example.org\"\npassword_file = \"password\"\n\
             [sources.parks]\nkind = \"api\"\npublisher = \"Rivers\"\nlicence = \"made up\"\nbase_url = {:?}\n[sources.parks.api]\n\
             request = \"d?i={{indicator}}&key={{secret}}\"\nformat = \"json\"\nrows = \"/rows\"\nnext = \"/next\"\n\
             headers = {{ Authorization = \"Bearer {{secret}}\" }}\nsecret_file = \"key\"\n\
             [sources.parks.columns]\narea = \"/a\"\nperiod = \"/p\"\nvalue = \"/v\"\n",
            self.post.port, self.source.base
        );
        fs::write(self.path("boardpack.toml"), settings + &more).unwrap();
    }

    /// The trust's is sound and says what nobody sees; the city's figure is a text; in the county's workbook every cell is a text.
    fn fill_in(&self) {
        let settings = settings::load(Some(&self.path("boardpack.toml")), &BTreeMap::new()).unwrap();
        let config = LoadedConfig::load(&settings, false, QuarterChoice::default(), jiff::Timestamp::now).unwrap();
        for partner in &config.partners {
            let period = Period::financial_quarter(2026, 2);
            let (framework, areas, earlier) = (&config.framework, &config.areas, &PartnerHistory::new());
            let request = ReturnRequest { framework, areas, partner, period, earlier, secretariat: "", deadline: period.end() };
            let path = self.path("returns").join(request.file_name());
            if partner.id == "county" {
                marked(&path);
                continue;
            }
            let given = FigureAnswer { numerator: Some(42.0), denominator: Some(1000.0), ..FigureAnswer::default() };
            let figures = request.figures().iter().map(|asked| (asked.key(), given.clone())).collect();
            let mut workbook = Sheets::open(&request.workbook(&Answers { figures, ..Answers::default() }).unwrap());
            if partner.id == "city" {
                for sheet in &mut workbook.sheets {
                    for cell in sheet.cells.values_mut().filter(|cell| **cell == Cell::Number(42.0)) {
                        *cell = Cell::Text(format!("42 {CELL}"));
                    }
                }
                fs::write(path, workbook.as_xlsx()).unwrap();
                continue;
            }
            workbook.sheet("About").unwrap().write_beside("Completed by", &format!("{PERSON}{UNSEEN}{TURNS}"));
            let actions = workbook.sheet("Key actions").unwrap();
            let (row, _) = actions.find("wellbeing-plan").unwrap();
            for (heading, said) in [("Status", "On track".to_owned()), ("Commentary", format!("All is w{TURNS}ell."))] {
                let (_, column) = actions.find(heading).unwrap();
                actions.cells.insert((row, column), Cell::Text(said));
            }
            let path = self.path("returns/trust").join(format!("Q2 {UNSEEN}{TURNS}.xlsx"));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, workbook.as_xlsx()).unwrap();
        }
    }

    async fn boardpack(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_boardpack"));
        command.args(arguments).current_dir(self.folder.path()).env("RUST_LOG", "trace");
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_and_publications_hold_no_secret() {
    let system = Marked::new().await;
    let mut logs = Vec::new();
    let mut seen = String::new();
    for (code, arguments) in [
        (0, &["config", "check"][..]),
        (0, &["config", "show"]),
        (0, &["indicators", "fetch"]),
        (0, &["returns", "open"]),
        // One of its receipts was refused.
        (3, &["returns", "collect"]),
        (3, &["run"]),
        (0, &["runs", "approve", "3", "--by", "The secretary"]),
        (0, &["returns", "remind"]),
        // The source answers no more, and says the key back.
        (3, &["evaluate", "--format", "json"]),
        (0, &["runs", "list"]),
        (0, &["ledger", "backup", "copy.sqlite"]),
    ] {
        let output = system.boardpack(arguments).await;
        let log = String::from_utf8_lossy(&output.stderr).into_owned();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments:?}: {said}{}",
            log.lines().rev().take(12).collect::<Vec<_>>().join("\n")
        );
        seen += &said;
        logs.push((format!("the log of {arguments:?}"), log));
    }
    assert!(logs.iter().any(|(_, log)| log.contains("TRACE")), "at its most talkative");
    let heard = system.post.take();
    let texts: Vec<String> = heard.iter().map(|heard| String::from_utf8_lossy(&heard.text).into_owned()).collect();
    assert!(heard.iter().all(|heard| heard.is_secured && heard.commands.iter().any(|line| line.starts_with("AUTH"))));
    for subject in [
        "Outcomes framework brief",
        "overdue since",
        "your return for",
        "a pack waits for approval",
        "not every message about returns was sent",
    ] {
        assert!(texts.iter().any(|text| text.contains(subject)), "{subject}");
    }
    assert!(system.source.last_asked().contains(&format!("authorization: Bearer {KEY}\n")), "{}", system.source.last_asked());

    let secrets: Vec<String> = [SIGNING_IN, KEY].into_iter().flat_map(forms).collect();
    let names: Vec<String> = NAMES.into_iter().chain(["r0bot-of-mail"]).flat_map(forms).collect();
    // They are known for what they are where they do stand.
    let signed_in = heard[0].commands.iter().find(|line| line.starts_with("AUTH")).unwrap();
    assert!(secrets.iter().any(|form| signed_in.contains(form.as_str())), "{signed_in}");
    assert!(secrets.iter().any(|form| system.source.last_asked().lines().next().unwrap().contains(form.as_str())));
    let cells = forms(CELL);
    assert_none(&[&secrets[..], &names, &cells, &forms(PERSON)].concat(), &logs);
    assert_none(&secrets, &[("what was printed".to_owned(), seen.clone())]);
    let published = all_of(&system.path("packs"));
    assert!(published.len() > 20 && published.iter().any(|(path, _)| path.ends_with(".pdf")), "{}", published.len());
    assert_none(&[&secrets[..], &names, &cells].concat(), &published);
    let mut kept = all_of(&system.path("state"));
    assert!(kept.iter().any(|(path, words)| path.ends_with("ledger.sqlite") && words.contains(NAMES[0])));
    kept.extend(texts.into_iter().map(|text| ("a message".to_owned(), text)));
    assert_none(&secrets, &kept);
    // What nobody sees is left out of pages and written out elsewhere: file names, names and words of partners.
    let written_out = TURNS.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect::<String>();
    let mut told: Vec<(String, String)> =
        every_word(&system.path("packs")).into_iter().map(|(path, words)| (path.display().to_string(), words)).collect();
    told.extend(heard.iter().map(|heard| ("a message".to_owned(), words_of("a.eml", &heard.text))));
    told.extend(logs);
    told.push(("what was printed".to_owned(), seen));
    let pages = ["pdf", "html"].map(|kind| (kind, true));
    let others = ["csv", "xlsx", "ods", "json", "message", "printed"].map(|kind| (kind, false));
    for (kind, is_page) in pages.into_iter().chain(others) {
        let of_kind = || told.iter().filter(|(place, _)| place.ends_with(kind)).map(|(_, words)| words.replace("\\\\u", "\\u"));
        let has = |text: &str| of_kind().any(|words| words.contains(text));
        assert!(has(PERSON), "{kind}");
        // Names of files are written out where they are met.
        assert!(has(&written_out), "{kind}");
        assert!(
            matches!(kind, "json" | "message" | "printed")
                || has(&if is_page { "All is well.".to_owned() } else { format!("All is w{written_out}ell.") }),
            "{kind}"
        );
    }
    assert_none(&TURNS.chars().chain(['\u{9b}']).map(String::from).collect::<Vec<_>>(), &told);
    // Only what is in files has addresses, and no file is named by one.
    for path in files_below(&system.path("state")) {
        assert!(!NAMES.iter().any(|name| path.display().to_string().contains(name)), "{}", path.display());
    }
}
