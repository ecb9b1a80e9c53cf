//! What the public reads of a measure: a sentence in plain words with its figure.

use super::figures;
use super::sentences::joined;
use crate::evaluate::{self, Assessment, SeriesPoint};
use crate::framework::{FIGURE_IN_PLAIN_WORDS, Measure, Target};
use crate::report::PackInputs;
use crate::value::Unit;
use serde::Serialize;

/// More areas than this are told by the lowest and the highest.
const MOST_NAMED: usize = 3;

/// So many measures are told.
const MOST: usize = 5;

/// A measure in plain words.
#[derive(Debug, Clone, Serialize)]
pub struct PlainView {
    /// `Breastfeeding`
    pub name: String,
    /// `Of 100 babies, 47 in Nottingham and 45 in Nottinghamshire are breastfed at 6 to 8 weeks.`
    pub words: String,
    /// Of what time the figure is.
    pub period: String,
    /// The level to reach: `56 by March 2028`; empty where there is none in figures, or another for each area.
    pub wanted: String,
    /// Any of its figures is made up.
    pub illustrative: bool,
    /// Where the figure is a share: how many of 100, by area, and how many are wanted.
    #[serde(skip)]
    pub shares: Vec<Share>,
    #[serde(skip)]
    pub wanted_of_100: Option<f64>,
}

impl PlainView {
    /// The shares that are drawn: of more areas than two those at the ends.
    pub fn ends(&self) -> impl Iterator<Item = &Share> {
        let last = self.shares.len().saturating_sub(1);
        self.shares.iter().enumerate().filter(move |(i, _)| *i == 0 || *i == last).map(|(_, share)| share)
    }
}

/// How many of 100.
#[derive(Debug, Clone)]
pub struct Share {
    /// The area; empty for the system.
    pub area: String,
    pub of_100: f64,
}

/// None where the measure has no plain words, or no figure of the whole or of areas.
pub fn plain(
    pack: &PackInputs<'_>,
    (measure, goal): (&Measure, &Target),
    head: &Assessment,
    areas: &[Assessment],
) -> Option<PlainView> {
    let words = measure.plain.as_ref()?;
    let number = |point: &SeriesPoint| point.value.number();
    let whole = head.latest.as_ref().filter(|point| number(point).is_some());
    let of_areas = || {
        let dated = areas.iter().filter_map(|area| Some((area, area.latest.as_ref().filter(|point| number(point).is_some())?)));
        let dated: Vec<(&Assessment, &SeriesPoint)> = dated.collect();
        let last = dated.iter().map(|(_, point)| point.period.end()).max();
        dated.into_iter().filter(|(_, point)| Some(point.period.end()) == last).collect::<Vec<_>>()
    };
    let told: Vec<(&Assessment, &SeriesPoint)> = whole.map_or_else(of_areas, |point| vec![(head, point)]);
    let (_, first) = told.first()?;
    let mut shown: Vec<(String, f64)> = told
        .iter()
        .filter_map(|(area, point)| {
            let name = if whole.is_some() { "" } else { pack.areas.name(&area.area) };
            Some((name.to_owned(), number(point)?))
        })
        .collect();
    if whole.is_none() {
        shown.sort_by(|(_, a), (_, b)| a.total_cmp(b));
    }
    let is_share = measure.unit == Unit::Percent;
    let in_words = |value: f64| if is_share { of_100(value) } else { figures::number(measure, value) };
    let wanted_in_words =
        |value: f64| if goal.states_its_value() && !is_share { measure.unit.stated(value) } else { in_words(value) };
    let with_area = |(name, value): &(String, f64)| match name.is_empty() {
        true => in_words(*value),
        false => format!("{} in {name}", in_words(*value)),
    };
    let figure = match shown.as_slice() {
        [lowest, .., highest] if shown.len() > MOST_NAMED => {
            format!("between {} and {}", with_area(lowest), with_area(highest))
        }
        _ => joined(&shown.iter().map(with_area).collect::<Vec<_>>().iter().map(String::as_str).collect::<Vec<_>>()),
    };
    let is_of_some = whole.is_none() && told.len() < areas.len();
    let of_some = if is_of_some { format!(", in {} of {} areas", told.len(), areas.len()) } else { String::new() };
    let judged: Vec<&Assessment> = told.iter().map(|(of, _)| *of).collect();
    let wanted = evaluate::common_target(&judged, goal, pack.framework.edition.default_due);
    let wanted = wanted.map(|(value, due)| (value, due.strftime("%B %Y").to_string()));
    Some(PlainView {
        name: words.name.clone(),
        words: words.figure.replace(FIGURE_IN_PLAIN_WORDS, &figure),
        period: format!("{}{of_some}", figures::period(first.period)),
        wanted: wanted.as_ref().map_or(String::new(), |(value, due)| format!("{} by {due}", wanted_in_words(*value))),
        illustrative: told.iter().any(|(_, point)| point.illustrative),
        shares: match is_share {
            true => shown.into_iter().map(|(area, of_100)| Share { area, of_100 }).collect(),
            false => Vec::new(),
        },
        wanted_of_100: wanted.map(|(value, _)| value).filter(|_| is_share),
    })
}

/// Those that are told, of each priority's measures with whether the figure is old: of each priority the first before the second of
/// any, and what is up to date before what is old.
pub fn told<'v>(priorities: impl Iterator<Item = Vec<(bool, &'v PlainView)>>) -> Vec<PlainView> {
    let mut ranked = Vec::new();
    for (at, measures) in priorities.enumerate() {
        ranked.extend(measures.into_iter().enumerate().map(|(rank, (is_old, plain))| ((rank, is_old, at), plain)));
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.truncate(MOST);
    ranked.sort_by_key(|((_, _, at), _)| *at);
    ranked.into_iter().map(|(_, plain)| plain.clone()).collect()
}

/// `47`; nobody is rounded away.
fn of_100(percent: f64) -> String {
    match percent.round() {
        0.0 if percent > 0.0 => "fewer than 1".to_owned(),
        whole => format!("{whole:.0}"),
    }
}
