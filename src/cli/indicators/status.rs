//! `boardpack indicators status`: a line an indicator.

use super::asker::{Asker, day, findings, line, name};
use crate::cli::{Failure, exit, print};
use crate::collect::{IndicatorOutcome, IndicatorReceipt, Indicators};
use crate::counted::counted;
use crate::evaluate::next_due;
use crate::framework::MeasureId;
use crate::period::Period;
use jiff::civil::Date;

pub fn main(asker: &Asker) -> Result<u8, Failure> {
    let indicators = asker.kept(&[])?;
    let mut of_indicator: Vec<Vec<&IndicatorReceipt>> = Vec::new();
    for receipt in &indicators.receipts {
        let is_same = |group: &&mut Vec<&IndicatorReceipt>| {
            group.first().is_some_and(|first| (&first.source, &first.indicator) == (&receipt.source, &receipt.indicator))
        };
        match of_indicator.iter_mut().find(is_same) {
            Some(group) => group.push(receipt),
            None => of_indicator.push(vec![receipt]),
        }
    }
    let mut text = String::new();
    for receipts in of_indicator {
        describe(asker, &indicators, &receipts, &mut text);
    }
    findings(&indicators.findings, &mut text);
    print(text.as_bytes())?;
    Ok(exit::DONE)
}

fn describe(asker: &Asker, indicators: &Indicators, receipts: &[&IndicatorReceipt], text: &mut String) {
    let Some(first) = receipts.first() else { return };
    let mut measures: Vec<&str> = receipts.iter().flat_map(|receipt| &receipt.measures).map(|id| id.0.as_str()).collect();
    measures.dedup();
    line(text, &format!("{} ({})", name(first), measures.join(", ")));
    let as_at = receipts.iter().filter_map(|receipt| match &receipt.outcome {
        IndicatorOutcome::Received { retrieved, .. } => Some(day(*retrieved)),
        IndicatorOutcome::NotAvailable { .. } | IndicatorOutcome::Failed { .. } => None,
    });
    match as_at.min() {
        Some(as_at) => {
            let (latest, due) = freshness(asker, indicators, receipts);
            let latest = latest.map_or("no number".to_owned(), |period| period.to_string());
            let age = asker.as_at.since(as_at).map_or(0, |age| age.get_days().max(0));
            let age = counted(usize::try_from(age).unwrap_or_default(), "day", "days");
            line(text, &format!("  latest period  {latest}"));
            line(text, &format!("  as at          {as_at}, {age} old"));
            if let Some(due) = due {
                let overdue = if due < asker.as_at { " (overdue)" } else { "" };
                line(text, &format!("  next due       {due}{overdue}"));
            }
        }
        None => line(text, "  no figures"),
    }
    for receipt in receipts {
        line(text, &format!("  source         {}", health(asker, receipt)));
    }
}

/// The latest period with a number, and the first day on which a measure's next figure is due.
fn freshness(asker: &Asker, indicators: &Indicators, receipts: &[&IndicatorReceipt]) -> (Option<Period>, Option<Date>) {
    let latest = |id: &MeasureId| {
        let of = indicators.observations.iter().filter(|o| o.measure == *id && o.value.number().is_some());
        of.map(|observation| observation.period).max()
    };
    let served = || receipts.iter().flat_map(|receipt| &receipt.measures).filter_map(|id| asker.framework.measure(id));
    let due = served().filter_map(|measure| Some(next_due(measure, latest(&measure.id)?)));
    (served().filter_map(|measure| latest(&measure.id)).max(), due.min())
}

/// What became of the last asking.
fn health(asker: &Asker, receipt: &IndicatorReceipt) -> String {
    let fetches = asker.archive.fetches(&receipt.url);
    let good = fetches.iter().rev().find(|asked| asked.good().is_some());
    match (fetches.last(), &receipt.outcome) {
        (Some(last), _) => match (&last.fault, good) {
            (None, _) => format!("answered on {}", last.day()),
            (Some(fault), Some(good)) => format!("fails, last on {}: {fault}; answered on {}", last.day(), good.day()),
            (Some(fault), None) => format!("fails, last on {}: {fault}; never answered", last.day()),
        },
        (None, IndicatorOutcome::Received { .. }) => receipt.url.clone(),
        (None, IndicatorOutcome::NotAvailable { reason } | IndicatorOutcome::Failed { reason }) => reason.clone(),
    }
}
