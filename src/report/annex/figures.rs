//! The figures: how each measure stands in each area, its series, and how it differs by deprivation.

use super::table::{AnnexCell, AnnexColumn, AnnexTable, count_places};
use crate::area::AreaCode;
use crate::evaluate::{Breakdown, MeasureAssessment, SeriesPoint, rows};
use crate::framework::{Measure, MeasureId};
use crate::report::PackInputs;
use crate::report::content::figures::places;
use crate::value::Value;
use std::collections::BTreeSet;

/// Places of figures whose measure is not known.
const USUAL_PLACES: u8 = 1;

const COVERAGE: AnnexColumn =
    AnnexColumn::number("coverage", "Of a figure pooled from organisations: their share of the whole, 0 to 1");

pub(super) const ASSESSMENTS: &[AnnexColumn] = &[
    AnnexColumn::words("measure", "Id of the measure, the same in every edition of the strategy"),
    AnnexColumn::words("title", "Name as printed"),
    AnnexColumn::words("ambition", "Id of the ambition that it is judged in: see Ambitions"),
    AnnexColumn::words("role", "lead decides; stand_in decides only while no lead is judged; supporting never does"),
    AnnexColumn::words(
        "unit",
        "What every figure of the row counts in, but the numerator and the denominator: percent figures are 12.3 for 12.3%",
    ),
    AnnexColumn::words("area", "GSS code of an area or ODS code of an organisation"),
    AnnexColumn::words("area_name", "Its name; of an organisation its own, not its place's"),
    AnnexColumn::yes_no("headline", "Whether this row counts in the pack, being the system's; all rows to compare areas"),
    AnnexColumn::words("period", "Period of the latest figure, as its publisher labels it"),
    AnnexColumn::number("value", "The latest figure, not rounded"),
    AnnexColumn::words("value_state", "number, suppressed, missing or not_applicable; empty where there is no figure at all"),
    AnnexColumn::number("numerator", "Count above the line, where it was given"),
    AnnexColumn::number("denominator", "Count below the line, where it was given"),
    AnnexColumn::number("lower", "Lower 95% confidence limit, published, or computed from the counts"),
    AnnexColumn::number("upper", "Upper 95% confidence limit"),
    AnnexColumn::yes_no("limits_worked_out", "Whether the limits were worked out here, the publisher giving none"),
    AnnexColumn::words("uncertainty", "binomial, poisson, published, or none where all of a finite set is counted"),
    AnnexColumn::words("judged_period", "Period of the figure that the status speaks of, where that is not the latest"),
    AnnexColumn::number("judged_value", "That figure; not applicable where it is the latest"),
    AnnexColumn::number("previous", "The figure before it that shares no day with it; for months and quarters of a year before"),
    AnnexColumn::words("previous_period", "Its period"),
    AnnexColumn::number("change", "The latest figure less the previous"),
    AnnexColumn::words("change_significant", "By a test at 95%: true or false; empty where nothing was tested"),
    AnnexColumn::words("change_significant_998", "The same at 99.8%"),
    AnnexColumn::words(
        "change_better",
        "Whether the change is for the better; empty where there is none or no direction is good",
    ),
    AnnexColumn::number("baseline", "Where the target starts from: as the strategy states it, or the figure of that period"),
    AnnexColumn::words("baseline_period", "Its period"),
    AnnexColumn::number("change_since_baseline", "The latest figure less the baseline"),
    AnnexColumn::words("change_since_baseline_significant", "By a test at 95%: true or false; empty where nothing was tested"),
    AnnexColumn::words("change_since_baseline_better", "Whether it is for the better"),
    AnnexColumn::number("target", "The value to reach; not applicable where the goal is a direction or a comparison"),
    AnnexColumn::date("target_due", "The last day for it"),
    AnnexColumn::words("target_words", "The goal in words"),
    AnnexColumn::number("expected_now", "What the way from baseline to target asks for at the end of the period"),
    AnnexColumn::number("chance_of_meeting", "Chance of meeting the target by its date, 0 to 1, to the nearest tenth"),
    AnnexColumn::number("yearly_change_needed", "Change a year, from the latest figure, that would meet the target on its date"),
    AnnexColumn::number("comparator", "The comparator's figure of the same period"),
    AnnexColumn::words("comparator_area", "The comparator's code"),
    AnnexColumn::words(
        "comparison",
        "Beside the comparator at 95%: better, similar, worse; higher, lower where no direction is good; not_compared",
    ),
    AnnexColumn::number("region", "The region's figure of the same period"),
    AnnexColumn::words(
        "region_comparison",
        "Beside it at 95%, in the words of comparison; empty where there is no figure of the region",
    ),
    AnnexColumn::words(
        "beside",
        "Further areas shown beside it, each with its figure and how this one stands beside it, separated by ;",
    ),
    AnnexColumn::number("rank", "Among the areas of its kind that the source gives: 1 the most favourable, or the highest"),
    AnnexColumn::number("rank_of", "How many those are"),
    AnnexColumn::number("quarter", "1 to 4, by that rank"),
    AnnexColumn::number("neighbours_rank", "The same rank among itself and its named nearest neighbours"),
    AnnexColumn::number("neighbours_of", "How many those are"),
    AnnexColumn::words("trend", "Over the latest five years at 99.8%"),
    AnnexColumn::words("variation", "Variation icon of statistical process control; empty where there is none"),
    AnnexColumn::words("assurance", "Assurance icon of statistical process control; empty where there is none"),
    AnnexColumn::words("status", "How the measure stands"),
    AnnexColumn::words("reason", "Why, in one sentence"),
    AnnexColumn::words("no_figure", "Why there is no figure to judge; empty where there is one"),
    AnnexColumn::words("overdue_from", "Whose figure is overdue, separated by ;"),
    AnnexColumn::date("overdue_since", "Since when"),
    AnnexColumn::words("flags", "What a reader must know beside the status, separated by ;"),
    COVERAGE,
    AnnexColumn::number("organisations_given", "How many of them gave it"),
    AnnexColumn::number("organisations_asked", "How many were asked"),
    AnnexColumn::number(
        "people_judged",
        "Of a status made from areas: share of people who live in those that were judged, 0 to 1",
    ),
    AnnexColumn::date("next_due", "When the next figure is due to be published"),
    AnnexColumn::words(
        "sources",
        "Where the figure came from: file, sheet, cell and SHA-256, or address, line, time and SHA-256",
    ),
];

pub fn assessments(pack: &PackInputs<'_>) -> AnnexTable {
    let judged = pack.evaluation.measures.iter().flat_map(MeasureAssessment::each);
    let rows = rows(pack.evaluation, pack.framework, pack.areas).into_iter().zip(judged).map(|(row, assessment)| {
        let figures = Figures::of(pack, &assessment.measure);
        let latest = assessment.latest.as_ref();
        let of_point = |point: Option<&SeriesPoint>, none: AnnexCell| point.map_or(none, |point| figures.value(point));
        let goal = |value: Option<f64>| AnnexCell::number_or(value, |v| figures.places(v), AnnexCell::NotApplicable);
        let change = |value: Option<f64>| AnnexCell::number_or(value, |v| figures.places(v), AnnexCell::NotAvailable);
        let count = |value: Option<usize>| value.map_or(AnnexCell::NotApplicable, AnnexCell::whole);
        let mut cells = vec![
            AnnexCell::words(&row.measure.0),
            AnnexCell::words(row.title),
            AnnexCell::words(row.ambition),
            AnnexCell::word(row.role),
            AnnexCell::words(row.unit.unwrap_or_default()),
            AnnexCell::words(row.area.as_str()),
            AnnexCell::words(row.area_name),
            AnnexCell::YesNo(row.headline),
            AnnexCell::words(row.period.unwrap_or_default()),
            of_point(latest, AnnexCell::NotAvailable),
            AnnexCell::word(row.value_state),
        ];
        cells.extend(figures.around(latest));
        cells.extend([
            AnnexCell::YesNo(row.limits_worked_out),
            AnnexCell::word(row.uncertainty),
            AnnexCell::words(row.judged_period.unwrap_or_default()),
            of_point(assessment.judged.as_ref(), AnnexCell::NotApplicable),
            of_point(assessment.previous.as_ref(), AnnexCell::NotAvailable),
            AnnexCell::words(row.previous_period.unwrap_or_default()),
            change(row.change),
            AnnexCell::yes_no_or_nothing(row.change_significant),
            AnnexCell::yes_no_or_nothing(row.change_significant_998),
            AnnexCell::yes_no_or_nothing(row.change_better),
            of_point(assessment.baseline.as_ref(), AnnexCell::NotApplicable),
            AnnexCell::words(row.baseline_period.unwrap_or_default()),
            change(row.change_since_baseline),
            AnnexCell::yes_no_or_nothing(row.change_since_baseline_significant),
            AnnexCell::yes_no_or_nothing(row.change_since_baseline_better),
            goal(row.target),
            AnnexCell::date_or(row.target_due, AnnexCell::NotApplicable),
            AnnexCell::words(row.target_words.unwrap_or_default()),
            goal(row.expected_now),
            AnnexCell::number_or(row.chance_of_meeting, |_| 1, AnnexCell::NotAvailable),
            change(row.yearly_change_needed),
            figures.comparator(latest),
            AnnexCell::words(row.comparator_area.as_str()),
            AnnexCell::word(row.comparison),
            change(row.region),
            AnnexCell::word(row.region_comparison),
            AnnexCell::words(row.beside.join("; ")),
            count(row.rank),
            count(row.rank_of),
            row.quarter.map_or(AnnexCell::NotApplicable, |quarter| AnnexCell::Number(f64::from(quarter), 0)),
            count(row.neighbours_rank),
            count(row.neighbours_of),
            AnnexCell::word(row.trend),
            AnnexCell::word(row.variation),
            AnnexCell::word(row.assurance),
            AnnexCell::words(row.status.code()),
            AnnexCell::words(row.reason),
            AnnexCell::words(row.no_figure.unwrap_or_default()),
            AnnexCell::words(row.overdue_from.join(";")),
            AnnexCell::date_or(row.overdue_since, AnnexCell::NotApplicable),
            flags(&row.flags),
            share(row.coverage),
            count(row.organisations_given),
            count(row.organisations_asked),
            share(row.people_judged),
            AnnexCell::date_or(row.next_due, AnnexCell::NotAvailable),
            AnnexCell::sources(latest),
        ]);
        cells
    });
    AnnexTable {
        name: "Assessments",
        what: "A measure judged for an area: the headline first, then the other areas",
        columns: ASSESSMENTS,
        rows: rows.collect(),
    }
}

/// Between 0 and 1.
fn share(value: Option<f64>) -> AnnexCell {
    AnnexCell::number_or(value, |_| 3, AnnexCell::NotApplicable)
}

pub fn flags(flags: &[crate::evaluate::Flag]) -> AnnexCell {
    let words = flags.iter().filter_map(|flag| match AnnexCell::word(flag) {
        AnnexCell::Words(word) => Some(word),
        _ => None,
    });
    AnnexCell::Words(words.collect::<Vec<_>>().join(";"))
}

const SERIES: &[AnnexColumn] = &[
    AnnexColumn::words("measure", "Id of the measure"),
    AnnexColumn::words("title", "Name as printed"),
    AnnexColumn::words("unit", "What value, limits and comparator count in"),
    AnnexColumn::words("area", "Code of the area"),
    AnnexColumn::words("area_name", "Its name"),
    AnnexColumn::words("period", "Period, as its publisher labels it"),
    AnnexColumn::date("period_start", "Its first day"),
    AnnexColumn::date("period_end", "Its last day"),
    AnnexColumn::number("value", "The figure, not rounded"),
    AnnexColumn::words("value_state", "number, suppressed, missing or not_applicable"),
    AnnexColumn::number("numerator", "Count above the line, where it was given"),
    AnnexColumn::number("denominator", "Count below the line, where it was given"),
    AnnexColumn::number("lower", "Lower 95% confidence limit"),
    AnnexColumn::number("upper", "Upper 95% confidence limit"),
    AnnexColumn::number("comparator", "The comparator's figure of the same period"),
    AnnexColumn::words("comparator_area", "The comparator's code"),
    COVERAGE,
    AnnexColumn::yes_no("illustrative", "Whether it was made up to show how the pack works"),
    AnnexColumn::words("sources", "Where it came from; several where it was summed"),
];

pub fn series(pack: &PackInputs<'_>) -> AnnexTable {
    // An edition may set one measure two targets: its figures are listed once.
    let mut listed: BTreeSet<(&MeasureId, &AreaCode)> = BTreeSet::new();
    let all = pack.evaluation.measures.iter().flat_map(MeasureAssessment::each);
    let mut rows = Vec::new();
    for assessment in all.filter(|assessment| listed.insert((&assessment.measure, &assessment.area))) {
        let figures = Figures::of(pack, &assessment.measure);
        for point in &assessment.series {
            let mut cells = figures.names(pack, &assessment.measure, &assessment.area);
            cells.extend(period(point));
            cells.extend([figures.value(point), state(point)]);
            cells.extend(figures.around(Some(point)));
            cells.extend([
                figures.comparator(Some(point)),
                AnnexCell::words(pack.framework.edition.comparator.as_str()),
                share(assessment.coverage.as_ref().map(|coverage| coverage.share)),
                AnnexCell::YesNo(point.illustrative),
                AnnexCell::sources(Some(point)),
            ]);
            rows.push(cells);
        }
    }
    AnnexTable { name: "Series", what: "A figure of a measure, an area and a period; the oldest first", columns: SERIES, rows }
}

const BREAKDOWNS: &[AnnexColumn] = &[
    AnnexColumn::words("measure", "Id of the measure"),
    AnnexColumn::words("title", "Name as printed"),
    AnnexColumn::words("unit", "What value and limits count in"),
    AnnexColumn::words("area", "Code of the area"),
    AnnexColumn::words("area_name", "Its name"),
    AnnexColumn::words("scheme", "How the area's people are grouped, as the publisher names it"),
    AnnexColumn::number("group_number", "Place of the group: 1 is the most deprived"),
    AnnexColumn::words("group", "Name of the group"),
    AnnexColumn::words("period", "Period, as its publisher labels it"),
    AnnexColumn::date("period_start", "Its first day"),
    AnnexColumn::date("period_end", "Its last day"),
    AnnexColumn::number("value", "The figure, not rounded"),
    AnnexColumn::words("value_state", "number, suppressed, missing or not_applicable"),
    AnnexColumn::number("numerator", "Count above the line, where it was given"),
    AnnexColumn::number("denominator", "Count below the line, where it was given"),
    AnnexColumn::number("lower", "Lower 95% confidence limit"),
    AnnexColumn::number("upper", "Upper 95% confidence limit"),
    AnnexColumn::yes_no("illustrative", "Whether it was made up to show how the pack works"),
    AnnexColumn::words("sources", "Where it came from"),
];

pub fn breakdowns(pack: &PackInputs<'_>) -> AnnexTable {
    let mut rows = Vec::new();
    for (measure, breakdown) in each_breakdown(pack) {
        let figures = Figures::of(pack, measure);
        for (i, (group, point)) in breakdown.groups.iter().enumerate() {
            let mut cells = figures.names(pack, measure, &breakdown.area);
            cells.extend([AnnexCell::words(&breakdown.scheme), AnnexCell::whole(i + 1), AnnexCell::words(group)]);
            cells.extend(period(point));
            cells.extend([figures.value(point), state(point)]);
            cells.extend(figures.around(Some(point)));
            cells.extend([AnnexCell::YesNo(point.illustrative), AnnexCell::sources(Some(point))]);
            rows.push(cells);
        }
    }
    AnnexTable { name: "Breakdowns", what: "The latest figure of a group of deprivation", columns: BREAKDOWNS, rows }
}

const SLOPES: &[AnnexColumn] = &[
    AnnexColumn::words("measure", "Id of the measure"),
    AnnexColumn::words("title", "Name as printed"),
    AnnexColumn::words("unit", "What every figure of the row counts in"),
    AnnexColumn::words("area", "Code of the area"),
    AnnexColumn::words("area_name", "Its name"),
    AnnexColumn::words("scheme", "How the area's people are grouped, as the publisher names it"),
    AnnexColumn::number("slope_index", "Slope index of inequality: the fitted difference between the ends"),
    AnnexColumn::number("lower", "Lower 95% confidence limit"),
    AnnexColumn::number("upper", "Upper 95% confidence limit"),
    AnnexColumn::number("at_most_deprived", "The fitted line at the most deprived end"),
    AnnexColumn::number("at_least_deprived", "The fitted line at the least deprived end"),
];

pub fn slopes(pack: &PackInputs<'_>) -> AnnexTable {
    let rows = each_breakdown(pack).map(|(measure, breakdown)| {
        let figures = Figures::of(pack, measure);
        let slope = breakdown.slope;
        // Without the figure of a group there is no slope that may be shown.
        let hidden = breakdown.groups.iter().any(|(_, point)| point.value == Value::Suppressed);
        let none = if hidden { AnnexCell::Withheld } else { AnnexCell::NotAvailable };
        let number = |value: Option<f64>| AnnexCell::number_or(value, |v| figures.places(v), none.clone());
        let mut cells = figures.names(pack, measure, &breakdown.area);
        cells.push(AnnexCell::words(&breakdown.scheme));
        cells.extend([
            number(slope.map(|slope| slope.index)),
            number(slope.map(|slope| slope.limits.lower)),
            number(slope.map(|slope| slope.limits.upper)),
            number(slope.map(|slope| slope.ends.0)),
            number(slope.map(|slope| slope.ends.1)),
        ]);
        cells
    });
    AnnexTable {
        name: "Slopes",
        what: "How much a measure differs from the most to the least deprived",
        columns: SLOPES,
        rows: rows.collect(),
    }
}

fn each_breakdown<'a>(pack: &PackInputs<'a>) -> impl Iterator<Item = (&'a MeasureId, &'a Breakdown)> {
    let mut listed: BTreeSet<&MeasureId> = BTreeSet::new();
    let once = pack.evaluation.measures.iter().filter(move |measure| listed.insert(&measure.headline.measure));
    once.flat_map(|measure| measure.breakdowns.iter().map(|breakdown| (&measure.headline.measure, breakdown)))
}

pub fn period(point: &SeriesPoint) -> [AnnexCell; 3] {
    let period = point.period;
    [AnnexCell::words(period.to_string()), AnnexCell::Date(period.start()), AnnexCell::Date(period.end())]
}

fn state(point: &SeriesPoint) -> AnnexCell {
    AnnexCell::words(match point.value {
        Value::Number(_) => "number",
        Value::Suppressed => "suppressed",
        Value::Missing => "missing",
        Value::NotApplicable => "not_applicable",
    })
}

/// How the figures of one measure are written.
pub struct Figures<'a> {
    measure: Option<&'a Measure>,
}

impl<'a> Figures<'a> {
    pub fn of(pack: &PackInputs<'a>, id: &MeasureId) -> Self {
        Figures { measure: pack.framework.measure(id) }
    }

    pub fn places(&self, value: f64) -> u8 {
        self.measure.map_or(USUAL_PLACES, |measure| places(measure, value))
    }

    /// Id, title, unit, area and its name.
    pub fn names(&self, pack: &PackInputs<'_>, id: &MeasureId, area: &AreaCode) -> Vec<AnnexCell> {
        vec![
            AnnexCell::words(&id.0),
            AnnexCell::words(self.measure.map_or("", |measure| &measure.title)),
            AnnexCell::words(self.measure.map_or("", |measure| measure.unit.name())),
            AnnexCell::words(area.as_str()),
            AnnexCell::words(name(pack, self.measure, area)),
        ]
    }

    fn value(&self, point: &SeriesPoint) -> AnnexCell {
        AnnexCell::value(point.value, |value| self.places(value))
    }

    /// Numerator, denominator, lower and upper limit.
    fn around(&self, point: Option<&SeriesPoint>) -> [AnnexCell; 4] {
        let mark = || point.map_or(AnnexCell::NotAvailable, |point| AnnexCell::mark(point.value));
        let count = |count: Option<f64>| AnnexCell::number_or(count, count_places, mark());
        let limit = |limit: Option<f64>| AnnexCell::number_or(limit, |value| self.places(value), mark());
        let limits = point.and_then(|point| point.limits);
        [
            count(point.and_then(|point| point.numerator)),
            count(point.and_then(|point| point.denominator)),
            limit(limits.map(|limits| limits.lower)),
            limit(limits.map(|limits| limits.upper)),
        ]
    }

    fn comparator(&self, point: Option<&SeriesPoint>) -> AnnexCell {
        AnnexCell::number_or(point.and_then(|point| point.comparator), |value| self.places(value), AnnexCell::NotAvailable)
    }
}

/// An area by its name, an organisation by its own.
fn name<'a>(pack: &'a PackInputs<'_>, measure: Option<&Measure>, area: &'a AreaCode) -> &'a str {
    measure.map_or_else(|| pack.areas.name(area), |measure| measure.name_of(area, pack.areas))
}
