//! What layout puts on pages: fragments, none of which is torn.

use super::notes::Footnote;
use super::references::HeadingEntry;
use crate::canvas::{Mark, Owner};
use crate::tags::NodeId;
use std::sync::Arc;

/// What cannot be torn: a line, a row, a chart. Its marks are in points from its own top left corner.
#[derive(Debug, Clone, Default)]
pub struct Fragment {
    /// Least space above it, unless it starts a page.
    pub before: f32,
    pub height: f32,
    /// Least space below it.
    pub after: f32,
    /// Stays on the page of the fragment that follows.
    pub keep_next: bool,
    pub marks: Vec<Mark>,
    /// The heading that stands here, and its node.
    pub heading: Option<(HeadingEntry, NodeId)>,
    pub illustrative: bool,
    /// A table's head and the rows that head this one, to stand above the fragment where it starts a page.
    pub repeat: Option<Arc<RepeatedHead>>,
    /// Notes whose marks stand in it.
    pub notes: Vec<Footnote>,
    /// For messages.
    pub place: Arc<str>,
}

impl Fragment {
    /// The same with its nodes where a tree took them over; what it repeats belongs to none.
    pub fn grafted(mut self, by: usize) -> Self {
        let heading = self.heading.iter_mut().map(|(_, node)| node);
        let mut nodes: Vec<&mut NodeId> = heading.collect();
        let mut marks: Vec<&mut Mark> = self.marks.iter_mut().collect();
        for note in &mut self.notes {
            nodes.push(&mut note.node);
            marks.extend(&mut note.marks);
        }
        let of_marks = marks.into_iter().filter_map(|mark| match &mut mark.owner {
            Owner::Node(node) => Some(node),
            Owner::Artifact(_) => None,
        });
        nodes.into_iter().chain(of_marks).for_each(|node| *node = node.grafted(by));
        self
    }
}

/// The head of a table with the rows that head others, for each further page.
#[derive(Debug)]
pub struct RepeatedHead {
    pub height: f32,
    pub marks: Vec<Mark>,
}
