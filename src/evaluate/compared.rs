//! A figure beside others than the comparator: the region's, and those of the area's named nearest neighbours. A
//! comparison names with whom it is made.

use crate::area::{AreaCode, Areas};
use crate::collect::Distribution;
use crate::period::Period;
use crate::value::{Limits, Polarity};
use indicator_stats::Comparison;
use indicator_stats::comparison::single;
use serde::{Deserialize, Serialize};

/// The figure of the region, or of another area that is shown beside it, of the same period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OtherAreaFigure {
    /// The region's name.
    pub region: String,
    /// In the measure's unit.
    pub value: f64,
    /// By the area's own 95% limits; the region is taken as without error.
    pub comparison: Comparison,
}

/// Where the area stands among itself and its nearest neighbours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RankAmongNeighbours {
    /// By what likeness they are near: `Global`.
    pub model: String,
    /// 1 is the most favourable; without a polarity the highest. Areas with the same figure share the lowest.
    pub rank: usize,
    /// The area and those of its neighbours that have a figure.
    pub of: usize,
    /// Neighbours without one.
    pub without_figure: usize,
    /// False where no direction is good.
    pub by_favour: bool,
    /// The mean of the neighbours' figures, each counted once, in the measure's unit; none where that would tell a figure that is
    /// not shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
}

impl OtherAreaFigure {
    pub(super) fn of(region: &str, theirs: f64, value: f64, limits: Option<Limits>, polarity: Polarity) -> Self {
        let comparison = single(Some(value), limits, Some(theirs), polarity);
        Self { region: region.to_owned(), value: theirs, comparison }
    }

    /// `East Midlands: 60.1, worse`: its figure as it was given, and how the area's own stands beside it.
    pub fn in_short(&self) -> String {
        let word = match self.comparison {
            Comparison::Better => "better",
            Comparison::Similar => "similar",
            Comparison::Worse => "worse",
            Comparison::Higher => "higher",
            Comparison::Lower => "lower",
            Comparison::NotCompared => "not compared",
        };
        format!("{}: {}, {word}", self.region, self.value)
    }
}

impl RankAmongNeighbours {
    /// None where no neighbours are named, or the distribution is of another period or lacks the area or all of them.
    pub(super) fn of(
        areas: &Areas,
        area: &AreaCode,
        period: Period,
        distribution: &Distribution,
        polarity: Polarity,
    ) -> Option<Self> {
        let neighbours = areas.neighbours(area).filter(|_| distribution.period == period)?;
        let own = distribution.value(area)?;
        let theirs: Vec<f64> = neighbours.of.iter().filter_map(|neighbour| distribution.value(&neighbour.code)).collect();
        if theirs.is_empty() {
            return None;
        }
        let sign = if polarity == Polarity::Low { -1.0 } else { 1.0 };
        let better = theirs.iter().filter(|other| sign * (**other - own) > 0.0).count();
        Some(Self {
            model: neighbours.model.clone(),
            rank: better + 1,
            of: theirs.len() + 1,
            without_figure: neighbours.of.len() - theirs.len(),
            by_favour: polarity != Polarity::None,
            mean: Some(theirs.iter().sum::<f64>() / theirs.len() as f64),
        })
    }

    /// `rank 3 of 19 among itself and its nearest neighbours (global model), 1 the most favourable`.
    pub fn in_words(&self) -> String {
        let end = if self.by_favour { "the most favourable" } else { "the highest" };
        let without = match self.without_figure {
            0 => String::new(),
            n => format!("; {n} of them without a figure"),
        };
        let model = self.model.to_lowercase();
        format!(
            "rank {} of {} among itself and its nearest neighbours ({model} model), 1 being {end}{without}",
            self.rank, self.of
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::Areas;
    use crate::figure::Provenance;
    use crate::framework::MeasureId;
    use crate::period::YearKind;
    use crate::value::Sex;

    fn among(figures: &[(&str, f64)], polarity: Polarity) -> Option<RankAmongNeighbours> {
        let areas = "area = [{ code = \"A\", name = \"Ashby\", kind = \"district\" }]";
        let neighbours = "[[neighbours]]\narea = \"A\"\nmodel = \"Global\"\nsource = \"a model\"\n\
             of = [{ code = \"B\", name = \"Barton\" }, { code = \"C\", name = \"Corby\" }, { code = \"D\", name = \"Derwent\" }]";
        let areas = Areas::parse(areas, "areas.toml").unwrap().with_neighbours(neighbours, "neighbours.toml").unwrap();
        let code = |code: &str| AreaCode::new(code).unwrap();
        let period = Period::year(YearKind::Financial, 2024);
        let distribution = Distribution {
            measure: MeasureId("m".into()),
            period,
            sex: Sex::Persons,
            age: String::new(),
            area_types: vec!["District".into()],
            values: figures.iter().map(|(area, value)| (code(area), *value)).collect(),
            without_figure: 0,
            provenance: Provenance::Cell {
                partner: "p".into(),
                file: "f".into(),
                sha256: "0".into(),
                sheet: "s".into(),
                cell: "A1".into(),
                by: String::new(),
            },
        };
        RankAmongNeighbours::of(&areas, &code("A"), period, &distribution, polarity)
    }

    #[test]
    fn areas_are_ranked_among_neighbours_only() {
        let figures = [("A", 5.0), ("B", 4.0), ("C", 6.0), ("Z", 1.0)];
        let low = among(&figures, Polarity::Low).unwrap();
        assert_eq!((low.rank, low.of, low.without_figure), (2, 3, 1));
        assert_eq!(
            low.in_words(),
            "rank 2 of 3 among itself and its nearest neighbours (global model), 1 being the most favourable; 1 of them without a figure"
        );
        assert_eq!(among(&figures, Polarity::High).unwrap().rank, 2);
        assert_eq!(among(&[("A", 5.0), ("Z", 1.0)], Polarity::Low), None);
        assert_eq!(among(&[("B", 4.0)], Polarity::Low), None);
    }
}
