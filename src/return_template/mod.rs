//! Asking: the workbook that a partner fills in, blank or with answers, as [`crate::collect`] reads it back.
//!
//! It holds that partner's measures and key actions and nobody else's. What is to be filled in is open and checked by
//! Excel itself; the rest is locked, without a password. The same request gives the same bytes.

mod about;
mod actions;
mod age_bands;
mod baselines;
mod checks;
mod due;
mod earlier;
mod figures;
mod guidance;
mod style;

pub use actions::{LONGEST_COMMENTARY, STATUSES, WHOLE};
pub use due::{period_like, periods_due};
pub use earlier::{Counts, Earlier, Given, Reported, add_past};
pub use figures::LONGEST_NOTE;

use crate::age::AgeBand;
use crate::area::{AreaCode, Areas};
use crate::component::{Component, Place};
use crate::fault::Fault;
use crate::framework::{Action, ActionId, Framework, Measure, MeasureId, Partner};
use crate::period::Period;
use crate::value::{Limits, Value};
use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use std::collections::BTreeMap;
use style::Styles;

/// Counts up whenever a sheet, a column or a key of the workbook changes its meaning.
pub const TEMPLATE_VERSION: u32 = 1;

/// What is asked of one partner for one quarter.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    pub framework: &'a Framework,
    pub areas: &'a Areas,
    pub partner: &'a Partner,
    /// The quarter of the return.
    pub period: Period,
    /// What this partner gave before.
    pub earlier: &'a Earlier,
    /// Whom to ask when something is unclear, as it is to be printed; may be empty.
    pub secretariat: &'a str,
    /// The last day in time.
    pub deadline: Date,
}

/// What one row of figures is about, but for its period.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Series {
    pub measure: MeasureId,
    pub area: AreaCode,
    /// None for the figure of all.
    pub group: Option<Group>,
}

/// One group of a breakdown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    /// What the figure is split by: `Deprivation quintiles`.
    pub by: String,
    /// `1 - most deprived`.
    pub name: String,
}

impl Group {
    /// The events of an age band, of a group of people or of all.
    fn of_events(band: AgeBand, group: Option<&Group>) -> Self {
        let group = group.map(|group| (group.by.as_str(), group.name.as_str()));
        let (by, name) = Place { component: Component::Events(band), group }.names();
        Self { by, name }
    }
}

/// A figure that is asked for.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    pub measure: &'a Measure,
    pub series: Series,
    pub period: Period,
}

/// What stands in the open cells. The default is a blank workbook.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// Whether the figures are made up.
    pub illustrative: bool,
    /// Who filled it in.
    pub completed_by: String,
    /// Why there is nothing to report, where there is not; may be empty.
    pub nothing_to_report: Option<String>,
    /// Those that are not asked for go into the rows for earlier periods.
    pub figures: BTreeMap<(Series, Period), Figure>,
    /// Of actions as a whole.
    pub actions: BTreeMap<ActionId, ActionAnswer>,
    /// Of the steps of actions, counted from 1.
    pub steps: BTreeMap<(ActionId, usize), ActionAnswer>,
}

/// One row of figures, in the measure's unit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Figure {
    /// None leaves the cell blank.
    pub value: Option<Value>,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    /// 95% limits.
    pub limits: Option<Limits>,
    pub note: String,
}

/// What is said of one key action, or of a step of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ActionAnswer {
    /// One of [`STATUSES`].
    pub status: String,
    pub forecast: Option<Date>,
    pub completed: Option<Date>,
    pub commentary: String,
}

/// A row that asks for a figure.
struct Row<'a> {
    asked: Asked<'a>,
    /// It is of a period that a target starts from.
    is_baseline: bool,
}

impl Row<'_> {
    /// The measure's title, and what is meant by a baseline.
    fn title(&self) -> String {
        let title = &self.asked.measure.title;
        if self.is_baseline { format!("{title}\nBaseline: later figures are held against it") } else { title.clone() }
    }
}

impl Asked<'_> {
    /// What it is of a figure that is made from counts; none for a figure.
    pub fn component(&self) -> Option<Place<'_>> {
        self.series.component()
    }
}

impl Series {
    /// What it is of a figure that is made from counts; none for a figure.
    pub fn component(&self) -> Option<Place<'_>> {
        let group = self.group.as_ref()?;
        Place::read(&group.by, &group.name)
    }
}

/// What a partner gave who gave nothing.
static NOTHING: Earlier = Earlier::new();

impl<'a> Request<'a> {
    /// What is asked of a partner who gave nothing before, due by the end of the quarter, with nobody named to ask.
    pub fn new(framework: &'a Framework, areas: &'a Areas, partner: &'a Partner, period: Period) -> Self {
        Self { framework, areas, partner, period, earlier: &NOTHING, secretariat: "", deadline: period.end() }
    }

    /// `nuh_2026-27-Q2.xlsx`: begins with the partner's id, so that a damaged file can be laid to its sender.
    pub fn file_name(&self) -> String {
        format!("{}_{}.xlsx", self.partner.id, self.period.slug())
    }

    /// Every figure that is asked for, in the order of the framework, then by area, group and period; of a figure that is made
    /// from counts by age band each band's.
    pub fn figures(&self) -> Vec<Asked<'a>> {
        self.measures().flat_map(|measure| self.asked_for(measure, &self.periods_due(measure))).collect()
    }

    fn measures(&self) -> impl Iterator<Item = &'a Measure> + use<'a> {
        let partner = self.partner;
        self.framework.measures.iter().filter(move |measure| measure.is_asked_of(partner))
    }

    fn periods_due(&self, measure: &Measure) -> Vec<Period> {
        periods_due(measure, self.period, self.projected_to(measure))
    }

    /// The figures of a measure for these periods, by area, group and period.
    fn asked_for(&self, measure: &'a Measure, periods: &[Period]) -> Vec<Asked<'a>> {
        let mut asked = Vec::new();
        for area in measure.areas_returned(self.partner) {
            let of_period = |group: Option<Group>, period: Period| Asked {
                measure,
                series: Series { measure: measure.id.clone(), area: area.clone(), group },
                period,
            };
            // A slope index is made from groups, which the area compared with does not have.
            let gives_figure = measure.slope_by().is_some() && *area == self.framework.edition.comparator;
            let bands = if gives_figure { Vec::new() } else { measure.age_bands() };
            for group in self.groups(measure, area) {
                // The bands of one period stand together, in the order of age.
                for period in periods {
                    let of_bands = bands.iter().map(|band| Some(Group::of_events(*band, group.as_ref())));
                    let figure = bands.is_empty().then(|| group.clone());
                    asked.extend(of_bands.chain(figure).map(|group| of_period(group, *period)));
                }
            }
        }
        asked.retain(|one| !self.earlier.is_left_out(one));
        asked
    }

    /// The rows of the workbook that ask for a figure: those due, then the baselines.
    fn rows(&self) -> Vec<Row<'a>> {
        let due = self.figures().into_iter().map(|asked| Row { asked, is_baseline: false });
        due.chain(self.baselines().into_iter().map(|asked| Row { asked, is_baseline: true })).collect()
    }

    /// The key actions that the partner leads, alone or with others.
    pub fn actions(&self) -> Vec<&'a Action> {
        let led = self.framework.actions.iter().filter(|action| action.is_asked_of(self.partner));
        led.filter(|action| !self.earlier.is_action_left_out(&action.id)).collect()
    }

    /// The workbook, .xlsx.
    ///
    /// # Errors
    /// Texts or numbers that a cell cannot hold.
    pub fn workbook(&self, answers: &Answers) -> Result<Vec<u8>, Fault> {
        self.write(answers).map_err(|e| {
            let problem = format!("the workbook cannot be written: {e}");
            Fault::new(self.file_name(), problem, "shorten the texts of the framework that it holds")
        })
    }

    /// The figure of all, then each group; of a slope index the groups only that make it. The area compared with is there for
    /// its headline only.
    fn groups(&self, measure: &Measure, area: &AreaCode) -> Vec<Option<Group>> {
        let is_comparator = *area == self.framework.edition.comparator;
        let by = measure.slope_by().filter(|_| !is_comparator);
        let splits = measure.breakdowns().iter().filter(|split| !is_comparator && by.is_none_or(|by| split.by == by));
        let group = |by: &str, name: &String| Some(Group { by: by.to_owned(), name: name.clone() });
        let groups = splits.flat_map(|split| split.groups.iter().map(move |name| group(&split.by, name)));
        by.is_none().then_some(None).into_iter().chain(groups).collect()
    }

    /// How far ahead a projection is asked for; none for a figure.
    fn projected_to(&self, measure: &Measure) -> Option<Date> {
        self.framework.is_scenario(&measure.id).then_some(self.framework.edition.default_due)
    }

    fn write(&self, answers: &Answers) -> Result<Vec<u8>, XlsxError> {
        let styles = Styles::new();
        let mut workbook = Workbook::new();
        let made = self.period.end();
        let title = format!("Return of {} for {}", self.partner.name, self.period.in_words());
        // Of the quarter, not of the clock: the same request gives the same bytes.
        let made = ExcelDateTime::from_ymd(made.year().unsigned_abs(), made.month().unsigned_abs(), made.day().unsigned_abs())?;
        let properties = DocProperties::new().set_title(&title).set_author("boardpack").set_creation_datetime(&made);
        workbook.set_properties(&properties);
        about::write(workbook.add_worksheet(), self, answers, &styles)?;
        guidance::write(workbook.add_worksheet(), self, &styles)?;
        figures::write(workbook.add_worksheet(), self, answers, &styles)?;
        if self.rows().iter().any(|row| row.asked.component().is_some()) {
            age_bands::write(workbook.add_worksheet(), self, answers, &styles)?;
        }
        if !self.actions().is_empty() {
            actions::write(workbook.add_worksheet(), self, answers, &styles)?;
        }
        workbook.save_to_buffer()
    }
}
