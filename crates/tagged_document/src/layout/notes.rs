//! Footnotes: marks in the text that lead to notes at the foot of the page.

use super::fonts::Fonts;
use crate::canvas::{Artifact, Mark};
use crate::colour::Colour;
use crate::model::{Inline, Link, Run};
use crate::shapes::Shape;
use crate::tags::NodeId;

/// A note as it stands at the foot of a page, in points from its own top left corner.
#[derive(Debug, Clone)]
pub struct Footnote {
    /// From 1, throughout the document.
    pub number: usize,
    pub node: NodeId,
    pub height: f32,
    pub marks: Vec<Mark>,
}

/// From the page's text to the rule, and from the rule to the first note, in points.
const RULE_ROOM: (f32, f32) = (9.0, 5.0);
pub const ROOM_ABOVE: f32 = RULE_ROOM.0 + RULE_ROOM.1;
const RULE_LENGTH: f32 = 72.0;

/// The height of notes with the rule above them; nothing where there is none.
pub fn height<'a>(notes: impl Iterator<Item = &'a Footnote>) -> f32 {
    let sum: f32 = notes.map(|note| note.height).sum();
    if sum > 0.0 { sum + ROOM_ABOVE } else { 0.0 }
}

/// The short rule above notes.
pub fn rule(colour: Colour) -> Mark {
    Mark::artifact(Artifact::Layout, vec![Shape::line((0.0, RULE_ROOM.0), (RULE_LENGTH, RULE_ROOM.0), 0.6, colour)])
}

/// What a note is linked to by; no template can name it, since it has a space.
pub fn anchor(number: usize) -> String {
    format!("note {number}")
}

/// The note that a link leads to.
pub fn number(link: &Link) -> Option<usize> {
    match link {
        Link::Anchor(anchor) => anchor.strip_prefix("note ")?.parse().ok(),
        Link::Url(_) | Link::Elsewhere(_) => None,
    }
}

/// Takes the notes out of the text, numbered in its order, and puts links to them in their place.
pub fn take_out<'a>(texts: impl Iterator<Item = &'a mut Vec<Run>>, fonts: &Fonts) -> Vec<Vec<Run>> {
    let raised = "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().all(|c| fonts.has(c));
    let mut notes = Vec::new();
    for run in texts.flatten() {
        let Inline::Note(note) = &mut run.inline else { continue };
        notes.push(std::mem::take(note));
        run.inline = Inline::Text(mark(notes.len(), raised));
        run.link = Some(Link::Anchor(anchor(notes.len())));
    }
    notes
}

/// A raised number, which reads apart from figures when it is copied; in brackets where the fonts have none.
fn mark(number: usize, raised: bool) -> String {
    if !raised {
        return format!("[{number}]");
    }
    let digit = |c: char| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(c.to_digit(10).unwrap_or(0) as usize).unwrap_or(c);
    number.to_string().chars().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_notes_are_raised_digits() {
        assert_eq!(mark(207, true), "²⁰⁷");
        assert_eq!(mark(12, false), "[12]");
    }

    #[test]
    fn only_links_to_notes_are_links_to_notes() {
        assert_eq!(number(&Link::Anchor(anchor(3))), Some(3));
        assert_eq!(number(&Link::Anchor("note-3".into())), None);
        assert_eq!(number(&Link::Url("note 3".into())), None);
    }
}
