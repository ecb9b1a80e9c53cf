//! What is wrong in the files of what people say, as `config check` tells it.

use crate::support::demo::{Demo, assert_exit, text};
use std::fs;

const THEME: &str = "[[theme]]\nid = \"carers\"\ntitle = \"Looking after someone\"\n";

/// A sound entry; the group is told apart by its number.
fn written(number: usize) -> String {
    format!(
        r#"[[voice]]
theme = "carers"
ambitions = ["breastfeeding"]
area = "E06000018"
group = "Carers of meeting {number}"
people = 38
from = 2026-06-08
until = 2026-07-17
source = {{ kind = "survey", name = "A survey" }}
works = "It works."
[[voice.change]]
you_said = "Open later."
we_did = "We do."
by = "The carers team"
on = 2026-09-14
[[voice.quotation]]
words = "It went well."
person = "a carer"
consent = {{ given = 2026-07-10, until = 2027-07-09 }}
"#
    )
}

/// What is replaced in a sound entry, by what, and what is told. What lacks is told at what lacks it, and all else at its line.
const MISTAKES: [(&str, &str, &str); 45] = [
    ("theme = \"carers\"", "theme = \"carer\"", "theme: there is no theme \"carer\" (did you mean \"carers\"?)"),
    ("theme = \"carers\"", "theme = \"xyz\"", "theme: there is no theme \"xyz\" (there are: carers; or add a [[theme]])"),
    ("[\"breastfeeding\"]", "[\"breast-feeding\"]", "ambitions: there is no ambition \"breast-feeding\" (did you mean"),
    ("[\"breastfeeding\"]", "[]", "ambitions: is empty (name at least one ambition"),
    ("[\"breastfeeding\"]", "\"breastfeeding\"", "ambitions: "),
    ("\"E06000018\"", "\"E06000081\"", "area: E06000081 is not an area of areas.toml (did you mean E0"),
    ("group = \"Carers", "groups = \"Carers", "groups: is not a known key here"),
    ("group = \"Carers", "group = \"Mrs Sample, carers", "group: seems to hold a person's name"),
    ("people = 38", "people = 0", "people: is 0 (say how many people spoke"),
    ("people = 38", "people = -3", "people: is -3; a whole number, 0 or more was expected"),
    ("people = 38", "people = \"many\"", "people: is the text \"many\"; a whole number, 0 or more was expected"),
    ("until = 2026-07-17", "until = 2026-05-17", "until: is 2026-05-17, before 2026-06-08, the first day"),
    ("until = 2026-07-17", "until = 2026-11-21", "until: is 2026-11-21, after 2026-11-20, the day of the pack"),
    ("from = 2026-06-08", "from = \"in June\"", "from: "),
    ("kind = \"survey\"", "kind = \"surveys\"", "source.kind: is \"surveys\"; one of healthwatch, voluntary_sector, survey"),
    ("name = \"A survey\"", "name = \" \"", "source.name: is empty"),
    ("name = \"A survey\"", "name = \"ann@example.org\"", "source.name: seems to hold an e-mail address"),
    ("source = { kind = \"survey\", name = \"A survey\" }\n", "", "source: is needed and not given"),
    ("works = \"It works.\"", "works = \"Dr Sample was kind.\"", "works: seems to hold a person's name (take it out, and say"),
    ("works = \"It works.\"", "works = \"My son James got on.\"", "works: seems to hold a person's name"),
    ("works = \"It works.\"", "works = \"Ring 0115 496 0123.\"", "works: seems to hold a telephone number"),
    ("works = \"It works.\"", "works = \"NHS number 999 000 0026\"", "works: seems to hold an NHS number"),
    ("works = \"It works.\"", "works = \"At NG1 5DT.\"", "works: seems to hold a postcode"),
    ("works = \"It works.\"", "works = \"Born 3/4/1961.\"", "works: seems to hold a date of birth"),
    ("works = \"It works.\"", "works = 12", "works: "),
    ("works = \"It works.\"", "work = \"It works.\"", "work: is not a known key here"),
    ("works = \"It works.\"", "does_not_work = \"Write to a.b@example.org\"", "does_not_work: seems to hold an e-mail address"),
    ("you_said = \"Open later.\"", "you_said = \" \"", "change 1, you_said: is empty"),
    ("you_said = \"Open later.\"", "you_said = \"Ann Sample asked.\"", "change 1, you_said: seems to hold a person's name"),
    ("we_did = \"We do.\"", "we_did = \"\"", "change 1, we_did: is empty"),
    ("we_did = \"We do.\"", "we_did = \"See ng15dt.\"", "change 1, we_did: seems to hold a postcode"),
    ("by = \"The carers team\"", "by = \"\"", "change 1, by: is empty"),
    ("by = \"The carers team\"", "by = \"The team, 0115 496 0123\"", "change 1, by: seems to hold a telephone number"),
    ("by = \"The carers team\"\n", "", "change 1, by: is needed and not given"),
    ("on = 2026-09-14", "on = 2026-12-01", "change 1, on: is 2026-12-01, after 2026-11-20, the day of the pack"),
    ("on = 2026-09-14", "on = 2026-06-01", "change 1, on: is 2026-06-01, before 2026-06-08, when the first of them spoke"),
    ("words = \"It went well.\"", "words = \"\"", "quotation 1, words: is empty"),
    ("words = \"It went well.\"", "words = \"Thanks to Sarah.\"", "quotation 1, words: seems to hold a person's name"),
    ("person = \"a carer\"", "person = \"Mr Sample, a carer\"", "quotation 1, person: seems to hold a person's name"),
    ("person = \"a carer\"\n", "", "quotation 1, person: is needed and not given"),
    ("consent = { given = 2026-07-10, until = 2027-07-09 }\n", "", "quotation 1, consent: is needed and not given"),
    (", until = 2027-07-09 }", " }", "quotation 1, consent.until: is needed and not given"),
    ("given = 2026-07-10", "given = 2026-11-30", "quotation 1, consent.given: is 2026-11-30, after 2026-11-20"),
    ("until = 2027-07-09 }", "until = 2026-07-09 }", "quotation 1, consent.until: is 2026-07-09, before 2026-07-10"),
    ("given = 2026-07-10", "by = \"x\", given = 2026-07-10", "quotation 1, consent.by: is not a known key here"),
];

/// Texts and the most characters that each may have.
const TOO_LONG: [(&str, &str, usize); 7] = [
    ("It works", "works", 600),
    ("Carers of", "group", 80),
    ("A survey", "source.name", 120),
    ("We do", "change 1, we_did", 300),
    ("The carers team", "change 1, by", 120),
    ("It went well", "quotation 1, words", 400),
    ("a carer", "quotation 1, person", 80),
];

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let demo = Demo::new();
    let mut mistakes = MISTAKES.map(|(replace, with, told)| (replace.to_owned(), with.to_owned(), told.to_owned())).to_vec();
    mistakes.extend(TOO_LONG.map(|(words, key, most)| (words.to_owned(), "x".repeat(most + 1), format!("{key}: has "))));
    let mut file = THEME.to_owned();
    let mut expected = Vec::new();
    for (number, (replace, with, told)) in (1..).zip(&mistakes) {
        let sound = written(number);
        let at = sound.find(replace.as_str()).unwrap_or_else(|| panic!("{replace}"));
        let is_lacking = told.ends_with("is needed and not given");
        let line = file.matches('\n').count() + sound[..at].matches('\n').count() + 1;
        let line = if is_lacking { String::new() } else { format!(", line {line}") };
        expected.push(format!("{line}, [[voice]] number {number}, {told}"));
        file.push_str(&sound.replacen(replace.as_str(), with, 1));
    }
    fs::write(demo.path("examples/demo/config/voices/autumn-2026.toml"), &file).unwrap();
    let output = demo.command(&["config", "check"]).output().unwrap();
    assert_exit(&output, 78);
    let said = text(&output);
    let untold: Vec<&String> = expected.iter().filter(|told| !said.contains(told.as_str())).collect();
    assert!(untold.is_empty(), "{untold:#?}\n{said}");
    let each = said.lines().filter(|line| line.starts_with("error: ") && line.contains("autumn-2026.toml")).count();
    // What waits for its day is a warning.
    let waiting = said.lines().filter(|line| line.contains("the day of the pack: no page shows it yet")).count();
    assert_eq!((each, waiting), (expected.len() - 3, 3), "each is told once: {said}");
    for (_, key, most) in TOO_LONG {
        assert!(said.contains(&format!("{key}: has ")) && said.contains(&format!("{most} is the most (shorten it)")), "{key}");
    }
}

#[test]
fn entries_that_cannot_stand_beside_each_other_are_told() {
    let demo = Demo::new();
    let folder = demo.path("examples/demo/config/voices");
    let (silent, _) = written(7)
        .replace("works = \"It works.\"\n", "")
        .split_once("[[voice.change]]")
        .map(|(a, b)| (a.to_owned(), b.len()))
        .unwrap();
    fs::write(folder.join("autumn-2026.toml"), format!("{THEME}{}", written(1))).unwrap();
    fs::write(folder.join("b.toml"), format!("{THEME}{}{silent}[[voices]]\n", written(1))).unwrap();
    fs::write(folder.join("c.toml"), "[[theme]]\nid = \"\"\ntitle = \"Mr Sample\"\n").unwrap();
    // Of another year: its ambition may be another edition's.
    let earlier = written(1).replace("2026-0", "2024-0").replace("[\"breastfeeding\"]", "[\"of-an-earlier-edition\"]");
    fs::write(folder.join("d.toml"), earlier).unwrap();
    let output = demo.command(&["config", "check"]).output().unwrap();
    assert_exit(&output, 78);
    let said = text(&output);
    for told in [
        "b.toml, line 2, [[theme]] carers, id: \"carers\" is given already (keep one of the two)",
        "b.toml, line 8, [[voice]] number 1, group: the same group is given already on this theme, of the same place, source and days",
        "b.toml, line 23, [[voice]] number 2: says neither what works nor what does not",
        "b.toml, line 32, voices: is not a known key here",
        "c.toml, line 2, [[theme]] , id: is empty",
        "c.toml, line 3, [[theme]] , title: seems to hold a person's name",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    assert!(!said.contains("of-an-earlier-edition") && !said.contains("d.toml"), "{said}");
}

#[test]
fn what_is_left_out_is_told_before_and_by_each_run() {
    let demo = Demo::new();
    let told = [
        "quotation 2, consent.until: is 2026-10-31, before 2026-11-20: no page shows the words (ask again, or remove the quotation)",
        "[[voice]] number 3, people: is 3, fewer than disclosure.smallest_group, 5: no page shows the entry",
    ];
    for command in [&["config", "check"][..], &["run", "--no-send"]] {
        let output = demo.command(command).output().unwrap();
        for told in told {
            assert!(text(&output).contains(told), "{command:?}: {told}: {}", text(&output));
        }
    }
    let output = demo.command(&["config", "check"]).env("BOARDPACK__DISCLOSURE__SMALLEST_GROUP", "3").output().unwrap();
    assert!(!text(&output).contains("smallest_group"), "{}", text(&output));
}
