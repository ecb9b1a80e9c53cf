//! The evaluation as it concerns one part of the system, such as a place: the same framework, narrowed to the measures
//! that have a figure for it, each headed by that figure.

use super::ambitions::of_ambition;
use super::from_areas::from_areas;
use super::{Assessment, Evaluation, MeasureAssessment};
use crate::area::{AreaCode, Areas};
use crate::framework::{Framework, Measure, MeasureId, PartsAre};

/// A framework and an evaluation of one part of the system, fit for all that a whole one is fit for.
#[derive(Debug, Clone)]
pub struct AreaSubset {
    /// Its system is the part; ambitions without a figure for the part, and key actions, are not in it. Definitions
    /// of measures are all there.
    pub framework: Framework,
    /// In the order of that framework. Movements are the whole system's, and not in it.
    pub evaluation: Evaluation,
    /// Measures that have no figure for the part, in the order of the whole framework, each once.
    pub without: Vec<MeasureId>,
}

/// What the evaluation, as it may be published, says of one area.
///
/// A measure counts for it by its own figure; where that is not there, by that of the one area it consists of; where it
/// consists of several with figures, by the status in which its median resident lives.
pub fn focus(framework: &Framework, areas: &Areas, evaluation: &Evaluation, area: &AreaCode) -> AreaSubset {
    let mut measures = Vec::new();
    let mut without = Vec::new();
    let mut assessed = evaluation.measures.iter();
    let mut narrowed = framework.clone();
    for ambition in &mut narrowed.ambitions {
        ambition.measures.retain_mut(|aspiration| {
            let found = assessed.next().zip(framework.measure(&aspiration.id));
            let part = found.and_then(|(whole, measure)| of_part(whole, measure, areas, area));
            if part.is_none() && !without.contains(&aspiration.id) {
                without.push(aspiration.id.clone());
            }
            let is_there = part.is_some();
            measures.extend(part);
            if let Some(own) = aspiration.in_area(area) {
                *aspiration = own;
            }
            is_there
        });
    }
    narrowed.ambitions.retain(|ambition| !ambition.measures.is_empty());
    narrowed.actions.clear();
    narrowed.edition.system = area.clone();
    let mut rest = measures.as_slice();
    let mut ambitions = Vec::with_capacity(narrowed.ambitions.len());
    for ambition in &narrowed.ambitions {
        let (own, after) = rest.split_at(ambition.measures.len());
        rest = after;
        ambitions.push(of_ambition(&narrowed, ambition, own));
    }
    let evaluation = Evaluation {
        period: evaluation.period,
        as_at: evaluation.as_at,
        edition: evaluation.edition.clone(),
        interim: evaluation.interim,
        ambitions,
        measures,
        actions: Vec::new(),
        movements: None,
    };
    AreaSubset { framework: narrowed, evaluation, without }
}

fn of_part(whole: &MeasureAssessment, measure: &Measure, areas: &Areas, area: &AreaCode) -> Option<MeasureAssessment> {
    // What organisations gave is about them, and not about the places where they are.
    if measure.parts_are == PartsAre::Organisations {
        return None;
    }
    let parts: &[AreaCode] = areas.get(area).map_or(&[], |area| &area.parts);
    let of = |code: &AreaCode| whole.areas.iter().chain([&whole.headline]).find(|a| a.area == *code && a.latest.is_some());
    let given: Vec<Assessment> = parts.iter().filter_map(of).cloned().collect();
    let breakdowns = whole.breakdowns.iter().filter(|b| b.area == *area || parts.contains(&b.area)).cloned().collect();
    let several = || if parts.len() > 1 { given.clone() } else { Vec::new() };
    let headline = match (of(area), given.as_slice()) {
        (Some(own), _) => own.clone(),
        (None, []) => return None,
        (None, [only]) if parts.len() == 1 => only.clone(),
        (None, [first, ..]) => {
            let judged: Vec<(&AreaCode, Option<&Assessment>)> =
                parts.iter().map(|code| (code, given.iter().find(|a| a.area == *code))).collect();
            from_areas(areas, measure, &judged, &Assessment::without_figure(first.measure.clone(), area.clone()))?
        }
    };
    Some(MeasureAssessment { headline, areas: several(), breakdowns })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::{Flag, SeriesPoint, Status};
    use crate::period::{Period, YearKind};
    use crate::value::Value;

    const AREAS: &str = r#"
        area = [
            { code = "S", name = "System", kind = "system", parts = ["A", "B", "C"] },
            { code = "A", name = "Ashby", kind = "district" },
            { code = "B", name = "Barton", kind = "district" },
            { code = "C", name = "Corby", kind = "district" },
            { code = "P", name = "North", kind = "place", parts = ["A", "B"] },
            { code = "Q", name = "South", kind = "place", parts = ["C"] },
        ]
    "#;

    fn code(code: &str) -> AreaCode {
        AreaCode::new(code).unwrap()
    }

    fn assessment(area: &str, value: f64, status: Status) -> Assessment {
        let latest = SeriesPoint {
            period: Period::year(YearKind::Financial, 2024),
            value: Value::Number(value),
            numerator: None,
            denominator: None,
            limits: None,
            comparator: None,
            illustrative: false,
            sources: Vec::new(),
        };
        Assessment {
            latest: Some(latest),
            status,
            reason: format!("{value} is what it is"),
            ..Assessment::without_figure(MeasureId("m".to_owned()), code(area))
        }
    }

    fn focused(given: Vec<Assessment>, area: &str) -> AreaSubset {
        let config = crate::assets::Assets::config(None);
        let mut framework = crate::framework::load(&config, "2024").unwrap();
        framework.measures.truncate(1);
        framework.measures[0].id = MeasureId("m".to_owned());
        framework.ambitions.truncate(1);
        framework.ambitions[0].measures.truncate(1);
        framework.ambitions[0].measures[0].id = MeasureId("m".to_owned());
        let mut headline = assessment("S", 1.0, Status::OnTrack);
        headline.latest = None;
        let evaluation = Evaluation {
            period: Period::financial_quarter(2026, 2),
            as_at: "2026-11-20".parse().unwrap(),
            edition: "2024".to_owned(),
            interim: false,
            ambitions: Vec::new(),
            measures: vec![MeasureAssessment { headline, areas: given, breakdowns: Vec::new() }],
            actions: Vec::new(),
            movements: None,
        };
        focus(&framework, &Areas::parse(AREAS, "areas.toml").unwrap(), &evaluation, &code(area))
    }

    #[test]
    fn a_parts_own_figure_heads_its_areas() {
        let given = vec![
            assessment("A", 1.0, Status::OffTrack),
            assessment("B", 2.0, Status::OnTrack),
            assessment("P", 1.5, Status::AtRisk),
        ];
        let focus = focused(given, "P");
        let measure = &focus.evaluation.measures[0];
        assert_eq!((measure.headline.area.as_str(), measure.headline.status), ("P", Status::AtRisk));
        assert_eq!(measure.areas.iter().map(|a| a.area.as_str()).collect::<Vec<_>>(), ["A", "B"]);
        assert_eq!(focus.framework.edition.system, code("P"));
        assert!(focus.without.is_empty());
    }

    #[test]
    fn a_single_area_heads_its_part() {
        let focus = focused(vec![assessment("C", 3.0, Status::Achieved), assessment("A", 1.0, Status::OffTrack)], "Q");
        let measure = &focus.evaluation.measures[0];
        assert_eq!((measure.headline.area.as_str(), measure.areas.len()), ("C", 0));
        assert!(!measure.headline.flags.contains(&Flag::ByArea));
    }

    #[test]
    fn parts_without_a_whole_weigh_population() {
        let focus = focused(vec![assessment("A", 1.0, Status::OnTrack), assessment("B", 2.0, Status::OffTrack)], "P");
        let headline = &focus.evaluation.measures[0].headline;
        // Half of the people live where it is off track.
        assert_eq!((headline.area.as_str(), headline.status), ("P", Status::OffTrack));
        assert!(headline.flags.contains(&Flag::ByArea) && headline.latest.is_none());
        assert_eq!(headline.reason, "1 of 2 areas is off track (Barton); 1 of 2 areas is on track (Ashby)");
    }

    #[test]
    fn areas_without_figures_are_named() {
        let focus = focused(vec![assessment("A", 1.0, Status::OnTrack)], "P");
        let headline = &focus.evaluation.measures[0].headline;
        assert!(headline.flags.contains(&Flag::Incomplete));
        assert_eq!(headline.reason, "Not all parts have a figure: only Ashby has one, and Barton has not");
    }

    #[test]
    fn measures_without_figures_are_listed_and_omitted() {
        let focus = focused(vec![assessment("A", 1.0, Status::OnTrack)], "Q");
        assert_eq!(focus.without, [MeasureId("m".to_owned())]);
        assert!(focus.evaluation.measures.is_empty() && focus.framework.ambitions.is_empty());
        assert_eq!(focus.framework.aspirations().count(), 0);
    }
}
