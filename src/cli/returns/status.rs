//! `boardpack returns status`: who has returned, when, and what is still owed. Nothing is recorded or sent.

use super::messages::{self, When};
use crate::archive::short_sha256;
use crate::cli::{Failure, Sources, exit};
use crate::collect::{Arrival, ReturnOutcome};
use crate::counted::{counted, counted_of};
use crate::run::return_cycle::{Coverage, Extended, PartnerStatus, Status, WithdrawnVersion};
use clap::{Args, ValueEnum};
use std::fmt::Write;

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    when: When,
    /// The format: text or JSON
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let done = messages::look(sources, &arguments.when)?;
    let Some(status) = done.status else { return Ok(exit::DONE) };
    match arguments.format {
        Format::Text => print!("{}", text(&status, &done.period.in_words())),
        Format::Json => {
            println!("{}", serde_json::to_string_pretty(&status).expect("names, numbers and lists can always be written as JSON"))
        }
    }
    Ok(exit::DONE)
}

fn text(status: &Status, quarter: &str) -> String {
    let mut text = format!("Returns for {quarter} ({}), due {}, as at {}\n", status.quarter, status.deadline, status.as_at);
    let widest = status.partners.iter().map(|partner| partner.name.chars().count()).max().unwrap_or(0);
    for partner in &status.partners {
        line(&mut text, partner, widest);
    }
    let returned = status.partners.iter().filter(|partner| partner.arrival.returned().is_some()).count();
    let returned = counted_of(returned, status.partners.len(), ("partner", "partners"), ("has returned", "have returned"));
    let _ = writeln!(text, "\n{returned}");
    for (file, reason) in &status.unlaid {
        let _ = writeln!(text, "{file}: not matched to a partner: {reason}");
    }
    for line in &status.other_files {
        let _ = writeln!(text, "{line}");
    }
    text
}

// Writing to a String does not fail.
fn line(text: &mut String, of: &PartnerStatus, widest: usize) {
    let when = match of.arrival {
        Arrival::InTime(day) => format!("{day} in time"),
        Arrival::Late(day) => format!("{day} late"),
        Arrival::Refused(day) => format!("{day} refused"),
        Arrival::Blank(day) => format!("{day} blank"),
        Arrival::Withdrawn(_) | Arrival::Awaited | Arrival::Missing => String::new(),
    };
    let counts = [(of.errors, "error", "errors"), (of.questions, "question", "questions")].into_iter();
    let counts = counts.filter(|(count, ..)| *count > 0).map(|(count, one, several)| counted(count, one, several));
    let counts: Vec<String> = counts.collect();
    let _ = writeln!(
        text,
        "\n{:<widest$}  {when:<18}  {:<16}  figures {}, actions {}{}{}",
        of.name,
        of.outcome,
        share(of.figures),
        share(of.actions),
        if counts.is_empty() { "" } else { "; " },
        counts.join(", "),
    );
    if let Some(Extended { by, reason }) = &of.extended {
        let _ = writeln!(text, "  due by {}: extended by {by}: {reason}", of.due);
    }
    for version in &of.versions {
        let sha256 = version.sha256.as_ref().map_or("not kept", |sha256| short_sha256(sha256));
        let outcome = version.outcome.in_words();
        let arrived = version.arrived.map_or(String::new(), |day| format!(", {day}"));
        let by = if version.by.is_empty() { String::new() } else { format!(", completed by {}", version.by) };
        let settled = version.settled_by.as_ref().map_or(String::new(), |by| format!("; chosen by {by} over what came with it"));
        let is_replaced_nil = version.outcome == ReturnOutcome::Nil && of.nil.is_none();
        let replaced = if is_replaced_nil { "; does not count beside the figures or reports of another workbook" } else { "" };
        let _ = writeln!(text, "  {} ({sha256}){arrived}{by}: {outcome}{settled}{replaced}", version.file);
        if let Some(sha256) = &version.not_kept {
            let _ = writeln!(text, "    if it holds no personal data: boardpack returns allow {sha256}");
        }
        if let (Some(sha256), false) = (&version.sha256, version.withheld.is_empty()) {
            let _ = writeln!(text, "    withheld as personal data: {}", version.withheld.join(", "));
            let _ = writeln!(text, "    if it is not: boardpack returns allow {sha256} --cell {:?}", version.withheld[0]);
        }
    }
    for WithdrawnVersion { file, sha256, by, reason, .. } in &of.withdrawn {
        let by = if by.is_empty() { String::new() } else { format!(" by {by}") };
        let _ = writeln!(text, "  withdrawn{by}: {file} ({}): {reason}", short_sha256(sha256));
    }
    for line in &of.unsettled {
        let given = line.given.iter().map(|given| format!("{} in {} ({})", given.value, given.file, given.cell));
        let _ = writeln!(text, "  not settled: {}: {}", line.what, given.collect::<Vec<_>>().join(", "));
    }
    if !of.without_counts.is_empty() {
        let title = |id: &String| of.measures.iter().find(|one| one.measure == *id).map_or(id.clone(), |one| one.title.clone());
        let measures = of.without_counts.iter().map(title).collect::<Vec<_>>().join("; ");
        let _ = writeln!(text, "  given without counts, so not added to the others' figures: {measures}");
    }
    match of.nil.as_deref() {
        Some("") => drop(writeln!(text, "  nothing to report; no reason given")),
        Some(reason) => drop(writeln!(text, "  nothing to report: {reason}")),
        None => {}
    }
    for reason in &of.refusal {
        let _ = writeln!(text, "  refused: {reason}");
    }
    for problem in &of.not_used {
        let _ = writeln!(text, "  not used: {problem}");
    }
    for owed in of.owed.iter().chain(&of.baselines) {
        let _ = writeln!(text, "  still to return: {}", owed.in_words());
    }
}

fn share(coverage: Coverage) -> String {
    format!("{} of {}", coverage.given, coverage.due)
}
