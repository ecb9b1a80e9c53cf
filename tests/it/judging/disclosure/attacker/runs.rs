//! Whole runs, and a reader of every file that they leave.

use super::Reader;
use super::cases::{Case, case};
use super::published::{Published, Site, hidden};
use super::statements::differs;
use super::system::{TREE, YEAR, fewest};
use crate::support::small_framework::{counted, given};
use boardpack::figure::Observation;
use boardpack::period::{Period, YearKind};
use std::collections::BTreeMap;

const AUTUMN: (&str, &str) = ("2026-27-Q2", "2026-11-20");
const WINTER: (&str, &str) = ("2026-27-Q3", "2027-02-20");
const YEARS: [&str; 6] = ["2020/21", "2021/22", "2022/23", "2023/24", "2024/25", "2025/26"];

/// All files of two quarters read alike with three or more of these counts of a hidden figure.
#[track_caller]
fn assert_alike(measure: &str, target: &str, counts: &[u32], figures: impl Fn(f64, usize) -> Vec<Observation>) {
    let mut first: BTreeMap<String, BTreeMap<String, Vec<u32>>> = BTreeMap::new();
    for count in counts {
        let site = Site::new(TREE, measure, target);
        site.give(&figures(f64::from(*count), 5));
        site.run(AUTUMN);
        site.give(&figures(f64::from(*count), 6));
        for (file, text) in site.run(WINTER).texts() {
            first.entry(file).or_default().entry(text).or_default().push(*count);
        }
    }
    assert!(first.len() > 30, "{:?}", first.keys());
    for (file, texts) in first {
        let Some((text, counts)) = texts.iter().find(|(_, counts)| counts.len() < 3) else { continue };
        let (other, others) = texts.iter().find(|(_, others)| *others != counts).unwrap();
        panic!("{file} tells {counts:?} from {others:?}: {}", differs(text, other));
    }
}

#[test]
fn files_do_not_depend_on_hidden_shares() {
    let measure = "disclosure = \"standard\"\nparts = [\"CITY\", \"D1\", \"D2\", \"D3\", \"D4\"]";
    assert_alike(measure, "kind = \"direction\", baseline = { period = \"2022/23\" }", &[1, 2, 3, 4], |count, years| {
        let mut figures = Vec::new();
        for (i, year) in YEARS[..years].iter().enumerate() {
            let i = i as f64;
            figures.push(counted("CITY", year, 30.0 + 3.0 * i, 1009.0));
            figures.push(counted("D2", year, if [2.0, 4.0].contains(&i) { count } else { 9.0 + 2.0 * i }, 1019.0));
            figures.push(counted("D3", year, 13.0 + i, 1021.0));
            figures.push(counted("ENG", year, 1000.0 + i, 100_000.0));
        }
        figures
    });
}

#[test]
fn files_do_not_depend_on_hidden_rates() {
    let measure = "disclosure = \"hospital-episodes\"\nstatistic = \"standardised-rate\"\nunit = \"per100k\"\n\
                   multiplier = 100000.0\nparts = [\"CITY\", \"D1\", \"D2\", \"D3\", \"D4\"]";
    assert_alike(measure, "kind = \"similar_or_better\"", &[1, 3, 5, 7], |count, years| {
        let rate = |area: &str, year: &str, count: f64| {
            let made = indicator_stats::rate::crude_rate;
            let made = made(count, 1_234.0, 1e5, indicator_stats::Confidence::P95).unwrap();
            Observation { limits: Some(made.limits), ..given(area, year, made.value) }
        };
        let mut figures = Vec::new();
        for (i, year) in YEARS[..years].iter().enumerate() {
            let i = i as f64;
            figures.push(rate("D1", year, 30.0 + 3.0 * i));
            figures.push(rate("D4", year, if i > 3.0 { count } else { 12.0 + 2.0 * i }));
            figures.push(rate("CITY", year, 17.0 + i));
            figures.push(rate("ENG", year, 11.0));
        }
        figures
    });
}

/// Figures as they are written on pages, `0.295%`, and the numbers of the data.
fn assert_explained(published: &Published, hidden: &[f64]) {
    let texts = published.texts();
    let mut numbers = published.numbers();
    // The ends of lines through the figures that are shown.
    let lines = texts.values().flat_map(|text| text.split("The line through the yearly figures is at ").skip(1));
    numbers.extend(lines.filter_map(|rest| rest.split('%').next()?.parse::<f64>().ok()));
    // What the figures that are shown come to by the due date.
    let projected =
        texts.values().flat_map(|text| text.split("Projected for ").skip(1)).filter_map(|rest| rest.split('%').next());
    let last = |words: &str| words.rsplit(|c: char| !c.is_ascii_digit() && c != '.').next()?.parse::<f64>().ok();
    numbers.extend(projected.filter_map(last));
    numbers.sort_by(f64::total_cmp);
    let is_public = |figure: f64, near: f64| {
        let at = numbers.partition_point(|number| *number < figure - near);
        numbers.get(at).is_some_and(|number| *number <= figure + near)
    };
    let mut read = 0;
    for (file, text) in &texts {
        for before in text.split('%').filter(|before| before.len() > 5) {
            let digits = before.len() - before.bytes().rev().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
            let word = &before[digits..];
            let Some((whole, places)) = word.split_once('.') else { continue };
            if places.len() == 3 {
                read += 1;
                // Words of a page may stand without a space between them.
                let mut figures = (0..whole.len()).filter_map(|from| word[from..].parse::<f64>().ok());
                assert!(
                    figures.any(|figure| is_public(figure, 0.000_51)),
                    "{file} says, and no data has: …{}%",
                    &before[before.len().saturating_sub(200)..]
                );
            }
        }
    }
    let drawn = published.drawn();
    assert!(read > 100 && drawn.len() > 20, "{read} figures on pages, {} drawn", drawn.len());
    for (value, near, chart) in &drawn {
        assert!(is_public(*value, *near), "{value} ± {near} is drawn in {chart}, and no data has it");
    }
    for figure in hidden {
        assert!(!is_public(*figure, 1e-6), "{figure} is hidden");
    }
}

#[test]
fn pages_and_charts_show_only_published_figures() {
    let measure = "disclosure = \"standard\"\nparts = [\"CITY\", \"D1\", \"D2\", \"D3\", \"D4\"]";
    let site = Site::new(TREE, measure, "kind = \"level\", value = 0.4, baseline = { period = \"2022/23\" }");
    let people = [("CITY", 1009.0), ("D1", 1013.0), ("D2", 1019.0), ("D3", 1021.0), ("D4", 1031.0)];
    let mut figures = vec![counted("ENG", YEAR, 1000.0, 100_000.0)];
    let mut small = Vec::new();
    for (i, year) in YEARS.iter().enumerate() {
        for (j, (area, people)) in people.iter().enumerate() {
            // Another number of people each year: no difference is a hidden share.
            let people = people + 17.0 * i as f64;
            let count = if (i + j) % 4 == 2 { 1.0 + i as f64 % 4.0 } else { (7 + 5 * j + 3 * i) as f64 };
            figures.push(counted(area, year, count, people));
            small.extend((count < 5.0).then_some(100.0 * count / people));
        }
    }
    site.give(&figures);
    assert!(small.len() > 4);
    assert_explained(&site.run(AUTUMN), &small);
}

/// In the workbooks a small count has the mark of those that are hidden beside it, and none of its figures is told.
#[test]
fn annexes_mark_all_hidden_counts_alike() {
    let measure = "disclosure = \"standard\"\nparts = [\"CITY\", \"D1\", \"D2\", \"D3\", \"D4\"]";
    let site = Site::new(TREE, measure, "kind = \"direction\", baseline = { period = \"2022/23\" }");
    let mut figures = vec![counted("ENG", YEAR, 1000.0, 100_000.0)];
    for (area, count) in [("CITY", 30.0), ("D1", 23.0), ("D2", 3.0), ("D3", 19.0), ("D4", 27.0)] {
        figures.push(counted(area, YEAR, count, 1000.0 + count));
    }
    site.give(&figures);
    let published = site.run(AUTUMN);
    for (sheet, value) in [("Series", "Value"), ("Assessment figures", "Latest value")] {
        let rows = published.sheet(sheet);
        let told: Vec<[&str; 5]> = rows
            .iter()
            .filter(|row| row["Period"] == YEAR && row["Area code"].starts_with('D'))
            .map(|row| {
                ["Area code", value, "Numerator", "Lower 95% limit", "Upper 95% limit"].map(|heading| row[heading].as_str())
            })
            .collect();
        let hidden: Vec<_> = told.iter().filter(|row| row[1] == "[c]").collect();
        assert!(hidden.iter().any(|row| row[0] == "D2") && hidden.iter().any(|row| row[0] != "D2"), "{sheet}: {told:?}");
        assert!(hidden.iter().all(|row| row[1..].iter().all(|cell| *cell == "[c]")), "{sheet}: {told:?}");
        assert!(told.len() > hidden.len(), "{sheet}: {told:?}");
    }
}

#[test]
fn two_quarters_of_files_tell_no_count() {
    let direction = "kind = \"direction\", baseline = { period = \"2022/23\" }";
    let mut all = 0;
    for seed in 3000..3008 {
        let Case { system, areas, measure, mut figures, truth } = case(seed);
        figures.retain(|figure| figure.category.is_none());
        let is_share = !measure.contains("statistic = \"count\"") && !measure.contains("crude-rate");
        let site = Site::new(&areas, &measure, direction);
        let mut before: Vec<Observation> =
            figures.iter().enumerate().filter(|(i, _)| i % 4 != 1).map(|(_, o)| o.clone()).collect();
        for (i, figure) in figures.iter().enumerate() {
            // An earlier year in which nothing is small.
            let count = 20.0 + i as f64;
            let value = match (is_share, figure.denominator) {
                (_, Some(people)) => system.framework.measures[0].multiplier * count / people,
                (_, None) => count,
            };
            let numerator = figure.denominator.map(|_| count);
            let period = Period::parse("2024/25", YearKind::Financial).unwrap();
            let value = boardpack::value::Value::Number(value);
            before.push(Observation { period, value, numerator, ..figure.clone() });
        }
        let earlier: Vec<Observation> = before.iter().filter(|o| o.period.to_string() == "2024/25").cloned().collect();
        figures.extend(earlier);
        site.give(&before);
        site.run(AUTUMN);
        site.give(&figures);
        let published = site.run(WINTER);
        let mut reader = Reader::default();
        let of = &system.framework.measures[0];
        reader.most = if measure.contains("hospital") { 7 } else { 4 };
        published.read(&mut reader, of, YEAR);
        reader.add_tree(&system.areas, &system.framework.edition.system, &of.parts);
        let found = hidden(&reader);
        all += found;
        if let Some((fewest, of)) = fewest(&reader, &truth) {
            assert!(fewest >= 3, "case {seed}: {of:?} can be {:?} of {:?}", reader.possible(&of), reader.found);
        }
    }
    assert!(all > 10, "{all}");
}

const MEASURE: &str = "disclosure = \"standard\"\nparts = [\"CITY\", \"D1\", \"D2\", \"D3\", \"D4\"]";
const TARGET: &str = "kind = \"direction\", baseline = { period = \"2024/25\" }";

fn figures(small: f64) -> Vec<Observation> {
    let counts = [("CITY", 31.0), ("D1", 22.0), ("D2", small), ("D3", 17.0), ("D4", 12.0)];
    let of_year = |year| counts.iter().map(move |(area, count)| counted(area, year, *count, 1000.0));
    of_year("2024/25").chain(of_year(YEAR)).collect()
}

fn told(site: &Site, quarter: (&str, &str)) -> String {
    let output = site.command(quarter, &["run"]);
    assert!(output.status.success(), "{output:?}");
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// What can be told of the last year, from all that was published.
fn reader(published: &[&Published]) -> (Reader, BTreeMap<super::Name, u32>) {
    let system =
        super::system::System::new(TREE, crate::support::small_framework::measure("disclosure = \"standard\"", "[\"SYS\"]"));
    let parts: Vec<_> = ["CITY", "D1", "D2", "D3", "D4"].map(|code| boardpack::area::AreaCode::new(code).unwrap()).into();
    let mut reader = Reader { most: 4, ..Reader::default() };
    for each in published {
        each.read(&mut reader, &system.framework.measures[0], YEAR);
    }
    reader.add_tree(&system.areas, &system.framework.edition.system, &parts);
    (reader, BTreeMap::from([(super::name("D2"), 3)]))
}

#[cfg(unix)]
#[test]
fn a_lost_secret_reveals_nothing() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    let site = Site::new(TREE, MEASURE, TARGET);
    let settings = fs::read_to_string(site.path("boardpack.toml")).unwrap();
    fs::write(site.path("boardpack.toml"), settings.replace("[disclosure]\nsecret_file = \"secret\"\n", "")).unwrap();
    let secret = site.path("state/disclosure.secret");
    site.give(&figures(3.0));
    let first = site.run(AUTUMN);
    let made = fs::read(&secret).unwrap();
    assert_eq!((made.len(), fs::metadata(&secret).unwrap().permissions().mode() & 0o777), (32, 0o600));
    // The same files once more.
    let again = site.run(AUTUMN);
    assert_eq!(fs::read(&secret).unwrap(), made);
    let data = |of: &Published| of.0["2026-27-Q2/data/series.csv"].clone();
    assert_eq!(data(&first), data(&again));

    fs::remove_file(&secret).unwrap();
    let stopped = site.command(WINTER, &["run"]);
    assert_eq!(stopped.status.code(), Some(69), "{stopped:?}");
    let accepted = site.command(WINTER, &["disclosure", "accept-secret", "--by", "m", "--reason", "lost"]);
    assert!(accepted.status.success(), "{accepted:?}");
    let later = site.run(WINTER);
    assert_ne!(fs::read(&secret).unwrap(), made);
    let (reader, truth) = reader(&[&first, &later]);
    let (fewest, of) = fewest(&reader, &truth).unwrap();
    assert!(fewest >= 3, "{of:?}: {reader:?}");

    fs::write(&secret, "short").unwrap();
    let output = site.command(WINTER, &["run"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("has 5 bytes; at least 16 were expected"), "{output:?}");
    assert!(!output.status.success());
}

/// The text of the e-mails to the operators that say so, lines that were broken for the way put together.
fn mails_to_operators(site: &Site, words: &str) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(site.path("state/messages/operators")) else { return Vec::new() };
    let mails = folder.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap());
    let mails = mails.map(|mail| mail.split("<!DOCTYPE").next().unwrap().replace("\r\n", "\n").replace("=\n", ""));
    mails.filter(|mail| mail.contains(words)).collect()
}

#[test]
fn earlier_disclosures_are_told_to_operators_once() {
    let site = Site::new(TREE, &MEASURE.replace("disclosure = \"standard\"\n", ""), TARGET);
    site.give(&figures(3.0));
    site.run(AUTUMN);
    let measure = site.path("config/frameworks/measures/falls.toml");
    let text = std::fs::read_to_string(&measure).unwrap();
    std::fs::write(&measure, text.replace("[[measure]]\n", "[[measure]]\ndisclosure = \"standard\"\n")).unwrap();
    let words = "can be worked out from earlier packs";
    let first = told(&site, WINTER);
    assert_eq!(first.matches(&format!("m, D2, {YEAR}")).count(), 1, "{first}");
    assert!(first.contains(words) && first.contains("reader@example.org: written"), "{first}");
    let mails = mails_to_operators(&site, words);
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert!(mail.contains("desk@example.org") && mail.contains("- m, D2, 2025/26: a count that is hidden now"), "{mail}");
    assert!(mail.contains("- m, D2, 2024/25: ") && mail.contains("Tell the people who have those packs"), "{mail}");
    assert!(!mail.contains("0.3") && !mail.contains("D1"), "{mail}");
    let audit = site.command(WINTER, &["disclosure", "audit"]);
    let audit = String::from_utf8(audit.stdout).unwrap();
    assert!(audit.contains("given away by earlier packs\n") && !audit.contains("no small count"), "{audit}");
    let spring = ("2026-27-Q4", "2027-05-20");
    let second = told(&site, spring);
    assert!(!second.contains(words) && second.contains("reader@example.org: written"), "{second}");
    assert_eq!(mails_to_operators(&site, words), mails);
    let series = std::fs::read_to_string(site.path("out/2026-27-Q4/data/series.csv")).unwrap();
    assert!(series.lines().any(|line| line.contains(",D2,") && line.contains("suppressed")), "{series}");
}

#[test]
fn the_audit_quotes_no_figure() {
    let site = Site::new(TREE, MEASURE, TARGET);
    site.give(&figures(3.0));
    let audit = |quarter| {
        let output = site.command(quarter, &["disclosure", "audit", "--period", "2026-27-Q2"]);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let said = audit(AUTUMN);
    assert!(
        said.starts_with("Measure  Small  Withheld  Beside  Whole periods  Narrowest range\nm            2         0"),
        "{said}"
    );
    assert!(said.contains(" possible values\n") && said.contains("2 figures hidden for small counts, 0 withheld"), "{said}");
    assert!(!said.contains("0.3") && !said.contains("D2"), "{said}");
    site.give(&figures(30.0));
    assert_eq!(audit(AUTUMN), "Nothing is hidden.\n");
}
