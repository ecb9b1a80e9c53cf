//! The outcomes framework as data: what is aimed for, how it is measured, and what it is judged by.
//!
//! Everything here is read from files that an analyst edits (see `config/frameworks/`); the code knows
//! *kinds* of target and source, never a particular ambition.

mod check;
mod check_target;
mod diff;
mod load;
mod outline;
mod read;
mod target;
mod words;

pub use diff::{Change, Differences, How, What, diff};
pub use load::{edition_at, edition_before, editions, editions_beside, load, load_partners, load_with_notes, read_areas};
pub use outline::{ActionOutline, AimOutline, AmbitionOutline, MeasureOutline, Outline, PriorityOutline};
pub use target::{Baseline, Target, YearTarget};

use crate::area::AreaCode;
use crate::period::{Period, YearKind};
use crate::value::{Polarity, Sex, Unit};
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// The id of one measure, the same in every edition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MeasureId(pub String);

impl fmt::Display for MeasureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id of one key action, the same in every edition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActionId(pub String);

impl fmt::Display for ActionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

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

/// What the edition says of itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// Short, as it is named on the command line: `2024`.
    pub id: String,
    pub title: String,
    /// The area that the strategy is for.
    pub system: AreaCode,
    /// The area that figures are compared with.
    pub comparator: AreaCode,
    /// From when its targets hold.
    pub effective_from: Date,
    /// When an ambition is due that states no date.
    pub default_due: Date,
    pub vision: String,
    #[serde(default)]
    pub principles: Vec<String>,
    /// Whether the partnership has agreed the rules by which statuses are given.
    pub status_rules: StatusRules,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusRules {
    Proposed,
    Agreed,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aim {
    pub id: String,
    pub title: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Priority {
    pub id: String,
    /// The id of its aim.
    pub aim: String,
    pub title: String,
    /// A few words for tables and page headings.
    pub short: String,
}

/// A bullet of the strategy, or a part of one with a target of its own.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ambition {
    pub id: String,
    /// The id of its priority; none for an overarching ambition.
    pub priority: Option<String>,
    pub statement: String,
    /// What it is judged by, one or more.
    #[serde(rename = "measure")]
    pub measures: Vec<Aspiration>,
    #[serde(default)]
    pub notes: String,
}

/// A measure with the target that this edition sets it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aspiration {
    pub id: MeasureId,
    pub target: Target,
    /// An ambiguity of the text, and the reading chosen.
    #[serde(default)]
    pub notes: String,
}

/// What is measured, apart from any target.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    pub id: MeasureId,
    pub title: String,
    /// In plain words, for the definitions annex.
    pub definition: String,
    #[serde(default)]
    pub numerator: String,
    #[serde(default)]
    pub denominator: String,
    /// A value is `multiplier × numerator ÷ denominator`.
    #[serde(default = "one")]
    pub multiplier: f64,
    pub unit: Unit,
    #[serde(default = "one_place")]
    pub decimals: u8,
    pub statistic: Statistic,
    pub polarity: Polarity,
    /// The kind of year that a split label means for it.
    pub year: YearKind,
    /// Months from one figure to the next.
    pub cadence_months: i32,
    /// Months from the end of a period to its publication.
    pub publication_lag_months: i32,
    #[serde(default)]
    pub disclosure: Disclosure,
    pub source: Source,
    /// The areas or organisations whose whole is the system: judged one by one where the system has no figure.
    #[serde(default)]
    pub parts: Vec<AreaCode>,
    /// Set where the measure stands in for the one that the ambition names; says how they differ.
    #[serde(default)]
    pub proxy: String,
    #[serde(default)]
    pub notes: String,
}

/// A text, or a list of texts.
fn one_or_more<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMore {
        One(String),
        More(Vec<String>),
    }
    Ok(match OneOrMore::deserialize(deserializer)? {
        OneOrMore::One(text) => vec![text],
        OneOrMore::More(texts) => texts,
    })
}

fn one() -> f64 {
    1.0
}

fn one_place() -> u8 {
    1
}

/// What kind of figure a measure is, which decides how limits are made and what may be summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Statistic {
    /// A share of people or things: Wilson limits, recomputed from summed counts.
    Proportion,
    /// Events over a population: Byar limits, recomputed from summed counts.
    CrudeRate,
    /// Age-standardised: never summed or averaged.
    StandardisedRate,
    /// Life expectancies, indices, scores: never summed or averaged.
    Estimate,
    /// A number of events: Byar limits, summed.
    Count,
    /// A quantity without sampling error, such as tonnes: summed.
    Quantity,
}

/// How small numbers are protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Disclosure {
    /// Not about persons, or published by its source already protected.
    #[default]
    None,
    /// Counts of 1 to 4 are suppressed.
    Standard,
    /// Counts of 1 to 7 are suppressed, others rounded to 5.
    HospitalEpisodes,
}

/// Where a measure's figures come from.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Source {
    /// An indicator of a configured public source.
    Indicator {
        /// The name of the source in the settings: `fingertips`.
        source: String,
        /// The source's own id of the indicator.
        indicator: String,
        /// The name by which the source publishes it: another one is a question; any where empty.
        #[serde(default)]
        name: String,
        #[serde(default)]
        sex: Sex,
        /// The source's own age label; any where empty.
        #[serde(default)]
        age: String,
        /// Length of a period: tells a one-year series from a three-year one under the same id.
        #[serde(default = "one_year")]
        years: i32,
        /// The source's ids of the area types to ask for.
        #[serde(default)]
        area_types: Vec<u32>,
        /// How figures of shorter periods become the measure's, where the source gives such.
        #[serde(default)]
        aggregate: Option<Aggregate>,
    },
    /// Partners return it.
    Return {
        /// The kinds of partner that are asked.
        partners: Vec<String>,
        /// Areas that they may give a figure for beside their own: the whole system, or the one compared with.
        #[serde(default)]
        areas: Vec<AreaCode>,
        /// Groups for which the figure is asked beside that for all.
        #[serde(default)]
        breakdowns: Vec<Breakdown>,
        /// The first period that is asked for, which says how long each is and where in the year it lies; the others
        /// follow it by the cadence. Without it a period is as long as the cadence, and a year at most.
        #[serde(default)]
        first: Option<String>,
    },
    /// Nobody publishes or returns it yet.
    None,
}

/// How figures of shorter periods become one of the measure's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aggregate {
    /// Added up, only where the whole period is there.
    Sum,
}

/// Ways in which a figure is split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Breakdown {
    /// What it is split by: `Deprivation quintiles`.
    pub by: String,
    /// The groups in the order in which they are asked for: `1 - most deprived`.
    pub groups: Vec<String>,
}

fn one_year() -> i32 {
    1
}

/// A key action of the strategy.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    pub id: ActionId,
    pub priority: String,
    pub statement: String,
    /// The last day by which it is to be done; most have none.
    pub due: Option<Date>,
    /// Its parts in the order of their days, where the text gives it more than one; the last is due with the whole.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// The id of the partner who leads it.
    pub lead: String,
    /// How its completion is shown.
    #[serde(default)]
    pub evidence: String,
    #[serde(default)]
    pub notes: String,
}

/// A part of a key action with a day of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub statement: String,
    pub due: Date,
}

/// A body that returns figures and leads actions.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partner {
    pub id: String,
    pub name: String,
    /// `acute-trust`, `mental-health-trust`, `icb`, `council`, …: what measures ask for.
    pub kind: String,
    /// The area or organisation that its figures are about.
    pub area: AreaCode,
    /// The e-mail addresses of those who are asked for the return and told of it, at least one.
    #[serde(rename = "contact", deserialize_with = "one_or_more")]
    pub contacts: Vec<String>,
    /// The name of a file of `mappings/`, where the partner sends a layout of its own.
    #[serde(default)]
    pub mapping: Option<String>,
    /// Whether the figures of such workbooks are made up, which they don't say themselves; given beside every mapping.
    #[serde(default)]
    pub data_status: Option<DataStatus>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataStatus {
    Real,
    Illustrative,
}

impl Framework {
    pub fn measure(&self, id: &MeasureId) -> Option<&Measure> {
        self.measures.iter().find(|m| m.id == *id)
    }

    pub fn priorities_of<'a>(&'a self, aim: &'a str) -> impl Iterator<Item = &'a Priority> {
        self.priorities.iter().filter(move |p| p.aim == aim)
    }

    /// The ambitions of a priority; the overarching ones for `None`.
    pub fn ambitions_of<'a>(&'a self, priority: Option<&'a str>) -> impl Iterator<Item = &'a Ambition> {
        self.ambitions.iter().filter(move |a| a.priority.as_deref() == priority)
    }

    pub fn actions_of<'a>(&'a self, priority: &'a str) -> impl Iterator<Item = &'a Action> {
        self.actions.iter().filter(move |a| a.priority == priority)
    }

    /// True where a measure is what some target is set against: a projection, which may run ahead of the calendar.
    pub fn is_scenario(&self, id: &MeasureId) -> bool {
        self.aspirations().any(|(_, aspiration)| aspiration.target.scenario() == Some(id))
    }

    /// Every measure with its ambition and its target, in the order of the edition.
    pub fn aspirations(&self) -> impl Iterator<Item = (&Ambition, &Aspiration)> {
        self.ambitions.iter().flat_map(|ambition| ambition.measures.iter().map(move |a| (ambition, a)))
    }

    /// When an aspiration is due: its own date, or the edition's.
    pub fn due(&self, aspiration: &Aspiration) -> Date {
        aspiration.target.due().unwrap_or(self.edition.default_due)
    }
}

impl Measure {
    /// The least and the most that a figure can be, in the measure's unit, where there are such.
    pub fn range(&self) -> (Option<f64>, Option<f64>) {
        let estimate = matches!(self.statistic, Statistic::Estimate | Statistic::Quantity);
        match self.unit {
            // A gap or a change in percentage points may be below 0; a share may not.
            Unit::Percent if estimate => (Some(-100.0), Some(100.0)),
            Unit::Percent => (Some(0.0), Some(100.0)),
            Unit::Count | Unit::Per100k if !estimate => (Some(0.0), None),
            _ => (None, None),
        }
    }

    /// What was expected in place of a value that a figure cannot have; none where it can.
    pub fn expected_for(&self, value: f64) -> Option<&'static str> {
        let (least, most) = self.range();
        let is_outside = least.is_some_and(|least| value < least) || most.is_some_and(|most| value > most);
        is_outside.then_some(if self.unit == Unit::Percent { "a percentage from 0 to 100" } else { "0 or more" })
    }

    /// True where partners of this one's kind return the measure.
    pub fn is_asked_of(&self, partner: &Partner) -> bool {
        matches!(&self.source, Source::Return { partners, .. } if partners.contains(&partner.kind))
    }

    /// The areas for which a partner whose own is `own` may return the measure; none where partners are not asked.
    pub fn areas_returned<'a>(&'a self, own: &'a AreaCode) -> Vec<&'a AreaCode> {
        let Source::Return { areas: others, .. } = &self.source else { return Vec::new() };
        // Where others are asked for, a partner's own figure has a use only as one of the parts.
        let takes_own = others.is_empty() || self.parts.contains(own) || others.contains(own);
        takes_own.then_some(own).into_iter().chain(others.iter().filter(|area| *area != own)).collect()
    }

    /// How the measure is split where partners return it.
    pub fn breakdowns(&self) -> &[Breakdown] {
        match &self.source {
            Source::Return { breakdowns, .. } => breakdowns,
            Source::Indicator { .. } | Source::None => &[],
        }
    }

    /// Reads a period label by the measure's own kind of year.
    ///
    /// # Errors
    /// See [`Period::parse`].
    pub fn period(&self, label: &str) -> Result<Period, crate::period::PeriodError> {
        Period::parse(label, self.year)
    }
}
