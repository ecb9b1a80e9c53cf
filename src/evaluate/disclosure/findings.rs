//! What was found in returns and in public sources, as it may be published: without what stood in a cell.

use super::rule::Rule;
use crate::area::AreaCode;
use crate::collect::{FigureKey, Finding, Grade, ReturnReceipt};
use crate::evaluate::{Evaluation, Revision};
use crate::framework::{Framework, MeasureId};
use crate::period::Period;
use crate::value::Value;
use std::collections::BTreeSet;

/// Revised figures as they may be published: of a protected measure it is told that a figure was revised, not what it
/// read, since the difference of two published figures could tell a hidden count; of a count by age band too, of whatever
/// measure.
pub fn disclose_revisions(revisions: &[Revision], framework: &Framework) -> Vec<Revision> {
    let is_protected = |id| framework.measure(id).is_none_or(|measure| Rule::of(measure.disclosure).is_some());
    let is_component = |of: &Revision| of.category.as_ref().is_some_and(|category| category.component().is_some());
    let published = revisions.iter().map(|revision| match is_protected(&revision.measure) || is_component(revision) {
        true => Revision { old: Value::Suppressed, new: Value::Suppressed, ..revision.clone() },
        false => revision.clone(),
    });
    published.collect()
}

/// What was found in returns as it may be published: see [`disclose_findings`].
pub fn disclose_receipts(receipts: &[ReturnReceipt], published: &Evaluation, framework: &Framework) -> Vec<ReturnReceipt> {
    let mut receipts = receipts.to_vec();
    let findings = receipts.iter_mut().flat_map(|receipt| &mut receipt.findings);
    disclose_each(findings, published, framework);
    receipts
}

/// What was found of figures as it may be published: of a figure of a protected measure, or one that is withheld in
/// `published`, it is told that something was found, not what. Of others no text of a cell is quoted; nor is a number where
/// it is not known of which figure it is.
pub fn disclose_findings(findings: &[Finding], published: &Evaluation, framework: &Framework) -> Vec<Finding> {
    let mut findings = findings.to_vec();
    disclose_each(findings.iter_mut(), published, framework);
    findings
}

fn disclose_each<'f>(findings: impl Iterator<Item = &'f mut Finding>, published: &Evaluation, framework: &Framework) {
    let assessments = published.measures.iter().flat_map(|m| m.areas.iter().chain([&m.headline]));
    let withheld: BTreeSet<(&MeasureId, &AreaCode, Period)> = assessments
        .flat_map(|a| a.series.iter().filter(|p| p.value == Value::Suppressed).map(|p| (&a.measure, &a.area, p.period)))
        .collect();
    let is_protected = |about: &FigureKey| {
        framework.measure(&about.measure).is_none_or(|measure| Rule::of(measure.disclosure).is_some())
            || withheld.contains(&(&about.measure, &about.area, about.period))
            || about.category.as_ref().is_some_and(|category| category.component().is_some())
    };
    for finding in findings {
        match &finding.about {
            Some(about) if is_protected(about) => {
                let found = if finding.grade == Grade::Error { "wrong, and is not used" } else { "doubtful" };
                finding.problem =
                    format!("{} for {}: a figure that is not published was found {found}", about.measure, about.period);
                finding.remedy = without_cells(&finding.remedy, true);
            }
            about => {
                let is_of_no_figure = about.is_none();
                finding.problem = without_cells(&finding.problem, is_of_no_figure);
                finding.remedy = without_cells(&finding.remedy, is_of_no_figure);
            }
        }
    }
}

/// Stands where a text or a number of a cell stood.
const LEFT_OUT: &str = "\u{2026}";

/// A sentence without what it quotes, and `without_numbers` without numbers, but for those that name a place or a period.
fn without_cells(sentence: &str, without_numbers: bool) -> String {
    let unquoted = without_quotes(sentence);
    if !without_numbers {
        return unquoted;
    }
    let mut before = "";
    let mut words = Vec::new();
    for word in unquoted.split(' ') {
        let names_a_place = ["row", "rows", "line", "lines", "column", "cell", "cells", "sheet", "page"].contains(&before);
        match word.contains(|c: char| c.is_numeric()) && !names_a_place && !is_of_a_period(word) {
            true => words.push(LEFT_OUT),
            false => words.push(word),
        }
        before = word;
    }
    words.join(" ")
}

/// `2026/27`, `2026-27-Q2`, `Q2`.
fn is_of_a_period(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let is_year = digits == 4 && word[4..].starts_with(['/', '-']);
    is_year || matches!(word, "Q1" | "Q2" | "Q3" | "Q4")
}

/// Quoted as the messages quote: between plain quotation marks, in which one is escaped.
fn without_quotes(sentence: &str) -> String {
    let mut kept = String::with_capacity(sentence.len());
    let mut characters = sentence.chars();
    while let Some(c) = characters.next() {
        kept.push(c);
        if c != '"' {
            continue;
        }
        kept.push_str(LEFT_OUT);
        while let Some(quoted) = characters.next() {
            match quoted {
                '\\' => _ = characters.next(),
                '"' => break,
                _ => {}
            }
        }
        kept.push('"');
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::without_cells;

    #[test]
    fn no_text_and_no_number_of_a_cell_is_quoted() {
        let found = "the text \"3 people, \\\"all\\\" known\" was found where a number was expected";
        assert_eq!(without_cells(found, false), "the text \"\u{2026}\" was found where a number was expected");
        assert_eq!(
            without_cells("the numerator 4 is above the denominator 3", true),
            "the numerator … is above the denominator …"
        );
        assert_eq!(
            without_cells("the numerator 4 is above the denominator 3", false),
            "the numerator 4 is above the denominator 3"
        );
        let places = "row 7 is of 2026/27 Q1; 2026-27-Q2 was expected, and 3.0% was found";
        assert_eq!(without_cells(places, true), "row 7 is of 2026/27 Q1; 2026-27-Q2 was expected, and … was found");
        assert_eq!(without_cells("an open quote \"3 people", true), "an open quote \"…\"");
    }
}
