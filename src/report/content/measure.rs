//! One measure with its target: its figures, its charts, and where they came from.

use super::charts::{self, DumbbellSource, axis_unit};
use super::definition::DefinitionView;
use super::figures::{self, NONE};
use super::remarks::{RemarkView, remarks};
use super::sentences::{self, sentence};
use super::sources::{SourceLine, sources};
use super::story::story;
use crate::evaluate::methods::spc::{Assurance, Variation};
use crate::evaluate::{Assessment, Flag, MeasureAssessment, Point, Status};
use crate::framework::{Ambition, Aspiration, Measure, Target};
use crate::report::Pack;
use crate::report::model::{Figure, Run};
use serde::Serialize;

#[derive(Debug, Clone, Serialize)]
pub struct MeasureView {
    pub kind: &'static str,
    /// Finds the measure again when a template hands it to a directive.
    pub key: usize,
    pub id: String,
    pub title: String,
    /// The ambition's own words.
    pub ambition: String,
    pub status: String,
    /// One sentence with the figures in it.
    pub reason: String,
    /// What the latest figure says beside the one before it and the comparator's; may be empty.
    pub story: String,
    /// `judged on an old figure`, `without confidence limits`, …
    pub flags: Vec<String>,
    /// The latest figure with its unit, or why there is none.
    pub latest: String,
    pub latest_period: String,
    /// `55.7 to 57.9`, or `none`.
    pub limits: String,
    pub baseline: String,
    pub baseline_period: String,
    pub target: String,
    pub comparator: String,
    /// The area that the latest figure is about, where it is not the system.
    pub area: String,
    /// How its status has moved since the last pack; empty where there is no earlier pack.
    pub moved: String,
    pub has_figures: bool,
    pub has_chart: bool,
    pub has_areas: bool,
    pub has_inequality: bool,
    pub has_commentary: bool,
    /// True where the system has no figure of its own, so that the table of areas says it all.
    pub only_areas: bool,
    pub illustrative: bool,
    /// How a stand-in differs from what the ambition names; empty where it is the thing itself.
    pub proxy: String,
    /// When the next figure is due; empty where it is not known.
    pub next_due: String,
    pub stale: bool,
    /// What it is and how it is judged.
    pub method: DefinitionView,
    #[serde(skip)]
    pub of: Status,
    #[serde(skip)]
    pub lines: Vec<FigureLine>,
    #[serde(skip)]
    pub areas: Vec<AreaLine>,
    #[serde(skip)]
    pub sources: Vec<SourceLine>,
    #[serde(skip)]
    pub remarks: Vec<RemarkView>,
    #[serde(skip)]
    pub figure: Option<Figure>,
    #[serde(skip)]
    pub inequality: Vec<Figure>,
    #[serde(skip)]
    pub dumbbell: Option<DumbbellSource>,
    #[serde(skip)]
    pub spark: Option<Run>,
    /// A few words: `getting worse`; empty where no trend can be had.
    #[serde(skip)]
    pub trend: &'static str,
    #[serde(skip)]
    pub control: Control,
    /// The comparator's name, for headings of tables.
    #[serde(skip)]
    pub compared_with: String,
    /// The unit in words, for captions.
    #[serde(skip)]
    pub unit: String,
    #[serde(skip)]
    pub comparator_line: Option<ComparatorLine>,
}

/// The comparator's figures of the areas' periods, without their unit.
#[derive(Debug, Clone)]
pub struct ComparatorLine {
    /// The latest.
    pub period: String,
    pub value: String,
    pub previous: String,
    pub baseline: String,
}

/// What a control chart says of a measure, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    Chart {
        variation: Variation,
        assurance: Option<Assurance>,
    },
    NoFigure,
    /// Yearly figures: a chart of chance from month to month has nothing to go by.
    Yearly,
    TooFew,
}

/// A row of the table of a measure's own figures.
#[derive(Debug, Clone)]
pub struct FigureLine {
    pub name: &'static str,
    pub period: String,
    pub value: String,
    pub limits: String,
    pub comparator: String,
    pub illustrative: bool,
}

/// A row of the table of areas.
#[derive(Debug, Clone)]
pub struct AreaLine {
    pub name: String,
    pub period: String,
    /// Without the unit, which the caption names.
    pub value: String,
    pub limits: String,
    pub previous: String,
    pub baseline: String,
    pub comparison: String,
    pub of: Status,
    pub illustrative: bool,
}

/// What a measure's view is made from.
pub struct Case<'a> {
    pub pack: &'a Pack<'a>,
    pub ambition: &'a Ambition,
    pub aspiration: &'a Aspiration,
    pub measure: &'a Measure,
    pub assessment: Option<&'a MeasureAssessment>,
}

impl MeasureView {
    pub fn new(case: &Case<'_>, key: usize) -> Self {
        let Case { pack, ambition, aspiration, measure, assessment } = *case;
        let system = &pack.framework.edition.system;
        let head = assessment.map(|a| &a.headline);
        let areas = assessment.map_or(&[][..], |a| &a.areas);
        let breakdowns = assessment.map_or(&[][..], |a| &a.breakdowns);
        let compared_with = pack.areas.name(&pack.framework.edition.comparator).to_owned();
        let of = head.map_or(Status::NoFigure, |h| h.status);
        let latest = head.and_then(|h| h.latest.as_ref());
        let baseline = head.and_then(|h| h.baseline.as_ref());
        let flags = head.map_or(&[][..], |h| &h.flags);
        let elsewhere = head.filter(|h| h.latest.is_some() && h.area != *system);
        let story = head.map_or(String::new(), |h| story(measure, h, elsewhere.is_some(), pack.areas, &compared_with));
        let reason = head.map_or("No figure was received.".to_owned(), |h| sentence(&h.reason));
        let message = format!("{}: {reason} {story}", of.label());
        let figure = head.and_then(|head| {
            let (target, message) = (&aspiration.target, message.trim());
            charts::chart(&charts::Subject { pack, measure, target, head, areas, compared_with: &compared_with, message })
        });
        let inequality = charts::inequalities(pack, measure, breakdowns);
        let remarks = remarks(pack, measure, head.into_iter().chain(areas));
        let illustrative = flags.contains(&Flag::Illustrative)
            || head.into_iter().chain(areas).any(|a| points(a).any(|p| p.illustrative))
            || inequality.iter().any(|f| f.illustrative)
            || remarks.iter().any(|r| r.illustrative);
        let movement = pack.evaluation.movements.as_ref().and_then(|m| m.of(&measure.id)).map(|m| m.kind);
        let not_judged = match &aspiration.target {
            Target::NotJudged { .. } => "none to judge by".to_owned(),
            _ => pack.framework.target_in_words(aspiration, pack.areas),
        };
        // The whole stands first among its parts.
        let whole = head.filter(|h| !areas.is_empty() && h.latest.is_some() && h.area == *system);
        MeasureView {
            kind: "measure",
            key,
            id: measure.id.0.clone(),
            title: measure.title.trim().to_owned(),
            ambition: sentence(&ambition.statement),
            status: of.label().to_owned(),
            reason,
            story,
            flags: flags
                .iter()
                .filter(|f| **f != Flag::Illustrative)
                .map(|f| sentences::flag(*f, of))
                .chain(remarks.iter().any(|r| r.question).then_some("with a figure in question"))
                .map(str::to_owned)
                .collect(),
            latest: match latest {
                Some(point) => figures::value(measure, point.value),
                None if areas.iter().any(|a| a.latest.is_some()) => "by area only".to_owned(),
                None => "no figure".to_owned(),
            },
            latest_period: latest.map_or(String::new(), |point| figures::period(point.period)),
            limits: latest.map_or(NONE.to_owned(), |point| figures::limits(measure, point.limits)),
            baseline: baseline.map_or(NONE.to_owned(), |point| figures::value(measure, point.value)),
            baseline_period: baseline.map_or(String::new(), |point| figures::period(point.period)),
            target: head.and_then(|h| h.goal.as_ref()).map_or(not_judged, |goal| goal.words.clone()),
            comparator: latest.map_or(NONE.to_owned(), |point| figures::comparator(measure, point)),
            area: elsewhere.map_or(String::new(), |h| pack.areas.name(&h.area).to_owned()),
            moved: movement.map_or(String::new(), |kind| sentences::moved(kind).to_owned()),
            has_figures: latest.is_some() || !areas.is_empty(),
            has_chart: figure.is_some(),
            has_areas: !areas.is_empty(),
            has_inequality: !inequality.is_empty(),
            has_commentary: !remarks.is_empty(),
            only_areas: !areas.is_empty() && head.is_some_and(|h| h.latest.is_none() || areas.iter().any(|a| a.area == h.area)),
            illustrative,
            proxy: sentence(&measure.proxy),
            next_due: head.and_then(|h| h.next_due).map_or(String::new(), figures::date),
            stale: flags.contains(&Flag::Stale),
            method: DefinitionView::new(pack, ambition, aspiration, measure),
            of,
            lines: head.map_or(Vec::new(), |h| figure_lines(measure, h)),
            areas: whole.into_iter().chain(areas).map(|area| area_line(pack, measure, area, &compared_with)).collect(),
            sources: sources(pack, head, areas),
            remarks,
            figure,
            inequality,
            dumbbell: head.and_then(|h| dumbbell(measure, h, illustrative)),
            spark: head.and_then(|h| charts::spark(measure, h)),
            trend: head.and_then(|h| sentences::trend_in_short(h.trend)).unwrap_or_default(),
            control: head.map_or(Control::NoFigure, |h| control(measure, h)),
            compared_with,
            unit: axis_unit(measure.unit),
            comparator_line: comparator_line(measure, areas),
        }
    }
}

pub(super) fn points(assessment: &Assessment) -> impl Iterator<Item = &Point> {
    assessment.series.iter().chain(&assessment.latest).chain(&assessment.previous).chain(&assessment.baseline)
}

fn control(measure: &Measure, head: &Assessment) -> Control {
    if head.latest.as_ref().is_none_or(|latest| latest.value.number().is_none()) {
        return Control::NoFigure;
    }
    if head.control_chart(measure).is_none() {
        return Control::Yearly;
    }
    let chart = charts::control_chart(measure, head).and_then(|chart| Some((chart.variation?, chart.assurance)));
    chart.map_or(Control::TooFew, |(variation, assurance)| Control::Chart { variation, assurance })
}

fn dumbbell(measure: &Measure, head: &Assessment, illustrative: bool) -> Option<DumbbellSource> {
    let words = |value: f64| value.is_finite().then(|| (value, figures::number(measure, value)));
    let number = |point: Option<&Point>| point.and_then(|p| p.value.number()).and_then(words);
    Some(DumbbellSource {
        title: measure.title.trim().to_owned(),
        baseline: number(head.baseline.as_ref())?,
        latest: number(head.latest.as_ref())?,
        target: head.goal.as_ref().and_then(|goal| goal.value).and_then(words)?,
        higher_is_better: measure.polarity.sign()? > 0.0,
        illustrative,
    })
}

fn figure_lines(measure: &Measure, head: &Assessment) -> Vec<FigureLine> {
    let named = [("Latest", &head.latest), ("Previous", &head.previous), ("Baseline", &head.baseline)];
    named
        .into_iter()
        .filter_map(|(name, point)| {
            let point = point.as_ref()?;
            Some(FigureLine {
                name,
                period: figures::period(point.period),
                value: figures::value(measure, point.value),
                limits: figures::limits(measure, point.limits),
                comparator: figures::comparator(measure, point),
                illustrative: point.illustrative,
            })
        })
        .collect()
}

fn area_line(pack: &Pack<'_>, measure: &Measure, area: &Assessment, compared_with: &str) -> AreaLine {
    let latest = area.latest.as_ref();
    let bare = |point: Option<&Point>| point.map(|p| figures::bare(measure, p.value));
    AreaLine {
        name: pack.areas.name(&area.area).to_owned(),
        period: latest.map_or(NONE.to_owned(), |p| figures::period(p.period)),
        value: bare(latest).unwrap_or_else(|| "no figure".to_owned()),
        limits: latest.map_or(NONE.to_owned(), |p| figures::limits(measure, p.limits)),
        previous: bare(area.previous.as_ref()).unwrap_or_else(|| NONE.to_owned()),
        baseline: bare(area.baseline.as_ref()).unwrap_or_else(|| NONE.to_owned()),
        comparison: sentences::beside(area.comparison, compared_with, None).unwrap_or_else(|| figures::NOT_COMPARED.to_owned()),
        of: area.status,
        illustrative: latest.is_some_and(|p| p.illustrative),
    }
}

/// The comparator's figures of the periods of the areas' own; of the latest, those of the area that has it.
fn comparator_line(measure: &Measure, areas: &[Assessment]) -> Option<ComparatorLine> {
    let beside = |a: &Assessment| a.latest.as_ref().is_some_and(|p| p.comparator.is_some());
    let area = areas.iter().filter(|a| beside(a)).max_by_key(|a| a.latest.as_ref().map(|p| p.period))?;
    let latest = area.latest.as_ref()?;
    let figure = |point: &Option<Point>| {
        let value = point.as_ref().and_then(|p| p.comparator);
        value.map_or(NONE.to_owned(), |value| figures::plain(measure, value))
    };
    Some(ComparatorLine {
        period: figures::period(latest.period),
        value: figure(&area.latest),
        previous: figure(&area.previous),
        baseline: figure(&area.baseline),
    })
}
