//! Whole runs of the program over a small system, and a reader of all the files that they leave: data, packs as PDF and HTML with
//! their charts and alternative texts, messages.

use super::{Found, Reader, count, name};
use crate::support::pdf_text;
use boardpack::figure::Observation;
use boardpack::framework::Measure;
use boardpack::value::Value;
use calamine::{Data, Reader as _, open_workbook_auto_from_rs};
use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SETTINGS: &str = r#"
[pack]
edition = "threeshire"
make = ["board_pack", "public_summary", "place_brief"]
parts = ["authority", "place", "district"]
[paths]
config = "config"
returns = "inbox"
output = "out"
ledger = "state/ledger.sqlite"
archive = "state/archive"
[disclosure]
secret_file = "secret"
[gates]
measures_with_figures_percent = 0
[sources.register]
kind = "table"
publisher = "The register"
licence = "made up"
base_url = "register"
file = "falls.csv"
[sources.register.columns]
indicator = "what"
area = "area"
period = "period"
value = "value"
numerator = "count"
denominator = "people"
lower = "lower"
upper = "upper"
[mail]
transport = "file"
from = "Secretariat <desk@example.org>"
"#;

const LISTS: &str = "[[list]]\nname = \"board\"\n[[list.recipient]]\naddress = \"reader@example.org\"\n\
                     [[list]]\nname = \"operators\"\n[[list.recipient]]\naddress = \"desk@example.org\"\n";

const RECORDINGS: &str = "[[answer]]\nrequest = \"falls.csv\"\nfile = \"falls.csv\"\nretrieved = \"2026-11-02T09:00:00Z\"\n\
                          publisher = \"The register\"\nlicence = \"made up\"\n";

/// A system in a folder of its own.
pub struct Site(tempfile::TempDir);

impl Site {
    /// `areas` is `areas.toml` but for England; `measure` the measure's own keys; `target` that of its aspiration.
    pub fn new(areas: &str, measure: &str, target: &str) -> Self {
        let site = Site(tempfile::tempdir().unwrap());
        let edition = include_str!("../../../../data/threeshire/edition.toml").replace("X1", "SYS").replace("E92000001", "ENG");
        let ambition = format!(
            "[[ambition]]\nid = \"falls\"\npriority = \"walking\"\nstatement = \"Fewer falls\"\n[[ambition.measure]]\nid = \"m\"\n\
             target = {{ {target} }}\n"
        );
        let mut keys = format!("[[measure]]\n{measure}\n");
        let usual = [
            ("id", "\"m\""),
            ("title", "\"Falls\""),
            ("definition", "\"Falls of those who were asked\""),
            ("multiplier", if measure.contains("\"count\"") { "1.0" } else { "100.0" }),
            ("unit", "\"percent\""),
            ("statistic", "\"proportion\""),
            ("polarity", "\"low\""),
            ("decimals", "3"),
            ("year", "\"financial\""),
            ("cadence_months", "12"),
            ("publication_lag_months", "6"),
            ("source", "{ kind = \"indicator\", source = \"register\", indicator = \"falls\" }"),
        ];
        for (key, value) in usual {
            if !measure.lines().any(|line| line.trim_start().starts_with(&format!("{key} "))) {
                keys.push_str(&format!("{key} = {value}\n"));
            }
        }
        let with_england = match areas.contains("area = [") {
            true => areas.replace("area = [", "area = [\n{ code = \"ENG\", name = \"England\", kind = \"country\" },"),
            false => format!("{areas}\n[[area]]\ncode = \"ENG\"\nname = \"England\"\nkind = \"country\"\n"),
        };
        for (path, text) in [
            ("boardpack.toml", SETTINGS),
            ("config/areas.toml", &with_england),
            ("config/partners.toml", "partner = []\n"),
            ("config/recipients.toml", LISTS),
            ("config/frameworks/threeshire/edition.toml", &edition),
            ("config/frameworks/threeshire/ambitions.toml", &ambition),
            ("config/frameworks/measures/falls.toml", &keys),
            ("register/recordings.toml", RECORDINGS),
            ("secret", "only for tests, and sixteen bytes"),
        ] {
            let path = site.path(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        fs::create_dir(site.path("inbox")).unwrap();
        site
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    /// What the register says.
    pub fn give(&self, figures: &[Observation]) {
        let mut rows = String::from("what,area,period,value,count,people,lower,upper\n");
        for of in figures {
            let value = of.value.number().map_or("*".to_owned(), |value| value.to_string());
            let number = |number: Option<f64>| number.map_or(String::new(), |number| number.to_string());
            let (numerator, denominator) = (number(of.numerator), number(of.denominator));
            let (lower, upper) = (number(of.limits.map(|l| l.lower)), number(of.limits.map(|l| l.upper)));
            rows.push_str(&format!("falls,{},{},{value},{numerator},{denominator},{lower},{upper}\n", of.area, of.period));
        }
        fs::write(self.path("register/falls.csv"), rows).unwrap();
    }

    pub fn command(&self, quarter: (&str, &str), arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_boardpack"));
        command.args(arguments).arg("--config").arg(self.path("boardpack.toml")).current_dir(self.path("."));
        command.env("BOARDPACK__PACK__PERIOD", quarter.0).env("BOARDPACK__PACK__AS_AT", quarter.1);
        command.output().unwrap()
    }

    /// Runs a quarter: its name and the day. What was published of all quarters so far.
    #[track_caller]
    pub fn run(&self, quarter: (&str, &str)) -> Published {
        let output = self.command(quarter, &["run"]);
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{text}");
        let mut files = BTreeMap::new();
        read_folder(&self.path("out"), &self.path("out"), &mut files);
        let packs: Vec<(String, Vec<u8>)> =
            files.iter().filter(|(name, _)| name.ends_with(".pdf")).map(|(name, bytes)| (name.clone(), bytes.clone())).collect();
        for (pack, bytes) in packs {
            let attached = pdf_text::attached(&lopdf::Document::load_mem(&bytes).unwrap());
            files.extend(attached.into_iter().map(|(name, bytes)| (format!("{pack}/{name}"), bytes)));
        }
        Published(files)
    }
}

fn read_folder(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => read_folder(root, &path, files),
            false => {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
}

/// Every file that readers get, by its name.
#[derive(Debug, Clone)]
pub struct Published(pub BTreeMap<String, Vec<u8>>);

impl Published {
    fn of(&self, end: &str) -> impl Iterator<Item = (&String, &Vec<u8>)> {
        self.0.iter().filter(move |(name, _)| name.ends_with(end))
    }

    /// What each file says, in words; of a PDF the words of its pages and its content streams with the alternative texts, of a
    /// workbook its sheets, of a message its text. Digests of inputs are left out, and when a message was written.
    pub fn texts(&self) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        for (name, bytes) in self.0.iter().filter(|(name, _)| !name.starts_with('.') && !name.ends_with("manifest.json")) {
            let mut text = String::new();
            if name.ends_with(".pdf") {
                text = pdf(bytes);
            } else if name.ends_with(".xlsx") || name.ends_with(".ods") {
                let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
                for i in 0..archive.len() {
                    archive.by_index(i).unwrap().read_to_string(&mut text).unwrap();
                }
            } else {
                text = String::from_utf8_lossy(bytes).into_owned();
            }
            if name.ends_with(".eml") {
                let attached = text.find("Content-Disposition: attachment").unwrap_or(text.len());
                let is_of_the_moment = |line: &&str| !["Date:", "Message-ID:"].iter().any(|start| line.starts_with(start));
                text = text[..attached].lines().filter(is_of_the_moment).collect::<Vec<_>>().join("\n");
            }
            texts.insert(name.clone(), without_digests(&text));
        }
        texts
    }

    /// The rows of a sheet of both workbooks of each annex, by their headings.
    pub fn sheet(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        let mut found = Vec::new();
        for (_, bytes) in [".xlsx", ".ods"].into_iter().flat_map(|end| self.of(end)) {
            let sheet = open_workbook_auto_from_rs(Cursor::new(bytes.clone())).unwrap().worksheet_range(name).unwrap();
            let words = |row: &[Data]| row.iter().map(ToString::to_string).collect::<Vec<_>>();
            let headings = words(sheet.rows().nth(3).unwrap());
            found.extend(sheet.rows().skip(4).map(|row| headings.iter().cloned().zip(words(row)).collect()));
        }
        found
    }

    /// All that the data of the packs says of counts in a period, put to what `reader` knows.
    pub fn read(&self, reader: &mut Reader, measure: &Measure, period: &str) {
        let mut usual: BTreeMap<String, f64> = BTreeMap::new();
        let series: Vec<_> = self.of("series.csv").flat_map(|(_, bytes)| rows(bytes)).collect();
        for row in &series {
            if let Ok(people) = row["denominator"].parse() {
                usual.insert(row["area"].clone(), people);
            }
        }
        let number = |text: &str| text.parse::<f64>().ok();
        let mut see = |area: &str, value: &str, numerator: &str, denominator: &str| {
            let value = match value {
                "[c]" => Value::Suppressed,
                other => number(other).map_or(Value::Missing, Value::Number),
            };
            let found = count(measure, value, number(numerator), number(denominator), usual.get(area).copied());
            reader.see(name(area), found);
        };
        for row in series.iter().filter(|row| row["period"] == period) {
            see(&row["area"], &row["value"], &row["numerator"], &row["denominator"]);
        }
        let standings = ["assessments.csv", "figures.csv", "headlines.csv"];
        for row in standings.iter().flat_map(|end| self.of(end)).flat_map(|(_, bytes)| rows(bytes)) {
            if row["period"] == period {
                see(&row["area"], &row["value"], &row["numerator"], &row["denominator"]);
            }
            for (of, at) in [("previous", "previous_period"), ("baseline", "baseline_period"), ("judged_value", "judged_period")]
            {
                if row[at] == period {
                    see(&row["area"], &row[of], "", "");
                }
            }
            // A change gives one figure where the other is shown.
            if row["previous_period"] == period
                && let (Some(latest), Some(change)) = (number(&row["value"]), row.get("change").and_then(|change| number(change)))
            {
                see(&row["area"], &(latest - change).to_string(), "", "");
            }
        }
        for (sheet, value) in [("Series", "Value"), ("Assessment figures", "Latest value")] {
            for row in self.sheet(sheet).iter().filter(|row| row["Period"] == period) {
                see(&row["Area code"], &row[value], &row["Numerator"], &row["Denominator"]);
            }
        }
        for row in self.of("revisions.csv").flat_map(|(_, bytes)| rows(bytes)).filter(|row| row["period"] == period) {
            see(&row["area"], &row["new"], "", "");
        }
    }

    /// Every number of the data, limits and targets among them.
    pub fn numbers(&self) -> Vec<f64> {
        let data =
            ["series.csv", "assessments.csv", "breakdowns.csv", "revisions.csv", "slopes.csv", "figures.csv", "headlines.csv"];
        let rows = data.iter().flat_map(|end| self.of(end)).flat_map(|(_, bytes)| rows(bytes));
        let words = rows.flat_map(|row| row.into_values().collect::<Vec<_>>());
        let mut numbers: Vec<f64> = words.filter_map(|word| word.parse().ok()).collect();
        numbers.sort_by(f64::total_cmp);
        numbers.dedup();
        numbers
    }

    /// The values of all that is drawn over a scale, from where it is drawn: each with how exactly it can be read, and the chart.
    pub fn drawn(&self) -> Vec<(f64, f64, String)> {
        let mut drawn = Vec::new();
        for (_, bytes) in self.of(".html") {
            let text = String::from_utf8_lossy(bytes);
            for svg in text.split("<svg").skip(1).map(|rest| rest.split("</svg>").next().unwrap()) {
                drawn.extend(drawn_in(svg));
            }
        }
        drawn
    }
}

fn pdf(bytes: &[u8]) -> String {
    let file = lopdf::Document::load_mem(bytes).unwrap();
    let mut text = String::new();
    for page in file.get_pages().keys() {
        text.push_str(&pdf_text::text_of(&file, *page));
        text.push('\n');
    }
    for (id, object) in &file.objects {
        match object {
            // What is drawn, without what fonts and pictures are, and where in the file each object is: what is attached has digests.
            lopdf::Object::Stream(stream) if ![&b"Length1"[..], b"Subtype", b"Type"].iter().any(|key| stream.dict.has(key)) => {
                let content = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
                text.push_str(&format!("{id:?} {}\n", String::from_utf8_lossy(&content)));
            }
            lopdf::Object::Dictionary(of) => {
                for key in [&b"Alt"[..], b"ActualText", b"Contents", b"Title"] {
                    if let Ok(said) = of.get(key).and_then(lopdf::decode_text_string) {
                        text.push_str(&format!("{said}\n"));
                    }
                }
            }
            _ => {}
        }
    }
    text
}

/// `#` for each digest.
fn without_digests(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for word in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let (digits, end) = word.split_at(word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric()).len());
        let is_digest = digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_hexdigit());
        kept.push_str(if is_digest { "#" } else { digits });
        kept.push_str(end);
    }
    kept
}

fn rows(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::Reader::from_reader(bytes);
    reader.deserialize().map(Result::unwrap).collect()
}

/// The value of an attribute in the rest of a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()
}

/// The points of an outline: the first, then the way from each to the next.
fn points_of(path: &str) -> Vec<(f64, f64)> {
    let parted = path.replace(['M', 'l', 'Z'], " ").replace('-', " -");
    let numbers: Vec<f64> = parted.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let mut at = (0.0, 0.0);
    let ways = numbers.chunks_exact(2).map(|pair| (pair[0], pair[1]));
    ways.map(|(x, y)| {
        at = (at.0 + x, at.1 + y);
        at
    })
    .collect()
}

/// The points of a chart that has a scale of numbers at its side or below it, turned back to values.
fn drawn_in(svg: &str) -> Vec<(f64, f64, String)> {
    let mut labels: Vec<(f64, f64, f64, f64)> = Vec::new();
    // Where the last year with a figure stands; what is drawn beyond is a projection.
    let mut last_year = f64::INFINITY;
    for text in svg.split("<text").skip(1) {
        let tag = text.split('>').next().unwrap();
        let words = text.split('>').nth(1).unwrap_or("").split('<').next().unwrap().replace(',', "");
        let at = |name| attribute(tag, name).and_then(|at| at.parse::<f64>().ok());
        if let (true, Some(x), Some(width)) = (words == super::system::YEAR, at("x"), at("textLength")) {
            last_year = x + width / 2.0;
        }
        if let (Ok(number), Some(x), Some(y), Some(width)) =
            (words.trim_end_matches('%').parse(), at("x"), at("y"), at("textLength"))
        {
            labels.push((number, x + width / 2.0, y - 2.81, width));
        }
    }
    // A scale: numbers in one line below the chart, or with one edge at its left.
    let Some((_, x, y, width)) = labels.first().copied() else { return Vec::new() };
    let edge = |label: &(f64, f64, f64, f64)| label.1 + label.3 / 2.0;
    let is_below = labels.iter().filter(|label| (label.2 - y).abs() < 0.1).count() >= 3;
    labels.retain(|label| if is_below { (label.2 - y).abs() < 0.1 } else { (edge(label) - x - width / 2.0).abs() < 0.5 });
    let labels: Vec<(f64, f64, f64)> = labels.into_iter().map(|(number, x, y, _)| (number, x, y)).collect();
    let (Some(first), Some(last)) = (labels.first().copied(), labels.last().copied()) else { return Vec::new() };
    let place = |of: (f64, f64, f64)| if is_below { of.1 } else { of.2 };
    let rises = labels.windows(2).all(|pair| (place(pair[1]) - place(pair[0])).abs() > 1.0);
    if labels.len() < 3 || !rises || place(first) == place(last) {
        return Vec::new();
    }
    let scale = (last.0 - first.0) / (place(last) - place(first));
    let value = |x: f64, y: f64| first.0 + scale * (if is_below { x } else { y } - place(first));
    let ticks: Vec<f64> = labels.iter().map(|label| place(*label)).collect();
    let title = svg.split("<title").nth(1).and_then(|rest| rest.split('>').nth(1)).unwrap_or("").split('<').next().unwrap();
    let paths: Vec<&str> = svg.split(" d=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    // The line of a tick ends where the chart does; what is beyond are the names of its lines.
    let is_of_a_tick = |(x, y): &(f64, f64)| (place(first) - if is_below { *x } else { *y }).abs() < 0.2;
    let lines = paths.iter().map(|path| points_of(path)).filter(|points| points.len() == 2 && points.iter().all(is_of_a_tick));
    let right = lines.flatten().map(|(x, _)| x).fold(0.0, f64::max);
    // A round marker is a circle.
    let circles = svg.split("<circle").skip(1).filter_map(|tag| {
        let at = |name| attribute(tag, name).and_then(|at| at.parse::<f64>().ok());
        Some(("a circle", vec![(at("cx")?, at("cy")?)]))
    });
    let mut drawn = Vec::new();
    for (path, points) in paths.iter().map(|path| (*path, points_of(path))).chain(circles) {
        let points: Vec<(f64, f64)> = points.into_iter().filter(|(x, _)| is_below || *x <= right.min(last_year) + 3.0).collect();
        let range = |of: fn(&(f64, f64)) -> f64| {
            let all = points.iter().map(of);
            (all.clone().fold(f64::INFINITY, f64::min), all.fold(f64::NEG_INFINITY, f64::max))
        };
        let ((left, right), (top, bottom)) = (range(|p| p.0), range(|p| p.1));
        let is_marker = points.len() > 2 && right - left < 9.0 && bottom - top < 9.0;
        let points = match is_marker {
            true => vec![(f64::midpoint(left, right), f64::midpoint(top, bottom))],
            false => points,
        };
        for (x, y) in points {
            let at = if is_below { x } else { y };
            let is_of_the_grid = ticks.iter().any(|tick| (tick - at).abs() < 0.2);
            // Outside the scale are ticks and keys.
            let (low, high) = (first.0.min(last.0), first.0.max(last.0));
            if !is_of_the_grid && (low..=high).contains(&value(x, y)) {
                drawn.push((value(x, y), (0.35 * scale).abs(), format!("{title}: {path}")));
            }
        }
    }
    drawn
}

/// The figures of a reader that are hidden, in words.
pub fn hidden(reader: &Reader) -> usize {
    reader.found.values().filter(|found| **found == Found::Hidden).count()
}
