//! Rows by age band of a source whose figure is to be made from them: kept as what it is made from, and not as figures.

use crate::age::AgeBand;
use crate::collect::indicators::figure::AnswerFigure;
use crate::collect::indicators::query::MeasureQuery;
use crate::component::{Component, GroupComponent};
use crate::figure::{Category, Observation};
use crate::value::Value;

/// The counts of the measure's age bands among `figures`; rows of other ages, such as all ages, are left out. The count of a
/// row is its numerator, or its value where it has none.
///
/// # Errors
/// No row of the age bands that are needed, with what the answer has instead.
pub(super) fn components(asking: &MeasureQuery<'_>, figures: Vec<AnswerFigure>) -> Result<Vec<AnswerFigure>, String> {
    let bands = asking.measure.age_bands();
    let mut ages: Vec<String> = figures.iter().map(|figure| figure.observation.age.clone()).collect();
    let of_band = |figure: AnswerFigure| {
        let band = AgeBand::parse(&figure.observation.age).filter(|band| bands.contains(band))?;
        Some(component(figure, band))
    };
    let components: Vec<AnswerFigure> = figures.into_iter().filter_map(of_band).collect();
    if components.is_empty() {
        ages.sort_unstable();
        ages.dedup();
        let expected = bands.iter().map(AgeBand::to_string).collect::<Vec<_>>().join(", ");
        return Err(format!("has the ages {}; {} is made from counts of {expected}", ages.join(", "), asking.measure.id));
    }
    Ok(components)
}

fn component(figure: AnswerFigure, band: AgeBand) -> AnswerFigure {
    let AnswerFigure { observation: of, money, page } = figure;
    let group = of.category.as_ref().map(|category| (category.scheme.as_str(), category.group.as_str()));
    let category = Some(Category::of_component(&GroupComponent { component: Component::Events(band), group }));
    let events = of.numerator.or(of.value.number());
    let value = match of.value {
        Value::Suppressed => Value::Suppressed,
        other => events.map_or(other, Value::Number),
    };
    let observation = Observation {
        category,
        value,
        numerator: events.filter(|_| value != Value::Suppressed),
        limits: None,
        limits_998: None,
        published_comparison: None,
        published_trend: None,
        ..of
    };
    AnswerFigure { observation, money, page }
}
