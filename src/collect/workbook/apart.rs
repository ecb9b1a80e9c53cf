//! A workbook read in a process of its own, so that no file can take this one down: calamine parses an .xls or .ods
//! whole, and a small one can ask for more memory than there is.
//!
//! Both ends are here. The process gets the workbook on its standard input and the limits as arguments, holds itself
//! to them before it looks at a byte, and answers as `wire` says. It has an empty environment, and can open no file and
//! no connection. The parent takes no more than it asked for, and kills a process that is not done in time.

use super::container::damaged_beyond_reading;
use super::taking::{too_much_memory, too_slow};
use super::{Broken, Found, Sheet, reader, wire};
use crate::fault::Fault;
use crate::settings::ReturnLimits;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// The name of the command that reads one workbook.
pub const COMMAND: &str = "read-workbook";

const MIB: u64 = 1024 * 1024;

/// What the process is told, as options of [`COMMAND`].
fn options(place: &str, limits: &ReturnLimits) -> [String; 7] {
    [
        format!("--place={place}"),
        format!("--max-file-mb={}", limits.max_file_mb),
        format!("--max-unzipped-mb={}", limits.max_unzipped_mb),
        format!("--max-cells={}", limits.max_cells),
        format!("--max-sheets={}", limits.max_sheets),
        format!("--max-seconds={}", limits.max_seconds),
        format!("--max-memory-mb={}", limits.max_memory_mb),
    ]
}

/// Reads `bytes` with a process of `program`, which is this program.
///
/// # Errors
/// As [`super::open_all`], and a workbook over which the process died or took too long.
pub(super) fn read(program: &Path, bytes: &[u8], place: &str, limits: &ReturnLimits) -> Result<Vec<Sheet>, Broken> {
    let deadline = Instant::now() + Duration::from_secs(limits.max_seconds);
    let mut process = Command::new(program)
        .arg(COMMAND)
        .args(options(place, limits))
        .env_clear()
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
            let mut stdin = stdin;
            // A process that stops listening has said why, or has died.
            let _ = stdin.write_all(bytes);
        });
        let (sender, receiver) = mpsc::channel();
        scope.spawn(move || {
            let mut stream = BufReader::with_capacity(1 << 16, stdout.take(longest_answer(limits)));
            let answer = wire::read(&mut stream, limits.max_cells, limits.max_sheets);
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

/// As many bytes as are taken back: the parent holds to half the memory of the process.
fn longest_answer(limits: &ReturnLimits) -> u64 {
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
fn died(process: &mut Child, status: ExitStatus, place: &str, limits: &ReturnLimits) -> Fault {
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

fn not_started(place: &str, error: &io::Error) -> Fault {
    let remedy = "nothing is wrong with the workbook: see that processes can be started here, and run again";
    Fault::new(place, format!("could not be read, for the process that reads it could not be started: {error}"), remedy)
}

/// The process's side: reads a workbook from `input` and answers on `output`.
///
/// # Errors
/// The answer could not be written.
pub fn serve(place: &str, limits: &ReturnLimits, input: impl Read, output: impl Write) -> io::Result<()> {
    confine(limits)?;
    let mut writer = wire::Writer::new(BufWriter::with_capacity(1 << 16, output));
    let mut bytes = Vec::new();
    input.take(limits.max_file_mb.saturating_mul(MIB).saturating_add(1)).read_to_end(&mut bytes)?;
    let outcome = reader::read(&bytes, place, limits, &mut |found: Found<'_>| writer.tell(&found));
    writer.finish(outcome)
}

/// Takes from this process what it does not need. Elsewhere than on Linux the parent's limits have to do.
#[cfg(target_os = "linux")]
fn confine(limits: &ReturnLimits) -> io::Result<()> {
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
fn confine(_limits: &ReturnLimits) -> io::Result<()> {
    Ok(())
}
