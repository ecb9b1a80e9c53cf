//! What a board is told first: what it is alerted to, advised of and assured of, what has moved, and what is missing.

use super::ambition::AmbitionView;
use super::figures;
use super::group::ActionView;
use super::inputs::IndicatorView;
use super::measure::MeasureView;
use super::sentences::{self, joined};
use crate::collect::{Arrival, OwedItem, PartnerReturn};
use crate::counted::counted;
use crate::evaluate::{BoardMatter, BoardRollup, ChangeTests, MatterSubject, MovementKind, Status};
use crate::report::PackInputs;
use serde::Serialize;
use std::collections::BTreeMap;

/// One thing that a list of the board names.
#[derive(Debug, Clone, Serialize)]
pub struct MatterView {
    pub kind: &'static str,
    /// Finds it again when a template hands it to a directive.
    pub key: usize,
    /// The ambition in short, or the key action's words.
    pub title: String,
    /// A few words: `off track`, `judged on an old figure`.
    pub why: String,
    pub status: String,
    pub reason: String,
    pub is_action: bool,
    pub illustrative: bool,
    /// The title of the measure that is the reason; empty where none is.
    pub because: String,
    /// The ambition's key; none for a key action.
    pub ambition: Option<usize>,
    /// The key of the measure that is the reason; none where none is.
    pub measure: Option<usize>,
    /// The key of the key action's priority; none for an ambition.
    pub priority: Option<usize>,
}

/// An ambition whose status is another than in the last pack.
#[derive(Debug, Clone, Serialize)]
pub struct MovementView {
    pub kind: &'static str,
    pub title: String,
    /// `Improved`, `Worsened`, …
    pub moved: String,
    /// The status then; empty where it was not in that pack.
    pub from: String,
    pub to: String,
    pub illustrative: bool,
    /// The ambition's key.
    pub ambition: usize,
    #[serde(skip)]
    pub how: MovementKind,
    #[serde(skip)]
    pub was: Option<Status>,
    #[serde(skip)]
    pub is: Status,
}

/// A key action whose status is another than in the last pack.
#[derive(Debug, Clone, Serialize)]
pub struct MovedActionView {
    pub title: String,
    /// The names of those who lead it.
    pub lead: String,
    /// `Improved`, `Worsened`, …
    pub moved: String,
    /// The status then; empty where it was not in that pack.
    pub from: String,
    pub to: String,
    pub illustrative: bool,
    /// The key of its priority.
    pub priority: usize,
    #[serde(skip)]
    pub was: Option<Status>,
    #[serde(skip)]
    pub is: Status,
}

/// The three lists, in the order of the framework, ambitions before key actions.
pub struct Lists {
    pub alert: Vec<MatterView>,
    pub advise: Vec<MatterView>,
    pub assure: Vec<MatterView>,
}

impl Lists {
    /// `actions` each with the key of its priority.
    pub fn new(
        rollup: &BoardRollup,
        ambitions: &[&AmbitionView],
        measures: &[&MeasureView],
        actions: &[(usize, &ActionView)],
    ) -> Self {
        let mut key = 0;
        let mut list = |matters: &[BoardMatter]| {
            let views = matters.iter().filter_map(|m| {
                key += 1;
                matter(m, key - 1, ambitions, measures, actions)
            });
            views.collect()
        };
        Lists { alert: list(&rollup.alert), advise: list(&rollup.advise), assure: list(&rollup.assure) }
    }
}

fn matter(
    of: &BoardMatter,
    key: usize,
    ambitions: &[&AmbitionView],
    measures: &[&MeasureView],
    actions: &[(usize, &ActionView)],
) -> Option<MatterView> {
    let (status, why) = (of.status.label().to_owned(), of.why.clone());
    match &of.subject {
        MatterSubject::Ambition(id) => {
            let view = ambitions.iter().find(|ambition| ambition.id == *id)?;
            // A measure may be named by two ambitions.
            let own = |m: &&&MeasureView| m.ambition_key == view.key;
            let because = of.measure.as_ref().and_then(|id| measures.iter().filter(own).find(|m| m.id == id.0));
            Some(MatterView {
                kind: "matter",
                key,
                title: view.title.clone(),
                why,
                status,
                reason: view.reason.clone(),
                is_action: false,
                illustrative: view.judged_by_illustrative || because.is_some_and(|measure| measure.illustrative),
                because: because.map_or(String::new(), |measure| measure.title.clone()),
                ambition: Some(view.key),
                measure: because.map(|measure| measure.key),
                priority: None,
            })
        }
        MatterSubject::Action(id) => {
            let (priority, view) = actions.iter().find(|(_, action)| action.id == id.0)?;
            Some(MatterView {
                kind: "matter",
                key,
                title: view.statement.clone(),
                why,
                status,
                reason: view.reason.clone(),
                is_action: true,
                illustrative: view.illustrative,
                because: String::new(),
                ambition: None,
                measure: None,
                priority: Some(*priority),
            })
        }
    }
}

/// Ambitions that have moved, the worsened first; those that stand as they did are left out.
pub fn movements(pack: &PackInputs<'_>, ambitions: &[&AmbitionView]) -> Vec<MovementView> {
    let Some(movements) = &pack.evaluation.movements else { return Vec::new() };
    let view = |ambition: &&AmbitionView| {
        let movement = movements.of_ambition(&ambition.id)?;
        Some(MovementView {
            kind: "movement",
            title: ambition.title.clone(),
            moved: sentences::capitalised(movement.kind.label()),
            from: movement.from.map_or(String::new(), |status| status.label().to_owned()),
            to: movement.to.label().to_owned(),
            illustrative: ambition.judged_by_illustrative,
            ambition: ambition.key,
            how: movement.kind,
            was: movement.from,
            is: movement.to,
        })
    };
    let all: Vec<MovementView> = ambitions.iter().filter_map(view).collect();
    MovementKind::TOLD.into_iter().flat_map(|how| all.iter().filter(move |m| m.how == how).cloned().collect::<Vec<_>>()).collect()
}

/// Key actions that have moved, those alike together: the worsened first.
pub fn moved_actions(pack: &PackInputs<'_>, actions: &[(usize, &ActionView)]) -> Vec<MovedActionView> {
    let Some(movements) = &pack.evaluation.movements else { return Vec::new() };
    let view = |(priority, action): &(usize, &ActionView)| {
        let movement = movements.actions.iter().find(|movement| movement.action.0 == action.id)?;
        let shown = MovedActionView {
            title: action.statement.clone(),
            lead: action.lead.clone(),
            moved: sentences::capitalised(movement.kind.label()),
            from: movement.from.map_or(String::new(), |status| status.label().to_owned()),
            to: movement.to.label().to_owned(),
            illustrative: action.illustrative,
            priority: *priority,
            was: movement.from,
            is: movement.to,
        };
        Some((movement.kind, shown))
    };
    let all: Vec<(MovementKind, MovedActionView)> = actions.iter().filter_map(view).collect();
    MovementKind::TOLD
        .into_iter()
        .flat_map(|how| all.iter().filter(move |(kind, _)| *kind == how).map(|(_, view)| view.clone()))
        .collect()
}

/// What did not come, a sentence a kind; empty where everything did.
pub fn missing(pack: &PackInputs<'_>, indicators: &[IndicatorView], ambitions: &[&AmbitionView]) -> Vec<String> {
    let mut said = Vec::new();
    let came = PartnerReturn::all(pack.returns, pack.partners, pack.returns_due, pack.evaluation.as_at);
    let names = |of: fn(&PartnerReturn<'_>) -> bool| -> Vec<&str> {
        came.iter().filter(|one| of(one)).map(|one| one.partner.name.as_str()).collect()
    };
    let asked = counted(came.len(), "return", "returns");
    let of_all = if pack.is_of_part() { " in the whole system" } else { "" };
    // Nobody is late before the day, which is a later one for some.
    let awaited = || came.iter().filter(|one| one.arrival == Arrival::Awaited);
    let has_longer = |one: &&PartnerReturn<'_>| one.due > pack.returns_due;
    let by_the_day = awaited().filter(|one| !has_longer(one)).count();
    if by_the_day > 0 {
        let due = figures::date(pack.returns_due);
        said.push(format!("{by_the_day} of {asked}{of_all} not received yet, due by {due}."));
    }
    let later = awaited().filter(has_longer);
    said.extend(later.map(|one| {
        let name = &one.partner.name;
        format!("The return of {name} is not received yet: its deadline is extended to {}.", figures::date(one.due))
    }));
    for (names, words) in [
        (names(|one| one.arrival == Arrival::Missing), "not received"),
        (names(|one| matches!(one.arrival, Arrival::Refused(_))), "refused"),
        (names(|one| matches!(one.arrival, Arrival::Withdrawn(_))), "withdrawn"),
        (names(|one| matches!(one.arrival, Arrival::Blank(_))), "blank"),
        (names(|one| matches!(one.arrival, Arrival::Late(_))), "late"),
    ] {
        if !names.is_empty() {
            said.push(format!("{} of {asked}{of_all} {words}: {}.", names.len(), joined(&names)));
        }
    }
    said.extend(came.iter().filter_map(|one| {
        let reason = one.nil?;
        let why = if reason.is_empty() { "no reason was given".to_owned() } else { reason.trim_end_matches('.').to_owned() };
        Some(format!("{} has nothing to report: {why}.", one.partner.name))
    }));
    let unsettled = names(|one| one.unsettled > 0);
    if !unsettled.is_empty() {
        said.push(format!(
            "Two workbooks that arrived together differ, and nobody has decided which to use: {}.",
            joined(&unsettled)
        ));
    }
    let mut partly: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (what, one) in came.iter().filter(|one| one.is_returned()).filter_map(|one| Some((one.not_used()?, one))) {
        partly.entry(what).or_default().push(one.partner.name.as_str());
    }
    said.extend(partly.into_iter().map(|(what, names)| {
        let returns = if names.len() == 1 { "return" } else { "returns" };
        sentences::sentence(&format!("{what} not used, in the {returns} of {}", joined(&names)))
    }));
    let incomplete: Vec<&PartnerReturn<'_>> = came.iter().filter(|one| one.is_returned() && !one.is_complete()).collect();
    if !incomplete.is_empty() {
        said.push(format!("{} of {asked}{of_all} not complete.", incomplete.len()));
    }
    let owing = incomplete.iter().filter(|one| !one.owed.is_empty());
    said.extend(owing.map(|one| format!("Still needed from {}: {}.", one.partner.name, OwedItem::list(one.owed))));
    let failed = indicators.iter().filter(|i| !i.received).count();
    if failed > 0 {
        said.push(format!(
            "{failed} of {}{of_all} not received.",
            counted(indicators.len(), "public indicator", "public indicators")
        ));
    }
    let stale = ambitions.iter().filter(|a| a.is_stale).count();
    if stale > 0 {
        said.push(format!("{} judged on a figure older than it should be.", counted(stale, "ambition", "ambitions")));
    }
    said
}

/// What is said where no ambition is one that the board is assured of.
pub fn without_assurance(ambitions: &[&AmbitionView]) -> String {
    let achieved = ambitions.iter().filter(|a| matches!(a.of, Status::Achieved | Status::AchievedLate)).count();
    if achieved == 0 {
        return "Nothing is achieved, or on track and confirmed by its trend or its limits.".to_owned();
    }
    let named = counted(achieved, "ambition is", "ambitions are");
    format!("{named} achieved, but on an old figure, not kept since, or with something that is now worse.")
}

/// How many changes were tested for the alert list, and how many of them chance alone would call.
pub fn tests(tests: ChangeTests, whole: &str) -> String {
    let limits = ("99.8%", "95%");
    tested(tests, whole, limits).map_or(String::new(), |made| {
        format!("{made} If nothing had changed, chance alone would call {} of them worse.", about(tests.by_chance()))
    })
}

/// The same of the list of all changes that are significant at 95%.
pub fn tests_at_95(tests: ChangeTests, whole: &str) -> String {
    tested(tests, whole, ("95%", "95%")).map_or(String::new(), |made| {
        format!(
            "{made} If nothing had changed, chance alone would call {} of them significant, half of them worse.",
            about(tests.by_chance_at_95())
        )
    })
}

fn about(by_chance: f64) -> String {
    if by_chance < 0.05 { "fewer than 0.1".to_owned() } else { format!("about {by_chance:.1}") }
}

/// How many tests of the figures of the whole were made against what, with which limits; none where none was.
fn tested(tests: ChangeTests, whole: &str, limits: (&str, &str)) -> Option<String> {
    let all = tests.since_previous + tests.since_baseline;
    (all > 0).then(|| {
        format!(
            "{} of a change in figures of {whole} as a whole {} made: {} against the period before, at {}, and {} against the baseline, at {}.",
            counted(all, "test", "tests"),
            if all == 1 { "was" } else { "were" },
            tests.since_previous,
            limits.0,
            tests.since_baseline,
            limits.1,
        )
    })
}
