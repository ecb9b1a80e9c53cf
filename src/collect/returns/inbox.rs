//! The workbooks that have come in: which files there are, whose folder they lie in, and which are not ready yet.

use crate::collect::workbook::{END, START, may_be_workbook};
use crate::fault::Fault;
use crate::framework::Partner;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

const EXTENSIONS: [&str; 5] = ["xlsx", "xlsm", "xls", "xlsb", "ods"];

/// A file that was written in so many seconds before or after the look (clocks differ) may still be being copied.
const JUST_NOW_SECONDS: i64 = 5;

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

/// Everything that a look finds: the folder's own workbooks, then those of the partners' folders and of the folders in them,
/// each by name. A folder that cannot be read or is no partner's is told at its path.
pub(super) fn look<'a>(
    folder: &Path,
    partners: &'a [Partner],
    now: Timestamp,
    wait: &dyn Fn(),
) -> (Vec<Incoming<'a>>, Vec<Fault>) {
    let mut found = Vec::new();
    let mut faults = Vec::new();
    let mut folders = Vec::new();
    match workbooks_in(folder, None, &mut folders) {
        Ok(workbooks) => found.extend(workbooks),
        Err(fault) => faults.push(fault),
    }
    folders.sort();
    for path in folders {
        let name = file_name(&path);
        let partner = partners.iter().find(|partner| partner.id.eq_ignore_ascii_case(&name));
        let mut inner = Vec::new();
        match workbooks_in(&path, partner, &mut inner) {
            Ok(workbooks) if partner.is_some() => {
                found.extend(workbooks);
                inner.sort();
                for path in inner {
                    let within = file_name(&path);
                    match workbooks_in(&path, partner, &mut Vec::new()) {
                        Ok(parts) => {
                            found.extend(parts.into_iter().map(|part| Incoming { within: within.clone(), ..part }));
                        }
                        Err(fault) => faults.push(fault),
                    }
                }
            }
            Ok(workbooks) if workbooks.is_empty() => {}
            Ok(_) => {
                let ids = partners.iter().map(|partner| partner.id.as_str()).collect::<Vec<_>>().join(", ");
                let problem = format!("holds workbooks and is not called by a partner's id; there are: {ids}");
                faults.push(Fault::new(path.display().to_string(), problem, "rename it, or move them to their partner's folder"));
            }
            Err(fault) => faults.push(fault),
        }
    }
    let (found, crowds) = without_crowds(settled(found, now, wait));
    faults.extend(crowds);
    (found, faults)
}

/// Without the files that are no workbooks of a folder that has many: none of them is read, and each folder is told once.
fn without_crowds<'a>(found: Vec<Incoming<'a>>) -> (Vec<Incoming<'a>>, Vec<Fault>) {
    let mut folders: BTreeMap<&Path, Vec<&Path>> = BTreeMap::new();
    for incoming in &found {
        folders.entry(incoming.path.parent().unwrap_or(Path::new(""))).or_default().push(&incoming.path);
    }
    let mut passed_over: BTreeSet<PathBuf> = BTreeSet::new();
    let mut faults = Vec::new();
    for (folder, files) in folders.into_iter().filter(|(_, files)| files.len() > MOST_OTHERS) {
        let others: Vec<&Path> = files.into_iter().filter(|file| !may_hold_workbook(file)).collect();
        if others.len() > MOST_OTHERS {
            let names: Vec<String> = others.iter().take(3).map(|file| file_name(file)).collect();
            let (many, names) = (others.len(), names.join(", "));
            let problem =
                format!("holds {many} files that are named like workbooks and are none, and none of them is read: {names} …");
            let remedy = "take them out of the folder, and send the workbooks themselves";
            faults.push(Fault::new(folder.display().to_string(), problem, remedy));
            passed_over.extend(others.into_iter().map(Path::to_owned));
        }
    }
    (found.into_iter().filter(|incoming| !passed_over.contains(&incoming.path)).collect(), faults)
}

/// By its first and its last bytes. One that cannot be read is told by itself.
fn may_hold_workbook(path: &Path) -> bool {
    let read = || -> io::Result<bool> {
        let mut file = File::open(path)?;
        let (mut start, mut end) = (Vec::new(), Vec::new());
        file.by_ref().take(START).read_to_end(&mut start)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(END)))?;
        file.take(END).read_to_end(&mut end)?;
        Ok(may_be_workbook(&start, &end))
    };
    read().unwrap_or(true)
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

/// The workbooks in a folder by name, without what Excel, LibreOffice, editors and copies leave lying; its folders are
/// added to `folders`.
fn workbooks_in<'a>(folder: &Path, partner: Option<&'a Partner>, folders: &mut Vec<PathBuf>) -> Result<Vec<Incoming<'a>>, Fault> {
    let fault = |e: io::Error| {
        let remedy = "make the folder, or set paths.returns to where the workbooks are";
        Fault::new(folder.display().to_string(), format!("the folder of returns cannot be read: {e}"), remedy)
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(fault)? {
        let path = entry.map_err(fault)?.path();
        let name = file_name(&path);
        if name.starts_with("~$") || name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            folders.push(path);
            continue;
        }
        // `nuh.xlsx.part`, `.tmp` and `.crdownload` end otherwise. A pipe or a device that is named like a workbook would be
        // read for ever.
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
        if EXTENSIONS.contains(&extension.as_str()) && path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths.into_iter().map(|path| Incoming { path, folder: partner, within: String::new() }).collect())
}

pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As far as its first and last bytes go.
    const WORKBOOK: &[u8] = b"PK\x03\x04 parts PK\x05\x06 and their list";

    fn seen(folder: &Path) -> (Vec<String>, Vec<String>) {
        // Long after they were written: there is no second look.
        let (found, faults) = look(folder, &[], Timestamp::MAX, &|| {});
        let names = found.iter().map(|incoming| file_name(&incoming.path)).collect();
        (names, faults.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_crowd_of_files_that_are_no_workbooks_is_told_once_and_hides_no_workbook() {
        let others: [&[u8]; 6] =
            [b"", b"a text", b"PK\x03\x04 without an end", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-1.7", &[0; 100_000]];
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("nuh.xlsx"), WORKBOOK).unwrap();
        for n in 0..MOST_OTHERS {
            fs::write(folder.path().join(format!("other-{n:04}.xlsx")), others[n % 6]).unwrap();
        }
        let (found, faults) = seen(folder.path());
        assert_eq!((found.len(), faults.len()), (MOST_OTHERS + 1, 0), "a few are each told by themselves");
        for n in MOST_OTHERS..3000 {
            fs::write(folder.path().join(format!("other-{n:04}.xlsx")), others[n % 6]).unwrap();
        }
        let (found, faults) = seen(folder.path());
        assert_eq!(found, ["nuh.xlsx"]);
        assert_eq!(faults.len(), 1);
        let part = "holds 3000 files that are named like workbooks and are none, and none of them is read: other-0000.xlsx, other-0001.xlsx";
        assert!(faults[0].contains(part), "{}", faults[0]);
    }
}
