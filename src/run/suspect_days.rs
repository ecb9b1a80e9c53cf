//! Days of the configuration that are seldom meant, seen from the end of the quarter for which it is read: what begins years
//! after it, and partners who ended before it and whose figures nobody gives now.

use crate::area::{AreaCode, Areas};
use crate::fault::Fault;
use crate::framework::{EditionContents, Framework, Measure, MeasureSource, Partner};
use crate::period::Period;
use jiff::ToSpan;
use jiff::civil::Date;

/// Plans are made for as many years ahead.
const YEARS_PLANNED: i64 = 2;
/// Nobody enters now what begins after so many.
const YEARS_NOBODY_PLANS: i64 = 10;

/// A day on which something begins, and what it means that this is not yet.
struct Beginning {
    place: String,
    day: Date,
    /// How it is written, where that is no day: `2040/41`.
    written: Option<String>,
    until_then: &'static str,
}

/// What begins so late that no one can mean it.
pub(super) fn faults(contents: &EditionContents, period: Period) -> Vec<Fault> {
    let far = beginnings(contents).into_iter().filter(|begins| years_after(period, begins.day) >= YEARS_NOBODY_PLANS);
    far.map(|begins| begins.fault(period, "correct the year")).collect()
}

/// What begins years ahead, and partners that ended and have nobody in their place.
pub(super) fn warnings(contents: &EditionContents, period: Period) -> Vec<Fault> {
    let is_far = |begins: &Beginning| (YEARS_PLANNED..YEARS_NOBODY_PLANS).contains(&years_after(period, begins.day));
    let far = beginnings(contents).into_iter().filter(is_far);
    let mut warnings: Vec<Fault> = far.map(|begins| begins.fault(period, "correct the year, unless it is meant")).collect();
    if let (Some(framework), Some(areas)) = (&contents.framework, &contents.areas) {
        warnings.extend(contents.partners.iter().filter_map(|partner| ended(partner, contents, framework, areas, period)));
    }
    warnings
}

/// Whole years from the end of the quarter to a day.
fn years_after(period: Period, day: Date) -> i64 {
    let reaches = |years: &i64| period.end().checked_add(years.years()).is_ok_and(|then| then < day);
    (1..=YEARS_NOBODY_PLANS).take_while(reaches).last().unwrap_or(0)
}

impl Beginning {
    fn fault(self, period: Period, remedy: &str) -> Fault {
        let (day, end) = (self.day, period.end());
        let begins = self.written.map_or(format!("is {day}"), |written| format!("{written} begins on {day}"));
        let problem =
            format!("{begins}, years after the quarter that this is read for, which ends on {end}: {}", self.until_then);
        Fault::new(self.place, problem, remedy)
    }
}

fn beginnings(contents: &EditionContents) -> Vec<Beginning> {
    let mut found = Vec::new();
    for measure in contents.framework.iter().flat_map(|framework| &framework.measures) {
        // A period that cannot be read is told where the measure is.
        if let MeasureSource::Return { first: Some(first), .. } = &measure.source
            && let Ok(begins) = measure.period(first)
        {
            found.push(Beginning {
                place: format!("measure {}, source.first", measure.id),
                day: begins.start(),
                written: Some(first.clone()),
                until_then: "nobody is asked for the measure before that",
            });
        }
    }
    for area in contents.areas.iter().flat_map(Areas::iter) {
        found.extend(area.from.map(|day| Beginning {
            place: format!("area {}, from", area.code),
            day,
            written: None,
            until_then: "no figure and no pack is made for the area before that",
        }));
    }
    for partner in &contents.partners {
        found.extend(partner.from.map(|day| Beginning {
            place: format!("partner {}, from", partner.id),
            day,
            written: None,
            until_then: "the partner is asked for nothing before that",
        }));
    }
    found
}

/// That a partner's last day has passed, and nobody is asked now for what it gave of an area that there still is.
fn ended(partner: &Partner, contents: &EditionContents, framework: &Framework, areas: &Areas, period: Period) -> Option<Fault> {
    let today = period.end();
    let until = partner.until.filter(|until| *until < today)?;
    let goes_on = partner.replaced_by.is_some() || contents.partners.iter().any(|other| other.continues.contains(&partner.id));
    if goes_on {
        return None;
    }
    let gives = |other: &Partner, measure: &Measure, area: &AreaCode| {
        other.is_on(today) && measure.is_asked_of(other) && measure.areas_returned(other).contains(&area)
    };
    let mut lacking: Vec<(&Measure, &AreaCode)> = Vec::new();
    for measure in framework.measures.iter().filter(|measure| measure.is_asked_of(partner)) {
        let own = measure.areas_returned(partner).into_iter().filter(|area| areas.is_on(area, today));
        let given = |area: &AreaCode| contents.partners.iter().any(|other| gives(other, measure, area));
        lacking.extend(own.filter(|area| !given(area)).map(|area| (measure, area)));
    }
    let (_, area) = *lacking.first()?;
    let mut titles: Vec<&str> = lacking.iter().map(|(measure, _)| measure.id.0.as_str()).collect();
    titles.dedup();
    let problem = format!("{until} has passed, and nobody is asked now for what the partner gave: {}", titles.join(", "));
    let remedy = format!(
        "name who takes its place (replaced_by), or another partner for {area}; where {area} has ended too, say so in areas.toml"
    );
    Some(Fault::new(format!("partner {}, until", partner.id), problem, remedy))
}
