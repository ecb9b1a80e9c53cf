//! All that the files of a folder say to whoever opens them, whatever their format.

use super::folders::files_below;
use super::pdf_text::text_of;
use super::smtp_server::decode_base64;
use lopdf::{Document, Object};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Every file below the folder, with its words and those of its properties; of a message also what is attached.
pub fn every_word(folder: &Path) -> Vec<(PathBuf, String)> {
    let words = |path: &Path| words_of(&path.to_string_lossy(), &fs::read(path).unwrap());
    files_below(folder).into_iter().map(|path| (path.clone(), words(&path))).collect()
}

/// What bytes say that a file of this name would hold.
pub fn words_of(name: &str, bytes: &[u8]) -> String {
    match name.rsplit('.').next().unwrap() {
        "pdf" => of_pdf(bytes),
        "xlsx" | "ods" | "docx" => of_zip(bytes),
        "eml" => of_message(&String::from_utf8_lossy(bytes)),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Pages, properties, alternatives of figures and bookmarks.
fn of_pdf(bytes: &[u8]) -> String {
    let file = Document::load_mem(bytes).unwrap();
    let mut words: String =
        (1..=u32::try_from(file.get_pages().len()).unwrap()).map(|page| text_of(&file, page) + "\n").collect();
    let mut strings = Vec::new();
    for object in file.objects.values() {
        texts(object, &mut strings);
        if let Ok(stream) = object.as_stream()
            && stream.dict.get(b"Type").and_then(Object::as_name).is_ok_and(|name| name == b"Metadata")
        {
            words += &String::from_utf8_lossy(&stream.decompressed_content().unwrap_or_else(|_| stream.content.clone()));
        }
    }
    words + &strings.join("\n")
}

fn texts(object: &Object, found: &mut Vec<String>) {
    match object {
        Object::String(bytes, _) => found.push(match bytes.strip_prefix(&[0xFE, 0xFF]) {
            Some(units) => {
                let units: Vec<u16> = units.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
                String::from_utf16_lossy(&units)
            }
            None => String::from_utf8_lossy(bytes).into_owned(),
        }),
        Object::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Object::Dictionary(dict) => dict.iter().for_each(|(_, value)| texts(value, found)),
        _ => {}
    }
}

fn of_zip(bytes: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut words = String::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        // Pictures have no words, and any bytes.
        if part.name().unwrap().ends_with(".png") {
            continue;
        }
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        words += &String::from_utf8_lossy(&bytes);
    }
    words
}

/// Headers and parts, soft line ends undone and attachments opened.
fn of_message(text: &str) -> String {
    let mut words = text.replace("=\r\n", "");
    for part in text.split("\r\n--") {
        let Some((head, body)) = part.split_once("\r\n\r\n") else { continue };
        if head.to_lowercase().contains("content-transfer-encoding: base64") {
            let bytes = decode_base64(body);
            let kinds = [("application/pdf", "a.pdf"), ("spreadsheetml", "a.xlsx")];
            let name = kinds.iter().find(|(kind, _)| head.contains(kind)).map_or("a.txt", |(_, name)| name);
            words += &words_of(name, &bytes);
        }
    }
    words
}
