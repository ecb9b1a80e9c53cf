//! The time axis: periods by their last day, as what is expected by a date and what is due on one are; dates to the day, and labels that never touch.

use super::axis::spaced;
use super::marks::LABEL;
use super::plot::Plot;
use crate::period::{Period, PeriodStep};
use jiff::civil::Date;
use tagged_document::drawing::Setter;
use tagged_document::look::Colour;
use tagged_document::shapes::{Glyphs, Shape};

/// Days from the first to the last thing drawn, and the room they have.
#[derive(Debug, Clone)]
pub struct TimeAxis {
    /// Every period of the chart once, in order.
    pub periods: Vec<Period>,
    /// Dates after the last period that the axis reaches to; none where it ends with the figures.
    until: Option<Date>,
    ends: Option<(f64, f64)>,
    left: f32,
    right: f32,
}

impl TimeAxis {
    /// An axis over `periods`, in any order, and over `dates`, which lie before, among or after them.
    pub fn over(periods: impl Iterator<Item = Period>, dates: impl Iterator<Item = Date>, plot: &Plot) -> Self {
        let mut periods: Vec<Period> = periods.collect();
        periods.sort();
        periods.dedup();
        let dates: Vec<Date> = dates.collect();
        let last = periods.iter().map(|p| day(p.end())).fold(f64::NEG_INFINITY, f64::max);
        let until = dates.iter().copied().max().filter(|date| day(*date) > last);
        let all = || periods.iter().map(|p| day(p.end())).chain(dates.iter().map(|d| day(*d)));
        let ends = (!periods.is_empty() || !dates.is_empty())
            .then(|| (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max)));
        // So many periods of the usual length would fill the axis.
        let slots = match (ends, periods.first().zip(periods.last())) {
            (Some((from, to)), Some((first, last))) if last.end() > first.end() => {
                let slot = (day(last.end()) - day(first.end())) / (periods.len() - 1).max(1) as f64;
                ((to - from) / slot) as f32 + 1.0
            }
            _ => 2.0,
        };
        let inset = ((plot.right - plot.left) * 0.5 / slots).clamp(8.0, 30.0);
        TimeAxis { periods, until, ends, left: plot.left + inset, right: plot.right - inset }
    }

    pub fn period(&self, period: Period) -> f32 {
        self.date(period.end())
    }

    pub fn date(&self, date: Date) -> f32 {
        self.at(day(date))
    }

    /// Where the figures end, on an axis that goes on.
    pub fn figures_end(&self) -> Option<f32> {
        self.until.and(self.periods.last()).map(|last| self.period(*last))
    }

    /// Points that a year takes.
    pub fn year(&self) -> f32 {
        let days = self.ends.map_or(0.0, |(first, last)| last - first);
        if days >= 0.5 { (f64::from(self.right - self.left) * 365.2425 / days) as f32 } else { self.right - self.left }
    }

    /// Points between two neighbouring periods, were all as far apart.
    pub fn step(&self) -> f32 {
        let ends = self.periods.first().zip(self.periods.last());
        let span = ends.map_or(0.0, |(first, last)| self.period(*last) - self.period(*first));
        if self.periods.len() < 2 { self.right - self.left } else { span / (self.periods.len() - 1) as f32 }
    }

    /// Numbers of periods after which the year comes round, or a round part of it.
    fn label_steps(&self) -> &'static [usize] {
        match self.periods.last().map(|period| period.step()) {
            Some(PeriodStep::Month) => &[1, 2, 3, 6, 12, 24, 36, 60, 120],
            Some(PeriodStep::Quarter) => &[1, 2, 4, 8, 12, 20, 40],
            Some(PeriodStep::Year) | None => &[],
        }
    }

    fn at(&self, day: f64) -> f32 {
        match self.ends {
            Some((first, last)) if last - first >= 0.5 => {
                let share = ((day - first) / (last - first)) as f32;
                self.left + share.clamp(0.0, 1.0) * (self.right - self.left)
            }
            _ => f32::midpoint(self.left, self.right),
        }
    }

    /// Ticks and labels below the plot, between `from` and `to` points.
    pub fn labels(&self, plot: &Plot, (from, to): (f32, f32), colour: Colour, set: &mut Setter<'_>) -> Vec<Shape> {
        let mut shapes = Vec::new();
        let mut put = |at: f32, text: Option<(f32, Glyphs)>| {
            let length = if text.is_some() { 4.0 } else { 2.0 };
            shapes.push(Shape::line((at, plot.bottom), (at, plot.bottom + length), 0.6, colour));
            if let Some((start, text)) = text {
                shapes.push(Shape::Text { at: (start, plot.bottom + 4.0 + LABEL), text });
            }
        };
        // A label keeps within the chart even where its tick is at the edge.
        let start = |at: f32, text: &Glyphs| (at - text.width() / 2.0).min(to - text.width()).max(from);
        let mut free_to = f32::INFINITY;
        if let Some(date) = self.until {
            let at = self.date(date);
            let text = set(&date.strftime("%b %Y").to_string(), LABEL, false, colour);
            free_to = start(at, &text) - GAP;
            put(at, Some((start(at, &text), text)));
        }
        let labels: Vec<(f32, f32, Glyphs)> = self
            .periods
            .iter()
            .map(|period| {
                let text = set(&period.in_short(), LABEL, false, colour);
                let at = self.period(*period);
                (at, start(at, &text), text)
            })
            .collect();
        let room = labels.iter().take_while(|(_, start, text)| start + text.width() <= free_to).count();
        let centres: Vec<f32> = labels[..room].iter().map(|(_, start, text)| start + text.width() / 2.0).collect();
        let widths: Vec<f32> = labels[..room].iter().map(|(_, _, text)| text.width()).collect();
        let kept = spaced(&centres, &widths, GAP, self.label_steps());
        for (i, (at, start, text)) in labels.into_iter().enumerate() {
            // Ticks without labels are left out where they would run together.
            if kept.contains(&i) || self.step() >= 3.0 {
                put(at, kept.contains(&i).then_some((start, text)));
            }
        }
        shapes
    }
}

/// The least room between two labels.
const GAP: f32 = 8.0;

fn day(date: Date) -> f64 {
    f64::from(date.year()) * 365.2425 + f64::from(date.day_of_year())
}
