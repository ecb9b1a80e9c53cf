//! Where a measure's yearly figures lead: the chance of meeting the target by its date, and what it would take.

use super::figures;
use crate::evaluate::Assessment;
use crate::framework::Measure;
use indicator_stats::Withheld;
use indicator_stats::projection::{Chance, Projection};
use jiff::civil::Date;

/// What may be said of the future; it decides no status.
#[derive(Debug, Clone, Default)]
pub struct Outlook {
    /// Drawn only where it is narrow enough and within what a figure can be.
    pub drawn: Option<(Date, Projection)>,
    /// The chance of meeting the target, in words; empty where none is given.
    pub chance: String,
    /// What it would take a year from here, in words; empty where the target is met or there is none.
    pub needed: String,
    /// True where the line arrives, with its limits, at what no figure can be.
    pub is_useless: bool,
    /// The change a year that the figures have had, in words.
    pub had: String,
    /// The chance itself, or why none is given.
    pub prospect: Prospect,
    due: Option<Date>,
}

/// The chance of meeting a target, or why none is given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Prospect {
    Chance(Chance),
    Without(WithoutChance),
}

/// Why no chance is given, in the order in which the reasons are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WithoutChance {
    NoTarget,
    Passed,
    NotANumber,
    NoDirection,
    TooFew,
    TooFarAhead,
    Useless,
    NoLine,
    NoFigure,
}

impl Default for Prospect {
    fn default() -> Self {
        Prospect::Without(WithoutChance::NoTarget)
    }
}

impl Outlook {
    /// Only where the date is still to come on `today`.
    pub fn of(measure: &Measure, head: &Assessment, today: Date) -> Self {
        let due = head.target.as_ref().map(|target| target.due).filter(|due| *due > today);
        let without = |why: WithoutChance| Self { prospect: Prospect::Without(why), ..Self::default() };
        let (projection, due) = match (head.projection(measure), due) {
            (Ok(projection), Some(due)) => (projection, due),
            (found, _) => return without(why_none(head, today, found.err())),
        };
        let (least, most) = measure.range();
        let is_useless =
            least.is_some_and(|least| projection.limits.lower < least) || most.is_some_and(|most| projection.limits.upper > most);
        let yearly = |change: f64| {
            let way = if change > 0.0 { "more" } else { "less" };
            format!("{} {way} each year", figures::difference(measure, change.abs()))
        };
        let needed = projection.yearly_change_needed.map_or(String::new(), yearly);
        let chance = projection.chance.filter(|_| !is_useless);
        let why = match (is_useless, head.target.as_ref().and_then(|target| target.value)) {
            (true, _) => WithoutChance::Useless,
            (false, None) => WithoutChance::NotANumber,
            (false, Some(_)) => WithoutChance::NoDirection,
        };
        Self {
            drawn: Some((due, projection)).filter(|(_, projection)| projection.shown && !is_useless),
            chance: chance.map_or(String::new(), Chance::words),
            needed,
            is_useless,
            had: yearly(projection.yearly_change),
            prospect: chance.map_or(Prospect::Without(why), Prospect::Chance),
            due: Some(due),
        }
    }

    /// One or two sentences; none without a projection.
    pub fn sentences(&self) -> Vec<String> {
        let Some(due) = self.due.map(figures::date) else { return Vec::new() };
        let mut said = Vec::new();
        if self.is_useless {
            said.push("There is no useful projection: its limits go beyond what a figure can be.".to_owned());
        } else if !self.chance.is_empty() {
            said.push(format!("By its yearly figures the chance of meeting the target by {due} is {}.", self.chance));
        }
        if !self.needed.is_empty() {
            said.push(format!("To meet it by then takes {}.", self.needed));
        }
        said
    }
}

/// Why there is no projection, the plainest reason first.
fn why_none(head: &Assessment, today: Date, withheld: Option<Withheld>) -> WithoutChance {
    let Some(latest) = &head.latest else { return WithoutChance::NoFigure };
    let Some(target) = &head.target else { return WithoutChance::NoTarget };
    match withheld {
        _ if latest.value.number().is_none() => WithoutChance::NoFigure,
        _ if target.due <= today => WithoutChance::Passed,
        _ if target.value.is_none() => WithoutChance::NotANumber,
        Some(Withheld::TooFewValues(_)) => WithoutChance::TooFew,
        Some(Withheld::TooFarAhead) => WithoutChance::TooFarAhead,
        _ => WithoutChance::NoLine,
    }
}

impl WithoutChance {
    /// As the heading of those that have none for it.
    pub fn in_words(self) -> &'static str {
        match self {
            WithoutChance::NoTarget => "No target that a figure can be set against",
            WithoutChance::Passed => "The date of the target has passed",
            WithoutChance::NoFigure => "No figure",
            WithoutChance::NotANumber => "The target is not given as a number",
            WithoutChance::NoDirection => "Neither direction is good in itself",
            WithoutChance::TooFew => "Too few figures: fewer than five years that share no day",
            WithoutChance::TooFarAhead => "The date is further ahead than the figures reach back",
            WithoutChance::Useless => "No useful projection: its limits go beyond what a figure can be",
            WithoutChance::NoLine => "No line can be put through the figures that there are",
        }
    }
}
