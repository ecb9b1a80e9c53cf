//! `boardpack runs show RUN`.

use super::text::{no_such_run, to_the_second};
use crate::cli::{Failure, Sources, exit, ledger};
use crate::run;
use crate::settings::Settings;
use crate::store::{Approval, Ledger, LedgerError, MadeFile, MessageRow, MessageState, RunId, RunRow, StageRow};
use clap::Args;

#[derive(Args)]
pub struct Arguments {
    /// The run's number, as `runs list` prints it
    #[arg(value_name = "RUN")]
    run: i64,
}

struct RunDetails {
    run: RunRow,
    /// How it stands now.
    outcome: String,
    stages: Vec<StageRow>,
    inputs: Vec<(String, String, Option<String>)>,
    made: Vec<MadeFile>,
    messages: Vec<MessageRow>,
    /// What it wrote or tried to send and a later run took over.
    taken_over: Vec<MessageRow>,
    approval: Option<Approval>,
}

pub fn main(sources: &Sources, arguments: &Arguments) -> Result<u8, Failure> {
    let settings = sources.load()?;
    let id = RunId(arguments.run);
    let shown = ledger::read_if_any(&settings, async |ledger| read(ledger, &settings, id).await)?;
    print(&shown.flatten().ok_or_else(|| no_such_run(id))?);
    Ok(exit::DONE)
}

async fn read(ledger: &Ledger, settings: &Settings, id: RunId) -> Result<Option<RunDetails>, LedgerError> {
    let Some(run) = ledger.run(id).await? else { return Ok(None) };
    Ok(Some(RunDetails {
        outcome: run::standing(ledger, &settings.paths.archive, &run).await?,
        run,
        stages: ledger.stages(id).await?,
        inputs: ledger.inputs(id).await?,
        made: ledger.made(id).await?,
        messages: ledger.messages(id).await?,
        taken_over: ledger.messages_taken_over(id).await?,
        approval: ledger.approval(id).await?,
    }))
}

fn print(shown: &RunDetails) {
    let run = &shown.run;
    println!("Run {}: {} of {}, as at {}, edition {}, {}", run.id, run.pack, run.period, run.as_at, run.edition, run.trigger);
    println!("  started {}", to_the_second(&run.started_at));
    println!("  ended   {}", run.ended_at.as_deref().map_or("not yet, or it was interrupted".to_owned(), to_the_second));
    println!("  outcome {}", shown.outcome);
    if !run.awaited.is_empty() {
        println!("  interim: waiting for the returns of {}", run.awaited.join(", "));
    }
    if let Some(approval) = &shown.approval {
        let said = match (&approval.approved_by, &approval.approved_at) {
            (Some(by), Some(at)) => format!("approved by {by} at {}", to_the_second(at)),
            _ if shown.messages.iter().any(|message| message.state == MessageState::Waiting) => "waits for approval".to_owned(),
            _ => "no longer waits for approval".to_owned(),
        };
        match &approval.documents[..] {
            [] => println!("  {said}: {}", approval.sha256),
            documents => {
                println!("  {said}:");
                documents.iter().for_each(|one| println!("    {}  {}", one.sha256, one.file));
            }
        }
        if approval.made_by != run.id {
            println!("  run {} made an identical pack", approval.made_by);
        }
    }
    println!("\nStages");
    for stage in &shown.stages {
        println!("  {:<10} {}  {}", stage.name, to_the_second(&stage.ended_at), stage.detail);
    }
    println!("\nRead");
    for (kind, name, sha256) in &shown.inputs {
        println!("  {kind:<10} {}  {name}", sha256.as_deref().unwrap_or("none"));
    }
    println!("\nMade");
    for made in &shown.made {
        println!("  {}  {}, {} bytes", made.sha256, made.name, made.bytes);
    }
    println!("\nMessages");
    for message in &shown.messages {
        let MessageRow { id, key, detail, attempts, changed_at, .. } = message;
        let (state, changed_at) = (message.state_in_words(), to_the_second(changed_at));
        let about = format!("{}, issue {}", key.kind, key.issue);
        let detail = if detail.is_empty() { String::new() } else { format!(": {detail}") };
        println!("  {id:>5}  {}  {about}  {state} at {changed_at}, attempts: {attempts}{detail}", key.address);
    }
    for message in &shown.taken_over {
        let MessageRow { id, key, run, .. } = message;
        let about = format!("{}, issue {}", key.kind, key.issue);
        println!(
            "  {id:>5}  {}  {about}  taken over by run {run}: {}",
            key.address,
            message.state_in_words().trim_end_matches(',')
        );
    }
}
