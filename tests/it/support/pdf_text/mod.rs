//! What a page of a PDF says.

use lopdf::content::Content;
use lopdf::{Dictionary, Document};
use std::collections::BTreeMap;

/// The text of a page (from 1) in the order of its content, by the fonts' own ToUnicode maps.
pub fn text_of(file: &Document, page: u32) -> String {
    let id = file.get_pages()[&page];
    let fonts = file.get_page_fonts(id).unwrap();
    let maps: BTreeMap<Vec<u8>, BTreeMap<u16, String>> =
        fonts.into_iter().map(|(name, font)| (name, to_unicode(file, font))).collect();
    let content = Content::decode(&file.get_page_content(id)).unwrap();
    let mut map = None;
    let mut text = String::new();
    for operation in &content.operations {
        match operation.operator.as_str() {
            "Tf" => map = maps.get(operation.operands[0].as_name().unwrap()),
            "TJ" => {
                for code in operation.operands[0].as_array().unwrap().iter().filter_map(|item| item.as_str().ok()) {
                    for pair in code.chunks(2) {
                        let code = u16::from_be_bytes([pair[0], pair[1]]);
                        text.push_str(map.and_then(|map| map.get(&code)).map_or("\u{fffd}", String::as_str));
                    }
                }
            }
            _ => {}
        }
    }
    text
}

fn to_unicode(file: &Document, font: &Dictionary) -> BTreeMap<u16, String> {
    let stream = file.get_object(font.get(b"ToUnicode").unwrap().as_reference().unwrap()).unwrap().as_stream().unwrap();
    let source = String::from_utf8(stream.decompressed_content().unwrap_or(stream.content.clone())).unwrap();
    let mut map = BTreeMap::new();
    for line in source.lines() {
        let parts: Vec<&str> = line.split(['<', '>']).map(str::trim).filter(|part| !part.is_empty()).collect();
        let hex = |part: &str| -> Option<Vec<u16>> {
            part.as_bytes().chunks(4).map(|four| u16::from_str_radix(std::str::from_utf8(four).ok()?, 16).ok()).collect()
        };
        if let [from, to] = parts[..]
            && let (Some(from), Some(to)) = (hex(from), hex(to))
        {
            map.insert(from[0], String::from_utf16(&to).unwrap());
        } else if let [first, last, to] = parts[..]
            && let (Some(first), Some(last), Some(to)) = (hex(first), hex(last), hex(to))
        {
            for code in first[0]..=last[0] {
                let mut units = to.clone();
                *units.last_mut().unwrap() += code - first[0];
                map.insert(code, String::from_utf16(&units).unwrap());
            }
        }
    }
    map
}

/// The files within it, by their names.
pub fn attached(file: &Document) -> BTreeMap<String, Vec<u8>> {
    let dicts = file.objects.values().filter_map(|object| object.as_dict().ok());
    let files = dicts.filter_map(|dict| {
        let stream = dict.get(b"EF").ok()?.as_dict().unwrap().get(b"F").unwrap().as_reference().unwrap();
        let stream = file.get_object(stream).unwrap().as_stream().unwrap();
        let name = String::from_utf8(dict.get(b"UF").unwrap().as_str().unwrap().to_vec()).unwrap();
        Some((name, stream.decompressed_content().unwrap()))
    });
    files.collect()
}
