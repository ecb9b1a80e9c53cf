//! What a board reads on the first two pages: a few messages, what has changed by a test, what is asked of it, and how far the
//! figures can be relied on.

use super::ambition::AmbitionView;
use super::figures::NONE;
use super::group::ActionView;
use super::inputs::ReturnView;
use super::measure::{MeasureView, TestedView};
use super::rug::RugView;
use super::rug_cells;
use super::sentences;
use crate::collect::ReturnOutcome;
use crate::counted::counted;
use crate::evaluate::{BoardMessage, Status};
use serde::Serialize;
use std::collections::BTreeSet;

/// So many of what has changed are named on the first page; the rest is counted.
const MOST: usize = 3;

/// So many decisions are asked by name; of the other actions that are off track the number is noted.
const MOST_ASKED: usize = 2;

/// What a board reads first.
#[derive(Debug, Clone, Default, Serialize)]
pub struct BriefView {
    /// Five at most, the first first.
    pub messages: Vec<MessageView>,
    /// What is significantly worse, and what is better, than the period before or the baseline; three at most of each.
    pub worse: Vec<ChangedView>,
    pub better: Vec<ChangedView>,
    /// How many more there are of each.
    pub more_worse: usize,
    pub more_better: usize,
    /// Measures that are significantly worse than then in some areas and not in the whole, each with these areas.
    pub worse_in: Vec<ChangedView>,
    /// How many ambitions are judged, and how many are alerted.
    pub judged: usize,
    pub alerted: usize,
    /// What is asked of the board, in sentences.
    pub asks: Vec<String>,
    /// On what the figures rest, in sentences.
    pub sure: Vec<String>,
    /// Every measure in every area.
    pub rug: RugView,
}

/// One message.
#[derive(Debug, Clone, Serialize)]
pub struct MessageView {
    /// The measure, or the ambition where none is the reason.
    pub title: String,
    /// The figure, what it is beside, and what is wanted.
    pub words: String,
    /// They say why the board is told too.
    #[serde(skip)]
    pub says_why: bool,
    /// Why the board is told: `off track`, `significantly worse than its baseline (95%)`.
    pub why: String,
    /// What those who gave the figure said of it; empty where nobody did.
    pub said: String,
    /// What of it is illustrative: `illustrative`, `illustrative target`, `illustrative, comment too`; empty where nothing is.
    pub marked: String,
    /// Its figure is older than it should be.
    pub old: bool,
    /// The ambition's key.
    #[serde(skip)]
    pub ambition: usize,
}

impl MessageView {
    /// Why the board is told, where the words do not say it already, and that the figure is old; empty where there is neither.
    pub fn reason(&self) -> String {
        let why = Some(self.why.as_str()).filter(|_| !self.says_why);
        let parts: Vec<&str> = why.into_iter().chain(self.old.then_some("an old figure")).collect();
        if parts.is_empty() { String::new() } else { sentences::sentence(&parts.join(", on ")) }
    }

    /// The message where no page shows it: `Turnover: 6.2% in 2025/26, …; target: 5%. Off track. (Illustrative)`
    pub fn in_words(&self) -> String {
        let marked = if self.marked.is_empty() { String::new() } else { format!("({})", sentences::capitalised(&self.marked)) };
        let parts = [format!("{}: {}", self.title, self.words), self.reason(), self.said.clone(), marked];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// A measure that has changed by a test.
#[derive(Debug, Clone, Serialize)]
pub struct ChangedView {
    pub title: String,
    /// The figure and the earlier one, or the areas in which it has changed.
    pub words: String,
    pub illustrative: bool,
    /// The measure's key, and its ambition's.
    #[serde(skip)]
    pub measure: usize,
    #[serde(skip)]
    pub ambition: usize,
}

/// What the brief is made from.
pub struct BriefSource<'v> {
    pub messages: &'v [BoardMessage],
    /// How many ambitions the board is alerted to.
    pub alerted: usize,
    pub ambitions: &'v [&'v AmbitionView],
    pub measures: &'v [&'v MeasureView],
    pub actions: &'v [(usize, &'v ActionView)],
    pub returns: &'v [ReturnView],
}

impl BriefView {
    pub fn new(of: &BriefSource<'_>, rug: RugView) -> Self {
        let (worse, more_worse) = changed(of.measures, TestedView::Worse);
        let (better, more_better) = changed(of.measures, TestedView::Better);
        BriefView {
            messages: of.messages.iter().filter_map(|message| told(message, of)).collect(),
            worse,
            better,
            more_worse,
            more_better,
            worse_in: worse_in(of.measures),
            judged: of.ambitions.iter().filter(|ambition| ambition.of.is_judged()).count(),
            alerted: of.alerted,
            asks: asks(of),
            sure: sure(of),
            rug,
        }
    }
}

fn told(message: &BoardMessage, of: &BriefSource<'_>) -> Option<MessageView> {
    let ambition = of.ambitions.iter().find(|ambition| ambition.id == message.ambition)?;
    let is_reason = |measure: &&&MeasureView| {
        measure.ambition_key == ambition.key && message.measure.as_ref().is_some_and(|id| measure.id == id.0)
    };
    let measure = of.measures.iter().find(is_reason);
    let said = measure.and_then(|measure| measure.said());
    let figure = match measure {
        Some(measure) if measure.judged_by_illustrative => "illustrative target",
        _ if measure.map_or(ambition.illustrative, |measure| measure.illustrative) => "illustrative",
        _ => "",
    };
    let comment = ambition.comments.first();
    let marked = match (figure, comment.is_some_and(|comment| comment.illustrative)) {
        (figure, false) => figure.to_owned(),
        ("", true) => "illustrative comment".to_owned(),
        (figure, true) => format!("{figure}, comment too"),
    };
    Some(MessageView {
        title: measure.map_or_else(|| ambition.title.trim_end_matches('.').to_owned(), |measure| measure.title.clone()),
        words: measure.map_or_else(|| ambition.reason.clone(), |measure| format!("{}.", measure.brief)),
        says_why: message.is_by_area && measure.is_some_and(|measure| measure.latest_period.is_empty()),
        why: message.why.clone(),
        said: match (comment, said) {
            (Some(comment), _) => format!("{} says: {}", comment.by, comment.words),
            (None, Some(said)) => format!("{} says: {}", said.partner, sentences::sentence(&said.words)),
            (None, None) => String::new(),
        },
        marked,
        old: measure.is_some_and(|measure| measure.stale),
        ambition: ambition.key,
    })
}

/// Those that have changed this way since the period before come first, then those since the baseline.
fn changed(measures: &[&MeasureView], way: TestedView) -> (Vec<ChangedView>, usize) {
    let here = |i: usize| measures.iter().filter(move |measure| measure.moved_since[i] == Some(way));
    let since_baseline = here(1).filter(|measure| measure.moved_since[0] != Some(way));
    let mut all: Vec<ChangedView> = here(0)
        .map(|measure| (measure, &measure.since_previous))
        .chain(since_baseline.map(|measure| (measure, &measure.since_baseline)))
        .map(|(measure, since)| ChangedView {
            title: measure.title.clone(),
            words: format!("{} in {}, {}", measure.latest, measure.latest_period, since.trim_start_matches("significantly ")),
            // No target stands in the sentence.
            illustrative: measure.illustrative && !measure.judged_by_illustrative,
            measure: measure.key,
            ambition: measure.ambition_key,
        })
        .collect();
    // One of each ambition: its others are in the evidence.
    let mut told = BTreeSet::new();
    all.retain(|changed| told.insert(changed.ambition));
    let more = all.len().saturating_sub(MOST);
    all.truncate(MOST);
    (all, more)
}

/// `Adults who smoke`, `in Ashfield and Mansfield`: each measure once.
fn worse_in(measures: &[&MeasureView]) -> Vec<ChangedView> {
    let mut told = BTreeSet::new();
    let here = measures.iter().filter(|measure| !measure.worse_in.is_empty() && told.insert(measure.id.as_str()));
    here.map(|measure| ChangedView {
        title: measure.title.clone(),
        words: format!("in {}", sentences::joined(&measure.worse_in)),
        illustrative: measure.illustrative && !measure.judged_by_illustrative,
        measure: measure.key,
        ambition: measure.ambition_key,
    })
    .collect()
}

/// A decision on each key action that is off track, as far as there is room, and help with returns that have not come.
fn asks(of: &BriefSource<'_>) -> Vec<String> {
    let off_track: Vec<&ActionView> = of.actions.iter().map(|(_, action)| *action).filter(|a| a.of == Status::OffTrack).collect();
    let mut asks: Vec<String> = off_track
        .iter()
        .take(MOST_ASKED)
        .map(|action| {
            let statement = action.statement.trim().trim_end_matches('.');
            let illustrative = if action.illustrative { "; illustrative" } else { "" };
            let when = match action.passed.as_str() {
                "" => action.due.clone(),
                passed if action.due.starts_with(passed) => format!("due {passed}"),
                step => format!("step due {step}"),
            };
            format!("Decide how to recover “{statement}” ({}; {when}{illustrative}).", action.lead)
        })
        .collect();
    if off_track.len() > MOST_ASKED {
        let more = counted(off_track.len() - MOST_ASKED, "more key action is", "more key actions are");
        asks.push(format!("Note that {more} off track."));
    }
    let missing: Vec<&str> = of.returns.iter().filter(|r| r.arrival == "missing").map(|r| r.partner.as_str()).collect();
    if !missing.is_empty() {
        asks.push(format!("Help to get the returns of {}.", sentences::joined(&missing)));
    }
    asks
}

fn sure(of: &BriefSource<'_>) -> Vec<String> {
    let mut said = Vec::new();
    let judged: Vec<&MeasureView> = of
        .ambitions
        .iter()
        .filter(|ambition| ambition.of.is_judged())
        .filter_map(|ambition| of.measures.iter().find(|measure| Some(measure.key) == ambition.decided_by).copied())
        .collect();
    let (whole, by_area): (Vec<&MeasureView>, Vec<&MeasureView>) = judged.iter().partition(|m| !m.latest_period.is_empty());
    if !whole.is_empty() {
        let with = whole.iter().filter(|measure| measure.limits != NONE).count();
        let of = counted(whole.len(), "ambition judged on one figure", "ambitions judged on one figure");
        said.push(format!("Of {of}, {with} have 95% limits (whole counts have none)."));
    }
    if !by_area.is_empty() {
        said.push(format!("{} judged by areas.", counted(by_area.len(), "ambition is", "ambitions are")));
    }
    let asked = of.returns.iter().map(|r| r.partner.as_str()).collect::<BTreeSet<_>>();
    if !asked.is_empty() {
        let came = [ReturnOutcome::Accepted, ReturnOutcome::AcceptedInPart, ReturnOutcome::Nil];
        let is_in = |partner: &&&str| of.returns.iter().any(|r| r.partner == **partner && came.contains(&r.came_as));
        said.push(format!("{} of {} are in.", asked.iter().filter(is_in).count(), counted(asked.len(), "return", "returns")));
    }
    let old = judged.iter().filter(|measure| measure.stale).count();
    if old > 0 {
        said.push(format!("{} on a figure older than it should be.", counted(old, "ambition rests", "ambitions rest")));
    }
    let period = |measure: &&MeasureView| match measure.latest_period.is_empty() {
        true => rug_cells::last(&measure.rug).map(|last| (last.ends, last.period.clone())),
        false => Some((measure.latest_ends, measure.latest_period.clone())),
    };
    if let Some((_, oldest)) = judged.iter().filter_map(period).min_by_key(|(ends, _)| *ends) {
        said.push(format!("The oldest is of {oldest}."));
    }
    let made_up = of.measures.iter().filter(|measure| measure.illustrative).count();
    if made_up > 0 {
        said.push(format!("{} illustrative figures.", counted(made_up, "measure has", "measures have")));
    }
    said
}
