//! A whole made anew from the organisations that gave the figure, with how much of the whole they are.

use super::from_areas::{decided_by_parts, without_parts};
use super::parts::SeriesPart;
use super::series::FigureSeries;
use super::tree::AreaTree;
use super::wording::{format_list, format_share};
use super::{Assessment, Coverage, Flag, NoFigure, Status};
use crate::area::AreaCode;
use crate::framework::Aspiration;
use crate::value::Value;

/// Made anew from the organisations that gave it, with how much of the whole they are. Too few of them are no figure, and
/// what they gave is shown all the same. A plain number of some is not held to what is asked of all.
pub(super) fn pooled(
    tree: &AreaTree<'_>,
    aspiration: &Aspiration,
    system: &dyn Fn(&FigureSeries) -> Assessment,
    given: &FigureSeries,
    own: &Assessment,
) -> Option<Assessment> {
    let named = aspiration.target.baseline().and_then(|baseline| tree.measure.period(&baseline.period).ok());
    let measure = tree.measure;
    let [parts, former] = tree.organisations();
    let Some((series, coverage)) = FigureSeries::pooled(measure, &parts, &former) else {
        let gave = measure.parts.iter().zip(&parts).filter(|(_, part)| part.series.is_given());
        return without_counts(tree, &gave.map(|(code, _)| code).collect::<Vec<_>>(), own);
    };
    let lacking = Lacking::of(tree, &parts, &series, &coverage);
    let mut assessment = match coverage.given.as_slice() {
        _ if coverage.absent.is_empty() && coverage.left_out.is_empty() => system(&series.with_baseline_of(given, named)),
        [only] => {
            // What all of them gave before goes on being shown.
            let series = system(&FigureSeries::of_all_organisations(measure, &parts, &former)).series;
            Assessment { series, ..of_one(tree, only, &lacking, own) }
        }
        _ if coverage.absent.is_empty() => {
            let names: Vec<&str> = coverage.left_out.iter().map(|code| tree.areas.body_name(code)).collect();
            without_parts(system(&series), &names)
        }
        _ => of_some(tree, aspiration, &coverage, &lacking, system(&series)),
    };
    assessment.coverage = Some(coverage);
    Some(assessment)
}

/// What is not in a pooled figure, in words; empty where nothing is.
struct Lacking {
    /// `no figure from Fell Trust`.
    no_figure: String,
    /// `withheld by Holt Trust, no counts from Marsh Trust, not applicable to Dale Trust`: of those that gave something else.
    otherwise: String,
}

impl Lacking {
    fn of(tree: &AreaTree<'_>, parts: &[SeriesPart], series: &FigureSeries, coverage: &Coverage) -> Self {
        let gave = |code: &AreaCode| {
            let part = tree.measure.parts.iter().position(|part| part == code).and_then(|at| parts.get(at));
            let entry = part.zip(series.latest_given()).and_then(|(part, latest)| part.series.at(latest));
            entry.map_or(Value::Missing, |entry| entry.point.value)
        };
        let told = |what: &str, wanted: fn(Value) -> bool| {
            let absent = coverage.absent.iter().chain(&coverage.left_out).filter(|code| wanted(gave(code)));
            let names: Vec<&str> = absent.map(|code| tree.areas.body_name(code)).collect();
            (!names.is_empty()).then(|| format!("{what} {}", format_list(&names)))
        };
        let otherwise = [
            told("withheld by", |value| value == Value::Suppressed),
            told("no counts from", |value| value.number().is_some()),
            told("not applicable to", |value| value == Value::NotApplicable),
        ];
        Self {
            no_figure: told("no figure from", |value| value == Value::Missing).unwrap_or_default(),
            otherwise: otherwise.into_iter().flatten().collect::<Vec<_>>().join(", "),
        }
    }
}

/// What one organisation of several gave is its own, and is shown under its name only.
fn of_one(tree: &AreaTree<'_>, only: &AreaCode, lacking: &Lacking, own: &Assessment) -> Assessment {
    let (who, of) = (tree.areas.body_name(only), tree.measure.parts.len());
    let comma = if lacking.otherwise.is_empty() { "" } else { ", " };
    Assessment {
        status: Status::NoFigure,
        reason: format!("Incomplete: only {who} of {of} organisations gave a figure{comma}{}", lacking.otherwise),
        flags: vec![Flag::Incomplete],
        no_figure: Some(NoFigure::Incomplete),
        ..Assessment::without_figure(own.measure.clone(), own.area.clone())
    }
}

/// The figure of some organisations: judged where they are enough, and else shown without a status.
fn of_some(
    tree: &AreaTree<'_>,
    aspiration: &Aspiration,
    coverage: &Coverage,
    lacking: &Lacking,
    mut assessment: Assessment,
) -> Assessment {
    let measure = tree.measure;
    let (given, of) = (coverage.given.len(), coverage.given.len() + coverage.absent.len());
    let percent = format_share(coverage.share);
    let of_what = if coverage.by_denominator { measure.denominator_in_words() } else { "them by number".to_owned() };
    let Lacking { no_figure, otherwise } = lacking;
    let and = if no_figure.is_empty() || otherwise.is_empty() { "" } else { ", " };
    let who = format!("{given} of {of} organisations, {percent} of {of_what}; {no_figure}{and}{otherwise}");
    let mut is_judged = true;
    let by_own_baseline = aspiration.target.needs_baseline() && aspiration.target.baseline().is_some_and(|b| b.value.is_none());
    if coverage.is_enough && (!measure.statistic.is_number() || by_own_baseline) {
        assessment.reason = format!("{} ({who})", assessment.reason);
    } else {
        is_judged = false;
        let value = assessment.latest.as_ref().and_then(|latest| latest.value.number().map(|value| (value, latest.period)));
        let shown = value.map_or(String::new(), |(value, period)| {
            format!("{} in {} is ", measure.unit.format(value, measure.decimals), period.in_words())
        });
        assessment.status = Status::NoFigure;
        assessment.no_figure = Some(NoFigure::Incomplete);
        (assessment.since_previous, assessment.since_baseline) = (None, None);
        assessment.reason = format!("{shown}incomplete: {who}");
    }
    assessment.flags.push(Flag::Incomplete);
    assessment.flags.extend((!coverage.left_out.is_empty()).then_some(Flag::WithoutParts));
    assessment.flags.sort_unstable();
    assessment.flags.dedup();
    if is_judged { assessment } else { decided_by_parts(assessment) }
}

/// What is said where organisations gave shares or rates and none with the counts that they are made of; none where nobody gave
/// anything.
fn without_counts(tree: &AreaTree<'_>, gave: &[&AreaCode], own: &Assessment) -> Option<Assessment> {
    let names: Vec<&str> = gave.iter().map(|code| tree.areas.body_name(code)).collect();
    let wanted = !gave.is_empty() && own.latest.is_none() && FigureSeries::may_be_summed(tree.measure);
    wanted.then(|| Assessment {
        status: Status::NoFigure,
        no_figure: Some(NoFigure::Incomplete),
        reason: format!(
            "No figure of all organisations can be made: {} gave {} without numerator and denominator",
            format_list(&names),
            if names.len() == 1 { "a value" } else { "values" }
        ),
        flags: vec![Flag::Incomplete],
        working: None,
        ..own.clone()
    })
}
