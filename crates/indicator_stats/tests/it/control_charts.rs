//! Control charts reproduce worked cases of NHSRplotthedots, and say nothing that their figures do not.

use crate::cases::{number, optional, rows};
use crate::numbers::{any_size, close};
use indicator_stats::{Polarity, spc};
use proptest::prelude::*;

fn polarity(text: &str) -> Polarity {
    match text {
        "increase" => Polarity::High,
        "decrease" => Polarity::Low,
        _ => Polarity::None,
    }
}

#[test]
fn charts_name_special_causes_and_show_icons() {
    let points = rows("tests/cases/spc_points");
    for row in rows("tests/cases/spc_series") {
        let wanted: Vec<_> = points.iter().filter(|point| point["case"] == row["case"]).collect();
        let values: Vec<f64> = wanted.iter().map(|p| number(p, "y")).collect();
        let chart = spc::chart(
            &values,
            &spc::Options {
                target: optional(&row, "target"),
                screen_outliers: row["screen_outliers"] == "1",
                ..spc::Options::new(polarity(&row["improvement_direction"]))
            },
        );
        for (point, wanted) in chart.points.iter().zip(&wanted) {
            close(point.mean, number(wanted, "mean"), 1e-9);
            close(point.limits.lower, number(wanted, "lpl"), 1e-9);
            close(point.limits.upper, number(wanted, "upl"), 1e-9);
            let cause = match point.cause {
                spc::Cause::Common => "Common Cause",
                spc::Cause::AboveUpperLimit => "Above UCL",
                spc::Cause::BelowLowerLimit => "Below LCL",
                spc::Cause::Rising => "7 Point Trend (Increasing)",
                spc::Cause::Falling => "7 Point Trend (Decreasing)",
                spc::Cause::NearUpperLimit => "2 in 3 Above CL",
                spc::Cause::NearLowerLimit => "2 in 3 Below CL",
                spc::Cause::RunAboveMean => "7 Points Above CL",
                spc::Cause::RunBelowMean => "7 Points Below CL",
            };
            assert_eq!(cause, wanted["special_cause_type"], "{wanted:?}");
        }
        let icon = match chart.variation.unwrap() {
            spc::Variation::CommonCause => "common_cause",
            spc::Variation::ImprovementHigh => "improvement_high",
            spc::Variation::ImprovementLow => "improvement_low",
            spc::Variation::ConcernHigh => "concern_high",
            spc::Variation::ConcernLow => "concern_low",
            spc::Variation::NeutralHigh => "neutral_high",
            spc::Variation::NeutralLow => "neutral_low",
        };
        assert_eq!(icon, row["variation_icon"]);
        let assurance = match chart.assurance {
            Some(spc::Assurance::Pass) => "pass",
            Some(spc::Assurance::Fail) => "fail",
            Some(spc::Assurance::HitAndMiss) => "inconsistent",
            None => "empty",
        };
        assert_eq!(assurance, row["assurance_icon"], "{row:?}");
    }
}

#[test]
fn rebasing_restarts_limits_despite_an_outlying_jump() {
    let mut values = vec![10.0, 11.0, 10.0, 11.0, 10.0, 11.0, 10.0, 11.0, 10.0, 11.0, 10.0, 11.0, 10.0];
    values.extend(values.clone().iter().map(|v| v + 20.0));
    let whole = spc::chart(&values, &spc::Options::new(Polarity::High));
    let rebased = spc::chart(&values, &spc::Options { rebase_at: vec![13], ..spc::Options::new(Polarity::High) });
    assert_eq!(whole.variation, Some(spc::Variation::ImprovementHigh));
    assert_eq!(rebased.variation, Some(spc::Variation::CommonCause));
    close(whole.points[0].limits.upper - whole.points[0].mean, 2.66, 1e-12);
    close(rebased.points[13].mean - rebased.points[0].mean, 20.0, 1e-12);
    assert!(!rebased.points[0].trial);
    assert!(spc::chart(&values[..12], &spc::Options::new(Polarity::High)).points[0].trial);
    assert_eq!(spc::chart(&[], &spc::Options::new(Polarity::High)).variation, None);
}

/// A month of 20 figures that vary a little, so that nothing in it is special.
const ORDINARY: [f64; 20] = [
    100.0, 103.0, 98.0, 101.0, 97.0, 102.0, 99.0, 104.0, 100.0, 96.0, 101.0, 103.0, 98.0, 100.0, 97.0, 102.0, 99.0, 101.0, 98.0,
    103.0,
];

fn causes(values: &[f64]) -> Vec<spc::Cause> {
    spc::chart(values, &spc::Options::new(Polarity::High)).points.iter().map(|p| p.cause).collect()
}

#[test]
fn figures_that_never_change_have_no_special_cause() {
    for same in [88.2, 4.7, 0.1, 1.0 / 3.0, 0.0] {
        assert_eq!(causes(&[same; 13]), [spc::Cause::Common; 13], "{same}");
    }
    let mut rounded = [0.3; 14];
    rounded[7] = 0.1 + 0.2;
    assert_eq!(causes(&rounded), [spc::Cause::Common; 14]);
}

#[test]
fn limits_of_no_width_say_nothing() {
    let mut values = vec![90.0; 6];
    values.push(95.0);
    values.extend([90.0; 6]);
    let options = spc::Options { target: Some(92.0), ..spc::Options::new(Polarity::High) };
    let chart = spc::chart(&values, &options);
    assert_eq!(chart.points[0].limits.lower, chart.points[0].limits.upper, "screening took all movement out");
    assert!(chart.points.iter().all(|p| p.cause == spc::Cause::Common));
    assert_eq!((chart.variation, chart.assurance), (Some(spc::Variation::CommonCause), None));
    assert_eq!(spc::limits_after(&values), None);
}

#[test]
fn fewer_than_thirteen_points_give_limits_only() {
    let mut values = ORDINARY[..11].to_vec();
    values.push(900.0);
    let options = spc::Options { target: Some(160.0), ..spc::Options::new(Polarity::High) };
    let few = spc::chart(&values, &options);
    assert!(few.points.iter().all(|p| p.trial && p.cause == spc::Cause::Common && p.limits.lower < p.limits.upper));
    assert_eq!((few.variation, few.assurance, spc::limits_after(&values)), (None, None, None));
    values.insert(0, 100.0);
    let enough = spc::chart(&values, &options);
    assert_eq!((enough.variation, enough.assurance), (Some(spc::Variation::ImprovementHigh), Some(spc::Assurance::HitAndMiss)));
}

/// Twenty ordinary months, and then seven just below the mean with a month missing among them, or not.
#[test]
fn runs_and_ranges_end_at_a_missing_period() {
    let below: Vec<spc::PeriodValue> = [99.0, 98.5, 99.2, 98.7, 99.1, 98.9, 99.3].map(spc::PeriodValue::of).to_vec();
    let ordinary = || ORDINARY.map(spc::PeriodValue::of).to_vec();
    let together = [ordinary(), below.clone()].concat();
    let apart = [ordinary(), below[..3].to_vec(), vec![spc::PeriodValue::MISSING], below[3..].to_vec()].concat();
    let drawn = |readings: &[spc::PeriodValue]| spc::chart_of(readings, &spc::Options::new(Polarity::Low));
    assert_eq!(drawn(&together).variation, Some(spc::Variation::ImprovementLow));
    let apart = drawn(&apart);
    assert_eq!(apart.variation, Some(spc::Variation::CommonCause));
    assert_eq!((apart.points.len(), apart.points[22].place, apart.points[23].place), (27, 22, 24));
    // A jump across a gap is no moving range.
    let level = |low: f64| [low, low + 1.0].repeat(4).into_iter().map(spc::PeriodValue::of).collect::<Vec<_>>();
    let jump = [level(10.0), vec![spc::PeriodValue::MISSING], level(50.0)].concat();
    let unscreened = spc::Options { screen_outliers: false, ..spc::Options::new(Polarity::Low) };
    let lines = spc::chart_of(&jump, &unscreened).points[0];
    close(lines.limits.upper - lines.mean, 2.66, 1e-12);
}

#[test]
fn doubtful_points_are_left_out() {
    let mut readings = ORDINARY.map(spc::PeriodValue::of).to_vec();
    let plain = spc::chart_of(&readings, &spc::Options::new(Polarity::High));
    readings.insert(10, spc::PeriodValue { value: Some(500.0), doubtful: true });
    let doubted = spc::chart_of(&readings, &spc::Options::new(Polarity::High));
    assert_eq!(doubted.points[0].mean, plain.points[0].mean);
    assert!(doubted.points[10].doubtful && doubted.points[10].cause == spc::Cause::Common);
    assert!(!doubted.points[9].doubtful);
    // Thirteen points, one of them doubtful, are twelve.
    let thirteen = spc::chart_of(&readings[..13], &spc::Options::new(Polarity::High));
    assert_eq!((thirteen.points.len(), thirteen.points[0].trial, thirteen.variation), (13, true, None));
    // The icon is that of the last point that is not doubtful.
    let mut last: Vec<_> = ORDINARY.map(spc::PeriodValue::of).to_vec();
    last.extend([spc::PeriodValue::of(140.0), spc::PeriodValue { value: Some(10.0), doubtful: true }]);
    assert_eq!(spc::chart_of(&last, &spc::Options::new(Polarity::High)).variation, Some(spc::Variation::ImprovementHigh));
    // Seven on one side of the mean with a doubtful one among them are not seven in a row.
    let mut run = ORDINARY.map(spc::PeriodValue::of).to_vec();
    run.extend([99.0, 98.5, 99.2].map(spc::PeriodValue::of));
    run.push(spc::PeriodValue { value: Some(98.8), doubtful: true });
    run.extend([98.7, 99.1, 98.9, 99.3].map(spc::PeriodValue::of));
    assert_eq!(spc::chart_of(&run, &spc::Options::new(Polarity::Low)).variation, Some(spc::Variation::CommonCause));
}

#[test]
fn points_count_anew_after_a_step_change() {
    let mut values = ORDINARY.to_vec();
    values.extend(ORDINARY[..12].iter().map(|v| v + 50.0));
    let options = spc::Options { rebase_at: vec![20], target: Some(100.0), ..spc::Options::new(Polarity::High) };
    let early = spc::chart(&values, &options);
    assert_eq!((early.points[19].trial, early.points[20].trial, early.variation, early.assurance), (false, true, None, None));
    values.push(148.0);
    let enough = spc::chart(&values, &options);
    assert_eq!((enough.variation, enough.assurance), (Some(spc::Variation::CommonCause), Some(spc::Assurance::Pass)));
    // A step change of which nothing is known yet leaves the lines before it.
    let mut readings = ORDINARY.map(spc::PeriodValue::of).to_vec();
    readings.push(spc::PeriodValue { value: Some(150.0), doubtful: true });
    let unknown = spc::chart_of(&readings, &options);
    assert_eq!((unknown.points.len(), unknown.points[20].mean), (21, unknown.points[0].mean));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_series_can_be_charted(values in prop::collection::vec(-1e6..1e6_f64, 0..60), rebase in 0_usize..70) {
        let chart = spc::chart(&values, &spc::Options { rebase_at: vec![rebase], ..spc::Options::new(Polarity::Low) });
        prop_assert_eq!(chart.points.len(), values.len());
        prop_assert!(chart.points.iter().all(|p| p.limits.lower <= p.mean && p.mean <= p.limits.upper));
    }

    #[test]
    fn control_chart_lines_are_numbers(sizes in prop::collection::vec(any_size(), 0..40), gaps in prop::collection::vec(0..4_u8, 40), rebase in 0_usize..40) {
        let readings: Vec<_> = sizes.iter().zip(gaps).map(|(value, gap)| spc::PeriodValue { value: (gap > 0).then_some(*value), doubtful: gap == 1 }).collect();
        let chart = spc::chart_of(&readings, &spc::Options { rebase_at: vec![rebase], target: Some(1.0), ..spc::Options::new(Polarity::Low) });
        for p in &chart.points {
            prop_assert!([p.value, p.mean, p.limits.lower, p.limits.upper].iter().all(|x| x.is_finite()), "{p:?}");
            prop_assert!(!p.trial || p.cause == spc::Cause::Common);
            prop_assert_eq!(Some(p.value), readings[p.place].value);
        }
    }
}
