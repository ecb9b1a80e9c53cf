//! Where links and bookmarks lead: to a place on a page and, in PDF 2.0, to the element there.

use super::objects::name;
use crate::canvas::Target;
use crate::layout::{Anchor, LaidOut};
use crate::tags::{Child, Node, NodeId, Role};
use lopdf::{Object, ObjectId};
use std::collections::BTreeMap;

/// The place of a page on which an anchor is.
pub fn place(laid: &LaidOut, anchor: &Anchor, pages: &[ObjectId]) -> Vec<Object> {
    let height = laid.pages[anchor.page].frame.page_height;
    let top = (height - anchor.y + 8.0).min(height);
    let page = Object::Reference(pages[anchor.page]);
    vec![page, name("XYZ"), Object::Integer(0), Object::Real(top.round()), Object::Null]
}

/// The same view of the element in the place of its page.
pub fn of_element(place: &[Object], element: ObjectId) -> Vec<Object> {
    std::iter::once(Object::Reference(element)).chain(place.iter().skip(1).cloned()).collect()
}

/// What the links of the pages lead to, page by page in the order of the marks; none for another document.
pub struct Targets<'a> {
    anchors: Vec<Vec<Option<&'a Anchor>>>,
}

impl<'a> Targets<'a> {
    pub fn of(laid: &'a LaidOut) -> Self {
        let anchor = |target: &Target| match target {
            Target::Anchor(name) => laid.anchors.get(name),
            Target::Url(_) => None,
        };
        let of_page = |page: &'a crate::canvas::Page| {
            page.marks.iter().filter_map(|mark| mark.link.as_ref()).map(|(target, _)| anchor(target)).collect()
        };
        Targets { anchors: laid.pages.iter().map(of_page).collect() }
    }

    /// The node to which a child, a link, leads.
    pub fn node(&self, child: &Child) -> Option<NodeId> {
        match child {
            Child::Annotation { page, link } => self.anchors.get(*page)?.get(*link)?.map(|anchor| anchor.node),
            Child::Node(_) | Child::Content { .. } => None,
        }
    }
}

/// Which nodes refer to which: items of the contents to headings, marks of notes to notes, and notes to their marks.
pub fn references(laid: &LaidOut, targets: &Targets<'_>) -> BTreeMap<NodeId, Vec<NodeId>> {
    let mut references: BTreeMap<NodeId, Vec<NodeId>> = BTreeMap::new();
    for (node, Node { role, parent, children, .. }) in laid.tree.attached() {
        let (Role::Reference(_), Some(parent)) = (role, parent) else { continue };
        let target = children.iter().find_map(|child| targets.node(child));
        let Some(target) = target.filter(|target| laid.tree.is_attached(*target)) else { continue };
        if laid.tree.node(*parent).role == Role::ContentsItem {
            references.entry(*parent).or_default().push(target);
        } else {
            references.entry(node).or_default().push(target);
            references.entry(target).or_default().push(node);
        }
    }
    references
}
