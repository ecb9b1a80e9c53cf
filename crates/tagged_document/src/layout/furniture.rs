//! What stands at the head and foot of every page: decoration for a screen reader, orientation for the eye.

use super::text::{Shaper, Style};
use crate::canvas::{Artifact, Mark, Page};
use crate::look::{Colour, Look};
use crate::model::{Align, Document};
use crate::shapes::{Glyphs, Shape};

/// Between two things at the head of a page.
const APART: f32 = 6.0;
/// From the words to the marks, where these have a line of their own.
const LINE: f32 = 15.0;

/// Adds head and foot to every page but the cover.
pub fn furnish(pages: &mut [Page], document: &Document, look: &Look, shaper: &mut Shaper<'_>) {
    let total = pages.len();
    let colours = &look.colours;
    shaper.set_place("the head and foot of the page");
    let mut set = |words: &str, bold: bool, colour: Colour| {
        shaper.label(words, Style { size: look.text.small, leading: 1.2, bold, colour, align: Align::Left })
    };
    for (i, page) in pages.iter_mut().enumerate() {
        // The cover says it in words of its own.
        if page.cover {
            continue;
        }
        let frame = page.frame;
        let right = frame.page_width - frame.left;
        let head_line = frame.top - 14.0;
        let mut head = Vec::new();
        let mut labels: Vec<_> = document.marks.iter().map(|mark| set(mark, true, colours.text)).collect();
        if page.illustrative {
            labels.push(set(&document.illustrative, true, colours.text));
        }
        let (left_words, right_words) = &document.head;
        let quarter = set(right_words, false, colours.quiet);
        let title = shortened(left_words, right - quarter.width() - APART - frame.left, |words| set(words, false, colours.quiet));
        let total_width: f32 = labels.iter().map(|label| label.width() + 14.0).sum::<f32>() + labels.len() as f32 * APART - APART;
        // In the middle of the page, or of what room is between the words; below them, where that is too little.
        let (from, to) = (frame.left + title.width() + APART, right - quarter.width() - APART);
        let middle = (frame.page_width - total_width) / 2.0;
        let is_beside = middle >= from && middle + total_width <= to;
        let is_between = total_width <= to - from;
        let words_line = if is_between || labels.is_empty() { head_line } else { head_line - LINE };
        let mut x = if is_beside || !is_between { middle } else { (from + to - total_width) / 2.0 };
        for label in labels {
            let width = label.width() + 14.0;
            let y = head_line - 19.0;
            head.push(Shape::rectangle(x, y, width, 14.0, colours.warning_panel));
            let corners = vec![(x, y), (x + width, y), (x + width, y + 14.0), (x, y + 14.0), (x, y)];
            head.push(Shape::Line { points: corners, width: 0.6, colour: colours.text, dash: Vec::new() });
            head.push(Shape::Text { at: (x + 7.0, y + 10.2), text: label });
            x += width + APART;
        }
        head.push(Shape::Text { at: (frame.left, words_line - 8.0), text: title });
        head.push(Shape::Text { at: (right - quarter.width(), words_line - 8.0), text: quarter });
        head.push(Shape::line((frame.left, head_line), (right, head_line), 0.6, colours.line));
        let y = frame.bottom + 26.0;
        let number = set(&format!("Page {} of {total}", i + 1), false, colours.quiet);
        let foot = vec![
            Shape::Text { at: (frame.left, y), text: set(&document.foot, false, colours.quiet) },
            Shape::Text { at: (right - number.width(), y), text: number },
        ];
        page.marks.insert(0, Mark::artifact(Artifact::Header, head));
        page.marks.push(Mark::artifact(Artifact::Footer, foot));
    }
}

/// Words as wide as the room for them: the last of them are left out where there is less.
fn shortened(words: &str, room: f32, mut set: impl FnMut(&str) -> Glyphs) -> Glyphs {
    let whole = set(words);
    if whole.width() <= room {
        return whole;
    }
    let ends = words.char_indices().map(|(at, _)| at).rev();
    let mut shorter = ends.map(|at| set(&format!("{}…", words[..at].trim_end())));
    shorter.find(|label| label.width() <= room).unwrap_or(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canvas::Owner;
    use crate::layout::lay_out;
    use crate::specimen;

    /// Left, top, right and bottom of what stands at the head of a page: of its words, and of its marks.
    fn head(title: &str, marks: &[&str]) -> (Vec<[f32; 4]>, Vec<[f32; 4]>) {
        let mut document = specimen::document(vec![specimen::section(vec![specimen::words("Text.")])]);
        document.head = (title.to_owned(), "July to September 2026 (2026-27-Q2)".to_owned());
        document.marks = marks.iter().map(|mark| (*mark).to_owned()).collect();
        let pages = lay_out(document, &specimen::look(), &specimen::fonts()).pages;
        let head = pages[0].marks.iter().find(|mark| mark.owner == Owner::Artifact(Artifact::Header)).unwrap();
        let (mut words, mut boxes) = (Vec::new(), Vec::new());
        for shape in &head.shapes {
            match shape {
                Shape::Text { at: (x, y), text } => words.push([*x, y - 0.8 * text.size, x + text.width(), y + 0.25 * text.size]),
                Shape::Fill { points, .. } => boxes.push([points[0].0, points[0].1, points[2].0, points[2].1]),
                Shape::Line { .. } => {}
            }
        }
        // The words of the marks stand in their boxes.
        (words.split_off(marks.len()), boxes)
    }

    #[test]
    fn no_title_runs_into_the_marks() {
        let place = "Board pack of the outcomes framework: Mid Nottinghamshire Place-based Partnership";
        let longest = format!("{place} {place}");
        let all = ["Interim", "Draft", "Corrected: issue 12", "Illustrative figures"];
        for title in ["Board pack", place, &longest] {
            for marks in [&all[..0], &all[..1], &all[..]] {
                let (words, boxes) = head(title, marks);
                let everything: Vec<[f32; 4]> = words.iter().chain(&boxes).copied().collect();
                for (i, a) in everything.iter().enumerate() {
                    for b in &everything[..i] {
                        let is_apart = a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
                        assert!(is_apart, "{title}, {marks:?}: {a:?} and {b:?}");
                    }
                    assert!(a[0] >= 0.0 && a[1] >= 0.0 && a[2] <= 595.3, "{title}, {marks:?}: {a:?}");
                }
                assert_eq!((words.len(), boxes.len()), (2, marks.len()));
            }
        }
    }
}
