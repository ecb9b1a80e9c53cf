//! One status for a whole, by where the people of its areas stand.

use super::areas_sentence::AreasSentence;
use super::assessment::are_many;
use super::by_area::{self, JudgedArea};
use super::explained::{AssessmentWorking, Decision};
use super::wording::format_list;
use super::{AreaStanding, AssessedTarget, Assessment, ByArea, Flag, NoFigure, Status};
use crate::area::{AreaCode, Areas};
use crate::framework::Measure;
use crate::value::{Limits, Value};

/// From 95% limits to 99.8% ones, on the scale of the figure.
const Z_RATIO: f64 = 3.090_232_306_167_813_5 / 1.959_963_984_540_054;

/// One status from areas that make up a whole, in which `own` stands without a figure; none where no area has a figure. An area to
/// which the latest figure does not apply is no part of it then.
pub(super) fn from_areas(
    areas: &Areas,
    measure: &Measure,
    judged: &[(&AreaCode, Option<&Assessment>)],
    own: &Assessment,
) -> Option<Assessment> {
    let is_adverse = |of: &Assessment, among: usize| is_adverse_among(of, measure, among);
    from_areas_by(areas, judged, own, &is_adverse)
}

/// The same, where `is_adverse` says whether an area is significantly adverse as one of so many.
pub(super) fn from_areas_by(
    areas: &Areas,
    judged: &[(&AreaCode, Option<&Assessment>)],
    own: &Assessment,
    is_adverse: &dyn Fn(&Assessment, usize) -> bool,
) -> Option<Assessment> {
    let given = || judged.iter().filter_map(|(_, assessment)| *assessment);
    let latest = given().flat_map(|of| &of.series).filter(|point| point.value.is_given()).map(|point| point.period).max();
    let is_left_out =
        |of: &Assessment| of.series.iter().any(|point| Some(point.period) == latest && point.value == Value::NotApplicable);
    let left_out: Vec<&AreaCode> = given().filter(|of| is_left_out(of)).map(|of| &of.area).collect();
    let judged: Vec<_> = judged.iter().filter(|(_, of)| !of.is_some_and(is_left_out)).copied().collect();
    let found: Vec<&Assessment> = judged.iter().filter_map(|(_, assessment)| *assessment).collect();
    if found.iter().all(|assessment| assessment.latest.is_none()) {
        return None;
    }
    let standing = |(code, assessment): &(&AreaCode, Option<&Assessment>)| AreaStanding {
        area: (*code).clone(),
        population: areas.population(code).map(|people| people as f64),
        status: assessment.map_or(Status::NoFigure, |assessment| assessment.status),
        is_significantly_adverse: assessment.is_some_and(|a| is_adverse(a, found.len())),
    };
    let standings: Vec<AreaStanding> = judged.iter().map(standing).collect();
    let known = are_populations_known(&standings);
    let people = |s: &AreaStanding| weight(s, known);
    let inputs = standings.iter().map(|s| JudgedArea {
        area: s.area.clone(),
        population: people(s),
        status: s.status,
        significantly_adverse: s.is_significantly_adverse,
    });
    let mut result = by_area::by_area(&inputs.collect::<Vec<_>>()).status;
    let alone = standings.len() > 1 && standings.iter().filter(|standing| standing.status.is_judged()).count() == 1;
    if alone && !known {
        // One part stands for the whole only where it is known that half of the people live there.
        result = Status::NoFigure;
    }
    let total: f64 = standings.iter().map(&people).sum();
    let judged_share = judged_share(&standings);
    let without = |area: &AreaCode| found.iter().find(|a| a.area == *area).is_none_or(|a| a.latest.is_none());
    let why = |standing: &AreaStanding| {
        let of = found.iter().find(|a| a.area == standing.area);
        let label = of.and_then(|a| a.no_figure.as_ref()).map(NoFigure::label);
        let otherwise = if without(&standing.area) { "no figure".to_owned() } else { standing.status.label().to_lowercase() };
        label.map_or(otherwise, str::to_owned)
    };
    let sentence = AreasSentence {
        areas,
        standings: &standings,
        is_of_some: !left_out.is_empty(),
        total,
        people: &people,
        known,
        judged_share,
        why: &why,
        without: &without,
    };
    // Where all that cannot be judged lack the same thing, that is the reason.
    let mut whys = found.iter().filter(|a| !a.status.is_judged()).map(|a| a.no_figure.clone());
    let first = whys.next().flatten();
    let alike = first.filter(|first| whys.all(|why| why.as_ref() == Some(first)) && found.len() == standings.len());
    let withheld = found.iter().any(|a| a.no_figure == Some(NoFigure::Withheld)).then_some(NoFigure::Withheld);
    let no_figure = (result == Status::NoFigure).then(|| withheld.or(alike).unwrap_or(NoFigure::Incomplete));
    let reason = sentence.of(result, &found);
    let mut flags = vec![Flag::ByArea];
    flags.extend(standings.iter().any(|s| !s.status.is_judged()).then_some(Flag::Incomplete));
    let of_any = [Flag::Illustrative, Flag::Suppressed, Flag::Proxy];
    flags.extend(of_any.into_iter().filter(|flag| found.iter().any(|a| a.flags.contains(flag))));
    flags.extend(rests_on_old_figures(&found).then_some(Flag::Stale));
    let of_all = [Flag::NoLimits, Flag::LimitsWorkedOut];
    flags.extend(of_all.into_iter().filter(|flag| found.iter().all(|a| a.flags.contains(flag))));
    flags.sort_unstable();
    flags.dedup();
    let without: Vec<&str> = left_out.iter().map(|code| areas.name(code)).collect();
    let found = Assessment {
        status: result,
        reason,
        flags,
        no_figure,
        target: common_target(&found).filter(|(_, of)| *of == standings.len() || *of > 1).map(|(target, _)| target),
        next_due: found.iter().filter_map(|a| a.next_due).max(),
        by_area: Some(ByArea { areas: standings, left_out: left_out.into_iter().cloned().collect(), judged_share }),
        ..own.clone()
    };
    Some(decided_by_parts(without_parts(found, &without)))
}

fn are_populations_known(standings: &[AreaStanding]) -> bool {
    standings.iter().all(|standing| standing.population.is_some())
}

/// The people of an area. Without the populations of all every area counts alike.
fn weight(standing: &AreaStanding, known: bool) -> f64 {
    if known { standing.population.unwrap_or(0.0) } else { 1.0 }
}

/// The share of people, or else of areas, that are judged.
pub(super) fn judged_share(standings: &[AreaStanding]) -> f64 {
    let known = are_populations_known(standings);
    let total: f64 = standings.iter().map(|standing| weight(standing, known)).sum();
    let judged = standings.iter().filter(|standing| standing.status.is_judged());
    let judged: f64 = judged.map(|standing| weight(standing, known)).sum();
    // A sum of nothing is −0.
    if total > 0.0 { judged / total + 0.0 } else { 0.0 }
}

/// Whether an area is significantly adverse, as one of so many that make up a whole.
pub(super) fn is_adverse_among(of: &Assessment, measure: &Measure, areas: usize) -> bool {
    // What is too old to judge says nothing of now.
    of.status.is_judged() && is_significantly_adverse(of, measure, areas)
}

/// Whether a status rests on an old figure: one of those that are judged, of which alone it is made, or where none is judged, of any.
pub(super) fn rests_on_old_figures(of: &[&Assessment]) -> bool {
    let any_judged = of.iter().any(|a| a.status.is_judged());
    of.iter().any(|a| a.flags.contains(&Flag::Stale) && (a.status.is_judged() || !any_judged))
}

/// What all areas that have an aim have in common, with how many they are; none where each has its own, from its own baseline.
fn common_target(areas: &[&Assessment]) -> Option<(AssessedTarget, usize)> {
    let targets: Vec<&AssessedTarget> = areas.iter().filter_map(|area| area.target.as_ref()).collect();
    let first = *targets.first()?;
    let are_alike = targets.iter().all(|target| target.words == first.words);
    are_alike.then(|| (AssessedTarget { expected_now: None, ..first.clone() }, targets.len()))
}

/// Significantly on the wrong side: of the comparator where its limits can be held against it, else of its baseline, and where
/// a level is to be reached also where its limits lie wholly short of what is expected by now. What a publisher says of a figure
/// without limits is shown, and is no significance: at how many areas it looked, and how closely, is not known.
fn is_significantly_adverse(of: &Assessment, measure: &Measure, areas: usize) -> bool {
    let Some(sign) = measure.polarity.sign() else { return false };
    let point = of.latest.as_ref();
    let limits =
        point.and_then(|p| Some((p.value.number()?, p.limits?))).map(|(v, l)| if are_many(areas) { widened(v, l) } else { l });
    let short_of = |other: f64| {
        limits.is_some_and(|l| {
            let nearest = if sign > 0.0 { l.upper } else { l.lower };
            sign * (nearest - other) < 0.0
        })
    };
    if let Some(comparator) = point.and_then(|p| p.comparator).filter(|_| limits.is_some()) {
        return short_of(comparator);
    }
    let by_baseline = of.since_baseline.as_ref().is_some_and(|since| since.is_significantly_worse_among(areas));
    let by_path = of.target.as_ref().and_then(|target| target.expected_now).is_some_and(short_of);
    by_baseline || by_path
}

fn widened(value: f64, limits: Limits) -> Limits {
    Limits { lower: value - (value - limits.lower) * Z_RATIO, upper: value + (limits.upper - value) * Z_RATIO }
}

/// Says of a figure or a status of some parts that it is not of all, and to which it does not apply.
pub(super) fn without_parts(found: Assessment, left_out: &[&str]) -> Assessment {
    if left_out.is_empty() {
        return found;
    }
    let reason = format!("{} (without {}, to which it does not apply)", found.reason, format_list(left_out));
    let mut flags = found.flags;
    flags.push(Flag::WithoutParts);
    flags.sort_unstable();
    Assessment { reason, flags, ..found }
}

/// That it follows from the parts is what decides; the rest of the working stands.
pub(super) fn decided_by_parts(assessment: Assessment) -> Assessment {
    let (status, reason) = (assessment.status, assessment.reason.clone());
    let working = assessment
        .working
        .map(|working| Box::new(AssessmentWorking { decision: Decision::FromParts { status, reason }, ..*working }));
    Assessment { working, ..assessment }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::SeriesPoint;
    use crate::period::{Period, YearKind};
    use indicator_stats::Comparison;

    #[test]
    fn no_limits_no_significance() {
        let config = crate::assets::Assets::config(None);
        let framework = crate::framework::load(&config, "2024").unwrap();
        let measure = framework.measures.iter().find(|m| m.polarity.sign() == Some(-1.0)).unwrap();
        let latest = |limits| SeriesPoint {
            limits,
            comparator: Some(20.0),
            ..SeriesPoint::alone(Period::year(YearKind::Financial, 2024), Value::Number(30.0))
        };
        let is_adverse = |limits, areas| {
            let of = Assessment {
                status: Status::AtRisk,
                comparison: Comparison::Worse,
                latest: Some(latest(limits)),
                ..Assessment::without_figure(measure.id.clone(), AreaCode::new("A").unwrap())
            };
            is_adverse_among(&of, measure, areas)
        };
        assert!([2, 8].iter().all(|areas| !is_adverse(None, *areas)));
        let (near, far) = (Limits { lower: 22.0, upper: 38.0 }, Limits { lower: 28.0, upper: 32.0 });
        assert_eq!((is_adverse(Some(near), 2), is_adverse(Some(near), 8)), (true, false));
        assert_eq!((is_adverse(Some(far), 2), is_adverse(Some(far), 8)), (true, true));
    }
}
