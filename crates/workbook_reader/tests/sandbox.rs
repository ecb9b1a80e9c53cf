//! A workbook read by another process: this program is that process too, so it has a `main` of its own.

use std::env;
use std::fs;
use std::io;
use std::time::{Duration, Instant};
use workbook_reader::{ProblemKind, Sandbox, WorkbookLimits, cell_name, read, sandbox};

const READ: &str = "--read-workbook";

fn main() {
    if env::args().nth(1).as_deref() == Some(READ) {
        return sandbox::serve(io::stdin().lock(), io::stdout().lock()).expect("the parent listens");
    }
    another_process_reads_what_this_one_reads();
    a_problem_keeps_its_kind_and_place();
    #[cfg(target_os = "linux")]
    limits_are_held_to_by_the_process();
    #[cfg(unix)]
    a_failing_reader_is_a_problem();
    println!("sandbox: all is well");
}

fn reader() -> Sandbox {
    Sandbox::new(env::current_exe().unwrap()).arg(READ)
}

fn data(name: &str) -> Vec<u8> {
    fs::read(format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn another_process_reads_what_this_one_reads() {
    for name in ["saved.xls", "saved.ods"] {
        let (here, apart) =
            (read(&data(name), name, &WorkbookLimits::default()), reader().read(&data(name), name, &WorkbookLimits::default()));
        let (here, apart) = (here.unwrap(), apart.unwrap());
        assert!(!here.is_empty() && format!("{here:?}") == format!("{apart:?}"), "{name}");
        let figures = apart.iter().find(|sheet| sheet.name == "Figures").unwrap();
        let cells: Vec<_> = figures.rows().flat_map(|row| row.cells).collect();
        assert!(cells.iter().any(|cell| cell_name(cell.row, cell.column) == "B1"), "{name}: {cells:?}");
    }
}

fn a_problem_keeps_its_kind_and_place() {
    let locked = reader().read(&data("locked.xlsx"), "locked.xlsx", &WorkbookLimits::default()).unwrap_err().problem;
    assert_eq!((locked.kind, locked.place.as_str()), (ProblemKind::Encrypted, "locked.xlsx"));
    let few = WorkbookLimits { max_cells: 1, ..WorkbookLimits::default() };
    let kind = |name| reader().read(&data(name), name, &few).unwrap_err().problem.kind;
    assert_eq!((kind("saved.xls"), kind("saved.ods")), (ProblemKind::TooManyCells, ProblemKind::TooWide));
}

#[cfg(target_os = "linux")]
fn limits_are_held_to_by_the_process() {
    let large = vec![b'a'; 64 << 20];
    // Of a file that is too large no more is taken than shows it.
    for reading in
        [reader().read(&large, "large.xlsx", &WorkbookLimits::default()), read(&large, "large.xlsx", &WorkbookLimits::default())]
    {
        assert_eq!(reading.unwrap_err().problem.kind, ProblemKind::FileTooLarge);
    }
    let hurried = WorkbookLimits { max_seconds: 0, ..WorkbookLimits::default() };
    assert_eq!(reader().read(&data("saved.xls"), "saved.xls", &hurried).unwrap_err().problem.kind, ProblemKind::TooSlow);
    let narrow = WorkbookLimits { max_memory_mb: 24, max_file_mb: 100, ..WorkbookLimits::default() };
    assert_eq!(reader().read(&large, "large.xlsx", &narrow).unwrap_err().problem.kind, ProblemKind::TooMuchMemory);
}

#[cfg(unix)]
fn a_failing_reader_is_a_problem() {
    let limits = WorkbookLimits { max_seconds: 2, ..WorkbookLimits::default() };
    for (script, problem) in [
        ("kill -9 $$", "reading it ended with signal: 9"),
        ("exit 3", "reading it ended with exit status: 3"),
        ("echo memory allocation of 9 bytes failed >&2; exit 1", "needs more than 200 MB of memory"),
        // A sheet, then the length of a record that does not come.
        ("printf '\\003\\000\\000\\000\\000\\000\\000\\377'", "reading it ended with exit status: 0"),
        ("exec cat /dev/zero", "the workbook is damaged, or made to do harm"),
        ("exec sleep 60", "takes longer to read than 2 seconds"),
    ] {
        let began = Instant::now();
        let shell = Sandbox::new("/bin/sh").arg("-c").arg(script);
        let broken = shell.read(&vec![0; 1 << 20], "file.xlsx", &limits).unwrap_err();
        assert!(broken.problem.problem.contains(problem), "{script}: {broken}");
        assert!(began.elapsed() < Duration::from_secs(10), "{script}");
    }
    let nowhere = Sandbox::new("/nowhere/at/all").read(b"", "file.xlsx", &limits).unwrap_err().problem;
    assert_eq!(nowhere.kind, ProblemKind::NotStarted, "{nowhere}");
}
