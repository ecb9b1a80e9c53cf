//! How far pages are filled: none is left half empty but where a part of the document ends.

use crate::support::demonstration::PACKS;
use lopdf::content::Content;
use lopdf::{Document, Object, ObjectId};
use std::collections::BTreeSet;

/// Where the words of a page may stand, as shares of its height from the foot.
const FRAME: (f32, f32) = (0.07, 0.93);

/// The share of a page down to its last words, heads and feet left out.
fn filled(file: &Document, page: ObjectId) -> f32 {
    let media = file.get_dictionary(page).unwrap().get(b"MediaBox").unwrap().as_array().unwrap();
    let height = media[3].as_float().unwrap();
    let content = Content::decode(&file.get_page_content(page)).unwrap();
    let (mut in_artifact, mut lowest) = (false, height);
    for operation in &content.operations {
        match (operation.operator.as_str(), operation.operands.as_slice()) {
            ("BDC" | "BMC", [Object::Name(tag), ..]) => in_artifact = tag == b"Artifact",
            ("EMC", _) => in_artifact = false,
            ("Tm", [.., y]) if !in_artifact => lowest = lowest.min(y.as_float().unwrap()),
            _ => {}
        }
    }
    (FRAME.1 - lowest / height) / (FRAME.1 - FRAME.0)
}

/// The pages, from 0, on which a part of the document begins.
fn starts(file: &Document, pages: &[ObjectId]) -> BTreeSet<usize> {
    let dictionary = |object: &Object| file.get_dictionary(object.as_reference().unwrap()).unwrap();
    let root = dictionary(file.catalog().unwrap().get(b"Outlines").unwrap());
    let mut next = root.get(b"First").ok();
    let mut starts = BTreeSet::new();
    while let Some(item) = next {
        let item = dictionary(item);
        let page = item.get(b"Dest").unwrap().as_array().unwrap()[0].as_reference().unwrap();
        starts.extend(pages.iter().position(|of| *of == page));
        next = item.get(b"Next").ok();
    }
    starts
}

#[test]
fn no_page_is_half_empty_within_a_part() {
    let mut looked_at = 0;
    for pack in PACKS.iter() {
        let file = Document::load_mem(&pack.rendered.pdf).unwrap();
        let pages: Vec<ObjectId> = file.get_pages().into_values().collect();
        let starts = starts(&file, &pages);
        for (i, page) in pages.iter().enumerate() {
            if i + 1 == pages.len() || starts.contains(&(i + 1)) {
                continue;
            }
            let filled = filled(&file, *page);
            assert!(filled > 0.5, "{}, page {}: filled by {:.0}%", pack.stem, i + 1, filled * 100.0);
            looked_at += 1;
        }
    }
    assert!(looked_at > 80, "{looked_at}");
}
