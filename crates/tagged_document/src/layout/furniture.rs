//! What stands at the head and foot of every page: decoration for a screen reader, orientation for the eye.

use super::text::{Shaper, Style};
use crate::canvas::{Artifact, Mark, Page};
use crate::look::{Colour, Look};
use crate::model::{Align, Document};
use crate::shapes::Shape;

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
        let (title, quarter) = (set(left_words, false, colours.quiet), set(right_words, false, colours.quiet));
        let total_width: f32 = labels.iter().map(|label| label.width() + 14.0).sum::<f32>() + labels.len() as f32 * 6.0 - 6.0;
        // In the middle of the page, or of what room is between the words.
        let (from, to) = (frame.left + title.width() + 6.0, right - quarter.width() - 6.0);
        let middle = (frame.page_width - total_width) / 2.0;
        let mut x = if middle >= from && middle + total_width <= to { middle } else { (from + to - total_width) / 2.0 };
        for label in labels {
            let width = label.width() + 14.0;
            let y = head_line - 19.0;
            head.push(Shape::rectangle(x, y, width, 14.0, colours.warning_panel));
            let corners = vec![(x, y), (x + width, y), (x + width, y + 14.0), (x, y + 14.0), (x, y)];
            head.push(Shape::Line { points: corners, width: 0.6, colour: colours.text, dash: Vec::new() });
            head.push(Shape::Text { at: (x + 7.0, y + 10.2), text: label });
            x += width + 6.0;
        }
        head.push(Shape::Text { at: (frame.left, head_line - 8.0), text: title });
        head.push(Shape::Text { at: (right - quarter.width(), head_line - 8.0), text: quarter });
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
