//! When a figure is due: of a public source by its publication, of partners by the rounds in which they are asked for it.

use super::inputs::EvaluationInputs;
use crate::area::AreaCode;
use crate::collect::NothingToReport;
use crate::framework::{Measure, MeasureSource, Partner};
use crate::period::Period;
use crate::return_template::periods_due;
use jiff::ToSpan;
use jiff::civil::Date;

/// No figure is asked for as many rounds later as this.
const MOST_ROUNDS: usize = 400;
/// Between two figures, or from the end of a period to its publication.
const MOST_MONTHS: i32 = 120;

/// How a partner stands with a figure of which nothing is known.
pub(super) enum AwaitedReturn<'a> {
    Late {
        since: Date,
    },
    InTime {
        until: Date,
    },
    /// It was asked, and had nothing to report.
    Excused(&'a NothingToReport),
}

impl<'a> EvaluationInputs<'a> {
    /// The day on which the first figure of a period that ends after `after`, by `steps` of the measure's cadence, is due for an
    /// area.
    pub(super) fn due_after(&self, measure: &Measure, area: &AreaCode, after: Date, steps: i32) -> Date {
        let cadence = measure.cadence_months;
        let end = months_after(after, cadence.saturating_mul(steps));
        let published = months_after(end, measure.publication_lag_months);
        match &measure.source {
            MeasureSource::Return { .. } => {
                let day = self.partners_asked(measure, area).map(|partner| self.due_from(measure, partner, end)).max();
                day.unwrap_or_else(|| self.due_of_nobody(measure, end))
            }
            MeasureSource::Sum { of } => {
                let summed = of.iter().filter_map(|id| self.framework.measure(id)).filter(|of| of.id != measure.id);
                let returned = summed.filter(|of| matches!(of.source, MeasureSource::Return { .. }));
                returned.map(|of| self.due_after(of, area, after, steps)).chain([published]).max().unwrap_or(published)
            }
            MeasureSource::Indicator { .. } | MeasureSource::None => published,
        }
    }

    /// Those who are asked for the figure of an area: of the system those, too, who give one of its parts.
    pub(super) fn partners_asked(&self, measure: &Measure, area: &AreaCode) -> impl Iterator<Item = &'a Partner> {
        let is_system = *area == self.framework.edition.system;
        self.partners.iter().filter(move |partner| {
            let gives = if measure.is_asked_of(partner) { measure.areas_returned(partner) } else { Vec::new() };
            gives.contains(&area) || is_system && gives.iter().any(|area| measure.parts.contains(area))
        })
    }

    /// How a partner stands with the first figure of a period that ends on `end` or later: due in the first round in which it
    /// is asked for it and has not said that there is nothing to report.
    pub(super) fn awaited(&self, measure: &Measure, partner: &Partner, end: Date) -> AwaitedReturn<'a> {
        let said = |quarter: Period| {
            self.rounds.nothing_to_report.iter().find(|said| said.partner == partner.id && said.quarter == quarter)
        };
        let mut quarter = self.asked_in(measure, end, partner.from);
        let mut last_said = None;
        while let Some((of, excuse)) = quarter.and_then(|of| Some((of, said(of)?))) {
            last_said = Some(excuse);
            quarter = Some(of.next_step()).filter(|next| *next <= self.period);
        }
        let until = quarter.map(|quarter| self.deadline_for(partner, quarter));
        // A pack that is made before the returns are due calls nobody late.
        let until = until.map(|day| self.deadline.filter(|_| self.is_interim()).map_or(day, |deadline| day.max(deadline)));
        match (until, last_said) {
            (None, Some(excuse)) => AwaitedReturn::Excused(excuse),
            (Some(since), _) if self.as_at > since => AwaitedReturn::Late { since },
            (until, _) => AwaitedReturn::InTime { until: until.unwrap_or(Date::MAX) },
        }
    }

    /// The day on which a figure that ends on `end` is due in a return, whoever gives it.
    pub(super) fn due_of_nobody(&self, measure: &Measure, end: Date) -> Date {
        let published = months_after(end, measure.publication_lag_months);
        self.asked_in(measure, end, None).map_or(published, |quarter| self.deadline_of(quarter))
    }

    fn due_from(&self, measure: &Measure, partner: &Partner, end: Date) -> Date {
        let published = months_after(end, measure.publication_lag_months);
        self.asked_in(measure, end, partner.from).map_or(published, |quarter| self.deadline_for(partner, quarter))
    }

    fn deadline_for(&self, partner: &Partner, quarter: Period) -> Date {
        let deadline = self.deadline_of(quarter);
        let extended = self.extended(partner).filter(|_| quarter == self.period);
        extended.map_or(deadline, |extended| deadline.max(extended))
    }

    fn deadline_of(&self, quarter: Period) -> Date {
        let deadline = quarter.end().saturating_add(i64::from(self.rounds.deadline_days).days());
        // Of this quarter's round the day is as it was told.
        self.deadline.filter(|_| quarter == self.period).map_or(deadline, |told| deadline.max(told))
    }

    /// The first quarter from the first known round on, and of a partner from its first day on, in which a period is asked for
    /// that ends on `end` or later.
    fn asked_in(&self, measure: &Measure, end: Date, from: Option<Date>) -> Option<Period> {
        // Wilder numbers than a configuration that is in order can have.
        if !(1..=MOST_MONTHS).contains(&measure.cadence_months) || !(0..=MOST_MONTHS).contains(&measure.publication_lag_months) {
            return None;
        }
        let first = end.max(from.unwrap_or(end)).max(self.rounds.first.map_or(end, |first| first.end()));
        let mut quarter = self.period;
        while quarter.start() > first {
            quarter = quarter.previous();
        }
        while quarter.end() < first {
            quarter = quarter.next_step();
        }
        let is_asked = |quarter: &Period| periods_due(measure, *quarter, None).iter().any(|period| period.end() >= end);
        std::iter::successors(Some(quarter), |quarter| Some(quarter.next_step())).take(MOST_ROUNDS).find(is_asked)
    }
}

/// When the figure after that of `latest` is due to be published.
pub fn next_due(measure: &Measure, latest: Period) -> Date {
    months_after(latest.end(), measure.cadence_months.saturating_add(measure.publication_lag_months))
}

/// The day so many whole months after the last day of a month; a framework's wilder numbers are held to a thousand years.
pub(super) fn months_after(month_end: Date, months: i32) -> Date {
    let months = months.clamp(0, 12_000);
    // From the first of the next month, so that February keeps no day off the months after it.
    let first = month_end.tomorrow().and_then(|first| first.checked_add(months.months()));
    first.and_then(Date::yesterday).unwrap_or(Date::MAX)
}
