//! Views that set many figures beside each other: funnels, a small chart an area, organisations, and the chances of targets.

use super::*;
use crate::support::demonstration::PACKS;
use boardpack::evaluate::AssessedTarget;
use boardpack::framework::Framework;

/// Three organisations, one of which meets the target.
fn of_organisations() -> Sample {
    let employers = ["RX1", "RK5", "RHA"].into_iter().zip([Status::Achieved, Status::OffTrack, Status::CannotBeJudged]);
    let organisations = employers
        .map(|(employer, status)| assessment("one", employer, vec![point(year(2025), Value::Number(7.5), None, None)], status));
    let organisations: Vec<_> = organisations.collect();
    let mut head = assessment("one", "E54000060", vec![point(year(2025), Value::Number(7.5), None, None)], Status::OnTrack);
    head.coverage = Some(Coverage {
        given: vec![code("RX1"), code("RK5"), code("RHA")],
        absent: vec![code("NR3")],
        left_out: Vec::new(),
        share: 0.9,
        by_denominator: false,
        is_enough: true,
    });
    let mut sample = Sample::of(vec![made("one", "Staff turnover", Unit::Percent, 1, head, organisations)]);
    sample.areas = Areas::parse(include_str!("../../../../config/areas.toml"), "areas.toml").unwrap();
    let measure = &mut sample.framework.measures[0];
    measure.parts_are = PartsAre::Organisations;
    measure.parts = vec![code("RX1"), code("RK5"), code("RHA"), code("NR3")];
    sample
}

#[test]
fn organisations_stand_beside_each_other_and_the_whole() {
    let sample = of_organisations();
    assert_says(
        &words(&sample.pack()),
        &[
            "Organisations beside each other",
            "1 of 2 figures of organisations meets its target",
            // The head names them in short, and below it is said who they are.
            "Measure NUH SFH Notts Healthcare All together, Nottingham and Nottinghamshire",
            "7.5 M 7.5 N 7.5 7.5 N three of four organisations",
            "NUH: Nottingham University Hospitals NHS Trust.",
        ],
    );
}

#[test]
fn the_pack_of_a_place_says_nothing_of_employers() {
    let sample = of_organisations();
    let mut whole: Framework = sample.framework.clone();
    whole.edition.system = code("E12000004");
    let said = words(&PackInputs { whole: &whole, ..sample.pack() });
    assert!(!said.contains("Organisations beside each other") && !said.contains("figures of organisations"), "{said}");
}

#[test]
fn chances_stand_before_reasons_for_having_none() {
    let values = [50.0, 51.2, 51.9, 53.3, 54.0, 55.4].map(Value::Number);
    let mut sample = plain(&values, Some(1.0), Status::OnTrack);
    let head = &mut sample.evaluation.measures[0].headline;
    head.target = Some(AssessedTarget {
        value: Some(60.0),
        due: date(2028, 3, 31),
        words: "60.0% by March 2028".into(),
        expected_now: None,
    });
    // 4.6 points in the year that is left; the line through the figures rises by 18.4 ÷ 17.5 a year.
    let row =
        "Babies who are breastfed less than 1 in 10 55.4% 2026/27 60.0% by March 2028 4.6 percentage points more each year 1.1";
    let said = words(&sample.pack());
    assert_says(
        &said,
        &["Chance of meeting each target", "The chance is less than even for 1 of 1 target for which one can be given", row],
    );
    assert!(!said.contains("Without a chance"), "{said}");
    sample.evaluation.measures[0].headline.series.drain(..2);
    let few = "Too few figures: fewer than five years that share no day (1): Babies who are breastfed.";
    assert_says(&words(&sample.pack()), &["Without a chance, and why", few]);
}

#[test]
fn the_demonstration_shows_each_view() {
    let evidence = PACKS.iter().find(|pack| pack.stem == "evidence-2026-27-Q2").expect("evidence");
    let said = page_text::words(&evidence.rendered.html);
    assert_says(
        &said,
        &[
            "organisations differ from all of them together by more than chance (99.8%)",
            "All with one scale; the last figure stands beside the name.",
            "figures of organisations meet their target",
            "The chance is less than even for",
        ],
    );
}
