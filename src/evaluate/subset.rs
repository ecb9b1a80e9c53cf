//! The evaluation as it concerns one part of the system, such as a place: the same framework, narrowed to the measures
//! that have a figure for it, each headed by that figure.

use super::ambitions::of_ambition;
use super::from_areas::{from_areas_by, is_adverse_among, judged_share};
use super::wording::format_list;
use super::{AreaStanding, Assessment, ByArea, Evaluation, Flag, MeasureAssessment, NoFigure};
use crate::area::{AreaCode, Areas};
use crate::framework::{Ambition, Framework, Measure, MeasureId, PartsAre, Role};

/// A framework and an evaluation of one part of the system, fit for all that a whole one is fit for.
#[derive(Debug, Clone)]
pub struct AreaSubset {
    /// Its system is the part; ambitions without a figure for the part, supporting measures without one, and key actions are not
    /// in it. Definitions of measures are all there.
    pub framework: Framework,
    /// In the order of that framework. Movements are the whole system's, and not in it.
    pub evaluation: Evaluation,
    /// Measures that have no figure for the part, in the order of the whole framework, each once.
    pub without: Vec<MeasureId>,
}

/// What the evaluation, as it may be published, says of one area.
///
/// A measure counts for it by its own figure; where that is not there, by that of the one area it consists of; where it
/// consists of several with figures, by the status in which its median resident lives. What decides an ambition and has no
/// figure for the area is not judged there, as long as another measure of the ambition has one.
pub fn focus(framework: &Framework, areas: &Areas, evaluation: &Evaluation, area: &AreaCode) -> AreaSubset {
    let mut measures = Vec::new();
    let mut without = Vec::new();
    let (mut narrowed, mut ambitions) = (Vec::new(), Vec::new());
    let mut assessed = evaluation.measures.iter();
    for ambition in &framework.ambitions {
        let each = ambition.measures.iter().map(|aspiration| {
            let found = assessed.next().zip(framework.measure(&aspiration.id));
            (aspiration, found, found.and_then(|(whole, measure)| of_part(whole, measure, areas, area)))
        });
        let each: Vec<_> = each.collect();
        for (aspiration, ..) in each.iter().filter(|(.., part)| part.is_none()) {
            if !without.contains(&aspiration.id) {
                without.push(aspiration.id.clone());
            }
        }
        if each.iter().all(|(.., part)| part.is_none()) {
            continue;
        }
        let (mut kept, mut judged) = (Vec::new(), Vec::new());
        for (aspiration, found, part) in each {
            // One that decides is not judged here, which is not the same as not being there.
            let decides = found.filter(|_| aspiration.role != Role::Supporting);
            let unjudged = || decides.map(|(whole, measure)| not_of_part(whole, measure, areas, area));
            if let Some(assessment) = part.or_else(unjudged) {
                kept.push(aspiration.in_area(area).unwrap_or_else(|| aspiration.clone()));
                judged.push(assessment);
            }
        }
        let own = Ambition { measures: kept, ..ambition.clone() };
        ambitions.push(of_ambition(framework, &own, &judged));
        narrowed.push(own);
        measures.extend(judged);
    }
    let mut narrowed = Framework { ambitions: narrowed, actions: Vec::new(), ..framework.clone() };
    narrowed.edition.system = area.clone();
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
        (Some(own), _) => with_standing(own.clone(), whole, parts, areas),
        (None, []) => return None,
        (None, [only]) if parts.len() == 1 => with_standing(only.clone(), whole, parts, areas),
        // None of them has a figure after the baseline: what is said of the first holds of all.
        (None, [first, ..]) if given.iter().all(|of| of.not_after_baseline && of.reason == first.reason) => Assessment {
            status: first.status,
            reason: first.reason.clone(),
            no_figure: first.no_figure.clone(),
            next_due: first.next_due,
            flags: first.flags.clone(),
            working: first.working.clone(),
            ..Assessment::without_figure(first.measure.clone(), area.clone())
        },
        (None, [first, ..]) => {
            let judged: Vec<(&AreaCode, Option<&Assessment>)> =
                parts.iter().map(|code| (code, given.iter().find(|a| a.area == *code))).collect();
            let own = Assessment::without_figure(first.measure.clone(), area.clone());
            // Where the whole has a figure of its own, an area is still one of all that the measure is made of.
            let of_whole = measure.parts.iter().filter(|part| whole.areas.iter().any(|of| of.area == **part)).count();
            from_areas_by(areas, &judged, &own, &|of, among| match standing_of(whole, &of.area) {
                Some(standing) => standing.is_significantly_adverse,
                None => is_adverse_among(of, measure, among.max(of_whole)),
            })?
        }
    };
    Some(MeasureAssessment { headline, areas: several(), breakdowns })
}

/// How an area stands as one of those that the status of the whole is made from.
fn standing_of<'a>(whole: &'a MeasureAssessment, area: &AreaCode) -> Option<&'a AreaStanding> {
    whole.headline.by_area.as_ref()?.areas.iter().find(|standing| standing.area == *area)
}

/// With what the whole was alerted to of this very area, or of its parts.
fn with_standing(of: Assessment, whole: &MeasureAssessment, parts: &[AreaCode], areas: &Areas) -> Assessment {
    let among = whole.headline.by_area.as_ref().map_or(0, |by_area| by_area.areas.len());
    let own = standing_of(whole, &of.area).into_iter().cloned();
    let of_parts = parts.iter().filter(|code| **code != of.area).filter_map(|code| standing_of(whole, code)).cloned();
    let standings: Vec<AreaStanding> = own.chain(of_parts).collect();
    let adverse: Vec<&str> =
        standings.iter().filter(|s| s.is_significantly_adverse).map(|standing| areas.name(&standing.area)).collect();
    if of.by_area.is_some() || adverse.is_empty() {
        return of;
    }
    let reason = format!("{}; significantly adverse, as one of {among} areas: {}", of.reason, format_list(&adverse));
    let judged_share = judged_share(&standings);
    Assessment { reason, by_area: Some(ByArea { areas: standings, left_out: Vec::new(), judged_share }), ..of }
}

/// A measure that decides an ambition, of which there is no figure for the part: why there is none.
fn not_of_part(whole: &MeasureAssessment, measure: &Measure, areas: &Areas, area: &AreaCode) -> MeasureAssessment {
    let parts: &[AreaCode] = areas.get(area).map_or(&[], |area| &area.parts);
    let own = whole.areas.iter().find(|of| of.area == *area || matches!(parts, [only] if of.area == *only));
    let of_whole = &whole.headline;
    let is_elsewhere = of_whole.status.is_judged() || whole.each().any(|of| of.latest.is_some());
    let is_retired = of_whole.flags.contains(&Flag::Retired);
    let headline = match own {
        Some(own) if measure.parts_are == PartsAre::Areas => own.clone(),
        _ if is_elsewhere && !is_retired => {
            let name = areas.name(area);
            let reason = match (measure.parts_are, of_whole.latest.is_some()) {
                (PartsAre::Organisations, _) => format!("What organisations give is about them, and not about {name}"),
                (PartsAre::Areas, true) => format!("No figure is given for {name}, only for the whole system"),
                (PartsAre::Areas, false) => format!("No figure is given for {name}, only for other areas"),
            };
            Assessment {
                no_figure: Some(NoFigure::NotGivenHere),
                reason,
                ..Assessment::without_figure(of_whole.measure.clone(), area.clone())
            }
        }
        // What the whole lacks the part lacks for the same reason.
        _ => Assessment {
            status: of_whole.status,
            no_figure: of_whole.no_figure.clone(),
            reason: of_whole.reason.clone(),
            flags: of_whole.flags.iter().copied().filter(|flag| *flag == Flag::Retired).collect(),
            next_due: of_whole.next_due,
            ..Assessment::without_figure(of_whole.measure.clone(), area.clone())
        },
    };
    MeasureAssessment { headline, areas: Vec::new(), breakdowns: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::{SeriesPoint, Status};
    use crate::period::{Period, YearKind};
    use crate::value::{Limits, Polarity, Value};

    const AREAS: &str = r#"
        area = [
            { code = "S", name = "System", kind = "system", parts = ["A", "B", "C", "D", "E"] },
            { code = "A", name = "Ashby", kind = "district" },
            { code = "B", name = "Barton", kind = "district" },
            { code = "C", name = "Corby", kind = "district" },
            { code = "D", name = "Denby", kind = "district" },
            { code = "E", name = "Epley", kind = "district" },
            { code = "P", name = "North", kind = "place", parts = ["A", "B"] },
            { code = "Q", name = "South", kind = "place", parts = ["C"] },
        ]
    "#;

    fn code(code: &str) -> AreaCode {
        AreaCode::new(code).unwrap()
    }

    fn assessment(area: &str, value: f64, status: Status) -> Assessment {
        let latest = SeriesPoint::alone(Period::year(YearKind::Financial, 2024), Value::Number(value));
        Assessment {
            latest: Some(latest),
            status,
            reason: format!("{value} is what it is"),
            ..Assessment::without_figure(MeasureId("m".to_owned()), code(area))
        }
    }

    fn focused(given: Vec<Assessment>, area: &str) -> AreaSubset {
        focused_of(given, None, area)
    }

    /// With a second lead, where it is given, that only the system may have.
    fn focused_of(given: Vec<Assessment>, second: Option<Assessment>, area: &str) -> AreaSubset {
        let (framework, evaluation) = whole(given, second);
        focus(&framework, &Areas::parse(AREAS, "areas.toml").unwrap(), &evaluation, &code(area))
    }

    /// The whole system with these areas, and the second lead.
    fn whole(given: Vec<Assessment>, second: Option<Assessment>) -> (Framework, Evaluation) {
        let config = crate::assets::Assets::config(None);
        let mut framework = crate::framework::load(&config, "2024").unwrap();
        framework.measures.truncate(1);
        framework.measures[0].id = MeasureId("m".to_owned());
        framework.ambitions.truncate(1);
        framework.ambitions[0].measures.truncate(1);
        framework.ambitions[0].measures[0].id = MeasureId("m".to_owned());
        let mut headline = assessment("S", 1.0, Status::OnTrack);
        headline.latest = None;
        headline.by_area = by_area_of(&given);
        let mut measures = vec![MeasureAssessment { headline, areas: given, breakdowns: Vec::new() }];
        if let Some(second) = second {
            let twice = framework.ambitions[0].measures[0].clone();
            framework.ambitions[0].measures.push(twice);
            measures.push(MeasureAssessment { headline: second, areas: Vec::new(), breakdowns: Vec::new() });
        }
        let evaluation = Evaluation {
            period: Period::financial_quarter(2026, 2),
            as_at: "2026-11-20".parse().unwrap(),
            edition: "2024".to_owned(),
            interim: false,
            ambitions: Vec::new(),
            measures,
            actions: Vec::new(),
            movements: None,
        };
        (framework, evaluation)
    }

    /// The whole as judged from these areas, where the one that is off track is significantly adverse.
    fn by_area_of(given: &[Assessment]) -> Option<ByArea> {
        let areas = given.iter().map(|of| AreaStanding {
            area: of.area.clone(),
            population: None,
            status: of.status,
            is_significantly_adverse: of.status == Status::OffTrack,
        });
        Some(ByArea { areas: areas.collect(), left_out: Vec::new(), judged_share: 1.0 })
    }

    #[test]
    fn a_lead_without_a_figure_here_caps() {
        let given = vec![assessment("C", 3.0, Status::Achieved)];
        let focus = focused_of(given.clone(), Some(assessment("S", 2.0, Status::Achieved)), "Q");
        let ambition = &focus.evaluation.ambitions[0];
        assert_eq!((ambition.status, ambition.judged, ambition.of), (Status::OnTrack, 1, 2));
        let unjudged = &focus.evaluation.measures[1].headline;
        assert_eq!((unjudged.status, &unjudged.no_figure), (Status::NoFigure, &Some(NoFigure::NotGivenHere)));
        assert_eq!(unjudged.reason, "No figure is given for South, only for the whole system");
        // What nobody has is lacking here for the reason of the whole.
        let mut nowhere = assessment("S", 2.0, Status::NotYetDue);
        nowhere.latest = None;
        nowhere.reason = "The first figure is due in May 2027".to_owned();
        let focus = focused_of(given, Some(nowhere.clone()), "Q");
        let unjudged = &focus.evaluation.measures[1].headline;
        assert_eq!((unjudged.status, &unjudged.reason), (Status::NotYetDue, &nowhere.reason));
        assert_eq!(focus.evaluation.ambitions[0].status, Status::OnTrack);
    }

    #[test]
    fn a_place_hears_what_the_board_hears() {
        let given = vec![assessment("C", 3.0, Status::OffTrack), assessment("A", 1.0, Status::OnTrack)];
        let told = |area: &str| {
            let focus = focused(given.clone(), area);
            let headline = &focus.evaluation.measures[0].headline;
            let adverse = headline.by_area.as_ref().is_some_and(ByArea::has_adverse);
            (adverse, headline.reason.contains("significantly adverse, as one of 2 areas: Corby"))
        };
        assert_eq!(told("Q"), (true, true));
        assert_eq!(told("P"), (false, false));
    }

    #[test]
    fn an_area_of_a_place_is_one_of_all_areas_of_the_measure() {
        let is_adverse = |parts: &[&str]| {
            let given = parts.iter().map(|area| {
                let mut of = assessment(area, 10.0, Status::AtRisk);
                let latest = of.latest.as_mut().unwrap();
                // By its 95% limits it is beyond chance, by its 99.8% ones it is not.
                (latest.limits, latest.comparator) = (Some(Limits { lower: 9.0, upper: 11.0 }), Some(11.2));
                of
            });
            let (mut framework, mut evaluation) = whole(given.collect(), None);
            framework.measures[0].polarity = Polarity::High;
            framework.measures[0].parts = parts.iter().map(|part| code(part)).collect();
            // The system has a figure of its own.
            evaluation.measures[0].headline = assessment("S", 10.0, Status::AtRisk);
            let focus = focus(&framework, &Areas::parse(AREAS, "areas.toml").unwrap(), &evaluation, &code("P"));
            focus.evaluation.measures[0].headline.by_area.as_ref().unwrap().has_adverse()
        };
        assert!(is_adverse(&["A", "B"]));
        assert!(!is_adverse(&["A", "B", "C", "D", "E"]), "one of five is looked at more closely");
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
        assert_eq!(
            headline.reason,
            "1 of 2 areas is off track (Barton); 1 of 2 areas is on track (Ashby); significantly adverse: Barton"
        );
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
