//! Filling pages: pieces go down one column, and a page ends where the next piece, with all that must stay
//! with it, has no room.

use super::Anchor;
use super::notes::{self, Footnote};
use crate::Problem;
use crate::canvas::{Mark, Owner, Page, PageFrame};
use crate::look::Colour;
use crate::tags::Tree;
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
    /// Notes whose marks stand in it.
    pub notes: Vec<Footnote>,
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
    /// Of the page that is being filled, and of those that it goes on to.
    frame: PageFrame,
    /// Of the rule above footnotes.
    rule: Colour,
    pub pages: Vec<Page>,
    y: f32,
    /// Space that the last piece wants below it.
    after: f32,
    /// For the foot of the page that is being filled.
    notes: Vec<Footnote>,
    pub anchors: BTreeMap<String, Anchor>,
    pub outline: Vec<OutlineEntry>,
    pub warnings: Vec<Problem>,
}

impl Flow {
    pub fn new(frame: PageFrame, rule: Colour) -> Self {
        Flow {
            frame,
            rule,
            pages: Vec::new(),
            y: frame.top,
            after: 0.0,
            notes: Vec::new(),
            anchors: BTreeMap::new(),
            outline: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Starts a page; those that follow have the same frame.
    pub fn start_page(&mut self, frame: PageFrame, tree: &mut Tree) {
        self.frame = frame;
        self.next_page(tree);
    }

    pub fn frame(&self) -> PageFrame {
        self.frame
    }

    fn next_page(&mut self, tree: &mut Tree) {
        self.end_page(tree);
        self.pages.push(Page::new(self.frame));
        self.y = self.frame.top;
        self.after = 0.0;
    }

    /// Sets the footnotes of the last page: no more is put on it.
    pub fn end_page(&mut self, tree: &mut Tree) {
        let notes = std::mem::take(&mut self.notes);
        let Some(page) = self.pages.len().checked_sub(1).filter(|_| !notes.is_empty()) else { return };
        let frame = self.pages[page].frame;
        let mut y = frame.bottom - notes::height(notes.iter());
        self.ink(notes::rule(self.rule).moved(frame.left, y), tree);
        y += notes::ROOM_ABOVE;
        for note in notes {
            self.anchors.insert(notes::anchor(note.number), Anchor { page, y });
            for mark in note.marks {
                self.ink(mark.moved(frame.left, y), tree);
            }
            y += note.height;
        }
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
            self.next_page(tree);
        }
        let mut pieces = std::collections::VecDeque::from(pieces);
        while !pieces.is_empty() {
            let chain = 1 + pieces.iter().take_while(|piece| piece.keep_next).count().min(pieces.len() - 1);
            let foot = |earlier: &[Footnote]| {
                notes::height(earlier.iter().chain(pieces.iter().take(chain).flat_map(|piece| &piece.notes)))
            };
            let fresh_height = height_of(pieces.iter().take(chain), true, 0.0) + foot(&[]);
            let fits_a_page = fresh_height <= self.frame.height();
            let needed = height_of(pieces.iter().take(chain), self.at_top(), self.after) + foot(&self.notes);
            if !self.at_top() && fits_a_page && self.y + needed > self.frame.bottom {
                self.next_page(tree);
            }
            for piece in pieces.drain(..chain) {
                self.put(piece, tree);
            }
        }
    }

    /// Where the page's text must end, with the notes of one more piece at its foot.
    fn bottom(&self, piece: &Piece) -> f32 {
        self.frame.bottom - notes::height(self.notes.iter().chain(&piece.notes)) + 0.5
    }

    fn put(&mut self, mut piece: Piece, tree: &mut Tree) {
        let mut top = if self.at_top() { self.y } else { self.y + self.after.max(piece.before) };
        if !self.at_top() && top + piece.height > self.bottom(&piece) {
            self.next_page(tree);
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
        let bottom = self.bottom(&piece);
        if top + piece.height > bottom {
            self.warnings.push(Problem::new(
                &*piece.place,
                format!(
                    "something is {:.0} points high and a page has room for {:.0}; its end is cut off",
                    piece.height,
                    (bottom - top).max(0.0)
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
        self.notes.append(&mut piece.notes);
        self.pages[page].illustrative |= piece.illustrative;
        self.y = top + piece.height;
        self.after = piece.after;
    }

    /// Adds a mark to the page, to the one before it where both are of the same node.
    fn ink(&mut self, mark: Mark, tree: &mut Tree) {
        let number = self.pages.len() - 1;
        let page = &mut self.pages[number];
        if let (Owner::Node(node), true) = (mark.owner, mark.shapes.is_empty() && mark.is_plain()) {
            tree.attach(node);
            return;
        }
        if let (Owner::Node(node), Some([x, y, width, height])) = (mark.owner, mark.figure) {
            let upper = page.frame.page_height - y;
            tree.place_figure(node, [x, upper - height, x + width, upper]);
        }
        match page.marks.last_mut() {
            Some(last) if last.owner == mark.owner && last.is_plain() && mark.is_plain() => last.shapes.extend(mark.shapes),
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
