//! Where a measure's yearly figures lead: the chance of meeting the target by its date, and what it would take.

use super::figures;
use crate::evaluate::Assessment;
use crate::framework::Measure;
use indicator_stats::projection::Projection;
use jiff::civil::Date;

/// What may be said of the future; it decides no status.
#[derive(Debug, Clone, Default)]
pub struct Outlook {
    /// Drawn only where it is narrow enough and within what a figure can be.
    pub drawn: Option<(Date, Projection)>,
    /// The chance of meeting the target, in words; empty where none is given.
    pub chance: String,
    /// What it would take a year from here, in words; empty where the target is met or there is none.
    pub needed: String,
    /// True where the line arrives, with its limits, at what no figure can be.
    pub is_useless: bool,
    due: Option<Date>,
}

impl Outlook {
    /// Only where the date is still to come on `today`.
    pub fn of(measure: &Measure, head: &Assessment, today: Date) -> Self {
        let due = head.target.as_ref().map(|target| target.due).filter(|due| *due > today);
        let Some((projection, due)) = head.projection(measure).ok().zip(due) else {
            return Self::default();
        };
        let (least, most) = measure.range();
        let is_useless =
            least.is_some_and(|least| projection.limits.lower < least) || most.is_some_and(|most| projection.limits.upper > most);
        let needed = projection.yearly_change_needed.map_or(String::new(), |change| {
            let way = if change > 0.0 { "more" } else { "less" };
            format!("{} {way} each year", figures::difference(measure, change.abs()))
        });
        Self {
            drawn: Some((due, projection)).filter(|(_, projection)| projection.shown && !is_useless),
            chance: projection.chance.filter(|_| !is_useless).map_or(String::new(), |chance| chance.words()),
            needed,
            is_useless,
            due: Some(due),
        }
    }

    /// One or two sentences; none without a projection.
    pub fn sentences(&self) -> Vec<String> {
        let Some(due) = self.due.map(figures::date) else { return Vec::new() };
        let mut said = Vec::new();
        if self.is_useless {
            said.push("There is no useful projection: its limits go beyond what a figure can be.".to_owned());
        } else if !self.chance.is_empty() {
            said.push(format!("By its yearly figures the chance of meeting the target by {due} is {}.", self.chance));
        }
        if !self.needed.is_empty() {
            said.push(format!("To meet it by then takes {}.", self.needed));
        }
        said
    }
}
