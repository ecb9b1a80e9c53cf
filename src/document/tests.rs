use super::{Entries, Places, TomlDocument};
use crate::fault::{Fault, Faults};
use serde::Deserialize;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Thing {
    id: String,
    size: f64,
    #[serde(default)]
    due: Option<jiff::civil::Date>,
    #[serde(default, rename = "part")]
    parts: Vec<Part>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Part {
    id: String,
    target: Target,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Target {
    Level { value: f64, due: Option<jiff::civil::Date>, start: Option<Start> },
    Trend { start: Start },
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Start {
    period: String,
    value: Option<f64>,
}

fn read(text: &str) -> (Entries<Thing>, Places, Vec<String>) {
    let mut faults = Faults::default();
    let mut document = TomlDocument::parse(text, "f.toml", &mut faults);
    let entries = document.entries("thing", &mut faults);
    let places = document.finish(&mut faults);
    (entries, places, faults.0.iter().map(ToString::to_string).collect())
}

#[test]
fn what_no_value_can_hold_is_told_and_not_lost() {
    let (entries, _, faults) = read("[[thing]]\nid = \"a\"\nsize = 99999999999999999999\n");
    assert!(entries.is_incomplete && entries.good.is_empty());
    assert_eq!(faults, ["f.toml, line 3, column 8: holds a number that is too large (correct it: nothing in the file is read)"]);
}

#[test]
fn every_fault_is_told_once_with_its_line() {
    let text = "\
[[thing]]
id = \"a\"
size = \"big\"
due = \"31 March 2027\"
colour = \"red\"

[[thing.part]]
id = \"p\"
target = { kind = \"level\", value = 1, due = \"soon\" }
[[thing.part]]
id = \"q\"
target = { kind = \"levl\", value = 1 }

[[thing]]
id = \"b\"
sise = 2
[[thing.part]]
id = \"r\"
[thing.part.target]
kind = \"trend\"
start = { value = 9 }

[[thnig]]
id = \"c\"
";
    let (entries, _, told) = read(text);
    assert_eq!(
        told,
        [
            "f.toml, line 3, [[thing]] a, size: is the text \"big\"; a number was expected (correct it)",
            "f.toml, line 4, [[thing]] a, due: \"31 March 2027\" is not a date; one such as 2027-03-31 was expected (write the \
             year, the month and the day)",
            "f.toml, line 5, [[thing]] a, colour: is not a known key here; one of id, size, due, part was expected (correct it, or leave it out)",
            "f.toml, line 9, [[thing]] a, part p, target.due: \"soon\" is not a date; one such as 2027-03-31 was expected (write \
             the year, the month and the day)",
            "f.toml, line 12, [[thing]] a, part q, target.kind: is \"levl\"; one of level, trend was expected (did you mean level?)",
            "f.toml, line 16, [[thing]] b, sise: is not a known key here; one of id, size, due, part was expected (did you mean size?)",
            "f.toml, line 21, [[thing]] b, part r, target.start.period: is needed and not given (add period = … there)",
            "f.toml, line 23, thnig: is not a known key here; thing was expected (did you mean thing?)",
        ]
    );
    assert!(entries.good.is_empty());
    assert_eq!(entries.mended.len(), 2);
    assert_eq!(entries.broken, ["a", "b"].map(str::to_owned).into());
}

#[test]
fn a_misspelt_key_hides_nothing_else() {
    let (entries, _, told) = read("[[thing]]\nid = \"a\"\nsise = 2\n");
    assert_eq!(told.len(), 1);
    assert_eq!(entries.good[0].1.size, 2.0);
}

#[test]
fn later_faults_stand_at_their_own_key() {
    let text = "[[thing]]\nid = \"a\"\nsize = \"big\"\n[[thing.part]]\nid = \"p\"\ntarget = { kind = \"level\", value = 1 }\n";
    let (entries, places, _) = read(text);
    let place = &entries.mended[0].0;
    let later = |key: &str| places.point(Fault::new(format!("{place}, {key}"), "is wrong", ""));
    assert_eq!(later("part p, target.value").unwrap().place, "f.toml, line 6, [[thing]] a, part p, target.value");
    assert_eq!(later("size"), None);
    assert_eq!(
        places.point_named(Fault::new("thing a, part 1", "is wrong", "")).unwrap().place,
        "f.toml, line 4, [[thing]] a, part 1"
    );
    let other = Fault::new("elsewhere, key", "is wrong", "");
    assert_eq!(places.point(other.clone()), Some(other));
}

#[test]
fn invalid_toml_is_told_once() {
    let (entries, places, told) = read("[[thing]]\nid = \"a\"\nsize 2\n[[thing]]\nid = \"b\"\nsize = \"big\"\n");
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].starts_with("f.toml, line 3, column "), "{told:?}");
    assert!(entries.is_incomplete);
    assert!(entries.all().all(|(place, _)| places.point(Fault::new(place, "is wrong", "")).is_none()));
}
