//! Rows by age band of a source whose figure is to be made from them: kept as what it is made from, and not as figures.

use super::collector::Figure;
use super::query::Asking;
use crate::age::AgeBand;
use crate::component::{Component, Place};
use crate::figure::Category;
use crate::value::Value;

/// The counts of the measure's age bands among `figures`; rows of other ages, such as all ages, are left out. The count of a
/// row is its numerator, or its value where it has none.
///
/// # Errors
/// No row of the age bands that are needed, with what the answer has instead.
pub(super) fn components(asking: &Asking<'_>, figures: Vec<Figure>) -> Result<Vec<Figure>, String> {
    let bands = asking.measure.age_bands();
    let mut ages: Vec<String> = figures.iter().map(|figure| figure.age.clone()).collect();
    let of_band = |figure: Figure| {
        let band = AgeBand::parse(&figure.age).filter(|band| bands.contains(band))?;
        Some(component(figure, band))
    };
    let components: Vec<Figure> = figures.into_iter().filter_map(of_band).collect();
    if components.is_empty() {
        ages.sort_unstable();
        ages.dedup();
        let expected = bands.iter().map(AgeBand::to_string).collect::<Vec<_>>().join(", ");
        return Err(format!("has the ages {}; {} is made from counts of {expected}", ages.join(", "), asking.measure.id));
    }
    Ok(components)
}

fn component(figure: Figure, band: AgeBand) -> Figure {
    let group = figure.category.as_ref().map(|category| (category.scheme.as_str(), category.group.as_str()));
    let category = Some(Category::of_component(&Place { component: Component::Events(band), group }));
    let events = figure.numerator.or(figure.value.number());
    let value = match figure.value {
        Value::Suppressed => Value::Suppressed,
        other => events.map_or(other, Value::Number),
    };
    let numerator = events.filter(|_| value != Value::Suppressed);
    Figure {
        category,
        value,
        numerator,
        limits: None,
        limits_998: None,
        published_comparison: None,
        published_trend: None,
        ..figure
    }
}
