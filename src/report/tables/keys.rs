//! What the signs mean.

use super::blocks::{heads, wide};
use crate::evaluate::Status;
use crate::report::content::sentences;
use crate::report::icons::Icon;
use crate::report::signs;
use indicator_stats::spc::{Assurance, Variation};
use tagged_document::model::{Block, Cell, Column, Inline, Item, List, Row, Run};

/// What each status means, in a line each.
const MEANINGS: [(Status, &str); 9] = [
    (Status::Achieved, "The target is met."),
    (Status::AchievedLate, "The target is met, but after the date it was due."),
    (Status::OnTrack, "The latest figure is where it needs to be by now, and the target’s date is still to come."),
    (
        Status::AtRisk,
        "Short of where it needs to be by now, but not beyond doubt (its limits reach there, or it has none); or on track and \
         significantly worsening; or an area is significantly adverse.",
    ),
    (Status::OffTrack, "Short of where it needs to be by now beyond its limits, or the target was missed and still is."),
    (Status::NotYetDue, "The first figure, or the milestone, is not due yet."),
    (Status::NoFigure, "There is no figure to judge it by. The reason says what is missing, from whom and since when."),
    (Status::NoTargetSet, "There is a figure, and the number to judge it by has not been entered."),
    (
        Status::CannotBeJudged,
        "There is nothing to judge it by; the reason says what would be needed, or that the measure is retired or was redefined.",
    ),
];

pub fn status_key() -> Block {
    let rows = MEANINGS.map(|(status, meaning)| Row {
        cells: vec![Cell::head(signs::status(status)), Cell::text(meaning)],
        illustrative: false,
    });
    let columns = vec![Column::left().at_most(0.28), Column::left()];
    Block::Table(wide(columns, heads(&["Status", "What it means"]), rows.to_vec()))
}

/// An icon with its words: it is held to the first of them, for all of them are wider than a narrow screen.
pub fn icon(icon: Icon) -> Vec<Run> {
    let words = match icon {
        Icon::Variation(variation) => sentences::variation(variation),
        Icon::Assurance(assurance) => sentences::assurance(assurance),
    };
    vec![Run { inline: Inline::Sign(icon.name()), ..Run::default() }, Run::bold(format!("\u{a0}{words}"))]
}

/// Icons that differ in direction only, with the word of the first.
fn icons(of: [Variation; 2]) -> Vec<Run> {
    let mut runs = vec![Run { inline: Inline::Sign(Icon::Variation(of[1]).name()), ..Run::default() }, Run::text("\u{a0}")];
    runs.extend(icon(Icon::Variation(of[0])));
    runs
}

pub fn icon_key() -> Block {
    let mut items = vec![vec![Run::text("Variation: ")], vec![Run::text("Assurance: ")]];
    let rules = "Special causes: a point beyond the limits; seven in a row rising, falling or on one side of the mean; two of \
                 three near a limit. From 13 figures on; below that there is no icon.";
    let variations = [
        (icons([Variation::ImprovementHigh, Variation::ImprovementLow]), ", "),
        (icons([Variation::ConcernHigh, Variation::ConcernLow]), " by the rules below; "),
        (icon(Icon::Variation(Variation::CommonCause)), ", where none of them holds; "),
        (icon(Icon::Variation(Variation::NeutralHigh)), " or "),
        (icon(Icon::Variation(Variation::NeutralLow)), ", where neither way is good in itself."),
    ];
    let assurances = [
        (icon(Icon::Assurance(Assurance::Pass)), ", "),
        (icon(Icon::Assurance(Assurance::HitAndMiss)), " or "),
        (icon(Icon::Assurance(Assurance::Fail)), ", if nothing changes."),
    ];
    for (item, parts) in items.iter_mut().zip([variations.to_vec(), assurances.to_vec()]) {
        for (runs, after) in parts {
            item.extend(runs);
            item.push(Run::text(after));
        }
    }
    items.push(vec![Run::text(rules)]);
    Block::List(List { ordered: false, items: items.into_iter().map(|runs| Item { runs, inner: None }).collect() })
}
