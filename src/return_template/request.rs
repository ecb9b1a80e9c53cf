//! What is asked of a partner for a quarter, figure by figure.

use super::due::periods_due;
use super::earlier::PartnerHistory;
use crate::age::AgeBand;
use crate::area::{AreaCode, Areas};
use crate::component::{Component, GroupComponent};
use crate::figure::{Category, FigureKey, SeriesKey};
use crate::framework::{Action, Framework, Measure, Partner, PartsAre};
use crate::period::Period;
use jiff::civil::Date;

/// What is asked of one partner for one quarter.
#[derive(Debug, Clone, Copy)]
pub struct ReturnRequest<'a> {
    pub framework: &'a Framework,
    pub areas: &'a Areas,
    pub partner: &'a Partner,
    /// The quarter of the return.
    pub period: Period,
    /// What this partner gave before.
    pub earlier: &'a PartnerHistory,
    /// Whom to ask when something is unclear, as it is to be printed; may be empty.
    pub secretariat: &'a str,
    /// The last day in time.
    pub deadline: Date,
}

/// A figure that is asked for.
#[derive(Debug, Clone)]
pub struct RequestedFigure<'a> {
    pub measure: &'a Measure,
    pub series: SeriesKey,
    pub period: Period,
}

impl RequestedFigure<'_> {
    /// Which figure it is.
    pub fn key(&self) -> FigureKey {
        self.series.at(self.period)
    }

    /// What it is of a figure that is made from counts; none for a figure.
    pub fn component(&self) -> Option<GroupComponent<'_>> {
        self.series.component()
    }

    /// The figure of all organisations is made from its counts and those of the others: as a baseline it is of no use without
    /// them. Areas are judged each by its own baseline where that of all cannot be made.
    pub fn is_pooled(&self) -> bool {
        let is_of_organisations = self.measure.parts_are == PartsAre::Organisations;
        is_of_organisations && self.series.category.is_none() && self.measure.is_pooled_with(&self.series.area)
    }

    /// The figures any of which answers it: the one itself, or what it would have made.
    pub fn answered_by(&self) -> Vec<FigureKey> {
        let own = self.key();
        let of_counts = self.component().map(|place| FigureKey { category: Category::of_group(place), ..own.clone() });
        let of_groups = self.measure.slope_by().map(|_| FigureKey { category: None, ..own.clone() });
        std::iter::once(own).chain(of_counts).chain(of_groups).collect()
    }
}

/// The events of an age band, of a group of people or of all.
fn events_of(band: AgeBand, group: Option<&Category>) -> Category {
    let group = group.map(|category| (category.scheme.as_str(), category.group.as_str()));
    Category::of_component(&GroupComponent { component: Component::Events(band), group })
}

/// What a partner gave who gave nothing.
static NOTHING: PartnerHistory = PartnerHistory::new();

impl<'a> ReturnRequest<'a> {
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
    pub fn figures(&self) -> Vec<RequestedFigure<'a>> {
        self.measures().flat_map(|measure| self.asked_for(measure, &self.periods_due(measure))).collect()
    }

    pub(super) fn measures(&self) -> impl Iterator<Item = &'a Measure> + use<'a> {
        let partner = self.partner;
        self.framework.measures.iter().filter(move |measure| measure.is_asked_of(partner))
    }

    pub(super) fn periods_due(&self, measure: &Measure) -> Vec<Period> {
        periods_due(measure, self.period, self.projected_to(measure))
    }

    /// The figures of a measure for these periods, by area, group and period.
    fn asked_for(&self, measure: &'a Measure, periods: &[Period]) -> Vec<RequestedFigure<'a>> {
        let mut asked = Vec::new();
        for area in measure.areas_returned(self.partner) {
            let of_period = |category: Option<Category>, period: Period| RequestedFigure {
                measure,
                series: SeriesKey::new(measure.id.clone(), area.clone(), category),
                period,
            };
            // A slope index is made from groups, which the area compared with does not have.
            let gives_figure = measure.slope_by().is_some() && *area == self.framework.edition.comparator;
            let bands = if gives_figure { Vec::new() } else { measure.age_bands() };
            for group in self.groups(measure, area) {
                // The bands of one period stand together, in the order of age.
                for period in periods {
                    let of_bands = bands.iter().map(|band| Some(events_of(*band, group.as_ref())));
                    let figure = bands.is_empty().then(|| group.clone());
                    asked.extend(of_bands.chain(figure).map(|group| of_period(group, *period)));
                }
            }
        }
        asked.retain(|one| !self.earlier.is_left_out(&one.series, one.period));
        asked
    }

    /// The key actions that the partner leads, alone or with others.
    pub fn actions(&self) -> Vec<&'a Action> {
        let led = self.framework.actions.iter().filter(|action| action.is_asked_of(self.partner));
        led.filter(|action| !self.earlier.is_action_left_out(&action.id)).collect()
    }

    /// The figure of all, then each group; of a slope index the groups only that make it. The area compared with is there for
    /// its headline only.
    fn groups(&self, measure: &Measure, area: &AreaCode) -> Vec<Option<Category>> {
        let is_comparator = *area == self.framework.edition.comparator;
        let by = measure.slope_by().filter(|_| !is_comparator);
        let splits = measure.breakdowns().iter().filter(|split| !is_comparator && by.is_none_or(|by| split.by == by));
        let group = |by: &str, name: &String| Some(Category { scheme: by.to_owned(), group: name.clone() });
        let groups = splits.flat_map(|split| split.groups.iter().map(move |name| group(&split.by, name)));
        by.is_none().then_some(None).into_iter().chain(groups).collect()
    }

    /// How far ahead a projection is asked for; none for a figure.
    fn projected_to(&self, measure: &Measure) -> Option<Date> {
        self.framework.is_scenario(&measure.id).then_some(self.framework.edition.default_due)
    }
}
