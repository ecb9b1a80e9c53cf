//! Filling pages: fragments go down one column, and a page ends where the next fragment, with all that must stay
//! with it, has no room.

use super::fragment::Fragment;
use super::notes::{self, Footnote};
use super::references::HeadingEntry;
use crate::Problem;
use crate::canvas::{Mark, Owner, Page, PageFrame};
use crate::colour::Colour;
use crate::tags::{NodeId, Tree};
use std::collections::BTreeMap;

/// Where a heading or a note stands: page from 0, points from the top; and its node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Anchor {
    pub page: usize,
    pub y: f32,
    pub node: NodeId,
}

/// Pages that are being filled.
pub struct Flow {
    /// Of the page that is being filled, and of those that it goes on to.
    frame: PageFrame,
    /// Of the rule above footnotes.
    rule: Colour,
    pub pages: Vec<Page>,
    y: f32,
    /// Space that the last fragment wants below it.
    after: f32,
    /// For the foot of the page that is being filled.
    notes: Vec<Footnote>,
    pub anchors: BTreeMap<String, Anchor>,
    pub outline: Vec<HeadingEntry>,
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
        self.place_mark(notes::rule(self.rule).moved(frame.left, y), tree);
        y += notes::ROOM_ABOVE;
        for note in notes {
            self.anchors.insert(notes::anchor(note.number), Anchor { page, y, node: note.node });
            for mark in note.marks {
                self.place_mark(mark.moved(frame.left, y), tree);
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

    pub fn put_all(&mut self, fragments: Vec<Fragment>, tree: &mut Tree) {
        if self.pages.is_empty() {
            self.next_page(tree);
        }
        let mut fragments = std::collections::VecDeque::from(fragments);
        while !fragments.is_empty() {
            let chain = 1 + fragments.iter().take_while(|fragment| fragment.keep_next).count().min(fragments.len() - 1);
            let foot = |earlier: &[Footnote]| {
                notes::height(earlier.iter().chain(fragments.iter().take(chain).flat_map(|fragment| &fragment.notes)))
            };
            let fresh_height = height_of(fragments.iter().take(chain), true, 0.0) + foot(&[]);
            let fits_a_page = fresh_height <= self.frame.height();
            let needed = height_of(fragments.iter().take(chain), self.at_top(), self.after) + foot(&self.notes);
            if !self.at_top() && fits_a_page && self.y + needed > self.frame.bottom {
                self.next_page(tree);
            }
            for fragment in fragments.drain(..chain) {
                self.put(fragment, tree);
            }
        }
    }

    /// Where the page's text must end, with the notes of one more fragment at its foot.
    fn bottom(&self, fragment: &Fragment) -> f32 {
        self.frame.bottom - notes::height(self.notes.iter().chain(&fragment.notes)) + 0.5
    }

    fn put(&mut self, mut fragment: Fragment, tree: &mut Tree) {
        let mut top = if self.at_top() { self.y } else { self.y + self.after.max(fragment.before) };
        if !self.at_top() && top + fragment.height > self.bottom(&fragment) {
            self.next_page(tree);
            top = self.y;
        }
        if self.at_top()
            && let Some(repeat) = &fragment.repeat
        {
            for mark in &repeat.marks {
                self.place_mark(mark.clone().moved(self.frame.left, top), tree);
            }
            top += repeat.height;
        }
        let bottom = self.bottom(&fragment);
        if top + fragment.height > bottom {
            self.warnings.push(Problem::new(
                &*fragment.place,
                format!(
                    "something is {:.0} points high and a page has room for {:.0}; its end is cut off",
                    fragment.height,
                    (bottom - top).max(0.0)
                ),
                "make it shorter",
            ));
        }
        let page = self.pages.len() - 1;
        if let Some((heading, node)) = fragment.heading {
            let anchor = Anchor { page, y: top, node };
            self.anchors.insert(heading.anchor.clone(), anchor);
            self.outline.push(heading);
        }
        for mark in fragment.marks {
            self.place_mark(mark.moved(self.frame.left, top), tree);
        }
        self.notes.append(&mut fragment.notes);
        self.pages[page].illustrative |= fragment.illustrative;
        self.y = top + fragment.height;
        self.after = fragment.after;
    }

    /// Adds a mark to the page, to the one before it where both are of the same node.
    fn place_mark(&mut self, mark: Mark, tree: &mut Tree) {
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

/// The height of fragments one below the other.
fn height_of<'a>(fragments: impl Iterator<Item = &'a Fragment>, at_top: bool, after: f32) -> f32 {
    let (mut height, mut gap) = (0.0, if at_top { None } else { Some(after) });
    for fragment in fragments {
        match gap {
            Some(after) => height += after.max(fragment.before),
            None => height += fragment.repeat.as_ref().map_or(0.0, |repeat| repeat.height),
        }
        height += fragment.height;
        gap = Some(fragment.after);
    }
    height
}
