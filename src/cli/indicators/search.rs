//! `boardpack indicators search`: an indicator for a new measure, among those that the sources describe.

use super::asker::{Asker, day, line};
use crate::cli::{Failure, clock, exit, print, runtime};
use crate::collect::{self, FetchSetup, FoundIndicator, FoundIndicators, RunScope};
use crate::counted::counted;
use crate::framework::MeasureSource;
use crate::settings::Fetch;
use clap::Args;
use workbook_reader::{clip, one_line};

/// Letters of a definition: enough to tell it from others.
const SHOWN_DEFINITION: usize = 200;

#[derive(Args)]
pub struct Arguments {
    /// Words that the indicator's id, name or definition must all have
    #[arg(required = true)]
    words: Vec<String>,
    /// Use no network: search the archive
    #[arg(long)]
    offline: bool,
}

pub fn main(asker: &Asker, arguments: &Arguments) -> Result<u8, Failure> {
    let offline = arguments.offline || asker.settings.fetch.offline;
    let fetch = Fetch { offline, ..asker.settings.fetch.clone() };
    let means = FetchSetup::new(&asker.settings.sources, &fetch, &asker.archive, clock());
    let wanted = RunScope { framework: &asker.framework, partners: &[], period: asker.period, as_at: asker.as_at };
    let found = runtime()?.block_on(collect::search_indicators(&arguments.words, &wanted, &means));
    print(report(asker, &found).as_bytes())?;
    Ok(match (found.of, found.failures.is_empty()) {
        (0, false) => exit::UNAVAILABLE,
        (_, false) => exit::PARTIAL,
        (_, true) => exit::DONE,
    })
}

fn report(asker: &Asker, found: &FoundIndicators) -> String {
    let mut text = String::new();
    for indicator in &found.indicators {
        describe(asker, indicator, &mut text);
    }
    let more = if found.clipped { ", and more: add a word" } else { "" };
    let looked_through = counted(found.of, "indicator", "indicators");
    line(&mut text, &format!("{} of {looked_through}{more}", found.indicators.len()));
    for failure in &found.failures {
        line(&mut text, &format!("could not be asked: {failure}"));
    }
    text
}

fn describe(asker: &Asker, found: &FoundIndicator, text: &mut String) {
    let FoundIndicator { source: name, publisher, description, retrieved } = found;
    line(text, &format!("{}  {}", description.indicator, description.name));
    let says = [&description.unit, &description.polarity, &description.year];
    let says: Vec<&str> = says.into_iter().map(|word| word.trim()).filter(|word| !word.is_empty()).collect();
    if !says.is_empty() {
        line(text, &format!("  {}", says.join("; ")));
    }
    if !description.definition.is_empty() {
        line(text, &format!("  {}", clip(&one_line(&description.definition), SHOWN_DEFINITION)));
    }
    let serves = |source: &MeasureSource| matches!(source, MeasureSource::Indicator { source, indicator, .. } if source == name && *indicator == description.indicator);
    let measures: Vec<&str> =
        asker.framework.measures.iter().filter(|measure| serves(&measure.source)).map(|m| m.id.0.as_str()).collect();
    if !measures.is_empty() {
        line(text, &format!("  serves {}", measures.join(", ")));
    }
    line(text, &format!("  source = \"{name}\", indicator = \"{}\"  ({publisher}, {})", description.indicator, day(*retrieved)));
}
