//! An explanation as text: headings, lines set in below them, and sources cited by number.

use super::commentary::Commentary;
use crate::area::AreaCode;
use crate::evaluate::change::Tested;
use crate::evaluate::{
    self, AreaExplanation, AssessmentWorking, ChangeSince, Decision, Explanation, HeadlineBy, LimitsMethod, SeriesPoint,
    WhySetAside,
};
use crate::figure::{Provenance, cells_in_words};
use crate::framework::{Measure, StatusRules};
use crate::value::{Limits, Unit, Value};
use std::fmt::Display;

/// Lines of text, and the files and answers that they cite by number.
#[derive(Default)]
struct Page {
    text: String,
    sources: Vec<String>,
}

impl Page {
    /// Set in by two spaces a step of `depth`.
    fn line(&mut self, depth: usize, words: impl Display) {
        let indent = "  ".repeat(depth);
        self.text.push_str(format!("{indent}{words}").trim_end());
        self.text.push('\n');
    }

    /// `name: value`, where there is a value.
    fn item(&mut self, depth: usize, name: &str, value: impl Display) {
        let value = value.to_string();
        if !value.is_empty() {
            self.line(depth, format_args!("{name}: {value}"));
        }
    }

    /// `[2] cell C7 of sheet Figures`, the workbook or answer being listed at the end.
    fn cite(&mut self, source: &Provenance) -> String {
        let (whole, place) = match source {
            Provenance::Cell { partner, file, sha256, sheet, cell, by } => {
                let by = if by.is_empty() { String::new() } else { format!(" (completed by {by})") };
                (
                    format!("{file}, returned by {partner}{by}, SHA-256 {sha256}"),
                    format!("{} of sheet {sheet}", cells_in_words(cell)),
                )
            }
            Provenance::Answer { publisher, indicator, url, retrieved, sha256, .. } => {
                (format!("{publisher}, {indicator}: {url}, retrieved {retrieved}, SHA-256 {sha256}"), source.place())
            }
        };
        let known = self.sources.iter().position(|one| *one == whole);
        let number = known.unwrap_or_else(|| {
            self.sources.push(whole);
            self.sources.len() - 1
        });
        format!("[{}] {place}", number + 1)
    }
}

/// The explanation as a person reads it, ending in the list of its sources; `commentary` is on its ambition.
pub(super) fn write(of: &Explanation<'_>, commentary: Option<&Commentary<'_>>) -> String {
    let mut page = Page::default();
    let measure = of.measure;
    page.line(0, format_args!("{} ({})", measure.title, measure.id));
    page.line(0, format_args!("Edition {}, {}, as at {}", of.edition, of.period.in_words(), of.as_at));
    if of.status_rules == StatusRules::Proposed {
        page.line(0, "The status rules are a proposal that the partnership has not agreed yet.");
    }
    page.line(0, "Figures are shown as they were given, small counts included: not for publication.");

    page.line(0, "\nDefinition");
    page.item(1, "Measured", &measure.definition);
    page.item(1, "Numerator (O)", &measure.numerator);
    page.item(1, "Denominator (n)", &measure.denominator);
    page.item(1, "Value", format_args!("{} × O ÷ n", measure.multiplier));
    page.item(1, "Unit, kind, good direction", plain(&(measure.unit.name(), measure.statistic, measure.polarity)));
    page.item(1, "Source", plain(&measure.source));
    page.item(
        1,
        "Cadence and publication lag",
        format_args!("{} and {} months", measure.cadence_months, measure.publication_lag_months),
    );
    page.item(1, "Stands in for the measure named", &measure.proxy);
    page.item(1, "Note", &measure.notes);

    page.line(0, "\nAmbition and target, as read");
    page.item(1, of.ambition.id, of.ambition.statement);
    page.item(1, "Its part in that ambition", of.ambition.role.label());
    page.item(1, "Target", plain(of.ambition.target));
    page.item(1, "Set by", of.ambition.document);
    page.item(1, "Due", of.ambition.due);
    for note in &of.ambition.notes {
        page.item(1, "Reading", note);
    }
    page.text.push_str(&commentary.map_or(String::new(), Commentary::to_text));
    headline(&mut page, of);
    for area in &of.areas {
        self::area(&mut page, measure, area);
    }
    if !page.sources.is_empty() {
        page.line(0, "\nSources");
    }
    for (i, source) in std::mem::take(&mut page.sources).iter().enumerate() {
        page.line(1, format_args!("[{}] {source}", i + 1));
    }
    page.text
}

fn headline(page: &mut Page, of: &Explanation<'_>) {
    let choice = &of.headline;
    page.line(0, "\nHow it counts");
    let how = match choice.by {
        HeadlineBy::System => "by the system's own figure",
        HeadlineBy::Parts => "by the system's figure, made of its parts",
        HeadlineBy::SomeOrganisations => "made from the organisations that gave it",
        HeadlineBy::Areas => "by the status in which the median resident lives, the system having no figure",
    };
    page.line(1, format_args!("{}: {how}", choice.status.label()));
    page.line(1, choice.reason);
    for candidate in &choice.candidates {
        let figure = |value: Option<f64>| value.map_or("no figure".to_owned(), |v| number(of.measure, v));
        let period = candidate.period.map_or(String::new(), |period| format!(" in {period}"));
        let beside = candidate.beside.map_or(String::new(), |value| format!(", beside {}", number(of.measure, value)));
        page.line(
            2,
            format_args!(
                "{} {}: {}, {}{period}{beside}",
                candidate.area,
                candidate.area_name,
                candidate.status.label(),
                figure(candidate.value)
            ),
        );
    }
}

fn area(page: &mut Page, measure: &Measure, of: &AreaExplanation<'_>) {
    let counts = if of.headline { ", which counts" } else { "" };
    page.line(0, format_args!("\n{} ({}){counts}", of.area_name, of.area));
    page.line(1, format_args!("{}: {}", of.status.label(), of.reason));
    page.item(1, "Flags", of.flags.iter().filter_map(|flag| flag.in_words(of.status)).collect::<Vec<_>>().join(", "));
    page.item(1, "Next figure due", of.next_due.map_or(String::new(), |due| due.to_string()));
    let named = |point: Option<&SeriesPoint>| point.map_or("none".to_owned(), |point| self::figure(measure, point));
    page.item(1, "Latest", named(of.latest));
    page.item(1, "Judged on", of.judged.map_or(String::new(), |point| self::figure(measure, point)));
    page.item(1, "Figure before", named(of.previous));
    page.item(1, "Change since then", change(measure, of.since_previous));
    page.item(1, "Baseline", named(of.baseline));
    page.item(1, "Change since then", change(measure, of.since_baseline));
    page.item(1, "No figure", of.no_figure.map_or(String::new(), plain));
    page.item(1, "Goal", of.target.map_or(String::new(), |target| target.words.clone()));

    coverage(page, of);
    by_area(page, of);
    page.line(1, "Figures");
    for evidence in &of.figures {
        page.line(2, self::figure(measure, evidence.figure));
        page.line(3, limits_words(&evidence.limits));
        for observation in &evidence.observations {
            let note = if observation.note.is_empty() { String::new() } else { format!(" ({})", observation.note) };
            let source = page.cite(&observation.provenance);
            page.line(3, format_args!("from {}: {source}{note}", observation.area));
        }
    }
    if !of.comparator.is_empty() {
        page.line(1, "The comparator's figures");
    }
    for observation in &of.comparator {
        let source = page.cite(&observation.provenance);
        page.line(2, format_args!("{}: {}, from {source}", observation.period, value(measure, observation.value)));
    }
    set_aside(page, measure, of);
    methods(page, measure, of);
    if let Some(working) = of.working {
        decision(page, working, of);
    }
}

/// `−1.20 percentage points: significantly lower (95%), by proportions, …`.
fn change(measure: &Measure, since: Option<&ChangeSince>) -> String {
    let Some(since) = since else { return String::new() };
    let tested = match &since.change.tested {
        Tested::By(test) => format!(", by {}", plain(test)),
        Tested::Whole => ", all is counted".to_owned(),
        Tested::Not(_) => String::new(),
    };
    let at_998 = match since.is_significant_998 {
        Some(true) => "; significant at 99.8% too",
        Some(false) if since.change.is_significant() == Some(true) => "; not significant at 99.8%",
        _ => "",
    };
    let difference = match measure.unit {
        Unit::Percent => {
            let points = Unit::Count.format(since.change.difference, measure.decimals.saturating_add(2));
            format!("{points} percentage points")
        }
        _ => number(measure, since.change.difference),
    };
    format!("{difference}: {}{tested}{at_998}", since.change.in_words())
}

fn coverage(page: &mut Page, of: &AreaExplanation<'_>) {
    let Some(coverage) = of.coverage else { return };
    let by = if coverage.by_denominator { "of the last known denominators" } else { "by number" };
    let enough = if coverage.is_enough { "enough to be judged" } else { "too little to be judged" };
    let codes = |codes: &[AreaCode]| codes.iter().map(AreaCode::as_str).collect::<Vec<_>>().join(", ");
    page.line(1, format_args!("Coverage: {:.1}% {by}, {enough}", 100.0 * coverage.share));
    page.item(2, "Given", codes(&coverage.given));
    page.item(2, "Absent", codes(&coverage.absent));
    if !coverage.left_out.is_empty() {
        page.item(2, "Not applicable to", codes(&coverage.left_out));
    }
}

fn by_area(page: &mut Page, of: &AreaExplanation<'_>) {
    let Some(by_area) = of.by_area else { return };
    page.line(1, format_args!("By area: {:.1}% of people live where it could be judged", 100.0 * by_area.judged_share));
    for area in &by_area.areas {
        let people = area.population.map_or("population not known".to_owned(), |people| format!("{people:.0} people"));
        let adverse = if area.is_significantly_adverse { ", significantly adverse" } else { "" };
        page.line(2, format_args!("{}: {}, {people}{adverse}", area.area, area.status.label()));
    }
    if !by_area.left_out.is_empty() {
        page.item(2, "Not applicable to", by_area.left_out.iter().map(AreaCode::as_str).collect::<Vec<_>>().join(", "));
    }
}

fn set_aside(page: &mut Page, measure: &Measure, of: &AreaExplanation<'_>) {
    let breakdowns = of.set_aside.iter().filter(|one| one.why == WhySetAside::Breakdown).count();
    if breakdowns > 0 {
        page.item(1, "Not used, being of groups within the area", breakdowns);
    }
    for one in of.set_aside.iter().filter(|one| one.why != WhySetAside::Breakdown) {
        let why = match one.why {
            WhySetAside::Breakdown => continue,
            WhySetAside::NotYetEnded => "its period ends after the quarter",
            WhySetAside::OtherPeriods => "its period is of another kind or length",
            WhySetAside::Replaced => "another figure of the period is used",
        };
        let value = value(measure, one.observation.value);
        let source = page.cite(&one.observation.provenance);
        page.line(1, format_args!("Not used: {value} in {}, as {why}: {source}", one.observation.period));
    }
}

fn methods(page: &mut Page, measure: &Measure, of: &AreaExplanation<'_>) {
    if let Some(comparison) = of.working.and_then(|working| working.comparison.as_ref()) {
        page.line(1, "Comparison at 95%: the comparator inside the limits is similar");
        page.item(2, "v, L and U", format_args!("{}{}", number(measure, comparison.value), interval(measure, comparison.limits)));
        page.item(2, "E", comparison.comparator.map_or("none".to_owned(), |value| number(measure, value)));
        page.item(2, "The publisher says", comparison.published.map_or(String::new(), |said| plain(&said)));
        page.item(2, "Result", plain(&comparison.result));
    }
    if let Some(trend) = of.working.map(|working| &working.trend) {
        page.line(1, "Recent trend: weighted regression over the latest five years, at 99.8%");
        for year in &trend.years {
            let value = year.value.map_or("no figure".to_owned(), |value| number(measure, value));
            page.item(2, &year.year.to_string(), format_args!("{value}{}", interval(measure, year.limits)));
        }
        if let Some(tested) = &trend.tested {
            page.item(2, "Slope", format_args!("{:.4} a year", tested.slope));
            let critical = indicator_stats::trend::CRITICAL;
            page.item(2, "χ²", format_args!("{:.4} (significant above {critical:.4})", tested.chi_squared));
        }
        page.item(2, "Not tested", trend.withheld.as_deref().unwrap_or_default());
        page.item(2, "The publisher says", trend.published.map_or(String::new(), |said| plain(&said)));
        page.item(2, "Result", plain(&trend.result));
    }
    if let Some(control) = &of.control_chart
        && let Some(last) = control.chart.points.last()
    {
        page.line(1, "Control chart (XmR)");
        let trial = if last.trial { ", trial limits: too few points for an icon" } else { "" };
        page.item(2, "Points", format_args!("{}{trial}", control.chart.points.len()));
        page.item(2, "Mean and limits", format_args!("{}{}", number(measure, last.mean), interval(measure, Some(last.limits))));
        if !last.trial {
            page.item(2, "Last point", format_args!("{}, {}", plain(&last.cause), plain(&last.variation)));
        }
        page.item(2, "Assurance", control.chart.assurance.map_or(String::new(), |assurance| plain(&assurance)));
    }
    if let Some(line) = &of.trajectory {
        page.line(1, "Straight line R(t) from the baseline to the target");
        page.item(2, "From", format_args!("{} on {}", number(measure, line.baseline), line.baseline_ends));
        page.item(2, "To", format_args!("{} on {}", number(measure, line.target), line.due));
        page.item(2, "On", format_args!("{}, {:.1}% of the way", line.at, 100.0 * line.elapsed));
        page.item(2, "Expected", number(measure, line.expected));
    }
    if let Some(projection) = &of.projection {
        page.line(1, "Projection: the line through the yearly figures at the due date; it never decides a status");
        page.item(
            2,
            "Arrives at",
            format_args!("{}{}", number(measure, projection.value), interval(measure, Some(projection.limits))),
        );
        page.item(2, "Drawn", if projection.shown { "yes" } else { "no, wider than twice the range of the figures" });
        page.item(2, "Chance of meeting the target", projection.chance.map_or(String::new(), |chance| chance.words()));
        let needed = projection.yearly_change_needed.map_or(String::new(), |change| number(measure, change));
        page.item(2, "Change needed each year", needed);
        page.item(2, "Change each year so far", number(measure, projection.yearly_change));
    }
    page.item(1, "No projection", of.projection_withheld.as_deref().unwrap_or_default());
}

fn decision(page: &mut Page, working: &AssessmentWorking, of: &AreaExplanation<'_>) {
    page.line(1, "Decided by");
    match &working.decision {
        Decision::Rule { scene, question, newer_due, today, later, in_time } => {
            page.item(2, "Rule", plain(question));
            page.item(2, "Figure", plain(&scene.latest));
            page.item(2, "Good direction", if scene.sign > 0.0 { "up" } else { "down" });
            page.item(2, "Due", format_args!("{}{}", scene.due, if scene.closed { ", past" } else { "" }));
            page.item(2, "Significantly worsening", if scene.worsening { "yes" } else { "no" });
            page.item(2, "Part of chance", plain(&scene.uncertainty));
            page.item(2, "A figure ended by the date", if *in_time { "yes" } else { "no" });
            page.item(2, "Later figures", later.as_ref().map_or(String::new(), plain));
            page.item(2, "Newer figure due", format_args!("{newer_due}; today is {today}"));
        }
        Decision::FromParts { .. } => page.line(2, "No rule was asked: it follows from its parts"),
        other => page.item(2, "No rule was asked", plain(other)),
    }
    page.item(2, "Result", format_args!("{}: {}", of.status.label(), of.reason));
}

fn limits_words(limits: &evaluate::LimitsWorking) -> String {
    let counts = match (limits.numerator, limits.denominator) {
        (Some(count), Some(of)) => format!(" of O = {count}, n = {of}, m = {}", limits.multiplier),
        (Some(count), None) => format!(" of O = {count}"),
        (None, _) => String::new(),
    };
    match limits.method {
        LimitsMethod::Published => "limits: as published".to_owned(),
        LimitsMethod::Wilson => format!("limits: Wilson's{counts}"),
        LimitsMethod::Byar => format!("limits: Byar's{counts}"),
        LimitsMethod::Exact => format!("limits: exact{counts}"),
        LimitsMethod::Dobson => format!("limits: Dobson's, from the counts of every age band{counts}"),
        LimitsMethod::Silcocks => "limits: Silcocks', from the deaths of every age band".to_owned(),
        LimitsMethod::SlopeIndex => "limits: from those of each group".to_owned(),
        LimitsMethod::StudentT => format!("limits: Student's t, from the standard deviation{counts}"),
        LimitsMethod::None => format!("no limits: {}{counts}", limits.withheld.as_deref().unwrap_or("none")),
    }
}

fn figure(measure: &Measure, point: &SeriesPoint) -> String {
    let illustrative = if point.illustrative { ", illustrative" } else { "" };
    format!("{}: {}{}{illustrative}", point.period, value(measure, point.value), interval(measure, point.limits))
}

fn value(measure: &Measure, value: Value) -> String {
    value.number().map_or_else(|| plain(&value), |value| number(measure, value))
}

/// With places to spare: an explanation is there to be checked.
fn number(measure: &Measure, value: f64) -> String {
    measure.unit.format(value, measure.decimals.saturating_add(2))
}

fn interval(measure: &Measure, limits: Option<Limits>) -> String {
    limits.map_or(" (no limits)".to_owned(), |l| format!(" ({} to {})", number(measure, l.lower), number(measure, l.upper)))
}

/// Data on one line as it stands in JSON, without its punctuation.
fn plain(data: &impl serde::Serialize) -> String {
    fn words(json: &serde_json::Value) -> String {
        use serde_json::Value as Json;
        match json {
            Json::Null => "none".to_owned(),
            Json::String(text) => text.replace('_', " "),
            Json::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
            Json::Object(fields) => {
                let kind = fields.iter().filter(|(name, _)| matches!(name.as_str(), "kind" | "rule" | "by"));
                let is_there = |value: &Json| !matches!(value, Json::Array(items) if items.is_empty());
                let rest = fields.iter().filter(|(name, _)| !matches!(name.as_str(), "kind" | "rule" | "by"));
                let rest = rest.filter(|(_, value)| is_there(value));
                let rest = rest.map(|(name, value)| match value {
                    Json::Object(_) => format!("{} ({})", name.replace('_', " "), words(value)),
                    value => format!("{} {}", name.replace('_', " "), words(value)),
                });
                kind.map(|(_, value)| words(value)).chain(rest).collect::<Vec<_>>().join(", ")
            }
            other => other.to_string(),
        }
    }
    serde_json::to_value(data).map_or_else(|e| e.to_string(), |json| words(&json))
}
