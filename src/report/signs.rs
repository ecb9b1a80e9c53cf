//! The signs of the statuses: shapes that differ without their colours; and the icons of control charts beside them.

use super::icons::{Icon, icon};
use super::theme::Theme;
use crate::evaluate::Status;
use std::sync::Arc;
use tagged_document::look::{Colour, Sign, SignSize};
use tagged_document::model::{Inline, Run, Tone};
use tagged_document::shapes::{Position, Shape, circle};

/// A status's sign in a square of `size` points whose top left corner is at `(x, y)`.
fn sign(status: Status, (x, y): Position, size: f32, colour: Colour) -> Vec<Shape> {
    let at = |fx: f32, fy: f32| (x + fx * size, y + fy * size);
    let centre = at(0.5, 0.5);
    let ink =
        |points: Vec<Position>, width: f32, colour: Colour| Shape::Line { points, width: width * size, colour, dash: Vec::new() };
    let tick = |colour| ink(vec![at(0.27, 0.52), at(0.44, 0.68), at(0.74, 0.33)], 0.12, colour);
    match status {
        Status::Achieved => vec![Shape::disc(centre, size * 0.48, colour), tick(Colour::WHITE)],
        Status::AchievedLate => vec![ink(circle(centre, size * 0.43), 0.1, colour), tick(colour)],
        Status::OnTrack => vec![
            Shape::disc(centre, size * 0.48, colour),
            ink(vec![at(0.24, 0.5), at(0.7, 0.5)], 0.11, Colour::WHITE),
            ink(vec![at(0.5, 0.28), at(0.73, 0.5), at(0.5, 0.72)], 0.11, Colour::WHITE),
        ],
        Status::AtRisk => vec![
            Shape::Fill { points: vec![at(0.5, 0.02), at(1.0, 0.93), at(0.0, 0.93)], colour },
            ink(vec![at(0.5, 0.34), at(0.5, 0.64)], 0.11, Colour::WHITE),
            Shape::disc(at(0.5, 0.78), size * 0.065, Colour::WHITE),
        ],
        Status::OffTrack => vec![
            Shape::rectangle(x + 0.04 * size, y + 0.04 * size, 0.92 * size, 0.92 * size, colour),
            ink(vec![at(0.28, 0.28), at(0.72, 0.72)], 0.12, Colour::WHITE),
            ink(vec![at(0.72, 0.28), at(0.28, 0.72)], 0.12, Colour::WHITE),
        ],
        Status::NotYetDue => {
            vec![
                ink(circle(centre, size * 0.43), 0.1, colour),
                ink(vec![at(0.5, 0.24), at(0.5, 0.52), at(0.68, 0.62)], 0.1, colour),
            ]
        }
        Status::NoFigure => vec![
            ink(vec![at(0.08, 0.08), at(0.92, 0.08), at(0.92, 0.92), at(0.08, 0.92), at(0.08, 0.08)], 0.1, colour),
            ink(vec![at(0.28, 0.5), at(0.72, 0.5)], 0.1, colour),
        ],
        Status::NoTargetSet => vec![
            ink(circle(centre, size * 0.43), 0.1, colour),
            ink(circle(centre, size * 0.2), 0.1, colour),
            ink(vec![at(0.12, 0.88), at(0.88, 0.12)], 0.09, colour),
        ],
        Status::CannotBeJudged => vec![
            ink(vec![at(0.5, 0.02), at(0.98, 0.5), at(0.5, 0.98), at(0.02, 0.5), at(0.5, 0.02)], 0.1, colour),
            ink(vec![at(0.32, 0.43), at(0.68, 0.43)], 0.09, colour),
            ink(vec![at(0.32, 0.58), at(0.68, 0.58)], 0.09, colour),
        ],
    }
}

/// The character that is nearest to a status's sign.
fn character(status: Status) -> &'static str {
    match status {
        Status::Achieved => "\u{2714}",
        Status::AchievedLate => "\u{2713}",
        Status::OnTrack => "\u{25cf}",
        Status::AtRisk => "\u{25b2}",
        Status::OffTrack => "\u{2716}",
        Status::NotYetDue => "\u{25d4}",
        Status::NoFigure => "\u{25a1}",
        Status::NoTargetSet => "\u{25cb}",
        Status::CannotBeJudged => "\u{25c7}",
    }
}

/// Every sign of a pack: those of the statuses and the icons.
pub fn all(theme: &Theme) -> Vec<Sign> {
    let statuses = Status::ALL.map(|status| {
        let own = theme.status(status);
        let draw = move |at: Position, size: f32, ink: Option<Colour>| sign(status, at, size, ink.unwrap_or(own));
        Sign { name: status.code(), size: SignSize::Letter, text: character(status), draw: Arc::new(draw) }
    });
    let icons = Icon::ALL.map(|of| {
        let colours = theme.variation;
        let draw = move |at: Position, size: f32, _: Option<Colour>| icon(of, at, size, &colours);
        Sign { name: of.name(), size: SignSize::Line, text: "", draw: Arc::new(draw) }
    });
    statuses.into_iter().chain(icons).collect()
}

/// A status as its sign and its word.
pub fn status(status: Status) -> Vec<Run> {
    let tone = Tone::Named(status.code());
    vec![
        Run { inline: Inline::Sign(status.code()), tone, ..Run::default() },
        // A no-break space: the sign and its word stay on one line.
        Run { tone, bold: true, ..Run::text(format!("\u{a0}{}", status.label().replace(' ', "\u{a0}"))) },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_differ_without_colour() {
        let signs = all(&Theme::built_in().unwrap());
        let outline = |sign: &Sign| {
            let shapes = (sign.draw)((0.0, 0.0), 16.0, Some(Colour::WHITE));
            let points = shapes.into_iter().map(|shape| match shape {
                Shape::Line { points, .. } | Shape::Fill { points, .. } => points,
                Shape::Text { .. } => Vec::new(),
            });
            points.collect::<Vec<_>>()
        };
        for (i, sign) in signs.iter().enumerate() {
            assert!(signs[..i].iter().all(|other| other.name != sign.name && outline(other) != outline(sign)), "{sign:?}");
            let is_of_status = sign.size == SignSize::Letter;
            assert!(!is_of_status || signs[..i].iter().all(|other| other.text != sign.text), "{sign:?}: {:?}", sign.text);
        }
        for of in Status::ALL {
            assert!(signs.iter().any(|sign| sign.name == of.code()));
            let words: String =
                status(of).iter().map(|run| tagged_document::model::plain_text(std::slice::from_ref(run))).collect();
            assert_eq!(words, of.label());
        }
    }
}
