//! What is worse and what is better in a place than for the comparator, in sentences.

use super::blocks::{illustrative_mark, paragraph};
use crate::counted::counted;
use crate::evaluate::Comparison;
use crate::report::content::{MeasureView, SpineFigure, View, sentences, spine_parts};
use tagged_document::model::{Block, Item, List, ParagraphKind, Run};

/// So many measures are told; the rest is named.
const MOST: usize = 4;

/// The measures that are worse here, those farthest from the comparator first, and which are better.
pub fn beside_comparator(view: &View) -> Vec<Block> {
    let parts = spine_parts(view);
    let measures: Vec<&MeasureView> = parts.iter().flat_map(|part| part.measures.iter().copied()).collect();
    let with = &view.pack.comparator;
    let mut worse: Vec<(&MeasureView, Vec<&SpineFigure>)> =
        measures.iter().filter_map(|of| Some((*of, those(of, Comparison::Worse)?))).collect();
    worse.sort_by(|(_, a), (_, b)| distance(b[0]).total_cmp(&distance(a[0])));
    let compared = measures.iter().flat_map(|of| &of.spine).filter(|figure| figure.comparison != Comparison::NotCompared).count();
    if compared == 0 {
        return vec![text(format!("No figure here is compared with {with}."))];
    }
    let mut blocks = Vec::new();
    if worse.is_empty() {
        let compared = counted(compared, "figure that is compared", "figures that are compared");
        blocks.push(text(format!("Of {compared}, none is worse than {with}.")));
    }
    let items: Vec<Item> = worse.iter().take(MOST).map(|(measure, figures)| item(measure, figures)).collect();
    if !items.is_empty() {
        blocks.push(Block::List(List { ordered: false, items }));
    }
    let rest: Vec<String> = worse.iter().skip(MOST).map(|(measure, figures)| in_short(measure, figures)).collect();
    let better = measures.iter().filter_map(|of| Some(in_short(of, &those(of, Comparison::Better)?)));
    for (words, named) in [("Also worse", rest), ("Better", better.collect::<Vec<_>>())] {
        if !named.is_empty() {
            let runs = vec![Run::bold(format!("{words} than {with}: ")), Run::text(format!("{}.", named.join("; ")))];
            blocks.push(paragraph(ParagraphKind::Body, runs, false));
        }
    }
    blocks
}

fn text(words: String) -> Block {
    paragraph(ParagraphKind::Body, vec![Run::text(words)], false)
}

/// The figures of a measure that stand so, the farthest from the comparator first; none where there are none.
fn those(measure: &MeasureView, wanted: Comparison) -> Option<Vec<&SpineFigure>> {
    let mut those: Vec<&SpineFigure> = measure.spine.iter().filter(|figure| figure.comparison == wanted).collect();
    those.sort_by(|a, b| distance(b).total_cmp(&distance(a)));
    (!those.is_empty()).then_some(those)
}

/// As a share of the comparator's figure.
fn distance(figure: &SpineFigure) -> f64 {
    figure.drawn.map_or(0.0, |of| ((of.value - of.comparator) / of.comparator).abs())
}

/// `Adults who smoke: 18.2% in 2023, worse than England (11.6%).`
fn item(measure: &MeasureView, figures: &[&SpineFigure]) -> Item {
    let of_each: Vec<String> = figures.iter().map(|figure| with_area(figure)).collect();
    let of_each: Vec<&str> = of_each.iter().map(String::as_str).collect();
    let (period, theirs) = figures.first().map_or(("", ""), |figure| (figure.period.as_str(), figure.comparator.as_str()));
    let with = &measure.compared_with;
    let same = figures.iter().all(|figure| figure.period == period && figure.comparator == theirs);
    let beside = match same {
        true => format!(" in {period}, worse than {with} ({theirs})"),
        false => format!(", worse than {with}"),
    };
    let old = if figures.iter().any(|figure| figure.old) { " An old figure." } else { "" };
    let mut runs = vec![Run::bold(measure.title.clone()), Run::text(format!(": {}{beside}.", sentences::joined(&of_each)))];
    let adverse: Vec<&str> = figures.iter().filter(|figure| figure.is_adverse).map(|figure| figure.area.as_str()).collect();
    match adverse.as_slice() {
        [] => {}
        // Its own figure has no area's name.
        [""] => runs.push(Run::text(" Significantly adverse.")),
        areas => runs.push(Run::text(format!(" Significantly adverse: {}.", sentences::joined(areas)))),
    }
    runs.push(Run::quiet(old));
    if figures.iter().any(|figure| figure.illustrative) {
        runs.extend([Run::text(" "), illustrative_mark()]);
    }
    Item { runs, inner: None }
}

fn with_area(figure: &SpineFigure) -> String {
    if figure.area.is_empty() { figure.spoken.clone() } else { format!("{} in {}", figure.spoken, figure.area) }
}

/// `Adults who smoke (4.7%)`.
fn in_short(measure: &MeasureView, figures: &[&SpineFigure]) -> String {
    let mark = if figures.iter().any(|figure| figure.illustrative) { ", illustrative" } else { "" };
    let of_each: Vec<String> = figures.iter().map(|figure| with_area(figure)).collect();
    let of_each: Vec<&str> = of_each.iter().map(String::as_str).collect();
    format!("{} ({}{mark})", measure.title, sentences::joined(&of_each))
}
