//! Which figure is meant.

use crate::area::AreaCode;
use crate::component;
use crate::framework::MeasureId;
use crate::period::Period;
use crate::value::Sex;
use serde::{Deserialize, Serialize};

/// Which figure is meant: two observations of one key are vintages of one figure.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FigureKey {
    pub measure: MeasureId,
    pub area: AreaCode,
    pub period: Period,
    /// Everybody where it is not stored, as in keys of earlier versions.
    #[serde(default, skip_serializing_if = "is_everybody")]
    pub sex: Sex,
    /// The source's own age label; empty where it gives none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub age: String,
    /// A group of people within the area, or a component of a figure; none for the figure itself.
    pub category: Option<Category>,
}

/// Which series of figures is meant: a key but for its period.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesKey {
    pub measure: MeasureId,
    pub area: AreaCode,
    pub sex: Sex,
    /// The source's own age label; empty where it gives none.
    pub age: String,
    pub category: Option<Category>,
}

/// A breakdown and a group of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Category {
    /// The breakdown: `County & UA deprivation deciles in England`.
    pub scheme: String,
    /// The group in it: `Most deprived decile`.
    pub group: String,
}

fn is_everybody(sex: &Sex) -> bool {
    *sex == Sex::Persons
}

impl FigureKey {
    /// A figure as partners return it: of everybody, without an age label.
    pub fn new(measure: MeasureId, area: AreaCode, period: Period, category: Option<Category>) -> Self {
        Self { measure, area, period, sex: Sex::Persons, age: String::new(), category }
    }

    /// The series in which it stands.
    pub fn series(&self) -> SeriesKey {
        let FigureKey { measure, area, period: _, sex, age, category } = self.clone();
        SeriesKey { measure, area, sex, age, category }
    }

    /// What it holds of a figure that is made from counts; none for a figure.
    pub fn component(&self) -> Option<component::GroupComponent<'_>> {
        self.category.as_ref()?.component()
    }
}

impl SeriesKey {
    /// A series as partners return it: of everybody, without an age label.
    pub fn new(measure: MeasureId, area: AreaCode, category: Option<Category>) -> Self {
        Self { measure, area, sex: Sex::Persons, age: String::new(), category }
    }

    /// The figure of a period.
    pub fn at(&self, period: Period) -> FigureKey {
        let SeriesKey { measure, area, sex, age, category } = self.clone();
        FigureKey { measure, area, period, sex, age, category }
    }

    /// What it holds of a figure that is made from counts; none for a figure.
    pub fn component(&self) -> Option<component::GroupComponent<'_>> {
        self.category.as_ref()?.component()
    }
}

impl Category {
    /// The breakdown and group under which a component of a figure is kept.
    pub fn of_component(place: &component::GroupComponent<'_>) -> Self {
        let (scheme, group) = place.names();
        Self { scheme, group }
    }

    /// The group of people that a component's figure is of; none for all people.
    pub fn of_group(place: component::GroupComponent<'_>) -> Option<Self> {
        place.group.map(|(scheme, group)| Self { scheme: scheme.to_owned(), group: group.to_owned() })
    }

    /// What it holds of a figure that is made from counts; none for a group of people.
    pub fn component(&self) -> Option<component::GroupComponent<'_>> {
        component::GroupComponent::read(&self.scheme, &self.group)
    }
}
