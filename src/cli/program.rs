//! The whole program: its command line, each command, and the exit code.

use super::sources::Sources;
use super::{
    archive, config, disclosure, evaluate, exit, explain, export_defaults, framework, health, indicators, init, ledger, manual,
    output, purge, read_workbook, render, returns, run, runs, schedule, schema, serve,
};
use crate::collect::workbook;
use crate::permissions;
use crate::run::opening;
use clap::{CommandFactory, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "boardpack", version, about, max_term_width = 100)]
struct Cli {
    /// The settings file [default: boardpack.toml, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a quarter's pack and send it
    Run(run::Arguments),
    /// Make the packs again from the last assessment, as a preview
    Render(render::Arguments),
    /// Assess every measure and print the results
    Evaluate(evaluate::Arguments),
    /// Explain a measure's status: definition, figures with their sources, methods, rule
    Explain(explain::Arguments),
    /// Audit what is hidden to protect people
    #[command(subcommand)]
    Disclosure(disclosure::Command),
    /// Run the configured schedules until told to stop
    Serve,
    /// Show upcoming run times
    #[command(subcommand)]
    Schedule(schedule::Command),
    /// Create a starting configuration for a new partnership
    Init(init::Arguments),
    /// Write out every built-in file: configuration, templates, fonts, schemas
    ExportDefaults(export_defaults::Arguments),
    /// Print the JSON Schema of a kind of configuration file
    Schema(schema::Arguments),
    /// Check or show the configuration
    #[command(subcommand)]
    Config(config::Command),
    /// List, check or compare editions of the outcomes framework
    #[command(subcommand)]
    Framework(framework::Command),
    /// Ask partners for their figures
    #[command(subcommand)]
    Returns(returns::Command),
    /// Show runs and their messages; approve, cancel or resend
    #[command(subcommand)]
    Runs(runs::Command),
    /// Fetch and inspect public indicators
    #[command(subcommand)]
    Indicators(indicators::Command),
    /// Verify the archive against its checksums
    #[command(subcommand)]
    Archive(archive::Command),
    /// Back up, restore or move the ledger
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// Delete files and records past their retention period
    Purge(purge::Arguments),
    /// Check that the server is alive, for a health check
    Health,
    /// Generate shell completions
    Completions(manual::Completions),
    /// Write the manual pages
    Man(manual::Man),
    /// Read one workbook for another process of boardpack
    #[command(name = workbook::COMMAND, hide = true)]
    ReadWorkbook,
}

/// The whole program: reads the command line, does what it says, and gives the exit code.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors; there is nobody to tell where printing fails.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { exit::USAGE } else { exit::DONE });
        }
    };
    let sources = Sources::new(cli.config);
    // These write only what somebody wants to have; all others write to the ledger or the archive.
    let is_for_others =
        matches!(cli.command, Command::Init(_) | Command::ExportDefaults(_) | Command::Completions(_) | Command::Man(_));
    if !is_for_others {
        permissions::keep_private();
    }
    let result = match cli.command {
        Command::Run(arguments) => run::main(&sources, &arguments),
        Command::Render(arguments) => render::main(&sources, &arguments),
        Command::Evaluate(arguments) => evaluate::main(&sources, &arguments),
        Command::Explain(arguments) => explain::main(&sources, &arguments),
        Command::Disclosure(command) => disclosure::main(&sources, &command),
        Command::Serve => serve::main(&sources),
        Command::Schedule(command) => schedule::main(&sources, &command),
        Command::Config(command) => config::main(&sources, &command),
        Command::Framework(command) => framework::main(&sources, &command),
        Command::Returns(command) => returns::main(&sources, &command),
        Command::Runs(command) => runs::main(&sources, &command),
        Command::Indicators(command) => indicators::main(&sources, &command),
        Command::Init(arguments) => init::main(&arguments),
        Command::ExportDefaults(arguments) => export_defaults::main(&arguments),
        Command::Schema(arguments) => schema::main(&arguments),
        Command::Completions(arguments) => manual::completions(&arguments, Cli::command()),
        Command::Man(arguments) => manual::man(&arguments, Cli::command()),
        Command::Archive(command) => archive::main(&sources, &command),
        Command::Ledger(command) => ledger::main(&sources, &command),
        Command::Purge(arguments) => purge::main(&sources, &arguments),
        Command::Health => health::main(&sources),
        Command::ReadWorkbook => read_workbook::main(),
    };
    // What was cut off before, and the command had no place for.
    let held = opening::take_cut_off();
    held.iter().for_each(|line| eprintln!("partial: {line}"));
    match result.and_then(|code| output::failed().map_or(Ok(code), Err)) {
        Ok(exit::DONE) if !held.is_empty() => ExitCode::from(exit::PARTIAL),
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            for line in failure.message.lines() {
                eprintln!("error: {line}");
            }
            ExitCode::from(failure.code)
        }
    }
}
