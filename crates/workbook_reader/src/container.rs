//! What a file is by its content, and how large it becomes, found out before anything parses it.

use crate::limits::{MIB, WorkbookLimits};
use crate::prepare::{Package, is_binary};
use crate::problem::{Problem, ProblemKind, damaged, encrypted};
use std::borrow::Cow;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use zip::ZipArchive;
use zip::result::ZipError;

/// What a file is, with the way to its parts where it has any.
pub(crate) enum ContainerKind<'a> {
    /// With the part that lists its sheets, and in the binary form.
    Xlsx(Package<'a>, String),
    Xlsb(Package<'a>, String),
    Xls,
    Ods(Package<'a>),
}

const OLD_CONTAINER: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// Entities are defined before the first element, though a long comment may come before them.
const PROLOGUE: u64 = 64 * 1024;
/// Streams of the old container, and what the file then is.
const OTHER_STREAMS: [(&str, &str); 3] = [
    ("WordDocument", "a Word document"),
    ("PowerPoint Document", "a PowerPoint presentation"),
    ("__nameid_version", "an Outlook message"),
];
/// Folders of a zip file, and what the file then is.
const OTHER_PARTS: [(&str, &str); 2] = [("word/", "a Word document"), ("ppt/", "a PowerPoint presentation")];

/// Says what kind of workbook `bytes` are, whatever the file is called.
///
/// # Errors
/// Contents that are no workbook, that are encrypted, or that are larger or unpack to more than the limits allow.
pub(crate) fn inspect<'a>(bytes: &'a [u8], place: &'a str, limits: &WorkbookLimits) -> Result<ContainerKind<'a>, Problem> {
    if bytes.is_empty() {
        return Err(Problem::new(place, ProblemKind::Empty, "the file is empty (0 bytes)"));
    }
    if bytes.len() as u64 > limits.max_file_mb.saturating_mul(MIB) {
        let problem = format!("is larger than {} MB, the most that is read", limits.max_file_mb);
        return Err(Problem::new(place, ProblemKind::FileTooLarge, problem));
    }
    if bytes.starts_with(OLD_CONTAINER) {
        // An encrypted .xlsx is wrapped in the container of the old .xls, and so are .doc and .ppt.
        return match OTHER_STREAMS.iter().find(|(stream, _)| contains_utf16(bytes, stream)) {
            _ if contains_utf16(bytes, "EncryptedPackage") => Err(encrypted(place)),
            Some((_, what)) if !["Workbook", "Book"].iter().any(|stream| contains_utf16(bytes, stream)) => {
                Err(other_type(place, what))
            }
            _ => Ok(ContainerKind::Xls),
        };
    }
    if !bytes.starts_with(b"PK") {
        return Err(other_type(place, &nature(bytes)));
    }
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(place, &e))?;
    hold_to_size(&mut zip, place, limits.max_unzipped_mb)?;
    let mut package = Package::new(zip, place);
    match package.workbook()? {
        Some(workbook) if is_binary(&workbook) => Ok(ContainerKind::Xlsb(package, workbook)),
        Some(workbook) => Ok(ContainerKind::Xlsx(package, workbook)),
        None if package.has("content.xml") => Ok(ContainerKind::Ods(package)),
        None if package.has_folder("xl/") => Err(damaged(place, &"the part that lists its sheets is missing")),
        None if package.has("encrypted-package") => Err(encrypted(place)),
        None => {
            let document = OTHER_PARTS.iter().find(|(folder, _)| package.has_folder(folder));
            Err(other_type(place, document.map_or("a zip file with no workbook in it", |(_, what)| what)))
        }
    }
}

/// Bytes at the start of a file by which its container is known; at its end, in which a zip file tells where its list of parts is.
const START: u64 = 64;
const END: u64 = 66 * 1024;
const END_OF_ZIP: &[u8] = b"PK\x05\x06";
/// The largest list of parts that is looked through here: a workbook's takes a few kilobytes.
const LARGEST_LIST: u64 = MIB;

/// Whether a file may be a workbook, without reading it whole or unpacking anything: it has the header of the old container, or is
/// a zip file whose list of parts names some of a workbook. Where that would take long to say it may be one.
///
/// # Errors
/// The file cannot be read.
pub fn may_be_workbook(file: &mut (impl Read + Seek)) -> io::Result<bool> {
    let (mut start, mut end) = (Vec::new(), Vec::new());
    file.by_ref().take(START).read_to_end(&mut start)?;
    if start.starts_with(OLD_CONTAINER) {
        // Its numbers are little-endian.
        return Ok(start.get(28..30) == Some(b"\xfe\xff"));
    }
    if !start.starts_with(b"PK") {
        return Ok(false);
    }
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(END)))?;
    file.by_ref().take(END).read_to_end(&mut end)?;
    let list_takes = |at: usize| Some(u64::from(u32::from_le_bytes(end.get(at + 12..at + 16)?.try_into().ok()?)));
    let lists = end.windows(END_OF_ZIP.len()).enumerate().filter(|(_, bytes)| *bytes == END_OF_ZIP);
    let mut lists = lists.filter_map(|(at, _)| list_takes(at)).peekable();
    if lists.peek().is_none() {
        return Ok(false);
    }
    if length > LARGEST_LIST && lists.any(|takes| takes > LARGEST_LIST) {
        return Ok(true);
    }
    file.rewind()?;
    let Ok(zip) = ZipArchive::new(file) else { return Ok(false) };
    let is_of_workbook = |name: Cow<'_, str>| {
        let name = name.to_ascii_lowercase().replace('\\', "/");
        let name = name.trim_start_matches('/');
        name.starts_with("xl/") || ["[content_types].xml", "_rels/.rels", "content.xml", "encrypted-package"].contains(&name)
    };
    let is_workbook = zip.file_names().any(|name| name.is_ok_and(is_of_workbook));
    Ok(is_workbook)
}

/// The declared sizes first, since they cost nothing; then what really comes out, since they may lie.
fn hold_to_size(zip: &mut ZipArchive<Cursor<&[u8]>>, place: &str, max_mb: u64) -> Result<(), Problem> {
    let limit = max_mb.saturating_mul(MIB);
    let too_large = || {
        let problem = format!("unpacks to more than {max_mb} MB, the most that is read");
        Problem::new(place, ProblemKind::UnpackedTooLarge, problem)
    };
    let mut declared: u64 = 0;
    for index in 0..zip.len() {
        declared = declared.saturating_add(zip.by_index_raw(index).map_err(|e| damaged(place, &e))?.size());
    }
    if declared > limit {
        return Err(too_large());
    }
    let mut left = limit;
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).map_err(|e| match e {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => encrypted(place),
            other => damaged(place, &other),
        })?;
        let mut head = Vec::new();
        let mut unpacked = entry.by_ref().take(PROLOGUE).read_to_end(&mut head).map_err(|e| damaged(place, &e))? as u64;
        if String::from_utf8_lossy(&head).contains("<!ENTITY") {
            let problem =
                "defines XML entities, as files do that are made to do harm; no Excel or OpenDocument program writes them";
            return Err(Problem::new(place, ProblemKind::Damaged, problem));
        }
        unpacked += io::copy(&mut entry.take(left.saturating_add(1)), &mut io::sink()).map_err(|e| damaged(place, &e))?;
        left = left.checked_sub(unpacked).ok_or_else(too_large)?;
    }
    Ok(())
}

fn contains_utf16(bytes: &[u8], text: &str) -> bool {
    let wanted: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn other_type(place: &str, what: &str) -> Problem {
    Problem::new(place, ProblemKind::NotAWorkbook, format!("is not a workbook but {what}"))
}

/// What a file is that is neither of the containers of workbooks.
fn nature(bytes: &[u8]) -> String {
    let head = &bytes[..bytes.len().min(2048)];
    let text = String::from_utf8_lossy(head).trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t']).to_lowercase();
    let starts = |marks: &[&str]| marks.iter().any(|mark| text.starts_with(mark));
    if starts(&["%pdf"]) {
        "a PDF".to_owned()
    } else if starts(&["<!doctype html", "<html", "<table", "<head", "mime-version"]) {
        "a web page, whatever its name says".to_owned()
    } else if starts(&["<?xml", "<"]) {
        "an XML file".to_owned()
    } else if head.iter().all(|byte| !byte.is_ascii_control() || byte.is_ascii_whitespace()) {
        "a text file, such as CSV".to_owned()
    } else {
        format!("something else: it starts with the bytes {:02x?}", &head[..head.len().min(8)])
    }
}
