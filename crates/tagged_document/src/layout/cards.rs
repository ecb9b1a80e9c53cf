//! Key figures side by side, each on a panel.

use super::context::LayoutContext;
use super::fragment::Fragment;
use super::lines::Lines;
use super::text::Style;
use crate::canvas::{Artifact, Mark};
use crate::colour::Colour;
use crate::model::{Align, Card, Run, Tone};
use crate::shapes::Shape;
use crate::tags::{NodeId, Numbering, Role};

/// Points.
const GAP: f32 = 9.0;
const INSET: f32 = 9.0;
const BAR: f32 = 3.0;
/// A panel narrower than this holds no sentence.
const LEAST_WIDTH: f32 = 105.0;
const LEAST_VALUE: f32 = 11.0;

/// A card in lines.
struct Set {
    label: Lines,
    value: Lines,
    note: Lines,
}

impl Set {
    fn height(&self) -> f32 {
        self.label.height() + self.value.height() + self.note.height()
    }
}

/// A fragment a row of cards, and as even rows as there can be.
pub fn fragments(context: &mut LayoutContext<'_, '_>, cards: &[Card], parent: NodeId) -> Vec<Fragment> {
    if cards.is_empty() {
        return Vec::new();
    }
    let most = (((context.width + GAP) / (LEAST_WIDTH + GAP)) as usize).max(1);
    let rows = cards.len().div_ceil(most);
    let a_row = cards.len().div_ceil(rows);
    let width = (context.width - GAP * (a_row as f32 - 1.0)) / a_row as f32;
    let list = context.tree.add(parent, Role::List(Numbering::Nothing));
    let mut fragments = Vec::new();
    for (i, row) in cards.chunks(a_row).enumerate() {
        let set: Vec<Set> = row.iter().map(|card| set(context, card, width - 2.0 * INSET)).collect();
        let label_height = set.iter().map(|set| set.label.height()).fold(0.0, f32::max);
        let height = set.iter().map(|set| set.height() - set.label.height()).fold(0.0, f32::max) + label_height;
        let height = height + BAR + 2.0 * INSET - 4.0;
        let mut marks = Vec::new();
        for (column, (card, set)) in row.iter().zip(&set).enumerate() {
            let x = column as f32 * (width + GAP);
            let card_marks = marks_of(context, card, set, (width, height, label_height), list);
            marks.extend(card_marks.into_iter().map(|mark| mark.moved(x, 0.0)));
        }
        fragments.push(Fragment { before: 4.0, height, after: GAP, keep_next: i + 1 < rows, ..context.fragment(marks) });
    }
    fragments
}

fn set(context: &mut LayoutContext<'_, '_>, card: &Card, width: f32) -> Set {
    let t = context.look.text;
    let colours = &context.look.colours;
    let colour = if let Tone::Named(name) = card.tone { context.look.tone(name) } else { colours.brand };
    let on_panel = |size: f32, leading: f32, bold: bool, colour| Style { leading, ..plain(size, bold, colour) };
    let mut value_style = on_panel(t.heading_1 + 1.0, 1.18, true, colour);
    let value = [Run::text(&card.value)];
    // A long value is set smaller rather than broken.
    let (least, _) = context.shaper.shape(&value, value_style).extents();
    if least > width {
        value_style.size = (value_style.size * width / least * 0.99).max(LEAST_VALUE);
    }
    Set {
        label: context.shaper.set(&[Run::text(&card.label)], on_panel(t.small, 1.2, true, colours.text), width - 14.0),
        value: context.shaper.set(&value, value_style, width),
        note: context.shaper.set(&[Run::text(&card.note)], on_panel(t.small, 1.25, false, colours.text), width),
    }
}

fn plain(size: f32, bold: bool, colour: Colour) -> Style {
    Style { size, leading: 1.2, bold, colour, align: Align::Left }
}

fn marks_of(
    context: &mut LayoutContext<'_, '_>,
    card: &Card,
    set: &Set,
    (width, height, label_height): (f32, f32, f32),
    list: NodeId,
) -> Vec<Mark> {
    let colours = &context.look.colours;
    let mut ground = vec![Shape::rectangle(0.0, 0.0, width, height, colours.panel)];
    match card.tone {
        Tone::Named(name) => {
            ground.push(Shape::rectangle(0.0, 0.0, width, BAR, context.look.tone(name)));
            let size = 10.0;
            if let Some(sign) = context.look.sign(name) {
                ground.extend((sign.draw)((width - INSET - size, BAR + INSET - 3.0), size, None));
            }
        }
        Tone::Plain | Tone::Quiet => ground.push(Shape::rectangle(0.0, 0.0, width, BAR, colours.brand)),
    }
    let item = context.tree.add(list, Role::ListItem);
    let body = context.tree.add(item, Role::ListBody);
    let mut marks = vec![Mark::artifact(Artifact::Layout, ground)];
    let mut y = BAR + INSET - 4.0;
    // Values of a row stand on one line, below the longest label.
    for (lines, room) in [(&set.label, label_height), (&set.value, set.value.height()), (&set.note, set.note.height())] {
        let paragraph = context.tree.add(body, Role::Paragraph);
        marks.extend(context.line_marks(&lines.lines, paragraph, INSET, y, &mut None));
        y += room;
    }
    marks
}
