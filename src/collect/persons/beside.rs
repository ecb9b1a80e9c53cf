//! What stands in a workbook beside its cells, judged like them: comments each in the column of its cell, other texts as rows.

use super::sheet;
use super::text::personal;
use std::borrow::Cow;
use std::collections::HashSet;
use workbook_reader::{Beside, Cell, CellContent, NumberFormat, Sheet, one_line};

/// So many lines or comments that say who somebody is are a list.
const A_LIST: usize = 3;

/// The first text beside the cells of the sheet that is about persons one by one, in words; none where there is none. What a
/// chart repeats of the cells of the workbook was judged there, beneath its heading.
pub fn find_beside<'s>(sheet: &'s Sheet, in_cells: &HashSet<String>) -> Option<(&'s Beside, String)> {
    let texts = || sheet.beside.iter().filter(|beside| !beside.is_embedded());
    let own = |beside: &'s Beside| -> Cow<'s, str> {
        if !beside.is_chart() {
            return Cow::Borrowed(&beside.text);
        }
        let is_own = |text: &str| !in_cells.contains(&one_line(text));
        let own_of =
            |line: &str| line.split('\t').map(|text| if is_own(text) { text } else { "" }).collect::<Vec<_>>().join("\t");
        beside.text.lines().map(|line| own_of(line) + "\n").collect()
    };
    let by_itself = |beside: &'s Beside| sheet::find(&as_sheet(&own(beside))).map(|sign| sign.words);
    if let Some(found) = texts().find_map(|beside| Some((beside, by_itself(beside)?))) {
        return Some(found);
    }
    let telling = || texts().filter(|beside| beside.text.lines().any(|line| personal(line).is_some()));
    let lines = texts().flat_map(|beside| beside.text.lines()).filter(|line| personal(line).is_some());
    let first = telling().next()?;
    (lines.count() >= A_LIST).then(|| (first, "texts that say who somebody is".to_owned()))
}

/// Lines as rows: their cells parted by tabs, bars or semicolons, or by commas where every line has as many.
fn as_sheet(text: &str) -> Sheet {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let commas = |line: &&str| line.matches(',').count();
    let by_commas = lines.len() > 1 && lines.iter().map(commas).all(|count| count > 0 && count == commas(&lines[0]));
    let is_end = |c: char| matches!(c, '\t' | '|' | ';') || by_commas && c == ',';
    let cells = (0..).zip(&lines).flat_map(|(row, line)| {
        let texts = (0..).zip(line.split(is_end)).filter(|(_, text)| !text.trim().is_empty());
        texts.map(move |(column, text)| Cell {
            row,
            column,
            content: CellContent::Text(text.trim().to_owned()),
            shown: NumberFormat::Plain,
        })
    });
    Sheet::new(String::new(), false, cells.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(texts: &[&str]) -> Sheet {
        let beside = |text: &&str| Beside { name: "comment".to_owned(), at: Some((3, 1)), text: (*text).to_owned() };
        let mut sheet = Sheet::new("Figures".to_owned(), false, Vec::new());
        sheet.beside = texts.iter().map(beside).collect();
        sheet
    }

    #[test]
    fn rows_of_people_are_found_wherever_they_stand() {
        for texts in [
            &["NHS number\tDate of birth\n999 000 0026\t3/4/1961"][..],
            &["Surname,First name,DOB\nSample,Ann,3/4/1961\nTest,Ravi,4/5/1972"],
            &["9990000026\n9990000034\n9990000042"],
            &["see 999 000 0026", "DOB 3/4/1961", "patient Ann Sample"],
        ] {
            assert!(find_beside(&sheet(texts), &HashSet::new()).is_some(), "{texts:?}");
        }
    }

    #[test]
    fn comments_about_figures_are_no_list() {
        for texts in [
            &["Checked by Ann Sample, Head of Performance", "45 of 60 patients", "Average of the three months"][..],
            &["Region\tSpend\nNorth\t9990000026\nSouth\t1234567890"],
            &["see 999 000 0026"],
            &[],
        ] {
            assert_eq!(find_beside(&sheet(texts), &HashSet::new()), None, "{texts:?}");
        }
    }

    #[test]
    fn chart_copies_are_judged_with_their_cells() {
        let names = ["Edith Cavell", "Mary Seacole", "Grace Hopper", "Alice Walker", "Rosemary Kennedy"];
        let mut sheet = sheet(&[&names.map(|name| format!("{name}\t12")).join("\n")]);
        sheet.beside[0].name = "chart".to_owned();
        assert!(find_beside(&sheet, &HashSet::new()).is_some());
        assert_eq!(find_beside(&sheet, &names.map(str::to_owned).into()), None);
    }
}
