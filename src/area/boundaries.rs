//! Where areas lie: their outlines, read from `boundaries.geojson` (RFC 7946).

use super::code::AreaCode;
use crate::fault::Fault;
use serde::Deserialize;
use std::collections::BTreeMap;

/// More points than this are no simplified outlines, and would make a pack of megabytes.
const MOST_POINTS: usize = 100_000;

/// A closed line of longitudes and latitudes, in degrees.
pub type Ring = Vec<(f64, f64)>;

/// The outlines of areas.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Boundaries {
    /// The outer rings of each area.
    rings: BTreeMap<AreaCode, Vec<Ring>>,
    /// What must be said beside a map.
    pub licence: String,
}

#[derive(Deserialize)]
struct Collection {
    #[serde(default)]
    licence: String,
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    properties: Properties,
    geometry: Geometry,
}

#[derive(Deserialize)]
struct Properties {
    code: AreaCode,
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometry {
    Polygon(Vec<Vec<Vec<f64>>>),
    MultiPolygon(Vec<Vec<Vec<Vec<f64>>>>),
}

impl Boundaries {
    /// Reads a collection of polygons, each with the code of its area as the property `code`; `place` names the file in any fault.
    /// Holes are left out.
    ///
    /// # Errors
    /// What is no such collection, an area given twice, a point that is no longitude and latitude, or more points than a page has use for.
    pub fn parse(text: &str, place: &str) -> Result<Self, Fault> {
        let remedy = "give a FeatureCollection of Polygon or MultiPolygon features, each with the property \"code\", in degrees";
        let wrong = |problem: String| Fault::new(place, problem, remedy);
        let read: Collection = serde_json::from_str(text).map_err(|e| wrong(format!("cannot be read as outlines: {e}")))?;
        let mut boundaries = Boundaries { licence: read.licence.trim().to_owned(), ..Self::default() };
        let mut points = 0;
        for Feature { properties: Properties { code }, geometry } in read.features {
            let polygons = match geometry {
                Geometry::Polygon(polygon) => vec![polygon],
                Geometry::MultiPolygon(polygons) => polygons,
            };
            if boundaries.rings.contains_key(&code) {
                let remedy = "give one feature an area: a MultiPolygon where it has several outlines";
                return Err(Fault::new(place, format!("gives the area {code} twice"), remedy));
            }
            for outer in polygons.into_iter().filter_map(|rings| rings.into_iter().next()) {
                let ring: Option<Ring> = outer.iter().map(|point| degrees(point)).collect();
                let ring = ring.ok_or_else(|| wrong(format!("a point of {code} is no longitude and latitude")))?;
                points += ring.len();
                boundaries.rings.entry(code.clone()).or_default().push(ring);
            }
        }
        if boundaries.licence.is_empty() {
            return Err(Fault::new(place, "has no licence, which maps name", "add \"licence\" beside \"features\""));
        }
        if points > MOST_POINTS {
            let problem = format!("has {points} points, and {MOST_POINTS} are allowed");
            return Err(Fault::new(place, problem, "simplify the outlines: a page shows no more than some 100 metres"));
        }
        Ok(boundaries)
    }

    /// The outer rings of an area; none where they are not known.
    pub fn rings(&self, code: &AreaCode) -> Option<&[Ring]> {
        self.rings.get(code).map(Vec::as_slice)
    }
}

fn degrees(point: &[f64]) -> Option<(f64, f64)> {
    match point {
        [x, y, ..] if x.abs() <= 180.0 && y.abs() <= 90.0 => Some((*x, *y)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::Assets;

    #[test]
    fn built_in_outlines_are_those_of_the_districts() {
        let text = Assets::config(None).read_text("boundaries.geojson").unwrap();
        let read = Boundaries::parse(&text, "boundaries.geojson").unwrap();
        assert_eq!(read.rings.len(), 8);
        assert!(read.rings(&AreaCode::new("E06000018").unwrap()).unwrap()[0].len() > 100);
        assert!(read.licence.contains("Crown copyright"));
    }

    #[test]
    fn what_is_no_outline_is_refused_with_its_area() {
        let with = |point: &str| {
            format!(
                "{{\"licence\": \"Ours\", \"features\": [{{\"properties\": {{\"code\": \"A1\"}}, \"geometry\": {{\"type\": \"Polygon\", \"coordinates\": [[{point}]]}}}}]}}"
            )
        };
        let told = |text: &str| Boundaries::parse(text, "boundaries.geojson").unwrap_err().to_string();
        assert!(told(&with("[200, 1]")).starts_with("boundaries.geojson: a point of A1 is no longitude and latitude"));
        assert!(told("[]").starts_with("boundaries.geojson: cannot be read as outlines"));
        let twice = with("[1, 1]").replace("\"features\": [", "\"features\": [{\"properties\": {\"code\": \"A1\"}, \"geometry\": {\"type\": \"Polygon\", \"coordinates\": [[[0, 0]]]}}, ");
        assert!(told(&twice).starts_with("boundaries.geojson: gives the area A1 twice"), "{}", told(&twice));
        assert!(told(&with(&vec!["[1, 1]"; MOST_POINTS + 1].join(","))).contains("has 100001 points"));
    }
}
