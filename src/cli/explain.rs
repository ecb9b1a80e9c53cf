//! `boardpack explain`: one measure or ambition laid open, as text or as data.

mod ambition;
mod commentary;
mod text;

use super::evaluate::{Prepared, When, finish};
use super::{Failure, Sources, print_by};
use crate::area::AreaCode;
use crate::evaluate::{self, Explanation};
use crate::framework::{Framework, MeasureId};
use clap::{Args, ValueEnum};
use commentary::{Commentary, WithCommentary};
use serde::Serialize;
use std::io;

#[derive(Args)]
pub struct Arguments {
    /// The id of a measure or of an ambition
    #[arg(value_name = "MEASURE|AMBITION")]
    measure: String,
    #[command(flatten)]
    when: When,
    /// Only this area or organisation, by its code or name
    #[arg(long, value_name = "AREA")]
    area: Option<String>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let prepared = Prepared::new(sources, &arguments.when, arguments.area.as_deref())?;
    let Prepared { config, area, .. } = &prepared;
    let wanted = MeasureId(arguments.measure.to_lowercase());
    let of_ambition = config.framework.ambitions.iter().find(|ambition| ambition.id == wanted.0);
    let is_measure = config.framework.measure(&wanted).is_some();
    if !is_measure && of_ambition.is_none() {
        return Err(Failure::usage("MEASURE", unknown(&arguments.measure, &config.framework)));
    }
    if let Some(area) = area.as_ref().filter(|_| !is_measure) {
        let problem = format!("an ambition is not judged for {area}; explain one of its measures for that area");
        return Err(Failure::usage("--area", problem));
    }
    let assessed = prepared.assess()?;
    let inputs = assessed.inputs(config);
    // One id may name both: then the ambition comes before its measure, and data are the measure's.
    let of_ambition = of_ambition.filter(|_| area.is_none());
    let of_ambition = of_ambition.and_then(|of| ambition::Explanation::of(&config.framework, &assessed.evaluation, of));
    let of_measure = match (evaluate::explain(&inputs, &assessed.evaluation, &wanted), area) {
        (Some(explanation), Some(area)) => Some(of_area(explanation, area)?),
        (explanation, _) => explanation,
    };
    let published = assessed.disclosed(config).evaluation;
    let commentary_on = |ambition: &str| {
        let ambition = config.framework.ambitions.iter().find(|of| of.id == ambition)?;
        Some(Commentary::on(ambition, config, &assessed, &published))
    };
    let bytes = match arguments.format {
        Format::Text => {
            let of_ambition = of_ambition.map(|of| of.to_text(commentary_on(of.id()).as_ref()));
            // What is said of an ambition is said once.
            let is_said = of_ambition.is_some();
            let of_measure = of_measure.map(|of| {
                let commentary = commentary_on(of.ambition.id).filter(|_| !is_said);
                text::write(&of, commentary.as_ref())
            });
            Ok(of_ambition.into_iter().chain(of_measure).collect::<Vec<_>>().join("\n").into_bytes())
        }
        Format::Json => match (&of_measure, &of_ambition) {
            (Some(explanation), _) => json(explanation, commentary_on(explanation.ambition.id)),
            (None, Some(explanation)) => json(explanation, commentary_on(explanation.id())),
            (None, None) => Ok(Vec::new()),
        },
    };
    print_by(|out| out.write_all(&bytes?))?;
    Ok(finish(&assessed))
}

fn json(explanation: &impl Serialize, commentary: Option<Commentary<'_>>) -> io::Result<Vec<u8>> {
    serde_json::to_vec_pretty(&WithCommentary { explanation, commentary: commentary.as_ref() })
        .map(|json| [json, vec![b'\n']].concat())
        .map_err(io::Error::from)
}

/// What was meant, perhaps: names that hold the word, then those spelt most alike.
fn unknown(asked: &str, framework: &Framework) -> String {
    let asked_lower = asked.to_lowercase();
    let measures = framework.measures.iter().map(|measure| (measure.id.0.as_str(), measure.title.to_lowercase()));
    let ambitions = framework.ambitions.iter().map(|ambition| (ambition.id.as_str(), ambition.statement.to_lowercase()));
    let mut near: Vec<(bool, f64, &str)> = measures
        .chain(ambitions)
        .map(|(id, title)| {
            let holds = id.contains(&asked_lower) || title.contains(&asked_lower);
            let likeness = strsim::jaro_winkler(id, &asked_lower).max(strsim::jaro_winkler(&title, &asked_lower));
            (holds, likeness, id)
        })
        .collect();
    near.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(b.2)));
    near.dedup_by_key(|(_, _, id)| *id);
    let nearest: Vec<&str> = near.into_iter().take(5).map(|(_, _, id)| id).collect();
    format!(
        "{asked:?} is not a measure or an ambition of the {} edition; the nearest are: {}",
        framework.edition.id,
        nearest.join(", ")
    )
}

fn of_area<'a>(explanation: Explanation<'a>, area: &AreaCode) -> Result<Explanation<'a>, Failure> {
    let there: Vec<String> = explanation.areas.iter().map(|a| format!("{} {}", a.area, a.area_name)).collect();
    let areas: Vec<_> = explanation.areas.into_iter().filter(|one| one.area == area).collect();
    if areas.is_empty() {
        let problem = format!("{} is not judged for {area}, but for: {}", explanation.measure.id, there.join(", "));
        return Err(Failure::usage("--area", problem));
    }
    Ok(Explanation { areas, ..explanation })
}
