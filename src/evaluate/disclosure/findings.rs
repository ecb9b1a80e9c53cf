//! What was found in returns and in public sources, as it may be published: without what stood in a cell.

use super::figures::points;
use super::rule::Rule;
use crate::area::AreaCode;
use crate::collect::{Finding, Grade, ReturnReceipt};
use crate::evaluate::{Assessment, Evaluation, SeriesPoint};
use crate::figure::FigureKey;
use crate::framework::{Framework, MeasureId};
use crate::period::Period;
use crate::value::Value;
use std::collections::BTreeSet;

/// What was found in returns as it may be published: see [`disclose_findings`].
pub fn disclose_receipts(receipts: &[ReturnReceipt], published: &Evaluation, framework: &Framework) -> Vec<ReturnReceipt> {
    let mut receipts = receipts.to_vec();
    receipts.iter_mut().for_each(|receipt| receipt.findings.retain(|finding| !is_question_of_hidden(finding, published)));
    let findings = receipts.iter_mut().flat_map(|receipt| &mut receipt.findings);
    disclose_each(findings, published, framework);
    receipts
}

/// What was found of figures as it may be published: nothing of a figure that is withheld in `published` but that one was not
/// used, and of a count by age band that something was found, not what. Of others no text of a cell is quoted; nor is a number, of a protected measure
/// but those that the pack shows of the area, and of what is no figure none but our own.
pub fn disclose_findings(findings: &[Finding], published: &Evaluation, framework: &Framework) -> Vec<Finding> {
    let mut findings = findings.to_vec();
    findings.retain(|finding| !is_question_of_hidden(finding, published));
    disclose_each(findings.iter_mut(), published, framework);
    findings
}

/// Figures before it that a figure is held against.
const HELD_AGAINST: usize = 5;

/// That a hidden figure is in question, or one for what hidden ones before it were; which it is for some counts and not for
/// others. Readers are told nothing of it, and nothing may rest on it that they are told.
pub fn is_question_of_hidden(finding: &Finding, published: &Evaluation) -> bool {
    let Some(about) = finding.about.as_ref().filter(|_| finding.grade != Grade::Error) else { return false };
    let is_hidden = |point: &SeriesPoint| point.period == about.period && point.value == Value::Suppressed;
    published.measures.iter().filter(|of| of.headline.measure == about.measure).any(|of| match &about.category {
        None => of.each().filter(|area| area.area == about.area).any(|area| {
            // A figure is in question for what those before it were.
            let mut before = area.series.iter().rev().filter(|point| point.period < about.period).take(HELD_AGAINST);
            points(area).any(is_hidden) || before.any(|point| point.value == Value::Suppressed)
        }),
        Some(category) => of.breakdowns.iter().any(|breakdown| {
            let is_group = |(label, point): &(String, SeriesPoint)| *label == category.group && is_hidden(point);
            breakdown.area == about.area && breakdown.scheme == category.scheme && breakdown.groups.iter().any(is_group)
        }),
    })
}

fn disclose_each<'f>(findings: impl Iterator<Item = &'f mut Finding>, published: &Evaluation, framework: &Framework) {
    let assessments = || published.measures.iter().flat_map(|m| m.areas.iter().chain([&m.headline]));
    let withheld: BTreeSet<(&MeasureId, &AreaCode, Period)> = assessments()
        .flat_map(|a| a.series.iter().filter(|p| p.value == Value::Suppressed).map(|p| (&a.measure, &a.area, p.period)))
        .collect();
    let is_withheld = |about: &FigureKey| {
        framework.measure(&about.measure).is_none()
            || withheld.contains(&(&about.measure, &about.area, about.period))
            || about.category.as_ref().is_some_and(|category| category.component().is_some())
    };
    let is_protected =
        |about: &FigureKey| framework.measure(&about.measure).is_none_or(|measure| Rule::of(measure.disclosure).is_some());
    let numbers = |about: &FigureKey| -> Vec<f64> {
        let of = assessments().filter(|of| of.measure == about.measure && of.area == about.area);
        of.flat_map(numbers_of).collect()
    };
    let actions: BTreeSet<&str> = framework.actions.iter().map(|action| action.id.0.as_str()).collect();
    for finding in findings {
        let public = match &finding.about {
            Some(about) if is_withheld(about) => {
                let is_used = if finding.grade == Grade::Error { ", and it is not used" } else { "" };
                let title = framework.measure(&about.measure).map_or(about.measure.0.as_str(), |of| of.title.trim());
                finding.problem = format!(
                    "{title} for {}: something was found of a figure that is not published{is_used}",
                    about.period.in_short()
                );
                Some(Vec::new())
            }
            // The breakdown's own figures are not gone through.
            Some(about) if is_protected(about) && about.category.is_some() => Some(Vec::new()),
            Some(about) if is_protected(about) => Some(numbers(about)),
            Some(_) => None,
            None => Some(Vec::new()),
        };
        let [problem, remedy] = [&finding.problem, &finding.remedy].map(|sentence| {
            let may_stand = |words: &[&str], at: usize| {
                names_our_own(words[at], &actions) || finding.about.is_none() && is_of_our_own(words, at)
            };
            without_cells(sentence, public.as_deref(), may_stand)
        });
        (finding.problem, finding.remedy) = (problem, remedy);
    }
}

/// Every number that a pack shows of an area's figures.
pub(super) fn numbers_of(of: &Assessment) -> impl Iterator<Item = f64> {
    let of_point = |point: &SeriesPoint| [point.value.number(), point.numerator, point.denominator].into_iter().flatten();
    points(of).flat_map(of_point)
}

/// Stands where a text or a number of a cell stood.
const LEFT_OUT: &str = "\u{2026}";

/// A sentence without what it quotes. Where `public` is given, also without numbers, but for those, at the precision at which
/// they are written, for those that name a place or a period, and for those that may stand by what is told of the words of the
/// sentence and of which of them it is.
pub(super) fn without_cells(sentence: &str, public: Option<&[f64]>, also: impl Fn(&[&str], usize) -> bool) -> String {
    let unquoted = without_lists(&without_quotes(sentence));
    let Some(public) = public else { return unquoted };
    let mut before = "";
    let mut words = Vec::new();
    let all: Vec<&str> = unquoted.split(' ').collect();
    for (at, word) in all.iter().copied().enumerate() {
        let names_a_place =
            ["row", "rows", "line", "lines", "column", "cell", "cells", "sheet", "page", "step"].contains(&before);
        let is_of_a_date = || is_of_a_date(before, word, all.get(at + 1).copied().unwrap_or_default());
        let may_stand = names_a_place || also(&all, at) || is_of_a_period(word) || is_of_a_date() || is_one_of(word, public);
        match word.contains(|c: char| c.is_numeric()) && !may_stand {
            true => words.push(left_out(word)),
            false => words.push(word.to_owned()),
        }
        before = word;
    }
    words.join(" ")
}

/// A number as it is written is one of these: `1,250`, `3.0%;`.
fn is_one_of(word: &str, numbers: &[f64]) -> bool {
    let digits = word.trim_matches(|c: char| !c.is_ascii_digit()).replace(',', "");
    let places = digits.split_once('.').map_or(0, |(_, places)| places.len());
    let Ok(number) = digits.parse::<f64>() else { return false };
    let places = i32::try_from(places).unwrap_or(i32::MAX);
    let half = 0.5 * 0.1_f64.powi(places) + 1e-9;
    numbers.iter().any(|other| (other - number).abs() <= half)
}

/// The name of a workbook, or the id of a key action; what a cell holds is a number or quoted.
fn names_our_own(word: &str, actions: &BTreeSet<&str>) -> bool {
    let word = word.trim_end_matches([',', ';', ':', '.']);
    let is_workbook = [".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"].iter().any(|ending| word.to_lowercase().ends_with(ending));
    is_workbook || word.contains(char::is_alphabetic) && actions.contains(word)
}

/// Of a finding about no figure: a number of what we read at most or have counted of the file, or one of what was expected, which no
/// cell has a part in.
fn is_of_our_own(words: &[&str], at: usize) -> bool {
    const COUNTED: [&str; 5] = ["MB", "seconds", "cells", "files", "more"];
    let is_counted = words.get(at + 1).is_some_and(|next| COUNTED.contains(&next.trim_end_matches([',', '.'])));
    is_counted || is_expected(words, at)
}

/// Within the clause that says what was expected: `…; 1 to 3 was expected`, `… where 5 digits were expected`.
fn is_expected(words: &[&str], at: usize) -> bool {
    let ends_a_clause = |word: &str| word.ends_with([';', ':']) || word == "where";
    let is_the_verb = |pair: &[&str]| matches!(pair, ["was" | "were", "expected" | "expected;" | "expected,"]);
    let begins = words[..at].iter().any(|word| ends_a_clause(word));
    let clause = &words[at..];
    let end = clause.iter().position(|word| ends_a_clause(word)).map_or(clause.len(), |end| end + 1);
    begins && clause[..end].windows(2).any(is_the_verb)
}

/// `2026/27`, `2026-27-Q2`, `2018–20`, `Q2`.
fn is_of_a_period(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let is_year = digits == 4 && word[4..].starts_with(['/', '-', '–']);
    is_year || matches!(word, "Q1" | "Q2" | "Q3" | "Q4")
}

/// The signs of the sentence around a number stay: `(5` is `(…`.
fn left_out(word: &str) -> String {
    let number = word.trim_start_matches('(').trim_end_matches([')', ',', ';', ':', '.']);
    word.replacen(number, LEFT_OUT, 1)
}

/// The day or the year of a date in words, by the words beside it: `3 April 2027`, `in July 2026`.
fn is_of_a_date(before: &str, word: &str, after: &str) -> bool {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let number = word.split('–').next().unwrap_or_default().trim_matches(|c: char| !c.is_alphanumeric()).parse::<u32>().ok();
    // Also `Sep 2026`, and `Oct 2025–Sep 2026`.
    let is_month = |word: &str| {
        let word = word.rsplit('–').next().unwrap_or_default();
        MONTHS.iter().any(|month| *month == word || month[..3] == *word)
    };
    is_month(after) && number.is_some_and(|day| (1..=31).contains(&day))
        || is_month(before) && number.is_some_and(|year| (1900..2200).contains(&year))
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

/// Without what was found instead, where nothing is left of it but marks: `has no sheet called Figures; found: "…", "…"`.
fn without_lists(unquoted: &str) -> String {
    match unquoted.rsplit_once("; found: ") {
        Some((told, found)) if found.split(", ").all(|one| one == "\"\u{2026}\"") => told.to_owned(),
        _ => unquoted.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    fn without_cells(sentence: &str, public: Option<&[f64]>) -> String {
        super::without_cells(sentence, public, |words, at| super::names_our_own(words[at], &BTreeSet::from(["act-1"])))
    }

    #[test]
    fn sizes_and_what_was_expected_may_stand() {
        let of_no_figure = |sentence| super::without_cells(sentence, Some(&[]), super::is_of_our_own);
        for kept in [
            "is larger than 20 MB, the most that is read",
            "takes longer to read than 60 seconds",
            "has more than 500000 cells, the most that is read",
            "12 more findings are not listed",
            "holds 40 files that have names like workbooks but are not workbooks",
        ] {
            assert_eq!(of_no_figure(kept), kept);
        }
        for (told, kept) in [
            ("\"7\" is not a step of hubs: 1 to 3 was expected", "\"…\" is not a step of hubs: 1 to 3 was expected"),
            ("7 is not a date; one such as 31/12/2026 was expected", "… is not a date; one such as 31/12/2026 was expected"),
            ("7 was found where words were expected; 7 is left out", "… was found where words were expected; … is left out"),
            ("7 was expected", "… was expected"),
        ] {
            assert_eq!(of_no_figure(told), kept);
        }
    }

    #[test]
    fn findings_quote_no_cell() {
        let found = "the text \"3 people, \\\"all\\\" known\" was found where a number was expected";
        assert_eq!(without_cells(found, None), "the text \"\u{2026}\" was found where a number was expected");
        let above = "the numerator 4 is above the denominator 3";
        assert_eq!(without_cells(above, Some(&[])), "the numerator … is above the denominator …");
        assert_eq!(without_cells(above, None), above);
        let places = "row 7 is of 2026/27 Q1; 2026-27-Q2 was expected, and 3.0% was found";
        assert_eq!(without_cells(places, Some(&[])), "row 7 is of 2026/27 Q1; 2026-27-Q2 was expected, and … was found");
        let dates = "was due on 3 April 2027 (5 days ago), not in July 2026; \"born 3 April 1961\", 12 March figures";
        let told = "was due on 3 April 2027 (… days ago), not in July 2026; \"…\", 12 March figures";
        assert_eq!(without_cells(dates, Some(&[])), told);
        for period in ["it was found in 2018–20", "in Sep 2026", "in Oct 2025–Sep 2026, which"] {
            assert_eq!(without_cells(period, Some(&[])), period);
        }
        let own = "step 2 of key action act-1 is given differently in fens 2.xlsx and fens_3.xlsx, act-2 and 4 are not";
        let told = "step 2 of key action act-1 is given differently in fens 2.xlsx and fens_3.xlsx, … and … are not";
        assert_eq!(without_cells(own, Some(&[])), told);
        let sheets = "has no sheet called Figures; found: \"About\", \"Mr Jones\"";
        assert_eq!(without_cells(sheets, Some(&[])), "has no sheet called Figures");
        assert_eq!(without_cells("an open quote \"3 people", Some(&[])), "an open quote \"…\"");
    }

    #[test]
    fn a_number_that_the_pack_shows_may_stand() {
        let rose = "12.3% is far above the 1.0% of 2025/26, of 1,250 people";
        assert_eq!(without_cells(rose, Some(&[12.345, 1250.0])), "12.3% is far above the … of 2025/26, of 1,250 people");
    }
}
