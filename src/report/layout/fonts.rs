//! The four faces that a theme names.

use crate::assets::Assets;
use crate::fault::Faults;
use crate::report::theme::Theme;
use printpdf::ParsedFont;
use std::sync::Arc;

/// The theme's four faces: regular, bold, italic, bold italic.
#[derive(Clone)]
pub struct Fonts {
    pub faces: Vec<Face>,
}

#[derive(Clone)]
pub struct Face {
    pub file: String,
    pub bytes: Arc<Vec<u8>>,
    pub parsed: ParsedFont,
}

impl Fonts {
    /// Reads the files that the theme names.
    ///
    /// # Errors
    /// A file that is not there or is not a font.
    pub fn load(theme: &Theme, fonts: &Assets) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut faces = Vec::new();
        for file in [&theme.fonts.regular, &theme.fonts.bold, &theme.fonts.italic, &theme.fonts.bold_italic] {
            match fonts.read(file) {
                Ok(bytes) => match ParsedFont::from_bytes(&bytes, 0, &mut Vec::new()) {
                    Some(parsed) if parsed.units_per_em > 0 => {
                        faces.push(Face { file: file.clone(), bytes: Arc::new(bytes.into_owned()), parsed });
                    }
                    _ => faults.push(fonts.place(file), "is not a TrueType or OpenType font", "use a .ttf or .otf file"),
                },
                Err(fault) => faults.0.push(fault),
            }
        }
        faults.into_result()?;
        Ok(Fonts { faces })
    }

    /// True where all four faces have it.
    pub(super) fn has(&self, c: char) -> bool {
        self.faces.iter().all(|face| face.parsed.codepoint_to_glyph.get(&u32::from(c)).is_some_and(|gid| *gid != 0))
    }
}

impl Face {
    /// How far a character moves the pen, as a share of the type size; 0 where the face lacks it.
    pub(super) fn advance(&self, c: char) -> f32 {
        let gid = self.parsed.codepoint_to_glyph.get(&u32::from(c));
        let width = gid.and_then(|gid| self.parsed.glyph_widths.get(gid)).copied().unwrap_or(0);
        f32::from(width) / f32::from(self.parsed.units_per_em)
    }
}
