//! What the annex is, how its tables are to be read, and what each column holds.

use super::table::{AnnexCell, AnnexColumn, AnnexTable, ColumnKind};
use crate::collect::IndicatorOutcome;
use crate::evaluate::Status;
use crate::framework::StatusRules;
use crate::report::PackInputs;
use crate::report::content::figures::date;
use crate::report::content::{edition_standing, edition_warning, past_deadline};
use std::collections::BTreeSet;

const NOTES: &[AnnexColumn] =
    &[AnnexColumn::words("item", "What the note is about"), AnnexColumn::words("note", "What there is to know")];

pub fn notes(pack: &PackInputs<'_>, tables: &[AnnexTable]) -> AnnexTable {
    let edition = &pack.framework.edition;
    let area = pack.areas.name(&edition.system);
    let mut notes: Vec<(String, String)> = Vec::new();
    let mut note = |item: &str, text: String| notes.push((item.to_owned(), text));
    note("What this is", format!("The figures of the outcomes framework board pack of {area}, as data"));
    note("Quarter", format!("{} ({})", pack.evaluation.period.in_words(), pack.evaluation.period.slug()));
    note("As at", format!("{}: what was published or returned later is not in it", date(pack.evaluation.as_at)));
    let standing = [edition_warning(pack), edition_standing(pack)].join(" ");
    note("Edition", format!("{} ({}). {}", edition.title, edition.id, standing.trim()));
    note(
        "Wording",
        "Ambitions and key actions are told in short, in our words; verbatim has the text where its owner gave it".to_owned(),
    );
    if pack.evaluation.interim {
        note(
            "Interim",
            past_deadline(pack).map_or_else(
                || "Dated before the deadline for returns: what is still missing from them is not late".to_owned(),
                |past| past.in_words(pack.returns_due),
            ),
        );
    }
    if pack.draft {
        note("Draft", "The pack has not been approved yet: figures and judgements may change".to_owned());
    }
    if let Some(correction) = pack.correction {
        match correction.is_of_interim() {
            true => note("Final", "Replaces the interim pack, which was sent before all returns were complete".to_owned()),
            false => note(
                "Corrected",
                format!("Issue {}, which replaces every earlier issue: {}", correction.issue, correction.reason),
            ),
        }
    }
    if edition.status_rules == StatusRules::Proposed {
        note("Rules for statuses", "A proposal: the partnership has not agreed yet how an ambition is judged".to_owned());
    }
    if is_illustrative(pack) {
        note(
            "Illustrative figures",
            "Some figures were made up to show how the pack works, and say nothing about any organisation or place. They have \
             yes in the column Illustrative, or illustrative among their flags"
                .to_owned(),
        );
    }
    note(
        "[c]",
        "Suppressed: there is a figure, and it is withheld to protect people, be it small itself or beside one that is"
            .to_owned(),
    );
    note("[x]", "Not available: not published, not returned, or not to be computed from what was".to_owned());
    note(
        "[z]",
        "Not applicable: the column does not apply to the row, as the value to reach to a goal that is a direction".to_owned(),
    );
    note("[low]", "In Series: the value is shown as zero at the decimals of its measure, and is not zero".to_owned());
    note("[r]", "In Series: the value was revised since the last pack; the sheet Revisions has both".to_owned());
    note(
        "[p]",
        "Provisional. No single figure is marked so, for not every source says it of its figures. A status that may still change \
         has that among its flags"
            .to_owned(),
    );
    note("0", "A number that was given: none of the marks stands for zero".to_owned());
    note(
        "Cells without words",
        "In the workbooks [z], or [x] where there could have been some; in the CSV files an empty field".to_owned(),
    );
    note(
        "Decimals",
        "The workbooks show figures with the decimals of their measure; the cells hold them as they are, as the CSV files do"
            .to_owned(),
    );
    note(
        "Identifiers",
        "Sheets have names; the last columns are the ids and codes by which their rows are found in other sheets and in the CSV \
         files"
            .to_owned(),
    );
    note(
        "Protected measures",
        "Of a measure whose small numbers are protected (see Measures), a revision is listed with the figures that packs showed, and without the others".to_owned(),
    );
    note("Percentages", "12.3% is written 12.3, with percent in the column Unit".to_owned());
    let statuses = Status::ALL.map(|status| format!("{} is {}", status.code(), status.label()));
    note("Statuses in the CSV files", statuses.join("; "));
    note(
        "Words that start like a formula",
        "Cells of the workbooks are words or numbers, never formulas. In the CSV files an apostrophe stands before words that \
         begin with =, +, -, @, a tab or a carriage return"
            .to_owned(),
    );
    if !pack.without.is_empty() {
        let titles = pack.without.iter().map(|id| pack.framework.measure(id).map_or(id.0.as_str(), |m| &m.title));
        note("Measures without a figure here", titles.collect::<Vec<_>>().join("; "));
    }
    let licences = licences(pack);
    if !licences.is_empty() {
        note("Licence", "Contains public sector information licensed under the Open Government Licence v3.0".to_owned());
    }
    for licence in licences {
        note("Licence", licence);
    }
    note("Licence", "Figures that partners returned remain theirs".to_owned());
    note("Table: Columns", "What each column of the tables holds".to_owned());
    for table in tables.iter().filter(|table| table.name != "Columns") {
        let sheets: Vec<&str> = table.sheets().iter().map(|sheet| sheet.name).collect();
        let parted = if sheets.len() > 1 { format!(". Sheets: {}", sheets.join(", ")) } else { String::new() };
        note(&format!("Table: {}", table.name), format!("{}. Rows: {}{parted}", capitalised(table.what), table.rows.len()));
    }
    let rows = notes.into_iter().map(|(item, text)| vec![AnnexCell::Words(item), AnnexCell::Words(text)]).collect();
    AnnexTable { name: "Notes", what: "something to know before the tables are used", columns: NOTES, rows }
}

fn is_illustrative(pack: &PackInputs<'_>) -> bool {
    let points =
        pack.evaluation.measures.iter().flat_map(|measure| {
            std::iter::once(&measure.headline).chain(&measure.areas).flat_map(|assessment| &assessment.series)
        });
    pack.returns.iter().any(|receipt| receipt.illustrative)
        || pack
            .evaluation
            .actions
            .iter()
            .flat_map(|action| action.report.iter().chain(&action.others))
            .any(|report| report.illustrative)
        || points.into_iter().any(|point| point.illustrative)
}

/// Each once, with whom it is of.
pub(super) fn licences(pack: &PackInputs<'_>) -> BTreeSet<String> {
    let received = pack.indicators.iter().filter_map(|receipt| match &receipt.outcome {
        IndicatorOutcome::Received { licence, .. } if !licence.trim().is_empty() => {
            Some(format!("{}: {}", receipt.publisher, licence.trim()))
        }
        _ => None,
    });
    received.collect()
}

const COLUMNS: &[AnnexColumn] = &[
    AnnexColumn::words("table", "Name of the table"),
    AnnexColumn::words("heading", "Its heading in the workbooks").headed("Column"),
    AnnexColumn::words("holds", "words, numbers, dates, times or yes and no"),
    AnnexColumn::words("meaning", "What stands in it"),
    AnnexColumn::words("column", "Name of the column in the CSV files").headed("Name in the CSV files"),
];

pub fn columns(tables: &[AnnexTable]) -> AnnexTable {
    let all = tables.iter().flat_map(|table| table.columns.iter().map(move |column| (table.name, column)));
    let rows = all.map(|(table, column)| {
        let holds = match column.kind {
            ColumnKind::Words => "words",
            ColumnKind::Number => "numbers",
            ColumnKind::Date => "dates",
            ColumnKind::Moment => "times (UTC)",
            ColumnKind::YesNo => "yes or no",
        };
        [table, &column.heading(), holds, column.what, column.name].map(AnnexCell::words).to_vec()
    });
    AnnexTable { name: "Columns", what: "a column of a table", columns: COLUMNS, rows: rows.collect() }
}

fn capitalised(words: &str) -> String {
    let first = words.chars().take(1).flat_map(char::to_uppercase);
    first.chain(words.chars().skip(1)).collect()
}
