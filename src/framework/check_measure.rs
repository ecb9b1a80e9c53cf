//! What must hold of a measure's definition, whatever it is judged by.

use super::findings::{Findings, expect_area};
use super::{
    FIGURE_IN_PLAIN_WORDS, IndicatorSeries, Measure, MeasureBreakdown, MeasureId, MeasureSource, Partner, PartsAre, Statistic,
};
use crate::area::Areas;
use crate::document::{Entries, words};
use crate::explanation::no_reason;
use crate::fault::{Fault, Faults};
use std::collections::{BTreeMap, BTreeSet};

/// Longer waits for a figure than this are misprints.
const MOST_MONTHS: i32 = 120;
const MOST_YEARS: i32 = 10;

/// What must hold of a measure by itself.
pub(super) fn definition(place: &str, measure: &Measure, areas: Option<&Areas>, findings: &mut Findings) {
    measure.breakdowns().iter().for_each(|breakdown| index_of(place, breakdown, findings));
    let faults = &mut findings.faults;
    if !(0.0..=100.0).contains(&measure.coverage_percent) {
        let problem = format!("is {}; 0 to 100 was expected", measure.coverage_percent);
        faults.push(
            format!("{place}, coverage_percent"),
            problem,
            "give the least share that may stand for the whole, such as 80",
        );
    }
    marked_periods(place, measure, areas, faults);
    if !(measure.multiplier.is_finite() && measure.multiplier > 0.0) {
        faults.push(
            format!("{place}, multiplier"),
            format!("is {}; a number above 0 was expected", measure.multiplier),
            "correct it",
        );
    }
    for (key, months, from, remedy) in [
        ("cadence_months", measure.cadence_months, 1, "give the months from one figure to the next: 12 for a yearly one"),
        (
            "publication_lag_months",
            measure.publication_lag_months,
            0,
            "give the months from the end of a period to its publication",
        ),
    ] {
        if !(from..=MOST_MONTHS).contains(&months) {
            faults.push(format!("{place}, {key}"), format!("is {months}; {from} to {MOST_MONTHS} was expected"), remedy);
        }
    }
    if let Some(plain) = &measure.plain
        && plain.figure.matches(FIGURE_IN_PLAIN_WORDS).count() != 1
    {
        let problem = format!(
            "has {FIGURE_IN_PLAIN_WORDS} {} times; once was expected",
            plain.figure.matches(FIGURE_IN_PLAIN_WORDS).count()
        );
        let remedy = format!("write it where the figure stands, such as \"Of 100 adults, {FIGURE_IN_PLAIN_WORDS} smoke.\"");
        faults.push(format!("{place}, plain.figure"), problem, remedy);
    }
    for (i, part) in measure.parts.iter().enumerate() {
        expect_area(part, &format!("{place}, parts"), areas, faults);
        if measure.parts[..i].contains(part) {
            faults.push(format!("{place}, parts"), format!("{part} is listed twice"), "remove one: it would be summed twice");
        }
        let within = |areas: &Areas| measure.parts.iter().find(|whole| areas.lies_within(part, whole)).cloned();
        if measure.parts_are == PartsAre::Areas
            && let Some(whole) = areas.and_then(within)
        {
            let problem = format!("{part} lies within {whole}, which is listed too");
            faults.push(format!("{place}, parts"), problem, "remove one of the two: it would be summed twice");
        }
    }
    match &measure.source {
        MeasureSource::Indicator { source, indicator, years, aggregate, .. } => {
            for (key, text) in [("source", source), ("indicator", indicator)] {
                if text.trim().is_empty() {
                    faults.push(format!("{place}, source.{key}"), "is empty", "name the source and its indicator");
                }
            }
            if !(1..=MOST_YEARS).contains(years) {
                let problem = format!("is {years}; 1 to {MOST_YEARS} was expected");
                faults.push(format!("{place}, source.years"), problem, "write 3 for three-year periods");
            }
            let is_never_pooled = matches!(measure.statistic, Statistic::StandardisedRate | Statistic::Estimate);
            if aggregate.is_some() && is_never_pooled {
                let problem = "a standardised rate or an estimate is not made from shorter periods";
                faults.push(format!("{place}, source.aggregate"), problem, "leave it out, or correct the statistic");
            }
        }
        MeasureSource::Return { partners, areas: given_for, breakdowns, first } => {
            groups(place, breakdowns, faults);
            if let Some(Err(e)) = first.as_deref().map(|label| measure.period(label)) {
                faults.push(format!("{place}, source.first"), e.to_string(), "write the first period that partners return");
            }
            if partners.is_empty() {
                faults.push(format!("{place}, source.partners"), "is empty", "name the kinds of partner that return the measure");
            }
            for (i, area) in given_for.iter().enumerate() {
                expect_area(area, &format!("{place}, source.areas"), areas, faults);
                if given_for[..i].contains(area) {
                    faults.push(format!("{place}, source.areas"), format!("{area} is listed twice"), "remove one");
                }
            }
        }
        MeasureSource::Sum { of } if of.len() < 2 => {
            faults.push(format!("{place}, source.of"), "names fewer than two measures", "name those that are added up");
        }
        MeasureSource::Sum { .. }
            if !matches!(measure.statistic, Statistic::CrudeRate | Statistic::Count | Statistic::Quantity) =>
        {
            let problem = "only numbers, quantities and rates of one population are added up";
            faults.push(format!("{place}, statistic"), problem, "correct the statistic, or ask for the whole");
        }
        MeasureSource::Sum { .. } | MeasureSource::None => {}
    }
}

/// Periods that a control chart is told of: each can be read, says why it stands there, and is of an area that there is.
fn marked_periods(place: &str, measure: &Measure, areas: Option<&Areas>, faults: &mut Faults) {
    let steps = measure.step_changes.iter().map(|step| {
        let words = [("reason", &step.reason), ("decided_by", &step.decided_by)];
        ("step_change", "from", &step.area, &step.from, words.to_vec())
    });
    let doubtful = measure.doubtful.iter().map(|d| ("doubtful", "period", &d.area, &d.period, vec![("reason", &d.reason)]));
    for (entry, key, area, label, words) in steps.chain(doubtful) {
        let place = format!("{place}, {entry} {label}");
        area.iter().for_each(|area| expect_area(area, &format!("{place}, area"), areas, faults));
        if let Err(e) = measure.period(label) {
            faults.push(format!("{place}, {key}"), e.to_string(), "write the period as the measure's source does");
        }
        for (key, problem) in words.into_iter().filter_map(|(key, text)| Some((key, no_reason(text)?))) {
            faults.push(format!("{place}, {key}"), problem, "say why, and who decided it: nothing is marked without a reason");
        }
    }
}

/// What adds up: figures of one unit, kind of year and cadence, of which none is a sum itself.
pub(super) fn part_of_sum(place: &str, measure: &Measure, part: &Measure, faults: &mut Faults) {
    let place = format!("{place}, source.of");
    if (&part.unit, part.year, part.cadence_months) != (&measure.unit, measure.year, measure.cadence_months) {
        let problem = format!("{} is in another unit, kind of year or cadence", part.id);
        faults.push(&place, problem, "add up figures of one unit, for the same periods");
    }
    if part.statistic != measure.statistic || part.multiplier != measure.multiplier {
        let problem = format!("{} has another statistic or multiplier", part.id);
        faults.push(&place, problem, "add up figures of one kind");
    }
    if !part.summed().is_empty() {
        faults.push(place, format!("{} is a sum itself", part.id), "name the measures that it is the sum of");
    }
}

/// A split by deprivation says by which index: editions of it cannot be set side by side.
fn index_of(place: &str, breakdown: &MeasureBreakdown, findings: &mut Findings) {
    let name = breakdown.by.to_lowercase();
    let by_deprivation = name.contains("depriv") || name.contains("core20");
    let has_year = name.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() == 4);
    if by_deprivation && !has_year {
        findings.note(
            format!("{place}, source.breakdowns"),
            format!("{:?} does not say by which index of deprivation", breakdown.by),
            "add its year, such as (IMD 2019): figures by another year's are not comparable",
        );
    }
}

/// Each breakdown has a name and two groups or more, and none stands twice: a row of a return names them.
fn groups(place: &str, breakdowns: &[MeasureBreakdown], faults: &mut Faults) {
    let place = format!("{place}, source.breakdowns");
    let plain = |name: &str| name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let mut names = BTreeSet::new();
    for breakdown in breakdowns {
        if plain(&breakdown.by).is_empty() || !names.insert(plain(&breakdown.by)) {
            let problem = format!("by = {:?} is empty or given twice", breakdown.by);
            faults.push(&place, problem, "give each breakdown a name of its own, such as Deprivation");
        }
        if breakdown.groups.len() < 2 {
            let problem = format!("{:?} has fewer than two groups", breakdown.by);
            faults.push(&place, problem, "list the groups that the figure is split into");
        }
        let mut groups = BTreeSet::new();
        if let Some(group) = breakdown.groups.iter().find(|group| plain(group).is_empty() || !groups.insert(plain(group))) {
            let problem = format!("the group {group:?} of {:?} is empty or given twice", breakdown.by);
            faults.push(&place, problem, "give each group a name of its own");
        }
    }
}

/// Whether anyone is there to return a measure. A kind of which there is nobody may be another system's, where the measure
/// names others that there are. Of the kinds in `told` it is told at a partner.
pub(super) fn asked<'a>(
    place: &str,
    measure: &Measure,
    partners: &'a Entries<Partner>,
    told: &BTreeSet<&str>,
    findings: &mut Findings,
) {
    let MeasureSource::Return { partners: kinds, .. } = &measure.source else { return };
    // Where a partner cannot be read, nor perhaps can its kind.
    if partners.is_incomplete || !partners.broken.is_empty() {
        return;
    }
    let kinds_of = |(_, partner): &'a (String, Partner)| partner.kinds.iter().map(String::as_str);
    let there: BTreeSet<&str> = partners.good.iter().flat_map(kinds_of).collect();
    let there: Vec<&str> = there.into_iter().collect();
    let is_there = |kind: &String| there.contains(&kind.as_str());
    for kind in kinds.iter().filter(|kind| !is_there(kind) && !told.contains(kind.as_str())) {
        let meant = words::nearest(kind, &there);
        let fault = Fault::new(
            format!("{place}, source.partners"),
            format!(
                "no partner is of the kind {kind:?}, so none is asked for it; the kinds in partners.toml are: {}",
                there.join(", ")
            ),
            meant.map_or("correct it, or add a partner of that kind".to_owned(), |kind| format!("did you mean {kind:?}?")),
        );
        if meant.is_some() || !kinds.iter().any(is_there) {
            findings.faults.0.push(fault);
        } else {
            findings.notes.push(fault);
        }
    }
}

/// Two measures of the same figures would count one thing twice.
pub(super) fn overlaps<'a>(definitions: impl Iterator<Item = &'a (String, Measure)>, faults: &mut Faults) {
    let mut seen: BTreeMap<IndicatorSeries<'_>, &MeasureId> = BTreeMap::new();
    for (place, measure) in definitions {
        let Some(series) = measure.source.series() else { continue };
        if let Some(earlier) = seen.insert(series, &measure.id) {
            let IndicatorSeries { source, indicator, sex, years, .. } = series;
            faults.push(
                format!("{place}, source"),
                format!("is the same series as that of the measure {earlier}: {source} {indicator}, {sex}, {years} year(s)"),
                "use the one measure, or tell the two apart by sex, age or years",
            );
        }
    }
}
