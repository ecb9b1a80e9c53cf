//! Colours, and how far two of them stand apart.

use serde::{Deserialize, Deserializer};

/// A colour of the sRGB space, each part 0 to 255. Written `#005EB8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Colour(pub [u8; 3]);

impl Colour {
    pub const WHITE: Colour = Colour([255; 3]);

    /// As it is written: `#005EB8`.
    pub fn hex(self) -> String {
        let Colour([r, g, b]) = self;
        format!("#{r:02X}{g:02X}{b:02X}")
    }

    /// Contrast ratio of two colours, 1 to 21, by WCAG 2.1 (relative luminance).
    pub fn contrast(self, other: Colour) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + FLARE) / (a.min(b) + FLARE)
    }

    /// What stands for it where the page is `ground` and not white: of the same hue, and as far from any other that was made so
    /// as the two were before, unless one is too dark for that. White becomes `ground`.
    pub fn on_dark(self, ground: Colour) -> Colour {
        let own = self.linear();
        let luminance = self.luminance();
        let wanted = (1.05 * (ground.luminance() + FLARE) / (luminance + FLARE) - FLARE).clamp(0.0, 1.0);
        if self == Colour::WHITE {
            return ground;
        }
        // Brighter in proportion as far as one of its parts lets it, then with white.
        let brightest = own.into_iter().fold(0.0, f64::max);
        let parts = if luminance <= 0.0 {
            [wanted; 3]
        } else if wanted * brightest <= luminance {
            own.map(|part| part * wanted / luminance)
        } else {
            let full = luminance / brightest;
            let white = (wanted - full) / (1.0 - full);
            own.map(|part| part / brightest * (1.0 - white) + white)
        };
        // What stands out goes up and what lies behind goes down, so that rounding takes no contrast away.
        let stands_out = luminance < 0.5;
        Colour(parts.map(|part| {
            let part = written(part) * 255.0;
            (if stands_out { part.ceil() } else { part.floor() }).clamp(0.0, 255.0) as u8
        }))
    }

    /// Its parts as amounts of light.
    fn linear(self) -> [f64; 3] {
        self.0.map(|part| {
            let c = f64::from(part) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        })
    }

    fn luminance(self) -> f64 {
        let [r, g, b] = self.linear();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }
}

/// The light that WCAG adds to all, for what a screen mirrors.
const FLARE: f64 = 0.05;

/// An amount of light as the part of a colour, from 0 to 1.
fn written(light: f64) -> f64 {
    if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Colour {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Colour".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "description": "A colour: `#005EB8`.", "type": "string", "pattern": "^#[0-9A-Fa-f]{6}$" })
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = text.strip_prefix('#').filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()));
        let number = digits.and_then(|d| u32::from_str_radix(d, 16).ok());
        let [_, r, g, b] = number
            .ok_or_else(|| serde::de::Error::custom(format!("{text:?} is not a colour such as \"#005EB8\"")))?
            .to_be_bytes();
        Ok(Colour([r, g, b]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((Colour([0; 3]).contrast(Colour::WHITE) - 21.0).abs() < 1e-9);
        // #767676 on white is the well-known edge of 4.5.
        assert!((Colour([0x76; 3]).contrast(Colour::WHITE) - 4.54).abs() < 0.01);
    }

    #[test]
    fn contrast_is_kept_in_the_dark() {
        let ground = Colour([0x12, 0x18, 0x1d]);
        let dark = |colour: Colour| colour.on_dark(ground);
        assert_eq!(dark(Colour::WHITE), ground);
        let inks = [[0, 94, 184], [33, 43, 50], [168, 0, 27], [0, 107, 53], [0x76; 3], [133, 67, 0], [255, 0, 0], [0, 0, 255]]
            .map(Colour);
        let papers = [[255; 3], [238, 243, 247], [255, 243, 214], [249, 217, 194], [207, 225, 243]].map(Colour);
        for (ink, paper) in inks.into_iter().flat_map(|ink| papers.map(|paper| (ink, paper))) {
            let (light, in_dark) = (ink.contrast(paper), dark(ink).contrast(dark(paper)));
            assert!(in_dark >= light && in_dark < light * 1.15, "{ink:?} on {paper:?}: {light} and {in_dark}");
        }
        // The blue is still a blue.
        let Colour([r, g, b]) = dark(Colour([0, 94, 184]));
        assert!(b > g && g > r, "{r} {g} {b}");
        assert!(dark(Colour([0; 3])).contrast(ground) > 15.0);
    }
}
