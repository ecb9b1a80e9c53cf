//! Where there is no figure: whose it is to give, and since when it is due.

use super::NoFigure;
use super::SeriesPoint;
use super::area_case::AreaCase;
use super::due_dates::{AwaitedReturn, months_after};
use super::explained::{Decision, SharingDays};
use crate::collect::{IndicatorOutcome, IndicatorReceipt};
use crate::framework::{MeasureSource, Partner};
use crate::period::Period;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Steps of a period after which one that is apart from it has surely begun.
const MOST_YEARS_POOLED: usize = 200;

/// That a public source could not be read, where that is so.
fn source_failed(receipt: &IndicatorReceipt) -> Option<(String, NoFigure)> {
    let (IndicatorOutcome::Failed { reason } | IndicatorOutcome::NotAvailable { reason }) = &receipt.outcome else { return None };
    let told = format!("No answer from the public source ({}, {})", receipt.publisher, receipt.indicator.replace('_', " "));
    Some((told, NoFigure::SourceFailed { reason: reason.clone() }))
}

/// Whose return a figure should be in of which nothing is known.
struct WhoseReturn {
    /// Those who are late with it, or where nobody is, those who have time yet.
    named: Vec<String>,
    /// Since when they are late, or until when they have time; none where all that are asked had nothing to report.
    due: Option<Date>,
    /// What these said, in words.
    nothing_to_report: Option<String>,
}

impl AreaCase<'_> {
    pub(super) fn nothing_yet(&self, baseline: Option<&SeriesPoint>) -> Decision {
        let (cadence, lag) = (self.measure.cadence_months, self.measure.publication_lag_months);
        let inputs = self.context.inputs;
        let apart = baseline.filter(|_| self.aspiration.target.tests_change()).map(|baseline| baseline.period);
        let first_end = match baseline {
            // A figure that must share no day with the baseline comes no sooner than one of its length can end.
            Some(baseline) => {
                let wait = cadence.max(apart.map_or(0, Period::months));
                Some(months_after(baseline.period.end(), wait))
            }
            None => self.first_end_without_baseline(),
        };
        let mut first_due = first_end.map(|end| months_after(end, lag));
        let since = first_due.unwrap_or(inputs.as_at);
        let (lacking, cause) = match &self.measure.source {
            MeasureSource::None => ("Nobody publishes or returns this figure yet".to_owned(), NoFigure::NoSource),
            MeasureSource::Sum { of } => {
                let asked = || inputs.indicators.iter().filter(|receipt| receipt.measures.iter().any(|id| of.contains(id)));
                asked().find_map(source_failed).unwrap_or_else(|| {
                    let whose: BTreeSet<String> = asked().map(|receipt| receipt.publisher.clone()).collect();
                    let whose = whose.into_iter().collect();
                    ("The figures that it is the sum of are not all there".to_owned(), NoFigure::Overdue { whose, since })
                })
            }
            MeasureSource::Return { .. } => {
                let partners = self.whose_return(first_end.unwrap_or(inputs.period.end()));
                first_due = partners.due;
                if let Some(excused) = partners.nothing_to_report {
                    (excused, NoFigure::NothingToReport)
                } else {
                    let since = partners.due.unwrap_or(since);
                    ("No partner has returned a figure".to_owned(), NoFigure::Overdue { whose: partners.named, since })
                }
            }
            MeasureSource::Indicator { source, indicator, .. } => {
                let receipt = inputs.indicators.iter().find(|receipt| receipt.measures.contains(&self.measure.id));
                receipt.and_then(source_failed).unwrap_or_else(|| {
                    let publisher = receipt.map_or(source, |receipt| &receipt.publisher);
                    let named = format!("{publisher}, {}", indicator.replace('_', " "));
                    let whose = receipt.map(|receipt| receipt.publisher.clone()).into_iter().collect();
                    (format!("No published figure has been received ({named})"), NoFigure::Overdue { whose, since })
                })
            }
        };
        let sharing = apart.and_then(|baseline| self.sharing_days(baseline));
        let baseline = baseline.map(|baseline| baseline.period.in_words());
        Decision::NothingYet { baseline, first_due, today: inputs.as_at, lacking, cause, sharing }
    }

    /// The last figure after the baseline, where that shares days with it, and the first period that will not.
    fn sharing_days(&self, baseline: Period) -> Option<SharingDays> {
        let last = self.series.latest_given().filter(|last| last.end() > baseline.end() && !last.is_apart_from(baseline))?;
        let first = std::iter::successors(Some(baseline), |period| Some(period.next_step()))
            .take(MOST_YEARS_POOLED)
            .find(|period| period.start() > baseline.end())?;
        Some(SharingDays { latest: last.in_words(), first: first.in_words() })
    }

    /// Whose return the first figure of a period that ends on `end` or later should be in.
    fn whose_return(&self, end: Date) -> WhoseReturn {
        let inputs = self.context.inputs;
        let (mut late, mut in_time, mut excused) = (Vec::new(), Vec::new(), Vec::new());
        for partner in inputs.partners_asked(self.measure, self.area) {
            match inputs.awaited(self.measure, partner, end) {
                AwaitedReturn::Late { since } => late.push((partner, since)),
                AwaitedReturn::InTime { until } => in_time.push((partner, until)),
                AwaitedReturn::Excused(said) => {
                    excused.push(format!("{} had nothing to report: {}", partner.name, said.reason.trim().trim_end_matches('.')))
                }
            }
        }
        let names = |of: &[(&Partner, Date)]| of.iter().map(|(partner, _)| partner.name.clone()).collect();
        // Whoever has longer than the others is not late yet.
        if let Some(since) = late.iter().map(|(_, since)| *since).min() {
            return WhoseReturn { named: names(&late), due: Some(since), nothing_to_report: None };
        }
        if let Some(until) = in_time.iter().map(|(_, until)| *until).max() {
            return WhoseReturn { named: names(&in_time), due: Some(until), nothing_to_report: None };
        }
        let due = Some(inputs.due_of_nobody(self.measure, end)).filter(|_| excused.is_empty());
        let nothing_to_report = (!excused.is_empty()).then(|| excused.join("; "));
        WhoseReturn { named: Vec::new(), due, nothing_to_report }
    }

    /// When the first period ended of which nothing is known: after the baseline that the target names, or else the last
    /// whole period that should have come by now; of a return that has a first period, that.
    fn first_end_without_baseline(&self) -> Option<Date> {
        let (cadence, lag) = (self.measure.cadence_months, self.measure.publication_lag_months);
        let inputs = self.context.inputs;
        let named = self.aspiration.target.baseline().and_then(|baseline| self.measure.period(&baseline.period).ok());
        if let Some(baseline) = named {
            return Some(months_after(baseline.end(), cadence));
        }
        if let MeasureSource::Return { first: Some(first), .. } = &self.measure.source {
            return self.measure.period(first).ok().map(Period::end);
        }
        let quarter_end = inputs.period.end();
        let whole = Period::containing(quarter_end, cadence.min(12), self.measure.year)?;
        let whole = if whole.end() > quarter_end { whole.previous() } else { whole };
        let is_due = months_after(whole.end(), lag) <= inputs.as_at;
        Some(if is_due { whole.end() } else { whole.previous().end() })
    }
}
