//! The sheet of counts by age band: each row the events and the population of one band.

use super::checks::PastFigures;
use super::figures::Reader;
use super::layout::{ColumnHeading, Table};
use super::return_file::ReturnFile;
use super::returned_figure::ReturnedFigure;
use crate::age::AgeBand;
use crate::collect::entry::{CellEntry, Number};
use crate::collect::{Finding, RunScope};
use crate::component::Component;
use crate::fault::Fault;
use crate::figure::{FigureKey, Observation};
use crate::framework::{MadeFrom, Measure};
use crate::value::Value;
use workbook_reader::{CellContent, NumberFormat, Row, Sheet, clip};

const HEADINGS: [ColumnHeading; 11] = [
    ColumnHeading { name: "Measure ID", also: &["Measure identifier", "ID"], needed: true },
    ColumnHeading { name: "Measure", also: &["Measure name", "Title"], needed: false },
    ColumnHeading { name: "Period", also: &["Reporting period", "Time period"], needed: true },
    ColumnHeading { name: "Area", also: &["Area code", "Code of the area"], needed: false },
    ColumnHeading { name: "Breakdown", also: &["Breakdown by", "Category type"], needed: false },
    ColumnHeading { name: "Group", also: &["Category"], needed: false },
    ColumnHeading { name: "Age", also: &["Age band", "Age group"], needed: true },
    ColumnHeading { name: "Events", also: &["Count", "Numerator", "Deaths"], needed: true },
    ColumnHeading { name: "Population", also: &["Denominator", "Person-years"], needed: true },
    ColumnHeading { name: "People by number of events", also: &["People by events"], needed: false },
    ColumnHeading { name: "Note", also: &["Notes", "Comment", "Comments"], needed: false },
];

pub(super) const REPEATS: &str = "People by number of events";
/// More events of one person than this are a misprint.
const MOST_EVENTS: f64 = 1000.0;

/// What one row gives.
struct AgeBandAmounts {
    value: Value,
    events: Option<f64>,
    population: Option<f64>,
    /// Σ f² × the people with f events each.
    squared: Option<f64>,
}

/// Reads every row that can be used, in the order of the sheet; a row that cannot adds to `findings`.
///
/// # Errors
/// A sheet without the header row.
pub(super) fn read(
    sheet: &Sheet,
    of: &ReturnFile<'_>,
    wanted: &RunScope<'_>,
    past: PastFigures<'_>,
    findings: &mut Vec<Finding>,
) -> Result<Vec<ReturnedFigure>, Fault> {
    let table = Table::find(sheet, &HEADINGS, &format!("{}, sheet {}", of.file, sheet.name))?;
    let reader = Reader::new(sheet, of, wanted, &table, past);
    Ok(reader.read(Reader::band, findings))
}

impl Reader<'_> {
    /// The events of the row's band and, where they are asked, their squares; nothing where the row says nothing.
    fn band(&self, row: Row<'_>, findings: &mut Vec<Finding>) -> Result<Vec<ReturnedFigure>, Box<Finding>> {
        let said = |name| row.text(self.table.column(name));
        let gives = ["Events", "Population", REPEATS].iter().any(|name| !said(name).is_empty());
        let (id, label) = (said("Measure ID"), said("Period"));
        if !gives && (id.is_empty() || label.is_empty()) {
            return Ok(Vec::new());
        }
        let (measure, band, key) = self.band_key(row, &id).map_err(|fault| self.of_no_figure(row, &id, fault))?;
        let events = self.component(row, &key, Component::Events(band));
        let about = FigureKey::of(&events.observation);
        let note = self.note(row, &about, findings);
        let counts = self.counts(row, measure).map_err(|fault| Finding::from(fault).about(about))?;
        let mut figures = vec![ReturnedFigure {
            observation: Observation {
                value: counts.value,
                numerator: counts.events,
                denominator: counts.population,
                note,
                ..events.observation
            },
            blank: !gives,
        }];
        if let Some(squared) = counts.squared {
            let figure = self.component(row, &key, Component::SquaredEvents(band));
            let observation = Observation { value: Value::Number(squared), ..figure.observation };
            figures.push(ReturnedFigure { observation, blank: false });
        }
        Ok(figures)
    }

    /// Which band of which figure the row is about.
    fn band_key(&self, row: Row<'_>, id: &str) -> Result<(&Measure, AgeBand, FigureKey), Fault> {
        let (measure, key) = self.key(row, id)?;
        let bands = measure.age_bands();
        if bands.is_empty() {
            let problem = format!("{} is not asked by age band", measure.id);
            return Err(self.fault(row, "Measure ID", problem, "give its figure on the sheet Figures"));
        }
        let expected = || bands.iter().map(AgeBand::to_string).collect::<Vec<_>>().join(", ");
        let Some(cell) = self.table.column("Age").and_then(|column| row.get(column)) else {
            let problem = format!("no age band is given; one of {} was expected", expected());
            return Err(self.fault(row, "Age", problem, "give it"));
        };
        let band = AgeBand::parse(&cell.text()).filter(|band| bands.contains(band));
        let band = band.ok_or_else(|| {
            let problem = format!("{} was found; one of {} was expected for {}", cell.found(), expected(), measure.id);
            let remedy = match cell.content {
                CellContent::Date(_) => "write it in words, as 5 to 9: Excel takes 5-9 for a date",
                _ => "use the age bands of the template",
            };
            self.fault(row, "Age", problem, remedy)
        })?;
        if measure.slope_by().is_some_and(|by| key.category.as_ref().is_none_or(|category| category.scheme != by)) {
            let problem = format!("{} is made from the counts of groups, and none is named", measure.id);
            return Err(self.fault(row, "Breakdown", problem, "give breakdown and group as in the template"));
        }
        Ok((measure, band, key))
    }

    fn counts(&self, row: Row<'_>, measure: &Measure) -> Result<AgeBandAmounts, Fault> {
        let (events, population) = (self.entry(row, "Events")?, self.entry(row, "Population")?);
        let marked = |value| Ok(AgeBandAmounts { value, events: None, population: None, squared: None });
        let (events, population) = match (events, population) {
            // Counts beside a suppressed one would help to work it out.
            (CellEntry::Mark(mark), _) | (_, CellEntry::Mark(mark)) => return marked(mark),
            (CellEntry::Nothing, CellEntry::Nothing) => return marked(Value::Missing),
            (CellEntry::Nothing, CellEntry::Number(_)) => {
                let problem = "there is a population and no number of events".to_owned();
                return Err(self.fault(row, "Events", problem, "give the number of events, 0 where there was none"));
            }
            (CellEntry::Number(_), CellEntry::Nothing) => {
                let problem = "there are events and no population".to_owned();
                return Err(self.fault(row, "Population", problem, "give the population of the age band"));
            }
            (CellEntry::Number(events), CellEntry::Number(population)) => (events, population),
        };
        let (events, population) = (self.plain(row, "Events", events)?, self.plain(row, "Population", population)?);
        if events < 0.0 || events.fract() != 0.0 {
            let problem = format!("{events} was found; a whole number of events, 0 or more, was expected");
            return Err(self.fault(row, "Events", problem, "correct the count"));
        }
        if population <= 0.0 {
            let problem = format!("{population} was found; a population above 0 was expected");
            return Err(self.fault(
                row,
                "Population",
                problem,
                "correct it: no figure can be made from an age band without people",
            ));
        }
        let made_from = measure.made_from.as_ref();
        if made_from.is_some_and(MadeFrom::events_are_people) && events > population {
            let problem = format!("{events} events are more than the population, {population}");
            return Err(self.fault(row, "Events", problem, "check both"));
        }
        let squared = if made_from.is_some_and(MadeFrom::repeats) { Some(self.squared(row, events)?) } else { None };
        Ok(AgeBandAmounts { value: Value::Number(events), events: Some(events), population: Some(population), squared })
    }

    fn plain(&self, row: Row<'_>, column: &'static str, number: Number) -> Result<f64, Fault> {
        if number.shown == NumberFormat::Percent {
            let problem = format!("{}% was found where a number, not a share, was expected", number.value);
            return Err(self.fault(row, column, problem, "give the count itself"));
        }
        Ok(number.value)
    }

    /// The sum of squares from how many people had how many events, which must add up to the events of the row.
    fn squared(&self, row: Row<'_>, events: f64) -> Result<f64, Fault> {
        let text = row.text(self.table.column(REPEATS));
        if text.is_empty() && events == 0.0 {
            return Ok(0.0);
        }
        let fault = |problem| {
            Err(self.fault(row, REPEATS, problem, "write it as 1: 40; 2: 5 for 40 people with one event and 5 with two"))
        };
        if text.is_empty() {
            return fault("it is not given how many people had how many events".to_owned());
        }
        let Some(people) = people_by_events(&text) else {
            return fault(format!("{:?} does not say how many people had how many events", clip(&text, 40)));
        };
        let total: f64 = people.iter().map(|(each, people)| each * people).sum();
        if total != events {
            return fault(format!("it adds up to {total} events; the row has {events}"));
        }
        Ok(people.iter().map(|(each, people)| each * each * people).sum())
    }
}

/// `1: 40; 2: 5` as pairs of events and people; none where it says something else, or one number of events twice.
fn people_by_events(text: &str) -> Option<Vec<(f64, f64)>> {
    let mut pairs: Vec<(f64, f64)> = Vec::new();
    for pair in text.split([';', ',']).map(str::trim).filter(|pair| !pair.is_empty()) {
        let (each, people) = pair.split_once(':')?;
        let whole = |number: &str| number.trim().parse::<u32>().ok().map(f64::from);
        let (each, people) = (whole(each)?, whole(people)?);
        if !(1.0..=MOST_EVENTS).contains(&each) || pairs.iter().any(|(other, _)| *other == each) {
            return None;
        }
        pairs.push((each, people));
    }
    (!pairs.is_empty()).then_some(pairs)
}

#[cfg(test)]
mod tests {
    use super::people_by_events;

    #[test]
    fn frequency_counts_are_read_or_refused() {
        assert_eq!(people_by_events("1: 40; 2: 5"), Some(vec![(1.0, 40.0), (2.0, 5.0)]));
        assert_eq!(people_by_events("3:1,"), Some(vec![(3.0, 1.0)]));
        for text in ["", ";", "40", "0: 3", "1: 4; 1: 5", "1: x", "1: -2", "1.5: 2", "1001: 1"] {
            assert_eq!(people_by_events(text), None, "{text}");
        }
    }
}
