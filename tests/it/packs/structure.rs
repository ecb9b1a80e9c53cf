//! The tags of a pack: whole both ways, and each fault that could be in them is noticed.

use crate::support::demonstration::{Demonstration, PACKS};
use crate::support::sample_pack::Sample;
use crate::support::structure_walk::Walk;
use boardpack::assets::Assets;
use boardpack::report::{ReportTemplates, render};
use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId};
use page_validation::{ValidationOptions, ValidationProfile, validate_pdf_bytes};
use std::sync::LazyLock;
use tagged_document::Standard;

static PACK: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let templates = ReportTemplates::load(&Assets::templates(None), &Assets::fonts(None), "board_pack")
        .unwrap_or_else(|faults| panic!("{faults}"));
    render(&Sample::new(1).pack(), &templates).unwrap_or_else(|faults| panic!("{faults}")).pdf
});

#[test]
fn marks_links_and_elements_agree() {
    let walk = Walk::of(&PACK);
    assert_eq!(walk.problems, [""; 0]);
    assert!(walk.links > 30 && walk.contents > 500 && walk.elements > 500, "{walk:?}");
}

/// What a fault does to a file.
type Fault = fn(&mut Document);

const FAULTS: [(&str, Fault); 14] = [
    ("the mark of a paragraph is taken out of a page", |file| edit_content(file, |content| drop_first(content, "BDC", true))),
    ("the end of a mark is lost", |file| edit_content(file, |content| drop_first(content, "EMC", false))),
    ("two marks change their numbers", |file| edit_content(file, swap_marks)),
    ("a figure loses its words", |file| drop_key(file, b"Figure", b"Alt")),
    ("a figure loses its place", |file| drop_key(file, b"Figure", b"A")),
    ("a head loses its scope", |file| drop_key(file, b"TH", b"A")),
    ("a list loses its numbering", |file| drop_key(file, b"L", b"A")),
    ("a paragraph loses its content", |file| drop_key(file, b"P", b"K")),
    ("a paragraph loses its parent", |file| drop_key(file, b"P", b"P")),
    ("a link loses its way back", |file| {
        first_link(file).map_or((), |link| {
            link.remove(b"StructParent");
        })
    }),
    ("a link loses its words", |file| {
        first_link(file).map_or((), |link| {
            link.remove(b"Contents");
        })
    }),
    ("a page loses its way back", |file| {
        let page = file.get_pages()[&3];
        file.get_dictionary_mut(page).unwrap().remove(b"StructParents");
    }),
    ("an entry of the parent tree is empty", |file| {
        let entry = parent_tree(file)[3].as_reference().unwrap();
        *file.get_object_mut(entry).unwrap() = Object::Array(Vec::new());
    }),
    ("the last entry of the parent tree is lost", |file| {
        let entries = parent_tree(file);
        entries.truncate(entries.len() - 2);
    }),
];

#[test]
fn every_pack_of_the_demonstration_keeps_to_its_standard() {
    let mut second = Demonstration::new();
    second.config.standard = Standard::Ua2;
    let second = second.published.make(&second.config, false).unwrap();
    for (packs, header) in [(&*PACKS, "%PDF-1.7"), (&second, "%PDF-2.0")] {
        for pack in packs {
            assert!(pack.rendered.pdf.starts_with(header.as_bytes()), "{}: {header}", pack.stem);
            assert_eq!(Walk::of(&pack.rendered.pdf).problems, [""; 0], "{}", pack.stem);
        }
    }
}

#[test]
fn every_fault_put_into_the_tags_is_noticed() {
    for (name, fault) in FAULTS {
        let mut file = Document::load_mem(&PACK).unwrap();
        fault(&mut file);
        let mut bytes = Vec::new();
        file.save_to(&mut bytes).unwrap();
        assert!(!Walk::of(&bytes).problems.is_empty(), "{name}: the walk found nothing");
    }
}

/// The walk is our own; a validator by others must see at least the faults of content and attributes.
#[test]
fn the_validator_sees_faulty_figures_and_marks() {
    for name in ["a figure loses its words", "the mark of a paragraph is taken out of a page", "a link loses its words"] {
        let (_, fault) = FAULTS.into_iter().find(|(known, _)| *known == name).unwrap();
        let mut file = Document::load_mem(&PACK).unwrap();
        fault(&mut file);
        let mut bytes = Vec::new();
        file.save_to(&mut bytes).unwrap();
        let options = ValidationOptions::default().profile(ValidationProfile::PdfUa1);
        assert!(!validate_pdf_bytes(&bytes, &options).unwrap().failures.is_empty(), "{name}");
    }
}

/// Changes the content of the third page.
fn edit_content(file: &mut Document, edit: impl Fn(&mut Content)) {
    let page = file.get_pages()[&3];
    let mut content = Content::decode(&file.get_page_content(page)).unwrap();
    edit(&mut content);
    file.change_page_content(page, content.encode().unwrap()).unwrap();
}

/// Takes out the first operator of a name (with a number, if `numbered`), and with a beginning its end.
fn drop_first(content: &mut Content, operator: &str, numbered: bool) {
    let found = content.operations.iter().position(|operation| {
        operation.operator == operator && (!numbered || operation.operands[1].as_dict().is_ok_and(|dict| dict.has(b"MCID")))
    });
    let at = found.unwrap();
    content.operations.remove(at);
    if operator == "BDC" {
        let end = content.operations[at..].iter().position(|operation| operation.operator == "EMC").unwrap();
        content.operations.remove(at + end);
    }
}

fn swap_marks(content: &mut Content) {
    let numbers = content.operations.iter_mut().filter(|operation| operation.operator == "BDC");
    let numbers = numbers.filter_map(|operation| operation.operands[1].as_dict_mut().ok()?.get_mut(b"MCID").ok());
    // Marks of different elements: the first of the page is its heading.
    for number in numbers {
        match number.as_i64().unwrap() {
            0 => *number = Object::Integer(1),
            1 => *number = Object::Integer(0),
            _ => {}
        }
    }
}

/// Takes an entry from the first element of a role.
fn drop_key(file: &mut Document, role: &[u8], key: &[u8]) {
    let is_it = |dict: &Dictionary| {
        dict.has(key) && dict.has(b"P") && dict.get(b"S").and_then(Object::as_name).is_ok_and(|name| name == role)
    };
    let dicts = file.objects.values_mut().filter_map(|object| object.as_dict_mut().ok());
    dicts.into_iter().find(|dict| is_it(dict)).unwrap().remove(key);
}

fn first_link(file: &mut Document) -> Option<&mut Dictionary> {
    let is_link = |dict: &Dictionary| dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Link");
    file.objects.values_mut().filter_map(|object| object.as_dict_mut().ok()).find(|dict| is_link(dict))
}

fn parent_tree(file: &mut Document) -> &mut Vec<Object> {
    let root = file.catalog().unwrap().get(b"StructTreeRoot").unwrap().as_reference().unwrap();
    let tree: ObjectId = file.get_dictionary(root).unwrap().get(b"ParentTree").unwrap().as_reference().unwrap();
    file.get_dictionary_mut(tree).unwrap().get_mut(b"Nums").unwrap().as_array_mut().unwrap()
}
