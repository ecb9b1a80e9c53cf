//! A workbook read in a process of its own, so that no file can take this one down: calamine parses an .xls or .ods
//! whole, and a small one can ask for more memory than there is.
//!
//! Both ends are here. The process gets the limits and the workbook on its standard input, holds itself to the limits before
//! it looks at a byte of the workbook, and answers on its standard output. Its environment is empty but for what the caller gives it, and it
//! can open no file and no connection. The parent takes no more than it asked for, and kills a process that is not done in time.

use crate::found::WorkbookItem;
use crate::ipc::{self, Request, read_answer};
use crate::limits::{MIB, WorkbookLimits, too_much_memory, too_slow};
use crate::problem::{Broken, Problem, ProblemKind, damaged_beyond_reading};
use crate::reader;
use crate::sheet::Sheet;
use std::ffi::OsString;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// A program that reads workbooks, one a process: called with these arguments it does nothing but [`serve`]. Mostly the caller's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sandbox {
    program: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
}

impl Sandbox {
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self { program: program.into(), arguments: Vec::new(), environment: Vec::new() }
    }

    /// One more argument by which the program knows what it is to do.
    #[must_use]
    pub fn arg(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// A variable of its environment, which has no other. A program whose allocator takes a large room for itself when it starts must
    /// be told not to: the limit of memory counts that room, and would leave none for the stack.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Reads the workbook `bytes` in a process of its own; `place` is how it is named in messages.
    ///
    /// # Errors
    /// As [`crate::read`], and a workbook over which the process died, took too long or needed too much memory.
    pub fn read(&self, bytes: &[u8], place: &str, limits: &WorkbookLimits) -> Result<Vec<Sheet>, Broken> {
        let deadline = Instant::now() + Duration::from_secs(limits.max_seconds);
        let mut process = Command::new(&self.program)
            .args(&self.arguments)
            .env_clear()
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| not_started(place, &e))?;
        let (Some(stdin), Some(stdout)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(not_started(place, &io::Error::from(io::ErrorKind::BrokenPipe)).into());
        };
        let answer = thread::scope(|scope| {
            scope.spawn(move || {
                // A process that stops listening has said why, or has died.
                let _ = send(stdin, bytes, place, limits);
            });
            let (sender, receiver) = mpsc::channel();
            scope.spawn(move || {
                let mut stream = BufReader::with_capacity(1 << 16, stdout.take(longest_answer(limits)));
                let answer = read_answer(&mut stream, limits);
                // Nobody is left to hear it where the time was up.
                let _ = sender.send(answer.map_err(|_| stream.get_ref().limit() == 0));
            });
            let answer = receiver.recv_timeout(deadline.saturating_duration_since(Instant::now()));
            let ending = end(&mut process, if matches!(answer, Ok(Err(false))) { deadline } else { Instant::now() });
            (answer, ending)
        });
        match answer {
            (Ok(Ok(outcome)), _) => outcome,
            (Ok(Err(true)), _) => Err(too_much_memory(place, limits).into()),
            (Ok(Err(false)), Ok(Some(status))) => Err(died(&mut process, status, place, limits).into()),
            (Ok(Err(false)) | Err(_), _) => Err(too_slow(place, limits).into()),
        }
    }
}

fn send(mut to: impl Write, bytes: &[u8], place: &str, limits: &WorkbookLimits) -> io::Result<()> {
    let request = Request { place: place.to_owned(), limits: limits.clone() };
    ipc::write(&mut to, &request, &mut Vec::new())?;
    to.write_all(bytes)
}

/// As many bytes as are taken back: the parent holds to half the memory of the process.
fn longest_answer(limits: &WorkbookLimits) -> u64 {
    limits.max_memory_mb.saturating_mul(MIB) / 2
}

/// Waits until `deadline` for the process to end by itself, then ends it; nothing where it had to be ended.
fn end(process: &mut Child, deadline: Instant) -> io::Result<Option<ExitStatus>> {
    while Instant::now() < deadline {
        if let Some(status) = process.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(Duration::from_millis(2));
    }
    process.kill()?;
    process.wait()?;
    Ok(None)
}

/// Why a process died, as far as it can be told.
fn died(process: &mut Child, status: ExitStatus, place: &str, limits: &WorkbookLimits) -> Problem {
    let mut last_words = Vec::new();
    if let Some(stderr) = process.stderr.take() {
        // Without them the status has to do.
        let _ = stderr.take(4096).read_to_end(&mut last_words);
    }
    if String::from_utf8_lossy(&last_words).contains("memory allocation of") {
        return too_much_memory(place, limits);
    }
    damaged_beyond_reading(place, &status)
}

fn not_started(place: &str, error: &io::Error) -> Problem {
    let problem = format!("could not be read, for the process that reads it could not be started: {error}");
    Problem::new(place, ProblemKind::NotStarted, problem)
}

/// The process's side: reads the one workbook that [`Sandbox::read`] sends from `input`, which is standard input, and answers on
/// `output`, which is standard output. On Linux it takes from this process, for good, what it does not need: it can open no
/// file or connection any more, and gets no more memory and time than the limits say. So the process must do nothing else.
///
/// # Errors
/// The request could not be read, or the answer not written.
pub fn serve(mut input: impl Read, output: impl Write) -> io::Result<()> {
    let Request { place, limits } = ipc::read(&mut input, &mut Vec::new())?;
    confine(&limits)?;
    let mut writer = ipc::Writer::new(BufWriter::with_capacity(1 << 16, output));
    let mut bytes = Vec::new();
    let read = input.take(limits.max_file_mb.saturating_mul(MIB).saturating_add(1)).read_to_end(&mut bytes);
    let outcome = match read {
        Ok(_) => reader::read(&bytes, &place, &limits, &mut |found: WorkbookItem<'_>| writer.tell(&found)),
        // The file alone is larger than the memory for it.
        Err(e) if e.kind() == io::ErrorKind::OutOfMemory => Err(too_much_memory(&place, &limits)),
        Err(e) => return Err(e),
    };
    writer.finish(outcome)
}

/// Takes from this process what it does not need. Elsewhere than on Linux the parent's limits have to do.
#[cfg(target_os = "linux")]
fn confine(limits: &WorkbookLimits) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let most = [
        (Resource::As, limits.max_memory_mb.saturating_mul(MIB)),
        // For when the parent is no more.
        (Resource::Cpu, limits.max_seconds.saturating_add(1)),
        (Resource::Core, 0),
        // Standard input, output and error, which are open.
        (Resource::Nofile, 3),
    ];
    for (resource, most) in most {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn confine(_limits: &WorkbookLimits) -> io::Result<()> {
    Ok(())
}
