//! How a measure counts for the system: by its own figure, by one made anew from its parts, by what organisations have
//! given of it, or by where the people of its areas stand. One part never stands for the whole.

use super::assess::EvaluationContext;
use super::by_area::{self, JudgedArea};
use super::explained::{AssessmentWorking, Decision};
use super::inequality::breakdowns;
use super::judge::{AreaCase, JudgedAs};
use super::parts::SeriesPart;
use super::series::{FigureSeries, SeriesEntry};
use super::tree::AreaTree;
use super::{AreaStanding, Assessment, ByArea, Comparison, Coverage, Flag, MeasureAssessment, NoFigure, Point, Status};
use crate::area::{AreaCode, Areas};
use crate::framework::{Aspiration, Measure, PartsAre, Statistic};
use crate::value::{Limits, Polarity};
use std::collections::BTreeSet;

/// From 95% limits to 99.8% ones, on the scale of the figure.
const Z_RATIO: f64 = 3.090_232_306_167_813_5 / 1.959_963_984_540_054;

/// More areas than this are looked at with 99.8% limits: chance would call one of many at 95%.
const MANY_AREAS: usize = 4;

pub(super) fn assess(context: &EvaluationContext<'_>, measure: &Measure, aspiration: &Aspiration) -> MeasureAssessment {
    let edition = &context.inputs.framework.edition;
    let tree = AreaTree { headlines: &context.headlines, areas: context.inputs.areas, measure, system: &edition.system };
    let comparator = tree.own(&edition.comparator);
    let case = |area: &AreaCode, whose, series: &FigureSeries| {
        let own = aspiration.in_area(area);
        // A target of its own is held against its own figures, as the system's is.
        let whose = if own.is_some() { JudgedAs::System } else { whose };
        let aspiration = own.as_ref().unwrap_or(aspiration);
        AreaCase { context, measure, aspiration, area, whose, series, comparator: &comparator }.assess()
    };
    let breakdowns = breakdowns(context, measure, &comparator);
    let part = |area: &AreaCode| {
        // What other bodies gave whose areas make up an organisation's is not the organisation's own.
        let series = if measure.parts_are == PartsAre::Organisations { tree.own(area) } else { tree.series(area) };
        series.is_given().then(|| case(area, JudgedAs::Part, &series))
    };
    let own = case(&edition.system, JudgedAs::System, &tree.own(&edition.system));
    let system = |series: &FigureSeries| case(&edition.system, JudgedAs::System, series);
    // A figure that is withheld is not gone round by way of the parts.
    let is_withheld = own.no_figure == Some(NoFigure::Withheld);
    let stands = |of: &Assessment| of.latest.is_some() && of.no_figure.is_none();
    // Without a rule nothing is made of the parts.
    if is_withheld || stands(&own) || !aspiration.target.is_judged() {
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
        PartsAre::Organisations => pooled(&tree, aspiration, &system, &own).unwrap_or(own),
        PartsAre::Areas => match tree.summed(&edition.system).map(|series| system(&series)) {
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
    if headline.baseline.is_none() {
        headline.baseline = whole_baseline(&tree, aspiration, &system);
    }
    MeasureAssessment { headline, areas, breakdowns }
}

/// The baseline of the whole, where all of its parts gave theirs, whatever they have given since.
fn whole_baseline(tree: &AreaTree<'_>, aspiration: &Aspiration, system: &dyn Fn(&FigureSeries) -> Assessment) -> Option<Point> {
    let period = tree.measure.period(&aspiration.target.baseline()?.period).ok()?;
    system(&tree.whole_at(period)?).baseline
}

/// That it follows from the parts is what decides; the rest of the working stands.
fn from_parts(assessment: Assessment) -> Assessment {
    let (status, reason) = (assessment.status, assessment.reason.clone());
    let working = assessment
        .working
        .map(|working| Box::new(AssessmentWorking { decision: Decision::FromParts { status, reason }, ..*working }));
    Assessment { working, ..assessment }
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
fn for_want_of_later(own: Assessment, parts: &[Assessment]) -> Assessment {
    match parts.first() {
        Some(part) if own.latest.is_none() && part.latest.is_none() => Assessment {
            status: part.status,
            reason: part.reason.clone(),
            no_figure: part.no_figure.clone(),
            working: part.working.clone(),
            ..own
        },
        _ => own,
    }
}

/// Made anew from the organisations that gave it, with how much of the whole they are. Too few of them are no figure, and
/// what they gave is shown all the same. A plain number of some is not held to what is asked of all.
fn pooled(
    tree: &AreaTree<'_>,
    aspiration: &Aspiration,
    system: &dyn Fn(&FigureSeries) -> Assessment,
    own: &Assessment,
) -> Option<Assessment> {
    let measure = tree.measure;
    let [parts, former] = tree.organisations();
    let Some((series, coverage)) = FigureSeries::pooled(measure, &parts, &former) else {
        let gave = measure.parts.iter().zip(&parts).filter(|(_, part)| part.series.is_given());
        return without_counts(tree, &gave.map(|(code, _)| code).collect::<Vec<_>>(), own);
    };
    let lacking = Lacking::of(tree, &parts, &series, &coverage);
    let mut assessment = match coverage.given.as_slice() {
        _ if coverage.absent.is_empty() => system(&series),
        [only] => of_one(tree, only, &lacking, own),
        _ => of_some(tree, aspiration, &coverage, &lacking, system(&series)),
    };
    assessment.coverage = Some(coverage);
    Some(assessment)
}

/// What is not in a pooled figure, in words; empty where nothing is.
struct Lacking {
    /// `no figure from Fell Trust`.
    no_figure: String,
    /// `no counts from Marsh Trust`, of those that gave a share or rate alone.
    no_counts: String,
}

impl Lacking {
    fn of(tree: &AreaTree<'_>, parts: &[SeriesPart], series: &FigureSeries, coverage: &Coverage) -> Self {
        let gave = |code: &&AreaCode| {
            let part = tree.measure.parts.iter().position(|part| part == *code).and_then(|at| parts.get(at));
            part.zip(series.latest_given()).and_then(|(part, latest)| part.series.at(latest)).is_some_and(SeriesEntry::is_given)
        };
        let (uncounted, silent): (Vec<&AreaCode>, Vec<&AreaCode>) = coverage.absent.iter().partition(gave);
        let from = |what: &str, codes: &[&AreaCode]| match codes {
            [] => String::new(),
            _ => format!("{what} from {}", listed(&codes.iter().map(|code| tree.areas.body_name(code)).collect::<Vec<_>>())),
        };
        Self { no_figure: from("no figure", &silent), no_counts: from("no counts", &uncounted) }
    }
}

/// What one organisation of several gave is its own, and is shown under its name only.
fn of_one(tree: &AreaTree<'_>, only: &AreaCode, lacking: &Lacking, own: &Assessment) -> Assessment {
    let (who, of) = (tree.areas.body_name(only), tree.measure.parts.len());
    let comma = if lacking.no_counts.is_empty() { "" } else { ", " };
    Assessment {
        status: Status::NoFigure,
        reason: format!("Incomplete: only {who} of {of} organisations gave a figure{comma}{}", lacking.no_counts),
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
    let (given, of) = (coverage.given.len(), measure.parts.len());
    let percent = super::percent_of(coverage.share);
    let of_what = if coverage.by_denominator { measure.denominator_in_words() } else { "them by number".to_owned() };
    let Lacking { no_figure, no_counts } = lacking;
    let and = if no_figure.is_empty() || no_counts.is_empty() { "" } else { ", " };
    let who = format!("{given} of {of} organisations, {percent} of {of_what}; {no_figure}{and}{no_counts}");
    let mut is_judged = true;
    let by_own_baseline = aspiration.target.needs_baseline() && aspiration.target.baseline().is_some_and(|b| b.value.is_none());
    if coverage.is_enough && (!is_counted(measure) || by_own_baseline) {
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
    assessment.flags.sort_unstable();
    assessment.flags.dedup();
    if is_judged { assessment } else { from_parts(assessment) }
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
            listed(&names),
            if names.len() == 1 { "a value" } else { "values" }
        ),
        flags: vec![Flag::Incomplete],
        working: None,
        ..own.clone()
    })
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
    if !is_counted(tree.measure) || aspiration.target.is_all_or_none() && is_missed {
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
            listed(&given),
            have(&given),
            listed(&absent),
            have(&absent)
        ),
        flags: vec![Flag::Incomplete],
        ..own.clone()
    };
    (!absent.is_empty()).then(|| from_parts(told()))
}

fn have<T>(of: &[T]) -> &'static str {
    if of.len() == 1 { "has" } else { "have" }
}

/// A number of events or a quantity: that of the whole is the sum of its parts.
fn is_counted(measure: &Measure) -> bool {
    matches!(measure.statistic, Statistic::Count | Statistic::Quantity)
}

/// By the status in which the median resident lives: of the fewest areas that make up the system.
fn by_area(tree: &AreaTree<'_>, own: &Assessment, part: &dyn Fn(&AreaCode) -> Option<Assessment>) -> Option<Assessment> {
    let judged: Vec<(&AreaCode, Option<Assessment>)> = tree.cover().into_iter().map(|code| (code, part(code))).collect();
    let judged: Vec<(&AreaCode, Option<&Assessment>)> = judged.iter().map(|(code, of)| (*code, of.as_ref())).collect();
    from_areas(tree.areas, tree.measure, &judged, own)
}

/// One status from areas that make up a whole, in which `own` stands without a figure; none where no area has a figure.
pub(super) fn from_areas(
    areas: &Areas,
    measure: &Measure,
    judged: &[(&AreaCode, Option<&Assessment>)],
    own: &Assessment,
) -> Option<Assessment> {
    let found: Vec<&Assessment> = judged.iter().filter_map(|(_, assessment)| *assessment).collect();
    if found.iter().all(|assessment| assessment.latest.is_none()) {
        return None;
    }
    let standing = |(code, assessment): &(&AreaCode, Option<&Assessment>)| AreaStanding {
        area: (*code).clone(),
        population: areas.population(code).map(|people| people as f64),
        status: assessment.map_or(Status::NoFigure, |assessment| assessment.status),
        is_significantly_adverse: assessment.is_some_and(|a| is_adverse_among(a, measure, found.len())),
    };
    let standings: Vec<AreaStanding> = judged.iter().map(standing).collect();
    // Without populations every area counts alike.
    let known = standings.iter().all(|s| s.population.is_some());
    let people = |s: &AreaStanding| if known { s.population.unwrap_or(0.0) } else { 1.0 };
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
    let judged_people: f64 = standings.iter().filter(|s| s.status.is_judged()).map(&people).sum();
    // A sum of nothing is −0.
    let judged_share = if total > 0.0 { judged_people / total + 0.0 } else { 0.0 };
    let without = |area: &AreaCode| found.iter().find(|a| a.area == *area).is_none_or(|a| a.latest.is_none());
    let why = |standing: &AreaStanding| {
        let of = found.iter().find(|a| a.area == standing.area);
        let label = of.and_then(|a| a.no_figure.as_ref()).map(NoFigure::label);
        let otherwise = if without(&standing.area) { "no figure".to_owned() } else { standing.status.label().to_lowercase() };
        label.map_or(otherwise, str::to_owned)
    };
    let sentence =
        Sentence { areas, standings: &standings, total, people: &people, known, judged_share, why: &why, without: &without };
    // Where all that cannot be judged lack the same thing, that is the reason.
    let mut whys = found.iter().filter(|a| !a.status.is_judged()).map(|a| a.no_figure.clone());
    let first = whys.next().flatten();
    let alike = first.filter(|first| whys.all(|why| why.as_ref() == Some(first)) && found.len() == standings.len());
    let withheld = found.iter().any(|a| a.no_figure == Some(NoFigure::Withheld)).then_some(NoFigure::Withheld);
    let no_figure = (result == Status::NoFigure).then(|| withheld.or(alike).unwrap_or(NoFigure::Incomplete));
    let reason = sentence.of(result, &found);
    let mut flags = vec![Flag::ByArea];
    flags.extend(standings.iter().any(|s| !s.status.is_judged()).then_some(Flag::Incomplete));
    let of_any = [Flag::Illustrative, Flag::Suppressed, Flag::Proxy, Flag::Stale];
    flags.extend(of_any.into_iter().filter(|flag| found.iter().any(|a| a.flags.contains(flag))));
    let of_all = [Flag::NoLimits, Flag::LimitsWorkedOut];
    flags.extend(of_all.into_iter().filter(|flag| found.iter().all(|a| a.flags.contains(flag))));
    flags.sort_unstable();
    flags.dedup();
    Some(from_parts(Assessment {
        status: result,
        reason,
        flags,
        no_figure,
        goal: common_goal(&found).filter(|(_, of)| *of == standings.len() || *of > 1).map(|(goal, _)| goal),
        next_due: found.iter().filter_map(|a| a.next_due).max(),
        by_area: Some(ByArea { areas: standings, judged_share }),
        ..own.clone()
    }))
}

/// Whether an area is significantly adverse, as one of so many that make up a whole.
pub(super) fn is_adverse_among(of: &Assessment, measure: &Measure, areas: usize) -> bool {
    // What is too old to judge says nothing of now.
    of.status.is_judged() && is_significantly_adverse(of, measure, areas > MANY_AREAS)
}

/// What all areas that have an aim have in common, with how many they are; none where each has its own, from its own baseline.
fn common_goal(areas: &[&Assessment]) -> Option<(super::Goal, usize)> {
    let goals: Vec<&super::Goal> = areas.iter().filter_map(|area| area.goal.as_ref()).collect();
    let first = *goals.first()?;
    let are_alike = goals.iter().all(|goal| goal.words == first.words);
    are_alike.then(|| (super::Goal { expected_now: None, ..first.clone() }, goals.len()))
}

/// Significantly on the wrong side: of the comparator where it is compared, else of its baseline, and where a level is to
/// be reached also where its limits lie wholly short of what is expected by now.
fn is_significantly_adverse(of: &Assessment, measure: &Measure, many: bool) -> bool {
    let Some(sign) = measure.polarity.sign() else { return false };
    let point = of.latest.as_ref();
    let limits = point.and_then(|p| Some((p.value.number()?, p.limits?))).map(|(v, l)| if many { widened(v, l) } else { l });
    let short_of = |other: f64| {
        limits.is_some_and(|l| {
            let nearest = if sign > 0.0 { l.upper } else { l.lower };
            sign * (nearest - other) < 0.0
        })
    };
    if let Some(comparator) = point.and_then(|p| p.comparator).filter(|_| limits.is_some()) {
        return short_of(comparator);
    }
    if !many && of.comparison == Comparison::Worse && measure.polarity != Polarity::None {
        return true;
    }
    let by_baseline = of
        .since_baseline
        .as_ref()
        .is_some_and(|since| if many { since.is_significantly_worse_998() } else { since.is_significantly_worse() });
    let by_path = of.goal.as_ref().and_then(|goal| goal.expected_now).is_some_and(short_of);
    by_baseline || by_path
}

fn widened(value: f64, limits: Limits) -> Limits {
    Limits { lower: value - (value - limits.lower) * Z_RATIO, upper: value + (limits.upper - value) * Z_RATIO }
}

/// What is said of a status that is made from areas.
struct Sentence<'a> {
    areas: &'a Areas,
    standings: &'a [AreaStanding],
    total: f64,
    people: &'a dyn Fn(&AreaStanding) -> f64,
    known: bool,
    judged_share: f64,
    /// Why an area is not judged, in a few words.
    why: &'a dyn Fn(&AreaStanding) -> String,
    /// Whether an area has no figure.
    without: &'a dyn Fn(&AreaCode) -> bool,
}

impl Sentence<'_> {
    fn of(&self, result: Status, reasons: &[&Assessment]) -> String {
        let unjudged: Vec<&AreaStanding> = self.standings.iter().filter(|s| !s.status.is_judged()).collect();
        if unjudged.len() == self.standings.len() {
            return self.of_none_judged(reasons);
        }
        if result == Status::NoFigure {
            let (judged, others) = (self.names(|s| s.status.is_judged()), self.names(|s| !s.status.is_judged()));
            let share = super::percent_of(self.judged_share);
            if !unjudged.iter().all(|standing| (self.without)(&standing.area)) {
                let whys = self.whys();
                let judged =
                    if self.known { format!("{share} of people live in {judged}") } else { format!("only {judged} can") };
                return format!("Too few areas can be judged: {judged}; not judged: {whys}");
            }
            if !self.known {
                return format!("Not all parts have a figure: only {judged} has one, and {others} {} not", have(&unjudged));
            }
            return format!("Too few areas have a figure: {share} of people live in {judged}; no figure for {others}");
        }
        let mut said: Vec<String> = Vec::new();
        for status in [Status::OffTrack, Status::AtRisk, Status::OnTrack, Status::AchievedLate, Status::Achieved] {
            let here: Vec<&AreaStanding> = self.standings.iter().filter(|s| s.status == status).collect();
            if !here.is_empty() {
                let of = self.standings.len();
                let people: f64 = here.iter().map(|s| (self.people)(s)).sum();
                let share = if self.known && self.total > 0.0 {
                    format!(", {} of people,", super::percent_of(people / self.total))
                } else {
                    String::new()
                };
                let areas = if here.len() == of { all_of(of) } else { format!("{} of {of} areas{share}", here.len()) };
                let verb = if here.len() == 1 { "is" } else { "are" };
                said.push(format!("{areas} {verb} {} ({})", status.label().to_lowercase(), self.names(|s| s.status == status)));
            }
        }
        let mut sentence = said.join("; ");
        if self.standings.iter().any(|s| s.is_significantly_adverse) {
            sentence = format!("{sentence}; significantly adverse: {}", self.names(|s| s.is_significantly_adverse));
        }
        if !unjudged.is_empty() {
            sentence = format!("{sentence}; not judged: {}", self.names(|s| !s.status.is_judged()));
        }
        sentence
    }

    /// The areas' own reason where it is the same words for all; else what they lack, without a figure of one of them.
    fn of_none_judged(&self, found: &[&Assessment]) -> String {
        let first = found.first().map_or("", |a| a.reason.as_str());
        let everywhere = found.len() == self.standings.len();
        if everywhere && found.iter().all(|a| a.reason == first) {
            return format!("In every area: {first}");
        }
        let labels: BTreeSet<String> = self.standings.iter().map(self.why).collect();
        let why = match labels.first() {
            Some(only) if labels.len() == 1 => only.clone(),
            _ => self.whys(),
        };
        format!("None of its {} areas can be judged: {why}", self.standings.len())
    }

    /// The areas that are not judged, each with what it lacks: `Holt (no baseline) and Wealdshire (no figure)`.
    fn whys(&self) -> String {
        let unjudged = self.standings.iter().filter(|standing| !standing.status.is_judged());
        let named = unjudged.map(|standing| format!("{} ({})", self.areas.name(&standing.area), (self.why)(standing)));
        listed(&named.collect::<Vec<_>>())
    }

    fn names(&self, wanted: impl Fn(&AreaStanding) -> bool) -> String {
        listed(&self.standings.iter().filter(|s| wanted(s)).map(|s| self.areas.name(&s.area)).collect::<Vec<_>>())
    }
}

/// `Both areas`, `All 8 areas`.
fn all_of(areas: usize) -> String {
    match areas {
        1 => "Its only area".to_owned(),
        2 => "Both areas".to_owned(),
        more => format!("All {more} areas"),
    }
}

/// `a, b and c`.
pub(super) fn listed<S: AsRef<str>>(names: &[S]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}
