//! The outcomes framework as data: what is aimed for, how it is measured, and what it is judged by.
//!
//! Everything here is read from files that an analyst edits (see `config/frameworks/`); the code knows
//! *kinds* of target and source, never a particular ambition.

mod check;
mod check_made_from;
mod check_measure;
mod check_partners;
mod check_roles;
mod check_sense;
mod check_target;
mod check_time;
mod diff;
mod in_force;
mod in_time;
mod load;
mod made_from;
mod outline;
mod target;
mod words;

pub use diff::{Change, Differences, How, What, diff};
pub use in_force::{Choice, Why, choose, edition_at};
pub use in_time::{PartInTime, areas_with_successions, partners_on};
pub(crate) use load::{Contents, descriptions_beside, no_edition, read};
pub use load::{edition_before, editions, editions_beside, load, load_on, load_partners, load_with_notes, read_areas};
pub use made_from::{GroupValues, Index, MadeFrom, RatioResult, ReferenceCounts};
pub use outline::{ActionOutline, AimOutline, AmbitionOutline, MeasureOutline, Outline, PriorityOutline};
pub use target::{Baseline, ChangeType, Target, YearTarget};

use crate::area::{AreaCode, Areas};
use crate::period::{Period, YearKind};
use crate::value::{Polarity, Sex, Unit};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// The id of one measure, the same in every edition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct MeasureId(pub String);

impl fmt::Display for MeasureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id of one key action, the same in every edition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// Short, as it is named on the command line: `2024`.
    pub id: String,
    /// As it is printed: `Integrated care strategy 2026 to 2031`.
    pub title: String,
    /// Who publishes its packs, as it is printed on them; the name of `system` where it is left out.
    #[serde(default)]
    pub publisher: String,
    /// The area that the strategy is for.
    pub system: AreaCode,
    /// The area that figures are compared with.
    pub comparator: AreaCode,
    /// The region whose figures are shown beside the system's, where one is named.
    #[serde(default)]
    pub region: Option<AreaCode>,
    /// Further areas whose figures are shown beside the comparator's and the region's. No rule uses them.
    #[serde(default)]
    pub beside: Vec<AreaCode>,
    /// The first day on which its targets hold.
    pub effective_from: Date,
    /// The last day on which they do; none while no later edition has taken its place.
    #[serde(default)]
    pub effective_until: Option<Date>,
    /// An unstated baseline is the last whole period that ends before this day; before `effective_from` where it is left out.
    #[serde(default)]
    pub baseline_before: Option<Date>,
    /// When an ambition is due that states no date.
    pub default_due: Date,
    /// Whether the text is a draft, agreed or superseded, by whom and when. One that says nothing is a draft.
    #[serde(default)]
    pub standing: Standing,
    /// What it is all for, in one sentence: it stands on the first page.
    pub vision: String,
    /// What it holds to throughout.
    #[serde(default)]
    pub principles: Vec<String>,
    /// What the text says beside its aims and ambitions, one entry a chapter: compared between editions as facts.
    #[serde(default, rename = "chapter")]
    pub chapters: Vec<Chapter>,
    /// Whether the partnership has agreed the rules by which statuses are given.
    pub status_rules: StatusRules,
}

/// How far the text of an edition is agreed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    pub state: EditionState,
    /// Who agreed or considered it: `the partnership`.
    #[serde(default)]
    pub by: String,
    /// When they did.
    #[serde(default)]
    pub on: Option<Date>,
    /// A sentence for readers: what it is, and what has taken its place.
    #[serde(default)]
    pub note: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EditionState {
    /// Not agreed yet.
    #[default]
    Draft,
    /// Agreed by the partnership.
    Agreed,
    /// A later text has taken its place.
    Superseded,
}

impl Edition {
    /// The day that an unstated baseline ends before.
    pub fn baseline_before(&self) -> Date {
        self.baseline_before.unwrap_or(self.effective_from)
    }
}

impl Standing {
    /// A warning of an edition that is a draft or has been superseded, which `what` is measured against; none for one that
    /// is agreed.
    pub fn warning(&self, what: &str) -> Option<String> {
        let problem = match self.state {
            EditionState::Agreed => return None,
            EditionState::Draft => "is a draft, not agreed",
            EditionState::Superseded => "has been superseded",
        };
        Some(format!("the text that {what} measures against {problem}"))
    }
}

impl EditionState {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            EditionState::Draft => "draft",
            EditionState::Agreed => "agreed",
            EditionState::Superseded => "superseded",
        }
    }
}

/// A part of the text that has no ambition or action of its own, such as its principles or how it is to be evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Chapter {
    /// The same in every edition.
    pub id: String,
    /// What it says, in short; wording is ours.
    pub says: String,
}

/// Where in the strategy's text something stands, and the owner's verbatim words once they are entered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TextPlace {
    /// The heading that it stands under.
    #[serde(default)]
    pub heading: String,
    /// Which bullet under that heading, counted from 1.
    #[serde(default)]
    pub bullet: Option<u32>,
    /// The page it stands on.
    #[serde(default)]
    pub page: Option<u32>,
    /// The text itself, where its owner has entered it; all other wording is ours.
    #[serde(default)]
    pub verbatim: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatusRules {
    /// Not agreed yet: every pack says so.
    Proposed,
    /// Agreed by the partnership.
    Agreed,
}

/// An aim of the strategy: priorities stand under it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Aim {
    /// Lower-case letters, digits and hyphens; the same in every edition.
    pub id: String,
    /// As it is printed.
    pub title: String,
    /// Who answers for it: an office or a person, as it is printed.
    #[serde(default)]
    pub owner: String,
}

/// A priority of the strategy: ambitions and key actions stand under it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Priority {
    /// Lower-case letters, digits and hyphens; the same in every edition.
    pub id: String,
    /// The id of its aim.
    pub aim: String,
    /// As it is printed.
    pub title: String,
    /// A few words for tables and page headings.
    pub short: String,
    /// Whom or what it means, where the text defines that.
    #[serde(default)]
    pub definition: String,
}

/// A bullet of the strategy: what the board counts. A part of a bullet with a number of its own stays inside it, as a
/// measure of it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ambition {
    /// Lower-case letters, digits and hyphens; the same in every edition.
    pub id: String,
    /// The id of its priority; none for an overarching ambition.
    pub priority: Option<String>,
    /// What is to be better and by how much, in a sentence of your own.
    pub statement: String,
    /// Where in the strategy's text it stands.
    #[serde(default)]
    pub text: TextPlace,
    /// How its leads make one status.
    #[serde(default)]
    pub combine: Combine,
    /// What it is judged by, one or more.
    #[serde(rename = "measure")]
    pub measures: Vec<Aspiration>,
    /// An ambiguity of the text, and the reading chosen.
    #[serde(default)]
    pub notes: String,
}

/// How the deciding measures of an ambition make one status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Combine {
    /// The worst status decides.
    #[default]
    Worst,
    /// By how many are met, for a list of equals.
    Tally,
}

/// The part that a measure has in its ambition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Decides the ambition's status.
    #[default]
    Lead,
    /// Decides only while no lead is judged.
    StandIn,
    /// Shown, and never decides.
    Supporting,
}

impl Role {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Role::Lead => "lead",
            Role::StandIn => "stand-in",
            Role::Supporting => "supporting",
        }
    }
}

/// A measure with the target that this edition sets it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Aspiration {
    /// The measure, by its id.
    pub id: MeasureId,
    /// Its part in the ambition.
    #[serde(default)]
    pub role: Role,
    /// The lead that a stand-in takes the place of while that one is not judged; none where it stands in for all leads.
    #[serde(default)]
    pub stands_in_for: Option<MeasureId>,
    /// What it is judged against.
    pub target: Target,
    /// The document that set the target, where it is not the strategy itself.
    #[serde(default)]
    pub document: String,
    /// Targets that held before this one, the oldest first.
    #[serde(default)]
    pub earlier: Vec<EarlierTarget>,
    /// Values to be reached on the way to a `level`, in the order of their dates.
    #[serde(default)]
    pub interim: Vec<InterimTarget>,
    /// Targets of single areas, which hold there instead of the system's.
    #[serde(default, rename = "area_target")]
    pub area_targets: Vec<AreaTarget>,
    /// Who answers for the measure: an office or a person, as it is printed.
    #[serde(default)]
    pub owner: String,
    /// An ambiguity of the text, and the reading chosen.
    #[serde(default)]
    pub notes: String,
}

/// A target that has ended: replaced or withdrawn by its document, never edited away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EarlierTarget {
    /// What it was judged against.
    pub target: Target,
    /// The last day on which it held.
    pub until: Date,
    /// The document that set it.
    pub document: String,
    /// What ended it.
    pub ended_by: String,
}

/// A value on the way to the target.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InterimTarget {
    /// In the measure's unit.
    pub value: f64,
    /// The last day to reach it.
    pub due: Date,
}

/// What one area aims at, where that is not what the system does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AreaTarget {
    /// The area.
    pub area: AreaCode,
    /// What it aims at.
    pub target: Target,
    /// The document that set it, where it is not the strategy itself.
    #[serde(default)]
    pub document: String,
    /// Targets of the area that held before this one, the oldest first.
    #[serde(default)]
    pub earlier: Vec<EarlierTarget>,
}

/// What is measured, apart from any target.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Lower-case letters, digits and hyphens; the same in every edition.
    pub id: MeasureId,
    /// As it is printed.
    pub title: String,
    /// In plain words, for the definitions annex.
    pub definition: String,
    /// What its numerator counts.
    #[serde(default)]
    pub numerator: String,
    /// What its denominator counts.
    #[serde(default)]
    pub denominator: String,
    /// A value is `multiplier × numerator ÷ denominator`.
    #[serde(default = "one")]
    pub multiplier: f64,
    /// What its figures count in.
    pub unit: Unit,
    /// Decimal places that its figures are printed with.
    #[serde(default = "one_place")]
    pub decimals: u8,
    /// What kind of figure it is.
    pub statistic: Statistic,
    /// What part chance has in its figures; by the statistic where it is left out.
    #[serde(default)]
    pub uncertainty: Option<Uncertainty>,
    /// Which way is good.
    pub polarity: Polarity,
    /// The kind of year that a split label means for it.
    pub year: YearKind,
    /// Months from one figure to the next.
    pub cadence_months: i32,
    /// Months from the end of a period to its publication.
    pub publication_lag_months: i32,
    /// How small numbers are protected.
    #[serde(default)]
    pub disclosure: Disclosure,
    /// Where its figures come from.
    pub source: Source,
    /// Set where the figure is made from counts by age band or from the figures of groups, and not given as it is.
    #[serde(default)]
    pub made_from: Option<MadeFrom>,
    /// The areas or organisations whose whole is the system.
    #[serde(default)]
    pub parts: Vec<AreaCode>,
    /// Whether `parts` are areas, judged one by one where the system has no figure, or organisations, whose counts are
    /// pooled and never stand for the system one by one.
    #[serde(default)]
    pub parts_are: PartsAre,
    /// The least share of the organisations' last known denominators that makes a pooled figure fit to judge, in percent.
    #[serde(default = "four_fifths")]
    pub coverage_percent: f64,
    /// Days on which a control chart's mean and limits start anew.
    #[serde(default, rename = "step_change")]
    pub step_changes: Vec<StepChange>,
    /// Periods from which its figures are made by another definition, so that they are not compared with those before.
    #[serde(default, rename = "redefined")]
    pub redefinitions: Vec<Redefinition>,
    /// Set where it is no longer collected.
    #[serde(default)]
    pub retired: Option<Retirement>,
    /// `parts` and what were parts before, each with its time; filled in for the day that the edition is read for.
    #[serde(skip)]
    pub parts_in_time: Vec<PartInTime>,
    /// Periods whose figure is known to be doubtful: shown, and left out of a control chart's mean and limits.
    #[serde(default)]
    pub doubtful: Vec<Doubtful>,
    /// Set where the measure stands in for the one that the ambition names; says how they differ.
    #[serde(default)]
    pub proxy: String,
    /// What a reader of its figures must know.
    #[serde(default)]
    pub notes: String,
}

/// A text, or a list of texts.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

fn one_or_more<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(match OneOrMore::deserialize(deserializer)? {
        OneOrMore::One(text) => vec![text],
        OneOrMore::More(texts) => texts,
    })
}

fn one_or_more_areas<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<AreaCode>, D::Error> {
    let codes = one_or_more(deserializer)?;
    codes.into_iter().map(|code| AreaCode::new(code).map_err(serde::de::Error::custom)).collect()
}

fn yes() -> bool {
    true
}

fn one() -> f64 {
    1.0
}

fn one_place() -> u8 {
    1
}

fn four_fifths() -> f64 {
    80.0
}

/// What part chance has in a measure's figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Uncertainty {
    /// A share of people or things that were counted.
    Binomial,
    /// Events over a population or in a time.
    Poisson,
    /// As the publisher's limits say.
    Published,
    /// All of a finite set is counted and chance has no part: no limits and no tests.
    None,
}

/// What the parts of a measure are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PartsAre {
    /// Areas, judged one by one where the system has no figure.
    #[default]
    Areas,
    /// Organisations, whose counts are pooled.
    Organisations,
}

/// A day from which a measure's figures are of another level for a known reason. Never found automatically.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepChange {
    /// The area or organisation; all of them where none is named.
    #[serde(default)]
    pub area: Option<AreaCode>,
    /// The first period of the new level, as the measure's source labels it.
    pub from: String,
    /// What changed.
    pub reason: String,
    /// Who decided it.
    pub decided_by: String,
}

/// A period from which figures are made by another definition: a break in the series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Redefinition {
    /// The first period by the new definition, as the measure's source labels it.
    pub from: String,
    /// What is counted otherwise.
    pub reason: String,
}

/// The end of a measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retirement {
    /// The first day on which nobody owes it.
    pub from: Date,
    /// Why it is no longer measured.
    pub reason: String,
    /// The measures that take its place; several where it was split.
    #[serde(default)]
    pub successors: Vec<MeasureId>,
}

/// A period whose figure is known to be doubtful.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Doubtful {
    /// The area or organisation; all of them where none is named.
    #[serde(default)]
    pub area: Option<AreaCode>,
    /// As the measure's source labels it.
    pub period: String,
    /// Why it is doubtful.
    pub reason: String,
}

/// What kind of figure a measure is, which decides how limits are made and what may be summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
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
        /// Whom the indicator is about.
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
    /// The sum of other measures of the same area and period, such as the cases of several organisms in one population.
    Sum {
        /// The measures that are added up, by their ids: of one unit, kind of year and cadence.
        of: Vec<MeasureId>,
    },
    /// Nobody publishes or returns it yet.
    None,
}

/// How figures of shorter periods become one of the measure's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Aggregate {
    /// Added up, only where the whole period is there.
    Sum,
}

/// Ways in which a figure is split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Lower-case letters, digits and hyphens; the same in every edition.
    pub id: ActionId,
    /// The id of its priority.
    pub priority: String,
    /// Other priorities under which it is shown too. It is counted once.
    #[serde(default)]
    pub also_under: Vec<String>,
    /// What is to be done, in a sentence of your own.
    pub statement: String,
    /// Where in the strategy's text it stands.
    #[serde(default)]
    pub text: TextPlace,
    /// The last day by which it is to be done; most have none.
    pub due: Option<Date>,
    /// The date that an earlier edition gave it, where this one moved it.
    #[serde(default)]
    pub first_due: Option<Date>,
    /// Its parts in order, where the text gives it more than one; each is judged by its own date.
    #[serde(default)]
    pub steps: Vec<ActionStep>,
    /// The id of the partner who leads it.
    pub lead: String,
    /// The ids of partners who lead it with that one: each is asked about it.
    #[serde(default)]
    pub co_leads: Vec<String>,
    /// How its completion is shown.
    #[serde(default)]
    pub evidence: String,
    /// True where the text names no lead or evidence, and `lead` and `evidence` are our proposal.
    #[serde(default)]
    pub proposed: bool,
    /// True where the edition's own text says that it is complete.
    #[serde(default)]
    pub reported_complete: bool,
    /// An ambiguity of the text, and the reading chosen.
    #[serde(default)]
    pub notes: String,
}

/// A part of a key action, most with a day of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionStep {
    /// What is to be done.
    pub statement: String,
    /// The day by which it is to be done; some have none.
    #[serde(default)]
    pub due: Option<Date>,
    /// The date that an earlier edition gave it, where this one moved it.
    #[serde(default)]
    pub first_due: Option<Date>,
    /// True where the edition's own text says that it is complete.
    #[serde(default)]
    pub reported_complete: bool,
}

/// A body that returns figures and leads actions.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Partner {
    /// Lower-case letters, digits and hyphens: what file names and commands call it.
    pub id: String,
    /// As it is printed.
    pub name: String,
    /// Words of your own: `acute-trust`, `mental-health-trust`, `icb`, `council`, …: what measures ask for. At least one.
    #[serde(rename = "kind", deserialize_with = "one_or_more")]
    #[schemars(with = "OneOrMore")]
    pub kinds: Vec<String>,
    /// The areas or organisations that its figures are about, at least one.
    #[serde(rename = "area", deserialize_with = "one_or_more_areas")]
    #[schemars(with = "OneOrMore")]
    pub areas: Vec<AreaCode>,
    /// The first day on which it is a partner; always before where it is left out.
    #[serde(default)]
    pub from: Option<Date>,
    /// The last day on which it is one.
    #[serde(default)]
    pub until: Option<Date>,
    /// The id of the partner that it became or was merged into.
    #[serde(default)]
    pub replaced_by: Option<String>,
    /// The ids of partners whose figures and reports go on as its own past.
    #[serde(default)]
    pub continues: Vec<String>,
    /// False for one that the strategy names and nobody asks yet: no workbook, nothing missing, no part of any measure.
    #[serde(default = "yes")]
    pub asked: bool,
    /// The e-mail addresses of those who are asked for the return and told of it, at least one.
    #[serde(rename = "contact", deserialize_with = "one_or_more")]
    #[schemars(with = "OneOrMore")]
    pub contacts: Vec<String>,
    /// The name of a file of `mappings/`, where the partner sends a layout of its own.
    #[serde(default)]
    pub mapping: Option<String>,
    /// Whether the figures of such workbooks are made up, which they don't say themselves; given beside every mapping.
    #[serde(default)]
    pub data_status: Option<DataStatus>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DataStatus {
    /// Figures that were counted.
    Real,
    /// Made-up figures: marked wherever they are shown.
    Illustrative,
}

impl ActionStep {
    /// With its number, counted from 1: `1. A first draft`.
    pub fn named(&self, number: usize) -> String {
        format!("{number}. {}", self.statement.trim())
    }
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

    /// When an aspiration is due: its own date, or the edition's.
    pub fn due(&self, aspiration: &Aspiration) -> Date {
        aspiration.target.due().unwrap_or(self.edition.default_due)
    }
}

impl Action {
    /// Whether it is shown under this priority.
    pub fn is_under(&self, priority: &str) -> bool {
        self.priority == priority || self.also_under.iter().any(|other| other == priority)
    }

    /// The ids of all who lead it, the first of them first.
    pub fn leads(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.lead).chain(&self.co_leads).map(String::as_str)
    }

    /// Whether the partner is to report on it: it leads it, alone or with others, and is asked at all.
    pub fn is_asked_of(&self, partner: &Partner) -> bool {
        partner.asked && self.leads().any(|lead| lead == partner.id)
    }
}

impl Measure {
    /// What part chance has in its figures.
    pub fn uncertainty(&self) -> Uncertainty {
        self.uncertainty.unwrap_or(match self.statistic {
            Statistic::Proportion => Uncertainty::Binomial,
            Statistic::CrudeRate | Statistic::Count => Uncertainty::Poisson,
            Statistic::StandardisedRate | Statistic::Estimate => Uncertainty::Published,
            Statistic::Quantity => Uncertainty::None,
        })
    }

    /// The least and the most that a figure can be, in the measure's unit, where there are such.
    pub fn range(&self) -> (Option<f64>, Option<f64>) {
        let estimate = matches!(self.statistic, Statistic::Estimate | Statistic::Quantity);
        match self.unit {
            // A gap or a change in percentage points may be below 0; a share may not.
            Unit::Percent if estimate => (Some(-100.0), Some(100.0)),
            Unit::Percent => (Some(0.0), Some(100.0)),
            // Money may be lost, and a score is its publisher's affair.
            Unit::Pounds | Unit::Score | Unit::Years | Unit::TonnesCo2e => (None, None),
            Unit::Count | Unit::Per1000 | Unit::Per100k | Unit::Days | Unit::Ratio | Unit::Own(_) if !estimate => {
                (Some(0.0), None)
            }
            _ => (None, None),
        }
    }

    /// What was expected in place of a value that a figure cannot have; none where it can.
    pub fn expected_for(&self, value: f64) -> Option<&'static str> {
        let (least, most) = self.range();
        let is_outside = least.is_some_and(|least| value < least) || most.is_some_and(|most| value > most);
        is_outside.then_some(if self.unit == Unit::Percent { "a percentage from 0 to 100" } else { "0 or more" })
    }

    /// True where the partner returns the measure: it is asked at all, and is of a kind that is asked for this one.
    pub fn is_asked_of(&self, partner: &Partner) -> bool {
        partner.asked && self.retired.is_none() && self.is_of_kind(partner)
    }

    /// The areas for which a partner may return the measure; none where partners are not asked.
    pub fn areas_returned<'a>(&'a self, partner: &'a Partner) -> Vec<&'a AreaCode> {
        let Source::Return { areas: others, .. } = &self.source else { return Vec::new() };
        let was_part = |own: &AreaCode| self.parts_in_time.iter().any(|part| part.area == *own);
        let is_part = |own: &&AreaCode| self.parts.contains(own) || others.contains(own) || was_part(own);
        // Of one with several areas those count that make up the measure, and a partner's own figure has a use only as one
        // of the parts where others are asked for too.
        let only_parts = !others.is_empty() || partner.areas.len() > 1 && partner.areas.iter().any(|own| is_part(&own));
        let own = partner.areas.iter().filter(|own| !only_parts || is_part(own));
        own.chain(others.iter().filter(|area| !partner.areas.contains(area))).collect()
    }

    /// What its denominator counts, as it reads inside a sentence.
    pub fn denominator_in_words(&self) -> String {
        let mut letters = self.denominator.chars();
        match letters.next() {
            Some(first) => first.to_lowercase().chain(letters).collect(),
            None => "the whole".to_owned(),
        }
    }

    /// The measures that it is the sum of; none for most.
    pub fn summed(&self) -> &[MeasureId] {
        match &self.source {
            Source::Sum { of } => of,
            Source::Indicator { .. } | Source::Return { .. } | Source::None => &[],
        }
    }

    /// How the measure is split where partners return it.
    pub fn breakdowns(&self) -> &[Breakdown] {
        match &self.source {
            Source::Return { breakdowns, .. } => breakdowns,
            Source::Indicator { .. } | Source::Sum { .. } | Source::None => &[],
        }
    }

    /// Reads a period label by the measure's own kind of year and how often its figures come.
    ///
    /// # Errors
    /// See [`Period::parse`].
    pub fn period(&self, label: &str) -> Result<Period, crate::period::PeriodError> {
        if self.cadence_months == 1
            && let Ok(month) = Period::parse_iso_month(label)
        {
            return Ok(month);
        }
        Ok(Period::parse(label, self.year)?.counted_in(self.cadence_months, self.year))
    }
}
