//! The four faces that a theme names.

use crate::assets::Assets;
use crate::fault::Faults;
use crate::report::theme::Theme;
use crate::visible::is_left_out;
use printpdf::ParsedFont;
use std::sync::Arc;

/// The theme's four faces: regular, bold, italic, bold italic.
#[derive(Clone)]
pub struct Fonts {
    pub faces: Vec<Face>,
    /// A bit for each character of the first plane that all faces have: every character of a pack is asked for.
    common: Arc<Vec<u64>>,
}

#[derive(Clone)]
pub struct Face {
    pub file: String,
    pub bytes: Arc<Vec<u8>>,
    pub parsed: ParsedFont,
    /// Advances by glyph, in the font's units.
    widths: Arc<Vec<u16>>,
}

impl Fonts {
    /// Reads the files that the theme names; `place` is the theme's, for messages.
    ///
    /// # Errors
    /// A file that is not there or is not a font.
    pub fn load(theme: &Theme, fonts: &Assets, place: &str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut faces = Vec::new();
        let files = &theme.fonts;
        let named =
            [("regular", &files.regular), ("bold", &files.bold), ("italic", &files.italic), ("bold_italic", &files.bold_italic)];
        for (key, file) in named {
            let at = format!("{place}, fonts.{key}");
            if !fonts.list("").contains(file) {
                let there_are = fonts.list("").into_iter().filter(|name| name.ends_with(".ttf") || name.ends_with(".otf"));
                let there_are = there_are.collect::<Vec<_>>().join(", ");
                let problem = format!("there is no font {file:?}; there are: {there_are}");
                faults.push(at, problem, "name one of them, or put the file into the folder that paths.fonts names");
                continue;
            }
            match fonts.read(file) {
                Ok(bytes) => match ParsedFont::from_bytes(&bytes, 0, &mut Vec::new()) {
                    Some(parsed) if parsed.units_per_em > 0 => {
                        let mut widths = Vec::new();
                        for (gid, width) in &parsed.glyph_widths {
                            widths.resize(usize::from(*gid) + 1, 0);
                            widths[usize::from(*gid)] = *width;
                        }
                        let bytes = Arc::new(bytes.into_owned());
                        faces.push(Face { file: file.clone(), bytes, parsed, widths: Arc::new(widths) });
                    }
                    _ => {
                        let problem = format!("{} is not a TrueType or OpenType font", fonts.place(file));
                        faults.push(at, problem, "use a .ttf or .otf file");
                    }
                },
                Err(fault) => faults.0.push(fault),
            }
        }
        faults.into_result()?;
        let mut common = vec![0u64; 0x1_0000 / 64];
        for c in faces.iter().take(1).flat_map(|face: &Face| face.parsed.codepoint_to_glyph.keys()) {
            if in_all(&faces, *c)
                && let Some(word) = common.get_mut(*c as usize / 64)
            {
                *word |= 1 << (c % 64);
            }
        }
        Ok(Fonts { faces, common: Arc::new(common) })
    }

    /// True where it is printed as itself, or left out because it cannot be seen.
    pub fn prints(&self, c: char) -> bool {
        c == '\u{2011}' || is_left_out(c) || self.has(c)
    }

    /// True where all four faces have it.
    pub fn has(&self, c: char) -> bool {
        let c = u32::from(c);
        match self.common.get(c as usize / 64) {
            Some(word) => word & (1 << (c % 64)) != 0,
            None => in_all(&self.faces, c),
        }
    }
}

fn in_all(faces: &[Face], c: u32) -> bool {
    faces.iter().all(|face| face.parsed.codepoint_to_glyph.get(&c).is_some_and(|gid| *gid != 0))
}

impl Face {
    /// How far a glyph moves the pen, in the font's units.
    pub fn width(&self, gid: u16) -> u16 {
        self.widths.get(usize::from(gid)).copied().unwrap_or(0)
    }

    /// How far a character moves the pen, as a share of the type size; 0 where the face lacks it.
    pub(super) fn advance(&self, c: char) -> f32 {
        let gid = self.parsed.codepoint_to_glyph.get(&u32::from(c));
        let width = gid.and_then(|gid| self.parsed.glyph_widths.get(gid)).copied().unwrap_or(0);
        f32::from(width) / f32::from(self.parsed.units_per_em)
    }
}
