//! Faults put into a sound PDF, one at a time: the walk over it must tell each.

use crate::Standard;
use crate::specimen::{Walk, set, with_files};
use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

/// What is done to the file, what the walk must say, and how it is done.
type Fault = (&'static str, &'static str, fn(&mut Document));

const FAULTS: [Fault; 30] = [
    ("an entry of the parent tree is empty", "the parent tree", |file| {
        let entry = parent_tree(file)[3].as_reference().unwrap();
        *file.get_object_mut(entry).unwrap() = Object::Array(Vec::new());
    }),
    ("the last entry of the parent tree is lost", "the parent tree gives annotation", |file| {
        let entries = parent_tree(file);
        entries.truncate(entries.len() - 2);
    }),
    ("the parent tree has an entry of nothing", "is of no page and no annotation", |file| {
        parent_tree(file).extend([Object::Integer(100_000), Object::Null]);
    }),
    ("the parent tree's next key is taken", "the next key of the parent tree is taken", |file| {
        let root = root(file);
        file.get_dictionary_mut(root).unwrap().set("ParentTreeNextKey", 1);
    }),
    ("a figure loses its words", "Figure, has no words", |file| {
        element(file, b"Figure").remove(b"Alt");
    }),
    ("a paragraph is of another namespace", "P, is of another namespace", |file| {
        let other = element(file, b"TOC").get(b"NS").unwrap().clone();
        element(file, b"P").set("NS", other);
    }),
    ("a table has no namespace", "Table, is of another namespace", |file| {
        element(file, b"Table").remove(b"NS");
    }),
    ("a head has no scope", "TH, has no scope", |file| {
        element(file, b"TH").remove(b"A");
    }),
    ("the file has no language", "there is no language", |file| {
        file.catalog_mut().unwrap().remove(b"Lang");
    }),
    ("a heading skips a level", "is of level 4, after one of 1", |file| element(file, b"H2").set("S", name("H4"))),
    ("a link has no words", "has no words", |file| {
        annotation(file).remove(b"Contents");
    }),
    ("a link is hidden", "is hidden, or is not printed", |file| annotation(file).set("F", 6)),
    ("what is an artifact is not marked", "outside tag and artifact", |file| {
        let page = file.get_pages()[&2];
        let mut content = Content::decode(&file.get_page_content(page)).unwrap();
        let is_artifact = |operands: &[Object]| operands.first().is_some_and(|tag| tag.as_name().is_ok_and(|n| n == b"Artifact"));
        let at = content.operations.iter().position(|o| o.operator == "BDC" && is_artifact(&o.operands)).unwrap();
        let end = content.operations[at..].iter().position(|operation| operation.operator == "EMC").unwrap();
        content.operations.remove(at + end);
        content.operations.remove(at);
        file.change_page_content(page, content.encode().unwrap()).unwrap();
    }),
    ("an attachment has no relationship", "has no relationship", |file| {
        attachment(file).remove(b"AFRelationship");
    }),
    ("an attachment has no description", "has no description", |file| {
        attachment(file).remove(b"Desc");
    }),
    ("an attachment has other bytes", "has another checksum", |file| {
        let stream = attachment(file).get(b"EF").and_then(|all| all.as_dict()?.get(b"F")?.as_reference()).unwrap();
        let Ok(Object::Stream(stream)) = file.get_object_mut(stream) else { panic!("no stream") };
        stream.dict.remove(b"Filter");
        stream.set_content(vec![13]);
    }),
    ("an attachment is not the document's", "are not those of the document", |file| {
        file.catalog_mut().unwrap().get_mut(b"AF").and_then(Object::as_array_mut).unwrap().pop();
    }),
    ("the attachments are gone", "PDF/A-4f and attachments do not agree", |file| {
        let catalogue = file.catalog_mut().unwrap();
        catalogue.remove(b"AF");
        catalogue.remove(b"Names");
    }),
    ("an item of the contents refers to nothing", "TOCI, refers to nothing", |file| {
        element(file, b"TOCI").remove(b"Ref");
    }),
    ("a note does not refer to its mark", "FENote, refers to no mark", |file| {
        element(file, b"FENote").remove(b"Ref");
    }),
    ("a note does not say of what kind it is", "FENote, has no kind of note", |file| {
        element(file, b"FENote").remove(b"A");
    }),
    ("a link leads to a page alone", "leads to no element", |file| {
        action(file).remove(b"SD");
    }),
    ("a link leads to the element of another page", "leads to a page and to an element of another", |file| {
        let pages = file.get_pages();
        let last = Object::Reference(pages[&u32::try_from(pages.len()).unwrap()]);
        let action = action(file);
        action.get_mut(b"D").and_then(Object::as_array_mut).unwrap()[0] = last;
    }),
    ("a bookmark leads to a page alone", "leads to a page without an element", |file| {
        let outlines = file.catalog().unwrap().get(b"Outlines").and_then(Object::as_reference).unwrap();
        let first = file.get_dictionary(outlines).unwrap().get(b"First").and_then(Object::as_reference).unwrap();
        let bookmark = file.get_dictionary_mut(first).unwrap();
        let Ok(Object::Dictionary(action)) = bookmark.remove(b"A").ok_or(()) else { panic!("no action") };
        bookmark.set("Dest", action.get(b"D").unwrap().clone());
    }),
    ("there is an information dictionary", "there is an information dictionary", |file| {
        let info = file.add_object(Dictionary::new());
        file.trailer.set("Info", info);
    }),
    ("the metadata speak of another part", "the metadata do not say PDF/A-4", |file| {
        let id = file.catalog().unwrap().get(b"Metadata").and_then(Object::as_reference).unwrap();
        let Ok(Object::Stream(Stream { content, .. })) = file.get_object_mut(id) else { panic!("no metadata") };
        let told = String::from_utf8(content.clone()).unwrap();
        *content = told.replace("<pdfaid:part>4<", "<pdfaid:part>3<").into_bytes();
    }),
    ("the header is of another version", "the header is not that of PDF 2.0", |file| file.version = "1.7".into()),
    ("a list with labels says that it has none", "L, has labels, and says that it has none", |file| {
        let list = element(file, b"L");
        list.get_mut(b"A").and_then(Object::as_dict_mut).unwrap().set("ListNumbering", name("None"));
    }),
    ("an item of the contents holds a link", "TOCI, may not hold a Link", |file| {
        let item = element(file, b"TOCI").get(b"K").and_then(Object::as_reference).unwrap();
        file.get_dictionary_mut(item).unwrap().set("S", name("Link"));
    }),
    ("a row has lost a cell", "Table, has rows of different width", |file| {
        element(file, b"TR").get_mut(b"K").and_then(Object::as_array_mut).unwrap().pop();
    }),
];

#[test]
fn every_fault_put_into_a_file_is_told() {
    let (_, sound) = set(with_files(Standard::Ua2));
    for (name, expected, fault) in FAULTS {
        let mut file = Document::load_mem(&sound).unwrap();
        fault(&mut file);
        let mut bytes = Vec::new();
        file.save_to(&mut bytes).unwrap();
        let problems = Walk::of(&bytes).problems;
        assert!(problems.iter().any(|problem| problem.contains(expected)), "{name}: {problems:#?}");
    }
}

fn name(name: &str) -> Object {
    Object::Name(name.as_bytes().to_vec())
}

fn root(file: &Document) -> ObjectId {
    file.catalog().unwrap().get(b"StructTreeRoot").unwrap().as_reference().unwrap()
}

fn parent_tree(file: &mut Document) -> &mut Vec<Object> {
    let tree = file.get_dictionary(root(file)).unwrap().get(b"ParentTree").unwrap().as_reference().unwrap();
    file.get_dictionary_mut(tree).unwrap().get_mut(b"Nums").unwrap().as_array_mut().unwrap()
}

/// The first dictionary of the file of which this holds.
fn first(file: &mut Document, is_it: impl Fn(&Dictionary) -> bool) -> &mut Dictionary {
    let mut dicts = file.objects.values_mut().filter_map(|object| object.as_dict_mut().ok());
    dicts.find(|dict| is_it(dict)).unwrap()
}

fn is(dict: &Dictionary, key: &[u8], name: &[u8]) -> bool {
    dict.get(key).and_then(Object::as_name).is_ok_and(|found| found == name)
}

/// The first element of a role; of lists one with more than numbers for names.
fn element<'a>(file: &'a mut Document, role: &[u8]) -> &'a mut Dictionary {
    let is_labelled = |dict: &Dictionary| {
        let numbering = dict.get(b"A").and_then(|a| a.as_dict()?.get(b"ListNumbering")?.as_name());
        role != b"L" || numbering.is_ok_and(|numbering| numbering != b"None")
    };
    first(file, |dict| is(dict, b"Type", b"StructElem") && is(dict, b"S", role) && is_labelled(dict))
}

fn attachment(file: &mut Document) -> &mut Dictionary {
    first(file, |dict| is(dict, b"Type", b"Filespec"))
}

/// The first link.
fn annotation(file: &mut Document) -> &mut Dictionary {
    first(file, |dict| is(dict, b"Subtype", b"Link"))
}

/// What the first link within the document does.
fn action(file: &mut Document) -> &mut Dictionary {
    let leads =
        |dict: &Dictionary| is(dict, b"Subtype", b"Link") && dict.get(b"A").and_then(Object::as_dict).is_ok_and(|a| a.has(b"SD"));
    first(file, leads).get_mut(b"A").and_then(Object::as_dict_mut).unwrap()
}
