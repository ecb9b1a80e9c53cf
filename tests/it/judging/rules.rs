//! The status rules give the worked cases' statuses, say why, and never reward a worse figure.

use boardpack::collect::Progress;
use boardpack::evaluate::rules::{
    self, Comparator, Milestone, PercentBand, PeriodMet, RiseCap, RuleContext, RuleOutcome, StepProgress, TestableFigure,
    against_growth, annual_target, better_than_comparator, cap_rise, close_gap, compliance, direction, level, milestone,
    narrow_gap, percent_change, reduction_band, similar_or_better, stabilise, standing, sustained_reduction,
};
use boardpack::evaluate::{Comparison, Flag, Status};
use boardpack::framework::{ChangeType, TargetKind, Uncertainty};
use boardpack::value::{Limits, Unit};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use serde_json::Value;
use strum::VariantArray;

/// A year with a fraction as a date: 2023.25 is 1 April 2023 to within a day.
fn day(year: f64) -> Date {
    let whole = year.floor();
    date(whole as i16, 1, 1).checked_add(jiff::Span::new().days(((year - whole) * 365.25) as i64)).unwrap()
}

/// When an ambition is due that states no date.
const DUE: f64 = 2028.25;

struct Row(Value);

impl Row {
    fn get(&self, key: &str) -> Option<f64> {
        self.0[key].as_f64()
    }

    fn need(&self, key: &str) -> f64 {
        self.get(key).unwrap_or_else(|| panic!("{key} of {}", self.0))
    }

    fn limits(&self, lower: &str, upper: &str) -> Option<Limits> {
        Some(Limits { lower: self.get(lower)?, upper: self.get(upper)? })
    }

    fn start(&self) -> TestableFigure {
        TestableFigure {
            counts: None,
            season: None,
            value: self.need("b"),
            limits: self.limits("bL", "bU"),
            period: "the baseline year".into(),
            ends: day(self.get("tb").unwrap_or(2022.0)),
        }
    }

    fn scene(&self) -> RuleContext {
        RuleContext {
            latest: TestableFigure {
                value: self.need("v"),
                limits: self.limits("L", "U"),
                counts: None,
                season: None,
                period: "the latest year".into(),
                ends: day(self.get("t").unwrap_or(2025.25)),
            },
            sign: self.get("s").unwrap_or(-1.0),
            due: day(self.get("tT").unwrap_or(DUE)),
            closed: false,
            worsening: false,
            beyond_due: false,
            baseline_redefined: false,
            uncertainty: Uncertainty::Published,
            unit: Unit::Score,
            decimals: 1,
        }
    }

    fn england(&self) -> Comparator<'static> {
        Comparator { name: "England", value: self.get("E"), published: None }
    }

    fn judge(&self, kind: &str) -> RuleOutcome {
        match kind {
            "level" => level(&self.scene(), self.need("T"), false, Some(&self.start())),
            "close_gap" => close_gap(&self.scene(), &self.england(), Some(&self.start()), self.get("Eb")),
            "cap_rise" => cap_rise(&self.scene(), cap(self.need("pct")), &self.start()),
            "better_than_england" => better_than_comparator(&self.scene(), &self.england()),
            "similar_or_better" => similar_or_better(&self.scene(), &self.england()),
            "sustained_annual" => {
                let series: Vec<f64> = self.0["series"].as_array().unwrap().iter().filter_map(Value::as_f64).collect();
                sustained_reduction(&self.scene(), &series[..series.len() - 1], self.0["last_change"] == "Worse")
            }
            "pct_change" => percent_change(&self.scene(), self.need("pct"), &self.start()),
            "vs_growth" => against_growth(&self.scene(), self.need("pct"), self.get("g").map(|g| g * 100.0), &self.start()),
            "annual_target" => annual_target(&self.scene(), self.need("T"), self.0["strict"] == true, 1),
            "direction" => direction(&self.scene(), &self.start()),
            "compliance" => {
                compliance(&self.scene(), self.need("full") * 100.0, self.get("O").zip(self.get("n")), Some(&self.start()))
            }
            "milestone" => {
                let part =
                    StepProgress { due: self.get("due").map(day), progress: Some(Progress::OnTrack), ..StepProgress::default() };
                milestone(&Milestone { parts: vec![part], today: day(self.need("today")) })
            }
            "net_zero_band" => {
                let band = PercentBand { percent: self.need("T"), early: day(self.need("early")), late: day(self.need("late")) };
                reduction_band(&RuleContext { due: band.late, ..self.scene() }, band, &self.start())
            }
            other => panic!("no rule for {other}"),
        }
    }
}

#[test]
fn every_worked_case_has_status_and_reason() {
    let mut reader = csv::Reader::from_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/judging/target_rules.csv")).unwrap();
    let mut cases = 0;
    for record in reader.deserialize::<(String, String, String, String)>() {
        let (case, kind, inputs, wanted) = record.unwrap();
        let verdict = Row(serde_json::from_str(&inputs).unwrap()).judge(&kind);
        assert_eq!(verdict.status.label(), wanted, "{case} {kind}: {}", verdict.reason);
        assert!(verdict.reason.bytes().any(|b| b.is_ascii_digit()), "{case}: {}", verdict.reason);
        assert_eq!(verdict.target.is_some(), kind != "milestone", "{case}");
        cases += 1;
    }
    assert_eq!(cases, 13);
}

fn cap(percent: f64) -> RiseCap {
    RiseCap { percent, change_type: ChangeType::Relative, confirmed: true }
}

fn scene(value: f64, reach: Option<f64>, sign: f64) -> RuleContext {
    RuleContext {
        latest: TestableFigure {
            value,
            limits: reach.map(|r| Limits { lower: value - r, upper: value + r }),
            counts: None,
            season: None,
            period: "2024/25".into(),
            ends: date(2025, 3, 31),
        },
        sign,
        due: date(2028, 3, 31),
        closed: false,
        worsening: false,
        beyond_due: false,
        baseline_redefined: false,
        uncertainty: Uncertainty::Published,
        unit: Unit::Percent,
        decimals: 1,
    }
}

fn start(value: f64, reach: Option<f64>) -> TestableFigure {
    TestableFigure {
        counts: None,
        season: None,
        value,
        limits: reach.map(|r| Limits { lower: value - r, upper: value + r }),
        period: "2022/23".into(),
        ends: date(2023, 3, 31),
    }
}

#[test]
fn reasons_give_figure_period_goal_and_expectation() {
    let verdict = level(&scene(53.1, Some(1.2), 1.0), 56.0, false, Some(&start(50.0, None)));
    assert_eq!(verdict.reason, "53.1% in 2024/25, against 56% wanted by March 2028 and 52.4% expected at that point");
    assert_eq!(verdict.status, Status::OnTrack);
    let target = verdict.target.unwrap();
    assert_eq!((target.value, target.words.as_str()), (Some(56.0), "56% by March 2028"));
}

#[test]
fn figures_that_differ_and_look_alike_say_so() {
    let verdict = level(&RuleContext { closed: true, ..scene(55.96, None, 1.0) }, 56.0, false, Some(&start(50.0, None)));
    assert_eq!(
        verdict.reason,
        "56.0% in 2024/25 has not reached the 56% (itself higher, by less than 0.1 percentage points) wanted by March 2028"
    );
    assert_eq!(verdict.status, Status::OffTrack);
}

#[test]
fn a_limit_that_looks_like_the_line_says_that_it_is_not() {
    let judge = |reach| level(&scene(51.4, Some(reach), 1.0), 56.0, false, Some(&start(50.0, None)));
    let hidden = judge(0.97);
    assert_eq!(hidden.status, Status::OffTrack);
    assert_eq!(
        hidden.reason,
        "51.4% in 2024/25, against 56% wanted by March 2028 and 52.4% expected at that point, beyond its 95% limit of 52.4% (itself \
         lower, by less than 0.1 percentage points)"
    );
    let plain = judge(0.5);
    assert_eq!(plain.reason, "51.4% in 2024/25, against 56% wanted by March 2028 and 52.4% expected at that point");
}

#[test]
fn worsening_trends_take_away_only_on_track() {
    let judge = |value, worsening| {
        level(&RuleContext { worsening, ..scene(value, Some(0.5), 1.0) }, 56.0, false, Some(&start(50.0, None))).status
    };
    assert_eq!((judge(53.0, false), judge(53.0, true)), (Status::OnTrack, Status::AtRisk));
    assert_eq!((judge(57.0, true), judge(52.0, true), judge(40.0, true)), (Status::Achieved, Status::AtRisk, Status::OffTrack));
}

#[test]
fn large_shortfalls_without_limits_are_at_risk() {
    let judge = |value| level(&scene(value, None, 1.0), 56.0, false, Some(&start(50.0, None)));
    assert_eq!((judge(51.9).status, judge(51.7).status), (Status::AtRisk, Status::OffTrack));
    assert!(judge(51.9).flags.contains(&Flag::NoLimits));
    let exact = RuleContext { uncertainty: Uncertainty::None, ..scene(51.9, None, 1.0) };
    assert!(!level(&exact, 56.0, false, Some(&start(50.0, None))).flags.contains(&Flag::NoLimits));
}

#[test]
fn after_the_due_date_a_status_is_final() {
    let late = |value| RuleContext { closed: true, ..scene(value, Some(5.0), 1.0) };
    for verdict in [
        level(&late(55.9), 56.0, false, Some(&start(50.0, None))),
        direction(&late(49.9), &start(50.0, Some(1.0))),
        close_gap(&late(50.0), &Comparator { name: "England", value: Some(51.0), published: None }, None, None),
    ] {
        assert_eq!(verdict.status, Status::OffTrack, "{}", verdict.reason);
        assert!(verdict.flags.contains(&Flag::Final));
    }
    assert_eq!(level(&late(56.0), 56.0, false, None).status, Status::Achieved);
    assert_eq!(level(&late(56.0), 56.0, true, None).status, Status::OffTrack, "over 56 is more than 56");
}

#[test]
fn no_significant_change_is_claimed_without_limits() {
    let better = direction(&scene(60.0, None, 1.0), &start(50.0, None));
    let worse = direction(&scene(40.0, None, 1.0), &start(50.0, None));
    assert_eq!((better.status, worse.status), (Status::OnTrack, Status::AtRisk));
    assert!(better.flags.contains(&Flag::NoLimits) && worse.flags.contains(&Flag::NoLimits));
    let published = Comparator { name: "England", value: Some(45.0), published: Some(Comparison::Worse) };
    assert_eq!(
        better_than_comparator(&scene(40.0, None, 1.0), &published).status,
        Status::OffTrack,
        "the publisher's word counts"
    );
    let unpublished = Comparator { published: None, ..published };
    assert_eq!(better_than_comparator(&scene(40.0, None, 1.0), &unpublished).status, Status::AtRisk);
    assert_eq!(cap_rise(&scene(99.0, None, -1.0), cap(2.7), &start(37.0, None)).status, Status::AtRisk);
}

#[test]
fn compliance_is_every_single_one() {
    let judge = |count, of, value| compliance(&scene(value, None, 1.0), 100.0, Some((count, of)), Some(&start(50.0, None)));
    assert_eq!(judge(2500.0, 2500.0, 100.0).status, Status::Achieved);
    let almost = judge(2499.0, 2500.0, 99.96);
    assert_eq!(almost.status, Status::OnTrack);
    assert!(almost.reason.contains("1 of 2,500 to go"), "{}", almost.reason);
    assert_eq!(compliance(&scene(0.0, None, -1.0), 0.0, Some((0.0, 9.0)), None).status, Status::Achieved);
}

#[test]
fn a_gap_that_changes_direction_is_said() {
    let verdict = narrow_gap(&scene(-3.0, Some(0.5), -1.0), &start(8.0, Some(0.5)));
    assert_eq!(verdict.status, Status::Achieved);
    assert!(verdict.reason.ends_with("the gap has changed direction"), "{}", verdict.reason);
    let across = rules::distance_from_zero(-1.0, Some(Limits { lower: -4.0, upper: 2.0 }));
    assert_eq!(across, (1.0, Some(Limits { lower: 0.0, upper: 4.0 })));
}

#[test]
fn sustained_reductions_are_unbroken() {
    let judge = |earlier: &[f64], latest| sustained_reduction(&scene(latest, None, -1.0), earlier, false).status;
    assert_eq!(judge(&[380.0, 370.0], 360.0), Status::OnTrack);
    assert_eq!(judge(&[380.0, 360.0], 365.0), Status::AtRisk);
    assert_eq!(judge(&[380.0, 350.0, 360.0], 365.0), Status::OffTrack, "two running");
    assert_eq!(judge(&[380.0, 360.0], 380.0), Status::OffTrack, "back at the baseline");
    let rise = sustained_reduction(&scene(365.0, None, -1.0), &[380.0, 360.0], true);
    assert_eq!(rise.status, Status::OffTrack);
}

#[test]
fn growth_is_an_input_and_not_assumed() {
    assert_eq!(against_growth(&scene(90.0, None, -1.0), 5.0, None, &start(90.0, None)).status, Status::NoTargetSet);
}

#[test]
fn a_milestones_lead_can_only_lower_it() {
    let due = date(2026, 3, 31);
    let judge = |today, progress, forecast, completed| {
        let part = StepProgress { due: Some(due), progress: Some(progress), forecast, completed, ..StepProgress::default() };
        milestone(&Milestone { parts: vec![part], today }).status
    };
    let (early, near, over) = (date(2025, 6, 1), date(2026, 2, 1), date(2026, 4, 1));
    use Progress::{AtRisk, Complete, OffTrack, OnTrack};
    for (today, progress, forecast, completed, wanted) in [
        (early, OnTrack, None, None, Status::NotYetDue),
        (early, OnTrack, Some(over), None, Status::AtRisk),
        (early, AtRisk, None, None, Status::AtRisk),
        (near, OnTrack, Some(due), None, Status::OnTrack),
        (near, OnTrack, None, None, Status::AtRisk),
        (near, OffTrack, Some(due), None, Status::OffTrack),
        (over, OnTrack, Some(over), None, Status::OffTrack),
        (over, Complete, None, Some(due), Status::Achieved),
        (over, Complete, None, Some(over), Status::AchievedLate),
        (over, AtRisk, None, Some(due), Status::Achieved),
        (near, Complete, None, Some(over), Status::AtRisk),
    ] {
        assert_eq!(judge(today, progress, forecast, completed), wanted, "{today} {progress:?} {forecast:?} {completed:?}");
    }
    let told_on = |day| {
        let known_complete_on = Some(day);
        let part = StepProgress { due: Some(due), progress: Some(Complete), known_complete_on, ..StepProgress::default() };
        milestone(&Milestone { parts: vec![part], today: over })
    };
    let in_time = told_on(near);
    assert_eq!(in_time.status, Status::Achieved, "a return that came before the day said so");
    assert_eq!(in_time.reason, "Reported complete on 1 February 2026, due by 31 March 2026");
    assert_eq!(told_on(over).status, Status::AchievedLate, "nothing shows that it was in time");
    let part = StepProgress { progress: Some(OnTrack), ..StepProgress::default() };
    let undated = milestone(&Milestone { parts: vec![part], today: near });
    assert_eq!((undated.status, undated.flags), (Status::NotYetDue, vec![Flag::NoDateSet]));
}

#[test]
fn a_target_reached_exactly_is_reached() {
    let at = |value: f64, sign| scene(value, None, sign);
    assert_eq!(percent_change(&at(55.0, 1.0), 10.0, &start(50.0, None)).status, Status::Achieved);
    let final_year = RuleContext { closed: true, ..at(205.4, -1.0) };
    assert_eq!(cap_rise(&final_year, cap(2.7), &start(200.0, None)).status, Status::Achieved);
    // 52.4 after two of the five years from 50 to 56.
    assert_eq!(level(&at(52.4, 1.0), 56.0, false, Some(&start(50.0, None))).status, Status::OnTrack);
    assert_eq!(level(&at(56.0, 1.0), 56.0, true, Some(&start(50.0, None))).status, Status::OnTrack, "reached, and not passed");
}

#[test]
fn insignificant_improvement_at_the_date_is_at_risk() {
    let late = |value: f64, reach| RuleContext { closed: true, ..scene(value, reach, 1.0) };
    assert_eq!(direction(&late(50.1, Some(5.0)), &start(50.0, Some(1.0))).status, Status::AtRisk);
    assert_eq!(direction(&late(50.1, None), &start(50.0, None)).status, Status::AtRisk);
    assert_eq!(direction(&late(60.1, Some(1.0)), &start(50.0, Some(1.0))).status, Status::Achieved);
    let beyond = RuleContext { beyond_due: true, ..late(50.1, Some(5.0)) };
    assert_eq!(direction(&beyond, &start(50.0, Some(1.0))).status, Status::OnTrack, "goes on as before its date");
}

#[test]
fn whole_counts_are_compared_without_chance() {
    let whole = |value| RuleContext { uncertainty: Uncertainty::None, ..scene(value, None, -1.0) };
    let better = direction(&whole(49.0), &start(50.0, None));
    assert_eq!(better.status, Status::Achieved);
    assert!(!better.reason.contains("significant"), "{}", better.reason);
    assert_eq!(direction(&whole(51.0), &start(50.0, None)).status, Status::OffTrack);
}

#[test]
fn unconfirmed_caps_tell_both_readings() {
    let read = |change_type, confirmed| {
        cap_rise(&scene(39.0, None, -1.0), RiseCap { percent: 2.7, change_type, confirmed }, &start(37.0, None)).reason
    };
    let open = read(ChangeType::Relative, false);
    assert!(open.contains("38.0%") && open.contains("39.7%") && open.contains("not confirmed"), "{open}");
    assert!(!read(ChangeType::Relative, true).contains("confirmed"));
}

#[test]
fn a_standing_condition_follows_its_latest_period() {
    let judge = |met: &[bool]| {
        let periods: Vec<PeriodMet> = met
            .iter()
            .enumerate()
            .map(|(i, met)| PeriodMet { period: format!("{}", 2023 + i), ends: date(2023 + i as i16, 12, 31), met: *met })
            .collect();
        let verdict = standing(&scene(100.0, None, 1.0), 100.0, &periods);
        (verdict.status, verdict.flags.contains(&Flag::Lapsed), verdict.reason)
    };
    assert_eq!(judge(&[true, true]).0, Status::Achieved);
    let again = judge(&[true, false, true, true]);
    assert_eq!(again.0, Status::AchievedLate);
    assert!(again.2.contains("met since 2025"), "{}", again.2);
    assert_eq!((judge(&[true, false]).0, judge(&[true, false]).1), (Status::OffTrack, true));
    assert_eq!((judge(&[false, false]).0, judge(&[false, false]).1), (Status::OffTrack, false));
}

#[test]
fn actions_follow_their_worst_overdue_step() {
    let step = |statement: &str, due, completed: Option<Date>| StepProgress {
        statement: statement.into(),
        due,
        progress: completed.map(|_| Progress::Complete),
        completed,
        ..StepProgress::default()
    };
    let (first, last) = (Some(date(2024, 3, 31)), Some(date(2026, 3, 31)));
    let judge = |parts, today| milestone(&Milestone { parts, today });
    let overdue = judge(vec![step("Induction", first, None), step("Reviews", last, None)], date(2025, 6, 1));
    assert_eq!(overdue.status, Status::OffTrack);
    assert!(overdue.reason.starts_with("Induction: Due by 31 March 2024"), "{}", overdue.reason);
    let lowered = StepProgress { progress: Some(Progress::OffTrack), ..step("Plan", last, None) };
    let overdue = judge(vec![lowered, step("Induction", first, None)], date(2025, 6, 1));
    assert!(overdue.reason.starts_with("Induction: "), "an overdue step goes before what its lead says: {}", overdue.reason);
    let open = judge(vec![step("Induction", first, first), step("Reviews", last, None)], date(2025, 6, 1));
    assert_eq!(open.status, Status::NotYetDue);
    let late_step = judge(vec![step("Induction", first, Some(date(2024, 5, 1))), step("Reviews", last, last)], date(2026, 6, 1));
    assert_eq!(late_step.status, Status::Achieved);
    assert!(late_step.reason.ends_with("late: Induction"), "{}", late_step.reason);
    let late = judge(vec![step("Induction", first, first), step("Reviews", last, Some(date(2026, 5, 1)))], date(2026, 6, 1));
    assert_eq!(late.status, Status::AchievedLate);
    let undated = judge(vec![step("Induction", first, first), step("Reviews", None, None)], date(2026, 6, 1));
    assert_eq!(undated.status, Status::NotYetDue);
    let moved = StepProgress { first_due: Some(date(2023, 9, 30)), ..step("Induction", first, None) };
    assert!(judge(vec![moved], date(2025, 6, 1)).reason.contains("(first 30 September 2023)"));
}

/// Less is better.
fn rank(status: Status) -> u8 {
    match status {
        Status::Achieved => 0,
        Status::OnTrack => 1,
        Status::AtRisk => 2,
        Status::OffTrack => 3,
        other => panic!("{other:?} is no judgement of a figure"),
    }
}

/// Every rule that goes by one figure, on the same figure; a level that is to be passed besides.
fn all_rules(scene: &RuleContext, base: f64, reach: Option<f64>, other: f64, change: f64) -> Vec<(&'static str, RuleOutcome)> {
    let start = start(base, reach);
    let target = base + scene.sign * change;
    let england = Comparator { name: "England", value: Some(other), published: None };
    let percent = scene.sign * change;
    let is_tested = !scene.closed || reach.is_some();
    let falls = scene.sign < 0.0;
    let outcome = |kind: TargetKind| match kind {
        TargetKind::Level => Some(level(scene, target, false, Some(&start))),
        TargetKind::PercentChange => Some(percent_change(scene, percent, &start)),
        TargetKind::CloseGap => Some(close_gap(scene, &england, Some(&start), Some(other))),
        TargetKind::Direction => Some(direction(scene, &start)),
        TargetKind::AnnualTarget => Some(annual_target(scene, target, false, 1)),
        TargetKind::Compliance => Some(compliance(scene, if falls { 0.0 } else { 100.0 }, None, Some(&start))),
        TargetKind::BetterThanComparator => is_tested.then(|| better_than_comparator(scene, &england)),
        TargetKind::SimilarOrBetter => is_tested.then(|| similar_or_better(scene, &england)),
        TargetKind::Stabilise => is_tested.then(|| stabilise(scene, &start)),
        TargetKind::CapRise => falls.then(|| cap_rise(scene, cap(change), &start)),
        TargetKind::AgainstGrowth => falls.then(|| against_growth(scene, change, Some(1.5), &start)),
        TargetKind::SustainedReduction => falls.then(|| sustained_reduction(scene, &[base, base - 1.0], false)),
        TargetKind::NarrowGap => falls.then(|| narrow_gap(scene, &start)),
        TargetKind::ReductionBand => falls.then(|| {
            let band = PercentBand { percent: change, early: date(2028, 12, 31), late: date(2032, 12, 31) };
            reduction_band(scene, band, &start)
        }),
        // Its periods are met or not met.
        TargetKind::Standing | TargetKind::NotJudged => None,
    };
    let strict = ("strict level", level(scene, target, true, Some(&start)));
    let found = TargetKind::VARIANTS.iter().filter_map(|kind| Some((<&str>::from(kind), outcome(*kind)?)));
    found.chain([strict]).filter(|(_, v)| !matches!(v.status, Status::CannotBeJudged | Status::NoFigure)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_status_never_improves_when_the_figure_worsens(
        value in 1.0..99.0_f64, worse_by in 0.0..20.0_f64, base in 20.0..80.0_f64, reach in prop::option::of(0.1..8.0_f64),
        other in 20.0..80.0_f64, change in 0.5..20.0_f64, high in any::<bool>(), closed in any::<bool>(), worsening in any::<bool>(),
    ) {
        let sign = if high { 1.0 } else { -1.0 };
        let at = |value| RuleContext { closed, worsening, ..scene(value, reach, sign) };
        let before = all_rules(&at(value), base, reach, other, change);
        let after = all_rules(&at(value - sign * worse_by), base, reach, other, change);
        for (name, better) in &before {
            // A rule that cannot judge one of the two says nothing of their order.
            if let Some((_, worse)) = after.iter().find(|(other, _)| other == name) {
                prop_assert!(rank(worse.status) >= rank(better.status), "{name}: {better:?} became {worse:?}");
            }
        }
    }

    #[test]
    fn the_words_of_a_target_do_not_depend_on_the_figure(
        value in 1.0..99.0_f64, near in -0.1..0.1_f64, base in 20.0..80.0_f64, other in 20.0..80.0_f64, change in 0.5..20.0_f64,
        high in any::<bool>(),
    ) {
        let sign = if high { 1.0 } else { -1.0 };
        // Beside what is wanted, by the baseline, and anywhere.
        let at = |value| all_rules(&scene(value, None, sign), base, None, other, change);
        let words = |outcomes: Vec<(&'static str, RuleOutcome)>| -> Vec<(&'static str, String)> {
            outcomes.into_iter().filter_map(|(name, outcome)| Some((name, outcome.target?.words))).collect()
        };
        let told = words(at(value));
        for figure in [base + sign * change + near, base + near, other + near] {
            prop_assert_eq!(&words(at(figure)), &told);
        }
    }
}
