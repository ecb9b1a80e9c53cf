//! One measure with its target: its figures, its charts, and where they came from.

use super::area_lines::{AreaLine, ComparatorLine, area_line, comparator_line, comparator_of_areas};
use super::charts::{self, DumbbellSource, points};
use super::definition::DefinitionView;
use super::figure_lines::{FigureLine, baseline_in_words, figure_lines};
use super::figures::{self, NONE};
use super::ids::Names;
use super::in_brief;
use super::organisations::{self, OrganisationFigures};
use super::outlook::Outlook;
use super::parts_source::PartsSource;
use super::plain::{self, PlainView};
use super::prospects::{ProspectView, prospects};
use super::remarks::{RemarkView, remarks};
use super::rug_cells::{self, RugCell};
use super::sentences::{self, sentence};
use super::sources::{SourceLine, sources};
use super::spine::{self, SpineFigure};
use super::story::{change_in_short, placings, story};
use crate::evaluate::{Assessment, ChangeSince, Flag, MeasureAssessment, NoFigure, SeriesPoint, Status};
use crate::framework::{Ambition, Aspiration, Measure, PartsAre};
use crate::report::PackInputs;
use indicator_stats::spc::{Assurance, Variation};
use jiff::civil::Date;
use serde::Serialize;
use tagged_document::model::{Figure, Run};

#[derive(Debug, Clone, Serialize)]
pub struct MeasureView {
    pub kind: &'static str,
    /// Finds the measure again when a template hands it to a directive.
    pub key: usize,
    pub id: String,
    pub title: String,
    /// Its ambition in short, in our words.
    pub ambition: String,
    /// The key of its ambition.
    pub ambition_key: usize,
    /// `lead`, `stand-in` or `supporting`: its part in its ambition.
    pub role: &'static str,
    /// The same with what it means.
    pub part: &'static str,
    pub status: String,
    /// One sentence with the figures in it.
    pub reason: String,
    /// Why there is no figure to judge, with whose it is and since when; empty where there is one.
    pub no_figure: String,
    /// The same without whose it is.
    #[serde(skip)]
    pub no_figure_in_short: String,
    /// That it is due and did not come.
    pub is_overdue: bool,
    /// The latest figure with what it is beside and what is wanted, in a few words; empty where there is none.
    pub brief: String,
    /// What its figures say beside each other, the comparator's and the target; may be empty.
    pub story: String,
    /// `judged on an old figure`, `judged on the figure alone`, …
    pub flags: Vec<String>,
    /// The latest figure with its unit, or why there is none.
    pub latest: String,
    pub latest_period: String,
    /// `55.7 to 57.9`, or `none`.
    pub limits: String,
    /// The figure that the status speaks of, where that is not the latest; else both are empty.
    pub judged: String,
    pub judged_period: String,
    /// How the latest figure stands beside the one before it, by a test of the change; `none` where there is none before.
    pub change: String,
    /// The same beside the baseline.
    pub change_since_baseline: String,
    /// The organisations that gave the figure, where it is pooled: `six of seven organisations, 97% of staff`.
    pub coverage: String,
    /// That all of them gave it.
    pub is_complete: bool,
    /// The chance of meeting the target by its date, in words; empty where none is given.
    pub chance: String,
    /// What the target would take each year from here; empty where it is met or not known.
    pub needed: String,
    pub baseline: String,
    pub baseline_period: String,
    pub target: String,
    pub comparator: String,
    /// How its status has moved since the last pack; empty where there is no earlier pack.
    pub moved: String,
    pub has_figures: bool,
    pub has_chart: bool,
    pub has_areas: bool,
    pub has_inequality: bool,
    pub has_commentary: bool,
    /// Who answers for it; may be empty.
    pub owner: String,
    /// Since when its target stands and what it was before, where it was revised while the edition is in force; else empty.
    pub revised: String,
    /// From when its figures are counted otherwise, and how; empty where they are not.
    pub redefined: String,
    /// True where the system has no figure of its own, so that the table of areas says it all.
    pub only_areas: bool,
    pub illustrative: bool,
    /// What it is judged by is illustrative, and none of its own figures is: such as what is allowed by a projection.
    #[serde(skip)]
    pub judged_by_illustrative: bool,
    /// The latest figure itself.
    #[serde(skip)]
    pub latest_illustrative: bool,
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
    /// `Area` or `Organisation`: what the rows of its table are.
    #[serde(skip)]
    pub area_noun: &'static str,
    /// Whether it stands for its ambition: it decides, or is the first that may.
    #[serde(skip)]
    pub decides: bool,
    /// Its figures by area, for the table of all.
    #[serde(skip)]
    pub rug: Vec<RugCell>,
    /// What the public reads of it, where it is in the public summary.
    #[serde(skip)]
    pub plain: Option<PlainView>,
    /// Its figures here, for the spine chart, and that no direction is good.
    #[serde(skip)]
    pub spine: Vec<SpineFigure>,
    #[serde(skip)]
    pub spine_is_neutral: bool,
    /// `worse than England (61.3 years)`; empty where it is not compared.
    #[serde(skip)]
    pub beside: String,
    /// `1 of 8 areas significantly adverse (99.8%)`; empty where no area is.
    #[serde(skip)]
    pub adverse: String,
    /// The areas in which it got significantly worse, where the whole did not.
    #[serde(skip)]
    pub worse_in: Vec<String>,
    /// How it stands beside the region, among its like and among its nearest neighbours.
    #[serde(skip)]
    pub placings: Vec<String>,
    /// The last day of the latest figure's period.
    #[serde(skip)]
    pub latest_ends: Option<Date>,
    /// How the latest figure stands beside the one before it, and beside the baseline, in a few words.
    #[serde(skip)]
    pub since_previous: String,
    #[serde(skip)]
    pub since_baseline: String,
    /// Whether it will meet its target: of the whole, or of each area.
    #[serde(skip)]
    pub prospects: Vec<ProspectView>,
    /// The figures of its parts, for charts that few templates ask for; none where it has few parts.
    #[serde(skip)]
    pub parts: Option<PartsSource>,
    /// Of a measure of organisations: the figure of each and the pooled one.
    #[serde(skip)]
    pub organisations: Option<OrganisationFigures>,
    /// How the latest figure has changed by tests, for the board.
    #[serde(skip)]
    pub moved_since: [Option<TestedView>; 2],
}

/// A change that was tested and found significant at 95%: since the previous period, or since the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestedView {
    Better,
    Worse,
    /// No direction is good.
    Higher,
    Lower,
}

/// What a control chart says of a measure, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    Chart {
        variation: Variation,
        assurance: Option<Assurance>,
        /// Why there is no assurance, where there is none.
        without: &'static str,
    },
    NoFigure,
    /// Yearly figures say nothing of variation within a year.
    Yearly,
    /// Fewer than limits can rest on.
    TooFew,
    /// The last is so old that it tells no special cause of now.
    TooOld,
}

/// What a measure's view is made from.
pub struct Case<'a> {
    pub pack: &'a PackInputs<'a>,
    pub names: &'a Names,
    pub ambition: &'a Ambition,
    pub aspiration: &'a Aspiration,
    pub measure: &'a Measure,
    pub assessment: Option<&'a MeasureAssessment>,
}

impl MeasureView {
    /// What those who gave the figure said of it first; what they were asked is no saying.
    pub fn said(&self) -> Option<&RemarkView> {
        self.remarks.iter().find(|remark| !remark.question)
    }

    pub fn new(case: &Case<'_>, key: usize, ambition_key: usize) -> Self {
        let Case { pack, names, ambition, aspiration, measure, assessment } = *case;
        let system = &pack.framework.edition.system;
        let head = assessment.map(|a| &a.headline);
        let areas = assessment.map_or(&[][..], |a| &a.areas);
        let breakdowns = assessment.map_or(&[][..], |a| &a.breakdowns);
        let compared_with = pack.areas.name(&pack.framework.edition.comparator).to_owned();
        let of = head.map_or(Status::NoFigure, |h| h.status);
        let latest = head.and_then(|h| h.latest.as_ref());
        let baseline = head.and_then(|h| h.baseline.as_ref());
        // Areas have figures, and the whole has none.
        let is_by_area = latest.is_none() && measure.parts_are == PartsAre::Areas && areas.iter().any(|a| a.latest.is_some());
        let no_figure = head.and_then(|h| h.no_figure.as_ref());
        // The period of the last figure that is shown.
        let of_areas = areas.iter().filter_map(|area| area.latest.as_ref()).filter(|_| is_by_area);
        let last_shown = latest.into_iter().chain(of_areas).map(|point| point.period).max();
        let flags = head.map_or(&[][..], |h| &h.flags);
        let outlook = head.map_or_else(Outlook::default, |h| Outlook::of(measure, h, pack.evaluation.as_at));
        let story = head.map_or(String::new(), |h| story(measure, h, &outlook, &compared_with));
        let reason = head.map_or("No figure was received.".to_owned(), |h| names.with_titles(&sentence(&h.reason)));
        let figure = head.and_then(|head| {
            let (target, interim) = (&aspiration.target, aspiration.interim.as_slice());
            let compared_with = compared_with.as_str();
            charts::chart(&charts::ChartSubject { pack, measure, target, interim, head, areas, compared_with })
        });
        let inequality = charts::inequalities(pack, measure, breakdowns);
        let remarks = remarks((pack, names), measure, head.into_iter().chain(areas));
        let has_illustrative = head.into_iter().chain(areas).any(|a| points(a).any(|p| p.illustrative));
        let judged_by_illustrative = of.is_judged() && flags.contains(&Flag::Illustrative) && !has_illustrative;
        let illustrative = judged_by_illustrative
            || has_illustrative
            || inequality.iter().any(|f| f.illustrative)
            || remarks.iter().any(|r| r.illustrative);
        let movement = pack.evaluation.movements.as_ref().and_then(|m| m.of(&measure.id)).map(|m| m.kind);
        let not_judged = if aspiration.target.is_judged() {
            pack.framework.target_in_words(aspiration, pack.areas)
        } else {
            "none to judge by".to_owned()
        };
        // The whole stands first among its parts.
        let whole = head.filter(|h| !areas.is_empty() && h.latest.is_some() && h.area == *system);
        let coverage = head
            .and_then(|h| h.coverage.as_ref())
            .map_or(String::new(), |coverage| sentences::coverage(coverage, &measure.denominator_in_words()));
        let target = head.and_then(|h| h.target.as_ref()).map_or(not_judged, |target| target.words.clone());
        let since = |change: Option<&ChangeSince>, earlier: Option<&SeriesPoint>| {
            latest.map_or(String::new(), |latest| in_brief::since(measure, change, earlier, latest))
        };
        MeasureView {
            kind: "measure",
            key,
            id: measure.id.0.clone(),
            title: measure.title.trim().to_owned(),
            ambition: sentence(&ambition.statement),
            ambition_key,
            role: aspiration.role.label(),
            part: sentences::role(aspiration.role, aspiration.stands_in_for.is_some()),
            status: of.label().to_owned(),
            reason,
            no_figure: no_figure.map_or(String::new(), |why| sentences::no_figure(why, last_shown)),
            no_figure_in_short: no_figure.map_or(String::new(), |why| sentences::no_figure_in_short(why, last_shown)),
            is_overdue: matches!(no_figure, Some(NoFigure::Overdue { .. })),
            story,
            flags: flags
                .iter()
                .filter(|f| **f != Flag::Illustrative)
                // One that is too old is old.
                .filter(|f| **f != Flag::Stale || !flags.contains(&Flag::TooOld))
                .filter_map(|f| f.in_words(of))
                .chain(judged_by_illustrative.then_some("judged by an illustrative figure"))
                .chain(remarks.iter().any(|r| r.question).then_some("with a figure in question"))
                .map(str::to_owned)
                .collect(),
            latest: match latest {
                Some(point) => figures::value(measure, point.value),
                None if is_by_area => BY_AREA.to_owned(),
                None => "no figure".to_owned(),
            },
            latest_period: latest.map_or(String::new(), |point| figures::period(point.period)),
            limits: latest.map_or(NONE.to_owned(), |point| figures::limits(measure, point.limits)),
            judged: head.and_then(|h| h.judged.as_ref()).map_or(String::new(), |point| figures::value(measure, point.value)),
            judged_period: head.and_then(|h| h.judged.as_ref()).map_or(String::new(), |point| figures::period(point.period)),
            change: change_in_short(head.and_then(|h| h.since_previous.as_ref())),
            change_since_baseline: change_in_short(head.and_then(|h| h.since_baseline.as_ref())),
            brief: head
                .map_or(String::new(), |h| in_brief::in_brief((pack, measure), (h, areas), &coverage, &compared_with, &target)),
            decides: false,
            rug: head.map_or(Vec::new(), |h| rug_cells::cells(pack, measure, h, areas)),
            spine: head.map_or(Vec::new(), |h| spine::spine(pack, measure, h, areas)),
            plain: head.and_then(|h| plain::plain(pack, (measure, &aspiration.target), h, areas)),
            spine_is_neutral: measure.polarity.sign().is_none(),
            beside: head.and_then(|h| in_brief::beside(measure, h, &compared_with)).unwrap_or_default(),
            adverse: head.filter(|_| is_by_area).and_then(in_brief::adverse).unwrap_or_default(),
            worse_in: assessment.map_or(Vec::new(), |of| worse_in(pack, measure, of)),
            placings: head.map_or(Vec::new(), |h| placings(measure, h)),
            latest_ends: latest.map(|point| point.period.end()),
            since_previous: since(head.and_then(|h| h.since_previous.as_ref()), head.and_then(|h| h.previous.as_ref())),
            since_baseline: since(head.and_then(|h| h.since_baseline.as_ref()), baseline),
            coverage,
            is_complete: head.and_then(|h| h.coverage.as_ref()).is_some_and(|coverage| coverage.absent.is_empty()),
            chance: outlook.chance.clone(),
            needed: outlook.needed.clone(),
            baseline: match baseline {
                Some(point) => baseline_in_words((measure, aspiration), point),
                None if is_by_area && areas.iter().any(|a| a.baseline.is_some()) => BY_AREA.to_owned(),
                None => NONE.to_owned(),
            },
            baseline_period: baseline.map_or(String::new(), |point| figures::period(point.period)),
            target,
            comparator: latest.map_or_else(
                || comparator_of_areas(measure, areas).filter(|_| is_by_area).unwrap_or_else(|| NONE.to_owned()),
                |point| figures::comparator(measure, point),
            ),
            moved: movement.map_or(String::new(), |kind| sentences::capitalised(kind.label())),
            has_figures: latest.is_some() || !areas.is_empty(),
            has_chart: figure.is_some(),
            has_areas: !areas.is_empty(),
            has_inequality: !inequality.is_empty(),
            has_commentary: !remarks.is_empty(),
            owner: aspiration.owner.trim().to_owned(),
            revised: revised(pack, aspiration),
            redefined: head.map_or(String::new(), |h| sentences::redefined(measure, &h.series)),
            only_areas: !areas.is_empty() && head.is_some_and(|h| h.latest.is_none() || areas.iter().any(|a| a.area == h.area)),
            illustrative,
            judged_by_illustrative,
            latest_illustrative: latest.is_some_and(|point| point.illustrative),
            proxy: sentence(&measure.proxy),
            next_due: head.and_then(|h| h.next_due).map_or(String::new(), figures::date),
            stale: flags.contains(&Flag::Stale),
            method: DefinitionView::new(pack, names, ambition, aspiration, measure),
            of,
            lines: head.map_or(Vec::new(), |h| figure_lines((measure, aspiration), h)),
            areas: whole
                .into_iter()
                .chain(areas)
                .map(|area| area_line(pack, (measure, aspiration), head, area, &compared_with))
                .collect(),
            sources: sources(pack, head, areas),
            remarks,
            figure,
            inequality,
            dumbbell: head.and_then(|h| dumbbell((measure, aspiration), h, illustrative)),
            spark: head.and_then(|h| charts::spark(measure, h)),
            trend: head.and_then(|h| sentences::trend_in_short(h.trend)).unwrap_or_default(),
            control: head.map_or(Control::NoFigure, |h| control(measure, h)),
            compared_with,
            unit: measure.unit.in_words().to_owned(),
            comparator_line: comparator_line(measure, areas),
            area_noun: match measure.parts_are {
                PartsAre::Areas => "Area",
                PartsAre::Organisations => "Organisation",
            },
            parts: head.and_then(|h| PartsSource::of(pack, (measure, &aspiration.target), h, areas)),
            organisations: head.and_then(|h| organisations::figures(pack, (measure, &aspiration.target), h, areas)),
            prospects: head.map_or(Vec::new(), |h| prospects(pack, measure, (h, &outlook), areas)),
            moved_since: [
                head.and_then(|h| h.since_previous.as_ref()).and_then(tested),
                head.and_then(|h| h.since_baseline.as_ref()).and_then(tested),
            ],
        }
    }
}

/// Of targets that were revised before the edition took effect its text says nothing, and neither do its pages.
fn revised(pack: &PackInputs<'_>, aspiration: &Aspiration) -> String {
    let from = pack.framework.edition.effective_from;
    let quarter_end = pack.evaluation.period.end();
    let last = aspiration.earlier.iter().rfind(|ended| ended.until < quarter_end).filter(|ended| ended.until >= from);
    let Some(last) = last else { return String::new() };
    let since = last.until.tomorrow().map_or(String::new(), figures::date);
    let was = pack.framework.one_target_in_words(aspiration, &last.target, pack.areas).replace(" - ", "–");
    format!("Target revised on {since} ({}); it was {was}.", last.ended_by.trim().trim_end_matches('.'))
}

fn tested(since: &ChangeSince) -> Option<TestedView> {
    (since.change.is_significant() == Some(true)).then_some(match since.is_better {
        Some(true) => TestedView::Better,
        Some(false) => TestedView::Worse,
        None if since.change.difference > 0.0 => TestedView::Higher,
        None => TestedView::Lower,
    })
}

/// The areas in which it got significantly worse, where the whole did not, as one of so many. Organisations are no areas.
fn worse_in(pack: &PackInputs<'_>, measure: &Measure, of: &MeasureAssessment) -> Vec<String> {
    let is_told = measure.parts_are == PartsAre::Organisations || of.headline.got_worse_among(1);
    let parts = of.areas.iter().filter(|area| !is_told && measure.parts.contains(&area.area));
    let worse = parts.filter(|area| area.got_worse_among(measure.parts.len()));
    worse.map(|area| measure.name_of(&area.area, pack.areas).to_owned()).collect()
}

fn control(measure: &Measure, head: &Assessment) -> Control {
    if head.latest.as_ref().is_none_or(|latest| latest.value.number().is_none()) {
        return Control::NoFigure;
    }
    if head.control_chart(measure).is_none() {
        return Control::Yearly;
    }
    if head.is_too_old() {
        return Control::TooOld;
    }
    let chart = charts::icons(measure, head);
    chart.map_or(Control::TooFew, |(variation, assurance)| {
        let without = if assurance.is_none() { head.without_assurance(measure) } else { "" };
        Control::Chart { variation, assurance, without }
    })
}

fn dumbbell((measure, aspiration): (&Measure, &Aspiration), head: &Assessment, illustrative: bool) -> Option<DumbbellSource> {
    let words = |value: f64| value.is_finite().then(|| (value, figures::number(measure, value)));
    let number = |point: Option<&SeriesPoint>| point.and_then(|p| p.value.number()).and_then(words);
    Some(DumbbellSource {
        title: measure.title.trim().to_owned(),
        baseline: number(head.baseline.as_ref())?,
        // A figure of the baseline's own period is on no way from it.
        latest: number(head.latest.as_ref().filter(|_| !head.not_after_baseline))?,
        target: match head.target.as_ref().and_then(|target| target.value).and_then(words)? {
            (value, _) if aspiration.target.states_its_value() => (value, measure.unit.stated(value)),
            worked_out => worked_out,
        },
        higher_is_better: measure.polarity.sign()? > 0.0,
        illustrative,
    })
}

/// Said where areas have what the whole has not.
const BY_AREA: &str = "by area";
