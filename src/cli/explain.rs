//! `boardpack explain`: one measure laid open, as text or as data.

mod text;

use super::evaluate::{Prepared, When, finish, print};
use super::{Failure, Sources};
use crate::area::AreaCode;
use crate::evaluate::{self, Explanation};
use crate::framework::{Framework, MeasureId};
use clap::{Args, ValueEnum};
use std::io;

#[derive(Args)]
pub struct Arguments {
    /// The measure's id
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
    let Prepared { materials, area, .. } = &prepared;
    let wanted = MeasureId(arguments.measure.to_lowercase());
    if materials.framework.measure(&wanted).is_none() {
        return Err(Failure::usage("MEASURE", unknown(&arguments.measure, &materials.framework)));
    }
    let assessed = prepared.assess()?;
    let inputs = assessed.inputs(materials);
    let explanation = evaluate::explain(&inputs, &assessed.evaluation, &wanted)
        .ok_or_else(|| Failure::usage("MEASURE", unknown(&arguments.measure, &materials.framework)))?;
    let explanation = match area {
        Some(area) => of_area(explanation, area)?,
        None => explanation,
    };
    print(match arguments.format {
        Format::Text => Ok(text::write(&explanation).into_bytes()),
        Format::Json => serde_json::to_vec_pretty(&explanation).map(|json| [json, vec![b'\n']].concat()).map_err(io::Error::from),
    })?;
    Ok(finish(&assessed))
}

/// What was meant, perhaps: names that hold the word, then those spelt most alike.
fn unknown(asked: &str, framework: &Framework) -> String {
    let asked_lower = asked.to_lowercase();
    let mut near: Vec<(bool, f64, &str)> = framework
        .measures
        .iter()
        .map(|measure| {
            let title = measure.title.to_lowercase();
            let holds = measure.id.0.contains(&asked_lower) || title.contains(&asked_lower);
            let likeness = strsim::jaro_winkler(&measure.id.0, &asked_lower).max(strsim::jaro_winkler(&title, &asked_lower));
            (holds, likeness, measure.id.0.as_str())
        })
        .collect();
    near.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(b.2)));
    let nearest: Vec<&str> = near.into_iter().take(5).map(|(_, _, id)| id).collect();
    format!("{asked:?} is not a measure of the {} edition; the nearest are: {}", framework.edition.id, nearest.join(", "))
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
