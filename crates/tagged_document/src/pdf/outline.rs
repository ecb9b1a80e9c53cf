//! Bookmarks, nested as the headings are.

use super::destinations::{of_element, place};
use super::objects::{dictionary, name, text};
use super::structure::Structure;
use crate::Standard;
use crate::layout::LaidOut;
use lopdf::{Document, Object, ObjectId};

struct Entry {
    id: ObjectId,
    parent: Option<usize>,
    children: Vec<usize>,
}

/// The outline's root; none where the document has no heading.
pub fn write(file: &mut Document, laid: &LaidOut, structure: &Structure, pages: &[ObjectId]) -> Option<ObjectId> {
    if laid.outline.is_empty() {
        return None;
    }
    let root = file.new_object_id();
    let mut entries: Vec<Entry> = Vec::new();
    let mut top: Vec<usize> = Vec::new();
    let mut open: Vec<(u8, usize)> = Vec::new();
    for (i, heading) in laid.outline.iter().enumerate() {
        open.retain(|(level, _)| *level < heading.level);
        let parent = open.last().map(|(_, parent)| *parent);
        match parent {
            Some(parent) => entries[parent].children.push(i),
            None => top.push(i),
        }
        entries.push(Entry { id: file.new_object_id(), parent, children: Vec::new() });
        open.push((heading.level, i));
    }
    for (entry, heading) in entries.iter().zip(&laid.outline) {
        let siblings = entry.parent.map_or(&top, |parent| &entries[parent].children);
        let at = siblings.iter().position(|i| entries[*i].id == entry.id).unwrap_or(0);
        let reference = |i: usize| Object::Reference(entries[i].id);
        let mut dict = dictionary(vec![
            ("Title", text(&heading.title)),
            ("Parent", Object::Reference(entry.parent.map_or(root, |parent| entries[parent].id))),
        ]);
        if let Some(anchor) = laid.anchors.get(&heading.anchor) {
            let page = place(laid, anchor, pages);
            match structure.standard {
                Standard::Ua1 => dict.set("Dest", page),
                Standard::Ua2 => {
                    let element = of_element(&page, structure.element(anchor.node));
                    let entries = vec![("S", name("GoTo")), ("D", page.into()), ("SD", element.into())];
                    dict.set("A", dictionary(entries));
                }
            }
        }
        if let Some(earlier) = at.checked_sub(1) {
            dict.set("Prev", reference(siblings[earlier]));
        }
        if let Some(later) = siblings.get(at + 1) {
            dict.set("Next", reference(*later));
        }
        if let (Some(first), Some(last)) = (entry.children.first(), entry.children.last()) {
            dict.set("First", reference(*first));
            dict.set("Last", reference(*last));
            // Negative: closed until the reader opens it.
            dict.set("Count", -i64::try_from(entry.children.len()).unwrap_or(i64::MAX));
        }
        file.set_object(entry.id, dict);
    }
    let (first, last) = (entries[top[0]].id, entries[top[top.len() - 1]].id);
    file.set_object(
        root,
        dictionary(vec![
            ("Type", name("Outlines")),
            ("First", Object::Reference(first)),
            ("Last", Object::Reference(last)),
            ("Count", Object::Integer(i64::try_from(top.len()).unwrap_or(i64::MAX))),
        ]),
    );
    Some(root)
}
