//! What stands beside figures: their age, the comparator's limits, their sources, the path of a target, and what was put right.

use super::*;
use boardpack::evaluate::Flag;
use boardpack::figure::Provenance;
use boardpack::framework::InterimTarget;
use boardpack::value::Limits;

#[test]
fn tables_of_areas_say_what_is_old_and_give_the_comparators_limits() {
    let mut sample = Sample::new(1);
    let expected = ["2020–22 63.4 none 63.4 63.4", "2020–22 63.4 63.1 to 63.7 63.4 63.4"];
    assert_says(&words(&sample.pack()), &expected[..1]);
    let hle = &mut sample.evaluation.measures[1];
    for of in &mut hle.areas {
        of.latest.as_mut().unwrap().comparator_limits = Some(Limits { lower: 63.1, upper: 63.7 });
    }
    hle.areas[0].flags = vec![Flag::Stale];
    let said = words(&sample.pack());
    assert_says(&said, &[expected[1], "2020–22 old 57.3"]);
    assert_eq!(said.matches("2020–22 old").count(), 1);
}

#[test]
fn sources_are_those_of_all_that_is_judged() {
    let mut sample = Sample::new(1);
    let sources = vec![Provenance::Cell {
        partner: "nuh".into(),
        file: "growth.xlsx".into(),
        sha256: "0".repeat(64),
        sheet: "Figures".into(),
        cell: "F9".into(),
        by: String::new(),
    }];
    sample.evaluation.measures[0].headline.scenario_sources = sources;
    let expected = "return of Nottingham University Hospitals NHS Trust (growth.xlsx, Figures, cell F9)";
    assert_says(&words(&sample.pack()), &[expected]);
}

#[test]
fn a_path_with_interim_targets_is_not_called_straight() {
    let captions = |interim: Vec<InterimTarget>| {
        let mut sample = Sample::new(1);
        let aspiration = &mut sample.framework.ambitions[0].measures[0];
        aspiration.target = Target::Level { value: 60.0, due: None, baseline: None, strict: false };
        aspiration.interim = interim;
        words(&sample.pack())
    };
    let straight = "The straight line from the baseline to the target is what is expected on the way.";
    assert_says(&captions(Vec::new()), &[straight]);
    let bent = captions(vec![InterimTarget { due: date(2026, 3, 31), value: 55.0 }]);
    assert!(!bent.contains(straight));
    assert_says(&bent, &["The line from the baseline by the interim targets to the target is what is expected on the way."]);
}

#[test]
fn only_what_is_judged_is_judged_by_an_illustrative_figure() {
    let said = |status| {
        let mut sample = plain(&[Value::Number(60.0), Value::Number(66.0)], None, status);
        sample.evaluation.measures[0].headline.flags = vec![Flag::Illustrative];
        words(&sample.pack()).contains("judged by an illustrative figure")
    };
    assert!(said(Status::AtRisk) && !said(Status::NoFigure));
}

#[test]
fn what_was_put_right_is_marked_in_the_table_of_returns() {
    let mut sample = Sample::new(1);
    let told = "\"about 40\" is not a number";
    assert_says(&words(&sample.pack()), &[&format!("{told} (give a number, or leave the cell empty)")]);
    sample.returns[1].findings[0].mended = true;
    assert_says(&words(&sample.pack()), &[&format!("{told} (put right since)")]);
}
