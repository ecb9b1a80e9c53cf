//! The sheet that says in plain words what to fill in.

use super::actions::WHOLE;
use super::checks::{LONGEST_COMMENT, LONGEST_COMMENTARY};
use super::request::{RequestedFigure, ReturnRequest};
use super::style::{Styles, finish, fit};
use crate::framework::{MadeFrom, Measure, MeasureSource};
use jiff::ToSpan;
use rust_xlsxwriter::{Worksheet, XlsxError};
use std::collections::BTreeMap;

/// In characters.
const WIDTH: f64 = 84.0;

const MONEY: &str = "Give money in the unit of its row: £1,300,000 is 1.3 where the unit is million pounds, 1300 where it is thousand pounds. Or write the amount with its unit, as £1.3m or £450k. An amount that may mean two things is not used, and you are asked.";

pub(super) fn write(sheet: &mut Worksheet, of: &ReturnRequest<'_>, styles: &Styles) -> Result<(), XlsxError> {
    sheet.set_name("Guidance")?;
    sheet.set_column_width(0, WIDTH)?;
    sheet.write_string_with_format(0, 0, "How to fill in this workbook", &styles.title)?;
    let mut row = 2;
    for (heading, paragraphs) in sections(of) {
        sheet.write_string_with_format(row, 0, heading, &styles.key)?;
        row += 1;
        for paragraph in paragraphs {
            fit(sheet, row, 1, &[(&paragraph, WIDTH)])?;
            sheet.write_string_with_format(row, 0, paragraph, &styles.text)?;
            row += 1;
        }
        row += 1;
    }
    finish(sheet, &of.partner.name, None)
}

fn sections(of: &ReturnRequest<'_>) -> Vec<(&'static str, Vec<String>)> {
    let own = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    let mut sections = vec![(
        "Where to write",
        own(&[
            "Fill in the framed cells with a pale yellow background. All others are locked, so that nothing is changed by \
             mistake; grey cells are not asked for.",
            "About: choose whether the figures are real. Illustrative means made up, to try things out. Completed by says who filled the workbook in.",
            "Several people may each send a part: the same workbook, each with their own rows or sheets filled in. The parts are put together figure by figure.",
        ]),
    )];
    let rows = of.rows();
    let mut figures = own(&[
        "Each row asks for one figure: a measure, for one period and one area, and for one group where it is split. The definition says what is counted.",
        "Where a numerator and a denominator are asked for, give both and leave the value blank: it is worked out. Where you have only the value, give it alone: it is shown, and cannot be added to those of others.",
        "Write a percentage as 45 or as 45%. Below one per cent write the percent sign as well: 0.45%.",
        "Lower and upper are the 95% limits of the value, where you have them: give both or neither.",
        "Last time shows what you gave before, in whichever quarter's workbook. Where it says \"given before\", leave the row blank unless the figure has changed, or its counts are still needed.",
        "A cell left blank changes nothing: what you gave before counts until you give another figure for the same period. To \
         correct an earlier period, or to give another, use the rows at the end of the table.",
        "Note is for what a reader of the figure must know.",
    ]);
    if rows.iter().any(|row| row.asked.measure.unit.pounds().is_some()) {
        figures.push(MONEY.to_owned());
    }
    sections.push(("Figures", figures));
    if !of.baselines().is_empty() {
        let mut baselines = own(&[
            "A row marked Baseline asks for the figure of the period that a target starts from. Without it the later figures cannot be judged. It is asked for until you have given it once; where there is none, write n/a.",
        ]);
        if of.baselines().iter().any(RequestedFigure::is_pooled) {
            baselines.push("Where a Baseline row asks for the numerator and denominator, give both: the figure of all partners together is made from them. A value alone is shown, and the target still cannot be judged.".to_owned());
        }
        sections.push(("Baselines", baselines));
    }
    let changed = changed(of);
    if !changed.is_empty() {
        sections.push(("What has changed", changed));
    }
    if rows.iter().any(|row| row.asked.measure.is_mean()) {
        sections.push((
            "Means",
            own(&["Of a mean give the value, the number of people as the denominator, and the standard deviation (STDEV.S in Excel): the limits are worked out from them."]),
        ));
    }
    let made: BTreeMap<&str, &Measure> = rows
        .iter()
        .filter(|row| row.asked.component().is_some())
        .map(|row| (row.asked.measure.id.0.as_str(), row.asked.measure))
        .collect();
    if !made.is_empty() {
        sections.push(("Age bands", age_bands(&made)));
    }
    sections.push((
        "When there is no figure",
        own(&[
            "*     suppressed: there is a figure, and showing it could identify someone.",
            "..    missing: there should be a figure, and you do not have it.",
            "n/a   not applicable: the question does not arise for you.",
            "0     is a figure: nothing was counted. A cell left blank means that you have not answered, and changes nothing.",
            "If you have nothing at all to report for the quarter, choose Yes beside Nothing to report on the sheet About, and \
             say why below it. A workbook sent back blank does not count as your return.",
            "Never send data about single persons: no names, no NHS numbers, no dates of birth. Such a workbook is refused and not kept.",
        ]),
    ));
    let actions = of.actions();
    if !actions.is_empty() {
        let length = format!("Commentary says in up to {LONGEST_COMMENTARY} characters what the status is based on.");
        let mut texts = own(&[
            "Choose a status for each key action that you lead. Give the forecast date by which it will be done or, once the status is Complete, the completed date.",
        ]);
        if actions.iter().any(|action| !action.steps.is_empty()) {
            texts.push(format!(
                "An action with steps has a row for each of them. Fill in each step's row; the row {WHOLE:?} speaks of the whole action, and alone it is enough only where the whole is Complete or Not started."
            ));
        }
        texts.push(
            "What you said last time counts for this quarter too if you say nothing new, but not for longer: then the \
            report says since when nothing was said. Complete counts for good."
                .to_owned(),
        );
        let shared: Vec<&str> = actions.iter().filter(|a| !a.co_leads.is_empty()).map(|a| a.id.0.as_str()).collect();
        if !shared.is_empty() {
            texts.push(format!(
                "Several partners lead {} together, and each of them is asked: say how it goes as you see it. Where they say different things, both are shown.",
                listed(&shared)
            ));
        }
        texts.push(length);
        sections.push(("Key actions", texts));
    }
    if !of.ambitions().is_empty() {
        let length = format!("Write up to {LONGEST_COMMENT} characters.");
        let mut texts = own(&[
            "You may leave this sheet blank. Each row is an ambition that you give figures for, or answer for. Say why it stands as it does, what is being done, and when it should recover.",
            "The board reads the comment beside the ambition, with who says it, your organisation and the date. Give no figure that the report does not show, and nothing about single persons.",
            "Said by is a role or a name, such as Director of Public Health. On is the day on which it was said; without it, it is the day on which the workbook comes.",
        ]);
        texts.push(length);
        sections.push(("Comments", texts));
    }
    let mut asking = vec![
        format!("Please send it back by {}.", of.deadline.strftime("%-d %B %Y")),
        format!("Save the workbook as {} and send it back as you received it.", of.file_name()),
        "If you have to correct it, send it again: the later workbook replaces the earlier one figure by figure, and a cell left \
         blank changes nothing.".to_owned(),
    ];
    if !of.secretariat.is_empty() {
        asking.push(format!("Questions: {}", of.secretariat));
    }
    sections.push(("Sending it back", asking));
    sections
}

/// Measures of this partner that are no longer asked for, in the year after their end, and those that are counted otherwise
/// than in some period before.
fn changed(of: &ReturnRequest<'_>) -> Vec<String> {
    let year_before = of.period.end().saturating_sub(1.year());
    let of_partner = |measure: &&Measure| {
        let MeasureSource::Return { partners: kinds, .. } = &measure.source else { return false };
        of.partner.asked && of.partner.kinds.iter().any(|kind| kinds.contains(kind))
    };
    let mut texts = Vec::new();
    for measure in of.framework.measures.iter().filter(of_partner) {
        let title = measure.title.trim();
        if let Some(retired) = measure.retired.as_ref() {
            let titles: Vec<&str> = retired
                .successors
                .iter()
                .map(|id| of.framework.measure(id).map_or(id.0.as_str(), |measure| measure.title.trim()))
                .collect();
            let followed = if titles.is_empty() { String::new() } else { format!(" It is replaced by {}.", listed(&titles)) };
            if year_before < retired.from {
                let from = retired.from.strftime("%-d %B %Y");
                let reason = retired.reason.trim().trim_end_matches('.');
                texts.push(format!("{title} is no longer asked for: it was retired from {from} ({reason}).{followed}"));
            }
            continue;
        }
        for redefined in &measure.redefinitions {
            let begins = measure.period(&redefined.from).is_ok_and(|from| from.start() <= of.period.end());
            if begins {
                let reason = redefined.reason.trim().trim_end_matches('.');
                let from = measure.period_in_short(&redefined.from);
                texts.push(format!("{title} is counted differently from {from} on: {reason}."));
            }
        }
    }
    texts
}

/// `a, b and c`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

fn age_bands(measures: &BTreeMap<&str, &Measure>) -> Vec<String> {
    let mut texts = vec![
        "Some figures are worked out here from counts by age band. Each row asks for one band: how many events there were, and how many people of that age. Give every band, a 0 where there was no event: without one of them the figure is not made.".to_owned(),
        "Events are whole numbers; a population is above 0. Over several years give the events of all of them and the population of all of them added up (person-years).".to_owned(),
        "These counts are used to work out the figure and are not published.".to_owned(),
    ];
    if measures.values().any(|measure| measure.made_from.as_ref().is_some_and(MadeFrom::repeats)) {
        texts.push("People by number of events: where one person may have several events, how many people had 1, 2 and so on, as 1: 40; 2: 5 for 40 people with one event and 5 with two. They add up to the events of the row.".to_owned());
    }
    for measure in measures.values() {
        let counted =
            |words: &str, otherwise: &str| if words.is_empty() { otherwise } else { words }.trim_end_matches('.').to_owned();
        texts.push(format!(
            "{}: {} Events: {}. Population: {}.",
            measure.title.trim(),
            measure.definition.trim(),
            counted(&measure.numerator, "those of the definition"),
            counted(&measure.denominator, "the people of that age")
        ));
    }
    texts
}
