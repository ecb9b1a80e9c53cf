//! A target in words, as its owner would say it: every number and date that it holds, so that two targets differ
//! wherever their words do.

use super::{Aspiration, Baseline, ChangeType, EarlierTarget, Framework, Target};
use crate::area::Areas;
use crate::value::Unit;
use jiff::civil::Date;

/// `31 March 2028`.
pub(super) fn in_full(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

impl Framework {
    /// `75% by 31 December 2024, until 20 September 2022 (the document; ended by what ended it)`.
    pub(super) fn ended_in_words(&self, aspiration: &Aspiration, ended: &EarlierTarget, areas: &Areas) -> String {
        let target = self.one_target_in_words(aspiration, &ended.target, areas);
        format!("{target}, until {} ({}; ended by {})", in_full(ended.until), ended.document, ended.ended_by)
    }

    /// `50% by 31 March 2025, from 2022/23`. The edition's own date stands where the target states none.
    ///
    /// Values on the way and the targets of single areas follow.
    pub fn target_in_words(&self, aspiration: &Aspiration, areas: &Areas) -> String {
        let mut words = self.one_target_in_words(aspiration, &aspiration.target, areas);
        let figure = |value: f64| match self.measure(&aspiration.id) {
            Some(measure) => measure.unit.stated(value),
            None => value.to_string(),
        };
        let on_the_way = aspiration.interim.iter().map(|of| format!("{} by {}", figure(of.value), in_full(of.due)));
        let on_the_way: Vec<String> = on_the_way.collect();
        if !on_the_way.is_empty() {
            words = format!("{words}, on the way {}", on_the_way.join(" and "));
        }
        for own in &aspiration.area_targets {
            let target = self.one_target_in_words(aspiration, &own.target, areas);
            let document = if own.document.is_empty() { String::new() } else { format!(" ({})", own.document) };
            words = format!("{words}; in {}: {target}{document}", areas.name(&own.area));
        }
        words
    }

    /// A target of the aspiration's measure, such as one that held before, or that of an area.
    pub fn one_target_in_words(&self, aspiration: &Aspiration, target: &Target, areas: &Areas) -> String {
        let comparator = areas.name(&self.edition.comparator);
        let by = format!("by {}", in_full(target.due().unwrap_or(self.edition.default_due)));
        let measure = self.measure(&aspiration.id);
        let figure = |value: f64| match measure {
            Some(measure) => measure.unit.stated(value),
            None => value.to_string(),
        };
        let in_words = |label: &str| measure.map_or(label.to_owned(), |measure| measure.period_in_words(label));
        let start = |baseline: &Baseline| match baseline.value {
            Some(value) => format!("{} in {}", figure(value), in_words(&baseline.period)),
            None => in_words(&baseline.period),
        };
        let since = |baseline: &Baseline| match (baseline.value, measure) {
            (None, Some(measure)) => measure.period_in_short(&baseline.period),
            _ => start(baseline),
        };
        let from = |baseline: Option<&Baseline>| baseline.map_or(String::new(), |baseline| format!(", from {}", since(baseline)));
        match target {
            Target::Level { value, baseline, strict, .. } => {
                let beyond = if *strict { "beyond " } else { "" };
                format!("{beyond}{} {by}{}", figure(*value), from(baseline.as_ref()))
            }
            Target::CloseGap { baseline, .. } => format!("no worse than {comparator} {by}, from the gap of {}", start(baseline)),
            Target::CapRise { percent, change_type: ChangeType::Relative, baseline, .. } => {
                format!("no more than {} above {} {by}", share(*percent), start(baseline))
            }
            Target::CapRise { percent, change_type: ChangeType::Points, baseline, .. } => {
                format!("no more than {percent} points above {} {by}", start(baseline))
            }
            Target::Stabilise { baseline, .. } => format!("not significantly above {} and not rising {by}", start(baseline)),
            Target::BetterThanComparator { .. } => format!("statistically better than {comparator} {by}"),
            Target::SimilarOrBetter { .. } => format!("statistically similar to {comparator}, or better, {by}"),
            Target::SustainedReduction { baseline, .. } => format!("a fall in every year from {}, {by}", since(baseline)),
            Target::PercentChange { percent, baseline, .. } => {
                let way = if *percent < 0.0 { "below" } else { "above" };
                format!("{} {way} {} {by}", share(percent.abs()), start(baseline))
            }
            Target::AgainstGrowth { percent, baseline, scenario, annual_growth_percent, .. } => {
                let growth = match (scenario, annual_growth_percent) {
                    (Some(scenario), _) => {
                        let title = self.measure(scenario).map_or(scenario.0.as_str(), |measure| &measure.title);
                        format!("the agreed projection ({title})")
                    }
                    (None, Some(growth)) => format!("a growth of {} a year", share(*growth)),
                    (None, None) => "an unmitigated growth that is not given yet".to_owned(),
                };
                format!("{} below {growth} {by}, from {}", share(percent.abs()), since(baseline))
            }
            Target::AnnualTarget { targets, every_year, exceed } => {
                let beyond = if *exceed { "beyond " } else { "" };
                let years = targets.iter().map(|t| format!("{} in {}", figure(t.value), in_words(&t.period)));
                let years: Vec<_> = years.chain(every_year.map(|value| format!("{} in every year", figure(value)))).collect();
                let years = if years.is_empty() { "none entered yet".to_owned() } else { years.join(", ") };
                format!("{beyond}each year's own target ({years})")
            }
            Target::Direction { baseline, .. } => format!("better than {} {by}", start(baseline)),
            Target::NarrowGap { baseline, .. } => format!("closer to zero than {} {by}", start(baseline)),
            Target::Standing { full, from } => {
                let whole = if *full == 0.0 { "none" } else { "all" };
                format!("{whole} ({}) in every period from {}", share(*full), in_full(*from))
            }
            Target::Compliance { full, baseline, .. } => {
                let whole = if *full == 0.0 { "none" } else { "all" };
                format!("{whole} ({}) {by}{}", share(*full), from(baseline.as_ref()))
            }
            Target::ReductionBand { percent, early, late, baseline } => {
                let between = format!("between {} and {}", in_full(*early), in_full(*late));
                format!("{} below {} {between}", share(*percent), start(baseline))
            }
            Target::NotJudged { needed } => format!("cannot be judged; needed: {needed}"),
        }
    }
}

fn share(percent: f64) -> String {
    Unit::Percent.stated(percent)
}
