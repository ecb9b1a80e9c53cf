//! The structure tree in the file, and the parent tree that leads back from marks and links to it.

use super::destinations::{Targets, of_element, references};
use super::objects::{as_integer, dictionary, name, text};
use crate::Standard;
use crate::layout::LaidOut;
use crate::model::Align;
use crate::tags::{Child, NodeId, Numbering, Role, Scope, Tree};
use lopdf::{Dictionary, Document, Object, ObjectId};
use std::collections::BTreeMap;

/// Which element in the file is which node of the tree.
pub struct Structure {
    pub root: ObjectId,
    pub standard: Standard,
    elements: BTreeMap<NodeId, ObjectId>,
}

impl Structure {
    /// The whole document's where the node is not in the file, having no words.
    pub fn element(&self, node: NodeId) -> ObjectId {
        self.elements.get(&node).copied().unwrap_or_else(|| self.elements[&Tree::ROOT])
    }
}

/// Writes the tree, and gives pages and annotations their way back to it.
pub fn write(file: &mut Document, laid: &LaidOut, standard: Standard, pages: &[ObjectId]) -> lopdf::Result<Structure> {
    let tree = &laid.tree;
    let root = file.new_object_id();
    let ids: BTreeMap<NodeId, ObjectId> = tree.attached().map(|(node, _)| (node, file.new_object_id())).collect();
    let structure = Structure { root, standard, elements: ids };
    let ids = &structure.elements;
    let targets = Targets::of(laid);
    let (namespaces, references) = match standard {
        Standard::Ua1 => (None, BTreeMap::new()),
        Standard::Ua2 => (Some(Namespaces::write(file)), references(laid, &targets)),
    };
    let links = lift_links(file, pages)?;
    let mut parents: Vec<(i64, Object)> = Vec::new();
    for (i, page) in pages.iter().enumerate() {
        let owners = tree.marks(i).iter().map(|node| Object::Reference(ids[node])).collect();
        let array = file.add_object(Object::Array(owners));
        parents.push((as_integer(i), Object::Reference(array)));
        let dict = file.get_dictionary_mut(*page)?;
        dict.set("StructParents", as_integer(i));
        dict.set("Tabs", name("S"));
    }
    let mut next_key = as_integer(pages.len());
    let mut names: BTreeMap<String, ObjectId> = BTreeMap::new();
    for (node, content) in tree.attached() {
        // Contents on the element's own page are numbers alone: most elements have one page.
        let own = content.children.iter().find_map(page_of);
        let on = |page: usize, mut entries: Vec<(&str, Object)>| {
            if own != Some(page) {
                entries.insert(1, ("Pg", Object::Reference(pages[page])));
            }
            Object::Dictionary(dictionary(entries))
        };
        let mut kids = Vec::with_capacity(content.children.len());
        for child in &content.children {
            kids.push(match child {
                Child::Node(child) => Object::Reference(ids[child]),
                Child::Content { page, mcid } if own == Some(*page) => Object::Integer(as_integer(*mcid)),
                Child::Content { page, mcid } => {
                    on(*page, vec![("Type", name("MCR")), ("MCID", Object::Integer(as_integer(*mcid)))])
                }
                Child::Annotation { page, link } => {
                    let annotation = links[*page][*link];
                    let dict = file.get_dictionary_mut(annotation)?;
                    dict.set("StructParent", next_key);
                    dict.set("Contents", text(&link_words(&content.role)));
                    if let (Standard::Ua2, Some(target)) = (standard, targets.node(child)) {
                        lead_to(dict, structure.element(target));
                    }
                    parents.push((next_key, Object::Reference(ids[&node])));
                    next_key += 1;
                    on(*page, vec![("Type", name("OBJR")), ("Obj", Object::Reference(annotation))])
                }
            });
        }
        let mut element = dictionary(vec![
            ("Type", name("StructElem")),
            ("S", name(content.role.name())),
            ("P", Object::Reference(content.parent.map_or(root, |parent| ids[&parent]))),
        ]);
        if let Some(namespaces) = &namespaces {
            element.set("NS", Object::Reference(namespaces.of(&content.role)));
        }
        if let Some(referred) = references.get(&node) {
            element.set("Ref", referred.iter().map(|node| Object::Reference(ids[node])).collect::<Vec<_>>());
        }
        if let Some(page) = own {
            element.set("Pg", Object::Reference(pages[page]));
        }
        match kids.len() {
            0 => {}
            1 => element.set("K", kids.remove(0)),
            _ => element.set("K", kids),
        }
        if let Role::Figure { alternative, .. } = &content.role {
            element.set("Alt", text(alternative));
        }
        match &content.role {
            Role::Span(full) => element.set("E", text(full)),
            Role::Note(number) | Role::Footnote(number) => {
                let id = format!("note-{number}");
                element.set("ID", text(&id));
                names.insert(id, ids[&node]);
            }
            _ => {}
        }
        if let Some(attributes) = attributes(&content.role) {
            element.set("A", attributes);
        }
        file.set_object(ids[&node], element);
    }
    let numbers = parents.into_iter().flat_map(|(key, value)| [Object::Integer(key), value]).collect();
    let parent_tree = file.add_object(dictionary(vec![("Nums", Object::Array(numbers))]));
    let mut root_entries = dictionary(vec![
        ("Type", name("StructTreeRoot")),
        ("K", Object::Array(vec![Object::Reference(ids[&Tree::ROOT])])),
        ("ParentTree", Object::Reference(parent_tree)),
        ("ParentTreeNextKey", Object::Integer(next_key)),
    ]);
    if !names.is_empty() {
        let pairs = names.iter().flat_map(|(id, element)| [text(id), Object::Reference(*element)]).collect();
        let id_tree = file.add_object(dictionary(vec![("Names", Object::Array(pairs))]));
        root_entries.set("IDTree", Object::Reference(id_tree));
    }
    if let Some(Namespaces { pdf_1_7, pdf_2_0 }) = namespaces {
        root_entries.set("Namespaces", [pdf_1_7, pdf_2_0].map(Object::Reference).to_vec());
    }
    file.set_object(root, root_entries);
    Ok(structure)
}

/// Whose types the elements are of.
struct Namespaces {
    pdf_1_7: ObjectId,
    pdf_2_0: ObjectId,
}

impl Namespaces {
    fn write(file: &mut Document) -> Self {
        let mut namespace = |address| file.add_object(dictionary(vec![("Type", name("Namespace")), ("NS", text(address))]));
        Namespaces { pdf_1_7: namespace("http://iso.org/pdf/ssn"), pdf_2_0: namespace("http://iso.org/pdf2/ssn") }
    }

    fn of(&self, role: &Role) -> ObjectId {
        if role.is_of_pdf_1_7() { self.pdf_1_7 } else { self.pdf_2_0 }
    }
}

/// Lets a link lead to an element as well as to its page, which older readers know alone.
fn lead_to(link: &mut Dictionary, element: ObjectId) {
    let Ok(action) = link.get_mut(b"A").and_then(Object::as_dict_mut) else { return };
    let Ok(place) = action.get(b"D").and_then(Object::as_array) else { return };
    let of_element = of_element(place, element);
    action.set("SD", of_element);
}

/// Makes objects of the annotations that printpdf writes inline, page by page in the order of the marks.
fn lift_links(file: &mut Document, pages: &[ObjectId]) -> lopdf::Result<Vec<Vec<ObjectId>>> {
    let mut links = Vec::new();
    for page in pages {
        let inline = match file.get_dictionary_mut(*page)?.remove(b"Annots") {
            Some(Object::Array(inline)) => inline,
            _ => Vec::new(),
        };
        let mut lifted = Vec::new();
        for mut annotation in inline {
            if let Object::Dictionary(dict) = &mut annotation {
                // Printed with the page.
                dict.set("F", 4);
                dict.remove(b"C");
            }
            lifted.push(file.add_object(annotation));
        }
        if !lifted.is_empty() {
            let references: Vec<Object> = lifted.iter().map(|id| Object::Reference(*id)).collect();
            file.get_dictionary_mut(*page)?.set("Annots", references);
        }
        links.push(lifted);
    }
    Ok(links)
}

fn link_words(role: &Role) -> String {
    match role {
        Role::Link(words) | Role::Reference(words) if !words.trim().is_empty() => words.trim().to_owned(),
        _ => "Link".to_owned(),
    }
}

fn page_of(child: &Child) -> Option<usize> {
    match child {
        Child::Content { page, .. } | Child::Annotation { page, .. } => Some(*page),
        Child::Node(_) => None,
    }
}

fn attributes(role: &Role) -> Option<Dictionary> {
    let span = |span: usize| Object::Integer(as_integer(span.max(1)));
    let table = |mut entries: Vec<(&str, Object)>, columns: usize, rows: usize| {
        entries.insert(0, ("O", name("Table")));
        if columns > 1 {
            entries.push(("ColSpan", span(columns)));
        }
        if rows > 1 {
            entries.push(("RowSpan", span(rows)));
        }
        dictionary(entries)
    };
    match role {
        Role::List(numbering) => {
            let numbering = match numbering {
                Numbering::Decimal => "Decimal",
                Numbering::Disc => "Disc",
                Numbering::Nothing => "None",
            };
            Some(dictionary(vec![("O", name("List")), ("ListNumbering", name(numbering))]))
        }
        Role::Footnote(_) => Some(dictionary(vec![("O", name("FENote")), ("NoteType", name("Footnote"))])),
        Role::HeaderCell { scope, span, rows } => {
            let scope = if *scope == Scope::Row { "Row" } else { "Column" };
            Some(table(vec![("Scope", name(scope))], *span, *rows))
        }
        Role::DataCell { span, rows, .. } if *span > 1 || *rows > 1 => Some(table(Vec::new(), *span, *rows)),
        Role::DataCell { align: Align::Right, .. } => Some(dictionary(vec![("O", name("Layout")), ("TextAlign", name("End"))])),
        Role::Figure { place: Some(place), inline, .. } => Some(dictionary(vec![
            ("O", name("Layout")),
            ("Placement", name(if *inline { "Inline" } else { "Block" })),
            ("BBox", Object::Array(place.iter().map(|x| Object::Real((x * 100.0).round() / 100.0)).collect())),
        ])),
        _ => None,
    }
}
