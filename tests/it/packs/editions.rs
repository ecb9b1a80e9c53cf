//! The packs of a run: of the whole and of its parts, as PDF and as HTML, made again from what is kept.

use crate::support::demo::{Demo, assert_exit, text};
use crate::support::folders::files_below;
use boardpack::archive::sha256;
use flate2::read::GzDecoder;
use page_validation::{ValidationOptions, ValidationProfile, validate_pdf_bytes};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

fn manifest(demo: &Demo) -> Json {
    serde_json::from_slice(&fs::read(demo.pack().join("manifest.json")).unwrap()).unwrap()
}

fn whole(demo: &Demo) {
    assert_exit(&demo.whole_command(&["run", "--no-send"]).output().unwrap(), 0);
}

#[test]
fn all_demonstration_packs_are_accessible() {
    let demo = Demo::new();
    whole(&demo);
    let packs = demo.files("pdf");
    let names: Vec<_> = packs.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(
        names,
        [
            "board-brief-2026-27-Q2.pdf",
            "evidence-2026-27-Q2.pdf",
            "place-brief-2026-27-Q2-place-bassetlaw.pdf",
            "place-brief-2026-27-Q2-place-mid-nottinghamshire.pdf",
            "place-brief-2026-27-Q2-place-nottingham-city.pdf",
            "place-brief-2026-27-Q2-place-south-nottinghamshire.pdf",
            "public-summary-2026-27-Q2.pdf",
        ]
    );
    for pack in packs {
        let pdf = fs::read(&pack).unwrap();
        for profile in [ValidationProfile::PdfUa1, ValidationProfile::PdfA3a] {
            let report = validate_pdf_bytes(&pdf, &ValidationOptions::default().profile(profile)).unwrap();
            assert!(report.failures.is_empty(), "{}: {report}", pack.display());
        }
    }
}

#[test]
fn place_packs_hold_only_their_own_figures() {
    let demo = Demo::new();
    whole(&demo);
    let html = |stem: &str| fs::read_to_string(demo.pack().join(format!("{stem}.html"))).unwrap();
    let south = html("place-brief-2026-27-Q2-place-south-nottinghamshire");
    assert!(south.contains("South Nottinghamshire place"));
    assert!(south.contains("Rushcliffe") && !south.contains("Mansfield"));
    assert!(html("evidence-2026-27-Q2").contains("Mansfield"));
}

#[test]
fn the_manifest_is_complete_and_repeatable() {
    let demo = Demo::new();
    assert_exit(&demo.run(&["--no-send"]), 0);
    let manifest = manifest(&demo);
    let outputs = manifest["outputs"].as_array().unwrap();
    for output in outputs {
        let bytes = fs::read(demo.pack().join(output["file"].as_str().unwrap())).unwrap();
        assert_eq!(output["sha256"], sha256(&bytes), "{output}");
        assert_eq!(output["bytes"], bytes.len(), "{output}");
    }
    assert_eq!(outputs[0]["file"], "board-pack-2026-27-Q2.pdf");
    let archive = archived(&demo);
    let inputs = manifest["inputs"].as_array().unwrap();
    assert_eq!(inputs.len(), 29, "six returns and 23 answers");
    for input in inputs {
        assert!(archive.contains_key(input["sha256"].as_str().unwrap()), "{input}");
    }
    assert!(manifest["configuration"]["report_templates/board_pack/pack.toml"].is_string());
    assert!(!manifest.to_string().contains("password"));

    let other = Demo::new();
    assert_exit(&other.run(&["--no-send"]), 0);
    assert_eq!(self::manifest(&other), manifest);
}

/// What the archive holds, unpacked, by its SHA-256.
fn archived(demo: &Demo) -> BTreeMap<String, Vec<u8>> {
    let unpacked = |path: PathBuf| {
        let mut bytes = fs::read(&path).unwrap();
        if path.extension().is_some_and(|ending| ending == "gz") {
            bytes.clear();
            GzDecoder::new(File::open(&path).unwrap()).read_to_end(&mut bytes).unwrap();
        }
        (sha256(&bytes), bytes)
    };
    files_below(&demo.path("state/archive")).into_iter().map(unpacked).collect()
}

#[test]
fn packs_are_remade_from_archive_and_manifest() {
    let first = Demo::new();
    assert_exit(&first.run(&["--no-send"]), 0);
    let archive = archived(&first);

    // Nothing of the demonstration's own inputs is left: what the manifest names is put in their place.
    let again = Demo::new();
    let inputs = again.path("examples/demo");
    fs::remove_dir_all(inputs.join("returns")).unwrap();
    fs::remove_dir_all(inputs.join("indicators")).unwrap();
    let mut recordings: BTreeMap<String, String> = BTreeMap::new();
    for input in manifest(&first)["inputs"].as_array().unwrap() {
        let word = |key: &str| input[key].as_str().unwrap_or_default();
        let bytes = &archive[word("sha256")];
        if word("kind") == "return" {
            put(&inputs.join("returns").join(word("file")), bytes);
            continue;
        }
        // `REQUEST (recording FOLDER/FILE)`, or without a request where the file's name was it.
        let (request, file) = word("url").trim_end_matches(')').split_once("recording ").unwrap();
        let (folder, file) = file.split_once('/').unwrap();
        let request = if request.is_empty() { file } else { request.trim_end_matches(" (") };
        put(&inputs.join("indicators").join(folder).join(file), bytes);
        *recordings.entry(folder.to_owned()).or_default() += &format!(
            "[[answer]]\nrequest = {request:?}\nfile = {file:?}\nretrieved = {:?}\npublisher = {:?}\nlicence = {:?}\n",
            word("retrieved"),
            word("publisher"),
            word("licence")
        );
    }
    for (folder, text) in recordings {
        put(&inputs.join("indicators").join(folder).join("recordings.toml"), text.as_bytes());
    }
    assert_exit(&again.run(&["--no-send"]), 0);
    assert!(again.pdf() == first.pdf());
    assert_eq!(manifest(&again), manifest(&first));
}

fn put(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

#[test]
fn previews_stand_apart_without_collecting() {
    let demo = Demo::new();
    assert_exit(&demo.run(&["--no-send"]), 0);
    fs::remove_dir_all(demo.path("examples/demo/indicators")).unwrap();
    let ledger = fs::read(demo.path("state/ledger.sqlite")).unwrap();
    let output = demo.command(&["render"]).output().unwrap();
    assert_exit(&output, 0);
    assert!(fs::read(demo.pack().join("preview/board-pack-2026-27-Q2.pdf")).unwrap() == demo.pdf());
    assert!(fs::read(demo.path("state/ledger.sqlite")).unwrap() == ledger);

    let output = demo.command(&["render", "--only", "no-such"]).output().unwrap();
    assert_exit(&output, 64);
    assert!(text(&output).contains("--only: \"no-such\" is not the name of a pack (the nearest are: "), "{}", text(&output));
    let alike = demo.command(&["render", "--only", "bord-pack"]).output().unwrap();
    assert!(text(&alike).contains("the nearest are: board-pack-2026-27-Q2"), "{}", text(&alike));
    for name in ["board_pack", "board-pack"] {
        let made = demo.pack().join("preview/board-pack-2026-27-Q2.html");
        fs::remove_file(&made).unwrap();
        assert_exit(&demo.command(&["render", "--only", name]).output().unwrap(), 0);
        assert!(made.exists(), "{name}");
    }
    assert_exit(&demo.command(&["render", "--out", "elsewhere"]).output().unwrap(), 0);
    assert!(fs::read(demo.path("elsewhere/2026-27-Q2/preview/board-pack-2026-27-Q2.pdf")).unwrap() == demo.pdf());
    let output = demo.command(&["render", "--period", "2025-26-Q1"]).output().unwrap();
    assert_exit(&output, 78);
    let says = "knows no assessment of 2025-26-Q1 to make a pack from (make it with `boardpack run --no-send`)";
    assert!(text(&output).contains(says), "{}", text(&output));
}

/// Reads what a program prints until a line holds `words`.
fn await_line(lines: &mut impl Iterator<Item = std::io::Result<String>>, words: &str) -> String {
    let mut read = String::new();
    for line in lines {
        let line = line.unwrap();
        read.push_str(&line);
        read.push('\n');
        if line.contains(words) {
            return read;
        }
    }
    panic!("{words:?} never came: {read}");
}

/// Ends the program with the test, whether it passes or not.
struct Watching(Child);

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn saved_templates_are_rendered_again() {
    let demo = Demo::new();
    assert_exit(&demo.run(&["--no-send"]), 0);
    let template = demo.path("templates/board_pack/cover.md");
    put(&template, b"# First {{ pack.quarter }}\n");
    let mut watching = demo.command(&["render", "--watch"]);
    watching.env("BOARDPACK__PATHS__TEMPLATES", demo.path("templates")).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut watching = Watching(watching.spawn().unwrap());
    let mut said = BufReader::new(watching.0.stdout.take().unwrap()).lines();
    let mut wrong = BufReader::new(watching.0.stderr.take().unwrap()).lines();
    let html = || fs::read_to_string(demo.pack().join("preview/board-pack-2026-27-Q2.html")).unwrap();

    await_line(&mut said, "waiting");
    assert!(html().contains("First July to September 2026"));
    put(&template, b"# Second edition, {{ pack.quarter }}\n");
    await_line(&mut said, "waiting");
    assert!(html().contains("Second edition, July to September 2026"));
    put(&template, b"# {{ pack.quartr }}\n");
    let told = await_line(&mut wrong, "quartr");
    assert!(told.contains("cover.md, line 1"), "{told}");
    await_line(&mut said, "waiting");
    put(&template, b"# Third, {{ pack.quarter }}\n");
    await_line(&mut said, "waiting");
    assert!(html().contains("Third, July to September 2026"));
}
