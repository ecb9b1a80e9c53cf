//! Staying below what unmitigated growth would have given. The growth is an input: without it nothing is judged.

use super::{RuleContext, RuleOutcome, TestableFigure};
use crate::evaluate::{Flag, Status};
use crate::value::Unit;
use indicator_stats::{tolerance, trajectory};
use jiff::civil::Date;

/// Growth by a yearly share: U(t) = b(1 + g)^years, which is then judged as by [`against_scenario`].
pub fn against_growth(
    scene: &RuleContext,
    percent: f64,
    annual_growth_percent: Option<f64>,
    start: &TestableFigure,
) -> RuleOutcome {
    let Some(growth) = annual_growth_percent else {
        return nothing_to_judge_by(scene, "no unmitigated-growth scenario is set: its agreed figure for each period is needed");
    };
    below(scene, percent, grown((start.ends, start.value), growth, scene.latest.ends), start)
}

/// What a figure would be at a day by a yearly growth in per cent.
pub fn grown((from, start): (Date, f64), growth: f64, at: Date) -> f64 {
    start * (1.0 + growth / 100.0).powf(trajectory::years(from, at))
}

/// What is allowed at a day of what growth without the plan would have given there: `percent` less at the due date, and the share
/// of it that the time since the start asks for before.
pub fn growth_allowed(percent: f64, unmitigated: f64, (from, due): (Date, Date), at: Date) -> f64 {
    unmitigated * (1.0 - percent.abs() / 100.0 * trajectory::elapsed(from, due, at).unwrap_or(1.0))
}

/// `unmitigated` is U(t), what the locked scenario projects for the latest period. Wanted is `percent` below U at the
/// due date, and the share of that which the time since the baseline allows before it: U(t)(1 − percent · elapsed).
pub fn against_scenario(scene: &RuleContext, percent: f64, unmitigated: Option<f64>, start: &TestableFigure) -> RuleOutcome {
    match unmitigated {
        Some(unmitigated) => below(scene, percent, unmitigated, start),
        None => nothing_to_judge_by(scene, "the unmitigated-growth scenario has no figure for that period: it is needed"),
    }
}

fn nothing_to_judge_by(scene: &RuleContext, lacking: &str) -> RuleOutcome {
    let value = scene.figure(scene.latest.value);
    RuleOutcome::new(Status::NoTargetSet, format!("{value} in {}, but {lacking}", scene.latest.period))
}

fn below(scene: &RuleContext, percent: f64, unmitigated: f64, start: &TestableFigure) -> RuleOutcome {
    let latest = &scene.latest;
    let allowed = growth_allowed(percent, unmitigated, (start.ends, scene.due), latest.ends);
    let [value, now, without] = scene.figures([latest.value, allowed, unmitigated]);
    let aim = format!("{} below unmitigated growth {}", Unit::Percent.stated(percent.abs()), scene.by_due());
    let beside = format!("{value} in {}, against {now} allowed at that point and {without} had growth gone on", latest.period);
    let within = tolerance::at_least(allowed, latest.value);
    let (status, reason) = match latest.limits {
        _ if within && scene.is_final() => (Status::Achieved, beside),
        _ if within => (Status::OnTrack, beside),
        _ if scene.is_final() => (Status::OffTrack, beside),
        Some(limits) if tolerance::at_least(allowed, limits.lower) => {
            (Status::AtRisk, format!("{beside}: what is allowed lies within its 95% limits"))
        }
        None if scene.lacks_limits() => (Status::AtRisk, beside),
        _ => (Status::OffTrack, beside),
    };
    RuleOutcome::new(status, reason)
        .flag(Flag::NoLimits, scene.lacks_limits())
        .flag(Flag::Final, scene.is_final())
        .target(scene.target(None, aim, Some(allowed)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::Uncertainty;
    use crate::value::Limits;
    use jiff::civil::date;

    /// Three of the five years from 2022/23 to March 2028 have gone.
    fn scene(value: f64) -> RuleContext {
        RuleContext {
            latest: TestableFigure {
                value,
                limits: None,
                counts: None,
                season: None,
                period: "2025/26".into(),
                ends: date(2026, 3, 31),
            },
            sign: -1.0,
            due: date(2028, 3, 31),
            closed: false,
            beyond_due: false,
            baseline_redefined: false,
            worsening: false,
            uncertainty: Uncertainty::None,
            unit: Unit::Count,
            decimals: 0,
        }
    }

    fn start() -> TestableFigure {
        TestableFigure {
            value: 1000.0,
            limits: None,
            counts: None,
            season: None,
            period: "2022/23".into(),
            ends: date(2023, 3, 31),
        }
    }

    #[test]
    fn the_allowance_is_scenario_less_the_share() {
        // U = 1200 and p = 5%: 1200 × (1 − 0.05 × 3/5) = 1164.
        for (value, status) in [(1163.0, Status::OnTrack), (1166.0, Status::OffTrack)] {
            let verdict = against_scenario(&scene(value), 5.0, Some(1200.0), &start());
            assert_eq!(verdict.status, status, "{}", verdict.reason);
            assert!((verdict.target.unwrap().expected_now.unwrap() - 1164.0).abs() < 1e-9);
        }
    }

    #[test]
    fn limits_that_reach_the_allowance_are_at_risk() {
        let mut scene = scene(1170.0);
        (scene.uncertainty, scene.latest.limits) = (Uncertainty::Poisson, Some(Limits { lower: 1103.9, upper: 1239.0 }));
        assert_eq!(against_scenario(&scene, 5.0, Some(1200.0), &start()).status, Status::AtRisk);
    }

    #[test]
    fn even_growth_is_judged_as_that_growth() {
        let unmitigated = 1000.0 * 1.02_f64.powi(3);
        let [by_share, by_scenario] = [
            against_growth(&scene(1020.0), 5.0, Some(2.0), &start()),
            against_scenario(&scene(1020.0), 5.0, Some(unmitigated), &start()),
        ];
        assert_eq!((by_share.status, by_share.reason), (by_scenario.status, by_scenario.reason));
    }

    #[test]
    fn without_growth_the_reason_says_why() {
        let lacking = [against_growth(&scene(1.0), 5.0, None, &start()), against_scenario(&scene(1.0), 5.0, None, &start())];
        for verdict in lacking {
            assert_eq!(verdict.status, Status::NoTargetSet);
            assert!(verdict.reason.contains("is needed"), "{}", verdict.reason);
        }
    }
}
