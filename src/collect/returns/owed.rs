//! What was asked of a partner and is not given: worked out once, and told alike wherever something is said of a return.

use super::known::PriorReturns;
use super::returned_figure::{ReturnedFigure, answers};
use super::version::ReturnVersion;
use super::versions::StandingFigures;
use crate::area::{AreaCode, Areas};
use crate::collect::{ActionReport, RunScope};
use crate::figure::{FigureKey, Observation};
use crate::framework::{Action, Measure, MeasureId, Partner};
use crate::period::Period;
use crate::return_template;
use crate::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Figures that are named one by one.
const MOST_NAMED: usize = 5;

/// A measure of which figures are owed, or a key action of which nothing is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwedItem {
    /// Of the measure or of the key action.
    pub id: String,
    /// The title of the measure, or the words of the key action.
    pub title: String,
    /// Figures given, and figures asked for; the latter is 0 of a key action.
    pub given: usize,
    pub due: usize,
    /// The period of a baseline, where it is that which is owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Period>,
    /// It is the numerator and denominator of a baseline that are owed: its value was given alone, and the figure of all is made
    /// from counts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub counts: bool,
    /// What tells what is owed from what is given, such as the names of areas or the steps of a key action; empty where nothing
    /// is given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<String>,
}

/// What is asked of a partner.
#[derive(Debug, Clone)]
pub(super) enum AskedItem<'a> {
    Figures {
        measure: &'a Measure,
        baseline: Option<Period>,
        figures: Vec<AskedFigure>,
    },
    /// That it leads.
    Action(&'a Action),
}

/// A figure, or a count that it is made from.
#[derive(Debug, Clone)]
pub(super) struct AskedFigure {
    /// The figures any of which answers.
    answers: Vec<FigureKey>,
    period: Period,
    area: AreaCode,
    /// The area's name.
    place: String,
    /// A value alone is of no use as a baseline.
    is_pooled: bool,
    /// Of a breakdown; empty for the figure of all.
    group: String,
}

impl OwedItem {
    pub fn is_action(&self) -> bool {
        self.due == 0
    }

    /// `Falls: 2 of 3 figures in use (missing: South Fen)`, `Falls` where its one figure is owed, or `a report on: Open the hub`.
    pub fn in_words(&self) -> String {
        let title = &self.title;
        if self.is_action() {
            return format!("a report on: {}", self.action_in_words());
        }
        let baseline = self.baseline.map_or(String::new(), |period| format!(", baseline of {}", period.in_words()));
        if self.counts {
            let of = self.named().map_or(String::new(), |named| format!(" ({named})"));
            return format!(
                "{title}{baseline}{of}: the value was given without its numerator and denominator; without them the target cannot \
                 be judged"
            );
        }
        let how_many = match (self.given, self.due) {
            (0, 1) => String::new(),
            (0, due) => format!(": none of {due} figures in use"),
            (given, due) => format!(": {given} of {due} figures in use"),
        };
        let lacking = self.named().map_or(String::new(), |named| format!(" (missing: {named})"));
        format!("{title}{baseline}{how_many}{lacking}")
    }

    /// Of a key action: its words, with the steps of which nothing is said where something is said of others.
    pub fn action_in_words(&self) -> String {
        let steps = self.named().map_or(String::new(), |named| format!(" (missing: {named})"));
        format!("{}{steps}", self.title)
    }

    /// What is lacking beside what is given, up to a handful; none where nothing is given.
    pub fn named(&self) -> Option<String> {
        let more = self.of.len().saturating_sub(MOST_NAMED);
        let named = self.of[..self.of.len() - more].join(", ");
        (!named.is_empty()).then(|| named + &if more > 0 { format!(" and {more} more") } else { String::new() })
    }

    /// What is owed, up to a handful, parted by `; `.
    pub fn list(owed: &[Self]) -> String {
        let more = owed.len().saturating_sub(MOST_NAMED);
        let named = owed[..owed.len() - more].iter().map(Self::in_words);
        named.chain((more > 0).then(|| format!("and {more} more"))).collect::<Vec<_>>().join("; ")
    }
}

impl PriorReturns {
    /// True where the partner owes nothing by what is known of its versions up to the day of `wanted`, or said that there is
    /// nothing to report and why.
    pub fn is_all_in(&self, partner: &Partner, wanted: &RunScope<'_>, areas: &Areas) -> bool {
        let mut standing = StandingFigures::new(wanted.period);
        let mut is_excused = false;
        let counts = |version: &ReturnVersion| version.partner == partner.id && version.arrived <= wanted.as_at;
        for (_, version, contents) in self.accepted(counts) {
            if version.quarter != wanted.period {
                standing.remember(contents, wanted);
                continue;
            }
            is_excused |= !contents.nil_is_doubted && contents.nil.as_ref().is_some_and(|reason| !reason.is_empty());
            let figures = contents.figures.iter().map(|figure| ReturnedFigure { observation: figure.clone(), blank: false });
            standing.lay_over(&figures.collect::<Vec<_>>(), &contents.action_reports, &contents.comments);
        }
        let asked = AskedItem::of(partner, wanted, areas, self.figures.get(&partner.id));
        is_excused && !standing.gives() || standing.owed(&asked).iter().all(|owed| owed.baseline.is_some())
    }
}

impl<'a> AskedItem<'a> {
    /// The figures that a partner is asked for and the actions that it leads, in the order of the framework; `before` is what
    /// it gave for earlier quarters, after which its baselines are not asked for again. These stand last.
    pub fn of(
        partner: &'a Partner,
        wanted: &RunScope<'a>,
        areas: &Areas,
        before: Option<&return_template::PartnerHistory>,
    ) -> Vec<Self> {
        let RunScope { framework, period, .. } = *wanted;
        let request = return_template::ReturnRequest::new(framework, areas, partner, period);
        let request = before.map_or(request, |earlier| return_template::ReturnRequest { earlier, ..request });
        let due = request.figures().into_iter().map(|one| (None, AskedOf::new(&one, areas)));
        let baselines = request.baselines().into_iter().map(|one| (Some(one.period), AskedOf::new(&one, areas)));
        let mut asked: Vec<AskedItem<'a>> = Vec::new();
        for (of, AskedOf { id, figure }) in due.chain(baselines) {
            match asked.last_mut() {
                Some(AskedItem::Figures { measure, baseline, figures }) if measure.id == id && *baseline == of => {
                    figures.push(figure)
                }
                _ => {
                    let measure = framework.measures.iter().find(|measure| measure.id == id);
                    asked.extend(measure.map(|measure| AskedItem::Figures { measure, baseline: of, figures: vec![figure] }));
                }
            }
        }
        // Baselines stand last: they are asked for until they are given, and nobody is late with them.
        let of_actions = framework.actions.iter().filter(|action| action.is_asked_of(partner)).map(AskedItem::Action);
        let baselines_from = asked.iter().position(AskedItem::is_baseline).unwrap_or(asked.len());
        asked.splice(baselines_from..baselines_from, of_actions);
        asked
    }
}

impl AskedItem<'_> {
    fn is_baseline(&self) -> bool {
        matches!(self, AskedItem::Figures { baseline: Some(_), .. })
    }
}

/// A figure with its measure.
struct AskedOf {
    id: MeasureId,
    figure: AskedFigure,
}

impl AskedOf {
    fn new(one: &return_template::RequestedFigure<'_>, areas: &Areas) -> Self {
        let group = match (one.component(), &one.series.category) {
            (Some(place), _) => place.group.map_or("", |(_, name)| name),
            (None, category) => category.as_ref().map_or("", |category| category.group.as_str()),
        };
        let figure = AskedFigure {
            answers: one.answered_by(),
            period: one.period,
            area: one.series.area.clone(),
            place: one.measure.name_of(&one.series.area, areas).to_owned(),
            is_pooled: one.is_pooled(),
            group: group.to_owned(),
        };
        Self { id: one.measure.id.clone(), figure }
    }
}

impl StandingFigures {
    /// What was asked and is not there. A figure is there where it was given, or what it is made from; one that is said to be
    /// missing is owed still. An action is there where it is reported, with each of its steps.
    pub fn owed(&self, asked: &[AskedItem<'_>]) -> Vec<OwedItem> {
        let mut of_measure: BTreeMap<&MeasureId, Vec<&Observation>> = BTreeMap::new();
        for figure in self.in_use().filter(|figure| figure.value != Value::Missing) {
            of_measure.entry(&figure.measure).or_default().push(figure);
        }
        let owed = |asked: &AskedItem<'_>| match asked {
            AskedItem::Figures { measure, baseline, figures } => {
                let given = of_measure.get(&measure.id).map_or(&[][..], Vec::as_slice);
                let without_counts = baseline.and_then(|period| owed_counts(measure, period, figures, given));
                owed_of(measure, *baseline, figures, given).into_iter().chain(without_counts).collect()
            }
            AskedItem::Action(action) => {
                let is_told = ActionReport::tell_of_all(self.standing_reports(), action);
                let (id, title) = (action.id.0.clone(), action.statement.trim().trim_end_matches('.').to_owned());
                let of = self.steps_lacking(action);
                Vec::from_iter((!is_told).then_some(OwedItem { id, title, given: 0, due: 0, baseline: None, counts: false, of }))
            }
        };
        asked.iter().flat_map(owed).collect()
    }

    /// The steps of which nothing is said, where something is said of others.
    fn steps_lacking(&self, action: &Action) -> Vec<String> {
        let lacking = ActionReport::steps_not_told(self.standing_reports(), action);
        let open = action.steps.iter().filter(|step| !step.reported_complete).count();
        let named = |number: &usize| action.steps.get(number - 1).map(|step| step.named(*number));
        if lacking.len() < open { lacking.iter().filter_map(named).collect() } else { Vec::new() }
    }
}

fn owed_of(measure: &Measure, baseline: Option<Period>, asked: &[AskedFigure], given: &[&Observation]) -> Option<OwedItem> {
    let keys: BTreeSet<FigureKey> = given.iter().map(|of| FigureKey::of(of)).collect();
    let periods: BTreeSet<Period> = asked.iter().map(|one| one.period).collect();
    // A layout of the partner's own may give other periods that end as late.
    let mut latest: BTreeMap<(&AreaCode, &str), jiff::civil::Date> = BTreeMap::new();
    for of in given.iter().filter(|of| baseline.is_none() && !periods.contains(&of.period) && answers(of, measure)) {
        let group = of.category.as_ref().filter(|_| of.component().is_none()).map_or("", |category| category.group.as_str());
        let end = latest.entry((&of.area, group)).or_insert(of.period.end());
        *end = of.period.end().max(*end);
    }
    let is_there = |one: &AskedFigure| {
        let is_as_late = || latest.get(&(&one.area, one.group.as_str())).is_some_and(|end| *end >= one.period.end());
        one.answers.iter().any(|key| keys.contains(key)) || is_as_late()
    };
    let lacking: Vec<&AskedFigure> = asked.iter().filter(|one| !is_there(one)).collect();
    let given = asked.len() - lacking.len();
    (!lacking.is_empty()).then(|| OwedItem {
        id: measure.id.0.clone(),
        title: measure.title.trim().to_owned(),
        given,
        due: asked.len(),
        baseline,
        counts: false,
        of: if given == 0 { Vec::new() } else { told_apart(asked, &lacking) },
    })
}

/// The baselines that were given as a value alone, where the figure of all is made from counts.
fn owed_counts(measure: &Measure, baseline: Period, asked: &[AskedFigure], given: &[&Observation]) -> Option<OwedItem> {
    let alone: BTreeSet<FigureKey> = given
        .iter()
        .filter(|of| of.period == baseline && of.value.number().is_some() && of.numerator.zip(of.denominator).is_none())
        .map(|of| FigureKey::of(of))
        .collect();
    let lacks = |one: &&AskedFigure| one.is_pooled && one.answers.iter().any(|key| alone.contains(key));
    let lacking: Vec<&AskedFigure> = asked.iter().filter(lacks).collect();
    (!lacking.is_empty()).then(|| OwedItem {
        id: measure.id.0.clone(),
        title: measure.title.trim().to_owned(),
        given: asked.len() - lacking.len(),
        due: asked.len(),
        baseline: Some(baseline),
        counts: true,
        of: told_apart(asked, &lacking),
    })
}

/// What tells figures from the others that are asked for: their areas, groups and periods, as far as these differ.
fn told_apart(asked: &[AskedFigure], lacking: &[&AskedFigure]) -> Vec<String> {
    let first = &asked[0];
    let differ = |of: fn(&AskedFigure, &AskedFigure) -> bool| asked.iter().any(|one| of(one, first));
    let by_area = differ(|one, first| one.area != first.area);
    let by_group = differ(|one, first| one.group != first.group);
    let by_period = differ(|one, first| one.period != first.period);
    let mut told: Vec<String> = Vec::new();
    let mut known = BTreeSet::new();
    for one in lacking {
        let mut words: Vec<String> = Vec::new();
        words.extend(Some(one.place.clone()).filter(|_| by_area));
        words.extend(Some(if one.group.is_empty() { "all".to_owned() } else { one.group.clone() }).filter(|_| by_group));
        words.extend(Some(one.period.in_short()).filter(|_| by_period));
        let words = words.join(" ");
        if !words.is_empty() && known.insert(words.clone()) {
            told.push(words);
        }
    }
    told
}
