//! Filling pages: pieces go down one column, and a page ends where the next piece, with all that must stay
//! with it, has no room.

use super::{Anchor, PageFrame};
use crate::fault::Fault;
use crate::report::canvas::{Mark, Owner, Page};
use crate::report::tags::{NodeId, Tree};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What cannot be torn: a line, a row, a chart. Its marks are in points from its own top left corner.
#[derive(Debug, Clone, Default)]
pub struct Piece {
    /// Least space above it, unless it starts a page.
    pub before: f32,
    pub height: f32,
    /// Least space below it.
    pub after: f32,
    /// Stays on the page of the piece that follows.
    pub keep_next: bool,
    pub marks: Vec<Mark>,
    /// The heading that stands here.
    pub heading: Option<HeadingHere>,
    pub illustrative: bool,
    /// A table's head, to stand above the piece where it starts a page.
    pub repeat: Option<Rc<Repeat>>,
    /// A figure whose place is to be recorded: left, top, width, height.
    pub figure: Option<(NodeId, [f32; 4])>,
    /// For messages.
    pub place: Rc<str>,
}

#[derive(Debug, Clone)]
pub struct HeadingHere {
    pub level: u8,
    pub title: String,
    pub anchor: String,
}

#[derive(Debug)]
pub struct Repeat {
    pub height: f32,
    pub marks: Vec<Mark>,
}

/// An entry of the outline.
#[derive(Debug, Clone)]
pub struct OutlineEntry {
    pub level: u8,
    pub title: String,
    pub anchor: String,
}

pub struct Flow {
    frame: PageFrame,
    pub pages: Vec<Page>,
    y: f32,
    /// Space that the last piece wants below it.
    after: f32,
    pub anchors: BTreeMap<String, Anchor>,
    pub outline: Vec<OutlineEntry>,
    pub warnings: Vec<Fault>,
}

impl Flow {
    pub fn new(frame: PageFrame) -> Self {
        Flow {
            frame,
            pages: Vec::new(),
            y: frame.top,
            after: 0.0,
            anchors: BTreeMap::new(),
            outline: Vec::new(),
            warnings: Vec::new(),
        }
    }

    pub fn new_page(&mut self) {
        self.pages.push(Page::default());
        self.y = self.frame.top;
        self.after = 0.0;
    }

    /// Goes on at `y` points from the top of the page.
    pub fn skip_to(&mut self, y: f32) {
        self.y = y;
        self.after = 0.0;
    }

    pub fn y(&self) -> f32 {
        self.y
    }

    fn at_top(&self) -> bool {
        self.y <= self.frame.top
    }

    pub fn put_all(&mut self, pieces: Vec<Piece>, tree: &mut Tree) {
        if self.pages.is_empty() {
            self.new_page();
        }
        let mut pieces = std::collections::VecDeque::from(pieces);
        while !pieces.is_empty() {
            let chain = 1 + pieces.iter().take_while(|piece| piece.keep_next).count().min(pieces.len() - 1);
            let fresh_height = height_of(pieces.iter().take(chain), true, 0.0);
            let fits_a_page = fresh_height <= self.frame.height();
            let needed = height_of(pieces.iter().take(chain), self.at_top(), self.after);
            if !self.at_top() && fits_a_page && self.y + needed > self.frame.bottom {
                self.new_page();
            }
            for piece in pieces.drain(..chain) {
                self.put(piece, tree);
            }
        }
    }

    fn put(&mut self, piece: Piece, tree: &mut Tree) {
        let mut top = if self.at_top() { self.y } else { self.y + self.after.max(piece.before) };
        if !self.at_top() && top + piece.height > self.frame.bottom + 0.5 {
            self.new_page();
            top = self.y;
        }
        if self.at_top()
            && let Some(repeat) = &piece.repeat
        {
            for mark in &repeat.marks {
                self.ink(mark.clone().moved(self.frame.left, top), tree);
            }
            top += repeat.height;
        }
        if top + piece.height > self.frame.bottom + 0.5 {
            self.warnings.push(Fault::new(
                &*piece.place,
                format!(
                    "something is {:.0} points high and a page has room for {:.0}; its end is cut off",
                    piece.height,
                    self.frame.bottom - top
                ),
                "make it shorter",
            ));
        }
        let page = self.pages.len() - 1;
        if let Some(heading) = piece.heading {
            let anchor = Anchor { page, y: top };
            self.anchors.insert(heading.anchor.clone(), anchor);
            self.outline.push(OutlineEntry { level: heading.level, title: heading.title, anchor: heading.anchor });
        }
        for mark in piece.marks {
            self.ink(mark.moved(self.frame.left, top), tree);
        }
        if let Some((node, [x, y, width, height])) = piece.figure {
            let upper = self.frame.page_height - (top + y);
            let left = self.frame.left + x;
            tree.place_figure(node, [left, upper - height, left + width, upper]);
        }
        self.pages[page].illustrative |= piece.illustrative;
        self.y = top + piece.height;
        self.after = piece.after;
    }

    /// Adds a mark to the page, to the one before it where both are of the same node.
    fn ink(&mut self, mark: Mark, tree: &mut Tree) {
        let number = self.pages.len() - 1;
        let page = &mut self.pages[number];
        if let (Owner::Node(node), true) = (mark.owner, mark.shapes.is_empty()) {
            tree.attach(node);
            return;
        }
        match page.marks.last_mut() {
            Some(last) if last.owner == mark.owner && last.link.is_none() && mark.link.is_none() => {
                last.shapes.extend(mark.shapes)
            }
            _ => {
                // Numbered here, in the order of the page, so that the tree's order is that of the page;
                // the painter counts the same marks again.
                if let Owner::Node(node) = mark.owner {
                    tree.mark(node, number);
                    if mark.link.is_some() {
                        let link = page.marks.iter().filter(|earlier| earlier.link.is_some()).count();
                        tree.annotate(node, number, link);
                    }
                }
                page.marks.push(mark);
            }
        }
    }
}

/// The height of pieces one below the other.
fn height_of<'a>(pieces: impl Iterator<Item = &'a Piece>, at_top: bool, after: f32) -> f32 {
    let (mut height, mut gap) = (0.0, if at_top { None } else { Some(after) });
    for piece in pieces {
        match gap {
            Some(after) => height += after.max(piece.before),
            None => height += piece.repeat.as_ref().map_or(0.0, |repeat| repeat.height),
        }
        height += piece.height;
        gap = Some(piece.after);
    }
    height
}
