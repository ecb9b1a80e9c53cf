//! What one pack tells of a hidden count by itself: by statuses, by schemes that lack a group, by sexes.

use super::attacker::Found;
use super::attacker::system::{DISTRICTS, STANDARD, System, YEAR, of, value};
use crate::support::small_framework::{self, counted, given};
use boardpack::evaluate::Status;
use boardpack::figure::Observation;
use boardpack::framework::MeasureId;
use boardpack::value::Value;
use std::collections::BTreeMap;

#[test]
fn statuses_and_targets_of_what_is_hidden_tell_nothing() {
    const THREE: &str = r#"
        area = [
          { code = "SYS", name = "The system", kind = "system", parts = ["A", "B", "C"] },
          { code = "A", name = "Ashby", kind = "place" },
          { code = "B", name = "Borden", kind = "place" },
          { code = "C", name = "Corby", kind = "place" },
        ]
    "#;
    let measure = "disclosure = \"standard\"\nstatistic = \"count\"\nunit = \"count\"\nmultiplier = 1.0\npolarity = \"low\"";
    let mut hidden = 0;
    for (percent, beside) in
        [-67, -20, -10, 20, 48, 50, 75].into_iter().flat_map(|percent| ["B", "C"].map(|beside| (percent, beside)))
    {
        let mut said: BTreeMap<(&str, Status, String), usize> = BTreeMap::new();
        for count in [1.0, 2.0, 3.0, 4.0] {
            let mut system = System::new(THREE, small_framework::measure(measure, r#"["A", "B", "C"]"#));
            let target = format!("kind = \"percent_change\"\npercent = {percent}\nbaseline = {{ period = \"2022/23\" }}");
            system.framework.ambitions[0].measures[0].target = toml::from_str(&target).unwrap();
            let before = [("A", 9.0), ("B", 12.0), ("C", 12.0), ("SYS", 33.0)].map(|(area, n)| given(area, "2022/23", n));
            let other = |area: &str| if area == beside { 21.0 - count } else { 14.0 };
            let now = [("A", count), ("B", other("B")), ("C", other("C")), ("SYS", 35.0)];
            let shown = system.published(&[before, now.map(|(area, n)| given(area, YEAR, n))].concat());
            for area in ["A", beside].into_iter().filter(|_| value(&shown, beside) == Value::Suppressed) {
                let of = shown.areas.iter().find(|of| of.area.as_str() == area).unwrap();
                let words = of.target.as_ref().map_or(String::new(), |target| target.words.clone());
                *said.entry((area, of.status, words)).or_default() += 1;
            }
        }
        hidden += said.len();
        assert!(said.values().all(|counts| *counts >= 3), "{percent}%: {said:?}");
    }
    assert!(hidden >= 10, "{hidden}");
}

#[test]
fn a_count_of_men_is_not_told_by_those_of_persons_and_women() {
    let indicator = |id: &str, sex: &str| {
        format!(
            "id = \"{id}\"\n{STANDARD}\nsource = {{ kind = \"indicator\", source = \"s\", indicator = \"1\", sex = \"{sex}\" }}"
        )
    };
    let mut system = System::of_districts(&indicator("m", "Persons"));
    for (id, sex) in [("women", "Female"), ("men", "Male")] {
        system.framework.measures.push(small_framework::measure(&indicator(id, sex), DISTRICTS));
        let mut aspiration = system.framework.ambitions[0].measures[0].clone();
        aspiration.id = MeasureId(id.to_owned());
        system.framework.ambitions[0].measures.push(aspiration);
    }
    let of = |id: &str, n: f64| Observation { measure: MeasureId(id.to_owned()), ..counted("CITY", YEAR, n, 500.0) };
    let disclosed = system.disclosed(&[of("m", 13.0), of("women", 11.0), of("men", 2.0)]);
    let shown: Vec<Value> = disclosed.evaluation.measures.iter().map(|of| value(of, "CITY")).collect();
    assert!(shown.iter().filter(|value| **value == Value::Suppressed).count() >= 2, "{shown:?}");
}

#[test]
fn schemes_that_lack_a_group_still_link_the_others() {
    let tenths = [30.0, 40.0, 21.0, 20.0, 25.0, 4.0, 22.0, 14.0, 15.0, 17.0];
    let label = |count: &str, at: usize| format!("{count} {}", at + 1);
    for (fifth, tenth) in [(Some(0), None), (Some(4), None), (None, Some(9)), (Some(0), Some(9))] {
        let mut figures = vec![counted("SYS", YEAR, 208.0, 5000.0)];
        let given = |missing: Option<usize>, at: &usize| missing != Some(*at);
        for at in (0..10).filter(|at| given(tenth, at)) {
            figures.push(of("Deprivation deciles", &label("Decile", at), counted("SYS", YEAR, tenths[at], 500.0)));
        }
        for at in (0..5).filter(|at| given(fifth, at)) {
            let both = tenths[2 * at] + tenths[2 * at + 1];
            figures.push(of("Deprivation quintiles", &label("Quintile", at), counted("SYS", YEAR, both, 1000.0)));
        }
        let reader = System::of_districts(STANDARD).reader(&figures);
        let tenth_of = |at: usize| ("SYS".to_owned(), "Deprivation deciles".to_owned(), label("Decile", at));
        assert_eq!(reader.found[&tenth_of(5)], Found::Hidden);
        let fifth_of = ("SYS".to_owned(), "Deprivation quintiles".to_owned(), label("Quintile", 2));
        let open = [tenth_of(4), fifth_of].iter().any(|of| reader.found[of] == Found::Hidden);
        assert!(open, "the fifth less the other tenth: {:?}", reader.found);
    }
}
