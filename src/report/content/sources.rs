//! Where a measure's latest figures came from, those that are judged, and what a scenario projects that they are judged by: each
//! file and each answer once.

use super::figures;
use super::sentences::joined;
use crate::evaluate::Assessment;
use crate::figure::Provenance;
use crate::report::PackInputs;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};

/// Words, and the address that they end in, where there is one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceLine {
    pub words: String,
    pub url: Option<String>,
}

pub fn sources(pack: &PackInputs<'_>, head: Option<&Assessment>, areas: &[Assessment]) -> Vec<SourceLine> {
    let shown = head.into_iter().chain(areas).flat_map(|of| {
        let points =
            of.latest.iter().chain(&of.judged).flat_map(|point| point.sources.iter().map(|source| (point.period, source)));
        let judged = of.judged.as_ref().or(of.latest.as_ref());
        points.chain(judged.into_iter().flat_map(|point| of.scenario_sources.iter().map(|source| (point.period, source))))
    });
    let mut cells: BTreeMap<(String, String, String), BTreeSet<String>> = BTreeMap::new();
    // An API that is asked for one area at a time has an answer for each: the first stands for them.
    let mut answers: BTreeMap<String, (String, BTreeSet<String>)> = BTreeMap::new();
    for (period, source) in shown {
        match source {
            Provenance::Cell { partner, file, sheet, cell, .. } => {
                let name = pack.partners.iter().find(|p| p.id == *partner).map_or(partner, |p| &p.name);
                cells.entry((name.clone(), file.clone(), sheet.clone())).or_default().insert(cell.clone());
            }
            Provenance::Answer { publisher, indicator, url, retrieved, .. } => {
                let day = figures::date(retrieved.to_zoned(TimeZone::UTC).date());
                let words = format!("{publisher}, {}, retrieved {day}", indicator.replace('_', " "));
                let (_, periods) = answers.entry(words).or_insert_with(|| (url.clone(), BTreeSet::new()));
                periods.insert(figures::period(period));
            }
        }
    }
    let mut lines: Vec<SourceLine> = answers
        .into_iter()
        .map(|(words, (url, periods))| {
            let periods: Vec<String> = periods.into_iter().collect();
            SourceLine { words: format!("{words}, figures for {}", joined(&periods)), url: Some(url) }
        })
        .collect();
    lines.extend(cells.into_iter().map(|((partner, file, sheet), cells)| {
        let noun = if cells.len() == 1 { "cell" } else { "cells" };
        let cells: Vec<String> = cells.into_iter().collect();
        SourceLine { words: format!("return of {partner} ({file}, {sheet}, {noun} {})", joined(&cells)), url: None }
    }));
    if lines.is_empty() && head.is_some_and(|h| h.latest.is_some()) {
        lines.push(SourceLine { words: "not recorded".to_owned(), url: None });
    }
    lines
}

/// A source in a few words: the partner or the publisher, the file or the indicator.
pub fn in_short(pack: &PackInputs<'_>, source: &Provenance) -> String {
    match source {
        Provenance::Cell { partner, file, sheet, cell, .. } => {
            let name = pack.partners.iter().find(|p| p.id == *partner).map_or(partner, |p| &p.name);
            format!("{name}: {file}, {sheet} {cell}")
        }
        Provenance::Answer { publisher, retrieved, .. } => {
            let day = figures::date(retrieved.to_zoned(TimeZone::UTC).date());
            format!("{publisher}, retrieved {day}, {}", source.place())
        }
    }
}
