//! The groups of a breakdown, and where they cut all people.

use crate::area::AreaCode;
use crate::evaluate::Breakdown;
use crate::evaluate::deprivation::{expected, in_order, places_among};

/// The groups of one breakdown of an area's figure, in their order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GroupNames {
    pub scheme: String,
    pub area: AreaCode,
    pub labels: Vec<String>,
}

impl GroupNames {
    pub fn of(breakdown: &Breakdown) -> Self {
        let labels = breakdown.groups.iter().map(|(label, _)| label.clone()).collect();
        Self { scheme: breakdown.scheme.clone(), area: breakdown.area.clone(), labels }
    }

    /// Puts them among those that are known; of one breakdown the groups of both stand, by their labels where these say in which
    /// order.
    pub fn join(self, known: &mut Vec<Self>) {
        let is_same = |of: &&mut Self| of.scheme == self.scheme && of.area == self.area;
        let Some(of) = known.iter_mut().find(is_same) else { return known.push(self) };
        let more: Vec<String> = self.labels.into_iter().filter(|label| !of.labels.contains(label)).collect();
        if more.is_empty() {
            return;
        }
        of.labels.extend(more);
        let order = in_order(of.labels.iter().map(String::as_str)).filter(|order| order.len() == of.labels.len());
        if let Some(order) = order {
            of.labels = order.into_iter().map(|at| of.labels[at].clone()).collect();
        }
    }

    /// Whether the scheme has more groups than these by its name.
    pub fn is_short(&self) -> bool {
        expected(&self.scheme).is_some_and(|count| count > self.labels.len())
    }

    /// With the groups of the scheme that were not given, where the labels of the others say which these are.
    pub fn with_missing(mut self) -> Self {
        let Some(count) = expected(&self.scheme).filter(|count| *count > self.labels.len()) else { return self };
        if let Some(places) = places_among(&self.labels, count) {
            let label = |at: usize| places.iter().position(|place| *place == at).map(|of| self.labels[of].clone());
            self.labels = (0..count).map(|at| label(at).unwrap_or_else(|| format!("{} of {count}", at + 1))).collect();
        }
        self
    }

    /// The places at which the groups cut all people, from 0 to 1: groups of one size, or the most deprived fifth and the rest.
    pub fn cuts(&self) -> Vec<f64> {
        let count = self.labels.len();
        let says_fifth = |words: &str| words.contains("20%") || words.contains("core20");
        let is_fifth = |label: &String| says_fifth(&label.to_lowercase()) || says_fifth(&self.scheme.to_lowercase());
        if count == 2 && self.labels.first().is_some_and(is_fifth) {
            return vec![0.0, 0.2, 1.0];
        }
        let at = |i: usize| f64::from(u32::try_from(i).unwrap_or(u32::MAX)) / f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        (0..=count).map(at).collect()
    }
}
