//! The structure tree: what each mark on a page is, for those who hear the document rather than see it.

use crate::model::Align;

/// A node of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(usize);

impl NodeId {
    /// The same node where [`Tree::graft`] took it over.
    pub fn grafted(self, by: usize) -> Self {
        if self == Tree::ROOT { self } else { NodeId(self.0 + by) }
    }
}

/// Standard structure types that the document uses: of PDF 1.7, or of PDF 2.0 (see [`Tree::speak_pdf_2`]).
#[derive(Debug, Clone, PartialEq)]
pub enum Role {
    Document,
    Sect,
    Heading(u8),
    Paragraph,
    List(Numbering),
    ListItem,
    Label,
    ListBody,
    Contents,
    ContentsItem,
    /// Its words, where it is a link itself, as in PDF 2.0; else it holds the link.
    Reference(String),
    /// Its words, for its annotations' `Contents`.
    Link(String),
    /// A short form, with what it stands for.
    Span(String),
    /// A footnote, by its number.
    Note(usize),
    /// The same in PDF 2.0.
    Footnote(usize),
    Table,
    Caption,
    TableHead,
    TableBody,
    TableRow,
    HeaderCell {
        scope: Scope,
        span: usize,
        rows: usize,
    },
    DataCell {
        span: usize,
        rows: usize,
        align: Align,
    },
    /// Its alternative text; where it stands is known when it is placed: left, bottom, right, top in points.
    Figure {
        alternative: String,
        place: Option<[f32; 4]>,
        /// Stands on a line of text.
        inline: bool,
    },
}

/// What stands before the items of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbering {
    Decimal,
    Disc,
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Row,
    Column,
}

impl Role {
    pub fn name(&self) -> &'static str {
        match self {
            Role::Document => "Document",
            Role::Sect => "Sect",
            Role::Heading(1) => "H1",
            Role::Heading(2) => "H2",
            Role::Heading(3) => "H3",
            Role::Heading(_) => "H4",
            Role::Paragraph => "P",
            Role::List(_) => "L",
            Role::ListItem => "LI",
            Role::Label => "Lbl",
            Role::ListBody => "LBody",
            Role::Contents => "TOC",
            Role::ContentsItem => "TOCI",
            Role::Reference(_) => "Reference",
            Role::Link(_) => "Link",
            Role::Span(_) => "Span",
            Role::Note(_) => "Note",
            Role::Footnote(_) => "FENote",
            Role::Table => "Table",
            Role::Caption => "Caption",
            Role::TableHead => "THead",
            Role::TableBody => "TBody",
            Role::TableRow => "TR",
            Role::HeaderCell { .. } => "TH",
            Role::DataCell { .. } => "TD",
            Role::Figure { .. } => "Figure",
        }
    }

    /// True for what PDF 2.0 has no type of its own for.
    pub fn is_of_pdf_1_7(&self) -> bool {
        matches!(self, Role::Contents | Role::ContentsItem | Role::Reference(_) | Role::Note(_))
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub role: Role,
    pub parent: Option<NodeId>,
    pub children: Vec<Child>,
    attached: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Child {
    Node(NodeId),
    /// Marked content: page from 0, and its MCID there.
    Content {
        page: usize,
        mcid: usize,
    },
    /// A link annotation: page from 0, and its place among that page's links.
    Annotation {
        page: usize,
        link: usize,
    },
}

/// Nodes join the tree in the order in which they are first marked, so that the reading order is
/// the order of the page whatever order they were made in; a node never marked is not in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    nodes: Vec<Node>,
    /// Marked contents so far, a page.
    marks: Vec<Vec<NodeId>>,
}

impl Default for Tree {
    fn default() -> Self {
        let root = Node { role: Role::Document, parent: None, children: Vec::new(), attached: true };
        Tree { nodes: vec![root], marks: Vec::new() }
    }
}

impl Tree {
    pub const ROOT: NodeId = NodeId(0);

    pub fn add(&mut self, parent: NodeId, role: Role) -> NodeId {
        let id = NodeId(self.nodes.len());
        self.nodes.push(Node { role, parent: Some(parent), children: Vec::new(), attached: false });
        id
    }

    /// Takes over the nodes of a tree in which nothing is marked yet, its root as the one that is here. Gives by how much their
    /// ids grow.
    pub fn graft(&mut self, other: Tree) -> usize {
        let by = self.nodes.len() - 1;
        let nodes = other.nodes.into_iter().skip(1);
        self.nodes.extend(nodes.map(|node| Node { parent: node.parent.map(|parent| parent.grafted(by)), ..node }));
        by
    }

    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    /// Adds to the words of a link.
    pub fn say(&mut self, id: NodeId, words: &str) {
        if let Role::Link(said) = &mut self.nodes[id.0].role {
            said.push_str(words);
        }
    }

    /// Says where a figure stands.
    pub fn place_figure(&mut self, id: NodeId, corners: [f32; 4]) {
        if let Role::Figure { place, .. } = &mut self.nodes[id.0].role {
            *place = Some(corners);
        }
    }

    /// Puts a node and those above it into the tree, after what is there.
    pub fn attach(&mut self, id: NodeId) {
        let mut missing = Vec::new();
        let mut at = id;
        while !self.nodes[at.0].attached {
            missing.push(at);
            match self.nodes[at.0].parent {
                Some(parent) => at = parent,
                None => break,
            }
        }
        for node in missing.into_iter().rev() {
            self.nodes[node.0].attached = true;
            if let Some(parent) = self.nodes[node.0].parent {
                self.nodes[parent.0].children.push(Child::Node(node));
            }
        }
    }

    /// The MCID of the next content of a node on a page. Content that follows content of the same
    /// node at once is part of it.
    pub fn mark(&mut self, id: NodeId, page: usize) -> usize {
        self.attach(id);
        if self.marks.len() <= page {
            self.marks.resize(page + 1, Vec::new());
        }
        let mcid = self.marks[page].len();
        self.marks[page].push(id);
        self.nodes[id.0].children.push(Child::Content { page, mcid });
        mcid
    }

    pub fn annotate(&mut self, id: NodeId, page: usize, link: usize) {
        self.attach(id);
        self.nodes[id.0].children.push(Child::Annotation { page, link });
    }

    /// Turns the tree into one of PDF 2.0, where no reference may hold a link: the link is the reference, and notes are of
    /// the kind that is referred to.
    pub fn speak_pdf_2(&mut self) {
        for node in &mut self.nodes {
            if let Role::Note(number) = node.role {
                node.role = Role::Footnote(number);
            }
        }
        let is_reference = |(id, node): (NodeId, &Node)| matches!(node.role, Role::Reference(_)).then_some(id);
        let references: Vec<NodeId> = self.attached().filter_map(is_reference).collect();
        for reference in references {
            self.give_way(reference);
        }
    }

    /// Puts the links of a reference in its place, as references.
    fn give_way(&mut self, id: NodeId) {
        let Some(parent) = self.nodes[id.0].parent else { return };
        let links = std::mem::take(&mut self.nodes[id.0].children);
        for child in &links {
            let Child::Node(link) = child else { continue };
            let node = &mut self.nodes[link.0];
            node.parent = Some(parent);
            if let Role::Link(words) = &mut node.role {
                node.role = Role::Reference(std::mem::take(words));
            }
        }
        let siblings = &mut self.nodes[parent.0].children;
        if let Some(place) = siblings.iter().position(|child| *child == Child::Node(id)) {
            siblings.splice(place..=place, links);
        }
        self.nodes[id.0].attached = false;
    }

    /// The owners of a page's marked contents, by MCID.
    pub fn marks(&self, page: usize) -> &[NodeId] {
        self.marks.get(page).map_or(&[], Vec::as_slice)
    }

    /// True for a node of the tree.
    pub fn is_attached(&self, id: NodeId) -> bool {
        self.nodes[id.0].attached
    }

    /// Nodes of the tree, each after its parent.
    pub fn attached(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().filter(|(_, node)| node.attached).map(|(i, node)| (NodeId(i), node))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_keep_the_order_of_marking() {
        let mut tree = Tree::default();
        let paragraph = tree.add(Tree::ROOT, Role::Paragraph);
        let link = tree.add(paragraph, Role::Link("more".into()));
        tree.mark(paragraph, 0);
        tree.mark(link, 0);
        tree.mark(paragraph, 0);
        let children = &tree.node(paragraph).children;
        assert_eq!(children[0], Child::Content { page: 0, mcid: 0 });
        assert_eq!(children[1], Child::Node(link));
        assert_eq!(children[2], Child::Content { page: 0, mcid: 2 });
    }

    #[test]
    fn in_pdf_2_a_link_is_the_reference_that_held_it() {
        let mut tree = Tree::default();
        let item = tree.add(Tree::ROOT, Role::ContentsItem);
        let reference = tree.add(item, Role::Reference(String::new()));
        let link = tree.add(reference, Role::Link("Summary".into()));
        tree.mark(link, 0);
        tree.speak_pdf_2();
        assert_eq!(tree.node(item).children, [Child::Node(link)]);
        assert_eq!((tree.node(link).parent, &tree.node(link).role), (Some(item), &Role::Reference("Summary".into())));
        assert_eq!(tree.attached().count(), 3);
        assert_eq!(tree.marks(0), [link]);
    }

    #[test]
    fn unmarked_content_is_not_in_the_tree() {
        let mut tree = Tree::default();
        tree.add(Tree::ROOT, Role::Paragraph);
        assert!(tree.node(Tree::ROOT).children.is_empty());
        assert_eq!(tree.attached().count(), 1);
    }
}
