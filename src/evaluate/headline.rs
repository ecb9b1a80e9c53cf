//! How a measure counts for the system: by its own figure, by one made anew from its parts, by what organisations have
//! given of it, or by where the people of its areas stand. One part never stands for the whole.

use super::area_case::{AreaCase, JudgedAs};
use super::assess_area::assess_area;
use super::context::EvaluationContext;
use super::from_areas::{decided_by_parts, from_areas, without_parts};
use super::inequality::breakdowns;
use super::pooled::pooled;
use super::series::{FigureSeries, SeriesEntry};
use super::tree::AreaTree;
use super::wording::{format_list, has_or_have};
use super::{Assessment, Flag, MeasureAssessment, NoFigure, SeriesPoint, Status};
use crate::area::AreaCode;
use crate::framework::{Aspiration, Measure, PartsAre};
use crate::period::Period;
use crate::value::Value;

pub(super) fn assess_measure(context: &EvaluationContext<'_>, measure: &Measure, aspiration: &Aspiration) -> MeasureAssessment {
    let edition = &context.inputs.framework.edition;
    let tree = AreaTree { headlines: &context.headlines, areas: context.inputs.areas, measure, system: &edition.system };
    let comparator = tree.own(&edition.comparator);
    let case = |area: &AreaCode, whose, series: &FigureSeries| {
        let own = aspiration.in_area(area);
        // A target of its own is held against its own figures, as the system's is.
        let whose = if own.is_some() { JudgedAs::System } else { whose };
        let aspiration = own.as_ref().unwrap_or(aspiration);
        let found = assess_area(&AreaCase { context, measure, aspiration, area, whose, series, comparator: &comparator });
        let left_out: Vec<&str> = series.left_out.iter().map(|code| context.inputs.areas.name(code)).collect();
        if found.latest.is_none() { found } else { without_parts(found, &left_out) }
    };
    let breakdowns = breakdowns(context, measure, &comparator);
    let part = |area: &AreaCode| {
        // What other bodies gave whose areas make up an organisation's is not the organisation's own.
        let series = if measure.parts_are == PartsAre::Organisations { tree.own(area) } else { tree.series(area) };
        series.is_given().then(|| case(area, JudgedAs::Part, &series))
    };
    let given = tree.own(&edition.system);
    let own = case(&edition.system, JudgedAs::System, &given);
    let named = aspiration.target.baseline().and_then(|baseline| measure.period(&baseline.period).ok());
    let system = |series: &FigureSeries| case(&edition.system, JudgedAs::System, series);
    // A figure that is withheld is not gone round by way of the parts.
    let is_withheld = own.no_figure == Some(NoFigure::Withheld);
    let stands = |of: &Assessment| of.latest.is_some() && of.no_figure.is_none();
    // Without a rule nothing is made of the parts.
    // Nor is one that only lacks a baseline: a figure that is given comes first.
    let is_own = own.latest.is_some() && matches!(own.no_figure, None | Some(NoFigure::NoBaseline));
    if is_withheld || is_own || !aspiration.target.is_judged() {
        let areas = others(&tree, measure, &part);
        return MeasureAssessment { headline: own, areas, breakdowns };
    }
    if measure.retired.is_some() {
        // It is told with its last figure, and no area or organisation is missing.
        let [parts, former] = tree.organisations();
        let whole = match measure.parts_are {
            PartsAre::Organisations => FigureSeries::pooled(measure, &parts, &former).map(|(series, _)| series),
            PartsAre::Areas => tree.summed(&edition.system),
        };
        let whole = whole.map(|series| system(&series)).filter(|whole| whole.latest.is_some());
        let areas = others(&tree, measure, &part);
        return MeasureAssessment { headline: whole.unwrap_or(own), areas, breakdowns };
    }
    if let [_] = measure.parts.as_slice() {
        // The only part is the system: it is not told twice.
        let whole = tree.summed(&edition.system).map(|series| system(&series));
        let whole = whole.filter(|whole| stands(whole) || own.latest.is_none());
        return MeasureAssessment { headline: whole.unwrap_or(own), areas: Vec::new(), breakdowns };
    }
    let areas = others(&tree, measure, &part);
    let mut headline = match measure.parts_are {
        PartsAre::Organisations => pooled(&tree, aspiration, &system, &given, &own).unwrap_or(own),
        PartsAre::Areas => match tree.summed(&edition.system).map(|series| system(&series.with_baseline_of(&given, named))) {
            Some(whole) if stands(&whole) => whole,
            whole => {
                let by_area = by_area(&tree, &own, &part);
                // Where no area can be judged either, the figure of the whole is shown, and that it has no baseline.
                let lacks_baseline = |whole: &Assessment| whole.no_figure == Some(NoFigure::NoBaseline);
                let whole = whole.filter(lacks_baseline).or_else(|| Some(own.clone()).filter(lacks_baseline));
                match (whole, &by_area) {
                    (Some(whole), None) => whole,
                    (Some(whole), Some(by_area)) if !by_area.status.is_judged() => whole,
                    _ => {
                        let short = not_all_parts(&tree, aspiration, &own, by_area.as_ref());
                        short.or(by_area).unwrap_or_else(|| for_want_of_later(own, &areas))
                    }
                }
            }
        },
    };
    if headline.no_figure == Some(NoFigure::NoBaseline)
        && headline.by_area.is_none()
        && let Some(lacking) = named.and_then(|period| lacking_baseline(&tree, period))
    {
        headline.reason = format!("{}; {lacking}", headline.reason);
    }
    if headline.baseline.is_none() {
        headline.baseline = whole_baseline(&tree, aspiration, &system);
    }
    MeasureAssessment { headline, areas, breakdowns }
}

/// Whose figures of the baseline's period do not make that of the whole, and why; none where they do, or nobody gave one.
fn lacking_baseline(tree: &AreaTree<'_>, period: Period) -> Option<String> {
    if !FigureSeries::may_be_summed(tree.measure) || tree.measure.parts.len() < 2 {
        return None;
    }
    let organisations = tree.measure.parts_are == PartsAre::Organisations;
    let parts = tree.measure.parts.iter().map(|code| {
        let (name, series) =
            if organisations { (tree.areas.body_name(code), tree.own(code)) } else { (tree.areas.name(code), tree.series(code)) };
        (name, series.at(period).map_or(Value::Missing, |entry| entry.point.value), series.has_counts_at(tree.measure, period))
    });
    let parts: Vec<(&str, Value, bool)> = parts.collect();
    let told = |what: &str, wanted: &dyn Fn(Value, bool) -> bool| {
        let names: Vec<&str> =
            parts.iter().filter(|(_, value, counted)| wanted(*value, *counted)).map(|(name, ..)| *name).collect();
        (!names.is_empty()).then(|| format!("{what} {}", format_list(&names)))
    };
    let uncounted = told("no numerator and denominator from", &|value, counted| value.number().is_some() && !counted);
    let others = [
        told("withheld by", &|value, _| value == Value::Suppressed),
        told("not applicable to", &|value, _| value == Value::NotApplicable),
        told("no figure from", &|value, _| value == Value::Missing),
    ];
    if uncounted.is_none() && parts.iter().all(|(_, value, _)| *value == Value::Missing) {
        return None;
    }
    let lacking: Vec<String> = uncounted.into_iter().chain(others.into_iter().flatten()).collect();
    (!lacking.is_empty()).then(|| format!("for the baseline of {}, {}", period.in_words(), lacking.join(", ")))
}

/// The baseline of the whole, where all of its parts gave theirs, whatever they have given since.
fn whole_baseline(
    tree: &AreaTree<'_>,
    aspiration: &Aspiration,
    system: &dyn Fn(&FigureSeries) -> Assessment,
) -> Option<SeriesPoint> {
    let period = tree.measure.period(&aspiration.target.baseline()?.period).ok()?;
    system(&tree.whole_at(period).filter(|whole| whole.left_out.is_empty())?).baseline
}

/// Each part of the measure, then each area that is made of parts.
fn others(tree: &AreaTree<'_>, measure: &Measure, part: &dyn Fn(&AreaCode) -> Option<Assessment>) -> Vec<Assessment> {
    let several = measure.parts.len() > 1 || measure.parts.first().is_some_and(|only| only != tree.system);
    let parts = measure.parts.iter().filter(|_| several);
    // Organisations make up no area: what they gave is about them.
    let made = tree.made_of_parts().filter(|_| measure.parts_are == PartsAre::Areas);
    parts.chain(made).filter_map(part).collect()
}

/// The system as without any figure, but for the reason of parts that have figures and none late enough.
fn for_want_of_later(mut own: Assessment, parts: &[Assessment]) -> Assessment {
    match parts.first() {
        Some(part) if own.latest.is_none() && part.latest.is_none() => {
            own.flags.extend(part.flags.iter().filter(|flag| flag.is_of_age()));
            own.flags.sort_unstable();
            own.flags.dedup();
            Assessment {
                status: part.status,
                reason: part.reason.clone(),
                no_figure: part.no_figure.clone(),
                working: part.working.clone(),
                next_due: own.next_due.or(part.next_due),
                ..own
            }
        }
        _ => own,
    }
}

/// Of a number that is the sum of its parts, what is said where some of them have not given it: nothing is known of the whole,
/// but that it is not none where none is wanted and a part has some.
fn not_all_parts(
    tree: &AreaTree<'_>,
    aspiration: &Aspiration,
    own: &Assessment,
    by_area: Option<&Assessment>,
) -> Option<Assessment> {
    let is_missed = by_area.is_some_and(|found| matches!(found.status, Status::OffTrack | Status::AtRisk));
    if !tree.measure.statistic.is_number() || aspiration.target.is_all_or_none() && is_missed {
        return None;
    }
    let parts = if tree.measure.parts.is_empty() { tree.cover() } else { tree.measure.parts.iter().collect() };
    let parts: Vec<(&AreaCode, FigureSeries)> = parts.into_iter().map(|code| (code, tree.series(code))).collect();
    let latest = parts.iter().filter_map(|(_, series)| series.latest_given()).max()?;
    let names = |wanted: bool| {
        let gave = parts.iter().filter(|(_, series)| series.at(latest).is_some_and(SeriesEntry::is_given) == wanted);
        gave.map(|(code, _)| tree.areas.name(code)).collect::<Vec<_>>()
    };
    let (given, absent) = (names(true), names(false));
    let told = || Assessment {
        status: Status::NoFigure,
        no_figure: Some(NoFigure::Incomplete),
        reason: format!(
            "Not all parts have a figure for {}: {} {} one, and {} {} not",
            latest.in_words(),
            format_list(&given),
            has_or_have(&given),
            format_list(&absent),
            has_or_have(&absent)
        ),
        flags: vec![Flag::Incomplete],
        ..own.clone()
    };
    (!absent.is_empty()).then(|| decided_by_parts(told()))
}

/// By the status in which the median resident lives: of the fewest areas that make up the system.
fn by_area(tree: &AreaTree<'_>, own: &Assessment, part: &dyn Fn(&AreaCode) -> Option<Assessment>) -> Option<Assessment> {
    let of = |code: &AreaCode| part(code).or_else(|| without_any(tree, code));
    let judged: Vec<(&AreaCode, Option<Assessment>)> = tree.cover().into_iter().map(|code| (code, of(code))).collect();
    let judged: Vec<(&AreaCode, Option<&Assessment>)> = judged.iter().map(|(code, of)| (*code, of.as_ref())).collect();
    from_areas(tree.areas, tree.measure, &judged, own)
}

/// An area of which nothing is known but that the figure does not apply to it.
fn without_any(tree: &AreaTree<'_>, code: &AreaCode) -> Option<Assessment> {
    let series: Vec<SeriesPoint> = tree.series(code).entries.into_iter().map(|entry| entry.point).collect();
    let is_told = series.iter().any(|point| point.value == Value::NotApplicable);
    is_told.then(|| Assessment { series, ..Assessment::without_figure(tree.measure.id.clone(), code.clone()) })
}
