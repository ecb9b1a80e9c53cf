//! Fonts cut down to the glyphs that the document uses.

use crate::Problem;
use crate::layout::Fonts;
use crate::paint::{UsedGlyphs, font_id};
use printpdf::{PdfFont, PdfResources};
use sha2::{Digest, Sha256};

/// Adds every face that is used, subset and renumbered as their `numbers` say.
pub fn embed(resources: &mut PdfResources, fonts: &Fonts, glyphs: &[UsedGlyphs]) -> Result<(), Problem> {
    for (i, (face, UsedGlyphs { numbers, .. })) in fonts.faces.iter().zip(glyphs).enumerate() {
        // Glyph 0, which stands for what is missing, is always there.
        if numbers.num_gids() <= 1 {
            continue;
        }
        let subset = subsetter::subset(&face.bytes, 0, numbers)
            .map_err(|e| Problem::new(&face.file, format!("cannot be embedded: {e}"), "use another font"))?;
        let mut parsed = printpdf::ParsedFont::clone(&face.parsed);
        parsed.glyph_widths = numbers
            .remapped_gids()
            .zip(0u16..)
            .map(|(old, new)| (new, face.parsed.glyph_widths.get(&old).copied().unwrap_or(0)))
            .collect();
        parsed.font_name = Some(format!("{}+{}", subset_tag(&subset), postscript_name(&face.file)));
        parsed.original_bytes = subset;
        parsed.codepoint_to_glyph.clear();
        resources.fonts.map.insert(font_id(i), PdfFont::new(parsed));
    }
    Ok(())
}

/// Six capitals that depend on the subset alone.
fn subset_tag(subset: &[u8]) -> String {
    Sha256::digest(subset).iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect()
}

fn postscript_name(file: &str) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    stem.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
}
