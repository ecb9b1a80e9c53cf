//! Pictures from PNG files.

use super::context::LayoutContext;
use super::fragment::Fragment;
use crate::Problem;
use crate::canvas::Mark;
use crate::colour::Colour;
use crate::model::{Paragraph, ParagraphKind, Picture, Run};
use crate::pictures::decode;
use crate::tags::{NodeId, Role};
use std::sync::Arc;

const POINTS: f32 = 72.0 / 25.4;

/// The picture, no wider than the column and no higher than half of it; its words where it cannot be read.
pub fn fragments(context: &mut LayoutContext<'_, '_>, picture: &Picture, parent: NodeId) -> Vec<Fragment> {
    let ground = if context.on_band { context.look.colours.brand } else { Colour::WHITE };
    let raster = match decode(&picture.png, ground) {
        Ok(raster) => raster,
        Err(problem) => {
            let place = context.place.to_string();
            context.warnings.push(Problem::new(
                place,
                format!("a picture cannot be read: {problem}"),
                "save it as a PNG file again",
            ));
            let runs = vec![Run::text(&picture.alternative)];
            let words = Paragraph { kind: ParagraphKind::Small, runs, keep_next: false, illustrative: false };
            return context.paragraph(&words, parent);
        }
    };
    let shape = raster.height as f32 / raster.width as f32;
    let width = (picture.width.max(1.0) * POINTS).min(context.width).min(context.height / 2.0 / shape);
    let height = width * shape;
    let area = [0.0, 0.0, width, height];
    let role = Role::Figure { alternative: picture.alternative.clone(), place: None, inline: false };
    let node = context.tree.add(parent, role);
    let mark = Mark { figure: Some(area), picture: Some((Arc::new(raster), area)), ..Mark::node(node, Vec::new()) };
    vec![Fragment { before: 4.0, height, after: 6.0, ..context.fragment(vec![mark]) }]
}
