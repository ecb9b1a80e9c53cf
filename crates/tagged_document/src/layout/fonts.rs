//! The four faces of a document.

use crate::unseen::is_left_out;
use printpdf::ParsedFont;
use std::sync::Arc;

/// A file that is not a font that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file} is not a TrueType or OpenType font")]
pub struct NotAFont {
    /// Its place among the four, from 0.
    pub place: usize,
    pub file: String,
}

/// The four faces: regular, bold, italic, bold italic.
#[derive(Clone)]
pub struct Fonts {
    pub faces: Vec<Face>,
    /// A bit for each character of the first plane that all faces have: every character of a document is asked for.
    common: Arc<Vec<u64>>,
}

#[derive(Clone)]
pub struct Face {
    pub file: String,
    pub bytes: Arc<Vec<u8>>,
    pub parsed: Arc<ParsedFont>,
    /// Advances by glyph, in the font's units.
    widths: Arc<Vec<u16>>,
}

impl Fonts {
    /// Four TrueType or OpenType files, each with its name: regular, bold, italic, bold italic.
    ///
    /// # Errors
    /// Each that is no such file.
    pub fn new(files: [(String, Vec<u8>); 4]) -> Result<Self, Vec<NotAFont>> {
        let (mut faces, mut faults) = (Vec::new(), Vec::new());
        for (place, (file, bytes)) in files.into_iter().enumerate() {
            match ParsedFont::from_bytes(&bytes, 0, &mut Vec::new()) {
                Some(parsed) if parsed.units_per_em > 0 => {
                    let mut widths = Vec::new();
                    for (gid, width) in &parsed.glyph_widths {
                        widths.resize(usize::from(*gid) + 1, 0);
                        widths[usize::from(*gid)] = *width;
                    }
                    faces.push(Face { file, bytes: Arc::new(bytes), parsed: Arc::new(parsed), widths: Arc::new(widths) });
                }
                _ => faults.push(NotAFont { place, file }),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
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
