//! Walks a tagged PDF both ways, from the structure tree down to marks and links and from pages up to the tree,
//! and says whatever does not meet, or is not as the standard has it that the file says it keeps to.

#[path = "containment.rs"]
mod containment;
#[path = "file_rules.rs"]
mod file_rules;

use containment::{Kind, heading_level};
use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId};
use std::collections::{BTreeMap, BTreeSet};

/// Which standard a file says it keeps to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standard {
    Ua1,
    Ua2,
}

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
    /// What the elements are that were seen, and the pages on which each has something.
    roles: BTreeMap<ObjectId, String>,
    pages: BTreeMap<ObjectId, BTreeSet<ObjectId>>,
    /// Which elements refer to which.
    references: BTreeMap<ObjectId, Vec<ObjectId>>,
    ids: BTreeSet<Vec<u8>>,
    /// Of the last heading.
    level: u32,
    kinds: BTreeMap<&'static str, Kind>,
    standard: Option<Standard>,
}

impl Walk {
    pub fn of(pdf: &[u8]) -> Walk {
        let mut walk = Walk { kinds: containment::kinds(), ..Walk::default() };
        match Document::load_mem(pdf) {
            Ok(file) => walk.file(&file, pdf),
            Err(e) => walk.problem(format!("the file cannot be read: {e}")),
        }
        walk
    }

    fn problem(&mut self, problem: String) {
        self.problems.push(problem);
    }

    fn file(&mut self, file: &Document, bytes: &[u8]) {
        let Some(standard) = file_rules::standard(file) else { return self.problem("the metadata name no standard".into()) };
        self.standard = Some(standard);
        let Some(root_id) = file.catalog().ok().and_then(|catalog| catalog.get(b"StructTreeRoot").ok()?.as_reference().ok())
        else {
            return self.problem("there is no structure tree".into());
        };
        let Ok(root) = file.get_dictionary(root_id) else { return self.problem("the structure tree is not there".into()) };
        match kids(file, root)[..] {
            [Object::Reference(kid)] => {
                self.down(file, kid, root_id);
                if self.roles.get(&kid).map(String::as_str) != Some("Document") {
                    self.problem("the tree's root is not a Document".into());
                }
            }
            ref kids => self.problem(format!("the tree's root holds {kids:?}")),
        }
        let mut parents = numbers(file, root);
        if root.get(b"ParentTreeNextKey").and_then(Object::as_i64).ok() <= parents.keys().next_back().copied() {
            self.problem("the next key of the parent tree is taken".into());
        }
        for page in file.get_pages().into_values() {
            self.page(file, page, &mut parents);
        }
        for key in parents.into_keys() {
            self.problem(format!("entry {key} of the parent tree is of no page and no annotation"));
        }
        for ((page, mcid), element) in std::mem::take(&mut self.named) {
            self.problem(format!("element {element:?} names mark {mcid} of page {page:?}, which is not there"));
        }
        for (annotation, element) in std::mem::take(&mut self.annotated) {
            self.problem(format!("element {element:?} names annotation {annotation:?}, which is on no page"));
        }
        if standard == Standard::Ua2 {
            self.referred();
        }
        let elements = file_rules::Elements { roles: &self.roles, pages: &self.pages };
        let problems = file_rules::problems(file, bytes, standard, &elements);
        self.problems.extend(problems);
    }

    /// Contents refer to headings, and notes and their marks to each other.
    fn referred(&mut self) {
        let role = |id: &ObjectId| self.roles.get(id).map_or("nothing", String::as_str);
        let none = Vec::new();
        let of = |id: &ObjectId| self.references.get(id).unwrap_or(&none);
        let mut problems = Vec::new();
        for (id, own) in &self.roles {
            let problem = match own.as_str() {
                "TOCI" if of(id).is_empty() => "refers to nothing",
                "TOCI" if !of(id).iter().all(|to| heading_level(role(to)).is_some()) => "refers to what is no heading",
                "FENote" if of(id).is_empty() => "refers to no mark",
                "FENote" if !of(id).iter().all(|to| of(to).contains(id)) => "is not referred to by its mark",
                _ if of(id).iter().any(|to| role(to) == "FENote" && !of(to).contains(id)) => "is not referred to by its note",
                _ => continue,
            };
            problems.push(format!("element {id:?}, {own}, {problem}"));
        }
        self.problems.extend(problems);
    }

    fn down(&mut self, file: &Document, id: ObjectId, parent: ObjectId) {
        let Ok(element) = file.get_dictionary(id) else { return self.problem(format!("element {id:?} is not there")) };
        let role = element.get(b"S").and_then(Object::as_name).unwrap_or_default();
        if self.roles.insert(id, String::from_utf8_lossy(role).into_owned()).is_some() {
            return self.problem(format!("element {id:?} stands in the tree twice"));
        }
        self.elements += 1;
        if element.get(b"P").and_then(Object::as_reference).ok() != Some(parent) {
            self.problem(format!("element {id:?} does not lead back to its parent"));
        }
        self.role(file, element, id, role);
        let own_page = element.get(b"Pg").and_then(Object::as_reference).ok();
        let kids = kids(file, element);
        if kids.is_empty() && role != b"TD" && role != b"TH" {
            self.problem(format!("element {id:?}, {}, is empty", String::from_utf8_lossy(role)));
        }
        self.held(file, id, &kids);
        for kid in kids {
            match kid {
                Object::Reference(kid) => {
                    self.down(file, kid, id);
                    let below = self.pages.get(&kid).cloned().unwrap_or_default();
                    self.pages.entry(id).or_default().extend(below);
                }
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
    fn role(&mut self, file: &Document, element: &Dictionary, id: ObjectId, role: &[u8]) {
        let references = element.get(b"Ref").and_then(Object::as_array).cloned().unwrap_or_default();
        self.references.insert(id, references.iter().filter_map(|to| to.as_reference().ok()).collect());
        if let Some(level) = heading_level(&String::from_utf8_lossy(role)) {
            if level > self.level + 1 {
                self.problem(format!("heading {id:?} is of level {level}, after one of {}", self.level));
            }
            self.level = level;
        }
        let attributes = element.get(b"A").and_then(Object::as_dict).ok();
        let lacking = match role {
            b"Figure" if element.get(b"Alt").and_then(Object::as_str).is_ok_and(|alt| !alt.is_empty()) => {
                (!attributes.is_some_and(|attributes| attributes.has(b"BBox"))).then_some("no place")
            }
            b"Figure" => Some("no words"),
            b"TH" if !attributes.is_some_and(|attributes| attributes.has(b"Scope")) => Some("no scope"),
            b"L" => match attributes.and_then(|attributes| attributes.get(b"ListNumbering").and_then(Object::as_name).ok()) {
                None => Some("no numbering"),
                Some(b"None") if is_labelled(file, element) => Some("labels, and says that it has none"),
                Some(_) => None,
            },
            b"Table" => self.table(file, element),
            b"FENote"
                if !attributes.is_some_and(|a| a.get(b"NoteType").and_then(Object::as_name).is_ok_and(|t| t == b"Footnote")) =>
            {
                Some("no kind of note")
            }
            b"Note" | b"FENote" => match element.get(b"ID").and_then(Object::as_str) {
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

    /// Whether an element is of the standard, in its namespace, and may hold what it holds.
    fn held(&mut self, file: &Document, id: ObjectId, kids: &[Object]) {
        let Some(standard) = self.standard else { return };
        let role = self.roles.get(&id).cloned().unwrap_or_default();
        let Some(kind) = self.kinds.get(containment::family(&role)).filter(|kind| kind.is_in(standard)) else {
            return self.problem(format!("element {id:?} is a {role:?}, which this standard does not have"));
        };
        let held: Vec<String> = kids.iter().filter_map(|kid| role_of(file, kid)).collect();
        let words = kids.iter().any(|kid| !matches!(kid, Object::Reference(_)));
        let held = kind.holds(standard, &held, words).map(|what| format!("element {id:?}, {role}, may not hold {what}"));
        let namespace = file.get_dictionary(id).and_then(|element| element.get(b"NS")).ok();
        let namespace = namespace.and_then(|namespace| resolved(file, namespace).as_dict().ok()?.get(b"NS").ok()?.as_str().ok());
        let expected = (standard == Standard::Ua2).then_some(kind.namespace.as_bytes());
        let of_namespace = (namespace != expected).then(|| format!("element {id:?}, {role}, is of another namespace"));
        self.problems.extend(held.into_iter().chain(of_namespace));
    }

    /// What a table lacks: regular rows, or a caption at its beginning or end.
    fn table(&self, file: &Document, table: &Dictionary) -> Option<&'static str> {
        let mut width = None;
        let parts = kids(file, table);
        let caption = parts.iter().position(|part| role_of(file, part).as_deref() == Some("Caption"));
        if caption.is_some_and(|at| at != 0 && at != parts.len() - 1) {
            return Some("its caption in the middle");
        }
        parts.iter().filter(|part| role_of(file, part).as_deref() != Some("Caption")).find_map(|part| {
            let rows = kids(file, resolved(file, part).as_dict().ok()?);
            let spans = |cell: &Object| {
                let attributes =
                    resolved(file, cell).as_dict().ok().and_then(|cell| cell.get(b"A").and_then(Object::as_dict).ok());
                let span = |key| attributes.and_then(|all| all.get(key).and_then(Object::as_i64).ok()).unwrap_or(1);
                let span = |key| usize::try_from(span(key)).unwrap_or(1);
                (span(b"ColSpan".as_slice()), span(b"RowSpan".as_slice()))
            };
            let rows = rows.iter().filter_map(|row| Some(kids(file, resolved(file, row).as_dict().ok()?)));
            let rows: Vec<Vec<(usize, usize)>> = rows.map(|cells| cells.iter().map(spans).collect()).collect();
            containment::irregular(&rows, &mut width)
        })
    }

    fn name(&mut self, page: Option<ObjectId>, mcid: i64, element: ObjectId) {
        let Some(page) = page else { return self.problem(format!("element {element:?} names mark {mcid} of no page")) };
        self.pages.entry(element).or_default().insert(page);
        if self.named.insert((page, mcid), element).is_some() {
            self.problem(format!("mark {mcid} of page {page:?} has two elements"));
        }
    }

    fn page(&mut self, file: &Document, page: ObjectId, parents: &mut BTreeMap<i64, Object>) {
        let Ok(dict) = file.get_dictionary(page) else { return self.problem(format!("page {page:?} is not there")) };
        let owners = dict.get(b"StructParents").and_then(Object::as_i64).ok().and_then(|key| parents.remove(&key));
        let owners = owners.and_then(|owners| resolved(file, &owners).as_array().ok().cloned()).unwrap_or_default();
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
        for (id, dict) in file_rules::links(file, page) {
            let key = dict.get(b"StructParent").and_then(Object::as_i64).ok();
            let told = key.and_then(|key| parents.remove(&key)).and_then(|owner| owner.as_reference().ok());
            match self.annotated.remove(&id) {
                None => self.problem(format!("annotation {id:?} is of no element")),
                Some(element) if told != Some(element) => {
                    self.problem(format!("the parent tree gives annotation {id:?} to {told:?}, not {element:?}"));
                }
                Some(element) => {
                    self.links += 1;
                    let role = self.roles.get(&element).map_or("nothing", String::as_str);
                    if !["Link", "Reference"].contains(&role) {
                        self.problem(format!("annotation {id:?} is of a {role}"));
                    }
                }
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

fn role_of(file: &Document, element: &Object) -> Option<String> {
    let role = file.get_dictionary(element.as_reference().ok()?).ok()?.get(b"S").ok()?.as_name().ok()?;
    Some(String::from_utf8_lossy(role).into_owned())
}

/// True for a list with an item that has a label.
fn is_labelled(file: &Document, list: &Dictionary) -> bool {
    let items = kids(file, list);
    let items = items.iter().filter_map(|item| resolved(file, item).as_dict().ok());
    items.flat_map(|item| kids(file, item)).any(|part| role_of(file, &part).as_deref() == Some("Lbl"))
}
