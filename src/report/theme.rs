//! The look of a pack: brand, page, type and colours, as `theme.toml` gives them.

use super::alternatives;
use crate::document::{Places, TomlDocument};
use crate::evaluate::Status;
use crate::fault::Faults;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use tagged_document::look::{Colour, Colours, Dark, PageSize, TextSizes};
use toml::Table;

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// Who publishes the pack, and their logo.
    pub brand: Brand,
    /// The page, in millimetres.
    pub page: PageSize,
    /// The four fonts.
    pub fonts: FontFiles,
    /// Sizes of type, in points.
    pub text: TextSizes,
    /// Colours of text, lines, grounds and charts.
    pub colours: Colours,
    /// Colours of the statuses.
    pub statuses: StatusColours,
    /// Colours of the points and icons of control charts.
    #[serde(default)]
    pub variation: VariationColours,
    /// Grounds of figures beside the comparator's.
    #[serde(default)]
    pub comparison: ComparisonColours,
    /// Colours of the web pages for readers who have asked for dark ones.
    #[serde(default)]
    pub dark: DarkColours,
}

/// Who publishes the pack, and their logo.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Brand {
    /// Who publishes the pack, where that is not who the edition says.
    #[serde(default)]
    pub name: String,
    /// Whom readers ask about the figures, for the cover of the data annex: a name with an address or a telephone number. Not
    /// set, they are told to ask who publishes the pack.
    #[serde(default)]
    pub contact: String,
    /// A PNG file of the templates' folder, for the cover.
    #[serde(default)]
    pub logo: Option<String>,
    /// What the logo shows, for those who cannot see it, in at most 150 characters.
    #[serde(default)]
    pub logo_alternative: String,
    /// How wide it is on the cover, in millimetres.
    #[serde(default = "logo_width")]
    pub logo_width: f32,
}

fn logo_width() -> f32 {
    45.0
}

/// Names of the files in the fonts' folder.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FontFiles {
    /// The regular font.
    pub regular: String,
    /// The bold font.
    pub bold: String,
    /// The italic font.
    pub italic: String,
    /// The bold italic font.
    pub bold_italic: String,
}

/// Colours of the statuses.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusColours {
    /// Achieved.
    pub achieved: Colour,
    /// On track.
    pub on_track: Colour,
    /// At risk.
    pub at_risk: Colour,
    /// Off track.
    pub off_track: Colour,
    /// Every other status.
    pub neutral: Colour,
}

/// Of the points and icons of control charts. By default blue, orange, grey and purple, as readers of NHS charts know them.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VariationColours {
    /// A special cause for the better.
    pub improvement: Colour,
    /// A special cause for the worse.
    pub concern: Colour,
    /// Common cause.
    pub common: Colour,
    /// Special causes of measures of which no direction is good.
    pub neutral: Colour,
}

impl Default for VariationColours {
    fn default() -> Self {
        VariationColours {
            improvement: Colour([0x00, 0x5E, 0xB8]),
            concern: Colour([0xC7, 0x53, 0x00]),
            common: Colour([0x6E, 0x7B, 0x86]),
            neutral: Colour([0x5B, 0x2D, 0x90]),
        }
    }
}

/// Grounds of the cells of the table of all areas, beside letters that say the same. By default blue, yellow, orange and purple, light
/// enough for text.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComparisonColours {
    /// Better than the comparator.
    pub better: Colour,
    /// Similar to it.
    pub similar: Colour,
    /// Worse than it.
    pub worse: Colour,
    /// Higher or lower, where no direction is good.
    pub neither: Colour,
}

impl Default for ComparisonColours {
    fn default() -> Self {
        ComparisonColours {
            better: Colour([0xCF, 0xE1, 0xF3]),
            similar: Colour([0xFB, 0xF5, 0xD9]),
            worse: Colour([0xF9, 0xD9, 0xC2]),
            neither: Colour([0xE6, 0xDF, 0xF1]),
        }
    }
}

/// Of the web pages for readers who have asked for dark ones.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DarkColours {
    /// The page, in the place of white.
    #[serde(default = "dark_ground")]
    pub ground: Colour,
    /// Colours of the theme, each with what stands for it. What is not named is derived, so that it stands out as far.
    #[serde(default)]
    pub instead: BTreeMap<Colour, Colour>,
}

impl Default for DarkColours {
    fn default() -> Self {
        DarkColours { ground: dark_ground(), instead: BTreeMap::new() }
    }
}

fn dark_ground() -> Colour {
    Dark::default().ground
}

impl DarkColours {
    pub fn as_dark(&self) -> Dark {
        Dark { ground: self.ground, instead: self.instead.iter().map(|(light, dark)| (*light, *dark)).collect() }
    }
}

/// Of what the colours of comparison are the grounds.
pub const BETTER: &str = "better";
pub const SIMILAR: &str = "similar";
pub const WORSE: &str = "worse";
pub const NEITHER: &str = "neither";

/// Of what the colours of variation are the tones.
pub const IMPROVEMENT: &str = "improvement";
pub const CONCERN: &str = "concern";
pub const COMMON: &str = "common";
pub const NEUTRAL: &str = "neutral";

/// WCAG 2.1 AA for text.
pub const LEAST_CONTRAST: f64 = 4.5;
/// WCAG 2.1 AA for lines and signs that carry information.
pub const LEAST_LINE_CONTRAST: f64 = 3.0;

/// The built-in theme, which every other is laid over.
pub const BUILT_IN: &str = include_str!("../../report_templates/board_pack/theme.toml");

impl Theme {
    /// Reads files `theme.toml`, each laid over those before it, the first over the built-in theme: a theme says what is other.
    /// Each has its text and its place, which names it in any fault.
    ///
    /// # Errors
    /// A file that is not such a table, sizes that leave no room for text, colours too faint to read.
    #[cfg(test)]
    pub fn parse(layers: &[(String, String)]) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let (theme, _) = Self::read(layers, &mut faults);
        faults.into_result()?;
        theme.ok_or_else(Faults::default)
    }

    /// The built-in theme.
    pub(crate) fn built_in() -> Option<Self> {
        toml::from_str(BUILT_IN).ok()
    }

    /// As `parse`, with where the keys of the last file stand.
    pub(crate) fn read(layers: &[(String, String)], faults: &mut Faults) -> (Option<Self>, Places) {
        let mut whole: Table = BUILT_IN.parse().unwrap_or_default();
        let mut read = (Self::built_in(), Places::default());
        for (text, place) in layers {
            let mut document = TomlDocument::parse(text, place, faults);
            document.fill_from(&whole);
            let merged = document.tables().clone();
            let before = faults.0.len();
            let (theme, places) = document.whole::<Self>(faults);
            let mut found = Faults::default();
            if let Some(theme) = &theme {
                theme.check(place, &mut found);
            }
            faults.0.extend(places.point_all(found.0));
            // What is at fault is told of the file that has it, and not of those over it.
            if faults.0.len() == before {
                whole = merged;
            }
            read.0 = theme;
            read.1.extend(places);
        }
        read
    }

    fn check(&self, place: &str, faults: &mut Faults) {
        self.check_sizes(place, faults);
        if self.brand.logo.is_some() && self.brand.logo_alternative.trim().is_empty() {
            let problem = "the logo has no words for those who cannot see it";
            faults.push(format!("{place}, brand.logo"), problem, "give logo_alternative");
        }
        if let Some((problem, remedy)) = alternatives::fault_of(&self.brand.logo_alternative) {
            faults.push(format!("{place}, brand.logo_alternative"), problem, remedy);
        }
        self.check_contrast(place, faults);
    }

    fn check_sizes(&self, place: &str, faults: &mut Faults) {
        let t = &self.text;
        let sizes = [t.body, t.small, t.table, t.heading_1, t.heading_2, t.heading_3, t.heading_4, t.cover];
        if sizes.iter().any(|size| !(6.0..=72.0).contains(size)) {
            faults.push(format!("{place}, text"), "a size is not between 6 and 72 points", "correct it");
        }
        let p = &self.page;
        let finite =
            [p.width, p.height, p.margin_side, p.margin_top, p.margin_bottom].iter().all(|mm| (0.0..=2000.0).contains(mm));
        if !finite || p.width - 2.0 * p.margin_side < 100.0 || p.height - p.margin_top - p.margin_bottom < 100.0 {
            faults.push(
                format!("{place}, page"),
                "less than 100 mm is left for the text",
                "use a larger page or smaller margins",
            );
        }
        if self.colours.series.is_empty() {
            faults.push(format!("{place}, colours.series"), "is empty", "give at least one colour");
        }
    }

    fn check_contrast(&self, place: &str, faults: &mut Faults) {
        let mut told = BTreeSet::new();
        for (name, colour, ground_name, ground, least) in self.pairs() {
            let ratio = colour.contrast(ground);
            if ratio < least && told.insert(name.clone()) {
                faults.push(
                    format!("{place}, {name}"),
                    format!("its contrast with {ground_name} is {ratio:.1} to 1, and {least} to 1 is needed"),
                    "choose a darker colour",
                );
            }
        }
        let dark = self.dark.as_dark();
        for (name, colour, ground_name, ground, least) in self.pairs() {
            let ratio = dark.of(colour).contrast(dark.of(ground));
            // What is too faint in light is told above.
            if ratio < least && colour.contrast(ground) >= least && told.insert(format!("{name} in the dark")) {
                let ground_name = if ground == Colour::WHITE { "dark.ground" } else { ground_name };
                faults.push(
                    format!("{place}, dark"),
                    format!(
                        "the contrast of {name} with {ground_name} is {ratio:.1} to 1 on a dark page, and {least} to 1 is needed"
                    ),
                    format!("choose a darker ground, or another colour for {} under dark.instead", colour.hex()),
                );
            }
        }
        let own: BTreeSet<Colour> =
            self.pairs().into_iter().flat_map(|(_, colour, _, ground, _)| [colour, ground]).chain([self.colours.line]).collect();
        for light in self.dark.instead.keys().filter(|light| !own.contains(light)) {
            let problem = format!("{} is not a colour of the theme", light.hex());
            faults.push(format!("{place}, dark.instead"), problem, "name a colour as the theme has it");
        }
    }

    /// Every pair of colours that must be told apart: name, colour, ground's name, ground, least ratio.
    pub fn pairs(&self) -> Vec<(String, Colour, &'static str, Colour, f64)> {
        let c = &self.colours;
        let s = &self.statuses;
        let v = &self.variation;
        let mut pairs = Vec::new();
        let grounds = [("white", Colour::WHITE), ("colours.panel", c.panel), ("colours.warning_panel", c.warning_panel)];
        for (name, colour) in [
            ("colours.text", c.text),
            ("colours.quiet", c.quiet),
            ("colours.link", c.link),
            ("colours.brand", c.brand),
            ("statuses.achieved", s.achieved),
            ("statuses.on_track", s.on_track),
            ("statuses.at_risk", s.at_risk),
            ("statuses.off_track", s.off_track),
            ("statuses.neutral", s.neutral),
        ] {
            pairs.extend(grounds.map(|(ground_name, ground)| (name.to_owned(), colour, ground_name, ground, LEAST_CONTRAST)));
        }
        let of = self.comparison;
        for (ground_name, ground) in [
            ("comparison.better", of.better),
            ("comparison.similar", of.similar),
            ("comparison.worse", of.worse),
            ("comparison.neither", of.neither),
        ] {
            pairs.push(("colours.text".to_owned(), c.text, ground_name, ground, LEAST_CONTRAST));
            pairs.push(("colours.quiet".to_owned(), c.quiet, ground_name, ground, LEAST_CONTRAST));
        }
        // Lines of charts are labelled in their own colours, on white.
        pairs.push(("colours.comparator".to_owned(), c.comparator, "white", Colour::WHITE, LEAST_CONTRAST));
        pairs.push(("colours.target".to_owned(), c.target, "white", Colour::WHITE, LEAST_CONTRAST));
        for (i, colour) in c.series.iter().enumerate() {
            pairs.push((format!("colours.series, colour {}", i + 1), *colour, "white", Colour::WHITE, LEAST_CONTRAST));
        }
        for (name, colour) in [
            ("variation.improvement", v.improvement),
            ("variation.concern", v.concern),
            ("variation.common", v.common),
            ("variation.neutral", v.neutral),
        ] {
            pairs.push((name.to_owned(), colour, "white", Colour::WHITE, LEAST_LINE_CONTRAST));
        }
        pairs.push((
            "colours.series, colour 1".to_owned(),
            c.series.first().copied().unwrap_or(c.text),
            "colours.band",
            c.band,
            LEAST_LINE_CONTRAST,
        ));
        pairs
    }

    pub fn status(&self, status: Status) -> Colour {
        match status {
            Status::Achieved | Status::AchievedLate => self.statuses.achieved,
            Status::OnTrack => self.statuses.on_track,
            Status::AtRisk => self.statuses.at_risk,
            Status::OffTrack => self.statuses.off_track,
            Status::NotYetDue | Status::NoFigure | Status::NoTargetSet | Status::CannotBeJudged => self.statuses.neutral,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Theme, Faults> {
        Theme::parse(&[(text.to_owned(), "theme.toml".to_owned())])
    }

    #[test]
    fn built_in_colours_have_enough_contrast() {
        let theme = parse(BUILT_IN).unwrap();
        for (name, colour, ground_name, ground, least) in theme.pairs() {
            assert!(colour.contrast(ground) >= least, "{name} on {ground_name}");
            let dark = theme.dark.as_dark();
            assert!(dark.of(colour).contrast(dark.of(ground)) >= least, "{name} on {ground_name}, in the dark");
        }
    }

    #[test]
    fn dark_colours_that_a_theme_gives_are_held_to_the_same() {
        let with = |given: &str| parse(&format!("[dark]\n{given}\n"));
        let theme = with("ground = \"#000000\"\ninstead = { \"#212B32\" = \"#FFFFFF\" }").unwrap();
        let look = theme.look();
        assert_eq!((look.dark.of(Colour::WHITE), look.dark.of(look.colours.text)), (Colour([0; 3]), Colour::WHITE));
        let told = |given: &str| with(given).unwrap_err().to_string();
        let faint = told("instead = { \"#212B32\" = \"#333333\" }");
        assert!(faint.contains("the contrast of colours.text with dark.ground is 1."), "{faint}");
        assert!(told("ground = \"#808080\"").contains("on a dark page, and 4.5 to 1 is needed"));
        assert!(told("instead = { \"#123456\" = \"#FFFFFF\" }").contains("#123456 is not a colour of the theme"));
    }

    #[test]
    fn a_faint_colour_is_refused_with_its_ratio() {
        let faint = BUILT_IN.replacen("quiet = \"#425563\"", "quiet = \"#AAAAAA\"", 1);
        let faults = parse(&faint).unwrap_err();
        assert!(faults.to_string().contains("colours.quiet: its contrast with white is 2.3 to 1"), "{faults}");
    }

    #[test]
    fn a_wrong_key_is_named_with_its_line() {
        let wrong = BUILT_IN.replacen("small =", "smal =", 1);
        let message = parse(&wrong).unwrap_err().to_string();
        assert!(message.starts_with("theme.toml, line ") && message.contains("smal"), "{message}");
    }

    #[test]
    fn a_theme_overrides_those_below_it() {
        let layer = |text: &str| (text.to_owned(), "theme.toml".to_owned());
        let theme =
            Theme::parse(&[layer("[brand]\nname = \"Ours\"\n[text]\nbody = 11.0"), layer("[text]\nbody = 12.0")]).unwrap();
        let built_in = parse(BUILT_IN).unwrap();
        assert_eq!((theme.brand.name.as_str(), theme.text.body, theme.text.small), ("Ours", 12.0, built_in.text.small));
        let message = parse("[page]\nwidth = 210.0\n[text]\nbody = \"big\"").unwrap_err().to_string();
        assert_eq!(message, "theme.toml, line 4, text.body: is the text \"big\"; a number was expected (correct it)");
    }
}
