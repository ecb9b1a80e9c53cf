//! `boardpack indicators show`: the figures of one indicator, areas by periods.

use super::asker::{Asker, day, line, name};
use super::fetch::in_words;
use crate::area::AreaCode;
use crate::cli::{Failure, exit, print};
use crate::collect::{IndicatorOutcome, Indicators};
use crate::figure::Observation;
use crate::framework::{Measure, MeasureId, MeasureSource};
use crate::period::Period;
use clap::Args;
use std::collections::BTreeSet;

#[derive(Args)]
pub struct Arguments {
    /// A measure's id, or the source's own id of an indicator
    id: String,
    /// How many of the latest periods to show
    #[arg(long, value_name = "NUMBER", default_value_t = 8)]
    periods: usize,
}

pub fn main(asker: &Asker, arguments: &Arguments) -> Result<u8, Failure> {
    let measures = asker.named("ID", &arguments.id)?;
    let only: Vec<MeasureId> = measures.iter().map(|measure| measure.id.clone()).collect();
    let indicators = asker.kept(&only)?;
    let mut text = String::new();
    for measure in measures {
        show(asker, measure, &indicators, arguments.periods, &mut text);
    }
    for receipt in &indicators.receipts {
        let what = match &receipt.outcome {
            IndicatorOutcome::Received { retrieved, licence, .. } => format!("as at {}, {licence}", day(*retrieved)),
            IndicatorOutcome::NotAvailable { reason } | IndicatorOutcome::Failed { reason } => {
                format!("no figures: {reason} (boardpack indicators fetch asks for them)")
            }
        };
        line(&mut text, &format!("{}: {what}\n  {}", name(receipt), receipt.url));
    }
    print(text.as_bytes())?;
    Ok(if indicators.observations.is_empty() { exit::PARTIAL } else { exit::DONE })
}

fn show(asker: &Asker, measure: &Measure, indicators: &Indicators, most: usize, text: &mut String) {
    let headline = |o: &&Observation| o.measure == measure.id && o.category.is_none();
    let figures: Vec<&Observation> = indicators.observations.iter().filter(headline).collect();
    if figures.is_empty() {
        return;
    }
    let periods: BTreeSet<Period> = figures.iter().map(|figure| figure.period).collect();
    let periods: Vec<Period> = periods.iter().skip(periods.len().saturating_sub(most)).copied().collect();
    // The parts first, then what they are compared with, as the framework lists them.
    let edition = &asker.framework.edition;
    let areas = measure.parts.iter().chain([&edition.system, &edition.comparator]);
    let group = match &measure.source {
        MeasureSource::Indicator { sex, age, .. } if age.is_empty() => format!("{sex}"),
        MeasureSource::Indicator { sex, age, .. } => format!("{sex}, {age}"),
        MeasureSource::Return { .. } | MeasureSource::Sum { .. } | MeasureSource::None => String::new(),
    };
    line(text, &format!("{}: {} ({}; {group})", measure.id, measure.title, measure.unit.label()));
    let mut rows = vec![std::iter::once(String::new()).chain(periods.iter().map(ToString::to_string)).collect::<Vec<_>>()];
    let mut seen: BTreeSet<&AreaCode> = BTreeSet::new();
    for area in areas.filter(|area| seen.insert(area)) {
        let of = |period: &Period| figures.iter().find(|figure| figure.area == *area && figure.period == *period);
        if figures.iter().any(|figure| figure.area == *area) {
            let value = |period| of(period).map_or(String::new(), |figure| in_words(figure.value, measure.decimals));
            rows.push(std::iter::once(asker.areas.name(area).to_owned()).chain(periods.iter().map(value)).collect());
        }
    }
    text.push_str(&table(&rows));
    text.push('\n');
}

/// Columns as wide as their widest cell, the first to the left and the others to the right.
pub(super) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| match column {
            0 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        line(&mut text, cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    text
}
