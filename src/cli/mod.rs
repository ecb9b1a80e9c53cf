//! The command line: a file a command, and what they share.

use std::fmt;
use std::io::{self, Write};
use std::sync::OnceLock;

/// These stand in for the standard library's in all commands: what names and replies of others hold is printed without ruling a
/// terminal; a reader who stops reading, such as `head`, ends nothing that is being done; and any other failure to write is told
/// at the end.
macro_rules! println {
    ($($text:tt)*) => { $crate::cli::say(format_args!("{}\n", format_args!($($text)*))) };
}
macro_rules! print {
    ($($text:tt)*) => { $crate::cli::say(format_args!($($text)*)) };
}
macro_rules! eprintln {
    ($($text:tt)*) => { $crate::cli::say_aside(format_args!("{}\n", format_args!($($text)*))) };
}

mod archive;
mod config;
mod disclosure;
mod evaluate;
pub mod exit;
mod explain;
mod export_defaults;
mod framework;
mod health;
mod indicators;
mod init;
mod ledger;
mod manual;
mod new_files;
mod progress;
mod purge;
mod read_workbook;
mod render;
mod returns;
mod run;
mod runs;
mod schedule;
mod schema;
mod serve;

use crate::collect::workbook;
use crate::fault::{Fault, Faults};
use crate::period::Period;
use crate::permissions;
use crate::run::{RunError, opening, parse_date, parse_quarter, stop};
use crate::settings::{self, Log, LogFormat, LogLevel, Settings};
use crate::store::LedgerError;
use crate::visible::{Visible, in_one_line};
use clap::{Parser, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};
use tracing::field::Field;
use tracing_subscriber::field::MakeExt;
use tracing_subscriber::fmt::{FormatFields, format};

/// The settings file that is read where none is named.
const SETTINGS_FILE: &str = "boardpack.toml";

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

/// Why a command ended without doing its work, with the exit code that says so.
#[derive(Debug)]
struct Failure {
    code: u8,
    message: String,
}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Self {
        Failure { code: exit::CONFIGURATION, message: faults.to_string() }
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        let code =
            if matches!(error, LedgerError::Busy | LedgerError::AtWork { .. }) { exit::TRY_AGAIN } else { exit::UNAVAILABLE };
        Failure { code, message: error.to_string() }
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Configuration(faults) => faults.into(),
            RunError::Ledger(error) | RunError::Unopened(error) => error.into(),
            RunError::QuarterNotEnded { .. } | RunError::NothingToCorrect { .. } => {
                Failure { code: exit::USAGE, message: error.to_string() }
            }
            RunError::NothingOfPlace { .. } => Failure { code: exit::CONFIGURATION, message: error.to_string() },
            RunError::NotApproved { .. } => Failure { code: exit::PARTIAL, message: error.to_string() },
            RunError::NoFigures { .. } => Failure { code: exit::BAD_DATA, message: error.to_string() },
            RunError::InUse { .. } | RunError::WorkInHand | RunError::LeaseLost { .. } | RunError::Stopped => {
                Failure { code: exit::TRY_AGAIN, message: error.to_string() }
            }
            RunError::Inbox(_)
            | RunError::Output { .. }
            | RunError::Lost { .. }
            | RunError::SecretLost { .. }
            | RunError::Overdue { .. }
            | RunError::Panicked => Failure { code: exit::UNAVAILABLE, message: error.to_string() },
        }
    }
}

impl Failure {
    fn usage(option: &str, problem: impl std::fmt::Display) -> Self {
        Failure { code: exit::USAGE, message: Fault::new(option, problem.to_string(), "see --help").to_string() }
    }
}

/// The quarter that an option names; none where it is not given.
fn quarter(option: &str, text: Option<&str>) -> Result<Option<Period>, Failure> {
    text.map(parse_quarter).transpose().map_err(|problem| Failure::usage(option, problem))
}

/// The date that an option names; none where it is not given.
fn date(option: &str, text: Option<&str>) -> Result<Option<Date>, Failure> {
    text.map(parse_date).transpose().map_err(|problem| Failure::usage(option, problem))
}

/// Where settings come from, for any command.
struct Sources {
    file: Option<PathBuf>,
    environment: BTreeMap<String, String>,
}

impl Sources {
    fn new(named: Option<PathBuf>) -> Self {
        let found = || Some(PathBuf::from(SETTINGS_FILE)).filter(|path| path.exists());
        // A variable that is not Unicode cannot be one of ours.
        let environment = std::env::vars_os().filter_map(|(n, v)| Some((n.into_string().ok()?, v.into_string().ok()?))).collect();
        Self { file: named.or_else(found), environment }
    }

    fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    fn load(&self) -> Result<Settings, Faults> {
        let (settings, faults) = self.read();
        faults.into_result()?;
        settings.ok_or_else(Faults::default)
    }

    /// The settings as far as they can be read, to look further, and what is wrong with them.
    fn read(&self) -> (Option<Settings>, Faults) {
        let (settings, faults) = settings::read(self.file(), &self.environment);
        if let Some(paths) = settings.as_ref().map(|settings| &settings.paths).filter(|paths| paths.state_is_apart()) {
            permissions::keep_private_below(&paths.state);
        }
        (settings.map(|settings| Settings { program: this_program(), ..settings }), faults)
    }
}

/// This program, to be started again for a workbook; where it cannot be told, workbooks are read in this process.
fn this_program() -> Option<PathBuf> {
    // Stays the same program when a newer one has been put in its place under a running server.
    let itself = PathBuf::from("/proc/self/exe");
    if itself.exists() { Some(itself) } else { std::env::current_exe().ok() }
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
        Command::Completions(arguments) => manual::completions(&arguments),
        Command::Man(arguments) => manual::man(&arguments),
        Command::Archive(command) => archive::main(&sources, &command),
        Command::Ledger(command) => ledger::main(&sources, &command),
        Command::Purge(arguments) => purge::main(&sources, &arguments),
        Command::Health => health::main(&sources),
        Command::ReadWorkbook => read_workbook::main(),
    };
    // What was cut off before, and the command had no place for.
    let held = opening::held();
    held.iter().for_each(|line| eprintln!("partial: {line}"));
    let unwritten = || UNWRITTEN.get().map(unwritten);
    match result.and_then(|code| unwritten().map_or(Ok(code), Err)) {
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

/// Why standard output could not be written, where what a command does was not for its output only.
static UNWRITTEN: OnceLock<String> = OnceLock::new();

/// What `println!` and `print!` do here.
fn say(text: fmt::Arguments<'_>) {
    if let Err(e) = Visible(io::stdout()).write_fmt(text)
        && e.kind() != io::ErrorKind::BrokenPipe
    {
        UNWRITTEN.get_or_init(|| e.to_string());
    }
}

/// What `eprintln!` does here. Where that cannot be written there is nobody to tell.
fn say_aside(text: fmt::Arguments<'_>) {
    let _ = Visible(io::stderr()).write_fmt(text);
}

fn unwritten(problem: impl fmt::Display) -> Failure {
    Failure { code: exit::UNAVAILABLE, message: format!("standard output could not be written: {problem}") }
}

/// Writes to standard output.
fn print(bytes: &[u8]) -> Result<(), Failure> {
    print_by(|out| out.write_all(bytes))
}

/// The same for what is written bit by bit, or may fail before it is; a reader who stops reading, such as `head`, has what it
/// wanted.
fn print_by(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = Visible(io::BufWriter::new(io::stdout().lock()));
    match write(&mut out).and_then(|()| out.flush()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(unwritten(e)),
        _ => Ok(()),
    }
}

/// A runtime for the commands that wait on the network or the clock.
fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    // At least two, so that on one processor too signs of life are shown while a pack is set.
    let threads = std::thread::available_parallelism().map_or(2, |threads| threads.get().max(2));
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build()
        .map_err(|e| Failure { code: exit::UNAVAILABLE, message: format!("no threads could be started: {e}") })
}

/// Does work that stops after the message in hand at the first signal to stop, and at once at the second.
fn stoppable<T>(work: impl Future<Output = Result<T, RunError>>) -> Result<T, Failure> {
    runtime()?.block_on(async {
        let cannot = |e| Failure { code: exit::UNAVAILABLE, message: format!("signals cannot be received: {e}") };
        let mut terminate = signal(SignalKind::terminate()).map_err(cannot)?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(cannot)?;
        tokio::spawn(async move {
            for is_last in [false, true] {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
                if is_last {
                    std::process::exit(i32::from(exit::TRY_AGAIN));
                }
                eprintln!("stopping after the current message; a second signal stops it at once");
                stop::ask();
            }
        });
        Ok(work.await?)
    })
}

/// Starts logging to standard error. `RUST_LOG` filters more finely than the setting.
fn start_logging(log: &Log) {
    let level = match log.level {
        LogLevel::Error => "error",
        LogLevel::Warn => "warn",
        LogLevel::Info => "info",
        LogLevel::Debug => "debug",
        LogLevel::Trace => "trace",
    };
    // The libraries' own chatter is not for an operator.
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(format!("warn,boardpack={level}")));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(|| Visible(std::io::stderr()));
    let started = match log.format {
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        LogFormat::Text => builder.with_ansi(false).with_target(false).fmt_fields(on_one_line()).try_init(),
    };
    // Already started: the first one stays.
    drop(started);
    // What a panic says may hold what was read; where it was is enough to find it by.
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(at, "a fault in boardpack itself");
    }));
}

/// The fields of a record of the log on one line, whatever they quote.
fn on_one_line() -> impl for<'writer> FormatFields<'writer> + Send + Sync + 'static {
    let field = |out: &mut format::Writer<'_>, field: &Field, value: &dyn std::fmt::Debug| {
        let text = format!("{value:?}");
        let text = in_one_line(&text);
        if field.name() == "message" { write!(out, "{text}") } else { write!(out, "{field}={text}") }
    };
    format::debug_fn(field).delimited(" ")
}

/// The clock of a run by hand or by schedule.
fn clock() -> Timestamp {
    Timestamp::now()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_log_record_is_one_line() {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || Visible(writer.clone()));
        tracing::subscriber::with_default(subscriber.fmt_fields(on_one_line()).finish(), || {
            tracing::warn!(file = %"a\nb\u{1b}[2J", run = 7, "came: {}", "c\r\n\u{202e}d");
        });
        let said = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        assert_eq!(said.lines().count(), 1, "{said:?}");
        assert!(said.ends_with("came: c\\u000d\\u000a\\u202ed file=a\\u000ab\\u001b[2J run=7\n"), "{said:?}");
    }
}
