//! The chance of meeting each target that is still to come.

use super::measure::MeasureView;
use super::outlook::{Prospect, WithoutChance};
use super::prospects::ProspectView;
use super::view::View;
use indicator_stats::projection::Chance;
use std::collections::BTreeMap;

/// The measures that decide the ambitions, by whether a chance is given.
pub struct Chances<'v> {
    /// The least likely first.
    pub given: Vec<GivenChance<'v>>,
    /// With the areas that it holds of; none where it holds of the whole measure.
    pub without: BTreeMap<WithoutChance, Vec<(&'v MeasureView, Vec<&'v str>)>>,
}

/// One chance with what it is of.
pub struct GivenChance<'v> {
    pub measure: &'v MeasureView,
    pub prospect: &'v ProspectView,
    pub chance: Chance,
}

impl GivenChance<'_> {
    /// `Breastfeeding at 6 to 8 weeks: Nottingham`.
    pub fn title(&self) -> String {
        let (title, area) = (&self.measure.title, &self.prospect.area);
        if area.is_empty() { title.clone() } else { format!("{title}: {area}") }
    }
}

pub fn chances(view: &View) -> Chances<'_> {
    let mut of = Chances { given: Vec::new(), without: BTreeMap::new() };
    for measure in view.measures().filter(|measure| measure.decides) {
        let mut without: BTreeMap<WithoutChance, Vec<&str>> = BTreeMap::new();
        for prospect in &measure.prospects {
            match prospect.outlook.prospect {
                Prospect::Chance(chance) => of.given.push(GivenChance { measure, prospect, chance }),
                Prospect::Without(why) => without.entry(why).or_default().push(&prospect.area),
            }
        }
        for (why, mut areas) in without {
            if areas.len() == measure.prospects.len() {
                areas.clear();
            }
            of.without.entry(why).or_default().push((measure, areas));
        }
    }
    // Stable: of the same chance, as it is shown, in the order of the edition.
    of.given.sort_by_key(|given| given.chance.shown_percent());
    of
}
