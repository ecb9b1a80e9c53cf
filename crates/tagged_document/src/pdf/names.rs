//! Names of places, by which other documents lead to them.

use super::destinations::{of_element, place};
use super::objects::{add_names, dictionary, text};
use super::structure::Structure;
use crate::Standard;
use crate::layout::LaidOut;
use crate::model::{Block, Document};
use lopdf::{Object, ObjectId};
use std::collections::BTreeSet;

/// Names the headings that have names of their own, in ASCII, which is what a link in another document can say.
pub fn write(
    file: &mut lopdf::Document,
    (laid, document): (&LaidOut, &Document),
    structure: &Structure,
    pages: &[ObjectId],
) -> lopdf::Result<()> {
    let blocks = document.sections.iter().flat_map(|section| &section.blocks);
    // In the order of their bytes, as a tree of names has to be.
    let anchors: BTreeSet<&str> = blocks
        .filter_map(|block| match block {
            Block::Heading(heading) => heading.anchor.as_deref().filter(|anchor| anchor.is_ascii()),
            _ => None,
        })
        .collect();
    let named = anchors.into_iter().filter_map(|anchor| Some((anchor, laid.anchors.get(anchor)?)));
    let names: Vec<Object> = named
        .flat_map(|(anchor, of)| {
            let place = place(laid, of, pages);
            let element = of_element(&place, structure.element(of.node));
            let mut target = dictionary(vec![("D", place.into())]);
            if structure.standard == Standard::Ua2 {
                target.set("SD", element);
            }
            [text(anchor), target.into()]
        })
        .collect();
    if names.is_empty() { Ok(()) } else { add_names(file, "Dests", names) }
}
