//! The whole program, as a person starts it: the demonstration, and what it says when something is wrong.

use crate::support::demo::{Demo, assert_exit, text};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};
use std::thread;
use std::time::{Duration, Instant};

#[test]
fn the_demonstration_sends_its_pack_once() {
    let demo = Demo::new();
    let first = demo.run(&[]);
    assert_exit(&first, 0);
    let pdf = demo.pdf();
    let messages = demo.files("eml");
    assert_eq!(messages.len(), 1, "{}", text(&first));
    let message = fs::read(&messages[0]).unwrap();
    let judged: serde_json::Value = serde_json::from_slice(&fs::read(demo.pack().join("assessments.json")).unwrap()).unwrap();
    assert_eq!(judged["ambitions"].as_array().unwrap().len(), 52);
    assert!(judged["assessments"].as_array().unwrap().len() > 100);

    // Again, from the same ledger: the same pack, and no second message, for the first reached nobody.
    let second = demo.run(&[]);
    assert_exit(&second, 0);
    assert_eq!(demo.pdf(), pdf);
    assert_eq!(demo.files("eml"), messages);
    assert!(text(&second).contains("written, not sent"), "{}", text(&second));

    // From an empty ledger, another folder, another time zone and another language: the same bytes.
    let other = Demo::new();
    let output =
        other.command(&["run"]).env("TZ", "Pacific/Auckland").env("LC_ALL", "de_DE.UTF-8").env("LANG", "de_DE.UTF-8").output();
    assert_exit(&output.unwrap(), 0);
    assert_eq!(other.pdf(), pdf);
    let identity = |message: &[u8]| {
        let text = String::from_utf8_lossy(message).into_owned();
        text.lines().find(|line| line.starts_with("Message-ID:")).map(str::to_owned)
    };
    assert_eq!(identity(&fs::read(&other.files("eml")[0]).unwrap()), identity(&message));
}

/// The rights of every file and folder below one, by their paths from there.
#[cfg(target_os = "linux")]
fn rights(below: &Path) -> BTreeMap<String, u32> {
    use std::os::unix::fs::PermissionsExt;
    let mut found = BTreeMap::new();
    assert!(below.is_dir(), "{}", below.display());
    let mut open = vec![below.to_owned()];
    while let Some(path) = open.pop() {
        let entry = fs::metadata(&path).unwrap();
        found.insert(path.strip_prefix(below).unwrap().display().to_string(), entry.permissions().mode() & 0o777);
        if entry.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
    }
    found
}

/// As a person's shell with that umask starts it.
#[cfg(target_os = "linux")]
fn with_umask(umask: &str, program: &Command) -> Output {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("umask {umask}; exec \"$0\" \"$@\"")]).arg(program.get_program()).args(program.get_args());
    shell.current_dir(program.get_current_dir().unwrap());
    shell.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.output().unwrap()
}

#[cfg(target_os = "linux")]
#[track_caller]
fn assert_is_its_owners_alone(state: &Path) {
    let rights = rights(state);
    for (path, rights) in &rights {
        let expected = if state.join(path).is_dir() { 0o700 } else { 0o600 };
        assert_eq!(*rights, expected, "{path}: {rights:o}");
    }
    let has = |begins: &str, ends: &str| rights.keys().any(|path| path.starts_with(begins) && path.ends_with(ends));
    assert!(has("ledger.sqlite", "") && has("archive/", "") && has("messages/2026-27-Q2/", ".eml"), "{rights:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn private_files_ignore_the_umask() {
    for (umask, file, folder) in [("000", 0o666, 0o777), ("027", 0o640, 0o750)] {
        let demo = Demo::new();
        assert_exit(&with_umask(umask, &demo.command(&["run"])), 0);
        assert_is_its_owners_alone(&demo.path("state"));
        for (path, rights) in rights(&demo.path("out")) {
            let expected = match demo.path("out").join(&path).is_dir() {
                true => folder,
                false if path.starts_with(".boardpack-ledger") => 0o600,
                false => file,
            };
            assert_eq!(rights, expected, "{path} with umask {umask}: {rights:o}");
        }
        // Among the packs there is nothing but what is there to be read.
        let kinds: BTreeSet<_> =
            rights(&demo.path("out")).into_keys().filter_map(|path| Some(path.rsplit_once('.')?.1.to_owned())).collect();
        assert_eq!(kinds, ["csv", "html", "json", "ods", "pdf", "xlsx"].map(str::to_owned).into(), "umask {umask}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn files_open_to_others_become_private() {
    use std::os::unix::fs::PermissionsExt;
    let demo = Demo::new();
    let open = |path: &Path, rights| fs::set_permissions(path, fs::Permissions::from_mode(rights)).unwrap();
    // As an administrator makes it, or a volume of Docker is.
    fs::create_dir_all(demo.path("state/archive/ab")).unwrap();
    for folder in ["state", "state/archive", "state/archive/ab"] {
        open(&demo.path(folder), 0o777);
    }
    assert_exit(&with_umask("000", &demo.command(&["run"])), 0);
    assert_is_its_owners_alone(&demo.path("state"));
    for path in rights(&demo.path("state")).into_keys().map(|path| demo.path("state").join(path)) {
        open(&path, if path.is_dir() { 0o755 } else { 0o644 });
    }
    assert_exit(&with_umask("022", &demo.command(&["run"])), 0);
    assert_is_its_owners_alone(&demo.path("state"));
}

#[cfg(target_os = "linux")]
#[test]
fn files_fetched_first_are_private() {
    let demo = Demo::new();
    assert_exit(&with_umask("000", &demo.command(&["indicators", "fetch", "--measure", "life-expectancy-female"])), 0);
    for (path, rights) in rights(&demo.path("state")) {
        assert_eq!(rights & 0o077, 0, "{path}: {rights:o}");
    }
    // A run finds no ledger, and is the first.
    assert_exit(&demo.run(&["--no-send"]), 0);
}

#[test]
fn runs_without_sending_make_no_message() {
    let demo = Demo::new();
    assert_exit(&demo.run(&["--no-send", "--out", "elsewhere"]), 0);
    assert!(demo.path("elsewhere/2026-27-Q2/board-pack-2026-27-Q2.pdf").exists());
    assert!(!demo.pack().exists());
}

#[test]
fn illustrative_figures_are_not_sent_by_default() {
    let demo = Demo::new();
    let output = demo.command(&["run"]).env("BOARDPACK__PACK__ALLOW_ILLUSTRATIVE", "false").output().unwrap();
    assert_exit(&output, 3);
    assert!(text(&output).contains("illustrative figures"), "{}", text(&output));
    assert!(demo.files("eml").is_empty());
}

#[test]
fn errors_have_one_line_and_an_exit_code() {
    for (arguments, variables, code, says) in [
        (vec!["run", "--period", "2026-Q9"], vec![], 64, "--period: \"2026-Q9\" is not a financial quarter"),
        (vec!["run", "--period", "2026-27-Q4"], vec![], 64, "2026-27-Q4 ends on 2027-03-31, which is not before 2026-11-20"),
        (vec!["run", "--as-at", "tomorrow"], vec![], 64, "--as-at: \"tomorrow\" is not a date"),
        (vec!["run", "--to", "nobody"], vec![], 64, "--to:"),
        (
            vec!["run"],
            vec![("BOARDPACK__MAIL__TRANSPROT", "smtp")],
            78,
            "BOARDPACK__MAIL__TRANSPROT, mail.transprot: there is no such setting",
        ),
        (vec!["run"], vec![("BOARDPACK__PACK__EDITION", "1066")], 78, "1066"),
        (vec!["run"], vec![("BOARDPACK__PACK__RECIPIENTS", "nobody")], 78, "there is no list \"nobody\""),
        (vec!["run"], vec![("BOARDPACK__PACK__AS_AT", "soon")], 78, "pack.as_at: \"soon\" is not a date"),
        (
            vec!["config", "check"],
            vec![
                ("BOARDPACK__MAIL__TRANSPORT", "smtp"),
                ("BOARDPACK__MAIL__SMTP__TLS", "none"),
                ("BOARDPACK__MAIL__SMTP__HOST", "smtp.example.org"),
            ],
            78,
            "mail.smtp.tls",
        ),
        (
            vec!["run"],
            vec![("BOARDPACK__PATHS__LEDGER", "/proc/no/ledger.sqlite")],
            69,
            "/proc/no/ledger.sqlite cannot be opened",
        ),
        (vec!["health"], vec![], 69, "nothing has been run yet: there is no ledger"),
    ] {
        let demo = Demo::new();
        let output = demo.command(&arguments).envs(variables).output().unwrap();
        assert_exit(&output, code);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(errors.lines().any(|line| line.starts_with("error: ") && line.contains(says)), "{says:?} is not in:\n{errors}");
    }
}

#[test]
fn a_missing_settings_file_is_told() {
    let output =
        Command::new(env!("CARGO_BIN_EXE_boardpack")).args(["config", "show", "--config", "no/such.toml"]).output().unwrap();
    assert_exit(&output, 78);
    assert!(text(&output).contains("error: no/such.toml: the settings file cannot be read"), "{}", text(&output));
}

#[test]
fn all_configuration_faults_are_told_at_once() {
    let demo = Demo::new();
    fs::write(
        demo.path("examples/demo/config/recipients.toml"),
        "[[list]]\nname = \"board\"\n[[list.recipient]]\nname = \"A\"\naddress = \"nowhere\"\n",
    )
    .unwrap();
    fs::write(demo.path("examples/demo/config/areas.toml"), "[[area]]\ncode = \"E1\"\n").unwrap();
    fs::write(demo.path("examples/demo/config/partners.toml"), "[[partner]]\nidd = \"x\"\n").unwrap();
    let output = demo.command(&["config", "check"]).output().unwrap();
    assert_exit(&output, 78);
    for file in ["recipients.toml", "areas.toml", "partners.toml"] {
        assert!(text(&output).contains(file), "{file} is not in:\n{}", text(&output));
    }
}

#[test]
fn unreadable_workbooks_do_not_stop_runs() {
    let demo = Demo::new();
    let workbook = demo.path("examples/demo/returns/sfh_2026-27-Q2.xlsx");
    assert!(workbook.exists());
    fs::write(&workbook, "this is not a workbook").unwrap();
    let output = demo.run(&["--no-send"]);
    assert_exit(&output, 0);
    assert!(text(&output).contains("sfh_2026-27-Q2.xlsx"), "{}", text(&output));
}

#[test]
fn html_recordings_make_runs_partial() {
    let demo = Demo::new();
    let recording = demo.path("examples/demo/indicators/fingertips/90366_life_expectancy_at_birth.csv");
    assert!(recording.exists());
    fs::write(&recording, "<!DOCTYPE html><html><body>Service unavailable</body></html>").unwrap();
    let output = demo.run(&["--no-send"]);
    assert_exit(&output, 3);
    assert!(text(&output).contains("a web page") && text(&output).contains("90366"), "{}", text(&output));
}

#[test]
fn without_one_figure_there_is_no_pack() {
    let demo = Demo::new();
    fs::remove_dir_all(demo.path("examples/demo/returns")).unwrap();
    fs::create_dir(demo.path("examples/demo/returns")).unwrap();
    fs::remove_dir_all(demo.path("examples/demo/indicators")).unwrap();
    let output = demo.run(&[]);
    assert_exit(&output, 65);
    assert!(!demo.pack().exists());
}

/// Runs the demonstration against a server that does `serve` with each connection.
fn run_with_server(serve: fn(std::net::TcpStream), deadline: &str) -> (Demo, Output) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    thread::spawn(move || listener.incoming().flatten().for_each(serve));
    let demo = Demo::new();
    let output = demo
        .command(&["run"])
        .env("BOARDPACK__MAIL__TRANSPORT", "smtp")
        .env("BOARDPACK__MAIL__SMTP__HOST", "127.0.0.1")
        .env("BOARDPACK__MAIL__SMTP__TLS", "none")
        .env("BOARDPACK__MAIL__SMTP__PORT", port)
        .env("BOARDPACK__MAIL__SMTP__DEADLINE_SECONDS", deadline)
        .env("BOARDPACK__MAIL__FIRST_RETRY_SECONDS", "0")
        .output()
        .unwrap();
    (demo, output)
}

#[test]
fn a_refusing_mail_server_leaves_the_pack() {
    let (demo, output) = run_with_server(|mut stream| drop(stream.write_all(b"554 5.7.1 not today\r\n")), "10");
    assert_exit(&output, 3);
    assert!(
        text(&output).contains("board@example.org: not delivered") && text(&output).contains("not today"),
        "{}",
        text(&output)
    );
    assert!(!demo.pdf().is_empty());
}

#[test]
fn silent_mail_servers_meet_the_deadline() {
    let (_demo, output) = run_with_server(|mut stream| drop(stream.read(&mut [0; 1])), "1");
    assert_exit(&output, 3);
    assert!(text(&output).contains("board@example.org: not delivered"), "{}", text(&output));
}

#[test]
fn servers_make_up_missed_runs_and_stop_cleanly() {
    let demo = Demo::new();
    let schedule = "[[schedule]]\nname = \"daily\"\nkind = \"pack\"\ncron = \"0 7 * * *\"\nrecipients = \"board\"\n";
    fs::write(demo.path("examples/demo/config/schedules.toml"), schedule).unwrap();
    // The schedule was first seen two days ago, so that a time of it has passed.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let ledger = boardpack::store::Ledger::open(&demo.path("state/ledger.sqlite")).await.unwrap();
        let seen = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(48);
        ledger.unsettled_since("daily", "0 7 * * * Europe/London", seen).await.unwrap();
        ledger.close().await;
    });
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut serve = demo.command(&["serve"]);
    serve.env("BOARDPACK__SERVE__LISTEN", address.to_string());
    let mut server = serve.stderr(std::process::Stdio::piped()).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(120);
    while demo.files("eml").is_empty() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(100));
    }
    let healthy = demo.command(&["health"]).output().unwrap();
    let mut ready = String::new();
    let mut watcher = std::net::TcpStream::connect(address).unwrap();
    watcher.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    watcher.read_to_string(&mut ready).unwrap();
    let stopping = Instant::now();
    assert!(Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap().success());
    let status = server.wait().unwrap();
    let took = stopping.elapsed();
    let mut log = String::new();
    server.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(took < Duration::from_secs(10), "{took:?}\n{log}");
    assert_exit(&healthy, 0);
    assert!(ready.starts_with("HTTP/1.1 200"), "{ready}");
    assert_eq!(demo.files("eml").len(), 1, "{log}");
}

#[test]
fn a_server_without_a_schedule_says_so() {
    let output = Demo::new().command(&["serve"]).output().unwrap();
    assert_exit(&output, 78);
    assert!(text(&output).contains("there is no schedule to serve"), "{}", text(&output));
}

/// What a program of the machine prints, given the pack's path as its last argument.
fn read_by(program: &str, arguments: &[&str], demo: &Demo) -> String {
    let output =
        Command::new(program).args(arguments).arg(demo.pack().join("board-pack-2026-27-Q2.pdf")).arg("-").output().unwrap();
    assert!(output.status.success(), "{program}: {}", text(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
#[ignore = "heavy: needs qpdf and poppler"]
fn heavy_pdf_readers_find_packs_whole() {
    let demo = Demo::new();
    assert_exit(&demo.run(&["--no-send"]), 0);
    let pdf = demo.pack().join("board-pack-2026-27-Q2.pdf");
    let checked = Command::new("qpdf").arg("--check").arg(&pdf).output().unwrap();
    assert_exit(&checked, 0);
    let structure = Command::new("pdfinfo").arg("-struct-text").arg(&pdf).output().unwrap();
    let structure = String::from_utf8_lossy(&structure.stdout).into_owned();
    for element in ["H1", "H2", "H3", "Table", "TH", "TD", "Figure", "Link", "LI"] {
        assert!(structure.lines().any(|line| line.trim_start().starts_with(element)), "no {element}");
    }
    let words = read_by("pdftotext", &["-layout"], &demo);
    let row = |area: &str, period: &str, value: &str| {
        let found = words.lines().any(|line| {
            let cells: Vec<&str> = line.split_whitespace().collect();
            cells.first() == Some(&area) && cells.windows(2).any(|pair| pair == [period, value])
        });
        assert!(found, "{area} {period} {value}");
    };
    // A cell may take two lines, of which -layout shows the first.
    // Life expectancy of females and of males, healthy life expectancy, and Year 6 overweight, in Nottingham.
    row("Nottingham", "2023–25", "80.8");
    row("Nottingham", "2023–25", "76.6");
    row("Nottingham", "2022–24", "55.3");
    row("Nottingham", "2024/25", "40.1");
    let cells = read_by("pdftotext", &["-raw"], &demo).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(cells.contains("2022–24 55.3 51.8 to 58.7"), "the limits of healthy life expectancy");
    assert!(words.contains("Source: OHID Fingertips, Life expectancy at birth, retrieved 2 November 2026, figures for 2023–25."));
    let saved = demo.pack().join("attached");
    fs::create_dir(&saved).unwrap();
    assert_exit(&Command::new("pdfdetach").args(["-saveall", "-o"]).args([&saved, &pdf]).output().unwrap(), 0);
    for name in ["series.csv", "breakdowns.csv", "slopes.csv"] {
        let data = fs::read(demo.pack().join("data").join(name)).unwrap();
        assert!(fs::read(saved.join(name)).unwrap() == data, "{name} within the PDF is the annex's, byte for byte");
    }
}
