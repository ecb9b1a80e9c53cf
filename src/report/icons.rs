//! The icons of "Making Data Count": how a measure varies, and whether its process will meet its target.
//! Drawn with letters of lines, since no type is at hand; told apart by outline and letter as well as by colour.

use super::theme::VariationColours;
use indicator_stats::spc::{Assurance, Variation};
use tagged_document::look::Colour;
use tagged_document::shapes::{Position, Shape, circle};

/// An icon of a control chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Variation(Variation),
    Assurance(Assurance),
}

impl Icon {
    pub const ALL: [Icon; 10] = [
        Icon::Variation(Variation::CommonCause),
        Icon::Variation(Variation::ImprovementHigh),
        Icon::Variation(Variation::ImprovementLow),
        Icon::Variation(Variation::ConcernHigh),
        Icon::Variation(Variation::ConcernLow),
        Icon::Variation(Variation::NeutralHigh),
        Icon::Variation(Variation::NeutralLow),
        Icon::Assurance(Assurance::Pass),
        Icon::Assurance(Assurance::Fail),
        Icon::Assurance(Assurance::HitAndMiss),
    ];

    /// By which text names its sign.
    pub fn name(self) -> &'static str {
        match self {
            Icon::Variation(Variation::CommonCause) => "common-cause",
            Icon::Variation(Variation::ImprovementHigh) => "improvement-high",
            Icon::Variation(Variation::ImprovementLow) => "improvement-low",
            Icon::Variation(Variation::ConcernHigh) => "concern-high",
            Icon::Variation(Variation::ConcernLow) => "concern-low",
            Icon::Variation(Variation::NeutralHigh) => "neutral-high",
            Icon::Variation(Variation::NeutralLow) => "neutral-low",
            Icon::Assurance(Assurance::Pass) => "pass",
            Icon::Assurance(Assurance::Fail) => "fail",
            Icon::Assurance(Assurance::HitAndMiss) => "hit-and-miss",
        }
    }
}

/// An icon in a square of `size` points whose top left corner is at `(x, y)`.
///
/// Variation: a disc for improvement, a diamond for concern, a ring where no direction is good, each with H or L; a wave in a ring
/// for common cause. Assurance: a square with P for pass, a shield with F for fail, an open square with a question mark between.
pub fn icon(icon: Icon, (x, y): Position, size: f32, colours: &VariationColours) -> Vec<Shape> {
    let pen = Pen { x, y, size };
    match icon {
        Icon::Variation(variation) => match variation {
            Variation::ImprovementHigh => pen.on(pen.disc(), colours.improvement, HIGH),
            Variation::ImprovementLow => pen.on(pen.disc(), colours.improvement, LOW),
            Variation::ConcernHigh => pen.on(pen.outline(&DIAMOND), colours.concern, HIGH),
            Variation::ConcernLow => pen.on(pen.outline(&DIAMOND), colours.concern, LOW),
            Variation::NeutralHigh => pen.within(pen.ring(), colours.neutral, HIGH),
            Variation::NeutralLow => pen.within(pen.ring(), colours.neutral, LOW),
            Variation::CommonCause => pen.within(pen.ring(), colours.common, &[&WAVE]),
        },
        Icon::Assurance(assurance) => match assurance {
            Assurance::Pass => pen.on(pen.outline(&SQUARE), colours.improvement, PASS),
            Assurance::Fail => pen.on(pen.outline(&SHIELD), colours.concern, FAIL),
            Assurance::HitAndMiss => {
                let mut shapes = pen.within(pen.closed(&OPEN_SQUARE), colours.common, &[&HOOK]);
                shapes.push(Shape::disc(pen.at((0.5, 0.75)), size * 0.065, colours.common));
                shapes
            }
        },
    }
}

/// Strokes in shares of the icon's side.
type Strokes = &'static [&'static [Position]];

const HIGH: Strokes = &[&[(0.36, 0.29), (0.36, 0.71)], &[(0.64, 0.29), (0.64, 0.71)], &[(0.36, 0.5), (0.64, 0.5)]];
const LOW: Strokes = &[&[(0.4, 0.28), (0.4, 0.69), (0.66, 0.69)]];
const PASS: Strokes =
    &[&[(0.38, 0.78), (0.38, 0.25), (0.55, 0.25), (0.63, 0.29), (0.66, 0.38), (0.63, 0.47), (0.55, 0.51), (0.38, 0.51)]];
const FAIL: Strokes = &[&[(0.39, 0.72), (0.39, 0.2), (0.65, 0.2)], &[(0.39, 0.44), (0.6, 0.44)]];
const WAVE: [Position; 7] = [(0.2, 0.56), (0.3, 0.4), (0.41, 0.58), (0.5, 0.42), (0.6, 0.6), (0.7, 0.42), (0.8, 0.54)];
const HOOK: [Position; 7] = [(0.36, 0.36), (0.39, 0.27), (0.5, 0.22), (0.61, 0.27), (0.63, 0.37), (0.52, 0.48), (0.5, 0.62)];

const DIAMOND: [Position; 4] = [(0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5)];
const SQUARE: [Position; 8] =
    [(0.14, 0.04), (0.86, 0.04), (0.96, 0.14), (0.96, 0.86), (0.86, 0.96), (0.14, 0.96), (0.04, 0.86), (0.04, 0.14)];
const OPEN_SQUARE: [Position; 8] =
    [(0.16, 0.08), (0.84, 0.08), (0.92, 0.16), (0.92, 0.84), (0.84, 0.92), (0.16, 0.92), (0.08, 0.84), (0.08, 0.16)];
const SHIELD: [Position; 7] = [(0.06, 0.02), (0.94, 0.02), (0.94, 0.5), (0.78, 0.78), (0.5, 0.99), (0.22, 0.78), (0.06, 0.5)];

const STROKE: f32 = 0.1;
const OUTLINE: f32 = 0.08;

struct Pen {
    x: f32,
    y: f32,
    size: f32,
}

impl Pen {
    fn at(&self, (fx, fy): Position) -> Position {
        (self.x + fx * self.size, self.y + fy * self.size)
    }

    fn outline(&self, points: &[Position]) -> Vec<Position> {
        points.iter().map(|spot| self.at(*spot)).collect()
    }

    fn closed(&self, points: &[Position]) -> Vec<Position> {
        points.iter().chain(points.first()).map(|spot| self.at(*spot)).collect()
    }

    fn disc(&self) -> Vec<Position> {
        circle(self.at((0.5, 0.5)), self.size * 0.48)
    }

    fn ring(&self) -> Vec<Position> {
        circle(self.at((0.5, 0.5)), self.size * 0.44)
    }

    fn strokes(&self, strokes: &[&[Position]], colour: Colour) -> impl Iterator<Item = Shape> {
        strokes.iter().map(move |points| Shape::Line {
            points: self.outline(points),
            width: self.size * STROKE,
            colour,
            dash: Vec::new(),
        })
    }

    /// White strokes on a filled outline.
    fn on(&self, points: Vec<Position>, colour: Colour, strokes: &[&[Position]]) -> Vec<Shape> {
        let mut shapes = vec![Shape::Fill { points, colour }];
        shapes.extend(self.strokes(strokes, Colour::WHITE));
        shapes
    }

    /// Strokes within an outline that is not filled.
    fn within(&self, points: Vec<Position>, colour: Colour, strokes: &[&[Position]]) -> Vec<Shape> {
        let mut shapes = vec![Shape::Line { points, width: self.size * OUTLINE, colour, dash: Vec::new() }];
        shapes.extend(self.strokes(strokes, colour));
        shapes
    }
}
