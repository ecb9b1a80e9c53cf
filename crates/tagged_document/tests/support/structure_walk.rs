//! Walks a tagged PDF both ways, from the structure tree down to marks and links and from pages up to the tree,
//! and says whatever does not meet.

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId};
use std::collections::{BTreeMap, BTreeSet};

/// What was found.
#[derive(Debug, Default)]
pub struct Walk {
    /// What is wrong, in words; nothing where all is well.
    pub problems: Vec<String>,
    pub elements: usize,
    pub contents: usize,
    pub links: usize,
    /// Content marks that elements name: page and MCID, with the element.
    named: BTreeMap<(ObjectId, i64), ObjectId>,
    /// Annotations that elements name, with the element.
    annotated: BTreeMap<ObjectId, ObjectId>,
    seen: BTreeSet<ObjectId>,
    ids: BTreeSet<Vec<u8>>,
}

impl Walk {
    pub fn of(pdf: &[u8]) -> Walk {
        let mut walk = Walk::default();
        match Document::load_mem(pdf) {
            Ok(file) => walk.file(&file),
            Err(e) => walk.problem(format!("the file cannot be read: {e}")),
        }
        walk
    }

    fn problem(&mut self, problem: String) {
        self.problems.push(problem);
    }

    fn file(&mut self, file: &Document) {
        let Some(root_id) = file.catalog().ok().and_then(|catalog| catalog.get(b"StructTreeRoot").ok()?.as_reference().ok())
        else {
            return self.problem("there is no structure tree".into());
        };
        let Ok(root) = file.get_dictionary(root_id) else { return self.problem("the structure tree is not there".into()) };
        for kid in kids(file, root) {
            match kid.as_reference() {
                Ok(kid) => self.down(file, kid, root_id),
                Err(_) => self.problem(format!("the tree's root holds {kid:?}")),
            }
        }
        let parents = numbers(file, root);
        for page in file.get_pages().into_values() {
            self.page(file, page, &parents);
        }
        for ((page, mcid), element) in std::mem::take(&mut self.named) {
            self.problem(format!("element {element:?} names mark {mcid} of page {page:?}, which is not there"));
        }
        for (annotation, element) in std::mem::take(&mut self.annotated) {
            self.problem(format!("element {element:?} names annotation {annotation:?}, which is on no page"));
        }
    }

    fn down(&mut self, file: &Document, id: ObjectId, parent: ObjectId) {
        let Ok(element) = file.get_dictionary(id) else { return self.problem(format!("element {id:?} is not there")) };
        if !self.seen.insert(id) {
            return self.problem(format!("element {id:?} stands in the tree twice"));
        }
        self.elements += 1;
        if element.get(b"P").and_then(Object::as_reference).ok() != Some(parent) {
            self.problem(format!("element {id:?} does not lead back to its parent"));
        }
        let role = element.get(b"S").and_then(Object::as_name).unwrap_or_default();
        self.role(element, id, role);
        let own_page = element.get(b"Pg").and_then(Object::as_reference).ok();
        let kids = kids(file, element);
        if kids.is_empty() && role != b"TD" && role != b"TH" {
            self.problem(format!("element {id:?}, {}, is empty", String::from_utf8_lossy(role)));
        }
        for kid in kids {
            match kid {
                Object::Reference(kid) => self.down(file, kid, id),
                Object::Integer(mcid) => self.name(own_page, mcid, id),
                Object::Dictionary(kid) => {
                    let page = kid.get(b"Pg").and_then(Object::as_reference).ok().or(own_page);
                    match (kid.get(b"MCID").and_then(Object::as_i64), kid.get(b"Obj").and_then(Object::as_reference)) {
                        (Ok(mcid), _) => self.name(page, mcid, id),
                        (_, Ok(annotation)) => {
                            if self.annotated.insert(annotation, id).is_some() {
                                self.problem(format!("annotation {annotation:?} has two elements"));
                            }
                        }
                        _ => self.problem(format!("element {id:?} holds {kid:?}")),
                    }
                }
                other => self.problem(format!("element {id:?} holds {other:?}")),
            }
        }
    }

    /// What an element of a kind must have.
    fn role(&mut self, element: &Dictionary, id: ObjectId, role: &[u8]) {
        let attributes = element.get(b"A").and_then(Object::as_dict).ok();
        let lacking = match role {
            b"Figure" if element.get(b"Alt").and_then(Object::as_str).is_ok_and(|alt| !alt.is_empty()) => {
                (!attributes.is_some_and(|attributes| attributes.has(b"BBox"))).then_some("no place")
            }
            b"Figure" => Some("no words"),
            b"TH" if !attributes.is_some_and(|attributes| attributes.has(b"Scope")) => Some("no scope"),
            b"L" if !attributes.is_some_and(|attributes| attributes.has(b"ListNumbering")) => Some("no numbering"),
            b"Note" => match element.get(b"ID").and_then(Object::as_str) {
                Ok(name) if self.ids.insert(name.to_vec()) => None,
                Ok(_) => Some("the identity of another"),
                Err(_) => Some("no identity"),
            },
            _ => None,
        };
        if let Some(lacking) = lacking {
            self.problem(format!("element {id:?}, {}, has {lacking}", String::from_utf8_lossy(role)));
        }
    }

    fn name(&mut self, page: Option<ObjectId>, mcid: i64, element: ObjectId) {
        let Some(page) = page else { return self.problem(format!("element {element:?} names mark {mcid} of no page")) };
        if self.named.insert((page, mcid), element).is_some() {
            self.problem(format!("mark {mcid} of page {page:?} has two elements"));
        }
    }

    fn page(&mut self, file: &Document, page: ObjectId, parents: &BTreeMap<i64, Object>) {
        let Ok(dict) = file.get_dictionary(page) else { return self.problem(format!("page {page:?} is not there")) };
        let owners = dict.get(b"StructParents").and_then(Object::as_i64).ok().and_then(|key| parents.get(&key));
        let owners = owners.and_then(|owners| resolved(file, owners).as_array().ok()).cloned().unwrap_or_default();
        let marks = self.marks(file, page);
        for (mcid, tag) in &marks {
            let told = usize::try_from(*mcid).ok().and_then(|i| owners.get(i)).and_then(|owner| owner.as_reference().ok());
            match self.named.remove(&(page, *mcid)) {
                None => self.problem(format!("mark {mcid} of page {page:?} is of no element")),
                Some(element) if told != Some(element) => {
                    self.problem(format!("the parent tree gives mark {mcid} of page {page:?} to {told:?}, not {element:?}"));
                }
                Some(element) => {
                    self.contents += 1;
                    let role = file.get_dictionary(element).and_then(|element| element.get(b"S")?.as_name());
                    if role.ok() != Some(tag.as_slice()) {
                        let tag = String::from_utf8_lossy(tag);
                        self.problem(format!("mark {mcid} of page {page:?} is tagged {tag}, and its element is not"));
                    }
                }
            }
        }
        if owners.len() != marks.len() {
            self.problem(format!("page {page:?} has {} marks, and the parent tree {}", marks.len(), owners.len()));
        }
        for annotation in dict.get(b"Annots").and_then(Object::as_array).cloned().unwrap_or_default() {
            let Ok(id) = annotation.as_reference() else { continue };
            let Ok(dict) = file.get_dictionary(id) else { continue };
            let key = dict.get(b"StructParent").and_then(Object::as_i64).ok();
            let told = key.and_then(|key| parents.get(&key)).and_then(|owner| owner.as_reference().ok());
            match self.annotated.remove(&id) {
                None => self.problem(format!("annotation {id:?} is of no element")),
                Some(element) if told != Some(element) => {
                    self.problem(format!("the parent tree gives annotation {id:?} to {told:?}, not {element:?}"));
                }
                Some(_) => self.links += 1,
            }
            if dict.get(b"Contents").and_then(Object::as_str).is_ok_and(|words| !words.is_empty()) {
                continue;
            }
            self.problem(format!("annotation {id:?} has no words"));
        }
    }

    /// The MCIDs of a page with their tags, in the order of its content; nothing may be painted outside a mark or an artifact.
    fn marks(&mut self, file: &Document, page: ObjectId) -> Vec<(i64, Vec<u8>)> {
        let mut marks = Vec::new();
        let Ok(content) = Content::decode(&file.get_page_content(page)) else {
            self.problem(format!("the content of page {page:?} cannot be read"));
            return marks;
        };
        let (mut open, mut outside) = (0i32, 0);
        for operation in &content.operations {
            match operation.operator.as_str() {
                "BDC" => {
                    open += 1;
                    let properties = operation.operands.get(1).and_then(|operand| operand.as_dict().ok());
                    let mcid = properties.and_then(|dict| dict.get(b"MCID").ok()).and_then(|mcid| mcid.as_i64().ok());
                    let tag = operation.operands.first().and_then(|tag| tag.as_name().ok()).unwrap_or_default();
                    marks.extend(mcid.map(|mcid| (mcid, tag.to_vec())));
                }
                "BMC" => open += 1,
                "EMC" => open -= 1,
                "Tj" | "TJ" | "f" | "f*" | "S" | "s" | "B" | "b" | "Do" if open <= 0 => outside += 1,
                _ => {}
            }
        }
        if open != 0 {
            self.problem(format!("marks of page {page:?} are not closed, or closed twice"));
        }
        if outside > 0 {
            self.problem(format!("page {page:?} paints {outside} times outside tag and artifact"));
        }
        marks
    }
}

fn resolved<'a>(file: &'a Document, object: &'a Object) -> &'a Object {
    object.as_reference().ok().and_then(|id| file.get_object(id).ok()).unwrap_or(object)
}

fn kids(file: &Document, element: &Dictionary) -> Vec<Object> {
    match element.get(b"K") {
        Ok(Object::Array(kids)) => kids.clone(),
        Ok(Object::Reference(id)) => match file.get_object(*id) {
            Ok(Object::Array(kids)) => kids.clone(),
            _ => vec![Object::Reference(*id)],
        },
        Ok(kid) => vec![kid.clone()],
        Err(_) => Vec::new(),
    }
}

/// The parent tree's entries.
fn numbers(file: &Document, root: &Dictionary) -> BTreeMap<i64, Object> {
    let tree = root.get(b"ParentTree").ok().and_then(|tree| resolved(file, tree).as_dict().ok());
    let pairs = tree.and_then(|tree| tree.get(b"Nums").and_then(Object::as_array).ok()).cloned().unwrap_or_default();
    pairs.chunks_exact(2).filter_map(|pair| Some((pair[0].as_i64().ok()?, pair[1].clone()))).collect()
}
