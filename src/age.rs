//! Age bands: five years each up to 90 and over, and how people write them.

use std::fmt;

/// Ages from one birthday on, up to another or without end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgeBand {
    from: u8,
    /// The last year of age in it; none for the open band.
    to: Option<u8>,
}

/// Where the open band begins.
const OLDEST: u8 = 90;

impl AgeBand {
    /// The 19 bands of the European Standard Population 2013: 0 to 4, 5 to 9 and so on to 90 and over.
    pub fn standard() -> [AgeBand; 19] {
        std::array::from_fn(|i| Self::five_years((i * 5) as u8))
    }

    /// The 20 bands of an abridged life table: 0, 1 to 4, 5 to 9 and so on to 90 and over.
    pub fn of_life_table() -> [AgeBand; 20] {
        std::array::from_fn(|i| match i {
            0 => AgeBand { from: 0, to: Some(0) },
            1 => AgeBand { from: 1, to: Some(4) },
            i => Self::five_years(((i - 1) * 5) as u8),
        })
    }

    fn five_years(from: u8) -> Self {
        AgeBand { from, to: (from < OLDEST).then_some(from + 4) }
    }

    /// The age at its start, in years.
    pub fn from(self) -> u8 {
        self.from
    }

    /// Reads `0 to 4`, `5-9`, `05–09 yrs`, `Aged 1 to 4`, `0`, `<1`, `Under 1`, `90+`, `90 and over`; none for what names no band.
    pub fn parse(label: &str) -> Option<Self> {
        let text = label.to_lowercase().replace(['\u{2013}', '\u{2014}', '-'], " to ").replace('+', " and over");
        let text = text.replace('<', "under ");
        let words: Vec<&str> = text
            .split(|c: char| c.is_whitespace() || c == '_')
            .filter(|word| !matches!(*word, "" | "age" | "aged" | "ages" | "year" | "years" | "yr" | "yrs" | "old"))
            .collect();
        let age = |word: &str| word.parse::<u8>().ok().filter(|age| *age <= 120);
        match words[..] {
            ["under", "1"] => Some(AgeBand { from: 0, to: Some(0) }),
            [one] => age(one).map(|age| AgeBand { from: age, to: Some(age) }),
            [from, "to", to] => {
                let (from, to) = (age(from)?, age(to)?);
                (from <= to).then_some(AgeBand { from, to: Some(to) })
            }
            [from, "and", "over" | "above" | "older"] | [from, "or", "over" | "above" | "older"] | [from, "over"] => {
                Some(AgeBand { from: age(from)?, to: None })
            }
            _ => None,
        }
    }
}

/// In words: a spreadsheet takes `5-9` for a day in September.
impl fmt::Display for AgeBand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to {
            None => write!(f, "{} and over", self.from),
            Some(to) if to == self.from => write!(f, "{to}"),
            Some(to) => write!(f, "{} to {to}", self.from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn age_bands_are_contiguous_and_read_back() {
        for bands in [&AgeBand::standard()[..], &AgeBand::of_life_table()] {
            assert!(bands.windows(2).all(|pair| pair[0].to.map(|to| to + 1) == Some(pair[1].from)), "{bands:?}");
            assert_eq!((bands[0].from, bands[bands.len() - 1]), (0, AgeBand { from: 90, to: None }));
            assert!(bands.iter().all(|band| AgeBand::parse(&band.to_string()) == Some(*band)));
        }
    }

    #[test]
    fn bands_are_read_as_people_write_them() {
        let to = |from, to| Some(AgeBand { from, to: Some(to) });
        for (labels, band) in [
            (&["5-9", "5 to 9", "05\u{2013}09", "5-9 yrs", "Aged 5 to 9 years"][..], to(5, 9)),
            (&["0", "<1", "< 1 yr", "Under 1", "Aged under 1 year"], to(0, 0)),
            (&["90+", "90+ yrs", "90 and over", "Aged 90 years and over", "90 or over"], Some(AgeBand { from: 90, to: None })),
        ] {
            for label in labels {
                assert_eq!(AgeBand::parse(label), band, "{label}");
            }
        }
        for label in ["", "All ages", "9 to 5", "5 to", "Under 18", "2026", "1.5"] {
            assert_eq!(AgeBand::parse(label), None, "{label}");
        }
    }
}
