//! The chance of meeting each target that is still to come, and why others have none.

use super::blocks::{break_run, heads, illustrative_mark, measure_anchor, paragraph, wide};
use crate::report::content::{Chances, MeasureView, View, WithoutChance, chances as chances_of, chances_chart, sentences};
use tagged_document::model::{Block, Cell, Column, Item, List, ParagraphKind, Row, Run};

/// A chart and a table of those with a chance, the least likely first; below them those without, by the reason.
pub fn chances(view: &View) -> Vec<Block> {
    let of = chances_of(view);
    let mut blocks: Vec<Block> = chances_chart(&of.given).map(Block::Figure).into_iter().collect();
    if !of.given.is_empty() {
        blocks.push(table(&of));
    }
    if !of.without.is_empty() {
        blocks.push(paragraph(ParagraphKind::Body, vec![Run::bold("Without a chance, and why")], false));
        let item = |(why, measures): (&WithoutChance, &Vec<(&MeasureView, Vec<&str>)>)| {
            let mut runs = vec![Run::bold(format!("{} ({}): ", why.in_words(), measures.len()))];
            for (i, (measure, areas)) in measures.iter().enumerate() {
                runs.extend((i > 0).then(|| Run::text("; ")));
                runs.push(Run::text(measure.title.clone()).linked(&measure_anchor(measure)));
                runs.extend((!areas.is_empty()).then(|| Run::text(format!(" ({})", sentences::joined(areas)))));
            }
            runs.push(Run::text("."));
            Item { runs, inner: None }
        };
        blocks.push(Block::List(List { ordered: false, items: of.without.iter().map(item).collect() }));
    }
    blocks
}

fn table(of: &Chances<'_>) -> Block {
    let rows = of.given.iter().map(|given| {
        let (measure, prospect) = (given.measure, given.prospect);
        let mut name = vec![Run::bold(given.title()).linked(&measure_anchor(measure))];
        if prospect.illustrative {
            name.extend([Run::text(" "), illustrative_mark()]);
        }
        let needed = prospect.outlook.needed.as_str();
        let cells = vec![
            Cell::head(name),
            Cell::new(vec![Run::bold(given.chance.words())]),
            Cell::new(vec![Run::text(prospect.latest.clone()), break_run(), Run::quiet(prospect.period.clone())]),
            Cell::text(prospect.target.clone()),
            Cell::text(if needed.is_empty() { "none: the target is met now" } else { needed }),
            Cell::text(prospect.outlook.had.clone()),
        ];
        Row { cells, illustrative: prospect.illustrative }
    });
    let shares = [0.27, 0.13, 0.12, 0.16, 0.16, 0.16];
    let columns = shares.map(|share| Column::left().at_most(share)).to_vec();
    let head = heads(&["Measure", "Chance of meeting it", "Figure now", "Target, and by when", "Change needed", "Change so far"]);
    Block::Table(wide(columns, head, rows.collect()))
}
