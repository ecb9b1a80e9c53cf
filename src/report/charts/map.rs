//! Areas where they lie, each with its figure, on a ground for how it stands beside the comparator.

use super::marks::{LABEL, LINE_STEP};
use tagged_document::drawing::{Drawing, Setter};
use tagged_document::look::{Colour, Look};
use tagged_document::shapes::{Position, Shape};

#[derive(Debug, Clone, PartialEq)]
pub struct MapChart {
    /// In the order of the list beside it, by whose numbers they are marked.
    pub areas: Vec<MapArea>,
    /// The grounds in use, each with its words.
    pub key: Vec<(&'static str, String)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct MapArea {
    pub name: String,
    /// Its figure with the letter of its comparison.
    pub label: String,
    /// The name of a ground of the look; none without a comparison.
    pub ground: Option<&'static str>,
    /// Longitudes and latitudes, in degrees.
    pub rings: Vec<Vec<(f64, f64)>>,
}

/// No map is higher, in points.
const HIGHEST: f32 = 250.0;
const SQUARE: f32 = 9.0;
/// The share of the width from which on the key and the list of areas stand.
const LIST_AT: f32 = 0.5;
/// Narrower than this it stands below the map.
const NARROW: f32 = 360.0;

/// From degrees to the page: at this size a map of one region may take a degree of longitude to be as long everywhere.
struct Projection {
    west: f64,
    north: f64,
    /// Points to a degree of latitude.
    scale: f64,
    /// How long a degree of longitude is beside one of latitude.
    narrow: f64,
}

impl Projection {
    fn of(areas: &[MapArea], width: f32) -> Option<(Self, f32)> {
        let points = || areas.iter().flat_map(|area| &area.rings).flatten();
        let (west, east) = points().fold((f64::MAX, f64::MIN), |(low, high), (x, _)| (low.min(*x), high.max(*x)));
        let (south, north) = points().fold((f64::MAX, f64::MIN), |(low, high), (_, y)| (low.min(*y), high.max(*y)));
        if west >= east || south >= north {
            return None;
        }
        let narrow = ((south + north) / 2.0).to_radians().cos().max(0.01);
        let scale = (f64::from(width) / ((east - west) * narrow)).min(f64::from(HIGHEST) / (north - south));
        let height = ((north - south) * scale) as f32;
        Some((Projection { west, north, scale, narrow }, height))
    }

    fn place(&self, (x, y): (f64, f64)) -> Position {
        (((x - self.west) * self.narrow * self.scale) as f32, ((self.north - y) * self.scale) as f32)
    }
}

/// One area on the page, ring by ring.
type Outline = Vec<Vec<Position>>;

impl MapChart {
    pub(super) fn draw(&self, width: f32, look: &Look, set: &mut Setter<'_>) -> Drawing {
        // On a narrow chart the key and the list have room below the map only.
        let is_beside = width >= NARROW;
        let (left, room) = if is_beside { (width * LIST_AT, width * LIST_AT) } else { (0.0, width) };
        let Some((projection, height)) = Projection::of(&self.areas, room) else {
            return super::marks::without_figures(look, set);
        };
        let placed = |ring: &Vec<(f64, f64)>| ring.iter().map(|point| projection.place(*point)).collect();
        let outlines: Vec<Outline> = self.areas.iter().map(|area| area.rings.iter().map(placed).collect()).collect();
        let mut shapes = self.grounds(&outlines, look);
        shapes.extend(self.labels(&outlines, look, set));
        let top = if is_beside { 4.0 } else { height + 10.0 };
        let key_ends = self.key_at((left, top), look, set, &mut shapes);
        let list_ends = self.list_at((left, key_ends + LINE_STEP), look, set, &mut shapes);
        Drawing { height: height.max(list_ends) + 6.0, shapes }
    }

    fn grounds(&self, outlines: &[Outline], look: &Look) -> Vec<Shape> {
        let mut shapes = Vec::new();
        for (area, rings) in self.areas.iter().zip(outlines) {
            let colour = area.ground.and_then(|name| look.ground(name)).unwrap_or(Colour::WHITE);
            for ring in rings {
                shapes.push(Shape::Fill { points: ring.clone(), colour });
                let points = ring.iter().chain(ring.first()).copied().collect();
                shapes.push(Shape::Line { points, width: 0.8, colour: look.colours.quiet, dash: Vec::new() });
            }
        }
        shapes
    }

    /// The words over all outlines, those of large areas first: number, name and figure, or as much of it as has room.
    fn labels(&self, outlines: &[Outline], look: &Look, set: &mut Setter<'_>) -> Vec<Shape> {
        let mut largest: Vec<(usize, &Vec<Position>)> = outlines
            .iter()
            .enumerate()
            .filter_map(|(at, rings)| Some((at, rings.iter().max_by(|a, b| size(a).total_cmp(&size(b)))?)))
            .collect();
        largest.sort_by(|(_, a), (_, b)| size(b).total_cmp(&size(a)));
        let mut shapes = Vec::new();
        let mut taken: Vec<Taken> = Vec::new();
        for (at, ring) in largest {
            let (Some((x, y)), area) = (middle(ring), &self.areas[at]) else { continue };
            // As wide as it is at the height of both lines.
            let reaches = [-0.5, 0.5].map(|line| across(ring, (x, y + line * LINE_STEP)).unwrap_or((x, x)));
            let (west, east) = reaches.into_iter().fold((f32::MIN, f32::MAX), |(w, e), (west, east)| (w.max(west), e.min(east)));
            let x = if west < east { (west + east) / 2.0 } else { x };
            let number = (at + 1).to_string();
            let named = format!("{number} {}", area.name);
            for lines in [vec![named.as_str(), &area.label], vec![number.as_str(), &area.label], vec![number.as_str()]] {
                let texts: Vec<_> = lines.iter().map(|words| set(words, LABEL, true, look.colours.text)).collect();
                let wide = texts.iter().map(|text| text.width()).fold(0.0, f32::max);
                let top = y - LINE_STEP * texts.len() as f32 / 2.0;
                let here = Taken { x: (x - wide / 2.0, x + wide / 2.0), y: (top, top + LINE_STEP * texts.len() as f32) };
                // The number stands there in any case.
                if lines.len() > 1 && (wide > east - west || taken.iter().any(|other| other.meets(&here))) {
                    continue;
                }
                taken.push(here);
                for (i, text) in texts.into_iter().enumerate() {
                    let at = (x - text.width() / 2.0, top + LABEL * 0.95 + i as f32 * LINE_STEP);
                    shapes.push(Shape::Text { at, text });
                }
                break;
            }
        }
        shapes
    }

    /// What each ground means. Gives where it ends.
    fn key_at(&self, (left, top): Position, look: &Look, set: &mut Setter<'_>, shapes: &mut Vec<Shape>) -> f32 {
        let mut y = top;
        for (ground, words) in &self.key {
            let colour = look.ground(ground).unwrap_or(Colour::WHITE);
            shapes.push(Shape::rectangle(left, y, SQUARE, SQUARE, colour));
            let edge = vec![(left, y), (left + SQUARE, y), (left + SQUARE, y + SQUARE), (left, y + SQUARE), (left, y)];
            shapes.push(Shape::Line { points: edge, width: 0.6, colour: look.colours.quiet, dash: Vec::new() });
            let text = set(words, LABEL, false, look.colours.text);
            shapes.push(Shape::Text { at: (left + SQUARE + 5.0, y + LABEL * 0.95), text });
            y += LINE_STEP + 5.0;
        }
        y
    }

    /// Every area by its number. Gives where the list ends.
    fn list_at(&self, (left, mut y): Position, look: &Look, set: &mut Setter<'_>, shapes: &mut Vec<Shape>) -> f32 {
        for (at, area) in self.areas.iter().enumerate() {
            let text = set(&format!("{}  {}  {}", at + 1, area.label, area.name), LABEL, false, look.colours.text);
            shapes.push(Shape::Text { at: (left, y + LABEL * 0.95), text });
            y += LINE_STEP + 2.0;
        }
        y
    }
}

/// Where words stand already.
struct Taken {
    x: (f32, f32),
    y: (f32, f32),
}

impl Taken {
    fn meets(&self, other: &Taken) -> bool {
        let within = |a: (f32, f32), b: (f32, f32)| a.0 < b.1 && b.0 < a.1;
        within(self.x, other.x) && within(self.y, other.y)
    }
}

/// From where to where a ring reaches at the height of a point, on both sides of it; none where the point is outside.
fn across(ring: &[Position], (x, y): Position) -> Option<(f32, f32)> {
    let sides = ring.iter().zip(ring.iter().cycle().skip(1));
    let crossed = sides.filter(|(a, b)| (a.1 > y) != (b.1 > y)).map(|(a, b)| a.0 + (y - a.1) / (b.1 - a.1) * (b.0 - a.0));
    let (mut west, mut east) = (f32::NEG_INFINITY, f32::INFINITY);
    for at in crossed {
        if at <= x {
            west = west.max(at);
        } else {
            east = east.min(at);
        }
    }
    (west.is_finite() && east.is_finite()).then_some((west, east))
}

/// Twice the area of a ring, without its sign.
fn size(ring: &[Position]) -> f32 {
    cross(ring).map(|(_, _, cross)| cross).sum::<f32>().abs()
}

/// The middle of its area; of a ring without one, of its points.
fn middle(ring: &[Position]) -> Option<Position> {
    let twice: f32 = cross(ring).map(|(_, _, cross)| cross).sum();
    if twice.abs() < f32::EPSILON {
        return ring.first().copied();
    }
    let (x, y) = cross(ring).fold((0.0, 0.0), |(x, y), (a, b, cross)| (x + (a.0 + b.0) * cross, y + (a.1 + b.1) * cross));
    Some((x / (3.0 * twice), y / (3.0 * twice)))
}

/// Each side with its part of twice the area.
fn cross(ring: &[Position]) -> impl Iterator<Item = (Position, Position, f32)> {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| (*a, *b, a.0 * b.1 - b.0 * a.1))
}
