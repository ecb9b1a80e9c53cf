//! `boardpack indicators fetch`: what came, what did not, and what that costs the pack.

use super::asker::{Asker, day, findings, line, name};
use crate::cli::{Failure, date, exit, print};
use crate::collect::{Changed, IndicatorOutcome, Indicators, VintageChange};
use crate::counted::counted;
use crate::framework::MeasureId;
use crate::settings::Fetch;
use crate::value::{Value, format_number};
use clap::Args;
use std::collections::BTreeSet;

/// Of the figures that changed; a whole new year of every area would be a book.
const SHOWN_CHANGES: usize = 20;

#[derive(Args)]
pub struct Arguments {
    /// Only this measure, or this indicator by its source's id; may be given several times
    #[arg(long, value_name = "ID")]
    measure: Vec<String>,
    /// Skip what was answered on this day or later
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Use no network: show what the archive has
    #[arg(long)]
    offline: bool,
}

pub fn main(asker: &Asker, arguments: &Arguments) -> Result<u8, Failure> {
    let since = date("--since", arguments.since.as_deref())?;
    let mut only: Vec<MeasureId> = Vec::new();
    for id in &arguments.measure {
        only.extend(asker.named("--measure", id)?.into_iter().map(|measure| measure.id.clone()));
    }
    let offline = arguments.offline || asker.settings.fetch.offline;
    let fetch = Fetch { offline, ..asker.settings.fetch.clone() };
    let indicators = asker.ask(&fetch, &only, since)?;
    print(report(asker, &indicators).as_bytes())?;
    let is = |wanted: fn(&IndicatorOutcome) -> bool| indicators.receipts.iter().any(|receipt| wanted(&receipt.outcome));
    let failed =
        is(|outcome| matches!(outcome, IndicatorOutcome::Failed { .. } | IndicatorOutcome::Received { instead_of: Some(_), .. }));
    let received = is(|outcome| matches!(outcome, IndicatorOutcome::Received { instead_of: None, .. }));
    Ok(match (failed, received) {
        (false, _) => exit::DONE,
        (true, true) => exit::PARTIAL,
        (true, false) => exit::UNAVAILABLE,
    })
}

pub(super) fn report(asker: &Asker, indicators: &Indicators) -> String {
    let mut text = String::new();
    let (mut received, mut standing_in) = (0, 0);
    for receipt in &indicators.receipts {
        let what = match &receipt.outcome {
            IndicatorOutcome::Received { retrieved, figures, instead_of: None, .. } => {
                received += 1;
                format!("{}, as at {}", counted(*figures, "figure", "figures"), day(*retrieved))
            }
            IndicatorOutcome::Received { retrieved, figures, instead_of: Some(reason), .. } => {
                standing_in += 1;
                let figures = counted(*figures, "figure", "figures");
                format!("failed: {reason}; the answer of {} is used instead, {figures}", day(*retrieved))
            }
            IndicatorOutcome::NotAvailable { reason } => format!("not available: {reason}"),
            IndicatorOutcome::Failed { reason } => format!("failed: {reason}\n  {}", receipt.url),
        };
        line(&mut text, &format!("{}: {what}", name(receipt)));
    }
    changes(asker, &indicators.changes, &mut text);
    findings(&indicators.findings, &mut text);
    let total = indicators.receipts.len();
    line(&mut text, &format!("\n{received} of {} received", counted(total, "answer", "answers")));
    if standing_in > 0 {
        line(
            &mut text,
            &format!("{} from an earlier answer; the pack gives its date", counted(standing_in, "answer", "answers")),
        );
    }
    let without = without_figures(indicators);
    if !without.is_empty() {
        line(&mut text, &format!("The pack has no figure of {}:", counted(without.len(), "measure", "measures")));
        for id in without {
            let title = asker.framework.measure(id).map_or("", |measure| &measure.title);
            line(&mut text, &format!("  {id}  {title}"));
        }
    }
    text
}

/// Measures that no answer serves, in the order of the framework.
fn without_figures(indicators: &Indicators) -> Vec<&MeasureId> {
    let with: BTreeSet<&MeasureId> = indicators.observations.iter().map(|observation| &observation.measure).collect();
    let mut without: Vec<&MeasureId> = Vec::new();
    for id in indicators.receipts.iter().flat_map(|receipt| &receipt.measures) {
        if !with.contains(id) && !without.contains(&id) {
            without.push(id);
        }
    }
    without
}

fn changes(asker: &Asker, changes: &[VintageChange], text: &mut String) {
    if changes.is_empty() {
        return;
    }
    let number = |is: fn(&Changed) -> bool| changes.iter().filter(|change| is(&change.what)).count();
    let large = number(|what| matches!(what, Changed::Revised { large: true, .. }));
    let revised = number(|what| matches!(what, Changed::Revised { .. }));
    let added = number(|what| matches!(what, Changed::Added { .. }));
    let withdrawn = number(|what| matches!(what, Changed::Withdrawn { .. }));
    line(
        text,
        &format!("\nSince the answers before: {added} added, {revised} revised ({large} of them by much), {withdrawn} withdrawn"),
    );
    // A new figure is everyday.
    let told = changes.iter().filter(|change| !matches!(change.what, Changed::Added { .. }));
    for change in told.clone().take(SHOWN_CHANGES) {
        let measure = asker.framework.measure(&change.measure);
        let value = |value: Value| in_words(value, measure.map_or(1, |measure| measure.decimals));
        let what = match change.what {
            Changed::Revised { old, new, large } => {
                format!("{}, was {}{}", value(new), value(old), if large { " (much)" } else { "" })
            }
            Changed::Withdrawn { old } => format!("withdrawn, was {}", value(old)),
            Changed::Added { new } => value(new),
        };
        let group = change.category.as_ref().map_or(String::new(), |category| format!(", {}", category.group));
        let area = asker.areas.name(&change.area);
        line(text, &format!("  {}, {area}, {}{group}: {what}", change.measure, change.period));
    }
    let more = told.count().saturating_sub(SHOWN_CHANGES);
    if more > 0 {
        line(text, &format!("  and {more} more"));
    }
}

/// A number with a place more than is printed in packs, so that a small revision shows; or its mark.
pub(super) fn in_words(value: Value, decimals: u8) -> String {
    match value {
        Value::Number(number) => format_number(number, decimals.saturating_add(1)),
        Value::Suppressed => "suppressed".to_owned(),
        Value::Missing => "–".to_owned(),
        Value::NotApplicable => "n/a".to_owned(),
    }
}
