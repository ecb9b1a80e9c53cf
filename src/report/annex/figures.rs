//! The figures: how each measure stands in each area, its series, and how it differs by deprivation.

use super::{Cell, Column, Table, count_places};
use crate::area::AreaCode;
use crate::evaluate::{Breakdown, MeasureAssessment, Point, rows};
use crate::framework::{Measure, MeasureId};
use crate::report::Pack;
use crate::report::content::figures::places;
use crate::value::Value;
use std::collections::BTreeSet;

/// Places of figures whose measure is not known.
const USUAL_PLACES: u8 = 1;

const COVERAGE: Column = Column::number("coverage", "Of a figure pooled from organisations: their share of the whole, 0 to 1");

const ASSESSMENTS: &[Column] = &[
    Column::words("measure", "Id of the measure, the same in every edition of the strategy"),
    Column::words("title", "Name as printed"),
    Column::words("ambition", "Id of the ambition that it is judged in: see Ambitions"),
    Column::words("role", "lead decides; stand_in decides only while no lead is judged; supporting never does"),
    Column::words(
        "unit",
        "What every figure of the row counts in, but the numerator and the denominator: percent figures are 12.3 for 12.3%",
    ),
    Column::words("area", "GSS code of an area or ODS code of an organisation"),
    Column::words("area_name", "Its name; of an organisation its own, not its place's"),
    Column::yes_no("headline", "Whether this row counts in the pack, being the system's; all rows to compare areas"),
    Column::words("period", "Period of the latest figure, as its publisher labels it"),
    Column::number("value", "The latest figure, not rounded"),
    Column::words("value_state", "number, suppressed, missing or not_applicable; empty where there is no figure at all"),
    Column::number("numerator", "Count above the line, where it was given"),
    Column::number("denominator", "Count below the line, where it was given"),
    Column::number("lower", "Lower 95% confidence limit, published, or computed from the counts"),
    Column::number("upper", "Upper 95% confidence limit"),
    Column::yes_no("limits_worked_out", "Whether the limits were worked out here, the publisher giving none"),
    Column::words("uncertainty", "binomial, poisson, published, or none where all of a finite set is counted"),
    Column::words("judged_period", "Period of the figure that the status speaks of, where that is not the latest"),
    Column::number("judged_value", "That figure; not applicable where it is the latest"),
    Column::number("previous", "The figure before it that shares no day with it; for months and quarters of a year before"),
    Column::words("previous_period", "Its period"),
    Column::number("change", "The latest figure less the previous"),
    Column::words("change_significant", "By a test at 95%: true or false; empty where nothing was tested"),
    Column::words("change_significant_998", "The same at 99.8%"),
    Column::words("change_better", "Whether the change is for the better; empty where there is none or no direction is good"),
    Column::number("baseline", "Where the target starts from: as the strategy states it, or the figure of that period"),
    Column::words("baseline_period", "Its period"),
    Column::number("change_since_baseline", "The latest figure less the baseline"),
    Column::words("change_since_baseline_significant", "By a test at 95%: true or false; empty where nothing was tested"),
    Column::words("change_since_baseline_better", "Whether it is for the better"),
    Column::number("target", "The value to reach; not applicable where the goal is a direction or a comparison"),
    Column::date("target_due", "The last day for it"),
    Column::words("target_words", "The goal in words"),
    Column::number("expected_now", "What the way from baseline to target asks for at the end of the period"),
    Column::number("chance_of_meeting", "Chance of meeting the target by its date, 0 to 1, to the nearest tenth"),
    Column::number("yearly_change_needed", "Change a year, from the latest figure, that would meet the target on its date"),
    Column::number("comparator", "The comparator's figure of the same period"),
    Column::words("comparator_area", "The comparator's code"),
    Column::words(
        "comparison",
        "Beside the comparator at 95%: better, similar, worse; higher, lower where no direction is good; not_compared",
    ),
    Column::number("region", "The region's figure of the same period"),
    Column::words(
        "region_comparison",
        "Beside it at 95%, in the words of comparison; empty where there is no figure of the region",
    ),
    Column::words("beside", "Further areas shown beside it, each with its figure and how this one stands beside it, parted by ;"),
    Column::number("rank", "Among the areas of its kind that the source gives: 1 the most favourable, or the highest"),
    Column::number("rank_of", "How many those are"),
    Column::number("quarter", "1 to 4, by that rank"),
    Column::number("neighbours_rank", "The same rank among itself and its named nearest neighbours"),
    Column::number("neighbours_of", "How many those are"),
    Column::words("trend", "Over the latest five years at 99.8%"),
    Column::words("variation", "Variation icon of statistical process control; empty where there is none"),
    Column::words("assurance", "Assurance icon of statistical process control; empty where there is none"),
    Column::words("status", "How the measure stands"),
    Column::words("reason", "Why, in one sentence"),
    Column::words("no_figure", "Why there is no figure to judge; empty where there is one"),
    Column::words("overdue_from", "Whose figure is overdue, parted by ;"),
    Column::date("overdue_since", "Since when"),
    Column::words("flags", "What a reader must know beside the status, parted by ;"),
    COVERAGE,
    Column::number("organisations_given", "How many of them gave it"),
    Column::number("organisations_asked", "How many were asked"),
    Column::number("people_judged", "Of a status made from areas: share of people who live in those that were judged, 0 to 1"),
    Column::date("next_due", "When the next figure is due to be published"),
    Column::words("sources", "Where the figure came from: file, sheet, cell and SHA-256, or address, line, time and SHA-256"),
];

pub fn assessments(pack: &Pack<'_>) -> Table {
    let judged = pack.evaluation.measures.iter().flat_map(MeasureAssessment::each);
    let rows = rows(pack.evaluation, pack.framework, pack.areas).into_iter().zip(judged).map(|(row, assessment)| {
        let figures = Figures::of(pack, &assessment.measure);
        let latest = assessment.latest.as_ref();
        let of_point = |point: Option<&Point>, none: Cell| point.map_or(none, |point| figures.value(point));
        let goal = |value: Option<f64>| Cell::number_or(value, |v| figures.places(v), Cell::NotApplicable);
        let change = |value: Option<f64>| Cell::number_or(value, |v| figures.places(v), Cell::NotAvailable);
        let count = |value: Option<usize>| value.map_or(Cell::NotApplicable, Cell::whole);
        let mut cells = vec![
            Cell::words(&row.measure.0),
            Cell::words(row.title),
            Cell::words(row.ambition),
            Cell::word(row.role),
            Cell::words(row.unit.unwrap_or_default()),
            Cell::words(row.area.as_str()),
            Cell::words(row.area_name),
            Cell::YesNo(row.headline),
            Cell::words(row.period.unwrap_or_default()),
            of_point(latest, Cell::NotAvailable),
            Cell::word(row.value_state),
        ];
        cells.extend(figures.around(latest));
        cells.extend([
            Cell::YesNo(row.limits_worked_out),
            Cell::word(row.uncertainty),
            Cell::words(row.judged_period.unwrap_or_default()),
            of_point(assessment.judged.as_ref(), Cell::NotApplicable),
            of_point(assessment.previous.as_ref(), Cell::NotAvailable),
            Cell::words(row.previous_period.unwrap_or_default()),
            change(row.change),
            Cell::yes_no_or_nothing(row.change_significant),
            Cell::yes_no_or_nothing(row.change_significant_998),
            Cell::yes_no_or_nothing(row.change_better),
            of_point(assessment.baseline.as_ref(), Cell::NotApplicable),
            Cell::words(row.baseline_period.unwrap_or_default()),
            change(row.change_since_baseline),
            Cell::yes_no_or_nothing(row.change_since_baseline_significant),
            Cell::yes_no_or_nothing(row.change_since_baseline_better),
            goal(row.target),
            Cell::date_or(row.target_due, Cell::NotApplicable),
            Cell::words(row.target_words.unwrap_or_default()),
            goal(row.expected_now),
            Cell::number_or(row.chance_of_meeting, |_| 1, Cell::NotAvailable),
            change(row.yearly_change_needed),
            figures.comparator(latest),
            Cell::words(row.comparator_area.as_str()),
            Cell::word(row.comparison),
            change(row.region),
            Cell::word(row.region_comparison),
            Cell::words(row.beside.join("; ")),
            count(row.rank),
            count(row.rank_of),
            row.quarter.map_or(Cell::NotApplicable, |quarter| Cell::Number(f64::from(quarter), 0)),
            count(row.neighbours_rank),
            count(row.neighbours_of),
            Cell::word(row.trend),
            Cell::word(row.variation),
            Cell::word(row.assurance),
            Cell::words(row.status.code()),
            Cell::words(row.reason),
            Cell::words(row.no_figure.unwrap_or_default()),
            Cell::words(row.overdue_from.join(";")),
            Cell::date_or(row.overdue_since, Cell::NotApplicable),
            flags(row.flags),
            share(row.coverage),
            count(row.organisations_given),
            count(row.organisations_asked),
            share(row.people_judged),
            Cell::date_or(row.next_due, Cell::NotAvailable),
            Cell::sources(latest),
        ]);
        cells
    });
    Table {
        name: "Assessments",
        what: "A measure judged for an area: the headline first, then the other areas",
        columns: ASSESSMENTS,
        rows: rows.collect(),
    }
}

/// Between 0 and 1.
fn share(value: Option<f64>) -> Cell {
    Cell::number_or(value, |_| 3, Cell::NotApplicable)
}

pub fn flags(flags: &[crate::evaluate::Flag]) -> Cell {
    let words = flags.iter().filter_map(|flag| match Cell::word(flag) {
        Cell::Words(word) => Some(word),
        _ => None,
    });
    Cell::Words(words.collect::<Vec<_>>().join(";"))
}

const SERIES: &[Column] = &[
    Column::words("measure", "Id of the measure"),
    Column::words("title", "Name as printed"),
    Column::words("unit", "What value, limits and comparator count in"),
    Column::words("area", "Code of the area"),
    Column::words("area_name", "Its name"),
    Column::words("period", "Period, as its publisher labels it"),
    Column::date("period_start", "Its first day"),
    Column::date("period_end", "Its last day"),
    Column::number("value", "The figure, not rounded"),
    Column::words("value_state", "number, suppressed, missing or not_applicable"),
    Column::number("numerator", "Count above the line, where it was given"),
    Column::number("denominator", "Count below the line, where it was given"),
    Column::number("lower", "Lower 95% confidence limit"),
    Column::number("upper", "Upper 95% confidence limit"),
    Column::number("comparator", "The comparator's figure of the same period"),
    Column::words("comparator_area", "The comparator's code"),
    COVERAGE,
    Column::yes_no("illustrative", "Whether it was made up to show how the pack works"),
    Column::words("sources", "Where it came from; several where it was summed"),
];

pub fn series(pack: &Pack<'_>) -> Table {
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
                Cell::words(pack.framework.edition.comparator.as_str()),
                share(assessment.coverage.as_ref().map(|coverage| coverage.share)),
                Cell::YesNo(point.illustrative),
                Cell::sources(Some(point)),
            ]);
            rows.push(cells);
        }
    }
    Table { name: "Series", what: "A figure of a measure, an area and a period; the oldest first", columns: SERIES, rows }
}

const BREAKDOWNS: &[Column] = &[
    Column::words("measure", "Id of the measure"),
    Column::words("title", "Name as printed"),
    Column::words("unit", "What value and limits count in"),
    Column::words("area", "Code of the area"),
    Column::words("area_name", "Its name"),
    Column::words("scheme", "How the area's people are grouped, as the publisher names it"),
    Column::number("group_number", "Place of the group: 1 is the most deprived"),
    Column::words("group", "Name of the group"),
    Column::words("period", "Period, as its publisher labels it"),
    Column::date("period_start", "Its first day"),
    Column::date("period_end", "Its last day"),
    Column::number("value", "The figure, not rounded"),
    Column::words("value_state", "number, suppressed, missing or not_applicable"),
    Column::number("numerator", "Count above the line, where it was given"),
    Column::number("denominator", "Count below the line, where it was given"),
    Column::number("lower", "Lower 95% confidence limit"),
    Column::number("upper", "Upper 95% confidence limit"),
    Column::yes_no("illustrative", "Whether it was made up to show how the pack works"),
    Column::words("sources", "Where it came from"),
];

pub fn breakdowns(pack: &Pack<'_>) -> Table {
    let mut rows = Vec::new();
    for (measure, breakdown) in each_breakdown(pack) {
        let figures = Figures::of(pack, measure);
        for (i, (group, point)) in breakdown.groups.iter().enumerate() {
            let mut cells = figures.names(pack, measure, &breakdown.area);
            cells.extend([Cell::words(&breakdown.scheme), Cell::whole(i + 1), Cell::words(group)]);
            cells.extend(period(point));
            cells.extend([figures.value(point), state(point)]);
            cells.extend(figures.around(Some(point)));
            cells.extend([Cell::YesNo(point.illustrative), Cell::sources(Some(point))]);
            rows.push(cells);
        }
    }
    Table { name: "Breakdowns", what: "The latest figure of a group of deprivation", columns: BREAKDOWNS, rows }
}

const SLOPES: &[Column] = &[
    Column::words("measure", "Id of the measure"),
    Column::words("title", "Name as printed"),
    Column::words("unit", "What every figure of the row counts in"),
    Column::words("area", "Code of the area"),
    Column::words("area_name", "Its name"),
    Column::words("scheme", "How the area's people are grouped, as the publisher names it"),
    Column::number("slope_index", "Slope index of inequality: the fitted difference between the ends"),
    Column::number("lower", "Lower 95% confidence limit"),
    Column::number("upper", "Upper 95% confidence limit"),
    Column::number("at_most_deprived", "The fitted line at the most deprived end"),
    Column::number("at_least_deprived", "The fitted line at the least deprived end"),
];

pub fn slopes(pack: &Pack<'_>) -> Table {
    let rows = each_breakdown(pack).map(|(measure, breakdown)| {
        let figures = Figures::of(pack, measure);
        let slope = breakdown.slope;
        // Without the figure of a group there is no slope that may be shown.
        let hidden = breakdown.groups.iter().any(|(_, point)| point.value == Value::Suppressed);
        let none = if hidden { Cell::Withheld } else { Cell::NotAvailable };
        let number = |value: Option<f64>| Cell::number_or(value, |v| figures.places(v), none.clone());
        let mut cells = figures.names(pack, measure, &breakdown.area);
        cells.push(Cell::words(&breakdown.scheme));
        cells.extend([
            number(slope.map(|slope| slope.index)),
            number(slope.map(|slope| slope.limits.lower)),
            number(slope.map(|slope| slope.limits.upper)),
            number(slope.map(|slope| slope.ends.0)),
            number(slope.map(|slope| slope.ends.1)),
        ]);
        cells
    });
    Table {
        name: "Slopes",
        what: "How much a measure differs from the most to the least deprived",
        columns: SLOPES,
        rows: rows.collect(),
    }
}

fn each_breakdown<'a>(pack: &Pack<'a>) -> impl Iterator<Item = (&'a MeasureId, &'a Breakdown)> {
    let mut listed: BTreeSet<&MeasureId> = BTreeSet::new();
    let once = pack.evaluation.measures.iter().filter(move |measure| listed.insert(&measure.headline.measure));
    once.flat_map(|measure| measure.breakdowns.iter().map(|breakdown| (&measure.headline.measure, breakdown)))
}

pub fn period(point: &Point) -> [Cell; 3] {
    let period = point.period;
    [Cell::words(period.to_string()), Cell::Date(period.start()), Cell::Date(period.end())]
}

fn state(point: &Point) -> Cell {
    Cell::words(match point.value {
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
    pub fn of(pack: &Pack<'a>, id: &MeasureId) -> Self {
        Figures { measure: pack.framework.measure(id) }
    }

    pub fn places(&self, value: f64) -> u8 {
        self.measure.map_or(USUAL_PLACES, |measure| places(measure, value))
    }

    /// Id, title, unit, area and its name.
    pub fn names(&self, pack: &Pack<'_>, id: &MeasureId, area: &AreaCode) -> Vec<Cell> {
        vec![
            Cell::words(&id.0),
            Cell::words(self.measure.map_or("", |measure| &measure.title)),
            Cell::words(self.measure.map_or("", |measure| measure.unit.name())),
            Cell::words(area.as_str()),
            Cell::words(name(pack, self.measure, area)),
        ]
    }

    fn value(&self, point: &Point) -> Cell {
        Cell::value(point.value, |value| self.places(value))
    }

    /// Numerator, denominator, lower and upper limit.
    fn around(&self, point: Option<&Point>) -> [Cell; 4] {
        let mark = || point.map_or(Cell::NotAvailable, |point| Cell::mark(point.value));
        let count = |count: Option<f64>| Cell::number_or(count, count_places, mark());
        let limit = |limit: Option<f64>| Cell::number_or(limit, |value| self.places(value), mark());
        let limits = point.and_then(|point| point.limits);
        [
            count(point.and_then(|point| point.numerator)),
            count(point.and_then(|point| point.denominator)),
            limit(limits.map(|limits| limits.lower)),
            limit(limits.map(|limits| limits.upper)),
        ]
    }

    fn comparator(&self, point: Option<&Point>) -> Cell {
        Cell::number_or(point.and_then(|point| point.comparator), |value| self.places(value), Cell::NotAvailable)
    }
}

/// An area by its name, an organisation by its own.
fn name<'a>(pack: &'a Pack<'_>, measure: Option<&Measure>, area: &'a AreaCode) -> &'a str {
    measure.map_or_else(|| pack.areas.name(area), |measure| measure.name_of(area, pack.areas))
}
