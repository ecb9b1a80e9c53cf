//! The outcomes framework as data: what is aimed for, how it is measured, and what it is judged by.
//!
//! Everything here is read from files that an analyst edits (see `config/frameworks/`); the code knows
//! *kinds* of target and source, never a particular ambition.

mod action;
mod ambition;
mod check;
mod check_made_from;
mod check_measure;
mod check_partners;
mod check_roles;
mod check_sense;
mod check_target;
mod check_time;
mod comment;
mod diff;
mod edition;
mod findings;
mod ids;
mod in_force;
mod in_time;
mod indicator_series;
mod lead;
mod load;
mod made_from;
mod measure;
mod outline;
mod partner;
mod target;
mod target_questions;
mod voice;
mod words;

pub use action::{Action, ActionStep};
pub use ambition::{Ambition, AreaTarget, Aspiration, Combine, EarlierTarget, InterimTarget, Role};
pub use comment::Comment;
pub use diff::{Differences, EditionChange, How, What, diff};
pub use edition::{Aim, Chapter, Edition, EditionStanding, EditionState, Priority, StatusRules, TextPlace};
pub use ids::{ActionId, MeasureId};
pub(crate) use in_force::edition_to_check;
pub use in_force::{Choice, EditionReason, choose, edition_at};
pub use in_time::{areas_with_successions, partners_on};
pub use indicator_series::IndicatorSeries;
pub use lead::AmbitionLead;
pub(crate) use load::{EditionContents, NEIGHBOURS, descriptions_beside, read, why_not_here};
pub use load::{
    edition_before, editions, editions_beside, editions_here, load, load_on, load_partners, load_with_notes, read_areas,
};
pub use made_from::{GroupValues, Index, MadeFrom, RatioResult, ReferenceCounts};
pub use measure::{
    Aggregate, Disclosure, Doubtful, FIGURE_IN_PLAIN_WORDS, Measure, MeasureBreakdown, MeasureSource, PartInTime, PartsAre,
    PlainWords, Redefinition, Retirement, Statistic, StepChange, Uncertainty,
};
pub use outline::{ActionOutline, AimOutline, AmbitionOutline, MeasureOutline, Outline, PriorityOutline};
pub use partner::{DataStatus, Partner};
pub use target::{Baseline, ChangeType, Target, TargetKind, YearTarget};
pub use target_questions::SetAgainst;
pub use voice::{Consent, Quotation, Voice, VoiceChange, VoiceSource, VoiceSourceKind, VoiceTheme, Voices};

use crate::area::Areas;
use jiff::civil::Date;

/// One edition of a strategy, whole.
#[derive(Debug, Clone)]
pub struct Framework {
    pub edition: Edition,
    pub aims: Vec<Aim>,
    pub priorities: Vec<Priority>,
    pub ambitions: Vec<Ambition>,
    /// Every measure that some ambition names, in the order of the ambitions, each followed by the scenario that its
    /// target is set against.
    pub measures: Vec<Measure>,
    pub actions: Vec<Action>,
}

impl Framework {
    pub fn measure(&self, id: &MeasureId) -> Option<&Measure> {
        self.measures.iter().find(|m| m.id == *id)
    }

    /// Who publishes its packs.
    pub fn publisher<'a>(&'a self, areas: &'a Areas) -> &'a str {
        if self.edition.publisher.is_empty() { areas.name(&self.edition.system) } else { &self.edition.publisher }
    }

    pub fn priorities_of<'a>(&'a self, aim: &'a str) -> impl Iterator<Item = &'a Priority> {
        self.priorities.iter().filter(move |p| p.aim == aim)
    }

    /// The ambitions of a priority; the overarching ones for `None`.
    pub fn ambitions_of<'a>(&'a self, priority: Option<&'a str>) -> impl Iterator<Item = &'a Ambition> {
        self.ambitions.iter().filter(move |a| a.priority.as_deref() == priority)
    }

    pub fn actions_of<'a>(&'a self, priority: &'a str) -> impl Iterator<Item = &'a Action> {
        self.actions.iter().filter(move |action| action.is_under(priority))
    }

    /// True where a measure is what some target is set against: a projection, which may run ahead of the calendar.
    pub fn is_scenario(&self, id: &MeasureId) -> bool {
        self.aspirations().any(|(_, aspiration)| aspiration.target.scenario() == Some(id))
    }

    /// Every measure with its ambition and its target, in the order of the edition.
    pub fn aspirations(&self) -> impl Iterator<Item = (&Ambition, &Aspiration)> {
        self.ambitions.iter().flat_map(|ambition| ambition.measures.iter().map(move |a| (ambition, a)))
    }

    /// The ambitions on which a partner may comment in its return: those with a measure that it returns, and those that it is
    /// asked about beside them.
    pub fn ambitions_asked_of<'a>(&'a self, partner: &'a Partner) -> impl Iterator<Item = &'a Ambition> {
        let returns = |id: &MeasureId| self.measure(id).is_some_and(|measure| measure.is_asked_of(partner));
        let is_asked = move |ambition: &&Ambition| {
            partner.comments.contains(&ambition.id) || ambition.measures.iter().any(|aspiration| returns(&aspiration.id))
        };
        self.ambitions.iter().filter(move |ambition| partner.asked && is_asked(ambition))
    }

    /// When an aspiration is due: its own date, or the edition's.
    pub fn due(&self, aspiration: &Aspiration) -> Date {
        aspiration.target.due().unwrap_or(self.edition.default_due)
    }
}
