//! What a board reads on the first two pages: a few messages, what has changed by a test, what is asked of it, and how far the
//! figures can be relied on.

use super::ambition::AmbitionView;
use super::figures::NONE;
use super::group::ActionView;
use super::inputs::ReturnView;
use super::measure::{MeasureView, TestedView};
use super::rug::RugView;
use super::sentences;
use crate::collect::ReturnOutcome;
use crate::counted::counted;
use crate::evaluate::{BoardMessage, Status};
use serde::Serialize;

/// So many of what has changed are named on the first page; the rest is counted.
const MOST: usize = 3;

/// So many decisions are asked by name; of the other actions that are off track the number is noted.
const MOST_ASKED: usize = 2;

const ADVERSE: &str = "significantly adverse";

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
    /// Why the board is told: `off track`, `significantly worse than its baseline (95%)`.
    pub why: String,
    /// What those who gave the figure said of it; empty where nobody did.
    pub said: String,
    pub illustrative: bool,
    /// The ambition's key.
    #[serde(skip)]
    pub ambition: usize,
}

impl MessageView {
    /// Why the board is told, as a sentence; empty where the words say it already.
    pub fn reason(&self) -> String {
        let is_said = self.why.contains(ADVERSE) && self.words.contains(ADVERSE);
        if is_said { String::new() } else { sentences::sentence(&self.why) }
    }

    /// The message where no page shows it: `Turnover: 6.2% in 2025/26, …; target: 5%. Off track. (Illustrative)`
    pub fn in_words(&self) -> String {
        let illustrative = if self.illustrative { "(Illustrative)" } else { "" };
        let parts = [format!("{}: {}", self.title, self.words), self.reason(), self.said.clone(), illustrative.to_owned()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// A measure that has changed by a test.
#[derive(Debug, Clone, Serialize)]
pub struct ChangedView {
    pub title: String,
    /// The figure and the earlier one.
    pub words: String,
    pub illustrative: bool,
    /// The measure's key.
    #[serde(skip)]
    pub measure: usize,
}

/// What the brief is made from.
pub struct BriefSource<'v> {
    pub messages: &'v [BoardMessage],
    pub ambitions: &'v [&'v AmbitionView],
    pub measures: &'v [&'v MeasureView],
    pub actions: &'v [(usize, &'v ActionView)],
    pub returns: &'v [ReturnView],
    pub rug: RugView,
}

impl BriefView {
    pub fn new(of: BriefSource<'_>) -> Self {
        let rug = of.rug.clone();
        let of = &of;
        let (worse, more_worse) = changed(of.measures, TestedView::Worse);
        let (better, more_better) = changed(of.measures, TestedView::Better);
        BriefView {
            messages: of.messages.iter().filter_map(|message| told(message, of)).collect(),
            worse,
            better,
            more_worse,
            more_better,
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
    let said = measure.and_then(|measure| measure.remarks.iter().find(|remark| !remark.question));
    Some(MessageView {
        title: measure.map_or_else(|| ambition.title.trim_end_matches('.').to_owned(), |measure| measure.title.clone()),
        words: measure.map_or_else(|| ambition.reason.clone(), |measure| format!("{}.", measure.brief)),
        why: message.why.clone(),
        said: said.map_or(String::new(), |said| format!("{} says: {}", said.partner, sentences::sentence(&said.words))),
        illustrative: measure.map_or(ambition.illustrative, |measure| measure.illustrative),
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
            illustrative: measure.illustrative,
            measure: measure.key,
        })
        .collect();
    let more = all.len().saturating_sub(MOST);
    all.truncate(MOST);
    (all, more)
}

/// A decision on each key action that is off track, as far as there is room, and help with returns that have not come.
fn asks(of: &BriefSource<'_>) -> Vec<String> {
    let off_track: Vec<&ActionView> = of.actions.iter().map(|(_, action)| *action).filter(|a| a.of == Status::OffTrack).collect();
    let mut asks: Vec<String> = off_track
        .iter()
        .take(MOST_ASKED)
        .map(|action| {
            let statement = action.statement.trim().trim_end_matches('.');
            format!("Decide how to recover “{statement}” ({}; {}).", action.lead, action.due)
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
    if !judged.is_empty() {
        let with = judged.iter().filter(|measure| measure.limits != NONE).count();
        said.push(format!(
            "{with} of {} are judged on a figure with 95% limits.",
            counted(judged.len(), "ambition with a deciding figure", "ambitions with a deciding figure")
        ));
    }
    let asked = of.returns.iter().map(|r| r.partner.as_str()).collect::<std::collections::BTreeSet<_>>();
    if !asked.is_empty() {
        let came = [ReturnOutcome::Accepted, ReturnOutcome::AcceptedInPart, ReturnOutcome::Nil].map(sentences::outcome);
        let is_in = |partner: &&&str| of.returns.iter().any(|r| r.partner == **partner && came.contains(&r.outcome.as_str()));
        said.push(format!("{} of {} are in.", asked.iter().filter(is_in).count(), counted(asked.len(), "return", "returns")));
    }
    let old: Vec<&str> = judged.iter().filter(|measure| measure.stale).map(|measure| measure.title.as_str()).collect();
    if !old.is_empty() {
        said.push(format!(
            "{} judged on a figure that is older than it should be.",
            counted(old.len(), "ambition is", "ambitions are")
        ));
    }
    if let Some(oldest) = judged.iter().filter(|measure| measure.latest_ends.is_some()).min_by_key(|measure| measure.latest_ends)
    {
        said.push(format!("The oldest of these figures is of {}.", oldest.latest_period));
    }
    let made_up = of.measures.iter().filter(|measure| measure.illustrative).count();
    if made_up > 0 {
        said.push(format!("{} illustrative figures.", counted(made_up, "measure has", "measures have")));
    }
    said
}
