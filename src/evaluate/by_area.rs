//! The system's status where only its areas have figures: the one in which the median resident lives.

use super::Status;
use super::ambition::{severity, unjudged};
use crate::area::AreaCode;
use indicator_stats::tolerance;

/// One area that the system is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedArea {
    pub area: AreaCode,
    /// People who live there.
    pub population: f64,
    pub status: Status,
    /// Significantly worse than its comparator, its baseline or its expected path.
    pub significantly_adverse: bool,
}

/// The status by area, and what a sentence about it needs.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusByArea {
    pub status: Status,
    /// How many areas the system is made of, and how many of them are judged.
    pub areas: usize,
    pub judged: usize,
    /// The share of all people who live in areas that are judged, between 0 and 1.
    pub share_judged: f64,
    /// The areas whose own status is `status` or worse, the worst first; none where `status` is not judged.
    pub at_or_below: Vec<AreaCode>,
    /// The share of the people of judged areas who live in those, between 0 and 1.
    pub share_at_or_below: f64,
    /// The areas that are significantly adverse, in the order given.
    pub adverse: Vec<AreaCode>,
}

/// The status of the whole from those of its areas.
///
/// The judged areas are put in order from the worst status, and the first status at which half or more of their people are
/// reached is the whole's: at best at risk while any area is significantly adverse. Where judged areas hold less than half
/// of all people there is no figure; where no area is judged at all, the areas' own reason stands. An area whose population
/// is no number above zero counts for nobody.
pub fn by_area(areas: &[JudgedArea]) -> StatusByArea {
    let people = |area: &JudgedArea| if area.population.is_finite() { area.population.max(0.0) } else { 0.0 };
    let total: f64 = areas.iter().map(people).sum();
    let mut judged: Vec<(u8, &JudgedArea)> = areas.iter().filter_map(|area| Some((severity(area.status)?, area))).collect();
    // Stable: areas of one status stay in the order given.
    judged.sort_by_key(|(severity, _)| *severity);
    let in_judged: f64 = judged.iter().map(|(_, area)| people(area)).sum();
    let share = |of: f64, all: f64| if all > 0.0 { (of / all).min(1.0) } else { 0.0 };
    let adverse: Vec<&JudgedArea> = areas.iter().filter(|area| area.significantly_adverse).collect();
    let status = match median(&judged, in_judged, people) {
        _ if judged.is_empty() => unjudged(areas.iter().map(|area| area.status)).unwrap_or(Status::NoFigure),
        _ if total <= 0.0 || tolerance::below(2.0 * in_judged, total) => Status::NoFigure,
        Some(Status::OffTrack) => Status::OffTrack,
        Some(_) if !adverse.is_empty() => Status::AtRisk,
        Some(status) => status,
        None => Status::NoFigure,
    };
    let reached = |own: u8| severity(status).is_some_and(|whole| own <= whole);
    let at_or_below: Vec<&JudgedArea> = judged.iter().filter(|(own, _)| reached(*own)).map(|(_, area)| *area).collect();
    let share_at_or_below = share(at_or_below.iter().map(|area| people(area)).sum(), in_judged);
    let codes = |areas: Vec<&JudgedArea>| areas.into_iter().map(|area| area.area.clone()).collect();
    StatusByArea {
        status,
        areas: areas.len(),
        judged: judged.len(),
        share_judged: share(in_judged, total),
        at_or_below: codes(at_or_below),
        share_at_or_below,
        adverse: codes(adverse),
    }
}

/// The first status at which half or more of all people are reached.
fn median(judged: &[(u8, &JudgedArea)], all: f64, people: impl Fn(&JudgedArea) -> f64) -> Option<Status> {
    let mut reached = 0.0;
    judged.iter().find_map(|(_, area)| {
        reached += people(area);
        tolerance::at_least(2.0 * reached, all).then_some(area.status)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Status::*;

    fn of(areas: &[(f64, Status, bool)]) -> StatusByArea {
        let areas: Vec<_> = areas
            .iter()
            .zip(1..)
            .map(|((population, status, significantly_adverse), i)| JudgedArea {
                area: AreaCode::new(format!("E0{i}")).unwrap(),
                population: *population,
                status: *status,
                significantly_adverse: *significantly_adverse,
            })
            .collect();
        by_area(&areas)
    }

    #[test]
    fn a_small_area_never_stands_for_all() {
        let found = of(&[(10.0, OffTrack, false), (60.0, OnTrack, false), (30.0, Achieved, false)]);
        assert_eq!((found.status, found.at_or_below.len(), found.share_at_or_below), (OnTrack, 2, 0.7));
    }

    #[test]
    fn one_significantly_adverse_area_means_at_risk() {
        let found = of(&[(5.0, OffTrack, true), (60.0, OnTrack, false), (35.0, Achieved, false)]);
        assert_eq!((found.status, found.adverse.len(), found.at_or_below.len()), (AtRisk, 1, 1));
        assert_eq!(found.share_at_or_below, 0.05);
        assert_eq!(of(&[(60.0, OffTrack, true), (40.0, Achieved, false)]).status, OffTrack, "and makes nothing better");
    }

    #[test]
    fn half_the_population_is_enough() {
        assert_eq!(of(&[(50.0, OnTrack, false), (50.0, NoFigure, false)]).status, OnTrack);
        let fewer = of(&[(49.0, OnTrack, true), (51.0, NoFigure, false)]);
        assert_eq!((fewer.status, fewer.judged, fewer.areas, fewer.share_judged), (NoFigure, 1, 2, 0.49));
        assert_eq!(of(&[(50.0, AtRisk, false), (50.0, Achieved, false)]).status, AtRisk, "half are reached at the worse");
        assert_eq!(of(&[]).status, NoFigure);
        assert_eq!(of(&[(0.0, OnTrack, false)]).status, NoFigure);
    }

    #[test]
    fn with_no_area_judged_the_reason_is_theirs() {
        assert_eq!(of(&[(50.0, NotYetDue, false), (50.0, NoFigure, false)]).status, NotYetDue);
        assert_eq!(of(&[(50.0, NoFigure, false)]).status, NoFigure);
    }
}
