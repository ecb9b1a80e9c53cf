//! What a figure is made from: counts by age band, or a mean's standard deviation, each kept by itself under the breakdown and
//! group that it names.

use crate::age::AgeBand;

/// One of the numbers that a figure is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Component {
    /// The events of an age band (numerator) and its population (denominator).
    Events(AgeBand),
    /// Over the people of an age band, the sum of the squares of how many events each had: it gives the variance where one
    /// person may have several.
    SquaredEvents(AgeBand),
    /// The standard deviation, with n − 1 below, of the values whose mean the figure is.
    StandardDeviation,
}

/// A component, and the group of people that its figure is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupComponent<'a> {
    pub component: Component,
    /// Breakdown and group; none for all people of the area.
    pub group: Option<(&'a str, &'a str)>,
}

const EVENTS: &str = "Counts by age band";
const SQUARED: &str = "Squared events by age band";
const DEVIATION: &str = "Standard deviation of a mean";
const ALL_AGES: &str = "all ages";
/// Stands between the group's name and the component's.
const WITHIN: &str = " / ";

/// True where a breakdown's name would be taken for that of components.
pub fn is_reserved(breakdown: &str) -> bool {
    [EVENTS, SQUARED, DEVIATION].iter().any(|reserved| breakdown.contains(reserved))
}

impl GroupComponent<'_> {
    /// The breakdown and the group under which it is kept.
    pub fn names(&self) -> (String, String) {
        let (scheme, band) = match self.component {
            Component::Events(band) => (EVENTS, band.to_string()),
            Component::SquaredEvents(band) => (SQUARED, band.to_string()),
            Component::StandardDeviation => (DEVIATION, ALL_AGES.to_owned()),
        };
        match self.group {
            None => (scheme.to_owned(), band),
            Some((by, group)) => (format!("{by}{WITHIN}{scheme}"), format!("{group}{WITHIN}{band}")),
        }
    }
}

impl<'a> GroupComponent<'a> {
    /// What is kept under a breakdown and a group; none for a group of people.
    pub fn read(breakdown: &'a str, group: &'a str) -> Option<Self> {
        let (by, scheme) = breakdown.rsplit_once(WITHIN).map_or((None, breakdown), |(by, scheme)| (Some(by), scheme));
        if ![EVENTS, SQUARED, DEVIATION].contains(&scheme) {
            return None;
        }
        let (of, band) = match by {
            None => (None, group),
            Some(by) => group.rsplit_once(WITHIN).map(|(group, band)| (Some((by, group)), band))?,
        };
        let component = match scheme {
            EVENTS => Component::Events(AgeBand::parse(band)?),
            SQUARED => Component::SquaredEvents(AgeBand::parse(band)?),
            _ => Component::StandardDeviation,
        };
        Some(GroupComponent { component, group: of })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_are_read_back_from_stored_names() {
        let [first, .., last] = AgeBand::of_life_table();
        for component in
            [Component::Events(first), Component::Events(last), Component::SquaredEvents(last), Component::StandardDeviation]
        {
            for group in [None, Some(("Deprivation deciles", "1 - most deprived")), Some(("By / odd", "a / b"))] {
                let place = GroupComponent { component, group };
                let (breakdown, name) = place.names();
                assert_eq!(GroupComponent::read(&breakdown, &name), Some(place));
                assert!(is_reserved(&breakdown));
            }
        }
        assert_eq!(GroupComponent::read("Deprivation deciles", "1 - most deprived"), None);
        assert_eq!(GroupComponent::read("Age", "5 to 9"), None);
    }
}
