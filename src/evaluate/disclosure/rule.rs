//! How small the counts are that are hidden, and how others are rounded.

use crate::framework::Disclosure;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rule {
    /// Counts of 1 up to this are hidden.
    pub most: u8,
    /// Other counts are rounded to multiples of this.
    pub round_to: Option<f64>,
}

impl Rule {
    /// None for a measure that is not protected.
    pub fn of(disclosure: Disclosure) -> Option<Self> {
        match disclosure {
            Disclosure::None => None,
            Disclosure::Standard => Some(Rule { most: 4, round_to: None }),
            Disclosure::HospitalEpisodes => Some(Rule { most: 7, round_to: Some(5.0) }),
        }
    }

    /// True for a count that is hidden for its size.
    pub fn is_small(self, count: f64) -> bool {
        count > 0.0 && count <= f64::from(self.most)
    }

    /// A count as it is published.
    pub fn rounded(self, count: f64) -> f64 {
        self.round_to.map_or(count, |to| (count / to).round() * to)
    }

    /// The least and the greatest count that are published as this one is.
    pub fn range(self, count: f64) -> (f64, f64) {
        match self.round_to {
            Some(to) if count != 0.0 => {
                let (shown, half) = (self.rounded(count), (to / 2.0).floor());
                ((shown - half).max(f64::from(self.most) + 1.0), shown + half)
            }
            _ => (count, count),
        }
    }
}
