//! What must hold of a target: that it can be reached, dated and judged by its measure's figures.

use super::check_sense;
use super::findings::Findings;
use super::{Baseline, EarlierTarget, Edition, Measure, MeasureSource, Target};
use crate::period::Period;
use crate::value::{Polarity, Unit};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// A target with what it belongs to.
pub(super) struct TargetCheck<'a> {
    pub place: &'a str,
    pub measure: &'a Measure,
    pub edition: &'a Edition,
    pub target: &'a Target,
}

/// Targets that have ended: each could have been met, says what set and what ended it, and ended after the one before.
pub(super) fn earlier(place: &str, measure: &Measure, edition: &Edition, targets: &[EarlierTarget], findings: &mut Findings) {
    let mut before: Option<Date> = None;
    for (i, ended) in (1..).zip(targets) {
        let place = format!("{place}, earlier {i}");
        let target = TargetCheck { place: &place, measure, edition, target: &ended.target };
        target.numbers(findings);
        if let Some(baseline) = ended.target.baseline() {
            target.baseline(baseline, findings);
        }
        for (key, _) in
            [("document", &ended.document), ("ended_by", &ended.ended_by)].iter().filter(|(_, text)| text.trim().is_empty())
        {
            findings.faults.push(format!("{place}, {key}"), "is empty", "say which document set the target, and what ended it");
        }
        if let Some(last) = before.filter(|last| *last >= ended.until) {
            let problem = format!("is {}, not after that of the one before, {last}", ended.until);
            findings.faults.push(format!("{place}, until"), problem, "list them in the order in which they ended");
        }
        before = Some(ended.until);
    }
}

impl TargetCheck<'_> {
    pub fn check(&self, findings: &mut Findings) {
        self.numbers(findings);
        let baseline = self.target.baseline().and_then(|baseline| self.baseline(baseline, findings));
        self.dates(baseline, findings);
        self.direction(findings);
        self.comparator(findings);
        check_sense::target(self.place, self.measure, self.target, findings);
    }

    fn fault(&self, findings: &mut Findings, key: &str, problem: impl Into<String>, remedy: &str) {
        findings.faults.push(format!("{}, target.{key}", self.place), problem, remedy);
    }

    /// Numbers that no figure of the measure could ever meet.
    fn numbers(&self, findings: &mut Findings) {
        match self.target {
            Target::Level { value, .. } => self.in_unit("value", *value, findings),
            Target::Compliance { full, .. } | Target::Standing { full, .. } if *full != 0.0 && *full != 100.0 => {
                self.fault(
                    findings,
                    "full",
                    format!("is {full}; 100 (all) or 0 (none) was expected"),
                    "use the kind level for any other value",
                );
            }
            Target::Compliance { full, .. } | Target::Standing { full, .. }
                if *full == 100.0 && self.measure.unit != Unit::Percent =>
            {
                let problem = format!("is all, and the measure is in {}", self.measure.unit.label());
                self.fault(findings, "full", problem, "give the measure as a percentage of all");
            }
            Target::Standing { from, .. } => self.first_period(*from, findings),
            Target::CapRise { percent, .. } => self.between("percent", *percent, 0.0, 1000.0, findings),
            Target::PercentChange { percent, .. } => {
                self.between("percent", *percent, -100.0, 1000.0, findings);
                let wanted = self.measure.polarity.sign();
                if wanted.is_some_and(|sign| sign * percent <= 0.0) {
                    self.fault(
                        findings,
                        "percent",
                        format!(
                            "{percent}% asks for a change for the worse, or for none: the measure's good direction is the other"
                        ),
                        "write a fall with a minus sign, or correct the measure's polarity",
                    );
                }
            }
            Target::AgainstGrowth { percent, scenario, annual_growth_percent, .. } => {
                self.between("percent", *percent, 0.0, 100.0, findings);
                match (scenario, annual_growth_percent) {
                    (Some(_), Some(_)) => self.fault(
                        findings,
                        "scenario",
                        "is given beside annual_growth_percent: two scenarios would give two answers",
                        "keep the one that is agreed",
                    ),
                    (Some(_), None) => {}
                    (None, Some(growth)) => self.between("annual_growth_percent", *growth, -50.0, 50.0, findings),
                    (None, None) => findings.note(
                        format!("{}, target.scenario", self.place),
                        "no growth scenario is given, so there is nothing to judge by: it will be \"no target set\"",
                        "name the measure that holds the agreed projection, or give the agreed yearly growth",
                    ),
                }
            }
            Target::ReductionBand { percent, .. } => self.between("percent", *percent, 0.0, 100.0, findings),
            Target::AnnualTarget { targets, every_year, .. } => {
                every_year.iter().for_each(|value| self.in_unit("every_year", *value, findings));
                self.years(targets, every_year.is_some(), findings);
            }
            Target::NotJudged { needed } if needed.trim().is_empty() => {
                self.fault(findings, "needed", "is empty", "say what would be needed to judge the ambition");
            }
            Target::Compliance { .. }
            | Target::CloseGap { .. }
            | Target::Stabilise { .. }
            | Target::BetterThanComparator { .. }
            | Target::SimilarOrBetter { .. }
            | Target::SustainedReduction { .. }
            | Target::Direction { .. }
            | Target::NarrowGap { .. }
            | Target::NotJudged { .. } => {}
        }
    }

    /// The first period of a condition begins with it.
    fn first_period(&self, from: Date, findings: &mut Findings) {
        let period = Period::containing(from, self.measure.cadence_months, self.measure.year);
        if let Some(period) = period.filter(|period| period.start() != from) {
            findings.note(
                format!("{}, target.from", self.place),
                format!("{from} lies inside {period}, which begins on {}", period.start()),
                "give the first day of a period, so that it is plain which is the first one read",
            );
        }
    }

    fn between(&self, key: &str, value: f64, low: f64, high: f64, findings: &mut Findings) {
        if !(low..=high).contains(&value) {
            self.fault(findings, key, format!("is {value}; {low} to {high} was expected"), "correct the number");
        }
    }

    fn in_unit(&self, key: &str, value: f64, findings: &mut Findings) {
        let possible = match &self.measure.unit {
            Unit::Percent => (0.0..=100.0).contains(&value),
            Unit::Years | Unit::Days | Unit::Per1000 | Unit::Per100k | Unit::Ratio | Unit::Count | Unit::TonnesCo2e => {
                value.is_finite() && value >= 0.0
            }
            Unit::Pounds | Unit::Score | Unit::Own(_) => value.is_finite(),
        };
        if !possible {
            let expected = if self.measure.unit == Unit::Percent { "0 to 100" } else { "0 or more" };
            self.fault(
                findings,
                key,
                format!("is {value}; the measure is in {}, {expected}", self.measure.unit.label()),
                "correct the number",
            );
        }
    }

    fn years(&self, targets: &[super::YearTarget], has_standard: bool, findings: &mut Findings) {
        if targets.is_empty() && !has_standard {
            findings.note(
                format!("{}, target.targets", self.place),
                "no year's target is entered, so there is nothing to judge by: it will be \"no target set\"",
                "add each year's target when the national body publishes it",
            );
        }
        let mut seen = BTreeSet::new();
        for target in targets {
            self.in_unit("targets", target.value, findings);
            match self.measure.period(&target.period) {
                Ok(period) if !seen.insert(period) => {
                    self.fault(findings, "targets", format!("{period} has two targets"), "keep one");
                }
                Ok(_) => {}
                Err(e) => self.fault(findings, "targets", e.to_string(), "write the year as its publisher does"),
            }
        }
    }

    /// The baseline's period, where it can be read.
    fn baseline(&self, baseline: &Baseline, findings: &mut Findings) -> Option<Period> {
        if let Some(value) = baseline.value {
            self.in_unit("baseline.value", value, findings);
        } else if matches!(self.measure.source, MeasureSource::None) {
            findings.note(
                format!("{}, target.baseline", self.place),
                "the baseline's value is not stated and no source gives it, so there is nothing to judge by",
                "state its value, or give the measure a source",
            );
        }
        match self.measure.period(&baseline.period) {
            Ok(period) => Some(period),
            Err(e) => {
                self.fault(findings, "baseline.period", e.to_string(), "write the period as the measure's source does");
                None
            }
        }
    }

    fn dates(&self, baseline: Option<Period>, findings: &mut Findings) {
        if let Target::ReductionBand { early, late, .. } = self.target
            && late <= early
        {
            self.fault(findings, "late", format!("is {late}, not after early, {early}"), "the band runs from early to late");
        }
        let due = self.target.due().unwrap_or(self.edition.default_due);
        if let Some(baseline) = baseline.filter(|baseline| due <= baseline.end()) {
            self.fault(
                findings,
                "due",
                format!("is {due}, not after its baseline, {baseline}, which ends on {}", baseline.end()),
                "correct the one or the other",
            );
        } else if due < self.edition.effective_from {
            findings.note(
                format!("{}, target.due", self.place),
                format!("{due} had passed when the edition took effect, {}", self.edition.effective_from),
                "",
            );
        }
        if matches!(self.target, Target::Level { baseline: None, .. }) {
            self.no_start(due, findings);
        }
    }

    fn no_start(&self, due: Date, findings: &mut Findings) {
        findings.note(
            format!("{}, target.baseline", self.place),
            format!("has no baseline: no straight line to {due} can be drawn, only whether the level is reached"),
            "give the period that it starts from",
        );
    }

    fn direction(&self, findings: &mut Findings) {
        if self.target.needs_polarity() && self.measure.polarity == Polarity::None {
            let problem = "the measure has no good direction (polarity is none), so nothing can be better or worse";
            self.fault(findings, "kind", problem, "give the measure a polarity of high or low");
        }
    }

    /// A comparator's figure comes from a public source, or from partners who may return it for that area.
    fn comparator(&self, findings: &mut Findings) {
        let compares = self.target.compares();
        let comparator = &self.edition.comparator;
        let given = match &self.measure.source {
            MeasureSource::Indicator { .. } => true,
            MeasureSource::Return { areas, .. } => areas.contains(comparator),
            MeasureSource::Sum { .. } | MeasureSource::None => false,
        };
        if compares && !given {
            findings.note(
                format!("{}, target.kind", self.place),
                format!("compares with {comparator}, and nobody gives a figure of that area"),
                "use a public indicator as the measure's source, or let partners return it for that area (source.areas)",
            );
        }
    }
}
