//! Counts by age band as they were understood, in words: a line for each figure that they are to make.

use super::amounts_in_words::plain;
use super::figure_line::FigureLine;
use crate::area::{AreaCode, Areas};
use crate::component::Component;
use crate::figure::{Observation, Provenance};
use crate::framework::{Framework, MeasureId};
use crate::period::Period;
use crate::value::Value;

/// The counts of one figure, in the order in which they came.
struct Whole<'a> {
    key: (&'a MeasureId, &'a AreaCode, Period, Option<(&'a str, &'a str)>),
    of: Vec<&'a Observation>,
}

pub(super) fn lines(components: &[&Observation], framework: &Framework, areas: &Areas) -> Vec<FigureLine> {
    let mut wholes: Vec<Whole<'_>> = Vec::new();
    for one in components {
        let Some(place) = one.component().filter(|place| matches!(place.component, Component::Events(_))) else { continue };
        let key = (&one.measure, &one.area, one.period, place.group);
        // A sheet has the bands of a figure together.
        match wholes.last_mut().filter(|last| last.key == key) {
            Some(last) => last.of.push(one),
            None => wholes.push(Whole { key, of: vec![one] }),
        }
    }
    wholes.iter().filter_map(|whole| line(whole, framework, areas)).collect()
}

fn line(
    Whole { key: (measure, area, period, group), of }: &Whole<'_>,
    framework: &Framework,
    areas: &Areas,
) -> Option<FigureLine> {
    let measure = framework.measure(measure)?;
    let suppressed = of.iter().any(|one| one.value == Value::Suppressed);
    let sum = |number: fn(&Observation) -> Option<f64>| of.iter().filter_map(|one| number(one)).sum::<f64>();
    let counts = format!("{} events, population {}", plain(sum(|o| o.numerator)), plain(sum(|o| o.denominator)));
    let cell = match (of.first().map(|one| &one.provenance), of.last().map(|one| &one.provenance)) {
        (Some(Provenance::Cell { sheet, cell: first, .. }), Some(Provenance::Cell { cell: last, .. })) => {
            let (from, to) = (first.split(':').next()?, last.rsplit(':').next()?);
            format!("{sheet} {from}:{to}")
        }
        _ => String::new(),
    };
    Some(FigureLine {
        id: measure.id.0.clone(),
        measure: measure.title.trim().to_owned(),
        period: period.to_string(),
        area: measure.name_of(area, areas).to_owned(),
        group: group.map_or(String::new(), |(by, group)| format!("{by}: {group}")),
        value: format!(
            "{} of {} age bands{}",
            of.len(),
            measure.age_bands().len(),
            if suppressed { ", some suppressed" } else { "" }
        ),
        counts,
        limits: String::new(),
        note: of.iter().map(|one| one.note.trim()).filter(|note| !note.is_empty()).collect::<Vec<_>>().join("; "),
        cell,
        questioned: false,
    })
}
