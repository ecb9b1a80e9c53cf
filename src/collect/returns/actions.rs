//! The sheet of key actions: what the partner says of each that it leads.

use super::dates::date_in;
use super::layout::{ColumnHeading, Table};
use super::return_file::ReturnFile;
use crate::collect::entry::squeeze;
use crate::collect::{ActionReport, Finding, Progress, RunScope};
use crate::fault::Fault;
use crate::figure::ReportKey;
use crate::framework::Action;
use jiff::civil::Date;
use std::collections::BTreeMap;
use workbook_reader::{Row, Sheet, cell_name, clip};

const HEADINGS: [ColumnHeading; 7] = [
    ColumnHeading { name: "Action ID", also: &["Key action ID", "ID"], needed: true },
    ColumnHeading { name: "Action", also: &["Key action"], needed: false },
    ColumnHeading { name: "Step", also: &["Part"], needed: false },
    ColumnHeading { name: "Status", also: &["Progress"], needed: true },
    ColumnHeading { name: "Forecast date", also: &["Forecast", "Forecast completion date"], needed: false },
    ColumnHeading { name: "Completed date", also: &["Completed", "Date completed", "Completion date"], needed: false },
    ColumnHeading { name: "Commentary", also: &["Comment", "Comments", "Note", "Notes"], needed: false },
];

const LONGEST_COMMENTARY: usize = 4000;

/// Reads every row that can be used, in the order of the sheet; a row that cannot adds to `findings`.
pub(super) fn read(sheet: &Sheet, of: &ReturnFile<'_>, wanted: &RunScope<'_>, findings: &mut Vec<Finding>) -> Vec<ActionReport> {
    if sheet.rows().next().is_none() {
        return Vec::new();
    }
    let table = match Table::find(sheet, &HEADINGS, &format!("{}, sheet {}", of.file, sheet.name)) {
        Ok(table) => table,
        Err(fault) => {
            findings.push(fault.into());
            return Vec::new();
        }
    };
    let reader = Reader { sheet, of, wanted, table: &table };
    let mut reports: Vec<ActionReport> = Vec::new();
    let mut first_of: BTreeMap<ReportKey, (u32, usize)> = BTreeMap::new();
    for row in table.rows(sheet) {
        let report = match reader.row(row, findings) {
            Ok(Some(report)) => report,
            Ok(None) => continue,
            Err(fault) => {
                findings.push(fault.into());
                continue;
            }
        };
        let key = report.key();
        let Some((first_row, at)) = first_of.get(&key).copied() else {
            first_of.insert(key, (row.number, reports.len()));
            reports.push(report);
            continue;
        };
        let first = &mut reports[at];
        let differing = differing(first, &report);
        let commentary = both(&first.commentary, &report.commentary);
        let of_either = merged(first, &report);
        *first = ActionReport { commentary, ..of_either };
        if differing.is_empty() {
            continue;
        }
        let step = report.step.map_or(String::new(), |step| format!("step {step} of "));
        let differing = differing.join(" and ");
        let problem = format!(
            "{step}{} was reported before, with another {differing}, in row {}; neither is used",
            report.action,
            first_row + 1
        );
        findings.push(reader.fault(row, "Action ID", problem, "keep the right one").into());
    }
    reports
}

/// The fields that two reports of one action or step give differently. What is said in words may be said twice.
fn differing(one: &ActionReport, other: &ActionReport) -> Vec<&'static str> {
    let not_given = |report: &ActionReport| report.progress == Progress::NotGiven;
    let dates = |one: Option<Date>, other: Option<Date>| one.zip(other).is_some_and(|(one, other)| one != other);
    let fields = [
        ("status", one.progress != other.progress && !not_given(one) && !not_given(other)),
        ("forecast date", dates(one.forecast, other.forecast)),
        ("completed date", dates(one.completed, other.completed)),
    ];
    fields.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
}

/// What either of two reports says and the other does not contradict.
fn merged(one: &ActionReport, other: &ActionReport) -> ActionReport {
    let differing = differing(one, other);
    let date = |name, one: Option<Date>, other: Option<Date>| one.or(other).filter(|_| !differing.contains(&name));
    let progress = match one.progress {
        _ if differing.contains(&"status") => Progress::NotGiven,
        Progress::NotGiven => other.progress,
        given => given,
    };
    ActionReport {
        progress,
        forecast: date("forecast date", one.forecast, other.forecast),
        // Without a status that says so nothing is complete.
        completed: date("completed date", one.completed, other.completed).filter(|_| progress == Progress::Complete),
        ..one.clone()
    }
}

fn both(one: &str, other: &str) -> String {
    if one == other { one.to_owned() } else { format!("{one} {other}").trim().to_owned() }
}

struct Reader<'r> {
    sheet: &'r Sheet,
    of: &'r ReturnFile<'r>,
    wanted: &'r RunScope<'r>,
    table: &'r Table,
}

impl Reader<'_> {
    /// `None` where the row reports nothing. What cannot be used of it without costing the rest adds to `findings`.
    fn row(&self, row: Row<'_>, findings: &mut Vec<Finding>) -> Result<Option<ActionReport>, Fault> {
        let text = |name: &str| row.text(self.table.column(name));
        let (id, status, commentary) = (text("Action ID"), text("Status"), text("Commentary"));
        let dates_given = !text("Forecast date").is_empty() || !text("Completed date").is_empty();
        if status.is_empty() && commentary.is_empty() && !dates_given {
            return Ok(None);
        }
        let action = self.action(row, &id)?;
        let step = self.step(row, action)?;
        let of = ReportKey::new(action.id.clone(), step);
        let mut left_out = |fault: Fault| findings.push(Finding::from(fault).of_report(of.clone()));
        let progress = self.progress(row, &status).unwrap_or_else(|fault| {
            left_out(fault);
            Progress::NotGiven
        });
        let [forecast, mut completed] = ["Forecast date", "Completed date"].map(|column| {
            self.date(row, column).unwrap_or_else(|fault| {
                left_out(fault);
                None
            })
        });
        // The day on which it came, so that every look says the same.
        let came = self.of.returned.on;
        if let Some(day) = completed.filter(|day| *day > came) {
            let problem = format!("the completed date {day} is later than {came}, the day on which the workbook came");
            left_out(self.fault(
                row,
                "Completed date",
                problem,
                "correct the date; what is not yet complete has a forecast date and another status",
            ));
            completed = None;
        }
        if let Some(day) = completed.filter(|_| progress != Progress::Complete) {
            let problem = format!("a completed date is given ({day}) and the status is {status:?}");
            left_out(self.fault(row, "Completed date", problem, "take the date out, or set the status to Complete"));
            completed = None;
        }
        let place = || self.place(row, "Commentary");
        let cell = self.table.column("Commentary").and_then(|column| row.get(column));
        let commentary = self.of.text_in(cell, place).unwrap_or_else(|asked| {
            findings.push(asked.of_report(of.clone()));
            String::new()
        });
        let commentary = self.of.words(&clip(&commentary, LONGEST_COMMENTARY), place, findings);
        Ok(Some(ActionReport {
            action: action.id.clone(),
            step,
            partner: self.of.partner.id.clone(),
            progress,
            forecast,
            completed,
            // Both known once it is laid over what was said before.
            forecast_in: None,
            complete_since: None,
            commentary,
            illustrative: self.of.illustrative,
            provenance: self
                .of
                .provenance(&self.sheet.name, cell_name(row.number, self.table.column("Status").unwrap_or_default())),
            returned: Some(self.of.returned),
        }))
    }

    fn progress(&self, row: Row<'_>, status: &str) -> Result<Progress, Fault> {
        Ok(match squeeze(status).as_str() {
            "notstarted" => Progress::NotStarted,
            "ontrack" => Progress::OnTrack,
            "atrisk" => Progress::AtRisk,
            "offtrack" => Progress::OffTrack,
            "complete" | "completed" => Progress::Complete,
            _ => {
                let found = if status.is_empty() { "no status".to_owned() } else { format!("{:?}", clip(status, 40)) };
                let expected = "Not started, On track, At risk, Off track or Complete was expected";
                return Err(self.fault(row, "Status", format!("{found} was found; {expected}"), "choose one of them"));
            }
        })
    }

    fn action(&self, row: Row<'_>, id: &str) -> Result<&Action, Fault> {
        let fault = |problem, remedy: &str| Err(self.fault(row, "Action ID", problem, remedy));
        if id.is_empty() {
            return fault("a report is in a row without an action ID".to_owned(), "give the ID of the template");
        }
        let framework = self.wanted.framework;
        let Some(action) = framework.actions.iter().find(|action| squeeze(&action.id.0) == squeeze(id)) else {
            let problem = format!("{:?} is not a key action of the {} framework", clip(id, 40), framework.edition.id);
            return fault(problem, "use the IDs of the template");
        };
        if action.leads().all(|lead| lead != self.of.partner.id) {
            let leads = action.leads().collect::<Vec<_>>().join(" and ");
            let problem = format!("{} is led by {leads}, not by {}", action.id, self.of.partner.id);
            return fault(problem, "leave the row to the partner who leads it");
        }
        Ok(action)
    }

    /// The number of the step that the row speaks of; none for the whole action. `1` and `1. A first draft` both name the first.
    fn step(&self, row: Row<'_>, action: &Action) -> Result<Option<usize>, Fault> {
        let text = row.text(self.table.column("Step"));
        if text.is_empty() || squeeze(&text) == "all" {
            return Ok(None);
        }
        match step_number(&text) {
            Some(number) if (1..=action.steps.len()).contains(&number) => Ok(Some(number)),
            _ => {
                let steps = action.steps.len();
                let expected =
                    if steps == 0 { "the action has no steps".to_owned() } else { format!("1 to {steps} was expected") };
                let problem = format!("{:?} is not a step of {}: {expected}", clip(&text, 40), action.id);
                Err(self.fault(
                    row,
                    "Step",
                    problem,
                    "give the number of the template, or leave the cell empty for the whole action",
                ))
            }
        }
    }

    fn date(&self, row: Row<'_>, column: &str) -> Result<Option<Date>, Fault> {
        let Some(cell) = self.table.column(column).and_then(|c| row.get(c)) else { return Ok(None) };
        date_in(cell).map_err(|problem| self.fault(row, column, problem, "correct it"))
    }

    fn fault(&self, row: Row<'_>, column: &str, problem: String, remedy: &str) -> Fault {
        Fault::new(self.place(row, column), problem, remedy)
    }

    fn place(&self, row: Row<'_>, column: &str) -> String {
        format!("{}, sheet {}, {}", self.of.file, self.sheet.name, self.table.place(row, column))
    }
}

/// `1` and `1. A first draft` are the first step; `1 and 2` is not.
fn step_number(text: &str) -> Option<usize> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let named = rest.strip_prefix(['.', ')', ':']).map(str::trim_start);
    let is_one = rest.is_empty() || named.is_some_and(|name| !name.starts_with(|c: char| c.is_ascii_digit()));
    digits.parse().ok().filter(|_| is_one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_step_is_named_by_its_number() {
        for text in ["1", "1.", "1. A first draft", "1) Draft", "1: Draft"] {
            assert_eq!(step_number(text), Some(1), "{text}");
        }
        for text in ["1 2", "1 and 2", "1, 2", "1-2", "1/2", "1.2", "1. 2.", "1 A first draft", "first"] {
            assert_eq!(step_number(text), None, "{text}");
        }
    }
}
