//! What a measure's figures say beside its status: which figure was judged, how it has changed by the tests of a change, the
//! comparator's, its trend, and whether it can still meet its target.

use super::figures;
use super::outlook::Outlook;
use super::sentences::{self, FigureInWords};
use crate::evaluate::{Assessment, ChangeSince, OtherAreaFigure, SeriesPoint};
use crate::framework::Measure;

/// Some sentences; empty where there is no figure.
pub fn story(measure: &Measure, head: &Assessment, outlook: &Outlook, compared_with: &str) -> String {
    let Some(latest) = head.latest.as_ref() else { return String::new() };
    let mut said = Vec::new();
    if let Some(judged) = &head.judged {
        said.push(format!(
            "It is judged on {} in {}; the latest figure is {} in {}.",
            figures::value(measure, judged.value),
            judged.period.in_words(),
            figures::value(measure, latest.value),
            latest.period.in_words()
        ));
    }
    if let Some(words) = changed(measure, head.previous.as_ref(), latest, head.since_previous.as_ref()) {
        said.push(format!("It {words}."));
    }
    let is_other = head.baseline.as_ref().map(|b| b.period) != head.previous.as_ref().map(|p| p.period);
    if let Some((since, baseline)) = head.since_baseline.as_ref().zip(head.baseline.as_ref()).filter(|_| is_other) {
        let then = figures::value(measure, baseline.value);
        said.push(format!("Beside its baseline, {then} in {}, it is {}.", baseline.period.in_words(), since.change.in_words()));
    }
    let figure = latest.comparator.map(|value| figures::number(measure, value));
    // The reason has named the comparator already where the target is set against it.
    if !head.reason.contains(compared_with)
        && let Some(words) = sentences::comparison_in_words(head.comparison, compared_with, figure.as_deref())
    {
        said.push(format!("It is {words}."));
    }
    said.extend(placings(measure, head).iter().map(|words| format!("It is {words}.")));
    let trend = sentences::trend(head.trend).filter(|_| !head.is_too_old());
    said.extend(trend.map(|words| format!("It {words}.")));
    said.extend(outlook.sentences());
    said.join(" ")
}

/// How the latest figure stands beside an earlier one, by the test of that change.
fn changed(
    measure: &Measure,
    earlier: Option<&SeriesPoint>,
    latest: &SeriesPoint,
    since: Option<&ChangeSince>,
) -> Option<String> {
    let (earlier, since) = earlier.zip(since)?;
    let (was, is) = (earlier.value.number()?, latest.value.number()?);
    let [was_words, is_words] = [was, is].map(|value| figures::number(measure, value));
    let (then, now) = (earlier.period.in_words(), latest.period.in_words());
    let said = |figure, when| FigureInWords { figure, when };
    let by = figures::alike(measure, was, is).unwrap_or_default();
    Some(sentences::change(said(&was_words, &then), said(&is_words, &now), &since.change, &by))
}

/// A change in a few words for a table: `significantly lower (95%)`; `none` where there is nothing to compare.
pub fn change_in_short(since: Option<&ChangeSince>) -> String {
    since.map_or(figures::NONE.to_owned(), |since| since.change.in_words())
}

/// How a figure stands beside the region's, among areas of its kind and among its nearest neighbours, each with whom.
pub fn placings(measure: &Measure, of: &Assessment) -> Vec<String> {
    let first = |by_favour: bool| if by_favour { "1 is best" } else { "1 is highest" };
    let beside = |beside: &OtherAreaFigure| {
        let figure = figures::number(measure, beside.value);
        sentences::comparison_in_words(beside.comparison, &beside.region, Some(&figure))
            .unwrap_or_else(|| format!("not compared with {} ({figure})", beside.region))
    };
    let like = of.among_like.as_ref().map(|like| {
        let kinds = sentences::joined(&like.area_types);
        let (rank, all) = (like.rank, like.of);
        let (top, bottom) = if like.by_favour { ("best", "worst") } else { ("highest", "lowest") };
        let quarter = match like.quarter {
            1 => format!("the {top} quarter"),
            2 => format!("the second quarter from the {top}"),
            3 => format!("the third quarter from the {top}"),
            _ => format!("the {bottom} quarter"),
        };
        format!("ranked {rank} of {all} areas of its kind ({kinds}; {}), in {quarter}", first(like.by_favour))
    });
    let neighbours = of.neighbours.as_ref().map(|near| {
        let (rank, all, model) = (near.rank, near.of, &near.model);
        format!("ranked {rank} of {all} with its nearest neighbours ({model}; {})", first(near.by_favour))
    });
    of.region.iter().chain(&of.beside).map(beside).chain(like).chain(neighbours).collect()
}
