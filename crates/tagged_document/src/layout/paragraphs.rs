//! Paragraphs and lists: a fragment a line.

use super::context::LayoutContext;
use super::fragment::Fragment;
use super::lines::Lines;
use crate::canvas::{Artifact, Mark};
use crate::colour::Colour;
use crate::model::{Item, List, Paragraph, ParagraphKind, Run};
use crate::shapes::Shape;
use crate::tags::{NodeId, Numbering, Role};

impl LayoutContext<'_, '_> {
    pub fn paragraph(&mut self, paragraph: &Paragraph, parent: NodeId) -> Vec<Fragment> {
        let t = self.look.text;
        let colours = &self.look.colours;
        let node = self.tree.add(parent, Role::Paragraph);
        let (size, bold, colour) = match paragraph.kind {
            ParagraphKind::Body if self.on_band => (t.heading_3 + 2.0, false, Colour::WHITE),
            ParagraphKind::Body | ParagraphKind::CallOut | ParagraphKind::Warning => (t.body, false, colours.text),
            ParagraphKind::Small => (t.small, false, colours.quiet),
            ParagraphKind::Caption => (t.table, true, colours.text),
        };
        let panel = match paragraph.kind {
            ParagraphKind::CallOut => Some((colours.panel, colours.brand)),
            ParagraphKind::Warning => Some((colours.warning_panel, colours.text)),
            _ => None,
        };
        let style = self.style(size, bold, colour);
        let inset = if panel.is_some() { 12.0 } else { 0.0 };
        let lines = self.shaper.set(&paragraph.runs, style, self.width - 2.0 * inset);
        let (before, after) = match paragraph.kind {
            ParagraphKind::Caption => (7.0, 3.0),
            ParagraphKind::Small => (2.0, 3.0),
            _ => (3.0, 4.5),
        };
        let mut fragments = self.line_fragments(lines, node, inset, (before, after));
        if let Some((ground, bar)) = panel {
            let count = fragments.len();
            for (i, fragment) in fragments.iter_mut().enumerate() {
                let (above, below) = (if i == 0 { 7.0 } else { 0.0 }, if i + 1 == count { 7.0 } else { 0.0 });
                let height = fragment.height + above + below;
                let shapes =
                    vec![Shape::rectangle(0.0, 0.0, self.width, height, ground), Shape::rectangle(0.0, 0.0, 3.0, height, bar)];
                let words = std::mem::take(&mut fragment.marks).into_iter().map(|mark| mark.moved(0.0, above));
                fragment.marks = std::iter::once(Mark::artifact(Artifact::Layout, shapes)).chain(words).collect();
                fragment.height = height;
            }
        }
        for fragment in &mut fragments {
            fragment.illustrative = paragraph.illustrative;
        }
        if paragraph.keep_next || paragraph.kind == ParagraphKind::Caption {
            fragments.iter_mut().for_each(|fragment| fragment.keep_next = true);
        }
        fragments
    }

    /// A fragment a line; neither the first nor the last line stands alone on a page.
    fn line_fragments(&mut self, lines: Lines, node: NodeId, x: f32, (before, after): (f32, f32)) -> Vec<Fragment> {
        let count = lines.lines.len();
        let mut open_link = None;
        let mut fragments = Vec::with_capacity(count);
        for (i, line) in lines.lines.into_iter().enumerate() {
            let height = line.height;
            let marks = self.line_marks(&[line], node, x, 0.0, &mut open_link);
            let keep_next = i + 1 < count && (i == 0 || i + 2 == count);
            let before = if i == 0 { before } else { 0.0 };
            let after = if i + 1 == count { after } else { 0.0 };
            fragments.push(Fragment { before, height, after, keep_next, ..self.fragment(marks) });
        }
        fragments
    }

    pub fn list(&mut self, list: &List, parent: NodeId, depth: usize) -> Vec<Fragment> {
        const INDENT: f32 = 16.0;
        let style = self.style(self.look.text.body, false, self.look.colours.text);
        // However deep a list is, half the column is left for its words.
        let left = (INDENT * depth as f32).min(self.width / 2.0);
        let numbering = if list.ordered { Numbering::Decimal } else { Numbering::Disc };
        let node = self.tree.add(parent, Role::List(numbering));
        let mut fragments = Vec::new();
        for (i, Item { runs, inner }) in list.items.iter().enumerate() {
            let item = self.tree.add(node, Role::ListItem);
            let label = self.tree.add(item, Role::Label);
            let body = self.tree.add(item, Role::ListBody);
            let sign = match (list.ordered, depth) {
                (true, _) => format!("{}.", i + 1),
                (false, 0) => "•".to_owned(),
                (false, _) => "–".to_owned(),
            };
            let sign = self.shaper.set(&[Run::text(sign)], style, INDENT);
            let lines = self.shaper.set(runs, style, self.width - left - INDENT);
            let mut item_fragments = self.line_fragments(lines, body, left + INDENT, (2.0, 3.0));
            if let Some(first) = item_fragments.first_mut() {
                let mut marks = self.line_marks(&sign.lines, label, left + 2.0, 0.0, &mut None);
                marks.append(&mut first.marks);
                first.marks = marks;
            }
            // Neither the first nor the last item stands alone on a page, nor an item apart from those below it.
            if let Some(last) = item_fragments.last_mut() {
                let count = list.items.len();
                last.keep_next = inner.is_some() || i + 1 < count && (i == 0 || i + 2 == count);
            }
            fragments.extend(item_fragments);
            if let Some(inner) = inner.as_ref().filter(|inner| !inner.items.is_empty()) {
                fragments.extend(self.list(inner, body, depth + 1));
            }
        }
        if depth == 0
            && let Some(last) = fragments.last_mut()
        {
            last.keep_next = false;
        }
        fragments
    }
}
