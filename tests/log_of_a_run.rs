//! What a run logs, at its most talkative: each line says of which run it is, and none has an address, a cell or a secret.

mod smtp_server;

use boardpack::ask::{Answers, Earlier, Figure, Request};
use boardpack::period::Period;
use boardpack::run::{Materials, When};
use boardpack::settings;
use boardpack::value::Value;
use rust_xlsxwriter::Workbook;
use smtp_server::{Act, PostOffice, Script};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

const CELL: &str = "MARKER-CELL-7731";
/// Rules a terminal, ends a line, turns the direction of writing.
const UNSEEN: &str = "\u{1b}[2J\n\u{202e}";
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
async fn every_line_of_a_runs_log_names_the_run_and_none_an_address_a_cell_or_a_secret() {
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
    let materials = Materials::load(&settings, false, When::default(), jiff::Timestamp::now).unwrap();
    let list = |name: &str, address: &str| format!("[[list]]\nname = {name:?}\n[[list.recipient]]\naddress = {address:?}\n");
    let lists = list("board", "secretary@example.org") + &list("operators", "desk@example.org");
    fs::write(here.join("ours/config/recipients.toml"), lists).unwrap();
    fs::create_dir_all(&settings.paths.returns).unwrap();
    for (n, partner) in materials.partners.iter().enumerate() {
        let period = Period::financial_quarter(2026, 2);
        let (framework, areas, earlier) = (&materials.framework, &materials.areas, &Earlier::new());
        let request = Request { framework, areas, partner, period, earlier, secretariat: "", deadline: period.end() };
        let path = settings.paths.returns.join(request.file_name());
        if n == 0 {
            marked(&path.with_file_name(format!("{}{UNSEEN}.xlsx", partner.id)));
            continue;
        }
        let given = Figure { value: Some(Value::Number(4.2)), ..Figure::default() };
        let figures = request.figures().iter().map(|asked| ((asked.series.clone(), asked.period), given.clone())).collect();
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
    assert!(said.contains(r"\u001b[2J\u000a\u202e.xlsx"), "{said}");
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
