//! What is measured, apart from any target: what a measure's figures are, where they come from and what they can be.

use super::{MadeFrom, MeasureId, Partner};
use crate::age::AgeBand;
use crate::area::AreaCode;
use crate::period::{Period, YearKind, lies_within};
use crate::value::{Polarity, Sex, Unit};
use jiff::civil::Date;
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

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
    /// Set where the denominator is an average, as of the staff in post over a year: it need not be a whole number.
    #[serde(default)]
    pub denominator_is_average: bool,
    /// A value is `multiplier × numerator ÷ denominator`.
    #[serde(default = "one")]
    pub multiplier: f64,
    /// What its figures count in.
    pub unit: Unit,
    /// Decimal places that its figures are printed with. Where it is left out, its unit's: none for a count, pounds and tonnes,
    /// two for a ratio, one for any other.
    #[serde(default = "one_place")]
    #[schemars(transform = without_default)]
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
    pub source: MeasureSource,
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
    /// Days on which a control chart's mean and limits start again.
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
    /// What the public reads of it. Left out: it is not in the public summary.
    #[serde(default)]
    pub plain: Option<PlainWords>,
}

/// A measure in plain words, for a reading age of 12.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlainWords {
    /// One to three words: `Breastfeeding`.
    pub name: String,
    /// A sentence with its latest figure where `{figure}` stands: `Of 100 babies, {figure} are breastfed at 6 to 8 weeks.` A share
    /// is put in as how many of 100, any other figure with its unit, and areas by their names.
    pub figure: String,
}

/// Where the latest figure stands in [`PlainWords::figure`].
pub const FIGURE_IN_PLAIN_WORDS: &str = "{figure}";

/// One of the parts of a measure, with the days between which it is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartInTime {
    pub area: AreaCode,
    pub from: Option<Date>,
    pub until: Option<Date>,
}

impl PartInTime {
    /// Whether it is a part on `date`.
    pub fn is_on(&self, date: Date) -> bool {
        lies_within(date, self.from, self.until)
    }
}

impl Measure {
    /// The age bands in which its counts are asked or published; none for most.
    pub fn age_bands(&self) -> Vec<AgeBand> {
        self.made_from.as_ref().map_or_else(Vec::new, MadeFrom::age_bands)
    }

    /// Whether its figure is a mean that is given with its standard deviation.
    pub fn is_mean(&self) -> bool {
        matches!(self.made_from, Some(MadeFrom::Mean))
    }

    /// The breakdown whose groups make its figure, where it is a slope index.
    pub fn slope_by(&self) -> Option<&str> {
        match &self.made_from {
            Some(MadeFrom::SlopeIndex { by, .. }) => Some(by),
            _ => None,
        }
    }
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
    /// The first day on which nobody has to return it.
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

impl Statistic {
    /// A number of events or a quantity: that of the whole is the sum of its parts.
    pub fn is_number(self) -> bool {
        match self {
            Statistic::Count | Statistic::Quantity => true,
            Statistic::Proportion | Statistic::CrudeRate | Statistic::StandardisedRate | Statistic::Estimate => false,
        }
    }
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
pub enum MeasureSource {
    /// An indicator of a configured public source.
    Indicator {
        /// The name of the source in the settings: `fingertips`.
        source: String,
        /// The source's own id of the indicator; where its table holds one only, the name that packs print.
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
        breakdowns: Vec<MeasureBreakdown>,
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
pub struct MeasureBreakdown {
    /// What it is split by: `Deprivation quintiles`.
    pub by: String,
    /// The groups in the order in which they are asked for: `1 - most deprived`.
    pub groups: Vec<String>,
}

/// What stands in for a key that is left out hangs on another one.
fn without_default(schema: &mut Schema) {
    schema.remove("default");
}

fn one_year() -> i32 {
    1
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

    /// Decimal places that a figure is written with: the measure's own, and of a rate that is rounded to two significant figures,
    /// to protect people, no more than those leave.
    pub fn places(&self, value: f64) -> u8 {
        let may_be_rounded = self.disclosure == Disclosure::HospitalEpisodes && self.statistic == Statistic::StandardisedRate;
        let two_figures = format!("{value:.1e}");
        let (is_rounded, size) = (two_figures.parse() == Ok(value), two_figures.split_once('e').map(|(_, size)| size));
        match size.and_then(|size| size.parse::<i8>().ok()).filter(|_| may_be_rounded && is_rounded && value != 0.0) {
            Some(size) => self.decimals.min(u8::try_from(1 - i16::from(size)).unwrap_or(0)),
            None => self.decimals,
        }
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

    /// True where each event, person or thing is counted as one, so that its counts are whole numbers. Working days and
    /// kilowatt hours are not (`uncertainty = "none"`), nor pounds and tonnes, nor what is counted in a unit of one's own that has
    /// decimals.
    pub fn counts_ones(&self) -> bool {
        match self.statistic {
            Statistic::Count => match self.unit {
                Unit::Count => true,
                Unit::Pounds | Unit::TonnesCo2e => false,
                _ => self.decimals == 0,
            },
            Statistic::Proportion | Statistic::CrudeRate => {
                matches!(self.uncertainty(), Uncertainty::Binomial | Uncertainty::Poisson)
            }
            Statistic::StandardisedRate | Statistic::Estimate | Statistic::Quantity => false,
        }
    }

    /// The same of its denominator. That of a rate may be a time, and that of a count need not make anything.
    pub fn denominator_counts_ones(&self) -> bool {
        let is_of_people =
            self.statistic == Statistic::Proportion && self.counts_ones() || self.made_from == Some(MadeFrom::Mean);
        is_of_people && !self.denominator_is_average
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
        let MeasureSource::Return { areas: others, .. } = &self.source else { return Vec::new() };
        let was_part = |own: &AreaCode| self.parts_in_time.iter().any(|part| part.area == *own);
        let is_part = |own: &&AreaCode| self.parts.contains(own) || others.contains(own) || was_part(own);
        // Of one with several areas those count that make up the measure, and a partner's own figure has a use only as one
        // of the parts where others are asked for too.
        let only_parts = !others.is_empty() || partner.areas.len() > 1 && partner.areas.iter().any(|own| is_part(&own));
        let own = partner.areas.iter().filter(|own| !only_parts || is_part(own));
        own.chain(others.iter().filter(|area| !partner.areas.contains(area))).collect()
    }

    /// Whether the figure of the whole is made from the counts that are given for `area` and the other parts: nobody is asked for
    /// that figure, and it is a share or a rate.
    pub fn is_pooled_with(&self, area: &AreaCode) -> bool {
        let is_made_from_counts = matches!(self.statistic, Statistic::Proportion | Statistic::CrudeRate);
        let is_asked_of_parts = matches!(&self.source, MeasureSource::Return { areas, .. } if areas.is_empty());
        is_made_from_counts && is_asked_of_parts && self.parts.len() > 1 && self.parts.contains(area)
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
            MeasureSource::Sum { of } => of,
            MeasureSource::Indicator { .. } | MeasureSource::Return { .. } | MeasureSource::None => &[],
        }
    }

    /// How the measure is split where partners return it.
    pub fn breakdowns(&self) -> &[MeasureBreakdown] {
        match &self.source {
            MeasureSource::Return { breakdowns, .. } => breakdowns,
            MeasureSource::Indicator { .. } | MeasureSource::Sum { .. } | MeasureSource::None => &[],
        }
    }

    /// A period label of the framework as it is printed in a sentence; as it stands where it is none.
    pub fn period_in_words(&self, label: &str) -> String {
        self.period(label).map_or_else(|_| label.to_owned(), Period::in_words)
    }

    /// The same in short, where words such as "from" go before it.
    pub fn period_in_short(&self, label: &str) -> String {
        self.period(label).map_or_else(|_| label.to_owned(), Period::in_short)
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
