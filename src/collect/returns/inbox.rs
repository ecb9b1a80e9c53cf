//! The workbooks that have come in: which files there are, whose folder they lie in, and which are not ready yet.

use crate::fault::Fault;
use crate::framework::Partner;
use crate::visible::in_one_line;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use workbook_reader::may_be_workbook;

const EXTENSIONS: [&str; 5] = ["xlsx", "xlsm", "xls", "xlsb", "ods"];

/// A file that was written in so many seconds before or after the look (clocks differ) may still be being copied.
const JUST_NOW_SECONDS: i64 = 5;

/// What programs leave lying while they write, which becomes something else.
const UNFINISHED: [&str; 4] = ["part", "tmp", "crdownload", "download"];

/// So many files of a folder that are no workbooks are each opened and told by themselves; more are something else that has
/// got into it, and are told together.
const MOST_OTHERS: usize = 20;

/// A workbook as it lies in the inbox.
#[derive(Debug, Clone)]
pub(super) struct Incoming<'a> {
    pub path: PathBuf,
    /// The partner in whose folder it lies; none in the folder for all.
    pub folder: Option<&'a Partner>,
    /// The name of the folder within the partner's in which it lies; empty elsewhere.
    pub within: String,
}

/// What lies in the inbox.
pub(super) struct Inbox<'a> {
    pub found: Vec<Incoming<'a>>,
    /// Files that are not called like workbooks and are not read: `nuh/Re your return.eml`.
    pub others: Vec<String>,
    pub faults: Vec<Fault>,
}

/// Everything that a look finds: the folder's own workbooks, then those of the partners' folders and of the folders in them,
/// each by name. A folder that cannot be read, lies deeper or is no partner's is told at its path, and so is a link.
pub(super) fn look<'a>(folder: &Path, partners: &'a [Partner], now: Timestamp, wait: &dyn Fn()) -> Inbox<'a> {
    let (mut found, mut others) = (Vec::new(), Vec::new());
    let mut faults = Vec::new();
    let all = Entries::of(folder, &mut faults);
    found.extend(all.incoming(None, ""));
    for path in &all.folders {
        let name = file_name(path);
        let partner = partners.iter().find(|partner| partner.id.eq_ignore_ascii_case(&name));
        let own = Entries::of(path, &mut faults);
        others.extend(own.others.iter().map(|file| format!("{name}/{}", file_name(file))));
        if partner.is_some() {
            found.extend(own.incoming(partner, ""));
            for path in &own.folders {
                let (within, entries) = (file_name(path), Entries::of(path, &mut faults));
                found.extend(entries.incoming(partner, &within));
                others.extend(entries.others.iter().map(|file| format!("{name}/{within}/{}", file_name(file))));
                entries.folders.iter().for_each(|deeper| tell_if_too_deep(deeper, &mut faults));
            }
        } else if !own.workbooks.is_empty() {
            let ids = partners.iter().map(|partner| partner.id.as_str()).collect::<Vec<_>>().join(", ");
            let problem = format!("holds workbooks and is not called by a partner's id; there are: {ids}");
            faults.push(Fault::new(path.display().to_string(), problem, "rename it, or move them to their partner's folder"));
        }
    }
    others.extend(all.others.iter().map(|file| file_name(file)));
    let (found, crowds) = without_crowds(folder, settled(found, now, wait));
    faults.extend(crowds);
    Inbox { found, others, faults }
}

/// A folder within a folder of a partner's is not read.
fn tell_if_too_deep(folder: &Path, faults: &mut Vec<Fault>) {
    if Entries::of(folder, faults).holds_something() {
        let problem = "lies two folders within a partner's, and nothing in it is read";
        faults.push(Fault::new(folder.display().to_string(), problem, "move its files up into the partner's folder"));
    }
}

/// Without the files that are no workbooks of a folder that has many: none of them is read, and each folder is told once.
fn without_crowds<'a>(inbox: &Path, found: Vec<Incoming<'a>>) -> (Vec<Incoming<'a>>, Vec<Fault>) {
    let mut folders: BTreeMap<&Path, Vec<&Path>> = BTreeMap::new();
    for incoming in &found {
        folders.entry(incoming.path.parent().unwrap_or(Path::new(""))).or_default().push(&incoming.path);
    }
    let mut passed_over: BTreeSet<PathBuf> = BTreeSet::new();
    let mut faults = Vec::new();
    for (folder, files) in folders.into_iter().filter(|(_, files)| files.len() > MOST_OTHERS) {
        let others: Vec<&Path> = files.into_iter().filter(|file| !may_hold_workbook(inbox, file)).collect();
        if others.len() > MOST_OTHERS {
            let names: Vec<String> = others.iter().take(3).map(|file| file_name(file)).collect();
            let (many, names) = (others.len(), names.join(", "));
            let problem = format!(
                "holds {many} files that have names like workbooks but are not workbooks; none of them is read: {names} …"
            );
            let remedy = "take them out of the folder, and send the workbooks themselves";
            faults.push(Fault::new(folder.display().to_string(), problem, remedy));
            passed_over.extend(others.into_iter().map(Path::to_owned));
        }
    }
    (found.into_iter().filter(|incoming| !passed_over.contains(&incoming.path)).collect(), faults)
}

/// One that cannot be read is told by itself.
fn may_hold_workbook(inbox: &Path, path: &Path) -> bool {
    open(inbox, path).and_then(|mut file| may_be_workbook(&mut file)).unwrap_or(true)
}

/// Without the files that are still being written: those that changed between two looks. Only where a file has just been
/// written is there a second look.
fn settled<'a>(found: Vec<Incoming<'a>>, now: Timestamp, wait: &dyn Fn()) -> Vec<Incoming<'a>> {
    let fresh: BTreeMap<PathBuf, Stamp> = found
        .iter()
        .filter_map(|incoming| Some((incoming.path.clone(), Stamp::of(&fs::metadata(&incoming.path).ok()?))))
        .filter(|(_, stamp)| stamp.is_just_now(now))
        .collect();
    if fresh.is_empty() {
        return found;
    }
    wait();
    let is_ready = |incoming: &Incoming<'_>| {
        let Some(before) = fresh.get(&incoming.path) else { return true };
        // A copy begins with an empty file, and may rest there for a while.
        fs::metadata(&incoming.path).is_ok_and(|now| Stamp::of(&now) == *before && now.len() > 0)
    };
    found.into_iter().filter(is_ready).collect()
}

/// What of a file changes as it is written.
#[derive(Debug, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    modified: Option<Timestamp>,
}

impl Stamp {
    fn of(file: &Metadata) -> Self {
        let modified = file.modified().ok().and_then(|time| Timestamp::try_from(time).ok());
        Self { bytes: file.len(), modified }
    }

    fn is_just_now(&self, now: Timestamp) -> bool {
        self.modified.is_some_and(|then| (now.as_second() - then.as_second()).abs() <= JUST_NOW_SECONDS)
    }
}

/// That the folder can be read, and what lies in it for the partners.
///
/// # Errors
/// The folder that cannot: then nobody knows what came.
pub fn check_inbox(folder: &Path, partners: &[Partner]) -> Result<(), Fault> {
    let folders_in = |folder: &Path| {
        let mut entries = Entries::default();
        entries.read(folder, &mut Vec::new()).map(|()| entries.folders).map_err(|e| unreadable(folder, &e))
    };
    let is_partners = |path: &&PathBuf| partners.iter().any(|partner| partner.id.eq_ignore_ascii_case(&file_name(path)));
    for of_partner in folders_in(folder)?.iter().filter(is_partners) {
        for within in folders_in(of_partner)? {
            folders_in(&within)?;
        }
    }
    Ok(())
}

fn unreadable(folder: &Path, problem: &io::Error) -> Fault {
    let remedy = "create the folder, change its permissions, or set paths.returns to where the workbooks are";
    Fault::new(folder.display().to_string(), format!("the folder of returns cannot be read: {problem}"), remedy)
}

/// What lies in one folder, each by name, without what Excel, LibreOffice, editors and copies leave lying.
#[derive(Debug, Default)]
struct Entries {
    workbooks: Vec<PathBuf>,
    folders: Vec<PathBuf>,
    others: Vec<PathBuf>,
}

impl Entries {
    /// A folder that cannot be read is empty, and told. So is each link in it: whoever may write to the inbox could have any
    /// file read that this program may read.
    fn of(folder: &Path, faults: &mut Vec<Fault>) -> Self {
        let mut entries = Self::default();
        if let Err(e) = entries.read(folder, faults) {
            faults.push(unreadable(folder, &e));
            return Self::default();
        }
        entries.workbooks.sort();
        entries.folders.sort();
        entries.others.sort();
        entries
    }

    fn read(&mut self, folder: &Path, faults: &mut Vec<Fault>) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let (path, kind) = (entry.path(), entry.file_type()?);
            let name = file_name(&path);
            if name.starts_with("~$") || name.starts_with('.') {
                continue;
            }
            // `nuh.xlsx.part`, `.tmp` and `.crdownload` end otherwise. A pipe or a device that is named like a workbook would
            // be read for ever.
            let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
            if kind.is_symlink() {
                let remedy = "put the workbook itself there, or the folder with its workbooks";
                faults.push(Fault::new(path.display().to_string(), "is a link, and links in the inbox are not followed", remedy));
            } else if kind.is_dir() {
                self.folders.push(path);
            } else if kind.is_file() && EXTENSIONS.contains(&extension.as_str()) {
                self.workbooks.push(path);
            } else if kind.is_file() && !UNFINISHED.contains(&extension.as_str()) {
                self.others.push(path);
            }
        }
        Ok(())
    }

    fn holds_something(&self) -> bool {
        [&self.workbooks, &self.folders, &self.others].iter().any(|of| !of.is_empty())
    }

    fn incoming<'a>(&self, folder: Option<&'a Partner>, within: &str) -> impl Iterator<Item = Incoming<'a>> {
        self.workbooks.iter().map(move |path| Incoming { path: path.clone(), folder, within: within.to_owned() })
    }
}

/// Opens a file below the inbox `folder`, and follows no link on the way from there: what lies under a name may be another thing
/// than at the look. `folder` itself may be a link.
///
/// # Errors
/// What cannot be opened, is a link or has one on the way, or is no file.
#[cfg(target_os = "linux")]
pub(super) fn open(folder: &Path, path: &Path) -> io::Result<File> {
    use rustix::fs::{CWD, Mode, OFlags, openat};
    let below = path.strip_prefix(folder).map_err(|_| io::ErrorKind::InvalidInput)?;
    let mut at = openat(CWD, folder, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    for part in below.components() {
        // Opening a pipe does not wait for its writer.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        at = openat(&at, part.as_os_str(), flags, Mode::empty())?;
    }
    only_file(File::from(at))
}

/// As on Linux, but for what is changed between the two steps.
#[cfg(not(target_os = "linux"))]
pub(super) fn open(folder: &Path, path: &Path) -> io::Result<File> {
    let below = path.ancestors().take_while(|part| *part != folder);
    for part in below {
        if fs::symlink_metadata(part)?.is_symlink() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a link, or behind one"));
        }
    }
    only_file(File::open(path)?)
}

fn only_file(file: File) -> io::Result<File> {
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file")) }
}

/// As it is told: characters that are not seen are written out.
pub(super) fn file_name(path: &Path) -> String {
    in_one_line(&path.file_name().unwrap_or_default().to_string_lossy()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A zip file with one part, of a workbook or of something else.
    fn zip_with(part: &str) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zip.start_file(part, zip::write::SimpleFileOptions::default()).unwrap();
        zip.finish().unwrap().into_inner()
    }

    fn seen(folder: &Path) -> (Vec<String>, Vec<String>) {
        // Long after they were written: there is no second look.
        let Inbox { found, faults, .. } = look(folder, &[], Timestamp::MAX, &|| {});
        let names = found.iter().map(|incoming| file_name(&incoming.path)).collect();
        (names, faults.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn other_files_are_told_once() {
        let pictures = zip_with("pictures/1.png");
        let garbage = b"PK\x03\x04 parts PK\x05\x06 and, where their list should be, so on and so on for some bytes";
        let others: [&[u8]; 8] = [
            b"",
            b"a text",
            b"PK\x03\x04 without an end",
            garbage,
            &pictures,
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            b"%PDF-1.7",
            &[0; 100_000],
        ];
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("nuh.xlsx"), zip_with("xl/workbook.xml")).unwrap();
        for n in 0..MOST_OTHERS {
            fs::write(folder.path().join(format!("other-{n:04}.xlsx")), others[n % 8]).unwrap();
        }
        let (found, faults) = seen(folder.path());
        assert_eq!((found.len(), faults.len()), (MOST_OTHERS + 1, 0), "a few are each told by themselves");
        for n in MOST_OTHERS..3000 {
            fs::write(folder.path().join(format!("other-{n:04}.xlsx")), others[n % 8]).unwrap();
        }
        let (found, faults) = seen(folder.path());
        assert_eq!(found, ["nuh.xlsx"]);
        assert_eq!(faults.len(), 1);
        let part = "holds 3000 files that have names like workbooks but are not workbooks; none of them is read: other-0000.xlsx, other-0001.xlsx";
        assert!(faults[0].contains(part), "{}", faults[0]);
    }
}
