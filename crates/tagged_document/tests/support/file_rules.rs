//! What a tagged PDF says of itself, where its links and bookmarks lead, and what is attached to it, by the standard that
//! it says it keeps to.

use super::{Standard, resolved};
use lopdf::{Dictionary, Document, Object, ObjectId};
use md5::{Digest, Md5};
use std::collections::{BTreeMap, BTreeSet};

/// The elements of the tree by what they are, and the pages on which each has something of its own or below it.
pub struct Elements<'a> {
    pub roles: &'a BTreeMap<ObjectId, String>,
    pub pages: &'a BTreeMap<ObjectId, BTreeSet<ObjectId>>,
}

/// The standard that the metadata name.
pub fn standard(file: &Document) -> Option<Standard> {
    match entry(&metadata(file), "pdfuaid:part").as_deref() {
        Some("1") => Some(Standard::Ua1),
        Some("2") => Some(Standard::Ua2),
        _ => None,
    }
}

fn metadata(file: &Document) -> String {
    let stream = file.catalog().ok().and_then(|catalogue| catalogue.get(b"Metadata").ok());
    let stream = stream.and_then(|stream| resolved(file, stream).as_stream().ok());
    stream.map_or(String::new(), |stream| String::from_utf8_lossy(&stream.content).into_owned())
}

/// What stands between the tags of a property that is there once.
fn entry(xmp: &str, name: &str) -> Option<String> {
    let start = format!("<{name}>");
    let mut parts = xmp.split(&start);
    let (_, after, None) = (parts.next(), parts.next()?, parts.next()) else { return None };
    Some(after.split("</").next()?.to_owned())
}

/// All that is wrong with the file beside its tags.
pub fn problems(file: &Document, bytes: &[u8], standard: Standard, elements: &Elements<'_>) -> Vec<String> {
    let Ok(catalogue) = file.catalog() else { return vec!["there is no catalogue".into()] };
    let mut problems = Vec::new();
    of_itself(file, bytes, standard, catalogue, &mut problems);
    attached(file, standard, catalogue, &mut problems);
    let mut lead = |what: &str, holder: &Dictionary| {
        if let Some(problem) = destination(file, standard, holder, elements) {
            problems.push(format!("{what} {problem}"));
        }
    };
    for page in file.get_pages().into_values() {
        for (id, link) in links(file, page) {
            lead(&format!("link {id:?}"), link);
        }
    }
    let outlines = catalogue.get(b"Outlines").and_then(Object::as_reference).ok();
    let mut next: Vec<ObjectId> = outlines.and_then(|root| child(file, root, b"First")).into_iter().collect();
    while let Some(id) = next.pop() {
        if let Ok(bookmark) = file.get_dictionary(id) {
            lead(&format!("bookmark {id:?}"), bookmark);
        }
        next.extend(child(file, id, b"Next").into_iter().chain(child(file, id, b"First")));
    }
    let named = names(file, catalogue, b"Dests");
    for (name, place) in &named {
        let holder = Dictionary::from_iter([("A", place.clone())]);
        lead(&format!("name {:?}", String::from_utf8_lossy(name)), &holder);
    }
    if !named.is_sorted_by(|one, next| one.0 < next.0) {
        problems.push("places are not in the order of their names".into());
    }
    for (page, id) in file.get_pages() {
        let Ok(dict) = file.get_dictionary(id) else { continue };
        if dict.get(b"Tabs").and_then(Object::as_name).ok() != Some(b"S") {
            problems.push(format!("page {page} has no order of tabs"));
        }
        for (link, dict) in links(file, id) {
            if dict.get(b"F").and_then(Object::as_i64).ok() != Some(4) {
                problems.push(format!("link {link:?} is hidden, or is not printed"));
            }
        }
    }
    problems
}

fn child(file: &Document, id: ObjectId, key: &[u8]) -> Option<ObjectId> {
    file.get_dictionary(id).ok()?.get(key).ok()?.as_reference().ok()
}

/// The annotations of a page.
pub fn links(file: &Document, page: ObjectId) -> Vec<(ObjectId, &Dictionary)> {
    let annotations = file.get_dictionary(page).and_then(|page| page.get(b"Annots")?.as_array()).cloned().unwrap_or_default();
    let ids = annotations.iter().filter_map(|annotation| annotation.as_reference().ok());
    ids.filter_map(|id| Some((id, file.get_dictionary(id).ok()?))).collect()
}

fn of_itself(file: &Document, bytes: &[u8], standard: Standard, catalogue: &Dictionary, problems: &mut Vec<String>) {
    let mut ask = |holds: bool, otherwise: &str| {
        if !holds {
            problems.push(otherwise.to_owned());
        }
    };
    let dict = |key: &[u8]| catalogue.get(key).ok().and_then(|value| resolved(file, value).as_dict().ok());
    let is_true = |key: &[u8], inner: &[u8]| dict(key).is_some_and(|d| d.get(inner).and_then(Object::as_bool).unwrap_or(false));
    let xmp = metadata(file);
    let says = |name: &str| entry(&xmp, name);
    let has_files = catalogue.has(b"AF");
    match standard {
        Standard::Ua1 => {
            ask(bytes.starts_with(b"%PDF-1.7"), "the header is not that of PDF 1.7");
            ask(says("pdfaid:part").as_deref() == Some("3"), "the metadata do not say PDF/A-3");
            ask(says("pdfaid:conformance").as_deref() == Some("A"), "the metadata do not say PDF/A-3a");
            ask(says("pdfuaid:rev").is_none(), "PDF/UA-1 has a revision");
            ask(xmp.contains("<pdfaSchema:prefix>pdfuaid<"), "the schema of PDF/UA is not described");
        }
        Standard::Ua2 => {
            ask(bytes.starts_with(b"%PDF-2.0"), "the header is not that of PDF 2.0");
            ask(!file.trailer.has(b"Info"), "there is an information dictionary");
            ask(says("pdfaid:part").as_deref() == Some("4"), "the metadata do not say PDF/A-4");
            ask(says("pdfaid:rev").as_deref() == Some("2020"), "the metadata do not say of which year PDF/A-4 is");
            ask(says("pdfaid:conformance").as_deref() == has_files.then_some("F"), "PDF/A-4f and attachments do not agree");
            ask(says("pdfuaid:rev").as_deref() == Some("2024"), "the metadata do not say of which year PDF/UA-2 is");
        }
    }
    ask(says("dc:title").is_some_and(|title| !title.ends_with('>')), "the metadata have no title");
    let stream = catalogue.get(b"Metadata").ok().and_then(|stream| resolved(file, stream).as_stream().ok());
    let is_plain = stream.is_some_and(|stream| {
        let is = |key: &[u8], name: &[u8]| stream.dict.get(key).and_then(Object::as_name).is_ok_and(|found| found == name);
        is(b"Type", b"Metadata") && is(b"Subtype", b"XML") && !stream.dict.has(b"Filter")
    });
    ask(is_plain, "the metadata are not an XML stream to be read as it is");
    ask(catalogue.get(b"Lang").and_then(Object::as_str).is_ok_and(|lang| !lang.is_empty()), "there is no language");
    ask(is_true(b"MarkInfo", b"Marked"), "it is not marked as tagged");
    ask(is_true(b"ViewerPreferences", b"DisplayDocTitle"), "its title is not shown");
    ask(file.trailer.get(b"ID").and_then(Object::as_array).is_ok_and(|ids| ids.len() == 2), "the file has no identity");
    ask(catalogue.get(b"OutputIntents").and_then(Object::as_array).is_ok_and(|all| all.len() == 1), "colours have no profile");
}

/// Where a link or a bookmark leads; nothing is wrong with an address.
fn destination(file: &Document, standard: Standard, holder: &Dictionary, elements: &Elements<'_>) -> Option<String> {
    let action = holder.get(b"A").and_then(Object::as_dict).ok();
    if let Some(address) = action.and_then(|action| action.get(b"URI").ok()) {
        return address.as_str().is_ok_and(<[u8]>::is_empty).then(|| "has an empty address".to_owned());
    }
    if standard == Standard::Ua2 && holder.has(b"Dest") {
        return Some("leads to a page without an element".into());
    }
    let first = |array: &Object| array.as_array().ok().and_then(|array| array.first()?.as_reference().ok());
    let place = holder.get(b"Dest").ok().or_else(|| action?.get(b"D").ok());
    let Some(page) = place.and_then(first).filter(|page| file.get_pages().values().any(|known| known == page)) else {
        return Some("leads to no page".into());
    };
    if standard == Standard::Ua1 {
        return None;
    }
    let Some(element) = action.and_then(|action| action.get(b"SD").ok()).and_then(first) else {
        return Some("leads to no element".into());
    };
    match elements.roles.get(&element).map(String::as_str) {
        Some(role) if super::containment::heading_level(role).is_some() || role == "FENote" => {
            let is_there = elements.pages.get(&element).is_some_and(|pages| pages.contains(&page));
            (!is_there).then(|| "leads to a page and to an element of another".to_owned())
        }
        Some(role) => Some(format!("leads to a {role}")),
        None => Some("leads to an element that is not in the tree".into()),
    }
}

/// The names of one of the catalogue's trees, each with what it stands for, in their order.
fn names(file: &Document, catalogue: &Dictionary, tree: &[u8]) -> Vec<(Vec<u8>, Object)> {
    let trees = catalogue.get(b"Names").ok().and_then(|names| resolved(file, names).as_dict().ok());
    let tree = trees.and_then(|trees| resolved(file, trees.get(tree).ok()?).as_dict().ok());
    let pairs = tree.and_then(|tree| tree.get(b"Names").and_then(Object::as_array).ok()).cloned().unwrap_or_default();
    pairs.chunks_exact(2).filter_map(|pair| Some((pair[0].as_str().ok()?.to_vec(), pair[1].clone()))).collect()
}

fn attached(file: &Document, standard: Standard, catalogue: &Dictionary, problems: &mut Vec<String>) {
    let has_tree =
        catalogue.get(b"Names").is_ok_and(|names| resolved(file, names).as_dict().is_ok_and(|n| n.has(b"EmbeddedFiles")));
    let named: Vec<(Vec<u8>, ObjectId)> = names(file, catalogue, b"EmbeddedFiles")
        .into_iter()
        .filter_map(|(name, file)| Some((name, file.as_reference().ok()?)))
        .collect();
    if !named.is_sorted_by(|one, next| one.0 < next.0) {
        problems.push("the attachments are not in the order of their names".into());
    }
    let associated = catalogue.get(b"AF").and_then(Object::as_array).cloned().unwrap_or_default();
    let associated: Vec<ObjectId> = associated.iter().filter_map(|file| file.as_reference().ok()).collect();
    if named.iter().map(|(_, id)| *id).collect::<Vec<_>>() != associated {
        problems.push("the attachments that are named are not those of the document".into());
    }
    if standard == Standard::Ua2 && has_tree && named.is_empty() {
        problems.push("PDF/A-4f has no attachment".into());
    }
    for (name, id) in named {
        if let Some(problem) = specification(file, id) {
            problems.push(format!("attachment {:?} has {problem}", String::from_utf8_lossy(&name)));
        }
    }
}

fn specification(file: &Document, id: ObjectId) -> Option<&'static str> {
    const RELATIONSHIPS: [&[u8]; 4] = [b"Data", b"Source", b"Alternative", b"Supplement"];
    let Ok(dict) = file.get_dictionary(id) else { return Some("no specification") };
    let said = |key: &[u8]| dict.get(key).and_then(Object::as_str).is_ok_and(|words| !words.is_empty());
    if !said(b"F") || !said(b"UF") {
        return Some("no name");
    }
    if !said(b"Desc") {
        return Some("no description");
    }
    if !dict.get(b"AFRelationship").and_then(Object::as_name).is_ok_and(|name| RELATIONSHIPS.contains(&name)) {
        return Some("no relationship");
    }
    let embedded = dict.get(b"EF").and_then(Object::as_dict).and_then(|all| all.get(b"F")).ok();
    let Some(stream) = embedded.and_then(|stream| resolved(file, stream).as_stream().ok()) else { return Some("no bytes") };
    if !stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|kind| kind.contains(&b'/')) {
        return Some("no media type");
    }
    let Ok(bytes) = stream.decompressed_content() else { return Some("bytes that cannot be read") };
    let Ok(parameters) = stream.dict.get(b"Params").and_then(Object::as_dict) else { return Some("no parameters") };
    if parameters.get(b"Size").and_then(Object::as_i64).ok() != i64::try_from(bytes.len()).ok() {
        return Some("another size");
    }
    if parameters.get(b"CheckSum").and_then(Object::as_str).ok() != Some(&Md5::digest(&bytes)[..]) {
        return Some("another checksum");
    }
    if !parameters.get(b"ModDate").and_then(Object::as_str).is_ok_and(|date| date.starts_with(b"D:")) {
        return Some("no date");
    }
    None
}
